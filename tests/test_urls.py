"""crawler.urls: which addresses are the same page."""

from __future__ import annotations

import os

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler import urls

EXAMPLES = 20_000 if os.environ.get("NEWSFOLD_TEST_FULL") else 300


@pytest.mark.parametrize(
    ("url", "spelling"),
    [
        ("HTTPS://Paper.Example/A", "https://paper.example/A"),
        ("https://paper.example.:443/a", "https://paper.example/a"),
        ("https://paper.example", "https://paper.example/"),
        ("  https://paper.example/a\n", "https://paper.example/a"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
        ("https://user:secret@paper.example/a", "https://paper.example/a"),
        ("https://paper.example/a#comments", "https://paper.example/a"),
        ("https://paper.example/#!/a", "https://paper.example/"),
        ("https://paper.example/a?", "https://paper.example/a"),
        ("https://paper.example/x/./y/../a", "https://paper.example/x/a"),
        ("https://paper.example/../a", "https://paper.example/a"),
        ("https://paper.example/%7ejo/%41%2fb", "https://paper.example/~jo/A%2Fb"),
        ("https://paper.example/100%/a b", "https://paper.example/100%25/a%20b"),
        ("https://paper.example/a;jsessionid=0F", "https://paper.example/a"),
        ("https://paper.example/a/", "https://paper.example/a"),
        ("https://paper.example/?p=12&page=2", "https://paper.example/?p=12&page=2"),
        ("https://paper.example/?page=2&p=12", "https://paper.example/?p=12&page=2"),
        ("https://paper.example/?a=2&a=1", "https://paper.example/?a=2&a=1"),
        ("https://paper.example/?id=1&amp;page=2", "https://paper.example/?id=1&page=2"),
    ],
)
def test_a_page_has_one_spelling(url: str, spelling: str) -> None:
    assert urls.normalize(url) == spelling


@pytest.mark.parametrize(
    "query",
    [
        "utm_source=rss&utm_medium=feed",
        "UTM_Source=rss",
        "fbclid=1",
        "gclid=1",
        "mc_cid=1&mc_eid=2",
        "at_medium=RSS&at_campaign=x",
        "xtor=RSS-1",
        "ns_campaign=a&ns_mchannel=b",
        "CMP=x",
        "cmpid=x",
        "ref=rss",
        "PHPSESSID=1",
        "amp;utm_source=rss",
    ],
)
def test_tracking_parameters_do_not_make_another_page(query: str) -> None:
    assert urls.normalize(f"https://paper.example/a?{query}") == "https://paper.example/a"
    assert urls.normalize(f"https://paper.example/a?{query}&id=7") == "https://paper.example/a?id=7"


@pytest.mark.parametrize(
    "query", ["id=1", "p=1", "article=1", "story=1", "page=2", "ref=1", "source=ap", "cid=4", "q=amp"]
)
def test_parameters_that_select_content_stay(query: str) -> None:
    assert urls.normalize(f"https://paper.example/a?{query}") == f"https://paper.example/a?{query}"


@pytest.mark.parametrize(
    "twin",
    [
        "https://www.paper.example/news/mill/amp",
        "https://www.paper.example/news/mill/amp/",
        "https://www.paper.example/amp/news/mill",
        "https://www.paper.example/news/mill.amp",
        "https://www.paper.example/news/mill/amp.html",
        "https://www.paper.example/news/mill?amp",
        "https://www.paper.example/news/mill?amp=1",
        "https://www.paper.example/news/mill?outputType=amp",
        "https://amp.paper.example/news/mill",
        "https://www-paper-example.cdn.ampproject.org/c/s/www.paper.example/news/mill/amp?usqp=mq331",
        "https://www.google.co.uk/amp/s/www.paper.example/news/mill",
        "http://google.com/amp/www.paper.example/news/mill/amp/",
    ],
)
def test_an_amp_twin_is_its_article(twin: str) -> None:
    assert urls.normalize(twin) == "https://www.paper.example/news/mill"


def test_the_html_suffix_of_an_amp_twin_stays() -> None:
    assert urls.normalize("https://paper.example/mill.amp.html") == "https://paper.example/mill.html"


@pytest.mark.parametrize("path", ["ramp", "amplifier", "guitar-amp", "camp.html", "news/amp-lifies"])
def test_a_word_that_holds_amp_is_no_twin(path: str) -> None:
    assert urls.normalize(f"https://paper.example/{path}") == f"https://paper.example/{path}"


@pytest.mark.parametrize("rest", ["paper.example/a", "www.paper.example/", "paper.example/a?id=1"])
def test_http_and_https_are_one_page(rest: str) -> None:
    assert urls.normalize(f"http://{rest}") == urls.normalize(f"https://{rest}") == f"https://{rest}"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8877/a",
        "http://127.0.0.1/a",
        "http://localhost/a",
        "http://[::1]:8080/a",
        "http://paper.example:8080/a",
        "http://paper.example:443/a",
    ],
)
def test_what_speaks_only_one_scheme_keeps_it(url: str) -> None:
    assert urls.normalize(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "paper.example/a",
        "//paper.example/a",
        "/a",
        "http://",
        "http:///a",
        "http://.",
        "http://exa mple/",
        "http://paper.example:99999/",
        "http://paper.example:x/",
        "http://[::1",
        "http://[fe80::1%25eth0]/",
        "http://a\\@b.example/",
        "ftp://paper.example/a",
        "mailto:desk@paper.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "https://paper.example/" + "a" * urls.MAX_LENGTH,
    ],
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    for function in (urls.normalize, urls.host, urls.domain):
        with pytest.raises(urls.InvalidURL):
            function(url)


@pytest.mark.parametrize(
    ("url", "host", "domain"),
    [
        ("https://WWW.Paper.Example/a", "www.paper.example", "paper.example"),
        ("https://paper.example:443/", "paper.example", "paper.example"),
        ("http://paper.example:443/", "paper.example:443", "paper.example:443"),
        ("http://127.0.77.1:8877/feed", "127.0.77.1:8877", "127.0.77.1:8877"),
        ("http://[0:0::1]:80/", "[::1]", "[::1]"),
    ],
)
def test_a_host_has_its_port_unless_it_is_the_default(url: str, host: str, domain: str) -> None:
    assert (urls.host(url), urls.domain(url)) == (host, domain)


def test_a_link_that_cannot_be_resolved_comes_back_as_written() -> None:
    assert urls.resolve("https://paper.example/", "//[") == "//["


PIECES = st.sampled_from(
    [
        "http://",
        "https://",
        "paper.example",
        "amp.",
        "www.",
        "google.com",
        "cdn.ampproject.org",
        "/amp/",
        "c/",
        "s/",
        "/",
        "..",
        ".",
        "%",
        "%2e",
        "%61mp",
        "%25",
        "?",
        "&",
        "amp;",
        "amp=1",
        "=",
        "#",
        "@",
        ":",
        "80",
        "443",
        "é",
        "。",
        "ß",
        "[::1]",
        ".amp",
        ".html",
        "amp.html",
        ";jsessionid=1",
        "\\",
        "xn--",
        "1.2",
        " ",
        "\t",
        "\ud800",
    ]
)


@settings(max_examples=EXAMPLES, deadline=None)
@example("http://google.com/%61mp/s/google.com/amp/s/x.example/amp/")
@example("http://cdn.ampproject.org/amp/c/s/x.example/")
@example("http://x.example/a/..amp/..;jsessionid=1")
@example("http://x.example/%%34%2541")
@given(st.lists(PIECES, max_size=14).map("".join).map("http://".__add__) | st.text() | st.text().map("http://".__add__))
def test_a_spelling_is_its_own_spelling(url: str) -> None:
    try:
        spelling = urls.normalize(url)
    except urls.InvalidURL:
        return
    assert spelling.isascii()
    assert urls.normalize(spelling) == spelling
    assert urls.host(spelling) in spelling
