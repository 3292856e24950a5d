"""The open store: one engine, one writer thread, short read connections. In: jobs on a connection. Out: their results.

Everything that is written goes through `Store.write`: a job is a function of a connection. The writer gathers the jobs
that wait (up to 50, or what comes within 0.2 s of its last commit), sorts those that carry a key, and runs them in one
transaction, each behind a savepoint, so that a job that fails costs only itself. Articles go together into one job
(`write_together`), so that look-ups and writes are a few statements a batch. When nothing waits, and every few seconds,
it puts articles into the search index.
"""

from __future__ import annotations

import contextlib
import math
import os
import queue
import re
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from crawler.store import searches

T = TypeVar("T")
Item = TypeVar("Item")
Job = Callable[[sa.Connection], T]
BatchJob = Callable[[sa.Connection, Sequence[Item]], Sequence[T]]

BATCH_JOBS = 50
#: From one commit to the next, at least: what comes meanwhile is written together.
BATCH_SECONDS = 0.2
#: The same while nothing but articles waits, for which no request does: of 50 a second a batch is 25, not 12, and an
#: article takes a sixth less of the processor.
ARTICLES_SECONDS = 0.5
#: Pages of the log, 40 MB, after which SQLite copies it into the file. Its own 1,000 are one batch, whose keys stand
#: all over the candidate index: that was a tenth of the writer's time.
LOG_PAGES = 10_000
#: The search index gets its share of the writer's time at this distance: 100 articles, some 40 ms. That is more than a
#: crawl of two cores brings.
INDEX_SECONDS = 2.0
#: What SQLite keeps of a file in memory, for each connection. For the rest the operating system's cache is as good:
#: four times as much writes no faster.
CACHE_KB = 16 * 1024
#: A server that is away is asked again at this distance.
AGAIN_SECONDS = 0.5
#: For an answer to the first word; a firewall may give none.
CONNECT_SECONDS = 10
#: A command's job is begun so often, of those that a deadlock with a crawl ends. Each costs a second.
DEADLOCKS_MAX = 10
#: https://www.postgresql.org/docs/current/errcodes-appendix.html
_DEADLOCK = "40P01"
#: A second writer of the same SQLite file waits this long for its turn. Turns are taken by chance: of eight writers
#: that never rest, on two busy cores, one had none for 30 s.
BUSY_SECONDS = 90
MIGRATIONS = Path(__file__).parents[1] / "migrations"
#: PostgreSQL's advisory lock for those that would make the tables at the same time: any number that nobody else takes.
_MIGRATION_LOCK = 0x4E657773
#: The tables that articles fill.
_GROWING = "articles, bands, entries, fingerprints, stories, versions, words"
_WANT = "want sqlite:////folder/newsfold.db or postgresql+psycopg://user@host/database"


class StoreError(Exception):
    """The store can't be used: says which one, what failed, and what to do. One line."""


class StoreLockedError(StoreError):
    """Another run holds the SQLite store; says since when."""


@dataclass(frozen=True, slots=True)
class _Queued:
    """A job that waits for the writer, or an item for a job that takes many (`items`: just that one)."""

    key: Any
    job: Any
    items: tuple[Any] | None
    at_once: bool
    future: Future[Any]


class Store:
    """A store that is open. Close it, or use it as a context manager.

    `url` is an SQLAlchemy URL. An empty database gets the schema; one of an older version is refused (see
    `scrapy store upgrade`), one of a newer version too. With `create` False a SQLite file that is not there is an
    error: a command that only reads should not leave an empty store behind. A server that goes away later is waited
    for, up to `wait_seconds` from when it was missed; what was to be written meanwhile is written then. After that
    nothing is waited for until something could be written. Raises StoreError.
    """

    def __init__(self, url: str, *, create: bool = True, wait_seconds: float = 0) -> None:
        self.url = url
        self._wait_seconds = wait_seconds
        self.engine = _engine(url)
        path = _sqlite_path(url)
        if not create and path is not None and not Path(path).exists():
            raise StoreError(f"{path}: no store yet: run `scrapy crawl news`, or choose one with -s STORE_URL=…")
        self._jobs: queue.Queue[_Queued | None] = queue.Queue()
        self._thread: threading.Thread | None = None
        self._is_open = False
        self._away_since: float | None = None  #: of an outage that nothing has been written since
        #: Told, in the writer's thread, of each batch that could not be written.
        self.on_failure: Callable[[StoreError], None] | None = None
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
        self._is_open = True

    @property
    def shared(self) -> bool:
        """Whether several runs may crawl into it at the same time (PostgreSQL)."""
        return self.engine.dialect.name == "postgresql"

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def write(self, job: Job[T], key: Any = None, *, at_once: bool = False) -> Future[T]:
        """Queue a job for the writer; its future gets the result once the transaction is committed.

        Jobs with a `key` are sorted by it within their batch and run after those without. A job to be done `at_once`,
        for which all else waits, is not kept waiting for company.
        """
        return self._queue(key, job, None, at_once)

    def write_together(self, job: BatchJob[Item, T], item: Item, key: Any = None) -> Future[T]:
        """Queue an item for a job that takes many at once: those of one batch that have the same job, in order of their
        keys. The future gets the item's own result. Where a job of many fails, its items are tried one by one."""
        return self._queue(key, job, (item,), False)

    def _queue(self, key: Any, job: Any, items: tuple[Any] | None, at_once: bool) -> Future[Any]:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="store-writer", daemon=True)
            self._thread.start()
        future: Future[Any] = Future()
        self._jobs.put(_Queued(key, job, items, at_once, future))
        return future

    def write_now(self, job: Job[T]) -> T:
        """One job in a transaction of its own, in the caller's thread: for commands. One that PostgreSQL ended since it
        and a crawl waited for each other is done again."""
        ended = 0
        while True:
            try:
                with self.engine.begin() as connection:
                    return job(connection)
            except sa.exc.SQLAlchemyError as error:
                ended += 1
                if ended == DEADLOCKS_MAX or getattr(getattr(error, "orig", None), "sqlstate", None) != _DEADLOCK:
                    raise StoreError(_explain(self.url, error)) from error

    @contextlib.contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection for reading: one consistent view of the store. Never waits for the writer on SQLite (WAL)."""
        try:
            with self._connect().execution_options(writes=False) as connection:
                if connection.dialect.name == "postgresql":
                    connection = connection.execution_options(
                        isolation_level="REPEATABLE READ", postgresql_readonly=True
                    )
                yield connection
        except sa.exc.SQLAlchemyError as error:
            raise StoreError(_explain(self.url, error)) from error

    def _connect(self) -> sa.Connection:
        """A connection; waits for a server that was there and is away, as while it is started anew."""
        began = time.monotonic()
        while True:
            try:
                return self.engine.connect()
            except sa.exc.OperationalError as error:
                if not (self._is_open and passes(error) and self._waits(began)):
                    raise
            time.sleep(AGAIN_SECONDS)

    def _waits(self, missed: float) -> bool:
        """Whether what did not work since then is to be tried again: the wait of an outage is one for all."""
        since = missed if self._away_since is None else self._away_since
        return time.monotonic() - since < self._wait_seconds

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
        committed_at = -math.inf
        while open_:
            try:
                first = self._jobs.get(timeout=INDEX_SECONDS if behind else None)
            except queue.Empty:
                behind, indexed_at = self._index(), time.monotonic()
                continue
            if first is None:
                break
            batch = [first]
            while len(batch) < BATCH_JOBS and not batch[-1].at_once:
                wait = ARTICLES_SECONDS if all(queued.items for queued in batch) else BATCH_SECONDS
                try:
                    job = self._jobs.get(timeout=max(0.0, committed_at + wait - time.monotonic()))
                except queue.Empty:
                    break
                if job is None:
                    open_ = False
                    break
                batch.append(job)
            self._commit(batch)
            behind, now = True, time.monotonic()
            if not batch[-1].at_once:
                committed_at = now
            if now - indexed_at > INDEX_SECONDS:
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

    def _commit(self, batch: list[_Queued]) -> None:
        # A future that runs can no longer be cancelled, so that each can be given its result.
        batch = [queued for queued in batch if queued.future.set_running_or_notify_cancel()]
        failure: StoreError | None = None
        missed: float | None = None  # not when the batch began: it may have waited for others' turns
        while True:
            done: list[tuple[Future[Any], Any]] = []
            failed: list[tuple[Future[Any], Exception]] = []
            try:
                batch.sort(key=lambda queued: (False,) if queued.key is None else (True, queued.key))
                with self.engine.begin() as connection:
                    for _, group in groupby(enumerate(batch), _place):
                        _run(connection, [queued for _, queued in group], done, failed)
            except Exception as error:
                missed = missed or time.monotonic()
                if passes(error) and self._waits(missed):
                    self._away_since = self._away_since or missed
                    time.sleep(AGAIN_SECONDS)
                    continue
                failure = StoreError(_explain(self.url, error))
                failure.__cause__ = error
                done, failed = [], [(queued.future, failure) for queued in batch]
            else:
                self._away_since = None
            break
        for future, why in failed:
            future.set_exception(why)
        for future, result in done:
            future.set_result(result)
        if failure is not None and self.on_failure is not None:
            self.on_failure(failure)


def _place(numbered: tuple[int, _Queued]) -> Any:
    """What those that run together have in common."""
    number, queued = numbered
    return number if queued.items is None else queued.job


def _run(
    connection: sa.Connection,
    group: Sequence[_Queued],
    done: list[tuple[Future[Any], Any]],
    failed: list[tuple[Future[Any], Exception]],
) -> None:
    """Run one job, of one item or of many; where many fail, each by itself, so that it costs only itself."""
    try:
        with connection.begin_nested():
            items = [item for queued in group for item in queued.items or ()]
            results = group[0].job(connection, items) if items else [group[0].job(connection)]
    except Exception as error:
        if _is_of_database(error):
            raise  # the whole batch fails
        if len(group) == 1:
            failed.append((group[0].future, error))
        else:
            for queued in group:
                _run(connection, [queued], done, failed)
    else:
        done += zip((queued.future for queued in group), results, strict=True)


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
    path = _sqlite_path(url)
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
        engine = sa.create_engine(parsed, **options)
    except ModuleNotFoundError as error:
        raise StoreError(f"STORE_URL {_shown(url)}: {error}: pip install 'psycopg[binary]'") from error
    except sa.exc.ArgumentError as error:
        raise StoreError(f"STORE_URL {_shown(url)}: {error}: {_WANT}") from error
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
    """The version of the store's schema; None for an empty database. Raises StoreError where it is no store of ours, or
    can't be one."""
    if connection.dialect.name == "postgresql":
        encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
        if encoding != "UTF8":
            raise StoreError(f"{_shown(url)}: want a database with encoding UTF8, has {encoding}")
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


def passes(error: BaseException) -> bool:
    """Whether the same may work in a moment: the server is away or being started, or chose us to end a deadlock."""
    if not isinstance(error, sa.exc.OperationalError):
        return False
    if isinstance(error.orig, sqlite3.Error):
        return False
    # None: no connection came about, and libpq has no code for why, whoever refused it.
    # https://www.postgresql.org/docs/current/errcodes-appendix.html
    code = getattr(error.orig, "sqlstate", None)
    if code is None:
        return re.search(_REFUSED, str(error.orig)) is None
    return str(code).startswith(("08", "40", "57P"))


def _is_of_database(error: BaseException) -> bool:
    """Whether the database itself fails, so that no job would fare better."""
    if not isinstance(error, sa.exc.DBAPIError):
        return False
    # SQLite has no class of its own for a damaged file.
    if isinstance(error, sa.exc.OperationalError | sa.exc.InternalError) or type(error) is sa.exc.DatabaseError:
        return True
    # Tables, columns, functions and schemas that are gone, and lost rights, PostgreSQL has as mistakes of a statement.
    code = getattr(error.orig, "sqlstate", None) or ""
    return code in ("42P01", "42703", "42883", "42501", "3F000")


#: What a server says that is there, and will say the same in a moment.
_REFUSED = (
    r'(?:database|role) ".*" does not exist|authentication failed|no password|no pg_hba\.conf entry|permission denied'
)
#: What to do about it, by what a database says: SQLite in words, PostgreSQL in words and codes.
_ADVICE = (
    (r"disk is full|disk full|No space left|\b53100\b", "free some space"),
    (r"database is locked", f"another process has been writing for more than {BUSY_SECONDS} s"),
    (
        r"[Cc]onnection refused|timeout expired|could not translate host|Name or service|server closed|\b57P",
        "is the server running?",
    ),
    (r"malformed|not a database|no such table|\b42P01\b", "restore a backup"),
    (
        r"unable to open|readonly|read-only|authentication failed|no password|permission denied|\b28\d"
        r'|(?:database|role) ".*" does not exist|no schema has been selected',
        "check STORE_URL and its permissions",
    ),
)


def _explain(url: str, error: Exception) -> str:
    """One line: the store, the cause, and what to do where that is known."""
    cause = str(getattr(error, "orig", None) or error).strip().splitlines()
    first = cause[0] if cause else type(error).__name__
    code = getattr(getattr(error, "orig", None), "sqlstate", None)
    advice = next((advice for pattern, advice in _ADVICE if re.search(pattern, f"{first} {code}")), None)
    return f"store {_shown(url)}: {first}" + (f": {advice}" if advice else "")
