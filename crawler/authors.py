"""Bylines and structured authors -> names of persons: no "By", no titles, no agencies, no addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawler import agencies, text

#: What stands before a name: "By", "Von", "Par", … in the languages of the publishers.
_BY = re.compile(
    r"^\W*(?:(?:written|reported|story|text|words|analysis|report|posted|published|reviewed|edited|updated)\s+by|by|"
    r"von|par|por|di|da|door|av|af|"
    r"przez|od|oleh|bởi|text|texte|texto|textes?|autor(?:in)?|auteur|autore|reporter|автор|от|من|كتب)\b\s*:?\s*",
    re.IGNORECASE,
)
#: Where a name ends: an office, a place, a date, an address follow.
_TAIL = re.compile(
    r"\s*(?:\||•|·|—|–|/\s|\bfor the\b|\bfor\s+(?=[A-Z])|\bin\s+(?=[A-ZÄÖÜ])|\baus\s+(?=[A-ZÄÖÜ])|\bà\s+(?=[A-Z])|<|"
    r"\(|\[|"
    r"\b(?:published|updated|posted|senior|chief|political|staff|special|correspondent|reporter|editor|writer|"
    r"journalist|columnist|redakteur)\b|@\w|\d).*$",
    re.IGNORECASE,
)
#: "and" in lower case only: Dan, Ja and Ve are also names.
_SPLIT = re.compile(r"\s*(?:[,;\n|&、，]|\b(?:and|AND|And|und|UND|et|y|e|en|och|og|i|ja|ve|dan|и|та)\b)\s*")
_ASIDE = re.compile(r"\s*[/|(\[–—•]")
_ADDRESS = re.compile(r"\S+@\S+|https?://\S*|www\.\S+")
_TITLES = re.compile(
    r"^(?:dr|prof|professor|mr|mrs|ms|sir|mag|dipl|ing|prim)\b\.?\s+(?:phil\.|med\.|h\.\s?c\.)?\s*", re.IGNORECASE
)
#: Desks and roles that stand where a name should.
_DESK = re.compile(
    r"\b(?:desk|staff|newsroom|editors?|editorial|team|redaktion|redaktionsteam|rédaction|redacción|redação|"
    r"redazione|redactie|redaksjonen|redaksi|toimitus|"
    r"correspondents?|reporters?|bureau|news service|agenc(?:y|ies)|agenturen|wires?|admin|administrator|webmaster|"
    r"unknown|author|"
    r"veröffentlicht|published|aktualisiert|updated|posted|publié|publicado|guest|contributor|newswire|press release|"
    r"online|web|tv|news|media|magazine|times|post|press|\w+\.(?:com|de|net|org|ch|at|fr|it|uk))\b",
    re.IGNORECASE,
)


def names(values: Iterable[str], sites: Iterable[str] = ()) -> tuple[str, ...]:
    """Distinct names of persons in the order given.

    Each value may hold several ("By A. Onyx and B. Pyrite in Accra"). `sites` are the outlet's names, which often
    stand as its own author.
    """
    found: dict[str, str] = {}
    own = {text.squash(site) for site in sites}
    for value in values:
        for name in split(value):
            key = text.squash(name)
            if key and key not in own and not agencies.name(name):
                found.setdefault(key, name)
    return tuple(found.values())


def desks(values: Iterable[str]) -> tuple[str, ...]:
    """What is left where no person is named: the desk or outlet, as given; agencies are no authors."""
    return tuple(
        dict.fromkeys(
            v
            for v in (_ADDRESS.sub("", _BY.sub("", v)).strip(" ,;") for v in values)
            if v and len(v) <= 60 and not agencies.name(v)
        )
    )


def split(byline: str) -> list[str]:
    """The parts of a byline that could be names."""
    byline = _ADDRESS.sub(" ", text.one_line(byline))
    parts: list[str] = []
    for part in _SPLIT.split(_BY.sub("", byline)):
        part = _ASIDE.split(part, maxsplit=1)[0]
        if _DESK.search(part):
            if not parts:
                break  # "Redaktion, Frankfurt": what follows a desk is where it sits
            continue
        part = _TITLES.sub("", _TAIL.sub("", _BY.sub("", part))).strip(" .,:;-–—*'\"")
        if _plausible(part):
            parts.append(part.title() if part.isupper() and len(part) > 4 else part)
    # A single word beside full names is a place or a paper ("Von A. Onyx, Zürich").
    full = [p for p in parts if " " in p]
    return full or parts


def _plausible(name: str) -> bool:
    words = name.split()
    return 3 <= len(name) <= 60 and 1 <= len(words) <= 6 and any(c.isalpha() for c in name) and not name.islower()
