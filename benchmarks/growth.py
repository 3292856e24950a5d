"""What an article costs as the store grows: benchmarks/growth.py [--articles 100000] [--storm 10000].

Fills private stores through crawler.store.articles.add and prints, for the last articles of each, milliseconds of
the processor an article (look-up, decision, write), candidates, bytes an article on disk, and how long opening takes:
a tenth of the articles in one window, all of them in one window, and a tenth in the window after a history of the rest.
Texts are made up: words by Zipf's law, an agency's copies, cuts and extensions, bulletins by template, quotations that
several print. What a store holds before the articles that are measured is written without being decided, since its
stories do not matter: the same rows, by the same functions.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from crawler import similarity, stories
from crawler.items import Article, Copy
from crawler.store import Store, articles

NOW = datetime(2026, 11, 1, tzinfo=UTC)
WINDOW_DAYS = 10.0
MEASURED = 1000  #: articles at the end of each fill
BATCH = 50  #: articles in a transaction, as a crawl has them
PARTS = {"look-up": "_candidates", "decision": "decide", "write": "_insert"}


class Press:
    """Made-up articles, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311
        syllables = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
        self.words = sorted(
            {"".join(self.chance.choices(syllables, k=self.chance.randint(1, 4))) for _ in range(20_000)}
        )
        self.weights = list(accumulate(1 / (rank + 3) for rank in range(len(self.words))))
        self.recent: list[list[str]] = []

    def sentence(self) -> str:
        chance = self.chance
        words = chance.choices(self.words, cum_weights=self.weights, k=chance.randint(8, 28))
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

    def articles(self, count: int, first: datetime, last: datetime) -> Iterator[Article]:
        """So many articles in order of time, evenly from `first` to `last`."""
        for number in range(count):
            body = self.body()
            when = first + (last - first) * (number / count)
            yield Article(
                url=f"https://paper{number % 500}.example/{when:%Y/%m/%d}/{number}",
                publisher=f"paper{number % 500}.example",
                headline=body[:60],
                body=body,
                date_published=when,
                date_crawled=when,
                word_count=body.count(" ") + 1,
            )


class Clock:
    """Seconds spent inside functions of crawler.store.articles, which are wrapped while it is open."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.candidates = 0

    def __enter__(self) -> Clock:
        self.kept = [(self._home(name), name, getattr(self._home(name), name)) for name in PARTS.values()]
        for home, name, function in self.kept:
            setattr(home, name, self._timed(name, function))
        return self

    def __exit__(self, *exc: object) -> None:
        for home, name, function in self.kept:
            setattr(home, name, function)

    def _home(self, name: str) -> Any:
        return stories if name == "decide" else articles

    def _timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any, **options: Any) -> Any:
            start = time.process_time()
            result = function(*args, **options)
            self.seconds[name] += time.process_time() - start
            if name == "decide":
                self.candidates += len(args[1])
            return result

        return timed


def add(connection: sa.Connection, batch: list[Article]) -> None:
    for article in batch:
        articles.add(connection, article, now=NOW, window_days=WINDOW_DAYS, candidates_max=stories.CANDIDATES_MAX)


def keep(connection: sa.Connection, batch: list[Article]) -> None:
    """Write articles as stories of their own, undecided."""
    for article in batch:
        change = articles.next_change(connection)
        fingerprint = similarity.sign(article.headline, article.body)
        new = stories.Text(publisher=article.publisher, date_published=article.date_published, fingerprint=fingerprint)
        keys = similarity.bands(fingerprint)
        found = articles._insert(connection, article, Copy(story_id=None), fingerprint, keys, new, change, NOW)
        articles._found(connection, article, found, change, NOW)


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


def fill(path: Path, count: int, days: float) -> list[Article]:
    """Fill a store with `count` articles over so many days, but for the last MEASURED, which are returned."""
    made = Press(1).articles(count, NOW - timedelta(days=days), NOW)
    with Store(f"sqlite:///{path}") as store:
        write(store, keep, islice(made, count - MEASURED))
    return list(made)


def measure(paths: dict[str, Path], made: dict[str, list[Article]]) -> dict[str, float]:
    """Add the last articles to all stores in turn, so that a busy machine slows all alike; milliseconds an article."""
    clocks = {name: Clock() for name in paths}
    totals = dict.fromkeys(paths, 0.0)
    stores = {name: Store(f"sqlite:///{path}") for name, path in paths.items()}
    for first in range(0, MEASURED, BATCH):
        for name, store in stores.items():
            with clocks[name]:
                start = time.process_time()
                write(store, add, made[name][first : first + BATCH])
                totals[name] += (time.process_time() - start) * 1000 / MEASURED
    for name, store in stores.items():
        store.close()
        start = time.perf_counter()
        Store(f"sqlite:///{paths[name]}").close()
        opening = (time.perf_counter() - start) * 1000
        with sqlite3.connect(paths[name]) as connection:
            count = connection.execute("SELECT count(*) FROM articles").fetchone()[0]
        size, spent = sizes(paths[name]), clocks[name]
        index = (size["bands"] + size["fingerprints"]) / count
        parts = ", ".join(f"{part} {spent.seconds[inner] * 1000 / MEASURED:.2f}" for part, inner in PARTS.items())
        print(
            f"{name:>34}: {totals[name]:5.2f} ms an article ({parts}), {spent.candidates / MEASURED:.1f} candidates; "
            f"index {index:,.0f} bytes an article, all {paths[name].stat().st_size / count:,.0f}; "
            f"opened in {opening:.0f} ms",
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
        plan = {
            f"{few:,} in the window": (few, WINDOW_DAYS),
            f"the same after {many - few:,} older": (many, WINDOW_DAYS * 10),
            f"{many:,} in the window": (many, WINDOW_DAYS),
        }
        paths = {name: folder / f"{number}.db" for number, name in enumerate(plan)}
        alone, history, dense = measure(paths, {name: fill(paths[name], *plan[name]) for name in plan}).values()
        print(f"with history against none {history / alone:.2f} x; ten times the window {dense / alone:.2f} x")


if __name__ == "__main__":
    main()
