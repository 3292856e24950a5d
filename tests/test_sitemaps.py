"""crawler.sitemaps: bytes of a sitemap -> entries, or further sitemaps."""

from __future__ import annotations

import gzip
import os
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import sitemaps
from crawler.sitemaps import Reference, SitemapError

EXAMPLES = 5_000 if os.environ.get("NEWSFOLD_TEST_FULL") else 200
URL = "https://paper.example/maps/news.xml"
NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
XMLNS = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


def urlset(*rows: str, attributes: str = f'xmlns="{XMLNS}" xmlns:news="{NEWS}"', prolog: str = "") -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>{prolog}<urlset {attributes}>{"".join(rows)}</urlset>'.encode()


def row(path: str, lastmod: str = "") -> str:
    return f"<url><loc>https://paper.example/{path}</loc>{lastmod and f'<lastmod>{lastmod}</lastmod>'}</url>"


def links(body: bytes, **options: int) -> list[str]:
    return [entry.url.removeprefix("https://paper.example/") for entry in sitemaps.read(body, URL, **options).entries]


ARTICLE = """<url><loc>https://paper.example/mill</loc><{0}:news><{0}:publication><{0}:name>The Paper</{0}:name>
<{0}:language>en</{0}:language></{0}:publication><{0}:publication_date>2026-11-02T13:00:00+01:00</{0}:publication_date>
<{0}:title>Mill &amp; weir <![CDATA[reopen]]></{0}:title></{0}:news><lastmod>2026-11-02T12:00Z</lastmod></url>"""


@pytest.mark.parametrize(
    ("prefix", "attributes"),
    [
        ("news", f'xmlns="{XMLNS}" xmlns:news="{NEWS}"'),
        ("n", f'xmlns="{XMLNS}" xmlns:n="{NEWS}"'),
        ("news", f'xmlns="http://www.google.com/schemas/sitemap/0.84" xmlns:news="{NEWS}"'),
        ("news", 'xmlns="https://example.org/wrong" xmlns:news="https://example.org/wrong-too"'),
        ("news", f'xmlns="{XMLNS}"'),
        ("news", ""),
    ],
    ids=["usual", "other prefix", "0.84", "wrong namespaces", "undeclared prefix", "no namespace"],
)
def test_a_news_sitemap_gives_headline_date_and_language(prefix: str, attributes: str) -> None:
    sitemap = sitemaps.read(urlset(ARTICLE.format(prefix), attributes=attributes), URL)
    (entry,) = sitemap.entries
    assert sitemap.is_news
    assert entry.url == "https://paper.example/mill"
    assert entry.headline == "Mill & weir reopen"
    assert entry.language == "en"
    assert entry.date_published == entry.date_modified == NOON


def test_lastmod_is_the_date_of_change_only() -> None:
    sitemap = sitemaps.read(urlset(row("a", "2026-11-02T12:00:00Z"), row("b", "2026-11-02"), row("c", "soon")), URL)
    assert [entry.date_modified for entry in sitemap.entries] == [NOON, datetime(2026, 11, 2, tzinfo=UTC), None]
    assert [entry.date_published for entry in sitemap.entries] == [None, None, None]
    assert not sitemap.is_news


def test_the_address_of_an_image_or_video_is_not_the_pages() -> None:
    media = "<image:image><image:loc>https://cdn.example/i.jpg</image:loc><image:title>No</image:title></image:image>"
    video = '<v:video xmlns:v="http://www.google.com/schemas/sitemap-video/1.1"><v:title>No</v:title></v:video>'
    (entry,) = sitemaps.read(urlset(f"<url>{media}{video}<loc>https://paper.example/a</loc></url>"), URL).entries
    assert (entry.url, entry.headline) == ("https://paper.example/a", None)


def test_an_index_lists_further_sitemaps_newest_first() -> None:
    index = f"""<sitemapindex xmlns="{XMLNS}"><sitemap><loc>/old.xml</loc><lastmod>2025-01-01</lastmod></sitemap>
    <sitemap><loc>/undated.xml</loc></sitemap><sitemap><loc>/new.xml.gz</loc><lastmod>2026-11-02T12:00:00Z</lastmod></sitemap>
    </sitemapindex>"""
    sitemap = sitemaps.read(index.encode(), URL)
    assert sitemap.entries == ()
    assert [reference.url for reference in sitemap.sitemaps] == [
        "https://paper.example/new.xml.gz",
        "https://paper.example/old.xml",
        "https://paper.example/undated.xml",
    ]
    assert sitemap.sitemaps[0] == Reference(url="https://paper.example/new.xml.gz", date_modified=NOON)


def test_a_relative_address_is_resolved_against_the_sitemaps() -> None:
    assert links(urlset("<url><loc> /a </loc></url>", "<url><loc>b</loc></url>")) == ["a", "maps/b"]


def test_a_gzipped_sitemap_is_unpacked() -> None:
    assert links(gzip.compress(urlset(row("a")))) == ["a"]


def test_a_gzip_of_several_members_is_one_sitemap() -> None:
    body = urlset(row("a"), row("b"))
    assert links(gzip.compress(body[:150]) + gzip.compress(body[150:])) == ["a", "b"]


def test_of_a_truncated_gzip_the_complete_addresses_are_read() -> None:
    body = gzip.compress(urlset(*(row(str(number * 7919)) for number in range(2_000))))
    assert 0 < len(links(body[: len(body) // 2])) < 2_000


def test_a_gzip_bomb_is_refused() -> None:
    with pytest.raises(SitemapError, match="more than 1,000,000 bytes"):
        sitemaps.read(gzip.compress(b" " * 50_000_000), URL, max_bytes=1_000_000)


def test_a_body_beyond_the_bound_is_refused() -> None:
    with pytest.raises(SitemapError, match="want at most that"):
        sitemaps.read(urlset(row("a")), URL, max_bytes=50)


def test_a_list_of_addresses_is_a_sitemap() -> None:
    assert links(b"\xef\xbb\xbfhttps://paper.example/a\r\nhttps://paper.example/b\nnonsense\n") == ["a", "b"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (urlset(row("a"), row("b?x=1&y=2")), ["a", "b?x=1&y=2"]),
        (urlset(row("a"), row("b"))[:-30], ["a"]),
        (urlset(row("a"), "<url><loc>https://paper.example/b</loc><lastmod>x</url>", row("c")), ["a", "c", "b"]),
        (urlset("<url><loc><![CDATA[https://paper.example/a?x=1&y=2]]></loc></url>"), ["a?x=1&y=2"]),
        (b"\n\n" + urlset(row("a")), ["a"]),
        (urlset(row("a")).decode().replace("UTF-8", "UTF-16").encode("utf-16"), ["a"]),
        (urlset(row("a"), "<url></url>", "<url><loc/></url>"), ["a"]),
        (urlset(), []),
    ],
    ids=["stray ampersand", "truncated", "wrong nesting", "CDATA", "blank lines", "UTF-16", "without loc", "empty"],
)
def test_odd_markup_loses_no_complete_address(body: bytes, expected: list[str]) -> None:
    assert links(body) == expected


@pytest.mark.parametrize("tag", ["<loc>", '<loc x="&e9;">'])
def test_entities_are_never_expanded(tag: str) -> None:
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    prolog = f'<!DOCTYPE urlset [<!ENTITY e0 "boom"><!ENTITY x SYSTEM "file:///etc/hostname">{bomb}]>'
    places = [f"<url>{tag}https://paper.example/&{name};</loc></url>" for name in ("e9", "x")]
    assert links(urlset(*places, prolog=prolog)) == ["&e9;", "&x;"]


def test_with_a_limit_the_newest_are_kept_in_order() -> None:
    body = urlset(row("a", "2026-01-01"), row("b"), row("c", "2026-03-01"), row("d", "2026-02-01"), row("e"))
    assert links(body, limit=2) == ["c", "d"]
    assert links(body, limit=4) == ["a", "b", "c", "d"]
    assert sitemaps.read(body, URL, limit=2).left_out == 3


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "empty"),
        (b"gone fishing", "gone fishing"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "an HTML page"),
        (b'<rss version="2.0"><channel/></rss>', "an RSS feed"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"/>', "an Atom feed"),
        (b"<opml><body/></opml>", "opml"),
        (b"\x1f\x8bnot gzip", "broken gzip"),
    ],
)
def test_what_is_no_sitemap_is_refused_with_what_it_is(body: bytes, message: str) -> None:
    with pytest.raises(SitemapError, match=message) as caught:
        sitemaps.read(body, URL)
    assert str(caught.value).startswith(URL)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.binary(max_size=60), st.integers(0, 400), st.integers(0, 12))
def test_damage_raises_nothing_but_the_documented_error(noise: bytes, at: int, cut: int) -> None:
    body = urlset(ARTICLE.format("news"), row("b"))
    try:
        entries = sitemaps.read(body[:at] + noise + body[at + cut :], URL).entries
    except SitemapError:
        return
    assert all(entry.url and "\n" not in (entry.headline or "") for entry in entries)
