"""Old segments of the candidate index: they leave in one piece, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from crawler.items import Article
from crawler.store import Store, articles, integrity, schema, sealing
from crawler.store.candidates import Window

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
Prose = Callable[..., str]


def add(store: Store, paper: str, body: str, days_ago: float | None) -> Article:
    when = None if days_ago is None else NOW - timedelta(days=days_ago)
    article = Article(url=f"https://{paper}/", publisher=paper, headline="", body=body, date_published=when)
    placed = store.write_now(partial(articles.add, article=article, now=NOW, window=Window(10.0, 64)))
    assert placed is not None
    return placed


def indexed(store: Store) -> set[str]:
    """The papers whose articles are in the candidate index."""
    with store.read() as connection:
        query = sa.select(schema.articles.c.publisher).join(
            schema.bands, schema.bands.c.article_id == schema.articles.c.id
        )
        return set(connection.scalars(query))


@pytest.fixture
def years(store: Store, prose: Prose) -> Store:
    for paper, days_ago in (("old", 400), ("older", 380), ("new", 1), ("undated", None)):
        add(store, paper, prose(paper), days_ago)
    return store


def test_what_is_older_leaves_the_index_and_what_is_newer_or_undated_stays(years: Store) -> None:
    assert sealing.seal(years, 90, NOW) == 2 * 64
    assert indexed(years) == {"new", "undated"}
    assert sealing.seal(years, 90, NOW) == 0


def test_the_store_agrees_without_its_old_segments(years: Store, prose: Prose) -> None:
    sealing.seal(years, 90, NOW)
    with years.read() as connection:
        assert list(integrity.check(connection)) == []
    late = add(years, "late", prose("late"), 401)  # one that comes late is found by others until the next time
    assert add(years, "later", prose("late"), 402).story_id == late.story_id
    with years.read() as connection:
        assert list(integrity.check(connection)) == []
    assert sealing.seal(years, 90, NOW) == 2 * 64


def test_age_is_counted_from_the_newest_article(store: Store, prose: Prose) -> None:
    for paper, days_ago in (("a", 900), ("b", 880), ("c", 700)):
        add(store, paper, prose(paper), days_ago)
    add(store, "of the year 9999", prose("d"), -2_900_000)
    sealing.seal(store, 90, NOW)
    assert indexed(store) == {"c", "of the year 9999"}


def test_0_days_take_nothing(years: Store) -> None:
    assert sealing.seal(years, 0, NOW) == 0
    assert indexed(years) == {"old", "older", "new", "undated"}


def test_it_goes_on_where_it_stopped(years: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "BATCH", 50)
    assert sealing.seal(years, 90, NOW, batches=1) == 50
    assert sealing.seal(years, 90, NOW) == 2 * 64 - 50
    assert indexed(years) == {"new", "undated"}
