"""The hosts that this run may ask. All of them on SQLite, whose run lock keeps others out; on PostgreSQL, which any
number of runs share, those that it has leased (crawler.store.leases).

A lease lasts LEASE_SECONDS and is renewed four times in that time. A host is asked only while more than half of it is
left: what is under way then ends before another run can have the host, though this one sleeps, or its store is away.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar

from scrapy.exceptions import IgnoreRequest

from crawler.store import Store, StoreError, leases
from crawler.store.leases import Turn, Wish
from crawler.store.store import Job

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

T = TypeVar("T")

logger = logging.getLogger(__name__)

#: Renewals within a lease.
RENEWALS = 4
#: Of a lease, what has to be left for a host to be asked.
MARGIN = 0.5
#: A run leases this many hosts at first, and as many as it has had already at each turn: runs that are started together
#: share the hosts.
FIRST_HOSTS = 4
_STOPPED = "is left alone: the store failed"


class HostLeased(IgnoreRequest):
    """Another run has the host's lease, or had it in between, or this one has ended: what is asked for is left to
    whoever has it."""

    def __init__(self, host: str, why: str = "is leased by another run") -> None:
        super().__init__(f"{host} {why}")
        self.host = host


def take_back(slot: Any, why: Callable[[], IgnoreRequest]) -> None:
    """End what queues in a download slot: request by request it would still wait for the host's delay."""
    while slot.queue:
        _, waiting = slot.queue.popleft()
        waiting.errback(why())


@dataclass(slots=True)
class Lease:
    """That a host may be asked, for a time."""

    number: int  #: tells two leases of one host apart
    until: float  #: seconds of the monotonic clock
    rests_until: float  #: likewise: the delay since the last request, which another run may have made


class Leases:
    """The leases of a run, and their renewal. `at_most` hosts are leased by `turn`; a redirect may add to them."""

    def __init__(self, crawler: Crawler, store: Store, seconds: float, at_most: int) -> None:
        self.shared = store.shared
        self._asked: set[int | str] = set()
        self._left: set[int | str] = set()
        self._given_up: set[str] = set()
        self._crawler = crawler
        self._store = store
        self._seconds = seconds
        self._at_most = at_most
        self.run = 0  #: its id
        self._held: dict[str, Lease] = {}
        self._numbers = count(1)
        self._had = 0
        self._turning = asyncio.Lock()  # no host is leased by a request while a turn gives it back
        self._renewing: asyncio.Task[None] | None = None
        self._stopped = False

    def begin(self, run: int) -> None:
        """Of the run with this id."""
        self.run = run
        if self.shared:
            self._renewing = asyncio.ensure_future(self._renew())

    @property
    def any(self) -> bool:
        """Whether the run has any."""
        return bool(self._held)

    def has(self, host: str) -> bool:
        """Whether the run has the host's lease."""
        return self.number(host) is not None

    def number(self, host: str) -> int | None:
        """Which lease of the host this is; None while the run has none. A request that was made under another one has
        to be left: what it asks for may have been fetched since."""
        if not self.shared:
            return 0
        lease = self._held.get(host)
        return lease.number if lease is not None else None

    def ask(self, what: int | str | None) -> None:
        """Note that an entry (by its id) or a feed (by its URL) is asked for."""
        if self.shared and what is not None:
            self._asked.add(what)
            self._left.discard(what)

    def leave(self, what: int | str) -> None:
        """Note that it was not asked for after all: the store has it as pending or due, and is right."""
        self._left.add(what)

    def asked(self, what: int | str) -> bool:
        """Whether the run has asked for it."""
        return what in self._asked

    def check(self, host: str) -> None:
        """Raise HostLeased unless the host may be asked at this moment."""
        if self._stopped:
            raise HostLeased(host, _STOPPED)
        if self.shared and not self._lasts(host):
            raise HostLeased(host)

    async def hold(self, host: str) -> None:
        """Lease the host if it is not leased yet, and wait until it has rested. Raises HostLeased."""
        if not self.shared:
            return
        if host not in self._held:
            async with self._turning:
                if host not in self._held:
                    began = time.monotonic()
                    taken = await self._write(partial(leases.take, run=self.run, wanted=[host], seconds=self._seconds))
                    self._add(taken, began)
        self.check(host)
        rest = self._held[host].rests_until - time.monotonic()
        if rest > 0:
            await asyncio.sleep(rest)

    async def turn(self, wish: Wish, wanted: Collection[str], *, searching: Collection[str], more: bool) -> Turn:
        """What there is to do; `more` leases more hosts, first those that are `wanted`. On those that are `searching`
        something is under way, whether a request is or not. See crawler.store.leases."""
        async with self._turning:
            slot = self._crawler.engine._slot
            if slot is None or slot.closing is not None:
                return Turn()
            busy = self._busy().union(searching)
            # A request that comes up meanwhile finds its host not leased, and waits in `hold`.
            idle = {host: self._held.pop(host) for host in self._held.keys() - busy}
            rests = self._rests(idle)
            limit = min(max(FIRST_HOSTS, self._had), self._at_most - len(self._held)) if more else 0
            if not (idle or limit > 0):
                return Turn()
            began = time.monotonic()
            found = await self._write(
                partial(
                    leases.turn,
                    run=self.run,
                    wish=wish,
                    idle=rests,
                    # When nothing at all is under way, what the store still has as pending came to no end.
                    asked=self._left if busy else self._asked,
                    left=self._left,
                    wanted=wanted,
                    without=self._given_up,
                    limit=max(0, limit),
                    seconds=self._seconds,
                )
            )
            self._held |= {host: idle[host] for host in found.kept}
            self._given_up.update(found.unfinished)
            self._had += len(found.taken)
            self._add(found.taken, began)
            return found

    def stop(self) -> None:
        """Ask no host for anything more, on either engine: without its store a run can't keep what it gets."""
        self._stopped = True
        for host, slot in self._crawler.engine.downloader.slots.items():
            take_back(slot, partial(HostLeased, host, _STOPPED))

    async def end(self) -> None:
        """Give all hosts back."""
        if self._renewing is not None:
            self._renewing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._renewing
        if self._held:
            await asyncio.wrap_future(self.give_back())

    def give_back(self) -> Future[None]:
        """Queue the end of all leases for the store's writer."""
        rests = self._rests(self._held)
        self._held.clear()
        return self._store.write(partial(leases.give_back, run=self.run, rests=rests))

    def _lasts(self, host: str) -> bool:
        lease = self._held.get(host)
        return lease is not None and lease.until - time.monotonic() > MARGIN * self._seconds

    def _add(self, taken: Mapping[str, float], began: float) -> None:
        now = time.monotonic()
        for host, rest in taken.items():
            self._held[host] = Lease(next(self._numbers), began + self._seconds, now + rest)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(self._seconds / RENEWALS)
            before = {host: lease.number for host, lease in self._held.items()}
            began = time.monotonic()
            try:
                mine = await self._write(partial(leases.renew, run=self.run, seconds=self._seconds))
            except StoreError as error:  # the run is being stopped
                logger.debug("leases not renewed: %s", error)
                return
            for host, number in before.items():
                lease = self._held.get(host)
                if lease is None or lease.number != number:
                    continue
                if host in mine:
                    lease.until = began + self._seconds
                else:
                    self._crawler.stats.inc_value("host/lost")
                    del self._held[host]

    def _busy(self) -> set[str]:
        """The hosts that have requests under way or queued. A page is under way until it is stored."""
        slot: Any = self._crawler.engine._slot  # Scrapy tells these to nobody
        under_way = {str(request.meta.get("download_slot")) for request in slot.inprogress}
        return under_way.union(slot.scheduler.mqs.pqueues)

    def _rests(self, held: Mapping[str, Lease]) -> dict[str, float]:
        """How long each host rests from now, in seconds."""
        slots, now = self._crawler.engine.downloader.slots, time.monotonic()
        rests = {}
        for host, lease in held.items():
            ends = lease.rests_until
            if (slot := slots.get(host)) is not None:
                ends = max(ends, (now if slot.transferring else slot.lastseen) + slot.delay)
            rests[host] = max(0.0, ends - now)
        return rests

    async def _write(self, job: Job[T]) -> T:
        return await asyncio.wrap_future(self._store.write(job))
