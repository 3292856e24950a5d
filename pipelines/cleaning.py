"""Page in, Article out: reading a page takes the time of a CPU, so it is done in worker processes."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import signal
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime
from functools import partial
from multiprocessing import forkserver, resource_tracker
from typing import TYPE_CHECKING, Self, TypeVar

from scrapy import Request, signals
from scrapy.exceptions import CloseSpider, DropItem

from crawler import urls, workers
from crawler.items import Article, Page
from crawler.profiles import Profile
from crawler.publishers import Publisher
from crawler.store import Store, StoreError, hosts, profiles
from crawler.store.candidates import Window

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector

T = TypeVar("T")

#: A worker is replaced after so many: what lxml and the caches of libraries keep does not add up over a long crawl.
PAGES_A_WORKER = 2000


class Unreadable(DropItem):
    """The page is no HTML that can be read: binary, without a tag, or it took a worker too long or down with it."""


class OptedOut(DropItem):
    """The page says that it must not be used; the message says how."""

    state = "refused"


class CleaningPipeline:
    """Hands pages to `processes` workers, which keep to `rules`, and notes in the store who reserves data mining.

    With a `window`, pages are read with what earlier ones of their publisher taught, once that has cleaned those
    and compared what is left of them with what is in the window.
    """

    def __init__(
        self,
        store: Store,
        processes: int,
        rules: workers.Rules,
        publishers: Mapping[str, Publisher],
        *,
        window: Window | None = None,
        stats: StatsCollector | None = None,
    ) -> None:
        self._store = store
        self._stats = stats
        self._pool = Pool(processes)
        self._alone = Pool(1)
        self._one_at_a_time = asyncio.Lock()
        self._rules = rules
        self._publishers = publishers
        self._window = window
        self._profiles: Mapping[str, Profile] = {}
        self._reserved: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        known = getattr(crawler.spider, "publishers", {})  # `scrapy shell` has no spider yet, a person's own has none
        count = crawler.settings.getint("EXTRACT_WORKERS") or os.cpu_count() or 1
        rules = workers.Rules(
            seconds=crawler.settings.getfloat("READ_SECONDS"),
            noindex=crawler.settings.getbool("NOINDEX_OBEY"),
            tdm=crawler.settings.getbool("TDM_OBEY"),
        )
        store: Store = crawler.store  # type: ignore[attr-defined]  # by crawler.extensions
        window = Window.from_settings(crawler.settings) if crawler.settings.getbool("PROFILES_ENABLED") else None
        pipeline = cls(store, count, rules, known, window=window, stats=crawler.stats)
        crawler.signals.connect(pipeline.request_scheduled, signal=signals.request_scheduled)
        return pipeline

    async def open_spider(self) -> None:
        if self._window:
            try:
                await asyncio.to_thread(profiles.complete, self._store, datetime.now(UTC), self._window)
                # Before the first page: what this run crawls serves the next.
                renew = partial(profiles.renew, now=datetime.now(UTC), window=self._window)
                self._profiles = await asyncio.wrap_future(self._store.write(renew, at_once=True))
            except StoreError as error:
                # Any other way out leaves Scrapy's extensions half opened, and they tell of that at length.
                if self._stats is not None:
                    self._stats.set_value("store/error", str(error))
                raise CloseSpider("store_failed") from error

    def request_scheduled(self, request: Request) -> None:
        # Not with the first page that has come: what the workers share takes a second to load, in which the crawl goes
        # on. Where pages are likely, it is loaded beside the polls.
        if request.meta.get("is_page"):
            self._pool.start()
        elif request.meta.get("expects_pages"):
            self._pool.prepare()

    async def process_item(self, item: Page) -> Article:
        work = partial(
            workers.clean, item, self._publishers.get(item.publisher), self._rules, self._profiles.get(item.publisher)
        )
        try:
            try:
                article, reserved = await self._pool.run(work)
            except BrokenProcessPool:
                # A worker died and took along all that was handed in. Read alone, only the page to blame does it again.
                async with self._one_at_a_time:
                    article, reserved = await self._alone.run(work)
        except BrokenProcessPool:
            raise Unreadable("a worker process died on it") from None
        except workers.ReadTimeoutError:
            raise Unreadable(f"took longer than {self._rules.seconds:g} s") from None
        except workers.OptedOutError as refusal:
            raise OptedOut(str(refusal)) from None
        except workers.UnreadableError as error:
            raise Unreadable(str(error)) from error
        host = urls.host(item.url)
        if reserved and host not in self._reserved:
            self._reserved.add(host)
            self._store.write(partial(hosts.note_tdm, host=host, reserved=True))
        return article

    async def close_spider(self) -> None:
        await self._pool.close()
        await self._alone.close()


class Pool:
    """`processes` workers: started with the first page or before, and anew after a death or so many pages each."""

    def __init__(self, processes: int, pages_a_worker: int = PAGES_A_WORKER) -> None:
        self._processes = processes
        self._pages_max = pages_a_worker * processes
        self._starting: asyncio.Future[ProcessPoolExecutor] | None = None
        self._pages = 0
        # Not fork: the crawl has threads and an event loop that a forked child would inherit half of.
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["crawler.preload"])

    def prepare(self) -> None:
        """Have what the workers share be loaded, by a process that nobody waits for. It ends with this one."""
        with contextlib.suppress(OSError):  # the first page tries again, and tells
            resource_tracker.ensure_running()  # else the server starts it, which has signals heard again
            _without_signals(forkserver.ensure_running)

    def start(self) -> asyncio.Future[ProcessPoolExecutor]:
        """Start the workers, where there are none or those there are have done their pages."""
        if self._starting is None or self._pages >= self._pages_max:
            self._starting, self._pages = asyncio.ensure_future(self._start(self._starting)), 0
        return self._starting

    async def run(self, work: Callable[[], T]) -> T:
        """The result of `work`, done in a worker. Raises what it raises, BrokenProcessPool, and what keeps workers from
        starting, as an OSError does."""
        starting = self.start()
        self._pages += 1
        try:
            return await asyncio.wrap_future((await starting).submit(work))
        except BrokenProcessPool:
            if self._starting is starting:
                self._starting = None
            raise

    async def _start(self, before: asyncio.Future[ProcessPoolExecutor] | None) -> ProcessPoolExecutor:
        try:
            if before is not None:
                # It reads what it was given, and ends. Both at once would hold 40 MB more than one, of 430.
                await asyncio.to_thread((await before).shutdown)
            pool = ProcessPoolExecutor(self._processes, mp_context=self._context, initializer=workers.begin)
            # In a thread: it waits for what the workers share to be loaded.
            await asyncio.to_thread(_without_signals, partial(pool.submit, os.getpid))
        except Exception:
            self._starting = None  # the next page tries again
            raise
        return pool

    async def close(self) -> None:
        if self._starting is not None:
            await asyncio.to_thread((await self._starting).shutdown, cancel_futures=True)


def _without_signals(start: Callable[[], object]) -> None:
    """Start processes that are deaf to what a terminal or a service manager tells all of a run at once: pages that are
    under way are read to their end. A worker hears SIGTERM again (workers.begin)."""
    heard = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, heard)
