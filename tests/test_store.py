"""The store on real databases: SQLite files, and PostgreSQL where a server and its driver are at hand."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from crawler import similarity
from crawler.items import ARTICLE_COLUMNS, STORY_COLUMNS, Article, Entry, Image
from crawler.settings import PROJECT
from crawler.store import (
    RunLock,
    Store,
    StoreError,
    StoreLockedError,
    articles,
    candidates,
    changefeed,
    clocks,
    engines,
    entries,
    exports,
    failures,
    feeds,
    hosts,
    profiles,
    revisions,
    runs,
    schema,
    settling,
    upgrade,
)
from crawler.store import store as store_module
from crawler.store.candidates import Window
from crawler.store.entries import Listed, Pending
from crawler.store.exports import Since
from crawler.store.feeds import Feed, Poll

HEAD = ScriptDirectory(str(revisions.MIGRATIONS)).get_current_head()
NOW = datetime(2026, 7, 14, 12, 0, tzinfo=UTC)
FEED = Feed(url="https://herald.example/rss", publisher="herald.example", kind="feed")

Prose = Callable[..., str]


def minutes(number: float) -> datetime:
    return NOW + timedelta(minutes=number)


def add(store: Store, article: Article, now: datetime = NOW, **options: Any) -> Article:
    """Store an article, which is to be new."""
    settings: dict[str, Any] = {"window": Window(10.0, 200)} | options
    placed = store.write_now(partial(articles.add, article=article, now=now, **settings))
    assert placed is not None
    return placed


def article(paper: str, body: str, hours: float = 0, **fields: Any) -> Article:
    """A paper's article of so many hours after the beginning."""
    given: dict[str, Any] = {
        "url": f"https://{paper}.example/{len(body)}",
        "publisher": f"{paper}.example",
        "headline": f"The {paper}'s headline",
        "body": body,
        "date_published": NOW + timedelta(hours=hours),
        "date_crawled": NOW + timedelta(hours=hours + 1),
        "word_count": len(body.split()),
        "language": "en",
    }
    return Article(**given | fields)


def rows(store: Store, kind: str = "articles", since: Since | None = None) -> list[dict[str, Any]]:
    read = exports.article_rows if kind == "articles" else exports.story_rows
    with store.read() as connection:
        return list(read(connection, since))


def by_publisher(store: Store) -> dict[str, dict[str, Any]]:
    return {row["publisher"].partition(".")[0]: row for row in rows(store)}


def position(store: Store) -> int:
    with store.read() as connection:
        return changefeed.position(connection)


def scalar(store: Store, query: Any) -> Any:
    with store.read() as connection:
        return connection.execute(query).scalar_one()


# --------------------------------------------------------------------------------------------------------------- schema


def test_the_migrations_make_exactly_the_tables_of_the_schema(store: Store) -> None:
    def of_the_schema(name: str | None, kind: str, parents: Any) -> bool:
        return kind != "table" or not str(name).startswith(("words", "pieces"))  # each engine's own search index

    opts = {"compare_type": True, "compare_server_default": True, "include_name": of_the_schema}
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, schema.metadata) == []


def test_a_store_opens_again_as_it_was(store_url: str, prose: Prose) -> None:
    with Store(store_url) as store:
        add(store, article("herald", prose("dam")))
    with Store(store_url, create=False) as store:
        assert [row["publisher"] for row in rows(store)] == ["herald.example"]


def test_two_that_open_an_empty_store_at_once_both_succeed(store_url: str) -> None:
    # They meet at "go", since starting takes each of them a while.
    code = "import sys; from crawler.store import Store; print(1, flush=True); input(); Store(sys.argv[1]).close()"
    opening = [
        subprocess.Popen([sys.executable, "-c", code, store_url], cwd=PROJECT, stdin=PIPE, stdout=PIPE, text=True)
        for _ in range(2)
    ]
    for process in opening:
        assert process.stdout is not None
        process.stdout.readline()
    for process in opening:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in opening:
        process.communicate(timeout=60)
    assert [process.returncode for process in opening] == [0, 0]


def set_revision(url: str, revision: str) -> None:
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    engine.dispose()


def tables(url: str) -> set[str]:
    engine = sa.create_engine(url)
    names = set(sa.inspect(engine).get_table_names())
    engine.dispose()
    return names


@pytest.fixture
def newer_migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The migrations of a later version, which adds a column."""
    folder = tmp_path / "migrations"
    shutil.copytree(revisions.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "9000_later.py").write_text(
        f"import sqlalchemy as sa\nfrom alembic import op\n\nrevision = '9000'\ndown_revision = {HEAD!r}\n\n\n"
        "def upgrade() -> None:\n    op.add_column('runs', sa.Column('note', sa.Text))\n"
    )
    monkeypatch.setattr(revisions, "MIGRATIONS", folder)


def test_the_migrations_are_named_after_their_versions_in_order() -> None:
    chain = [script.revision for script in ScriptDirectory(str(revisions.MIGRATIONS)).walk_revisions()]
    files = sorted(file.name for file in (revisions.MIGRATIONS / "versions").glob("[0-9]*.py"))
    assert [name.partition("_")[0] for name in files] == chain[::-1]


@pytest.mark.parametrize("open_or_upgrade", [Store, upgrade], ids=["opened", "upgraded"])
def test_a_database_of_something_else_is_refused_and_left_alone(
    store_url: str, open_or_upgrade: Callable[[str], Any]
) -> None:
    engine = sa.create_engine(store_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE customers (id INTEGER)")
    engine.dispose()
    with pytest.raises(StoreError, match="holds tables of something else: choose an empty database"):
        open_or_upgrade(store_url)
    assert tables(store_url) == {"customers"}


@pytest.mark.parametrize("open_or_upgrade", [Store, upgrade], ids=["opened", "upgraded"])
def test_a_store_of_a_newer_version_is_refused(store_url: str, open_or_upgrade: Callable[[str], Any]) -> None:
    Store(store_url).close()
    set_revision(store_url, "9999")
    with pytest.raises(StoreError, match="schema 9999 is of a newer Newsfold: upgrade this one"):
        open_or_upgrade(store_url)


def test_a_store_of_an_older_version_is_refused_until_it_is_upgraded(
    store_url: str, prose: Prose, request: pytest.FixtureRequest
) -> None:
    with Store(store_url) as store:
        add(store, article("herald", prose("dam")))
    request.getfixturevalue("newer_migrations")
    with pytest.raises(StoreError, match=f"schema {HEAD}, want 9000: run `scrapy store upgrade`"):
        Store(store_url)
    upgrade(store_url)
    with Store(store_url) as store:
        assert len(rows(store)) == 1
        assert "note" in {column["name"] for column in sa.inspect(store.engine).get_columns("runs")}


def test_an_upgrade_of_the_newest_version_changes_nothing(store_url: str, prose: Prose) -> None:
    with Store(store_url) as store:
        add(store, article("herald", prose("dam")))
    upgrade(store_url)
    with Store(store_url) as store:
        assert len(rows(store)) == 1


# ------------------------------------------------------------------------------------------------ what can't be a store


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "want sqlite:////folder/newsfold.db or postgresql"),
        ("newsfold.db", "want sqlite:////folder/newsfold.db or postgresql"),
        ("nosuch:///x", "want sqlite:////folder/newsfold.db or postgresql"),
        ("oracle://root@127.0.0.1/x", "want sqlite:////folder/newsfold.db or postgresql"),
        ("postgresql+psycopg://root:secret@127.0.0.1:port/x", "want sqlite:////folder/newsfold.db or postgresql"),
        ("postgresql+psycopg_async://root@127.0.0.1/x", "want sqlite:////folder/newsfold.db or postgresql"),
        ("sqlite://", "want sqlite:////folder/newsfold.db or postgresql"),
        ("sqlite:///:memory:", "want sqlite:////folder/newsfold.db or postgresql"),
        ("sqlite:////nowhere/at/all/newsfold.db", "unable to open database file"),
        (f"sqlite:///{PROJECT}", "unable to open database file"),
        (f"sqlite:///{PROJECT}/scrapy.cfg", "file is not a database"),
    ],
)
def test_a_store_that_cannot_be_is_one_line(url: str, says: str) -> None:
    with pytest.raises(StoreError, match=says) as caught:
        Store(url)
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_server_that_does_not_answer_is_one_line() -> None:
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    with pytest.raises(StoreError, match=r"^store postgresql\+psycopg://u:\*\*\*@127\.0\.0\.1:1/x: ") as caught:
        Store("postgresql+psycopg://u:secret@127.0.0.1:1/x")
    assert "\n" not in str(caught.value)


def test_a_missing_driver_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"pip install 'psycopg\[binary\]'"):
        Store("postgresql+psycopg://root@127.0.0.1/x")


def test_a_store_that_is_not_there_is_not_made_by_a_reader(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no store yet: run `scrapy crawl news`"):
        Store(f"sqlite:///{tmp_path}/newsfold.db", create=False)
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------------------------------------------- feeds and entries


def listed(name: str, **hints: Any) -> Listed:
    url = f"https://herald.example/{name}"
    return Listed(url=url, publisher="herald.example", entry=Entry(url=f"{url}?utm_source=rss", **hints))


def poll(store: Store, *items: Listed, feed: Feed = FEED, now: datetime = NOW, **how: Any) -> list[Pending]:
    """A good poll that listed these."""
    given: dict[str, Any] = {"status": 200, "changed": True, "next_poll_at": now + timedelta(minutes=15)}
    return store.write_now(partial(feeds.record_poll, feed=feed, poll=Poll(**given | how), listed=list(items), now=now))


def due(store: Store, now: datetime, urls: list[str] | None = None, *, all_feeds: bool = False) -> list[str]:
    with store.read() as connection:
        return [feed.url for feed in feeds.due(connection, now, urls=urls, all_feeds=all_feeds)]


def known(store: Store) -> Feed:
    with store.read() as connection:
        return feeds.due(connection, NOW, urls=[FEED.url], all_feeds=True)[0]


def pending(store: Store, now: datetime = NOW) -> list[Pending]:
    with store.read() as connection:
        return entries.pending(connection, now)


def settle(store: Store, entry_id: int, state: str, now: datetime = NOW, **how: Any) -> None:
    store.write_now(partial(entries.settle, entry_id=entry_id, state=state, now=now, **how))


@pytest.fixture
def polled(store: Store) -> Store:
    """A store that knows a feed."""
    store.write_now(partial(feeds.register, wanted=[FEED]))
    return store


def test_a_feed_that_was_never_polled_is_due_first(polled: Store) -> None:
    other = replace(FEED, url="https://herald.example/a-second")
    poll(polled, next_poll_at=minutes(-5))
    polled.write_now(partial(feeds.register, wanted=[other]))
    assert due(polled, NOW) == [other.url, FEED.url]


def test_a_feed_is_due_again_when_its_time_has_come(polled: Store) -> None:
    poll(polled)
    assert due(polled, minutes(14)) == []
    assert due(polled, minutes(15)) == [FEED.url]


def test_all_feeds_are_due_when_all_are_asked_for(polled: Store) -> None:
    poll(polled)
    assert due(polled, minutes(1), all_feeds=True) == [FEED.url]


def test_only_the_feeds_asked_for_and_the_sitemaps_they_name_are_due(polled: Store) -> None:
    index = Feed(url="https://a.example/index.xml", publisher="a.example", kind="sitemap")
    child = replace(index, url="https://a.example/1.xml", parent=index.url)
    polled.write_now(partial(feeds.register, wanted=[index, child]))
    assert due(polled, NOW, [index.url]) == [child.url, index.url]


def test_a_feed_is_likely_to_list_something_new_at_first_and_where_it_last_did(polled: Store) -> None:
    likely = [known(polled).is_lively]
    for items in ([listed("a")], [listed("a")], [listed("a"), listed("b")]):
        poll(polled, *items, now=minutes(len(likely)))
        with polled.read() as connection:
            likely += [feed.is_lively for feed in feeds.due(connection, minutes(60), urls=None, all_feeds=True)]
    assert likely == [True, True, False, True]


def test_registering_a_feed_again_changes_its_publisher_alone(polled: Store) -> None:
    poll(polled, etag='W/"1"')
    polled.write_now(partial(feeds.register, wanted=[replace(FEED, publisher="new.example")]))
    assert known(polled) == replace(FEED, polled_at=NOW, publisher="new.example", etag='W/"1"')
    assert due(polled, NOW) == []


def test_a_poll_answers_the_entries_that_are_new(polled: Store) -> None:
    assert [item.entry.url for item in poll(polled, listed("a"), listed("b"))] == [
        "https://herald.example/a?utm_source=rss",
        "https://herald.example/b?utm_source=rss",
    ]
    assert [item.entry.url for item in poll(polled, listed("b"), listed("c"))] == [
        "https://herald.example/c?utm_source=rss"
    ]


def test_an_entry_that_another_feed_listed_is_not_new(polled: Store) -> None:
    other = replace(FEED, url="https://herald.example/politics/rss")
    polled.write_now(partial(feeds.register, wanted=[other]))
    poll(polled, listed("a"))
    assert poll(polled, listed("a"), feed=other) == []


def test_a_poll_takes_entries_that_come_one_by_one(polled: Store) -> None:
    how = Poll(status=200, changed=True, next_poll_at=NOW)
    items: Iterator[Listed] = (listed(name) for name in "abc")
    new = polled.write_now(partial(feeds.record_poll, feed=FEED, poll=how, listed=items, now=NOW))
    assert len(new) == 3


def test_a_sitemap_of_a_thousand_entries_is_stored_at_once(polled: Store) -> None:
    items = [listed(str(number)) for number in range(1200)]
    assert len(poll(polled, *items[:600])) == 600
    assert len(poll(polled, *items)) == 600


def test_validators_are_not_stored_without_their_entries(polled: Store) -> None:
    bad = listed("bad", date_published=datetime(2026, 7, 14))  # noqa: DTZ001 - a naive time is what the store refuses
    with pytest.raises(StoreError, match="aware datetimes only"):
        poll(polled, listed("good"), bad, etag='"1"')
    assert known(polled).etag is None
    assert pending(polled) == []


def test_an_unchanged_poll_keeps_the_validators(polled: Store) -> None:
    poll(polled, etag='"1"', last_modified="Tue, 14 Jul 2026 08:00:00 GMT", body_hash="abc")
    poll(polled, status=304, changed=False)
    assert known(polled) == replace(
        FEED, polled_at=NOW, etag='"1"', last_modified="Tue, 14 Jul 2026 08:00:00 GMT", body_hash="abc"
    )


def test_a_changed_poll_forgets_validators_that_are_no_longer_sent(polled: Store) -> None:
    poll(polled, etag='"1"', body_hash="abc")
    poll(polled, body_hash="def")
    assert known(polled) == replace(FEED, polled_at=NOW, body_hash="def")


def test_failures_are_counted_until_a_good_poll(polled: Store) -> None:
    poll(polled, etag='"1"')
    for _ in range(3):
        poll(polled, status=None, error="TimeoutError", changed=False)
    assert known(polled) == replace(FEED, polled_at=NOW, etag='"1"', failures=3)
    poll(polled, status=304, changed=False)
    assert known(polled).failures == 0


def test_polls_are_counted_by_how_they_ended(polled: Store) -> None:
    poll(polled, listed("a"))
    poll(polled, status=304, changed=False, now=minutes(15))
    poll(polled, status=500, error="HTTP 500", changed=False, now=minutes(30))
    with polled.read() as connection:
        (row,) = runs.feed_rows(connection, "herald.example")
    assert {name: row[name] for name in ("polls", "polls_unchanged", "failures", "status", "error")} == {
        "polls": 3,
        "polls_unchanged": 1,
        "failures": 1,
        "status": 500,
        "error": "HTTP 500",
    }
    assert (row["changed_at"], row["succeeded_at"], row["polled_at"]) == (NOW, minutes(15), minutes(30))


def test_an_entry_that_is_not_wanted_is_kept_with_its_reason(polled: Store) -> None:
    assert poll(polled, replace(listed("old"), state="dropped", reason="TooOld")) == []
    assert pending(polled) == []
    query = sa.select(schema.entries.c.state, schema.entries.c.reason, schema.entries.c.decided_at)
    with polled.read() as connection:
        assert connection.execute(query).one() == ("dropped", "TooOld", NOW)


def test_hints_come_back_as_the_feed_gave_them(polled: Store) -> None:
    lagos = timezone(timedelta(hours=1))
    hints: dict[str, Any] = {
        "headline": "Ein Titel: «Wörter» 今日",
        "description": "Below it",
        "authors": ("Ada Obi", "Béla Kun"),
        "date_published": datetime(2026, 7, 14, 9, 30, tzinfo=lagos),
        "date_modified": datetime(2026, 7, 14, 10, 0, tzinfo=lagos),
        "language": "en-NG",
    }
    poll(polled, listed("a", **hints))
    (item,) = pending(polled)
    assert item.entry == listed("a", **hints).entry
    assert item.entry.date_published is not None
    assert item.entry.date_published.utcoffset() == timedelta(hours=1)


def test_pending_entries_are_the_newest_first(polled: Store) -> None:
    poll(
        polled, listed("old", date_published=minutes(-60)), listed("undated"), listed("new", date_published=minutes(1))
    )
    poll(polled, listed("later"), now=minutes(2))
    assert [item.entry.url.partition("?")[0][23:] for item in pending(polled)] == ["later", "new", "undated", "old"]


def test_so_many_pending_entries_of_each_host_are_given_as_are_asked_for(polled: Store) -> None:
    names = ("a", "b", "c")
    poll(polled, *(listed(name, date_published=minutes(-n)) for n, name in enumerate(names)))
    other = Entry(url="https://elsewhere.example/d", date_published=minutes(-9))
    poll(polled, Listed(url=other.url, publisher="elsewhere.example", entry=other))

    def given(**options: Any) -> list[str]:
        with polled.read() as connection:
            found = entries.pending(connection, NOW, **options)
        return [item.entry.url.partition("?")[0].rpartition("/")[2] for item in found]

    assert given(most=2) == ["a", "b", "d"]
    assert given(most=2, publishers={"elsewhere.example"}) == ["d"]
    assert given(most=1, on=["elsewhere.example"]) == ["d"]


@pytest.mark.parametrize("state", ["fetched", "duplicate", "dropped", "refused"])
def test_an_entry_that_is_settled_is_not_fetched_again(polled: Store, state: str) -> None:
    (item,) = poll(polled, listed("a"))
    settle(polled, item.id, state, reason="why")
    assert pending(polled, minutes(10**6)) == []


def test_what_a_run_with_a_clock_that_was_ahead_has_asked_for_is_due_once_the_clock_is_right(polled: Store) -> None:
    ahead = NOW + timedelta(days=30)
    failed, fetched = poll(polled, listed("a"), listed("b"), now=ahead)
    settle(polled, failed.id, "failed", ahead, reason="HTTP 500")
    polled.write_now(partial(entries.settle_fetched, fetched=[(fetched.id, 1, None, None)], now=ahead))
    polled.write_now(partial(hosts.wait, host="paper.example", until=ahead))
    polled.write_now(partial(hosts.keep_robots, host="paper.example", read=hosts.Robots(b"", ahead)))
    assert polled.write_now(partial(clocks.mend, now=NOW)) == 1
    with polled.read() as connection:
        assert hosts.waiting(connection, NOW) == {}
        assert hosts.robots(connection, ["paper.example"])["paper.example"].read_at == NOW
        visits = entries.pending(connection, NOW, revisit_hours=24)
    assert due(polled, NOW) == [FEED.url]
    assert due(polled, NOW, all_feeds=True) == [FEED.url]
    assert {page.id for page in visits} == {failed.id, fetched.id}


def test_what_was_asked_for_in_time_waits_whatever_other_machines_clocks_say(polled: Store) -> None:
    [page] = poll(polled, listed("a"), now=minutes(30))  # on a machine whose clock is half an hour ahead
    settle(polled, page.id, "failed", minutes(30), reason="HTTP 500")
    polled.write_now(partial(hosts.wait, host="paper.example", until=NOW + timedelta(days=7)))
    assert polled.write_now(partial(clocks.mend, now=NOW)) == 0
    with polled.read() as connection:
        assert list(hosts.waiting(connection, NOW)) == ["paper.example"]
    assert due(polled, NOW) == []
    assert pending(polled, NOW) == []


def test_an_entry_that_failed_comes_back_ever_later_and_is_given_up(polled: Store) -> None:
    (item,) = poll(polled, listed("a"))
    now, waits = NOW, []
    for _ in range(entries.ENTRY_TRIES_MAX - 1):
        settle(polled, item.id, "failed", now, reason="HTTP 500")
        again = next(m for m in (15, 30, 60, 120, 240) if pending(polled, now + timedelta(minutes=m)))
        waits.append(again)
        now += timedelta(minutes=again)
    settle(polled, item.id, "failed", now, reason="HTTP 500")
    assert waits == [15, 30, 60, 120, 240]
    assert pending(polled, now + timedelta(days=1000)) == []


# ---------------------------------------------------------------------------------------------------- articles, stories


def test_the_first_article_founds_a_story_of_one(store: Store, prose: Prose) -> None:
    placed = add(store, article("herald", prose("dam")))
    assert (placed.relation, placed.resemblance, placed.is_canonical) == (None, None, True)
    (story,) = rows(store, "stories")
    assert story == {
        "id": placed.story_id,
        "headline": "The herald's headline",
        "agency": None,
        "language": "en",
        "first_published": NOW,
        "last_published": NOW,
        "copies": 1,
        "publishers": ["herald.example"],
        "canonical_id": placed.id,
        "url": placed.url,
        "headlines": ["The herald's headline"],
        "merged_into": None,
    }


def test_a_copy_joins_the_story(store: Store, prose: Prose) -> None:
    first = add(store, article("herald", prose("dam")))
    second = add(store, article("gazette", prose("dam"), hours=2))
    assert second.story_id == first.story_id
    assert (second.relation, second.resemblance, second.containment, second.contains) == ("copy", 1.0, 1.0, 1.0)
    (story,) = rows(store, "stories")
    assert (story["copies"], story["publishers"]) == (2, ["herald.example", "gazette.example"])
    assert (story["first_published"], story["last_published"]) == (NOW, NOW + timedelta(hours=2))


def test_an_article_of_its_own_founds_another_story(store: Store, prose: Prose) -> None:
    first = add(store, article("herald", prose("dam")))
    assert add(store, article("gazette", prose("harvest"))).story_id != first.story_id


def test_the_first_copy_is_marked_as_the_original_when_a_second_comes(store: Store, prose: Prose) -> None:
    add(store, article("herald", prose("dam")))
    add(store, article("gazette", prose("dam", 16), hours=2))
    assert {name: row["relation"] for name, row in by_publisher(store).items()} == {
        "herald": "original",
        "gazette": "cut",
    }


def test_why_a_copy_stands_in_its_story_is_kept(store: Store, prose: Prose) -> None:
    first = add(store, article("herald", prose("dam")))
    second = add(store, article("gazette", prose("dam"), hours=2))
    assert first.story_id is not None
    assert second.id is not None
    with store.read() as connection:
        evidence = exports.evidence(connection, first.story_id)
    assert str(evidence[second.id]).startswith(f"article {first.id}: ")


def test_an_earlier_copy_that_arrives_later_becomes_the_original(store: Store, prose: Prose) -> None:
    add(store, article("late", prose("dam"), hours=8))
    placed = add(store, article("early", prose("dam"), hours=0))
    assert (placed.relation, placed.is_canonical) == ("original", True)
    (story,) = rows(store, "stories")
    assert (story["headline"], story["publishers"]) == ("The early's headline", ["early.example", "late.example"])


def test_a_fuller_copy_takes_the_place_of_the_canonical_one(store: Store, prose: Prose) -> None:
    add(store, article("brief", prose("dam", 12)))
    fuller = add(store, article("full", prose("dam", 24), hours=2))
    assert fuller.is_canonical
    brief = by_publisher(store)["brief"]
    assert (brief["is_canonical"], brief["containment"]) == (False, 1.0)
    assert 0.4 < brief["contains"] < 0.6
    (story,) = rows(store, "stories")
    assert (story["canonical_id"], story["headline"], story["url"]) == (fuller.id, fuller.headline, fuller.url)


def test_a_url_that_is_stored_is_answered_with_nothing(store: Store, prose: Prose) -> None:
    add(store, article("herald", prose("dam")))
    again = replace(article("herald", prose("dam")), headline="Another")
    job = partial(articles.add, article=again, now=NOW, window=Window(10.0, 200))
    assert store.write_now(job) is None
    assert [row["headline"] for row in rows(store)] == ["The herald's headline"]


@pytest.mark.parametrize(("twice", "state"), [(False, "fetched"), (True, "duplicate")])
def test_the_entry_of_an_article_is_settled_with_it(polled: Store, prose: Prose, twice: bool, state: str) -> None:
    first = add(polled, article("herald", prose("dam"))) if twice else None
    (item,) = poll(polled, listed("a"))
    job = partial(
        articles.add,
        article=replace(article("herald", prose("dam")), entry_id=item.id),
        now=NOW,
        window=Window(10.0, 200),
    )
    placed = polled.write_now(job) or first
    assert placed is not None
    query = sa.select(schema.entries.c.state, schema.entries.c.article_id)
    with polled.read() as connection:
        assert connection.execute(query).one() == (state, placed.id)


def test_an_article_that_fails_leaves_neither_itself_nor_its_entry_settled(polled: Store, prose: Prose) -> None:
    (item,) = poll(polled, listed("a"))
    bad = replace(article("herald", prose("dam")), entry_id=item.id, headline="\udcff")
    future = polled.write(partial(articles.add, article=bad, now=NOW, window=Window(10.0, 200)))
    assert isinstance(future.exception(timeout=30), UnicodeError)
    assert rows(polled) == []
    assert [again.id for again in pending(polled)] == [item.id]


@pytest.mark.parametrize(("days", "same"), [(9, True), (11, False), (400, False)])
def test_a_copy_outside_of_the_window_is_a_story_of_its_own(
    store: Store, prose: Prose, days: float, same: bool
) -> None:
    first = add(store, article("herald", prose("dam")))
    second = add(store, article("gazette", prose("dam"), hours=24 * days))
    before = add(store, article("older", prose("dam"), hours=-24 * days))
    assert (second.story_id == first.story_id) is same
    assert (before.story_id == first.story_id) is same


def test_an_undated_article_is_compared_by_when_it_was_crawled(store: Store, prose: Prose) -> None:
    first = add(store, article("herald", prose("dam")))
    soon = add(store, article("gazette", prose("dam"), date_published=None, date_crawled=NOW))
    late = add(store, article("mirror", prose("dam"), date_published=None, date_crawled=NOW + timedelta(days=30)))
    assert soon.story_id == first.story_id
    assert late.story_id != first.story_id


def test_an_article_without_any_date_is_compared_with_all(store: Store, prose: Prose) -> None:
    old = add(store, article("herald", prose("dam"), hours=-24 * 2000))
    undated = add(store, article("gazette", prose("dam"), date_published=None, date_crawled=None))
    later = add(store, article("mirror", prose("dam")))
    assert undated.story_id == old.story_id == later.story_id


@pytest.mark.parametrize("year", [1, 9999])
def test_a_date_at_the_ends_of_the_calendar_is_a_date(store: Store, prose: Prose, year: int) -> None:
    when = datetime(year, 1 if year == 1 else 12, 31, 12, tzinfo=UTC)
    first = add(store, article("herald", prose("dam"), date_published=when))
    second = add(store, article("gazette", prose("dam"), date_published=when))
    assert first.story_id == second.story_id


def test_an_article_with_an_empty_body_is_stored(store: Store) -> None:
    first = add(store, article("herald", "", headline=""))
    second = add(store, article("gazette", "", headline=""))
    assert first.story_id != second.story_id


def test_the_candidates_are_those_that_share_the_most(store: Store, prose: Prose) -> None:
    whole = add(store, article("whole", prose("dam")))
    for number in range(4):
        add(store, article(f"template{number}", prose("dam", 6) + "\n\n" + prose(f"other {number}", 24)))
    placed = add(store, article("copy", prose("dam"), hours=1), window=Window(10.0, 1))
    assert placed.story_id == whole.story_id


@pytest.fixture
def bridged(store: Store, prose: Prose) -> tuple[Store, list[Article]]:
    """Two stories of one text, which nobody compared, and the third copy, which proves them one."""
    first = add(store, article("herald", prose("dam")))
    second = add(store, article("gazette", prose("dam", 23), hours=1), window=Window(10.0, 0))
    third = add(store, article("mirror", prose("dam", 22), hours=2))
    return store, [first, second, third]


def test_two_stories_that_prove_one_are_merged(bridged: tuple[Store, list[Article]]) -> None:
    store, (first, second, third) = bridged
    assert first.story_id != second.story_id
    assert third.story_id is not None
    assert {row["story_id"] for row in rows(store)} == {third.story_id}
    merged = ({first.story_id, second.story_id} - {third.story_id}).pop()
    stories = {row["id"]: row for row in rows(store, "stories")}
    assert (stories[third.story_id]["copies"], stories[third.story_id]["merged_into"]) == (3, None)
    assert (stories[merged]["copies"], stories[merged]["merged_into"]) == (0, third.story_id)


def test_a_merged_story_leads_to_the_one_that_it_became(bridged: tuple[Store, list[Article]]) -> None:
    store, placed = bridged
    with store.read() as connection:
        found = [exports.story(connection, one.story_id or 0) for one in placed]
    assert [row["id"] if row else None for row in found] == [placed[2].story_id] * 3


def test_a_merge_shows_in_the_changes_of_articles_and_stories(bridged: tuple[Store, list[Article]]) -> None:
    store, placed = bridged
    since = Since(change=position(store) - 1)
    assert {row["url"] for row in rows(store, since=since)} == {one.url for one in placed}
    assert {row["id"] for row in rows(store, "stories", since)} == {placed[0].story_id, placed[1].story_id}


# ------------------------------------------------------------------------------------------------------------- agencies


def credited(paper: str, body: str, agency: str | None, evidence: str | None, **fields: Any) -> Article:
    return article(paper, body, agency=agency, agency_evidence=evidence, **fields)


def agencies(store: Store) -> dict[str, tuple[str | None, str | None]]:
    return {name: (row["agency"], row["agency_evidence"]) for name, row in by_publisher(store).items()}


def test_an_uncredited_copy_inherits_the_agency(store: Store, prose: Prose) -> None:
    add(store, credited("herald", prose("dam"), "AFP", "byline"))
    placed = add(store, article("gazette", prose("dam"), hours=1))
    assert (placed.agency, placed.agency_evidence) == ("AFP", "inherited")
    assert agencies(store) == {"herald": ("AFP", "byline"), "gazette": ("AFP", "inherited")}


def test_the_agency_of_an_image_is_not_inherited(store: Store, prose: Prose) -> None:
    add(store, credited("herald", prose("dam"), "AFP", "image credit"))
    add(store, article("gazette", prose("dam"), hours=1))
    assert agencies(store) == {"herald": ("AFP", "image credit"), "gazette": (None, None)}


def test_the_agency_of_an_image_yields_to_the_story_s(store: Store, prose: Prose) -> None:
    add(store, credited("herald", prose("dam"), "AFP", "image credit"))
    add(store, credited("gazette", prose("dam"), "Reuters", "dateline", hours=1))
    assert agencies(store) == {"herald": ("Reuters", "inherited"), "gazette": ("Reuters", "dateline")}


def test_the_best_credit_of_all_copies_goes_before_a_copy_s_own(store: Store, prose: Prose) -> None:
    add(store, credited("herald", prose("dam"), "AFP", "byline"))
    add(store, credited("gazette", prose("dam"), "Reuters", "credit line", hours=1))
    assert agencies(store) == {"herald": ("AFP", "byline"), "gazette": ("AFP", "inherited")}
    assert [row["agency"] for row in rows(store, "stories")] == ["AFP"]


def test_the_story_s_agency_is_that_of_the_best_evidence(store: Store, prose: Prose) -> None:
    add(store, credited("herald", prose("dam"), "AFP", "end mark"))
    add(store, credited("gazette", prose("dam"), "AFP", "byline", hours=1))
    with store.read() as connection:
        (story,) = exports.most_printed(connection)
    assert (story["agency"], story["agency_evidence"]) == ("AFP", "byline")


def test_a_credit_that_makes_a_weak_agency_certain_shows_in_the_changes(store: Store, prose: Prose) -> None:
    uncredited = add(store, article("herald", prose("dam")))
    add(store, credited("gazette", prose("dam"), "AFP", "image credit", hours=1))
    before = position(store)
    add(store, credited("mirror", prose("dam"), "AFP", "byline", hours=2))
    changed = {row["id"]: row for row in rows(store, since=Since(change=before))}
    assert changed[uncredited.id]["agency"] == "AFP"


def credit_all(store: Store, prose: Prose, paper: str, agency: str, evidence: str = "byline", texts: int = 6) -> None:
    """Let a paper credit texts of its own to an agency, and leave their layouts."""
    for number in range(texts):
        own = credited(
            paper, prose(f"{paper} {number}"), agency, evidence, hours=number, url=f"https://{paper}/{number}"
        )
        placed = add(store, replace(own, layout=b64encode(b"any").decode()))
        store.write_now(partial(profiles.note, placed=[placed]))


def test_a_paper_that_credits_all_it_prints_to_one_agency_yields_to_another_paper_s_credit(
    store: Store, prose: Prose
) -> None:
    credit_all(store, prose, "herald", "dpa")
    add(store, credited("herald", prose("dam"), "dpa", "byline"))
    add(store, credited("gazette", prose("dam"), "AFP", "end mark", hours=1))
    assert [row["agency"] for row in rows(store, "stories") if row["copies"] == 2] == ["AFP"]


def test_of_two_papers_the_one_that_names_its_agency_less_often_is_believed(store: Store, prose: Prose) -> None:
    credit_all(store, prose, "herald", "AFP", "end mark", texts=4)
    credit_all(store, prose, "gazette", "dpa", "end mark", texts=2)
    add(store, credited("herald", prose("dam"), "AFP", "end mark"))
    add(store, credited("gazette", prose("dam"), "dpa", "end mark", hours=1))
    assert [row["agency"] for row in rows(store, "stories") if row["copies"] == 2] == ["dpa"]


@pytest.mark.parametrize("evidence", ["dateline", "publisher"])
def test_what_no_template_prints_is_heard_however_often_a_paper_prints_it(
    store: Store, prose: Prose, evidence: str
) -> None:
    credit_all(store, prose, "wire", "dpa", evidence)
    add(store, credited("wire", prose("dam"), "dpa", "byline"))
    add(store, credited("gazette", prose("dam"), "AFP", "end mark", hours=1))
    assert [row["agency"] for row in rows(store, "stories") if row["copies"] == 2] == ["dpa"]


def test_two_papers_of_which_each_credits_all_to_its_own_agency_are_both_heard(store: Store, prose: Prose) -> None:
    credit_all(store, prose, "herald", "dpa")
    credit_all(store, prose, "gazette", "AFP", "end mark")
    add(store, credited("herald", prose("dam"), "dpa", "byline"))
    add(store, credited("gazette", prose("dam"), "AFP", "end mark", hours=1))
    assert [row["agency"] for row in rows(store, "stories") if row["copies"] == 2] == ["dpa"]


def test_a_story_that_was_credited_before_a_habit_showed_is_recounted(store: Store, prose: Prose) -> None:
    first = add(store, credited("herald", prose("dam"), "dpa", "byline"))
    second = add(store, credited("gazette", prose("dam"), "AFP", "end mark", hours=1))
    credit_all(store, prose, "herald", "dpa")
    before = position(store)
    store.write_now(partial(settling.recount, since=0, now=NOW))
    changed = {row["id"]: (row["agency"], row["agency_evidence"]) for row in rows(store, since=Since(change=before))}
    assert changed == {first.id: ("AFP", "inherited"), second.id: ("AFP", "end mark")}
    before = position(store)
    store.write_now(partial(settling.recount, since=0, now=NOW))
    assert position(store) == before


def test_the_agency_s_own_page_is_the_canonical_copy(store: Store, prose: Prose) -> None:
    add(store, article("herald", prose("dam", 30)))
    wire = add(store, credited("wire", prose("dam", 24), "AFP", "publisher", hours=7), is_agency=True)
    assert wire.is_canonical


# -------------------------------------------------------------------------------------------------------------- exports


def test_the_columns_of_an_export_are_those_of_the_contract(store: Store, prose: Prose) -> None:
    add(store, article("herald", prose("dam")))
    assert [tuple(row) for row in rows(store)] == [ARTICLE_COLUMNS]
    assert [tuple(row) for row in rows(store, "stories")] == [STORY_COLUMNS]


def test_an_article_comes_out_as_it_went_in(store: Store, prose: Prose) -> None:
    given = article(
        "herald",
        prose("dam"),
        canonical_url="https://wire.example/1",
        publisher_name="The Herald",
        kind="live",
        headline="«Ünïcode» 今日 — ½",
        description="What it says",
        authors=("Ada Obi", "Béla Kun"),
        byline="By Ada Obi",
        dateline="MARDEN (AFP)",
        agency="AFP",
        agency_evidence="dateline",
        credit_line="AFP",
        date_published=datetime(2026, 7, 14, 9, 30, tzinfo=timezone(timedelta(hours=1))),
        date_published_offset="+01:00",
        date_published_precision="second",
        date_published_source="json-ld",
        date_modified=datetime(2026, 7, 14, 9, 45, tzinfo=UTC),
        images=(Image(url="https://herald.example/1.jpg", caption="A dam", credit="AFP PHOTO"), Image(url=None)),
    )
    placed = add(store, given)
    (row,) = rows(store)
    want = {name: getattr(given, name) for name in ARTICLE_COLUMNS} | {
        "id": placed.id,
        "story_id": placed.story_id,
        "is_canonical": True,
        "also_story_ids": [],
        "authors": ["Ada Obi", "Béla Kun"],
        "images": [
            {"url": "https://herald.example/1.jpg", "caption": "A dam", "credit": "AFP PHOTO"},
            {"url": None, "caption": None, "credit": None},
        ],
    }
    assert row == want
    assert row["date_published"].utcoffset() == timedelta(0)


def test_what_add_answers_is_what_the_export_shows(store: Store, prose: Prose) -> None:
    add(store, credited("herald", prose("dam"), "AFP", "byline"))
    placed = add(store, article("gazette", prose("dam", 18), hours=1))
    row = by_publisher(store)["gazette"]
    shown = {name: getattr(placed, name) for name in ARTICLE_COLUMNS}
    assert {name: list(value) if isinstance(value, tuple) else value for name, value in shown.items()} == row


def test_a_position_gives_exactly_what_changed_since(store: Store, prose: Prose) -> None:
    add(store, article("herald", prose("dam")))
    add(store, article("mirror", prose("harvest")))
    before = position(store)
    assert rows(store, since=Since(change=before)) == []
    add(store, article("gazette", prose("dam"), hours=1))
    since = Since(change=before)
    # The Herald's copy became the original of two.
    assert {row["publisher"] for row in rows(store, since=since)} == {"herald.example", "gazette.example"}
    assert [row["copies"] for row in rows(store, "stories", since)] == [2]


def test_what_a_new_copy_leaves_as_it_was_is_not_among_the_changes(store: Store, prose: Prose) -> None:
    add(store, article("herald", prose("dam")))
    add(store, article("gazette", prose("dam"), hours=1))
    before = position(store)
    add(store, article("mirror", prose("dam"), hours=2))
    assert [row["publisher"] for row in rows(store, since=Since(change=before))] == ["mirror.example"]


def test_a_time_gives_what_was_stored_or_changed_since(store: Store, prose: Prose) -> None:
    add(store, article("herald", prose("dam")), now=NOW)
    add(store, article("mirror", prose("harvest")), now=minutes(10))
    assert [row["publisher"] for row in rows(store, since=Since(time=minutes(10)))] == ["mirror.example"]
    assert len(rows(store, since=Since(time=NOW))) == 2


def test_a_failed_job_leaves_no_gap_in_the_positions(store: Store, prose: Prose) -> None:
    add(store, article("herald", prose("dam")))
    bad = article("mirror", prose("harvest"), headline="\udcff")
    store.write(partial(articles.add, article=bad, now=NOW, window=Window(10.0, 200))).exception(30)
    add(store, article("gazette", prose("weather")))
    assert position(store) == 2


def test_stories_are_listed_by_copies_then_newest(store: Store, prose: Prose) -> None:
    for number, (paper, topic) in enumerate(
        [("a", "one"), ("b", "two"), ("c", "two"), ("d", "three"), ("e", "undated")]
    ):
        date = None if topic == "undated" else NOW + timedelta(hours=number)
        add(store, article(paper, prose(topic), date_published=date, headline=topic))
    with store.read() as connection:
        assert [row["headline"] for row in exports.most_printed(connection)] == ["two", "three", "one", "undated"]


@pytest.mark.parametrize(
    ("options", "want"),
    [
        ({}, ["dam", "harvest", "weather"]),
        ({"min_copies": 2}, ["dam"]),
        ({"agency": "AFP"}, ["dam"]),
        ({"agency": "afp"}, ["dam"]),
        ({"agency": "ČTK"}, ["weather"]),
        ({"agency": "Reuters"}, []),
        ({"since": NOW + timedelta(hours=1)}, ["dam", "harvest"]),
        ({"limit": 1}, ["dam"]),
    ],
)
def test_stories_are_chosen(store: Store, prose: Prose, options: dict[str, Any], want: list[str]) -> None:
    add(store, credited("herald", prose("dam"), "AFP", "byline", headline="dam"))
    add(store, article("gazette", prose("dam"), hours=1, headline="dam"))
    add(store, article("mirror", prose("harvest"), hours=2, headline="harvest"))
    add(store, credited("courier", prose("weather"), "ČTK", "byline", hours=-3, headline="weather"))
    with store.read() as connection:
        assert [row["headline"] for row in exports.most_printed(connection, **options)] == want


def test_tens_of_thousands_of_stories_can_be_listed(tmp_path: Path) -> None:
    count = 33_000  # SQLite takes 32,766 values in a statement
    row = {"canonical_id": 0, "headline": "x", "copies": 1, "change": 0, "changed_at": NOW}
    with Store(f"sqlite:///{tmp_path}/newsfold.db") as store:
        with store.engine.begin() as connection:
            connection.execute(schema.stories.insert(), [row] * count)
        with store.read() as connection:
            assert len(list(exports.most_printed(connection))) == count


def test_what_is_known_of_a_publisher_is_counted(polled: Store, prose: Prose) -> None:
    first, second, _ = poll(polled, listed("a"), listed("b"), listed("c"))
    add(polled, replace(article("herald", prose("dam")), entry_id=first.id))
    add(polled, article("gazette", prose("dam")))
    settle(polled, second.id, "dropped", reason="TooShort")
    with polled.read() as connection:
        found = runs.publisher_rows(connection)
    assert found["herald.example"] == {
        "articles": 1,
        "copies": 1,
        "last_article_at": NOW + timedelta(hours=1),
        "entries": {"fetched": 1, "dropped: TooShort": 1, "pending": 1},
    }


def test_a_run_is_a_row_with_the_stats_that_are_numbers_or_words(store: Store) -> None:
    run = store.write_now(partial(runs.begin, spider="news", now=NOW))
    stats = {"page/fetched": 3, "start_time": NOW, "finish_reason": "finished"}
    store.write_now(partial(runs.finish, run_id=run, reason="finished", stats=stats, now=minutes(2)))
    with store.read() as connection:
        (row,) = connection.execute(sa.select(schema.runs))
    assert row == (run, "news", NOW, minutes(2), "finished", {"page/fetched": 3, "finish_reason": "finished"})


# ----------------------------------------------------------------------------------------------------------- the writer


def begin_run(connection: sa.Connection, name: str) -> str:
    runs.begin(connection, name, NOW)
    return name


def names(store: Store) -> list[str]:
    with store.read() as connection:
        return list(connection.scalars(sa.select(schema.runs.c.spider).order_by(schema.runs.c.id)))


@pytest.fixture
def held(store: Store) -> Iterator[Callable[[], None]]:
    """The writer, kept busy until the test lets it go: what is written meanwhile waits together."""
    go, started = threading.Event(), threading.Event()

    def hold(connection: sa.Connection) -> None:
        started.set()
        go.wait(30)

    for _ in range(store_module.BATCH_JOBS):  # a full batch: the writer waits for no other job
        store.write(hold)
    started.wait(30)
    yield go.set
    go.set()


def test_a_written_job_answers_its_result_once_it_is_stored(store: Store) -> None:
    assert store.write(partial(begin_run, name="news")).result(30) == "news"
    assert names(store) == ["news"]


def test_a_job_to_be_done_at_once_waits_for_no_company_nor_does_the_next(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "BATCH_SECONDS", 3600.0)
    for name in ("first", "second"):
        store.write(partial(begin_run, name=name), at_once=True).result(30)
    store.write(partial(begin_run, name="third")).result(30)
    waiting = store.write(partial(begin_run, name="fourth"))  # from here on company is waited for
    store.write(partial(begin_run, name="fifth"), at_once=True).result(30)
    assert waiting.done()
    assert names(store) == ["first", "second", "third", "fourth", "fifth"]


def test_jobs_that_wait_share_a_transaction(store: Store, held: Callable[[], None]) -> None:
    commits: list[int] = []
    sa.event.listen(store.engine, "commit", lambda connection: commits.append(1))
    futures = [store.write(partial(begin_run, name=str(number))) for number in range(120)]
    held()
    wait(futures, 30)
    assert names(store) == [str(number) for number in range(120)]
    assert len(commits) == 1 + 3  # what held the writer, then 50, 50 and 20


def test_jobs_with_a_key_are_sorted_and_run_after_those_without(store: Store, held: Callable[[], None]) -> None:
    keys = [(minutes(2), "b"), None, (minutes(2), "a"), (minutes(1), "z"), None]
    futures = [
        store.write(partial(begin_run, name=key[1] if key else "plain"), key=key) for number, key in enumerate(keys)
    ]
    held()
    wait(futures, 30)
    assert names(store) == ["plain", "plain", "z", "a", "b"]


def test_a_job_that_fails_costs_only_itself(store: Store, held: Callable[[], None]) -> None:
    def fail(connection: sa.Connection) -> None:
        begin_run(connection, "half done")
        raise ZeroDivisionError

    def break_rule(connection: sa.Connection) -> None:
        connection.execute(schema.changes.insert(), {"id": 1, "last": 0})

    good = store.write(partial(begin_run, name="one"))
    bad, worse = store.write(fail), store.write(break_rule)
    after = store.write(partial(begin_run, name="two"))
    held()
    assert (good.result(30), after.result(30)) == ("one", "two")
    assert isinstance(bad.exception(30), ZeroDivisionError)
    assert isinstance(worse.exception(30), sa.exc.IntegrityError)
    assert names(store) == ["one", "two"]


def test_keys_that_cannot_be_compared_fail_and_the_writer_lives_on(store: Store, held: Callable[[], None]) -> None:
    futures = [store.write(partial(begin_run, name="x"), key=key) for key in (1, "one")]
    held()
    assert all(isinstance(future.exception(30), StoreError) for future in futures)
    assert store.write(partial(begin_run, name="after")).result(30) == "after"


def test_a_job_that_is_cancelled_is_not_run_and_the_writer_lives_on(store: Store, held: Callable[[], None]) -> None:
    cancelled = store.write(partial(begin_run, name="cancelled"))
    assert cancelled.cancel()
    after = store.write(partial(begin_run, name="after"))
    held()
    assert after.result(30) == "after"
    assert names(store) == ["after"]


def test_a_job_that_runs_can_no_longer_be_cancelled(store: Store) -> None:
    started, go = threading.Event(), threading.Event()

    def slow(connection: sa.Connection) -> str:
        started.set()
        go.wait(30)
        return begin_run(connection, "slow")

    future = store.write(slow)
    started.wait(30)
    cancelled = future.cancel()
    go.set()
    assert future.result(30) == "slow"
    assert not cancelled


def test_closing_writes_what_is_queued(store_url: str) -> None:
    store = Store(store_url)
    futures = [store.write(partial(begin_run, name=str(number))) for number in range(130)]
    store.close()
    assert all(future.done() for future in futures)
    with Store(store_url) as again:
        assert len(names(again)) == 130


def test_a_write_that_the_database_refuses_fails_all_of_its_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "BUSY_SECONDS", 0)
    url = f"sqlite:///{tmp_path}/newsfold.db"
    with Store(url) as store, Store(url) as other, other.engine.begin():
        futures = [store.write(partial(begin_run, name=str(number))) for number in range(3)]
        errors = [future.exception(30) for future in futures]
    assert [type(error) for error in errors] == [StoreError] * 3
    assert "database is locked" in str(errors[0])


def test_the_writer_goes_on_after_the_database_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "BUSY_SECONDS", 0)
    url = f"sqlite:///{tmp_path}/newsfold.db"
    with Store(url) as store, Store(url) as other:
        with other.engine.begin():
            assert isinstance(store.write(partial(begin_run, name="lost")).exception(30), StoreError)
        assert store.write(partial(begin_run, name="kept")).result(30) == "kept"


def test_a_disk_that_is_full_is_one_line(tmp_path: Path) -> None:
    with Store(f"sqlite:///{tmp_path}/newsfold.db") as store:
        sa.event.listen(store.engine, "begin", lambda connection: connection.exec_driver_sql("PRAGMA max_page_count=1"))
        error = store.write(lambda connection: [begin_run(connection, "x" * 5000) for _ in range(50)]).exception(30)
    assert str(error).startswith(f"store sqlite:///{tmp_path}/newsfold.db: database or disk is full: ")
    assert "\n" not in str(error)


# ------------------------------------------------------------------------------------------------ many at the same time


def test_a_reader_sees_one_state_while_others_write(store: Store) -> None:
    with store.read() as connection:
        count = sa.select(sa.func.count()).select_from(schema.runs)
        before = connection.execute(count).scalar_one()
        store.write(partial(begin_run, name="meanwhile")).result(30)
        assert connection.execute(count).scalar_one() == before == 0
    assert scalar(store, count) == 1


def test_a_store_can_be_opened_and_read_while_another_writes(
    store_url: str, prose: Prose, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "BUSY_SECONDS", 0)
    with Store(store_url) as store:
        add(store, article("herald", prose("dam")))
        with store.engine.begin() as connection:
            begin_run(connection, "not yet written")
            with Store(store_url, create=False) as reader:
                assert len(rows(reader)) == 1


def test_two_that_write_the_same_store_wait_for_each_other(store_url: str, prose: Prose) -> None:
    with Store(store_url) as one, Store(store_url) as other:
        futures = [
            store.write(
                partial(
                    articles.add,
                    article=article(f"{name}{number}", prose(f"topic {number}")),
                    now=NOW,
                    window=Window(10.0, 200),
                )
            )
            for number in range(30)
            for name, store in (("one", one), ("other", other))
        ]
        assert all(future.exception(60) is None for future in futures)
        assert len({row["story_id"] for row in rows(one)}) == 30
        assert position(one) == 60


# --------------------------------------------------------------------------------------------------------- the run lock


def holder(url: str) -> subprocess.Popen[str]:
    """Another process that holds the store's lock."""
    code = (
        "import sys; from datetime import UTC, datetime; from crawler.store import RunLock\n"
        "lock = RunLock(sys.argv[1], datetime(2026, 7, 14, 12, tzinfo=UTC)); print('held', flush=True); input()"
    )
    process = subprocess.Popen([sys.executable, "-c", code, url], stdin=PIPE, stdout=PIPE, text=True, cwd=PROJECT)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_run_is_told_since_when_the_store_is_held_until_the_first_is_killed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/newsfold.db"
    with holder(url) as process:
        try:
            says = rf"another run holds this store \(process {process.pid}, since 2026-07-14 12:00:00 UTC\)"
            with pytest.raises(StoreLockedError, match=says):
                RunLock(url, NOW)
            with Store(url) as store:  # reading takes no lock
                assert rows(store) == []
        finally:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
    RunLock(url, NOW).release()


def test_a_lock_can_be_taken_again_once_it_is_released(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/newsfold.db"
    RunLock(url, NOW).release()
    lock = RunLock(url, NOW)
    with pytest.raises(StoreLockedError):
        RunLock(url, NOW)
    lock.release()
    lock.release()
    RunLock(url, NOW).release()


def test_a_store_is_one_store_by_whatever_name(tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "newsfold.db")
    lock = RunLock(f"sqlite:///{tmp_path}/newsfold.db", NOW)
    with pytest.raises(StoreLockedError):
        RunLock(f"sqlite:///{tmp_path}/link.db", NOW)
    lock.release()


def test_a_lock_that_cannot_be_written_is_one_line() -> None:
    with pytest.raises(StoreError, match=r"^/nowhere/newsfold\.db\.lock: No such file or directory: choose a folder"):
        RunLock("sqlite:////nowhere/newsfold.db", NOW)


def test_another_engine_has_no_run_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    url = "postgresql+psycopg://root@127.0.0.1/x"
    locks = [RunLock(url, NOW), RunLock(url, NOW)]
    assert list(tmp_path.iterdir()) == []
    for lock in locks:
        lock.release()


# --------------------------------------------------------------------------------------------------------------- growth


@pytest.fixture
def years(store: Store) -> Store:
    """A store with 1,000 articles, one an hour."""
    fingerprint = similarity.sign("x", "some words that are no article")
    count = 1001
    with store.engine.begin() as connection:
        connection.execute(
            schema.articles.insert(),
            [
                {
                    "url": f"https://old.example/{number}",
                    "publisher": "old.example",
                    "kind": "article",
                    "story_id": number,
                    "also_story_ids": [],
                    "is_agency": False,
                    "date_published": NOW - timedelta(hours=number),
                    "word_count": 9,
                    "version": 1,
                    "change": number,
                    "changed_at": NOW,
                    "headline": "x",
                    "authors": [],
                    "images": [],
                    "body": "x" * 2000,
                }
                for number in range(1, count)
            ],
        )
        connection.execute(
            schema.fingerprints.insert(),
            [
                {
                    "article_id": number,
                    "scheme": similarity.VERSION,
                    "signature": fingerprint.signature_bytes,
                    "sketch": fingerprint.sketch_bytes,
                }
                for number in range(1, count)
            ],
        )
        connection.execute(
            schema.bands.insert(),
            [
                {
                    "segment": int((NOW - timedelta(hours=number)).timestamp() // (candidates.SEGMENT_DAYS * 86400)),
                    "key": number * 1000 + band,
                    "article_id": number,
                }
                for number in range(1, count)
                for band in range(16)
            ],
        )
    return store


def test_opening_a_store_reads_none_of_its_articles(years: Store) -> None:
    statements: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        statements.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        Store(years.url, create=False).close()
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    assert len(statements) < 20
    assert not any(table in line for line in statements for table in ("articles", "bands", "fingerprints", "stories"))


def test_an_article_costs_the_same_statements_however_old_the_store_is(years: Store, prose: Prose) -> None:
    def statements(paper: str) -> int:
        counted: list[str] = []

        def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
            counted.append(statement)

        sa.event.listen(years.engine, "before_cursor_execute", note)
        add(years, article(paper, prose(paper)))
        sa.event.remove(years.engine, "before_cursor_execute", note)
        return len(counted)

    assert statements("herald") == statements("gazette") < 20


def test_the_look_up_walks_the_index_of_its_window_alone(years: Store, prose: Prose) -> None:
    if years.engine.dialect.name != "sqlite":
        pytest.skip("SQLite's planner tells it in words")
    asked: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
        if "JOIN bands" in statement:
            asked.append((statement, parameters))

    sa.event.listen(years.engine, "before_cursor_execute", note)
    add(years, article("herald", prose("dam")))
    sa.event.remove(years.engine, "before_cursor_execute", note)
    assert 0 < len(asked) <= 6  # segments that a window of ten days to either side touches, and that of the undated
    with years.read() as connection:
        for statement, parameters in [*asked]:
            plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            assert "SEARCH bands USING PRIMARY KEY (segment=? AND key=?)" in plan


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://ana:sesame@db.example/news",
        "postgresql+psycopg:///news?host=db.example&user=ana&password=sesame&sslpassword=sesame",
    ],
)
def test_a_store_is_told_without_its_passwords(url: str) -> None:
    assert "sesame" not in engines.shown(url)
    assert "db.example" in engines.shown(url)


def test_a_servers_port_is_not_taken_for_the_code_of_an_error() -> None:
    said = 'connection to server at "127.0.0.1", port 28432 failed: too many connections for role "x"'
    assert failures.explain("s", StoreError(said)) == f"store s: {said}"
