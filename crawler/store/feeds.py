"""What is polled and what it listed: the rows of `feeds` and `entries`. Each function is a job on one connection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from crawler.items import Entry
from crawler.store import takedowns
from crawler.store.schema import entries, feeds

#: What the body of a feed and its headers teach.
LEARNT = ("etag", "last_modified", "body_hash", "wish_minutes", "rhythm_minutes", "skip_hours", "skip_days")
#: A page that failed is tried again after 15 min, doubled each time, and given up after this many runs.
ENTRY_TRIES_MAX = 6
RETRY_MINUTES = 15
#: What a feed says of a page, where it says nothing, or where what it said is forgotten.
NO_HINTS: dict[str, Any] = {
    **dict.fromkeys(("headline", "description", "date_published", "date_modified", "language")),
    "authors": [],
}


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
    changed_at: datetime | None = None
    wish_minutes: float | None = None
    rhythm_minutes: float | None = None
    skip_hours: Sequence[int] | None = None
    skip_days: Sequence[int] | None = None

    @property
    def address(self) -> str:
        """Where it is polled."""
        return self.location or self.url


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An entry as it enters the store: its identity, its publisher, and its state (pending or not wanted)."""

    url: str  #: normalized; as written where it is no web address
    publisher: str
    entry: Entry
    state: str = "pending"
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A page still to be fetched."""

    id: int
    publisher: str
    entry: Entry


def register(connection: sa.Connection, wanted: Iterable[Feed]) -> None:
    """Know these feeds; what is known of them already stays, but for the publisher."""
    rows = [{"url": feed.url, "publisher": feed.publisher, "kind": feed.kind, "parent": feed.parent} for feed in wanted]
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


def due(connection: sa.Connection, now: datetime, *, urls: Iterable[str] | None, all_feeds: bool) -> list[Feed]:
    """The feeds to poll now, or all of them; of `urls` and the sitemaps that they name, where given."""
    query = (
        sa.select(feeds).where(feeds.c.stopped_at.is_(None)).order_by(feeds.c.next_poll_at.nulls_first(), feeds.c.url)
    )
    if not all_feeds:
        query = query.where(sa.or_(feeds.c.next_poll_at.is_(None), feeds.c.next_poll_at <= now))
    wanted = None if urls is None else set(urls)
    return [
        Feed(**{name: getattr(row, name) for name in Feed.__slots__})
        for row in connection.execute(query)
        if wanted is None or row.url in wanted or row.parent in wanted
    ]


def record_poll(
    connection: sa.Connection, feed: Feed, poll: Poll, listed: Iterable[Listed], now: datetime
) -> list[Pending]:
    """Write how the poll ended and the entries that it listed, in one transaction: validators without their entries
    would lose them for ever at the next 304. Returns the entries that are new and pending."""
    new: list[Pending] = []
    by_url = {item.url: item for item in listed}
    rows = {url: _entry_row(item, feed, now) for url, item in by_url.items()}
    if rows:
        seen = _known(connection, rows)
        rows = {url: row for url, row in rows.items() if url not in seen}
        for url in takedowns.among(connection, rows):
            rows[url] |= {"state": "refused", "reason": takedowns.FORGOTTEN, "decided_at": now, "hints": NO_HINTS}
        if rows:
            inserted = connection.execute(
                upsert(connection, entries)
                .on_conflict_do_nothing(index_elements=["url"])
                .returning(entries.c.id, entries.c.url),
                list(rows.values()),
            )
            for entry_id, url in inserted:
                item = by_url[url]
                if rows[url]["state"] == "pending":
                    new.append(Pending(id=entry_id, publisher=item.publisher, entry=item.entry))
    good = poll.error is None
    values: dict[str, Any] = {
        "status": poll.status,
        "error": poll.error,
        "polls": feeds.c.polls + 1,
        "polls_unchanged": feeds.c.polls_unchanged + int(good and not poll.changed),
        "failures": 0 if good else feeds.c.failures + 1,
        "polled_at": now,
        "next_poll_at": poll.next_poll_at,
    }
    if good:
        values["succeeded_at"] = now
        values |= {"location": poll.location, "moving_to": poll.moving_to, "moving_polls": poll.moving_polls}
        if poll.changed:
            values |= {name: getattr(poll, name) for name in LEARNT}
        elif poll.etag or poll.last_modified:
            values |= {"etag": poll.etag, "last_modified": poll.last_modified}
        if rows:
            values["changed_at"] = now
    elif poll.next_poll_at is None:
        values["stopped_at"] = now
    connection.execute(feeds.update().where(feeds.c.url == feed.url).values(values))
    return new


def pending(connection: sa.Connection, now: datetime) -> list[Pending]:
    """What earlier runs left to fetch, and what failed and may be tried again; newest first."""
    query = (
        sa.select(entries)
        .where(
            sa.or_(
                entries.c.state == "pending",
                sa.and_(entries.c.state == "failed", entries.c.next_try_at <= now),
            )
        )
        .order_by(sa.func.coalesce(entries.c.date_published, entries.c.seen_at).desc(), entries.c.id)
    )
    return [Pending(id=row.id, publisher=row.publisher, entry=_entry(row)) for row in connection.execute(query)]


def settle(
    connection: sa.Connection,
    entry_id: int,
    state: str,
    now: datetime,
    *,
    reason: str | None = None,
    article_id: int | None = None,
) -> None:
    """Write how an entry ended: fetched, duplicate, dropped, refused or failed. What failed gets its next try."""
    values: dict[str, Any] = {"state": state, "reason": reason, "decided_at": now, "article_id": article_id}
    if state == "failed":
        tries = connection.execute(sa.select(entries.c.tries).where(entries.c.id == entry_id)).scalar_one() + 1
        again = None if tries >= ENTRY_TRIES_MAX else now + timedelta(minutes=RETRY_MINUTES * 2 ** (tries - 1))
        values |= {"tries": tries, "next_try_at": again}
    connection.execute(entries.update().where(entries.c.id == entry_id).values(values))


def upsert(connection: sa.Connection, table: sa.Table) -> Any:
    """The dialect's INSERT, which knows ON CONFLICT."""
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)


def _known(connection: sa.Connection, rows: Mapping[str, Any]) -> set[str]:
    urls = list(rows)
    known: set[str] = set()
    for start in range(0, len(urls), 500):
        query = sa.select(entries.c.url).where(entries.c.url.in_(urls[start : start + 500]))
        known.update(connection.scalars(query))
    return known


def _entry_row(item: Listed, feed: Feed, now: datetime) -> dict[str, Any]:
    return {
        "url": item.url,
        "link": item.entry.url,
        "feed_url": feed.url,
        "publisher": item.publisher,
        "state": item.state,
        "reason": item.reason,
        "tries": 0,
        "seen_at": now,
        "decided_at": None if item.state == "pending" else now,
        "date_published": item.entry.date_published,
        "hints": {
            "headline": item.entry.headline,
            "description": item.entry.description,
            "authors": list(item.entry.authors),
            "date_published": _text(item.entry.date_published),
            "date_modified": _text(item.entry.date_modified),
            "language": item.entry.language,
        },
    }


def _entry(row: Any) -> Entry:
    hints = row.hints
    return Entry(
        url=row.link,
        headline=hints["headline"],
        description=hints["description"],
        authors=tuple(hints["authors"]),
        date_published=_time(hints["date_published"]),
        date_modified=_time(hints["date_modified"]),
        language=hints["language"],
    )


def _text(time: datetime | None) -> str | None:
    return time.isoformat() if time else None


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
