"""One row a run, and what is known of each publisher from the runs so far."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crawler.store.schema import articles, entries, feeds, runs, stories


def begin(connection: sa.Connection, spider: str, now: datetime) -> int:
    """A run starts. Returns its id."""
    run_id: int = connection.execute(
        runs.insert().returning(runs.c.id), {"spider": spider, "started_at": now}
    ).scalar_one()
    return run_id


def finish(connection: sa.Connection, run_id: int, reason: str, stats: Mapping[str, Any], now: datetime) -> None:
    """A run ends, with Scrapy's reason and the stats that are numbers or words."""
    plain = {key: value for key, value in stats.items() if isinstance(value, int | float | str)}
    connection.execute(runs.update().where(runs.c.id == run_id).values(finished_at=now, reason=reason, stats=plain))


def feed_rows(connection: sa.Connection, publisher: str | None = None) -> list[dict[str, Any]]:
    """All feeds, or a publisher's, with what is known of their polls."""
    query = sa.select(feeds).order_by(feeds.c.publisher, feeds.c.url)
    if publisher is not None:
        query = query.where(feeds.c.publisher == publisher)
    # SQLAlchemy's names are of a subclass of str, which orjson takes for no key.
    return [{str(name): value for name, value in row._mapping.items()} for row in connection.execute(query)]


def publisher_rows(connection: sa.Connection) -> dict[str, dict[str, Any]]:
    """Per publisher: articles, copies (articles of a story that others print too), last article, entries by outcome."""
    rows: dict[str, dict[str, Any]] = {}
    shared = sa.func.sum(sa.case((stories.c.copies > 1, 1), else_=0))
    query = (
        sa.select(articles.c.publisher, sa.func.count().label("n"), shared, sa.func.max(articles.c.date_crawled))
        .join(stories, stories.c.id == articles.c.story_id)
        .group_by(articles.c.publisher)
    )
    for publisher, count, copies, last in connection.execute(query):
        rows[publisher] = {"articles": count, "copies": int(copies or 0), "last_article_at": last, "entries": {}}
    outcome = sa.select(entries.c.publisher, entries.c.state, entries.c.reason, sa.func.count()).group_by(
        entries.c.publisher, entries.c.state, entries.c.reason
    )
    for publisher, state, reason, count in connection.execute(outcome):
        row = rows.setdefault(publisher, {"articles": 0, "copies": 0, "last_article_at": None, "entries": {}})
        key = f"{state}: {reason}" if reason else state
        row["entries"][key] = row["entries"].get(key, 0) + count
    return rows
