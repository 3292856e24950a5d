"""Bylines and structured authors -> names of persons: no "By", no titles, no agencies, no addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawler import agencies, text

#: What stands before a name: "By", "Von", "Par", … in the languages of the publishers.
_BY = re.compile(
    r"^\W*(?:(?:written|reported|story|text|words|analysis|report|posted|published|reviewed|edited|updated)\s+by|by|von|par|por|di|da|door|av|af|"
    r"przez|od|oleh|bởi|text|texte|texto|textes?|autor(?:in)?|auteur|autore|reporter|автор|от|من|كتب)\b\s*:?\s*",
    re.IGNORECASE,
)
#: Where a name ends: an office, a place, a date, an address follow.
_TAIL = re.compile(
    r"\s*(?:\||•|·|—|–|/\s|\bfor the\b|\bfor\s+(?=[A-Z])|\bin\s+(?=[A-ZÄÖÜ])|\baus\s+(?=[A-ZÄÖÜ])|\bà\s+(?=[A-Z])|<|\(|\[|"
    r"\b(?:published|updated|posted|senior|chief|political|staff|special|correspondent|reporter|editor|writer|journalist|columnist|redakteur)\b|@\w|\d).*$",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*(?:,|;|\n|\||\bund\b|\band\b|&|\bet\b|\by\b|\be\b|\ben\b|\boch\b|\bog\b|\bi\b|\bja\b|\bve\b|\bdan\b|\bи\b|、|，)\s*", re.IGNORECASE)
_ADDRESS = re.compile(r"\S+@\S+|https?://\S*|www\.\S+")
_TITLES = re.compile(r"^(?:dr|prof|professor|mr|mrs|ms|sir|mag|dipl|ing|prim)\b\.?\s+(?:phil\.|med\.|h\.\s?c\.)?\s*", re.IGNORECASE)
#: Desks and roles that stand where a name should.
_DESK = re.compile(
    r"\b(?:desk|staff|newsroom|editors?|editorial|team|redaktion|redaktionsteam|rédaction|redacción|redação|redazione|redactie|redaksjonen|redaksi|toimitus|"
    r"correspondents?|reporters?|bureau|news service|agenc(?:y|ies)|agenturen|wires?|admin|administrator|webmaster|unknown|author|"
    r"guest|contributor|newswire|press release|online|web|tv|news|media|magazine|times|post|press|\w+\.(?:com|de|net|org|ch|at|fr|it|uk))\b",
    re.IGNORECASE,
)


def names(values: Iterable[str], publisher: str | None = None) -> tuple[str, ...]:
    """Distinct names of persons in the order given.

    Each value may hold several ("By A. Onyx and B. Pyrite in Accra"). `publisher` is the outlet's name, which often
    stands as its own author.
    """
    found: dict[str, str] = {}
    own = text.squash(publisher or "")
    for value in values:
        for name in split(value):
            key = text.squash(name)
            if not key or key == own or agencies.name(name) or _DESK.search(name):
                continue
            found.setdefault(key, name)
    return tuple(found.values())


def split(byline: str) -> list[str]:
    """The parts of a byline that could be names."""
    byline = _ADDRESS.sub(" ", text.one_line(byline))
    parts = []
    for part in _SPLIT.split(_BY.sub("", byline)):
        part = _TITLES.sub("", _TAIL.sub("", _BY.sub("", part))).strip(" .,:;-–—*'\"")
        if _plausible(part):
            parts.append(part.title() if part.isupper() and len(part) > 4 else part)
    return parts


def _plausible(name: str) -> bool:
    words = name.split()
    return 3 <= len(name) <= 60 and 1 <= len(words) <= 6 and any(c.isalpha() for c in name) and not name.islower()
