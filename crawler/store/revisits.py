"""Which pages are fetched again, and when. Jobs on one connection, and conditions on the rows of `entries`.

Two things make a page due that was fetched before: its feed says that it has changed (the entry is `updated`), or it
is younger than REVISIT_HOURS (the entry stays `fetched`, and `next_try_at` has come). A visit that finds the text as it
was doubles the wait for the next, so that a page costs a few visits, not one for each poll of a feed that calls
everything new.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from crawler.items import Entry
from crawler.store import takedowns
from crawler.store.schema import entries

#: From a fetch to the next visit; doubled by each visit that finds nothing new.
FIRST_MINUTES: Final = 15
#: 2 ** so many times FIRST_MINUTES are ten months; a datetime would overflow some time after.
_DOUBLINGS_MAX: Final = 15
#: Reasons for which a page was not even fetched: what its feed says later is no change of it.
_NEVER_FETCHED: Final = ("TooOld",)


def next_visit(now: datetime, revisits: int) -> datetime:
    """When a page may be visited again of which so many visits in a row found nothing new."""
    return now + timedelta(minutes=FIRST_MINUTES * 2 ** min(revisits, _DOUBLINGS_MAX))


def is_due(now: datetime, *, hours: float, all_pages: bool) -> sa.ColumnElement[bool]:
    """The entries whose page is to be fetched again: what feeds called updated, and what was first listed within so
    many hours, at its time or, with `all_pages`, at any, once since `now`."""
    e = entries.c
    updated = sa.and_(e.state == "updated", sa.or_(e.next_try_at.is_(None), e.next_try_at <= now))
    if not hours:
        return updated
    since = now - timedelta(hours=hours)
    # next_try_at comes after seen_at: the index on (state, next_try_at) leaves only the last hours to be read.
    young = [e.state == "fetched", e.article_id.is_not(None), e.next_try_at > since, e.seen_at > since]
    return sa.or_(updated, sa.and_(*young, e.decided_at < now if all_pages else e.next_try_at <= now))


def is_news(row: Any, entry: Entry, feed_url: str) -> bool:
    """Whether a feed says of a page that it has changed since it was fetched: the feed that listed it first gives it a
    newer date of modification than was known, or another headline, or any feed a date after the fetch."""
    if row.state not in ("fetched", "dropped") or row.reason in _NEVER_FETCHED:
        return False
    if row.state == "fetched" and row.article_id is None:  # it was removed from the store
        return False
    # Feeds of one paper cut headlines in ways of their own, and differ by seconds in what they call modified; only one
    # and the same feed can be compared with itself, and then whatever its clock says.
    is_first = row.feed_url == feed_url
    for name, ours in (("date_modified", is_first), ("date_published", False)):
        told, known = getattr(entry, name), row.hints[name]
        after = [datetime.fromisoformat(known)] if known else []
        if not ours or not known:
            after.append(row.decided_at)
        if told is not None and all(told > when for when in after):
            return True
    told, known = entry.headline, row.hints["headline"]
    return bool(is_first and told and known and told.split() != known.split())


def announce(
    connection: sa.Connection, known: Iterable[Any], hints: Mapping[str, dict[str, Any]], feed_url: str, now: datetime
) -> list[Any]:
    """Note that pages have changed, with what the feed now says of them (by URL; of another than the first feed the
    dates alone). Returns the rows to fetch now; what was visited in vain before waits its time."""
    rows, due = [], []
    for row in sorted(known, key=lambda row: row.id):  # as every run does it: none waits for another in a circle
        is_first = row.feed_url == feed_url
        told = {
            name: value for name, value in hints[row.url].items() if value and (is_first or name.startswith("date_"))
        }
        again = row.next_try_at if row.revisits else None
        rows.append({"entry_id": row.id, "new_hints": row.hints | told, "again": again})
        if again is None or again <= now:
            due.append(row)
    if rows:
        connection.execute(_ANNOUNCE, rows)
    return due


def settle(
    connection: sa.Connection,
    entry_id: int,
    now: datetime,
    *,
    has_changed: bool,
    validators: tuple[str | None, str | None] | None = None,
) -> None:
    """Write that a page was visited again. `validators`: ETag and Last-Modified of the answer; None leaves those known,
    as after a 304."""
    e = entries.c
    row = connection.execute(sa.select(e.revisits).where(e.id == entry_id)).one()
    revisits = 0 if has_changed else row.revisits + 1
    values: dict[str, Any] = {
        "state": "fetched",
        "reason": None,
        "tries": 0,
        "revisits": revisits,
        "next_try_at": next_visit(now, revisits),
        "decided_at": now,
    }
    if validators is not None:
        values["etag"], values["last_modified"] = validators
    connection.execute(entries.update().where(e.id == entry_id, takedowns.is_open()).values(values))


_ANNOUNCE = (
    entries.update()
    .where(entries.c.id == sa.bindparam("entry_id"))
    .values(state="updated", tries=0, hints=sa.bindparam("new_hints"), next_try_at=sa.bindparam("again"))
)
