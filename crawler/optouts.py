"""A page's bytes and headers -> what its publisher says against its use: robots directives, TDM reservation.

Reads markup, not rendered pages, and only as far as the head goes. What is refused is the caller's decision: `refuses`
says which directives ask not to be listed at all; a reservation of text and data mining, by the protocol of
https://w3c.github.io/tdm-reservation-protocol/spec/, is a matter of what the crawl is for.
"""

from __future__ import annotations

import html as markup
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, unquote

#: Of a page. Of 336 newspaper pages, the robots meta stood within 32 KiB on all but two, there at 397 and 493 KiB.
MAX_BYTES = 524_288
_MAX_META = 2_000  # characters in a meta element that is read: the time for one of half a megabyte is better spent

# https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag, and Bing's and Yandex's pages on it;
# noai and noimageai are DeviantArt's. Anything else (a part of a date, a typing error) is not a directive.
DIRECTIVES = frozenset(
    {
        *("all", "index", "follow", "none", "noindex", "nofollow", "noarchive", "nocache", "nosnippet", "noimageindex"),
        *("notranslate", "nositelinkssearchbox", "indexifembedded", "noodp", "noydir", "noyaca", "noai", "noimageai"),
        *("max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"),
    }
)
_ALL_AGENTS = frozenset({"robots", "*"})

_VALUED = r"(?:max-(?:snippet|image-preview|video-preview)|unavailable_after)"
# A directive with its value, of which the first word is enough (what is left of a date is no directive); else a word,
# which with a colon is an agent in front of its own directives.
_WORD = re.compile(rf"(?<![\w.*-])(?:({_VALUED})\s*:\s*[^\s,;]*|([a-z*][\w.*-]*)(\s*:)?)")

# Every alternative succeeds once begun, so that the search is linear: what is not closed runs to the end. noscript is
# not among the elements whose content is no markup: to a reader without JavaScript it is.
_QUOTED = r"""=\s*"[^"]*(?:"|\Z)|=\s*'[^']*(?:'|\Z)|[^>=]+|="""
_MARKUP = re.compile(
    rf"""<!--(?:-?>|.*?(?:--!?>|\Z))
      | <(script|style|title|textarea|template|iframe|noembed|noframes|xmp)(?=[\s/>])
        [^<]*+(?:<(?!/\1[\s/>])[^<]*+)*+
      | <(/?[a-z][^\s/>]*)((?>{_QUOTED})*+)""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_ATTRIBUTE = re.compile(r"""([^\s=/>"']+)(?:\s*=\s*(?:"([^"]*)"?|'([^']*)'?|([^\s>]*)))?""")

_ESCAPE = re.compile("%[0-9A-Fa-f]{2}")
_SAFE = "%/!&'()+,;=:@~?"  # but * and $, which are special unless percent-encoded
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_RESERVED = {"0": False, "1": True}


def metas(html: bytes) -> Iterator[tuple[str, str]]:
    """Name, in lower case, and content of the meta elements in a page's head.

    Comments, scripts and what stands after the head, or after 512 KiB, do not count: bodies embed other documents, with
    heads of their own and a noindex in them (one of 336 newspaper pages did).
    """
    # Names and directives are ASCII, and so the same in every charset but UTF-16.
    wide = html.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = html[:MAX_BYTES].decode("utf-16" if wide else "latin-1", "replace")
    for match in _MARKUP.finditer(text):
        tag = (match[2] or "").lower()
        if tag in ("/head", "body"):
            return
        if tag == "meta" and len(match[3]) <= _MAX_META:
            attributes: dict[str, str] = {}
            for name, *values in _ATTRIBUTE.findall(match[3]):
                attributes.setdefault(name.lower(), markup.unescape("".join(values)))
            if "name" in attributes:
                yield attributes["name"].strip().lower(), attributes.get("content", "")


def robots_directives(
    named: Iterable[tuple[str, str]], x_robots_tags: Iterable[str] = (), *, agent: str = "newsfold"
) -> frozenset[str]:
    """The directives for every robot and for `agent` (a product token), lower case, without values, known ones alone.

    From `<meta name=robots>` and `<meta name={agent}>` among the `metas` of a page, `named`, and from the values of the
    X-Robots-Tag headers, where a name and a colon gives what follows to one agent. The sum of all: who forbids in one
    place need not repeat it in the other.
    """
    ours = _ALL_AGENTS | {agent.lower()}
    found: set[str] = set()
    for name, content in named:
        if name in ours:
            found.update(word for word, _ in _words(content) if word in DIRECTIVES)
    for tag in x_robots_tags:
        addressed = True
        for word, is_agent in _words(tag):
            if word in DIRECTIVES and addressed:
                found.add(word)
            elif is_agent:
                addressed = word in ours
    return frozenset(found)


def refuses(directives: Iterable[str]) -> bool:
    """Whether a page asks not to be listed: noindex or none. noarchive, nosnippet, unavailable_after and their like
    speak of a search engine's cache and result pages, and nofollow of links."""
    return not {"noindex", "none"}.isdisjoint(directives)


def tdm_reserved(named: Iterable[tuple[str, str]], tdm_reservation: str | None = None) -> bool | None:
    """Whether the rights to text and data mining of a page are reserved, by the "tdm-reservation" among its `metas`,
    `named`, which supersedes the `tdm-reservation` header; None where neither says, which leaves it to `tdmrep`."""
    said = [content for name, content in named if name == "tdm-reservation"]
    for value in (*said, tdm_reservation or ""):
        if value.strip() in _RESERVED:
            return _RESERVED[value.strip()]
    return None


def tdmrep(body: bytes, path: str) -> bool | None:
    """Whether a host's /.well-known/tdmrep.json reserves the rights to what is at `path` (with its query, if any); None
    where it says nothing of it, or is no such file.

    The first rule that matches holds ("the most specific match is the first in sequence"); patterns are those of
    robots.txt: a prefix, with * for anything and $ for the end. A rule that is not well-formed is passed over.
    """
    try:
        rules = json.loads(body)
    except (ValueError, RecursionError):
        return None
    target = _unescaped(path)
    for rule in rules if isinstance(rules, list) else ():
        if not isinstance(rule, dict):
            continue
        location, reserved = rule.get("location"), _RESERVED.get(str(rule.get("tdm-reservation")))
        if isinstance(location, str) and reserved is not None and _matches(location, target):
            return reserved
    return None


def _words(directives: str) -> Iterator[tuple[str, bool]]:
    """The words of a list of directives, in lower case, and whether each is followed by a colon, as an agent is."""
    for valued, word, colon in _WORD.findall(directives.lower()):
        yield valued or word, bool(colon)


def _unescaped(path: str) -> str:
    """Percent-encoding of unreserved characters undone, that of others in upper case, other letters encoded: RFC 9309,
    2.2.2, which the protocol follows."""

    def spell(match: re.Match[str]) -> str:
        character = unquote(match[0])
        return character if character in _UNRESERVED else match[0].upper()

    return quote(_ESCAPE.sub(spell, path), safe=_SAFE, errors="replace")


def _matches(pattern: str, path: str) -> bool:
    """Whether a pattern of robots.txt fits. Piece by piece, since a regular expression of many * takes for ever."""
    anchored = pattern.endswith("$")
    first, *pieces = map(_unescaped, pattern.removesuffix("$").split("*"))
    if not path.startswith(first):
        return False
    at = len(first)
    last = pieces.pop() if anchored and pieces else None
    for piece in pieces:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    if last is not None:
        return len(path) - at >= len(last) and path.endswith(last)
    return not anchored or at == len(path)
