"""What was forgotten, at somebody's wish, and is never to be fetched or stored again: pages and whole domains."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final

import sqlalchemy as sa

from crawler import urls
from crawler.items import Article
from crawler.store.chunks import chunks
from crawler.store.schema import entries, forgotten

#: The reason of entries and tombstones.
FORGOTTEN: Final = "forgotten"


def spelt(name: str) -> str:
    """A URL as the store spells it, or a domain (host:port allowed). Raises urls.InvalidURL."""
    if "://" in name:
        return urls.normalize(name)
    if "/" in name.rstrip("/"):  # the page was meant, and its whole host would be forgotten
        raise urls.InvalidURL(f"a page needs its scheme: https://{name}")
    return urls.domain(f"https://{name}/")


def names(url: str) -> list[str]:
    """The names by which a page may be forgotten: its URL, its host with its port, the domains that it is in."""
    try:
        host = urls.host(url)
    except urls.InvalidURL:
        return [url]
    labels = (host if host.startswith("[") else host.partition(":")[0]).split(".")
    return [url, host, *(".".join(labels[start:]) for start in range(len(labels)))]


def among(connection: sa.Connection, addresses: Iterable[str]) -> set[str]:
    """Those of the pages, by their normalized URLs, that were forgotten."""
    if not _are_any(connection):
        return set()
    named = {address: names(address) for address in addresses}
    wanted = sorted({name for of_one in named.values() for name in of_one})
    known: set[str] = set()
    for some in chunks(wanted):
        known.update(connection.scalars(sa.select(forgotten.c.name).where(forgotten.c.name.in_(some))))
    return {address for address, of_one in named.items() if not known.isdisjoint(of_one)}


def are_gone(connection: sa.Connection, pages: Sequence[Article]) -> list[bool]:
    """Whether each of the pages was forgotten: under its URL, under the one that answered, or under the one of its
    entry, which may have been forgotten while it was fetched."""
    if not _are_any(connection):
        return [False] * len(pages)
    e = entries.c
    ids = [page.entry_id for page in pages if page.entry_id is not None]
    listed = {row.id: row.url for row in connection.execute(sa.select(e.id, e.url).where(e.id.in_(ids)))}
    led = [(page.url, page.fetched_url, listed.get(page.entry_id or 0)) for page in pages]
    addresses = [{address for address in of_one if address} for of_one in led]
    gone = among(connection, chain.from_iterable(addresses))
    return [not gone.isdisjoint(of_one) for of_one in addresses]


def is_open() -> sa.ColumnElement[bool]:
    """The entries that were not forgotten: what a crawl still learns of the others changes nothing."""
    return sa.or_(entries.c.state != "refused", entries.c.reason.is_distinct_from(FORGOTTEN))


def _are_any(connection: sa.Connection) -> bool:
    return connection.execute(sa.select(forgotten.c.name).limit(1)).first() is not None
