"""Profiles of publishers (crawler.profiles): each article leaves its layout, each run begins with what those make.

A publisher's first profile cleans what was read before there was one, by a run that began without it: `complete` when
one ends, and when the next begins, before its `renew`.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

import sqlalchemy as sa

from crawler import profiles
from crawler.items import Article
from crawler.profiles import Profile, Sample
from crawler.store import schema, versions
from crawler.store.candidates import Window
from crawler.store.schema import upsert
from crawler.store.store import Store

#: Behind the profile's version at an article that was read without it and cleaned with it later.
CLEANED: Final = "~"
#: Built once, as those of crawler.store.articles are.
_NEW_LAYOUT = schema.layouts.insert()


def note(connection: sa.Connection, placed: Iterable[Article]) -> None:
    """Keep the layouts of articles that are stored, each in the place of that of its version before."""
    laid = [article for article in placed if article.layout]
    if changed := [article.id for article in laid if article.version > 1]:
        connection.execute(schema.layouts.delete().where(schema.layouts.c.article_id.in_(changed)))
    if laid:
        connection.execute(
            _NEW_LAYOUT,
            [{"article_id": a.id, "publisher": a.publisher, "layout": b64decode(a.layout or "")} for a in laid],
        )


def renew(connection: sa.Connection, now: datetime, window: Window) -> dict[str, Profile]:
    """The profile of every publisher that has one, made of what is stored now: for a run that begins. Layouts that no
    profile will be made of any more go, and what another run reads without a profile just now is cleaned."""
    held, known = schema.layouts.c, schema.profiles
    count, last = sa.func.count(), sa.func.max(held.article_id)
    made = {row.publisher: row for row in connection.execute(sa.select(known))}
    found: dict[str, Profile] = {}
    groups = connection.execute(sa.select(held.publisher, count, last).group_by(held.publisher)).all()
    for publisher, layouts, last_article_id in sorted(groups):
        row = made.pop(publisher, None)
        profile = None
        if row is not None and (row.layouts, row.last_article_id) == (layouts, last_article_id):
            profile = Profile.from_json(row.version, row.content)
        if profile is None:
            profile, _ = _learn(connection, publisher, now=now, window=window)
        if profile is not None:
            found[publisher] = profile
    gone = list(made)
    connection.execute(known.delete().where(known.c.publisher.in_(gone)))
    return found


def complete(store: Store, now: datetime, window: Window) -> int:
    """Make the first profiles of publishers that have none yet and articles enough, and clean with each what was read
    without one, one publisher in a transaction: when a run ends, and when one begins, after another that was cut short.
    Where several runs crawl, one makes the first profile of a publisher whose pages another is reading: those too.
    Returns how many articles lost something."""
    held, known = schema.layouts.c, schema.profiles.c
    with store.read() as connection:
        unclean = connection.scalars(
            sa.select(held.publisher)
            .join(schema.articles, schema.articles.c.id == held.article_id)
            .outerjoin(schema.profiles, known.publisher == held.publisher)
            .where(schema.articles.c.profile.is_(None), held.article_id > sa.func.coalesce(known.last_article_id, 0))
            .group_by(held.publisher)
            .having(sa.func.count() >= sa.case((sa.func.max(known.version).is_(None), profiles.STORIES_MIN), else_=1))
            .order_by(held.publisher)
        ).all()

    def clean(connection: sa.Connection, publisher: str) -> int:
        _, cleaned = _learn(connection, publisher, now=now, window=window)
        return cleaned

    return sum(store.write(partial(clean, publisher=publisher), at_once=True).result() for publisher in unclean)


def _learn(connection: sa.Connection, publisher: str, *, now: datetime, window: Window) -> tuple[Profile | None, int]:
    """Make a publisher's profile of its layouts, and clean with it what was read without one and is newer than the
    profile before. The profile, and how many articles lost something."""
    known = schema.profiles.c
    before = connection.scalar(sa.select(known.last_article_id).where(known.publisher == publisher)) or 0
    rows = _layouts(connection, publisher)
    profile = _make(connection, publisher, rows, now)
    if profile is None:
        return None, 0
    cleaned = 0
    read = [row for row in rows if row.profile is None and row.article_id > before]
    for row in sorted(read, key=lambda row: (row.date_published is None, row.date_published, row.url)):
        if texts := profile.turns(row.layout):
            cleaned += versions.clean(
                connection,
                row.article_id,
                texts,
                f"{profile.version}{CLEANED}",
                now=now,
                window=window,
            )
    return profile, cleaned


def _layouts(connection: sa.Connection, publisher: str) -> Sequence[Any]:
    return connection.execute(_OF_PUBLISHER, {"name": publisher}).all()


def _make(connection: sa.Connection, publisher: str, rows: Sequence[Any], now: datetime) -> Profile | None:
    """Make the profile anew of its `_layouts`, and store it. None of too few articles."""
    held, table = schema.layouts, schema.profiles
    samples = {
        row.article_id: Sample(
            row.url, row.story_id, (row.date_published or row.date_crawled or row.changed_at).date(), row.layout
        )
        for row in rows
    }
    chosen = profiles.recent(samples.values())
    urls = {sample.url for sample in chosen}
    kept = [article_id for article_id, sample in samples.items() if sample.url in urls]
    if len(kept) < len(samples):
        connection.execute(held.delete().where(held.c.publisher == publisher, held.c.article_id.not_in(kept)))
    profile = profiles.learn(chosen)
    if profile is None:
        connection.execute(table.delete().where(table.c.publisher == publisher))
        return None
    values = {
        "version": profile.version,
        "content": profile.to_json(),
        "layouts": len(kept),
        "last_article_id": max(kept),
        "made_at": now,
    }
    statement = upsert(connection, table).values(publisher=publisher, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["publisher"], set_=values))
    return profile


_a, _l = schema.articles.c, schema.layouts.c
_OF_PUBLISHER = (
    sa.select(
        *(_l.article_id, _l.layout),
        *(_a.url, _a.story_id, _a.date_published, _a.date_crawled, _a.changed_at, _a.profile),
    )
    .join(schema.articles, _a.id == _l.article_id)
    .where(_l.publisher == sa.bindparam("name"))
)
