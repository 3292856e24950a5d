"""scrapy story ID: one story, its text and every copy, with what was cut or changed."""

from __future__ import annotations

import argparse
import re
import sys
from typing import Any

import orjson
from rich.console import Console
from rich.text import Text
from scrapy.exceptions import UsageError

from crawler import changes, console
from crawler.store import exports

STYLES = {"kept": "", "cut": "red strike", "added": "green"}
#: How a diff is marked where there are no colours.
MARKS = {"kept": ("", ""), "cut": ("[-", "-]"), "added": ("{+", "+}")}


class Command(console.StoreCommand):
    takes = (1, 1)

    def syntax(self) -> str:
        return "ID [--diff] [--format text|json]"

    def short_desc(self) -> str:
        return "Show one story: its text, and every copy with what was cut or changed"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--diff", action="store_true", help="each copy against the canonical one, word by word")
        parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        if not re.fullmatch(r"[0-9]{1,18}", args[0]):
            raise UsageError(f"story {args[0]}: want the id of a story, a number", print_help=False)
        with self.store() as store, store.read() as connection:
            story = exports.story(connection, int(args[0]))
            if story is None or not story["copies"]:
                why = "there is none" if story is None else "all its copies were pruned or forgotten"
                print(f"story {args[0]}: {why}", file=sys.stderr)
                self.exitcode = 1
                return
            copies = list(exports.article_rows(connection, story_id=story["id"]))
            evidence = exports.evidence(connection, story["id"])
        canonical = next(copy for copy in copies if copy["is_canonical"])
        for copy in copies:
            spans = changes.compare(canonical["body"], copy["body"])
            copy["words_cut"], copy["words_added"] = changes.counts(spans)
            copy["evidence"] = evidence[copy["id"]]
            copy["diff"] = spans
        if opts.format == "json":
            for copy in copies:
                spans = copy.pop("diff")
                if opts.diff:
                    copy["diff"] = [[span.kind, span.text] for span in spans]
            sys.stdout.buffer.write(orjson.dumps(story | {"articles": copies}, option=orjson.OPT_APPEND_NEWLINE))
        else:
            _show(console.out(), story, canonical, copies, opts.diff)


def _show(
    to: Console, story: dict[str, Any], canonical: dict[str, Any], copies: list[dict[str, Any]], diff: bool
) -> None:
    to.print(Text(story["headline"], style="bold"))
    agency = console.agency(story["agency"], story["agency_evidence"])
    what = [
        f"story {story['id']}",
        f"{agency}, by its {story['agency_evidence']}" if agency else "no agency named",
        f"{story['copies']} {'copy' if story['copies'] == 1 else 'copies'}",
        f"text of {canonical['publisher_name'] or canonical['publisher']}",
    ]
    to.print(Text(" · ".join(what), style="dim"))
    to.print()
    to.print(Text(canonical["body"]))
    for copy in copies:
        to.print()
        when = copy["date_published"]
        line = Text(f"{when:%Y-%m-%d %H:%M} " if when else "undated          ")
        line.append(copy["publisher_name"] or copy["publisher"], style="bold")
        line.append(f"  {copy['headline']}")
        to.print(line)
        to.print(Text(f"    {copy['url']}", style="dim"), soft_wrap=True)
        to.print(Text(f"    {_relation(copy)}"))
        if copy["evidence"]:
            to.print(Text(f"    {copy['evidence']}", style="dim"))
        if diff and not copy["is_canonical"]:
            to.print(_diff(copy["diff"], colours=to.is_terminal))


def _relation(copy: dict[str, Any]) -> str:
    parts = [copy["relation"] or "the only copy"]
    if copy["is_canonical"]:
        parts.append("canonical")
    elif copy["containment"] is not None:
        parts.append(f"{copy['containment']:.0%} of it in the canonical copy, {copy['contains']:.0%} of that in it")
        parts.append(f"{copy['words_cut']} words cut, {copy['words_added']} added")
    if copy["agency_evidence"] == "inherited":
        parts.append(f"{copy['agency']} inherited")
    elif copy["agency"]:
        parts.append(f"{copy['agency']} by its {copy['agency_evidence']}")
    return " · ".join(parts)


def _diff(spans: list[changes.Span], *, colours: bool) -> Text:
    text = Text()
    for span in spans:
        before, after = ("", "") if colours else MARKS[span.kind]
        text.append(f"{before}{span.text}{after}", style=STYLES[span.kind])
    return text
