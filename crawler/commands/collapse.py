"""scrapy collapse: the same-story decision alone, for rows of any origin."""

from __future__ import annotations

import argparse
import codecs
import json
import re
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from crawler import console
from crawler.items import Article
from crawler.store import Store, exports
from crawler.store.chunks import chunks

BATCH_ROWS = 50
Row = tuple[datetime | None, dict[str, Any]]
_LAST = datetime.max.replace(tzinfo=UTC)
_LONG_NUMBER = re.compile(rb"[0-9]{19}")


class RowError(OSError):
    """A line of the input is no row: names the file and the line."""


class Command(console.StoreCommand):
    takes = (1, 1)

    def syntax(self) -> str:
        return "IN.jsonl -o OUT.jsonl"

    def short_desc(self) -> str:
        return "Decide which rows print the same story, without a crawl and without touching the store"

    def long_desc(self) -> str:
        return (
            "Reads rows with id, publisher, date_published, headline and body; writes each with story_id, relation, "
            "resemblance, containment, contains and also_story_ids. Rows are taken in order of (date_published, id), "
            "undated ones last; each is compared with those before it within STORY_WINDOW_DAYS."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("-o", "--output", metavar="FILE", required=True, help="- is standard output")

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        rows = sorted(_rows(args[0]), key=lambda row: (row[0] or _LAST, str(row[1]["id"])))
        with console.writing(opts.output) as file:  # first, so that an output that can't be costs no minutes
            with tempfile.TemporaryDirectory(prefix="newsfold-collapse-") as folder:
                placed, merged = self._decide(rows, f"sqlite:///{folder}/collapse.db")
            for (_, row), article in zip(rows, placed, strict=True):
                # A story that a later row proved to be another's is named by its last name.
                story_id = merged.get(article.story_id, article.story_id)
                others = {merged.get(story, story) for story in article.also_story_ids} - {story_id}
                decided = {
                    "story_id": story_id,
                    "relation": article.relation,
                    "resemblance": article.resemblance,
                    "containment": article.containment,
                    "contains": article.contains,
                    "also_story_ids": sorted(others),
                }
                file.write(_line(row | decided))

    def _decide(self, rows: list[Row], url: str) -> tuple[list[Article], dict[Any, int]]:
        # Here, since Scrapy imports every command to run one, and datasketch takes a second.
        from crawler.store import articles
        from crawler.store.candidates import Window

        window = Window.from_settings(self.configured)
        placed: list[Article] = []

        def add(connection: Any, batch: list[tuple[int, Row]]) -> None:
            for number, (when, row) in batch:
                article = Article(
                    url=f"row:{number}",
                    publisher=str(row.get("publisher") or ""),
                    headline=str(row.get("headline") or ""),
                    body=str(row.get("body") or ""),
                    date_published=when,
                    date_published_precision=None if when is None else _precision(row["date_published"]),
                )
                answer = articles.add(connection, article, now=datetime.now(UTC), window=window)
                if answer is not None:  # every number is new
                    placed.append(answer)

        with Store(url) as store:
            for batch in chunks(enumerate(rows), BATCH_ROWS):
                store.write_now(partial(add, batch=batch))
            with store.read() as connection:
                merged = {row["id"]: row["merged_into"] for row in exports.story_rows(connection) if row["merged_into"]}
        return placed, merged


def _rows(name: str) -> Iterator[Row]:
    """(date of publication in UTC, row) of each line that is not blank."""
    seen: dict[str, int] = {}
    with sys.stdin.buffer if name == "-" else Path(name).open("rb") as file:
        for number, line in enumerate(file, 1):
            line = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
            if not line.strip():
                continue
            try:
                row = orjson.loads(line)
                if _LONG_NUMBER.search(line):  # orjson reads what 64 bits can't hold as a float
                    row = json.loads(line)
            except json.JSONDecodeError as error:
                raise RowError(f"{name}: line {number}: {error}: want one JSON object a line") from None
            if not isinstance(row, dict) or row.get("id") is None:
                raise RowError(
                    f"{name}: line {number}: want an object with id, publisher, date_published, headline, body"
                )
            first = seen.setdefault(json.dumps(row["id"]), number)
            if first != number:
                raise RowError(f"{name}: line {number}: id {row['id']!r} is that of line {first}: want one line an id")
            yield _time(row.get("date_published"), name, number), row


def _line(row: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
    except orjson.JSONEncodeError:  # a number that 64 bits can't hold
        return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _precision(text: str) -> str:
    """As an article has it: "day" where a date stands without a time."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return "second"
    return "day"


def _time(text: Any, name: str, number: int) -> datetime | None:
    if text in (None, ""):
        return None
    try:
        when = datetime.fromisoformat(text)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise RowError(f"{name}: line {number}: date_published {text!r}: want ISO 8601 or null") from None
