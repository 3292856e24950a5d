"""What is pruned or forgotten, what stays of it, and what finds and mends a store that does not agree with itself."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count as numbered
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from crawler import search, similarity
from crawler.items import ARTICLE_COLUMNS, Article, Entry
from crawler.store import (
    Store,
    articles,
    changefeed,
    entries,
    exports,
    feeds,
    integrity,
    retention,
    revisits,
    runs,
    schema,
    searches,
    takedowns,
    upgrade,
)
from crawler.store.candidates import Window
from crawler.store.entries import Listed, Pending
from crawler.store.exports import Since
from crawler.store.feeds import Feed, Poll
from crawler.store.revisions import MIGRATIONS
from crawler.urls import InvalidURL
from pipelines.stories import Forgotten, StoriesPipeline

Prose = Callable[..., str]

NOW = datetime(2026, 7, 14, 12, 0, tzinfo=UTC)
FEED = Feed(url="https://herald.example/rss", publisher="herald.example", kind="feed")


def add(store: Store, paper: str, body: str, days: float = 0, **fields: Any) -> Article:
    given: dict[str, Any] = {
        "url": f"https://{paper}.example/{len(body)}",
        "publisher": f"{paper}.example",
        "headline": f"The {paper}'s headline",
        "body": body,
        "date_published": NOW + timedelta(days=days),
        "date_crawled": NOW + timedelta(days=days),
        "word_count": len(body.split()),
    }
    job = partial(articles.add, article=Article(**given | fields), now=NOW, window=Window(10.0, 20))
    placed = store.write_now(job)
    assert placed is not None
    return placed


def listed(store: Store, *urls: str, **hints: Any) -> list[Pending]:
    """A poll of the feed that lists these."""
    items = [Listed(url=url, publisher="herald.example", entry=Entry(url=url, **hints)) for url in urls]
    how = Poll(status=200, changed=True, next_poll_at=NOW)
    store.write_now(partial(feeds.register, wanted=[FEED]))
    return store.write_now(partial(feeds.record_poll, feed=FEED, poll=how, listed=items, now=NOW))


def rows(store: Store, kind: str = "articles", since: Since | None = None) -> list[dict[str, Any]]:
    with store.read() as connection:
        return list((exports.article_rows if kind == "articles" else exports.story_rows)(connection, since))


def papers(store: Store) -> set[str]:
    return {row["publisher"].partition(".")[0] for row in rows(store)}


def position(store: Store) -> int:
    with store.read() as connection:
        return changefeed.position(connection)


def count(store: Store, table: str) -> int:
    with store.read() as connection:
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())


def faults(store: Store) -> list[str]:
    with store.read() as connection:
        return [fault.says for fault in integrity.check(connection)]


def index(store: Store) -> None:
    while store.write_now(searches.catch_up):
        pass


def prune(store: Store, days: float, *, keep_canonical: bool = False) -> int:
    return retention.prune(store, NOW + timedelta(days=days), keep_canonical=keep_canonical, now=NOW)


def forget(store: Store, name: str) -> int:
    return retention.forget(store, name, now=NOW)


# -------------------------------------------------------------------------------------------------------------- pruning


def test_what_is_old_goes_and_what_is_new_stays(store: Store, prose: Prose) -> None:
    add(store, "old", prose("dam"), days=-100)
    add(store, "undated", prose("tax"), days=-100, date_published=None)
    add(store, "new", prose("harvest"))
    index(store)
    assert prune(store, -50) == 2
    assert papers(store) == {"new"}
    assert [
        count(store, table) for table in ("fingerprints", "words" if is_postgresql(store) else "words_docsize")
    ] == [
        1,
        1,
    ]
    assert count(store, "bands") == len(set(similarity.bands(similarity.sign("The new's headline", prose("harvest")))))
    assert faults(store) == []


def is_postgresql(store: Store) -> bool:
    return store.engine.dialect.name == "postgresql"


def test_a_pruned_article_is_a_tombstone_in_the_changes(store: Store, prose: Prose) -> None:
    old = add(store, "old", prose("dam"), days=-100)
    before = position(store)
    prune(store, -50)
    add(store, "new", prose("harvest"))
    tombstone, new = rows(store, since=Since(change=before))
    assert tuple(tombstone) == ARTICLE_COLUMNS
    told = {name: value for name, value in tombstone.items() if value not in (None, "", [], 0, False)}
    assert told == {"id": old.id, "url": old.url, "publisher": "old.example", "kind": "pruned"}
    assert new["publisher"] == "new.example"
    assert [row["publisher"] for row in rows(store)] == ["new.example"]  # a whole export has no need of it
    assert len(rows(store, since=Since(time=NOW))) == 2


def test_an_id_is_never_given_twice(store: Store, prose: Prose) -> None:
    old = add(store, "old", prose("dam"), days=-100)
    prune(store, -50)
    new = add(store, "new", prose("harvest"))
    assert old.id is not None
    assert new.id is not None
    assert new.id > old.id


def test_a_story_without_copies_stays_as_a_row_that_says_so(store: Store, prose: Prose) -> None:
    old = add(store, "old", prose("dam"), days=-100, agency="AFP", agency_evidence="byline")
    before = position(store)
    prune(store, -50)
    (story,) = rows(store, "stories", Since(change=before))
    told = {name: value for name, value in story.items() if value not in (None, "", [])}
    assert told == {"id": old.story_id, "copies": 0, "canonical_id": old.id}


def test_a_story_that_was_merged_into_one_that_goes_says_so_too(store: Store, prose: Prose) -> None:
    for number, (sentences, most) in enumerate([(24, 20), (23, 0), (22, 20)]):
        job = partial(
            articles.add,
            article=Article(
                url=f"https://p{number}.example/",
                publisher=f"p{number}.example",
                headline="x",
                body=prose("dam", sentences),
                date_published=NOW + timedelta(hours=number),
            ),
            now=NOW,
            window=Window(10.0, most),
        )
        store.write_now(job)
    assert [row["merged_into"] is None for row in rows(store, "stories")].count(False) == 1
    prune(store, 1)
    assert {(row["copies"], row["merged_into"]) for row in rows(store, "stories")} == {(0, None)}
    assert faults(store) == []


def test_the_next_copy_stands_for_a_story_that_loses_its_canonical_one(store: Store, prose: Prose) -> None:
    first = add(store, "first", prose("dam", 24), days=-3, agency="AFP", agency_evidence="byline")
    add(store, "second", prose("dam", 24), days=-1)
    third = add(store, "third", prose("dam", 16), days=0)
    assert first.is_canonical
    before = position(store)
    prune(store, -2)
    changed = {row["publisher"].partition(".")[0]: row for row in rows(store, since=Since(change=before))}
    assert changed["first"]["kind"] == "pruned"
    assert (changed["second"]["relation"], changed["second"]["is_canonical"]) == ("original", True)
    assert changed["third"]["relation"] == "cut"
    assert changed["third"]["agency"] is None  # who named it is gone
    (story,) = rows(store, "stories", Since(change=before))
    assert (story["id"], story["copies"], story["headline"]) == (third.story_id, 2, "The second's headline")
    assert story["publishers"] == ["second.example", "third.example"]
    assert faults(store) == []


def test_the_canonical_copy_can_be_kept(store: Store, prose: Prose) -> None:
    add(store, "whole", prose("dam", 24), days=-100)
    add(store, "cut", prose("dam", 16), days=-99.9)
    add(store, "alone", prose("tax"), days=-90)
    assert prune(store, -50, keep_canonical=True) == 1
    assert papers(store) == {"whole", "alone"}
    assert sorted(row["copies"] for row in rows(store, "stories")) == [1, 1]
    assert {row["relation"] for row in rows(store)} == {None}
    assert faults(store) == []


def test_a_story_whose_fingerprints_are_of_an_older_version_can_lose_a_copy(store: Store, prose: Prose) -> None:
    add(store, "whole", prose("dam", 24), days=-100)
    add(store, "cut", prose("dam", 16), days=-99.9)
    store.write_now(lambda connection: connection.execute(schema.fingerprints.update().values(scheme="older")))
    prune(store, -50, keep_canonical=True)
    assert papers(store) == {"whole"}


def test_many_are_pruned_in_batches(store: Store, prose: Prose, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for number in range(5):
        add(store, f"p{number}", prose(f"topic {number}"), days=-100)
    before = position(store)
    assert prune(store, -50) == 5
    assert position(store) == before + 3
    assert len(rows(store, since=Since(change=before))) == 5
    assert faults(store) == []


def test_the_page_of_a_pruned_article_is_not_fetched_again(store: Store, prose: Prose) -> None:
    (entry,) = listed(store, "https://old.example/a")
    add(store, "old", prose("dam"), days=-100, entry_id=entry.id)
    prune(store, -50)
    assert listed(store, "https://old.example/a") == []
    with store.read() as connection:
        assert entries.pending(connection, NOW) == []
    assert faults(store) == []


def test_the_rows_of_old_runs_go_and_those_that_never_ended_stay(store: Store) -> None:
    for start in (NOW, NOW - timedelta(days=100)):
        run = store.write_now(partial(runs.begin, spider="news", now=start))
        store.write_now(partial(runs.finish, run_id=run, reason="finished", stats={}, now=start))
    store.write_now(partial(runs.begin, spider="news", now=NOW - timedelta(days=100)))
    prune(store, -50)
    assert count(store, "runs") == 2


def test_space_comes_back(tmp_path: Path, prose: Prose) -> None:
    file = tmp_path / "newsfold.db"
    with Store(f"sqlite:///{file}") as store:
        for number in range(60):
            add(store, f"p{number}", prose(f"topic {number}", 90), days=-100)
        index(store)
        store.reclaim()
        before = file.stat().st_size
        prune(store, -50)
        store.reclaim()
        assert file.stat().st_size < before / 3
        assert sum(path.stat().st_size for path in tmp_path.glob("*-wal")) == 0
        assert b"needs" not in file.read_bytes()  # the texts are gone, not only unlisted
        add(store, "new", prose("harvest"))
        assert faults(store) == []


def test_postgresql_gives_space_back_while_others_read(store: Store, prose: Prose) -> None:
    if not is_postgresql(store):
        pytest.skip("SQLite writes its file anew")
    add(store, "old", prose("dam"), days=-100)
    with store.read() as connection:
        assert exports.articles_stored(connection) == 1
        prune(store, -50)
        store.reclaim()
        assert exports.articles_stored(connection) == 1


# ----------------------------------------------------------------------------------------------------------- forgetting


@pytest.mark.parametrize(
    ("name", "gone"),
    [
        ("https://www.herald.example/a?utm_source=rss", {"a"}),
        ("herald.example", {"a", "b", "c", "d"}),
        ("HERALD.example", {"a", "b", "c", "d"}),
        ("www.herald.example", {"a", "b", "c", "d"}),
        ("sport.herald.example", {"c"}),
        ("herald.example:8080", {"d"}),
        ("herald.exam", set()),
        ("example", {"a", "b", "c", "d", "e", "f"}),
        ("rald.example", set()),
    ],
)
def test_a_page_or_a_domain_is_forgotten(store: Store, prose: Prose, name: str, gone: set[str]) -> None:
    urls = {
        "a": "https://www.herald.example/a",
        "b": "https://herald.example/b",
        "c": "https://sport.herald.example/c",
        "d": "http://herald.example:8080/d",
        "e": "https://gazette.example/?from=https://herald.example/",
        "f": "https://theherald.example/a",
    }
    for paper, url in urls.items():
        add(store, paper, prose(paper), url=url)
    assert forget(store, name) == len(gone)
    assert papers(store) == urls.keys() - gone
    assert faults(store) == []


def test_nothing_of_a_forgotten_article_is_left_but_that_it_was(store: Store, prose: Prose) -> None:
    (entry,) = listed(store, "https://herald.example/feedburner", headline="Quorndon falls", description="Quorndon!")
    url = "https://herald.example/a"
    article = add(store, "herald", prose("dam"), url=url, headline="Quorndon falls", entry_id=entry.id)
    index(store)
    before = position(store)
    forget(store, url)
    with store.read() as connection:
        for table in schema.metadata.sorted_tables:
            for row in connection.execute(sa.select(table)):
                assert "Quorndon" not in str(row)
        assert exports.most_printed(connection, search=search.parse("quorndon")) == []
        e = schema.entries.c
        assert connection.execute(sa.select(e.state, e.reason, e.article_id)).one() == ("refused", "forgotten", None)
    (tombstone,) = rows(store, since=Since(change=before))
    assert (tombstone["id"], tombstone["kind"], tombstone["url"]) == (article.id, "forgotten", url)


def test_what_is_forgotten_is_never_pending_again(store: Store) -> None:
    listed(store, "https://herald.example/a", "https://gazette.example/a")
    forget(store, "herald.example")
    assert [item.entry.url for item in listed(store, "https://herald.example/b", "https://gazette.example/b")] == [
        "https://gazette.example/b"
    ]
    with store.read() as connection:
        assert {item.entry.url for item in entries.pending(connection, NOW)} == {
            "https://gazette.example/a",
            "https://gazette.example/b",
        }
        e = schema.entries.c
        refused = sa.select(e.url).where(e.state == "refused", e.reason == "forgotten")
        assert set(connection.scalars(refused)) == {"https://herald.example/a", "https://herald.example/b"}


def test_what_was_never_stored_can_be_forgotten_and_twice(store: Store) -> None:
    assert [forget(store, "https://herald.example/a") for _ in range(2)] == [0, 0]
    with store.read() as connection:
        asked = ["https://herald.example/a", "https://herald.example/b"]
        assert takedowns.among(connection, asked) == {"https://herald.example/a"}


def arrived(paper: str, body: str, **fields: Any) -> Article:
    """An article as the pipelines have it."""
    given: dict[str, Any] = {
        "url": f"https://{paper}.example/a",
        "publisher": f"{paper}.example",
        "date_published": NOW,
    }
    return Article(**given | {"headline": paper, "body": body} | fields)


def place(store: Store, article: Article) -> None:
    """What a crawl does with an article."""
    asyncio.run(StoriesPipeline(store, Window(10.0, 20), {}).process_item(article))


def wait(store: Store, *others: Future[Any]) -> None:
    """Until each of the others is done, or waits for a lock."""
    query = sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while connection.scalar(query) < sum(not other.done() for other in others):
            pass


@pytest.mark.parametrize("again", ["https://herald.example/news/dam", "https://herald.example/r/2"])
def test_an_article_is_forgotten_under_the_address_that_the_feed_printed(
    store: Store, prose: Prose, again: str
) -> None:
    own = "https://herald.example/news/dam"
    first, second, _ = listed(store, "https://herald.example/r/1", "https://herald.example/r/2", own)
    for entry in (first, second):  # both lead to the one page
        job = partial(articles.add, now=NOW, window=Window(10.0, 20))
        store.write_now(partial(job, article=arrived("herald", prose("dam"), url=own, entry_id=entry.id)))
    add(store, "gazette", prose("harvest"))
    assert forget(store, "https://herald.example/r/1?utm_source=rss") == 1
    assert papers(store) == {"gazette"}
    assert faults(store) == []
    with store.read() as connection:
        e = schema.entries.c
        assert set(connection.execute(sa.select(e.state, e.reason))) == {("refused", "forgotten")}
    with pytest.raises(Forgotten):  # by whatever address it is found again
        place(store, arrived("herald", prose("dam"), url=own, fetched_url=again))


def test_an_address_that_a_site_names_on_all_of_its_pages_is_not_forgotten_with_one(store: Store, prose: Prose) -> None:
    own = "https://herald.example/all"
    first, second = listed(store, "https://herald.example/1", "https://herald.example/2")
    job = partial(articles.add, now=NOW, window=Window(10.0, 20))
    for entry, url, story in ((first, own, "dam"), (second, "https://herald.example/2", "harvest")):
        article = replace(arrived("herald", prose(story), url=url, entry_id=entry.id), canonical_url=own)
        store.write_now(partial(job, article=article))
    assert forget(store, "https://herald.example/1") == 1
    with store.read() as connection:
        assert set(connection.scalars(sa.select(schema.forgotten.c.name))) == {"https://herald.example/1"}
        assert connection.scalars(sa.select(schema.articles.c.url)).all() == ["https://herald.example/2"]


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_an_article_that_waits_to_be_stored_while_its_domain_is_forgotten_is_not_kept(
    store: Store, prose: Prose
) -> None:
    with ThreadPoolExecutor() as threads:
        with store.engine.begin() as other:
            changefeed.next_stamp(other, NOW)  # another crawl decides
            storing = threads.submit(place, store, arrived("herald", prose("dam")))
            wait(store, storing)
            forgetting = threads.submit(forget, store, "herald.example")
            wait(store, storing, forgetting)
        forgetting.result()
        assert isinstance(storing.exception(), Forgotten | None)
    assert papers(store) == set()
    assert faults(store) == []


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_what_a_crawl_has_not_committed_yet_is_forgotten_too(store: Store, prose: Prose) -> None:
    with ThreadPoolExecutor() as threads:
        with store.engine.begin() as other:
            articles.add(other, arrived("herald", prose("dam")), now=NOW, window=Window(10.0, 20))
            forgetting = threads.submit(forget, store, "herald.example")
            wait(store, forgetting)
        assert forgetting.result() == 1
    assert papers(store) == set()


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_forgetting_begins_again_where_it_and_a_crawl_wait_for_each_other(store: Store) -> None:
    (entry,) = listed(store, "https://herald.example/a")
    with ThreadPoolExecutor() as threads:
        with store.engine.begin() as other:
            other.exec_driver_sql("SET LOCAL deadlock_timeout = '10min'")  # so that it is the other that is ended
            entries.settle(other, entry.id, "dropped", NOW)
            forgetting = threads.submit(forget, store, "herald.example")
            wait(store, forgetting)
            changefeed.next_stamp(other, NOW)
        assert forgetting.result() == 0
    with store.read() as connection:
        assert connection.scalars(sa.select(schema.entries.c.state)).all() == ["refused"]


@pytest.mark.parametrize("field", ["url", "fetched_url", "entry_id"])
def test_a_page_that_was_forgotten_while_it_was_fetched_is_not_stored_under_another_address(
    store: Store, prose: Prose, field: str
) -> None:
    (entry,) = listed(store, "https://herald.example/forgotten")
    forget(store, "https://herald.example/forgotten")
    given = {field: entry.id if field == "entry_id" else "https://herald.example/forgotten"}
    with pytest.raises(Forgotten):
        place(store, arrived("herald", prose("dam"), **given))
    assert papers(store) == set()


@pytest.mark.parametrize("ends", ["failed", "dropped", "304"])
def test_an_entry_that_was_forgotten_while_it_was_fetched_stays_refused(store: Store, ends: str) -> None:
    (entry,) = listed(store, "https://herald.example/a")
    forget(store, "https://herald.example/a")
    if ends == "304":
        store.write_now(partial(revisits.settle, entry_id=entry.id, now=NOW, has_changed=False))
    else:
        store.write_now(partial(entries.settle, entry_id=entry.id, state=ends, now=NOW))
    with store.read() as connection:
        e = schema.entries.c
        assert connection.execute(sa.select(e.state, e.reason, e.next_try_at)).one() == ("refused", "forgotten", None)


@pytest.mark.parametrize("name", ["", "https://", "ftp://herald.example/a", "a b"])
def test_what_is_neither_a_page_nor_a_domain_is_told(store: Store, name: str) -> None:
    with pytest.raises(InvalidURL):
        forget(store, name)
    assert count(store, "forgotten") == 0


# ---------------------------------------------------------------------------------------------------- check and repair


@pytest.fixture
def whole(store: Store, prose: Prose) -> Store:
    """A store with a story of two copies (articles 1 and 2 by order), one of one, one that was merged, and entries."""
    (entry,) = listed(store, "https://herald.example/a")
    add(store, "herald", prose("dam"), entry_id=entry.id)
    add(store, "gazette", prose("dam"), days=0.1)
    add(store, "gazette", prose("dam", 23), days=0.2)
    add(store, "mirror", prose("harvest"))
    add(store, "pruned", prose("tax"), days=-100)
    prune(store, -50)
    index(store)
    assert faults(store) == []
    return store


Break = Callable[[dict[str, int]], list[sa.Executable]]


def ids(store: Store) -> dict[str, int]:
    """What the ways to break a store need to name."""
    found = {row["publisher"].partition(".")[0]: row for row in rows(store)}
    return {
        "herald": found["herald"]["id"],
        "mirror": found["mirror"]["id"],
        "story": found["herald"]["story_id"],
        "alone": found["mirror"]["story_id"],
    }


A, S, F, B = schema.articles, schema.stories, schema.fingerprints, schema.bands

BREAKS: dict[str, tuple[Break, str]] = {
    "a story is gone": (
        lambda i: [S.delete().where(S.c.id == i["story"])],
        "article {herald} and 2 more: story {story} does not exist",
    ),
    "an article names no story": (
        lambda i: [A.update().where(A.c.id == i["mirror"]).values(story_id=987654)],
        "article {mirror}: story 987654 does not exist",
    ),
    "a story with articles was merged": (
        lambda i: [S.update().where(S.c.id == i["alone"]).values(merged_into=i["story"])],
        "article {mirror}: story {alone} was merged into {story}",
    ),
    "a story was merged into nothing": (
        lambda i: [S.update().where(S.c.copies == 0).values(merged_into=987654)],
        "merged into 987654, which does not exist",
    ),
    "a story was merged into itself": (
        lambda i: [S.update().where(S.c.id == i["alone"]).values(merged_into=i["alone"])],
        "article {mirror}: story {alone} was merged into {alone}",
    ),
    "a story was merged into one without copies": (
        lambda i: [
            S.insert().values(
                id=987654, canonical_id=1, headline="", copies=0, merged_into=987655, change=1, changed_at=NOW
            ),
            S.insert().values(id=987655, canonical_id=1, headline="", copies=0, change=1, changed_at=NOW),
        ],
        "story 987654: merged into 987655, which has no copies",
    ),
    "a count is wrong": (
        lambda i: [S.update().where(S.c.id == i["story"]).values(copies=5)],
        "story {story}: says 5 copies, has 2",
    ),
    "an article is gone": (lambda i: [A.delete().where(A.c.id == i["mirror"])], "story {alone}: says 1 copies, has 0"),
    "the canonical copy is of another story": (
        lambda i: [S.update().where(S.c.id == i["story"]).values(canonical_id=i["mirror"])],
        "story {story}: its canonical copy {mirror} is none of its articles",
    ),
    "the first copy is of another story": (
        lambda i: [S.update().where(S.c.id == i["story"]).values(original_id=i["mirror"])],
        "story {story}: its first copy {mirror} is none of its articles",
    ),
    "a fingerprint is gone": (
        lambda i: [F.delete().where(F.c.article_id == i["herald"])],
        "article {herald}: has no fingerprint",
    ),
    "a fingerprint is of another text": (
        lambda i: [
            A.update().where(A.c.id == i["mirror"]).values(body="Something else was written here, on many a thing.")
        ],
        "article {mirror}: its fingerprint is of another text",
    ),
    "a fingerprint is damaged": (
        lambda i: [F.update().where(F.c.article_id == i["mirror"]).values(signature=b"\x00\xff")],
        "article {mirror}: its fingerprint is of another text",
    ),
    "bands are of another segment": (
        lambda i: [B.update().where(B.c.article_id == i["mirror"]).values(segment=B.c.segment + 1)],
        "article {mirror}: 0 of ",
    ),
    "a fingerprint is of no article": (
        lambda i: [F.insert().values(article_id=987654, scheme=similarity.VERSION, signature=b"", sketch=b"")],
        "fingerprint of article 987654, which does not exist",
    ),
    "a band is gone": (
        lambda i: [B.delete().where(B.c.key == sa.select(sa.func.min(B.c.key)).scalar_subquery())],
        "bands in the candidate index",
    ),
    "a band is of no article": (
        lambda i: [B.insert().values(segment=1, key=1, article_id=987654)],
        "1 rows of the candidate index",
    ),
    "an entry leads nowhere": (
        lambda i: [schema.entries.update().values(article_id=987654)],
        "leads to article 987654, which does not exist",
    ),
    "the change feed is behind": (
        lambda i: [schema.changes.update().values(last=1)],
        "the change feed is at 1, rows at ",
    ),
    "the change feed is gone": (lambda i: [schema.changes.delete()], "the change feed is at None, rows at "),
    "an article has a tombstone": (
        lambda i: [
            schema.tombstones.insert().values(
                article_id=i["mirror"], url="", publisher="", reason="", change=1, changed_at=NOW
            )
        ],
        "article {mirror}: is there, and has a tombstone",
    ),
    "the search index lacks an article": (
        lambda i: [
            A.update().where(A.c.id == i["mirror"]).values(headline="Other"),
            A.update().where(A.c.id == i["mirror"]).values(headline="The mirror's headline"),
            schema.unindexed.delete(),
        ],
        "article {mirror}: not in the search index",
    ),
    "the search index has an article that waits for it": (
        lambda i: [schema.unindexed.insert().values(article_id=i["mirror"])],
        "1 rows of the search index belong to no article",
    ),
}


@pytest.mark.parametrize("way", BREAKS)
def test_what_does_not_agree_is_found_and_mended(whole: Store, way: str) -> None:
    named = ids(whole)
    breaks, says = BREAKS[way]
    whole.write_now(lambda connection: [connection.execute(statement) for statement in breaks(named)])
    found = faults(whole)
    assert any(says.format(**named) in fault for fault in found), found
    assert [fault.says for fault in integrity.repair(whole, NOW)] != []
    assert faults(whole) == []
    if way != "an article is gone":
        assert papers(whole) == {"herald", "gazette", "mirror"}


def test_a_repair_shows_in_the_changes(whole: Store) -> None:
    named, before = ids(whole), position(whole)
    whole.write_now(lambda connection: connection.execute(S.update().where(S.c.id == named["story"]).values(copies=5)))
    list(integrity.repair(whole, NOW))
    assert [row["copies"] for row in rows(whole, "stories", Since(change=before))] == [2]


def test_a_sound_store_is_left_as_it_is(whole: Store) -> None:
    before = position(whole)
    assert list(integrity.repair(whole, NOW)) == []
    assert position(whole) == before


@pytest.fixture
def crawled(whole: Store, prose: Prose) -> Iterator[Store]:
    """A store in which a crawl stores an article behind each statement of others that reads many rows or the position
    of the change feed; where it has to wait for them, they go on first."""
    numbers = numbered(1)
    storing: list[Future[Any]] = []

    def store_one(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if main is threading.current_thread() and is_read.match(statement) and all(one.done() for one in storing):
            number = next(numbers)
            storing.append(threads.submit(add, whole, f"late{number}", prose(f"late {number}")))
            wait(whole, storing[-1])

    main, is_read = (
        threading.current_thread(),
        re.compile(r"SELECT (changes|max\(|articles\.\w+, .*fingerprints)", re.S),
    )
    with ThreadPoolExecutor() as threads:
        sa.event.listen(whole.engine, "after_cursor_execute", store_one)
        try:
            yield whole
        finally:
            sa.event.remove(whole.engine, "after_cursor_execute", store_one)
    assert storing
    assert [one.result() for one in storing]
    assert faults(whole) == []


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_a_repair_during_a_crawl_mends_nothing_that_is_not_wrong(crawled: Store) -> None:
    assert [fault.says for fault in integrity.repair(crawled, NOW)] == []


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_a_repair_during_a_crawl_mends_what_is_wrong_and_nothing_else(crawled: Store) -> None:
    herald = ids(crawled)["herald"]
    crawled.write_now(lambda connection: connection.execute(F.delete().where(F.c.article_id == herald)))
    crawled.write_now(lambda connection: connection.execute(schema.changes.update().values(last=1)))
    behind, unsigned = (fault.says for fault in integrity.repair(crawled, NOW))
    assert behind.startswith("the change feed is at ")
    assert unsigned == f"article {herald}: has no fingerprint"


def test_a_damaged_file_is_told_and_not_mended(tmp_path: Path, prose: Prose) -> None:
    file = tmp_path / "newsfold.db"
    with Store(f"sqlite:///{file}") as store:
        for number in range(20):
            add(store, f"p{number}", prose(f"topic {number}", 90))
        store.reclaim()
    with file.open("r+b") as opened:
        opened.seek(file.stat().st_size // 2)
        opened.write(b"\xff" * 8192)
    with Store(f"sqlite:///{file}") as store, store.read() as connection:
        fault = next(integrity.check(connection))
    assert fault.says.startswith("the file is damaged: ")
    assert fault.says.endswith(": restore a backup")
    assert fault.mend is None


# ------------------------------------------------------------------------------------------------ from the first schema


def test_a_store_of_the_first_schema_is_upgraded_with_what_it_holds(
    whole: Store, store_url: str, tmp_path: Path
) -> None:
    """The tables that a store has now, as the first version had them."""
    old = f"sqlite:///{tmp_path}/old.db" if store_url.startswith("sqlite") else store_url
    engine = sa.create_engine(old)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(sa.text("DELETE FROM changes"))
        first = sa.MetaData()
        first.reflect(connection)
        with whole.read() as reading:
            for name in ("feeds", "entries", "articles", "stories", "fingerprints", "bands", "changes"):
                columns = [c for c in schema.metadata.tables[name].c if c.name in first.tables[name].c]
                held = [dict(row._mapping) for row in reading.execute(sa.select(*columns))]
                if name == "bands":  # then of 64 bits
                    held = [row | {"key": (row["key"] << 32) + 7} for row in held]
                types = {c.name: sa.BigInteger() if c.name == "key" else c.type for c in columns}
                into = sa.table(name, *(sa.column(column, kind) for column, kind in types.items()))
                connection.execute(into.insert(), held)
    engine.dispose()
    upgrade(old)
    with Store(old) as store:
        assert faults(store) == []
        assert rows(store) == rows(whole)
        assert rows(store, "stories") == rows(whole, "stories")
        index(store)
        with store.read() as connection:
            found = exports.most_printed(connection, search=search.parse("mirror's headline"))
        assert [row["publishers"] for row in found] == [["mirror.example"]]
        add(store, "courier", rows(store)[0]["body"], days=0.3)
        assert faults(store) == []


def test_a_page_without_its_scheme_is_refused_since_its_host_would_be_forgotten() -> None:
    with pytest.raises(InvalidURL, match="a page needs its scheme"):
        takedowns.spelt("herald.example/world/dam")
