"""scrapy store: care of the store."""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import re
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from scrapy.exceptions import UsageError

from crawler import console, urls
from crawler.settings import PROJECT
from crawler.store import RunLock, Store, upgrade

ACTIONS = ("upgrade", "check", "prune", "forget", "recollapse")
#: Between two lines of progress, in seconds; on a terminal, where one line is written over, less.
PROGRESS_SECONDS = 10.0
TERMINAL_SECONDS = 0.2


class Command(console.StoreCommand):
    takes = (1, 2)

    def syntax(self) -> str:
        return (
            "upgrade | check [--repair] | prune --older-than 180d [--keep canonical] | forget URL|DOMAIN | recollapse"
        )

    def short_desc(self) -> str:
        return (
            "Care of the store: upgrade its schema, check and repair it, prune what is old, forget a page or a domain, "
            "make its stories anew"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--repair", action="store_true", help="check: mend what can be mended")
        parser.add_argument("--older-than", metavar="TIME", help="prune: published before: 180d, 2026-01-01")
        parser.add_argument("--keep", choices=("canonical",), help="prune: but for the copy that stands for its story")

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        action, now = args[0], datetime.now(UTC)
        if action not in ACTIONS:
            raise UsageError(f"store {action}: want {', '.join(ACTIONS[:-1])} or {ACTIONS[-1]}", print_help=False)
        if len(args) != 1 + (action == "forget"):
            want = "a URL or a domain" if action == "forget" else "nothing behind it"
            raise UsageError(f"store {action}: want {want}", print_help=False)
        if action != "prune" and (opts.older_than is not None or opts.keep is not None):
            raise UsageError(f"store {action}: --older-than and --keep are of prune", print_help=False)
        if action != "check" and opts.repair:
            raise UsageError(f"store {action}: --repair is of check", print_help=False)
        if action == "check":
            self._check(now, repair=opts.repair)
        elif action == "prune":
            self._prune(opts.older_than, opts.keep, now)
        elif action == "forget":
            self._forget(args[1], now)
        elif action == "recollapse":
            self._recollapse(now)
        else:
            with self._locked(now):
                upgrade(self.configured["STORE_URL"])

    def _check(self, now: datetime, *, repair: bool) -> None:
        from crawler.store import integrity  # not before it is needed: it makes fingerprints, and those bring scipy

        if repair:
            with self._locked(now), self.store() as store:
                for fault in integrity.repair(store, now):
                    print(f"{fault.says}: mended" if fault.mend else fault.says)
                found = self._told(store)
        else:
            with self.store() as store:
                found = self._told(store)
        self.exitcode = 1 if found else 0

    def _told(self, store: Store) -> int:
        """Print the faults; how many there are."""
        from crawler.store import integrity

        found = 0
        with store.read() as connection:
            for fault in integrity.check(connection):
                print(fault.says)
                found += 1
        return found

    def _prune(self, older_than: str | None, keep: str | None, now: datetime) -> None:
        from crawler.store import retention, sealing

        if older_than is None:
            raise UsageError("store prune: want --older-than 180d", print_help=False)
        before = console.since(older_than, now, "--older-than").time
        if before is None:
            raise UsageError("--older-than takes a time, not a cursor", print_help=False)
        with self._locked(now), self.store() as store:
            gone = retention.prune(store, before, keep_canonical=keep is not None, now=now)
            sealing.seal(store, self.configured.getfloat("STORY_INDEX_DAYS"), now)
            print(f"{gone:,} articles from before {before:%Y-%m-%d %H:%M} UTC pruned", file=sys.stderr)
            store.reclaim()

    def _forget(self, name: str, now: datetime) -> None:
        from crawler.store import retention

        if not re.search("[.:]", name):  # "com" would be all of its domains
            raise UsageError(f"store forget {name}: want a URL or a domain, which has a dot in it", print_help=False)
        with self._locked(now), self.store() as store:
            try:
                gone = retention.forget(store, name, now=now)
            except urls.InvalidURL as error:
                raise UsageError(f"store forget {name}: want a URL or a domain: {error}", print_help=False) from error
            if gone:
                print(f"{name}: {gone:,} articles forgotten, none to be fetched again", file=sys.stderr)
            else:
                print(f"{name}: no article in the store, none to be fetched: is it spelt right?", file=sys.stderr)
            store.reclaim()

    def _recollapse(self, now: datetime) -> None:
        from crawler.store import recollapse
        from crawler.store.candidates import Window

        with self._locked(now), self.store() as store:
            try:
                outcome = recollapse.recollapse(
                    store,
                    _shadow(store),
                    window=Window.from_settings(self.configured),
                    now=now,
                    progress=_Progress(),
                )
            except KeyboardInterrupt:
                print("stopped: the same command goes on from here", file=sys.stderr)
                self.exitcode = 130
                return
        print(
            f"{outcome.articles:,} articles decided anew, {outcome.signed:,} of them signed anew: {outcome.moved:,} "
            f"moved, {outcome.founded:,} stories are new, {outcome.merged:,} became part of others",
            file=sys.stderr,
        )

    @contextlib.contextmanager
    def _locked(self, now: datetime) -> Iterator[None]:
        lock = RunLock(self.configured["STORE_URL"], now)
        try:
            yield
        finally:
            lock.release()


class _Progress:
    """Lines at stderr: how far it is."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._told = 0.0

    def __call__(self, what: str, done: int, total: int) -> None:
        seconds = TERMINAL_SECONDS if self._terminal else PROGRESS_SECONDS
        if done < total and time.monotonic() - self._told < seconds:
            return
        self._told = time.monotonic()
        end = "\r" if self._terminal and done < total else "\n"
        print(f"{done:,} of {total:,} {what}", end=end, file=sys.stderr, flush=True)


def _shadow(store: Store) -> Path:
    """Where the work of recollapse is kept: beside a SQLite store; for PostgreSQL, in the project."""
    database = store.engine.url.database or ""
    if store.engine.dialect.name == "sqlite":
        return Path(f"{os.path.realpath(database)}.recollapse")
    name = hashlib.sha256(store.engine.url.render_as_string().encode()).hexdigest()
    return PROJECT / f"{name[:16]}.recollapse"
