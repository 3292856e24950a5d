"""What was found on each publisher's latest pages, for crawler.health: of stored articles, and of pages that were
dropped for the want of a field."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

from crawler.health import EARLIER_MAX, LATEST, Found
from crawler.store.schema import articles, entries

#: Pages of one publisher that are looked at.
PAGES_MAX = max(LATEST) + EARLIER_MAX
#: Rows that are looked through, the latest: a history of years costs nothing.
ROWS_MAX = 100_000
#: Drop reasons that are a field that was not found (pipelines.validation).
LOST = {"NoHeadline": Found(headline=""), "NoBody": Found(body=0), "TooShort": Found(body=0)}

_BEGINNING = datetime.min.replace(tzinfo=UTC)


def latest(connection: sa.Connection, publisher: str | None = None) -> dict[str, list[Found]]:
    """By publisher, or of that one, what was found on the latest pages, the latest first."""
    a, e = articles.c, entries.c
    pages: dict[str, list[tuple[datetime, int, Found]]] = {}
    stored = sa.select(a.id, a.publisher, a.date_crawled, a.headline, a.word_count, a.date_published_source, a.authors)
    for row in connection.execute(_of_each(stored, a.id, a.publisher, publisher)):
        found = Found(
            headline=row.headline,
            body=row.word_count,
            date=row.date_published_source or "",
            authors=len(row.authors),
        )
        pages.setdefault(row.publisher, []).append((row.date_crawled or _BEGINNING, row.id, found))
    dropped = sa.select(e.id, e.publisher, e.decided_at, e.reason).where(e.state == "dropped", e.reason.in_(LOST))
    for row in connection.execute(_of_each(dropped, e.id, e.publisher, publisher)):
        pages.setdefault(row.publisher, []).append((row.decided_at or _BEGINNING, row.id, LOST[row.reason]))
    return {
        name: [found for *_, found in sorted(rows, key=lambda row: row[:2], reverse=True)[:PAGES_MAX]]
        for name, rows in pages.items()
    }


def _of_each(
    query: sa.Select[tuple[object, ...]],
    row_id: sa.ColumnElement[int],
    publisher: sa.ColumnElement[str],
    only: str | None,
) -> sa.Select[tuple[object, ...]]:
    """The latest PAGES_MAX rows of each publisher, among the latest ROWS_MAX of the table."""
    last = sa.select(sa.func.max(row_id)).scalar_subquery()
    place = sa.func.row_number().over(partition_by=publisher, order_by=row_id.desc()).label("place")
    query = query.add_columns(place).where(row_id > last - ROWS_MAX)
    rows = (query if only is None else query.where(publisher == only)).subquery()
    return sa.select(rows).where(rows.c.place <= PAGES_MAX)
