"""What leaves the store: articles that are pruned by age or forgotten at somebody's wish, and what stays of them.

An article that goes takes its texts, fingerprint and index entries with it and leaves a row in `tombstones`, which the
change feed shows. What its story loses is settled in the same transaction: counts, canonical copy, agency; a story
without copies stays as a row with none. What was forgotten stands in `forgotten` and is never fetched or stored again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

import sqlalchemy as sa

from crawler.store import candidates, entries, rules, schema, settling, takedowns
from crawler.store.changefeed import decide_alone, next_stamp
from crawler.store.chunks import chunks
from crawler.store.store import Store
from crawler.store.takedowns import FORGOTTEN

PRUNED: Final = "pruned"
#: Articles that go in one transaction: a second's work, so that other writers get their turn.
BATCH = 500


def prune(store: Store, before: datetime, *, keep_canonical: bool, now: datetime) -> int:
    """Remove the articles published (undated ones: crawled) before then, but for canonical copies if those are to be
    kept, and the rows of runs that ended before. Returns how many articles went."""
    a, s = schema.articles.c, schema.stories.c
    query = sa.select(a.id).where(sa.func.coalesce(a.date_published, a.date_crawled, a.changed_at) < before)
    if keep_canonical:
        query = query.where(a.id.not_in(sa.select(s.canonical_id).where(s.copies > 0)))
    with store.read() as connection:
        ids = list(connection.scalars(query.order_by(a.story_id)))
    _remove_all(store, ids, PRUNED, now)
    r = schema.runs
    store.write_now(lambda connection: connection.execute(r.delete().where(r.c.finished_at < before)))
    return len(ids)


def forget(store: Store, name: str, *, now: datetime) -> int:
    """Take down a page, by its URL or by one that a feed printed and that led there, or all pages of a domain and of
    those below it; none of them is fetched or stored again. Returns how many articles went. Raises urls.InvalidURL
    where the name is neither."""
    name = takedowns.spelt(name)
    ids: list[int] = store.write_now(partial(_forbid, name=name, now=now))
    _remove_all(store, ids, FORGOTTEN, now)
    return len(ids)


def remove(connection: sa.Connection, article_ids: Sequence[int], reason: str, now: datetime) -> None:
    """Remove articles, leave tombstones, and settle their stories."""
    stamp = next_stamp(connection, now)
    a, s = schema.articles, schema.stories
    rows = connection.execute(sa.select(a.c.id, a.c.url, a.c.publisher, a.c.story_id).where(a.c.id.in_(article_ids)))
    tombstones = [
        {"article_id": row.id, "url": row.url, "publisher": row.publisher, "reason": reason, "story_id": row.story_id}
        for row in rows
    ]
    if not tombstones:
        return
    connection.execute(
        schema.tombstones.insert(),
        [{name: value for name, value in row.items() if name != "story_id"} | stamp.columns for row in tombstones],
    )
    f, e, v = schema.fingerprints, schema.entries, schema.versions
    candidates.take(connection, article_ids)
    connection.execute(a.delete().where(a.c.id.in_(article_ids)))
    connection.execute(f.delete().where(f.c.article_id.in_(article_ids)))
    connection.execute(v.delete().where(v.c.article_id.in_(article_ids)))
    held = schema.layouts
    connection.execute(held.delete().where(held.c.article_id.in_(article_ids)))
    # What is gone is not fetched again, whatever its feed said last.
    state = sa.case((e.c.state == "updated", "fetched"), else_=e.c.state)
    connection.execute(e.update().where(e.c.article_id.in_(article_ids)).values(article_id=None, state=state))
    rules.forget(connection, [row["url"] for row in tombstones])
    for story_id in sorted({row["story_id"] for row in tombstones}):
        copy = connection.scalar(sa.select(a.c.id).where(a.c.story_id == story_id).limit(1))
        if copy is None:
            settling.empty(connection, stamp, story_id)
        elif connection.scalar(sa.select(s.c.id).where(s.c.id == story_id)) is not None:
            settling.settle(connection, stamp, story_id)


def _remove_all(store: Store, article_ids: Sequence[int], reason: str, now: datetime) -> None:
    for some in chunks(article_ids, BATCH):
        store.write_now(partial(remove, article_ids=some, reason=reason, now=now))


def _forbid(connection: sa.Connection, name: str, now: datetime) -> list[int]:
    """Note what is forgotten, and settle the entries that lead there. Returns the articles that are to go."""
    decide_alone(connection)  # what others are storing is seen, and what they store next sees this
    a, e = schema.articles, schema.entries
    # A redirect or a canonical address: the page is known by the one that the feed printed, and stored under another.
    led = set(connection.scalars(sa.select(a.c.url).join(e, e.c.article_id == a.c.id).where(e.c.url == name)))
    # Some sites name one address on all of their pages: that one is not the page's.
    shared = connection.scalars(sa.select(a.c.canonical_url).where(a.c.canonical_url.in_(led), a.c.url.not_in(led)))
    named = {name, *led.difference(shared, (url for url in led if not urlsplit(url).path.strip("/")))}
    insert = schema.upsert(connection, schema.forgotten).on_conflict_do_nothing(index_elements=["name"])
    connection.execute(insert, [{"name": one, "forgotten_at": now} for one in sorted(named)])
    may_be = sa.or_(_may_be(a.c.url, named), a.c.url.in_(led))
    found = connection.execute(sa.select(a.c.id, a.c.url).where(may_be).order_by(a.c.story_id))
    ids = [row.id for row in found if row.url in led or not named.isdisjoint(takedowns.names(row.url))]
    for some in chunks(ids, BATCH):
        _refuse(connection, list(connection.scalars(sa.select(e.c.id).where(e.c.article_id.in_(some)))), now)
    rows = connection.execute(sa.select(e.c.id, e.c.url).where(_may_be(e.c.url, named)))
    _refuse(connection, [row.id for row in rows if not named.isdisjoint(takedowns.names(row.url))], now)
    return ids


def _refuse(connection: sa.Connection, entry_ids: Sequence[int], now: datetime) -> None:
    """Entries that are never fetched (again), without what the feed said of their pages."""
    e = schema.entries
    values: dict[str, Any] = {
        "state": "refused",
        "reason": FORGOTTEN,
        "next_try_at": None,
        "decided_at": now,
        "hints": entries.NO_HINTS,
    }
    for some in chunks(entry_ids, BATCH):
        connection.execute(e.update().where(e.c.id.in_(some)).values(values))


def _may_be(column: sa.ColumnElement[str], named: Collection[str]) -> sa.ColumnElement[bool]:
    """A condition that all addresses of those names meet, and some others."""
    return sa.or_(*(column == name if "://" in name else column.contains(name, autoescape=True) for name in named))
