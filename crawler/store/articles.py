"""An article on its way into its story: look-up, decision and write, a job on one connection and so in one transaction.

The candidate index is the table `bands`: (segment, key, article). A segment is a span of SEGMENT_DAYS; a look-up asks
only the segments that its window touches, so that a history of years costs a look-up nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from crawler import agencies, similarity, stories
from crawler.items import Article, Copy
from crawler.store import schema
from crawler.store.exports import agency_of
from crawler.store.feeds import settle

#: Five days: a window of ten days to either side touches five segments.
SEGMENT_DAYS = 5
#: The segment of articles that have neither a date of publication nor of crawling.
UNDATED = 0


def add(
    connection: sa.Connection,
    article: Article,
    *,
    now: datetime,
    window_days: float,
    candidates_max: int,
    is_agency: bool = False,
) -> Article | None:
    """Decide the article's story and write both; answer the entry it came from. In order of arrival: what is decided
    sees what was written before. Returns the article with its place, or None where its URL is stored already."""
    change = next_change(connection)  # first: whoever has it decides alone, and sees what was decided before
    known = connection.execute(
        sa.select(schema.articles.c.id).where(schema.articles.c.url == article.url)
    ).scalar_one_or_none()
    if known is not None:
        if article.entry_id is not None:
            settle(connection, article.entry_id, "duplicate", now, article_id=known)
        return None
    fingerprint = (
        similarity.Fingerprint.from_text(article.signature, article.sketch)
        if article.signature is not None and article.sketch is not None
        else similarity.sign(article.headline, article.body)
    )
    new = stories.Text(
        publisher=article.publisher,
        date_published=_index_date(article),
        headline=article.headline,
        fingerprint=fingerprint,
        is_agency=is_agency,
        url=article.url,
    )
    keys = similarity.bands(fingerprint)
    near = _candidates(connection, keys, new.date_published, window_days, candidates_max)
    copy = stories.decide(new, near, candidates_max=candidates_max)
    article_id = _insert(connection, article, copy, fingerprint, keys, new, change, now)
    story_id = copy.story_id
    if story_id is None:
        story_id = _found(connection, article, article_id, change, now)
    for merged in copy.merges:
        _merge(connection, merged, story_id, change, now)
    if copy.story_id is not None:
        _settle_story(connection, story_id, article_id, change, now, all_copies=bool(copy.merges))
    if article.entry_id is not None:
        settle(connection, article.entry_id, "fetched", now, article_id=article_id)
    return get(connection, article_id, article)


def get(connection: sa.Connection, article_id: int, article: Article) -> Article:
    """The article as it now stands in its story."""
    a, s = schema.articles.c, schema.stories.c
    row = connection.execute(
        sa.select(schema.articles, s.canonical_id, s.agency.label("story_agency"), s.agency_is_weak.label("story_weak"))
        .join(schema.stories, s.id == a.story_id)
        .where(a.id == article_id)
    ).one()
    agency, evidence = agency_of(row)
    return replace(
        article,
        id=row.id,
        version=row.version,
        story_id=row.story_id,
        also_story_ids=tuple(row.also_story_ids),
        relation=row.relation,
        resemblance=row.resemblance,
        containment=row.containment,
        contains=row.contains,
        is_canonical=row.canonical_id == row.id,
        agency=agency,
        agency_evidence=evidence,
        date_published=row.date_published,
        date_modified=row.date_modified,
    )


def next_change(connection: sa.Connection) -> int:
    """The next position of the change feed. The row stays locked until the commit: positions appear in their order."""
    last: int = connection.execute(
        schema.changes.update().values(last=schema.changes.c.last + 1).returning(schema.changes.c.last)
    ).scalar_one()
    return last


def _index_date(article: Article) -> datetime | None:
    when = article.date_published or article.date_crawled
    return when.astimezone(UTC) if when else None


def _segment(when: datetime | None, days_later: float = 0) -> int:
    # In seconds, not datetimes: those end with the years 1 and 9999.
    return UNDATED if when is None else int((when.timestamp() + days_later * 86400) // (SEGMENT_DAYS * 86400))


def _candidates(
    connection: sa.Connection, keys: Sequence[int], when: datetime | None, window_days: float, candidates_max: int
) -> list[stories.Candidate]:
    b = schema.bands.c
    query = sa.select(b.article_id).where(b.key.in_(keys))
    window = timedelta(days=window_days)
    if when is not None:
        first, last = (_segment(when, days) for days in (-window_days, window_days))
        query = query.where(b.segment.in_([UNDATED, *range(first, last + 1)]))
    else:
        query = query.where(b.segment.in_(sa.select(b.segment).distinct()))
    best = query.group_by(b.article_id).order_by(sa.func.count().desc(), b.article_id.desc()).limit(candidates_max)
    near = _load(connection, list(connection.scalars(best)))
    if when is None:
        return near
    return [c for c in near if c.date_published is None or abs(c.date_published - when) <= window]


def _load(connection: sa.Connection, article_ids: Iterable[int]) -> list[stories.Candidate]:
    a, f = schema.articles.c, schema.fingerprints.c
    query = (
        sa.select(
            a.id,
            a.story_id,
            a.publisher,
            a.date_published,
            a.date_crawled,
            a.headline,
            a.is_agency,
            a.url,
            f.signature,
            f.sketch,
        )
        .join(schema.fingerprints, f.article_id == a.id)
        .where(a.id.in_(list(article_ids)), f.scheme == similarity.VERSION)
    )
    return [
        stories.Candidate(
            article_id=row.id,
            story_id=row.story_id,
            publisher=row.publisher,
            date_published=row.date_published or row.date_crawled,
            headline=row.headline,
            fingerprint=similarity.Fingerprint.from_bytes(row.signature, row.sketch),
            is_agency=row.is_agency,
            url=row.url,
        )
        for row in connection.execute(query)
    ]


def _insert(
    connection: sa.Connection,
    article: Article,
    copy: Copy,
    fingerprint: similarity.Fingerprint,
    keys: Sequence[int],
    new: stories.Text,
    change: int,
    now: datetime,
) -> int:
    row = {name: value for name, value in asdict(article).items() if name in schema.articles.c}
    row |= {name: value for name, value in asdict(copy).items() if name in schema.articles.c}
    row |= {
        "story_id": copy.story_id or 0,
        "also_story_ids": list(copy.also_story_ids),
        "authors": list(article.authors),
        "images": [asdict(image) for image in article.images],
        "is_agency": new.is_agency,
        "agency_is_weak": agencies.is_weak(article.agency_evidence, article.credit_line),
        "change": change,
        "changed_at": now,
    }
    del row["id"]  # the database numbers it
    article_id: int = connection.execute(schema.articles.insert().returning(schema.articles.c.id), row).scalar_one()
    connection.execute(
        schema.fingerprints.insert(),
        {
            "article_id": article_id,
            "scheme": similarity.VERSION,
            "signature": fingerprint.signature_bytes,
            "sketch": fingerprint.sketch_bytes,
        },
    )
    segment = _segment(new.date_published)
    rows = [{"segment": segment, "key": key, "article_id": article_id} for key in sorted(set(keys))]
    if rows:
        connection.execute(schema.bands.insert(), rows)
    return article_id


def _found(connection: sa.Connection, article: Article, article_id: int, change: int, now: datetime) -> int:
    story_id: int = connection.execute(
        schema.stories.insert().returning(schema.stories.c.id),
        {
            "canonical_id": article_id,
            "headline": article.headline,
            "language": article.language,
            "agency": article.agency,
            "agency_evidence": article.agency_evidence,
            "agency_is_weak": agencies.is_weak(article.agency_evidence, article.credit_line),
            "first_published": article.date_published,
            "last_published": article.date_published,
            "copies": 1,
            "change": change,
            "changed_at": now,
        },
    ).scalar_one()
    connection.execute(schema.articles.update().where(schema.articles.c.id == article_id).values(story_id=story_id))
    return story_id


def _merge(connection: sa.Connection, merged: int, into: int, change: int, now: datetime) -> None:
    a, s = schema.articles, schema.stories
    connection.execute(a.update().where(a.c.story_id == merged).values(story_id=into, change=change, changed_at=now))
    connection.execute(
        s.update().where(s.c.id == merged).values(merged_into=into, copies=0, change=change, changed_at=now)
    )
    connection.execute(
        s.update().where(s.c.merged_into == merged).values(merged_into=into, change=change, changed_at=now)
    )


def _settle_story(
    connection: sa.Connection, story_id: int, joined: int, change: int, now: datetime, *, all_copies: bool
) -> None:
    """What follows from an article that joined: the canonical copy, each one's relation to it, the agency, the dates.

    The copies are compared anew only when the canonical one changes or an earlier one arrives (`all_copies`: when
    stories were merged), so that a story of thousands costs a newcomer no more than one of three.
    """
    a, s = schema.articles.c, schema.stories.c
    story = connection.execute(sa.select(schema.stories).where(s.id == story_id)).one()
    [first_id] = connection.scalars(
        sa.select(a.id).where(a.story_id == story_id).order_by(_in_order_of_time(), a.url).limit(1)
    )
    arranged = stories.arrange(_load(connection, {story.canonical_id, first_id, joined}))
    if all_copies or arranged.canonical_id != story.canonical_id or first_id == joined:
        arranged = stories.arrange(_load(connection, connection.scalars(sa.select(a.id).where(a.story_id == story_id))))
    for article_id, place in arranged.places.items():
        placed = {
            "relation": place.relation,
            "resemblance": place.resemblance,
            "containment": place.containment,
            "contains": place.contains,
        }
        changed = sa.or_(*(a[name].is_distinct_from(value) for name, value in placed.items()))
        connection.execute(
            schema.articles.update().where(a.id == article_id, changed).values(**placed, change=change, changed_at=now)
        )
    headline, language = connection.execute(
        sa.select(a.headline, a.language).where(a.id == arranged.canonical_id)
    ).one()
    first, last, copies = connection.execute(
        sa.select(sa.func.min(a.date_published), sa.func.max(a.date_published), sa.func.count()).where(
            a.story_id == story_id
        )
    ).one()
    elected = agencies.elect(_votes(connection, story_id))
    credited = {
        "agency": elected and elected.agency,
        "agency_evidence": elected and elected.evidence,
        "agency_is_weak": elected is not None and elected.is_weak,
    }
    connection.execute(
        schema.stories.update()
        .where(s.id == story_id)
        .values(
            canonical_id=arranged.canonical_id,
            headline=headline,
            language=language,
            first_published=first,
            last_published=last,
            copies=copies,
            change=change,
            changed_at=now,
            **credited,
        )
    )
    # What the copies inherit, and is_canonical, are columns of theirs.
    if story.canonical_id != arranged.canonical_id or any(getattr(story, n) != v for n, v in credited.items()):
        connection.execute(schema.articles.update().where(a.story_id == story_id).values(change=change, changed_at=now))


def _in_order_of_time() -> sa.ColumnElement[Any]:
    a = schema.articles.c
    return sa.func.coalesce(a.date_published, a.date_crawled).asc().nulls_last()


def _votes(connection: sa.Connection, story_id: int) -> list[agencies.Vote]:
    a = schema.articles.c
    query = (
        sa.select(a.agency, a.agency_evidence, a.agency_is_weak, sa.func.count(a.publisher.distinct()))
        .where(a.story_id == story_id, a.agency.is_not(None))
        .group_by(a.agency, a.agency_evidence, a.agency_is_weak)
    )
    return [agencies.Vote(*row) for row in connection.execute(query)]
