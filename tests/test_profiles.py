"""What recurs over a publisher's pages: learnt from some, used on the next, kept in the store."""

from __future__ import annotations

import zlib
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler import blocks, markup, pages, profiles
from crawler.demo.server import Server
from crawler.items import Article
from crawler.profiles import Profile, Sample
from crawler.publishers import Publisher
from crawler.store import Store, articles, changefeed, exports, integrity, schema, versions
from crawler.store import profiles as stored
from crawler.store.candidates import Window
from crawler.store.exports import Since
from crawler.store.retention import forget
from crawler.text import squash
from tests.conftest import _prose
from tests.crawling import IN_FULL, crawl, html, publishers_file, rows, rss, site

FIRST = date(2026, 3, 2)
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
NOTE = (
    "The Harbour Gazette is owned by its readers, who meet twice a year in the customs house to elect the editors "
    "and to read the accounts. Guests are welcome, and the minutes hang in the lobby."
)
BYE = (
    "Those who would like to walk the old sea wall with our editors on a Sunday find the dates on the board beside the "
    "ferry steps. The walks take two hours, end at the lighthouse, and cost nothing."
)


PLACE: Mapping[str, Any] = {"window": Window(10.0, 64)}


def page(topic: str, *boxes: str, when: datetime | None = None) -> bytes:
    """An article on a topic with further paragraphs between its own."""
    own = _prose(topic, 15).split("\n\n")
    printed = [*own[:3], *boxes, *own[3:]]
    text = "".join(f"<p>{paragraph}</p>" for paragraph in printed)
    date = f'<meta property="article:published_time" content="{when:%Y-%m-%dT%H:%M:%SZ}">' if when else ""
    return (
        f"<html lang=en><head><title>The {topic} of the week</title>{date}</head><body><main><article>"
        f"<h1>The {topic} of the week</h1><div class=text>{text}</div></article></main></body></html>"
    ).encode()


def url(topic: str) -> str:
    return f"https://gazette.example/news/{topic}-of-the-week.html"


def sample(topic: str, *boxes: str, day: date = FIRST, story: int | None = None) -> Sample:
    """What a page leaves for the profile; each topic is a story of its own."""
    layout = pages.read(page(topic, *boxes), url(topic)).layout
    assert layout
    return Sample(url(topic), hash(topic) if story is None else story, day, b64decode(layout))


def read(topic: str, *boxes: str, profile: Profile | None = None) -> str:
    return pages.read(page(topic, *boxes), url(topic), profile=profile).body


TOPICS = ("anchor", "beacon", "chimney", "dredger", "ferry", "granary", "kiln", "lantern", "mill", "orchard")


# ------------------------------------------------------------------------------------------------- what a profile does
def test_a_paragraph_that_the_publishers_other_articles_print_leaves_the_body() -> None:
    profile = profiles.learn(sample(topic, NOTE) for topic in TOPICS[:4])
    assert NOTE in read("quarry", NOTE)
    assert read("quarry", NOTE, profile=profile) == read("quarry")


def test_without_a_profile_a_page_is_read_from_its_arguments_alone() -> None:
    before = pages.read(page("quarry", NOTE), url("quarry"))
    pages.read(page("quarry", NOTE), url("quarry"), profile=profiles.learn(sample(t, NOTE) for t in TOPICS))
    assert pages.read(page("quarry", NOTE), url("quarry")) == before
    assert before.profile is None


def test_an_article_names_the_profile_that_it_was_read_with() -> None:
    profile = profiles.learn(sample(topic, NOTE) for topic in TOPICS)
    assert profile is not None
    assert pages.read(page("quarry"), url("quarry"), profile=profile).profile == profile.version


@pytest.mark.parametrize(
    ("carriers", "days", "leaves"),
    [
        (2, 2, False),  # of ten stories: a follow-up repeats the background of the first
        (4, 1, False),  # the news of a day
        (4, 2, True),
        (6, 1, True),  # more than half of what the publisher prints
    ],
)
def test_a_paragraph_is_boilerplate_by_the_stories_and_days_that_print_it(
    carriers: int, days: int, leaves: bool
) -> None:
    samples = [
        sample(topic, *([NOTE] if i < carriers else []), day=FIRST + timedelta(days=i % days))
        for i, topic in enumerate(TOPICS)
    ]
    body = read("quarry", NOTE, profile=profiles.learn(samples))
    assert body == (read("quarry") if leaves else read("quarry", NOTE))


def test_a_paragraph_of_one_storys_copies_is_no_boilerplate() -> None:
    copies = [sample(topic, NOTE, day=FIRST + timedelta(days=i), story=1) for i, topic in enumerate(TOPICS[:6])]
    others = [sample(topic) for topic in TOPICS[6:]]
    assert NOTE in read("quarry", NOTE, profile=profiles.learn([*copies, *others]))


def test_a_page_of_nothing_but_recurring_text_keeps_it() -> None:
    printed = [sample(f"{topic}", *_prose("quarry", 15).split("\n\n")) for topic in TOPICS[:4]]
    assert read("quarry", profile=profiles.learn(printed)) == read("quarry")


def test_a_line_that_parts_a_text_is_not_all_that_is_left_of_it() -> None:
    body = f"* * *\n\n{NOTE}"
    assert profiles.without(body, {zlib.crc32(squash(NOTE).encode())}) == body


def test_a_credit_line_above_what_recurs_goes_with_it() -> None:
    body = f"One.\n\nTwo.\n\n(AFP)\n\n{NOTE}"
    assert profiles.without(body, {zlib.crc32(squash(NOTE).encode())}) == "One.\n\nTwo."


def test_a_recurring_sentence_below_the_headline_is_no_standfirst() -> None:
    def printed(topic: str) -> bytes:
        below = f"</h1><p class=standfirst>{NOTE}</p>".encode()
        return page(topic).replace(b"</h1>", below, 1)

    layouts = [b64decode(pages.read(printed(topic), url(topic)).layout or "") for topic in TOPICS[:4]]
    profile = profiles.learn(Sample(url(str(i)), i, FIRST, layout) for i, layout in enumerate(layouts))
    assert pages.read(printed("quarry"), url("quarry")).description == NOTE
    article = pages.read(printed("quarry"), url("quarry"), profile=profile)
    assert (article.description, article.body) == (None, read("quarry"))


def test_a_credit_line_that_recurs_is_evidence_still() -> None:
    def printed(topic: str) -> bytes:
        return page(topic).replace(b"</div></article>", b"<p>(AFP)</p></div></article>")

    layouts = [b64decode(pages.read(printed(topic), url(topic)).layout or "") for topic in TOPICS]
    profile = profiles.learn(Sample(url(str(i)), i, FIRST, layout) for i, layout in enumerate(layouts))
    alone, helped = (pages.read(printed("quarry"), url("quarry"), profile=p) for p in (None, profile))
    assert (helped.agency, helped.agency_evidence, helped.body) == ("AFP", alone.agency_evidence, read("quarry"))


def test_recurring_paragraphs_leave_what_the_publishers_selector_names_too() -> None:
    gazette = Publisher(domain="gazette.example", name="The Harbour Gazette", selectors={"body": "div.text"})
    alone = [pages.read(page(topic, NOTE), url(topic), publisher=gazette) for topic in TOPICS[:4]]
    profile = profiles.learn(Sample(a.url, i, FIRST, b64decode(a.layout or "")) for i, a in enumerate(alone))
    article = pages.read(page("quarry", NOTE), url("quarry"), publisher=gazette, profile=profile)
    assert article.body == read("quarry")


@pytest.mark.parametrize(("odds", "stands"), [(6.0, 1), (-6.0, -1), (0.0, 0)], ids=["always", "never", "at times"])
def test_a_path_speaks_for_its_blocks_where_it_was_always_or_never_text(odds: float, stands: int) -> None:
    tables = [blocks.read(markup.parse(page(topic).decode())) for topic in TOPICS[:4]]
    samples = [
        Sample(url(str(i)), i, FIRST, profiles.layout(table, np.full(len(table), odds)))
        for i, table in enumerate(tables)
    ]
    profile = profiles.learn(samples)
    assert profile is not None
    paragraphs = [b for b in blocks.read(markup.parse(page("quarry").decode())) if b.tag == "p"]
    assert set(np.sign(profile.standing(paragraphs))) == {stands}


def test_numbers_in_class_names_make_no_other_path() -> None:
    one, other = (
        blocks.read(markup.parse(f"<body class=post-{n}><div class=text-{n}><p>A line.</p></div></body>"))
        for n in (17, 1802)
    )
    assert profiles.path_hashes(one) == profiles.path_hashes(other)


# --------------------------------------------------------------------------------------------------- what it is made of
@given(order=st.permutations(range(len(TOPICS))))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_order_of_the_articles_changes_no_profile(order: Sequence[int]) -> None:
    assert profiles.learn([SAMPLES[i] for i in order]) == profiles.learn(SAMPLES)
    assert profiles.recent([SAMPLES[i] for i in order]) == profiles.recent(SAMPLES)


SAMPLES = [sample(topic, NOTE, day=FIRST + timedelta(days=i % 3)) for i, topic in enumerate(TOPICS)]


def test_too_few_stories_make_no_profile() -> None:
    assert profiles.learn(SAMPLES[: profiles.STORIES_MIN - 1]) is None


def test_layouts_of_another_scheme_and_damaged_ones_are_left_out() -> None:
    other = [replace(s, layout=bytes([profiles.SCHEME + 1]) + s.layout[1:]) for s in SAMPLES[:5]]
    cut = [replace(s, layout=s.layout[:-1]) for s in SAMPLES[5:]]
    assert profiles.learn([*other, *cut]) is None


def test_equal_profiles_have_equal_versions_and_others_have_not() -> None:
    one, same, other = (profiles.learn(samples) for samples in (SAMPLES, SAMPLES[::-1], SAMPLES[:5]))
    assert one
    assert same
    assert other
    assert one.version == same.version != other.version


def test_a_profile_survives_the_store_in_json() -> None:
    profile = profiles.learn(SAMPLES)
    assert profile is not None
    assert profile.texts
    assert profile.paths
    assert Profile.from_json(profile.version, profile.to_json()) == profile


def test_a_profile_is_made_of_the_latest_articles_of_several_days() -> None:
    many = [
        replace(SAMPLES[0], url=url(f"{day}-{n}"), day=FIRST + timedelta(days=day))
        for day in range(30)
        for n in range(20)
    ]
    days = [s.day for s in profiles.recent(many)]
    assert len(days) == profiles.ARTICLES_MAX
    assert set(days) == {FIRST + timedelta(days=30 - n) for n in range(1, 1 + 48 // profiles.DAY_MAX)}


def test_what_a_publisher_no_longer_prints_fades() -> None:
    old = [sample(f"{topic}-before", NOTE, day=FIRST) for topic in TOPICS]
    new = [sample(topic, day=FIRST + timedelta(days=profiles.DAYS_MAX + 1)) for topic in TOPICS]
    assert NOTE in read("quarry", NOTE, profile=profiles.learn(profiles.recent([*old, *new])))


# ------------------------------------------------------------------------------------------------------------ the store
def put(store: Store, topics: Sequence[str], *boxes: str, day: date = FIRST) -> list[Article]:
    """Store an article on each topic, as a crawl does."""
    placed = []
    for number, topic in enumerate(topics):
        when = datetime(day.year, day.month, day.day, number % 24, tzinfo=UTC)
        article = replace(pages.read(page(topic, *boxes, when=when), url(topic)), date_crawled=when)
        placed.append(store.write_now(partial(_put, article=article)))
    return placed


def _put(connection: sa.Connection, article: Article) -> Article:
    placed = articles.add(connection, article, now=NOW, window=Window(10, 64))
    assert placed is not None
    stored.note(connection, [placed])
    return placed


def renew(store: Store, now: datetime = NOW) -> Mapping[str, Profile]:
    return store.write_now(partial(stored.renew, now=now, **PLACE))


def count(store: Store, table: sa.Table) -> int:
    with store.read() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def test_a_run_begins_with_the_profile_of_what_is_stored(store: Store) -> None:
    put(store, TOPICS, NOTE)
    profile = renew(store)["gazette.example"]
    assert read("quarry", NOTE, profile=profile) == read("quarry")


def test_a_profile_of_nothing_new_is_not_made_again(store: Store) -> None:
    put(store, TOPICS, NOTE)
    first = renew(store)
    assert renew(store, NOW + timedelta(days=1)) == first
    with store.read() as connection:
        assert connection.scalars(sa.select(schema.profiles.c.made_at)).all() == [NOW]


def clean(store: Store) -> int:
    return stored.complete(store, NOW, **PLACE)


def faults(store: Store) -> list[str]:
    with store.read() as connection:
        return [fault.says for fault in integrity.check(connection)]


def bodies(store: Store) -> dict[str, tuple[str, str | None, int]]:
    with store.read() as connection:
        a = schema.articles.c
        return {row.url: tuple(row)[1:] for row in connection.execute(sa.select(a.url, a.body, a.profile, a.version))}


def test_a_publishers_first_profile_cleans_what_was_read_before(store: Store) -> None:
    put(store, TOPICS, NOTE)
    assert clean(store) == len(TOPICS)
    profile = renew(store)["gazette.example"]
    assert bodies(store) == {url(t): (read(t), f"{profile.version}~", 1) for t in TOPICS}
    assert faults(store) == []


def test_a_publishers_first_profile_takes_a_standfirst_that_recurs(store: Store) -> None:
    teaser = "Next week the harbour office opens its doors to all who want to see how the tide is measured."
    below = f"</h1></article><div><p>{teaser}</p></div><article class=main>".encode()
    for number, topic in enumerate(TOPICS):
        html = page(topic, when=NOW + timedelta(hours=number)).replace(b"</h1>", below)
        article = replace(pages.read(html, url(topic)), date_crawled=NOW)
        assert article.description == article.body.split("\n\n")[0] == teaser
        store.write_now(partial(_put, article=article))
    assert clean(store) == len(TOPICS)
    with store.read() as connection:
        a = schema.articles.c
        left = connection.execute(sa.select(a.url, a.description, a.body)).all()
    assert {tuple(row) for row in left} == {(url(topic), None, read(topic)) for topic in TOPICS}
    assert faults(store) == []


def test_an_article_that_the_first_profile_leaves_as_it_is_has_no_profile(store: Store) -> None:
    put(store, TOPICS[:8], NOTE)
    put(store, TOPICS[8:])
    before = bodies(store)
    clean(store)
    assert {url(topic): bodies(store)[url(topic)] for topic in TOPICS[8:]} == {
        url(topic): before[url(topic)] for topic in TOPICS[8:]
    }


@pytest.mark.parametrize("step", [clean, renew])
def test_what_another_run_reads_without_the_profile_that_was_made_meanwhile_is_cleaned(
    store: Store, step: Callable[[Store], object]
) -> None:
    put(store, TOPICS[:5], NOTE)
    clean(store)
    put(store, TOPICS[5:], NOTE)
    step(store)
    assert {url_: body for url_, (body, _, _) in bodies(store).items()} == {url(topic): read(topic) for topic in TOPICS}
    assert faults(store) == []


def test_a_profile_that_is_made_anew_leaves_alone_what_one_before_has_looked_at(store: Store) -> None:
    put(store, TOPICS[:5], NOTE)
    put(store, TOPICS[5:6], BYE)
    clean(store)
    put(store, TOPICS[6:], BYE, day=FIRST + timedelta(days=1))
    renew(store)
    assert {url_ for url_, (body, _, _) in bodies(store).items() if BYE in body} == {url(TOPICS[5])}


def test_cleaned_articles_are_in_the_change_feed(store: Store) -> None:
    put(store, TOPICS, NOTE)
    with store.read() as connection:
        before = changefeed.position(connection)
    clean(store)
    with store.read() as connection:
        changed = {row["url"] for row in exports.article_rows(connection, Since(change=before))}
    assert changed == set(map(url, TOPICS))


def test_a_page_that_is_read_with_the_profile_that_cleaned_its_article_makes_no_version(store: Store) -> None:
    put(store, TOPICS, NOTE)
    clean(store)
    profile = renew(store)["gazette.example"]
    again = replace(
        pages.read(page("ferry", NOTE), url("ferry"), profile=profile), date_crawled=NOW, entry_id=_entry(store)
    )
    version, _ = store.write_now(partial(versions.visit, article=again, now=NOW, **PLACE))
    assert version is None


def _entry(store: Store) -> int:
    e = schema.entries
    values = {
        "url": url("ferry"), "link": url("ferry"), "feed_url": "https://gazette.example/rss", "state": "fetched",
        "publisher": "gazette.example", "seen_at": NOW, "hints": {},
    }  # fmt: skip
    return store.write_now(lambda c: int(c.execute(e.insert().values(values).returning(e.c.id)).scalar_one()))


def test_a_copy_that_boilerplate_kept_apart_joins_its_story_when_that_is_gone(store: Store) -> None:
    boxes = [_prose(f"box {number}", 3) for number in range(6)]
    put(store, TOPICS, *boxes)
    longer = _prose("ferry", 8) + "\n\n" + _prose("tug", 20)
    when = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=UTC)
    wire = Article(
        url="https://wire.example/ferry", publisher="wire.example", headline="A ferry", body=longer, date_published=when
    )
    store.write_now(partial(_put, article=wire))
    assert len(set(story_ids(store).values())) == len(TOPICS) + 1
    clean(store)
    found = story_ids(store)
    assert found["https://wire.example/ferry"] == found[url("ferry")]
    assert len(set(found.values())) == len(TOPICS)
    assert faults(store) == []


def story_ids(store: Store) -> dict[str, int]:
    with store.read() as connection:
        return {row.url: row.story_id for row in connection.execute(sa.select(schema.articles))}


def test_a_new_article_makes_a_new_version(store: Store) -> None:
    put(store, TOPICS[:5], NOTE)
    first = renew(store)["gazette.example"]
    put(store, TOPICS[5:])
    assert renew(store)["gazette.example"].version != first.version


def test_a_further_version_of_an_article_takes_the_place_of_its_layout(store: Store) -> None:
    (article,) = put(store, TOPICS[:1])
    again = replace(article, version=2, layout=pages.read(page(TOPICS[0], NOTE), url(TOPICS[0])).layout)
    store.write_now(partial(stored.note, placed=[again]))
    with store.read() as connection:
        assert connection.scalars(sa.select(schema.layouts.c.layout)).all() == [b64decode(again.layout or "")]


def test_a_profile_of_another_scheme_is_made_anew(store: Store) -> None:
    put(store, TOPICS, NOTE)
    first = renew(store)
    store.write_now(lambda c: c.execute(schema.profiles.update().values(version="0-00000000", content={})))
    assert renew(store) == first


def test_layouts_that_no_profile_is_made_of_go(store: Store) -> None:
    put(store, [f"{topic} {n}" for topic in TOPICS for n in range(2)], NOTE)  # of one day
    renew(store)
    assert count(store, schema.layouts) == profiles.DAY_MAX
    assert count(store, schema.articles) == 20


def test_a_forgotten_article_leaves_neither_layout_nor_profile(store: Store) -> None:
    put(store, TOPICS, NOTE)
    renew(store)
    forget(store, "gazette.example", now=NOW)
    assert renew(store) == {}
    assert (count(store, schema.layouts), count(store, schema.profiles)) == (0, 0)


def test_a_layout_of_no_article_is_found_and_removed(store: Store) -> None:
    put(store, TOPICS[:2])
    store.write_now(lambda c: c.execute(schema.layouts.update().values(article_id=99).where(FIRST_LAYOUT)))
    assert [fault.says for fault in integrity.repair(store, NOW)] == ["layout of article 99, which does not exist"]
    assert count(store, schema.layouts) == 1


FIRST_LAYOUT = schema.layouts.c.article_id == sa.select(sa.func.min(schema.layouts.c.article_id)).scalar_subquery()


# ------------------------------------------------------------------------------------------------------------- a crawl
def test_a_first_crawl_ends_with_clean_articles(tmp_path: Path) -> None:
    store = tmp_path / "newsfold.db"
    with gazette(TOPICS) as server:
        publishers = publishers_file(tmp_path / "publishers.toml", {server.host: [server.url("/feed")]})
        run = crawl("news", store, publishers)
    assert run.returncode == 0, run.stderr
    assert "10 articles stored, 10 cleaned" in run.stderr
    found = {Path(row.url).stem: row.body for row in rows(store, "select url, body from articles")}
    assert found == {topic: read(topic) for topic in TOPICS}


@IN_FULL
def test_a_run_that_begins_cleans_what_one_that_was_cut_short_left(tmp_path: Path) -> None:
    store = tmp_path / "newsfold.db"
    with gazette(TOPICS) as server:
        publishers = publishers_file(tmp_path / "publishers.toml", {server.host: [server.url("/feed")]})
        assert crawl("news", store, publishers, PROFILES_ENABLED="False").returncode == 0
        assert all(NOTE in row.body for row in rows(store, "select body from articles"))
        assert crawl("news", store, publishers).returncode == 0
    assert not any(NOTE in row.body for row in rows(store, "select body from articles"))


@IN_FULL
def test_a_crawl_reads_with_what_earlier_ones_taught_unless_told_not_to(tmp_path: Path) -> None:
    store = tmp_path / "newsfold.db"
    listed: list[str] = []
    with gazette(listed) as server:
        publishers = publishers_file(tmp_path / "publishers.toml", {server.host: [server.url("/feed")]})
        for upto, enabled, left in ((6, "True", ()), (8, "False", TOPICS[6:8]), (10, "True", ())):
            listed[:] = TOPICS[:upto]
            run = crawl("news", store, publishers, ["all=true"], PROFILES_ENABLED=enabled)
            assert run.returncode == 0, run.stderr
            found = {Path(row.url).stem: row for row in rows(store, "select url, body, profile from articles")}
            assert {topic for topic, row in found.items() if NOTE in row.body} == set(left)
    versions = {row.version for row in rows(store, "select version from profiles")}
    read_with = [{found[topic].profile for topic in some} for some in (TOPICS[6:8], TOPICS[8:])]
    assert read_with == [{f"{version}~" for version in versions}, versions]


@IN_FULL
def test_workers_change_neither_articles_nor_profiles(tmp_path: Path) -> None:
    kept = []
    listed: list[str] = []
    with gazette(listed) as server:
        publishers = publishers_file(tmp_path / "publishers.toml", {server.host: [server.url("/feed")]})
        for workers in ("1", "2"):
            store = tmp_path / f"{workers}.db"
            for upto in (6, 10):
                listed[:] = TOPICS[:upto]
                run = crawl("news", store, publishers, ["all=true"], EXTRACT_WORKERS=workers)
                assert run.returncode == 0, run.stderr
            kept.append([rows(store, query) for query in KEPT])
    assert kept[0] == kept[1]
    assert len(kept[0][2]) == 1


#: What two stores of the same crawls have in common: ids and times are of the order in which pages came.
KEPT = (
    "select url, headline, body, date_published, word_count, profile from articles order by url",
    "select a.url, l.layout from layouts l join articles a on a.id = l.article_id order by a.url",
    "select publisher, version, content, layouts from profiles",
)


def gazette(listed: Sequence[str]) -> Server:
    """A paper whose every page carries the note; its feed lists these topics."""
    day = datetime(2026, 3, 2, 8, tzinfo=UTC)
    printed = {f"/{t}": html(page(t, NOTE, when=day + timedelta(days=i)).decode()) for i, t in enumerate(TOPICS)}
    server = site({**printed, "/feed": lambda request: rss(server.url(f"/{topic}") for topic in listed)})
    return server
