"""What is known of hosts (host:port) over runs: how long to leave one alone, its robots.txt. Jobs on one connection."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crawler.store.schema import hosts, upsert


@dataclass(frozen=True, slots=True)
class Robots:
    """The last good robots.txt of a host, and when it was read (UTC)."""

    body: bytes
    read_at: datetime


def waiting(connection: sa.Connection, now: datetime) -> dict[str, datetime]:
    """The hosts that asked to be left alone, and until when."""
    query = sa.select(hosts.c.host, hosts.c.retry_at).where(hosts.c.retry_at > now)
    return {row.host: row.retry_at for row in connection.execute(query)}


def wait(connection: sa.Connection, host: str, until: datetime) -> None:
    """Leave a host alone until then."""
    _set(connection, host, retry_at=until)


def robots(connection: sa.Connection, wanted: Collection[str]) -> dict[str, Robots]:
    """The last good robots.txt of each of these hosts of which one was read."""
    query = sa.select(hosts.c.host, hosts.c.robots, hosts.c.robots_at).where(
        hosts.c.host.in_(wanted), hosts.c.robots_at.is_not(None)
    )
    return {row.host: Robots(row.robots, row.robots_at) for row in connection.execute(query)}


def keep_robots(connection: sa.Connection, host: str, read: Robots) -> None:
    """Keep what was read."""
    _set(connection, host, robots=read.body, robots_at=read.read_at)


def note_tdm(connection: sa.Connection, host: str, reserved: bool) -> None:
    """Keep whether the host's pages reserve text and data mining."""
    _set(connection, host, tdm_reserved=reserved)


def reserved(connection: sa.Connection) -> set[str]:
    """The hosts whose pages reserve text and data mining."""
    return set(connection.scalars(sa.select(hosts.c.host).where(hosts.c.tdm_reserved)))


def _set(connection: sa.Connection, host: str, **values: Any) -> None:
    statement = upsert(connection, hosts).values(host=host, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["host"], set_=values))
