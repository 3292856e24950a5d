"""What is polled, when, and how that went: the rows of `feeds`. Each function is a job on one connection."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crawler import urls
from crawler.store.entries import Listed, Pending, enter
from crawler.store.schema import feeds, upsert

_SPELT = sa.select(feeds.c.url, feeds.c.publisher, feeds.c.kind)
#: What the body of a feed and its headers teach.
LEARNT = ("etag", "last_modified", "body_hash", "wish_minutes", "rhythm_minutes", "skip_hours", "skip_days")
#: A poll's UPDATE; the columns that the values name come to those that it counts. Made once: SQLAlchemy takes half a
#: millisecond to make it, which was two thirds of what it costs to write a poll.
_GOOD_POLL = (
    feeds.update()
    .where(feeds.c.url == sa.bindparam("of"))
    .values(polls=feeds.c.polls + 1, polls_unchanged=feeds.c.polls_unchanged + sa.bindparam("unchanged", 0))
)
_FAILED_POLL = _GOOD_POLL.values(failures=feeds.c.failures + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed or sitemap to poll, with the validators of its last good poll, verbatim."""

    url: str
    publisher: str
    kind: str  #: feed, sitemap, part (of a sitemap index), or homepage (where feeds are looked for)
    parent: str | None = None
    location: str | None = None  #: where it is polled since it moved
    moving_to: str | None = None
    moving_polls: int = 0
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    failures: int = 0
    polled_at: datetime | None = None
    changed_at: datetime | None = None
    wish_minutes: float | None = None
    rhythm_minutes: float | None = None
    skip_hours: Sequence[int] | None = None
    skip_days: Sequence[int] | None = None

    @property
    def address(self) -> str:
        """Where it is polled."""
        return self.location or self.url

    @property
    def host(self) -> str:
        """The host:port of that."""
        return urls.host(self.address)

    @property
    def is_lively(self) -> bool:
        """Whether its next poll is likely to list something new: it is the first one, or the last did."""
        return self.polled_at is None or self.polled_at == self.changed_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """How a poll ended, and what it taught of the feed.

    `error` is None when it was good; `changed` is False for a 304 or the same body. `next_poll_at` None stops the feed.
    Validators are kept verbatim, but only those of a body that was parsed, or is the same.
    """

    status: int | None
    error: str | None = None
    changed: bool = False
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    next_poll_at: datetime | None
    location: str | None = None
    moving_to: str | None = None
    moving_polls: int = 0
    wish_minutes: float | None = None
    rhythm_minutes: float | None = None
    skip_hours: Sequence[int] | None = None
    skip_days: Sequence[int] | None = None


def register(connection: sa.Connection, wanted: Iterable[Feed]) -> None:
    """Know these feeds; what is known of them already stays, but for the publisher. Rows that are as they should be are
    not touched: other runs may be about to change them, in another order."""
    known = {row.url: (row.publisher, row.kind) for row in connection.execute(_SPELT)}
    rows = [
        {
            "url": feed.url,
            "publisher": feed.publisher,
            "kind": feed.kind,
            "parent": feed.parent,
            "host": urls.host(feed.url),
        }
        for feed in wanted
        if known.get(feed.url) != (feed.publisher, feed.kind)
    ]
    if rows:
        statement = upsert(connection, feeds).values(polls=0, polls_unchanged=0, failures=0)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["url"],
                set_={"publisher": statement.excluded.publisher, "kind": statement.excluded.kind},
            ),
            rows,
        )


def retire(connection: sa.Connection, index: Feed, parts: Iterable[str]) -> None:
    """Forget the sitemaps that an index no longer names: they would be polled for ever."""
    gone = sa.and_(feeds.c.parent == index.url, feeds.c.kind == "part", feeds.c.url.not_in(list(parts)))
    connection.execute(feeds.delete().where(gone))


def due(
    connection: sa.Connection,
    now: datetime,
    *,
    urls: Iterable[str] | None,
    all_feeds: bool,
    on: Iterable[str] | None = None,
) -> list[Feed]:
    """The feeds to poll now, or all that were not polled after `now`; of these `urls` and the sitemaps that they name,
    `on` these hosts, where given."""
    query = (
        sa.select(feeds).where(feeds.c.stopped_at.is_(None)).order_by(feeds.c.next_poll_at.nulls_first(), feeds.c.url)
    )
    if all_feeds:
        query = query.where(sa.or_(feeds.c.polled_at.is_(None), feeds.c.polled_at <= now))
    else:
        query = query.where(sa.or_(feeds.c.next_poll_at.is_(None), feeds.c.next_poll_at <= now))
    if on is not None:
        query = query.where(feeds.c.host.in_(list(on)))
    wanted = None if urls is None else set(urls)
    return [
        Feed(**{name: getattr(row, name) for name in Feed.__slots__})
        for row in connection.execute(query)
        if wanted is None or row.url in wanted or row.parent in wanted
    ]


def any_well(connection: sa.Connection, urls: Iterable[str], failures: int) -> bool:
    """Whether one of these feeds, or of the sitemaps that they name, was polled and did not fail so often in a row."""
    wanted = set(urls)
    query = sa.select(feeds.c.url, feeds.c.parent).where(
        feeds.c.polled_at.is_not(None), feeds.c.stopped_at.is_(None), feeds.c.failures < failures
    )
    return any(row.url in wanted or row.parent in wanted for row in connection.execute(query))


def record_poll(
    connection: sa.Connection, feed: Feed, poll: Poll, listed: Iterable[Listed], now: datetime
) -> list[Pending]:
    """Write how the poll ended and the entries that it listed, in one transaction: validators without their entries
    would lose them for ever at the next 304. Returns the entries that are new and pending, and those that the feed now
    calls updated."""
    new, has_new = enter(connection, listed, feed.url, now)
    good = poll.error is None
    values: dict[str, Any] = {
        "of": feed.url,
        "unchanged": int(good and not poll.changed),
        "status": poll.status,
        "error": poll.error,
        "polled_at": now,
        "next_poll_at": poll.next_poll_at,
    }
    if good:
        values |= {"succeeded_at": now, "failures": 0}
        values |= {"location": poll.location, "moving_to": poll.moving_to, "moving_polls": poll.moving_polls}
        values["host"] = urls.host(poll.location or feed.url)
        if poll.changed:
            values |= {name: getattr(poll, name) for name in LEARNT}
        elif poll.etag or poll.last_modified:
            values |= {"etag": poll.etag, "last_modified": poll.last_modified}
        if has_new:
            values["changed_at"] = now
    elif poll.next_poll_at is None:
        values["stopped_at"] = now
    connection.execute(_GOOD_POLL if good else _FAILED_POLL, values)
    return new
