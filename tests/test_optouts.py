"""What a page says against its use, in its head, its headers and its host's tdmrep.json."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.optouts import DIRECTIVES, MAX_BYTES, metas, refuses, robots_directives, tdm_reserved, tdmrep

EXAMPLES = settings(max_examples=3_000 if os.environ.get("NEWSFOLD_TEST_FULL") else 150, deadline=None)


def directives_of(html: bytes, tags: Iterable[str] = (), **whose: str) -> frozenset[str]:
    return robots_directives(metas(html), tags, **whose)


def page(head: str, body: str = "<p>The ferry runs again.</p>") -> bytes:
    return (
        f"<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>Ferry</title>{head}</head><body>{body}"
    ).encode()


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="robots" content="noindex, nofollow">',
        "<meta name='robots' content='noindex,nofollow'/>",
        "<meta name=robots content=noindex,nofollow>",
        "<meta name=robots content=noindex,nofollow/>",
        '<META NAME="ROBOTS" CONTENT="NOINDEX, NOFOLLOW">',
        '<meta content="noindex, nofollow" name="robots">',
        '<meta\n  data-page="a > b"\n  content = "noindex, nofollow"\tname = "robots"\n>',
        '<meta name=" robots " content=" noindex ;nofollow ">',
        '<meta name="robots" content="noindex nofollow">',
        '<meta name="robots" content="&#110;oindex&#44;&#x6e;ofollow">',
        '<meta name="newsfold" content="noindex, nofollow">',
        '<meta name="Newsfold" content="noindex"><meta name="robots" content="nofollow">',
        '<meta name="robots" content="noindex"><meta name="robots" content="nofollow">',
        '<meta name="robots" name="viewport" content="noindex, nofollow" content="all">',
        '<noscript><meta name="robots" content="noindex, nofollow"></noscript>',
        '<script>if (1 < 2) { s = "<\\/script>" }</script><meta name="robots" content="noindex, nofollow">',
        '<!--><meta name="robots" content="noindex, nofollow">',
        "<style>p > a { color: red }</style ><meta name='robots' content='noindex, nofollow'>",
        '<meta name=description content=it\'s><meta name="robots" content="noindex, nofollow">',
        '<meta name="robots" content="noindex, noindexed, foo-bar, nofollow, x-noarchive, no-snippet">',
    ],
)
def test_directives_are_read_however_the_markup_is_written(head: str) -> None:
    assert directives_of(page(head)) == {"noindex", "nofollow"}


@pytest.mark.parametrize(
    "head",
    [
        "",
        '<!-- <meta name="robots" content="noindex"> -->',
        '<!-- > -- <meta name="robots" content="noindex">',
        """<script>document.write('<meta name="robots" content="noindex">')</script>""",
        '<script><!-- <meta name="robots" content="noindex"> -->',
        '<style><meta name="robots" content="noindex"></style>',
        '<template><meta name="robots" content="noindex"></template>',
        '<title><meta name="robots" content="noindex"></title>',
        """<link data-html='<meta name="robots" content="noindex">'>""",
        '<meta name="description" content="<meta name=robots content=noindex>">',
        '<meta name="otherbot" content="noindex">',
        '<meta name="robots-policy" content="noindex">',
        '<meta property="robots" content="noindex">',
        '<meta name="robots">',
        '<meta content="noindex">',
        '<metadata name="robots" content="noindex">',
    ],
)
def test_what_is_no_markup_of_the_head_or_not_for_us_says_nothing(head: str) -> None:
    assert directives_of(page(head)) == frozenset()


def test_a_document_within_the_body_says_nothing_of_the_page() -> None:
    embedded = '<div><html><head><meta name="robots" content="noindex"></head></div>'
    assert directives_of(page("", embedded)) == frozenset()


def test_a_page_without_head_or_body_tags_is_read_all_the_same() -> None:
    assert directives_of(b"<title>Ferry</title><meta name=robots content=noindex><p>It runs.") == {"noindex"}


def test_a_page_in_utf_16_is_read() -> None:
    assert directives_of(page('<meta name="robots" content="noindex">').decode().encode("utf-16")) == {"noindex"}


def test_bytes_of_any_charset_do_not_matter() -> None:
    head = "<title>Fähre</title>".encode("cp1252") + b'<meta name="robots" content="noindex">'
    assert directives_of(head) == {"noindex"}


def test_what_stands_after_half_a_megabyte_is_not_read() -> None:
    meta = '<meta name="robots" content="noindex">'
    assert directives_of(page(f"<script>{' ' * (MAX_BYTES - 500)}</script>{meta}")) == {"noindex"}
    assert directives_of(page(f"<script>{' ' * MAX_BYTES}</script>{meta}")) == frozenset()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("max-image-preview:none", {"max-image-preview"}),
        ("max-image-preview: none, max-snippet : -1", {"max-image-preview", "max-snippet"}),
        ("index, follow, max-image-preview:large", {"index", "follow", "max-image-preview"}),
        ("unavailable_after: Wed, 03 Jul 2030 10:00:00 GMT, noarchive", {"unavailable_after", "noarchive"}),
        ("unavailable_after: Wednesday, 03-Jul-30 10:00:00 GMT", {"unavailable_after"}),
        ("unavailable_after:2030-07-03T10:00:00+01:00", {"unavailable_after"}),
        ("none", {"none"}),
        ("", set()),
    ],
)
def test_the_value_of_a_directive_is_no_directive(content: str, expected: set[str]) -> None:
    assert directives_of(page(f'<meta name="robots" content="{content}">')) == expected
    assert directives_of(b"", [content]) == expected


@pytest.mark.parametrize(
    ("name", "tags", "expected"),
    [
        ("for all", ["noindex"], {"noindex"}),
        ("in any case", ["NoIndex, NOFOLLOW"], {"noindex", "nofollow"}),
        ("several headers", ["noindex", "noarchive"], {"noindex", "noarchive"}),
        ("for us", ["newsfold: noindex"], {"noindex"}),
        ("for us, in capitals", ["NEWSFOLD: noindex, noarchive"], {"noindex", "noarchive"}),
        ("for others", ["otherbot: noindex, nofollow"], set()),
        ("for others, with a date", ["otherbot: unavailable_after: Wed, 03 Jul 2030 10:00:00 GMT, noindex"], set()),
        ("for one after the other", ["otherbot: noindex, newsfold: noarchive"], {"noarchive"}),
        ("for all, then for others", ["noarchive, otherbot: noindex"], {"noarchive"}),
        ("for others in another header", ["otherbot: noindex", "noarchive"], {"noarchive"}),
        ("for others, its name with a hyphen", ["other-bot: noindex"], set()),
        ("for robots, by a mistake", ["robots: noindex"], {"noindex"}),
        ("after a date", ["unavailable_after: 25 Jun 2030 15:00:00 PST, noindex"], {"unavailable_after", "noindex"}),
        ("a value", ["max-image-preview:none"], {"max-image-preview"}),
        ("nonsense", ["", ":", ",,,", "yes please"], set()),
    ],
)
def test_an_x_robots_tag_binds_all_or_the_agent_in_front(name: str, tags: list[str], expected: set[str]) -> None:
    assert directives_of(page(""), tags) == expected, name


def test_the_page_and_its_headers_add_up() -> None:
    assert directives_of(page('<meta name="robots" content="index">'), ["noindex"]) == {"index", "noindex"}


def test_the_agent_is_the_callers_to_say() -> None:
    assert directives_of(page('<meta name="Mybot" content="none">'), agent="MyBot") == {"none"}


@pytest.mark.parametrize(
    ("directives", "expected"),
    [
        ({"noindex"}, True),
        ({"none"}, True),
        ({"index", "noindex"}, True),
        (set(), False),
        ({"all", "index", "follow"}, False),
        ({"nofollow"}, False),
        ({"noarchive", "nocache", "nosnippet", "noimageindex", "unavailable_after", "max-snippet"}, False),
    ],
)
def test_only_noindex_and_none_refuse_a_page(directives: set[str], expected: bool) -> None:
    assert refuses(directives) is expected


@EXAMPLES
@given(
    st.sets(st.sampled_from(sorted(DIRECTIVES - {"unavailable_after"}))),
    st.sampled_from(["'", '"']),
    st.booleans(),
    st.text(max_size=40),
)
def test_any_set_of_directives_is_found_beside_any_other_markup(
    directives: set[str], quote: str, reverse: bool, text: str
) -> None:
    attributes = [f"name={quote}robots{quote}", f"content={quote}{', '.join(sorted(directives))}{quote}"]
    head = f'<meta name="description" content="{escape(text)}"><meta {" ".join(attributes[:: -1 if reverse else 1])}>'
    assert directives_of(page(head)) == directives


@EXAMPLES
@given(
    st.lists(st.sampled_from(["<meta ", "name=", "robots", "content=", "noindex", '"', "'", ">", "<!--", "-->", " "]))
)
def test_broken_markup_is_read_without_an_error(pieces: list[str]) -> None:
    assert directives_of("".join(pieces).encode()) <= {"noindex"}


@pytest.mark.parametrize(
    ("name", "head", "header", "expected"),
    [
        ("nothing", "", None, None),
        ("the header", "", "1", True),
        ("the header, in blanks", "", " 1 ", True),
        ("the header frees", "", "0", False),
        ("the page", '<meta name="tdm-reservation" content="1">', None, True),
        ("the page, in capitals", '<META CONTENT=1 NAME="TDM-Reservation">', None, True),
        ("the page frees", '<meta name="tdm-reservation" content="0">', None, False),
        ("the page before the header", '<meta name="tdm-reservation" content="0">', "1", False),
        ("the page before the header, again", '<meta name="tdm-reservation" content="1">', "0", True),
        ("nonsense in the page", '<meta name="tdm-reservation" content="yes">', "1", True),
        ("nonsense in both", '<meta name="tdm-reservation" content="">', "true", None),
        ("a comment", '<!-- <meta name="tdm-reservation" content="1"> -->', None, None),
        ("a policy alone", '<meta name="tdm-policy" content="https://paper.example/policy.json">', None, None),
    ],
)
def test_a_reservation_in_the_page_supersedes_the_header(
    name: str, head: str, header: str | None, expected: bool | None
) -> None:
    assert tdm_reserved(metas(page(head)), header) is expected, name


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("/", "/", True),
        ("/", "/news/ferry", True),
        ("/news", "/news/ferry", True),
        ("/news", "/newsletter", True),
        ("/news/", "/news", None),
        ("/news/", "/News/ferry", None),
        ("/news$", "/news", True),
        ("/news$", "/news/ferry", None),
        ("/*.jpg", "/images/a.jpg?w=3", True),
        ("/*.jpg$", "/images/a.jpg", True),
        ("/*.jpg$", "/images/a.jpg?w=3", None),
        ("/a*b*c$", "/a/b/c", True),
        ("/a*b*c$", "/a/c/b", None),
        ("/a*ab$", "/ab", None),
        ("/a*a$", "/a", None),
        ("*", "/anything", True),
        ("/*$", "/anything", True),
        ("*/ferry", "/news/ferry", True),
        ("/this/*/then", "/this/and/then", True),
        ("/caf%C3%A9", "/café", True),
        ("/caf%c3%a9", "/caf%C3%A9/menu", True),
        ("/%6Eews", "/news", True),
        ("/a%2Fb", "/a/b", None),
        ("/foo-%24", "/foo-$", True),
        ("/foo-%24$", "/foo-$/bar", None),
        ("/foo$bar", "/foo$bar", True),
        ("/a%2A", "/a*", True),
        ("/a%2A", "/ab", None),
        ("", "/anything", True),
    ],
)
def test_a_location_is_a_pattern_as_in_robots_txt(pattern: str, path: str, expected: bool | None) -> None:
    assert tdmrep(json.dumps([{"location": pattern, "tdm-reservation": 1}]).encode(), path) is expected


def test_the_first_location_that_matches_holds() -> None:
    rules = [
        {"location": "/news/images/", "tdm-reservation": 0},
        {"location": "/news/", "tdm-reservation": 1, "tdm-policy": "https://paper.example/policy.json"},
        {"location": "/", "tdm-reservation": 0},
        {"location": "/news/late", "tdm-reservation": 0},
    ]
    body = json.dumps(rules).encode()
    assert [tdmrep(body, path) for path in ("/news/images/a.jpg", "/news/late", "/sport")] == [False, True, False]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>not found</html>",
        b"null",
        b"1",
        b'"/"',
        b'{"location": "/", "tdm-reservation": 1}',
        b"[1, null, [], {}]",
        b'[{"location": "/"}]',
        b'[{"tdm-reservation": 1}]',
        b'[{"location": 1, "tdm-reservation": 1}]',
        b'[{"location": "/", "tdm-reservation": true}]',
        b'[{"location": "/", "tdm-reservation": [1]}]',
        b'[{"location": "/", "tdm-reservation": 2}]',
        b'[{"location": "/\\ud800", "tdm-reservation": 1}]',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b"1" * 5_000,
    ],
)
def test_what_is_no_tdmrep_file_says_nothing(body: bytes) -> None:
    assert tdmrep(body, "/") is None


@pytest.mark.parametrize(
    "body", [b'[{"location": "/", "tdm-reservation": "1"}]', b'\xef\xbb\xbf[{"location": "/", "tdm-reservation": 1}]']
)
def test_a_value_as_text_and_a_byte_order_mark_are_forgiven(body: bytes) -> None:
    assert tdmrep(body, "/") is True


@EXAMPLES
@given(st.lists(st.sampled_from(["a", "b", "*"]), max_size=8), st.text("ab", max_size=12), st.booleans())
def test_a_pattern_matches_as_the_regular_expression_that_it_stands_for(
    pieces: list[str], path: str, anchored: bool
) -> None:

    pattern = "/" + "".join(pieces)
    expression = re.compile(pattern.replace("*", ".*") + ("$" if anchored else ""))
    body = json.dumps([{"location": pattern + ("$" if anchored else ""), "tdm-reservation": 1}]).encode()
    assert (tdmrep(body, f"/{path}") is True) == bool(expression.match(f"/{path}"))
