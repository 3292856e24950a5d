"""What a run whose clock was ahead wrote: polls, tries and waits that seem to lie ahead. Jobs on one connection.

Left as they are they would keep feeds and pages from being asked for until that time has come, without a word.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from crawler.polling import RETRY_AFTER_MAX
from crawler.store.schema import entries, feeds, hosts

#: The clocks of machines that share a store may differ by so much.
TOLERANCE = timedelta(hours=1)


def mend(connection: sa.Connection, now: datetime) -> int:
    """Have what was polled, tried, read or told to wait in the future be due now. Returns of how many feeds."""
    ahead = now + TOLERANCE
    polled = feeds.update().where(feeds.c.polled_at > ahead).values(polled_at=None, next_poll_at=None)
    count = connection.execute(polled).rowcount
    e = entries.c
    # next_try_at comes after decided_at: the index on (state, next_try_at) leaves few rows to be read.
    waits = sa.and_(e.state.in_(["failed", "fetched", "updated"]), e.next_try_at > ahead, e.decided_at > ahead)
    connection.execute(entries.update().where(waits).values(next_try_at=now, decided_at=now))
    connection.execute(hosts.update().where(hosts.c.robots_at > ahead).values(robots_at=now))
    connection.execute(hosts.update().where(hosts.c.retry_at > ahead + RETRY_AFTER_MAX).values(retry_at=None))
    return count
