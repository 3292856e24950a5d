"""What stands between the spiders and the network: one slot a host, robots.txt as RFC 9309 has it."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware as ScrapyRobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import build_from_crawler

from crawler import urls

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

logger = logging.getLogger(__name__)

#: RFC 9309, 2.5: a crawler reads at least 500 kibibytes.
ROBOTS_MAX_BYTES = 512 * 1024


class RefusedRequest(IgnoreRequest):
    """The page or feed is not asked for, for a reason that lasts: `reason` is what the store keeps."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RobotsUnreachable(IgnoreRequest):
    """robots.txt could not be had: nothing may be fetched from the host now, and all of it may be later."""


class HostMiddleware:
    """Names the download slot of a request after its host:port, anew after every redirect.

    Scrapy's slot is the host name alone and stays that of the first URL when a request is redirected.
    """

    def process_request(self, request: Request) -> None:
        try:
            request.meta["download_slot"] = urls.host(request.url)
        except urls.InvalidURL:  # a redirect may lead anywhere
            raise RefusedRequest("not a web address") from None


class RobotsTxtMiddleware(ScrapyRobotsTxtMiddleware):
    """Scrapy's, with its leak mended and the failures of RFC 9309, 2.3.1.

    In Scrapy 2.19 all requests that wait for one robots.txt share a Deferred, and from the second waiter on it yields
    None, which means allowed: ten simultaneous requests fetched eight disallowed pages. Here one task a host reads the
    file and every waiter awaits it. A 4xx but 429 allows all; 5xx, 429 and network errors disallow all (Scrapy allows).
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self._tasks: dict[str, asyncio.Task[RobotParser | None]] = {}

    async def process_request(self, request: Request) -> None:  # type: ignore[override]  # spider= is deprecated
        if request.meta.get("dont_obey_robotstxt"):
            return
        parser = await self.robot_parser(request)
        if parser is None:
            self._stats.inc_value("robotstxt/unreachable")
            raise RobotsUnreachable(f"robots.txt of {urlparse_cached(request).netloc} could not be read")
        if not parser.allowed(request.url, self._agent):
            self._stats.inc_value("robotstxt/forbidden")
            raise RefusedRequest("robots.txt")

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """The rules of the request's host; None while they can't be had."""
        parts = urlparse_cached(request)
        key = f"{parts.scheme}://{parts.netloc}"
        if key not in self._tasks:
            self._tasks[key] = asyncio.ensure_future(self._read(f"{key}/robots.txt"))
        return await asyncio.shield(self._tasks[key])

    async def _read(self, url: str) -> RobotParser | None:
        request = Request(
            url,
            priority=self.DOWNLOAD_PRIORITY,
            meta={"dont_obey_robotstxt": True},
            callback=NO_CALLBACK,
        )
        self._stats.inc_value("robotstxt/request_count")
        try:
            response: Response = await self.crawler.engine.download_async(request)
        except Exception as error:  # whatever the network does, the host is left alone
            self._stats.inc_value(f"robotstxt/exception_count/{type(error).__name__}")
            logger.debug("%s: %s", url, error)
            return None
        self._stats.inc_value(f"robotstxt/response_status_count/{response.status}")
        if response.status == 429 or response.status >= 500:
            return None
        rules = response.body[:ROBOTS_MAX_BYTES] if 200 <= response.status < 300 else b""
        parser: RobotParser = build_from_crawler(self._parserimpl, self.crawler, rules)
        return parser
