"""Articles a second that the writer decides and stores, beside a plain executemany of the very same rows.

    python benchmarks/writer.py [--articles 10000] [--copies 0.4] [--url postgresql+psycopg://root@127.0.0.1/postgres]

Invented texts of 150 to 700 words, of which a share are copies, cuts and re-led copies of earlier ones, over twenty
days; signatures are made before, as the worker processes do. Written in batches of 50, once by
`crawler.store.articles.add_many` in one transaction a batch, as the writer does, and once row by row as they then
stand, by the driver's own executemany in transactions of as many articles. Then what was left to the writer's idle
time, the search index. Prints articles a second by the clock and by this process's CPU; PostgreSQL's own work is in the
clock alone. On PostgreSQL a database of its own is made and removed.
"""

from __future__ import annotations

import argparse
import gc
import random
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

import sqlalchemy as sa

import crawler.commands  # noqa: F401 - garbage is collected as in `scrapy crawl`
from crawler import similarity, stories
from crawler.items import Article
from crawler.store import Store, articles, schema, searches
from crawler.store.candidates import Window

BATCH = 50
DAYS = 20
WINDOW_DAYS = 10.0
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
#: In the order in which they are written; `bands` are most of the rows.
TABLES = (schema.articles, schema.fingerprints, schema.bands, schema.stories)


def texts(count: int, copies: float) -> Iterator[Article]:
    """The articles, in order of time."""
    chance = random.Random(1)  # noqa: S311 - not for secrets
    words = ["".join(chance.choices("abcdefghiklmnoprstuvwy", k=chance.randint(2, 11))) for _ in range(20_000)]
    bodies: list[list[str]] = []
    for number in range(count):
        if bodies and chance.random() < copies:
            lines = list(chance.choice(bodies[-500:]))
            kind = chance.random()
            if kind < 0.3:
                lines = lines[: max(3, len(lines) * 2 // 3)]
            elif kind < 0.5:
                lines = [_sentence(chance, words), *lines[1:]]
        else:
            lines = [_sentence(chance, words) for _ in range(chance.randint(7, 32))]
            bodies.append(lines)
        body = "\n\n".join(" ".join(lines[start : start + 3]) for start in range(0, len(lines), 3))
        fingerprint = similarity.sign("", body)
        yield Article(
            url=f"https://paper{number % 97}.example/2026/{number}",
            publisher=f"paper{number % 97}.example",
            publisher_name=f"Paper {number % 97}",
            headline=_sentence(chance, words)[:70],
            body=body,
            authors=("A Writer",),
            language="en",
            date_published=NOON + timedelta(days=DAYS * number / count),
            date_published_source="json-ld",
            date_crawled=NOON + timedelta(days=DAYS * number / count, minutes=9),
            word_count=len(body.split()),
            signature=fingerprint.signature_text,
            sketch=fingerprint.sketch_text,
        )


def _sentence(chance: random.Random, words: Sequence[str]) -> str:
    return " ".join(chance.choices(words, k=22)).capitalize() + f" {chance.randint(1, 999)}."


def measured(what: str, count: int, run: Callable[[], object]) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    run()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"  {what:<34}{count / wall:>9,.0f}/s{count / cpu:>9,.0f}/s CPU", flush=True)


def write(store: Store, everything: Sequence[Article]) -> None:
    add = partial(articles.add_many, now=NOON, window=Window(WINDOW_DAYS, stories.CANDIDATES_MAX))
    for start in range(0, len(everything), BATCH):
        store.write_now(partial(add, batch=everything[start : start + BATCH]))


def index(store: Store) -> None:
    while store.write_now(searches.catch_up):
        pass


def copy(store: Store, other: Store) -> Callable[[], None]:
    """What writes the rows of a store into another, which is empty, as the driver takes them."""
    with store.engine.connect() as connection:
        rows = {}
        for table in TABLES:
            order = table.c.id if "id" in table.c else table.c.article_id
            found = connection.exec_driver_sql(f"SELECT {_names(table)} FROM {table.name} ORDER BY {order.name}").all()
            place = list(table.c.keys()).index(order.name)
            rows[table] = [(row[place], tuple(row)) for row in found]
    last = max(id_ for id_, _ in rows[schema.articles])
    mark = "%s" if store.engine.dialect.name == "postgresql" else "?"
    wrap = _json if mark == "%s" else tuple

    def run() -> None:
        at = dict.fromkeys(TABLES, 0)
        for end in range(BATCH, last + BATCH, BATCH):
            with other.engine.begin() as connection:
                for table in TABLES:
                    start = at[table]
                    while at[table] < len(rows[table]) and rows[table][at[table]][0] <= end:
                        at[table] += 1
                    some = [wrap(row) for _, row in rows[table][start : at[table]]]
                    if some:
                        marks = ", ".join([mark] * len(some[0]))
                        connection.exec_driver_sql(f"INSERT INTO {table.name} ({_names(table)}) VALUES ({marks})", some)

    return run


def _names(table: sa.Table) -> str:
    """Its columns, by name: a store that was upgraded has them in another order."""
    return ", ".join(column.name for column in table.c)


def _json(row: tuple[object, ...]) -> tuple[object, ...]:
    from psycopg.types.json import Json

    return tuple(Json(value) if isinstance(value, list) else value for value in row)


def compare(everything: Sequence[Article], first: str, second: str) -> None:
    with Store(first) as store, Store(second) as other:
        print(store.engine.dialect.name)
        measured("decided and stored", len(everything), partial(write, store, everything))
        measured("executemany of the same rows", len(everything), copy(store, other))
        measured("search index, in idle time", len(everything), partial(index, store))
        with store.read() as connection:
            a = schema.articles.c
            joined = sa.select(sa.func.count()).where(a.relation.is_not(None))
            print(f"  {connection.execute(joined).scalar_one():,} articles share a story")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--copies", type=float, default=0.4)
    parser.add_argument("--url", help="of a PostgreSQL server on which databases may be made")
    args = parser.parse_args()
    everything = list(texts(args.articles, args.copies))
    gc.freeze()  # these are no part of what is measured
    with tempfile.TemporaryDirectory() as folder:
        compare(everything, f"sqlite:///{folder}/ours.db", f"sqlite:///{folder}/plain.db")
    if args.url:
        server = sa.create_engine(args.url, isolation_level="AUTOCOMMIT")
        names = [f"writer_{kind}_{uuid.uuid4().hex[:8]}" for kind in ("ours", "plain")]
        try:
            with server.connect() as connection:
                for name in names:
                    connection.exec_driver_sql(f"CREATE DATABASE {name}")
            urls = [server.url.set(database=name).render_as_string(hide_password=False) for name in names]
            compare(everything, *urls)
        finally:
            with server.connect() as connection:
                for name in names:
                    connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            server.dispose()


if __name__ == "__main__":
    main()
