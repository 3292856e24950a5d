"""STORE_URL -> an engine of SQLAlchemy, set up for SQLite or PostgreSQL. Raises StoreError for what is neither."""

from __future__ import annotations

import os
import re
import sqlite3
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from crawler.store.failures import BUSY_SECONDS, StoreError

#: Pages of the log, 40 MB, after which SQLite copies it into the file. Its own 1,000 are one batch, whose keys stand
#: all over the candidate index: that was a tenth of the writer's time.
LOG_PAGES = 10_000
#: What SQLite keeps of a file in memory, for each connection. For the rest the operating system's cache is as good:
#: four times as much writes no faster.
CACHE_KB = 16 * 1024
#: For an answer to the first word; a firewall may give none.
CONNECT_SECONDS = 10
_WANT = "want sqlite:////folder/newsfold.db or postgresql+psycopg://user@host/database"


def engine_of(url: str) -> sa.Engine:
    """An engine that has not connected yet. A SQLite file that can't be written is opened for reading."""
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite" and sqlite_path(url) is None:
        raise StoreError(f"STORE_URL {url}: a store in memory would end with the command: {_WANT}")
    path = sqlite_path(url)
    if path is not None and (reader := _reader(Path(path))) is not None:
        engine = sa.create_engine(parsed, creator=reader)
        sa.event.listen(engine, "connect", _configure_reader)
        sa.event.listen(engine, "begin", _begin_sqlite)
        return engine
    # The connection that wrote last writes next: SQLite throws away what another has cached as soon as one wrote.
    options: dict[str, Any] = {"pool_use_lifo": True}
    if parsed.get_backend_name() == "postgresql":
        # A connection that broke while nobody used it is told by a ping, not by a job that fails.
        options |= {"pool_pre_ping": True, "connect_args": {"connect_timeout": CONNECT_SECONDS}}
        # Whatever the database or the environment say: of SQL_ASCII the driver would hand out bytes.
        options["connect_args"]["client_encoding"] = "utf8"
    try:
        if parsed.get_dialect().is_async:
            raise StoreError(f"STORE_URL {shown(url)}: {_WANT}")
        engine = sa.create_engine(parsed, **options)
    except ModuleNotFoundError as error:
        raise StoreError(f"STORE_URL {shown(url)}: {error}: pip install 'psycopg[binary]'") from error
    except sa.exc.ArgumentError as error:
        raise StoreError(f"STORE_URL {shown(url)}: {error}: {_WANT}") from error
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _configure_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _reader(path: Path) -> Callable[[], sqlite3.Connection] | None:
    """What opens a SQLite file that can't be written, or in whose folder nothing can be; None for another."""
    if not path.exists() or (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        return None
    # Write-ahead logging needs files beside the store's, to read too. Where they are not there and can't be made,
    # nobody writes: https://sqlite.org/wal.html#read_only_databases
    immutable = "" if os.path.exists(f"{path}-wal") else "&immutable=1"
    return partial(sqlite3.connect, f"{path.absolute().as_uri()}?mode=ro{immutable}", uri=True, check_same_thread=False)


def _configure_reader(connection: Any, record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    cursor.execute(f"PRAGMA cache_size = {-CACHE_KB}")
    cursor.close()


def _configure_sqlite(connection: Any, record: Any) -> None:
    # sqlite3 opens transactions by itself, and late; SQLAlchemy's way to take that over is isolation_level None.
    # https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#pysqlite-serializable
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    _use_wal(cursor)
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
    cursor.execute(f"PRAGMA cache_size = {-CACHE_KB}")
    cursor.close()


def _use_wal(cursor: Any) -> None:
    """Write-ahead logging, which a file keeps. The change to it does not wait as other statements do (busy_timeout):
    of two processes that open a new file at once, one is told at once that it is locked."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _begin_sqlite(connection: sa.Connection) -> None:
    # A transaction that begins as a reader and then writes fails at once when another wrote in between.
    writes = connection.get_execution_options().get("writes", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def sqlite_path(url: str) -> str | None:
    """The file of a SQLite store; None of another, and of one in memory."""
    parsed = _parsed(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        return None
    return parsed.database


def shown(url: str) -> str:
    """The URL without its password, wherever that stands."""
    return _without_password(_parsed(url))


def _without_password(url: sa.URL) -> str:
    hidden = {name: "***" for name in url.query if re.search("password|secret", name)}
    return url.update_query_dict(hidden).render_as_string(hide_password=True)


def _parsed(url: str) -> sa.URL:
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        # It can't be shown without its password where it can't be taken apart.
        raise StoreError(f"STORE_URL is no URL: {_WANT}") from None
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise StoreError(f"STORE_URL {_without_password(parsed)}: {_WANT}")
    return parsed
