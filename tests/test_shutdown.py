"""How a run ends before its work does: by a signal, by the clock, by its store; nothing is lost in any of these."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crawler.demo.server import Request, Response, Server
from crawler.settings import PROJECT
from crawler.store import Store
from tests.crawling import IN_FULL, article, asked, command, crawl, publishers_file, rows, rss, site

#: Seconds, of the 60 that the slow page and the longest grace take, in which a run that waits for neither has ended,
#: however busy the machine is.
AWAITED = 30

Pages = dict[str, "Response | Callable[[Request], Response]"]


def states(store: Path) -> dict[str, int]:
    """How many entries are in each state."""
    return {row.state: row.n for row in rows(store, "select state, count(*) as n from entries group by state")}


def slowly(server: Server, response: Response, seconds: float) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        server.stopping.wait(seconds)
        return response

    return answer


def stop(words: list[str], is_time: Callable[[], bool], *signals: int) -> tuple[int, str, float]:
    """Start a crawl and send it and its workers signals (as a service manager or a terminal does) when it is time.
    Returns its exit code, its words at stderr, and the seconds that it took to end."""
    process = subprocess.Popen(words, cwd=PROJECT, stderr=subprocess.PIPE, text=True, start_new_session=True)
    while not is_time():
        assert process.poll() is None, process.communicate()
    began = time.monotonic()
    for number in signals:
        os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.5)  # two of a kind that come together are one
    _, told = process.communicate(timeout=60)
    return process.returncode, told, time.monotonic() - began


def test_a_signal_lets_what_is_under_way_end_and_leaves_the_rest_to_the_next_run(tmp_path: Path) -> None:
    pages: Pages = {}
    store, report = tmp_path / "store.db", tmp_path / "report.json"
    with site(pages) as server:
        pages |= {f"/{n}": slowly(server, article(f"harbour{n}"), 0.3) for n in range(9)}
        pages["/feed"] = rss(server.url(f"/{n}") for n in range(9))
        publishers = publishers_file(tmp_path / "p.toml", {server.host: [server.url("/feed")]})
        words = command("news", store, publishers, RUN_REPORT=str(report))
        code, told, _ = stop(words, lambda: len(asked(server)) > 2, signal.SIGTERM)
        left = states(store)
        under_way = len(asked(server)) - 1
        pages |= {f"/{n}": article(f"harbour{n}") for n in range(9)}
        again = crawl("news", store, publishers)
    assert code == 143
    assert "Traceback" not in told
    assert left == {"fetched": under_way, "pending": 9 - under_way}
    assert 0 < under_way < 9
    told_in_full: dict[str, Any] = json.loads(report.read_text())
    assert (told_in_full["exit_code"], told_in_full["stats"]["article/stored"]) == (143, under_way)
    assert again.returncode == 0, again.stderr
    assert states(store) == {"fetched": 9}
    assert len(asked(server)) == 1 + 9  # the feed was not due, and no page was asked for twice


def test_a_signal_before_the_run_has_begun_is_told_by_the_exit_code(tmp_path: Path) -> None:
    pages: Pages = {}
    store = tmp_path / "store.db"
    with site(pages) as server:
        pages["/feed"] = rss([])
        publishers = publishers_file(tmp_path / "p.toml", {server.host: [server.url("/feed")]})
        code, told, _ = stop(command("news", store, publishers), store.exists, signal.SIGTERM)
    assert code in (143, -signal.SIGTERM)  # as a shell sees it the same
    assert "Traceback" not in told


@pytest.mark.parametrize(
    ("grace", "signals"),
    [("1", (signal.SIGINT,)), ("60", (signal.SIGINT, signal.SIGINT))],
    ids=["the grace has passed", "a second signal"],
)
def test_what_does_not_end_in_time_is_put_back(tmp_path: Path, grace: str, signals: tuple[int, ...]) -> None:
    pages: Pages = {}
    store, report = tmp_path / "store.db", tmp_path / "report.json"
    with site(pages) as server:
        pages["/slow"] = slowly(server, article("harbour"), 60)
        pages["/feed"] = rss([server.url("/slow")])
        publishers = publishers_file(tmp_path / "p.toml", {server.host: [server.url("/feed")]})
        words = command("news", store, publishers, RUN_REPORT=str(report), GRACE_SECONDS=grace)
        code, told, seconds = stop(words, lambda: "/slow" in asked(server), *signals)
    assert code == 130
    assert "Traceback" not in told
    assert seconds < AWAITED
    assert states(store) == {"pending": 1}
    assert json.loads(report.read_text())["exit_code"] == 130


def test_a_search_for_feeds_holds_up_no_stop(tmp_path: Path) -> None:
    pages: Pages = {}
    with site(pages) as server:
        pages["/"] = slowly(server, article("front"), 60)
        publishers = tmp_path / "p.toml"
        publishers.write_text(f'["{server.host}"]\nname = "Paper"\nhomepage = "{server.url("/")}"\n')
        words = command("news", tmp_path / "store.db", publishers, GRACE_SECONDS="1")
        code, told, seconds = stop(words, lambda: "/" in asked(server), signal.SIGTERM)
    assert code == 143
    assert "Traceback" not in told
    assert seconds < AWAITED


@IN_FULL
def test_run_max_minutes_ends_a_run_in_which_no_paper_keeps_another_waiting(tmp_path: Path) -> None:
    big_pages: Pages = {}
    small_pages: Pages = {}
    store, report = tmp_path / "store.db", tmp_path / "report.json"
    with site(big_pages) as big, site(small_pages) as small:
        big_pages |= {f"/{n}": article(f"harbour{n}") for n in range(200)}
        big_pages["/feed"] = rss(big.url(f"/{n}") for n in range(200))
        small_pages |= {f"/{n}": article(f"bakery{n}") for n in range(3)}
        # By the time that it answers, the other one's pages wait.
        small_pages["/feed"] = slowly(small, rss(small.url(f"/{n}") for n in range(3)), 1)
        feeds = {server.host: [server.url("/feed")] for server in (big, small)}
        settings = {"RUN_MAX_MINUTES": "0.07", "DOWNLOAD_DELAY": "0.2", "RUN_REPORT": str(report)}
        run = crawl("news", store, publishers_file(tmp_path / "p.toml", feeds), CONCURRENT_REQUESTS="4", **settings)
        hosts = {row.publisher: row.n for row in rows(store, "select publisher, count(*) n from articles group by 1")}
        left = states(store)
    assert run.returncode == 0, run.stderr
    assert hosts[small.host] == 3
    assert 3 < hosts[big.host] < 100
    assert left["pending"] == 200 - hosts[big.host]
    told = json.loads(report.read_text())
    assert (told["finish_reason"], told["exit_code"]) == ("run_max_minutes", 0)


@IN_FULL
def test_a_store_that_fails_on_the_way_ends_the_run_and_loses_nothing(tmp_path: Path) -> None:
    pages: Pages = {}
    path, count = tmp_path / "store.db", 30
    Store(f"sqlite:///{path}").close()
    _change(path, "ALTER TABLE fingerprints RENAME TO gone")
    with site(pages) as server:
        pages |= {f"/{n}": article(f"harbour{n}") for n in range(count)}
        pages["/feed"] = rss(server.url(f"/{n}") for n in range(count))
        publishers = publishers_file(tmp_path / "p.toml", {server.host: [server.url("/feed")]})
        failed = crawl("news", path, publishers)
        left = states(path)
        _change(path, "ALTER TABLE gone RENAME TO fingerprints")
        again = crawl("news", path, publishers)
    assert failed.returncode == 1
    _, told = failed.stderr.splitlines()  # after the summary
    assert told.startswith(f"store sqlite:///{path}: no such table: ")
    assert left == {"pending": count}
    assert again.returncode == 0, again.stderr
    assert states(path) == {"fetched": count}


def _change(path: Path, statement: str) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
