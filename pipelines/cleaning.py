"""Page in, Article out: reading a page takes the time of a CPU, so it is done in worker processes."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from typing import TYPE_CHECKING, Self, cast

from scrapy.exceptions import DropItem

from crawler import urls, workers
from crawler.items import Article, Page
from crawler.pages import PageError
from crawler.publishers import Publisher
from crawler.store import Store, hosts

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.spider import PageSpider


class Unreadable(DropItem):
    """The page is no HTML that can be read: binary, empty, or it took a worker too long or down with it."""


class OptedOut(DropItem):
    """The page says that it must not be used; the message says how."""

    state = "refused"


class CleaningPipeline:
    """Hands pages to `processes` workers, which keep to `rules`, and notes in the store who reserves data mining."""

    def __init__(self, store: Store, processes: int, rules: workers.Rules, publishers: Mapping[str, Publisher]) -> None:
        self._store = store
        self._processes = processes
        self._rules = rules
        self._publishers = publishers
        self._reserved: set[str] = set()
        self._pool: ProcessPoolExecutor | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        spider = cast("PageSpider", crawler.spider)
        count = crawler.settings.getint("EXTRACT_WORKERS") or os.cpu_count() or 1
        rules = workers.Rules(
            seconds=crawler.settings.getfloat("READ_SECONDS"),
            noindex=crawler.settings.getbool("NOINDEX_OBEY"),
            tdm=crawler.settings.getbool("TDM_OBEY"),
        )
        store: Store = crawler.store  # type: ignore[attr-defined]  # by crawler.extensions
        return cls(store, count, rules, spider.publishers)

    async def process_item(self, item: Page) -> Article:
        try:
            try:
                article, reserved = await self._clean(item)
            except BrokenProcessPool:
                # A worker died and took its neighbours' pages along: each gets a second, fresh pool.
                article, reserved = await self._clean(item)
        except BrokenProcessPool:
            raise Unreadable("a worker process died on it") from None
        except workers.ReadTimeoutError:
            raise Unreadable(f"took longer than {self._rules.seconds:g} s") from None
        except workers.OptedOutError as refusal:
            raise OptedOut(str(refusal)) from None
        except PageError as error:
            raise Unreadable(str(error)) from error
        host = urls.host(item.url)
        if reserved and host not in self._reserved:
            self._reserved.add(host)
            self._store.write(partial(hosts.note_tdm, host=host, reserved=True))
        return article

    async def _clean(self, page: Page) -> tuple[Article, bool]:
        if self._pool is None:
            # Not fork: the crawl has threads and an event loop that a forked child would inherit half of.
            context = multiprocessing.get_context("forkserver")
            context.set_forkserver_preload(["crawler.preload"])
            self._pool = ProcessPoolExecutor(self._processes, mp_context=context, initializer=workers.begin)
        pool = self._pool
        try:
            # In a thread: the first pages start the workers, and wait for what those share to be loaded.
            future = await asyncio.to_thread(
                pool.submit, workers.clean, page, self._publishers.get(page.publisher), self._rules
            )
            return await asyncio.wrap_future(future)
        except BrokenProcessPool:
            if self._pool is pool:
                self._pool = None
            raise

    async def close_spider(self) -> None:
        if self._pool is not None:
            await asyncio.to_thread(self._pool.shutdown, cancel_futures=True)
