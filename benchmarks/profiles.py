"""What a publisher's profile is worth: `python -m benchmarks.profiles DATA [--press WORLD ...]`.

DATA is the folder of `benchmarks/extraction.py`. Each page of a publisher that has PAGES or more is read twice: alone,
and with the profile that the publisher's other pages make (their annotations play no part in it). Both readings are
scored as in `benchmarks/extraction.py`. WORLD is a folder that a press of invented papers was built in: its pages are
scored by their words, read with the profile of the paper's other pages, and, those of the later rounds, with that of
the earlier ones, as a crawl would read them.

Then what a first profile does to what was read before it (`crawler.store.profiles.complete`): each page alone, and
without the paragraphs that the profile of all of its publisher's pages, or those of the first round, speaks against.
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
from base64 import b64decode
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks import extraction
from crawler import pages, profiles
from crawler.items import Article
from crawler.profiles import Profile, Sample

PAGES = 5
CORPORA = ("fundus-evaluation", "fundus-tests", "scrapinghub")


@dataclass(frozen=True)
class Case:
    """A page with what is right, and what was read on it without a profile."""

    publisher: str
    story: str
    round: int
    html: bytes
    url: str
    gold: Any
    alone: Article


def of_corpus(folder: Path, corpus: str) -> Iterator[Case]:
    for key, gold in json.loads((folder / "gold.json").read_text(encoding="utf-8")).items():
        name = key.split("/", 1)[1]
        html = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes())
        url = gold.get("url") or f"https://{corpus}.invalid/{key}"
        yield Case(urlsplit(url).netloc, key, 0, html, url, gold, pages.read(html, url))


def of_press(world: Path) -> Iterator[Case]:
    site = json.loads((world / "site.json").read_text(encoding="utf-8"))
    truth = {row["url"]: row for row in map(json.loads, (world / "truth.jsonl").open(encoding="utf-8"))}
    for paper in site["papers"]:
        for printed in paper["articles"]:
            url = f"http://{paper['host']}:{site['port']}{printed['path']}"
            html = gzip.decompress((world / "pages" / printed["file"]).read_bytes())
            row = truth[url]
            yield Case(paper["host"], row["story"], row["round"], html, url, row["text"], pages.read(html, url))


def profile_of(cases: Sequence[Case]) -> Profile | None:
    stories = {story: number for number, story in enumerate(dict.fromkeys(case.story for case in cases))}
    return profiles.learn(
        Sample(
            case.url,
            stories[case.story],
            case.alone.date_published.date() if case.alone.date_published else date.min,
            b64decode(case.alone.layout),
        )
        for case in cases
        if case.alone.layout
    )


def again(cases: Sequence[Case], is_known: Callable[[Case, Case], bool], least: int) -> Iterator[tuple[Case, Article]]:
    """The cases that `least` others of their publisher are known of, each with the article read with their profile."""
    own = defaultdict(list)
    for case in cases:
        own[case.publisher].append(case)
    for case in cases:
        known = [other for other in own[case.publisher] if other is not case and is_known(case, other)]
        if len(known) >= least:
            yield case, pages.read(case.html, case.url, profile=profile_of(known))


def cleaned(cases: Sequence[Case]) -> Iterator[tuple[Case, Article]]:
    """The cases whose publisher has a profile, each with its article cleaned by that, which they all make."""
    own = defaultdict(list)
    for case in cases:
        own[case.publisher].append(case)
    for some in own.values():
        if profile := profile_of(some):
            for case in some:
                turned = profile.turns(b64decode(case.alone.layout or ""))
                yield case, replace(case.alone, body=profiles.without(case.alone.body, turned))


def show(what: str, pairs: Sequence[tuple[Case, Article]], score: Callable[[Any], dict[str, float]]) -> None:
    publishers = len({case.publisher for case, _ in pairs})
    print(f"{what}: {len(pairs)} pages of {publishers} publishers", flush=True)
    if not pairs:
        return
    alone = score([(case.gold, case.alone) for case, _ in pairs])
    helped = score([(case.gold, article) for case, article in pairs])
    for metric, figure in alone.items():
        print(f"  {metric:34}{figure:8.4f}{helped[metric]:8.4f}{helped[metric] - figure:+9.4f}")
    changed = sum(article.body != case.alone.body for case, article in pairs)
    print(f"  {'bodies that differ':34}{changed:16}\n")


def bodies(corpus: str) -> Callable[[Sequence[tuple[Any, Article]]], dict[str, float]]:
    """The score of a corpus for its bodies alone; ROUGE is left out, as it is slow."""

    def score(rows: Sequence[tuple[Any, Article]]) -> dict[str, float]:
        read = [(gold, extraction.Reading(body=a.body, description=a.description or "")) for gold, a in rows]
        if corpus == "fundus-evaluation":
            return dict(
                zip(("paragraph P", "paragraph R", "paragraph F1"), extraction.paragraphs_f1(read), strict=True)
            )
        return {k: v for k, v in extraction.SCORES[corpus](read).items() if k.startswith(corpus)}

    return score


def words(rows: Sequence[tuple[str, Article]]) -> dict[str, float]:
    """F1 of the words of a body, each as often as it stands there; the share of bodies that have just the right ones;
    the share of words that are none of the article's."""
    scores = []
    for gold, article in rows:
        a, b = (Counter(extraction.tokens(string.lower())) for string in (gold, article.body))
        common = (a & b).total()
        precision, recall = common / max(1, b.total()), common / max(1, a.total())
        scores.append((extraction.f1(precision, recall), float(a == b), 1 - precision))
    return dict(zip(("F1", "identical", "foreign"), map(statistics.mean, zip(*scores, strict=True)), strict=True))


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("data", type=Path, help="folder with the corpora")
    arguments.add_argument("--press", type=Path, action="append", default=[], help="folder of a built press")
    options = arguments.parse_args()
    print(f"{'':36}   alone    with     gain")
    for corpus in CORPORA:
        if not (options.data / corpus / "gold.json").exists():
            continue
        cases = list(of_corpus(options.data / corpus, corpus))
        show(corpus, list(again(cases, lambda *_: True, PAGES - 1)), bodies(corpus))
        show(f"{corpus}, cleaned", list(cleaned(cases)), bodies(corpus))
    for world in options.press:
        cases = list(of_press(world))
        show(f"{world.name}, of all other pages", list(again(cases, lambda *_: True, PAGES - 1)), words)
        later = list(again(cases, lambda case, other: other.round < case.round, 0))
        first = [case for case in cases if not case.round]
        show(f"{world.name}, first round, cleaned", list(cleaned(first)), words)
        show(f"{world.name}, later rounds with the profile of earlier", [(c, a) for c, a in later if c.round], words)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
