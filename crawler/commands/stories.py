"""scrapy stories: the stories of the store, most printed first."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

import orjson
from scrapy.exceptions import UsageError

from crawler import console, search
from crawler.store import Store, StoreError, exports, searches

#: What a person looks through; rows for a program are all that there are.
TABLE_ROWS = 50


class Command(console.StoreCommand):
    def syntax(self) -> str:
        return "[--since 24h] [--agency AFP] [--min-copies 2] [--search WORDS] [--format table|jsonl]"

    def short_desc(self) -> str:
        return "Show the stories, most printed first"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--since", metavar="TIME", help="with a copy published since: 24h, 7d, 2026-07-14")
        parser.add_argument("--agency", metavar="NAME", help="of this agency: AFP, Reuters, AP, dpa, …")
        parser.add_argument("--min-copies", type=int, default=1, metavar="N", help="printed at least N times")
        parser.add_argument(
            "--limit", type=int, metavar="N", help=f"at most N; 0: all (default: {TABLE_ROWS} in a table, all as jsonl)"
        )
        parser.add_argument("--search", metavar="WORDS", help='with all of: dam "in quotes" -not begin*; no OR')
        parser.add_argument("--format", choices=("table", "jsonl"), default="table", help="default: table")

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        try:
            terms = () if opts.search is None else search.parse(opts.search)
        except search.QueryError as error:
            raise UsageError(f"--search {opts.search}: {error}", print_help=False) from error
        limit = opts.limit if opts.limit is not None else TABLE_ROWS if opts.format == "table" else 0
        if limit < 0:
            raise UsageError(f"--limit {limit}: want 0 or more", print_help=False)
        since = console.since(opts.since, datetime.now(UTC)).time if opts.since is not None else None
        if opts.since is not None and since is None:
            raise UsageError("--since takes a time here, not a cursor", print_help=False)
        with self.store() as store:
            if terms:
                _index(store)
            with store.read() as connection:
                rows = exports.most_printed(
                    connection,
                    since=since,
                    agency=opts.agency,
                    min_copies=min(opts.min_copies, sys.maxsize),
                    search=terms,
                    limit=min(limit + 1, sys.maxsize) if limit else None,  # one more, to know whether there are more
                )
        is_cut = bool(limit) and len(rows) > limit
        rows = rows[:limit] if is_cut else rows
        if opts.format == "jsonl":
            for row in rows:
                sys.stdout.buffer.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
        elif rows:
            console.show(console.stories_table(rows), console.out())
        else:
            print("no stories" if not opts.since else f"no stories since {since:%Y-%m-%d %H:%M} UTC", file=sys.stderr)
        if is_cut and opts.limit is None:
            print(f"the first {limit}; --limit 0 shows all", file=sys.stderr)


def _index(store: Store) -> None:
    """Put what is not there yet into the search index; where the store can't be written, tell."""
    with store.read() as connection:
        behind = searches.behind(connection)
    if behind > 10_000:  # after an upgrade: some seconds
        print(f"putting {behind:,} articles into the search index first", file=sys.stderr)
    try:
        while behind and store.write_now(searches.catch_up) == searches.BATCH:
            pass
    except StoreError as error:
        print(f"{error} (searching without the last {behind:,} articles)", file=sys.stderr)
