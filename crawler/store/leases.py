"""Which run may ask which hosts: leases, where several runs share a store (PostgreSQL). Jobs on one connection.

A lease is two columns of `hosts`, by the server's clock alone, so that the clocks of machines need not agree. It is
taken with FOR UPDATE SKIP LOCKED: runs that look at the same time each get other hosts, and none waits for another.
A host that is given back may be leased at once; `leased_until` then says when its delay has passed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from crawler.store.entries import Pending, pages_waiting, pending
from crawler.store.feeds import Feed, due
from crawler.store.schema import hosts, runs

#: Not now(), which stands still within a transaction.
_CLOCK = sa.func.clock_timestamp(type_=sa.DateTime(timezone=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a run wants to ask for: the feeds of these URLs, and the pages of these publishers, those listed within so
    many hours again."""

    since: datetime  #: due at this time: when the run began
    urls: Collection[str]
    publishers: Collection[str]
    all_feeds: bool  #: and all pages to be visited again, whether their time has come or not
    revisit_hours: float = 0
    pages_a_host: int | None = None  #: at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What a run has to do next."""

    taken: Mapping[str, float] = field(default_factory=dict)  #: hosts leased now, and in how many seconds to be asked
    kept: Collection[str] = ()  #: hosts that were idle and have more to be asked for
    given_back: Collection[str] = ()
    unfinished: Collection[str] = ()  #: of those, hosts that have been asked for everything that still is due on them
    feeds: Collection[Feed] = ()  #: on hosts taken or kept
    pages: Collection[Pending] = ()  #: likewise
    free: bool = False  #: whether there were hosts to lease; if none was taken, another run is just doing that
    elsewhere: int = 0  #: hosts with work that other runs have leased


def turn(
    connection: sa.Connection,
    run: int,
    wish: Wish,
    *,
    idle: Mapping[str, float],
    asked: Collection[int | str],
    left: Collection[int | str],
    wanted: Collection[str],
    without: Collection[str],
    limit: int,
    seconds: float,
) -> Turn:
    """What there is to do on hosts of the run's that are `idle` (and how long each rests, in seconds); those with
    nothing are given back, and up to `limit` others leased, none `without`: first those that are `wanted`, then those
    with most pages waiting. `asked` are the entries (ids) and feeds (URLs) of which nothing more is to come; of these
    the run `left` some, which are for whoever has the host next."""
    to_poll, to_fetch = _on(connection, wish, idle, beside=len(left))
    due_on = [(feed.host, feed.url) for feed in to_poll] + [(page.host, page.id) for page in to_fetch]
    kept = {host for host, what in due_on if what not in asked}
    over = {host: rest for host, rest in idle.items() if host not in kept}
    unfinished = {host for host, what in due_on if host in over and what not in left}
    give_back(connection, run, over)
    taken: Mapping[str, float] = {}
    free: list[str] = []
    elsewhere = 0
    if limit:
        waiting = pages_waiting(
            connection,
            wish.since,
            wish.publishers,
            revisit_hours=wish.revisit_hours,
            revisit_all=wish.all_feeds,
        )
        names = [*wanted, *(host for host, _ in waiting.most_common() if host not in wanted)]
        unfree = _unfree(connection, run)
        elsewhere = sum(unfree.get(host, False) for host in names)
        free = [host for host in names if host not in unfree and host not in without and host not in unfinished]
        # More than wanted, since other runs may be about to take the same.
        taken = take(connection, run, free[: 8 * limit], seconds, limit=limit)
        more_feeds, more_pages = _on(connection, wish, taken)
        to_poll, to_fetch = [*to_poll, *more_feeds], [*to_fetch, *more_pages]
    return Turn(
        taken=taken,
        kept=kept,
        given_back=over,
        unfinished=unfinished,
        feeds=to_poll,
        pages=to_fetch,
        free=bool(free),
        elsewhere=elsewhere,
    )


def take(
    connection: sa.Connection, run: int, wanted: Collection[str], seconds: float, *, limit: int = 1
) -> dict[str, float]:
    """Lease the first of the hosts that are free, up to `limit`. Returns in how many seconds each may be asked."""
    if not wanted:
        return {}
    known = set(connection.scalars(sa.select(hosts.c.host).where(hosts.c.host.in_(list(wanted)))))
    # ON CONFLICT waits for whoever is about to change the row: it is for rows that were not there a moment ago. In
    # order, as every run does it, or two that know the same new hosts would wait for each other.
    if new := [{"host": host} for host in sorted(wanted) if host not in known]:
        connection.execute(postgresql.insert(hosts).on_conflict_do_nothing(index_elements=["host"]), new)
    rest = sa.case((hosts.c.leased_by.is_(None), _seconds(hosts.c.leased_until - _CLOCK)), else_=0.0)
    free = connection.execute(
        sa.select(hosts.c.host, rest.label("rest"))
        .where(hosts.c.host.in_(list(wanted)), sa.or_(hosts.c.leased_by.is_(None), hosts.c.leased_until <= _CLOCK))
        .order_by(sa.func.array_position(sa.cast(list(wanted), postgresql.ARRAY(sa.Text)), hosts.c.host))
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    taken = {row.host: max(0.0, row.rest or 0.0) for row in free}
    connection.execute(
        hosts.update()
        .where(hosts.c.host.in_(list(taken)))
        .values(leased_by=run, leased_until=_CLOCK + timedelta(seconds=seconds))
    )
    return taken


def renew(connection: sa.Connection, run: int, seconds: float) -> set[str]:
    """Make the run's leases last for so long from now, also one that has ended and that nobody else has taken. Returns
    its hosts."""
    statement = hosts.update().where(hosts.c.leased_by == run).values(leased_until=_CLOCK + timedelta(seconds=seconds))
    return set(connection.scalars(statement.returning(hosts.c.host)))


def give_back(connection: sa.Connection, run: int, rests: Mapping[str, float]) -> None:
    """End the run's leases of these hosts; each may be asked again after its rest (seconds)."""
    for host, rest in rests.items():
        connection.execute(
            hosts.update()
            .where(hosts.c.host == host, hosts.c.leased_by == run)
            .values(leased_by=None, leased_until=_CLOCK + timedelta(seconds=rest))
        )


def first_at_work(connection: sa.Connection, run: int, started: datetime) -> datetime:
    """When the first of the runs that are at work now, this one included, began."""
    query = (
        sa.select(sa.func.min(runs.c.started_at))
        .join(hosts, hosts.c.leased_by == runs.c.id)
        .where(hosts.c.leased_until > _CLOCK, hosts.c.leased_by != run)
    )
    first = connection.execute(query).scalar_one_or_none()
    return min(first, started) if first is not None else started


def _on(
    connection: sa.Connection,
    wish: Wish,
    on: Collection[str] | Mapping[str, Any],
    beside: int = 0,
) -> tuple[list[Feed], list[Pending]]:
    """What is to be asked of these hosts: of each so many pages as the run wishes, and so many more."""
    if not on:
        return [], []
    to_poll = due(connection, wish.since, urls=wish.urls, all_feeds=wish.all_feeds, on=on)
    to_fetch = pending(
        connection,
        wish.since,
        on=on,
        publishers=wish.publishers,
        most=None if wish.pages_a_host is None else wish.pages_a_host + beside,
        revisit_hours=wish.revisit_hours,
        revisit_all=wish.all_feeds,
    )
    return to_poll, to_fetch


def _unfree(connection: sa.Connection, run: int) -> dict[str, bool]:
    """Hosts that can't be leased now, and whether that is since another run has them."""
    elsewhere = sa.and_(hosts.c.leased_by != run, hosts.c.leased_until > _CLOCK)
    query = sa.select(hosts.c.host, sa.func.coalesce(elsewhere, sa.false()).label("elsewhere")).where(
        sa.or_(elsewhere, hosts.c.leased_by == run, hosts.c.retry_at > _CLOCK)
    )
    return {row.host: row.elsewhere for row in connection.execute(query)}


def _seconds(interval: Any) -> sa.ColumnElement[float]:
    return sa.cast(sa.func.extract("epoch", interval), sa.Float)
