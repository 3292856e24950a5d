"""Old segments leave the candidate index: what is so old that no new article is compared with it.

A segment is one range of the index, so what goes is in one piece and what stays is not written anew; the pages that it
took are used for new rows. Texts, fingerprints and stories stay, and so does what `recollapse` needs.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Final

import sqlalchemy as sa

from crawler.store import candidates
from crawler.store.schema import bands, sealed, upsert
from crawler.store.store import Store

#: Rows that go in one transaction: some hundredths of a second.
BATCH: Final = 20_000
#: PostgreSQL's advisory lock, so that one of several runs does it: any number that nobody else takes.
_LOCK: Final = 0x4E657773 + 2


def seal(store: Store, days: float, now: datetime, *, batches: int | None = None) -> int:
    """Remove from the candidate index the segments that end more than so many days before the newest one; 0 days:
    none. Returns how many rows went, at most `batches` times BATCH: the next call goes on.

    The newest segment is that of the newest publication up to `now`, so that the index of a store of old papers stays.
    """
    if not days:
        return 0
    rows = done = 0
    while batches is None or done < batches:
        gone = store.write_now(partial(_drop, days=days, now=now))
        if not gone:
            break
        rows, done = rows + gone, done + 1
    return rows


def _drop(connection: sa.Connection, days: float, now: datetime) -> int:
    b = bands.c
    lock = sa.select(sa.func.pg_try_advisory_xact_lock(_LOCK))
    if connection.dialect.name == "postgresql" and not connection.scalar(lock):
        return 0
    today = int(now.timestamp() // (candidates.SEGMENT_DAYS * 86400))
    newest = connection.scalar(sa.select(sa.func.max(b.segment)).where(b.segment <= today))
    if newest is None:
        return 0
    last = newest - int(days // candidates.SEGMENT_DAYS) - 1
    oldest = connection.scalar(
        sa.select(sa.func.min(b.segment)).where(b.segment <= last, b.segment != candidates.UNDATED)
    )
    if oldest is None:
        return 0
    note = upsert(connection, sealed).values(segment=oldest).on_conflict_do_nothing()
    connection.execute(note)
    some = sa.select(b.key).where(b.segment == oldest).order_by(b.key).limit(BATCH).subquery()
    key = connection.scalar(sa.select(sa.func.max(some.c.key)))
    # Whole keys, so that the range is one of the primary key; a key has few candidates.
    return connection.execute(bands.delete().where(b.segment == oldest, b.key <= key)).rowcount
