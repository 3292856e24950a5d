"""What is read out of the store: articles and stories as rows, whole or since a position of the change feed.

Rows are dicts in the order of items.ARTICLE_COLUMNS and items.STORY_COLUMNS; datetimes are aware, in UTC.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crawler.items import ARTICLE_COLUMNS, STORY_COLUMNS
from crawler.search import Term
from crawler.store import searches
from crawler.store.schema import articles, stories, tombstones

#: Rows fetched at a time: an export of millions runs in constant memory.
CHUNK_ROWS = 500
#: What a story is shown with, beside its columns.
_SHOWN = ("agency_evidence", "publisher_names", "first_published_precision")


@dataclass(frozen=True, slots=True)
class Since:
    """From where on: a position of the change feed, or a time of storing or changing (UTC). Neither: everything."""

    change: int | None = None
    time: datetime | None = None


def article_rows(
    connection: sa.Connection, since: Since | None = None, *, story_id: int | None = None
) -> Iterator[dict[str, Any]]:
    """The articles, in the order in which they were stored or changed (of a story: of publication). Since a position
    or time, those too that are gone since: see `_tombstones`."""
    a, s = articles.c, stories.c
    query = sa.select(
        articles, s.canonical_id, s.agency.label("story_agency"), s.agency_is_weak.label("story_weak")
    ).join(stories, s.id == a.story_id)
    if story_id is None:
        query = _since(query, articles, since).order_by(a.change, a.id)
    else:
        query = query.where(a.story_id == story_id).order_by(sa.func.coalesce(a.date_published, a.date_crawled), a.url)
    rows: Iterator[tuple[int, dict[str, Any]]]
    rows = map(_article, connection.execute(query, execution_options={"yield_per": CHUNK_ROWS}))
    if since is not None:
        rows = heapq.merge(rows, _tombstones(connection, since), key=lambda row: row[0])
    return (row for _, row in rows)


def _article(row: Any) -> tuple[int, dict[str, Any]]:
    """(position in the change feed, columns)"""
    values = dict(row._mapping)
    values["agency"], values["agency_evidence"] = agency_of(row)
    values["is_canonical"] = row.canonical_id == row.id
    # The stories may have become one since the article was decided; a person may part them again.
    values["also_story_ids"] = [story_id for story_id in row.also_story_ids if story_id != row.story_id]
    return row.change, {name: values[name] for name in ARTICLE_COLUMNS}


def _tombstones(connection: sa.Connection, since: Since) -> Iterator[tuple[int, dict[str, Any]]]:
    """The articles that are gone: their id, URL and publisher, with `pruned` or `forgotten` as their kind, and nothing
    in the other columns."""
    empty = dict.fromkeys(ARTICLE_COLUMNS) | {
        **dict.fromkeys(("headline", "body"), ""),
        **dict.fromkeys(("word_count", "version"), 0),
        "is_canonical": False,
    }
    query = _since(sa.select(tombstones), tombstones, since).order_by(tombstones.c.change, tombstones.c.article_id)
    for row in connection.execute(query, execution_options={"yield_per": CHUNK_ROWS}):
        lists: dict[str, Any] = {name: [] for name in ("also_story_ids", "authors", "images")}
        known = {"id": row.article_id, "url": row.url, "publisher": row.publisher, "kind": row.reason}
        yield row.change, empty | lists | known


def evidence(connection: sa.Connection, story_id: int) -> dict[int, str | None]:
    """Why each copy stands in the story, by article id."""
    query = sa.select(articles.c.id, articles.c.evidence).where(articles.c.story_id == story_id)
    return {row.id: row.evidence for row in connection.execute(query)}


def story_rows(connection: sa.Connection, since: Since | None = None) -> Iterator[dict[str, Any]]:
    """The stories, merged ones included, in the order in which they were founded or changed."""
    query = _since(sa.select(stories), stories, since).order_by(stories.c.change, stories.c.id)
    for row in _with_copies(connection, query):
        yield {name: row[name] for name in STORY_COLUMNS}


def most_printed(
    connection: sa.Connection,
    *,
    since: datetime | None = None,
    agency: str | None = None,
    min_copies: int = 1,
    search: Sequence[Term] = (),
    limit: int | None = None,
) -> list[dict[str, Any]]:
    """Stories with a copy published since then, of that agency, with so many copies, one of which has all that is
    searched for; most printed first. The rows also carry `agency_evidence`, so that a photo credit is told from a
    byline, `publisher_names`, and `first_published_precision`: "day" where no time is known."""
    s = stories.c
    query = sa.select(stories).where(s.merged_into.is_(None), s.copies >= min_copies)
    if since is not None:
        query = query.where(s.last_published >= since)
    if agency is not None:
        query = query.where(sa.func.lower(s.agency) == sa.func.lower(agency))
    if search:
        found = searches.matching(connection.dialect.name, search)
        query = query.where(s.id.in_(sa.select(articles.c.story_id).where(found)))
    query = query.order_by(s.copies.desc(), s.first_published.desc().nulls_last(), s.id).limit(limit)
    return list(_with_copies(connection, query))


def story(connection: sa.Connection, story_id: int) -> dict[str, Any] | None:
    """One story, with `agency_evidence`; where it was merged, the one that it became. None where there is none."""
    rows = list(_with_copies(connection, sa.select(stories).where(stories.c.id == story_id)))
    if rows and rows[0]["merged_into"] is not None:
        return story(connection, rows[0]["merged_into"])
    return rows[0] if rows else None


def articles_stored(connection: sa.Connection) -> int:
    """How many articles there are."""
    stored: int = connection.execute(sa.select(sa.func.count()).select_from(articles)).scalar_one()
    return stored


def agency_of(row: Any) -> tuple[str | None, str | None]:
    """(agency, evidence) of an article: one text, one agency, so what its copies together say (crawler.agencies.elect)
    goes before its own word. Weak evidence stays with the copy that shows it."""
    if row.story_agency is None or row.story_weak or (row.story_agency == row.agency and not row.agency_is_weak):
        return row.agency, row.agency_evidence
    return row.story_agency, "inherited"


def _since(query: Any, table: sa.Table, since: Since | None) -> Any:
    if since is None:
        return query
    if since.change is not None:
        query = query.where(table.c.change > since.change)
    if since.time is not None:
        query = query.where(table.c.changed_at >= since.time)
    return query


def _with_copies(connection: sa.Connection, query: Any) -> Iterator[dict[str, Any]]:
    """The stories that a query selects, as STORY_COLUMNS and more: with what is read off the copies, publishers and
    headlines in order of publication."""
    for chunk in connection.execute(query, execution_options={"yield_per": CHUNK_ROWS}).partitions():
        copies = _copies(connection, [row.id for row in chunk])
        for row in chunk:
            own = copies[row.id]
            values = dict(row._mapping)
            values["publishers"] = list(dict.fromkeys(copy.publisher for copy in own))
            values["publisher_names"] = list(dict.fromkeys(copy.publisher_name or copy.publisher for copy in own))
            values["headlines"] = list(dict.fromkeys(copy.headline for copy in own))
            values["url"] = next((copy.url for copy in own if copy.id == row.canonical_id), None)
            first = (copy.date_published_precision for copy in own if copy.date_published == row.first_published)
            values["first_published_precision"] = next(first, None)
            yield {name: values[name] for name in (*STORY_COLUMNS, *_SHOWN)}


def _copies(connection: sa.Connection, story_ids: list[int]) -> dict[int, list[Any]]:
    a = articles.c
    query = (
        sa.select(
            *(a.id, a.story_id, a.publisher, a.publisher_name, a.headline, a.url),
            *(a.date_published, a.date_published_precision),
        )
        .where(a.story_id.in_(story_ids))
        .order_by(a.story_id, sa.func.coalesce(a.date_published, a.date_crawled), a.url)
    )
    copies: dict[int, list[Any]] = {story_id: [] for story_id in story_ids}
    for copy in connection.execute(query):
        copies[copy.story_id].append(copy)
    return copies
