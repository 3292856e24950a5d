"""Feeds and news sitemaps -> entries -> pages: the cron job."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request
from scrapy.exceptions import UsageError
from scrapy.http import Response

from crawler import feeds, sitemaps, urls
from crawler.items import Entry
from crawler.middlewares import RefusedRequest
from crawler.spider import PageSpider, describe, header
from crawler.store.feeds import Feed, Listed, Pending, Poll, due, pending, record_poll, register

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.python.failure import Failure

logger = logging.getLogger(__name__)

ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"
#: Feeds go before pages: what they list decides which pages are the newest.
FEED_PRIORITY = 10


class NewsSpider(PageSpider):
    """scrapy crawl news [-a publisher=DOMAIN] [-a all=true]: polls what is due, fetches pending and new pages."""

    name = "news"
    arguments = frozenset({"publisher", "all"})
    only: str | None
    poll_all: bool
    feed_max_bytes: int
    poll_minutes: int
    poll_max_minutes: int
    entry_max_age: timedelta | None
    sitemap_max_urls: int
    sitemap_max_children: int

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        settings = crawler.settings
        spider.only = kwargs.get("publisher")
        if spider.only is not None and spider.only not in spider.publishers:
            raise UsageError(f"-a publisher={spider.only}: not in {settings['PUBLISHERS_FILE']}", print_help=False)
        everything = str(kwargs.get("all", "false")).lower()
        if everything not in ("true", "false"):
            raise UsageError(f"-a all={everything}: want true or false", print_help=False)
        spider.poll_all = everything == "true"
        spider.feed_max_bytes = settings.getint("FEED_MAX_BYTES")
        spider.poll_minutes = settings.getint("POLL_MIN_MINUTES")
        spider.poll_max_minutes = settings.getint("POLL_MAX_HOURS") * 60
        days = settings.getfloat("ENTRY_MAX_AGE_DAYS")
        spider.entry_max_age = timedelta(days=days) if days else None
        spider.sitemap_max_urls = settings.getint("SITEMAP_MAX_URLS")
        spider.sitemap_max_children = settings.getint("SITEMAP_MAX_CHILDREN")
        return spider

    async def start(self) -> AsyncIterator[Request]:
        now = datetime.now(UTC)
        wanted = self._feeds()

        def look_up(connection: Any) -> tuple[list[Feed], list[Pending]]:
            register(connection, wanted)
            urls_wanted = [feed.url for feed in wanted]
            return due(connection, now, urls=urls_wanted, all_feeds=self.poll_all), pending(connection, now)

        to_poll, to_fetch = await self.write(look_up)
        for feed in to_poll:
            yield self.feed_request(feed)
        for item in to_fetch:
            if self.only in (None, item.publisher):
                yield self.page_request(item.entry, item.publisher, item.id)

    def _feeds(self) -> list[Feed]:
        """What the publishers list, a URL once: its first publisher has it."""
        wanted: dict[str, Feed] = {}
        for publisher in self.publishers.values():
            if not publisher.enabled or self.only not in (None, publisher.domain):
                continue
            for kind, addresses in (("feed", publisher.feeds), ("sitemap", publisher.news_sitemaps)):
                for url in addresses:
                    wanted.setdefault(url, Feed(url=url, publisher=publisher.domain, kind=kind))
        return list(wanted.values())

    def feed_request(self, feed: Feed) -> Request:
        """A conditional request, with the validators of the last good poll as the server wrote them."""
        headers = {"Accept": ACCEPT}
        if feed.etag:
            headers["If-None-Match"] = feed.etag
        if feed.last_modified:
            headers["If-Modified-Since"] = feed.last_modified
        return Request(
            feed.url,
            callback=self.parse_feed,
            errback=self.feed_failed,
            cb_kwargs={"feed": feed},
            headers=headers,
            priority=FEED_PRIORITY,
            meta={"download_maxsize": self.feed_max_bytes, "handle_httpstatus_list": [304]},
            dont_filter=True,
        )

    async def parse_feed(self, response: Response, feed: Feed) -> AsyncIterator[Request]:
        """The pages that a feed lists and the store has not seen; for a sitemap index, the newest of its sitemaps."""
        stats = self.crawler.stats
        stats.inc_value("feed/polled")
        now = datetime.now(UTC)
        soon = now + timedelta(minutes=self.poll_minutes)
        digest = hashlib.sha256(response.body).hexdigest()
        if response.status == 304 or digest == feed.body_hash:
            stats.inc_value("feed/unchanged")
            poll = Poll(status=response.status, next_poll_at=soon)
            await self.write(partial(record_poll, feed=feed, poll=poll, listed=(), now=now))
            return
        try:
            # A big feed takes a second to parse: not on the event loop.
            entries, children = await asyncio.to_thread(self._read, response, feed)
        except (feeds.FeedError, sitemaps.SitemapError) as error:
            await self._poll_failed(feed, response.status, str(error))
            return
        poll = Poll(
            status=response.status,
            changed=True,
            etag=header(response, "ETag"),
            last_modified=header(response, "Last-Modified"),
            body_hash=digest,
            next_poll_at=soon,
        )
        listed = self._listed(entries, feed, now)
        child_urls = [child.url for child in children]

        def record(connection: Any) -> tuple[list[Pending], list[Feed]]:
            new = record_poll(connection, feed, poll, listed, now)
            register(connection, children)
            named = due(connection, now, urls=child_urls, all_feeds=self.poll_all) if children else []
            return new, named

        new, to_poll = await self.write(record)
        stats.inc_value("entry/listed", len(listed))
        stats.inc_value("entry/new", len(new))
        for child in to_poll:
            yield self.feed_request(child)
        for item in sorted(new, key=_newest_first):
            yield self.page_request(item.entry, item.publisher, item.id)

    async def feed_failed(self, failure: Failure) -> None:
        """Write down why a feed could not be had."""
        feed: Feed = failure.request.cb_kwargs["feed"]  # type: ignore[attr-defined]  # by Scrapy
        response = getattr(failure.value, "response", None)
        self.crawler.stats.inc_value("feed/polled")
        if isinstance(failure.value, RefusedRequest):
            await self._poll_failed(feed, None, failure.value.reason, counts=False)
        else:
            status = response.status if response is not None else None
            await self._poll_failed(feed, status, describe(failure.value), counts=status != 410)

    async def _poll_failed(self, feed: Feed, status: int | None, error: str, *, counts: bool = True) -> None:
        now = datetime.now(UTC)
        self.crawler.stats.inc_value("feed/failed" if counts else "feed/refused")
        logger.debug("%s: %s", feed.url, error)
        minutes = min(self.poll_minutes * 2 ** min(feed.failures + 1, 10), self.poll_max_minutes)
        poll = Poll(status=status, error=error, next_poll_at=now + timedelta(minutes=minutes))
        await self.write(partial(record_poll, feed=feed, poll=poll, listed=(), now=now))

    def _read(self, response: Response, feed: Feed) -> tuple[list[Entry], list[Feed]]:
        if feed.kind == "feed":
            content_type = header(response, "Content-Type")
            return list(feeds.read(response.body, response.url, content_type=content_type).entries), []
        sitemap = sitemaps.read(response.body, response.url, limit=self.sitemap_max_urls)
        newest = sorted(sitemap.sitemaps, key=lambda child: child.date_modified or _LONG_AGO, reverse=True)
        if feed.parent is not None:  # an index of indexes is no news sitemap
            newest = []
        return list(sitemap.entries), [
            Feed(url=child.url, publisher=feed.publisher, kind="sitemap", parent=feed.url)
            for child in newest[: self.sitemap_max_children]
        ]

    def _listed(self, entries: list[Entry], feed: Feed, now: datetime) -> list[Listed]:
        """Entries by identity, each once, with what is not wanted said so."""
        listed: dict[str, Listed] = {}
        for entry in entries:
            try:
                identity = urls.normalize(entry.url)
            except urls.InvalidURL:
                refused = Listed(
                    url=entry.url, publisher=feed.publisher, entry=entry, state="refused", reason="not a web address"
                )
                listed.setdefault(entry.url, refused)
                continue
            publisher = self.publisher_of(entry.url, feed.publisher)
            when = entry.date_published or entry.date_modified
            old = self.entry_max_age is not None and when is not None and now - when > self.entry_max_age
            state, reason = ("dropped", "TooOld") if old else ("pending", None)
            item = Listed(url=identity, publisher=publisher, entry=entry, state=state, reason=reason)
            listed.setdefault(identity, item)
        return list(listed.values())


_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def _newest_first(item: Pending) -> float:
    when = item.entry.date_published
    return -when.timestamp() if when else 0.0
