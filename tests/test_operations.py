"""What docs/operations.md tells to type for backup, restore and loading an export, typed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from crawler.items import Article, Entry, Image
from crawler.settings import PROJECT
from crawler.store import Store, articles, exports, feeds, integrity, retention
from crawler.store.candidates import Window
from crawler.store.entries import Listed
from tests.crawling import IN_FULL

README = (PROJECT / "README.md").read_text(encoding="utf-8")
OPERATIONS = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
NOW = datetime(2026, 7, 14, 12, 0, tzinfo=UTC)

Prose = Callable[..., str]


def blocks(heading: str, below: str) -> list[tuple[str, str]]:
    """(language, text) of the code that stands below a heading, which stands below another."""
    part = OPERATIONS.split(f"\n## {below}\n")[1].split("\n## ")[0].split(f"\n### {heading}\n")[1].split("\n### ")[0]
    return re.findall(r"^```(\w+)\n(.*?)^```$", part, re.MULTILINE | re.DOTALL)


def typed(lines: str, folder: Path, **environment: str) -> None:
    """Run them as a shell would, in a folder."""
    given = os.environ | environment
    done = subprocess.run(
        ["bash", "-e", "-c", lines], cwd=folder, env=given, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr


def needs(*tools: str) -> None:
    if missing := [tool for tool in tools if shutil.which(tool) is None]:
        pytest.skip(f"{missing[0]} is not installed")


def add(store: Store, paper: str, body: str, days: float = 0, **fields: Any) -> Article:
    article = Article(
        url=f"https://{paper}.example/{len(body)}",
        publisher=f"{paper}.example",
        headline=f"The {paper}'s headline, “quoted”, with, commas",
        body=body,
        date_published=NOW + timedelta(days=days),
        date_crawled=NOW + timedelta(days=days),
        word_count=len(body.split()),
        **fields,
    )
    placed = store.write_now(partial(articles.add, article=article, now=NOW, window=Window(10.0, 20)))
    assert placed is not None
    return placed


def rows(store: Store) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """All articles and all stories, in order of id."""
    with store.read() as connection:
        both = exports.article_rows(connection), exports.story_rows(connection)
        first, second = (sorted(each, key=lambda row: int(row["id"])) for each in both)
    return first, second


# ---------------------------------------------------------------------------------------------------------------- cron


@pytest.mark.parametrize("text", [README, OPERATIONS], ids=["README", "operations"])
@pytest.mark.parametrize(
    ("code", "mail"),
    [
        (0, ""),
        (75, ""),  # another run holds the store: nothing is to be done
        (3, "scrapy crawl news: exit code 3, see newsfold.log\n"),
        (127, "scrapy crawl news: exit code 127, see newsfold.log\n"),
    ],
)
def test_cron_mails_where_somebody_has_to_do_something(tmp_path: Path, text: str, code: int, mail: str) -> None:
    scrapy = tmp_path / ".venv" / "bin" / "scrapy"
    scrapy.parent.mkdir(parents=True)
    scrapy.write_text(f"#!/bin/sh\nexit {code}\n", encoding="utf-8")
    scrapy.chmod(0o755)
    line = next(line for line in text.splitlines() if line.startswith("*/15 * * * * "))
    job = line.removeprefix("*/15 * * * * ").replace("/srv/newsfold", str(tmp_path))
    done = subprocess.run(["sh", "-c", job], capture_output=True, text=True, timeout=30, check=False)
    assert (done.stdout, done.stderr) == (mail, "")


# --------------------------------------------------------------------------------------------------- backup and restore


def keep_writing(store: Store, prose: Prose, stop: threading.Event) -> int:
    """Articles, until it is told to stop. Returns how many."""
    written = 0
    while not stop.is_set():
        add(store, f"p{written}", prose(f"topic {written % 40}"))
        written += 1
    return written


def backed_up(store: Store, prose: Prose, commands: str, folder: Path) -> int:
    """Back a store up while another thread writes to it; how many articles were there when that began."""
    for number in range(40):
        add(store, f"before{number}", prose(f"topic {number}"))
    stop = threading.Event()
    writer = threading.Thread(target=keep_writing, args=(store, prose, stop))
    writer.start()
    try:
        typed(commands, folder)
    finally:
        stop.set()
        writer.join()
    return 40


def test_a_sqlite_store_is_backed_up_while_it_is_written_to_and_restored(tmp_path: Path, prose: Prose) -> None:
    needs("sqlite3")
    (_, backup), *_ = blocks("SQLite", "Backup")
    with Store(f"sqlite:///{tmp_path}/newsfold.db") as store:
        at_least = backed_up(store, prose, backup, tmp_path)
    for file in tmp_path.glob("newsfold.db*"):
        file.unlink()
    (tmp_path / "newsfold-backup.db").rename(tmp_path / "newsfold.db")
    with Store(f"sqlite:///{tmp_path}/newsfold.db", create=False) as store:
        assert_whole(store, at_least)
        add(store, "after", prose("something new"))


def assert_whole(store: Store, at_least: int) -> None:
    with store.read() as connection:
        assert [fault.says for fault in integrity.check(connection)] == []
        assert exports.articles_stored(connection) >= at_least


@pytest.fixture
def databases(postgresql: sa.Engine) -> Iterator[tuple[str, str]]:
    """Two databases that are not there yet, and are gone afterwards."""
    names = (f"newsfold_{uuid.uuid4().hex[:12]}", f"newsfold_{uuid.uuid4().hex[:12]}")
    yield names
    with postgresql.connect() as connection:
        for name in names:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def test_a_postgresql_store_is_backed_up_while_it_is_written_to_and_restored(
    tmp_path: Path, prose: Prose, postgresql: sa.Engine, databases: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    needs("pg_dump", "pg_restore", "createdb")
    of_the_server(postgresql.url, monkeypatch)
    (_, backup), (_, restore) = blocks("PostgreSQL", "Backup")
    name, other = databases
    with postgresql.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    with Store(url_of(postgresql.url, name)) as store:
        at_least = backed_up(store, prose, re.sub(r"newsfold$", name, backup, flags=re.MULTILINE), tmp_path)
    typed(restore.replace("newsfold_restored", other), tmp_path)
    with Store(url_of(postgresql.url, other), create=False) as store:
        assert_whole(store, at_least)
        add(store, "after", prose("something new"))
        assert store.write_now(lambda connection: connection.exec_driver_sql("DELETE FROM articles").rowcount)


def url_of(server: sa.URL, database: str) -> str:
    return server.set(database=database).render_as_string(hide_password=False)


def of_the_server(server: sa.URL, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's own tools take the server from the environment."""
    given = {"PGHOST": server.host, "PGPORT": server.port, "PGUSER": server.username}
    for name, value in given.items():
        monkeypatch.setenv(name, str(value))


# ---------------------------------------------------------------------------------------------------- loading an export


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Store]:
    with Store(f"sqlite:///{tmp_path}/newsfold.db") as store:
        yield store


def change(store: Store, prose: Prose, step: int) -> None:
    """What happens in a store between two exports: new articles, a copy, a removal by age, a takedown."""
    if step == 0:
        image = Image(url="https://a.example/1.jpg", caption='A "dam", broken', credit=None)
        add(store, "herald", prose("dam"), authors=("Ada Obi", "Béla Kun"), images=(image,))
        add(store, "old", prose("tax"), days=-300)
        add(store, "private", prose("inheritance"))
    else:
        add(store, "gazette", prose("dam", 16), days=0.1)
        retention.prune(store, NOW - timedelta(days=180), keep_canonical=False, now=NOW)
        retention.forget(store, "private.example", now=NOW)
        add(store, "mirror", prose("harvest"))


def exported(blocks_: list[tuple[str, str]], store: Store, folder: Path, script: str) -> str:
    """Write the SQL where the commands look for it. Returns the commands, for this store."""
    (_, sql), (_, commands) = blocks_
    (folder / script).write_text(sql, encoding="utf-8")
    return commands.replace(".venv/bin/scrapy export", f"{sys.executable} -m scrapy export -s STORE_URL={store.url}")


def test_an_export_is_loaded_into_duckdb_time_and_again(source: Store, prose: Prose, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
    commands = exported(blocks("DuckDB", "Loading an export"), source, tmp_path, "duckdb.sql")
    # The wheel has no command line: one that does what the commands need.
    tool = tmp_path / "bin" / "duckdb"
    tool.parent.mkdir()
    tool.write_text(f"#!{sys.executable}\nimport duckdb, sys\nduckdb.connect(sys.argv[1]).execute(sys.stdin.read())\n")
    tool.chmod(0o755)
    for step in (0, 1):
        change(source, prose, step)
        typed(commands, tmp_path, PATH=f"{tool.parent}:{os.environ['PATH']}", SCRAPY_SETTINGS_MODULE="crawler.settings")
        with duckdb.connect(str(tmp_path / "archive.duckdb")) as archive:
            archive.execute("SET TimeZone = 'UTC'")
            loaded = [
                fetched(archive.execute(f"SELECT * FROM {table} ORDER BY id")) for table in ("articles", "stories")
            ]
        assert loaded == [without_gone(each) for each in rows(source)]


def fetched(result: Any) -> list[dict[str, Any]]:
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def without_gone(rows_: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without the stories whose copies are all gone."""
    return [row for row in rows_ if "copies" not in row or row["copies"] or row["merged_into"]]


@IN_FULL
def test_an_export_is_loaded_into_postgresql_time_and_again(
    source: Store, prose: Prose, tmp_path: Path, postgresql: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs("psql")
    of_the_server(postgresql.url, monkeypatch)
    schema = f"archive_{uuid.uuid4().hex[:12]}"
    monkeypatch.setenv("PGOPTIONS", f"-csearch_path={schema}")
    commands = exported(blocks("PostgreSQL", "Loading an export"), source, tmp_path, "postgresql.sql")
    commands = re.sub(r"archive$", str(postgresql.url.database), commands, flags=re.MULTILINE)
    with postgresql.connect() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
        for step in (0, 1):
            change(source, prose, step)
            typed(commands, tmp_path, SCRAPY_SETTINGS_MODULE="crawler.settings")
            loaded = [
                [
                    dict(row)
                    for row in connection.exec_driver_sql(f"SELECT * FROM {schema}.{table} ORDER BY id").mappings()
                ]
                for table in ("articles", "stories")
            ]
            assert plain(loaded) == plain([without_gone(each) for each in rows(source)])


def plain(value: Any) -> Any:
    """Times by when they are, whatever their offset."""
    return json.loads(json.dumps(value, default=lambda time: time.astimezone(UTC).isoformat()))


# ------------------------------------------------------------------------------------------------ a takedown taken back


def test_what_was_forgotten_by_mistake_is_listed_and_stored_again(tmp_path: Path, prose: Prose) -> None:
    needs("sqlite3")
    page = "https://example.com/a"
    feed = feeds.Feed(url="https://example.com/rss", publisher="example.com", kind="feed")
    part = OPERATIONS.split("\n## Removing articles\n")[1].split("\n## ")[0]
    commands = re.findall(r"^```sh\n(.*?)^```$", part, re.MULTILINE | re.DOTALL)[-1]

    def listed(store: Store) -> int:
        poll = feeds.Poll(status=200, changed=True, next_poll_at=NOW)
        store.write_now(partial(feeds.register, wanted=[feed]))
        given = [Listed(url=page, publisher="example.com", entry=Entry(url=page, headline="A dam"))]
        store.write_now(partial(feeds.record_poll, feed=feed, poll=poll, listed=given, now=NOW))
        with store.read() as connection:
            query = sa.text("SELECT count(*) FROM entries WHERE state = 'pending'")
            return int(connection.scalar(query) or 0)

    with Store(f"sqlite:///{tmp_path}/newsfold.db") as store:
        assert listed(store) == 1
        retention.forget(store, "example.com", now=NOW)
        assert listed(store) == 0
        typed(commands, tmp_path)
        assert listed(store) == 1
        assert_whole(store, 0)
