"""A person's own decisions on stories: what they do, what they bind, and how they are taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from crawler.items import Article
from crawler.store import Store, articles, changefeed, decisions, exports, integrity, recollapse, retention, schema
from crawler.store.candidates import Window
from crawler.store.decisions import DecisionError
from crawler.store.exports import Since

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
LATER = datetime(2026, 5, 6, 9, 30, tzinfo=UTC)
Prose = Callable[..., str]


def add(store: Store, paper: str, body: str, hours: float = 0, **options: Any) -> Article:
    article = Article(
        url=f"https://{paper}/{hours}",
        publisher=paper,
        headline=f"{paper} at {hours}",
        body=body,
        date_published=NOON + timedelta(hours=hours),
        **options,
    )
    job = partial(articles.add, article=article, now=NOON, window=Window(10.0, 64))
    placed = store.write_now(job)
    assert placed is not None
    return placed


def split(store: Store, story_id: int, url: str) -> int:
    return store.write_now(partial(decisions.split, story_id=story_id, url=url, by="ann", now=LATER))


def merge(store: Store, story_id: int, other_id: int) -> int:
    return store.write_now(partial(decisions.merge, story_id=story_id, other_id=other_id, by="ann", now=LATER))


def undo(store: Store, story_id: int) -> decisions.Decision:
    return store.write_now(partial(decisions.undo, story_id=story_id, now=LATER))


def told(store: Store, story_id: int) -> list[decisions.Decision]:
    with store.read() as connection:
        return decisions.of_story(connection, story_id)


def again(store: Store, tmp_path: Path) -> recollapse.Outcome:
    return recollapse.recollapse(
        store,
        tmp_path / "shadow",
        window=Window(10.0, 64),
        now=LATER,
        progress=lambda what, done, total: None,
    )


def rows(store: Store, since: int = 0) -> dict[str, dict[str, Any]]:
    """The articles by paper."""
    with store.read() as connection:
        return {row["publisher"]: row for row in exports.article_rows(connection, Since(change=since))}


def stories(store: Store) -> list[list[str]]:
    """The papers of each story."""
    found: dict[int, list[str]] = {}
    for paper, row in sorted(rows(store).items()):
        found.setdefault(row["story_id"], []).append(paper)
    return sorted(found.values())


def story(store: Store, story_id: int) -> dict[str, Any]:
    with store.read() as connection:
        (row,) = (row for row in exports.story_rows(connection) if row["id"] == story_id)
    return row


def faults(store: Store) -> list[str]:
    with store.read() as connection:
        return [fault.says for fault in integrity.check(connection)]


@pytest.fixture
def dam(store: Store, prose: Prose) -> int:
    """A story of three papers: a, b, c."""
    for hour, paper in enumerate("abc"):
        placed = add(store, paper, prose("dam", 24 - hour), hour)
    assert placed.story_id is not None
    return placed.story_id


@pytest.fixture
def tax(store: Store, prose: Prose, dam: int) -> int:
    """Another one, of two: x, y."""
    for hour, paper in enumerate("xy"):
        placed = add(store, paper, prose("tax", 24 - hour), hour)
    assert placed.story_id is not None
    return placed.story_id


# --------------------------------------------------------------------------------------------------------------- split
def test_an_article_that_is_split_off_founds_a_story(store: Store, dam: int) -> None:
    at = max(row["id"] for row in rows(store).values())
    founded = split(store, dam, "https://b/1")
    assert stories(store) == [["a", "c"], ["b"]]
    assert (story(store, dam)["copies"], story(store, founded)["copies"]) == (2, 1)
    assert (rows(store)["b"]["relation"], rows(store)["a"]["relation"]) == (None, "original")
    assert founded > at or founded != dam
    assert faults(store) == []


def test_a_split_shows_in_the_change_feed(store: Store, dam: int, prose: Prose) -> None:
    add(store, "alone", prose("alone"))
    with store.read() as connection:
        at = changefeed.position(connection)
    founded = split(store, dam, "https://a/0")
    with store.read() as connection:
        changed = [row["id"] for row in exports.story_rows(connection, Since(change=at))]
    assert sorted(changed) == [dam, founded]
    assert "alone" not in rows(store, at)
    assert rows(store, at)["a"]["story_id"] == founded


def test_later_copies_follow_their_text_and_do_not_bring_the_two_together(store: Store, dam: int, prose: Prose) -> None:
    add(store, "own", prose("flood"), 3)
    split(store, dam, "https://b/1")
    for hour in range(4, 9):
        add(store, f"p{hour}", prose("dam", 24 - hour % 3), hour)
    assert len({rows(store)[paper]["story_id"] for paper in ("a", "b", "c", "own")}) == 3
    assert rows(store)["a"]["story_id"] == rows(store)["c"]["story_id"]
    assert faults(store) == []


def test_a_split_survives_recollapse(store: Store, dam: int, prose: Prose, tmp_path: Path) -> None:
    founded = split(store, dam, "https://b/1")
    outcome = again(store, tmp_path)
    assert (outcome.moved, stories(store)) == (0, [["a", "c"], ["b"]])
    assert rows(store)["b"]["story_id"] == founded
    with store.read() as connection:
        (says,) = exports.evidence(connection, founded).values()
    assert "kept apart by a person's decision (ann, 2026-05-06)" in str(says)


def test_a_split_of_the_first_copy_survives_recollapse(store: Store, dam: int, tmp_path: Path) -> None:
    split(store, dam, "https://a/0")
    again(store, tmp_path)
    assert stories(store) == [["a"], ["b", "c"]]


# --------------------------------------------------------------------------------------------------------------- merge
def test_two_stories_are_one_under_the_older_id(store: Store, dam: int, tax: int) -> None:
    assert merge(store, tax, dam) == dam
    assert stories(store) == [["a", "b", "c", "x", "y"]]
    assert (story(store, dam)["copies"], story(store, tax)["merged_into"]) == (5, dam)
    assert faults(store) == []


def test_a_merge_shows_in_the_change_feed(store: Store, dam: int, tax: int) -> None:
    with store.read() as connection:
        at = changefeed.position(connection)
    merge(store, dam, tax)
    with store.read() as connection:
        assert {row["id"] for row in exports.story_rows(connection, Since(change=at))} == {dam, tax}
    assert {"x", "y"} <= rows(store, at).keys()


def test_an_article_of_two_stories_that_become_one_names_no_other(
    store: Store, dam: int, tax: int, prose: Prose
) -> None:
    placed = add(store, "m", prose("tax", 21) + "\n\n" + prose("dam", 12), 6)
    assert (placed.story_id, rows(store)["m"]["also_story_ids"]) == (tax, [dam])
    merge(store, dam, tax)
    assert rows(store)["m"]["also_story_ids"] == []
    undo(store, dam)
    assert rows(store)["m"]["also_story_ids"] == [dam]


def test_a_merge_survives_recollapse(store: Store, dam: int, tax: int, tmp_path: Path) -> None:
    merge(store, dam, tax)
    assert again(store, tmp_path).moved == 0
    assert stories(store) == [["a", "b", "c", "x", "y"]]


def test_a_merged_story_goes_on_to_grow(store: Store, dam: int, tax: int, prose: Prose) -> None:
    merge(store, dam, tax)
    assert add(store, "z", prose("tax"), 5).story_id == dam


def test_the_last_decision_holds(store: Store, dam: int, tax: int, tmp_path: Path) -> None:
    merge(store, dam, tax)
    split(store, dam, "https://x/0")
    again(store, tmp_path)
    assert stories(store) == [["a", "b", "c", "y"], ["x"]]
    merge(store, dam, rows(store)["x"]["story_id"])
    again(store, tmp_path)
    assert stories(store) == [["a", "b", "c", "x", "y"]]


# ---------------------------------------------------------------------------------------------------------- taken back
def test_a_split_can_be_taken_back(store: Store, dam: int, tmp_path: Path) -> None:
    founded = split(store, dam, "https://b/1")
    assert undo(store, founded).kind == "split"
    assert stories(store) == [["a", "b", "c"]]
    assert story(store, founded)["merged_into"] == dam
    again(store, tmp_path)
    assert stories(store) == [["a", "b", "c"]]
    assert faults(store) == []


def test_a_merge_can_be_taken_back(store: Store, dam: int, tax: int, prose: Prose, tmp_path: Path) -> None:
    merge(store, dam, tax)
    add(store, "z", prose("dam"), 5)
    assert undo(store, tax).kind == "merge"
    assert stories(store) == [["a", "b", "c", "z"], ["x", "y"]]
    assert rows(store)["x"]["story_id"] == tax
    assert story(store, tax)["merged_into"] is None
    assert faults(store) == []
    assert again(store, tmp_path).moved == 0


def test_a_merge_taken_back_takes_along_what_had_become_part_of_it_before(
    store: Store, dam: int, tax: int, prose: Prose
) -> None:
    port = add(store, "p", prose("port"), 6).story_id
    assert port is not None
    assert merge(store, tax, port) == tax
    assert merge(store, dam, tax) == dam
    undo(store, dam)
    assert stories(store) == [["a", "b", "c"], ["p", "x", "y"]]
    assert story(store, port)["merged_into"] == tax
    assert faults(store) == []


def test_what_a_decision_overruled_holds_again_when_it_is_taken_back(store: Store, dam: int, tmp_path: Path) -> None:
    founded = split(store, dam, "https://b/1")
    merge(store, dam, founded)
    assert [made.kind for made in told(store, dam)] == ["merge"]
    assert undo(store, dam).kind == "merge"
    assert [made.kind for made in told(store, founded)] == ["split"]
    again(store, tmp_path)
    assert stories(store) == [["a", "c"], ["b"]]
    assert undo(store, founded).kind == "split"
    assert (stories(store), told(store, dam), faults(store)) == ([["a", "b", "c"]], [], [])


def test_a_split_is_not_taken_back_where_that_would_unite_what_another_keeps_apart(
    store: Store, dam: int, tax: int
) -> None:
    apart = split(store, dam, "https://b/1")
    merge(store, dam, tax)
    merge(store, apart, split(store, dam, "https://x/0"))
    assert stories(store) == [["a", "c", "y"], ["b", "x"]]
    with pytest.raises(DecisionError, match=f"undo that of story {apart} first"):
        undo(store, dam)
    assert stories(store) == [["a", "c", "y"], ["b", "x"]]
    undo(store, apart)
    undo(store, dam)
    assert stories(store) == [["a", "c", "x", "y"], ["b"]]


def test_a_split_taken_back_leaves_the_merge_that_it_overruled(
    store: Store, dam: int, tax: int, tmp_path: Path
) -> None:
    merge(store, dam, tax)
    undo(store, split(store, dam, "https://x/0"))
    again(store, tmp_path)
    assert stories(store) == [["a", "b", "c", "x", "y"]]


# --------------------------------------------------------------------------------------------------------- told, bound
def test_decisions_are_told_with_who_and_when(store: Store, dam: int, tax: int) -> None:
    merge(store, dam, tax)
    split(store, dam, "https://c/2")
    with store.read() as connection:
        told = [str(made) for made in decisions.of_story(connection, dam)]
    assert told == [
        f"story {tax} is part of it: ann, 2026-05-06 09:30 UTC",
        f"https://c/2 is kept out of story {dam}: ann, 2026-05-06 09:30 UTC",
    ]


def test_what_can_not_be_decided_is_told_and_changes_nothing(store: Store, dam: int, tax: int) -> None:
    before = rows(store)
    for decide, says in (
        (partial(split, store, dam, "https://x/0"), f"that article stands in story {tax}"),
        (partial(split, store, dam, "https://nowhere/"), "no article of that URL is stored"),
        (partial(split, store, 999, "https://a/0"), "story 999: there is none"),
        (partial(merge, store, dam, 999), "story 999: there is none"),
        (partial(merge, store, dam, dam), "are one story already"),
        (partial(undo, store, dam), "no decision of a person to take back"),
    ):
        with pytest.raises(DecisionError, match=says):
            decide()
    assert rows(store) == before


def test_the_only_copy_can_not_leave(store: Store, prose: Prose) -> None:
    alone = add(store, "a", prose("dam"))
    with pytest.raises(DecisionError, match="is its only copy"):
        split(store, alone.story_id or 0, alone.url)


def test_what_is_pruned_or_forgotten_is_bound_by_nothing(store: Store, dam: int, tax: int) -> None:
    merge(store, dam, tax)
    split(store, dam, "https://a/0")
    retention.forget(store, "https://a/0", now=LATER)
    with store.read() as connection:
        assert connection.scalars(sa.select(schema.decisions.c.kind)).all() == ["merge"]
        assert "https://a/0" not in connection.scalars(sa.select(schema.decided.c.url)).all()
