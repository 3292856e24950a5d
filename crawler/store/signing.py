"""Fingerprints of this version for all articles, and of no other in the candidate index: after another way to sign.

Stopped and begun again it goes on: what is signed is signed, and a sweep takes out what is still of an older version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Final

import numpy as np
import sqlalchemy as sa

from crawler import similarity
from crawler.store import candidates, schema
from crawler.store.changefeed import decide_alone
from crawler.store.chunks import chunks
from crawler.store.store import Store

#: Articles that are signed in one transaction, and read at once.
BATCH: Final = 200
#: Rows of the candidate index that are removed in one transaction.
BANDS_BATCH: Final = 5000

#: Told what is being done, how many of how many are.
Progress = Callable[[str, int, int], None]


def unsigned(store: Store) -> Sequence[int]:
    """The articles that have no fingerprint of this version."""
    a, f = schema.articles.c, schema.fingerprints.c
    current = sa.select(f.article_id).where(f.scheme == similarity.VERSION)
    with store.read() as connection:
        return connection.scalars(sa.select(a.id).where(a.id.not_in(current)).order_by(a.id)).all()


def sign(store: Store, article_ids: Sequence[int], progress: Progress) -> None:
    """Sign these articles."""
    a = schema.articles.c
    done = 0
    for some in chunks(article_ids, BATCH):
        with store.read() as connection:
            query = sa.select(a.id, a.version, a.headline, a.body).where(a.id.in_(some))
            rows = connection.execute(query).all()
        fingerprints = similarity.sign_many([(row.headline, row.body) for row in rows])
        signed = {row.id: (row.version, made) for row, made in zip(rows, fingerprints, strict=True)}
        store.write_now(partial(_keep, signed=signed))
        done += len(some)
        progress("articles signed", done, len(article_ids))


def _keep(connection: sa.Connection, signed: dict[int, tuple[int, similarity.Fingerprint]]) -> None:
    a, f, b = schema.articles.c, schema.fingerprints, schema.bands
    decide_alone(connection)
    query = sa.select(a.id, a.version, a.date_published, a.date_crawled).where(a.id.in_(signed))
    prints, keys, closed = [], [], set(connection.scalars(sa.select(schema.sealed.c.segment)))
    for row in connection.execute(query).all():
        version, fingerprint = signed[row.id]
        if row.version != version:  # a newer text, and signed with it
            continue
        prints.append(candidates.fingerprint_row(row.id, fingerprint))
        segment = candidates.segment_of(row)
        if segment in closed:
            continue
        keys += [{"segment": segment, "key": key, "article_id": row.id} for key in set(similarity.bands(fingerprint))]
    connection.execute(f.delete().where(f.c.article_id.in_([row["article_id"] for row in prints])))
    if prints:
        connection.execute(f.insert(), prints)
    if keys:
        connection.execute(schema.upsert(connection, b).on_conflict_do_nothing(), keys)


def sweep(store: Store, progress: Progress) -> None:
    """Take the keys of older versions out of the candidate index, segment by segment."""
    b = schema.bands.c
    with store.read() as connection:
        newest = connection.scalar(sa.select(sa.func.max(schema.articles.c.id))) or 0
        segments = connection.scalars(sa.select(b.segment).distinct().order_by(b.segment)).all()
    for done, segment in enumerate(segments, 1):
        with store.read() as connection:
            here = sa.select(b.article_id).where(b.segment == segment, b.article_id <= newest).distinct()
            valid = _keys(connection, segment, connection.scalars(here).all())
        for stale in _stale(store, segment, newest, valid):
            store.write_now(partial(_drop, rows=stale))
        progress("segments of the index swept", done, len(segments))


def _keys(connection: sa.Connection, segment: int, article_ids: Sequence[int]) -> np.ndarray[Any, Any]:
    """The keys that articles have by their fingerprints, as sorted numbers, of those that belong into the segment."""
    a, f = schema.articles.c, schema.fingerprints.c
    found: list[np.ndarray[Any, Any]] = [np.zeros(0, dtype=np.uint64)]
    for some in chunks(article_ids, BATCH):
        query = (
            sa.select(a.id, a.date_published, a.date_crawled, f.signature, f.sketch)
            .join(schema.fingerprints, f.article_id == a.id)
            .where(a.id.in_(some), f.scheme == similarity.VERSION)
        )
        for row in connection.execute(query):
            if candidates.segment_of(row) == segment:
                keys = similarity.bands(similarity.Fingerprint.from_bytes(row.signature, row.sketch))
                found.append(_numbered(keys, row.id))
    return np.sort(np.concatenate(found))


def _numbered(keys: Sequence[int], article_ids: Sequence[int] | int) -> np.ndarray[Any, Any]:
    """One number for each key and article; ids beyond 2 ** 32 wrap, and no two of one segment are so far apart."""
    high = np.asarray(keys, dtype=np.int64).astype(np.uint64) << np.uint64(32)
    return high | (np.asarray(article_ids, dtype=np.int64).astype(np.uint64) & np.uint64(0xFFFFFFFF))


def _stale(store: Store, segment: int, newest: int, valid: np.ndarray[Any, Any]) -> Iterator[list[dict[str, int]]]:
    b = schema.bands.c
    key, article_id = -(2**31), -1
    while True:
        after = sa.or_(b.key > key, sa.and_(b.key == key, b.article_id > article_id))
        query = sa.select(b.key, b.article_id).where(b.segment == segment, b.key >= key, after)
        with store.read() as connection:
            rows = connection.execute(query.order_by(b.key, b.article_id).limit(4 * BANDS_BATCH)).all()
        if not rows:
            return
        key, article_id = rows[-1]
        numbers = _numbered([row.key for row in rows], [row.article_id for row in rows])
        at = np.minimum(np.searchsorted(valid, numbers), max(0, len(valid) - 1))
        held = valid[at] == numbers if len(valid) else np.zeros(len(numbers), dtype=bool)
        gone = [
            {"segment": segment, "key": row.key, "article_id": row.article_id}
            for row, is_held in zip(rows, held.tolist(), strict=True)
            if not is_held and row.article_id <= newest
        ]
        yield from chunks(gone, BANDS_BATCH)


def _drop(connection: sa.Connection, rows: list[dict[str, int]]) -> None:
    connection.execute(_DROP, [{f"old_{name}": value for name, value in row.items()} for row in rows])


_b = schema.bands.c
_DROP: Final = schema.bands.delete().where(
    _b.segment == sa.bindparam("old_segment"),
    _b.key == sa.bindparam("old_key"),
    _b.article_id == sa.bindparam("old_article_id"),
)
