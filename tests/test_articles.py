"""What the store does around the decision: candidates are bounded, copies counted, and what follows from a copy."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from crawler.items import Article
from crawler.store import Store, articles, candidates, exports, schema
from crawler.store.candidates import Window

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(f"sqlite:///{tmp_path}/newsfold.db") as store:
        yield store


def prose(topic: str, sentences: int = 24) -> str:
    """A made-up text of its own, the same for the same topic."""
    chance = random.Random(topic)  # noqa: S311
    words = ["".join(chance.choices("bdfgklmnprstaeiou", k=chance.randint(3, 9))) for _ in range(400)]
    lines = [" ".join(chance.choices(words, k=14)).capitalize() + "." for _ in range(sentences)]
    return "\n\n".join(lines)


def add(store: Store, publisher: str, body: str, *, hours: float = 0, path: str = "", most: int = 64) -> Article:
    number = f"{hours}-{path}-{random.Random(body).random()}"  # noqa: S311
    article = Article(
        url=f"https://{publisher}/{number}",
        publisher=publisher,
        headline="A headline",
        body=body,
        date_published=NOON + timedelta(hours=hours),
    )
    job = partial(articles.add, article=article, now=NOON, window=Window(10.0, most))
    placed = store.write_now(job)
    assert placed is not None
    return placed


def story(store: Store, placed: Article) -> dict[str, Any]:
    assert placed.story_id is not None
    with store.read() as connection:
        found = exports.story(connection, placed.story_id)
    assert found is not None
    return found


# --------------------------------------------------------------------------------------------------------------- copies
def test_a_paper_s_text_under_two_addresses_is_one_copy(store: Store) -> None:
    add(store, "herald.example", prose("dam"))
    add(store, "herald.example", prose("dam"), hours=1, path="twin")
    placed = add(store, "gazette.example", prose("dam"), hours=2)
    assert story(store, placed)["copies"] == 2
    again = add(store, "gazette.example", prose("dam") + "\n\nUpdated at noon.", hours=3)
    assert again.story_id == placed.story_id
    assert story(store, placed)["copies"] == 2


def test_copies_of_stories_that_become_one_are_counted_by_publisher_too(store: Store) -> None:
    add(store, "herald.example", prose("dam"))
    add(store, "herald.example", prose("dam", 23), hours=1, most=0)
    placed = add(store, "gazette.example", prose("dam", 22), hours=2)
    assert story(store, placed)["copies"] == 2


def test_a_copy_that_was_printed_earlier_becomes_the_original(store: Store) -> None:
    later = add(store, "herald.example", prose("dam"), hours=2)
    third = add(store, "mirror.example", prose("dam"), hours=3)
    first = add(store, "gazette.example", prose("dam"), hours=1)
    with store.read() as connection:
        relations = {row["id"]: row["relation"] for row in exports.article_rows(connection)}
    assert relations == {first.id: "original", later.id: "copy", third.id: "copy"}
    dates = story(store, first)
    assert (dates["first_published"], dates["last_published"]) == (first.date_published, third.date_published)


# --------------------------------------------------------------------------------------------------------------- storms
def test_articles_are_numbered_after_the_last_though_the_count_of_numbers_is_behind(store: Store) -> None:
    first = add(store, "herald.example", prose("dam"))
    behind = {
        "sqlite": "DELETE FROM sqlite_sequence",
        "postgresql": "SELECT setval('articles_id_seq', 1, false), setval('stories_id_seq', 1, false)",
    }
    store.write_now(lambda connection: connection.exec_driver_sql(behind[connection.dialect.name]))
    placed = add(store, "gazette.example", prose("tax"), hours=1)
    assert first.id is not None
    assert placed.id == first.id + 1


def test_a_damaged_fingerprint_costs_no_other_article_its_place(store: Store) -> None:
    add(store, "herald.example", prose("dam"))
    store.write_now(lambda connection: connection.execute(schema.fingerprints.update().values(signature=b"\0\xff")))
    assert add(store, "gazette.example", prose("dam"), hours=1).id is not None


def test_a_storm_costs_each_article_the_same_rows(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "POSTINGS_MAX", 8)  # what is read of a key is then what a storm of thousands reads
    looked: list[int] = []

    def count(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        looked.append(1)

    counts = []
    for number in range(30):
        looked.clear()
        sa.event.listen(store.engine, "before_cursor_execute", count)
        placed = add(store, f"paper{number}.example", prose("dam"), hours=number / 60, most=8)
        sa.event.remove(store.engine, "before_cursor_execute", count)
        counts.append(len(looked))
    assert story(store, placed)["copies"] == 30
    assert max(counts[15:]) == min(counts[15:])


def test_nothing_that_an_article_asks_for_walks_through_a_table(store: Store) -> None:
    asked: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool) -> None:
        if statement.startswith(("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")):
            asked.append((statement, parameters[0] if executemany else parameters))

    sa.event.listen(store.engine, "before_cursor_execute", note)
    add(store, "herald.example", prose("dam"))
    add(store, "gazette.example", prose("dam", 23), hours=1, most=0)
    merged = add(store, "mirror.example", prose("dam", 22), hours=2)
    sa.event.remove(store.engine, "before_cursor_execute", note)
    assert story(store, merged)["copies"] == 3
    with store.read() as connection:
        plans = {
            (statement, step.detail)
            for statement, parameters in asked
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        }
    tables = "articles|stories|fingerprints|bands|entries|versions|layouts"
    assert [plan for plan in plans if re.match(rf"SCAN ({tables})\b", plan[1])] == []
    assert any(step.startswith("SEARCH stories") for _, step in plans)


def test_a_look_up_that_was_bounded_says_so(store: Store) -> None:
    for number in range(4):
        placed = add(store, f"paper{number}.example", prose("dam"), hours=number, most=2)
    with store.read() as connection:
        assert placed.story_id is not None
        evidence = exports.evidence(connection, placed.story_id)
    assert placed.id is not None
    assert "compared with the 2 nearest only" in str(evidence[placed.id])
    assert "nearest only" not in str(evidence[placed.id - 2])


def test_a_copy_is_found_though_its_opening_is_that_of_a_storm(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "POSTINGS_MAX", 4)
    monkeypatch.setattr(candidates, "ROWS_MAX", 200)
    add(store, "herald.example", prose("bulletin", 12) + "\n\n" + prose("dam"))
    for number in range(40):
        add(store, f"paper{number}.example", prose("bulletin", 12) + "\n\n" + prose(f"town {number}"), hours=1)
    first = add(store, "gazette.example", prose("dam"), hours=2)
    assert story(store, first)["publishers"] == ["herald.example", "gazette.example"]
