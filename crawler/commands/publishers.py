"""scrapy publishers: the health of every publisher and its feeds; exit code 1 when something needs a person."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text
from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from crawler import console, health, publishers
from crawler.publishers import Publisher
from crawler.store import coverage, hosts, runs

#: Columns of a terminal below which the table has no room for domains as they are; and for what is wrong with each.
NARROW, WIDE = 80, 120
NOT_POLLED = "not polled yet"


class Command(console.StoreCommand):
    takes = (0, 1)

    def syntax(self) -> str:
        return "[DOMAIN] [--format table|jsonl] | --discover DOMAIN | --import FILE.opml"

    def short_desc(self) -> str:
        return "Show each publisher's feeds: last poll, last error, articles, copies"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--discover", metavar="DOMAIN", help="find a site's feeds: prints TOML for publishers.toml")
        parser.add_argument("--import", dest="opml", metavar="FILE", help="a feed reader's OPML file: prints TOML")
        parser.add_argument("--format", choices=("table", "jsonl"), default="table", help="default: table")

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        if opts.discover is not None or opts.opml is not None:
            self.exitcode = _new(opts, self.configured)
            return
        known = publishers.load(self.configured["PUBLISHERS_FILE"])
        only = args[0] if args else None
        if only is not None and only not in known:
            raise UsageError(f"publishers {only}: not in {self.configured['PUBLISHERS_FILE']}", print_help=False)
        with self.store() as store, store.read() as connection:
            feeds = runs.feed_rows(connection)
            counted = runs.publisher_rows(connection)
            reserved = hosts.reserved(connection)
            found = coverage.latest(connection, only)
        now = datetime.now(UTC)
        polled = {feed["url"] for feed in feeds if feed["polled_at"]}  # of others too, which may share a feed
        rows = [
            _row(publisher, _of(publisher, feeds), polled, counted, reserved, found.get(publisher.domain, ()), now)
            for publisher in known.values()
            if only in (None, publisher.domain) and publisher.enabled
        ]
        if opts.format == "jsonl":
            for row in rows:
                sys.stdout.buffer.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
        elif only is None:
            show(rows, console.out())
        else:
            _show(rows[0]) if rows else print(f"{only}: not enabled", file=sys.stderr)
        if any(row["needs_a_person"] for row in rows):
            self.exitcode = 1


def _new(opts: argparse.Namespace, settings: Settings) -> int:
    # Imported here: it brings Scrapy's downloader, a quarter of a second, and Scrapy imports every command to run one.
    from crawler import discover

    if opts.discover is not None:
        return discover.discover(opts.discover, settings)
    return discover.import_opml(opts.opml)


def _named(publisher: Publisher) -> set[str | None]:
    return {*publisher.feeds, *publisher.news_sitemaps, publisher.homepage}


def _of(publisher: Publisher, feeds: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The publisher's feeds that the file names, and those that they name: what was taken out of the file is history,
    however it failed."""
    named = _named(publisher)
    own = [feed for feed in feeds if feed["publisher"] == publisher.domain]
    return [feed for feed in own if feed["url"] in named or (feed["parent"] and feed["parent"] in named)]


def _row(
    publisher: Publisher,
    feeds: list[dict[str, Any]],
    polled: set[str],
    counted: dict[str, Any],
    reserved: set[str],
    found: Sequence[health.Found],
    now: datetime,
) -> dict[str, Any]:
    nothing: dict[str, Any] = {"articles": 0, "copies": 0, "last_article_at": None, "entries": {}}
    marks = {feed["url"]: health.marks(feed, now) for feed in feeds}
    covered = health.coverage(found)
    broken = [look.mark for look in covered if look.is_broken]
    worst = max(feeds, key=lambda feed: feed["failures"], default=None)
    return {
        "publisher": publisher.domain,
        "name": publisher.name,
        "feeds_named": len(publisher.feeds) + len(publisher.news_sitemaps),
        "is_polled": not polled.isdisjoint(_named(publisher)),
        "feeds": [
            {key: feed[key] for key in feed if key not in ("publisher", "body_hash")}
            | {"marks": [asdict(mark) for mark in marks[feed["url"]]]}
            for feed in feeds
        ],
        "last_success_at": max((feed["succeeded_at"] for feed in feeds if feed["succeeded_at"]), default=None),
        "last_error": worst["error"] if worst else None,
        "reserves_data_mining": any(
            host == publisher.domain or host.endswith(f".{publisher.domain}") for host in reserved
        ),
        "coverage": [asdict(look) for look in covered],
        "marks": [asdict(mark) for mark in broken],
        "needs_a_person": any(mark.needs_a_person for found in (*marks.values(), broken) for mark in found),
        **counted.get(publisher.domain, nothing),
    }


def show(rows: Sequence[dict[str, Any]], to: Console) -> None:
    """How many publishers need a person, and the table, those first. What is wrong stands above it where it has no
    room."""
    needy = [row for row in rows if row["needs_a_person"]]
    to.print(f"{len(needy):,} of {len(rows):,} publishers {'needs' if len(needy) == 1 else 'need'} a person")
    has_room = not NARROW <= to.width < WIDE
    for row in () if has_room else needy:
        to.print(Text.assemble(_marked(row), ": ", _trouble(row)))
    to.print()
    console.show(_overview(sorted(rows, key=lambda row: not row["needs_a_person"]), has_room), to, NARROW)


def _overview(rows: Sequence[dict[str, Any]], trouble: bool) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("publisher", no_wrap=True)
    for name in ("feeds", "last success (UTC)", "articles", "copies", "last article (UTC)", *(["trouble"] * trouble)):
        table.add_column(name, justify="right" if name in ("feeds", "articles", "copies") else "left", overflow="fold")
    for row in rows:
        table.add_row(
            _marked(row),
            str(max(row["feeds_named"], len(row["feeds"]))),
            console.moment(row["last_success_at"]),
            str(row["articles"]),
            str(row["copies"]),
            console.moment(row["last_article_at"]),
            *([Text(_trouble(row))] * trouble),
        )
    return table


def _marked(row: dict[str, Any]) -> Text:
    """The domain; marked, also where there are no colours, if it needs a person."""
    return Text(f"! {row['publisher']}", style="bold red") if row["needs_a_person"] else Text(row["publisher"])


def _trouble(row: dict[str, Any]) -> str:
    """What stands out of a publisher's feeds and pages; where nothing does, what became of pages that are no
    articles."""
    marks = [mark["text"] for where in (*row["feeds"], row) for mark in where["marks"]]
    if marks or row["last_error"]:
        return "; ".join(marks) or row["last_error"]
    if not row["is_polled"]:
        return NOT_POLLED
    lost = {key: count for key, count in row["entries"].items() if key.startswith(("dropped", "refused", "failed"))}
    return "; ".join(f"{count} {key}" for key, count in sorted(lost.items(), key=lambda item: -item[1])[:3])


def _show(row: dict[str, Any]) -> None:
    to = console.out()
    to.print(Text(f"{row['publisher']}  {row['name']}", style="bold"))
    to.print(Text(f"{row['articles']} articles, {row['copies']} of them copies of a story that others print too"))
    if row["reserves_data_mining"]:
        to.print(Text("reserves text and data mining (TDM_OBEY refuses its pages)"))
    if not row["is_polled"]:
        to.print(Text(NOT_POLLED))
    for mark in row["marks"]:
        to.print(Text(mark["text"], style="bold red"))
    for feed in row["feeds"]:
        to.print()
        to.print(Text(feed["url"], style="bold"))
        polled, changed, following = (console.moment(feed[of]) for of in ("polled_at", "changed_at", "next_poll_at"))
        to.print(Text(f"    {feed['polls']} polls, {feed['polls_unchanged']} unchanged"))
        to.print(Text(f"    last {polled or 'never'}, last new entry {changed or 'never'}, next {following or 'now'}"))
        if feed["error"]:
            to.print(Text(f"    {feed['failures']} failures in a row: {feed['error']}", style="red"))
        for mark in feed["marks"]:
            to.print(Text(f"    {mark['text']}", style="bold red" if mark["needs_a_person"] else "yellow"))
    if row["entries"]:
        to.print()
        for outcome, count in sorted(row["entries"].items()):
            to.print(Text(f"    {count:6} {outcome}"))
