"""What stories say of their copies: the canonical copy and each one's relation to it, the agency, dates, count.

Settled anew in the transaction in which copies join, change or go. Each function is a job on one connection.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crawler import agencies, similarity, stories
from crawler.store import candidates, credits, schema
from crawler.store.changefeed import Stamp, next_stamp


def settle(connection: sa.Connection, stamp: Stamp, story_id: int) -> None:
    """`settle_whole` of a story whose copies may not all be signed by this version."""
    a, f = schema.articles.c, schema.fingerprints.c
    signed = sa.select(f.article_id).where(f.scheme == similarity.VERSION)
    unsigned = sa.select(a.id).where(a.story_id == story_id, a.id.not_in(signed))
    candidates.sign(connection, connection.scalars(unsigned).all())
    settle_whole(connection, [story_id], stamp)


def settle_whole(connection: sa.Connection, story_ids: Collection[int], stamp: Stamp) -> None:
    """What stories say of their copies, read off all of them anew: canonical copy, relations, agency, dates, count."""
    settle_joined(connection, dict.fromkeys(story_ids, ()), story_ids, stamp)


def settle_joined(
    connection: sa.Connection,
    joined: Mapping[int, Collection[int]],
    whole: Collection[int],
    stamp: Stamp,
    *,
    read: Mapping[int, stories.Candidate] | None = None,
) -> None:
    """What follows from articles that joined stories (by story): the canonical copy, each one's relation to it, the
    agency, the dates. A few statements for all of them; `read` are articles that need not be read again.

    All copies are read only when the canonical one changes, and of the stories named in `whole`: where stories were
    merged, or copies went. So a story of thousands costs a newcomer no more than one of three.
    """
    if not joined:
        return
    held = {row.id: row for row in connection.execute(_STORIES, {"story_ids": list(joined)})}
    few = {id_: {held[id_].canonical_id, held[id_].original_id, *joined[id_]} for id_ in joined if id_ not in whole}
    known = _known(connection, set[int]().union(*few.values()), read or {})
    arranged = {}
    for story_id, article_ids in few.items():
        found = stories.arrange([known[id_] for id_ in sorted(article_ids - {None}) if id_ in known])
        if None not in article_ids and found.canonical_id == held[story_id].canonical_id:
            arranged[story_id] = found
    values = _joined(connection, {story_id: (held[story_id], joined[story_id]) for story_id in arranged})
    anew = [story_id for story_id in joined if story_id not in arranged]
    arranged |= _arranged(connection, anew, known)
    values |= _summaries(connection, {story_id: arranged[story_id].canonical_id for story_id in anew})
    stamped = stamp.columns
    connection.execute(
        _PLACE,
        [
            {"article_id": article_id, **stamped, **{f"new_{name}": getattr(place, name) for name in NUMBERS}}
            for story_id in joined
            for article_id, place in arranged[story_id].places.items()
        ],
    )
    rows, inherited = [], []
    for story_id, story in held.items():
        new = values[story_id] | stamped
        new |= {name: getattr(arranged[story_id], name) for name in ("canonical_id", "original_id")}
        row = {name: new.get(name, getattr(story, name)) for name in _SETTLED_COLUMNS}
        rows.append({f"new_{name}": value for name, value in row.items()} | {"story_id": story_id})
        if any(row[name] != getattr(story, name) for name in _INHERITED):
            inherited.append(story_id)
    connection.execute(_SETTLED, rows)
    if inherited:  # what the copies inherit, and is_canonical, are columns of theirs
        connection.execute(_INHERIT, {"story_ids": inherited, "position": stamp.change, "time": stamp.changed_at})


def recount(connection: sa.Connection, since: int, now: datetime) -> None:
    """Settle anew what changed after that position of the change feed and is credited to another agency by now: so that
    it is the same in whatever order a run stored its articles."""
    if outdated := credits.outdated(connection, since):
        settle_whole(connection, outdated, next_stamp(connection, now))


def found(connection: sa.Connection, article_id: int, headline: str, stamp: Stamp, story_id: int | None = None) -> int:
    """A row for a story of an article that is stored, which is to be settled then. Returns its id: the next, or the one
    that it is to have."""
    row = {"canonical_id": article_id, "headline": headline, "copies": 1, **stamp.columns}
    own = {} if story_id is None else {"id": story_id}
    made: int = connection.execute(schema.stories.insert().returning(schema.stories.c.id), row | own).scalar_one()
    return made


def merge(connection: sa.Connection, merged: int, into: int, stamp: Stamp) -> None:
    """The one story becomes part of the other, which is to be settled then."""
    a, s, own = schema.articles, schema.stories, stamp.columns
    connection.execute(a.update().where(a.c.story_id == merged).values(story_id=into, **own))
    connection.execute(s.update().where(s.c.id == merged).values(merged_into=into, copies=0, **own))
    connection.execute(s.update().where(s.c.merged_into == merged).values(merged_into=into, **own))


def empty(connection: sa.Connection, stamp: Stamp, story_id: int) -> None:
    """A story whose copies are gone: its row stays, so that its id leads nowhere else, and says nothing."""
    s = schema.stories
    gone = {
        **dict.fromkeys(("language", "agency", "agency_evidence", "first_published", "last_published", "merged_into")),
        "original_id": None,
        "headline": "",
        "agency_is_weak": False,
        "copies": 0,
        **stamp.columns,
    }
    connection.execute(s.update().where(sa.or_(s.c.id == story_id, s.c.merged_into == story_id)).values(**gone))


def _known(
    connection: sa.Connection, article_ids: Iterable[int | None], read: Mapping[int, stories.Candidate]
) -> dict[int, stories.Candidate]:
    wanted = {id_ for id_ in article_ids if id_ is not None}
    known = {id_: read[id_] for id_ in wanted if id_ in read}
    if missing := wanted.difference(known):
        known |= {candidate.article_id: candidate for candidate in candidates.load(connection, missing)}
    return known


def _arranged(
    connection: sa.Connection, story_ids: Sequence[int], known: Mapping[int, stories.Candidate]
) -> dict[int, stories.Arrangement]:
    """Stories arranged anew from all their copies."""
    copies: dict[int, list[int]] = {}
    if story_ids:
        for row in connection.execute(_COPIES, {"story_ids": list(story_ids)}):
            copies.setdefault(row.story_id, []).append(row.id)
    known = _known(connection, (id_ for own in copies.values() for id_ in own), known)
    return {
        story_id: stories.arrange([known[id_] for id_ in copies.get(story_id, ()) if id_ in known])
        for story_id in story_ids
    }


def _joined(connection: sa.Connection, joined: Mapping[int, tuple[Any, Collection[int]]]) -> dict[int, dict[str, Any]]:
    """What articles that joined add to the dates, the count and the agency of stories: (row, articles) by story."""
    ids = [id_ for _, article_ids in joined.values() for id_ in article_ids]
    if not ids:
        return {story_id: {} for story_id in joined}
    new = {row.id: row for row in connection.execute(_JOINED, {"article_ids": ids})}
    asked = {
        "story_ids": list(joined),
        "publishers": sorted({row.publisher for row in new.values()}),
        "article_ids": ids,
    }
    printed = {(row.story_id, row.publisher) for row in connection.execute(_PRINTED, asked)}
    values: dict[int, dict[str, Any]] = {}
    voted = []
    for story_id, (story, article_ids) in joined.items():
        rows = [new[id_] for id_ in article_ids]
        dates = [story.first_published, story.last_published, *(row.date_published for row in rows)]
        values[story_id] = {
            "first_published": min(filter(None, dates), default=None),
            "last_published": max(filter(None, dates), default=None),
            "copies": story.copies + len({(story_id, row.publisher) for row in rows} - printed),
        }
        # One more vote for the agency that is elected already changes nothing, unless it is better evidence.
        rank = agencies.rank(story.agency_evidence)
        if any(
            row.agency
            and (row.agency != story.agency or story.agency_is_weak or agencies.rank(row.agency_evidence) < rank)
            for row in rows
        ):
            voted.append(story_id)
    for story_id, credit in credits.elected(connection, voted).items():
        values[story_id] |= credit
    return values


def _summaries(connection: sa.Connection, canonical: Mapping[int, int]) -> dict[int, dict[str, Any]]:
    """What stories say of their copies, read off all of them. `canonical`: each one's canonical copy."""
    if not canonical:
        return {}
    credit = credits.elected(connection, list(canonical))
    shown = {row.id: row for row in connection.execute(_SHOWN, {"article_ids": list(canonical.values())})}
    return {
        row.story_id: {
            **{name: getattr(row, name) for name in ("first_published", "last_published", "copies")},
            **{name: getattr(shown[canonical[row.story_id]], name) for name in ("headline", "language")},
            **credit[row.story_id],
        }
        for row in connection.execute(_SUMMARY, {"story_ids": list(canonical)})
    }


# --------------------------------------------------------------------------------------------------------- statements
# Built once: SQLAlchemy takes as long to build one as SQLite to run it.
_a, _s = schema.articles.c, schema.stories.c
NUMBERS = ("relation", "resemblance", "containment", "contains")
_INHERITED = ("canonical_id", "agency", "agency_evidence", "agency_is_weak")
_article_id: sa.BindParameter[int] = sa.bindparam("article_id")
_article_ids: sa.BindParameter[Any] = sa.bindparam("article_ids", expanding=True)
_story_id: sa.BindParameter[int] = sa.bindparam("story_id")
_story_ids: sa.BindParameter[Any] = sa.bindparam("story_ids", expanding=True)
_STORIES = sa.select(schema.stories).where(_s.id.in_(_story_ids))
_COPIES = sa.select(_a.id, _a.story_id).where(_a.story_id.in_(_story_ids))
_PLACE = (
    schema.articles.update()
    .where(_a.id == _article_id, sa.or_(*(_a[name].is_distinct_from(sa.bindparam(f"new_{name}")) for name in NUMBERS)))
    .values({name: sa.bindparam(f"new_{name}") for name in NUMBERS})
)
_SUMMARY = (
    sa.select(
        _a.story_id,
        sa.func.min(_a.date_published).label("first_published"),
        sa.func.max(_a.date_published).label("last_published"),
        sa.func.count(_a.publisher.distinct()).label("copies"),
    )
    .where(_a.story_id.in_(_story_ids))
    .group_by(_a.story_id)
)
_SHOWN = sa.select(_a.id, _a.headline, _a.language).where(_a.id.in_(_article_ids))
_JOINED = sa.select(_a.id, _a.publisher, _a.date_published, _a.agency, _a.agency_evidence).where(
    _a.id.in_(_article_ids)
)
_PRINTED = (
    sa.select(_a.story_id, _a.publisher)
    .where(_a.story_id.in_(_story_ids), _a.publisher.in_(sa.bindparam("publishers", expanding=True)))
    .where(_a.id.not_in(_article_ids))
    .distinct()
)
_SETTLED_COLUMNS = (
    *("canonical_id", "original_id", "headline", "language", "agency", "agency_evidence", "agency_is_weak"),
    *("first_published", "last_published", "copies", "change", "changed_at"),
)
_SETTLED = (
    schema.stories.update()
    .where(_s.id == _story_id)
    .values({name: sa.bindparam(f"new_{name}") for name in _SETTLED_COLUMNS})
)
_INHERIT = (
    schema.articles.update()
    .where(_a.story_id.in_(_story_ids), _a.change != sa.bindparam("position"))
    .values(change=sa.bindparam("position"), changed_at=sa.bindparam("time"))
)
