"""Many processes write copies of the same stories into one store at once: the stories are those of one process."""

from __future__ import annotations

import functools
import os
import random
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from crawler import similarity
from crawler.items import Article
from crawler.settings import PROJECT
from crawler.store import Store, articles, exports, integrity, schema
from crawler.store.candidates import Window
from tests.conftest import Prose, _prose

FULL = "NEWSFOLD_TEST_FULL" in os.environ
#: Stories of each storm. A small one meets as much, a second of it, as a large one; 20 large ones take 50 minutes.
STORMS = [500, *[100] * 19] if FULL else [40]
WRITERS = 8 if FULL else 3
BATCH = 50
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
Alone = Callable[[int], tuple[Any, Any]]


def copies(writer: int, stories: int) -> list[Article]:
    """What one writer brings: its papers' copies of all stories, a third of them cut."""
    made = []
    for number in range(stories):
        body = _prose(f"story {number}", 24 if (number + writer) % 3 else 15)
        fingerprint = similarity.sign("", body)
        made.append(
            Article(
                url=f"https://paper{writer}.example/{number}",
                publisher=f"paper{writer}.example",
                headline=f"Story {number}",
                body=body,
                date_published=NOON + timedelta(minutes=number % 60 + writer),
                signature=fingerprint.signature_text,
                sketch=fingerprint.sketch_text,
            )
        )
    return made


def write(store: Store, waiting: list[Article], size: int = BATCH) -> None:
    add = partial(articles.add_many, now=NOON, window=Window(10.0, 64))
    for start in range(0, len(waiting), size):
        store.write_now(partial(add, batch=waiting[start : start + size]))


def stories_of(store: Store) -> dict[frozenset[str], tuple[Any, ...]]:
    """Each story as the set of its URLs, with its count of copies, its canonical copy and its dates."""
    held: dict[int, set[str]] = defaultdict(set)
    urls = {}
    with store.read() as connection:
        for row in connection.execute(
            sa.select(schema.articles.c.id, schema.articles.c.url, schema.articles.c.story_id)
        ):
            held[row.story_id].add(row.url)
            urls[row.id] = row.url
        return {
            frozenset(held[row["id"]]): (row["copies"], urls[row["canonical_id"]], row["first_published"])
            for row in exports.story_rows(connection)
            if row["merged_into"] is None
        }


def relations_of(store: Store) -> dict[str, Any]:
    a = schema.articles.c
    with store.read() as connection:
        query = sa.select(a.url, a.relation, a.resemblance, a.containment, a.contains)
        return {row.url: tuple(row) for row in connection.execute(query)}


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Alone:
    """What one process makes of so many stories: stories and relations."""

    @functools.cache
    def made(count: int) -> tuple[Any, Any]:
        with Store(f"sqlite:///{tmp_path_factory.mktemp('alone')}/alone.db") as store:
            for writer in range(WRITERS):
                write(store, copies(writer, count))
            return stories_of(store), relations_of(store)

    return made


@pytest.mark.parametrize(("number", "count"), list(enumerate(STORMS)))
def test_processes_that_write_the_same_stories_at_once_make_those_of_one(
    store_url: str, alone: Alone, number: int, count: int
) -> None:
    seed = os.environ.get("NEWSFOLD_TEST_SEED", f"{time.time_ns()}") + f" {number}"
    stories, relations = alone(count)
    assert len(stories) == count
    with Store(store_url) as store:
        processes = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.test_storms", store_url, str(writer), str(count), seed],
                cwd=PROJECT,
                stderr=subprocess.PIPE,
                text=True,
            )
            for writer in range(WRITERS)
        ]
        told = [process.communicate(timeout=600)[1] for process in processes]
        assert [process.returncode for process in processes] == [0] * WRITERS, f"seed {seed}: {told}"
        assert stories_of(store) == stories, f"seed {seed}"
        assert relations_of(store) == relations, f"seed {seed}"
        with store.read() as connection:
            assert [fault.says for fault in integrity.check(connection)] == []


@pytest.mark.parametrize("size", [7, 50])
def test_a_batch_makes_the_stories_that_single_articles_make(
    store_url: str, tmp_path: Path, prose: Prose, size: int
) -> None:
    pick = random.Random("batches")  # noqa: S311 - not for secrets
    waiting = []
    for number in range(90):
        topic, length = f"story {pick.randrange(25)}", pick.choice((8, 15, 24, 24))
        body = prose(topic, length)
        if pick.random() < 0.2:  # of two texts
            body += "\n\n" + prose(f"story {pick.randrange(25)}", 12)
        waiting.append(
            Article(
                url=f"https://paper{number % 9}.example/{number}",
                publisher=f"paper{number % 9}.example",
                headline=f"Number {number}",
                body=body,
                agency=pick.choice((None, None, "AFP", "dpa")),
                agency_evidence="byline",
                date_published=None if pick.random() < 0.1 else NOON + timedelta(hours=pick.randrange(400)),
                date_crawled=NOON + timedelta(hours=400, minutes=number),
            )
        )
    waiting.insert(40, waiting[3])
    rows: list[list[Any]] = []
    for url, many in ((f"sqlite:///{tmp_path}/single.db", 1), (store_url, size)):
        with Store(url) as store:
            write(store, waiting, many)
            with store.read() as connection:
                found = [*exports.article_rows(connection), *exports.story_rows(connection)]
                rows.append(sorted(found, key=lambda row: (len(row), row["id"])))
    single, batches = ([_shown(row) for row in found] for found in rows)
    assert batches == single


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    """Of a story that became part of another, what it was last is nobody's business."""
    merged = row.get("merged_into")
    return row if merged is None else {"id": row["id"], "merged_into": merged}


if __name__ == "__main__":
    url, writer, count, chance = sys.argv[1:]
    mine = copies(int(writer), int(count))
    random.Random(f"{chance} {writer}").shuffle(mine)  # noqa: S311 - not for secrets
    with Store(url) as opened:
        write(opened, mine)
