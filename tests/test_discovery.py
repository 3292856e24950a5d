"""Homepages, robots.txt and usual places -> feeds and news sitemaps; `scrapy publishers --discover` as it is run."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Mapping
from itertools import pairwise, repeat
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import discovery, homepages, publishers, urls
from crawler.demo import press
from crawler.demo.server import Response
from crawler.discovery import Candidate, Discovery, DiscoveryError, Fetched, Verdict
from crawler.homepages import Found, Link
from crawler.publishers import Publisher
from crawler.tables import as_toml, domain, usable
from tests.crawling import finished, html, rss, site

EXAMPLES = 500 if "NEWSFOLD_TEST_FULL" in os.environ else 40
HOME = "https://paper.test/"


def head(markup: str, body: str = "") -> bytes:
    return f"<!doctype html><html lang=en-GB><head>{markup}</head><body>{body}</body></html>".encode()


@pytest.mark.parametrize(
    "markup",
    [
        '<link rel="alternate" type="application/rss+xml" href="https://paper.test/feed/">',
        "<link rel=alternate type=application/rss+xml href=/feed/>",
        '<LINK REL="Alternate" TYPE="Application/RSS+XML" HREF="/feed/">',
        '<link type="application/atom+xml" href="feed/" rel="alternate">',
        '<link rel="alternate home" type="application/feed+json" href="//paper.test/feed/">',
        '<link rel="alternate" type="application/rdf+xml; charset=utf-8" href=" /feed/ ">',
        '<link rel="alternate" type="text/xml" href="/fe\ned/">',
        '<link rel="alternate" type="application/json" href="/feed/">',
        '<link rel="feed" href="/feed/">',
        '<link rel="alternate" title="RSS" href="/feed/#top">',
        '<base href="https://paper.test/feed/index.html"><link rel="alternate" type="application/rss+xml" href=".">',
    ],
)
def test_a_linked_feed_is_found_however_it_is_written(markup: str) -> None:
    assert [link.url for link in homepages.read(head(markup), HOME).feeds] == ["https://paper.test/feed/"]


@pytest.mark.parametrize(
    "markup",
    [
        '<link rel="stylesheet" type="text/xml" href="/feed/">',
        '<link rel="alternate stylesheet" type="text/xml" href="/feed/">',
        '<link rel="alternate" hreflang="fr" href="/fr/">',
        '<link rel="alternate" type="text/html" href="/feed/">',
        '<link rel="alternate" type="application/json+oembed" href="/wp-json/oembed/1.0/embed?url=x">',
        '<link rel="alternate" title="JSON" type="application/json" href="/wp-json/wp/v2/pages/2">',
        '<link rel="alternate" type="application/rss+xml" href="">',
        '<link rel="alternate" type="application/rss+xml" href="javascript:void(0)">',
        '<link rel="alternate" type="application/rss+xml" href="feed://[">',
        '<link rel="EditURI" type="application/rsd+xml" href="/xmlrpc.php?rsd">',
    ],
)
def test_what_is_no_feed_is_not_taken_for_one(markup: str) -> None:
    assert homepages.read(head(markup), HOME).feeds == ()


@pytest.mark.parametrize(
    ("title", "href"),
    [
        ("The Paper &raquo; Comments Feed", "/comments/feed/"),
        ("Zeitung &raquo; Kommentar-Feed", "/?feed=comments-rss2"),
        ("The Paper » Front Page Comments Feed", "/front-page/feed/"),
        ("Le Journal » Flux des commentaires", "/une/feed/"),
        ("Blog – comments", "/feeds/comments/default"),
    ],
)
def test_a_feed_of_comments_is_left_out(title: str, href: str) -> None:
    page = head(f'<link rel="alternate" type="application/rss+xml" title="{title}" href="{href}">')
    assert homepages.read(page, HOME).feeds == ()


@pytest.mark.parametrize("title", ["Comment", "Meinung und Kommentare", "Comment and analysis"])
def test_an_opinion_section_is_no_feed_of_comments(title: str) -> None:
    page = head(f'<link rel="alternate" type="application/rss+xml" title="{title}" href="/opinion/rss">')
    assert homepages.read(page, HOME).feeds == (Link(url="https://paper.test/opinion/rss", title=title),)


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("/rss", "https://paper.test/rss"),
        ("/feeds/", "https://paper.test/feeds/"),
        ("/world/news.rss", "https://paper.test/world/news.rss"),
        ("https://rss.paper.test/all", "https://rss.paper.test/all"),
        ("https://feeds.service.test/thepaper", "https://feeds.service.test/thepaper"),
        ("/?feed=rss2", "https://paper.test/?feed=rss2"),
        ("https://reader.test/i/subscription/feed/https%3A%2F%2Fpaper.test%2Frss", None),
        ("https://other.test/rss", None),
        ("/2026/07/feed-prices-rise", None),
        ("/feedback", None),
        ("mailto:rss@paper.test", None),
    ],
)
def test_a_visible_link_is_a_second_choice_when_it_looks_like_a_feed(href: str, expected: str | None) -> None:
    found = homepages.read(head("", f'<footer><a href="{href}">RSS</a></footer>'), HOME)
    assert found.feeds == ()
    assert [link.url for link in found.links] == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("markup", "name"),
    [
        ('<meta property="og:site_name" content="The Paper &amp; Post"><title>News</title>', "The Paper & Post"),
        ('<meta property="og:site_name" content="https://paper.test"><title>The Paper</title>', "The Paper"),
        (
            '<script type="application/ld+json">{"@graph":[{"@type":"WebSite","name":"Home of news"},'
            '{"@type":["NewsMediaOrganization"],"name":"The Paper"}]}</script>',
            "The Paper",
        ),
        (
            '<script type="application/ld+json">{"@type":"WebPage","publisher":'
            '{"@type":"Organization","name":"The Paper"}}</script>',
            "The Paper",
        ),
        ('<script type="application/ld+json">{"@type": </script><title>The Paper</title>', "The Paper"),
        ("<title>Breaking news, sport and weather | Paper</title>", "Paper"),
        ("<title>The Paper – news from the valley</title>", "The Paper"),
        ("<title>The Paper › news from the valley</title>", "The Paper"),
        ("", None),
    ],
)
def test_the_publisher_is_named_as_the_page_names_it(markup: str, name: str | None) -> None:
    assert homepages.read(head(markup), HOME).name == name


@pytest.mark.parametrize(
    ("tag", "language"), [("en-GB", "en"), ("PT_br", "pt"), ("x-default", None), ("fil", None), ("", None)]
)
def test_the_language_is_that_of_the_html_element(tag: str, language: str | None) -> None:
    assert homepages.read(f'<html lang="{tag}"><p>x</p></html>'.encode(), HOME).language == language


def test_a_page_is_read_in_its_own_charset() -> None:
    page = '<html><head><meta charset="iso-8859-1"><title>Zeitung für Köln</title></head></html>'.encode("latin-1")
    assert homepages.read(page, HOME).name == "Zeitung für Köln"


@given(st.binary() | st.text(alphabet="<>\"'/=alink hrefstyp:relscriptbase[]{}&#;\x00").map(str.encode))
@settings(max_examples=EXAMPLES, deadline=None)
def test_no_bytes_make_a_page_raise(body: bytes) -> None:
    for page in (b"<link rel=alternate type=text/xml href=" + body, body):
        found = homepages.read(page, HOME)
        assert all(link.url.startswith(("http://", "https://")) for link in (*found.feeds, *found.links))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sitemap: https://paper.test/sitemap.xml", ["https://paper.test/sitemap.xml"]),
        ("\ufeffSITEMAP :  /a.xml  # ours\r\nsitemap:/b.xml\rUser-agent: *", ["/a.xml", "/b.xml"]),
        ("Sitemap: /all.xml\nSitemap: /google-news.xml\nSitemap: /all.xml", ["/google-news.xml", "/all.xml"]),
        ("Sitemap: /s.xml\nSitemap: /articles-48hrs.xml", ["/articles-48hrs.xml", "/s.xml"]),
        ("# Sitemap: /a.xml\nDisallow: /sitemap: /b\nSitemap:\nSitemap: ftp://x/y\nSitemap: http://[", []),
    ],
)
def test_the_sitemaps_of_robots_txt_are_read_those_for_news_first(text: str, expected: list[str]) -> None:
    found = discovery.from_robots(text.encode(), "https://paper.test/robots.txt")
    assert found == tuple(url if "://" in url else f"https://paper.test{url}" for url in expected)


def test_news_in_the_name_of_the_host_does_not_make_a_news_sitemap() -> None:
    text = b"Sitemap: https://news.test/a.xml\nSitemap: https://x.test/news.xml"
    assert discovery.from_robots(text, HOME) == ("https://x.test/news.xml", "https://news.test/a.xml")


@given(st.binary() | st.binary().map(lambda tail: b"Sitemap: http" + tail))
@settings(max_examples=EXAMPLES, deadline=None)
def test_no_bytes_make_robots_txt_raise(body: bytes) -> None:
    found = discovery.from_robots(body, "https://paper.test/robots.txt")
    assert all(url.startswith(("http://", "https://")) for url in found)


def test_candidates_are_what_the_site_declares_then_what_it_shows_then_the_usual_places() -> None:
    found = Found(feeds=tuple(Link(url=f"{HOME}linked/{n}") for n in range(50)), links=(Link(url=f"{HOME}rss"),) * 9)
    rows = discovery.candidates(found, [f"{HOME}news.xml"] + [f"{HOME}{n}.xml" for n in range(50)], HOME)
    assert len({row.url for row in rows}) == len(rows) <= 32
    sources = [row.source for row in rows]
    assert list(dict.fromkeys(sources)) == [discovery.LINKED, discovery.ROBOTS, discovery.VISIBLE, discovery.USUAL]
    assert (rows[0].kind, rows[0].url) == ("feed", f"{HOME}linked/0")
    assert f"{HOME}feed/" in [row.url for row in rows]


def feed(*names: str, title: str = "The Paper", language: str = "en", suffix: str = "") -> bytes:
    items = "".join(f"<item><title>{name}</title><link>{HOME}{name}{suffix}</link></item>" for name in names)
    channel = f"<title>{title}</title><language>{language}</language>{items}"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{channel}</channel></rss>'.encode()


def news_sitemap(*names: str) -> bytes:
    rows = "".join(
        f"<url><loc>{HOME}{name}</loc><news:news><news:title>{name}</news:title></news:news></url>" for name in names
    )
    return f'<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{rows}</urlset>'.encode()


def plain_sitemap(*names: str) -> bytes:
    return f"<urlset>{''.join(f'<url><loc>{HOME}{name}</loc></url>' for name in names)}</urlset>".encode()


def index(*names: str) -> bytes:
    rows = "".join(f"<sitemap><loc>{HOME}{name}</loc></sitemap>" for name in names)
    return f"<sitemapindex>{rows}</sitemapindex>".encode()


@pytest.mark.parametrize(
    ("body", "kind", "outcome"),
    [
        (feed("a", "b"), "feed", "2 entries"),
        (news_sitemap("a"), "sitemap", "1 news entry"),
        (plain_sitemap("a"), None, "a sitemap without news tags"),
        (feed(), None, "a feed without entries"),
        (feed("a", title="Comments on: Front page"), None, "a feed of comments"),
        (feed("a", title="Réactions", suffix="#comment-12"), None, "a feed of comments"),
        (b"<!doctype html><html><p>Not found</p></html>", None, "an HTML page"),
        (b"", None, "not a feed"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", None, "not a feed"),
    ],
)
def test_a_candidate_is_judged_by_reading_it(body: bytes, kind: str | None, outcome: str) -> None:
    candidate = Candidate(kind="sitemap", url=f"{HOME}x", source=discovery.ROBOTS)
    verdict = discovery.judge(candidate, Fetched(url=f"{HOME}x", status=200, body=body))
    assert (verdict.kind, verdict.outcome) == (kind, outcome)


@pytest.mark.parametrize(
    ("fetched", "outcome"),
    [
        (Fetched(url=HOME, status=404, body=feed("a")), "HTTP 404"),
        (Fetched(url=HOME, error="robots.txt"), "robots.txt"),
        (Fetched(url=HOME), "no answer"),
    ],
)
def test_what_was_not_had_is_no_feed(fetched: Fetched, outcome: str) -> None:
    candidate = Candidate(kind="feed", url=HOME, source=discovery.USUAL)
    assert discovery.judge(candidate, fetched) == Verdict(outcome=outcome)


@given(st.binary() | st.sampled_from([feed("a"), news_sitemap("a"), index("a"), plain_sitemap("a")]), st.data())
@settings(max_examples=EXAMPLES, deadline=None)
def test_no_bytes_make_judging_raise(body: bytes, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(body)))
    candidate = Candidate(kind="feed", url=HOME, source=discovery.VISIBLE)
    verdict = discovery.judge(candidate, Fetched(url=HOME, status=200, body=body[:cut] + body[cut + 1 :]))
    assert verdict.outcome
    assert bool(verdict.url) == (verdict.kind is not None)
    assert verdict.entries or verdict.kind != "feed"


def search(answers: Mapping[str, bytes | int | str], where: str = "paper.test") -> tuple[Discovery | str, list[str]]:
    """What is found (or the error) where these bodies, statuses, redirects or errors answer; and what was asked for."""
    asked: list[str] = []

    async def fetch(kind: str, url: str) -> Fetched:
        asked.append(url)
        answer = answers.get(url, 404 if url.startswith(HOME) else "no such host")
        if isinstance(answer, str) and answer.startswith("http"):
            url, answer = answer, answers[answer]
        if isinstance(answer, str):
            return Fetched(url=url, error=answer)
        return (
            Fetched(url=url, status=200, body=answer) if isinstance(answer, bytes) else Fetched(url=url, status=answer)
        )

    try:
        return asyncio.run(discovery.search(where, fetch)), asked
    except DiscoveryError as error:
        return str(error), asked


def found(answers: Mapping[str, bytes | int | str], where: str = "paper.test") -> Publisher:
    result, _ = search(answers, where)
    assert isinstance(result, Discovery), result
    return result.publisher


LINKED_FEED = head('<meta property="og:site_name" content="The Paper"><link rel=feed href=/all.rss>')


def test_a_site_is_described_by_its_page_and_its_feeds() -> None:
    answers = {
        HOME: LINKED_FEED,
        f"{HOME}robots.txt": b"Sitemap: https://paper.test/news.xml",
        f"{HOME}all.rss": feed("a"),
        f"{HOME}news.xml": news_sitemap("a", "b"),
    }
    assert found(answers) == Publisher(
        domain="paper.test",
        name="The Paper",
        language="en",
        homepage=HOME,
        feeds=(f"{HOME}all.rss",),
        news_sitemaps=(f"{HOME}news.xml",),
    )


def test_usual_places_are_not_asked_for_what_the_site_declares() -> None:
    answers = {HOME: LINKED_FEED, f"{HOME}robots.txt": b"Sitemap: /news.xml", f"{HOME}all.rss": feed("a")}
    _, asked = search(answers | {f"{HOME}news.xml": news_sitemap("a")})
    assert asked == [f"{HOME}robots.txt", HOME, f"{HOME}all.rss", f"{HOME}news.xml"]


def test_of_the_usual_places_the_first_is_enough() -> None:
    answers = {HOME: head(""), f"{HOME}rss": feed("a"), f"{HOME}rss.xml": feed("b")}
    _, asked = search(answers)
    assert f"{HOME}feed/" in asked
    assert f"{HOME}rss.xml" not in asked
    assert found(answers).feeds == (f"{HOME}rss",)


def test_a_site_whose_homepage_is_barred_is_searched_all_the_same() -> None:
    for barred in (403, "robots.txt"):
        result = found({HOME: barred, f"{HOME}feed/": feed("a", title="The Paper", language="en-ng")})
        assert (result.name, result.language, result.feeds) == ("The Paper", "en", (f"{HOME}feed/",))


def test_a_page_of_feeds_is_followed() -> None:
    page = head("", '<a href="/rss/world.xml">World</a><a href="/rss/sport.xml">Sport</a><a href="/about">About</a>')
    answers = {
        HOME: head("", "<a href=/rss>RSS</a>"),
        f"{HOME}rss": page,
        f"{HOME}rss/world.xml": feed("a"),
        f"{HOME}rss/sport.xml": feed("b"),
    }
    assert found(answers).feeds == (f"{HOME}rss/world.xml", f"{HOME}rss/sport.xml")


def test_a_feed_that_lists_what_another_one_lists_is_left_out() -> None:
    page = head("<link rel=feed href=/all.rss><link rel=feed href=/all.atom><link rel=feed href=/sport.rss>")
    answers = {
        HOME: page,
        f"{HOME}all.rss": feed("a", "b", "c", "d"),
        f"{HOME}all.atom": feed("b", "c", "d", "e"),
        f"{HOME}sport.rss": feed("a", "x", "y", "z"),
    }
    assert found(answers).feeds == (f"{HOME}all.rss", f"{HOME}sport.rss")


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"sitemap.xml": index("posts.xml", "news-1.xml"), "news-1.xml": news_sitemap("a")}, "news-1.xml"),
        ({"sitemap.xml": index("news.xml"), "news.xml": index("p1.xml"), "p1.xml": news_sitemap("a")}, "news.xml"),
        ({"sitemap.xml": feed("a")}, None),
    ],
)
def test_of_a_sitemap_index_the_part_for_news_is_taken(answers: dict[str, bytes], expected: str | None) -> None:
    site = {HOME: head(""), f"{HOME}robots.txt": b"Sitemap: /sitemap.xml"}
    result = found(site | {f"{HOME}{path}": body for path, body in answers.items()})
    assert result.news_sitemaps == ((f"{HOME}{expected}",) if expected else ())
    assert result.feeds == (() if expected else (f"{HOME}sitemap.xml",))


def test_a_sitemap_index_that_lists_itself_ends() -> None:
    site = {HOME: head(""), f"{HOME}robots.txt": b"Sitemap: /news.xml", f"{HOME}news.xml": index("news.xml")}
    result, asked = search(site)
    assert isinstance(result, str)
    assert asked.count(f"{HOME}news.xml") == 1


@pytest.mark.parametrize(("status", "asked_for"), [(503, 1), (429, 1), (403, 3), (500, 3), (404, 14)])
def test_a_host_that_refuses_is_not_asked_for_every_usual_place(status: int, asked_for: int) -> None:
    places = {urls.resolve(HOME, path): status for _, path in discovery.WELL_KNOWN}
    result, asked = search({HOME: head(""), **places})
    assert isinstance(result, str)
    assert len([url for url in asked if url in places]) == asked_for


def test_nothing_found_is_one_line_that_counts_what_was_tried() -> None:
    result, _ = search({HOME: head("")})
    assert result == "paper.test: no feed and no news sitemap found: 14 addresses tried: HTTP 404 (14)"


def test_a_host_without_an_answer_is_one_line() -> None:
    result, asked = search({}, "other.test")
    assert result == "other.test: does not answer: no such host"
    assert asked == [f"{start}other.test/robots.txt" for start in ("https://", "https://www.", "http://")]


def test_nothing_is_asked_of_a_host_whose_robots_txt_fails() -> None:
    result, asked = search({f"{HOME}robots.txt": 503, HOME: LINKED_FEED})
    assert result == "paper.test: may not be asked now: robots.txt: HTTP 503"
    assert HOME not in asked


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("paper.test", ("https://paper.test/", "https://www.paper.test/", "http://paper.test/")),
        ("www.paper.test/", ("https://www.paper.test/", "http://www.paper.test/")),
        ("127.0.0.1:8000", ("http://127.0.0.1:8000/", "https://127.0.0.1:8000/")),
        ("https://paper.test/en/#top", ("https://paper.test/en/",)),
        (
            "zürich.test",
            ("https://xn--zrich-kva.test/", "https://www.xn--zrich-kva.test/", "http://xn--zrich-kva.test/"),
        ),
    ],
)
def test_the_homepage_is_where_the_domain_says(where: str, expected: tuple[str, ...]) -> None:
    assert discovery.front_pages(where) == expected


@pytest.mark.parametrize(
    "where", ["", "paper", "a b", "ftp://paper.test/", "paper.test:99999", "http://", "\udcff.test"]
)
def test_what_is_no_domain_is_one_line(where: str) -> None:
    with pytest.raises(DiscoveryError, match="no domain, want one such as"):
        discovery.front_pages(where)


@pytest.mark.parametrize(
    ("home", "key"),
    [
        ("https://www.paper.test/", "paper.test"),
        ("https://en.paper.test/", "paper.test"),
        ("https://new.test/", "new.test"),
    ],
)
def test_a_homepage_that_moved_keeps_the_key_unless_it_left_the_domain(home: str, key: str) -> None:
    page = head('<link rel="alternate" type="text/xml" href="/all.rss">')
    result = found({f"{HOME}robots.txt": 404, HOME: home, home: page, f"{home}all.rss": feed("a")})
    assert (result.domain, result.homepage, result.feeds) == (key, home, (f"{home}all.rss",))


@pytest.mark.parametrize(
    ("link", "home"), [("", HOME), ("<link>https://www.paper.test/</link>", "https://www.paper.test/")]
)
def test_the_address_of_a_feed_in_place_of_the_sites_is_that_feed(link: str, home: str) -> None:
    address = "https://paper.test/all.rss"
    body = feed("a", "b").replace(b"<channel>", b"<channel>" + link.encode())
    result = found({f"{HOME}robots.txt": 404, "https://www.paper.test/robots.txt": 404, address: body}, address)
    assert (result.domain, result.name, result.homepage) == ("paper.test", "The Paper", home)
    assert result.feeds == (address,)


NAMES = st.text(min_size=1, max_size=30).filter(lambda text: text.strip() != "" and text.isprintable())
PATHS = st.text(max_size=20).map(lambda text: usable(HOME, f"/{text}")).filter(lambda url: url is not None)


@given(
    name=NAMES, addresses=st.lists(PATHS, min_size=1, max_size=4, unique=True), titles=st.lists(st.text(), max_size=4)
)
@settings(max_examples=EXAMPLES, deadline=None)
def test_a_table_is_read_as_the_publisher_that_it_was_written_from(
    tmp_path_factory: pytest.TempPathFactory, name: str, addresses: list[str], titles: list[str]
) -> None:
    publisher = Publisher(
        domain="paper.test",
        name=" ".join(name.split()),
        language="en",
        languages=("en",),
        homepage=HOME,
        feeds=tuple(addresses[1:]),
        news_sitemaps=tuple(addresses[:1]),
    )
    path = tmp_path_factory.mktemp("toml") / "publishers.toml"
    path.write_text(as_toml(publisher, dict(zip(addresses, titles, strict=False))), encoding="utf-8")
    assert publishers.load(path) == {"paper.test": publisher}


def test_a_table_tells_feeds_apart_by_their_titles() -> None:
    publisher = Publisher(domain="paper.test", name="The Paper", feeds=(f"{HOME}a", f"{HOME}b"))
    assert as_toml(publisher, {f"{HOME}a": "World\n# news"}) == (
        '["paper.test"]\nname = "The Paper"\nfeeds = [\n'
        '    "https://paper.test/a",  # World # news\n    "https://paper.test/b",\n]\n'
    )


@given(st.text(alphabet="htps:/.-_~@[]%?#ab1 ü\x00\x7f\udcff", max_size=40))
@settings(max_examples=4 * EXAMPLES, deadline=None)
def test_whatever_is_usable_makes_a_table_that_loads(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    for link in (text, f"http://{text}"):
        url = usable("", link)
        key = domain(url) if url else None
        if url and key:
            path = tmp_path_factory.mktemp("toml") / "publishers.toml"
            path.write_text(as_toml(Publisher(domain=key, name="A", feeds=(url,))), encoding="utf-8")
            assert publishers.load(path) == {key: Publisher(domain=key, name="A", feeds=(url,))}


def discover(where: str, folder: Path, **given: str) -> subprocess.CompletedProcess[str]:
    options = {"DOWNLOAD_DELAY": "0", "STORE_URL": f"sqlite:///{folder}/untouched.db", **given}
    words = [sys.executable, "-m", "scrapy", "publishers", "--discover", where]
    for name, value in options.items():
        words += ["-s", f"{name}={value}"]
    return finished(words)


def test_discover_prints_a_table_and_leaves_store_and_disallowed_paths_alone(tmp_path: Path) -> None:
    robots = html("User-agent: *\nDisallow: /secret\nSitemap: /secret/news.xml")
    page = head(
        '<meta property="og:site_name" content="Le Phare"><link rel=feed href=/secret/feed><link rel=feed href=/old>'
    )
    pages = {
        "/": Response(200, page, {"Content-Type": "text/html"}),
        "/old": Response(301, b"", {"Location": "/all.rss"}),
        "/all.rss": rss(["https://paper.test/a"]),
    }
    with site(pages, robots) as server:
        run = discover(server.host, tmp_path)
        asked = [request.path for request in server.requests]
        agents = {request.headers["user-agent"] for request in server.requests}
        feed_url = server.url("/all.rss")
    assert run.returncode == 0, run.stderr
    table = tmp_path / "publishers.toml"
    table.write_text(run.stdout, encoding="utf-8")
    (publisher,) = publishers.load(table).values()
    assert (publisher.domain, publisher.name, publisher.feeds) == (server.host, "Le Phare", (feed_url,))
    assert f"- {server.url('/secret/feed')} (linked by the homepage): robots.txt" in run.stderr
    assert not [path for path in asked if path.startswith("/secret")]
    assert asked.count("/robots.txt") == 1
    assert agents == {agent for agent in agents if agent.startswith("Newsfold/") and "{" not in agent}
    assert not (tmp_path / "untouched.db").exists()


def test_discover_keeps_the_delay_between_two_requests(tmp_path: Path) -> None:
    with site({"/": html("<title>x</title>"), "/feed/": rss(["https://paper.test/a"])}) as server:
        run = discover(server.host, tmp_path, DOWNLOAD_DELAY="0.2")
        times = [request.time for request in server.requests]
    assert run.returncode == 0, run.stderr
    assert min(after - before for before, after in pairwise(times)) > 0.19


def test_discover_ends_with_one_line_where_nothing_is_found(tmp_path: Path) -> None:
    with site({"/": html("<title>x</title>")}) as server:
        run = discover(server.url("/"), tmp_path)
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr == (f"{server.host}: no feed and no news sitemap found: 14 addresses tried: HTTP 404 (14)\n")


def test_discover_ends_with_one_line_where_nobody_answers(tmp_path: Path) -> None:
    with site({}) as server:
        host = server.host
    run = discover(host, tmp_path)
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.startswith(f"{host}: does not answer: ")
    assert run.stderr.count("\n") == 1


def test_every_bundled_paper_is_found_as_its_own_file_describes_it(tmp_path: Path) -> None:
    with press.serve(repeat(0)) as servers:
        path = tmp_path / "publishers.toml"
        path.write_text(press.publishers_toml(servers), encoding="utf-8")
        described = publishers.load(path)
        for server in servers.values():
            expected, got = described[server.host], _searched_over_sockets(server.host)
            assert (got.name, got.language, got.homepage) == (expected.name, expected.language, expected.homepage)
            assert got.feeds[:1] == expected.feeds[:1]
            assert bool(got.news_sitemaps) == bool(expected.news_sitemaps)


def _searched_over_sockets(host: str) -> Publisher:
    async def fetch(kind: str, url: str) -> Fetched:
        def get() -> Fetched:
            try:
                with urlopen(url, timeout=10) as response:  # noqa: S310 - loopback
                    return Fetched(
                        url=response.url,
                        status=response.status,
                        body=response.read(),
                        content_type=response.headers["Content-Type"],
                    )
            except HTTPError as error:
                with error:
                    return Fetched(url=url, status=error.code)

        return await asyncio.to_thread(get)

    return asyncio.run(discovery.search(host, fetch)).publisher
