"""What the commands that read the store share: opening it, one line for an error, points in time, tables."""

from __future__ import annotations

import argparse
import contextlib
import difflib
import io
import os
import re
import signal
import sys
from abc import abstractmethod
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any, BinaryIO

from rich.console import Console
from rich.table import Table
from rich.text import Text
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.settings import Settings, default_settings

from crawler import settings as defaults
from crawler.items import IMAGE_CREDIT
from crawler.publishers import PublishersError
from crawler.store import Store, StoreError, StoreLockedError
from crawler.store.exports import Since

#: The exit code where another run holds the store: EX_TEMPFAIL.
LOCKED = 75

#: Columns of a terminal below which a table cannot be read.
NARROW = 72

#: From which share of equal letters on an unknown setting passes for a misspelt one.
ALIKE = 0.8

_SPAN = re.compile(r"(\d+)\s*([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class StoreCommand(ScrapyCommand):
    """A command on the store that STORE_URL names. Errors are one line at stderr and exit code 1, or 75 where
    another run holds the store."""

    requires_project = True
    requires_crawler_process = False
    #: How many arguments without a dash it takes, at the least and at the most.
    takes = (0, 0)

    @abstractmethod
    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        """Do it; raise UsageError, StoreError, PublishersError or OSError when it can't be done."""

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        check_names(opts.set, self.configured)
        super().process_options(args, opts)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        check_arguments(args)
        if sys.stdout is None:
            print("standard output is closed", file=sys.stderr)
            self.exitcode = 1
            return
        # An encoding that lacks a letter has a question mark for it; rows are bytes, UTF-8 whatever the terminal's is.
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")
        least, most = self.takes
        if not least <= len(args) <= most:
            want = str(least) if least == most else f"{least} or {most}"
            raise UsageError(f"arguments: got {len(args)}, want {want}", print_help=False)
        try:
            with _ended_by_sigterm():
                self.execute(args, opts)
            sys.stdout.flush()
        except KeyboardInterrupt:
            self.exitcode = 128 + signal.SIGINT
        except BrokenPipeError:
            # `| head` has seen enough. Python would complain, at its end, of what is left to write.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except (StoreError, PublishersError, OSError) as error:
            print(error, file=sys.stderr)
            self.exitcode = LOCKED if isinstance(error, StoreLockedError) else 1

    def store(self) -> Store:
        """The store, which has to be there."""
        return Store(self.configured["STORE_URL"], create=False)

    @property
    def configured(self) -> Settings:
        """The project's settings, which Scrapy sets before it runs a command."""
        if self.settings is None:
            raise RuntimeError("a command was run without settings")
        return self.settings


def check_arguments(args: Iterable[str]) -> None:
    """Refuse what begins as an option and is none: Scrapy takes it for an argument. Raises UsageError."""
    for arg in args:
        if arg.startswith("-") and arg != "-":
            raise UsageError(f"unknown option {arg}", print_help=False)


def check_names(given: Iterable[str], known: Settings) -> None:
    """Refuse a `-s NAME=VALUE` whose name nothing knows and is nearly one of ours: `-s STORE_ULR=…` would leave the
    real store in its place. Any other may be that of a pipeline or an extension of the user. Raises UsageError."""
    own = [name for name in vars(defaults) if name.isupper() and not hasattr(default_settings, name)]
    for name in (setting.partition("=")[0] for setting in given):
        meant = [] if name in known else difflib.get_close_matches(name.upper(), own, n=1, cutoff=ALIKE)
        if meant:
            raise UsageError(f"-s {name}: no such setting (did you mean {meant[0]}?)", print_help=False)


@contextlib.contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """SIGTERM unwinds what is under way, as Ctrl-C does: a file that is half written goes, and a temporary store."""

    def end(signum: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + signum)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def since(text: str, now: datetime, option: str = "--since") -> Since:
    """A point in time or in the change feed: "24h", "7d", an ISO 8601 date or time (UTC where it names no zone), or a
    cursor that an earlier export printed. Raises UsageError."""
    if re.fullmatch(r"c\d{1,18}", text):
        return Since(change=int(text[1:]))
    try:
        if span := _SPAN.fullmatch(text):
            return Since(time=now - timedelta(**{_UNITS[span[2]]: int(span[1])}))
        when = datetime.fromisoformat(text)
        return Since(time=(when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC))
    except (ValueError, OverflowError):
        raise UsageError(
            f"{option} {text}: want 24h, 7d, a date such as 2026-07-14T08:00+00:00, or a cursor", print_help=False
        ) from None


def cursor(change: int) -> str:
    """The opaque form of a position of the change feed."""
    return f"c{change}"


def stories_table(rows: Iterable[dict[str, Any]]) -> Table:
    """Stories as a person reads them: how often printed, whose, when, what, where."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("copies", justify="right")
    table.add_column("agency", no_wrap=True)
    table.add_column("first printed (UTC)", no_wrap=True)
    table.add_column("headline", ratio=3, overflow="fold")
    table.add_column("publishers", ratio=2, overflow="fold")
    table.add_column("id", justify="right")
    for row in rows:
        table.add_row(
            str(row["copies"]),
            agency(row["agency"], row["agency_evidence"]),
            moment(row["first_published"], row["first_published_precision"]),
            Text(row["headline"]),
            Text(", ".join(row["publisher_names"])),
            str(row["id"]),
        )
    return table


def moment(when: datetime | None, precision: str | None = None) -> str:
    """A point in time in UTC, without its time where only the day is known; nothing where there is none."""
    if when is None:
        return ""
    return f"{when:%Y-%m-%d}" if precision == "day" else f"{when:%Y-%m-%d %H:%M}"


def agency(name: str | None, evidence: str | None) -> str:
    """The agency, with a weak sign told apart from a credit."""
    if name is None:
        return ""
    return f"{name} (photo)" if evidence == IMAGE_CREDIT else name


class _Output(Console):
    def on_broken_pipe(self) -> None:
        raise BrokenPipeError  # rich would end the command with 1


def out() -> Console:
    """Standard output: as wide as the terminal, or wide enough for a table that is piped."""
    return _Output(width=None if sys.stdout.isatty() else 140, highlight=False)


def show(table: Table, to: Console, narrow: int = NARROW) -> None:
    """Print a table; on a terminal that is narrower than that each row as lines, a cell a line, empty ones left out.

    In columns of 9 characters each word of a headline would break.
    """
    if to.width >= narrow:
        to.print(table)
        return
    for row in zip(*(column.cells for column in table.columns), strict=True):
        for column, cell in zip(table.columns, row, strict=True):
            if str(cell):
                to.print(Text.assemble((f"{column.header}: ", "bold"), cell))
        to.print()


@contextlib.contextmanager
def writing(output: str) -> Iterator[BinaryIO]:
    """The file to write, which appears under its name only when it is whole; a device or a named pipe as it comes."""
    if output == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if os.path.exists(output) and not os.path.isfile(output):
        with open(output, "wb") as file:
            yield file
        return
    path = Path(os.path.realpath(output))  # what a link leads to, not the link
    partial = path.with_name(f"{path.name}.part")
    try:
        file = partial.open("wb")
    except OSError as error:
        raise OSError(error.errno, error.strerror, output) from error
    try:
        with file:
            yield file
        os.replace(partial, path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
