"""What was forgotten, at somebody's wish, and is never to be fetched or stored again: pages and whole domains."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import sqlalchemy as sa

from crawler import urls
from crawler.store.schema import forgotten

#: The reason of entries and tombstones.
FORGOTTEN: Final = "forgotten"
_CHUNK = 500


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
    if connection.execute(sa.select(forgotten.c.name).limit(1)).first() is None:
        return set()
    named = {address: names(address) for address in addresses}
    wanted = sorted({name for of_one in named.values() for name in of_one})
    known: set[str] = set()
    for start in range(0, len(wanted), _CHUNK):
        some = wanted[start : start + _CHUNK]
        known.update(connection.scalars(sa.select(forgotten.c.name).where(forgotten.c.name.in_(some))))
    return {address for address, of_one in named.items() if not known.isdisjoint(of_one)}
