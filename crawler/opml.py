"""Bytes of an OPML file, as feed readers export it -> publishers with their feeds, grouped by domain.

OPML 1.0 and 2.0 (http://opml.org/spec2.opml): outlines nested in any way, those with an xmlUrl are feeds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from crawler.feeds import mend, xml
from crawler.publishers import Publisher
from crawler.tables import domain, language, one_line, usable

#: feed://host/path and feed:https://host/path, as browsers once handed addresses to feed readers.
_FEED_SCHEME = re.compile(r"^feed:(?:(?=https?://)|//)", re.IGNORECASE)
_EDGES = " \t-–—|:·•»/,("


class OpmlError(ValueError):
    """What was given is no OPML, or lists no feed: one line that says what was got and what is wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriptions:
    """An OPML file as read once."""

    publishers: tuple[Publisher, ...]  #: in the order of the file; the key is the homepage's domain, else the feed's
    titles: Mapping[str, str]  #: of feeds, by address
    left_out: tuple[str, ...] = ()  #: addresses that cannot be polled, as written


@dataclass(slots=True)
class _Group:
    """The feeds of one domain."""

    feeds: dict[str, str | None] = field(default_factory=dict)  #: address -> title
    homepages: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)


def read(body: bytes) -> Subscriptions:
    """The feeds that an OPML file lists, each once, whatever folders it stands in.

    A name is what the titles of a domain's feeds begin with in common, else the domain. Bare ampersands, entities of
    HTML and control characters are mended; a DTD is cut off, so no entity is expanded or fetched.

    Raises OpmlError and nothing else, for what is not OPML, not well-formed, or without a feed.
    """
    document, root = xml(body)
    if root != "opml":
        got = f"XML with root <{root[:40]}>" if root else repr(document[:60].decode("utf-8", "ignore"))
        raise OpmlError(f"not OPML: got {got}, want <opml>")
    groups: dict[str, _Group] = {}
    left_out: list[str] = []
    seen: set[str] = set()
    for outline in _outlines(document):
        written = outline["xmlurl"]
        feed = usable("", _FEED_SCHEME.sub(lambda match: "http://" if "//" in match[0] else "", written.strip()))
        home = usable("", outline.get("htmlurl", ""))
        key = (domain(home) if home else None) or (domain(feed) if feed else None)
        if feed is None or key is None:
            left_out.append(written)
            continue
        group = groups.setdefault(key, _Group())
        if home and domain(home) == key:
            group.homepages.append(home)
        if code := language(outline.get("language")):
            group.languages.append(code)
        identity = feed.partition("://")[2].rstrip("/")
        if identity not in seen:
            seen.add(identity)
            group.feeds[feed] = one_line(outline.get("title") or outline.get("text"))
    publishers = tuple(_publisher(key, group) for key, group in groups.items() if group.feeds)
    if not publishers:
        raise OpmlError(f"no feed in it: got {len(left_out)} outlines with an xmlUrl of use, want at least one")
    titles = {url: title for group in groups.values() for url, title in group.feeds.items() if title}
    return Subscriptions(publishers=publishers, titles=titles, left_out=tuple(left_out))


def _publisher(key: str, group: _Group) -> Publisher:
    return Publisher(
        domain=key,
        name=_common([title for title in group.feeds.values() if title]) or key,
        # Several languages in one domain are not one's own; the shortest address is the least of a section's.
        language=group.languages[0] if len(set(group.languages)) == 1 else None,
        homepage=min(group.homepages, key=len, default=None),
        feeds=tuple(group.feeds),
    )


def _common(titles: list[str]) -> str:
    """What all titles begin with, in whole words: "The Post" of "The Post - World" and "The Post - Sport"."""
    words = [title.split() for title in titles]
    shared = []
    for column in zip(*words, strict=False):
        if len(set(column)) > 1:
            break
        shared.append(column[0])
    return " ".join(shared).strip(_EDGES)


def _outlines(document: bytes) -> list[dict[str, str]]:
    """The attributes, by name in lower case, of every outline with an xmlUrl."""
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.lower() == "outline":
            named = {key.lower(): value for key, value in attributes.items()}
            if named.get("xmlurl", "").strip():
                found.append(named)

    mended, _ = mend(document, parts=("outline",))
    # expat, since nesting of any depth costs it nothing; lxml gives up at 256 levels.
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = start
    try:
        parser.Parse(mended, True)
    except expat.ExpatError as error:
        lines = mended.splitlines() or [b""]
        at = lines[min(error.lineno, len(lines)) - 1].decode("utf-8", "replace")
        reason = expat.errors.messages[error.code]
        raise OpmlError(f"not well-formed ({reason}): got {at.strip()[:80]!r}, want whole XML") from None
    return found
