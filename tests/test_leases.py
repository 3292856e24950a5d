"""Runs that share a PostgreSQL store share its hosts: each is asked by one of them at a time, at the pace of one."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa

from crawler.demo.server import Request, Response, Server
from crawler.items import Entry
from crawler.settings import PROJECT
from crawler.store import Store, entries, feeds, hosts, leases, runs
from crawler.store.entries import Listed
from crawler.store.feeds import Feed, Poll
from crawler.store.leases import Turn, Wish
from tests.crawling import IN_FULL, article, asked, command, crawl, publishers_file, rows, rss, site

pytestmark = pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)

NOW = datetime(2026, 7, 14, 12, 0, tzinfo=UTC)
FEED = Feed(url="https://herald.example/feed", publisher="herald.example", kind="feed")
WISH = Wish(since=NOW, urls=(FEED.url,), publishers=("herald.example",), all_feeds=False)

Pages = dict[str, "Response | Callable[[Request], Response]"]

# --------------------------------------------------------------------------------------------------------- in the store


def take(store: Store, run: int, *names: str, seconds: float = 60) -> set[str]:
    return set(store.write_now(partial(leases.take, run=run, wanted=names, seconds=seconds, limit=len(names))))


def turn(store: Store, run: int, idle: Iterable[str] = (), asked: Iterable[int | str] = (), limit: int = 9) -> Turn:
    """A turn of a run that wants the herald's feed and pages."""
    job = partial(
        leases.turn,
        run=run,
        wish=WISH,
        idle=dict.fromkeys(idle, 0.0),
        asked=frozenset(asked),
        left=(),
        wanted=("herald.example",),
        without=(),
        limit=limit,
        seconds=60,
    )
    return store.write_now(job)


def list_page(store: Store, url: str) -> int:
    """A page that the herald's feed lists. Returns its entry's id."""
    listed = Listed(url=url, publisher="herald.example", entry=Entry(url=url))
    poll = Poll(status=200, changed=True, next_poll_at=NOW + timedelta(hours=1))
    store.write_now(partial(feeds.register, wanted=[FEED]))
    (new,) = store.write_now(partial(feeds.record_poll, feed=FEED, poll=poll, listed=[listed], now=NOW))
    return new.id


def test_two_runs_that_look_at_the_same_time_lease_different_hosts(store: Store) -> None:
    names = [f"host{number}.example" for number in range(6)]
    take(store, 9, *names)
    store.write_now(partial(leases.give_back, run=9, rests=dict.fromkeys(names, 0.0)))
    with store.engine.begin() as one, store.engine.begin() as other:
        first = leases.take(one, 1, names, 60, limit=3)
        second = leases.take(other, 2, names, 60, limit=6)  # waits for nobody
    assert len(first) == 3
    assert set(first) | set(second) == set(names)
    assert not set(first) & set(second)


def test_a_host_is_leased_by_one_run_until_it_is_given_back(store: Store) -> None:
    assert take(store, 1, "herald.example") == {"herald.example"}
    assert take(store, 2, "herald.example") == set()
    store.write_now(partial(leases.give_back, run=2, rests={"herald.example": 0.0}))  # which has nothing to give
    assert take(store, 2, "herald.example") == set()
    store.write_now(partial(leases.give_back, run=1, rests={"herald.example": 0.0}))
    assert take(store, 2, "herald.example") == {"herald.example"}


def test_the_rest_of_a_hosts_delay_goes_with_it_to_the_next_run(store: Store) -> None:
    take(store, 1, "herald.example")
    store.write_now(partial(leases.give_back, run=1, rests={"herald.example": 20.0}))
    taken = store.write_now(partial(leases.take, run=2, wanted=["herald.example"], seconds=60))
    assert 0 < taken["herald.example"] <= 20


def test_a_lease_that_ended_is_another_runs_to_take_and_cannot_be_renewed_then(store: Store) -> None:
    take(store, 1, "herald.example", "gazette.example", seconds=0)
    assert take(store, 2, "herald.example") == {"herald.example"}
    assert store.write_now(partial(leases.renew, run=1, seconds=60)) == {"gazette.example"}


def test_a_host_that_asked_to_wait_is_not_leased(store: Store) -> None:
    list_page(store, "https://herald.example/a")
    in_an_hour = datetime.now(UTC) + timedelta(hours=1)
    store.write_now(partial(hosts.wait, host="herald.example", until=in_an_hour))
    found = turn(store, 1)
    assert (found.taken, found.free, found.elsewhere) == ({}, False, 0)


def test_an_idle_host_on_which_another_run_found_pages_is_kept_for_them(store: Store) -> None:
    first = list_page(store, "https://herald.example/a")
    assert [page.id for page in turn(store, 1).pages] == [first]
    second = list_page(store, "https://herald.example/b")
    found = turn(store, 1, idle=["herald.example"], asked=[first])
    assert set(found.kept) == {"herald.example"}
    assert second in {page.id for page in found.pages}


def test_a_host_with_nothing_to_ask_for_is_given_back(store: Store) -> None:
    page = list_page(store, "https://herald.example/a")
    turn(store, 1)
    store.write_now(partial(entries.settle, entry_id=page, state="dropped", reason="TooShort", now=NOW))
    assert set(turn(store, 1, idle=["herald.example"], asked=[page], limit=0).given_back) == {"herald.example"}
    assert take(store, 2, "herald.example") == {"herald.example"}


def test_a_page_that_came_to_no_end_holds_no_host_and_is_not_asked_for_again(store: Store) -> None:
    page = list_page(store, "https://herald.example/a")
    turn(store, 1)
    found = turn(store, 1, idle=["herald.example"], asked=[page])
    assert set(found.unfinished) == {"herald.example"}
    assert found.taken == {}


def test_a_run_that_finds_its_hosts_leased_is_told_how_many(store: Store) -> None:
    list_page(store, "https://herald.example/a")
    turn(store, 1)
    found = turn(store, 2)
    assert (found.taken, found.free, found.elsewhere) == ({}, False, 1)


def test_runs_side_by_side_go_by_the_start_of_the_first(store: Store) -> None:
    started = [NOW + timedelta(seconds=seconds) for seconds in (0, 1, 2)]
    killed, first, second = (store.write_now(partial(runs.begin, spider="news", now=when)) for when in started)
    take(store, killed, "gazette.example", seconds=0)
    take(store, first, "herald.example")
    assert store.write_now(partial(leases.first_at_work, run=second, started=started[2])) == started[1]


# -------------------------------------------------------------------------------------------------------- whole crawls


@contextlib.contextmanager
def press(count: int, pages: int, latency: float = 0.0) -> Iterator[list[Server]]:
    """So many sites with a feed of so many pages each."""
    with contextlib.ExitStack() as stack:
        servers = []
        for number in range(count):
            served: Pages = {}
            server = stack.enter_context(site(served))
            served |= {f"/{n}": slowly(server, article(f"w{number}harbour{n}"), latency) for n in range(pages)}
            served["/feed"] = rss(server.url(f"/{n}") for n in range(pages))
            servers.append(server)
        yield servers


def slowly(server: Server, response: Response, seconds: float) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        server.stopping.wait(seconds)
        return response

    return answer


def listed(folder: Path, servers: Iterable[Server]) -> Path:
    return publishers_file(folder / "publishers.toml", {server.host: [server.url("/feed")] for server in servers})


def naming(folder: Path, here: Server, other: Server) -> Path:
    """The feed of one site, and the other by name alone."""
    file = listed(folder, [here])
    table = f'["{other.host}"]\nname = "Other"\nhomepage = "{other.url("/")}"\nfeeds = ["{here.url("/feed")}"]\n'
    file.write_text(f"{file.read_text()}\n{table}")
    return file


def start(words: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(words, cwd=PROJECT, stderr=subprocess.PIPE, text=True)


def until(is_true: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    while not is_true():
        assert process.poll() is None, process.communicate()


def shortest_gap(server: Server) -> float:
    times = [request.time for request in server.requests]
    return min(later - earlier for earlier, later in pairwise(times))


def asked_twice(servers: Iterable[Server]) -> list[str]:
    counted = Counter(server.host + path for server in servers for path in asked(server) if path != "/feed")
    return [page for page, count in counted.items() if count > 1]


def states(url: str) -> dict[str, int]:
    return {row.state: row.n for row in rows(url, "select state, count(*) as n from entries group by state")}


def test_crawls_side_by_side_keep_each_hosts_delay_and_fetch_each_page_once(store_url: str, tmp_path: Path) -> None:
    with press(9, 4) as servers:
        words = command("news", store_url, listed(tmp_path, servers), ["all=true"], DOWNLOAD_DELAY="0.5")
        crawls = [start(words) for _ in range(3)]
        told = [process.communicate(timeout=120)[1] for process in crawls]
    assert {process.returncode for process in crawls} <= {0, 75}, told
    assert states(store_url) == {"fetched": 36}
    assert asked_twice(servers) == []
    assert min(map(shortest_gap, servers)) >= 0.5


def test_a_run_that_finds_everything_leased_says_so_and_asks_nothing(store_url: str, tmp_path: Path) -> None:
    with press(2, 1) as servers, Store(store_url) as store:
        take(store, 1_000_000, *(server.host for server in servers))
        run = crawl("news", store_url, listed(tmp_path, servers))
    assert run.returncode == 75
    assert run.stderr.splitlines()[-1] == "2 hosts have something due, other runs lease all of them"
    assert [request.path for server in servers for request in server.requests] == []


@IN_FULL
def test_what_a_killed_run_had_leased_is_done_by_the_next_one_after_the_leases_end(
    store_url: str, tmp_path: Path
) -> None:
    with press(3, 4) as servers:
        words = command("news", store_url, listed(tmp_path, servers), DOWNLOAD_DELAY="0.3", LEASE_SECONDS="4")
        killed = start(words)
        until(lambda: sum(len(asked(server)) for server in servers) > 6, killed)
        killed.kill()
        killed.communicate()
        with Store(store_url) as store:
            while store.write_now(lambda connection: leases_left(connection)):
                os.sched_yield()
        again = start(words)
        told = again.communicate(timeout=120)[1]
    assert again.returncode == 0, told
    assert states(store_url) == {"fetched": 12}
    assert min(map(shortest_gap, servers)) >= 0.3


def leases_left(connection: sa.Connection) -> int:
    query = "select count(*) from hosts where leased_by is not null and leased_until > clock_timestamp()"
    return int(connection.exec_driver_sql(query).scalar_one())


@IN_FULL
def test_a_run_that_stalled_past_its_leases_leaves_the_hosts_to_the_run_that_has_them_now(
    store_url: str, tmp_path: Path
) -> None:
    with press(2, 10) as servers:
        words = command("news", store_url, listed(tmp_path, servers), DOWNLOAD_DELAY="0.4", LEASE_SECONDS="2")
        stalled = start(words)
        until(lambda: all(len(asked(server)) > 2 for server in servers), stalled)
        stalled.send_signal(signal.SIGSTOP)
        with Store(store_url) as store:
            while store.write_now(lambda connection: leases_left(connection)):
                os.sched_yield()
        other = start(words)
        before = [len(server.requests) for server in servers]
        until(lambda: any(len(s.requests) > had for s, had in zip(servers, before, strict=True)), other)
        stalled.send_signal(signal.SIGCONT)
        told = [process.communicate(timeout=120)[1] for process in (stalled, other)]
    assert {stalled.returncode, other.returncode} <= {0, 75}, told
    assert "pending" not in states(store_url)
    assert len(rows(store_url, "select 1 from articles")) == 20
    assert min(map(shortest_gap, servers)) >= 0.4


@IN_FULL
def test_the_delay_of_a_host_holds_from_one_run_to_the_next(store_url: str, tmp_path: Path) -> None:
    with press(1, 1) as (server,):
        publishers = listed(tmp_path, [server])
        settings = {"DOWNLOAD_DELAY": "6"}
        first = crawl("news", store_url, publishers, **settings)
        again = crawl("news", store_url, publishers, ["all=true"], **settings)
    assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
    assert asked(server) == ["/feed", "/0", "/feed"]
    assert shortest_gap(server) >= 6


@IN_FULL
def test_a_redirect_to_a_host_that_another_run_has_is_followed_by_whoever_has_it_next(
    store_url: str, tmp_path: Path
) -> None:
    pages: Pages = {}
    there: Pages = {"/a": article("harbour")}
    with site(pages) as here, site(there) as other, Store(store_url) as store:
        pages["/feed"] = rss([here.url("/a")])
        pages["/a"] = Response(302, b"", {"Location": other.url("/a")})
        publishers = naming(tmp_path, here, other)
        take(store, 1_000_000, other.host)
        first = crawl("news", store_url, publishers)
        left, asked_there = states(store_url), asked(other)
        store.write_now(partial(leases.give_back, run=1_000_000, rests={other.host: 0.0}))
        again = crawl("news", store_url, publishers)
    assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
    assert (left, asked_there) == ({"pending": 1}, [])
    assert states(store_url) == {"fetched": 1}
    assert (asked(here), asked(other)) == (["/feed", "/a"], ["/a"])


@IN_FULL
def test_a_feed_redirected_to_a_host_that_another_run_has_stays_due(store_url: str, tmp_path: Path) -> None:
    pages: Pages = {}
    there: Pages = {}
    with site(pages) as here, site(there) as other, Store(store_url) as store:
        pages["/feed"] = Response(302, b"", {"Location": other.url("/feed")})
        there |= {"/feed": rss([other.url("/a")]), "/a": article("harbour")}
        publishers = naming(tmp_path, here, other)
        take(store, 1_000_000, other.host)
        first = crawl("news", store_url, publishers)
        asked_there = asked(other)
        store.write_now(partial(leases.give_back, run=1_000_000, rests={other.host: 0.0}))
        again = crawl("news", store_url, publishers)
    assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
    assert asked_there == []
    assert states(store_url) == {"fetched": 1}


@IN_FULL
def test_given_pages_of_a_host_that_another_run_has_are_left_with_exit_code_75(store_url: str, tmp_path: Path) -> None:
    with press(1, 1) as (server,), Store(store_url) as store:
        take(store, 1_000_000, server.host)
        run = crawl("pages", store_url, listed(tmp_path, [server]), [f"url={server.url('/0')}"])
    assert run.returncode == 75
    assert f"{server.host} is leased by another run" in run.stderr
    assert server.requests == []
