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
import asyncio
import ctypes
import gzip
import hashlib
import json
import mmap
import os
import random
import re
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
#: Pages a second are a tenth of the others' and less: these get a part of the pages, or a round would take an hour.
SLOW = {"newspaper4k, 8 threads": 8, "news-please, library": 16, "news-please, command line": 16}
FIRST = datetime(2026, 7, 14, 6, tzinfo=UTC)  #: when the first page was published
SAMPLE_SECONDS = 1.0  #: between two looks at the memory of a process tree
PR_SET_CHILD_SUBREAPER = 36  #: prctl(2)


# --- the press ------------------------------------------------------------------------------------------------------
NOUNS = """abbey account anchor archive arena bakery barley barrier basin beacon bench bridge budget bursary cable
canal cannery canteen charter chimney clinic coast college contract copper council court cradle culvert dairy depot
dredger embankment estate factory ferry fishery fleet flint forest foundry fund garage garden gasworks granary harbour
heather hospital inquiry island kiln laboratory lantern lease levee library licence lighthouse linen lock market meadow
mill mortar museum nursery office orchard oyster parade pasture pavilion pension pier pipeline plough port prison
proposal quarry quay railway rampart refinery report reservoir ridge river road roof route saddle sawmill school ship
shipyard signal silo slate sluice square stable station steeple stadium strike survey tannery tariff terminal theatre
timber tithe tollgate tower town tram trawler treaty tribunal tunnel turbine union valley vault vineyard wagon warehouse
water weir wharf willow windmill winter workshop yard""".split()  # noqa: SIM905 - a word a line is more to read
VERBS = """approved blamed closed counted crossed defended delayed described doubled examined financed flooded guarded
halted inspected insured launched measured moved opened opposed ordered painted postponed praised promised questioned
rebuilt refused rejected repaired replaced sold suspended tested visited welcomed""".split()  # noqa: SIM905
PLAIN = """annual bitter brief broken careful cheap civil cold common costly crowded deep early eastern empty familiar
fragile heavy hidden late local modest narrow northern old open ordinary patient public quiet rare recent remote rural
rusty sharp silent slow southern steep sudden tall temporary thin upper urban western wide wooden young""".split()  # noqa: SIM905
SENTENCES = (
    "The {a} {n} in {P} was {v} on {D} after {c} of the {q} people who work at the {m} had asked for a {b} {k}.",
    "{N} said the {n} needed {q} more weeks, and that the {a} {m} would not be {v} before the end of {M}.",
    "“We never asked for a {b} {n},” said {N}, who runs the {m} near {P} with {q} others. “We asked for a {k}.”",
    "According to figures that the {n} board of {P} published on {D}, the {m} lost {q} million last year.",
    "Neither the {n} nor the {a} {m} had been {v} since {Y}, a spokeswoman for the {k} office in {P} said.",
    "Residents of {P}, where the {a} {n} has stood since {Y}, {v} the plan at a {b} meeting in the {m}.",
    "It was the {q}th time in {c} years that a {n} of this size had been {v} between {P} and the {a} {m}.",
    "{N}, a former head of the {n}, told the {m} committee that {q} of the {c} {k} permits were {v} without reason.",
    "Prices at the {n} rose by {c} per cent in {M}, while the {a} {m} paid {q} less for every {k} than in {Y}.",
    "Under the agreement, {P} keeps the {n} for {q} years and the {b} {m} pays for the {k} that {N} {v}.",
    "“Nobody {v} the {n} for us,” {N} said. “There were {q} of us at the {a} {m}, and it rained.”",
    "A {b} {k} near the {n} was {v} as well, and trains between {P} and the {m} ran {c} minutes late.",
    "The {m} had warned in {Y} that the {n} would not last, but the {a} {k} was {v} only when {N} stepped in.",
    "What becomes of the {q} {k} places is open: the {n} council of {P} wants to hear {N} on {D}.",
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("January", "February", "March", "April", "May", "June", "September", "October", "November", "December")
AGENCIES = ("Swiftline", "Wire Desk", "Northern Press Service")


@dataclass
class Story:
    """A text, as its first paper prints it."""

    headline: str
    standfirst: str
    paragraphs: list[str]
    author: str


@dataclass
class Press:
    """Invented prose, the same for the same seed."""

    seed: int
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311
        start = [a + b for a in ("b", "br", "d", "f", "g", "k", "l", "m", "n", "p", "s", "t", "v") for b in "aeiou"]
        self.places = [
            self.chance.choice(start).capitalize() + self.chance.choice(start) + end
            for end in ("nholm", "rrow", "stow", "vik", "lmar", "dale", "ngate", "rvia", "leth", "mouth") * 30
        ]
        self.people = [
            f"{self.chance.choice(start).capitalize()}{self.chance.choice(start)} {place}" for place in self.places
        ]

    def sentence(self) -> str:
        pick = self.chance.choice
        return pick(SENTENCES).format(
            a=pick(PLAIN), b=pick(PLAIN), n=pick(NOUNS), m=pick(NOUNS), k=pick(NOUNS), v=pick(VERBS),
            N=pick(self.people), P=pick(self.places), D=pick(DAYS), M=pick(MONTHS),
            q=self.chance.randint(11, 990), c=self.chance.randint(3, 90), Y=self.chance.randint(1890, 2024),
        )  # fmt: skip

    def headline(self) -> str:
        pick = self.chance.choice
        return f"{pick(self.places)} {pick(NOUNS)} {pick(VERBS)} as {pick(PLAIN)} {pick(NOUNS)} waits for {pick(NOUNS)}"

    def story(self) -> Story:
        paragraphs = [
            " ".join(self.sentence() for _ in range(self.chance.randint(1, 3)))
            for _ in range(self.chance.randint(8, 22))
        ]
        return Story(self.headline(), self.sentence(), paragraphs, self.chance.choice(self.people))

    def copy(self, story: Story) -> Story:
        """The same text in another paper: whole or cut, under its own headline half of the time."""
        keep = len(story.paragraphs) if self.chance.random() < 0.5 else self.chance.randint(4, len(story.paragraphs))
        headline = story.headline if self.chance.random() < 0.5 else self.headline()
        return Story(headline, story.standfirst, story.paragraphs[:keep], self.chance.choice(AGENCIES))


class Paper:
    """A site: its template, and what stands around every article. Markup as dense as that of real front ends: 700
    elements, 130 links and 30 kB of scripts in 100 kB."""

    def __init__(self, number: int, port: int, press: Press) -> None:
        self.chance = chance = random.Random(f"{press.seed} {number}")  # noqa: S311
        self.press = press
        self.host = f"127.1.{number // 200}.{number % 200 + 1}:{port}"
        self.base = f"http://{self.host}"
        self.name = f"The {chance.choice(press.places)} {chance.choice(('Courier', 'Gazette', 'Herald', 'Post'))}"
        self.brotli = number % 2 == 0
        self.metadata = (self._graph, self._flat, self._open_graph)[number % 3]
        self.article = (
            '<article class="{p}-article">',
            '<div class="{p}-story" role="article">',
            '<main><div id="story">',
        )[number // 3 % 3]
        self.closing = ("</article>", "</div>", "</div></main>")[number // 3 % 3]
        self.prefix = chance.choice(("entry", "story", "c-post", "sc-1x", "td", "wp-block"))
        self.styles = self._styles(chance.randint(3_000, 14_000))
        self.scripts = self._scripts(chance.randint(12_000, 45_000))
        self.menu = self._links(chance.randint(30, 110), "nav")
        self.footer = self._links(chance.randint(15, 40), "footer")
        self.teasers = [(press.headline(), press.sentence()) for _ in range(30)]

    def page(self, story: Story, path: str, when: datetime) -> str:
        p, chance, e = self.prefix, self.chance, escape
        body = []
        for number, paragraph in enumerate(story.paragraphs):
            body.append(f'<p class="{p}-paragraph {p}-text--body" data-component="text-block">{e(paragraph)}</p>')
            if number == 2:
                body.append(self._advert())
            if number == 5:
                title, _ = chance.choice(self.teasers)
                body.append(
                    f'<div class="{p}-related-inline"><strong>Read also:</strong> <a href="/n/">{e(title)}</a></div>'
                )
            if number == 8:
                body.append(
                    f'<aside class="{p}-newsletter"><h3>The morning in your inbox</h3><p>Join the readers who start '
                    'their day with us. You can leave at any time.</p><form><input type="email" name="mail" '
                    'placeholder="Your address"><button type="submit">Sign up</button></form></aside>'
                )
        side = "".join(self._teaser() for _ in range(chance.randint(12, 34)))
        stamp = when.strftime("%d %B %Y, %H:%M")
        return (
            f'<!DOCTYPE html>\n<html lang="en" class="no-js {p}-theme"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<title>{e(story.headline)} | {self.name}</title><link rel="canonical" href="{self.base}{path}">'
            f'<meta name="description" content="{e(story.standfirst)}">{self.metadata(story, path, when)}'
            f'<link rel="alternate" type="application/rss+xml" href="{self.base}/feed.xml">'
            f'<style>{self.styles}</style>{self.scripts}</head>\n<body class="single {p}-single">'
            f'<header class="{p}-header" role="banner"><a class="{p}-logo" href="/">{self.name}</a>'
            f'<nav class="{p}-menu" aria-label="Sections"><ul>{self.menu}</ul></nav></header>'
            f'<div class="{p}-wrap {p}-grid"><div class="{p}-column {p}-column--main">{self.article.format(p=p)}'
            f'<div class="{p}-header-block"><span class="{p}-kicker"><a href="/s/">News</a></span>'
            f'<h1 class="{p}-title">{e(story.headline)}</h1><p class="{p}-standfirst">{e(story.standfirst)}</p>'
            f'<div class="{p}-meta"><span class="{p}-byline author">By {e(story.author)}</span> '
            f'<time datetime="{when.isoformat()}">{stamp}</time></div>{self._share()}</div>'
            f'<figure class="{p}-media"><img src="{self.base}/i/{path[-6:]}.jpg" alt="" width="960" height="540" '
            f"srcset="
            f'"{self.base}/i/{path[-6:]}-480.jpg 480w, {self.base}/i/{path[-6:]}-960.jpg 960w"><figcaption>The '
            f"{chance.choice(NOUNS)} at {chance.choice(self.press.places)}. Photo: {chance.choice(self.press.people)}"
            f'</figcaption></figure><div class="{p}-body {p}-content">{"".join(body)}</div>{self.closing}'
            f'<section class="{p}-more"><h2>More on this</h2><div class="{p}-cards">{side}</div></section></div>'
            f'<aside class="{p}-column {p}-column--side">{self._advert()}<h3>Most read</h3><ol>'
            + "".join(
                f'<li class="{p}-most__item"><a href="/n/{n}">{e(t)}</a></li>'
                for n, (t, _) in enumerate(self.teasers[:10])
            )
            + f'</ol></aside></div><footer class="{p}-footer"><ul>{self.footer}</ul><p>© 2026 {self.name}. All rights '
            "reserved. No part of this site may be reproduced without permission in writing.</p></footer>"
            f'<div class="{p}-cookie" role="dialog"><p>We and our partners use cookies to improve this site. Choose '
            "what you allow.</p><button>Accept</button><button>Manage</button></div></body></html>"
        )

    def feed(self, listed: Sequence[tuple[str, Story, datetime]]) -> str:
        items = "".join(
            f"<item><title>{escape(story.headline)}</title><link>{self.base}{path}</link><guid>{self.base}{path}</guid>"
            f"<description>{escape(story.standfirst)}</description>"
            f"<pubDate>{when:%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
            for path, story, when in listed
        )
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>{self.name}</title>'
            f"<link>{self.base}/</link><description>All of it</description>{items}</channel></rss>"
        )

    def _graph(self, story: Story, path: str, when: datetime) -> str:
        graph = [
            {"@type": "Organization", "@id": f"{self.base}/#org", "name": self.name},
            {"@type": "WebSite", "@id": f"{self.base}/#site", "url": f"{self.base}/", "name": self.name},
            self._node(story, path, when) | {"publisher": {"@id": f"{self.base}/#org"}},
        ]
        return self._json({"@context": "https://schema.org", "@graph": graph})

    def _flat(self, story: Story, path: str, when: datetime) -> str:
        node = {"@context": "https://schema.org"} | self._node(story, path, when)
        return self._json(node) + self._open_graph(story, path, when)

    def _json(self, data: Any) -> str:
        return f'<script type="application/ld+json">{json.dumps(data)}</script>'

    def _node(self, story: Story, path: str, when: datetime) -> dict[str, Any]:
        return {
            "@type": "NewsArticle",
            "headline": story.headline,
            "description": story.standfirst,
            "datePublished": when.isoformat(),
            "dateModified": (when + timedelta(minutes=9)).isoformat(),
            "author": [{"@type": "Person", "name": story.author}],
            "mainEntityOfPage": f"{self.base}{path}",
            "image": [f"{self.base}/i/{path[-6:]}.jpg"],
        }

    def _open_graph(self, story: Story, path: str, when: datetime) -> str:
        properties = {
            "og:type": "article",
            "og:title": story.headline,
            "og:description": story.standfirst,
            "og:url": f"{self.base}{path}",
            "og:site_name": self.name,
            "og:image": f"{self.base}/i/{path[-6:]}.jpg",
            "article:published_time": when.isoformat(),
            "article:author": story.author,
        }
        return "".join(f'<meta property="{key}" content="{escape(value)}">' for key, value in properties.items())

    def _token(self) -> str:
        return f"{self.chance.getrandbits(40):x}"

    def _styles(self, size: int) -> str:
        rules: list[str] = []
        chance = self.chance
        while sum(len(rule) for rule in rules) < size:
            rules.append(
                f".{self.prefix}-{chance.choice(NOUNS)}__{chance.choice(NOUNS)}{{margin:{chance.randint(0, 40)}px;"
                f"color:#{chance.getrandbits(24):06x};font-size:{chance.randint(11, 40)}px;display:flex}}"
            )
        return "".join(rules)

    def _scripts(self, size: int) -> str:
        parts, chance = [], self.chance
        for _ in range(chance.randint(12, 30)):
            calls: list[str] = []
            while sum(len(call) for call in calls) < size / 20:
                calls.append(
                    f"window.{chance.choice(NOUNS)}=window.{chance.choice(NOUNS)}||[];{chance.choice(NOUNS)}.push("
                    f'{{"slot":"/{self._token()}/{chance.choice(NOUNS)}","size":[{chance.randint(100, 970)},250],'
                    f'"on":function(a){{return a<{chance.randint(2, 9)}&&document.query("#{self._token()}")}}}});'
                )
            parts.append(f"<script>{''.join(calls)}</script>")
            parts.append(f'<script async src="https://cdn.example/{self._token()}/{chance.choice(NOUNS)}.js"></script>')
        return "".join(parts)

    def _links(self, count: int, place: str) -> str:
        p, chance = self.prefix, self.chance
        return "".join(
            f'<li class="{p}-{place}__item {p}-{place}__item--level-{number % 3}" data-track="{self._token()}"><a '
            f'class="{p}-{place}__link" href="{self.base}/section/{chance.choice(NOUNS)}/{chance.choice(NOUNS)}/" '
            f'data-action="click" data-label="{chance.choice(NOUNS)}">{chance.choice(NOUNS).capitalize()}</a></li>'
            for number in range(count)
        )

    def _teaser(self) -> str:
        p, chance = self.prefix, self.chance
        title, line = chance.choice(self.teasers)
        link = f"{self.base}/news/{title.lower().replace(' ', '-')}-{self._token()}"
        return (
            f'<div class="{p}-card {p}-card--horizontal" data-id="{self._token()}" data-rank="{chance.randint(1, 40)}">'
            f'<a class="{p}-card__media" href="{link}" tabindex="-1" aria-hidden="true"><picture><source '
            f'type="image/webp" srcset="{self.base}/i/{self._token()}-320.webp 320w, {self.base}/i/{self._token()}'
            f'-640.webp 640w"><img loading="lazy" src="{self.base}/i/{self._token()}.jpg" alt="" width="320" '
            f'height="180"></picture></a><div class="{p}-card__text"><div class="{p}-card__inner {p}-stack"><h3 '
            f'class="{p}-card__title"><a href="{link}">{escape(title)}</a></h3><p '
            f'class="{p}-card__summary">{escape(line)}</p><span '
            f'class="{p}-card__time">{chance.randint(2, 23)} hours ago</span></div></div><svg class="{p}-icon" '
            f'viewBox="0 0 24 24"><path d="M{chance.randint(1, 9)} 12h{chance.randint(10, 20)}v2H4zM6.5 '
            f'{chance.randint(1, 20)}.25a.75.75 0 0 1 .75-.75h9.5a.75.75 0 0 1 0 1.5h-9.5z"></path></svg></div>'
        )

    def _share(self) -> str:
        names = ("Facebook", "WhatsApp", "Telegram", "E-mail", "Copy link")
        items = "".join(
            f'<li><button class="{self.prefix}-share__button" type="button" aria-label="Share: {name}" data-network="'
            f'{name.lower()}" data-id="{self._token()}"><span>{name}</span></button></li>'
            for name in names
        )
        return f'<ul class="{self.prefix}-share">{items}</ul>'

    def _advert(self) -> str:
        return (
            f'<div class="{self.prefix}-ad" id="div-gpt-{self._token()}" data-sizes="[[300,250],[728,90],[970,250]]" '
            'data-lazy="true"><small>Advertisement</small></div>'
        )


# --- the rig --------------------------------------------------------------------------------------------------------
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
            path, when = f"/news/{number // hosts}/{paper._token()}", FIRST + timedelta(seconds=number % 100_000)
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
        command = [sys.executable, __file__, "--serve", name, "--port", str(port), "--latency", str(latency)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            try:
                assert server.stdout is not None
                if server.stdout.readline().strip() != "ready":
                    raise SystemExit("the rig's server did not start")
                yield Rig(folder, server.pid, pages, hosts)
            finally:
                server.kill()


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
def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


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
    parser.add_argument("--serve", metavar="FOLDER", help=argparse.SUPPRESS)
    parser.add_argument("--be", nargs=3, metavar=("PART", "ADDRESSES", "OUT"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve(Path(options.serve), options.port, options.latency))
        return
    if options.be:
        PARTS[options.be[0]](options.be[1], options.be[2])
        return
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)  # what a run leaves behind is ours to wait for
    for what in options.what or MEASURES:
        MEASURES[what](options)


if __name__ == "__main__":
    main()
