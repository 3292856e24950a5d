"""Pages that change: which are fetched again and when, what is kept of the text before, and how the story follows."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import sqlalchemy as sa

from crawler import search
from crawler.demo.server import Request, Response, Server
from crawler.items import Article, Entry
from crawler.settings import PROJECT
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
    schema,
    searches,
    versions,
)
from crawler.store.candidates import Window
from crawler.store.entries import Listed, Pending
from crawler.store.exports import Since
from crawler.store.feeds import Feed, Poll
from tests.crawling import IN_FULL, asked, command, crawl, finished, html, publishers_file, site
from tests.crawling import rows as select

NOW = datetime(2026, 7, 14, 12, 0, tzinfo=UTC)
FEED = Feed(url="https://herald.example/rss", publisher="herald.example", kind="feed")
SITEMAP = Feed(url="https://herald.example/news.xml", publisher="herald.example", kind="sitemap")

Prose = Callable[..., str]


def minutes(number: float) -> datetime:
    return NOW + timedelta(minutes=number)


# ------------------------------------------------------------------------------------------ what is fetched again, when
HINTS: dict[str, Any] = {"headline": "Dam holds", "date_published": minutes(-60), "date_modified": minutes(-50)}


def poll(store: Store, now: datetime, feed: Feed = FEED, **hints: Any) -> list[Pending]:
    """A good poll of a feed that lists one page. Returns what it gives to fetch."""
    listed = Listed(
        url="https://herald.example/a",
        publisher="herald.example",
        entry=Entry(url="https://herald.example/a?utm_source=rss", **HINTS | hints),
    )
    how = Poll(status=200, changed=True, next_poll_at=now)
    return store.write_now(partial(feeds.record_poll, feed=feed, poll=how, listed=[listed], now=now))


def pending(store: Store, now: datetime, **options: Any) -> list[Pending]:
    with store.read() as connection:
        return entries.pending(connection, now, **options)


def entry(store: Store) -> Any:
    with store.read() as connection:
        return connection.execute(sa.select(schema.entries)).one()


def settle(store: Store, state: str, now: datetime, **how: Any) -> None:
    store.write_now(partial(entries.settle, entry_id=entry(store).id, state=state, now=now, **how))


def revisit(store: Store, now: datetime, *, has_changed: bool = False) -> None:
    store.write_now(partial(revisits.settle, entry_id=entry(store).id, now=now, has_changed=has_changed))


@pytest.fixture
def fetched(store: Store) -> Store:
    """A store whose one entry was fetched at NOW, as article 1."""
    store.write_now(partial(feeds.register, wanted=[FEED, SITEMAP]))
    poll(store, minutes(-10))
    settle(store, "fetched", NOW, article_id=1)
    return store


@pytest.mark.parametrize(
    ("feed", "hints", "again"),
    [
        (FEED, {}, False),
        (FEED, {"date_modified": minutes(-40)}, True),  # whatever the feed's clock says
        (FEED, {"date_modified": minutes(-55)}, False),
        (FEED, {"headline": "Dam bursts"}, True),
        (FEED, {"headline": " Dam  holds "}, False),
        (FEED, {"headline": None, "date_modified": None}, False),
        (FEED, {"date_published": minutes(-5)}, False),
        (FEED, {"date_published": minutes(5)}, True),
        (SITEMAP, {"date_modified": minutes(-40)}, False),  # what it calls modified was fetched
        (SITEMAP, {"date_modified": minutes(5)}, True),
        (SITEMAP, {"headline": "Dam bursts"}, False),  # it may always have cut it otherwise
    ],
)
def test_a_page_is_fetched_again_when_its_feed_says_that_it_has_changed(
    fetched: Store, feed: Feed, hints: Mapping[str, Any], again: bool
) -> None:
    given = poll(fetched, minutes(15), feed, **hints)
    assert [(item.id, item.is_revisit) for item in given] == ([(entry(fetched).id, True)] if again else [])
    assert [item.id for item in pending(fetched, minutes(15))] == [item.id for item in given]
    assert entry(fetched).state == ("updated" if again else "fetched")


def test_a_page_that_is_still_to_be_fetched_is_not_an_update(store: Store) -> None:
    store.write_now(partial(feeds.register, wanted=[FEED]))
    poll(store, minutes(-10))
    assert poll(store, NOW, date_modified=minutes(-1)) == []
    assert [item.is_revisit for item in pending(store, NOW)] == [False]


def test_an_update_is_fetched_with_what_the_feed_now_says_of_it(fetched: Store) -> None:
    (item,) = poll(fetched, minutes(15), headline="Dam bursts", date_modified=minutes(14))
    assert (item.entry.headline, item.entry.date_modified) == ("Dam bursts", minutes(14))
    assert pending(fetched, minutes(15)) == [item]


def test_another_feed_that_tells_of_an_update_leaves_the_first_one_s_headline(fetched: Store) -> None:
    poll(fetched, minutes(15), SITEMAP, headline="Dam | Herald", date_modified=minutes(14))
    revisit(fetched, minutes(16))
    assert poll(fetched, minutes(200), FEED, date_modified=minutes(14)) == []


@pytest.mark.parametrize(
    ("state", "reason", "again"),
    [
        ("dropped", "TooShort", True),
        ("dropped", "TooOld", False),
        ("refused", "noindex", False),
        ("duplicate", None, False),
    ],
)
def test_of_what_became_no_article_only_what_was_dropped_is_fetched_again(
    store: Store, state: str, reason: str | None, again: bool
) -> None:
    store.write_now(partial(feeds.register, wanted=[FEED]))
    poll(store, minutes(-10))
    settle(store, state, NOW, reason=reason)
    assert bool(poll(store, minutes(15), date_modified=minutes(14))) is again


def test_a_feed_that_calls_everything_updated_is_believed_ever_less(fetched: Store) -> None:
    visits = []
    for minute in range(15, 24 * 60, 15):
        if poll(fetched, minutes(minute), date_modified=minutes(minute)) or pending(fetched, minutes(minute)):
            visits.append(minute)
            revisit(fetched, minutes(minute))
    assert visits == [15, 45, 105, 225, 465, 945]


def test_a_dropped_page_whose_feed_calls_it_updated_is_fetched_ever_less(store: Store) -> None:
    store.write_now(partial(feeds.register, wanted=[FEED]))
    poll(store, minutes(-10))
    settle(store, "dropped", NOW, reason="TooShort")
    visits = []
    for minute in range(15, 8 * 60, 15):
        if poll(store, minutes(minute), date_modified=minutes(minute)) or pending(store, minutes(minute)):
            visits.append(minute)
            settle(store, "dropped", minutes(minute), reason="TooShort")
    assert visits == [15, 45, 105, 225, 465]


def test_a_page_that_changed_is_soon_looked_at_again(fetched: Store) -> None:
    revisit(fetched, minutes(15))
    revisit(fetched, minutes(45), has_changed=True)
    assert [item.id for item in pending(fetched, minutes(60), revisit_hours=24)] == [entry(fetched).id]
    assert poll(fetched, minutes(46), date_modified=minutes(46))


@pytest.mark.parametrize(
    ("hours", "everything", "at", "again"),
    [
        (0, False, 30, False),
        (0, True, 30, False),
        (2, False, 14, False),
        (2, True, 14, True),
        (2, True, 0, False),  # it was fetched in the run that began then
        (2, False, 15, True),
        (2, False, 109, True),
        (2, False, 111, False),  # two hours after the feed listed it first
        (2, True, 111, False),
    ],
)
def test_pages_are_fetched_again_within_the_hours_that_are_set(
    fetched: Store, hours: float, everything: bool, at: float, again: bool
) -> None:
    assert bool(pending(fetched, minutes(at), revisit_hours=hours, revisit_all=everything)) is again


def test_the_visits_of_a_page_that_never_changes_are_few(fetched: Store) -> None:
    visits = []
    for minute in range(0, 24 * 60, 5):
        if pending(fetched, minutes(minute), revisit_hours=24):
            visits.append(minute)
            revisit(fetched, minutes(minute))
    assert visits == [15, 45, 105, 225, 465, 945]


@pytest.mark.parametrize(("state", "reason"), [("dropped", "NoBody"), ("refused", "robots.txt")])
def test_a_visit_that_meets_no_article_leaves_the_entry_with_the_one_it_has(
    fetched: Store, state: str, reason: str
) -> None:
    poll(fetched, minutes(15), headline="Dam bursts")
    settle(fetched, state, minutes(16), reason=reason)
    row = entry(fetched)
    assert (row.state, row.reason, row.article_id) == ("fetched", None, 1)
    assert pending(fetched, minutes(1000)) == []


def test_an_update_that_fails_is_tried_again_and_given_up(fetched: Store) -> None:
    poll(fetched, minutes(15), headline="Dam bursts")
    now, tries = minutes(15), 0
    while pending(fetched, now) and tries < 20:
        tries += 1
        settle(fetched, "failed", now, reason="HTTP 500")
        assert pending(fetched, now) == []
        now += timedelta(days=1)
    assert tries == entries.ENTRY_TRIES_MAX
    assert (entry(fetched).state, entry(fetched).article_id) == ("fetched", 1)


def test_a_visit_that_fails_within_the_hours_waits_for_the_next(fetched: Store) -> None:
    settle(fetched, "failed", minutes(15), reason="HTTP 500")
    assert (entry(fetched).state, entry(fetched).article_id) == ("fetched", 1)
    assert pending(fetched, minutes(44), revisit_hours=24) == []
    assert len(pending(fetched, minutes(45), revisit_hours=24)) == 1


def test_validators_are_kept_until_the_next_answer_with_a_text(fetched: Store) -> None:
    row = entry(fetched)
    job = partial(revisits.settle, entry_id=row.id, has_changed=True, validators=('"1"', "Tue"))
    fetched.write_now(partial(job, now=minutes(15)))
    revisit(fetched, minutes(30))  # a 304
    (item,) = pending(fetched, minutes(60), revisit_hours=24)
    assert (item.etag, item.last_modified) == ('"1"', "Tue")


# ----------------------------------------------------------------------------------- what a new version does to a store
OPTIONS: dict[str, Any] = {"window": Window(10.0, 64)}


def article(paper: str, body: str, hours: float = 0, **fields: Any) -> Article:
    """A paper's article of so many hours after NOW, fetched an hour later."""
    given: dict[str, Any] = {
        "url": f"https://{paper}.example/a",
        "publisher": f"{paper}.example",
        "headline": "Twelve words are too few to tell",
        "body": body,
        "date_published": NOW + timedelta(hours=hours),
        "date_crawled": NOW + timedelta(hours=hours + 1),
        "word_count": len(body.split()),
        "language": "en",
    }
    return Article(**given | fields)


def add(store: Store, new: Article, **options: Any) -> Article:
    placed = store.write_now(partial(articles.add, article=new, now=NOW, **OPTIONS | options))
    assert placed is not None
    return placed


def visit(store: Store, known: Article, hours: float, **changed: Any) -> Article | None:
    """The page so many hours after NOW, with what changed on it."""
    now = NOW + timedelta(hours=hours)
    page = replace(known, date_crawled=now, signature=None, sketch=None, **changed)
    placed, _ = store.write_now(partial(versions.visit, article=page, now=now, **OPTIONS))
    return placed


def rows(store: Store, since: Since | None = None) -> dict[str, dict[str, Any]]:
    """The articles (changed since then), by paper."""
    with store.read() as connection:
        return {row["publisher"].partition(".")[0]: row for row in exports.article_rows(connection, since)}


def position(store: Store) -> Since:
    with store.read() as connection:
        return Since(change=changefeed.position(connection))


def story(store: Store, story_id: int | None) -> dict[str, Any]:
    assert story_id is not None
    with store.read() as connection:
        found = exports.story(connection, story_id)
    assert found is not None
    return found


def evidence(store: Store, placed: Article) -> str:
    assert placed.story_id is not None
    assert placed.id is not None
    with store.read() as connection:
        return str(exports.evidence(connection, placed.story_id)[placed.id])


def faults(store: Store) -> list[str]:
    with store.read() as connection:
        return [fault.says for fault in integrity.check(connection)]


def with_toll(text: str, dead: int, place: str = "Ulverby") -> str:
    """The text under a lead that says how many died."""
    return f"The flood has left {dead} people dead, the mayor of {place} said late in the evening.\n\n{text}"


def test_a_page_that_changed_becomes_a_further_version(store: Store, prose: Prose) -> None:
    first = add(store, article("herald", with_toll(prose("dam"), 12)))
    second = visit(store, first, 5, headline="Toll rises", body=with_toll(prose("dam"), 17), date_modified=minutes(290))
    third = visit(store, first, 7, headline="Toll rises", body=with_toll(prose("dam"), 21), date_modified=minutes(410))
    assert second is not None
    assert third is not None
    assert (second.id, second.version, third.id, third.version) == (first.id, 2, first.id, 3)
    row = rows(store)["herald"]
    assert (row["version"], row["headline"], row["body"]) == (3, "Toll rises", with_toll(prose("dam"), 21))
    assert (row["date_published"], row["date_modified"]) == (first.date_published, minutes(410))
    with store.read() as connection:
        earlier = versions.of(connection, [row["id"]])[row["id"]]
    assert [(v.version, v.headline, v.body, v.date_modified, v.date_crawled) for v in earlier] == [
        (1, first.headline, first.body, None, minutes(60)),
        (2, "Toll rises", with_toll(prose("dam"), 17), minutes(290), minutes(300)),
    ]
    assert faults(store) == []


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"description": "Another standfirst", "authors": ("Ada Quill",)},
        {"kind": "teaser", "body": "The first sentence of it."},
        {"body": "What the page said before.", "date_crawled": minutes(30)},
    ],
    ids=["nothing", "no text", "a teaser", "an older answer"],
)
def test_a_visit_that_tells_nothing_new_changes_nothing(store: Store, prose: Prose, changed: dict[str, Any]) -> None:
    first = add(store, article("herald", prose("dam")))
    before, since = rows(store), position(store)
    page = replace(first, signature=None, sketch=None, **{"date_crawled": minutes(600)} | changed)
    placed, _ = store.write_now(partial(versions.visit, article=page, now=minutes(600), **OPTIONS))
    assert placed is None
    assert rows(store) == before
    assert rows(store, since) == {}


@pytest.mark.parametrize(
    ("topic", "toll", "url"),
    [("dam", 12, "/a"), ("dam", 17, "/a"), ("weir", 12, "/b")],
    ids=["the same text", "a newer one", "another one"],
)
def test_a_canonical_address_is_believed_of_the_text_that_is_stored_there(
    store: Store, prose: Prose, topic: str, toll: int, url: str
) -> None:
    add(store, article("herald", with_toll(prose("dam"), 12)))
    page = article("herald", with_toll(prose(topic), toll), fetched_url="https://herald.example/b")
    with store.read() as connection:
        assert versions.addressed(connection, page).url == f"https://herald.example{url}"


def test_a_teaser_that_opens_becomes_a_version(store: Store, prose: Prose) -> None:
    first = add(store, article("herald", prose("dam", 3), kind="teaser"))
    second = visit(store, first, 5, kind="article", body=prose("dam"))
    assert second is not None
    assert (second.version, second.kind) == (2, "article")


def test_an_article_keeps_its_first_date_when_its_page_calls_itself_new(store: Store, prose: Prose) -> None:
    first = add(store, article("herald", prose("dam"), date_published_offset="+02:00"))
    second = visit(store, first, 5, body=prose("dam", 27), date_published=minutes(240), date_published_offset="+00:00")
    assert second is not None
    assert (second.date_published, second.date_modified) == (first.date_published, minutes(240))
    assert rows(store)["herald"]["date_published_offset"] == "+02:00"


def test_the_change_feed_shows_the_article_and_its_story(store: Store, prose: Prose) -> None:
    add(store, article("gazette", prose("weir")))
    first = add(store, article("herald", prose("dam")))
    since = position(store)
    visit(store, first, 5, headline="Dam bursts")
    assert [(paper, row["version"]) for paper, row in rows(store, since).items()] == [("herald", 2)]
    with store.read() as connection:
        (changed,) = exports.story_rows(connection, since)
    assert (changed["id"], changed["headline"]) == (first.story_id, "Dam bursts")


def test_the_search_index_follows(store: Store, prose: Prose) -> None:
    def found(words: str) -> int:
        while store.write_now(searches.catch_up):
            pass
        with store.read() as connection:
            return len(exports.most_printed(connection, search=search.parse(words)))

    first = add(store, article("herald", prose("dam"), headline="Quince harvest"))
    assert (found("quince"), found("medlar")) == (1, 0)
    visit(store, first, 5, headline="Medlar harvest")
    assert (found("quince"), found("medlar")) == (0, 1)


# ---------------------------------------------------------------------------------------------------- the story follows
def test_an_update_of_the_first_copy_stays_in_its_story_after_the_copies_of_the_old_text(
    store: Store, prose: Prose
) -> None:
    first = add(store, article("herald", with_toll(prose("dam"), 12)))
    copy = add(store, article("gazette", with_toll(prose("dam"), 12), hours=2))
    cut = add(store, article("mirror", with_toll(prose("dam", 12), 12), hours=3))
    second = visit(store, first, 5, body=with_toll(prose("dam", 27), 17), headline="Toll rises to 17")
    assert second is not None
    assert (second.story_id, second.relation, second.is_canonical) == (first.story_id, "update", False)
    assert {paper: row["relation"] for paper, row in rows(store).items()} == {
        "herald": "update",
        "gazette": "original",
        "mirror": "cut",
    }
    assert evidence(store, second).partition("version 2: ")[2].startswith("12 -> 17 people, 17 new")
    found = story(store, first.story_id)
    assert (found["copies"], found["first_published"]) == (3, first.date_published)
    assert copy.story_id == cut.story_id == first.story_id
    assert faults(store) == []


def test_a_correction_leaves_relation_and_place_as_they_were(store: Store, prose: Prose) -> None:
    first = add(store, article("herald", prose("dam")))
    add(store, article("gazette", prose("dam"), hours=2))
    second = visit(store, first, 5, body=prose("dam").replace("needs", "wants", 1))
    assert second is not None
    assert (second.relation, second.is_canonical) == ("original", True)
    assert evidence(store, second).endswith("version 2: no other figures")


def test_an_update_alone_in_its_story_says_so(store: Store, prose: Prose) -> None:
    first = add(store, article("herald", with_toll(prose("dam"), 12)))
    second = visit(store, first, 5, body=with_toll(prose("dam"), 17))
    assert second is not None
    assert (second.relation, second.is_canonical, second.resemblance) == ("update", True, None)
    assert evidence(store, second).endswith("version 2: 12 -> 17 people")


def test_a_copy_of_the_new_text_joins_the_story(store: Store, prose: Prose) -> None:
    first = add(store, article("herald", prose("stub", 3)))
    visit(store, first, 5, body=prose("dam"))
    copy = add(store, article("gazette", prose("dam"), hours=6))
    assert copy.story_id == first.story_id


def test_a_copy_of_a_text_that_is_no_longer_there_is_not_found(store: Store, prose: Prose) -> None:
    first = add(store, article("herald", prose("weir")))
    visit(store, first, 5, body=prose("dam"))
    assert add(store, article("gazette", prose("weir"), hours=6)).story_id != first.story_id


def test_an_article_with_another_text_leaves_the_story_of_its_old_one(store: Store, prose: Prose) -> None:
    first = add(store, article("herald", prose("weir")))
    copy = add(store, article("gazette", prose("weir"), hours=2))
    since = position(store)
    second = visit(store, first, 5, body=prose("dam"))
    assert second is not None
    assert second.story_id != first.story_id
    left = rows(store)["gazette"]
    assert (left["story_id"], left["relation"], left["is_canonical"]) == (copy.story_id, None, True)
    assert story(store, copy.story_id)["publishers"] == ["gazette.example"]
    with store.read() as connection:
        assert {row["id"] for row in exports.story_rows(connection, since)} == {copy.story_id, second.story_id}
    assert faults(store) == []


def test_an_article_with_the_text_of_another_story_joins_it(store: Store, prose: Prose) -> None:
    first = add(store, article("herald", prose("weir")))
    add(store, article("gazette", prose("weir"), hours=2))
    other = add(store, article("mirror", prose("dam"), hours=3))
    second = visit(store, first, 5, body=prose("dam"))
    assert second is not None
    assert (second.story_id, story(store, other.story_id)["copies"]) == (other.story_id, 2)
    assert faults(store) == []


def test_a_stub_that_grows_into_another_story_s_text_takes_its_story_along(store: Store, prose: Prose) -> None:
    first = add(store, article("herald", prose("stub", 3)))
    other = add(store, article("mirror", prose("dam"), hours=3))
    second = visit(store, first, 5, body=prose("dam"))
    assert second is not None
    assert second.story_id == first.story_id
    assert story(store, other.story_id)["id"] == first.story_id
    assert story(store, first.story_id)["copies"] == 2
    assert faults(store) == []


def test_an_edit_that_is_like_the_text_before_stays_though_it_is_like_another_story_too(
    store: Store, prose: Prose
) -> None:
    first = add(store, article("herald", prose("weir")))
    add(store, article("gazette", prose("weir"), hours=2))
    other = add(store, article("mirror", prose("dam"), hours=3))
    second = visit(store, first, 5, body=prose("weir", 21) + "\n\n" + prose("dam"))
    assert second is not None
    assert second.story_id == first.story_id
    assert second.also_story_ids == (other.story_id,)
    assert faults(store) == []


def test_a_page_that_grows_above_its_first_text_stays_with_the_copies_of_that(store: Store, prose: Prose) -> None:
    first = add(store, article("herald", prose("quay", 3)))
    add(store, article("gazette", prose("quay", 3), hours=2))
    second = visit(store, first, 5, body=prose("flood", 12) + "\n\n" + prose("quay", 3))
    assert second is not None
    assert second.story_id == first.story_id


# -------------------------------------------------------------------------------------------- entries, retention, check
def test_an_entry_and_its_version_are_written_together_or_not_at_all(fetched: Store, prose: Prose) -> None:
    first = add(fetched, article("herald", prose("dam")))
    poll(fetched, minutes(15), headline="Dam bursts")
    entry_id = entry(fetched).id
    with fetched.engine.begin() as connection:
        connection.execute(schema.entries.update().values(article_id=first.id))
    bad = replace(first, body="\udcff", entry_id=entry_id, date_crawled=minutes(120), signature=None, sketch=None)
    with pytest.raises(UnicodeError):
        fetched.write_now(partial(versions.visit, article=bad, now=minutes(120), **OPTIONS))
    assert entry(fetched).state == "updated"
    assert rows(fetched)["herald"]["version"] == 1
    good = replace(bad, body=prose("dam", 27), etag='"2"', last_modified="Tue")
    placed, is_own = fetched.write_now(partial(versions.visit, article=good, now=minutes(120), **OPTIONS))
    assert placed is not None
    assert (placed.version, is_own) == (2, True)
    row = entry(fetched)
    assert (row.state, row.article_id, row.revisits, row.etag, row.last_modified) == (
        "fetched",
        first.id,
        0,
        '"2"',
        "Tue",
    )


def test_another_entry_that_leads_to_the_page_is_a_duplicate(store: Store, prose: Prose) -> None:
    store.write_now(partial(feeds.register, wanted=[FEED]))
    first = add(store, article("herald", prose("dam")))
    (item,) = poll(store, NOW)
    page = replace(first, entry_id=item.id, signature=None, sketch=None)
    assert store.write_now(partial(versions.visit, article=page, now=NOW, **OPTIONS)) == (None, False)
    assert (entry(store).state, entry(store).article_id) == ("duplicate", first.id)


@pytest.mark.parametrize("how", ["prune", "forget"])
def test_what_is_removed_goes_with_all_its_versions(store: Store, prose: Prose, how: str) -> None:
    first = add(store, article("herald", prose("dam")))
    visit(store, first, 5, body=prose("dam", 27))
    if how == "prune":
        retention.prune(store, NOW + timedelta(days=1), keep_canonical=False, now=NOW)
    else:
        retention.forget(store, "herald.example", now=NOW)
    with store.read() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(schema.versions)).scalar_one() == 0
    assert faults(store) == []


def test_a_pruned_page_that_was_to_be_fetched_again_is_not(fetched: Store, prose: Prose) -> None:
    first = add(fetched, article("herald", prose("dam")))
    with fetched.engine.begin() as connection:
        connection.execute(schema.entries.update().values(article_id=first.id))
    poll(fetched, minutes(15), headline="Dam bursts")
    retention.prune(fetched, NOW + timedelta(days=1), keep_canonical=False, now=NOW)
    assert pending(fetched, minutes(20)) == []
    assert poll(fetched, minutes(30), headline="Dam bursts again") == []


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ("DELETE FROM versions WHERE version = 1", "article {id}: says version 3, has 1 earlier texts"),
        ("UPDATE versions SET version = 4 WHERE version = 2", "article {id}: says version 3, has 2 earlier texts"),
        ("UPDATE articles SET version = 1", "article {id}: says version 1, has 2 earlier texts"),
        ("UPDATE versions SET article_id = 99", "versions of article 99, which does not exist"),
    ],
)
def test_versions_that_do_not_agree_are_found_and_mended(store: Store, prose: Prose, broken: str, says: str) -> None:
    first = add(store, article("herald", prose("dam")))
    visit(store, first, 5, body=prose("dam", 27))
    visit(store, first, 6, body=prose("dam", 30))
    with store.engine.begin() as connection:
        connection.exec_driver_sql(broken)
    assert says.format(id=first.id) in faults(store)
    list(integrity.repair(store, NOW))
    assert faults(store) == []


# --------------------------------------------------------------------------------------------------------- whole crawls
NOTICE = "Reporters of this paper can be reached at the desk day and night, and what they are told in trust stays so."


@dataclass
class Paper:
    """A paper whose pages change: topic -> how many died, and when that was written."""

    prose: Prose
    tolls: dict[str, tuple[int, datetime]]
    has_etags: bool = False
    arrived: Event = field(default_factory=Event)
    stops_at: str | None = None  #: a topic whose page never comes

    def answer(self, request: Request) -> Response:
        topic = request.path.strip("/")
        if topic == self.stops_at:
            self.arrived.set()
            return Response(raw=lambda connection: connection.recv(1))  # until the client is gone
        dead, when = self.tolls[topic]
        etag = f'"{topic}-{dead}"'
        if self.has_etags and request.headers.get("if-none-match") == etag:
            return Response(304, b"", {"ETag": etag})
        paragraphs = "".join(f"<p>{text}</p>" for text in with_toll(self.prose(topic), dead, topic).split("\n\n"))
        head = (
            f"<title>Flood at {topic}</title>"
            '<meta property="article:published_time" content="2026-07-14T08:00:00+00:00">'
            f'<meta property="article:modified_time" content="{when.isoformat()}">'
        )
        body = f"<article><h1>Flood at {topic}</h1>{paragraphs}<p>{NOTICE}</p></article>"
        page = f"<html lang=en><head>{head}</head><body>{body}</body></html>"
        answer = html(page)
        return replace(answer, headers={**answer.headers, "ETag": etag}) if self.has_etags else answer

    def feed(self, request: Request) -> Response:
        entries = "".join(
            f"<entry><id>{topic}</id><title>Flood at {topic}</title><link href='/{topic}'/>"
            f"<published>2026-07-14T08:00:00Z</published><updated>{when:%Y-%m-%dT%H:%M:%SZ}</updated></entry>"
            for topic, (_, when) in self.tolls.items()
        )
        body = f"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><title>Herald</title>{entries}</feed>"
        return Response(body=body.encode(), headers={"Content-Type": "application/atom+xml; charset=utf-8"})


@dataclass
class Crawled:
    paper: Paper
    server: Server
    store: str
    publishers: Path

    def crawl(self, *arguments: str, spider: str = "news", **settings: str) -> list[str]:
        """A run; the pages that it asked for."""
        before = len(asked(self.server))
        run = crawl(spider, self.store, self.publishers, arguments, **settings)
        assert run.returncode == 0, run.stderr
        return [path for path in asked(self.server)[before:] if path != "/feed"]

    def versions(self) -> dict[str, int]:
        return {row.headline.rpartition(" ")[2]: row.version for row in select(self.store, "select * from articles")}

    def faults(self) -> list[str]:
        with Store(self.store) as store:
            return faults(store)


@pytest.fixture
def crawled(store_url: str, prose: Prose, tmp_path: Path) -> Iterator[Crawled]:
    """A paper that was crawled once."""
    paper = Paper(prose, dict.fromkeys(("dam", "weir", "lock"), (12, NOW)))
    pages = {f"/{topic}": paper.answer for topic in paper.tolls}
    with site({"/feed": paper.feed, **pages}) as server:
        publishers = publishers_file(tmp_path / "publishers.toml", {server.host: [server.url("/feed")]})
        press = Crawled(paper, server, store_url, publishers)
        assert sorted(press.crawl("all=true")) == ["/dam", "/lock", "/weir"]
        yield press


#: For what has nothing to do with the engine: a crawl takes its time.
one_engine = pytest.mark.parametrize("dialect", ["sqlite"])


@pytest.mark.parametrize("dialect", ["sqlite", pytest.param("postgresql", marks=IN_FULL)])
def test_a_crawl_fetches_what_its_feed_calls_updated_and_nothing_else(crawled: Crawled) -> None:
    crawled.paper.tolls["dam"] = (17, minutes(60))
    assert crawled.crawl("all=true") == ["/dam"]
    assert crawled.versions() == {"dam": 2, "weir": 1, "lock": 1}
    assert crawled.crawl("all=true") == []
    states = select(crawled.store, "select state, count(*) from entries group by state")
    assert [tuple(row) for row in states] == [("fetched", 3)]
    assert crawled.faults() == []


@IN_FULL
@one_engine
def test_a_page_that_its_feed_calls_updated_and_that_is_not_makes_no_version(crawled: Crawled) -> None:
    crawled.paper.tolls["dam"] = (12, minutes(60))
    before = select(crawled.store, "select id, change, version from articles order by id")
    assert crawled.crawl("all=true") == ["/dam"]
    assert select(crawled.store, "select id, change, version from articles order by id") == before


@IN_FULL
def test_young_pages_are_visited_again_with_their_validators(crawled: Crawled) -> None:
    crawled.paper.has_etags = True
    crawled.paper.tolls["dam"] = (17, NOW)  # and no feed says so
    assert crawled.crawl("all=true") == []
    assert sorted(crawled.crawl("all=true", REVISIT_HOURS="2")) == ["/dam", "/lock", "/weir"]
    assert crawled.versions() == {"dam": 2, "weir": 1, "lock": 1}
    before = len(crawled.server.requests)
    assert len(crawled.crawl("all=true", REVISIT_HOURS="2")) == 3
    pages = [request for request in crawled.server.requests[before:] if request.path in ("/dam", "/lock", "/weir")]
    assert {request.path: request.headers["if-none-match"] for request in pages} == {
        "/dam": '"dam-17"',
        "/lock": '"lock-12"',
        "/weir": '"weir-12"',
    }
    assert crawled.crawl(REVISIT_HOURS="2") == []  # their time has not come
    assert crawled.versions() == {"dam": 2, "weir": 1, "lock": 1}


@IN_FULL
@one_engine
def test_a_page_that_is_only_read_otherwise_makes_no_version(crawled: Crawled) -> None:
    # The first run read the notice, which all pages print, and took it out at its end; the second does not read it.
    crawled.paper.tolls["dam"] = (17, NOW)
    crawled.crawl("all=true", REVISIT_HOURS="2")
    texts = select(crawled.store, "select headline, version, body from articles order by headline")
    assert [(row.headline, row.version, NOTICE in row.body) for row in texts] == [
        ("Flood at dam", 2, False),
        ("Flood at lock", 1, False),
        ("Flood at weir", 1, False),
    ]


@IN_FULL
@one_engine
def test_a_person_can_have_a_page_fetched_again(crawled: Crawled) -> None:
    crawled.paper.tolls["dam"] = (17, NOW)
    assert crawled.crawl(f"url={crawled.server.url('/dam')}", spider="pages") == ["/dam"]
    assert crawled.versions() == {"dam": 2, "weir": 1, "lock": 1}


@IN_FULL
@one_engine
def test_a_page_that_is_gone_leaves_its_article(crawled: Crawled) -> None:
    crawled.paper.tolls["dam"] = (17, minutes(60))
    crawled.server.answer = lambda request: (
        crawled.paper.feed(request) if request.path == "/feed" else html("not found", 404)
    )
    run = crawl("news", crawled.store, crawled.publishers, ["all=true"])
    assert "1 updated entry, 1 page failed" in run.stderr
    assert crawled.versions() == {"dam": 1, "weir": 1, "lock": 1}


@IN_FULL
def test_a_crawl_killed_among_updates_leaves_each_version_whole_or_to_come(crawled: Crawled) -> None:
    crawled.paper.tolls = {topic: (17, minutes(60)) for topic in crawled.paper.tolls}
    crawled.paper.stops_at = "weir"
    words = command("news", crawled.store, crawled.publishers, ["all=true"])
    with subprocess.Popen(words, cwd=PROJECT, stderr=subprocess.DEVNULL) as process:
        assert crawled.paper.arrived.wait(60)
        process.send_signal(signal.SIGKILL)
    assert crawled.faults() == []
    crawled.paper.stops_at = None
    with Store(crawled.store) as store, store.engine.begin() as connection:
        connection.execute(schema.hosts.update().values(leased_until=NOW))  # as after LEASE_SECONDS
    assert "/weir" in crawled.crawl("all=true")
    assert crawled.versions() == {"dam": 2, "weir": 2, "lock": 2}
    assert [tuple(row) for row in select(crawled.store, "select version, count(*) from versions group by version")] == [
        (1, 3)
    ]
    assert crawled.faults() == []


# -------------------------------------------------------------------------------------------------- scrapy story --diff
def told(url: str, story_id: int | None, *options: str) -> str:
    words = [sys.executable, "-m", "scrapy", "story", str(story_id), *options, "-s", f"STORE_URL={url}"]
    done = finished(words)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def updated(store_url: str, prose: Prose) -> tuple[str, int | None]:
    """A store with a story of two papers, of which one has updated its text; its URL and the story's id."""
    with Store(store_url) as store:
        first = add(store, article("herald", with_toll(prose("dam"), 12)))
        add(store, article("gazette", with_toll(prose("dam"), 12), hours=2))
        body = with_toll(prose("dam"), 17)
        visit(store, first, 5, headline="Toll rises", body=body, date_modified=minutes(290))
        return store_url, first.story_id


def test_a_story_tells_of_each_version_what_it_changed(updated: tuple[str, int | None]) -> None:
    text = told(*updated)
    assert "version 2, 2026-07-14 16:50" in text
    assert "12 -> 17 people" in text
    assert "{+" not in text


def test_a_diff_shows_what_changed_between_versions_and_between_copies(updated: tuple[str, int | None]) -> None:
    text = " ".join(told(*updated, "--diff").split())
    assert "[-Twelve words are too few to tell-]{+Toll rises+}" in re.sub(r"\s*([-+][\]}])\s*", r"\1", text)
    assert len(re.findall(r"left \[-12 -\]\{\+17 \+\}people dead", text)) == 2


def test_the_json_of_a_story_holds_the_versions(updated: tuple[str, int | None]) -> None:
    copies = {copy["publisher"]: copy for copy in json.loads(told(*updated, "--diff", "--format", "json"))["articles"]}
    assert copies["gazette.example"]["versions"] == []
    first, second = copies["herald.example"]["versions"]
    assert (first["version"], first["headline"], first["figures"], first["diff"]) == (
        1,
        "Twelve words are too few to tell",
        [],
        [],
    )
    assert (second["version"], second["headline"], second["figures"]) == (2, "Toll rises", ["12 -> 17 people"])
    assert ["added", "17 "] in second["diff"]
    assert "12 people" in first["body"]


def test_an_export_carries_the_version(updated: tuple[str, int | None]) -> None:
    with Store(updated[0]) as store:
        assert {paper: row["version"] for paper, row in rows(store).items()} == {"herald": 2, "gazette": 1}
