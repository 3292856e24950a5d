"""Bytes of a homepage -> Found: the feeds that it links, the name and language of its publisher."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any
from urllib.parse import urlsplit

import orjson

from crawler import markup, urls
from crawler.tables import domain, language, one_line, usable

_FEED_TYPE = re.compile(r"(?:application|text)/(?:x[.-])?(?:(?:rss|atom|rdf|feed)(?:\+(?:xml|json))?|xml|json)")
_FEED_PATH = re.compile(
    r"/(?:(?:rss|rdf)(?:\d|[/._-]|$)|feeds?(?:[/.]|$)|atom(?:\.xml|/?$))|\.(?:rss|rdf|atom)$|(?:rss|feed)\.\w+$"
)
_FEED_QUERY = re.compile(r"(?:^|&)(?:feed|format|type|output)=(?:rss2?|atom|feed|rdf)(?:&|$)|^(?:rss|feed)$")
_FEED_HOST = re.compile(r"(?:rss|feeds?|xml)\d?\.")
_ADDRESS_INSIDE = re.compile(r"https?(?::|%3a)")
_NO_FEED = re.compile(r"/wp-json/|oembed|xmlrpc|\.xsl$|opensearch|manifest", re.IGNORECASE)
# A feed of readers' comments: by WordPress's and Blogger's addresses, else by the titles that WordPress gives it in the
# site's language. "Comment" and "Kommentare" alone are a newspaper's opinion section.
_COMMENTS_ADDRESS = re.compile(r"/comments(?:/|$)|/feed/comments|feed=comments|comments-rss", re.IGNORECASE)
_COMMENTS_TITLE = re.compile(
    r"comments? feed|\bcomments (?:on|for)\b|recent comments|kommentar\w*[ -]?(?:feed|flöde|strøm)"
    r"|(?:flux|fil|rss) des commentaires|feed de (?:los )?comentari|feed de comentários|feed dei commenti"
    r"|reacties ?feed|лента комментариев|стрічка коментарів|komentarz\w* .*rss|kanał z komentarz|rss komentářů"
    r"|yorum (?:akışı|beslemesi)|umpan komentar|bình luận|コメントフィード|댓글 피드|评论 ?feed|評論 ?feed|迴響",
    re.IGNORECASE,
)
_TITLE_PARTS = re.compile(r"\s+[–—·•«›‹:-]\s+|\s*[|»]\s*|:\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address with what the page calls it."""

    url: str  #: absolute http(s), as publishers.toml takes it
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a page says of its site; nothing in it is tried."""

    name: str | None = None  #: the publisher's
    language: str | None = None  #: ISO 639-1
    feeds: tuple[Link, ...] = ()  #: <link rel=alternate> of a feed's type, in the page's order
    links: tuple[Link, ...] = ()  #: links that a reader sees and that look like feeds, or like a page of feeds


def read(html: bytes, url: str, charset: str | None = None) -> Found:
    """What a page fetched from `url` says of its site; empty for what is no HTML. Raises nothing.

    Feeds of comments are left out, and the JSON that is no feed (oEmbed, WordPress's REST interface).
    """
    try:
        tree = markup.parse(markup.decode(html, charset))
    except markup.MarkupError:
        return Found()
    base = markup.base(tree, url)
    linked: dict[str, Link] = {}
    seen: dict[str, Link] = {}
    for element in tree.iter("link", "a"):
        address = usable(base, element.get("href") or "")
        if address is None or address == usable(url, ""):
            continue
        kind = (element.get("type") or "").partition(";")[0].strip().lower()
        title = one_line(element.get("title") if element.tag == "link" else " ".join(element.itertext()))
        if _COMMENTS_ADDRESS.search(address) or is_of_comments(title):
            continue
        link = Link(url=address, title=title)
        if element.tag == "link":
            rel = (element.get("rel") or "").lower().split()
            is_feed = bool(_FEED_TYPE.fullmatch(kind)) if kind else "feed" in rel or _looks_like_a_feed(address)
            if (
                is_feed
                and not _NO_FEED.search(address)
                and {"alternate", "feed"} & set(rel)
                and "stylesheet" not in rel
            ):
                linked.setdefault(address, link)
        elif (_looks_like_a_feed(address) or "+xml" in kind) and _is_at_home(address, url):
            seen.setdefault(address, link)
    return Found(
        name=_name(tree, url),
        language=language(markup.language(tree)),
        feeds=tuple(linked.values()),
        links=tuple(link for address, link in seen.items() if address not in linked),
    )


def is_of_comments(title: str | None) -> bool:
    """Whether a feed of this title lists readers' comments."""
    return bool(_COMMENTS_TITLE.search(title or ""))


def _looks_like_a_feed(url: str) -> bool:
    url = url.lower()
    parts = urlsplit(url)
    if _ADDRESS_INSIDE.search(url, len(parts.scheme) + 3):
        return False  # a feed reader's "subscribe to …"
    return bool(_FEED_PATH.search(parts.path) or _FEED_QUERY.search(parts.query) or _FEED_HOST.match(parts.netloc))


def _is_at_home(url: str, page: str) -> bool:
    """Whether a link leads to the page's own site or to where feeds are served: not to a feed reader's."""
    here, there = urls.domain(page), urls.domain(url)
    return there == here or there.endswith(f".{here}") or here.endswith(f".{there}") or bool(_FEED_HOST.match(there))


def _name(tree: markup.Element, url: str) -> str | None:
    """The publisher's name: og:site_name, JSON-LD, application-name, else the part of the title that is most like the
    domain."""
    metas = {
        (meta.get("property") or meta.get("name") or "").strip().lower(): meta.get("content")
        for meta in reversed(list(tree.iter("meta")))
    }
    for text in (metas.get("og:site_name"), *_organizations(tree), metas.get("application-name")):
        if (name := one_line(text)) and not re.match(r"https?:|www\.", name):
            return name
    title = one_line(tree.findtext(".//title"), 300)
    parts = [part for part in _TITLE_PARTS.split(title or "") if part]
    labels = (domain(url) or "").split(".")
    return max(parts, key=lambda part: _likeness(part, labels), default="")[:100].strip() or None


def _likeness(name: str, labels: Sequence[str]) -> float:
    letters = re.sub(r"\W", "", name.lower())
    return max((SequenceMatcher(None, letters, label).ratio() for label in labels[:-1]), default=0.0)


def _organizations(tree: markup.Element) -> Iterator[str]:
    """Names in JSON-LD: of publishers first, then of organizations and of the site itself."""
    nodes = [
        node
        for script in tree.iter("script")
        if "ld+json" in (script.get("type") or "").lower() and script.text
        for node in _nodes(script.text)
    ]
    for wanted in ("Organization", "WebSite"):
        for node in nodes:
            types = node.get("@type")
            named = any(str(t).endswith(wanted) for t in (types if isinstance(types, list) else [types]))
            if named and isinstance(name := node.get("name"), str):
                yield name


def _nodes(script: str, limit: int = 500) -> Iterator[dict[str, Any]]:
    try:
        stack = [orjson.loads(script)]
    except ValueError:
        return
    while stack and limit:
        value = stack.pop()
        if isinstance(value, dict):
            limit -= 1
            yield value
            stack.extend(reversed(value.values()))
        elif isinstance(value, list):
            stack.extend(reversed(value))
