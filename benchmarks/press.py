"""Invented papers for `benchmarks/crawl.py`: prose in the markup of newsrooms, a third of it copies of an agency's."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any

FIRST = datetime(2026, 7, 14, 6, tzinfo=UTC)  #: when the first page was published

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

    def token(self) -> str:
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
                    f'{{"slot":"/{self.token()}/{chance.choice(NOUNS)}","size":[{chance.randint(100, 970)},250],'
                    f'"on":function(a){{return a<{chance.randint(2, 9)}&&document.query("#{self.token()}")}}}});'
                )
            parts.append(f"<script>{''.join(calls)}</script>")
            parts.append(f'<script async src="https://cdn.example/{self.token()}/{chance.choice(NOUNS)}.js"></script>')
        return "".join(parts)

    def _links(self, count: int, place: str) -> str:
        p, chance = self.prefix, self.chance
        return "".join(
            f'<li class="{p}-{place}__item {p}-{place}__item--level-{number % 3}" data-track="{self.token()}"><a '
            f'class="{p}-{place}__link" href="{self.base}/section/{chance.choice(NOUNS)}/{chance.choice(NOUNS)}/" '
            f'data-action="click" data-label="{chance.choice(NOUNS)}">{chance.choice(NOUNS).capitalize()}</a></li>'
            for number in range(count)
        )

    def _teaser(self) -> str:
        p, chance = self.prefix, self.chance
        title, line = chance.choice(self.teasers)
        link = f"{self.base}/news/{title.lower().replace(' ', '-')}-{self.token()}"
        return (
            f'<div class="{p}-card {p}-card--horizontal" data-id="{self.token()}" data-rank="{chance.randint(1, 40)}">'
            f'<a class="{p}-card__media" href="{link}" tabindex="-1" aria-hidden="true"><picture><source '
            f'type="image/webp" srcset="{self.base}/i/{self.token()}-320.webp 320w, {self.base}/i/{self.token()}'
            f'-640.webp 640w"><img loading="lazy" src="{self.base}/i/{self.token()}.jpg" alt="" width="320" '
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
            f'{name.lower()}" data-id="{self.token()}"><span>{name}</span></button></li>'
            for name in names
        )
        return f'<ul class="{self.prefix}-share">{items}</ul>'

    def _advert(self) -> str:
        return (
            f'<div class="{self.prefix}-ad" id="div-gpt-{self.token()}" data-sizes="[[300,250],[728,90],[970,250]]" '
            'data-lazy="true"><small>Advertisement</small></div>'
        )
