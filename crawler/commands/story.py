"""scrapy story ID: one story, its text and every copy, with what was cut or changed, between copies and versions."""

from __future__ import annotations

import argparse
import getpass
import re
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from typing import Any

import orjson
from rich.console import Console
from rich.text import Text
from scrapy.exceptions import UsageError

from crawler import changes, console, urls
from crawler.store import decisions, exports, versions
from crawler.store.versions import Version

STYLES = {"kept": "", "cut": "red strike", "added": "green"}
#: How a diff is marked where there are no colours.
MARKS = {"kept": ("", ""), "cut": ("[-", "-]"), "added": ("{+", "+}")}


class Command(console.StoreCommand):
    takes = (1, 1)

    def syntax(self) -> str:
        return "ID [--diff] [--format text|json] | ID --split URL | ID --merge OTHER_ID | ID --undo"

    def short_desc(self) -> str:
        return "Show one story: its text, and every copy with what was cut or changed"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--diff",
            action="store_true",
            help="each copy against the canonical one, and each version against the one before, word by word",
        )
        parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
        own = parser.add_mutually_exclusive_group()
        own.add_argument("--split", metavar="URL", help="decide that this article leaves the story, for good")
        own.add_argument("--merge", metavar="OTHER_ID", help="decide that the two stories are one")
        own.add_argument("--undo", action="store_true", help="take back the last such decision on the story")

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        story_id = _number(args[0], "story")
        if opts.split is not None or opts.merge is not None or opts.undo:
            self._decide(story_id, opts)
            return
        with self.store() as store, store.read() as connection:
            story = exports.story(connection, story_id)
            if story is None or not story["copies"]:
                why = "there is none" if story is None else "all its copies were pruned or forgotten"
                print(f"story {args[0]}: {why}", file=sys.stderr)
                self.exitcode = 1
                return
            copies = list(exports.article_rows(connection, story_id=story["id"]))
            evidence = exports.evidence(connection, story["id"])
            earlier = versions.of(connection, [copy["id"] for copy in copies])
            story["decisions"] = [str(made) for made in decisions.of_story(connection, story["id"])]
        canonical = next(copy for copy in copies if copy["is_canonical"])
        for copy in copies:
            spans = changes.compare(canonical["body"], copy["body"])
            copy["words_cut"], copy["words_added"] = changes.counts(spans)
            copy["evidence"] = evidence[copy["id"]]
            copy["diff"] = spans
            copy["versions"] = _versions(copy, earlier.get(copy["id"], []))
        if opts.format == "json":
            for told in (*copies, *(version for copy in copies for version in copy["versions"])):
                spans = told.pop("diff")
                if opts.diff:
                    told["diff"] = [[span.kind, span.text] for span in spans]
            sys.stdout.buffer.write(orjson.dumps(story | {"articles": copies}, option=orjson.OPT_APPEND_NEWLINE))
        else:
            _show(console.out(), story, canonical, copies, opts.diff)

    def _decide(self, story_id: int, opts: argparse.Namespace) -> None:
        """What a person decides on the story, who being the user of this machine."""
        by, now = getpass.getuser(), datetime.now(UTC)
        with self.store() as store:
            try:
                if opts.split is not None:
                    url = urls.normalize(opts.split)
                    founded = store.write_now(partial(decisions.split, story_id=story_id, url=url, by=by, now=now))
                    print(f"{url} left story {story_id} and is story {founded}: {_takes_back(founded)}")
                elif opts.merge is not None:
                    other = _number(opts.merge, "--merge")
                    kept = store.write_now(partial(decisions.merge, story_id=story_id, other_id=other, by=by, now=now))
                    print(f"stories {story_id} and {other} are one: story {kept}: {_takes_back(kept)}")
                else:
                    print(f"taken back: {store.write_now(partial(decisions.undo, story_id=story_id, now=now))}")
            except urls.InvalidURL as error:
                raise UsageError(f"--split {opts.split}: {error}", print_help=False) from error
            except decisions.DecisionError as error:
                print(error, file=sys.stderr)
                self.exitcode = 1


def _versions(copy: dict[str, Any], earlier: list[Version]) -> list[dict[str, Any]]:
    """The texts of a copy, first to last, each with what it changed of the one before; none where it has had one."""
    if not earlier:
        return []
    told: list[dict[str, Any]] = []
    before: Version | None = None
    for version in (*earlier, Version(**{name: copy[name] for name in Version.__slots__})):
        spans: list[changes.Span] = changes.compare(before.text, version.text) if before else []
        cut, added = changes.counts(spans)
        figures = changes.figures(spans)
        told.append(asdict(version) | {"words_cut": cut, "words_added": added, "figures": figures, "diff": spans})
        before = version
    return told


def _takes_back(story_id: int) -> str:
    return f"`scrapy story {story_id} --undo` takes that back"


def _number(text: str, of: str) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise UsageError(f"{of} {text}: want the id of a story, a number", print_help=False)
    return int(text)


def _show(
    to: Console, story: dict[str, Any], canonical: dict[str, Any], copies: list[dict[str, Any]], diff: bool
) -> None:
    colours = to.is_terminal and to.color_system is not None and not to.no_color
    to.print(Text(story["headline"], style="bold"))
    agency = console.agency(story["agency"], story["agency_evidence"])
    what = [
        f"story {story['id']}",
        f"{agency}, by its {story['agency_evidence']}" if agency else "no agency named",
        f"{story['copies']} {'copy' if story['copies'] == 1 else 'copies'}",
        f"text of {canonical['publisher_name'] or canonical['publisher']}",
    ]
    to.print(Text(" · ".join(what), style="dim"))
    for made in story["decisions"]:
        to.print(Text(f"decided by a person: {made}", style="dim"))
    to.print()
    to.print(Text(canonical["body"]))
    for copy in copies:
        to.print()
        when = console.moment(copy["date_published"], copy["date_published_precision"]) or "undated"
        line = Text(f"{when:<16} ")
        line.append(copy["publisher_name"] or copy["publisher"], style="bold")
        line.append(f"  {copy['headline']}")
        to.print(line)
        to.print(Text(f"    {copy['url']}", style="dim"), soft_wrap=True)
        to.print(Text(f"    {_relation(copy)}"))
        if copy["evidence"]:
            to.print(Text(f"    {copy['evidence']}", style="dim"))
        if diff and not copy["is_canonical"]:
            to.print(_diff(copy["diff"], colours=colours))
        for version in copy["versions"][1:]:
            to.print(Text(f"    {_version(version)}"))
            if diff:
                to.print(_diff(version["diff"], colours=colours))


def _version(version: dict[str, Any]) -> str:
    when = console.moment(version["date_modified"] or version["date_crawled"])
    parts = [f"version {version['version']}" + (f", {when}" if when else "")]
    parts.append(f"{version['words_cut']} words cut, {version['words_added']} added")
    if version["figures"]:
        parts.append(changes.told(version["figures"]))
    return " · ".join(parts)


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
