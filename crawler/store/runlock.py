"""One crawl at a time on a SQLite store: a lock that the kernel frees when the process ends, however it ends."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.store.engines import sqlite_path
from crawler.store.failures import StoreError, StoreLockedError


class RunLock:
    """One crawl a SQLite store: a lock on `FILE.lock` that the kernel frees when the process ends, however it ends.

    Raises StoreLockedError when another process holds it. On other engines there is nothing to hold.
    """

    def __init__(self, url: str, now: datetime) -> None:
        self._file: Any = None
        path = sqlite_path(url)
        if path is None:
            return
        import fcntl  # POSIX only, as cron is

        lock = Path(f"{os.path.realpath(path)}.lock")  # a store by two names is one store
        try:
            self._file = lock.open("a+", encoding="utf-8")
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.seek(0)
            holder = self._file.read().strip() or "unknown"
            self.release()
            raise StoreLockedError(f"{path}: another run holds this store ({holder})") from None
        except OSError as error:
            self.release()
            raise StoreError(
                f"{lock}: {error.strerror}: choose a folder that can be written with -s STORE_URL=…"
            ) from error
        self._file.truncate(0)
        self._file.write(f"process {os.getpid()}, since {now.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC")
        self._file.flush()

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
