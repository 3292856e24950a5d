"""A paper's articles -> its feed, in the kinds that papers publish: RSS 0.91, 1.0 and 2.0, Atom, JSON Feed, sitemaps.

Each function here takes a Channel and gives the text of a document; KINDS names them. `dates` says what a feed tells of
the time of publication: offset (second and offset), naive (no offset), day, or none.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr


@dataclass(frozen=True, slots=True)
class Line:
    """One article as its feed lists it."""

    link: str  #: as printed: absolute or relative
    key: str  #: never changes
    headline: str
    description: str
    author: str
    published: datetime


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed's head and its lines."""

    name: str
    language: str
    base: str  #: http://127.0.0.1:PORT
    path: str
    charset: str
    dates: str
    lists: Sequence[str]  #: paths of further sitemaps, for an index
    lines: Sequence[Line]

    @property
    def url(self) -> str:
        return self.base + self.path

    def iso(self, time: datetime) -> str:
        return {"offset": time.isoformat(), "naive": time.strftime("%Y-%m-%dT%H:%M:%S"), "day": f"{time:%Y-%m-%d}"}[
            self.dates
        ]


def _tag(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>" if text else ""


def _document(channel: Channel, root: str) -> str:
    return f'<?xml version="1.0" encoding="{channel.charset}"?>\n{root}\n'


def rss_091(channel: Channel) -> str:
    """No dates: RSS 0.91 has none for an item."""
    items = "\n".join(
        f"<item>{_tag('title', line.headline)}{_tag('link', line.link)}{_tag('description', line.description)}</item>"
        for line in channel.lines
    )
    head = _tag("title", channel.name) + _tag("link", channel.base + "/") + _tag("description", channel.name)
    return _document(
        channel,
        f'<rss version="0.91"><channel>{head}<language>{channel.language}</language>\n{items}\n</channel></rss>',
    )


def rss_20(channel: Channel) -> str:
    items = "\n".join(
        f'<item>{_tag("title", line.headline)}{_tag("link", line.link)}<guid isPermaLink="false">{line.key}</guid>'
        f"<description><![CDATA[<p>{escape(line.description)}</p>]]></description>{_tag('dc:creator', line.author)}"
        f"{_tag('pubDate', format_datetime(line.published) if channel.dates == 'offset' else '')}</item>"
        for line in channel.lines
    )
    head = (
        f"{_tag('title', channel.name)}{_tag('link', channel.base + '/')}{_tag('description', channel.name)}"
        f'<atom:link href={quoteattr(channel.url)} rel="self" type="application/rss+xml"/>'
        f"<language>{channel.language}</language><ttl>15</ttl>"
    )
    names = 'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return _document(channel, f'<rss version="2.0" {names}><channel>{head}\n{items}\n</channel></rss>')


def rss_10(channel: Channel) -> str:
    sequence = "".join(f"<rdf:li rdf:resource={quoteattr(line.link)}/>" for line in channel.lines)
    items = "\n".join(
        f"<item rdf:about={quoteattr(line.link)}>{_tag('title', line.headline)}{_tag('link', line.link)}"
        f"{_tag('description', line.description)}{_tag('dc:creator', line.author)}"
        f"{_tag('dc:date', channel.iso(line.published))}</item>"
        for line in channel.lines
    )
    names = (
        'xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    head = _tag("title", channel.name) + _tag("link", channel.base + "/") + _tag("description", channel.name)
    return _document(
        channel,
        f"<rdf:RDF {names}><channel rdf:about={quoteattr(channel.url)}>{head}"
        f"<items><rdf:Seq>{sequence}</rdf:Seq></items></channel>\n{items}\n</rdf:RDF>",
    )


def atom(channel: Channel) -> str:
    """With relative links, which xml:base resolves."""
    entries = "\n".join(
        f'<entry>{_tag("title", line.headline)}<link rel="alternate" type="text/html" href={quoteattr(line.link)}/>'
        f"<id>tag:{line.key}</id>{_tag('published', channel.iso(line.published))}"
        f"{_tag('updated', channel.iso(line.published))}"
        f'<summary type="html">{escape(escape(line.description))}</summary>'
        f"{'<author>' + _tag('name', line.author) + '</author>' if line.author else ''}</entry>"
        for line in channel.lines
    )
    updated = max(line.published for line in channel.lines).isoformat()
    head = (
        f"{_tag('title', channel.name)}<id>{channel.base}/</id><updated>{updated}</updated>"
        f'<link rel="self" href={quoteattr(channel.path)}/><author>{_tag("name", channel.name)}</author>'
    )
    base = f"xml:base={quoteattr(channel.base + '/')} xml:lang={quoteattr(channel.language)}"
    return _document(channel, f'<feed xmlns="http://www.w3.org/2005/Atom" {base}>{head}\n{entries}\n</feed>')


def json_feed(channel: Channel) -> str:
    items = [
        {
            "id": line.key,
            "url": line.link,
            "title": line.headline,
            "summary": line.description,
            "date_published": channel.iso(line.published),
            "authors": [{"name": line.author}] if line.author else [],
        }
        for line in channel.lines
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.name,
        "home_page_url": channel.base + "/",
        "feed_url": channel.url,
        "language": channel.language,
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


def news_sitemap(channel: Channel) -> str:
    publication = f"<news:publication>{_tag('news:name', channel.name)}{_tag('news:language', channel.language)}"
    urls = "\n".join(
        f"<url>{_tag('loc', line.link)}<news:news>{publication}</news:publication>"
        f"{_tag('news:publication_date', channel.iso(line.published))}{_tag('news:title', line.headline)}"
        f"</news:news></url>"
        for line in channel.lines
    )
    names = (
        'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    )
    return _document(channel, f"<urlset {names}>\n{urls}\n</urlset>")


def sitemap_index(channel: Channel) -> str:
    newest = channel.iso(max(line.published for line in channel.lines))
    maps = "\n".join(
        f"<sitemap>{_tag('loc', channel.base + path)}{_tag('lastmod', newest)}</sitemap>" for path in channel.lists
    )
    return _document(
        channel, f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{maps}\n</sitemapindex>'
    )


#: kind as paper.toml names it -> what writes it, and its media type
KINDS: dict[str, tuple[Callable[[Channel], str], str]] = {
    "RSS 0.91": (rss_091, "text/xml"),
    "RSS 1.0": (rss_10, "application/rdf+xml"),
    "RSS 2.0": (rss_20, "application/rss+xml"),
    "Atom": (atom, "application/atom+xml"),
    "JSON Feed": (json_feed, "application/feed+json"),
    "news sitemap": (news_sitemap, "application/xml"),
    "sitemap index": (sitemap_index, "application/xml"),
}
