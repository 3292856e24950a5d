"""What lives as long as the crawl: the open store, the run's row, the outcome of every entry, what a person sees."""

from __future__ import annotations

import asyncio
import logging
import sys
from datetime import UTC, datetime
from functools import partial
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Self

from rich.console import Console
from rich.live import Live
from rich.table import Table
from scrapy import Spider, signals
from scrapy.exceptions import CloseSpider, NotConfigured
from scrapy.utils.spider import DefaultSpider

from crawler.leases import Leases
from crawler.spider import name_contact
from crawler.store import RunLock, Store, StoreError, changefeed, clocks, profiles, runs, sealing, settling
from crawler.store.candidates import Window
from crawler.store.entries import settle

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector
    from twisted.python.failure import Failure

logger = logging.getLogger(__name__)

#: Transactions that a run gives to old segments of the index at its end, at most: some seconds.
SEAL_BATCHES = 50

#: So many causes of what failed are told in the summary.
CAUSES = 3
#: What is counted of a run, in the order in which a person reads it: the stat and its name.
SUMMARY = (
    ("feed/polled", "feeds polled"),
    ("feed/unchanged", "unchanged"),
    ("feed/failed", "feeds failed"),
    ("homepage/failed", "homepages without a feed"),
    ("entry/new", "new entries"),
    ("entry/updated", "updated entries"),
    ("page/fetched", "pages fetched"),
    ("page/failed", "pages failed"),
    ("page/refused", "refused"),
    ("article/dropped", "dropped"),
    ("article/stored", "articles stored"),
    ("article/updated", "of them new versions"),
    ("article/collapsed", "of them in a known story"),
    ("article/cleaned", "cleaned"),
)


class StoreExtension:
    """Opens the one Store of the process as `crawler.store`, keeps a row of the run, and settles what was dropped.

    Raises StoreError and StoreLockedError from `from_crawler`: without its store a crawl does not begin.
    """

    def __init__(self, store: Store, lock: RunLock, crawler: Crawler) -> None:
        self.store = store
        self._lock = lock
        self._crawler = crawler
        self._run: int | None = None
        self._change = 0  #: the change feed's position when the run began
        self._closing: asyncio.Future[None] | None = None
        self._folder: TemporaryDirectory[str] | None = None  #: of a store that goes with the process

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        name_contact(settings)
        url = settings["STORE_URL"]
        folder = None
        if issubclass(crawler.spidercls, DefaultSpider):
            # `scrapy shell` and `fetch`: no crawl should wait while a person looks at a page.
            folder = TemporaryDirectory(prefix="newsfold")
            url = f"sqlite:///{folder.name}/tool.db"
        lock = RunLock(url, datetime.now(UTC))
        try:
            store = Store(url, wait_seconds=settings.getfloat("STORE_WAIT_SECONDS"))
        except StoreError:
            lock.release()
            raise
        crawler.store = store  # type: ignore[attr-defined]  # for spiders, pipelines and middlewares
        crawler.leases = Leases(  # type: ignore[attr-defined]  # likewise
            crawler, store, settings.getfloat("LEASE_SECONDS"), settings.getint("CONCURRENT_REQUESTS") or sys.maxsize
        )
        extension = cls(store, lock, crawler)
        extension._folder = folder
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        crawler.signals.connect(extension.item_scraped, signal=signals.item_scraped)
        crawler.signals.connect(extension.item_dropped, signal=signals.item_dropped)
        crawler.signals.connect(extension.item_error, signal=signals.item_error)
        crawler.signals.connect(extension.spider_error, signal=signals.spider_error)
        return extension

    async def spider_opened(self, spider: Spider) -> None:
        begin = partial(runs.begin, spider=spider.name, now=datetime.now(UTC))
        try:
            self._run = await self._write(begin, at_once=True)
            ahead = await self._write(partial(clocks.mend, now=datetime.now(UTC)), at_once=True)
            self._change = await self._write(changefeed.position, at_once=True)
        except StoreError as error:
            self._give_up(error)
            raise CloseSpider("store_failed") from error
        if ahead:
            logger.warning("%d feeds were polled in the future, by a clock that was ahead: they are due now", ahead)
        loop = asyncio.get_running_loop()

        def tell(error: StoreError) -> None:
            if not loop.is_closed():  # what is left at the end of GRACE_SECONDS is written without it
                loop.call_soon_threadsafe(self._stop, error)

        # Whoever waits for the job may have nobody to tell: the loop that asks for pages, a renewal of leases.
        self.store.on_failure = tell
        self._crawler.leases.begin(self._run)  # type: ignore[attr-defined]

    async def spider_closed(self, spider: Spider, reason: str) -> None:
        try:
            await self._crawler.leases.end()  # type: ignore[attr-defined]
            if self._run is not None:
                if reason == "finished" and self._crawler.settings.getbool("PROFILES_ENABLED"):
                    await asyncio.to_thread(self._complete_profiles)
                recount = partial(settling.recount, since=self._change, now=datetime.now(UTC))
                await self._write(recount, at_once=True)
                stats = self._crawler.stats.get_stats()
                finish = partial(runs.finish, run_id=self._run, reason=reason, stats=stats, now=datetime.now(UTC))
                await self._write(finish, at_once=True)
                if reason == "finished":  # one that is told to end has no time for it
                    days = self._crawler.settings.getfloat("STORY_INDEX_DAYS")
                    seal = partial(sealing.seal, self.store, days, datetime.now(UTC), batches=SEAL_BATCHES)
                    await asyncio.to_thread(seal)
        finally:
            await asyncio.to_thread(self.store.close)
            self._lock.release()

    def _complete_profiles(self) -> None:
        cleaned = profiles.complete(self.store, datetime.now(UTC), Window.from_settings(self._crawler.settings))
        if cleaned:
            self._crawler.stats.inc_value("article/cleaned", cleaned)

    def item_scraped(self, item: Any) -> None:
        self._crawler.stats.inc_value("article/stored")
        if item.version > 1:
            self._crawler.stats.inc_value("article/updated")
        if item.relation is not None:
            self._crawler.stats.inc_value("article/collapsed")

    async def item_dropped(self, item: Any, exception: Exception) -> None:
        name = type(exception).__name__
        state = getattr(exception, "state", "dropped")
        if state == "fetched":  # again, and the same
            self._crawler.stats.inc_value("page/unchanged")
            return
        reason = str(exception) if state == "refused" else name
        if state == "refused":
            self._crawler.stats.inc_value("page/refused")
        else:
            self._crawler.stats.inc_value("article/dropped")
            self._crawler.stats.inc_value(f"article/dropped/{name}")
        if item.entry_id is not None and name != "DuplicateURL":  # which its own transaction has settled
            await self._write(
                partial(settle, entry_id=item.entry_id, state=state, reason=reason, now=datetime.now(UTC))
            )
        elif item.entry_id is None:
            logger.warning("%s: %s: %s", item.url, name, exception)

    async def item_error(self, item: Any, failure: Failure) -> None:
        if isinstance(failure.value, StoreError):
            self._stop(failure.value)
            return
        self._crawler.stats.inc_value("article/failed")
        if item.entry_id is not None:
            reason = f"{type(failure.value).__name__}: {failure.value}"[:200]
            await self._write(
                partial(settle, entry_id=item.entry_id, state="failed", reason=reason, now=datetime.now(UTC))
            )

    def spider_error(self, failure: Failure) -> None:
        if isinstance(failure.value, StoreError):
            self._stop(failure.value)

    def _give_up(self, error: StoreError) -> bool:
        """Ask no host for anything more. Whether this is the first that failed, which is what the run tells."""
        stats = self._crawler.stats
        is_first = stats.get_value("store/error") is None
        if is_first:
            stats.set_value("store/error", str(error))
        self._crawler.leases.stop()  # type: ignore[attr-defined]
        return is_first

    def _stop(self, error: StoreError) -> None:
        """Without a store there is nothing to crawl for: what is not stored stays pending."""
        if self._give_up(error):
            # Not awaited: closing waits for the pipelines, and one of them waits for this.
            self._closing = asyncio.ensure_future(self._crawler.engine.close_spider_async(reason="store_failed"))

    async def _write(self, job: Any, *, at_once: bool = False) -> Any:
        return await asyncio.wrap_future(self.store.write(job, at_once=at_once))


class TimeExtension:
    """Closes the run after RUN_MAX_MINUTES, so that the next one finds the store free; what is left stays pending."""

    REASON = "run_max_minutes"

    def __init__(self, crawler: Crawler, minutes: float) -> None:
        self._crawler = crawler
        self._seconds = minutes * 60
        self._timer: asyncio.TimerHandle | None = None
        self._closing: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        minutes = crawler.settings.getfloat("RUN_MAX_MINUTES")
        if not minutes:
            raise NotConfigured
        extension = cls(crawler, minutes)
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def spider_opened(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._seconds, self._close)

    def spider_closed(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _close(self) -> None:
        self._closing = asyncio.ensure_future(self._crawler.engine.close_spider_async(reason=self.REASON))


class ProgressExtension:
    """On a terminal, a live line at stderr: feeds, pages, articles."""

    REFRESH_SECONDS = 0.5

    def __init__(self, stats: StatsCollector, console: Console) -> None:
        self._stats = stats
        self._live = Live(
            get_renderable=self._table, console=console, refresh_per_second=1 / self.REFRESH_SECONDS, transient=True
        )

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not sys.stderr.isatty():
            raise NotConfigured
        extension = cls(crawler.stats, Console(stderr=True))
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def spider_opened(self) -> None:
        self._live.start()

    def spider_closed(self) -> None:
        self._live.stop()

    def _table(self) -> Table:
        line = Table.grid(padding=(0, 2))
        shown = [(self._stats.get_value(stat, 0), name) for stat, name in SUMMARY]
        line.add_row(*(f"[bold]{count}[/bold] {name}" for count, name in shown if count))
        return line


def summary(stats: dict[str, Any]) -> str:
    """One line on a run: "41 feeds polled, 3 feeds failed (2 host not found, 1 HTTP 404), 17 pages fetched, …";
    "nothing due" where nothing was."""
    counted = [f"{_count(stats[stat], name)}{_causes(stats, stat)}" for stat, name in SUMMARY if stats.get(stat)]
    return ", ".join(counted) or "nothing due"


def _count(number: int, name: str) -> str:
    """ "2 feeds polled", "1 feed polled"."""
    words = name.split() if number != 1 else (_SINGLE.get(word, word) for word in name.split())
    return f"{number} {' '.join(words)}"


_SINGLE = {"feeds": "feed", "homepages": "homepage", "entries": "entry", "pages": "page", "articles": "article"}


def _causes(stats: dict[str, Any], stat: str) -> str:
    """The most frequent causes of what failed."""
    if not stat.endswith("/failed"):
        return ""
    causes = {key.removeprefix(f"{stat}/"): count for key, count in stats.items() if key.startswith(f"{stat}/")}
    first = sorted(causes, key=lambda cause: (-causes[cause], cause))[:CAUSES]
    return f" ({', '.join(f'{causes[cause]} {cause}' for cause in first)})" if first else ""
