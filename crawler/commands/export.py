"""scrapy export: articles or stories as rows for a downstream store."""

from __future__ import annotations

import argparse
import codecs
import csv
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import orjson
from scrapy.exceptions import UsageError

from crawler import console
from crawler.cells import cell
from crawler.items import ARTICLE_COLUMNS, STORY_COLUMNS
from crawler.store import changefeed, exports

FORMATS = ("jsonl", "csv", "parquet")


class Command(console.StoreCommand):
    takes = (1, 1)

    def syntax(self) -> str:
        return "articles|stories -o FILE [--format jsonl|csv|parquet] [--since TIME_OR_CURSOR]"

    def short_desc(self) -> str:
        return "Write articles or stories as rows; prints the next cursor on stderr"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("-o", "--output", metavar="FILE", required=True, help="- is standard output")
        parser.add_argument("--format", choices=FORMATS, help="default: as FILE's name ends, jsonl if it does not")
        parser.add_argument(
            "--since", metavar="TIME_OR_CURSOR", help="stored or changed since: 24h, 2026-07-14T08:00, or a cursor"
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        if args[0] not in ("articles", "stories"):
            raise UsageError(f"export {args[0]}: want articles or stories", print_help=False)
        if not opts.output:
            raise UsageError("-o '': want a file, or - for standard output", print_help=False)
        write = _writer(opts.format or _format(opts.output))
        since = console.since(opts.since, datetime.now(UTC)) if opts.since is not None else None
        with self.store() as store, store.read() as connection:
            position = changefeed.position(connection)
            if since is not None and since.change is not None and since.change > position:
                raise UsageError(
                    f"--since {opts.since}: this store is at {console.cursor(position)}: is it an older backup?",
                    print_help=False,
                )
            columns: Sequence[str] = ARTICLE_COLUMNS if args[0] == "articles" else STORY_COLUMNS
            read = exports.article_rows if args[0] == "articles" else exports.story_rows
            rows = read(connection, since)
            with console.writing(opts.output) as file:
                write(file, columns, rows)
        print(console.cursor(position), file=sys.stderr)


def _format(output: str) -> str:
    """The format that the file's name says; JSON Lines where it says nothing. Raises UsageError where it says another:
    a "rows.csv.gz" that is JSON Lines would be found out by who opens it, if at all."""
    ending = Path(output).suffix.lower()[1:]
    if ending and ending not in FORMATS:
        raise UsageError(f"-o {output}: want .jsonl, .csv or .parquet at its end, or --format", print_help=False)
    return ending or "jsonl"


def _writer(form: str) -> Callable[[BinaryIO, Sequence[str], Iterable[dict[str, Any]]], None]:
    if form != "parquet":
        return _write_csv if form == "csv" else _write_jsonl
    try:
        from crawler import parquet  # 0.3 s that only this format takes
    except ModuleNotFoundError as error:
        raise UsageError(f"--format parquet: {error}: pip install pyarrow", print_help=False) from error
    return parquet.write


def _write_jsonl(file: BinaryIO, columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> None:
    for row in rows:
        file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))


def _write_csv(file: BinaryIO, columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> None:
    """RFC 4180, UTF-8; lists as JSON, times in ISO 8601."""
    writer = csv.writer(codecs.getwriter("utf-8")(file))
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(value) for value in row.values()])
