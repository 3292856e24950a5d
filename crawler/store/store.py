"""The open store: one engine, one writer thread, short read connections. In: jobs on a connection. Out: their results.

Everything that is written goes through `Store.write`: a job is a function of a connection. The writer gathers the jobs
that wait (up to 50, or what comes within 0.2 s), sorts those that carry a key, and runs them in one transaction, each
behind a savepoint, so that a job that fails costs only itself. Measured on SQLite: batches of 50 write ten times the
articles a second of single ones. When nothing waits, and every few seconds, it puts articles into the search index.
"""

from __future__ import annotations

import contextlib
import os
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from crawler.store import searches

T = TypeVar("T")
Job = Callable[[sa.Connection], T]

BATCH_JOBS = 50
BATCH_SECONDS = 0.2
#: The search index gets its share of the writer's time at this distance: 100 articles, some 40 ms. That is more than a
#: crawl of two cores brings.
INDEX_SECONDS = 2.0
#: A second writer of the same SQLite file waits this long for its turn.
BUSY_SECONDS = 30
MIGRATIONS = Path(__file__).parents[1] / "migrations"
#: PostgreSQL's advisory lock for those that would make the tables at the same time: any number that nobody else takes.
_MIGRATION_LOCK = 0x4E657773
#: The tables that articles fill.
_GROWING = "articles, bands, entries, fingerprints, stories, words"
_WANT = "want sqlite:////folder/newsfold.db or postgresql+psycopg://user@host/database"


class StoreError(Exception):
    """The store can't be used: says which one, what failed, and what to do. One line."""


class StoreLockedError(StoreError):
    """Another run holds the SQLite store; says since when."""


class Store:
    """A store that is open. Close it, or use it as a context manager.

    `url` is an SQLAlchemy URL. An empty database gets the schema; one of an older version is refused (see
    `scrapy store upgrade`), one of a newer version too. With `create` False a SQLite file that is not there is an
    error: a command that only reads should not leave an empty store behind. Raises StoreError.
    """

    def __init__(self, url: str, *, create: bool = True) -> None:
        self.url = url
        self.engine = _engine(url)
        path = _sqlite_path(url)
        if not create and path is not None and not Path(path).exists():
            raise StoreError(f"{path}: no store yet: run `scrapy crawl news`, or choose one with -s STORE_URL=…")
        self._jobs: queue.Queue[tuple[Any, Job[Any], Future[Any]] | None] = queue.Queue()
        self._thread: threading.Thread | None = None
        try:
            with self.read() as connection:  # waits for no writer
                have = _revision(connection, url)
            if have is None:
                upgrade(url)
            elif have != (want := _revisions()[-1]):
                raise StoreError(f"{_shown(url)}: schema {have}, want {want}: run `scrapy store upgrade`")
        except StoreError:
            self.engine.dispose()
            raise

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def write(self, job: Job[T], key: Any = None) -> Future[T]:
        """Queue a job for the writer; its future gets the result once the transaction is committed.

        Jobs with a `key` are sorted by it within their batch and run after those without.
        """
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="store-writer", daemon=True)
            self._thread.start()
        future: Future[T] = Future()
        self._jobs.put((key, job, future))
        return future

    def write_now(self, job: Job[T]) -> T:
        """One job in a transaction of its own, in the caller's thread: for commands."""
        try:
            with self.engine.begin() as connection:
                return job(connection)
        except sa.exc.SQLAlchemyError as error:
            raise StoreError(_explain(self.url, error)) from error

    @contextlib.contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection for reading: one consistent view of the store. Never waits for the writer on SQLite (WAL)."""
        try:
            with self.engine.connect().execution_options(writes=False) as connection:
                if connection.dialect.name == "postgresql":
                    connection = connection.execution_options(
                        isolation_level="REPEATABLE READ", postgresql_readonly=True
                    )
                yield connection
        except sa.exc.SQLAlchemyError as error:
            raise StoreError(_explain(self.url, error)) from error

    def reclaim(self) -> None:
        """Give space back that removed rows took: SQLite writes its file anew, without what was removed (it needs as
        much free space for that while), PostgreSQL keeps it for new rows."""
        postgresql = self.engine.dialect.name == "postgresql"
        try:
            with self.engine.begin() as connection:
                searches.optimize(connection)
            raw = self.engine.raw_connection()
            try:
                if postgresql:
                    raw.driver_connection.autocommit = True  # type: ignore[union-attr]
                for statement in (
                    [f"VACUUM (ANALYZE) {_GROWING}"] if postgresql else ["VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"]
                ):
                    raw.cursor().execute(statement)
            finally:
                raw.invalidate()
        except Exception as error:
            raise StoreError(_explain(self.url, error)) from error

    def close(self) -> None:
        """Write what is queued, then close."""
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join()
            self._thread = None
        self.engine.dispose()

    def _work(self) -> None:
        open_, behind, indexed_at = True, False, time.monotonic()
        while open_:
            try:
                first = self._jobs.get(timeout=INDEX_SECONDS if behind else None)
            except queue.Empty:
                behind, indexed_at = self._index(), time.monotonic()
                continue
            if first is None:
                break
            batch, deadline = [first], time.monotonic() + BATCH_SECONDS
            while len(batch) < BATCH_JOBS:
                try:
                    job = self._jobs.get(timeout=max(0.0, deadline - time.monotonic()))
                except queue.Empty:
                    break
                if job is None:
                    open_ = False
                    break
                batch.append(job)
            self._commit(batch)
            behind = True
            if time.monotonic() - indexed_at > INDEX_SECONDS:
                behind, indexed_at = self._index(), time.monotonic()
        if behind:
            self._index()

    def _index(self) -> bool:
        """Put some articles into the search index. Returns whether there may be more."""
        try:
            with self.engine.begin() as connection:
                return searches.catch_up(connection) == searches.BATCH
        except sa.exc.SQLAlchemyError:  # it waits; what is wrong with the database the next job will tell
            return False

    def _commit(self, batch: list[tuple[Any, Job[Any], Future[Any]]]) -> None:
        # A future that runs can no longer be cancelled, so that each can be given its result.
        batch = [entry for entry in batch if entry[2].set_running_or_notify_cancel()]
        done: list[tuple[Future[Any], Any]] = []
        try:
            batch.sort(key=lambda entry: (False,) if entry[0] is None else (True, entry[0]))
            with self.engine.begin() as connection:
                for _, job, future in batch:
                    try:
                        with connection.begin_nested():
                            result = job(connection)
                    except sa.exc.OperationalError:
                        raise  # the database itself: the whole batch fails
                    except Exception as error:
                        future.set_exception(error)
                    else:
                        done.append((future, result))
        except Exception as error:
            failure = StoreError(_explain(self.url, error))
            failure.__cause__ = error
            for _, _, future in batch:
                if not future.done():
                    future.set_exception(failure)
            return
        for future, result in done:
            future.set_result(result)


class RunLock:
    """One crawl a SQLite store: a lock on `FILE.lock` that the kernel frees when the process ends, however it ends.

    Raises StoreLockedError when another process holds it. On other engines there is nothing to hold.
    """

    def __init__(self, url: str, now: datetime) -> None:
        self._file: Any = None
        path = _sqlite_path(url)
        if path is None:
            return
        import fcntl  # POSIX only, as cron is

        lock = Path(f"{os.path.realpath(path)}.lock")  # a store by two names is one store
        try:
            self._file = lock.open("a+", encoding="utf-8")
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.seek(0)
            holder = self._file.read().strip() or "unknown"
            self.release()
            raise StoreLockedError(f"{path}: another run holds this store ({holder})") from None
        except OSError as error:
            self.release()
            raise StoreError(
                f"{lock}: {error.strerror}: choose a folder that can be written with -s STORE_URL=…"
            ) from error
        self._file.truncate(0)
        self._file.write(f"process {os.getpid()}, since {now.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC")
        self._file.flush()

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def upgrade(url: str) -> None:
    """Bring the store to this version's schema; an empty database gets it. Raises StoreError."""
    from alembic import command  # here: a store that is up to date, as nearly all are, is opened without Alembic
    from alembic.config import Config

    engine = _engine(url)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":  # two may find it empty at the same time
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
            _revision(connection, url)
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except sa.exc.SQLAlchemyError as error:
        raise StoreError(_explain(url, error)) from error
    finally:
        engine.dispose()


def _engine(url: str) -> sa.Engine:
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite" and _sqlite_path(url) is None:
        raise StoreError(f"STORE_URL {url}: a store in memory would end with the command: {_WANT}")
    try:
        engine = sa.create_engine(parsed)
    except ModuleNotFoundError as error:
        raise StoreError(f"STORE_URL {_shown(url)}: {error}: pip install 'psycopg[binary]'") from error
    except sa.exc.ArgumentError as error:
        raise StoreError(f"STORE_URL {_shown(url)}: {error}: {_WANT}") from error
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _configure_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(connection: Any, record: Any) -> None:
    # sqlite3 opens transactions by itself, and late; SQLAlchemy's way to take that over is isolation_level None.
    # https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#pysqlite-serializable
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    _use_wal(cursor)
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA cache_size = -65536")
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


def _parsed(url: str) -> sa.URL:
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        # It can't be shown without its password where it can't be taken apart.
        raise StoreError(f"STORE_URL is no URL: {_WANT}") from None
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise StoreError(f"STORE_URL {parsed.render_as_string(hide_password=True)}: {_WANT}")
    return parsed


def _sqlite_path(url: str) -> str | None:
    parsed = _parsed(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        return None
    return parsed.database


def _revision(connection: sa.Connection, url: str) -> str | None:
    """The version of the store's schema; None for an empty database. Raises StoreError where it is no store of ours."""
    tables = sa.inspect(connection).get_table_names()
    have: str | None = None
    if "alembic_version" in tables:
        have = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    if have is None and set(tables) - {"alembic_version"}:
        raise StoreError(f"{_shown(url)}: holds tables of something else: choose an empty database with -s STORE_URL=…")
    if have is not None and have not in _revisions():
        raise StoreError(f"{_shown(url)}: schema {have} is of a newer Newsfold: upgrade this one")
    return have


def _revisions() -> list[str]:
    """The schema's versions, oldest first: the migrations' files are named after them."""
    return sorted(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def _shown(url: str) -> str:
    return _parsed(url).render_as_string(hide_password=True)


def _explain(url: str, error: Exception) -> str:
    cause = str(getattr(error, "orig", None) or error).strip().splitlines()
    return f"store {_shown(url)}: {cause[0] if cause else type(error).__name__}: check STORE_URL and its permissions"
