"""Feeds and news sitemaps -> entries -> pages: the cron job."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import math
import random
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request
from scrapy.exceptions import UsageError
from scrapy.http import Response

from crawler import discovery, feeds, health, polling, publishers, sitemaps, urls
from crawler.discover import FEED_TYPES, fetch
from crawler.items import Entry
from crawler.leases import HostLeased
from crawler.middlewares import NO_ADDRESS, HostWaits
from crawler.spider import PageSpider, cause, conditions, describe, header, is_wall, refusal
from crawler.store import StoreError, hosts, leases
from crawler.store.entries import Listed, Pending, pending
from crawler.store.feeds import Feed, Poll, any_well, due, record_poll, register, retire

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.python.failure import Failure

logger = logging.getLogger(__name__)

#: The headers that say how long an answer stays fresh.
CACHING = ("Cache-Control", "Expires", "Date", "Age")
#: Feeds go before pages: what they list decides which pages are the newest.
FEED_PRIORITY = 10
#: A search of a homepage may take as long as so many requests that time out: it makes about 30.
SEARCH_TIMEOUTS = 10
#: How often hosts with nothing under way are looked at, and how often others, when there were none to lease.
TURN_SECONDS = 0.5
LOOK_SECONDS = 2.0
#: Pages of a host that wait in memory, 1.7 kB each. The rest waits in the store.
HOST_AHEAD = 30
#: The same where runs share the store: of the few hosts that a run has leased, and more is looked for only when a host
#: has nothing under way, at the next turn.
LEASED_AHEAD = 200
#: A redirect that says the address has changed for good (RFC 9110, 15.4).
PERMANENT = (301, 308)
#: A feed's date is no hint when it is later than this from now, or from before the web had news.
AHEAD_MAX = timedelta(days=1)
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)


class NewsSpider(PageSpider):
    """scrapy crawl news [-a publisher=DOMAIN] [-a all=true]: polls what is due, fetches pending and new pages."""

    name = "news"
    arguments = frozenset({"publisher", "all"})
    only: str | None
    wanted: frozenset[str]  #: publishers whose feeds are polled and pages fetched; what others left stays pending
    poll_all: bool
    feed_max_bytes: int
    poll_min_minutes: float
    poll_max_minutes: float
    move_after_polls: int
    entry_max_age: timedelta | None
    revisit_hours: float
    sitemap_max_urls: int
    sitemap_max_children: int
    discovery_wait: timedelta
    search_seconds: float
    searching: dict[asyncio.Future[list[Feed]], Feed]  #: for feeds, from these homepages on
    hosts_due: dict[str, None]  #: to be leased for their feeds, in this order
    redirected: dict[str, list[Request]]  #: of feeds, by a host that is leased elsewhere
    any_well: bool  #: whether a feed does well, due or not: those known to fail then count for no failure of the run
    look: bool  #: whether there may be hosts to lease
    ahead: Counter[str]  #: how many pages of a host wait in memory
    behind: set[str]  #: hosts of which more pages wait in the store
    asked: defaultdict[str, set[int]]  #: entries of a host that this run asked for, some of them settled by now; where
    #: runs share the store its leases know

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        settings = crawler.settings
        given = kwargs.get("publisher")
        spider.only = publishers.spelt(given) if given is not None else None
        if spider.only is not None and spider.only not in spider.publishers:
            raise UsageError(f"-a publisher={given}: not in {settings['PUBLISHERS_FILE']}", print_help=False)
        enabled = frozenset(name for name, publisher in spider.publishers.items() if publisher.enabled)
        spider.wanted = enabled if spider.only is None else enabled & {spider.only}
        everything = str(kwargs.get("all", "false")).lower()
        if everything not in ("true", "false"):
            raise UsageError(f"-a all={everything}: want true or false", print_help=False)
        spider.poll_all = everything == "true"
        spider.feed_max_bytes = settings.getint("FEED_MAX_BYTES")
        spider.poll_min_minutes = settings.getfloat("POLL_MIN_MINUTES")
        spider.poll_max_minutes = settings.getfloat("POLL_MAX_HOURS") * 60
        spider.move_after_polls = settings.getint("MOVE_AFTER_POLLS")
        days = settings.getfloat("ENTRY_MAX_AGE_DAYS")
        spider.entry_max_age = timedelta(days=days) if days else None
        spider.revisit_hours = settings.getfloat("REVISIT_HOURS")
        spider.sitemap_max_urls = settings.getint("SITEMAP_MAX_URLS")
        spider.sitemap_max_children = settings.getint("SITEMAP_MAX_CHILDREN")
        spider.discovery_wait = timedelta(days=settings.getfloat("DISCOVERY_DAYS"))
        spider.searching = {}
        spider.hosts_due = {}
        spider.redirected = {}
        spider.look = True
        spider.any_well = False
        spider.ahead, spider.behind, spider.asked = Counter(), set(), defaultdict(set)
        spider.search_seconds = SEARCH_TIMEOUTS * settings.getfloat("DOWNLOAD_TIMEOUT")
        return spider

    async def start(self) -> AsyncIterator[Request]:
        now = datetime.now(UTC)
        wanted = self._feeds()
        addresses = [feed.url for feed in wanted]
        if self.leases.shared:
            async for request in self._start_shared(wanted, now):
                yield request
            return

        def look_up(connection: Any) -> tuple[list[Feed], list[Pending], dict[str, datetime]]:
            register(connection, wanted)
            self.any_well = any_well(connection, addresses, health.FAILURES_MAX)
            to_poll = due(connection, now, urls=addresses, all_feeds=self.poll_all)
            return to_poll, self._pending(connection), hosts.waiting(connection, now)

        to_poll, to_fetch, waiting = await self.write(look_up, at_once=True)
        to_poll = [feed for feed in to_poll if urls.host(feed.address) not in waiting]
        for feed in to_poll:
            if feed.kind == "homepage":
                self.searching[asyncio.ensure_future(self._search(feed))] = feed
            else:
                yield self.feed_request(feed)
        found = [item for item in to_fetch if item.host not in waiting]
        # Noted first: while the requests are taken one by one, some are answered, and there is room for more.
        self._note_behind(found, HOST_AHEAD)
        for request in self._visits(found):
            yield request
        for search in asyncio.as_completed(list(self.searching)):
            for feed in await search:
                yield self.feed_request(feed)

    async def _start_shared(self, wanted: list[Feed], now: datetime) -> AsyncIterator[Request]:
        """Lease hosts and ask for what is due on them, until nothing is left that other runs do not have."""
        addresses = frozenset(feed.url for feed in wanted)

        def look_up(connection: Any) -> tuple[datetime, list[Feed]]:
            register(connection, wanted)
            self.any_well = any_well(connection, addresses, health.FAILURES_MAX)
            # Runs that work side by side poll every feed once.
            since = leases.first_at_work(connection, self.leases.run, now) if self.poll_all else now
            return since, due(connection, since, urls=addresses, all_feeds=self.poll_all)

        since, to_poll = await self.write(look_up, at_once=True)
        wish = leases.Wish(
            since=since,
            urls=addresses,
            publishers=self.wanted,
            all_feeds=self.poll_all,
            revisit_hours=self.revisit_hours,
            pages_a_host=LEASED_AHEAD,
        )
        self.hosts_due.update(dict.fromkeys(feed.host for feed in to_poll))
        looked, had_any = -math.inf, False
        while True:
            scraping = self.crawler.engine.scraper.slot
            full = scraping is not None and scraping.needs_backout()
            more = not full and (self.look or time.monotonic() - looked > LOOK_SECONDS)
            turn = await self.leases.turn(
                wish, list(self.hosts_due), searching={home.host for home in self.searching.values()}, more=more
            )
            had_any = had_any or bool(turn.taken)
            if more:
                looked, self.look = time.monotonic(), turn.free or bool(turn.given_back)
            for host in turn.taken:
                self.hosts_due.pop(host, None)
                for request in self.redirected.pop(host, []):
                    yield request.copy()
            for feed in turn.feeds:
                if not self.leases.asked(feed.url) or feed.host in turn.taken:
                    if feed.kind == "homepage":
                        self.leases.ask(feed.url)
                        self.searching[asyncio.ensure_future(self._search(feed))] = feed
                    else:
                        yield self.feed_request(feed)
            for page in turn.pages:
                if not self.leases.asked(page.id) or page.host in turn.taken:
                    yield self.visit(page)
            for search in [search for search in self.searching if search.done()]:
                del self.searching[search]
                for feed in search.result():
                    self._look_for(feed.host)
            if more and not (self.look or self.leases.any or self.searching):
                if turn.elsewhere and not had_any:
                    self.crawler.stats.set_value("host/leased", turn.elsewhere)
                return
            await asyncio.sleep(TURN_SECONDS)

    def _look_for(self, host: str) -> None:
        """Try to lease a host at the next turn."""
        self.hosts_due[host] = None
        self.look = True

    def closed(self, reason: str) -> None:
        """Nothing is looked for any more; Scrapy calls it."""
        for search in self.searching:
            search.cancel()

    def _feeds(self) -> list[Feed]:
        """What the publishers list, a URL once: its first publisher has it."""
        wanted: dict[str, Feed] = {}
        for publisher in self.publishers.values():
            if publisher.domain not in self.wanted:
                continue
            for kind, addresses in (("feed", publisher.feeds), ("sitemap", publisher.news_sitemaps)):
                for url in addresses:
                    wanted.setdefault(url, Feed(url=url, publisher=publisher.domain, kind=kind))
            if publisher.homepage and not publisher.feeds and not publisher.news_sitemaps:
                home = Feed(url=publisher.homepage, publisher=publisher.domain, kind="homepage")
                wanted.setdefault(publisher.homepage, home)
        return list(wanted.values())

    async def _search(self, home: Feed) -> list[Feed]:
        """The feeds that a publisher's homepage leads to, remembered as its children; those to poll now."""
        self.crawler.stats.inc_value("homepage/searched")
        now = datetime.now(UTC)
        try:
            async with asyncio.timeout(self.search_seconds):
                found = (await discovery.search(home.url, partial(fetch, self.crawler))).publisher
        except HostLeased:  # it stays due
            self.leases.leave(home.url)
            return []
        except (discovery.DiscoveryError, TimeoutError) as error:
            self.crawler.stats.inc_value("homepage/failed")
            told = str(error) or f"no feed found within {self.search_seconds:g} s"
            told = f"{health.BLOCKED}: {told}" if health.BLOCKED in told else told  # as of a feed: a person has to know
            poll = Poll(status=None, error=told, next_poll_at=now + self.discovery_wait)
            await self.write(partial(record_poll, feed=home, poll=poll, listed=(), now=now))
            return []
        children = [
            Feed(url=url, publisher=home.publisher, kind=kind, parent=home.url)
            for kind, addresses in (("feed", found.feeds), ("sitemap", found.news_sitemaps))
            for url in addresses
        ]

        def record(connection: Any) -> list[Feed]:
            poll = Poll(status=200, changed=True, next_poll_at=now + self.discovery_wait)
            record_poll(connection, home, poll, (), now)
            register(connection, children)
            return due(connection, now, urls=[child.url for child in children], all_feeds=self.poll_all)

        return await self.write(record)

    def feed_request(self, feed: Feed) -> Request:
        """A conditional request, with the validators of the last good poll as the server wrote them."""
        known = conditions(feed.etag, feed.last_modified)
        publisher = self.publishers.get(feed.publisher)
        return Request(
            feed.address,
            callback=self.parse_feed,
            errback=self.feed_failed,
            cb_kwargs={"feed": feed},
            headers={"Accept": FEED_TYPES, **known},
            priority=FEED_PRIORITY,
            meta={
                "download_maxsize": self.feed_max_bytes,
                # Where nothing was asked conditionally, "unchanged" is an error: the feed would never be read.
                "handle_httpstatus_list": [304] if known else [],
                "expects_pages": feed.is_lively,
                "dont_obey_robotstxt": publisher is not None and publisher.robots == "pages",
            }
            | self.on(feed.host, feed.url),
            dont_filter=True,
        )

    async def parse_feed(self, response: Response, feed: Feed) -> AsyncIterator[Request]:
        """The pages that a feed lists and the store has not seen; for a sitemap index, the newest of its sitemaps."""
        stats = self.crawler.stats
        stats.inc_value("feed/polled")
        now = datetime.now(UTC)
        digest = hashlib.sha256(response.body).hexdigest()
        if response.status == 304 or digest == feed.body_hash:
            stats.inc_value("feed/unchanged")
            await self.write(partial(record_poll, feed=feed, poll=self._good(response, feed, now), listed=(), now=now))
            return
        try:
            # A big feed takes a second to parse: not on the event loop.
            known, entries, children = await asyncio.to_thread(self._read, response, feed)
        except (feeds.FeedError, sitemaps.SitemapError) as error:
            told = f"{health.BLOCKED}: a challenge in the feed's place" if is_wall(response) else str(error)
            await self._poll_failed(feed, response.status, told)
            return
        except Exception as error:
            # Of ours, or of a library's. Untold it would be met at each run, and the feed would look as never polled.
            logger.exception("%s: could not be read", feed.url)
            await self._poll_failed(feed, response.status, f"{type(error).__name__}: {error}")
            return
        poll = replace(self._good(response, known, now), changed=True, body_hash=digest)
        listed = self._listed(entries, feed, now)
        child_urls = [child.url for child in children]

        def record(connection: Any) -> tuple[list[Pending], list[Feed]]:
            new = record_poll(connection, feed, poll, listed, now)
            register(connection, children)
            retire(connection, feed, child_urls)
            named = due(connection, now, urls=child_urls, all_feeds=self.poll_all) if children else []
            return new, named

        new, to_poll = await self.write(record)
        stats.inc_value("entry/listed", len(listed))
        updated = sum(item.is_revisit for item in new)
        stats.inc_value("entry/new", len(new) - updated)
        stats.inc_value("entry/updated", updated)
        for child in to_poll:
            if self.leases.has(child.host):
                yield self.feed_request(child)
            else:
                self._look_for(child.host)
        new.sort(key=_newest_first)
        if not self.leases.shared:
            for request in self._visits(new):
                yield request
            return
        for item in new:
            if item.is_revisit and self.leases.asked(item.id):
                continue  # on its way already; what it misses, the next run fetches
            if not self.leases.has(item.host):
                self.look = True
            elif self.ahead[item.host] < LEASED_AHEAD:  # a later turn finds the rest in the store
                yield self.visit(item)

    def _pending(self, connection: Any, host: str | None = None, most: int = HOST_AHEAD) -> list[Pending]:
        """Pages to fetch that the store holds, of each host `most` and one more."""
        return pending(
            connection,
            datetime.now(UTC),
            on=None if host is None else [host],
            publishers=self.wanted,
            most=most + 1,
            revisit_hours=self.revisit_hours,
            revisit_all=self.poll_all,
        )

    def _note_behind(self, found: Iterable[Pending], most: int) -> None:
        """Of which hosts a look-up for `most` pages left some in the store."""
        counted = Counter(item.host for item in found)
        self.behind.update(host for host, count in counted.items() if count > most)

    def _visits(self, items: Iterable[Pending]) -> Iterator[Request]:
        """The requests for pages, of each host as many as may wait in memory."""
        for item in items:
            host = item.host
            if item.id in self.asked[host]:
                continue  # a look-up and a feed's answer can bring the same
            if self.ahead[host] < HOST_AHEAD:
                self.asked[host].add(item.id)
                yield self.visit(item)
            else:
                self.behind.add(host)

    async def further(self, host: str) -> list[Request]:
        self.ahead[host] -= 1
        if host not in self.behind or self.ahead[host] > HOST_AHEAD // 2:
            return []
        self.behind.remove(host)  # whoever comes next need not look too
        asked = frozenset(self.asked[host])
        most = HOST_AHEAD + len(asked)
        found = await self.write(partial(self._pending, host=host, most=most))
        self.asked[host] -= asked.difference(item.id for item in found)  # those are settled
        self._note_behind(found, most)
        return list(self._visits(found))

    def visit(self, item: Pending) -> Request:
        """The request for a page that is to be fetched, for the first time or again."""
        self.ahead[item.host] += 1
        return self.page_request(item.entry, item.publisher, item.id, etag=item.etag, last_modified=item.last_modified)

    async def feed_failed(self, failure: Failure) -> None:
        """Write down why a feed could not be had."""
        feed: Feed = failure.request.cb_kwargs["feed"]  # type: ignore[attr-defined]  # by Scrapy
        error = failure.value
        if isinstance(error, StoreError):  # of a look-up for the request, not of the feed
            raise error
        if isinstance(error, HostLeased):
            self.crawler.stats.inc_value("feed/waiting")
            self.leases.leave(feed.url)
            if error.host != feed.host:  # a redirect led there
                self.redirected.setdefault(error.host, []).append(failure.request)  # type: ignore[attr-defined]
                self._look_for(error.host)
            return
        if isinstance(error, HostWaits) and error.response is None:
            self.leases.leave(feed.url)
            return  # not asked: another answer of its host said to wait
        self.crawler.stats.inc_value("feed/polled")
        if (refused := refusal(error)) is not None:
            await self._poll_failed(feed, None, refused, stat="feed/refused")
        elif isinstance(error, HostWaits) and error.response is not None:
            told = f"HTTP {error.status}: {error}"
            told = f"{health.BLOCKED}: {told}" if is_wall(error.response) else told
            await self._poll_failed(feed, error.status, told, until=error.until)
        else:
            response = getattr(error, "response", None)
            status = response.status if response is not None else None
            stat = "feed/gone" if status == 410 else "feed/failed"
            await self._poll_failed(feed, status, describe(error), stat=stat)

    async def _poll_failed(
        self, feed: Feed, status: int | None, error: str, *, stat: str = "feed/failed", until: datetime | None = None
    ) -> None:
        """Write the poll down; the next one is due after the usual wait, and not before `until`."""
        now = datetime.now(UTC)
        self.crawler.stats.inc_value(stat)
        if stat == "feed/failed":
            self.crawler.stats.inc_value(f"feed/failed/{cause(error)}")
            if feed.failures >= health.FAILURES_MAX and self.any_well:
                self.crawler.stats.inc_value("feed/failing")
        logger.debug("%s: %s", feed.url, error)
        again = polling.after_failure(
            now,
            feed.failures + 1,
            min_minutes=self.poll_min_minutes,
            max_minutes=self.poll_max_minutes,
            jitter=random.random(),  # noqa: S311 - it spreads polls, it keeps no secret
            status=status,
        )
        if again is not None and until is not None:
            again = max(again, until)
        poll = Poll(status=status, error=error, next_poll_at=again)
        await self.write(partial(record_poll, feed=feed, poll=poll, listed=(), now=now))

    def _good(self, response: Response, feed: Feed, now: datetime) -> Poll:
        """A good poll: when the next one is due, and whether the feed moves."""
        fields = {name: value for name in CACHING if (value := header(response, name))}
        again = polling.next_poll(
            now,
            headers_minutes=polling.headers_minutes(fields, now),
            feed_minutes=feed.wish_minutes,
            rhythm_minutes=feed.rhythm_minutes,
            since_new=now - feed.changed_at if feed.changed_at else None,
            skip_hours=feed.skip_hours or (),
            skip_days=feed.skip_days or (),
            min_minutes=self.poll_min_minutes,
            max_minutes=self.poll_max_minutes,
            jitter=random.random(),  # noqa: S311 - it spreads polls, it keeps no secret
        )
        location, moving_to, moving_polls = self._moved(response, feed)
        # A 304 may leave out what has not changed.
        kept = feed if response.status == 304 else replace(feed, etag=None, last_modified=None)
        return Poll(
            status=response.status,
            etag=header(response, "ETag") or kept.etag,
            last_modified=header(response, "Last-Modified") or kept.last_modified,
            next_poll_at=again,
            location=location,
            moving_to=moving_to,
            moving_polls=moving_polls,
            wish_minutes=feed.wish_minutes,
            rhythm_minutes=feed.rhythm_minutes,
            skip_hours=feed.skip_hours,
            skip_days=feed.skip_days,
        )

    def _moved(self, response: Response, feed: Feed) -> tuple[str | None, str | None, int]:
        """(location, moving to, on how many polls). A move counts when permanent redirects alone led to the same place
        on so many good polls in a row: a maintenance page behind one redirect takes no feed away."""
        reasons = response.meta.get("redirect_reasons", [])
        if not reasons or not all(reason in PERMANENT for reason in reasons):
            return feed.location, None, 0
        polls = feed.moving_polls + 1 if feed.moving_to == response.url else 1
        if polls < self.move_after_polls:
            return feed.location, response.url, polls
        self.crawler.stats.inc_value("feed/moved")
        logger.info("%s has moved to %s", feed.url, response.url)
        return response.url, None, 0

    def _read(self, response: Response, feed: Feed) -> tuple[Feed, list[Entry], list[Feed]]:
        """The feed as its body tells it, its entries, and the sitemaps that an index names."""
        if feed.kind in ("sitemap", "part"):
            sitemap = sitemaps.read(
                response.body, response.url, limit=self.sitemap_max_urls, max_bytes=self.feed_max_bytes
            )
            # An index of indexes lists archives, not news.
            named = sitemap.sitemaps if feed.kind == "sitemap" else ()
            newest = [child.url for child in named if _is_address(child.url)][: self.sitemap_max_children]
            children = [Feed(url=url, publisher=feed.publisher, kind="part", parent=feed.url) for url in newest]
            return replace(feed, rhythm_minutes=_rhythm(sitemap.entries)), list(sitemap.entries), children
        read = feeds.read(response.body, response.url, content_type=header(response, "Content-Type"))
        known = replace(
            feed,
            wish_minutes=read.ttl_minutes or read.update_minutes,
            rhythm_minutes=_rhythm(read.entries),
            skip_hours=sorted(read.skip_hours),
            skip_days=sorted(read.skip_days),
        )
        return known, list(read.entries), []

    def _listed(self, entries: list[Entry], feed: Feed, now: datetime) -> list[Listed]:
        """Entries by identity, each once, with what is not wanted said so."""
        listed: dict[str, Listed] = {}
        itself = urls.normalize(feed.address)
        for entry in (_believed(entry, now) for entry in entries):
            try:
                identity = urls.normalize(entry.url)
            except urls.InvalidURL:
                identity = None
            if identity in (None, itself):  # itself: an empty link, resolved
                url = identity or urls.indexable(entry.url)
                item = Listed(url=url, publisher=feed.publisher, entry=entry, state="refused", reason=NO_ADDRESS)
                listed.setdefault(url, item)
                continue
            publisher = self.publisher_of(entry.url, feed.publisher)
            when = entry.date_published or entry.date_modified
            old = self.entry_max_age is not None and when is not None and now - when > self.entry_max_age
            state, reason = ("dropped", "TooOld") if old else ("pending", None)
            item = Listed(url=identity, publisher=publisher, entry=entry, state=state, reason=reason)
            listed.setdefault(identity, item)
        return list(listed.values())


def _believed(entry: Entry, now: datetime) -> Entry:
    """The entry without dates that cannot be."""

    def possible(when: datetime | None) -> datetime | None:
        return when if when is not None and EARLIEST <= when <= now + AHEAD_MAX else None

    return replace(entry, date_published=possible(entry.date_published), date_modified=possible(entry.date_modified))


def _is_address(url: str) -> bool:
    try:
        urls.normalize(url)
    except urls.InvalidURL:
        return False
    return url == urls.indexable(url)  # it is kept as it is written


def _rhythm(entries: tuple[Entry, ...]) -> float | None:
    return polling.rhythm_minutes([when for entry in entries if (when := entry.date_published or entry.date_modified)])


def _newest_first(item: Pending) -> float:
    when = item.entry.date_published
    return -when.timestamp() if when else 0.0
