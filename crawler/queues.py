"""The order in which requests leave the scheduler: fair to hosts, the newest first within one."""

from __future__ import annotations

from scrapy import Request
from scrapy.pqueues import DownloaderAwarePriorityQueue


class FairPriorityQueue(DownloaderAwarePriorityQueue):
    """Scrapy's, which asks the host with the fewest requests in the downloader first, and holds back what only waits.

    A request that waits for its host's delay occupies one of CONCURRENT_REQUESTS places. Without a bound a host with a
    thousand new pages takes them all, and one that comes later is asked once a second, as places fall free.
    """

    #: Requests of one host in the downloader: one under way, one to follow.
    ACTIVE_MAX = 2

    def pop(self) -> Request | None:
        return super().pop() if any(map(self._has_room, self.pqueues)) else None

    def _has_room(self, host: str) -> bool:
        ((active, _),) = self._downloader_interface.stats([host])
        return active < self.ACTIVE_MAX
