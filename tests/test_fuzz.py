"""No bytes make `pages.read` raise anything but PageError. Coverage-guided: benchmarks/fuzz.py."""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import pages

URL = "https://paper.example/2024/05/01/the-mill"
EXAMPLES = settings(max_examples=2000 if "NEWSFOLD_TEST_FULL" in os.environ else 60, deadline=None)
PAGE = (
    b"<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>The mill | The Alder</title>"
    b'<meta name=author content="A B">'
    b'<script type="application/ld+json">{"@type":"NewsArticle","headline":"The mill","datePublished":"2024-05-01"}'
    b"</script></head><body><article><h1>The mill</h1><p class=byline>By Ann Bell</p><time datetime=2024-05-01>1 May"
    b"</time><p>WEXCOMBE (Reuters) - The mill closed on Monday after a vote of its owners, who had met twice.</p>"
    b"<figure><img src=a.jpg><figcaption>The mill. Photo: C D</figcaption></figure></article></body></html>"
)
PIECES = st.sampled_from(
    [b"\0", b"\xed\xa0\x80", b"&#0;", b"&#xD800;", b"&#x110000;", b"<", b'"', b"]]>", b"<!--", b"<svg>", b"\xff\xfe"]  # noqa: RUF005 (two lines for twenty)
    + [b"<table>", b"<meta charset=zlib>", b"<base href='http://['>", b"9999-99-99", b"{", b"[[[", b"1e999", b"null"]
)


def stays_within_its_word(html: bytes, charset: str | None = None) -> bool:
    """Whether a page is refused, or read as text that any store takes."""
    try:
        article = pages.read(html, URL, charset=charset)
    except pages.PageError:
        return True
    text = "\n".join((article.headline, article.description or "", article.body, *article.authors))
    return "\0" not in text and text == text.encode("utf-8", "replace").decode()


@EXAMPLES
@given(st.binary(max_size=2000), st.none() | st.text(max_size=12))
def test_random_bytes_under_any_charset_raise_nothing_but_page_error(html: bytes, charset: str | None) -> None:
    assert stays_within_its_word(html, charset)
    assert stays_within_its_word(b"<html>" + html, charset)


@EXAMPLES
@given(st.lists(st.tuples(st.integers(0, len(PAGE)), st.integers(0, 30), PIECES | st.binary(max_size=8)), max_size=8))
def test_a_page_with_pieces_overwritten_raises_nothing_but_page_error(edits: list[tuple[int, int, bytes]]) -> None:
    html = PAGE
    for start, length, piece in edits:
        html = html[:start] + piece + html[start + length :]
    assert stays_within_its_word(html)


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(b"<div>" * 50_000 + PAGE, id="deep nesting"),
        pytest.param(b"<p " + b"a" * 2_000_000 + b"='x'>" + PAGE, id="huge name"),
        pytest.param(b"<p title='" + b"a " * 1_000_000 + b"'>" + PAGE, id="huge attribute"),
        pytest.param(PAGE + b"&amp;&lt;&#0;&#xD800;&bogus;" * 30_000, id="entity storm"),
        pytest.param(PAGE + b"\0" * 1_000_000, id="NULs"),
        pytest.param(PAGE + b"\xed\xa0\x80" * 100_000, id="lone surrogates"),
        pytest.param(PAGE.replace(b'{"@type"', b"[" * 100_000 + b'{"@type"'), id="deep JSON"),
        pytest.param(b"<a '" * 100_000, id="quotes"),
    ],
)
def test_a_hostile_page_raises_nothing_but_page_error(html: bytes) -> None:
    assert stays_within_its_word(html)


def test_a_page_whose_one_text_is_punctuation_has_no_body() -> None:
    # The fuzzer's finding: no block was left to weigh.
    assert pages.read(b":" * 126 + b"<html><head><title>a</title><script>x", URL).body == ""
