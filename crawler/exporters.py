"""Scrapy's own exports (`-o FILE`, FEEDS), where they would write Python instead of data, or fail without a word."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Self

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured, UsageError
from scrapy.exporters import CsvItemExporter as ScrapyCsvItemExporter
from scrapy.extensions.feedexport import FeedExporter as ScrapyFeedExporter
from scrapy.extensions.feedexport import FeedSlot

from crawler.cells import cell

#: Of a run's stats: exports that are not what their file's name promises. Scrapy counts those it could not hand on.
FAILED = "feedexport/failed_count"

logger = logging.getLogger(__name__)


class CsvItemExporter(ScrapyCsvItemExporter):
    """The rows of `scrapy export --format csv`. Scrapy's joins a list with commas, or writes its repr."""

    def serialize_field(self, field: Mapping[str, Any], name: str, value: Any) -> Any:
        return cell(value)


class FeedExporter(ScrapyFeedExporter):
    """Scrapy's, which ends well where a format or place is unknown, a file cannot be opened, or a disk is full. Here
    the first stops the run before it begins; the others are told once and counted, and no row follows a missing one."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        try:
            return super().from_crawler(crawler)
        except NotConfigured:
            if not crawler.settings["FEEDS"]:
                raise
            wanted = ", ".join(map(str, crawler.settings.getdict("FEEDS")))
            raise UsageError(f"-o {wanted}: cannot be exported to, see above", print_help=False) from None

    def item_scraped(self, item: Any, spider: Spider) -> None:
        kept: list[FeedSlot] = []
        for slot in self.slots:
            self.slots = [slot]
            try:
                super().item_scraped(item, spider)
            except Exception as error:
                self._failed(slot, error)
            else:
                kept += self.slots
        self.slots = kept

    async def _close_slot(self, slot: FeedSlot, spider: Spider) -> None:
        try:
            await super()._close_slot(slot, spider)
        except Exception as error:
            self._failed(slot, error)

    def _failed(self, slot: FeedSlot, error: Exception) -> None:
        logger.error("-o %s: %s", slot.uri, error)
        self.crawler.stats.inc_value(f"{FAILED}/{type(slot.storage).__name__}")
