"""What is polled and what it listed: the rows of `feeds` and `entries`. Each function is a job on one connection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from crawler import urls
from crawler.items import Entry
from crawler.store import revisits, takedowns
from crawler.store.chunks import chunks
from crawler.store.schema import entries, feeds

_SPELT = sa.select(feeds.c.url, feeds.c.publisher, feeds.c.kind)
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
    """A page still to be fetched, or to be fetched again, then with the validators of its last answer, verbatim."""

    id: int
    publisher: str
    entry: Entry
    is_revisit: bool = False
    etag: str | None = None
    last_modified: str | None = None

    @property
    def host(self) -> str:
        """The host:port to be asked for it."""
        return urls.host(self.entry.url)


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


def record_poll(
    connection: sa.Connection, feed: Feed, poll: Poll, listed: Iterable[Listed], now: datetime
) -> list[Pending]:
    """Write how the poll ended and the entries that it listed, in one transaction: validators without their entries
    would lose them for ever at the next 304. Returns the entries that are new and pending, and those that the feed now
    calls updated."""
    new: list[Pending] = []
    by_url = {item.url: item for item in listed}
    rows = {url: _entry_row(item, feed, now) for url, item in by_url.items()}
    if rows:
        seen = _known(connection, rows)
        told = {url: row["hints"] for url, row in rows.items() if row["state"] == "pending"}
        news = [row for url, row in seen.items() if url in told and revisits.is_news(row, by_url[url].entry, feed.url)]
        new += [
            replace(_pending(row), entry=replace(by_url[row.url].entry, url=row.location or row.link))
            for row in revisits.announce(connection, news, told, feed.url, now)
        ]
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
        if rows:
            values["changed_at"] = now
    elif poll.next_poll_at is None:
        values["stopped_at"] = now
    connection.execute(_GOOD_POLL if good else _FAILED_POLL, values)
    return new


def pending(
    connection: sa.Connection,
    now: datetime,
    *,
    on: Iterable[str] | None = None,
    publishers: Iterable[str] | None = None,
    most: int | None = None,
    revisit_hours: float = 0,
    revisit_all: bool = False,
) -> list[Pending]:
    """What earlier runs left to fetch, what failed and may be tried again, what is to be visited again (see
    `revisits.is_due`); newest first. Where given: `on` these hosts, of these publishers, `most` of a host."""
    order = (sa.func.coalesce(entries.c.date_published, entries.c.seen_at).desc(), entries.c.id)
    wanted = [_to_fetch(now, revisit_hours, revisit_all)]
    if on is not None:
        wanted.append(entries.c.host.in_(list(on)))
    if publishers is not None:
        wanted.append(entries.c.publisher.in_(list(publishers)))
    query = sa.select(entries).where(*wanted)
    if most is not None:
        # Cut by the database: of a host with thousands a few rows are read.
        place = sa.func.row_number().over(partition_by=entries.c.host, order_by=order).label("place")
        placed = sa.select(entries.c.id, place).where(*wanted).subquery()
        query = sa.select(entries).join(placed, placed.c.id == entries.c.id).where(placed.c.place <= most)
    return [_pending(row) for row in connection.execute(query.order_by(*order))]


def pages_waiting(
    connection: sa.Connection,
    now: datetime,
    publishers: Iterable[str],
    *,
    revisit_hours: float = 0,
    revisit_all: bool = False,
) -> Counter[str]:
    """How many pages of these publishers each host has to be asked for."""
    query = (
        sa.select(entries.c.host, entries.c.publisher, sa.func.count())
        .where(_to_fetch(now, revisit_hours, revisit_all), entries.c.host.is_not(None))
        .group_by(entries.c.host, entries.c.publisher)
    )
    wanted, counted = frozenset(publishers), Counter[str]()
    for host, publisher, count in connection.execute(query):
        if publisher in wanted:
            counted[host] += count
    return counted


def _to_fetch(now: datetime, revisit_hours: float, revisit_all: bool) -> sa.ColumnElement[bool]:
    return sa.or_(
        entries.c.state == "pending",
        sa.and_(entries.c.state == "failed", entries.c.next_try_at <= now),
        revisits.is_due(now, hours=revisit_hours, all_pages=revisit_all),
    )


def redirect(connection: sa.Connection, entry_id: int, url: str) -> None:
    """From now on fetch a page where a redirect led."""
    values = {"location": url, "host": urls.host(url)}
    connection.execute(entries.update().where(entries.c.id == entry_id).values(values))


def settle(
    connection: sa.Connection,
    entry_id: int,
    state: str,
    now: datetime,
    *,
    reason: str | None = None,
    article_id: int | None = None,
    validators: tuple[str | None, str | None] = (None, None),
) -> None:
    """Write how an entry ended: fetched, duplicate, dropped, refused or failed. What failed gets its next try. What was
    fetched before stays so, whatever a further visit met; an update that failed is tried again; what was forgotten
    stays refused. `validators`: ETag and Last-Modified of what was fetched."""
    values: dict[str, Any] = {"state": state, "reason": reason, "decided_at": now, "article_id": article_id}
    if state == "fetched":
        values |= {"tries": 0, "next_try_at": revisits.next_visit(now, 0)}
        values["etag"], values["last_modified"] = validators
    elif state in ("failed", "dropped", "refused"):
        row = connection.execute(sa.select(entries).where(entries.c.id == entry_id)).one()
        again = None
        if state == "failed":
            values["tries"] = tries = row.tries + 1
            again = None if tries >= ENTRY_TRIES_MAX else now + timedelta(minutes=RETRY_MINUTES * 2 ** (tries - 1))
            values["next_try_at"] = again
        if row.state in ("fetched", "updated") and row.article_id is not None:
            if again is None or row.state == "fetched":
                revisits.settle(connection, entry_id, now, has_changed=False)
                return
            values |= {"state": "updated", "reason": None, "article_id": row.article_id}
        elif row.state == "updated" and state == "dropped":
            count = row.revisits + 1
            values |= {"revisits": count, "next_try_at": revisits.next_visit(now, count)}
    connection.execute(entries.update().where(entries.c.id == entry_id, takedowns.is_open()).values(values))


def settle_fetched(
    connection: sa.Connection, fetched: Iterable[tuple[int, int, str | None, str | None]], now: datetime
) -> None:
    """`settle` of entries that were fetched: (entry, article, ETag, Last-Modified) each."""
    rows = [
        {"entry_id": entry_id, "to": article_id, "tag": etag, "modified": last_modified}
        for entry_id, article_id, etag, last_modified in fetched
    ]
    if rows:
        when = {"now": now, "again": revisits.next_visit(now, 0)}
        connection.execute(_FETCHED, [row | when for row in rows])


_FETCHED = (
    entries.update()
    .where(entries.c.id == sa.bindparam("entry_id"))
    .values(
        state="fetched",
        reason=None,
        tries=0,
        decided_at=sa.bindparam("now"),
        next_try_at=sa.bindparam("again"),
        article_id=sa.bindparam("to"),
        etag=sa.bindparam("tag"),
        last_modified=sa.bindparam("modified"),
    )
)


def upsert(connection: sa.Connection, table: sa.Table) -> Any:
    """The dialect's INSERT, which knows ON CONFLICT."""
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)


def _known(connection: sa.Connection, rows: Mapping[str, Any]) -> dict[str, Any]:
    known: dict[str, Any] = {}
    for some in chunks(rows):
        query = sa.select(entries).where(entries.c.url.in_(some))
        known.update((row.url, row) for row in connection.execute(query))
    return known


def _entry_row(item: Listed, feed: Feed, now: datetime) -> dict[str, Any]:
    return {
        "url": item.url,
        "link": item.entry.url,
        "host": urls.host(item.entry.url) if item.state == "pending" else None,
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


def _pending(row: Any) -> Pending:
    return Pending(
        id=row.id,
        publisher=row.publisher,
        entry=_entry(row),
        is_revisit=row.state in ("fetched", "updated"),
        etag=row.etag,
        last_modified=row.last_modified,
    )


def _entry(row: Any) -> Entry:
    hints = row.hints
    return Entry(
        url=row.location or row.link,
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
