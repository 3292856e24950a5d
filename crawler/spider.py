"""What both spiders do: know the publishers, ask for pages, hand them on, write down why one could not be had."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from scrapy import Request, Spider
from scrapy.exceptions import UsageError
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from w3lib.encoding import http_content_type_encoding

from crawler import health, publishers, urls, walls
from crawler.answers import REDIRECTS
from crawler.items import Entry, Page
from crawler.leases import HostLeased, Leases
from crawler.middlewares import NO_ADDRESS, PRIVATE, HostWaits, RefusedRequest, RobotsUnreachable
from crawler.publishers import Publisher
from crawler.resolver import PrivateAddressError
from crawler.store import Store, StoreError, revisits
from crawler.store.entries import redirect, settle
from crawler.store.store import Job

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import Settings
    from twisted.python.failure import Failure

T = TypeVar("T")

logger = logging.getLogger(__name__)


class PageSpider(Spider):
    """A spider that fetches pages of known publishers. Subclasses say which, in `start`."""

    #: The spider's own -a arguments.
    arguments: ClassVar[frozenset[str]]

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        if unknown := sorted(set(kwargs) - cls.arguments):
            raise UsageError(
                f"unknown spider argument {unknown[0]!r}: {cls.name} takes {', '.join(sorted(cls.arguments))}",
                print_help=False,
            )
        spider: Self = super().from_crawler(crawler, *args, **kwargs)
        settings = crawler.settings
        spider.publishers = publishers.load(settings["PUBLISHERS_FILE"])
        spider.named_hosts = frozenset(_hosts(spider.publishers.values()))
        spider.page_max_bytes = settings.getint("PAGE_MAX_BYTES")
        settings.set("DOWNLOAD_SLOTS", _delays(spider.publishers.values()) | settings.getdict("DOWNLOAD_SLOTS"))
        return spider

    @property
    def leases(self) -> Leases:
        return self.crawler.leases  # type: ignore[attr-defined, no-any-return]  # by crawler.extensions

    publishers: Mapping[str, Publisher]
    named_hosts: frozenset[str]  #: host:port of what a person named: these may be private addresses
    page_max_bytes: int

    async def write(self, job: Job[T], *, at_once: bool = False) -> T:
        """A job for the store's writer (see there); returns when it is committed."""
        store: Store = self.crawler.store  # type: ignore[attr-defined]  # by crawler.extensions
        return await asyncio.wrap_future(store.write(job, at_once=at_once))

    def publisher_of(self, url: str, default: str | None = None) -> str:
        """The publisher whose site the URL is on: the longest domain that its host ends in, else the default, else
        the host without "www."."""
        host = urls.domain(url)
        labels = host.split(".")
        for start in range(len(labels)):
            if (domain := ".".join(labels[start:])) in self.publishers:
                return domain
        return default or host

    def page_request(
        self,
        entry: Entry,
        publisher: str | None,
        entry_id: int | None,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
    ) -> Request:
        """The request for a page, which calls back `parse_page` or `page_failed`; with the validators of the page's
        last answer a conditional one."""
        headers = conditions(etag, last_modified)
        return Request(
            urls.without_user(entry.url),
            callback=self.parse_page,
            errback=self.page_failed,
            cb_kwargs={"entry": entry, "publisher": publisher, "entry_id": entry_id},
            headers=headers,
            meta={
                "download_maxsize": self.page_max_bytes,
                "is_page": True,
                "handle_httpstatus_list": [304] if headers else [],
            }
            | self.on(urls.host(entry.url), entry_id),
            # The store knows what was fetched. Scrapy's own filter would swallow a redirect to a page that it has
            # seen, and the entry would stay pending for ever.
            dont_filter=True,
        )

    def on(self, host: str, what: int | str | None) -> dict[str, Any]:
        """The meta of a request to a host for an entry or a feed: its queue, and the lease under which it is made."""
        self.leases.ask(what)
        return {"download_slot": host, "lease": (host, self.leases.number(host))}

    async def further(self, host: str) -> list[Request]:
        """What else to ask of a host that has just answered for a page, or failed to."""
        return []

    async def parse_page(
        self, response: Response, entry: Entry, publisher: str | None, entry_id: int | None
    ) -> AsyncIterator[Page | Request]:
        """A page's bytes, for the pipelines; nothing where a page that was visited again has not changed."""
        for request in await self.further(urls.host(entry.url)):
            yield request
        if response.status != 304 and not response.body.strip():
            # What a server sends that broke down on the way: another day it sends the page.
            await self._settle(response.url, entry_id, "failed", "empty")
            return
        self.crawler.stats.inc_value("page/fetched")
        if response.status == 304 and entry_id is not None:
            self.crawler.stats.inc_value("page/unchanged")
            now = datetime.now(UTC)
            await self.write(partial(revisits.settle, entry_id=entry_id, now=now, has_changed=False))
            return
        yield Page(
            url=response.url,
            body=response.body,
            publisher=self.publisher_of(response.url, publisher),
            charset=http_content_type_encoding(header(response, "Content-Type")),
            robots_tags=tuple(value.decode("latin-1") for value in response.headers.getlist("X-Robots-Tag")),
            tdm_reservation=header(response, "TDM-Reservation"),
            etag=header(response, "ETag"),
            last_modified=header(response, "Last-Modified"),
            entry_id=entry_id,
            entry=entry,
            date_crawled=datetime.now(UTC),
        )

    async def page_failed(self, failure: Failure) -> AsyncIterator[Request]:
        """Write down why a page could not be had."""
        request: Request = failure.request  # type: ignore[attr-defined]  # by Scrapy
        await self._note_failure(failure, request)
        for another in await self.further(urls.host(request.cb_kwargs["entry"].url)):
            yield another

    async def _note_failure(self, failure: Failure, request: Request) -> None:
        if isinstance(failure.value, StoreError):  # of a look-up for the request, not of the page
            raise failure.value
        entry_id = request.cb_kwargs["entry_id"]
        if isinstance(failure.value, HostWaits | HostLeased):  # the entry stays pending
            self.crawler.stats.inc_value("page/waiting")
            if entry_id is None:
                logger.warning("%s: %s", request.url, failure.value)
                if isinstance(failure.value, HostLeased):
                    self.crawler.stats.inc_value("host/leased")
                return
            if failure.value.host != urls.host(request.cb_kwargs["entry"].url):
                # It is fetched from there when its time has come, without asking once more for the redirect.
                await self.write(partial(redirect, entry_id=entry_id, url=request.url))
            self.leases.leave(entry_id)
            return
        if (refused := refusal(failure.value)) is not None:
            state, reason = "refused", refused
        else:
            state, reason = "failed", describe(failure.value)
        await self._settle(request.url, entry_id, state, reason)

    async def _settle(self, url: str, entry_id: int | None, state: str, reason: str) -> None:
        """Count and write down how a page ended that is not handed on: failed or refused."""
        self.crawler.stats.inc_value(f"page/{state}")
        if state == "failed":
            self.crawler.stats.inc_value(f"page/failed/{cause(reason)}")
        logger.debug("%s: %s: %s", url, state, reason)
        if entry_id is None:
            logger.warning("%s: %s: %s", url, state, reason)
        else:
            await self.write(partial(settle, entry_id=entry_id, state=state, reason=reason, now=datetime.now(UTC)))


def conditions(etag: str | None, last_modified: str | None) -> dict[str, bytes]:
    """The headers that make a request conditional, in the very bytes that the server wrote (see `header`)."""
    validators = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value.encode("latin-1") for name, value in validators.items() if value}


def header(response: Response, name: str | bytes) -> str | None:
    """A header as the server wrote it; None where there is none, or one with NUL, which no database takes."""
    value = response.headers.get(name)
    return value.decode("latin-1") if value and b"\0" not in value else None


def is_wall(response: Response) -> bool:
    """Whether the answer is a bot wall in the place of what was asked for."""
    headers = {name.decode("latin-1").lower(): header(response, name) or "" for name in response.headers}
    return walls.is_wall(response.status, headers, response.body)


def blocked(response: Response) -> str | None:
    """How it is told that the answer is a bot wall; None where it is none."""
    return f"{health.BLOCKED}: HTTP {response.status}" if is_wall(response) else None


def refusal(error: Any) -> str | None:
    """Why something was not asked for, where that is a reason that lasts."""
    if isinstance(error, PrivateAddressError):
        return PRIVATE
    # A redirect to file: is not followed by Scrapy, one to javascript: is no URL to it.
    if isinstance(error, HttpError) and error.response.status in REDIRECTS and header(error.response, "Location"):
        return NO_ADDRESS
    if isinstance(error, ValueError) and "scheme" in str(error):
        return NO_ADDRESS
    return error.reason if isinstance(error, RefusedRequest) else None


#: What Scrapy raises, as a person counts it: without addresses and sizes, so that equal failures have equal names.
FAILURES = {
    "CannotResolveHostError": "host not found",
    "DownloadCancelledError": "too large",
    "DownloadConnectionRefusedError": "connection refused",
    "DownloadFailedError": "connection lost",
    "DownloadTimeoutError": "timed out",
    "PackingError": "not packed as it says",
    "ResponseDataLossError": "cut off",
}


#: What OpenSSL and service_identity say of a certificate: expired, of another host, signed by nobody known.
_OF_CERTIFICATES = re.compile("certificate|verification", re.IGNORECASE)


def describe(error: Any) -> str:
    """Why a download failed, in a few words: "HTTP 404", "timed out"."""
    if isinstance(error, HttpError):
        return blocked(error.response) or f"HTTP {error.response.status}"
    if isinstance(error, RobotsUnreachable):
        cause = error.cause if isinstance(error.cause, str) else describe(error.cause)
        return f"robots.txt could not be read: {cause}"
    if isinstance(error, RefusedRequest):
        return error.reason
    name, message = type(error).__name__, " ".join(str(error).split())
    reasons = getattr(error.__cause__, "reasons", ())  # Twisted's, of why there was no answer
    if any(_OF_CERTIFICATES.search(repr(reason.value)) for reason in reasons):
        return "certificate not valid"
    if name in FAILURES:
        return FAILURES[name]
    if "redirect" in message:
        return "too many redirects"
    if message.startswith("Ignored response"):  # HttpCompressionMiddleware, of a body that unpacks beyond the limit
        return "too large"
    return f"{name}: {message}"[:200] if message else name


_PARTICULAR = re.compile(r"^(?:https?://\S+|robots\.txt could not be read): ")


def cause(reason: str) -> str:
    """What a failure is counted as: its description without what is particular ("…/feed: not a feed: got an HTML page"
    is "not a feed"), that of robots.txt as its host's."""
    return _PARTICULAR.sub("", reason).partition(": ")[0]


def name_contact(settings: Settings) -> None:
    """Fill CONTACT_URL into USER_AGENT, which a user may set apart from each other."""
    agent = settings["USER_AGENT"].replace("{CONTACT_URL}", settings["CONTACT_URL"])
    settings.set("USER_AGENT", agent, priority="cmdline")


def _hosts(known: Iterable[Publisher]) -> Iterator[str]:
    """host:port of everything that the publishers file names."""
    for publisher in known:
        yield publisher.domain
        for url in (publisher.homepage, *publisher.feeds, *publisher.news_sitemaps):
            if url:
                yield urls.host(url)


def _delays(known: Iterable[Publisher]) -> dict[str, dict[str, float]]:
    """Scrapy's DOWNLOAD_SLOTS for the publishers that set a delay: their sites' and feeds' hosts."""
    slots = {}
    for publisher in known:
        if publisher.delay_seconds is not None:
            for url in (publisher.homepage, *publisher.feeds, *publisher.news_sitemaps):
                if url:
                    slots[urls.host(url)] = {"delay": publisher.delay_seconds, "concurrency": 1}
    return slots
