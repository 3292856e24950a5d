"""Whole crawls, started as cron starts them, over real servers on loopback."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import secrets
import subprocess
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import chain, repeat
from pathlib import Path
from urllib.parse import quote, unquote

import brotli
import pytest
import sqlalchemy as sa
from rich.console import Console

from crawler import console
from crawler import settings as defaults
from crawler.demo import press
from crawler.demo.server import Request, Response, Server, reset
from crawler.settings import PROJECT
from crawler.store import Store, exports, schema
from crawler.urls import normalize
from spiders.news import HOST_AHEAD, LEASED_AHEAD
from tests.crawling import IN_FULL, article, asked, command, crawl, finished, html, publishers_file, rows, rss, site

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


@dataclass
class Demo:
    store: Path
    servers: Mapping[str, Server]
    truth: Mapping[str, press.Telling]  #: by normalized URL
    stories: Mapping[str, int]  #: what the crawl decided: story by URL
    runs: list[subprocess.CompletedProcess[str]]
    asked: list[list[Request]]  #: the requests of each run


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The bundled papers, crawled twice."""
    folder = tmp_path_factory.mktemp("demo")
    store = folder / "demo.db"
    runs, requests = [], []
    with press.serve(repeat(0)) as servers:
        publishers = folder / "publishers.toml"
        publishers.write_text(press.publishers_toml(servers), encoding="utf-8")
        for _ in range(2):
            before = {name: len(server.requests) for name, server in servers.items()}
            runs.append(crawl("news", store, publishers, ["all=true"]))
            requests.append([r for name, server in servers.items() for r in server.requests[before[name] :]])
        truth = {normalize(url): telling for url, telling in press.truth(servers).items()}
        stories = dict(tuple(row) for row in rows(store, "select url, story_id from articles"))
        yield Demo(store, servers, truth, stories, runs, requests)


def test_every_bundled_article_is_stored_once(demo: Demo) -> None:
    assert set(demo.stories) == set(demo.truth)


def test_the_stories_of_the_bundled_papers_are_the_true_ones(demo: Demo) -> None:
    true, got = defaultdict(set), defaultdict(set)
    for url, telling in demo.truth.items():
        true[telling.story].add(url)
    for url, story in demo.stories.items():
        got[story].add(url)
    assert sorted(map(sorted, got.values())) == sorted(map(sorted, true.values()))


def test_a_copy_that_credits_nobody_inherits_its_storys_agency(demo: Demo) -> None:
    agencies = {
        row.url: row.agency
        for row in rows(demo.store, "select a.url, s.agency from articles a join stories s on s.id = a.story_id")
    }
    wrong = {url: agencies[url] for url, telling in demo.truth.items() if telling.agency != agencies[url]}
    assert wrong == {}


def test_the_bodies_of_the_bundled_papers_hold_their_text_and_no_furniture(demo: Demo) -> None:
    bodies = {row.url: row.body for row in rows(demo.store, "select url, body from articles")}
    wrong = [url for url, telling in demo.truth.items() if bodies[url] != telling.article.body]
    assert wrong == []


def test_a_second_run_asks_each_feed_once_and_conditionally_and_fetches_nothing_else(demo: Demo) -> None:
    feeds = [request for request in demo.asked[1] if request.path != "/robots.txt"]
    assert len(feeds) == sum(len(paper.feeds) for paper in press.papers())
    assert all("if-none-match" in request.headers for request in feeds)


def test_a_run_ends_with_one_line_on_what_it_did(demo: Demo) -> None:
    first, second = demo.runs
    assert (first.returncode, second.returncode) == (0, 0)
    assert len(first.stderr.splitlines()) == 1
    assert "29 articles stored" in first.stderr
    assert second.stderr.endswith("14 feeds polled, 14 unchanged\n")


def test_the_readme_shows_what_the_demo_prints(demo: Demo) -> None:
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    shown = readme[readme.index("copies  agency") :].partition("     …\n")[0]
    with Store(f"sqlite:///{demo.store}") as store, store.read() as connection:
        table = console.stories_table(exports.most_printed(connection, limit=6))
    printed = io.StringIO()
    console.show(table, Console(file=printed, width=140))
    # But for ids, and for which of two that were printed on one day, without a time, comes first: as pages come.
    texts = [re.sub(r" 00:00| *\d* *$", "", text, flags=re.MULTILINE) for text in (shown, printed.getvalue())]
    words = [sorted(text.replace(",", "").split()) for text in texts]
    assert words[0] == words[1]


def test_a_run_when_no_feed_is_due_says_so_and_asks_nothing(demo: Demo) -> None:
    before = sum(len(server.requests) for server in demo.servers.values())
    run = crawl("news", demo.store, demo.store.with_name("publishers.toml"))
    assert run.returncode == 0
    assert "nothing due" in run.stderr
    assert sum(len(server.requests) for server in demo.servers.values()) == before


# --- one crawl of papers that misbehave, each in one way, beside one that does not


BIG = 10_000_000


def misbehave(server: Server, fault: str) -> Response | None:
    """How a paper answers for its feed, or (None) for its pages alone."""
    feed = rss(server.url(f"/{n}") for n in range(3))
    answers = {
        "feed is HTML": html("<html><body><p>No feed here</p></body></html>"),
        "feed is empty": Response(body=b""),
        "feed is cut off": Response(body=feed.body[:-60], headers={"Content-Length": str(len(feed.body))}),
        "feed is gone": html("gone", 410),
        "feed fails": html("oops", 500),
        "feed is reset": Response(raw=reset),
        "feed redirects for ever": Response(302, b"", {"Location": "/feed"}),
    }
    return answers.get(fault)


PAGES = {
    "page is empty": html(""),
    "page is binary": Response(body=os.urandom(200_000), headers={"Content-Type": "text/html"}),
    "page is huge": Response(
        body=article("huge").body + b"<!--" + b"y" * BIG + b"-->", headers={"Content-Type": "text/html"}
    ),
    "page is deep": html("<html><body>" + "<div>" * 60_000 + "<p>deep</p>" + "</div>" * 60_000),
    "page is missing": html("not found", 404),
    "page is too short": html(
        "<html><head><title>Short</title></head><body><article><h1>Short</h1>"
        "<p>The harbour was closed for an hour on Monday, the port said.</p>"
    ),
}
FEEDS = (
    "feed is HTML",
    "feed is empty",
    "feed is cut off",
    "feed is gone",
    "feed fails",
    "feed is reset",
    "feed redirects for ever",
)


@dataclass
class Faulty:
    store: Path
    servers: Mapping[str, Server]
    run: subprocess.CompletedProcess[str]

    def feed(self, name: str) -> tuple[int | None, str | None]:
        """(status, error) of the last poll."""
        host = self.servers[name].host
        return tuple(rows(self.store, f"select status, error from feeds where publisher = '{host}'")[0])

    def entries(self, name: str) -> list[tuple[str, str | None]]:
        host = self.servers[name].host
        return [tuple(r) for r in rows(self.store, f"select state, reason from entries where publisher = '{host}'")]


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Faulty]:
    folder = tmp_path_factory.mktemp("faulty")
    servers: dict[str, Server] = {}
    with ExitStack() as stack:
        for fault in ("nothing is wrong", "links are odd", *FEEDS, *PAGES):
            pages: dict[str, Response] = {}
            server = stack.enter_context(site(pages))
            pages |= {f"/{n}": PAGES.get(fault) or article(f"{fault.replace(' ', '')}{n}") for n in range(3)}
            pages["/feed"] = misbehave(server, fault) or rss(server.url(f"/{n}") for n in range(3))
            if fault == "links are odd":
                odd = (
                    "file:///etc/passwd",
                    "javascript:alert(1)",
                    "mailto:desk@paper.example",
                    "http://",
                    "ftp://127.0.0.1/x",
                )
                pages["/feed"] = rss(
                    [*odd, server.url("/0?utm_source=rss"), server.url("/0#comments"), server.url("/0")]
                )
            servers[fault] = server
        publishers = publishers_file(
            folder / "publishers.toml", {server.host: [server.url("/feed")] for server in servers.values()}
        )
        store = folder / "store.db"
        run = crawl("news", store, publishers, RETRY_TIMES="0", MAX_FAILED_PERCENT="90")
        yield Faulty(store, servers, run)


def test_a_good_paper_loses_nothing_by_the_faults_of_others(faulty: Faulty) -> None:
    assert faulty.entries("nothing is wrong") == [("fetched", None)] * 3


def test_faults_are_no_reason_to_fail_while_they_are_few(faulty: Faulty) -> None:
    assert faulty.run.returncode == 0, faulty.run.stderr
    assert "Traceback" not in faulty.run.stderr


@pytest.mark.parametrize(
    ("fault", "status", "says"),
    [
        ("feed is HTML", 200, "HTML"),
        ("feed is empty", 200, "empty"),
        ("feed is gone", 410, "HTTP 410"),
        ("feed fails", 500, "HTTP 500"),
        ("feed is reset", None, "connection lost"),
        ("feed redirects for ever", None, "too many redirects"),
    ],
)
def test_a_feed_that_cannot_be_read_says_why(faulty: Faulty, fault: str, status: int | None, says: str) -> None:
    got_status, error = faulty.feed(fault)
    assert got_status == status
    assert says.lower() in (error or "").lower()


def test_every_feed_that_failed_is_counted_by_its_cause_too(faulty: Faulty) -> None:
    [(stats,)] = rows(faulty.store, "select stats from runs")
    counted = {key: count for key, count in json.loads(stats).items() if key.startswith("feed/failed")}
    assert counted.pop("feed/failed") == sum(counted.values())
    assert {"feed/failed/not a feed", "feed/failed/empty", "feed/failed/HTTP 500"} < set(counted)


def test_a_feed_that_was_cut_off_is_a_failed_poll_that_keeps_no_validators(faulty: Faulty) -> None:
    host = faulty.servers["feed is cut off"].host
    [(error, digest)] = rows(faulty.store, f"select error, body_hash from feeds where publisher = '{host}'")
    assert error is not None
    assert digest is None


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ("page is empty", ("failed", "empty")),
        ("page is binary", ("dropped", "Unreadable")),
        ("page is deep", ("dropped", "NoBody")),
        ("page is too short", ("dropped", "TooShort")),
        ("page is missing", ("failed", "HTTP 404")),
    ],
)
def test_a_page_that_is_no_article_says_why(faulty: Faulty, fault: str, outcome: tuple[str, str]) -> None:
    assert faulty.entries(fault) == [outcome] * 3


def test_a_page_beyond_the_limit_is_not_read(faulty: Faulty) -> None:
    assert [state for state, _ in faulty.entries("page is huge")] == ["failed"] * 3


def test_tracking_parameters_and_fragments_make_no_second_article(faulty: Faulty) -> None:
    assert asked(faulty.servers["links are odd"]).count("/0?utm_source=rss") == 1
    assert len(asked(faulty.servers["links are odd"])) == 2  # the feed and one page


def test_a_link_that_is_no_web_address_is_refused(faulty: Faulty) -> None:
    assert faulty.entries("links are odd").count(("refused", "not a web address")) == 5


# --- one crawl of pages that are there, but do not come straight


def packed(page: Response, encoding: str, part: float = 1) -> Response:
    """A page as it is sent packed, or the first part of that: its Content-Length is the part's."""
    pack = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstd.compress}[encoding]
    body = pack(page.body)
    return Response(
        body=body[: int(len(body) * part)], headers={"Content-Type": "text/html", "Content-Encoding": encoding}
    )


def at_first(first: Response, then: Response) -> Callable[[Request], Response]:
    answers = chain([first], repeat(then))
    return lambda _: next(answers)


def for_cookie(page: Response, to: str) -> Callable[[Request], Response]:
    """A page for whoever sends the cookie that the others get, with a redirect."""
    set_and_go = Response(302, b"", {"Location": to, "Set-Cookie": "seen=1; Path=/"})
    return lambda request: page if request.headers.get("cookie") == "seen=1" else set_and_go


def with_long_header(page: Response, size: int) -> Response:
    head = f"HTTP/1.1 200 OK\r\nContent-Security-Policy: {'x' * size}\r\nContent-Length: {len(page.body)}\r\n\r\n"
    return Response(raw=lambda connection: connection.sendall(head.encode() + page.body))


def refresh(seconds: int, to: str, words: str = "") -> Response:
    return html(f'<html><head><meta http-equiv="refresh" content="{seconds}; url={to}"></head><body>{words}')


ENCODINGS = ("gzip", "deflate", "br", "zstd")
INDIRECT: dict[str, Response | Callable[[Request], Response]] = {
    **{f"/{encoding} cut off": packed(article(encoding), encoding, 0.7) for encoding in ENCODINGS},
    **{
        f"/{encoding} cut off once": at_first(
            packed(article(f"{encoding} again"), encoding, 0.7), packed(article(f"{encoding} again"), encoding)
        )
        for encoding in ENCODINGS
    },
    "/wrong checksum": Response(
        body=gzip.compress(article("checksum").body)[:-8] + bytes(8), headers={"Content-Encoding": "gzip"}
    ),
    "/packed unsaid": Response(body=gzip.compress(article("unsaid").body), headers={"Content-Type": "text/html"}),
    "/no end of the page": packed(Response(body=article("endless").body.partition(b"</article>")[0]), "gzip"),
    "/cookie": for_cookie(article("cookie"), "/cookie"),
    "/cookie set elsewhere": for_cookie(article("elsewhere"), "/set"),
    "/long header": with_long_header(article("header"), 40_000),
    "/leads on": refresh(0, "/led", "The article has moved."),
    "/shown anew": refresh(300, "/shown anew", article("anew").body.decode()),
}
BEHIND = {
    "/set": Response(302, b"", {"Location": quote("/cookie set elsewhere")}),
    "/led": article("led"),
}


@dataclass
class Indirect:
    entries: Mapping[str, tuple[str, str | None]]  #: path -> (state, reason)
    requests: list[Request]


@pytest.fixture(scope="module")
def indirect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Indirect]:
    folder = tmp_path_factory.mktemp("indirect")
    pages = {quote(path): page for path, page in INDIRECT.items()} | BEHIND
    with site(pages) as server:
        feed = rss(server.url(quote(path)) for path in INDIRECT)
        pages["/feed"] = replace(feed, body=gzip.compress(feed.body))  # as the page that is packed without saying so
        publishers = publishers_file(folder / "publishers.toml", {server.host: [server.url("/feed")]})
        run = crawl("news", folder / "store.db", publishers, RETRY_TIMES="1", MAX_FAILED_PERCENT="90")
        assert run.returncode == 0, run.stderr
        found = rows(folder / "store.db", "select link, state, reason from entries")
        entries = {unquote(row.link.removeprefix(server.url())): (row.state, row.reason) for row in found}
        yield Indirect(entries, server.requests)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_page_of_which_the_packing_breaks_off_is_no_article(indirect: Indirect, encoding: str) -> None:
    assert indirect.entries[f"{encoding} cut off"] == ("failed", "cut off")


@pytest.mark.parametrize(
    "page",
    [
        *(f"{encoding} cut off once" for encoding in ENCODINGS),
        *("wrong checksum", "packed unsaid", "no end of the page", "cookie", "cookie set elsewhere"),
        *("long header", "leads on", "shown anew"),
    ],
)
def test_a_page_that_does_not_come_straight_is_read(indirect: Indirect, page: str) -> None:
    assert indirect.entries[page] == ("fetched", None)


def test_a_cookie_goes_no_further_than_the_redirects_it_came_with(indirect: Indirect) -> None:
    sent = [unquote(request.path) for request in indirect.requests if "cookie" in request.headers]
    assert sorted(sent) == ["/cookie", "/cookie set elsewhere", "/set"]


# --- smaller sites


@pytest.fixture
def paper() -> Iterator[tuple[Server, dict[str, Response]]]:
    """A server and the paths that it answers, to fill."""
    pages: dict[str, Response] = {}
    with site(pages) as server:
        yield server, pages


Paper = tuple[Server, dict[str, Response]]


def test_two_entries_that_lead_to_one_page_make_one_article(paper: Paper, tmp_path: Path) -> None:
    server, pages = paper
    pages["/a"] = article("harbour")
    pages["/short"] = Response(301, b"", {"Location": "/a"})
    pages["/feed"] = rss([server.url("/a"), server.url("/short")])
    store = tmp_path / "store.db"
    run = crawl("news", store, publishers_file(tmp_path / "p.toml", {server.host: [server.url("/feed")]}))
    assert run.returncode == 0, run.stderr
    assert len(rows(store, "select 1 from articles")) == 1
    assert {tuple(r) for r in rows(store, "select state, article_id from entries")} == {
        ("fetched", 1),
        ("duplicate", 1),
    }


def test_a_password_is_sent_where_the_settings_say_so_and_what_links_hold_is_not(paper: Paper, tmp_path: Path) -> None:
    server, pages = paper
    pages["/a"] = article("harbour")
    pages["/feed"] = rss([server.url("/a").replace("//", "//ana:onyx@")])
    publishers = publishers_file(tmp_path / "p.toml", {server.host: [server.url("/feed")]})
    given = {"HTTPAUTH_USER": "desk", "HTTPAUTH_PASS": "pyrite", "HTTPAUTH_DOMAIN": server.host}
    assert crawl("news", tmp_path / "store.db", publishers, **given).returncode == 0
    sent = {request.path: request.headers.get("authorization") for request in server.requests}
    assert sent == dict.fromkeys(("/robots.txt", "/feed", "/a"), "Basic ZGVzazpweXJpdGU=")
    assert [tuple(row) for row in rows(tmp_path / "store.db", "select url from articles")] == [(server.url("/a"),)]


@IN_FULL
def test_pages_that_name_one_address_as_canonical_are_articles_of_their_own(paper: Paper, tmp_path: Path) -> None:
    server, pages = paper
    topics = {"/1": "harbour", "/2": "orchard", "/3": "quarry"}
    pages |= {path: article(topic, '<link rel="canonical" href="/story">') for path, topic in topics.items()}
    pages["/feed"] = rss(map(server.url, topics))
    store = tmp_path / "store.db"
    publishers = publishers_file(tmp_path / "p.toml", {server.host: [server.url("/feed")]})
    for _ in range(2):
        assert crawl("news", store, publishers, ["all=true"], REVISIT_HOURS="2").returncode == 0
        joined = "articles a join entries e on a.id = e.article_id"
        found = rows(store, f"select a.version, a.headline, e.link from {joined}")
        assert {tuple(row) for row in found} == {
            (1, f"News of {topic}", server.url(path)) for path, topic in topics.items()
        }
        assert {state for (state,) in rows(store, "select state from entries")} == {"fetched"}
    assert Counter(asked(server)) == Counter({"/feed": 2} | dict.fromkeys(topics, 2))


def test_a_host_with_more_pages_than_wait_in_memory_is_asked_for_each_once(
    paper: Paper, tmp_path: Path, store_url: str
) -> None:
    server, pages = paper
    paths = [f"/{number}" for number in range(LEASED_AHEAD + HOST_AHEAD)]  # of which nothing is found: that is quick
    pages["/feed"] = rss(map(server.url, paths))
    publishers = publishers_file(tmp_path / "p.toml", {server.host: [server.url("/feed")]})
    crawl("news", store_url, publishers)
    assert Counter(asked(server)) == Counter(["/feed", *paths])
    with Store(store_url) as opened, opened.engine.begin() as connection:
        connection.execute(schema.entries.update().values(state="pending"))
    crawl("news", store_url, publishers)
    assert Counter(asked(server)) == Counter(["/feed", *paths, *paths])


@IN_FULL
def test_a_feed_listed_by_two_publishers_is_asked_for_once(paper: Paper, tmp_path: Path) -> None:
    server, pages = paper
    pages["/a"] = article("harbour")
    pages["/feed"] = rss([server.url("/a")])
    publishers = publishers_file(
        tmp_path / "p.toml", {host: [server.url("/feed")] for host in ("one.example", "two.example")}
    )
    assert crawl("news", tmp_path / "store.db", publishers).returncode == 0
    assert asked(server) == ["/feed", "/a"]


def test_a_run_recounts_a_story_when_a_paper_turns_out_to_credit_all_it_prints_to_one_agency(
    paper: Paper, tmp_path: Path
) -> None:
    server, pages = paper
    paths = [f"/{topic}" for topic in ("quarry", "barn", "mill", "ferry", "orchard", "school", "harbour")]
    pages |= {path: article(path[1:], '<meta name="author" content="AFP">') for path in paths}
    pages["/feed"] = rss(map(server.url, paths))  # the last is the latest, and the first to be fetched
    copy = article("harbour", '<meta name="author" content="Reuters">')
    other_pages = {"/harbour": copy}
    with site(other_pages) as other:
        other_pages["/feed"] = rss([other.url("/harbour")])
        publishers = publishers_file(tmp_path / "p.toml", {one.host: [one.url("/feed")] for one in (server, other)})
        assert crawl("news", tmp_path / "store.db", publishers).returncode == 0
    assert rows(tmp_path / "store.db", "select agency from stories where copies = 2") == [("Reuters",)]


def test_a_sitemap_index_leads_to_its_newest_sitemaps_and_their_pages(paper: Paper, tmp_path: Path) -> None:
    server, pages = paper
    xmlns = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    children = "".join(
        f"<sitemap><loc>{server.url(f'/s{n}.xml')}</loc><lastmod>2026-07-1{n}</lastmod></sitemap>" for n in range(4)
    )
    xml = {"Content-Type": "application/xml"}
    pages["/index.xml"] = Response(body=f"<sitemapindex {xmlns}>{children}</sitemapindex>".encode(), headers=xml)
    for n in range(4):
        pages[f"/s{n}.xml"] = Response(
            body=f"<urlset {xmlns}><url><loc>{server.url(f'/a{n}')}</loc></url></urlset>".encode(), headers=xml
        )
        pages[f"/a{n}"] = article(f"harbour{n}")
    publishers = publishers_file(tmp_path / "p.toml", {server.host: [server.url("/index.xml")]}, "news_sitemaps")
    run = crawl("news", tmp_path / "store.db", publishers, SITEMAP_MAX_CHILDREN="2")
    assert run.returncode == 0, run.stderr
    assert sorted(asked(server)) == ["/a2", "/a3", "/index.xml", "/s2.xml", "/s3.xml"]


@IN_FULL
def test_an_old_entry_is_not_fetched(paper: Paper, tmp_path: Path) -> None:
    server, pages = paper
    pages["/feed"] = rss([server.url("/a")])
    store = tmp_path / "store.db"
    publishers = publishers_file(tmp_path / "p.toml", {server.host: [server.url("/feed")]})
    assert crawl("news", store, publishers, ENTRY_MAX_AGE_DAYS="3").returncode == 0
    assert asked(server) == ["/feed"]
    assert [tuple(r) for r in rows(store, "select state, reason from entries")] == [("dropped", "TooOld")]


def test_given_pages_are_fetched_and_exported_by_scrapys_own_exporter(paper: Paper, tmp_path: Path) -> None:
    server, pages = paper
    pages |= {"/a": article("harbour"), "/b": article("bakery")}
    publishers = publishers_file(tmp_path / "p.toml", {"paper.example": ["https://paper.example/feed"]})
    words = command("pages", tmp_path / "store.db", publishers, [f"url={server.url('/a')},{server.url('/b')}"])
    done = finished([*words, "-o", str(tmp_path / "out.jsonl")])
    assert done.returncode == 0, done.stderr
    exported = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert {row["headline"] for row in exported} == {"News of harbour", "News of bakery"}
    assert {row["publisher"] for row in exported} == {server.host}
    assert not {"signature", "sketch", "entry_id"} & set(exported[0])


def test_a_host_that_reserves_data_mining_is_refused_where_that_is_obeyed_and_shown(
    paper: Paper, tmp_path: Path
) -> None:
    server, pages = paper
    rules = [{"location": "/open/", "tdm-reservation": 0}, {"location": "/", "tdm-reservation": 1}]
    pages |= {
        "/.well-known/tdmrep.json": Response(body=json.dumps(rules).encode()),
        "/a": article("harbour"),
        "/open/b": article("bakery"),
        "/feed": rss([server.url("/a"), server.url("/open/b")]),
    }
    store = tmp_path / "store.db"
    publishers = publishers_file(tmp_path / "p.toml", {server.host: [server.url("/feed")]})
    done = crawl("news", store, publishers, TDM_OBEY="True")
    assert done.returncode == 0, done.stderr
    assert sorted(asked(server)) == ["/.well-known/tdmrep.json", "/feed", "/open/b"]
    outcomes = [tuple(r) for r in rows(store, "select state, reason from entries order by url")]
    assert outcomes == [("refused", "tdm-reservation"), ("fetched", None)]
    settings = ["-s", f"STORE_URL=sqlite:///{store}", "-s", f"PUBLISHERS_FILE={publishers}"]
    words = [sys.executable, "-m", "scrapy", "publishers", server.host, *settings]
    assert "reserves text and data mining" in finished(words).stdout


# --- who crawls


@pytest.mark.parametrize(
    ("settings", "agent", "warns"),
    [
        ({"CONTACT_URL": defaults.CONTACT_URL}, f"Newsfold/0.1 (+{defaults.CONTACT_URL})", True),
        ({"CONTACT_URL": "mailto:ada@research.example"}, "Newsfold/0.1 (+mailto:ada@research.example)", False),
        ({"CONTACT_URL": "", "USER_AGENT": "Ada/1.0 (+https://ada.example)"}, "Ada/1.0 (+https://ada.example)", False),
    ],
    ids=["ours", "a person's", "said otherwise"],
)
def test_a_run_warns_once_where_publishers_could_not_find_who_crawls_them(
    paper: Paper, tmp_path: Path, settings: dict[str, str], agent: str, warns: bool
) -> None:
    server, pages = paper
    pages |= {"/a": article("harbour"), "/feed": rss([server.url("/a")])}
    publishers = publishers_file(tmp_path / "p.toml", {server.host: [server.url("/feed")]})
    run = crawl("news", tmp_path / "store.db", publishers, **settings)
    assert run.returncode == 0, run.stderr
    assert run.stderr.count("CONTACT_URL is not set") == warns
    assert {request.headers["user-agent"] for request in server.requests} == {agent}


# --- exit codes, as cron sees them


@pytest.mark.parametrize(
    ("spider", "arguments", "settings", "code", "says"),
    [
        ("news", ["publisher=nobody.example"], {}, 2, "nobody.example"),
        ("news", ["every=true"], {}, 2, "every"),
        ("pages", [], {}, 2, "url="),
        ("weather", [], {}, 2, "weather"),
        ("news", [], {"CONTACT_URL": ""}, 2, "-s CONTACT_URL=: want a page or a mailto: of yours"),
        ("news", [], {"STORE_URL": "sqlite:////proc/newsfold.db"}, 1, "STORE_URL"),
        ("news", [], {"STORE_URL": "nonsense"}, 1, "STORE_URL"),
        ("news", [], {"PUBLISHERS_FILE": "/nowhere/publishers.toml"}, 1, "/nowhere/publishers.toml"),
    ],
)
def test_a_run_that_cannot_begin_says_why_without_a_traceback(
    tmp_path: Path, spider: str, arguments: list[str], settings: dict[str, str], code: int, says: str
) -> None:
    publishers = publishers_file(tmp_path / "p.toml", {"paper.example": ["http://paper.example/feed"]})
    words = command(spider, tmp_path / "store.db", publishers, arguments)
    for name, value in settings.items():
        words += ["-s", f"{name}={value}"]
    done = finished(words)
    assert done.returncode == code, done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_every_mistake_in_the_publishers_file_is_told_with_its_place(tmp_path: Path) -> None:
    publishers = tmp_path / "publishers.toml"
    publishers.write_text('["paper.example"]\nname = "Paper"\nfeed = ["http://paper.example/feed"]\n')
    run = crawl("news", tmp_path / "store.db", publishers)
    assert run.returncode == 1
    assert run.stderr == "publishers.toml: [paper.example]: unknown key 'feed' (did you mean 'feeds'?)\n"


PAPER = '["paper.example"]\nname = "Paper"\nhomepage = "http://paper.example/"\n'


@pytest.mark.parametrize(
    ("table", "store", "arguments", "code", "error"),
    [
        ("[broken", "store.db", [], 1, "publishers.toml: "),
        (PAPER, "no/such/folder/store.db", [], 1, "no/such/folder"),
        (PAPER, "store.db", ["publisher=other.example"], 2, "not in "),
    ],
)
def test_the_report_tells_of_a_run_that_could_not_begin(
    table: str, store: str, arguments: list[str], code: int, error: str, tmp_path: Path
) -> None:
    publishers, report = tmp_path / "publishers.toml", tmp_path / "report.json"
    publishers.write_text(table)
    report.write_text('{"exit_code": 0}')
    run = crawl("news", tmp_path / store, publishers, arguments, RUN_REPORT=str(report))
    told = json.loads(report.read_text())
    assert (run.returncode, told["exit_code"], told["finish_reason"]) == (code, code, "not_begun")
    assert error in told["error"]


def test_a_run_of_which_every_feed_failed_has_failed(paper: Paper, tmp_path: Path) -> None:
    server, _ = paper
    publishers = publishers_file(tmp_path / "p.toml", {server.host: [server.url("/feed")]})
    assert crawl("news", tmp_path / "store.db", publishers).returncode == 1


@pytest.mark.parametrize(("others", "code"), [(0, 0), (3, 1)])
def test_feeds_known_to_fail_are_no_failure_of_a_run_while_another_that_is_not_due_does_well(
    others: int, code: int, paper: Paper, tmp_path: Path
) -> None:
    server, pages = paper
    pages |= {"/a": article("harbour"), "/feed": rss([server.url("/a")])}
    store, addresses = tmp_path / "store.db", [server.url("/feed"), server.url("/missing")]
    publishers = publishers_file(tmp_path / "p.toml", {server.host: addresses})
    crawl("news", store, publishers)
    engine = sa.create_engine(f"sqlite:///{store}")
    with engine.begin() as connection:
        connection.execute(sa.text(f"update feeds set failures = {others} where url like '%/feed'"))
        connection.execute(sa.text("update feeds set failures = 3, next_poll_at = null where url like '%/missing'"))
    engine.dispose()
    run = crawl("news", store, publishers)
    assert run.stderr.endswith("news: 1 feed polled, 1 feed failed (1 HTTP 404)\n")
    assert run.returncode == code


def test_a_homepage_on_which_no_feed_was_found_is_told_by_the_run_and_by_the_publishers_health(tmp_path: Path) -> None:
    store, publishers = tmp_path / "store.db", tmp_path / "p.toml"
    with site({"/": html("<p>No feed here.</p>")}) as server:
        publishers.write_text(f'["{server.host}"]\nname = "Paper"\nhomepage = "{server.url("/")}"\n', encoding="utf-8")
        run = crawl("news", store, publishers)
    where = ["-s", f"STORE_URL=sqlite:///{store}", "-s", f"PUBLISHERS_FILE={publishers}"]
    health = finished([sys.executable, "-m", "scrapy", "publishers", *where])
    assert run.stderr.endswith("news: 1 homepage without a feed\n")
    assert "nothing of it is polled" in " ".join(health.stdout.split())
    assert health.returncode == 1


@IN_FULL
def test_a_run_of_which_too_many_feeds_failed_is_done_in_part(paper: Paper, tmp_path: Path) -> None:
    server, pages = paper
    pages |= {"/a": article("harbour"), "/feed": rss([server.url("/a")])}
    publishers = publishers_file(tmp_path / "p.toml", {server.host: [server.url("/feed"), server.url("/missing")]})
    assert crawl("news", tmp_path / "store.db", publishers).returncode == 3


def test_a_second_run_on_the_same_store_exits_at_once_and_says_since_when_the_first_runs(tmp_path: Path) -> None:
    pages: dict[str, object] = {}

    def slow(request: Request) -> Response:
        server.stopping.wait(30)
        return html("", 503)

    with site(pages) as server:  # type: ignore[arg-type]
        pages["/feed"] = slow
        publishers = publishers_file(tmp_path / "p.toml", {server.host: [server.url("/feed")]})
        first = subprocess.Popen(command("news", tmp_path / "store.db", publishers), cwd=PROJECT)
        while "/feed" not in asked(server):
            assert first.poll() is None
        second = crawl("news", tmp_path / "store.db", publishers)
        first.kill()
        first.wait()
        third = crawl("news", tmp_path / "store.db", publishers_file(tmp_path / "none.toml", {"a.example": []}))
    assert second.returncode == 75
    assert f"process {first.pid}, since 20" in second.stderr
    assert third.returncode != 75


def test_a_link_that_is_too_long_for_an_index_costs_itself_on_every_store(store_url: str, tmp_path: Path) -> None:
    long = secrets.token_hex(2_500)
    pages: dict[str, Response | Callable[[Request], Response]] = {"/a": article("harbour")}
    pages |= {"/r": Response(302, headers={"Location": f"/{long}"}), f"/{long}": article("orchard")}
    with site(pages) as server:
        pages["/feed"] = rss([f"data:text/plain,{long}", server.url(f"/{long}"), server.url("/a"), server.url("/r")])
        pages["/index.xml"] = Response(
            body=f"<sitemapindex><sitemap><loc>{server.url('/s?utm_id=')}{long}</loc></sitemap></sitemapindex>".encode()
        )
        publishers = publishers_file(tmp_path / "p.toml", {server.host: [server.url("/feed")]})
        with publishers.open("a", encoding="utf-8") as table:
            table.write(f"news_sitemaps = ['{server.url('/index.xml')}']\n")
        run = crawl("news", store_url, publishers)
    assert run.returncode == 0, run.stderr
    found = rows(store_url, "select state, reason from entries order by state, reason")
    assert [tuple(row) for row in found] == [
        ("dropped", "Unreadable"),
        ("fetched", None),
        ("refused", "not a web address"),
        ("refused", "not a web address"),
    ]


@pytest.mark.parametrize("told", [["-L", "DEBUG"], ["-s", "LOG_LEVEL=DEBUG"]])
def test_the_log_at_its_finest_tells_every_request_however_it_is_asked_for(told: list[str], tmp_path: Path) -> None:
    with site({}) as server:
        publishers = publishers_file(tmp_path / "p.toml", {server.host: [server.url("/feed")]})
        run = finished([*command("news", tmp_path / "store.db", publishers), *told])
    assert f"Crawled (404) <GET {server.url('/feed')}>" in run.stderr


def test_a_list_of_pages_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    given = tmp_path / "pages.txt"
    with site({"/a": article("harbour")}) as server:
        given.write_text(f"{server.url('/a')}\n", encoding="utf-8-sig")
        publishers = publishers_file(tmp_path / "p.toml", {server.host: [server.url("/feed")]})
        run = crawl("pages", tmp_path / "store.db", publishers, [f"file={given}"])
    assert run.stderr.endswith("pages: 1 page fetched, 1 article stored\n")


# --- Scrapy's own tools, in this project

MINE = """
import scrapy

class Mine(scrapy.Spider):
    name = "mine"
    start_urls = ["http://paper.example/"]

    def parse(self, response):
        print(response.css("h1::text").get())
"""


@pytest.mark.parametrize(
    "words",
    [
        ["shell", "-c", "print(response.css('h1::text').get())", "http://paper.example/"],
        ["fetch", "http://paper.example/"],
        ["runspider", "MINE"],
    ],
    ids=lambda words: words[0],
)
def test_scrapys_own_tools_work_in_the_project_and_name_whom_to_write_to(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / "mine.py"
    mine.write_text(MINE, encoding="utf-8")
    store = tmp_path / "store.db"
    with Server(lambda request: html("<h1>A quay</h1>", 404 if request.path.endswith("/robots.txt") else 200)) as proxy:
        monkeypatch.setenv("http_proxy", f"http://{proxy.host}")  # it answers for the public name
        given = ["-s", f"STORE_URL=sqlite:///{store}", "-s", "CONTACT_URL=mailto:me@desk.example"]
        run = finished([sys.executable, "-m", "scrapy", *(str(mine) if w == "MINE" else w for w in words), *given])
    assert "A quay" in run.stdout
    assert "Traceback" not in run.stderr
    assert {request.headers["user-agent"] for request in proxy.requests} == {"Newsfold/0.1 (+mailto:me@desk.example)"}
    assert store.exists() == (words[0] == "runspider")  # a crawl need not wait for who looks at a page
