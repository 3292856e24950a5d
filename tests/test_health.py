"""When a publisher's pages change under us: fields against its own past."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
import sqlalchemy as sa

from crawler import health
from crawler.demo.server import Response
from crawler.health import Found
from crawler.items import Article, Entry
from crawler.store import Store, articles, coverage, entries, feeds
from crawler.store.candidates import Window
from tests.conftest import Prose, _prose
from tests.crawling import IN_FULL, crawl, finished, html, publishers_file, rss, site

GOOD = Found(headline="", body=400, date="json-ld", authors=1)


def pages(*runs: tuple[int, Found]) -> list[Found]:
    """So many pages of a kind after another, the latest run first; each with a headline of its own unless it says."""
    found = [page for count, page in runs for page in [page] * count]
    return [replace(p, headline=f"Headline {i}") if p.headline == "" else p for i, p in enumerate(found)]


def broken(found: Sequence[Found]) -> list[str]:
    return [look.field for look in health.coverage(found) if look.is_broken]


@pytest.mark.parametrize(
    ("latest", "field"),
    [
        (replace(GOOD, headline="The Harbour Gazette"), "headline"),
        (replace(GOOD, body=30), "body"),
        (replace(GOOD, body=4000), "body"),
        (replace(GOOD, date=""), "date"),
        (replace(GOOD, date="feed"), "date"),
        (replace(GOOD, date="url"), "date"),
        (replace(GOOD, authors=0), "authors"),
        (Found(body=0), "body"),
    ],
)
def test_a_field_breaks_when_it_leaves_the_latest_pages(latest: Found, field: str) -> None:
    assert broken(pages((10, latest), (10, GOOD))) == [field]
    assert broken(pages((12, latest), (200, GOOD))) == [field]


@pytest.mark.parametrize(
    "found",
    [
        pages((230, GOOD)),
        pages((5, replace(GOOD, authors=0)), (200, GOOD)),  # half of the latest ten have it
        pages((10, replace(GOOD, authors=0)), (9, GOOD)),  # too short a past
        pages((10, replace(GOOD, authors=0)), (55, GOOD), (10, replace(GOOD, authors=0)), (50, GOOD)),  # seen before
        pages((230, replace(GOOD, authors=0))),  # it never names any
        pages((20, replace(GOOD, date="meta (zone assumed)")), (100, GOOD)),  # as near to the page as before
        pages((20, replace(GOOD, body=200)), (100, GOOD)),  # shorter, as texts are
        [],
    ],
)
def test_a_field_does_not_break_by_chance_or_for_want_of_a_past(found: list[Found]) -> None:
    assert broken(found) == []


def test_a_field_that_half_of_the_pages_have_breaks_when_twenty_lack_it() -> None:
    mixed = [page for _ in range(50) for page in (GOOD, replace(GOOD, authors=0))]
    past = [replace(page, headline=f"Before {i}") for i, page in enumerate(mixed)]
    lacking = pages((20, replace(GOOD, authors=0)))
    assert broken([*lacking[:10], *past]) == []
    assert broken([*lacking, *past]) == ["authors"]


def test_an_alarm_ends_when_the_pages_have_been_so_for_longer_than_the_past_is_looked_at() -> None:
    assert broken(pages((20 + health.EARLIER_MAX, replace(GOOD, authors=0)), (200, GOOD))) == []


def test_a_mark_says_what_was_found_before_and_after() -> None:
    (look,) = (look for look in health.coverage(pages((10, replace(GOOD, authors=0)), (40, GOOD))) if look.is_broken)
    assert look.mark.name == "authors_coverage"
    assert look.mark.text == "authors on 0 % of the last 10 pages, 100 % of the 40 before: did its pages change?"
    assert look.mark.needs_a_person


# ------------------------------------------------------------------------------------------------------------ the store
START = datetime(2026, 3, 2, tzinfo=UTC)


def test_the_latest_pages_are_those_stored_and_those_dropped_for_want_of_a_field(store: Store, prose: Prose) -> None:
    def listed(number: int) -> entries.Listed:
        link = f"https://gazette.example/{number}"
        return entries.Listed(url=link, publisher="gazette.example", entry=Entry(url=link))

    def fill(connection: sa.Connection) -> None:
        for hour in (0, 2):
            article = Article(
                url=f"https://gazette.example/stored-{hour}",
                publisher="gazette.example",
                headline=f"At {hour}",
                body=prose(f"topic {hour}"),
                word_count=300 + hour,
                authors=("Ada Lowick",),
                date_published_source="meta",
                date_crawled=START + timedelta(hours=hour),
            )
            articles.add(connection, article, now=START, window=Window(10, 8))
        feed = feeds.Feed(url="https://gazette.example/feed", publisher="gazette.example", kind="feed")
        feeds.register(connection, [feed])
        new = feeds.record_poll(
            connection, feed, feeds.Poll(status=200, changed=True, next_poll_at=None), map(listed, range(3)), START
        )
        for pending, hour, reason in zip(new, (1, 3, 4), ("NoBody", "NoHeadline", "NotAnArticle"), strict=True):
            entries.settle(connection, pending.id, "dropped", START + timedelta(hours=hour), reason=reason)

    store.write_now(fill)
    with store.read() as connection:
        found = coverage.latest(connection)
        assert coverage.latest(connection, "other.example") == {}
    assert found == {
        "gazette.example": [
            Found(headline=""),
            Found(headline="At 2", body=302, date="meta", authors=1),
            Found(body=0),
            Found(headline="At 0", body=300, date="meta", authors=1),
        ]
    }


# ------------------------------------------------------------------------------------------------------------- a crawl
def old(topic: str) -> Response:
    """The paper's first template."""
    text = "".join(f"<p>{p}</p>" for p in _prose(topic, 12).split("\n\n"))
    data = {
        "@type": "NewsArticle",
        "headline": f"The {topic} of the week",
        "datePublished": "2026-07-14T08:00:00Z",
        "author": {"@type": "Person", "name": "Ada Lowick"},
    }
    return html(
        f"<html lang=en><head><title>The {topic} of the week | Gazette</title>"
        f"<script type='application/ld+json'>{orjson.dumps(data).decode()}</script></head>"
        f"<body><main><article><h1>The {topic} of the week</h1>{text}</article></main></body></html>"
    )


def new(topic: str) -> Response:
    """Its next: the text comes with a script, but for a line; what structured data said is gone."""
    line = _prose(topic, 1)
    return html(
        f"<html lang=en><head><title>The {topic} of the week | Gazette</title></head><body><main><article>"
        f"<h1>The {topic} of the week</h1><p>{line}</p></article></main><script src=/app.js></script></body></html>"
    )


@IN_FULL
def test_publishers_says_that_a_publishers_pages_changed_between_two_crawls(tmp_path: Path) -> None:
    template: list[Callable[[str], Response]] = [old]
    listed: list[str] = []
    topics = [f"{what}-{n}" for what in ("anchor", "beacon", "chimney", "dredger") for n in range(6)]
    store = tmp_path / "newsfold.db"
    paper = site(
        {
            **{f"/{topic}": lambda request: template[0](request.path[1:]) for topic in topics},
            "/feed": lambda request: rss(paper.url(f"/{topic}") for topic in listed),
        }
    )
    healthy = []
    with paper:
        file = publishers_file(tmp_path / "publishers.toml", {paper.host: [paper.url("/feed")]})
        for upto, kind in ((12, old), (24, new)):
            listed[:], template[:] = topics[:upto], [kind]
            run = crawl("news", store, file, ["all=true"], ARTICLE_MIN_WORDS="5")
            assert run.returncode == 0, run.stderr
            healthy.append(publishers(store, file))
    assert healthy[0] == (0, [])
    assert healthy[1] == (1, ["body_coverage", "date_coverage", "authors_coverage"])


def publishers(store: Path, file: Path) -> tuple[int, list[str]]:
    """Exit code and names of the marks of `scrapy publishers`."""
    words = [sys.executable, "-m", "scrapy", "publishers", "--format", "jsonl"]
    words += ["-s", f"STORE_URL=sqlite:///{store}", "-s", f"PUBLISHERS_FILE={file}"]
    done = finished(words)
    return done.returncode, [mark["name"] for mark in orjson.loads(done.stdout)["marks"]]
