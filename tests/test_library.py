"""What docs/library.md tells to write, written and run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.demo.server import Server
from crawler.settings import PROJECT
from tests.crawling import article, html, rows, site

LIBRARY = (PROJECT / "docs" / "library.md").read_text(encoding="utf-8")


def written(heading: str, folder: Path) -> str:
    """Write the files that stand below a heading; the other blocks of text there, one after the other."""
    part = LIBRARY.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    for name, text in re.findall(r"^`(\S+)`:\n\n```\w+\n(.*?)^```$", part, re.MULTILINE | re.DOTALL):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return "".join(re.findall(r"^```text\n(.*?)^```$", part, re.MULTILINE | re.DOTALL))


def run(folder: Path, *words: str, given: bytes = b"") -> str:
    environment = os.environ | {"PYTHONPATH": str(PROJECT)}
    done = subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env=environment,
        input=given,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@pytest.fixture
def paper() -> Iterator[Server]:
    german = "".join(
        f"<p>Am {day} kamen die Fischer in den Hafen von Velmar zurück, und die Leute warteten schon auf den Fang.</p>"
        for day in ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag")
    )
    hafen = f"<html lang=de><body><article><h1>Der Fang von Velmar</h1>{german}</article></body></html>"
    front = html('<html><body><h2><a href="/dam">Dam</a></h2><h2><a href="/hafen">Hafen</a></h2></body></html>')
    pages = {"/dam": article("dam"), "/hafen": html(hafen), "/front": front}
    with site(pages) as server:
        yield server


def test_a_folder_of_ones_own_is_a_project_with_its_own_store_and_pipelines(tmp_path: Path, paper: Server) -> None:
    written("A folder of your own", tmp_path)
    (tmp_path / "publishers.toml").write_text(
        f'["{paper.host}"]\nname = "Paper"\nfeeds = ["{paper.url("/rss")}"]\n', encoding="utf-8"
    )
    settings = ["-s", "EXTRACT_WORKERS=1", "-s", "DOWNLOAD_DELAY=0"]
    run(tmp_path, "-m", "scrapy", "crawl", "pages", "-a", f"url={paper.url('/dam')},{paper.url('/hafen')}", *settings)
    assert "News of dam" in run(tmp_path, "-m", "scrapy", "stories")
    (stats,) = rows(tmp_path / "newsfold.db", "SELECT stats FROM runs")[0]
    assert '"article/dropped/AnotherLanguage": 1' in stats
    assert {path.name for path in tmp_path.glob("*.db")} == {"newsfold.db"}


def test_a_page_is_cleaned_without_a_crawl(tmp_path: Path) -> None:
    written("Cleaning a page", tmp_path)
    told = run(tmp_path, "clean.py", given=article("dam").body)
    assert told.startswith("News of dam\n2026-07-14 08:00:00+00:00 () None article\nThe dam committee met")


def test_two_texts_are_decided_without_a_store(tmp_path: Path) -> None:
    says = written("Whether two texts are one story", tmp_path)
    assert run(tmp_path, "same.py") == says


def test_the_pipelines_serve_another_project_s_spider(tmp_path: Path, paper: Server) -> None:
    written("The pipelines in another Scrapy project", tmp_path)
    spider = tmp_path / "archive" / "spiders.py"
    named = spider.read_text(encoding="utf-8").replace("name =", f"named_hosts = {{{paper.host!r}}}\n    name =")
    named = named.replace("https://herald.example/archive/2026", paper.url("/front"))
    spider.write_text(named, encoding="utf-8")
    settings = ["-s", "EXTRACT_WORKERS=1", "-s", "DOWNLOAD_DELAY=0"]
    run(tmp_path, "-m", "scrapy", "crawl", "archive", *settings)
    headlines = [headline for (headline,) in rows(tmp_path / "archive.db", "SELECT headline FROM articles")]
    assert sorted(headlines) == ["Der Fang von Velmar", "News of dam"]
