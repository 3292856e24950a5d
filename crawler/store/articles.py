"""An article on its way into its story: look-up, decision and write, a job on one connection and so in one transaction.

The candidate index is the table `bands`: (segment, key, article). A segment is a span of SEGMENT_DAYS; a look-up asks
only the segments that its window touches, so that a history of years costs a look-up nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
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
BANDS = similarity.PERMUTATIONS // similarity.BAND_ROWS
#: Articles read of one key and segment, the newest, where a look-up would read more than ROWS_MAX rows in all.
POSTINGS_MAX = 64
ROWS_MAX = BANDS * POSTINGS_MAX


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
    known = connection.execute(_KNOWN, {"url": article.url}).scalar_one_or_none()
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
        fingerprint=fingerprint,
        is_agency=is_agency,
        url=article.url,
    )
    keys = similarity.bands(fingerprint)
    near, is_bounded = _candidates(connection, keys, new.date_published, window_days, candidates_max)
    copy = stories.decide(new, near, is_bounded=is_bounded)
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
    row = connection.execute(_PLACED, {"article_id": article_id}).one()
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
    last: int = connection.execute(_NEXT_CHANGE).scalar_one()
    return last


def _index_date(article: Article) -> datetime | None:
    when = article.date_published or article.date_crawled
    return when.astimezone(UTC) if when else None


def _segment(when: datetime | None, days_later: float = 0) -> int:
    # In seconds, not datetimes: those end with the years 1 and 9999.
    return UNDATED if when is None else int((when.timestamp() + days_later * 86400) // (SEGMENT_DAYS * 86400))


def _candidates(
    connection: sa.Connection, keys: Sequence[int], when: datetime | None, window_days: float, candidates_max: int
) -> tuple[list[stories.Candidate], bool]:
    """The articles that share most bands, of those the latest stored, and whether there were more.

    A key that thousands share, as in a storm of one text, is read no further than its newest POSTINGS_MAX.
    """
    keys = sorted(set(keys))
    if when is None:
        segments = list(connection.scalars(_SEGMENTS))
    else:
        first, last = (_segment(when, days) for days in (-window_days, window_days))
        segments = [UNDATED, *range(first, last + 1)]
    most = {"most": candidates_max + 1}
    found = connection.execute(_SHARED, {"segments": segments, "keys": keys} | most).all()
    if is_bounded := bool(found) and found[0].total > ROWS_MAX:
        asked = {f"key{number}": key for number, key in zip_longest(range(BANDS), keys)} | most
        found = [row for segment in segments for row in connection.execute(_NEWEST, asked | {"segment": segment})]
        found.sort(key=lambda row: (-row.shared, -row.article_id))
    near = _load(connection, [row.article_id for row in found[:candidates_max]])
    if when is not None:
        window = timedelta(days=window_days)
        near = [c for c in near if c.date_published is None or abs(c.date_published - when) <= window]
    return near, is_bounded or len(found) > candidates_max


def _load(connection: sa.Connection, article_ids: Iterable[int]) -> list[stories.Candidate]:
    """Articles as candidates; those whose fingerprint is of another version are left out."""
    return [
        stories.Candidate(
            article_id=row.id,
            story_id=row.story_id,
            publisher=row.publisher,
            date_published=row.date_published or row.date_crawled,
            fingerprint=similarity.Fingerprint.from_bytes(row.signature, row.sketch),
            is_agency=row.is_agency,
            url=row.url,
        )
        for row in connection.execute(_LOAD, {"article_ids": list(article_ids), "scheme": similarity.VERSION})
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
    row = {name: getattr(article, name) for name in _ARTICLE} | {name: getattr(copy, name) for name in _COPY}
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
    article_id: int = connection.execute(_NEW_ARTICLE, row).scalar_one()
    connection.execute(
        _NEW_FINGERPRINT,
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
        connection.execute(_NEW_BAND, rows)
    return article_id


def _found(connection: sa.Connection, article: Article, article_id: int, change: int, now: datetime) -> int:
    story_id: int = connection.execute(
        _NEW_STORY,
        {
            "canonical_id": article_id,
            "original_id": article_id,
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
    connection.execute(_FOUNDER, {"article_id": article_id, "founded": story_id})
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

    All copies are read only when the canonical one changes (`all_copies`: when stories were merged, or copies went),
    so that a story of thousands costs a newcomer no more than one of three.
    """
    story = connection.execute(_STORY, {"story_id": story_id}).one()
    if not all_copies:
        few = {story.canonical_id, story.original_id, joined}
        arranged = stories.arrange(_load(connection, few))
        all_copies = None in few or arranged.canonical_id != story.canonical_id
    if all_copies:
        arranged = stories.arrange(_load(connection, connection.scalars(_COPIES, {"story_id": story_id})))
    stamp = {"change": change, "changed_at": now}
    connection.execute(
        _PLACE,
        [
            {"article_id": article_id, **stamp, **{f"new_{name}": getattr(place, name) for name in _NUMBERS}}
            for article_id, place in arranged.places.items()
        ],
    )
    values = {"canonical_id": arranged.canonical_id, "original_id": arranged.original_id, **stamp}
    if all_copies:
        whole = connection.execute(_SUMMARY, {"story_id": story_id}).one()
        shown = connection.execute(_SHOWN, {"article_id": arranged.canonical_id}).one()
        values |= {**whole._mapping, **shown._mapping, **_credit(connection, story_id)}
    else:
        new = connection.execute(_JOINED, {"article_id": joined, "story_id": story_id}).one()
        dates = [date for date in (story.first_published, story.last_published, new.date_published) if date]
        values |= {
            "first_published": min(dates, default=None),
            "last_published": max(dates, default=None),
            "copies": story.copies + (not new.has_another),
        }
        # One more vote for the agency that is elected already changes nothing, unless it is better evidence.
        agrees = new.agency == story.agency and not story.agency_is_weak
        if new.agency and not (agrees and agencies.rank(new.agency_evidence) >= agencies.rank(story.agency_evidence)):
            values |= _credit(connection, story_id)
    connection.execute(schema.stories.update().where(schema.stories.c.id == story_id).values(**values))
    # What the copies inherit, and is_canonical, are columns of theirs.
    if any(values.get(name, getattr(story, name)) != getattr(story, name) for name in _INHERITED):
        connection.execute(schema.articles.update().where(schema.articles.c.story_id == story_id).values(**stamp))


def _credit(connection: sa.Connection, story_id: int) -> dict[str, Any]:
    """Whose text the story is, as the columns of `stories` have it."""
    elected = agencies.elect([agencies.Vote(*row) for row in connection.execute(_VOTES, {"story_id": story_id})])
    return {
        "agency": elected and elected.agency,
        "agency_evidence": elected and elected.evidence,
        "agency_is_weak": elected is not None and elected.is_weak,
    }


# --------------------------------------------------------------------------------------------------------- statements
# Built once: SQLAlchemy takes as long to build one as SQLite to run it.
_a, _b, _f, _s = schema.articles.c, schema.bands.c, schema.fingerprints.c, schema.stories.c
_another = schema.articles.alias("another").c
_COPY = ("relation", "resemblance", "containment", "contains", "evidence")
_NUMBERS = ("relation", "resemblance", "containment", "contains")
_INHERITED = ("canonical_id", "agency", "agency_evidence", "agency_is_weak")
_ARTICLE = tuple(  # the columns that an Article has a field for; the database numbers it
    field.name for field in fields(Article) if field.name in _a and field.name not in (*_COPY, "id", "agency_is_weak")
)
_article_id: sa.BindParameter[int] = sa.bindparam("article_id")
_story_id: sa.BindParameter[int] = sa.bindparam("story_id")

_KNOWN = sa.select(_a.id).where(_a.url == sa.bindparam("url"))
_NEXT_CHANGE = schema.changes.update().values(last=schema.changes.c.last + 1).returning(schema.changes.c.last)
_SEGMENTS = sa.select(_b.segment).distinct()
_some = (
    sa.select(_b.article_id)
    .where(_b.segment.in_(sa.bindparam("segments", expanding=True)), _b.key.in_(sa.bindparam("keys", expanding=True)))
    .limit(ROWS_MAX + 1)
    .subquery()
)
_SHARED = (
    sa.select(_some.c.article_id, sa.func.count().label("shared"), sa.func.sum(sa.func.count()).over().label("total"))
    .group_by(_some.c.article_id)
    .order_by(sa.desc("shared"), _some.c.article_id.desc())
    .limit(sa.bindparam("most"))
)
_newest = " UNION ALL ".join(
    f"SELECT * FROM (SELECT article_id FROM bands WHERE segment = :segment AND key = :key{number} "  # noqa: S608
    f"ORDER BY article_id DESC LIMIT {POSTINGS_MAX}) AS newest{number}"
    for number in range(BANDS)
)
_NEWEST = sa.text(
    f"SELECT article_id, count(*) AS shared FROM ({_newest}) AS newest GROUP BY article_id "  # noqa: S608
    "ORDER BY shared DESC, article_id DESC LIMIT :most"
)
_LOAD = (
    sa.select(
        *(_a.id, _a.story_id, _a.publisher, _a.date_published, _a.date_crawled, _a.is_agency, _a.url),
        *(_f.signature, _f.sketch),
    )
    .join(schema.fingerprints, _f.article_id == _a.id)
    .where(_a.id.in_(sa.bindparam("article_ids", expanding=True)), _f.scheme == sa.bindparam("scheme"))
)
_NEW_ARTICLE = schema.articles.insert().returning(_a.id)
_NEW_FINGERPRINT = schema.fingerprints.insert()
_NEW_BAND = schema.bands.insert()
_NEW_STORY = schema.stories.insert().returning(_s.id)
_FOUNDER = schema.articles.update().where(_a.id == _article_id).values(story_id=sa.bindparam("founded"))
_STORY = sa.select(schema.stories).where(_s.id == _story_id)
_COPIES = sa.select(_a.id).where(_a.story_id == _story_id)
_PLACE = (
    schema.articles.update()
    .where(_a.id == _article_id, sa.or_(*(_a[name].is_distinct_from(sa.bindparam(f"new_{name}")) for name in _NUMBERS)))
    .values({name: sa.bindparam(f"new_{name}") for name in _NUMBERS})
)
_SUMMARY = sa.select(
    sa.func.min(_a.date_published).label("first_published"),
    sa.func.max(_a.date_published).label("last_published"),
    sa.func.count(_a.publisher.distinct()).label("copies"),
).where(_a.story_id == _story_id)
_SHOWN = sa.select(_a.headline, _a.language).where(_a.id == _article_id)
_JOINED = sa.select(
    _a.date_published,
    _a.agency,
    _a.agency_evidence,
    sa.exists()
    .where(_another.story_id == _story_id, _another.publisher == _a.publisher, _another.id != _a.id)
    .label("has_another"),
).where(_a.id == _article_id)
_VOTES = (
    sa.select(_a.agency, _a.agency_evidence, _a.agency_is_weak, sa.func.count(_a.publisher.distinct()))
    .where(_a.story_id == _story_id, _a.agency.is_not(None))
    .group_by(_a.agency, _a.agency_evidence, _a.agency_is_weak)
)
_PLACED = (
    sa.select(schema.articles, _s.canonical_id, _s.agency.label("story_agency"), _s.agency_is_weak.label("story_weak"))
    .join(schema.stories, _s.id == _a.story_id)
    .where(_a.id == _article_id)
)
