"""The papers of `benchmarks/press.py` at 127.x addresses, served from memory by a process whose CPU is counted apart.

Run as a script it is that process.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import mmap
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))  # a script's own folder is all that Python looks in

from benchmarks.press import FIRST, Paper, Press, Story


@dataclass(frozen=True)
class Rig:
    """A folder of what is served, and the server's process."""

    folder: Path
    server: int  #: process id
    pages: int
    hosts: int

    @property
    def urls(self) -> Path:
        return self.folder / "urls.txt"

    @property
    def feeds(self) -> Path:
        return self.folder / "feeds.txt"

    @property
    def publishers(self) -> Path:
        return self.folder / "publishers.toml"

    def truth(self) -> dict[str, Counter[str]]:
        with gzip.open(self.folder / "truth.jsonl.gz", "rt", encoding="utf-8") as lines:
            return {row["url"]: Counter(words(row["body"])) for row in map(json.loads, lines)}


def build(folder: Path, *, pages: int, hosts: int, port: int, seed: int, feeds_a_host: int = 1) -> None:
    """Write what the server serves (bodies, index.json), and what the crawlers are given."""
    import brotli

    press = Press(seed)
    papers = [Paper(number, port, press) for number in range(hosts)]
    index: dict[str, dict[str, Any]] = {}
    listed: dict[str, list[tuple[str, Story, datetime]]] = {paper.host: [] for paper in papers}
    wire: list[Story] = []
    with (
        (folder / "bodies").open("wb") as bodies,
        gzip.open(folder / "truth.jsonl.gz", "wt", encoding="utf-8") as truth,
    ):

        def keep(url: str, text: str, kind: str, brotlied: bool) -> None:
            raw = text.encode()
            entry: dict[str, Any] = {"kind": kind, "etag": hashlib.sha256(raw).hexdigest()[:16], "size": len(raw)}
            for name, coded in (
                ("gzip", gzip.compress(raw, 6)),
                ("br", brotli.compress(raw, quality=5) if brotlied else None),
            ):
                if coded is not None:
                    entry[name] = (bodies.tell(), len(coded))
                    bodies.write(coded)
            index[url] = entry

        for number in range(pages):
            paper = papers[number % hosts]
            if wire and press.chance.random() < 1 / 3:
                story = press.copy(press.chance.choice(wire))
            else:
                story = press.story()
                if press.chance.random() < 1 / 3:
                    wire = [*wire[-99:], story]
            path, when = f"/news/{number // hosts}/{paper.token()}", FIRST + timedelta(seconds=number % 100_000)
            keep(f"{paper.base}{path}", paper.page(story, path, when), "text/html; charset=utf-8", paper.brotli)
            listed[paper.host].append((path, story, when))
            body = "\n\n".join((story.standfirst, *story.paragraphs))
            truth.write(json.dumps({"url": f"{paper.base}{path}", "body": body}) + "\n")
        tables, addresses = [], []
        for paper in papers:
            feeds = [f"{paper.base}/feed.xml", *(f"{paper.base}/feed-{n}.xml" for n in range(1, feeds_a_host))]
            for url in feeds:
                keep(url, paper.feed(listed[paper.host]), "application/rss+xml; charset=utf-8", paper.brotli)
            tables.append(f'["{paper.host}"]\nname = "{paper.name}"\nlanguage = "en"\nfeeds = {json.dumps(feeds)}\n')
            addresses += feeds
    (folder / "index.json").write_text(json.dumps(index))
    (folder / "publishers.toml").write_text("\n".join(tables), encoding="utf-8")
    (folder / "feeds.txt").write_text("\n".join(f"{url}\t{index[url]['etag']}" for url in addresses) + "\n")
    # As a crawler meets them that goes through its feeds: host after host would make one-host-at-a-time a bottleneck.
    (folder / "urls.txt").write_text("\n".join(url for url in index if url.rpartition("/")[2][:4] != "feed") + "\n")


class Connection(asyncio.Protocol):
    """One client of the rig: HTTP/1.1, kept alive. The bodies are compressed already."""

    HOST = re.compile(rb"(?i)\r\nhost: *([^\r]+)")
    CODINGS = re.compile(rb"(?i)\r\naccept-encoding: *([^\r]+)")
    MATCH = re.compile(rb'(?i)\r\nif-none-match: *"?([0-9a-f]+)')
    CLOSE = re.compile(rb"(?i)\r\nconnection: *close")

    def __init__(self, index: dict[str, dict[str, Any]], bodies: mmap.mmap, latency: float) -> None:
        self.index, self.bodies, self.latency = index, bodies, latency
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head, self.buffer = self.buffer[: end + 2], self.buffer[end + 4 :]
            answer = self.answer(head)
            if self.latency:
                asyncio.get_running_loop().call_later(self.latency, self.send, answer, head)
            else:
                self.send(answer, head)

    def send(self, answer: bytes, head: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(answer)
            if self.CLOSE.search(head):
                self.transport.close()

    def answer(self, head: bytes) -> bytes:
        host = self.HOST.search(head)
        path = head.split(b" ", 2)[1]
        entry = self.index.get(f"http://{host[1].decode() if host else ''}{path.decode('latin-1')}")
        if entry is None:
            return b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\nnot found"
        match = self.MATCH.search(head)
        if match is not None and match[1].decode() == entry["etag"]:
            return f'HTTP/1.1 304 Not Modified\r\nETag: "{entry["etag"]}"\r\n\r\n'.encode()
        accepted = self.CODINGS.search(head)
        codings = accepted[1] if accepted is not None else b""
        coding = "br" if "br" in entry and b"br" in codings else "gzip"
        start, size = entry[coding]
        body, headers = self.bodies[start : start + size], f"Content-Encoding: {coding}\r\n"
        if coding == "gzip" and b"gzip" not in codings:
            body, headers = gzip.decompress(body), ""
        lines = f'HTTP/1.1 200 OK\r\nContent-Type: {entry["kind"]}\r\n{headers}ETag: "{entry["etag"]}"\r\n'
        return f"{lines}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def serve(folder: Path, port: int, latency: float) -> None:
    """Serve a folder at every 127.x address until killed."""
    index = json.loads((folder / "index.json").read_text())
    with (folder / "bodies").open("rb") as file:
        bodies = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    server = await asyncio.get_running_loop().create_server(
        partial(Connection, index, bodies, latency),
        "0.0.0.0",  # noqa: S104 - all of 127/8
        port,
        backlog=1024,
    )
    print("ready", flush=True)
    await server.serve_forever()


@contextmanager
def rig(*, pages: int, hosts: int, port: int, seed: int, latency: float, feeds_a_host: int = 1) -> Iterator[Rig]:
    """Build a rig, serve it while the context lasts, and remove it."""
    with tempfile.TemporaryDirectory(prefix="newsfold-rig-") as name:
        folder = Path(name)
        build(folder, pages=pages, hosts=hosts, port=port, seed=seed, feeds_a_host=feeds_a_host)
        command = [sys.executable, __file__, name, str(port), str(latency)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            try:
                assert server.stdout is not None
                if server.stdout.readline().strip() != "ready":
                    raise SystemExit("the rig's server did not start")
                yield Rig(folder, server.pid, pages, hosts)
            finally:
                server.kill()


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
