"""A crawl killed at any moment and started again ends as one that was left in peace."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest

from crawler.demo import press
from crawler.settings import PROJECT
from tests.crawling import command, crawl, rows

FULL = "NEWSFOLD_TEST_FULL" in os.environ
KILLS = 25 if FULL else 1
#: Of the undisturbed run's time: before it a process is only starting, after it most runs are over.
FROM, TO = 0.2, 0.95


def outcome(store: Path) -> dict[str, Any]:
    """All that a store holds of a crawl, but times and ids: the articles, the stories as sets of URLs, how each copy
    stands in its story, how each entry ended, what the next poll of each feed needs."""
    columns = "url, publisher, kind, headline, body, description, language, date_published, agency, agency_evidence"
    articles = {row.url: tuple(row) for row in rows(store, f"select {columns} from articles")}
    stories = defaultdict(set)
    for url, story in rows(store, "select url, story_id from articles"):
        stories[story].add(url)
    copies = rows(store, "select url, relation, resemblance, containment, contains from articles")
    # Which of two entries that lead to one page comes first is the network's business.
    entries = rows(
        store,
        "select e.url, case e.state when 'duplicate' then 'fetched' else e.state end, a.url "
        "from entries e left join articles a on a.id = e.article_id",
    )
    return {
        "articles": articles,
        "stories": {frozenset(urls) for urls in stories.values()},
        "copies": {row.url: tuple(row) for row in copies},
        "entries": sorted(map(tuple, entries)),
        "feeds": sorted(map(tuple, rows(store, "select url, etag, body_hash, status, error from feeds"))),
        "fingerprints": len(rows(store, "select 1 from fingerprints")),
        "bands": len(rows(store, "select 1 from bands")),
    }


@dataclass
class Peace:
    publishers: Path
    outcome: dict[str, Any]
    seconds: float


@pytest.fixture(scope="module")
def peace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peace]:
    """The bundled papers, with what an undisturbed crawl makes of them. They stay served."""
    folder = tmp_path_factory.mktemp("peace")
    with press.serve(repeat(0)) as servers:
        publishers = folder / "publishers.toml"
        publishers.write_text(press.publishers_toml(servers), encoding="utf-8")
        began = time.monotonic()
        run = crawl("news", folder / "peace.db", publishers)
        seconds = time.monotonic() - began
        assert run.returncode == 0, run.stderr
        yield Peace(publishers, outcome(folder / "peace.db"), seconds)


def kill_after(seconds: float, words: list[str]) -> int:
    """Start a crawl, kill it after that long, wait for its workers to be gone. Returns the exit code."""
    process = subprocess.Popen(
        words, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    deadline = time.monotonic() + 10
    while _group_lives(process.pid):
        if time.monotonic() > deadline:
            os.killpg(process.pid, signal.SIGKILL)
            pytest.fail("a process of the killed crawl lived on for 10 s")
        os.sched_yield()
    return process.returncode


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("number", range(KILLS))
def test_a_crawl_killed_at_any_moment_and_run_again_ends_as_an_undisturbed_one(
    peace: Peace, tmp_path: Path, number: int
) -> None:
    seed = int(os.environ.get("NEWSFOLD_TEST_SEED", time.time_ns()))
    pick = random.Random(f"{seed} {number}")  # noqa: S311 - not for secrets
    store = tmp_path / "store.db"
    words = command("news", store, peace.publishers)
    killed = []
    for _ in range(pick.choice((1, 1, 2)) if FULL else 1):
        moment = peace.seconds * pick.uniform(FROM, TO)
        killed.append((round(moment, 3), kill_after(moment, words)))
    run = crawl("news", store, peace.publishers)
    told = f"seed {seed}, kills (s, code) {killed}"
    assert run.returncode == 0, f"{told}: {run.stderr}"
    got = outcome(store)
    for what, expected in peace.outcome.items():
        assert got[what] == expected, f"{told}: {what} differ"
