"""The change feed: one position for each transaction that changes articles or stories, in the order of their commits.

Whoever takes the next one keeps its row until the commit. So those who decide on articles decide one after the other,
each seeing what was decided before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crawler.store.schema import changes

_NEXT = changes.update().values(last=changes.c.last + 1).returning(changes.c.last)
_ALONE = sa.select(changes.c.last).with_for_update()


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a transaction writes at all rows that it changes, under the names of their columns."""

    change: int  #: position in the change feed
    changed_at: datetime  #: UTC

    @property
    def columns(self) -> dict[str, Any]:
        return {"change": self.change, "changed_at": self.changed_at}


def next_stamp(connection: sa.Connection, now: datetime) -> Stamp:
    """The next position. The row stays locked until the commit: positions appear in their order."""
    return Stamp(connection.execute(_NEXT).scalar_one(), now)


def decide_alone(connection: sa.Connection) -> None:
    """Wait for those who decide on articles, and let none of them begin before the commit, as `next_stamp` does, but
    without a position of the change feed. On PostgreSQL only what is read afterwards is what they left."""
    connection.execute(_ALONE)


def position(connection: sa.Connection) -> int:
    """The last position that this connection sees."""
    last: int = connection.execute(sa.select(changes.c.last)).scalar_one()
    return last
