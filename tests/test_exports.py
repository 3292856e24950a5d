"""Scrapy's own exports of a crawl, beside `scrapy export`: the same rows, in the same notation."""

from __future__ import annotations

import csv
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.demo.server import Response
from crawler.items import ARTICLE_COLUMNS
from crawler.store import Store, retention
from tests.crawling import IN_FULL, article, asked, command, crawl, finished, publishers_file, rows, rss, site

HEAD = """<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle",
"headline": "News of otter", "datePublished": "2026-07-14T10:00:00+02:00",
"author": [{"@type": "Person", "name": "Ada Obi"}, {"@type": "Person", "name": "Béla Kun"}],
"image": {"@type": "ImageObject", "url": "/otter.jpg", "caption": "An otter, wet"}}</script>"""


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store of one article, and what Scrapy exported while it was stored."""
    folder = tmp_path_factory.mktemp("exports")
    publishers = publishers_file(folder / "p.toml", {"paper.example": ["https://paper.example/feed"]})
    with site({"/otter": article("otter", HEAD)}) as server:
        words = command("pages", folder / "newsfold.db", publishers, [f"url={server.url('/otter')}"])
        for form in ("jsonl", "json", "csv", "xml"):
            words += ["-o", f"{folder}/scrapy.{form}"]
        done = finished(words)
    assert done.returncode == 0, done.stderr
    return folder


def export(folder: Path, form: str) -> str:
    words = [sys.executable, "-m", "scrapy", "export", "articles", "-o", "-", "--format", form]
    given = [*words, "-s", f"STORE_URL=sqlite:///{folder}/newsfold.db"]
    done = finished(given)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_scrapys_json_has_the_values_of_an_export(crawled: Path) -> None:
    want = json.loads(export(crawled, "jsonl"))
    assert want["images"][0]["url"].endswith("/otter.jpg")
    assert want["date_published"] == "2026-07-14T08:00:00+00:00"
    assert json.loads((crawled / "scrapy.jsonl").read_text(encoding="utf-8")) == want
    assert json.loads((crawled / "scrapy.json").read_text(encoding="utf-8")) == [want]


def test_scrapys_csv_is_that_of_an_export(crawled: Path) -> None:
    def table(text: str) -> list[dict[str, Any]]:
        return list(csv.DictReader(text.splitlines()))

    (got,), (want,) = table((crawled / "scrapy.csv").read_text(encoding="utf-8")), table(export(crawled, "csv"))
    assert list(got) == list(ARTICLE_COLUMNS)
    assert got == want
    assert json.loads(got["authors"]) == ["Ada Obi", "Béla Kun"]
    assert json.loads(got["images"])[0]["caption"] == "An otter, wet"


@pytest.mark.parametrize("place", ["/dev/full", "/dev/null/articles.jsonl"])
def test_an_export_that_fails_is_told_and_exit_code_3(tmp_path: Path, place: str) -> None:
    with site({"/a": article("harbour"), "/b": article("bakery")}) as server:
        urls = f"url={server.url('/a')},{server.url('/b')}"
        publishers = publishers_file(tmp_path / "p.toml", {server.host: [server.url("/feed")]})
        words = command("pages", tmp_path / "store.db", publishers, [urls])
        done = finished([*words, "-o", f"{place}:jsonl"])
    assert done.returncode == 3
    assert [line for line in done.stderr.splitlines() if "ERROR" in line and place in line]
    assert rows(tmp_path / "store.db", "select count(*) from articles")[0][0] == 2


def test_an_export_to_a_place_that_nothing_can_write_to_stops_the_crawl_before_it_begins(tmp_path: Path) -> None:
    with site({"/a": article("harbour")}) as server:
        publishers = publishers_file(tmp_path / "p.toml", {server.host: [server.url("/feed")]})
        words = command("pages", tmp_path / "store.db", publishers, [f"url={server.url('/a')}"])
        done = finished([*words, "-o", "nowhere://a.jsonl"])
        assert asked(server) == []
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].endswith("-o nowhere://a.jsonl: cannot be exported to, see above")


@IN_FULL
def test_a_page_that_was_forgotten_is_not_fetched_again(tmp_path: Path) -> None:
    pages = {"/a": article("harbour"), "/b": article("bakery")}
    store = tmp_path / "store.db"
    with site(pages) as server:
        publishers = publishers_file(tmp_path / "p.toml", {server.host: [server.url("/feed")]})
        pages["/feed"] = rss([server.url("/a")])
        assert crawl("news", store, publishers, ["all=true"]).returncode == 0
        with Store(f"sqlite:///{store}") as opened:
            assert retention.forget(opened, server.host, now=datetime.now(UTC)) == 1
        pages["/feed"] = rss([server.url("/a"), server.url("/b")])
        assert crawl("news", store, publishers, ["all=true"]).returncode == 0
        assert asked(server) == ["/feed", "/a", "/feed"]
    assert [tuple(row) for row in rows(store, "select state, reason from entries")] == [("refused", "forgotten")] * 2


@IN_FULL
def test_a_forgotten_page_that_another_address_leads_to_is_not_stored(tmp_path: Path) -> None:
    pages = {"/a": article("harbour"), "/b": Response(302, b"", {"Location": "/a"})}
    store = tmp_path / "store.db"
    with site(pages) as server:
        publishers = publishers_file(tmp_path / "p.toml", {server.host: [server.url("/feed")]})
        words, others = (command("pages", store, publishers, [f"url={server.url(path)}"]) for path in ("/a", "/b"))
        assert finished(words).returncode == 0
        with Store(f"sqlite:///{store}") as opened:
            assert retention.forget(opened, server.url("/a"), now=datetime.now(UTC)) == 1
        done = finished(others)
    assert "Forgotten: forgotten" in done.stderr
    assert rows(store, "select count(*) from articles")[0][0] == 0


@IN_FULL
def test_a_page_that_was_forgotten_under_its_own_address_is_not_stored_for_its_canonical_one(tmp_path: Path) -> None:
    head = '<link rel="canonical" href="/story">'
    pages = {"/1": article("harbour", head), "/2": article("bakery", head)}
    store = tmp_path / "store.db"
    with site(pages) as server:
        publishers = publishers_file(tmp_path / "p.toml", {server.host: [server.url("/feed")]})
        words = [command("pages", store, publishers, [f"url={server.url(path)}"]) for path in ("/1", "/2", "/3")]
        assert [finished(some).returncode for some in words[:2]] == [0, 0]
        kept = [server.url("/story"), server.url("/2")]
        assert [url for (url,) in rows(store, "select url from articles order by id")] == kept
        with Store(f"sqlite:///{store}") as opened:
            assert retention.forget(opened, server.url("/2"), now=datetime.now(UTC)) == 1
        pages["/3"] = Response(302, b"", {"Location": "/2"})
        done = finished(words[2])
    assert "Forgotten: forgotten" in done.stderr
    assert [url for (url,) in rows(store, "select url from articles")] == kept[:1]
