"""Manners over several runs, as the servers' logs and the store tell them: validators, waits, moves, delay."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import pytest
from scrapy.http import Response as ScrapyResponse

from crawler import workers
from crawler.demo.server import Request, Response, Server, reset
from crawler.items import Page
from crawler.spider import header
from tests.crawling import article, crawl, html, rows, rss, site

RUNS = 4
#: An odd spelling of each, to be sent back as it is.
ODD_ETAG, ODD_DATE = 'W/"1 "two" thrée\\"', "tue, 14-jul-26 8:00:00 GMT"
NEW_ETAG = '"new one"'
MOVE_AFTER_POLLS = 3


@dataclass
class Paper:
    """A server and how it answers, to be changed between runs."""

    server: Server
    pages: dict[str, Response | Callable[[Request], Response]]
    robots: list[Response]  #: the last one holds
    runs: list[list[Request]] = field(default_factory=list)  #: what each run asked for

    def paths(self, run: int) -> list[str]:
        """What a run, counted from 1, asked for; robots.txt left out."""
        return [request.path for request in self.runs[run - 1] if request.path != "/robots.txt"]

    def asked_robots(self, run: int) -> int:
        return sum(request.path == "/robots.txt" for request in self.runs[run - 1])


@dataclass
class Press:
    papers: Mapping[str, Paper]
    store: Path
    stores: list[Mapping[str, Mapping[str, object]]]  #: the feeds by URL, after each run
    runs: list[subprocess.CompletedProcess[str]]

    def feed(self, name: str, run: int, path: str = "/feed") -> Mapping[str, object]:
        return self.stores[run - 1][self.papers[name].server.url(path)]

    def wait(self, name: str, path: str = "/feed", run: int = 1) -> timedelta:
        """From a poll to the next."""
        row = self.feed(name, run, path)
        polled, following = (datetime.fromisoformat(str(row[key])) for key in ("polled_at", "next_poll_at"))
        return following - polled

    def entries(self, name: str) -> dict[str, tuple[str, str | None]]:
        """Path -> (state, reason) of what is listed of a server."""
        base = self.papers[name].server.url("")
        found = rows(self.store, "select url, state, reason from entries")
        return {row.url.removeprefix(base): (row.state, row.reason) for row in found if row.url.startswith(base)}


def rules(text: str) -> Response:
    return Response(body=text.encode(), headers={"Content-Type": "text/plain"})


def with_headers(response: Response, **headers: str) -> Response:
    return replace(response, headers={**response.headers, **{k.replace("_", "-"): v for k, v in headers.items()}})


def with_channel(response: Response, text: str) -> Response:
    """An RSS feed with more in its channel."""
    body = response.body.replace(b"<title>Feed</title>", b"<title>Feed</title>" + text.encode(), 1)
    xmlns = b'<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">'
    return replace(response, body=body.replace(b'<rss version="2.0">', xmlns, 1))


def revalidating(feed: Response) -> Callable[[Request], Response]:
    """304 to whoever names the feed's ETag exactly."""

    def answer(request: Request) -> Response:
        if request.headers.get("if-none-match") == feed.headers["ETag"]:
            return Response(304, headers={"ETag": feed.headers["ETag"]})
        return feed

    return answer


def moved(status: int) -> Response:
    return Response(status, headers={"Location": "/new"})


def table(host: str, lines: str) -> str:
    return f'["{host}"]\nname = "Paper at {host}"\nlanguage = "en"\n{lines}\n'


NAMES = (
    *("validators", "not parsed", "never read", "wishes", "429", "503", "503 for a second", "gone", "missing"),
    *("moved", "elsewhere", "homepage wall"),
    *(
        "moved for a time",
        "loop",
        "robots",
        "pages only",
        "opted out",
        "homepage",
        "wall",
        "wall 429",
        "page wall",
        "lists",
    ),
)
WALL = html("<html><head><title>Just a moment...</title></head><body>Verify you are human</body></html>", 403)


@pytest.fixture(scope="module")
def manners(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    """Four runs of one press with -a all=true; some of its papers change between them."""
    folder = tmp_path_factory.mktemp("manners")
    store = folder / "store.db"
    with ExitStack() as stack:
        papers = {name: stack.enter_context(_paper()) for name in NAMES}
        tables = [_fill(name, papers) for name in NAMES]
        publishers = folder / "publishers.toml"
        publishers.write_text("\n".join(tables), encoding="utf-8")
        press = Press(papers, store, [], [])
        # Without any delay Scrapy sends two requests that reach a slot together, whatever its concurrency.
        settings = {"DOWNLOAD_DELAY": "0.05", "RETRY_TIMES": "0", "MOVE_AFTER_POLLS": str(MOVE_AFTER_POLLS)}
        for run in range(1, RUNS + 1):
            _change(papers, store, run)
            before = {name: len(paper.server.requests) for name, paper in papers.items()}
            press.runs.append(crawl("news", store, publishers, ["all=true"], **settings))
            for name, paper in papers.items():
                paper.runs.append(paper.server.requests[before[name] :])
            press.stores.append({row.url: row._mapping for row in rows(store, "select * from feeds")})
        yield press


class _paper(ExitStack):  # noqa: N801 - it is used as a function
    """A context of a Paper."""

    def __enter__(self) -> Paper:  # type: ignore[override]
        pages: dict[str, Response | Callable[[Request], Response]] = {}
        robots = [html("no rules", 404)]
        server = site(pages)
        answer = server.answer
        server.answer = lambda request: robots[-1] if request.path == "/robots.txt" else answer(request)
        return Paper(self.enter_context(server), pages, robots)


def _fill(name: str, papers: Mapping[str, Paper]) -> str:
    """Set up a paper for the first run. Returns its table of publishers.toml."""
    paper = papers[name]
    server, pages = paper.server, paper.pages
    feeds, more = [server.url("/feed")], ""
    pages["/a"] = article(f"{name.replace(' ', '')}a")
    plain = rss([server.url("/a")])
    pages["/feed"] = plain
    if name == "validators":
        feed = with_headers(plain, ETag=ODD_ETAG, Last_Modified=ODD_DATE)
        pages["/feed"] = revalidating(feed)
    elif name == "not parsed":
        pages["/feed"] = with_headers(html("<html><p>No feed here</p></html>"), ETag='"html"')
    elif name == "never read":
        pages["/feed"] = Response(304, headers={"ETag": '"never read"'})
    elif name == "wishes":
        sy = "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>"
        pages |= {
            "/ttl": with_channel(rss([]), "<ttl>120</ttl>"),
            "/fresh": with_headers(rss([]), Cache_Control="public, max-age=10800"),
            "/sy": with_channel(rss([]), sy),
            "/plain": rss([]),
        }
        feeds = [server.url(path) for path in ("/ttl", "/fresh", "/sy", "/plain")]
    elif name in ("429", "503"):
        status, value = (
            (429, "3600")
            if name == "429"
            else (503, format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True))
        )
        pages["/feed"] = pages["/second"] = html("later", status, **{"Retry-After": value})
        feeds.append(server.url("/second"))
    elif name == "503 for a second":
        pages["/feed"] = _first(with_headers(html("busy", 503), Retry_After="1"), plain)
    elif name in ("gone", "missing"):
        pages["/feed"] = html("not here", 410 if name == "gone" else 404)
    elif name in ("moved", "moved for a time", "elsewhere"):
        pages["/feed"] = moved(302 if name == "elsewhere" else 301)
        pages["/new"] = plain
    elif name == "loop":
        pages["/feed"] = Response(302, headers={"Location": "/feed"})
    elif name == "robots":
        paper.robots.append(rules("User-agent: *\nDisallow: /no"))
        pages |= {path: article(path.strip("/") + "robots") for path in ("/no", "/yes")}
        pages["/feed"] = rss([server.url("/no"), server.url("/a")])
    elif name == "pages only":
        paper.robots.append(rules("User-agent: *\nDisallow: /"))
        more = 'robots = "pages"'
    elif name == "opted out":
        says = {
            "/noindex": article("noindex", '<meta name="robots" content="noindex, follow">'),
            "/header": with_headers(article("headertag"), X_Robots_Tag="noindex"),
            "/others": with_headers(article("otherstag"), X_Robots_Tag="othercrawler: noindex"),
            "/noarchive": article("noarchive", '<meta name="robots" content="noarchive">'),
            "/unavailable": article("unavailable", '<meta name="robots" content="unavailable_after: 2026-07-15">'),
            "/tdm": article("reserved", '<meta name="tdm-reservation" content="1">'),
        }
        pages |= says
        pages["/feed"] = rss(server.url(path) for path in says)
    elif name == "homepage":
        pages["/"] = html('<html><link rel="alternate" type="application/rss+xml" href="/feed"><h1>Front</h1></html>')
        pages["/feed"] = revalidating(with_headers(plain, ETag='"found"'))
        return table(server.host, f'homepage = "{server.url("/")}"')
    elif name == "homepage wall":
        pages |= dict.fromkeys(("/", "/feed", "/rss", "/feed.xml", "/rss.xml"), WALL)
        return table(server.host, f'homepage = "{server.url("/")}"')
    elif name == "wall":
        pages |= {"/feed": WALL, "/second": html(WALL.body.decode())}
        feeds.append(server.url("/second"))
    elif name == "wall 429":
        pages["/feed"] = replace(WALL, status=429)
    elif name == "page wall":
        pages["/a"] = WALL
        pages["/b"] = html(WALL.body.decode())
        pages["/feed"] = rss([server.url("/a"), server.url("/b")])
    elif name == "lists":
        pages["/feed"] = rss(papers[host].server.url("/a") for host in ("429", "503"))
    return table(server.host, f"feeds = {feeds}\n{more}")


def _first(first: Response, then: Response) -> Callable[[Request], Response]:
    left = [first]
    return lambda request: left.pop() if left else then


def _change(papers: Mapping[str, Paper], store: Path, run: int) -> None:
    """What is different from a run on."""
    plain = rss([papers["validators"].server.url("/a")])
    if run == 3:
        # The same bytes under another ETag: a server farm does that.
        papers["validators"].pages["/feed"] = revalidating(with_headers(plain, ETag=NEW_ETAG))
        papers["moved for a time"].pages["/feed"] = rss([])
    if run == 4:
        papers["moved for a time"].pages["/feed"] = moved(301)
        robots = papers["robots"]
        robots.robots.append(html("down", 500))
        robots.pages["/feed"] = rss([robots.server.url("/no2"), robots.server.url("/yes")])
        with sqlite3.connect(store) as connection:
            day_ago = (datetime.now(UTC) - timedelta(hours=25)).strftime("%Y-%m-%d %H:%M:%S.%f")
            connection.execute("update hosts set robots_at = ? where host = ?", (day_ago, robots.server.host))
        connection.close()


# --- conditional requests


def test_validators_are_sent_as_the_server_wrote_them(manners: Press) -> None:
    [request] = [r for r in manners.papers["validators"].runs[1] if r.path == "/feed"]
    assert request.headers["if-none-match"] == ODD_ETAG
    assert request.headers["if-modified-since"] == ODD_DATE


def test_a_validator_with_nul_is_none() -> None:
    assert header(ScrapyResponse("https://paper.example/feed", headers={"ETag": b'"a\0b"'}), "ETag") is None


def test_a_304_is_a_good_poll_after_which_the_next_is_due_later(manners: Press) -> None:
    feed = manners.feed("validators", 2)
    assert (feed["status"], feed["error"], feed["polls_unchanged"]) == (304, None, 1)
    assert manners.wait("validators", run=2) >= timedelta(minutes=10)


def test_a_304_loses_no_validator_that_it_leaves_out(manners: Press) -> None:
    assert manners.feed("validators", 2)["last_modified"] == ODD_DATE


def test_the_same_bytes_under_a_new_etag_are_unchanged_and_the_etag_is_kept(manners: Press) -> None:
    feed = manners.feed("validators", 3)
    assert (feed["status"], feed["polls_unchanged"], feed["etag"]) == (200, 2, NEW_ETAG)
    [request] = [r for r in manners.papers["validators"].runs[3] if r.path == "/feed"]
    assert request.headers["if-none-match"] == NEW_ETAG


def test_a_feed_that_was_not_parsed_keeps_no_validators(manners: Press) -> None:
    assert manners.feed("not parsed", 1)["etag"] is None
    [request] = [r for r in manners.papers["not parsed"].runs[1] if r.path == "/feed"]
    assert "if-none-match" not in request.headers


def test_a_304_to_whom_nothing_was_sent_before_is_a_failed_poll_without_validators(manners: Press) -> None:
    feed = manners.feed("never read", RUNS)
    assert (feed["status"], feed["error"], feed["etag"], feed["failures"]) == (304, "HTTP 304", None, RUNS)


# --- when to come again


@pytest.mark.parametrize(
    ("path", "minutes"), [("/ttl", 120), ("/fresh", 180), ("/sy", 720), ("/plain", 10)], ids=lambda value: str(value)
)
def test_a_feed_is_asked_again_when_it_wishes(manners: Press, path: str, minutes: int) -> None:
    assert timedelta(minutes=minutes) <= manners.wait("wishes", path) <= timedelta(minutes=minutes * 1.11)


@pytest.mark.parametrize("name", ["429", "503"])
def test_retry_after_holds_for_the_whole_host_and_for_later_runs(manners: Press, name: str) -> None:
    paper = manners.papers[name]
    assert len(paper.paths(1)) == 1
    assert [paper.paths(run) for run in (2, 3, 4)] == [[], [], []]
    assert manners.entries(name) == {"/a": ("pending", None)}


def test_a_feed_told_to_wait_is_not_polled_before(manners: Press) -> None:
    asked = manners.papers["429"].paths(1)[0]
    assert timedelta(minutes=59) < manners.wait("429", asked) < timedelta(minutes=61)


def test_a_short_retry_after_is_waited_for_within_the_run(manners: Press) -> None:
    paper = manners.papers["503 for a second"]
    assert paper.paths(1) == ["/feed", "/feed", "/a"]
    first, second = (request.time for request in paper.runs[0] if request.path == "/feed")
    assert second - first >= 1
    assert manners.entries("503 for a second") == {"/a": ("fetched", None)}


def test_a_feed_that_is_gone_is_not_asked_again(manners: Press) -> None:
    assert [manners.papers["gone"].paths(run) for run in (1, 2, 3, 4)] == [["/feed"], [], [], []]
    assert manners.feed("gone", 1)["stopped_at"] is not None


def test_a_missing_feed_is_asked_again_after_the_longest_wait(manners: Press) -> None:
    assert manners.wait("missing") == timedelta(hours=24)


# --- moves


def test_a_feed_moves_after_so_many_good_polls_that_redirect_for_good(manners: Press) -> None:
    paper = manners.papers["moved"]
    assert [manners.feed("moved", run)["moving_polls"] for run in (1, 2)] == [1, 2]
    assert manners.feed("moved", 3)["location"] == paper.server.url("/new")
    assert paper.paths(4) == ["/new"]


def test_a_redirect_for_the_time_being_moves_nothing(manners: Press) -> None:
    feed = manners.feed("elsewhere", RUNS)
    assert (feed["error"], feed["location"], feed["moving_polls"]) == (None, None, 0)
    assert manners.papers["elsewhere"].paths(RUNS) == ["/feed", "/new"]


def test_a_move_that_was_taken_back_counts_from_the_start(manners: Press) -> None:
    assert [manners.feed("moved for a time", run)["moving_polls"] for run in (1, 2, 3, 4)] == [1, 2, 0, 1]
    assert manners.feed("moved for a time", RUNS)["location"] is None


def test_a_redirect_loop_is_one_failed_poll(manners: Press) -> None:
    feed = manners.feed("loop", 1)
    assert (feed["polls"], feed["failures"], feed["error"]) == (1, 1, "too many redirects")


# --- robots.txt and opt-outs


def test_robots_txt_is_kept_for_later_runs_and_asked_for_again_after_a_day(manners: Press) -> None:
    assert [manners.papers["robots"].asked_robots(run) for run in (1, 2, 3, 4)] == [1, 0, 0, 1]


def test_the_last_good_rules_serve_while_robots_txt_fails(manners: Press) -> None:
    assert "/no2" not in manners.papers["robots"].paths(4)
    assert "/yes" in manners.papers["robots"].paths(4)
    assert manners.entries("robots")["/no2"] == ("refused", "robots.txt")


def test_robots_pages_frees_the_feeds_that_a_person_named_and_no_page(manners: Press) -> None:
    assert manners.papers["pages only"].paths(1) == ["/feed"]
    assert manners.entries("pages only") == {"/a": ("refused", "robots.txt")}


def test_noindex_refuses_a_page_and_what_speaks_of_a_cache_does_not(manners: Press) -> None:
    assert manners.entries("opted out") == {
        "/noindex": ("refused", "noindex"),
        "/header": ("refused", "noindex"),
        "/others": ("fetched", None),
        "/noarchive": ("fetched", None),
        "/unavailable": ("fetched", None),
        "/tdm": ("fetched", None),
    }


def test_a_reservation_of_data_mining_is_noted_of_the_host(manners: Press) -> None:
    reserved = {row.host for row in rows(manners.store, "select host from hosts where tdm_reserved")}
    assert reserved == {manners.papers["opted out"].server.host}


def test_a_reservation_of_data_mining_refuses_a_page_where_that_is_set() -> None:
    body = article("reserved", '<meta name="tdm-reservation" content="1">').body
    page = Page(url="http://paper.example/tdm", body=body, publisher="paper.example")
    with pytest.raises(workers.OptedOutError, match="tdm-reservation"):
        workers.clean(page, None, workers.Rules(tdm=True))


# --- walls


@pytest.mark.parametrize(("name", "path"), [("wall", "/feed"), ("wall", "/second"), ("wall 429", "/feed")])
def test_a_feed_behind_a_bot_wall_is_said_to_be(manners: Press, name: str, path: str) -> None:
    assert str(manners.feed(name, 1, path)["error"]).startswith("bot wall: ")


def test_a_homepage_behind_a_bot_wall_is_said_to_be(manners: Press) -> None:
    assert str(manners.feed("homepage wall", 1, "/")["error"]).startswith("bot wall: ")


def test_a_page_behind_a_bot_wall_is_said_to_be_and_not_stored(manners: Press) -> None:
    assert manners.entries("page wall") == {"/a": ("failed", "bot wall: HTTP 403"), "/b": ("dropped", "BotWall")}
    host = manners.papers["page wall"].server.host
    assert rows(manners.store, f"select 1 from articles where publisher = '{host}'") == []


def test_a_noindex_of_a_bot_wall_is_none_of_the_paper() -> None:
    body = b"<html><meta name=robots content=noindex><iframe src='/_Incapsula_Resource?SWUDNSAI=31'></iframe></html>"
    page = Page(url="http://paper.example/a", body=body, publisher="paper.example")
    article, _ = workers.clean(page, None, workers.Rules())
    assert article.kind == "wall"


# --- discovery


def test_a_homepage_is_enough_and_what_was_found_is_remembered(manners: Press) -> None:
    paper = manners.papers["homepage"]
    assert "/a" in paper.paths(1)
    assert manners.feed("homepage", 1)["parent"] == paper.server.url("/")
    # A feed that was found is polled with its validators; nothing is looked for again within DISCOVERY_DAYS.
    assert paper.paths(2).count("/feed") >= 1


# --- the delay


@dataclass
class Delays:
    servers: Mapping[str, Server]
    seconds: float

    def gaps(self, name: str) -> list[float]:
        times = [request.time for request in self.servers[name].requests]
        return [later - earlier for earlier, later in pairwise(times)]


DELAY, WISH, BOUND = 0.3, 0.6, 0.8


@pytest.fixture(scope="module")
def delays(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Delays]:
    """One run with a delay over hosts that answer quickly, slowly, or not at all, or ask for a longer one."""
    folder = tmp_path_factory.mktemp("delays")
    robots = {
        "wishes": rules(f"User-agent: *\nCrawl-delay: {WISH}"),
        "wishes for too much": rules("User-agent: *\nCrawl-delay: 500"),
    }
    with ExitStack() as stack:
        servers: dict[str, Server] = {}
        tables = []
        for name in ("shared", "slow", "resets", "wishes", "wishes for too much"):
            pages: dict[str, Response | Callable[[Request], Response]] = {}
            server = stack.enter_context(site(pages, robots.get(name)))
            servers[name] = server
            for number in range(3):
                pages[f"/feed{number}"] = rss([server.url(f"/{number}")])
                page = article(f"{name.replace(' ', '')}{number}")
                pages[f"/{number}"] = page if name != "slow" else _slowly(server, page)
            if name == "resets":
                pages["/1"] = Response(raw=reset)
            if name == "shared":
                # Three publishers, one of which lists what another does.
                for number in range(3):
                    feeds = [server.url(f"/feed{n}") for n in {number, 2}]
                    tables.append(table(f"paper{number}.example", f"feeds = {feeds}"))
            else:
                tables.append(table(server.host, f"feeds = {[server.url(f'/feed{n}') for n in range(3)]}"))
        publishers = folder / "publishers.toml"
        publishers.write_text("\n".join(tables), encoding="utf-8")
        settings = {"DOWNLOAD_DELAY": str(DELAY), "CRAWL_DELAY_MAX_SECONDS": str(BOUND)}
        crawl("news", folder / "store.db", publishers, **settings)
        times = [request.time for server in servers.values() for request in server.requests]
        yield Delays(servers, max(times) - min(times))


def _slowly(server: Server, page: Response) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        server.stopping.wait(0.4)
        return page

    return answer


@pytest.mark.parametrize(
    ("name", "seconds"),
    [("shared", DELAY), ("slow", DELAY), ("resets", DELAY), ("wishes", WISH), ("wishes for too much", BOUND)],
)
def test_two_requests_to_a_host_are_never_closer_than_its_delay(delays: Delays, name: str, seconds: float) -> None:
    # The robots.txt that asks for a longer delay is read before it is known.
    gaps = delays.gaps(name)[1 if seconds > DELAY else 0 :]
    assert len(gaps) >= 5
    assert min(gaps) >= seconds - 0.01  # a timer's


def test_a_feed_of_several_publishers_is_asked_for_once(delays: Delays) -> None:
    paths = [request.path for request in delays.servers["shared"].requests]
    assert paths.count("/feed2") == 1


def test_hosts_are_asked_side_by_side(delays: Delays) -> None:
    alone = [server.requests[-1].time - server.requests[0].time for server in delays.servers.values()]
    assert delays.seconds < 0.6 * sum(alone)
