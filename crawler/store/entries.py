"""What feeds list, and what becomes of it: the rows of `entries`. Each function is a job on one connection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from crawler import urls
from crawler.items import Entry
from crawler.store import revisits, takedowns
from crawler.store.chunks import chunks
from crawler.store.schema import entries, upsert

#: A page that failed is tried again after 15 min, doubled each time, and given up after this many runs.
ENTRY_TRIES_MAX = 6
RETRY_MINUTES = 15
#: What a feed says of a page, where it says nothing, or where what it said is forgotten.
NO_HINTS: dict[str, Any] = {
    **dict.fromkeys(("headline", "description", "date_published", "date_modified", "language")),
    "authors": [],
}


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


def enter(
    connection: sa.Connection, listed: Iterable[Listed], feed_url: str, now: datetime
) -> tuple[list[Pending], bool]:
    """Enter what a feed lists. Returns the entries that are new and pending, and those that the feed now calls updated;
    and whether any is new, pending or not."""
    by_url = {item.url: item for item in listed}
    rows = {url: _entry_row(item, feed_url, now) for url, item in by_url.items()}
    if not rows:
        return [], False
    seen = _known(connection, rows)
    told = {url: row["hints"] for url, row in rows.items() if row["state"] == "pending"}
    news = [row for url, row in seen.items() if url in told and revisits.is_news(row, by_url[url].entry, feed_url)]
    new = [
        replace(_pending(row), entry=replace(by_url[row.url].entry, url=row.location or row.link))
        for row in revisits.announce(connection, news, told, feed_url, now)
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
    return new, bool(rows)


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


def _known(connection: sa.Connection, rows: Mapping[str, Any]) -> dict[str, Any]:
    known: dict[str, Any] = {}
    for some in chunks(rows):
        query = sa.select(entries).where(entries.c.url.in_(some))
        known.update((row.url, row) for row in connection.execute(query))
    return known


def _entry_row(item: Listed, feed_url: str, now: datetime) -> dict[str, Any]:
    return {
        "url": item.url,
        "link": item.entry.url,
        "host": urls.host(item.entry.url) if item.state == "pending" else None,
        "feed_url": feed_url,
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
