"""What does not agree in the store, and mending it. Each check finds faults; a fault says what is wrong and knows what
mends it.

Nothing of this should ever be found: each job of the writer leaves the store in agreement. It is for stores that were
restored from pieces, written to by other hands, or met a mistake of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import sqlalchemy as sa

from crawler import similarity
from crawler.store import candidates, searches, settling
from crawler.store.changefeed import Stamp, decide_alone, next_stamp
from crawler.store.schema import (
    articles,
    bands,
    changes,
    entries,
    fingerprints,
    layouts,
    sealed,
    stories,
    tombstones,
    unindexed,
    versions,
)
from crawler.store.store import Store

#: Mends a fault; what it changes gets the stamp.
Mend = Callable[[sa.Connection, Stamp], object]
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong."""

    says: str  #: one line: where, what
    mend: Mend | None  #: None where only a backup helps


def check(connection: sa.Connection) -> Iterator[Fault]:
    """All faults of the store, as this connection sees it; of a damaged file, that it is."""
    for find in CHECKS:
        fault = None
        for fault in find(connection):
            yield fault
        if fault is not None and fault.mend is None:
            return


def repair(store: Store, now: datetime) -> Iterator[Fault]:
    """Mend what can be mended, check by check; the faults that were found, each with its check's others already
    mended.

    Others may write meanwhile. They wait only while a check mends that found something: all the others look at one
    state of the store.
    """
    for find in CHECKS:
        for _ in range(2):  # what is mended may have hidden something: rows of the index that are in a wrong segment
            with store.read() as connection:
                found = list(find(connection))
            if any(fault.mend for fault in found):
                found = store.write_now(partial(_mended, find=find, now=now))
            yield from found
            if any(fault.mend is None for fault in found):
                return
            if not found:
                break
    while store.write_now(searches.catch_up):
        pass


def _mended(connection: sa.Connection, find: Callable[[sa.Connection], Iterator[Fault]], now: datetime) -> list[Fault]:
    decide_alone(connection)  # PostgreSQL gives each of the check's statements a later state of the store
    found = list(find(connection))
    if any(fault.mend for fault in found):
        stamp = Stamp(0, now) if find is _positions else next_stamp(connection, now)
        for fault in found:
            if fault.mend is not None:
                fault.mend(connection, stamp)
    return found


def _pages(connection: sa.Connection) -> Iterator[Fault]:
    """SQLite's own check of the file. PostgreSQL watches over its files itself."""
    if connection.dialect.name == "sqlite":
        try:
            told = [line for line in connection.exec_driver_sql("PRAGMA quick_check").scalars() if line != "ok"]
        except sa.exc.DatabaseError as error:
            told = [str(error.orig)]
        for line in told:
            yield Fault(f"the file is damaged: {' '.join(line.split())}: restore a backup", None)


def _positions(connection: sa.Connection) -> Iterator[Fault]:
    last = connection.execute(sa.select(changes.c.last)).scalar_one_or_none()
    highest = max(
        connection.scalar(sa.select(sa.func.max(table.c.change))) or 0 for table in (articles, stories, tombstones)
    )
    if last is None or last < highest:

        def mend(connection: sa.Connection, stamp: Stamp) -> None:
            if last is None:
                connection.execute(changes.insert(), {"id": 1, "last": highest})
            else:  # the row itself: others wait for it
                connection.execute(changes.update().values(last=highest))

        yield Fault(f"the change feed is at {last}, rows at {highest}", mend)


def _places(connection: sa.Connection) -> Iterator[Fault]:
    """Every article stands in a story that stands for itself."""
    a, s = articles.c, stories.c
    query = (
        sa.select(a.story_id, s.merged_into, sa.func.min(a.id), sa.func.count())
        .outerjoin(stories, s.id == a.story_id)
        .where(sa.or_(s.id.is_(None), s.merged_into.is_not(None)))
        .group_by(a.story_id, s.merged_into)
    )
    for story_id, merged_into, article_id, count in connection.execute(query):
        which = f"article {article_id}" + (f" and {count - 1} more" if count > 1 else "")
        if merged_into is None:
            yield Fault(f"{which}: story {story_id} does not exist", partial(_found, story_id=story_id))
        else:
            says = f"{which}: story {story_id} was merged into {merged_into}"
            yield Fault(says, partial(_move, story_id=story_id))


def _merges(connection: sa.Connection) -> Iterator[Fault]:
    """merged_into leads to a story that stands for itself and has copies."""
    s, into = stories.c, stories.alias("target")
    query = (
        sa.select(s.id, s.merged_into, into.c.id, into.c.merged_into)
        .outerjoin(into, into.c.id == s.merged_into)
        .where(s.merged_into.is_not(None))
        .where(sa.or_(into.c.id.is_(None), into.c.merged_into.is_not(None), into.c.copies == 0))
    )
    for story_id, merged_into, target, further in connection.execute(query):
        what = "does not exist" if target is None else "was merged itself" if further else "has no copies"
        yield Fault(f"story {story_id}: merged into {merged_into}, which {what}", partial(_lead, story_id=story_id))


def _copies(connection: sa.Connection) -> Iterator[Fault]:
    """A story counts the publishers that print it; one of its articles stands for it, one is its first."""
    a, s = articles.c, stories.c
    own = sa.select(a.story_id, sa.func.count(a.publisher.distinct()).label("n")).group_by(a.story_id).subquery()
    has = sa.func.coalesce(own.c.n, 0)

    def is_own(column: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
        named = articles.alias().c
        return sa.exists().where(named.id == column, named.story_id == s.id)

    query = (
        sa.select(s.id, s.copies, has, s.canonical_id, is_own(s.canonical_id), s.original_id, is_own(s.original_id))
        .outerjoin(own, own.c.story_id == s.id)
        .where(sa.or_(s.copies > 0, has > 0))
    )
    for story_id, copies, count, canonical, has_canonical, original, has_original in connection.execute(query):
        mend: Mend = partial(settling.settle, story_id=story_id) if count else partial(_empty, story_id=story_id)
        if copies != count:
            yield Fault(f"story {story_id}: says {copies} copies, has {count}", mend)
        if count and not has_canonical:
            yield Fault(f"story {story_id}: its canonical copy {canonical} is none of its articles", mend)
        if count and original is not None and not has_original:
            yield Fault(f"story {story_id}: its first copy {original} is none of its articles", mend)


def _signatures(connection: sa.Connection) -> Iterator[Fault]:
    """Fingerprints and the candidate index are those of the texts. What an older version signed is left alone."""
    a, f, b = articles.c, fingerprints, bands
    gone = sa.select(f.c.article_id).where(f.c.article_id.not_in(sa.select(a.id)))
    for article_id in connection.scalars(gone):
        yield Fault(f"fingerprint of article {article_id}, which does not exist", partial(_drop, article_id=article_id))
    query = (
        sa.select(a.id, a.headline, a.body, a.date_published, a.date_crawled, f)
        .outerjoin(f, f.c.article_id == a.id)
        .where(sa.or_(f.c.scheme == similarity.VERSION, f.c.scheme.is_(None)))
        .order_by(a.id)
    )
    expected, closed = 0, set(connection.scalars(sa.select(sealed.c.segment)))
    for row in connection.execute(query, execution_options={"yield_per": _CHUNK}):
        fingerprint = similarity.sign(row.headline, row.body)
        keys = set(similarity.bands(fingerprint))
        segment = candidates.segment_of(row)
        expected += len(keys) if segment not in closed else 0
        mend = partial(_sign, article_id=row.id)
        if row.scheme is None:
            yield Fault(f"article {row.id}: has no fingerprint", mend)
        elif (row.signature, row.sketch) != (fingerprint.signature_bytes, fingerprint.sketch_bytes):
            yield Fault(f"article {row.id}: its fingerprint is of another text", mend)
        elif segment not in closed:
            held = sa.select(sa.func.count()).where(b.c.segment == segment, b.c.key.in_(keys), b.c.article_id == row.id)
            if (count := connection.execute(held).scalar_one()) != len(keys):
                yield Fault(f"article {row.id}: {count} of {len(keys)} bands in the candidate index", mend)
    older = connection.execute(
        sa.select(sa.func.count()).select_from(f).where(f.c.scheme != similarity.VERSION)
    ).scalar_one()
    total = connection.execute(sa.select(sa.func.count()).select_from(b).where(b.c.segment.not_in(closed))).scalar_one()
    if total > expected and not older:
        yield Fault(f"{total - expected:,} rows of the candidate index belong to no text", _rebuild_bands)


def _entries(connection: sa.Connection) -> Iterator[Fault]:
    e = entries.c
    query = sa.select(e.id, e.article_id).where(
        e.article_id.is_not(None), e.article_id.not_in(sa.select(articles.c.id))
    )
    for entry_id, article_id in connection.execute(query):
        mend = partial(_unlink, entry_id=entry_id)
        yield Fault(f"entry {entry_id}: leads to article {article_id}, which does not exist", mend)


def _versions(connection: sa.Connection) -> Iterator[Fault]:
    """An article of version n has the texts of versions 1 to n - 1."""
    a, v = articles.c, versions.c
    gone = sa.select(v.article_id).distinct().where(v.article_id.not_in(sa.select(a.id)))
    for article_id in connection.scalars(gone):
        mend: Mend = partial(_drop_versions, article_id=article_id)
        yield Fault(f"versions of article {article_id}, which does not exist", mend)
    of_one = sa.select(v.article_id, sa.func.count().label("n"), sa.func.max(v.version).label("last"))
    held = of_one.group_by(v.article_id).subquery()
    n, last = sa.func.coalesce(held.c.n, 0), sa.func.coalesce(held.c.last, 0)
    query = (
        sa.select(a.id, a.version, n)
        .outerjoin(held, held.c.article_id == a.id)
        .where(sa.or_(n != a.version - 1, last != a.version - 1))
    )
    for article_id, version, count in connection.execute(query):
        mend = partial(_renumber, article_id=article_id)
        yield Fault(f"article {article_id}: says version {version}, has {count} earlier texts", mend)


def _layouts(connection: sa.Connection) -> Iterator[Fault]:
    held = layouts.c.article_id
    for article_id in connection.scalars(sa.select(held).where(held.not_in(sa.select(articles.c.id)))):
        yield Fault(f"layout of article {article_id}, which does not exist", partial(_lay_off, article_id=article_id))


def _tombstones(connection: sa.Connection) -> Iterator[Fault]:
    t = tombstones.c
    for article_id in connection.scalars(sa.select(t.article_id).where(t.article_id.in_(sa.select(articles.c.id)))):
        yield Fault(f"article {article_id}: is there, and has a tombstone", partial(_raise, article_id=article_id))


def _index(connection: sa.Connection) -> Iterator[Fault]:
    """Each article is in the search index, or waits for it."""
    a, waits = articles.c, sa.select(unindexed.c.article_id)
    held = sa.text(searches.held(connection.dialect.name))
    held_id: sa.ColumnElement[int] = sa.literal_column("id", sa.BigInteger)
    is_held = sa.select(held_id).select_from(held)
    for article_id in connection.scalars(sa.select(a.id).where(a.id.not_in(waits), a.id.not_in(is_held))):
        yield Fault(f"article {article_id}: not in the search index", partial(_wait, article_id=article_id))
    left = sa.select(sa.func.count()).select_from(held)
    left = left.where(sa.or_(held_id.not_in(sa.select(a.id)), held_id.in_(waits)))
    if count := connection.execute(left).scalar_one():
        yield Fault(f"{count:,} rows of the search index belong to no article", _rebuild_index)


CHECKS = (
    *(_pages, _positions, _places, _merges, _copies, _signatures),
    *(_entries, _versions, _layouts, _tombstones, _index),
)


# ---------------------------------------------------------------------------------------------------------- what mends
def _found(connection: sa.Connection, stamp: Stamp, story_id: int) -> None:
    """A story for those that name it."""
    a = articles.c
    copy = connection.execute(sa.select(a.id, a.headline).where(a.story_id == story_id).order_by(a.id).limit(1)).one()
    settling.found(connection, copy.id, copy.headline, stamp, story_id)
    connection.execute(articles.update().where(a.story_id == story_id).values(stamp.columns))
    settling.settle(connection, stamp, story_id)


def _move(connection: sa.Connection, stamp: Stamp, story_id: int) -> None:
    """The articles of a merged story into the one that it became; into itself, where that leads nowhere."""
    a, s = articles.c, stories.c
    target = _target(connection, story_id)
    if target is None:
        connection.execute(stories.update().where(s.id == story_id).values(merged_into=None))
        target = story_id
    moved = {"story_id": target, **stamp.columns}
    connection.execute(articles.update().where(a.story_id == story_id).values(moved))
    if target != story_id:
        connection.execute(stories.update().where(s.id == story_id).values(copies=0))
    settling.settle(connection, stamp, target)


def _lead(connection: sa.Connection, stamp: Stamp, story_id: int) -> None:
    target = _target(connection, story_id)
    if target is None:
        settling.empty(connection, stamp, story_id)
        return
    led = {"merged_into": target, "copies": 0, **stamp.columns}
    connection.execute(stories.update().where(stories.c.id == story_id).values(led))


def _target(connection: sa.Connection, story_id: int) -> int | None:
    """The story that a merged one became: the end of the chain, where it has copies; None where it leads nowhere."""
    s, seen = stories.c, {story_id}
    at: int | None = story_id
    while (at := connection.scalar(sa.select(s.merged_into).where(s.id == at))) is not None and at not in seen:
        seen.add(at)
        row = connection.execute(sa.select(s.copies, s.merged_into).where(s.id == at)).one_or_none()
        if row is not None and row.merged_into is None:
            return at if row.copies else None
    return None


def _empty(connection: sa.Connection, stamp: Stamp, story_id: int) -> None:
    merged = connection.scalar(sa.select(stories.c.merged_into).where(stories.c.id == story_id))
    if merged is None:
        settling.empty(connection, stamp, story_id)
    else:
        values = {"copies": 0, **stamp.columns}
        connection.execute(stories.update().where(stories.c.id == story_id).values(values))


def _sign(connection: sa.Connection, stamp: Stamp, article_id: int) -> None:
    candidates.sign(connection, [article_id])


def _drop(connection: sa.Connection, stamp: Stamp, article_id: int) -> None:
    connection.execute(fingerprints.delete().where(fingerprints.c.article_id == article_id))


def _rebuild_bands(connection: sa.Connection, stamp: Stamp) -> None:
    connection.execute(bands.delete())
    for article_id in connection.scalars(sa.select(articles.c.id)).all():
        candidates.sign(connection, [article_id])


def _unlink(connection: sa.Connection, stamp: Stamp, entry_id: int) -> None:
    connection.execute(entries.update().where(entries.c.id == entry_id).values(article_id=None))


def _drop_versions(connection: sa.Connection, stamp: Stamp, article_id: int) -> None:
    connection.execute(versions.delete().where(versions.c.article_id == article_id))


def _lay_off(connection: sa.Connection, stamp: Stamp, article_id: int) -> None:
    connection.execute(layouts.delete().where(layouts.c.article_id == article_id))


def _renumber(connection: sa.Connection, stamp: Stamp, article_id: int) -> None:
    """Count the texts that are there, in their order."""
    v = versions.c
    held = connection.scalars(sa.select(v.version).where(v.article_id == article_id).order_by(v.version)).all()
    for place, version in enumerate(held, start=1):
        one = sa.and_(v.article_id == article_id, v.version == version)
        connection.execute(versions.update().where(one).values(version=place))
    values = {"version": len(held) + 1, **stamp.columns}
    connection.execute(articles.update().where(articles.c.id == article_id).values(values))


def _raise(connection: sa.Connection, stamp: Stamp, article_id: int) -> None:
    connection.execute(tombstones.delete().where(tombstones.c.article_id == article_id))
    connection.execute(articles.update().where(articles.c.id == article_id).values(stamp.columns))


def _wait(connection: sa.Connection, stamp: Stamp, article_id: int) -> None:
    connection.execute(unindexed.insert(), {"article_id": article_id})


def _rebuild_index(connection: sa.Connection, stamp: Stamp) -> None:
    searches.clear(connection)
