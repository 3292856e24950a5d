"""Search: what a query means, and what both engines find."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from hypothesis import given
from hypothesis import strategies as st

from crawler import search
from crawler.items import Article
from crawler.store import Store, articles, exports, integrity, schema, searches, upgrade
from crawler.store.candidates import Window
from crawler.store.revisions import MIGRATIONS

NOW = datetime(2026, 7, 14, 12, 0, tzinfo=UTC)

#: headline and body by the name that a test calls a text by
TEXTS = {
    "dam": ("Dam bursts in Karvia", "The prime minister flew to Karvia. Reuters-trained crews stood by."),
    "naive": ("Naïve crème BRÛLÉE", "Żółć, Ångström und Straße; O'Neil's e-mail about the prime of a minister."),
    "greek": ("Φράγμα στην Αθήνα", "Ο πρωθυπουργός πήγε στην Πάτρα."),
    "russian": ("Плотина прорвалась", "Ёлки стояли у реки. Премьер приехал."),
    "chinese": ("北京大学举行毕业典礼", "总理周二在北京大学发表讲话。洪水已经退去。"),
    "japanese": ("ダムが決壊", "首相は火曜日に現場を訪れた。水位は下がっている。"),
    "thai": ("เขื่อนแตก", "นายกรัฐมนตรีเดินทางไปยังพื้นที่น้ำท่วม"),
    "korean": ("댐이 무너졌다", "총리가 현장을 방문했다."),
    "arabic": ("انهيار السد", "زار رئيس الوزراء المدينة."),
    "mixed": ("NATO加盟国が会合", "首脳は2026年のAI規制で合意した。"),
    "children": ("コドモの日", "祭りがあった。"),
    "raised": ("मुद्दा उठाया", "सरकार ने कहा"),
    "delhi": ("दिल्ली में बारिश", "पानी भरा"),
    "bengali": ("ঢাকায় বৃষ্টি", "মন্ত্রী বলেছেন"),
}


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("dam", [("dam", ("dam",), False, False)]),
        ("Dam  BREAK", [("Dam", ("dam",), False, False), ("BREAK", ("break",), False, False)]),
        ('"Prime Minister"', [("Prime Minister", ("prime", "minister"), False, False)]),
        ("dam -flood", [("dam", ("dam",), False, False), ("flood", ("flood",), False, True)]),
        (
            'dam -"prime minister"',
            [("dam", ("dam",), False, False), ("prime minister", ("prime", "minister"), False, True)],
        ),
        ("flood*", [("flood", ("flood",), True, False)]),
        ('"flood*"', [("flood", ("flood",), False, False)]),
        ("AFP/Reuters", [("AFP/Reuters", ("afp", "reuters"), False, False)]),
        ("naïve", [("naïve", ("naive",), False, False)]),
        ("dam & | ( ) : ^ -", [("dam", ("dam",), False, False)]),
        ("北京", [("北京", ("北", "京"), False, False)]),
    ],
)
def test_a_query_is_terms(query: str, terms: list[tuple[str, tuple[str, ...], bool, bool]]) -> None:
    assert [(term.text, term.words, term.prefix, term.excluded) for term in search.parse(query)] == terms


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("", "want at least one word to find"),
        ("  ", "want at least one word to find"),
        ("*", "want at least one word to find"),
        ("!?", "want at least one word to find"),
        ("-dam", "want at least one word to find"),
        ('"dam', 'a quotation mark " is not closed'),
        ('dam "x" "', 'a quotation mark " is not closed'),
    ],
)
def test_what_is_no_query_says_why(query: str, says: str) -> None:
    with pytest.raises(search.QueryError, match=says):
        search.parse(query)


@given(st.text())
def test_any_query_is_terms_or_one_documented_error(query: str) -> None:
    try:
        terms = search.parse(query)
    except search.QueryError:
        return
    assert any(not term.excluded for term in terms)
    assert all("'" not in word and "\\" not in word for term in terms for word in term.words)


def add(store: Store, name: str, headline: str, body: str) -> Article:
    article = Article(
        url=f"https://{name}.example/1",
        publisher=f"{name}.example",
        headline=headline,
        body=body,
        date_published=NOW,
        date_crawled=NOW,
        word_count=len(body.split()),
    )
    placed = store.write_now(partial(articles.add, article=article, now=NOW, window=Window(10.0, 20)))
    assert placed is not None
    return placed


def index(store: Store) -> None:
    while store.write_now(searches.catch_up):
        pass


def found(store: Store, query: str) -> set[str]:
    with store.read() as connection:
        rows = exports.most_printed(connection, search=search.parse(query))
    return {publisher.partition(".")[0] for row in rows for publisher in row["publishers"]}


def test_a_text_of_more_words_than_the_index_holds_is_found_by_those_it_begins_with(store: Store) -> None:
    add(store, "long", "Harbour", " ".join(f"{number:a>150}" for number in range(9_000)))
    index(store)
    assert found(store, f"harbour {7:a>150}") == {"long"}


@pytest.fixture
def texts(store: Store) -> Store:
    for name, (headline, body) in TEXTS.items():
        add(store, name, headline, body)
    index(store)
    return store


@pytest.mark.parametrize(
    ("query", "want"),
    [
        ("dam", {"dam"}),
        ("DAM karvia", {"dam"}),
        ("dam naive", set()),
        ("minister", {"dam", "naive"}),
        ('"prime minister"', {"dam"}),
        ("prime minister", {"dam", "naive"}),
        ('"karvia the"', set()),  # no phrase goes from the headline over to the body
        ("minister -karvia", {"naive"}),
        ('minister -"prime minister"', {"naive"}),
        ("min*", {"dam", "naive"}),
        ("min", set()),
        ('"prime min*"', set()),
        ("reuters", {"dam"}),
        ("naive creme brulee", {"naive"}),
        ("NAÏVE", {"naive"}),
        ("zołc angstrom", {"naive"}),
        ("o'neil e-mail", {"naive"}),
        ("ΦΡΆΓΜΑ αθήνα", {"greek"}),
        ("ПЛОТИНА ёлки", {"russian"}),
        ("北京大学", {"chinese"}),
        ("北京", {"chinese"}),
        ("水", {"chinese", "japanese"}),
        ("水 -北京", {"japanese"}),
        ("京北", set()),
        ("ダム 首相", {"japanese"}),
        ("นายกรัฐมนตรี", {"thai"}),
        ("น้ำท่วม เขื่อน", {"thai"}),
        ("총리가", {"korean"}),
        ("총리*", {"korean"}),
        ("السد رئيس", {"arabic"}),
        ("NATO", {"mixed"}),
        ("nato 2026 AI", {"mixed"}),
        ("NAT", set()),
        ("NAT*", {"mixed"}),
        ("NATO加盟国", {"mixed"}),
        ('"AI 規制"', {"mixed"}),
        ("コト", set()),
        ("コドモ", {"children"}),
        ("น้าท่วม", set()),
        ("मोदी", set()),
        ("दिल", set()),
        ("दिल*", {"delhi"}),
        ("दिल्ली", {"delhi"}),
        ('"मुद्दा उठाया"', {"raised"}),
        ("मन", set()),
        ("মন্ত্রী", {"bengali"}),
        ("dam OR naive", set()),  # "or" is a word like any other
        ("headline:dam", set()),
        ("NEAR(dam karvia)", set()),
        ("'; drop table articles; --", set()),
        ("dam\\ %", {"dam"}),
        ("北%", {"chinese"}),
    ],
)
def test_both_engines_find_the_same(texts: Store, query: str, want: set[str]) -> None:
    assert found(texts, query) == want


@pytest.mark.parametrize(
    "query", ["京北%", "_京 x", "京\\ x", "a* b:c ~ {d} [e] (f", "x" * 3000, "word " * 300, "a\x01b"]
)
def test_an_odd_query_finds_nothing_and_fails_nowhere(texts: Store, query: str) -> None:
    assert found(texts, query) == set()


def test_diacritics_of_other_alphabets_than_the_latin_are_folded_on_postgresql_alone(texts: Store) -> None:
    folds = texts.engine.dialect.name == "postgresql"
    assert found(texts, "φραγμα") == ({"greek"} if folds else set())
    assert found(texts, "елки") == ({"russian"} if folds else set())


def test_a_story_is_found_by_any_of_its_copies(store: Store, prose: Callable[..., str]) -> None:
    add(store, "herald", "Plain", prose("dam"))
    add(store, "gazette", "Quorndon", prose("dam"))
    index(store)
    assert found(store, "quorndon") == {"herald", "gazette"}


@pytest.mark.parametrize("name", ["mixed", "delhi"])
def test_a_text_that_is_cut_here_and_changes_is_found_by_its_new_words_alone(texts: Store, name: str) -> None:
    a = schema.articles
    old = TEXTS[name][0].split()[0]
    texts.write_now(
        lambda connection: connection.execute(
            a.update().where(a.c.publisher == f"{name}.example").values(headline="Quorndon", body="Nothing else")
        )
    )
    assert found(texts, old) == set()
    index(texts)
    assert (found(texts, old), found(texts, "quorndon")) == (set(), {name})
    with texts.read() as connection:
        assert [fault.says for fault in integrity.check(connection) if "search index" in fault.says] == []


def test_an_index_of_an_older_version_is_made_anew_where_it_differs(store_url: str) -> None:
    with Store(store_url) as store:
        for name in TEXTS:
            add(store, name, *TEXTS[name])
        index(store)
        migrate(store, command.downgrade, "0011")
        if store.engine.dialect.name == "sqlite":
            with store.engine.begin() as connection:
                for table in ("words", "letters"):
                    texts = "(rowid, headline, body) SELECT id, headline, body FROM articles"
                    connection.exec_driver_sql(f"INSERT INTO {table} {texts}")
                connection.execute(schema.unindexed.delete())
        else:
            index(store)
    upgrade(store_url)
    with Store(store_url) as store:
        with store.read() as connection:
            assert 0 < searches.behind(connection) < len(TEXTS)
        index(store)
        assert found(store, "NATO") == {"mixed"}
        assert found(store, "दिल") == found(store, "コト") == set()
        assert found(store, "karvia") == {"dam"}
        with store.read() as connection:
            assert [fault.says for fault in integrity.check(connection) if "search index" in fault.says] == []


def migrate(store: Store, how: Callable[..., Any], to: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with store.engine.begin() as connection:
        config.attributes["connection"] = connection
        how(config, to)


def test_a_text_that_changes_is_found_by_its_new_words_alone(texts: Store) -> None:
    a = schema.articles
    texts.write_now(
        lambda connection: connection.execute(
            a.update().where(a.c.publisher == "dam.example").values(headline="Quorndon", body="Nothing else")
        )
    )
    assert found(texts, "karvia") == set()
    index(texts)
    assert (found(texts, "karvia"), found(texts, "quorndon")) == (set(), {"dam"})


@pytest.mark.parametrize("indexed", [True, False])
def test_a_text_that_goes_is_found_no_more(store: Store, indexed: bool) -> None:
    for name in ("dam", "chinese"):
        add(store, name, *TEXTS[name])
    if indexed:
        index(store)
    store.write_now(lambda connection: connection.execute(schema.articles.delete()))
    index(store)
    assert found(store, "karvia") == found(store, "北京大学") == set()
    with store.read() as connection:
        assert searches.behind(connection) == 0
        held = "SELECT count(*) FROM words" if store.engine.dialect.name == "postgresql" else "PRAGMA integrity_check"
        assert connection.exec_driver_sql(held).scalar_one() in (0, "ok")


def test_the_writer_indexes_what_it_wrote_before_it_closes(store_url: str) -> None:
    with Store(store_url) as store:
        job: Any = partial(
            articles.add,
            article=Article(url="https://a.example/1", publisher="a.example", headline="Quorndon", body="x"),
            now=NOW,
            window=Window(10.0, 20),
        )
        store.write(job).result(30)
    with Store(store_url) as store:
        assert found(store, "quorndon") == {"a"}


def test_a_very_long_text_is_indexed(store: Store) -> None:
    add(store, "long", "Quorndon", "word " * 300_000 + "x" * 5000)
    index(store)
    assert found(store, "quorndon word") == {"long"}


def test_an_article_waits_for_the_index_in_the_transaction_that_stores_it(store: Store) -> None:
    placed = add(store, "dam", *TEXTS["dam"])
    with store.read() as connection:
        assert list(connection.scalars(sa.select(schema.unindexed.c.article_id))) == [placed.id]


@pytest.mark.parametrize("happens", ["changes", "goes"])
def test_what_happens_to_a_text_while_it_is_indexed_is_not_lost(store: Store, happens: str) -> None:
    if store.engine.dialect.name == "sqlite":
        pytest.skip("one writer at a time")
    add(store, "dam", *TEXTS["dam"])
    statement = schema.articles.delete() if happens == "goes" else schema.articles.update().values(body="Quorndon")
    with store.engine.begin() as indexing:
        assert searches.catch_up(indexing) == 1
        other = threading.Thread(target=store.write_now, args=(lambda connection: connection.execute(statement),))
        other.start()
        blocked(store)
    other.join()
    index(store)
    assert found(store, "reuters") == set()
    assert found(store, "quorndon") == ({"dam"} if happens == "changes" else set())


def blocked(store: Store) -> None:
    """Wait until somebody in this database waits for a lock."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    for _ in range(1000):
        with store.read() as connection:
            if connection.exec_driver_sql(waiting).scalar_one():
                return
    raise AssertionError("nobody waits")
