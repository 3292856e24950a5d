"""scrapy demo: the bundled papers, served on loopback, crawled for real, and the stories that come of it."""

from __future__ import annotations

import argparse
import shlex
import signal
import subprocess
import sys
import tempfile
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

from rich.text import Text

from crawler import console
from crawler.demo import press
from crawler.demo.server import PortError
from crawler.settings import PROJECT
from crawler.store import Store, exports

#: The bundled articles are of July 2026 for ever, and loopback needs no pause.
SETTINGS = ("ENTRY_MAX_AGE_DAYS=0", "DOWNLOAD_DELAY=0", "CONTACT_URL=https://newsfold.example/demo")


class Command(console.StoreCommand):
    def syntax(self) -> str:
        return "[--port N]"

    def short_desc(self) -> str:
        return "Crawl the bundled papers on loopback into demo.db, and show the stories"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--port", type=int, default=press.FIRST_PORT, metavar="N", help=f"first port (default {press.FIRST_PORT})"
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        database = PROJECT / "demo.db"
        url = f"sqlite:///{database}"
        before = _articles(url) if database.exists() else 0
        if before and (port := _port(url)) != opts.port:
            print(f"demo.db holds the papers of port {port}: take --port {port}, or delete it", file=sys.stderr)
            self.exitcode = 1
            return
        try:
            with press.serve(count(opts.port)) as servers, tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / "publishers.toml"
                file.write_text(press.publishers_toml(servers), encoding="utf-8")
                print(
                    f"{len(servers)} invented papers are served on 127.0.0.1; crawling them into demo.db …", flush=True
                )
                status = _crawl(file, url)
        except PortError as error:
            print(f"{error}: choose others with scrapy demo --port N", file=sys.stderr)
            self.exitcode = 1
            return
        if status:
            self.exitcode = status
            return
        new = _articles(url) - before
        to = console.out()
        to.print(f"{new} new articles.\n" if new else "Every feed was polled again, and nothing new was found.\n")
        with Store(url) as store, store.read() as connection:
            rows = exports.most_printed(connection)
        console.show(console.stories_table(rows), to)
        if rows:
            to.print(Text("\nTry next:", style="bold"))
            for line, why in next_lines(rows[0]["id"], url):
                to.print(Text(f"  {line}"), Text(f"\n      {why}", style="dim"), soft_wrap=True)


def next_lines(story: int, url: str) -> list[tuple[str, str]]:
    """What to type next, as a shell takes it, and what for."""
    store = shlex.join(["-s", f"STORE_URL={url}"])
    return [
        (f".venv/bin/scrapy story {story} --diff {store}", "what each paper cut and changed"),
        (f".venv/bin/scrapy export articles -o - {store}", "rows for your own store"),
        (".venv/bin/scrapy crawl news -a publisher=guardian.ng", "a real paper, over the internet"),
    ]


def _crawl(publishers: Path, url: str) -> int:
    """The cron job itself, in a process of its own: what the demo shows is what a crawl does."""
    settings = [*SETTINGS, f"PUBLISHERS_FILE={publishers}", f"STORE_URL={url}"]
    options = [part for setting in settings for part in ("-s", setting)]
    command = [sys.executable, "-m", "scrapy", "crawl", "news", "-a", "all=true", *options]
    with subprocess.Popen(command, cwd=PROJECT) as crawl:  # noqa: S603 - its words are ours
        for number in (signal.SIGINT, signal.SIGTERM):  # the crawl ends in its own way, and the papers stay until then
            signal.signal(number, lambda number, _: crawl.send_signal(number))
        return crawl.wait()


def _port(url: str) -> int:
    """The first port of the papers that were crawled into the store."""
    with Store(url) as store, store.read() as connection:
        return min(urlsplit(row["url"]).port or 0 for row in exports.article_rows(connection, None))


def _articles(url: str) -> int:
    with Store(url) as store, store.read() as connection:
        return exports.articles_stored(connection)
