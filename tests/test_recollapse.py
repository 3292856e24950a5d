"""Stories made anew: the same as in order of time, written where they differ, whatever happens in between."""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from crawler import similarity
from crawler.items import Article
from crawler.settings import PROJECT
from crawler.store import (
    Store,
    StoreError,
    StoreLockedError,
    articles,
    changefeed,
    exports,
    integrity,
    recollapse,
    schema,
    settling,
    signing,
)
from crawler.store.candidates import Window
from crawler.store.changefeed import Stamp
from crawler.store.exports import Since

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
Prose = Callable[..., str]
Again = Callable[..., recollapse.Outcome]


def add(store: Store, paper: str, body: str, hours: float = 0, *, most: int = 64) -> Article:
    """An article as it arrives; `most` 0 lets it found a story whatever it prints."""
    article = Article(
        url=f"https://{paper}/{hours}",
        publisher=paper,
        headline=f"{paper} at {hours}",
        body=body,
        date_published=NOON + timedelta(hours=hours),
        date_crawled=NOON + timedelta(days=2),
    )
    job = partial(articles.add, article=article, now=NOON, window=Window(10.0, most))
    placed = store.write_now(job)
    assert placed is not None
    return placed


@pytest.fixture
def again(tmp_path: Path) -> Again:
    """Recollapse, with the shadow in a place of this test's own."""

    def run(store: Store, progress: signing.Progress = lambda what, done, total: None) -> recollapse.Outcome:
        return recollapse.recollapse(store, tmp_path / "shadow", window=Window(10.0, 64), now=NOON, progress=progress)

    return run


def stories(store: Store) -> set[frozenset[str]]:
    """The stories, as the URLs of their articles."""
    found = defaultdict[int, set[str]](set)
    with store.read() as connection:
        for row in exports.article_rows(connection):
            found[row["story_id"]].add(row["url"])
    return {frozenset(urls) for urls in found.values()}


def changed(store: Store, since: int) -> tuple[list[int], list[int]]:
    """The ids of the articles and of the stories that changed."""
    with store.read() as connection:
        return (
            [row["id"] for row in exports.article_rows(connection, Since(change=since))],
            [row["id"] for row in exports.story_rows(connection, Since(change=since))],
        )


def position(store: Store) -> int:
    with store.read() as connection:
        return changefeed.position(connection)


def faults(store: Store) -> list[str]:
    with store.read() as connection:
        return [fault.says for fault in integrity.check(connection)]


def rows(store: Store) -> list[dict[str, Any]]:
    with store.read() as connection:
        return list(exports.article_rows(connection))


# ------------------------------------------------------------------------------------------------------ what comes out
def texts(prose: Prose) -> list[tuple[str, str, float]]:
    """(paper, text, hour): an agency's text of each topic as desks print it, late copies, cuts, a text made of two."""
    made = []
    for number, topic in enumerate(("dam", "ferry", "tax")):
        made += [
            (f"a{number}.example", prose(topic, 3), number),
            (f"b{number}.example", prose(topic, 12, 12), number + 1),
            (f"c{number}.example", prose(topic), number + 2),
            (f"d{number}.example", prose(topic, 12), number + 3),
        ]
    return [*made, ("both.example", f"{prose('dam', 12)}\n\n{prose('ferry', 8)}", 9)]


def test_the_stories_are_those_of_a_crawl_in_order_of_time(
    store: Store, again: Again, tmp_path: Path, prose: Prose
) -> None:
    for paper, body, hour in reversed(texts(prose)):
        add(store, paper, body, hour, most=0)
    assert len(stories(store)) == 13
    again(store)
    with Store(f"sqlite:///{tmp_path}/in-order.db") as ordered:
        for paper, body, hour in sorted(texts(prose), key=lambda text: (text[2], text[0])):
            add(ordered, paper, body, hour)
        assert stories(store) == stories(ordered)
        told = ("relation", "resemblance", "containment", "contains", "is_canonical")
        mine, theirs = ({row["url"]: [row[name] for name in told] for row in rows(one)} for one in (store, ordered))
        assert mine == theirs
    assert faults(store) == []


def test_an_article_of_two_stories_names_the_other_by_its_id(store: Store, again: Again, prose: Prose) -> None:
    for paper, body, hour in texts(prose):
        add(store, paper, body, hour, most=0)
    again(store)
    (both,) = (row for row in rows(store) if row["publisher"] == "both.example")
    (ferry,) = {row["story_id"] for row in rows(store) if row["publisher"] in ("c1.example", "d1.example")}
    assert both["also_story_ids"] == [ferry]


def test_the_evidence_names_articles_by_their_ids(store: Store, again: Again, prose: Prose) -> None:
    for number in range(3):
        add(store, f"alone{number}.example", prose(f"alone {number}"), 5, most=0)
    later = add(store, "herald.example", prose("dam"), 2, most=0)
    first = add(store, "gazette.example", prose("dam"), 1, most=0)
    again(store)
    assert later.id is not None
    with store.read() as connection:
        says = connection.scalar(sa.select(schema.articles.c.evidence).where(schema.articles.c.id == later.id))
    assert str(says).startswith(f"article {first.id}: own words shared 99%")


# ------------------------------------------------------------------------------------------------- what the feed shows
def test_what_comes_out_the_same_is_not_written(store: Store, again: Again, prose: Prose) -> None:
    for paper, body, hour in texts(prose):
        add(store, paper, body, hour)
    again(store)
    before, at = rows(store), position(store)
    assert again(store).moved == 0
    assert (rows(store), changed(store, at)) == (before, ([], []))


def test_only_the_stories_that_change_are_in_the_change_feed(store: Store, again: Again, prose: Prose) -> None:
    kept = add(store, "herald.example", prose("dam"), 0)
    add(store, "gazette.example", prose("dam"), 1)
    first = add(store, "herald.example", prose("tax"), 2)
    torn = add(store, "gazette.example", prose("tax"), 3, most=0)
    at = position(store)
    assert again(store) == recollapse.Outcome(articles=4, signed=0, moved=1, founded=0, merged=1)
    assert changed(store, at) == ([first.id, torn.id], [first.story_id, torn.story_id])
    with store.read() as connection:
        found = {row["id"]: (row["copies"], row["merged_into"]) for row in exports.story_rows(connection)}
    assert found == {kept.story_id: (2, None), first.story_id: (2, None), torn.story_id: (0, first.story_id)}


def test_a_story_that_was_none_is_taken_apart_and_keeps_its_id_for_the_greater_part(
    store: Store, again: Again, prose: Prose
) -> None:
    papers = [add(store, f"p{n}.example", prose("dam" if n < 3 else "tax"), n) for n in range(5)]
    wrong, right = papers[3].story_id, papers[0].story_id
    with store.engine.begin() as connection:  # as an older model may have had it
        settling.merge(connection, wrong or 0, right or 0, Stamp(1, NOON))
        settling.settle_whole(connection, [right or 0], Stamp(1, NOON))
    outcome = again(store)
    assert (outcome.moved, outcome.founded) == (2, 1)
    found = {row["url"]: row["story_id"] for row in rows(store)}
    assert [found[paper.url] for paper in papers[:3]] == [right] * 3
    (new,) = {found[paper.url] for paper in papers[3:]}
    assert new not in (wrong, right)
    assert faults(store) == []


# ------------------------------------------------------------------------------------------------- of an older version
def test_what_an_older_version_signed_is_signed_anew_and_its_keys_go(
    store: Store, again: Again, prose: Prose, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(similarity, "VERSION", "of old")
    monkeypatch.setattr(similarity, "SHINGLE_WORDS", 3)
    for number in range(4):
        add(store, f"p{number}.example", prose("dam"), number)
    monkeypatch.undo()
    add(store, "new.example", prose("dam"), 5)
    assert len(stories(store)) == 2  # never compared
    monkeypatch.setattr(signing, "BANDS_BATCH", 30)
    assert again(store).signed == 4
    assert len(stories(store)) == 1
    with store.read() as connection:
        assert connection.scalars(sa.select(schema.fingerprints.c.scheme).distinct()).all() == [similarity.VERSION]
        of_each = sa.select(sa.func.count()).select_from(schema.bands).group_by(schema.bands.c.article_id)
        assert connection.scalars(of_each).all() == [64] * 5
    assert faults(store) == []


# ----------------------------------------------------------------------------------------------- stopped, and not alone
class StoppedError(Exception):
    pass


def stop_at(what: str, count: int) -> signing.Progress:
    """Ends at the count-th report of that kind."""
    reports = itertools.count(1)

    def progress(now: str, done: int, total: int) -> None:
        if now == what and next(reports) == count:
            raise StoppedError

    return progress


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of three articles."""
    monkeypatch.setattr(recollapse, "BATCH", 3)
    monkeypatch.setattr(signing, "BATCH", 3)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("what", ["articles signed", "articles decided", "stories compared"])
def test_it_goes_on_where_it_was_stopped(store: Store, again: Again, prose: Prose, what: str) -> None:
    for paper, body, hour in texts(prose):
        add(store, paper, body, hour, most=0)
    with store.engine.begin() as connection:
        connection.execute(schema.fingerprints.update().values(scheme="of old"))
    with pytest.raises(StoppedError):
        again(store, stop_at(what, 2))
    assert faults(store) == []
    reports: list[tuple[str, int]] = []
    outcome = again(store, lambda what, done, total: reports.append((what, done)))
    assert (outcome.articles, sorted(len(story) for story in stories(store))) == (13, [1, 4, 4, 4])
    decided = [done for told, done in reports if told == "articles decided"]
    assert len(decided) == {"articles signed": 5, "articles decided": 3, "stories compared": 0}[what]
    assert faults(store) == []


@pytest.mark.usefixtures("small")
def test_it_begins_anew_where_an_article_changed_since(store: Store, again: Again, prose: Prose) -> None:
    for paper, body, hour in texts(prose):
        add(store, paper, body, hour, most=0)
    with pytest.raises(StoppedError):
        again(store, stop_at("articles decided", 2))
    with store.engine.begin() as connection:
        connection.execute(
            schema.articles.update().where(schema.articles.c.publisher == "a0.example").values(version=2)
        )
    reports: list[int] = []
    again(store, lambda what, done, total: reports.append(done) if what == "articles decided" else None)
    assert reports[0] == 3


def test_nothing_is_left_of_the_shadow(store: Store, again: Again, prose: Prose, tmp_path: Path) -> None:
    add(store, "herald.example", prose("dam"))
    again(store)
    assert list(tmp_path.glob("shadow*")) == []


def test_a_shadow_that_is_none_is_made_anew(store: Store, again: Again, prose: Prose, tmp_path: Path) -> None:
    add(store, "herald.example", prose("dam"), most=0)
    (tmp_path / "shadow").write_bytes(b"no database" * 1000)
    assert again(store).articles == 1


@pytest.mark.usefixtures("small")
def test_a_reader_finds_every_story_whole_at_any_time(store: Store, again: Again, prose: Prose) -> None:
    for paper, body, hour in texts(prose):
        add(store, paper, body, hour, most=0)
    seen: list[str] = []

    def progress(what: str, done: int, total: int) -> None:
        seen.append(what)
        assert faults(store) == []

    again(store, progress)
    assert seen.count("stories compared") > 2


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("what", ["articles decided", "stories compared"])
def test_an_article_that_arrives_meanwhile_is_in_its_story(store: Store, again: Again, prose: Prose, what: str) -> None:
    for paper, body, hour in texts(prose):
        add(store, paper, body, hour, most=0)
    arriving: Iterator[Article] = (add(store, f"late{n}.example", prose("dam"), 20 + n) for n in range(2))

    def progress(now: str, done: int, total: int) -> None:
        if now == what:
            next(arriving, None)

    again(store, progress)
    (dam,) = (story for story in stories(store) if "https://c0.example/2" in story)
    assert {"https://late0.example/20", "https://late1.example/21"} <= dam
    assert faults(store) == []


def test_a_story_that_arrives_meanwhile_is_left_as_it_is(store: Store, again: Again, prose: Prose) -> None:
    for paper, body, hour in texts(prose):
        add(store, paper, body, hour, most=0)
    arrived: list[Article] = []

    def progress(what: str, done: int, total: int) -> None:
        if what == "articles decided" and done == total and not arrived:
            arrived.extend(add(store, f"new{n}.example", prose("harvest", 24 - n), 20 + n) for n in range(2))

    again(store, progress)
    (story,) = (story for story in stories(store) if arrived[0].url in story)
    assert story == {article.url for article in arrived}
    assert {row["story_id"] for row in rows(store) if row["url"] in story} == {arrived[0].story_id}
    assert faults(store) == []


def test_an_article_that_arrives_in_a_story_that_becomes_part_of_another_goes_with_it(
    store: Store, again: Again, prose: Prose
) -> None:
    add(store, "herald.example", prose("dam"), 0, most=0)
    old = add(store, "gazette.example", prose("dam"), 1, most=0)
    arrived: list[Article] = []

    def arrive(connection: sa.Connection) -> None:
        placed = articles.add(
            connection,
            Article(url="https://mirror.example/2", publisher="mirror.example", headline="", body=prose("harvest")),
            now=NOON,
            window=Window(10.0, 64),
        )
        assert placed is not None
        assert placed.story_id is not None
        assert old.story_id is not None
        settling.merge(connection, placed.story_id, old.story_id, changefeed.next_stamp(connection, NOON))
        arrived.append(placed)

    def progress(what: str, done: int, total: int) -> None:
        if what == "articles decided" and not arrived:
            store.write_now(arrive)

    again(store, progress)
    assert len({row["story_id"] for row in rows(store)}) == 1
    assert faults(store) == []


def test_what_an_article_that_arrives_meanwhile_says_of_other_stories_stays(
    store: Store, again: Again, prose: Prose
) -> None:
    kept = [add(store, f"{topic}.example", prose(topic), n).story_id for n, topic in enumerate(("dam", "ferry"))]
    arrived: list[Article] = []

    def progress(what: str, done: int, total: int) -> None:
        if what == "articles decided" and not arrived:
            arrived.append(add(store, "both.example", f"{prose('dam', 12)}\n\n{prose('ferry', 8)}", 9))

    again(store, progress)
    assert arrived[0].also_story_ids
    assert {arrived[0].story_id, *arrived[0].also_story_ids} == set(kept)
    (row,) = (row for row in rows(store) if row["url"] == arrived[0].url)
    assert row["also_story_ids"] == list(arrived[0].also_story_ids)


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_a_second_one_is_told(store: Store, again: Again, prose: Prose) -> None:
    add(store, "herald.example", prose("alone"))

    def progress(what: str, done: int, total: int) -> None:
        with pytest.raises(StoreLockedError, match="another recollapse"):
            again(store)

    again(store, progress)


def test_a_person_s_decision_in_between_ends_it(store: Store, again: Again, prose: Prose) -> None:
    urls = [add(store, f"p{n}.example", prose("dam"), n, most=0).url for n in range(2)]

    def progress(what: str, done: int, total: int) -> None:
        if what == "articles decided":
            with store.engine.begin() as connection:
                connection.execute(
                    schema.decided.insert(),
                    [{"decision_id": 1, "url": url, "is_other": url == urls[1]} for url in urls],
                )

    with pytest.raises(StoreError, match="a person decided on a story meanwhile"):
        again(store, progress)
    assert len(stories(store)) == 2


def test_a_process_that_is_killed_can_be_started_again(tmp_path: Path, prose: Prose) -> None:
    url = f"sqlite:///{tmp_path}/newsfold.db"
    with Store(url) as store:
        for paper, body, hour in texts(prose):
            add(store, paper, body, hour, most=0)
        with store.engine.begin() as connection:
            connection.execute(schema.fingerprints.update().values(scheme="of old"))
    words = [sys.executable, "-m", "scrapy", "store", "recollapse", "-s", f"STORE_URL={url}"]
    with subprocess.Popen(words, cwd=PROJECT, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "13 of 13 articles signed\n"
        process.kill()
    done = subprocess.run(words, cwd=PROJECT, capture_output=True, check=True, text=True)
    assert done.stderr.splitlines()[-1].startswith("13 articles decided anew, 0 of them signed anew: ")
    with Store(url) as store:
        assert sorted(len(story) for story in stories(store)) == [1, 4, 4, 4]
        assert faults(store) == []
    assert list(tmp_path.glob("*.recollapse*")) == []
