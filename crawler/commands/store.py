"""scrapy store: care of the store."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from scrapy.exceptions import UsageError

from crawler import console
from crawler.store import RunLock, upgrade

LATER = ("check", "prune", "forget", "recollapse")


class Command(console.StoreCommand):
    takes = (1, 1)

    def syntax(self) -> str:
        return "upgrade"

    def short_desc(self) -> str:
        return "Care of the store: upgrade brings it to this version's schema"

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        if args[0] in LATER:
            raise UsageError(f"store {args[0]}: not in this version", print_help=False)
        if args[0] != "upgrade":
            raise UsageError(f"store {args[0]}: want upgrade", print_help=False)
        url = self.configured["STORE_URL"]
        lock = RunLock(url, datetime.now(UTC))
        try:
            upgrade(url)
        finally:
            lock.release()
