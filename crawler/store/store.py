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
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from crawler.store import searches
from crawler.store.engines import engine_of, shown, sqlite_path
from crawler.store.failures import StoreError, explain, is_deadlock, is_of_database, passes
from crawler.store.revisions import revision, revisions, upgrade

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
#: The search index gets its share of the writer's time at this distance: 100 articles, some 40 ms. That is more than a
#: crawl of two cores brings.
INDEX_SECONDS = 2.0
#: A server that is away is asked again at this distance.
AGAIN_SECONDS = 0.5
#: A command's job is begun so often, of those that a deadlock with a crawl ends. Each costs a second.
DEADLOCKS_MAX = 10
#: The tables that articles fill.
_GROWING = "articles, bands, entries, fingerprints, stories, versions, words"


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
        self.engine = engine_of(url)
        path = sqlite_path(url)
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
                have = revision(connection, url)
            if have is None:
                upgrade(url)
            elif have != (want := revisions()[-1]):
                raise StoreError(f"{shown(url)}: schema {have}, want {want}: run `scrapy store upgrade`")
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
                if ended == DEADLOCKS_MAX or not is_deadlock(error):
                    raise StoreError(explain(shown(self.url), error)) from error

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
            raise StoreError(explain(shown(self.url), error)) from error

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
            raise StoreError(explain(shown(self.url), error)) from error

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
                failure = StoreError(explain(shown(self.url), error))
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
        if is_of_database(error):
            raise  # the whole batch fails
        if len(group) == 1:
            failed.append((group[0].future, error))
        else:
            for queued in group:
                _run(connection, [queued], done, failed)
    else:
        done += zip((queued.future for queued in group), results, strict=True)
