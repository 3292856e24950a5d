"""Bytes of a sitemap, sitemap index or news sitemap -> Sitemap: entries, or the addresses of further sitemaps.

https://www.sitemaps.org/protocol.html and https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
"""

from __future__ import annotations

import heapq
import io
import math
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml import etree

from crawler.characters import printable
from crawler.feeds import mend, moment, plain, xml
from crawler.items import Entry
from crawler.urls import resolve

MAX_BYTES = 52_428_800  #: the protocol's limit of one sitemap, uncompressed

_FEEDS = {"rss": "an RSS feed", "feed": "an Atom feed", "rdf": "an RDF feed", "html": "an HTML page"}
_WEB = re.compile(r"https?://\S+")


class SitemapError(ValueError):
    """What was given is no sitemap, or larger than a sitemap may be: where, what, got, want."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A further sitemap that an index lists."""

    url: str  #: absolute
    date_modified: datetime | None = None  #: aware


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """A sitemap as read once; nothing in it is judged."""

    entries: tuple[Entry, ...] = ()  #: in the sitemap's order
    sitemaps: tuple[Reference, ...] = ()  #: of an index, newest first, undated last
    is_news: bool = False  #: has news: tags, so `entries` are articles of the last two days
    left_out: int = 0  #: entries beyond `limit`


def read(body: bytes, url: str, *, limit: int | None = None, max_bytes: int = MAX_BYTES) -> Sitemap:
    """The sitemap in `body`, fetched from `url`: XML, or plain text with one address a line; gzip'ed or not.

    headline, language and date_published are those of the news: tags, date_modified is lastmod; all may be missing.
    With `limit`, the newest that many entries are kept, and undated ones after them as they come. Namespaces do not
    matter, but the address of an image or video is never taken for the page's. Not well-formed XML is mended as a feed
    is; of a sitemap cut off on the way the complete addresses are read. A DTD is cut off, never expanded.

    Raises SitemapError and nothing else: for a body, or what it unpacks to, larger than `max_bytes`; for a feed, a
    page, and whatever else is no sitemap. Memory is bounded by `max_bytes` and `limit`.
    """
    body = _unpacked(body, url, max_bytes)
    document, root = xml(body)
    if root in _FEEDS:
        raise SitemapError(f"{url}: not a sitemap: got {_FEEDS[root]}, want a sitemap")
    if not root:
        return _read_text(document.decode(), url, limit)
    document, _ = mend(document, parts=("url", "sitemap"))
    references: list[Reference] = []
    news: list[bool] = [False]
    entries, left_out = _newest(_entries(document, url, references, news), limit)
    if not entries and not references and root not in ("urlset", "sitemapindex"):
        raise SitemapError(f"{url}: not a sitemap: got XML with root <{root[:40]}>, want <urlset> or <sitemapindex>")
    references.sort(key=lambda reference: _age(reference.date_modified))
    return Sitemap(entries=entries, sitemaps=tuple(references), is_news=news[0], left_out=left_out)


def _unpacked(body: bytes, url: str, max_bytes: int) -> bytes:
    parts, size = [], 0
    while body.startswith(b"\x1f\x8b"):
        unpack = zlib.decompressobj(16 + zlib.MAX_WBITS)
        try:
            parts.append(unpack.decompress(body, max_bytes + 1 - size))
        except zlib.error as error:
            raise SitemapError(f"{url}: broken gzip: {error}, want a sitemap") from error
        size += len(parts[-1])
        if size > max_bytes:
            break
        body = unpack.unused_data
    else:
        if not parts:
            parts, size = [body], len(body)
    if size > max_bytes:
        raise SitemapError(f"{url}: too large: got more than {max_bytes:,} bytes, want at most that")
    if not size:
        raise SitemapError(f"{url}: empty: got 0 bytes, want a sitemap")
    return b"".join(parts)


def _read_text(text: str, url: str, limit: int | None) -> Sitemap:
    lines = text.split()
    if not lines or not _WEB.fullmatch(lines[0]):
        raise SitemapError(f"{url}: not a sitemap: got {text[:60]!r}, want a sitemap (XML, or one address a line)")
    entries, left_out = _newest((Entry(url=printable(line)) for line in lines if _WEB.fullmatch(line)), limit)
    return Sitemap(entries=entries, left_out=left_out)


def _age(when: datetime | None) -> float:
    """Smaller is newer; undated is oldest."""
    return -when.timestamp() if when else math.inf


def _newest(entries: Iterator[Entry], limit: int | None) -> tuple[tuple[Entry, ...], int]:
    if limit is None:
        return tuple(entries), 0
    count = 0

    def aged() -> Iterator[tuple[float, int, Entry]]:
        nonlocal count
        for entry in entries:
            yield _age(entry.date_published or entry.date_modified), count, entry
            count += 1

    kept = heapq.nsmallest(limit, aged(), key=lambda row: row[:2])
    return tuple(entry for _, _, entry in sorted(kept, key=lambda row: row[1])), count - len(kept)


def _entries(document: bytes, url: str, references: list[Reference], news: list[bool]) -> Iterator[Entry]:
    """The entries one by one; fills `references`, and sets `news` once there is a news: tag."""
    steps = etree.iterparse(
        io.BytesIO(document),
        events=("end",),
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
    )
    try:
        for _, element in steps:
            kind = _local(element.tag)
            if kind not in ("url", "sitemap") or _is_media(element.tag):
                continue
            found = _fields(element)
            element.clear()
            parent = element.getparent()
            # Only at the top: in a badly nested sitemap the parent is another <url>, not yet read.
            while parent is not None and parent.getparent() is None and parent[0] is not element:
                del parent[0]
            link = found.get("loc")
            if not link:
                continue
            link = printable(resolve(url, link))
            modified = moment(found.get("lastmod", ""))
            if kind == "sitemap":
                references.append(Reference(url=link, date_modified=modified))
                continue
            news[0] = news[0] or "title" in found or "publication_date" in found
            yield Entry(
                url=link,
                headline=plain(found.get("title")),
                date_published=moment(found.get("publication_date", "")),
                date_modified=modified,
                language=printable(found["language"]) if "language" in found else None,
            )
    except etree.XMLSyntaxError:
        # beyond recovery from here on; what was complete has been handed over
        return


def _fields(element: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for child in element.iterdescendants():
        if not isinstance(child.tag, str) or _is_media(child.tag) or _is_media(child.getparent().tag):
            continue
        name, parent = _local(child.tag), child.getparent()
        if (name in ("loc", "lastmod") and parent is element) or (
            name in ("title", "publication_date", "language")
            and ("news" in child.tag.lower() or _local(parent.tag) in ("news", "publication"))
        ):
            text = "".join(child.itertext()).strip()
            if text:
                found.setdefault(name, text)
    return found


def _local(tag: object) -> str:
    return re.split("[}:]", tag)[-1].lower() if isinstance(tag, str) else ""


def _is_media(tag: object) -> bool:
    """image:loc and video:title, under their namespaces or, where those are not declared, their usual prefixes."""
    return isinstance(tag, str) and ("image" in tag or "video" in tag)
