"""Page in, Article out: reading a page takes the time of a CPU, so it is done in worker processes."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Self, cast

from scrapy.exceptions import DropItem

from crawler import workers
from crawler.items import Article, Page
from crawler.pages import PageError
from crawler.publishers import Publisher

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.spider import PageSpider


class Unreadable(DropItem):
    """The page is no HTML that can be read: binary, empty, or it took a worker too long or down with it."""


class CleaningPipeline:
    """Hands pages to `processes` workers, each of which has `seconds` for a page."""

    def __init__(self, processes: int, seconds: float, publishers: Mapping[str, Publisher]) -> None:
        self._processes = processes
        self._seconds = seconds
        self._publishers = publishers
        self._pool: ProcessPoolExecutor | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        spider = cast("PageSpider", crawler.spider)
        count = crawler.settings.getint("EXTRACT_WORKERS") or os.cpu_count() or 1
        return cls(count, crawler.settings.getfloat("READ_SECONDS"), spider.publishers)

    async def process_item(self, item: Page) -> Article:
        try:
            try:
                return await self._clean(item)
            except BrokenProcessPool:
                # A worker died and took its neighbours' pages along: each gets a second, fresh pool.
                return await self._clean(item)
        except BrokenProcessPool:
            raise Unreadable("a worker process died on it") from None
        except workers.ReadTimeoutError:
            raise Unreadable(f"took longer than {self._seconds:g} s") from None
        except PageError as error:
            raise Unreadable(str(error)) from error

    async def _clean(self, page: Page) -> Article:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._processes,
                # Not fork: the crawl has threads and an event loop that a forked child would inherit half of.
                mp_context=multiprocessing.get_context("spawn"),
                initializer=workers.begin,
            )
        pool = self._pool
        try:
            return await asyncio.wrap_future(
                pool.submit(workers.clean, page, self._publishers.get(page.publisher), self._seconds)
            )
        except BrokenProcessPool:
            if self._pool is pool:
                self._pool = None
            raise

    async def close_spider(self) -> None:
        if self._pool is not None:
            await asyncio.to_thread(self._pool.shutdown, cancel_futures=True)
