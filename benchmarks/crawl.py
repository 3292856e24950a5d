"""The whole job, measured beside what people use instead: `python benchmarks/crawl.py [--peers VENV] [what …]`.

Builds its own rig: papers at 127.x addresses with a feed each, pages of 60 to 150 kB of invented prose in the markup of
newsrooms, a third of them copies, gzip for all and brotli for half of the papers, served by one process whose CPU is
counted apart. Then runs `scrapy crawl news` and whichever peers can be imported by VENV's Python, one after the other,
all of them once a round, and prints the medians of the rounds with their spread. What to measure:

  peers    pages a second, for a second of CPU, articles found and their words: Newsfold and the peers
  workers  the same crawl with one worker process and with two
  polls    CPU of a poll that is answered 304, Newsfold's with its write, and stock Scrapy's without
  memory   peak memory of the process tree (PSS, shared pages counted once), at --pages and at ten times as many

Newsfold runs with its own settings but DOWNLOAD_DELAY=0 and ENTRY_MAX_AGE_DAYS=0 (the pages' dates are fixed): feeds,
pages, stories and a SQLite store; one page at a time of a host, and its robots.txt first. The peers get the addresses
of the pages without a feed (but for the loop), and store nothing but their texts. They wait for nothing either:
trafilatura with SLEEP_TIME=0 and loopback allowed, stock Scrapy with CONCURRENT_REQUESTS=64 and LOG_LEVEL=INFO.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import re
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))  # a script's own folder is all that Python looks in

from benchmarks.rig import Rig, rig, words

PROJECT = Path(__file__).resolve().parents[1]
#: Pages a second are a tenth of the others' and less: these get a part of the pages, or a round would take an hour.
SLOW = {"newspaper4k, 8 threads": 8, "news-please, library": 16, "news-please, command line": 16}
SAMPLE_SECONDS = 1.0  #: between two looks at the memory of a process tree
PR_SET_CHILD_SUBREAPER = 36  #: prctl(2)


# --- those who run ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Run:
    """What one run cost and brought."""

    seconds: float
    cpu: float  #: seconds, of the process and all that it started
    server_cpu: float
    pss: float  #: MB, peak over the process tree
    pages: int
    texts: dict[str, str]  #: URL -> body


def stock_spider(addresses: str) -> Any:
    """Stock Scrapy: downloads each line's URL, with the ETag behind it where there is one, and does nothing with it."""
    from scrapy import Request, Spider

    lines = Path(addresses).read_text().splitlines()

    class Download(Spider):
        name = "download"
        handle_httpstatus_list = (304,)

        async def start(self) -> Any:
            for line in lines:
                url, _, etag = line.partition("\t")
                yield Request(url, headers={"If-None-Match": f'"{etag}"'} if etag else None, dont_filter=True)

        def parse(self, response: Any) -> None:
            pass

    return Download


def stock(addresses: str, out: str) -> None:
    from scrapy.crawler import AsyncCrawlerProcess

    process = AsyncCrawlerProcess({"CONCURRENT_REQUESTS": 64, "LOG_LEVEL": "INFO", "TELNETCONSOLE_ENABLED": False})
    crawler = process.create_crawler(stock_spider(addresses))
    process.crawl(crawler)
    process.start()
    got = sum(crawler.stats.get_value(f"downloader/response_status_count/{status}", 0) for status in (200, 304))
    Path(out).write_text(json.dumps({"pages": got}) + "\n")


def loop(feeds: str, out: str) -> None:
    """The loop that a script has: feedparser, then requests and trafilatura with metadata, page after page."""
    import feedparser
    import requests
    import trafilatura

    with requests.Session() as session, Path(out).open("w", encoding="utf-8") as file:
        for line in Path(feeds).read_text().splitlines():
            body = session.get(line.partition("\t")[0], timeout=30).content
            for entry in feedparser.parse(body).entries:
                page = session.get(entry.link, timeout=30)
                got = trafilatura.bare_extraction(page.content, url=entry.link, with_metadata=True)
                write(file, entry.link, getattr(got, "text", None))


def newspaper4k(addresses: str, out: str) -> None:
    import newspaper

    def read(url: str) -> tuple[str, str]:
        try:
            article = newspaper.article(url, language="en")
        except newspaper.ArticleException:
            return url, ""
        return url, article.text

    with ThreadPoolExecutor(8) as pool, Path(out).open("w", encoding="utf-8") as file:
        for url, text in pool.map(read, Path(addresses).read_text().split()):
            write(file, url, text)


def news_please(addresses: str, out: str) -> None:
    from newsplease import NewsPlease  # type: ignore[import-not-found]

    with Path(out).open("w", encoding="utf-8") as file:
        urls = Path(addresses).read_text().split()
        # Without a time-out it drops all that it read; other crawlers here fetch no images either.
        for url, article in NewsPlease.from_urls(urls, request_args={"timeout": 30}, fetch_images=False).items():
            write(file, url, getattr(article, "maintext", None))


def write(file: Any, url: str, text: str | None) -> None:
    file.write(json.dumps({"url": url, "text": text or ""}) + "\n")


#: What a run of this file under a peer's Python can be: `--be NAME ADDRESSES OUT`.
PARTS: dict[str, Callable[[str, str], None]] = {
    "stock": stock,
    "loop": loop,
    "newspaper4k": newspaper4k,
    "news_please": news_please,
}


@dataclass(frozen=True)
class Contestant:
    """`command(addresses, feeds, folder)` runs it in a folder of its own; `texts(folder)` are what it brought."""

    name: str
    command: Callable[[Path, Rig, Path], Sequence[str]]
    texts: Callable[[Path], tuple[int, dict[str, str]]]


def newsfold(name: str = "Newsfold", **settings: Any) -> Contestant:
    given = {"DOWNLOAD_DELAY": 0, "ENTRY_MAX_AGE_DAYS": 0} | settings

    def command(addresses: Path, rig: Rig, folder: Path) -> Sequence[str]:
        named = {"STORE_URL": f"sqlite:///{folder}/newsfold.db", "PUBLISHERS_FILE": rig.publishers} | given
        words = [word for name, value in named.items() for word in ("-s", f"{name}={value}")]
        return [sys.executable, "-m", "scrapy", "crawl", "news", "-a", "all=true", *words]

    def texts(folder: Path) -> tuple[int, dict[str, str]]:
        with sqlite3.connect(folder / "newsfold.db") as store:
            pages = store.execute("SELECT count(*) FROM entries WHERE state != 'pending'").fetchone()[0]
            return pages, dict(store.execute("SELECT url, body FROM articles"))

    return Contestant(name, command, texts)


def part(name: str, role: str, python: str, *, feeds: bool = False) -> Contestant:
    def command(addresses: Path, rig: Rig, folder: Path) -> Sequence[str]:
        given = rig.feeds if feeds else addresses
        return [python, __file__, "--be", role, str(given), str(folder / "out.jsonl")]

    return Contestant(name, command, _texts)


def trafilatura_cli(python: str) -> Contestant:
    def command(addresses: Path, rig: Rig, folder: Path) -> Sequence[str]:
        settings = _package(python, "trafilatura") / "settings.cfg"
        text = settings.read_text().replace("SLEEP_TIME = 5.0", "SLEEP_TIME = 0")
        (folder / "settings.cfg").write_text(text.replace("SSRF_PROTECTION = on", "SSRF_PROTECTION = off"))
        words = f"--parallel 2 --with-metadata --json --config-file {folder}/settings.cfg -i {addresses}"
        return ["sh", "-c", f"exec {Path(python).parent}/trafilatura {words} > {folder}/out.jsonl"]

    return Contestant("trafilatura CLI, --parallel 2", command, _texts)


def news_please_cli(python: str) -> Contestant:
    """Its crawler of given addresses, with the settings that it comes with: a file each page, and each article."""

    def command(addresses: Path, rig: Rig, folder: Path) -> Sequence[str]:
        config = _package(python, "newsplease") / "config" / "config.cfg"
        text = config.read_text().replace("working_path = ~/news-please-repo/", f"working_path = {folder}/pages/")
        (folder / "config.cfg").write_text(text)
        given = {"base_urls": [{"crawler": "Download", "url": addresses.read_text().split()}]}
        (folder / "sitelist.hjson").write_text(json.dumps(given))
        return [str(Path(python).parent / "news-please"), "-c", str(folder)]

    def texts(folder: Path) -> tuple[int, dict[str, str]]:
        rows = [json.loads(path.read_text(encoding="utf-8")) for path in (folder / "pages").rglob("*.html.json")]
        return len(rows), {row["url"]: row["maintext"] for row in rows if row["maintext"]}

    return Contestant("news-please, command line", command, texts)


def _texts(folder: Path) -> tuple[int, dict[str, str]]:
    rows = [json.loads(line) for line in (folder / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    if rows and "pages" in rows[0]:
        return rows[0]["pages"], {}
    return len(rows), {row.get("url") or row["source"]: row["text"] for row in rows if row["text"]}


def _package(python: str, name: str) -> Path:
    """The folder of a package that this Python has."""
    code = f"import {name}; print({name}.__path__[0])"
    return Path(subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout.strip())


def run(contestant: Contestant, rig: Rig, pages: int, *, folder: Path | None = None, feeds: bool = False) -> Run:
    """Run it to its end over so many of the pages (or the rig's feeds), in a folder of its own or a given one."""
    with tempfile.TemporaryDirectory(prefix="newsfold-run-") as name:
        place = folder or Path(name)
        addresses = place / "addresses.txt"
        lines = (rig.feeds if feeds else rig.urls).read_text().splitlines()
        addresses.write_text("\n".join(lines[:pages]) + "\n")
        with (place / "log").open("wb") as log:
            command = contestant.command(addresses, rig, place)
            before, served, began = _children_cpu(), _cpu(rig.server), time.monotonic()
            process = subprocess.Popen(command, cwd=PROJECT, stdout=log, stderr=log, start_new_session=True)
            peak = 0.0
            while process.poll() is None:
                peak = max(peak, _pss(process.pid))
                with suppress(subprocess.TimeoutExpired):
                    process.wait(SAMPLE_SECONDS)
            seconds = time.monotonic() - began
        _reap(rig.server)
        if process.returncode not in (0, 1):  # trafilatura: 1, when a page had no text
            raise SystemExit(
                f"{contestant.name}: exit code {process.returncode}\n{(place / 'log').read_text()[-2000:]}"
            )
        got, texts = contestant.texts(place)
        return Run(seconds, _children_cpu() - before, _cpu(rig.server) - served, peak, got, texts)


def _children_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _reap(server: int) -> None:
    """Wait for what a run left to us (a forkserver and its workers), so that its CPU counts."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        left = [pid for pid in _tree(os.getpid()) if pid not in (os.getpid(), server)]
        if not left:
            return
        for pid in left:
            with suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
        time.sleep(0.02)
    raise SystemExit(f"processes {left} did not end")


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _tree(root: int) -> list[int]:
    """A process and all that descend from it."""
    parents: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with suppress(OSError):
                parent = int(Path(f"/proc/{entry}/stat").read_text().rpartition(") ")[2].split()[1])
                parents.setdefault(parent, []).append(int(entry))
    tree = [root]
    for pid in tree:
        tree += parents.get(pid, [])
    return tree


def _pss(root: int) -> float:
    """Megabytes of a process tree: what several share counts once."""
    total = 0
    for pid in _tree(root):
        with suppress(OSError):
            found = re.search(r"^Pss: +(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)
            total += int(found[1]) if found else 0
    return total / 1024


# --- what is measured -------------------------------------------------------------------------------------------------
def quality(texts: dict[str, str], truth: dict[str, Counter[str]], pages: Sequence[str]) -> tuple[float, float]:
    """Words an article, and the F1 of its words against those of the body, 0 for a page without one."""
    scores, lengths = [], []
    for url in pages:
        got, want = Counter(words(texts.get(url, ""))), truth[url]
        scores.append(2 * (got & want).total() / (got.total() + want.total()))
        if got:
            lengths.append(got.total())
    return statistics.mean(lengths or [0]), statistics.mean(scores)


def spread(values: Sequence[float], digits: int = 1) -> str:
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}-{max(values):.{digits}f})"


def peers(options: argparse.Namespace) -> None:
    python = str(Path(options.peers) / "bin" / "python") if options.peers else sys.executable
    contestants = [newsfold(EXTRACT_WORKERS=2), part("stock Scrapy, downloads only", "stock", python)]
    for module, contestant in (
        ("trafilatura", trafilatura_cli(python)),
        ("feedparser,requests,trafilatura", part("feedparser + requests + trafilatura", "loop", python, feeds=True)),
        ("newspaper", part("newspaper4k, 8 threads", "newspaper4k", python)),
        ("newsplease", part("news-please, library", "news_please", python)),
        ("newsplease", news_please_cli(python)),
    ):
        if subprocess.run([python, "-c", f"import {module}"], capture_output=True, check=False).returncode == 0:
            contestants.append(contestant)
        else:
            print(f"{contestant.name}: not installed")
    with make(options) as built:
        truth, urls = built.truth(), built.urls.read_text().split()
        runs: dict[str, list[Run]] = {contestant.name: [] for contestant in contestants}
        for number in range(options.runs):
            for contestant in contestants:
                pages = built.pages // SLOW.get(contestant.name, 1)
                done = run(contestant, built, pages)
                runs[contestant.name].append(done)
                note(f"{number + 1}: {contestant.name}: {done.pages} pages in {done.seconds:.1f} s")
    stock_rate = statistics.median(r.pages / r.cpu for r in runs["stock Scrapy, downloads only"])
    cli = runs.get("trafilatura CLI, --parallel 2")
    cli_rate = statistics.median(r.pages / r.seconds for r in cli) if cli else float("nan")
    print(f"\n{built.pages} pages on {built.hosts} hosts, {options.runs} interleaved runs: median (least-most)\n")
    print(
        "| | pages | pages/s | × trafilatura CLI | pages/CPU s | × stock | rig CPU s | articles | words | F1 | PSS MB |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for name, own in runs.items():
        rates, per_cpu = [r.pages / r.seconds for r in own], [r.pages / r.cpu for r in own]
        got, pages = own[-1].texts, built.pages // SLOW.get(name, 1)
        length, score = quality(got, truth, urls[:pages]) if got else (0.0, 0.0)
        print(
            f"| {name} | {own[-1].pages} | {spread(rates)} | {statistics.median(rates) / cli_rate:.2f} "
            f"| {spread(per_cpu)} | {statistics.median(per_cpu) / stock_rate:.3f} "
            f"| {statistics.median(r.server_cpu for r in own):.1f} | {len(got) or '-'} | {length:.0f} | {score:.3f} "
            f"| {max(r.pss for r in own):.0f} |"
        )


def workers(options: argparse.Namespace) -> None:
    with make(options) as built:
        runs: dict[int, list[Run]] = {1: [], 2: []}
        for number in range(options.runs):
            for count, done in runs.items():
                done.append(run(newsfold(EXTRACT_WORKERS=count), built, built.pages))
                note(f"{number + 1}: {count} workers: {done[-1].pages} pages in {done[-1].seconds:.1f} s")
    rates = {count: [r.pages / r.seconds for r in done] for count, done in runs.items()}
    print(f"\npages/s with one worker {spread(rates[1])}, with two {spread(rates[2])}: ", end="")
    print(f"{statistics.median(rates[2]) / statistics.median(rates[1]):.2f} x")


def polls(options: argparse.Namespace) -> None:
    """CPU a poll as the difference between many and few, so that starting and ending count for nothing."""
    few, many = options.feeds // 10, options.feeds
    cpu: dict[str, list[float]] = {"stock Scrapy, bare": [], "Newsfold, written": []}
    with make(options, pages=many, hosts=many, feeds_a_host=1) as built, tempfile.TemporaryDirectory() as name:
        tables = built.publishers.read_text().split("\n\n")
        folders = {count: Path(name) / str(count) for count in (few, many)}
        for count, folder in folders.items():
            folder.mkdir()
            (folder / "publishers.toml").write_text("\n\n".join(tables[:count]))

        def once(contestant: str, count: int) -> float:
            if contestant == "stock Scrapy, bare":
                done = run(part(contestant, "stock", sys.executable), built, count, feeds=True)
                got = done.pages
            else:
                # One day's entries: the rig's are older, and no page is fetched.
                settings: dict[str, Any] = {
                    "ENTRY_MAX_AGE_DAYS": 1,
                    "PUBLISHERS_FILE": folders[count] / "publishers.toml",
                }
                store = folders[count] / "newsfold.db"
                before = unchanged(store)
                done = run(newsfold(**settings), built, count, folder=folders[count])
                got = unchanged(store) - before
            if got not in (0, count):
                raise SystemExit(f"{contestant}: {got} of {count} polls answered 304")
            return done.cpu

        for count in folders:
            once("Newsfold, written", count)  # the first polls bring the feeds
        for number in range(options.runs):
            for contestant, values in cpu.items():
                values.append((once(contestant, many) - once(contestant, few)) / (many - few) * 1000)
                note(f"{number + 1}: {contestant}: {values[-1]:.2f} ms a poll")
    print(f"\nCPU a poll answered 304, {many} feeds against {few}, a host each, ms: ", end="")
    ours, stocks = (statistics.median(cpu[name]) for name in ("Newsfold, written", "stock Scrapy, bare"))
    print(", ".join(f"{name} {spread(values, 2)}" for name, values in cpu.items()), f": {ours / stocks:.2f} of stock's")


def unchanged(store: Path) -> int:
    """Polls answered 304, of all runs on a store."""
    if not store.exists():
        return 0
    with sqlite3.connect(store) as connection:
        return int(connection.execute("SELECT coalesce(sum(polls_unchanged), 0) FROM feeds").fetchone()[0])


def memory(options: argparse.Namespace) -> None:
    for pages in (options.pages, options.pages * 10):
        with make(options, pages=pages) as built:
            done = run(newsfold(EXTRACT_WORKERS=2), built, pages)
        print(
            f"peak PSS with two workers, {done.pages} pages, {len(done.texts)} articles: {done.pss:.0f} MB", flush=True
        )


def make(options: argparse.Namespace, **given: int) -> Any:
    sizes = {"pages": options.pages, "hosts": options.hosts} | given
    note(f"building {sizes['pages']} pages on {sizes['hosts']} hosts")
    return rig(port=options.port, seed=options.seed, latency=options.latency, **sizes)


def note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


MEASURES: dict[str, Callable[[argparse.Namespace], None]] = {
    "peers": peers,
    "workers": workers,
    "polls": polls,
    "memory": memory,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", choices=[*MEASURES, []], help="what to measure (all)")
    parser.add_argument("--peers", metavar="VENV", help="virtual environment that has the peers (this one)")
    parser.add_argument("--pages", type=int, default=4000)
    parser.add_argument("--hosts", type=int, default=200)
    parser.add_argument("--feeds", type=int, default=2000, help="of `polls`")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before an answer")
    parser.add_argument("--port", type=int, default=8790)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--be", nargs=3, metavar=("PART", "ADDRESSES", "OUT"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.be:
        PARTS[options.be[0]](options.be[1], options.be[2])
        return
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)  # what a run leaves behind is ours to wait for
    for what in options.what or MEASURES:
        MEASURES[what](options)


if __name__ == "__main__":
    main()
