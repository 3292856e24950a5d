"""What stands between the spiders and the network: where we may connect, how often, and what robots.txt says."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Self, TypeVar

from scrapy import Request, signals
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware as ScrapyRobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import build_from_crawler
from service_identity import CertificateError, VerificationError
from twisted.internet import _sslverify
from twisted.web._newclient import HTTPClientParser, HTTPParser
from twisted.web.http_headers import InvalidHeaderName
from w3lib.encoding import read_bom

from crawler import addresses, optouts, polling, urls
from crawler.leases import HostLeased, Leases, take_back
from crawler.resolver import PrivateAddressError
from crawler.store import Store, hosts

if TYPE_CHECKING:
    import sqlalchemy as sa
    from scrapy.crawler import Crawler
    from scrapy.robotstxt import RobotParser

T = TypeVar("T")

logger = logging.getLogger(__name__)

#: Twisted hangs up at a line of the headers of more than 16 kB (https://github.com/twisted/twisted/issues/8570), which
#: browsers read. This is what Python's own client takes.
HTTPClientParser.MAX_LENGTH = 65_536


def _header_received(parser: HTTPClientParser, name: bytes, value: bytes) -> None:
    """Twisted hangs up at a name that is no token ("Cache Control", "X-Odd :"), of whatever header: all of the host
    would be lost. Browsers leave the line out."""
    with suppress(InvalidHeaderName):
        HTTPParser.headerReceived(parser, name.rstrip(), value)  # type: ignore[no-untyped-call]


HTTPClientParser.headerReceived = _header_received  # type: ignore[method-assign, assignment]
#: Of a certificate that names no host in a form of today Twisted logs a traceback, and then takes it for good.
_sslverify.VerificationError = (VerificationError, CertificateError, ValueError)  # type: ignore[assignment, attr-defined]
#: RFC 9309, 2.5: a crawler reads at least 500 kibibytes.
ROBOTS_MAX_BYTES = 512 * 1024
#: RFC 9309, 2.4: robots.txt is not served from a cache for longer than 24 hours.
ROBOTS_MAX_AGE = timedelta(hours=24)
#: A line of robots.txt that names a crawler, up to the end of its product token.
_NAMES_A_CRAWLER = re.compile(r"(\s*user[- ]?agent[\s:]+)([^\s/#]+)", re.IGNORECASE)
#: Looking up the rules of one host costs a fifth of a poll, most of it for the change of threads: a crawl of many hosts
#: looks up several at once.
LOOK_UP_SECONDS = 0.05
#: https://w3c.github.io/tdm-reservation-protocol/spec/
TDMREP = "/.well-known/tdmrep.json"
#: Why a host is refused that may not be connected to.
PRIVATE = "private address"
#: Why a link or redirect is refused that leads nowhere on the web.
NO_ADDRESS = "not a web address"


class RefusedRequest(IgnoreRequest):
    """The page or feed is not asked for, for a reason that lasts: `reason` is what the store keeps."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RobotsUnreachable(IgnoreRequest):
    """robots.txt could not be had: nothing may be fetched from the host now, and all of it may be later. `cause` is the
    error that stopped it, or what was answered."""

    def __init__(self, cause: Exception | str) -> None:
        super().__init__(f"robots.txt could not be read: {cause}")
        self.cause = cause


class HostWaits(IgnoreRequest):
    """The host asked to be left alone until `until` (UTC); with `response` where this request was told so."""

    def __init__(self, host: str, until: datetime, response: Response | None = None) -> None:
        super().__init__(f"{host} asked to wait until {until:%Y-%m-%d %H:%M:%S} UTC")
        self.host = host
        self.until = until
        self.response = response
        self.status = response.status if response is not None else None


class OneTryDownloadHandler(HTTP11DownloadHandler):
    """Scrapy's, but that a host's delay counts from the end of its answer, or of its failure to give one; Scrapy's
    counts from when a request left the queue, so that two arrive closer together by the time that it took to send the
    first (0.5 s were seen on a busy machine).

    And without the second try that Twisted makes at once when a kept connection is reset: no delay holds it back.
    Scrapy's own retries wait for their turn.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool.retryAutomatically = False
        self._leases: Leases = crawler.leases  # type: ignore[attr-defined]  # by crawler.extensions

    async def download_request(self, request: Request) -> Response:
        self._leases.check(request.meta["download_slot"])
        try:
            return await super().download_request(request)
        finally:
            slot = self._crawler.engine.downloader.slots.get(request.meta["download_slot"])
            if slot is not None:
                slot.lastseen = time.monotonic()


class HostMiddleware:
    """Names the download slot of a request after its host:port, refuses hosts that may not be connected to, and leases
    those that a redirect leads to.

    Scrapy's slot is the host name alone and stays that of the first URL when a request is redirected.
    """

    def __init__(self, named: Collection[str], leases: Leases) -> None:
        self._named = named
        self._leases = leases

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        # `scrapy shell` has no spider yet, and a person's own names none.
        return cls(getattr(crawler.spider, "named_hosts", ()), crawler.leases)  # type: ignore[attr-defined]

    async def process_request(self, request: Request) -> None:
        try:
            host = urls.host(request.url)
        except urls.InvalidURL:  # a redirect may lead anywhere
            raise RefusedRequest(NO_ADDRESS) from None
        ip = addresses.literal(urlparse_cached(request).hostname or "")
        if ip is not None and not addresses.allowed(host, ip, self._named):
            raise RefusedRequest(PRIVATE)
        request.meta["download_slot"] = host
        await self._leases.hold(host)
        made_for, number = request.meta.get("lease", (None, None))
        if made_for == host and number != self._leases.number(host):
            raise HostLeased(host)


class RetryAfterMiddleware:
    """Leaves a host alone that answers 429 or 503 with a Retry-After, in this run and the next ones.

    A wait of up to WAIT_MAX is waited for; a longer one ends the request with HostWaits. What already queues for the
    host when it answers so is taken back.
    """

    WAIT_MAX = timedelta(seconds=10)

    def __init__(self, crawler: Crawler, store: Store, default: timedelta) -> None:
        self._crawler = crawler
        self._store = store
        self._default = default  # of a 429 that does not say how long
        self._until: dict[str, datetime] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        default = timedelta(minutes=crawler.settings.getfloat("POLL_MIN_MINUTES"))
        middleware = cls(crawler, crawler.store, default)  # type: ignore[attr-defined]  # by crawler.extensions
        crawler.signals.connect(middleware.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(middleware.response_downloaded, signal=signals.response_downloaded)
        return middleware

    async def spider_opened(self) -> None:
        self._until = await read(self._store, partial(hosts.waiting, now=datetime.now(UTC)))

    async def process_request(self, request: Request) -> None:
        host = request.meta["download_slot"]
        until = self._until.get(host)
        if until is None:
            return
        wait = until - datetime.now(UTC)
        if wait > self.WAIT_MAX:
            raise HostWaits(host, until)
        if wait > timedelta(0):
            await asyncio.sleep(wait.total_seconds())

    def response_downloaded(self, response: Response, request: Request) -> None:
        """Note how long to wait before the next request in the host's queue is sent."""
        until = self._asked(response)
        if until is None:
            return
        host = request.meta["download_slot"]
        self._until[host] = until = max(until, self._until.get(host, until))
        take_back(self._crawler.engine.downloader.slots[host], partial(HostWaits, host, until))

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        until = self._asked(response)
        if until is None:
            return response
        host = request.meta["download_slot"]
        until = max(until, self._until.get(host, until))
        await asyncio.wrap_future(self._store.write(partial(hosts.wait, host=host, until=until)))
        if self._is_short(until) and not request.meta.get("waited"):
            again = request.copy()
            again.meta["waited"] = True
            return again
        raise HostWaits(host, until, response)

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """What was taken back for a short wait is asked for again, and waits."""
        if isinstance(exception, HostWaits) and exception.response is None and self._is_short(exception.until):
            return request.copy()
        return None

    def _is_short(self, until: datetime) -> bool:
        return until - datetime.now(UTC) <= self.WAIT_MAX

    def _asked(self, response: Response) -> datetime | None:
        """Until when a 429 or 503 asks to wait."""
        if response.status not in (429, 503):
            return None
        now = datetime.now(UTC)
        value = response.headers.get("Retry-After")
        until = polling.retry_after(value.decode("latin-1") if value else None, now)
        return now + self._default if until is None and response.status == 429 else until


class RobotsTxtMiddleware(ScrapyRobotsTxtMiddleware):
    """Scrapy's, with its leak mended, the failures of RFC 9309, 2.3.1, and the rules kept over runs for 24 hours.

    In Scrapy 2.19 all requests that wait for one robots.txt share a Deferred, and from the second waiter on it yields
    None, which means allowed: ten simultaneous requests fetched eight disallowed pages. Here one task a host reads the
    file and every waiter awaits it. A 4xx but 429 allows all; 5xx, 429 and network errors disallow all (Scrapy allows),
    unless good rules were read before: those serve meanwhile.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self._delay_max = crawler.settings.getfloat("CRAWL_DELAY_MAX_SECONDS")
        self._delay = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self._store: Store = crawler.store  # type: ignore[attr-defined]  # by crawler.extensions
        self._tasks: dict[str, asyncio.Task[RobotParser]] = {}
        self._wanted: list[str] = []
        self._look_up: asyncio.Task[dict[str, hosts.Robots]] | None = None

    async def process_request(self, request: Request) -> None:  # type: ignore[override]  # spider= is deprecated
        if request.meta.get("dont_obey_robotstxt"):
            return
        try:
            parser = await self.robot_parser(request)
        except RobotsUnreachable:
            self._stats.inc_value("robotstxt/unreachable")
            raise
        if not parser.allowed(request.url, self._agent):
            self._stats.inc_value("robotstxt/forbidden")
            raise RefusedRequest("robots.txt")

    async def robot_parser(self, request: Request) -> RobotParser:
        """The rules of the request's host. Raises RobotsUnreachable while they can't be had."""
        scheme, host = request.url.partition("://")[0], request.meta["download_slot"]
        if host not in self._tasks:
            self._tasks[host] = asyncio.ensure_future(self._rules(f"{scheme}://{host}/robots.txt", host))
        try:
            return await asyncio.shield(self._tasks[host])
        except HostLeased:
            self._tasks.pop(host, None)
            raise

    async def _rules(self, url: str, host: str) -> RobotParser:
        kept = await self._kept(host)
        if kept is None or datetime.now(UTC) - kept.read_at > ROBOTS_MAX_AGE:
            try:
                body = await self._fetch(url)
            except (HostWaits, RobotsUnreachable):
                if kept is None:
                    raise
            else:
                kept = hosts.Robots(body, datetime.now(UTC))
                await asyncio.wrap_future(self._store.write(partial(hosts.keep_robots, host=host, read=kept)))
        rules = _addressed(kept.body, self._agent)
        parser: RobotParser = build_from_crawler(self._parserimpl, self.crawler, rules)
        self._keep_delay(host, parser.crawl_delay(self._agent))
        return parser

    async def _kept(self, host: str) -> hosts.Robots | None:
        """What the store keeps, looked up for all hosts that ask within LOOK_UP_SECONDS at once."""
        if self._look_up is None:
            self._look_up = asyncio.ensure_future(self._look_up_all())
        self._wanted.append(host)
        return (await asyncio.shield(self._look_up)).get(host)

    async def _look_up_all(self) -> dict[str, hosts.Robots]:
        await asyncio.sleep(LOOK_UP_SECONDS)
        wanted, self._wanted, self._look_up = self._wanted, [], None
        return await read(self._store, partial(hosts.robots, wanted=wanted))

    async def _fetch(self, url: str) -> bytes:
        """The rules as bytes, empty where there are none. Raises RobotsUnreachable and HostWaits."""
        request = Request(
            url, priority=self.DOWNLOAD_PRIORITY, meta={"dont_obey_robotstxt": True}, callback=NO_CALLBACK
        )
        self._stats.inc_value("robotstxt/request_count")
        try:
            response = await self.crawler.engine.download_async(request)
        except PrivateAddressError:
            raise RefusedRequest(PRIVATE) from None
        except (HostWaits, HostLeased):
            raise
        except Exception as error:  # whatever the network does, the host is left alone
            self._stats.inc_value(f"robotstxt/exception_count/{type(error).__name__}")
            logger.debug("%s: %s", url, error)
            raise RobotsUnreachable(error) from error
        self._stats.inc_value(f"robotstxt/response_status_count/{response.status}")
        if response.status == 429 or response.status >= 500:
            raise RobotsUnreachable(f"HTTP {response.status}")
        return response.body[:ROBOTS_MAX_BYTES] if 200 <= response.status < 300 else b""

    def _keep_delay(self, host: str, wish: float | None) -> None:
        """Crawl-delay, up to a bound, where it is longer than ours."""
        if wish is None:
            return
        downloader = self.crawler.engine.downloader
        slot = downloader.per_slot_settings.get(host, {})
        delay = max(min(wish, self._delay_max), slot.get("delay", self._delay))
        # For slots to come (Scrapy forgets an idle one after a minute), and for the one that this request made.
        downloader.per_slot_settings[host] = {**slot, "delay": delay}
        if host in downloader.slots:
            downloader.slots[host].delay = delay


def _addressed(rules: bytes, agent: str) -> bytes:
    """robots.txt in UTF-8, with no crawler's name but that of `agent` and "*" (RFC 9309, 2.2.1: the product token, in
    any case). Protego knows "Newsfold/0.1", as it stands in a server's log, for none of ours, and "news" for one."""
    charset, bom = read_bom(rules)
    text = rules[len(bom) :].decode(charset, "replace") if charset and bom else rules.decode("utf-8", "ignore")
    lines = []
    for line in text.splitlines():
        if found := _NAMES_A_CRAWLER.match(line):
            name = found[2].strip("*") or "*"
            line = found[1] + (name if name.lower() in ("*", agent.lower()) else "-")
        lines.append(line)
    return "\n".join(lines).encode()


class TdmMiddleware:
    """Refuses pages whose host reserves text and data mining in /.well-known/tdmrep.json, asked for once a run.

    On with TDM_OBEY alone. What a page's own header or <meta> says is known when it has come (crawler.workers).
    """

    def __init__(self, crawler: Crawler, store: Store) -> None:
        self._crawler = crawler
        self._store = store
        self._tasks: dict[str, asyncio.Task[bytes]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not crawler.settings.getbool("TDM_OBEY"):
            raise NotConfigured
        return cls(crawler, crawler.store)  # type: ignore[attr-defined]  # by crawler.extensions

    async def process_request(self, request: Request) -> None:
        if not request.meta.get("is_page"):
            return
        parts, host = urlparse_cached(request), request.meta["download_slot"]
        if host not in self._tasks:
            self._tasks[host] = asyncio.ensure_future(self._fetch(f"{parts.scheme}://{parts.netloc}{TDMREP}"))
        try:
            rules = await asyncio.shield(self._tasks[host])
        except HostLeased:
            self._tasks.pop(host, None)
            raise
        if optouts.tdmrep(rules, f"{parts.path}?{parts.query}" if parts.query else parts.path):
            self._store.write(partial(hosts.note_tdm, host=host, reserved=True))
            raise RefusedRequest("tdm-reservation")

    async def _fetch(self, url: str) -> bytes:
        """The file; empty where there is none, or it can't be had: then nothing is reserved by it."""
        try:
            response = await self._crawler.engine.download_async(Request(url, callback=NO_CALLBACK))
        except HostLeased:
            raise
        except Exception as error:  # robots.txt, Retry-After, the network
            logger.debug("%s: %s", url, error)
            return b""
        return response.body if response.status == 200 else b""


async def read(store: Store, job: Callable[[sa.Connection], T]) -> T:
    """Read from the store without waiting for the writer, off the event loop."""

    def look_up() -> T:
        with store.read() as connection:
            return job(connection)

    return await asyncio.to_thread(look_up)
