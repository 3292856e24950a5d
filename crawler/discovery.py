"""A site's homepage, robots.txt and usual places -> its feeds and news sitemaps, as a Publisher.

In: bytes, and for `search` a function that fetches. crawler.homepages and `from_robots` read what a site says of its
feeds, `candidates` puts that and the usual places in order, `judge` tells by reading which of them is one, `search`
does all of it, one request after the other.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from w3lib.encoding import http_content_type_encoding

from crawler import feeds, homepages, sitemaps, urls
from crawler.homepages import Found, Link, is_of_comments
from crawler.publishers import Publisher
from crawler.tables import domain, language, one_line, usable

#: Paths at which sites have a feed or a news sitemap without saying so, in the order in which they are tried: what
#: publishing systems serve by default, and for sitemaps what was commonest among 185 newspapers (2026).
WELL_KNOWN = (
    ("feed", "/feed/"),  # WordPress
    ("feed", "/rss"),  # Ghost, Medium, many systems of newspapers
    ("feed", "/rss.xml"),  # Drupal, Joomla sites, Gatsby
    ("feed", "/feed.xml"),  # Jekyll
    ("feed", "/atom.xml"),  # Movable Type, Hexo
    ("feed", "/index.xml"),  # Hugo
    ("feed", "/feed.json"),  # https://www.jsonfeed.org/
    ("sitemap", "/sitemap-news.xml"),  # 30 of the 185
    ("sitemap", "/news-sitemap.xml"),  # Yoast and Rank Math for WordPress; 15
    ("sitemap", "/sitemaps/news.xml"),  # 7
    ("sitemap", "/sitemap_news.xml"),  # 4
    ("sitemap", "/news.xml"),  # 4
    ("sitemap", "/googlenews.xml"),  # 2
    ("sitemap", "/sitemap.xml"),  # an index that may list one for news
)

#: Where a candidate comes from, the site's own word first: a later group is asked only where the earlier ones gave no
#: feed (or no news sitemap), and of the usual places the first that is one is enough.
LINKED, ROBOTS, INDEX = "linked by the homepage", "named in robots.txt", "listed in a sitemap index"
VISIBLE, LISTED = "a link on the homepage", "listed on a page of feeds"
USUAL = "a usual place"
_GROUP = {LINKED: 0, ROBOTS: 0, INDEX: 0, VISIBLE: 1, LISTED: 1, USUAL: 2}

# What one site is asked for at the most, with a pause before each: papers link a feed for every section.
MAX_LINKED, MAX_SITEMAPS, MAX_VISIBLE, MAX_CHILDREN, MAX_TRIED = 8, 6, 4, 3, 30
#: A host that refuses so many requests in a row (no answer, 401, 403, 5xx) will refuse the next one too.
MAX_REFUSALS = 3
#: RFC 9309, 2.5: at least so much of a robots.txt is read.
_ROBOTS_BYTES = 512 * 1024
#: A feed that lists more than this share of what another one lists (Atom beside RSS) adds nothing.
_TWIN = 0.5

#: Entries that lead to a reader's comment below an article: WordPress, Blogger, Disqus.
_COMMENT = re.compile(r"#(?:comment|c\d|disqus)", re.IGNORECASE)
#: Only the order in which sitemaps are tried depends on it, and which of an index are.
_NEWS = re.compile(r"news|latest|recent|breaking|today|last-?\d|\b\d\d-?h|nachrichten|notici|actualit", re.IGNORECASE)
_SITEMAP_LINE = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)


class DiscoveryError(ValueError):
    """Nothing was found: one line that says where, what was tried, and why not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An address that may be a feed or a news sitemap."""

    kind: str  #: "feed" or "sitemap", as expected; reading it decides
    url: str
    source: str  #: LINKED, ROBOTS, …
    title: str | None = None
    index: str | None = None  #: the index of news sitemaps that this one is a sample of: it, not this, is what to poll


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came of a request."""

    url: str  #: after redirects
    status: int | None = None  #: None without an answer
    body: bytes = field(default=b"", repr=False)
    content_type: str | None = None
    error: str | None = None  #: why there is none, or none of use: "robots.txt", "timed out", "bot wall: HTTP 403"

    @property
    def problem(self) -> str | None:
        """Why the body is of no use; None where it is."""
        if self.status is None or self.error:
            return self.error or "no answer"
        return None if 200 <= self.status < 300 else f"HTTP {self.status}"

    @property
    def refused(self) -> bool:
        """Whether the host would rather not be asked. A missing page is no sign of it, nor is what was not asked for
        because of robots.txt."""
        if self.status is None:
            return self.error != "robots.txt"
        return self.status in (401, 403, 429) or self.status >= 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a candidate turned out to be."""

    kind: str | None = None  #: "feed" or "sitemap" to poll; None for anything else
    url: str = ""  #: what to poll
    outcome: str = ""  #: for a person: "40 entries", "HTTP 404"
    title: str | None = None
    language: str | None = None  #: ISO 639-1
    home: str | None = None  #: the page that a feed says it belongs to
    entries: frozenset[str] = frozenset()  #: their addresses, normalized
    further: tuple[Candidate, ...] = ()  #: what it leads to


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """A site's feeds and news sitemaps, each read once."""

    publisher: Publisher
    titles: Mapping[str, str]  #: of feeds, by address
    tried: tuple[tuple[Candidate, Verdict], ...]  #: in order


#: Fetches ("page", "robots", "feed" or "sitemap", address); never raises for what a network or a server does.
Fetch = Callable[[str, str], Awaitable[Fetched]]


def from_robots(body: bytes, url: str) -> tuple[str, ...]:
    """The addresses of a robots.txt's Sitemap lines, those named after news first. Raises nothing."""
    text = body[:_ROBOTS_BYTES].decode("utf-8-sig", "replace").replace("\r", "\n")
    found = (usable(url, match[1]) for match in _SITEMAP_LINE.finditer(text))
    return tuple(sorted(dict.fromkeys(address for address in found if address), key=lambda url: not _is_for_news(url)))


def candidates(found: Found, robots_sitemaps: Iterable[str], homepage: str) -> tuple[Candidate, ...]:
    """What to try for a site, each address once, in order of preference; at most 32."""
    rows = [Candidate(kind="feed", url=link.url, title=link.title, source=LINKED) for link in found.feeds[:MAX_LINKED]]
    rows += [Candidate(kind="sitemap", url=url, source=ROBOTS) for url in list(robots_sitemaps)[:MAX_SITEMAPS]]
    rows += [
        Candidate(kind="feed", url=link.url, title=link.title, source=VISIBLE) for link in found.links[:MAX_VISIBLE]
    ]
    rows += [Candidate(kind=kind, url=urls.resolve(homepage, path), source=USUAL) for kind, path in WELL_KNOWN]
    once: dict[str, Candidate] = {}
    for row in rows:
        once.setdefault(row.url, row)
    return tuple(once.values())


def is_worthwhile(candidate: Candidate, good: Iterable[tuple[Candidate, Verdict]]) -> bool:
    """Whether it is still worth a request, given what proved to be a feed or a news sitemap."""
    group = _GROUP[candidate.source]
    return all(
        verdict.kind != candidate.kind or (group <= _GROUP[other.source] and candidate.source != USUAL)
        for other, verdict in good
    )


def judge(candidate: Candidate, fetched: Fetched) -> Verdict:
    """What it is, by reading it: a feed with entries, a news sitemap, or what leads to one. Raises nothing.

    What robots.txt calls a sitemap is often a feed. Of a sitemap index those for news are worth a look; where the index
    itself is one of news, the newest of them stands for all.
    """
    if problem := fetched.problem:
        return Verdict(outcome=problem)
    url = candidate.url
    if urls.domain(fetched.url) == urls.domain(url):  # to another host a feed moves for a while (FeedBurner)
        url = usable(fetched.url, "") or url
    try:
        return _judge_feed(feeds.read(fetched.body, fetched.url, content_type=fetched.content_type), url, candidate)
    except feeds.FeedError as error:
        reason = error
    try:
        return _judge_sitemap(sitemaps.read(fetched.body, fetched.url, limit=1_000), url, candidate)
    except sitemaps.SitemapError:
        pass
    if candidate.source == VISIBLE:
        page = homepages.read(fetched.body, fetched.url)
        if listed := (*page.feeds, *page.links)[:MAX_LINKED]:
            return Verdict(
                outcome=f"a page that lists {len(listed)} feeds",
                further=tuple(Candidate(kind="feed", url=x.url, title=x.title, source=LISTED) for x in listed),
            )
    return Verdict(outcome=_shorter(str(reason)))


def _judge_feed(feed: feeds.Feed, url: str, candidate: Candidate) -> Verdict:
    entries = _identities(entry.url for entry in feed.entries)
    if not entries:
        return Verdict(outcome="a feed without entries")
    if is_of_comments(feed.title) or all(_COMMENT.search(entry.url) for entry in feed.entries):
        return Verdict(outcome="a feed of comments")
    return Verdict(
        kind="feed",
        url=url,
        outcome=_count(len(entries), "entry", "entries"),
        title=one_line(feed.title) or candidate.title,
        language=language(feed.language),
        home=usable(feed.home or "", ""),
        entries=entries,
    )


def _judge_sitemap(sitemap: sitemaps.Sitemap, url: str, candidate: Candidate) -> Verdict:
    if sitemap.is_news:
        return Verdict(
            kind="sitemap",
            url=candidate.index or url,
            outcome=_count(len(sitemap.entries) + sitemap.left_out, "news entry", "news entries"),
            entries=_identities(entry.url for entry in sitemap.entries),
        )
    children = [child.url for child in sitemap.sitemaps if usable(child.url, "") == child.url]
    if not children or candidate.index:
        return Verdict(outcome="a sitemap without news tags")
    if _is_for_news(url):
        further = [Candidate(kind="sitemap", url=children[0], source=INDEX, index=url)]
    else:
        named = [child for child in children if _is_for_news(child)][:MAX_CHILDREN]
        further = [Candidate(kind="sitemap", url=child, source=INDEX) for child in named]
    return Verdict(outcome=f"an index of {_count(len(children), 'sitemap', 'sitemaps')}", further=tuple(further))


def front_pages(where: str) -> tuple[str, ...]:
    """The addresses at which the homepage of a domain, host:port or URL may be, the likeliest first.

    Raises DiscoveryError for what is none of them.
    """
    text = where.strip()
    if "://" in text:
        addresses = [usable(text, "")]
    else:
        text = text.rstrip("/")
        # Behind a port of its own a server mostly speaks plain HTTP; https is what a newspaper has.
        schemes = ("http", "https") if re.search(r":\d+$", text) else ("https", "http")
        addresses = [usable(f"{scheme}://{text}/", "") for scheme in schemes]
        if "." in text and not text.startswith("www.") and not re.search(r":|\d$", text):
            addresses.insert(1, usable(f"https://www.{text}/", ""))
    usable_ones = tuple(address for address in addresses if address and domain(address))
    if not usable_ones:
        raise DiscoveryError(
            f"{where}: no domain, want one such as example.com, localhost:8000 or https://example.com/"
        )
    return usable_ones


async def search(where: str, fetch: Fetch) -> Discovery:
    """Find the feeds and news sitemaps of the site at `where`: a domain, host:port or the homepage's URL.

    Asks for one thing at a time: the homepage, robots.txt, then what they and the usual places offer, at most 30 more.
    Reading is done in a thread. Raises DiscoveryError where the site does not answer or has none.
    """
    home, found, named = await _arrive(where, fetch)
    waiting = deque(candidates(found, named, home))
    tried: dict[str, tuple[Candidate, Verdict]] = {}
    good: list[tuple[Candidate, Verdict]] = []
    refusals: dict[str, int] = {}
    while waiting and len(tried) < MAX_TRIED:
        candidate = waiting.popleft()
        host = urls.host(candidate.url)
        if candidate.url in tried or refusals.get(host, 0) >= MAX_REFUSALS or not is_worthwhile(candidate, good):
            continue
        fetched = await fetch(candidate.kind, candidate.url)
        # 429 and 503 ask for patience: there is no second try within a search.
        refusals[host] = MAX_REFUSALS if fetched.status in (429, 503) else (refusals.get(host, 0) + 1) * fetched.refused
        verdict = _unless_twin(await asyncio.to_thread(judge, candidate, fetched), good)
        tried[candidate.url] = candidate, verdict
        waiting.extendleft(reversed(verdict.further))
        if verdict.kind:
            good.append((candidate, verdict))
    key = domain(home) or ""
    if not good:
        raise DiscoveryError(f"{key}: no feed and no news sitemap found: {_summary(tried.values())}")
    titles = [verdict.title for _, verdict in good if verdict.title]
    polled = {
        kind: tuple(dict.fromkeys(v.url for _, v in good if v.kind == kind and v.url)) for kind in ("feed", "sitemap")
    }
    asked = domain(front_pages(where)[0]) or ""
    return Discovery(
        publisher=Publisher(
            # A homepage that moved to a subdomain is still the publisher that was asked for.
            domain=asked if key.endswith(f".{asked}") else key,
            name=found.name or next(iter(titles), key),
            language=found.language or next((v.language for _, v in good if v.language), None),
            homepage=home,
            feeds=polled["feed"],
            news_sitemaps=polled["sitemap"],
        ),
        titles={verdict.url: verdict.title for _, verdict in good if verdict.title},
        tried=tuple(tried.values()),
    )


async def _arrive(where: str, fetch: Fetch) -> tuple[str, Found, tuple[str, ...]]:
    """The homepage's address after redirects, or as the feed at `where` names it, what it says, and the sitemaps of
    robots.txt; says nothing where the site answers, but not with its homepage."""
    answered: tuple[str, Found, tuple[str, ...]] | None = None
    problem = ""
    for url in front_pages(where):
        # First, since it tells best why a host cannot be had; unreachable, it forbids all else (RFC 9309, 2.3.1.4).
        robots = await fetch("robots", urls.resolve(url, "/robots.txt"))
        if robots.status is None:
            problem = problem or f"does not answer: {robots.problem}"
            continue
        if robots.status == 429 or robots.status >= 500:
            problem = problem or f"may not be asked now: robots.txt: {robots.problem}"
            continue
        fetched = await fetch("page", url)
        if fetched.problem:
            answered = answered or (url, Found(), _named(robots))
            continue
        charset = http_content_type_encoding(fetched.content_type)
        found = await asyncio.to_thread(homepages.read, fetched.body, fetched.url, charset)
        home = usable(fetched.url, "") or url
        itself = await asyncio.to_thread(judge, Candidate(kind="feed", url=url, source=LINKED), fetched)
        if itself.kind == "feed":  # a person gave the feed's address for the site's
            home, found = itself.home or urls.resolve(url, "/"), Found(feeds=(Link(url=itself.url),))
        if urls.host(home) != urls.host(url):
            robots = await fetch("robots", urls.resolve(home, "/robots.txt"))
        return home, found, _named(robots)
    if answered is None:
        raise DiscoveryError(f"{where}: {problem}")
    return answered


def _named(robots: Fetched) -> tuple[str, ...]:
    return () if robots.problem else from_robots(robots.body, robots.url)


def _unless_twin(verdict: Verdict, good: Iterable[tuple[Candidate, Verdict]]) -> Verdict:
    """A feed (or sitemap) that lists what an earlier one lists is not worth polling."""
    for _, other in good:
        if verdict.kind == other.kind and verdict.url != other.url:
            shared = len(verdict.entries & other.entries)
            if shared > _TWIN * len(verdict.entries):
                return Verdict(outcome=f"{shared} of {len(verdict.entries)} entries are in {other.url} too")
    return verdict


def _identities(addresses: Iterable[str]) -> frozenset[str]:
    """What is listed, an AMP twin as the page itself; what is no web address is left out."""
    found = set()
    for url in addresses:
        with suppress(urls.InvalidURL):
            found.add(urls.normalize(url))
    return frozenset(found)


def _is_for_news(url: str) -> bool:
    return bool(_NEWS.search(urlsplit(url).path))


def _summary(tried: Iterable[tuple[Candidate, Verdict]]) -> str:
    outcomes = Counter(verdict.outcome for _, verdict in tried)
    counted = ", ".join(f"{outcome} ({count})" for outcome, count in outcomes.most_common())
    return f"{_count(outcomes.total(), 'address', 'addresses')} tried: {counted}"


def _shorter(message: str) -> str:
    """What was got, from an error that also says where and what was wanted."""
    match = re.search(r"(?:got|: )\s*(an? (?:HTML page|sitemap(?: index)?))", message)
    return match[1] if match else "not a feed"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
