"""What is known of a feed's polls -> what a person should know: gone, blocked, failing, silent, moved. What was found
on a publisher's latest pages -> which fields broke, against its own past."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import comb
from typing import Any

from crawler import polling

#: So many failed polls in a row are no passing fault: at the default intervals, over an hour.
FAILURES_MAX = 3
#: How the error of a poll begins that met a bot wall (spiders/news.py).
BLOCKED = "bot wall"

#: The latest pages are compared with those before, in both sizes: the first tells a break soon, the second one of a
#: field that half of the pages have.
LATEST = (10, 20)
EARLIER_MIN, EARLIER_MAX = 10, 200
#: A field breaks where no more than half as many pages have it, and where so few would by chance in one of 10,000
#: looks, were they like those before. A run of agency copy without authors is no break where there was one before.
CHANCE = 1e-4
#: A body is of the usual length between a third and three times the median.
LENGTHS = 3.0
#: A headline that so many pages have is the site's name, or its section's.
SAME_HEADLINES = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing to know of a feed, or of a publisher's pages."""

    #: of a feed: gone, blocked, failing, silent, moved, moving, refused; of pages: a field of FIELDS and "_coverage"
    name: str
    text: str  #: for a person
    needs_a_person: bool


def marks(feed: Mapping[str, Any], now: datetime) -> list[Mark]:
    """What stands out of a row of `feeds`, worst first."""
    found = []
    error = feed["error"] or ""
    if feed["stopped_at"] is not None:
        found.append(Mark("gone", f"gone since {feed['stopped_at']:%Y-%m-%d}: it answered 410", True))
    elif error.startswith(BLOCKED):
        found.append(Mark("blocked", error, True))
    elif feed["failures"] >= FAILURES_MAX:
        found.append(Mark("failing", f"{feed['failures']} polls failed in a row: {error}", True))
    elif error and feed["kind"] == "homepage" and feed["succeeded_at"] is None:
        found.append(Mark("failing", f"nothing of it is polled: {error}", True))  # until the next look, days later
    if not error and polling.silent(now, feed["changed_at"], feed["rhythm_minutes"]):
        found.append(Mark("silent", f"silent since {feed['changed_at']:%Y-%m-%d %H:%M} UTC", True))
    if feed["location"]:
        found.append(Mark("moved", f"moved to {feed['location']}: write that into publishers.toml", False))
    elif feed["moving_to"]:
        found.append(Mark("moving", f"moving to {feed['moving_to']} ({feed['moving_polls']} polls)", False))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found on a page. None: it is not known, since the page was dropped for the want of something else."""

    headline: str | None = None  #: "" where there was none
    body: int | None = None  #: its words
    date: str | None = None  #: its source, one of crawler.dates.SOURCES, "" for no date
    authors: int | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """On which share of a publisher's latest pages a field was found as it usually is, and on which before."""

    field: str  #: one of FIELDS
    pages: int
    latest: float  #: 0 to 1
    earlier_pages: int
    earlier: float  #: 0 to 1
    is_broken: bool

    @property
    def mark(self) -> Mark:
        """For a person, where it is broken."""
        share, before = (round(100 * number) for number in (self.latest, self.earlier))
        return Mark(
            f"{self.field}_coverage",
            f"{_NAMES[self.field]} on {share} % of the last {self.pages} pages, {before} % of the "
            f"{self.earlier_pages} before: did its pages change?",
            True,
        )


def coverage(pages: Sequence[Found]) -> list[Coverage]:
    """How each field does on the latest of these pages, which come latest first; nothing of too few."""
    found = []
    for field, read in FIELDS.items():
        known = [value for page in pages if (value := getattr(page, field)) is not None]
        looks = [
            _compare(field, read(known[: size + EARLIER_MAX], size), size)
            for size in LATEST
            if len(known) >= size + EARLIER_MIN
        ]
        found += [look for look in looks if look.is_broken][:1] or looks[:1]
    return found


def _compare(field: str, has: Sequence[bool], size: int) -> Coverage:
    latest, earlier = has[:size], has[size:]
    share, before = sum(latest) / size, sum(earlier) / len(earlier)
    # One page more with the field and one without: what never failed so far may fail once.
    expected = (sum(earlier) + 1) / (len(earlier) + 2)
    by_chance = sum(comb(size, k) * expected**k * (1 - expected) ** (size - k) for k in range(sum(latest) + 1))
    spans = [sum(earlier[start : start + size]) / size for start in range(len(earlier) - size + 1)]
    is_broken = share <= expected / 2 and by_chance < CHANCE and share < min(spans, default=1.0)
    return Coverage(field, size, share, len(earlier), before, is_broken)


def _headlines(headlines: Sequence[str], size: int) -> list[bool]:
    times = Counter(headlines)
    return [bool(headline) and times[headline] < SAME_HEADLINES for headline in headlines]


def _lengths(words: Sequence[int], size: int) -> list[bool]:
    usual = statistics.median(words[size:])
    return [usual / LENGTHS <= count <= usual * LENGTHS for count in words]


def _dates(sources: Sequence[str], size: int) -> list[bool]:
    """Whether a date comes from as near to the page as it usually does."""
    ranks = [_rank(source) for source in sources]
    usual = statistics.median_high(ranks[size:])
    return [rank <= usual and source != "" for rank, source in zip(ranks, sources, strict=True)]


def _rank(source: str) -> int:
    """0 for the page's markup, 1 for its text or address, 2 for its feed, 3 for no date."""
    if source.startswith(("url", "inferred")):
        return 1
    return 3 if not source else 2 if source.startswith("feed") else 0


def _authors(counts: Iterable[int], size: int) -> list[bool]:
    return [count > 0 for count in counts]


#: The fields of Found that are watched -> on which of the pages, whose `size` first are the latest, each is as usual.
FIELDS: Mapping[str, Callable[[Any, int], list[bool]]] = {
    "headline": _headlines,
    "body": _lengths,
    "date": _dates,
    "authors": _authors,
}
_NAMES = {
    "headline": "a headline of its own",
    "body": "a body of the usual length",
    "date": "a date from the usual place",
    "authors": "authors",
}
