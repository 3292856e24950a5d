"""`scrapy publishers --discover` and `--import`: a search with the project's own downloader; TOML of what is found.

The search itself is crawler.discovery's. Its requests pass through the same middlewares as a crawl's (robots.txt,
delay, Retry-After, private addresses); what those keep goes to a temporary store: STORE_URL is not opened.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http.request import NO_CALLBACK
from scrapy.settings import SETTINGS_PRIORITIES, Settings

from crawler import discovery, opml, urls
from crawler.discovery import Discovery, DiscoveryError, Fetched
from crawler.leases import HostLeased
from crawler.middlewares import ROBOTS_MAX_AGE, ROBOTS_MAX_BYTES, HostWaits, RefusedRequest, read
from crawler.spider import blocked, describe, header
from crawler.store import hosts
from crawler.tables import as_toml

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

FEED_TYPES = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"


class DiscoverySpider(Spider):
    """Searches one site; `found` or `error` is what came of it."""

    name = "discovery"
    custom_settings: ClassVar[dict[str, Any] | None] = {  # type: ignore[misc]  # Scrapy's own is no ClassVar
        "EXTENSIONS": {"crawler.extensions.StoreExtension": 100},
        "ITEM_PIPELINES": {},
    }
    where: str
    named_hosts: frozenset[str]  #: for crawler.resolver: whoever asks for a private address by name means it
    found: Discovery | None = None
    error: str | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider: Self = super().from_crawler(crawler, *args, **kwargs)
        spider.named_hosts = frozenset(urls.host(url) for url in discovery.front_pages(spider.where))
        return spider

    async def start(self) -> AsyncIterator[Request]:
        try:
            self.found = await discovery.search(self.where, partial(fetch, self.crawler))
        except DiscoveryError as error:
            self.error = str(error)
        nothing_more: tuple[Request, ...] = ()  # the search asks for everything itself
        for request in nothing_more:
            yield request


async def fetch(crawler: Crawler, kind: str, url: str) -> Fetched:
    """A discovery.Fetch: one request through the downloader middlewares of a running crawl.

    robots.txt comes from the store where it was read within a day, and is kept there for crawler.middlewares.
    """
    settings, store = crawler.settings, crawler.store  # type: ignore[attr-defined]  # by crawler.extensions
    host = urls.host(url)
    if kind == "robots":
        kept = (await read(store, partial(hosts.robots, wanted=[host]))).get(host)
        if kept is not None and datetime.now(UTC) - kept.read_at <= ROBOTS_MAX_AGE:
            return Fetched(url=url, status=200, body=kept.body)
    request = Request(
        url,
        callback=NO_CALLBACK,
        headers={"Accept": FEED_TYPES} if kind in ("feed", "sitemap") else {},
        meta={
            "dont_obey_robotstxt": kind == "robots",  # RFC 9309, 2.2.2: it does not rule itself
            "download_slot": host,
            "download_maxsize": settings.getint("PAGE_MAX_BYTES" if kind == "page" else "FEED_MAX_BYTES"),
        },
        dont_filter=True,
    )
    try:
        response = await crawler.engine.download_async(request)
    except RefusedRequest as error:
        return Fetched(url=url, error=error.reason)
    except HostWaits as error:
        return Fetched(url=url, status=error.status, error=str(error))
    except HostLeased:
        raise
    except Exception as error:  # whatever the network or the server does
        return Fetched(url=url, error=describe(error))
    if kind == "robots" and response.status != 429 and response.status < 500:
        rules = response.body[:ROBOTS_MAX_BYTES] if 200 <= response.status < 300 else b""
        kept = hosts.Robots(rules, datetime.now(UTC))
        await asyncio.wrap_future(store.write(partial(hosts.keep_robots, host=host, read=kept)))
    return Fetched(
        url=response.url,
        status=response.status,
        body=response.body,
        content_type=header(response, "Content-Type"),
        # A homepage of status 200 may well have a captcha in one of its forms.
        error=blocked(response) if response.status != 200 else None,
    )


def discover(where: str, settings: Settings) -> int:
    """Search the site at `where`, TOML to stdout, what was tried to stderr. Returns the exit code."""
    settings = settings.copy()
    if (settings.getpriority("LOG_LEVEL") or 0) < SETTINGS_PRIORITIES["cmdline"]:
        settings.set("LOG_LEVEL", "WARNING", priority="cmdline")
    try:
        discovery.front_pages(where)
    except DiscoveryError as wrong:
        print(wrong, file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        settings.set("STORE_URL", f"sqlite:///{folder}/discovery.db", priority="cmdline")
        process = AsyncCrawlerProcess(settings)
        crawler = process.create_crawler(DiscoverySpider)
        task = process.crawl(crawler, where=where)
        process.start()
    if task.done() and not task.cancelled() and (failure := task.exception()):
        raise failure
    spider = crawler.spider
    found = spider.found if isinstance(spider, DiscoverySpider) else None
    if found is None:
        error = spider.error if isinstance(spider, DiscoverySpider) else None
        print(error or f"{where}: the search was stopped", file=sys.stderr)
        return 1
    for candidate, verdict in found.tried:
        mark = "+" if verdict.kind else "-"
        print(f"{mark} {candidate.url} ({candidate.source}): {verdict.outcome}", file=sys.stderr)
    _write(as_toml(found.publisher, found.titles))
    return 0


def import_opml(path: str) -> int:
    """The publishers of an OPML file as TOML to stdout. Returns the exit code; raises OSError."""
    try:
        listed = opml.read(Path(path).read_bytes())
    except opml.OpmlError as error:
        print(f"{path}: {error}", file=sys.stderr)
        return 1
    for address in listed.left_out:
        print(f"- {address[:200]}: left out, want an http or https address", file=sys.stderr)
    _write("\n".join(as_toml(publisher, listed.titles) for publisher in listed.publishers))
    return 0


def _write(text: str) -> None:
    # publishers.toml is UTF-8, whatever the terminal's encoding.
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()
