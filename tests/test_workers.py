"""Worker processes: how many there are changes nothing that is stored, and one that dies or hangs costs one page."""

from __future__ import annotations

import asyncio
import os
import re
import resource
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from functools import partial
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from crawler import workers
from crawler.demo import press
from crawler.items import Article, Page
from crawler.store import Store, schema
from pipelines.cleaning import CleaningPipeline, Pool, Unreadable
from tests.conftest import Prose
from tests.crawling import IN_FULL, crawl

#: What follows the order in which pages came: ids, positions, what a decision saw at its moment; and times (`…_at`).
OF_THE_ORDER = {"id", "change", "date_crawled", "last_article_id", "evidence", "also_story_ids"}
COUNTS = ("1", "2", "4") if os.environ.get("NEWSFOLD_TEST_FULL") else ("1", "3")
#: Of the run itself, or of work that is put off.
OF_THE_RUN = {"runs", "changes", "unindexed", "alembic_version"}


def whole(path: Path) -> dict[str, Counter[str]]:
    """All that a store holds but times and ids: each table's rows, an article named by its URL and a story by those of
    its articles."""
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        articles = list(connection.execute(sa.select(schema.articles)))
        urls = {row.id: row.url for row in articles}
        stories = {row.story_id: sorted(a.url for a in articles if a.story_id == row.story_id) for row in articles}

        def shown(column: str, value: Any) -> Any:
            if column in ("article_id", "canonical_id", "original_id"):
                return urls.get(value)
            if column in ("story_id", "merged_into"):
                return stories.get(value)
            return "fetched" if value == "duplicate" else value  # likewise, of two addresses of one page

        held = {}
        for table in schema.metadata.sorted_tables:
            if table.name in OF_THE_RUN:
                continue
            kept = [c.name for c in table.columns if c.name not in OF_THE_ORDER and not c.name.endswith("_at")]
            if table is schema.entries:
                kept = [name for name in kept if name not in ("etag", "last_modified", "reason")]
            held[table.name] = Counter(
                repr({name: shown(name, getattr(row, name)) for name in kept})
                for row in connection.execute(sa.select(table))
            )
            if table is schema.stories:  # whose ids say which is which
                held["stories"] = Counter(
                    repr((stories.get(row.id), row.headline, row.language, row.agency, row.agency_evidence, row.copies))
                    for row in connection.execute(sa.select(table).where(schema.stories.c.merged_into.is_(None)))
                )
    engine.dispose()
    return held


@IN_FULL
def test_the_store_is_the_same_with_any_number_of_workers(tmp_path: Path) -> None:
    stores = []
    with press.serve(repeat(0)) as servers:
        publishers = tmp_path / "publishers.toml"
        # One paper lists its pages in two feeds: which of them comes first is the network's business.
        listed = re.sub(r'"[^"]*/mobile\.xml"(, )?', "", press.publishers_toml(servers))
        publishers.write_text(listed, encoding="utf-8")
        for count in COUNTS:
            store = tmp_path / f"{count}.db"
            for _ in range(2):  # the second run has profiles to read with, and polls that are answered 304
                run = crawl("news", store, publishers, ["all=true"], EXTRACT_WORKERS=count)
                assert run.returncode == 0, run.stderr
            stores.append(whole(store))
    assert stores[0]["articles"].total() > 20
    for name, rows in stores[0].items():
        for each in stores[1:]:
            assert (each[name] - rows, rows - each[name]) == (Counter(), Counter()), name


class Deadly(str):
    """A charset that takes the process down that it is handed to."""

    def __reduce__(self) -> Any:
        return os._exit, (1,)


class Endless(str):
    """A charset at which a C function loops that listens to no signal, for minutes."""

    def __bool__(self) -> bool:
        return bool(sum(range(20_000_000_000)))


def pages(bodies: dict[str, str | None], prose: Prose) -> list[Page]:
    """Pages of that name and charset."""
    return [
        Page(
            url=f"http://paper.example/{name}",
            body=(
                f"<html lang=en><head><title>News of {name}</title></head><body><article><h1>News of {name}</h1>"
                + "".join(f"<p>{line}</p>" for line in prose(name).split("\n\n"))
                + "</article></body></html>"
            ).encode(),
            publisher="paper.example",
            charset=charset,
            date_crawled=datetime(2026, 7, 14, tzinfo=UTC),
        )
        for name, charset in bodies.items()
    ]


async def clean(store: Store, pages: list[Page], rules: workers.Rules) -> list[Any]:
    """What becomes of pages that are handed to two workers at once: an article or an exception each."""
    pipeline = CleaningPipeline(store, 2, rules, {})
    try:
        return await asyncio.gather(*map(pipeline.process_item, pages), return_exceptions=True)
    finally:
        await pipeline.close_spider()


@pytest.mark.parametrize(
    ("bad", "seconds"), [(Deadly("utf-8"), 20.0), (Endless("utf-8"), 1.0)], ids=["that dies", "that hangs"]
)
def test_a_worker_that_dies_or_hangs_costs_one_page(bad: str, seconds: float, tmp_path: Path, prose: Prose) -> None:
    names: dict[str, str | None] = {f"topic-{number}": "utf-8" for number in range(12)}
    given = pages(names | {"bad": bad} | {f"later-{number}": None for number in range(12)}, prose)
    with Store(f"sqlite:///{tmp_path}/newsfold.db") as store:
        got = asyncio.run(clean(store, given, workers.Rules(seconds=seconds)))
    outcomes = {page.url.rpartition("/")[2]: type(each) for page, each in zip(given, got, strict=True)}
    assert {name for name, kind in outcomes.items() if kind is not Article} == {"bad"}
    assert outcomes["bad"] is Unreadable


def test_workers_that_have_read_their_share_are_replaced() -> None:
    async def read() -> list[int]:
        pool = Pool(2, pages_a_worker=5)
        try:
            return await asyncio.gather(*(pool.run(os.getpid) for _ in range(40)))
        finally:
            await pool.close()

    assert len(set(asyncio.run(read()))) >= 4


def test_workers_that_could_not_start_are_started_with_the_next_page() -> None:
    async def read() -> list[Any]:
        pool = Pool(1)
        before = resource.getrlimit(resource.RLIMIT_NOFILE)
        try:
            os.close(free := os.dup(0))  # the lowest number that is free: no file can be opened
            resource.setrlimit(resource.RLIMIT_NOFILE, (free, before[1]))
            try:
                failed = await asyncio.gather(*(pool.run(os.getppid) for _ in range(3)), return_exceptions=True)
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, before)
            return [*map(type, failed), await pool.run(int)]
        finally:
            await pool.close()

    assert asyncio.run(read()) == [OSError, OSError, OSError, 0]


#: In a process of its own: one that has started workers before needs to load nothing.
PREPARED = """
import asyncio, os
from pathlib import Path
from pipelines.cleaning import Pool

async def read():
    pool = Pool(1)
    pool.prepare()
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    try:
        print(str(await pool.run(os.getppid)) in children)
    finally:
        await pool.close()

asyncio.run(read())
"""


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="Linux tells a process's children")
def test_what_workers_share_is_loaded_before_there_is_a_page_where_pages_are_likely() -> None:
    ran = subprocess.run([sys.executable, "-c", PREPARED], capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.stderr) == ("True\n", "")


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="Linux tells a process's children")
def test_workers_have_ended_before_others_take_their_place() -> None:
    async def read() -> list[str]:
        pool = Pool(2, pages_a_worker=5)
        try:
            server = await pool.run(os.getppid)
            children = partial(Path.read_text, Path(f"/proc/{server}/task/{server}/children"))
            return await asyncio.gather(*(pool.run(children) for _ in range(40)))
        finally:
            await pool.close()

    assert max(len(seen.split()) for seen in asyncio.run(read())) == 2
