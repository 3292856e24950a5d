"""What an article costs as the store grows: benchmarks/growth.py [--articles 100000] [--storm 10000].

Fills private stores and prints, for the last articles of each, milliseconds of the processor an article (look-up,
decision, write; the texts are signed before, as a crawl's worker processes do it), candidates, bytes an article on
disk without the search index, and how long opening takes:
a tenth of the articles in one window, all of them in one window, and a tenth in the window after a history of the rest.
Texts are made up: words by Zipf's law, an agency's copies, cuts and extensions, bulletins by template, quotations that
several print. What a store holds before the articles that are measured is written without being decided, since its
stories do not matter: the same rows. The history spans 30 days before the window.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa

from crawler import similarity, stories
from crawler.items import Article
from crawler.store import Store, articles, candidates, schema
from crawler.store.candidates import Window

NOW = datetime(2026, 11, 1, tzinfo=UTC)
WINDOW_DAYS = 10.0
HISTORY_DAYS = 40.0
MEASURED = 1000  #: articles at the end of each fill
BATCH = 50  #: articles in a transaction, as a crawl has them
FILLED = 1000  #: articles in a transaction of those that are not measured
PARTS: tuple[tuple[str, Any, str], ...] = (
    ("look-up", candidates.Index, "__init__"),
    ("look-up", candidates.Index, "near"),
    ("decision", stories, "decide"),
    ("write", articles, "_insert"),
)


class Press:
    """Made-up articles, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311
        syllables = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
        self.words = sorted(
            {"".join(self.chance.choices(syllables, k=self.chance.randint(1, 4))) for _ in range(20_000)}
        )
        self.weights = np.cumsum(1 / (np.arange(len(self.words)) + 3))
        self.drawn = iter(self.draw(np.random.default_rng(seed)))
        self.recent: list[list[str]] = []

    def draw(self, chance: np.random.Generator) -> Iterator[int]:
        """Words by Zipf's law, as numbers; many at a time, since texts are to cost less than what is measured."""
        while True:
            yield from np.searchsorted(self.weights, chance.random(100_000) * self.weights[-1]).tolist()

    def sentence(self) -> str:
        chance = self.chance
        words = [self.words[number] for number in islice(self.drawn, chance.randint(8, 28))]
        words[0] = words[0].capitalize()
        if chance.random() < 0.5:
            words[chance.randrange(len(words))] = str(chance.randint(2, 3000))
        if chance.random() < 0.7:
            words[-1] = words[-1].capitalize()
        text = " ".join(words)
        return f'"{text}," he said.' if chance.random() < 0.15 else f"{text}."

    def body(self) -> str:
        """A third of the articles are new, a third an agency's in several papers, a few bulletins or quotations."""
        chance, kind = self.chance, self.chance.random()
        if kind < 0.40 and self.recent:
            lines = list(chance.choice(self.recent))
            lines = lines[: chance.randint(len(lines) // 3, len(lines))]
            if chance.random() < 0.3:
                lines.append(self.sentence())
            return "\n\n".join(lines)
        if kind < 0.43:
            return "\n\n".join(
                f"The office expects {chance.randint(1, 40)} degrees in {chance.choice(self.words).capitalize()} by "
                f"noon and a wind of {chance.randint(3, 90)} kilometres an hour from {chance.choice(self.words)}."
                for _ in range(8)
            )
        lines = [" ".join(self.sentence() for _ in range(2)) for _ in range(chance.randint(5, 20))]
        if kind < 0.7:
            self.recent = [*self.recent[-200:], lines]
        return "\n\n".join(lines)

    def articles(self, count: int) -> Iterator[Article]:
        """So many articles, signed, without a date."""
        for number in range(count):
            body = self.body()
            fingerprint = similarity.sign("", body)
            yield Article(
                url=f"https://paper{number % 500}.example/{number}",
                publisher=f"paper{number % 500}.example",
                headline=body[:60],
                body=body,
                word_count=body.count(" ") + 1,
                signature=fingerprint.signature_text,
                sketch=fingerprint.sketch_text,
            )


class Clock:
    """Seconds of the processor spent inside the PARTS, which are wrapped while it is open."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.candidates = 0

    def __enter__(self) -> Clock:
        self.kept = [(part, home, name, getattr(home, name)) for part, home, name in PARTS]
        for part, home, name, function in self.kept:
            setattr(home, name, self._timed(part, function))
        return self

    def __exit__(self, *exc: object) -> None:
        for _, home, name, function in self.kept:
            setattr(home, name, function)

    def _timed(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any, **options: Any) -> Any:
            start = time.process_time()
            result = function(*args, **options)
            self.seconds[part] += time.process_time() - start
            if part == "decision":
                self.candidates += len(args[1])
            return result

        return timed


def add(connection: sa.Connection, batch: list[Article]) -> None:
    articles.add_many(connection, batch, now=NOW, window=Window(WINDOW_DAYS, stories.CANDIDATES_MAX))


def keep(connection: sa.Connection, batch: list[Article], first: int) -> None:
    """Write articles as stories of their own, undecided: the rows that `add` would write, many at a time. Their ids,
    and those of their stories, are the numbers from `first` on."""
    rows: dict[sa.Table, list[dict[str, Any]]] = defaultdict(list)
    bands: list[tuple[int, int, int]] = []
    for number, article in enumerate(batch, first):
        assert article.signature is not None
        assert article.sketch is not None
        fingerprint = similarity.Fingerprint.from_text(article.signature, article.sketch)
        same = {"headline": article.headline, "agency_is_weak": False, "change": number, "changed_at": NOW}
        when = article.date_published
        rows[schema.articles].append(
            {
                **{name: getattr(article, name) for name in ("url", "publisher", "kind", "body", "word_count")},
                "id": number,
                "story_id": number,
                "date_published": when,
                "date_crawled": when,
                "version": 1,
                "also_story_ids": [],
                "authors": [],
                "images": [],
                "is_agency": False,
                **same,
            }
        )
        rows[schema.fingerprints].append(
            {
                "article_id": number,
                "scheme": similarity.VERSION,
                "signature": fingerprint.signature_bytes,
                "sketch": fingerprint.sketch_bytes,
            }
        )
        rows[schema.stories].append(
            {
                "id": number,
                "canonical_id": number,
                "original_id": number,
                "copies": 1,
                "first_published": when,
                "last_published": when,
                **same,
            }
        )
        segment = candidates.segment(when)
        bands += [(segment, key, number) for key in set(similarity.bands(fingerprint))]
    for table, some in rows.items():
        connection.execute(table.insert(), some)
    # By the driver: 64 rows an article.
    connection.connection.cursor().executemany("INSERT INTO bands VALUES (?, ?, ?)", sorted(bands))
    connection.execute(schema.changes.update().values(last=first + len(batch)))
    connection.execute(schema.unindexed.delete())  # the search index is no part of this


def write(store: Store, job: Callable[[sa.Connection, list[Article]], None], found: Iterable[Article]) -> None:
    waiting = iter(found)
    while batch := list(islice(waiting, BATCH)):
        store.write_now(lambda connection, batch=batch: job(connection, batch))  # type: ignore[misc]


def sizes(path: Path) -> dict[str, int]:
    """Bytes of each table and index of a SQLite file."""
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name").fetchall()
    connection.close()
    return dict(rows)


@dataclass(frozen=True, slots=True)
class Plan:
    """A store that is filled: how many articles stand in the window, and how many before it."""

    path: Path
    inside: int
    before: int

    @property
    def count(self) -> int:
        return self.inside + self.before

    def when(self, number: int) -> datetime:
        """The articles are spread evenly, those before the window over WINDOW_DAYS to HISTORY_DAYS."""
        if number >= self.before:
            return NOW - timedelta(days=WINDOW_DAYS * (self.count - number) / self.inside)
        days = WINDOW_DAYS + (HISTORY_DAYS - WINDOW_DAYS) * (self.before - number) / self.before
        return NOW - timedelta(days=days)


def fill(plans: dict[str, Plan]) -> dict[str, list[Article]]:
    """Fill the stores with the same texts, but for the last MEASURED of each, which are returned. A store takes as many
    of the last ones as it holds."""
    most = max(plan.count for plan in plans.values())
    stores = {name: Store(f"sqlite:///{plan.path}") for name, plan in plans.items()}
    made, last = Press(1).articles(most), dict[str, list[Article]]()
    for first in range(0, most - MEASURED, FILLED):
        batch = list(islice(made, min(FILLED, most - MEASURED - first)))
        for name, plan in plans.items():
            skipped = most - plan.count
            dated = [
                replace(article, date_published=plan.when(number), date_crawled=plan.when(number))
                for number, article in enumerate(batch, first - skipped)
                if number >= 0
            ]
            if dated:
                at = max(0, first - skipped) + 1
                stores[name].write_now(partial(keep, batch=dated, first=at))
        if sys.stderr.isatty():
            print(f"{first + len(batch):,} of {most:,} articles written", end="\r", file=sys.stderr, flush=True)
    rest = list(made)
    for name, plan in plans.items():
        stores[name].close()
        times = [plan.when(number) for number in range(plan.count - MEASURED, plan.count)]
        last[name] = [
            replace(article, date_published=when, date_crawled=when) for article, when in zip(rest, times, strict=True)
        ]
    return last


def measure(plans: dict[str, Plan], made: dict[str, list[Article]]) -> dict[str, float]:
    """Add the last articles to all stores in turn, so that a busy machine slows all alike; milliseconds an article."""
    clocks = {name: Clock() for name in plans}
    totals = dict.fromkeys(plans, 0.0)
    stores = {name: Store(f"sqlite:///{plan.path}") for name, plan in plans.items()}
    for first in range(0, MEASURED, BATCH):
        for name, store in stores.items():
            with clocks[name]:
                start = time.process_time()
                write(store, add, made[name][first : first + BATCH])
                totals[name] += (time.process_time() - start) * 1000 / MEASURED
    for name, store in stores.items():
        path = plans[name].path
        store.close()
        openings = []
        for _ in range(5):
            start = time.perf_counter()
            Store(f"sqlite:///{path}").close()
            openings.append((time.perf_counter() - start) * 1000)
        with sqlite3.connect(path) as connection:
            count = connection.execute("SELECT count(*) FROM articles").fetchone()[0]
        size, spent = sizes(path), clocks[name]
        index = (size["bands"] + size["fingerprints"]) / count
        parts = ", ".join(f"{part} {seconds * 1000 / MEASURED:.2f}" for part, seconds in spent.seconds.items())
        print(
            f"{name:>34}: {totals[name]:5.2f} ms an article ({parts}), {spent.candidates / MEASURED:.1f} candidates; "
            f"index {index:,.0f} bytes an article, all {path.stat().st_size / count:,.0f}; "
            f"opened in {sorted(openings)[2]:.0f} ms",
            flush=True,
        )
    return totals


def storm(folder: Path, count: int) -> None:
    """Milliseconds an article, thousand by thousand, of one text that comes again and again."""
    body = Press(3).body()
    made = [
        Article(
            url=f"https://paper{n}.example/{n}", publisher=f"paper{n}.example", headline="", body=body,
            date_published=NOW + timedelta(seconds=n), word_count=9,
        )
        for n in range(count)
    ]  # fmt: skip
    figures = []
    with Store(f"sqlite:///{folder}/storm.db") as store:
        for first in range(0, count, 1000):
            start = time.process_time()
            write(store, add, made[first : first + 1000])
            figures.append((time.process_time() - start) * 1000 / len(made[first : first + 1000]))
    print(f"{count:,} identical articles, ms an article by the thousand: " + ", ".join(f"{ms:.1f}" for ms in figures))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=100_000, help="of the large stores; the small one has a tenth")
    parser.add_argument("--storm", type=int, default=10_000, help="identical articles; 0 for none")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="newsfold-growth-") as name:
        folder, few, many = Path(name), args.articles // 10, args.articles
        if args.storm:
            storm(folder, args.storm)
        plans = {
            f"{few:,} in the window": Plan(folder / "0.db", few, 0),
            f"the same after {many - few:,} older": Plan(folder / "1.db", few, many - few),
            f"{many:,} in the window": Plan(folder / "2.db", many, 0),
        }
        alone, history, dense = measure(plans, fill(plans)).values()
        print(f"with history against none {history / alone:.2f} x; ten times the window {dense / alone:.2f} x")


if __name__ == "__main__":
    main()
