"""Many crawlers, one politeness: one `scrapy crawl news` against N of them on one PostgreSQL store, over loopback.

    python benchmarks/crawlers.py [--workers 4] [--hosts 48] [--pages 8] [--places 8] [--delay 1] [--latency 0.3]

Each crawl has --places hosts at a time (CONCURRENT_REQUESTS), so that delays bind and not the cores. Printed are pages
a second from the first request to the last, the shortest gap between a host's answer and the next request to it, how
many pages were fetched more than once; then the same of N crawls of which one is killed (SIGKILL) in the middle, whose
pages that it had fetched and not stored are fetched again, and what is left undone once a later run has taken up its
hosts. PostgreSQL has to answer at --server, whose user may create databases.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

import sqlalchemy as sa

from crawler.demo.server import Request, Response, Server
from crawler.settings import PROJECT

SERVER = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
#: Where a run is killed, so that the end of its leases can be waited for; the default elsewhere. A machine so busy that
#: a run stands still for longer than this loses leases, and fetches pages twice.
LEASE_SECONDS = 20
WORDS = ("harbour", "ferry", "council", "bridge", "mill", "quarry", "orchard", "tannery", "barley", "lantern", "sluice")


@dataclass(frozen=True)
class Rig:
    hosts: int
    pages: int
    latency: float
    delay: float
    places: int

    def body(self, host: int, number: int) -> bytes:
        """An article that no other resembles."""
        pick = random.Random(f"{host} {number}")  # noqa: S311 - not for secrets
        sentences = [
            f"The {' '.join(pick.choices(WORDS, k=15))} of district {pick.randrange(10**6)}." for _ in range(18)
        ]
        paragraphs = "".join(f"<p>{' '.join(sentences[start : start + 3])}</p>" for start in range(0, 18, 3))
        return (
            f"<html lang=en><head><title>Notice {host}-{number}</title></head>"
            f"<body><article><h1>Notice {host}-{number}</h1>{paragraphs}</article></body></html>"
        ).encode()

    @contextlib.contextmanager
    def serve(self) -> Iterator[list[Server]]:
        with contextlib.ExitStack() as stack:
            servers: list[Server] = []
            for host in range(self.hosts):
                servers.append(stack.enter_context(Server(partial(self.answer, servers, host))))
            yield servers

    def answer(self, servers: list[Server], host: int, request: Request) -> Response:
        server = servers[host]
        server.stopping.wait(self.latency)
        if request.path == "/feed":
            items = "".join(f"<item><link>{server.url(f'/{n}')}</link></item>" for n in range(self.pages))
            return Response(
                body=f'<rss version="2.0"><channel>{items}</channel></rss>'.encode(),
                headers={"Content-Type": "application/rss+xml"},
            )
        if request.path[1:].isdigit():
            return Response(body=self.body(host, int(request.path[1:])), headers={"Content-Type": "text/html"})
        return Response(404, b"", {})


@dataclass(frozen=True)
class Outcome:
    seconds: float  #: from the first request to the last
    pages: int
    gap: float  #: the shortest, of a host, from the end of an answer to the next request
    twice: int  #: pages asked for more than once
    codes: list[int]
    left: dict[str, int]  #: entries that were not fetched, by state
    articles: int


def words(rig: Rig, url: str, publishers: Path, kill: bool) -> list[str]:
    settings = {
        "STORE_URL": url,
        "PUBLISHERS_FILE": publishers,
        "DOWNLOAD_DELAY": rig.delay,
        "CONCURRENT_REQUESTS": rig.places,
        "EXTRACT_WORKERS": 1,
        "LEASE_SECONDS": LEASE_SECONDS if kill else 60,
    }
    given = [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
    return [sys.executable, "-m", "scrapy", "crawl", "news", *given]


def crawls(rig: Rig, server_url: str, workers: int, *, kill: bool = False) -> Outcome:
    """So many crawls of one rig into one new store, side by side."""
    with database(server_url) as url, rig.serve() as servers, tempfile.TemporaryDirectory() as folder:
        publishers = Path(folder) / "publishers.toml"
        publishers.write_text(
            "\n".join(f'["{s.host}"]\nname = "{s.host}"\nfeeds = ["{s.url("/feed")}"]\n' for s in servers)
        )
        command = words(rig, url, publishers, kill)
        started = [subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.DEVNULL) for _ in range(workers)]
        if kill:
            half = rig.hosts * rig.pages // 2
            while sum(len(server.requests) for server in servers) < half:
                time.sleep(0.05)
            started[0].send_signal(signal.SIGKILL)
        codes = [process.wait() for process in started]
        if kill:
            time.sleep(LEASE_SECONDS + rig.delay)
            codes.append(subprocess.run(command, cwd=PROJECT, stderr=subprocess.DEVNULL, check=False).returncode)
        engine = sa.create_engine(url)
        with engine.connect() as connection:
            states = connection.exec_driver_sql("SELECT state, count(*) FROM entries GROUP BY 1").all()
            left = {state: count for state, count in states if state != "fetched"}
            articles = connection.exec_driver_sql("SELECT count(*) FROM articles").scalar_one()
        engine.dispose()
        times = sorted(request.time for server in servers for request in server.requests)
        gaps = [
            later.time - earlier.time - rig.latency
            for server in servers
            for earlier, later in pairwise(server.requests)
        ]
        asked = Counter((s.host, r.path) for s in servers for r in s.requests if r.path[1:].isdigit())
        twice = sum(count > 1 for count in asked.values())
        return Outcome(times[-1] - times[0], len(asked), min(gaps), twice, codes, left, articles)


@contextlib.contextmanager
def database(server: str) -> Iterator[str]:
    """The URL of a database of its own."""
    name = f"newsfold_crawlers_{uuid.uuid4().hex[:8]}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        engine.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", default=SERVER)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--hosts", type=int, default=48)
    parser.add_argument("--pages", type=int, default=8)
    parser.add_argument("--places", type=int, default=8)
    parser.add_argument("--delay", type=float, default=1.0)
    parser.add_argument("--latency", type=float, default=0.3)
    given = parser.parse_args()
    rig = Rig(given.hosts, given.pages, given.latency, given.delay, given.places)
    print(
        f"{'crawls':24}{'s':>8}{'pages/s':>9}{'shortest gap':>14}{'twice':>7}{'not fetched':>13}{'articles':>10}  codes"
    )
    rates = []
    for name, workers, kill in (
        ("1", 1, False),
        (str(given.workers), given.workers, False),
        ("one killed", given.workers, True),
    ):
        got = crawls(rig, given.server, workers, kill=kill)
        rates.append(got.pages / got.seconds)
        for state, number in got.left.items():
            print(f"{number} entries {state}")
        print(
            f"{name:24}{got.seconds:8.1f}{rates[-1]:9.2f}{got.gap:14.3f}{got.twice:7}{sum(got.left.values()):13}{got.articles:10}"
            f"  {' '.join(map(str, got.codes))}",
            flush=True,
        )
    print(f"throughput of {given.workers} against {given.workers} x 1: {rates[1] / rates[0] / given.workers:.2f}")


if __name__ == "__main__":
    main()
