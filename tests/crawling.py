"""A crawl as a cron job starts it, and small sites for it to meet."""

from __future__ import annotations

import atexit
import functools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from html import escape
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pytest
import sqlalchemy as sa

from crawler.demo.server import Request, Response, Server
from crawler.settings import PROJECT

#: For tests that crawl several times over: `make test` has to stay short.
IN_FULL = pytest.mark.skipif("NEWSFOLD_TEST_FULL" not in os.environ, reason="several crawls: make test-all")

#: What every test crawl sets: loopback needs no pause, and fixed dates grow old.
CONTACT = "https://research.example/newsfold"
SETTINGS = {"DOWNLOAD_DELAY": "0", "ENTRY_MAX_AGE_DAYS": "0", "EXTRACT_WORKERS": "1", "CONTACT_URL": CONTACT}


def command(
    spider: str, store: Path | str, publishers: Path, arguments: Iterable[str] = (), **settings: str
) -> list[str]:
    """The words of a crawl into a SQLite file or a store's URL: `arguments` are the spider's, NAME=VALUE."""
    given = SETTINGS | settings | {"STORE_URL": store_url(store), "PUBLISHERS_FILE": str(publishers)}
    words = [sys.executable, "-m", "scrapy", "crawl", spider]
    for argument in arguments:
        words += ["-a", argument]
    for name, value in given.items():
        words += ["-s", f"{name}={value}"]
    return words


def crawl(
    spider: str, store: Path | str, publishers: Path, arguments: Iterable[str] = (), **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run it to its end."""
    return finished(command(spider, store, publishers, arguments, **settings), seconds=120)


def finished(words: list[str], seconds: int = 60) -> subprocess.CompletedProcess[str]:
    """Any command of Scrapy's to its end, in a process of its own that need not load all from nothing."""
    loaded = _loaded()
    with tempfile.TemporaryDirectory() as folder:
        asked = {"words": words[2:], "folder": folder, "environment": dict(os.environ), "seconds": seconds}
        assert loaded.stdin is not None
        assert loaded.stdout is not None
        loaded.stdin.write(json.dumps(asked) + "\n")
        loaded.stdin.flush()
        code = int(loaded.stdout.readline())
        texts = [Path(folder, name).read_text(encoding="utf-8") for name in ("stdout", "stderr")]
    return subprocess.CompletedProcess(words, code, *texts)


@functools.cache
def _loaded() -> subprocess.Popen[str]:
    words = [sys.executable, "-m", "tests.forks"]
    process = subprocess.Popen(words, cwd=PROJECT, stdin=PIPE, stdout=PIPE, text=True)
    atexit.register(process.communicate)
    return process


def store_url(store: Path | str) -> str:
    return f"sqlite:///{store}" if isinstance(store, Path) else store


def rows(store: Path | str, query: str) -> list[Any]:
    """What SQL says of a store."""
    engine = sa.create_engine(store_url(store))
    with engine.connect() as connection:
        found = list(connection.execute(sa.text(query)))
    engine.dispose()
    return found


def publishers_file(path: Path, feeds: Mapping[str, Iterable[str]], key: str = "feeds") -> Path:
    """A publishers.toml: host -> the addresses of its feeds (or news_sitemaps)."""
    tables = [
        f'["{host}"]\nname = "Paper at {host}"\nlanguage = "en"\n{key} = {list(addresses)}\n'
        for host, addresses in feeds.items()
    ]
    path.write_text("\n".join(tables), encoding="utf-8")
    return path


def rss(links: Iterable[str]) -> Response:
    """An RSS 2.0 feed of these links."""
    items = "".join(
        f"<item><title>Entry {number}</title><link>{escape(link)}</link>"
        f"<pubDate>Tue, 14 Jul 2026 0{number % 10}:00:00 GMT</pubDate></item>"
        for number, link in enumerate(links)
    )
    text = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Feed</title>{items}</channel></rss>'
    return Response(body=text.encode(), headers={"Content-Type": "application/rss+xml; charset=utf-8"})


def article(topic: str, head: str = "") -> Response:
    """An article of its own on a topic: enough sentences, none shared with another topic's."""
    paragraphs = "".join(
        f"<p>The {topic} committee met for the {number} time in {topic} hall, where the {topic} members spoke about "
        f"{topic} for {number} hours, and {topic} neighbours brought {number} baskets of {topic} bread to the door.</p>"
        for number in ("first", "second", "third", "fourth", "fifth", "sixth")
    )
    return html(
        f"<html lang=en><head><title>News of {topic}</title>{head}"
        '<meta property="article:published_time" content="2026-07-14T08:00:00+00:00"></head>'
        f"<body><article><h1>News of {topic}</h1>{paragraphs}</article></body></html>"
    )


def html(text: str, status: int = 200, **headers: str) -> Response:
    """A page."""
    return Response(status, text.encode(), {"Content-Type": "text/html; charset=utf-8", **headers})


def site(pages: Mapping[str, Response | Callable[[Request], Response]], robots: Response | None = None) -> Server:
    """A server of these paths; the rest is not found. robots.txt is not found either, unless given."""

    def answer(request: Request) -> Response:
        path = request.path.split("?")[0]
        if path == "/robots.txt":
            return robots or html("no rules", 404)
        page = pages.get(path, html("not found", 404))
        return page if isinstance(page, Response) else page(request)

    return Server(answer)


def asked(server: Server) -> list[str]:
    """The paths that were asked for, robots.txt left out."""
    return [request.path for request in server.requests if request.path != "/robots.txt"]
