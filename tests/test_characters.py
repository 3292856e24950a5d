"""crawler.characters, and that nothing unprintable leaves what reads from the network."""

from __future__ import annotations

import dataclasses
import json
import os
import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler import characters, feeds, pages, sitemaps, urls

FULL = settings(
    max_examples=2000 if "NEWSFOLD_TEST_FULL" in os.environ else 60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
BAD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
#: Text that is mostly what no text should hold.
HOSTILE = st.text(
    st.sampled_from("\x00\x01\x0b\x1b\x1f\x7f\x85\x9b\ud800\udfff\ufdd0\ufeff\ufffe\uffff")
    | st.sampled_from("aZé港 .-"),
    max_size=40,
)


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from strings(part)


def references(value: str) -> str:
    """As HTML can write it in ASCII."""
    return "".join(f"&#{ord(c)};" for c in value)


@pytest.mark.parametrize(
    ("string", "expected"),
    [
        ("plain", "plain"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("n\x00ul", "nul"),
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("\ufeffmark", "mark"),
        ("half\ud83d", "half"),
        ("whole \U0001f600", "whole \U0001f600"),
        ("it\x92s", "it’s"),
        ("c1\x9d", "c1"),
    ],
)
def test_a_string_loses_what_no_text_is_written_with(string: str, expected: str) -> None:
    assert characters.printable(string) == expected


@FULL
@given(st.text())
def test_what_is_printable_can_be_encoded_and_is_left_alone_the_second_time(string: str) -> None:
    once = characters.printable(string)
    assert once.encode().decode() == once
    assert not BAD.search(once)
    assert characters.printable(once) == once


@FULL
@given(HOSTILE)
def test_no_unprintable_character_leaves_a_page(value: str) -> None:
    fields = {
        **dict.fromkeys(("headline", "description", "inLanguage", "datePublished"), value),
        "@type": "NewsArticle",
        "author": {"name": f"Ana {value} Onyx"},
        "publisher": {"name": value},
        "image": {"url": f"/a{value}.jpg", "caption": value, "creditText": value},
    }
    paragraph = (
        f"<p>The council met on Tuesday {references(value)} to discuss the plan for the harbour and its pier.</p>"
    )
    html = (
        f"<html lang='en{references(value)}'><head><link rel=canonical href='/b{references(value)}'>"
        f"<meta name=author content='Ben {references(value)} Pyrite'>"
        f"<script type=application/ld+json>{json.dumps(fields)}</script>"
        f"</head><body><article><h1>Harbour {references(value)}</h1><p class=byline>By Ana {references(value)} Onyx</p>"
        f"<figure><img src='/i{references(value)}.jpg'><figcaption>A pier {references(value)}.</figcaption></figure>"
        f"{paragraph * 4}</article></body></html>"
    )
    article = pages.read(html.encode(), "https://courier.example/a")
    assert [s for s in strings(dataclasses.asdict(article)) if BAD.search(s)] == []


@FULL
@given(HOSTILE)
def test_no_unprintable_character_leaves_a_feed(value: str) -> None:
    item: dict[str, object] = {
        "id": "1",
        "url": f"https://courier.example/a{value}",
        "title": value,
        "summary": value,
        "language": value,
    }
    item["authors"] = [{"name": value}]
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [item] * 2}).encode()
    entries = feeds.read(body, "https://courier.example/feed.json").entries
    assert [s for entry in entries for s in strings(dataclasses.asdict(entry)) if BAD.search(s)] == []


@FULL
@given(HOSTILE)
def test_no_unprintable_character_leaves_a_sitemap(value: str) -> None:
    news = f"<news:news><news:publication><news:language>{references(value)}</news:language></news:publication>"
    body = (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
        f"<url><loc>https://courier.example/a{references(value)}</loc>{news}"
        f"<news:title>{references(value)}</news:title></news:news></url></urlset>"
    )
    entries = sitemaps.read(body.encode(), "https://courier.example/sitemap.xml").entries
    assert [s for entry in entries for s in strings(dataclasses.asdict(entry)) if BAD.search(s)] == []


@FULL
@given(HOSTILE, HOSTILE)
def test_an_address_is_spelt_in_ascii_or_refused(host: str, path: str) -> None:
    try:
        spelling = urls.normalize(f"https://{host}courier.example/{path}")
    except urls.InvalidURL:
        return
    assert spelling.isascii()
    assert spelling.isprintable()
