"""Given URLs -> pages, into the same pipelines and store as the news spider's."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request
from scrapy.exceptions import UsageError

from crawler import urls
from crawler.items import Entry
from crawler.spider import PageSpider
from crawler.store import takedowns

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)


class PagesSpider(PageSpider):
    """scrapy crawl pages -a url=URL[,URL…], or -a file=LIST with a URL a line (# begins a comment)."""

    name = "pages"
    arguments = frozenset({"url", "file"})
    addresses: list[str]

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.addresses = list(dict.fromkeys(_addresses(kwargs.get("url"), kwargs.get("file"))))
        spider.named_hosts |= {urls.host(address) for address in spider.addresses}
        return spider

    async def start(self) -> AsyncIterator[Request]:
        spelt = {url: urls.normalize(url) for url in self.addresses}
        forgotten = await self.write(partial(takedowns.among, addresses=spelt.values()), at_once=True)
        for url in self.addresses:
            if spelt[url] in forgotten:
                self.crawler.stats.inc_value("page/refused")
                logger.warning("%s: refused: %s", url, takedowns.FORGOTTEN)
                continue
            yield self.page_request(Entry(url=url), None, None)


def _addresses(url: str | None, file: str | None) -> list[str]:
    # A comma may be part of an address: only one that begins another address separates.
    given = [] if url is None else re.split(r",(?=https?:)", url)
    if file is not None:
        try:
            lines = Path(file).read_text(encoding="utf-8-sig").splitlines()  # as spreadsheets write it
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"-a file={file}: {error}", print_help=False) from error
        given += [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if not given:
        raise UsageError("pages needs -a url=URL[,URL…] or -a file=LIST", print_help=False)
    for address in (given := [address.strip() for address in given]):
        try:
            urls.normalize(address)
        except urls.InvalidURL as error:
            raise UsageError(str(error), print_help=False) from error
    return given
