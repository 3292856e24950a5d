"""The decision: is this article a copy of a text already seen, and of which story? Articles in, `items.Copy` out.

Same story = the same text lineage: copies, cuts, extensions and updates of one text. Independent reports of one event,
follow-ups that print old paragraphs as background, and other issues of a template are other stories.
docs/deduplication.md says how the decision is made, what was measured and where it fails.

Plain: no clock, no store. Two articles are compared the same way from either side, and the answer does not depend on
the order of the candidates.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crawler.items import Copy
from crawler.similarity import FACTS_MAX, SHINGLE_BITS, Fingerprint, Sketch, among, figure, overlap

CANDIDATES_MAX: Final = 64  #: candidates that a look-up hands over at most, those with the most shared bands
JOIN: Final = 0.6  #: probability from which an article joins another's story: a false join is worse than a miss
MERGE: Final = 0.9  #: and from which two stories may become one
ALONE: Final = 0.4  #: that a second article needs where one of the two stories is a single candidate
MERGE_SHARE: Final = 0.5  #: of each other's own words, or of each other's opening, that the texts then print
ALSO_SHARE: Final = 0.15  #: of an article's own words, from which it is said to print part of another story
OPENING_WORDS: Final = 100
TOP_WORDS: Final = 150  #: in which an update has its new text: below what is kept of the old lead, or before all of it
TOP_KEPT: Final = 0.7  #: of the first OPENING_WORDS, from which there is no new lead
NEW_WORDS: Final = 30  #: in one run, that make a new lead below some words of the old one
HEAD_WORDS: Final = 60  #: before the first old word, that make one; a local opening over the old text is shorter
TEXT_MIN_WORDS: Final = 12  #: a shorter text ("Watch live") is no copy of another
SCATTER_SHARE: Final = 0.2  #: of own words shared, below which runs are not looked for: nothing there joins
QUOTED_WEIGHT: Final = 0.1  #: of a shingle in quotation marks: not 0, so that a text of nothing else can be told
CANONICAL_WITHIN: Final = timedelta(hours=6)  #: of a story's first publication

#: Weights of `Evidence.terms` in log odds, fitted to pairs of benchmarks dedup and pairs (November 2026) by
#: `benchmarks/stories.py DATA --fit`, which prints them.
WEIGHTS: Final[Mapping[str, float]] = {
    "inside": 6.97,
    "both": 2.49,
    "log facts": 5.67,
    "opening": 2.32,
    "scattered": 4.46,
}
BIAS: Final = -3.04
#: One paper does not syndicate to itself. Between its own articles only the lesser share counts, figures and names
#: weigh so many times as much (its weather page changes little else from day to day), and the odds are lower to begin
#: with. Not fitted: chosen among nine combinations (docs/deduplication.md).
HOUSE_FACTS: Final = 3.0
HOUSE_BIAS: Final = -1.0
#: Of two texts that were published so far apart and each name their own day, the odds are lower to begin with: they
#: are issues of a template. Not fitted: at -5 days of draws, earthquakes, weather and prices of gold part that were
#: joined, and .0005 of the pairs of benchmark dedup.
ANOTHER_DAY: Final = timedelta(hours=20)
DATED_BIAS: Final = -5.0
#: Where the texts agree all over, but not in half of their figures and names, the odds are lower to begin with: no desk
#: changes so many, and a template has little else that is its issue's own. Not fitted: benchmark dedup loses no copy by
#: it, and a third of its false joins.
ISSUE_FACTS: Final = 0.5
ISSUE_SCATTER: Final = 0.3
ISSUE_BIAS: Final = -3.0
#: Where all that is shared is one block, the lesser share of it is below PART_SHARE and nothing of it opens the longer
#: text, that one may be a round-up or made of two wires. Two texts that stand in it have nothing else in common, and
#: would be one story by it. Not fitted: benchmark dedup and the labelled pairs lose none of their copies by it.
PART_SHARE: Final = 0.35
PART_REST: Final = 0.05  #: of `opening` and `scattered`: one shingle of a sample is chance
PART_BIAS: Final = -6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """An article that is to be decided."""

    publisher: str
    date_published: datetime | None  #: UTC
    fingerprint: Fingerprint
    #: where `date_published` is a day without a time, `latest` of it; of an update of its own first text, since when
    date_latest: datetime | None = None
    is_agency: bool = False  #: the publisher is the agency itself
    url: str = ""

    def as_candidate(self, article_id: int, story_id: int) -> Candidate:
        """The same, decided."""
        return Candidate(
            article_id=article_id,
            story_id=story_id,
            publisher=self.publisher,
            date_published=self.date_published,
            fingerprint=self.fingerprint,
            date_latest=self.date_latest,
            is_agency=self.is_agency,
            url=self.url,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate(Text):
    """An article that was decided before."""

    article_id: int
    story_id: int
    is_update: bool = False  #: of its own first text, since `date_latest`: it has other facts or another lead


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evidence:
    """What an article and a candidate have in common. Shares are 0 to 1, and the same from either side.

    Own words are those outside quotation marks, tweets and gallery captions. A shingle that n stories print, or that is
    printed on n days, counts 1/n: templates, boilerplate and background paragraphs weigh little.
    """

    article_id: int
    story_id: int
    inside: float  #: share of one article's own words that the other prints, whichever share is greater
    both: float  #: geometric mean of the two shares
    facts: float  #: share of the figures and names of the one with fewer that the other has; .5 if there are none
    opening: float  #: share of the first words that the other prints anywhere, whichever share is smaller
    scattered: float  #: inside, times the chance that two shared shingles stand in different runs: 0 for a single block
    house: bool  #: both are of one publisher
    dated: bool  #: they are of different days, and each names its own and not the other's, as issues of a template do
    part: bool  #: what is shared is one block, a lesser part of the longer text and not its opening, as of a round-up
    printed: NDArray[np.float64]  #: for each of the article's shingles, if the candidate prints it, its share / n

    @property
    def lesser(self) -> float:
        """The lesser of the two shares of own words."""
        return self.both**2 / self.inside if self.inside else 0.0

    @property
    def issue(self) -> bool:
        """Whether they look like issues of one template: alike all over but for most of the figures and names."""
        return self.facts < ISSUE_FACTS and self.scattered >= ISSUE_SCATTER

    @property
    def share(self) -> float:
        """How much of the article the candidate prints."""
        return round(float(self.printed.sum()), 9)

    @property
    def probability(self) -> float:
        """That both print one text, by the fitted model."""
        bias = BIAS + HOUSE_BIAS * self.house + DATED_BIAS * self.dated + PART_BIAS * self.part
        bias += ISSUE_BIAS * self.issue
        return 1 / (1 + math.exp(-bias - sum(WEIGHTS[name] * value for name, value in self.terms().items())))

    def terms(self) -> dict[str, float]:
        """What the model adds up, under the names of WEIGHTS."""
        if self.house:
            return {
                "inside": self.lesser,
                "both": self.lesser,
                "log facts": HOUSE_FACTS * math.log(self.facts),
                "opening": self.opening,
                "scattered": self.scattered * self.lesser / self.inside if self.inside else 0.0,
            }
        return {
            "inside": self.inside,
            "both": self.both,
            "log facts": math.log(self.facts),
            "opening": self.opening,
            "scattered": self.scattered,
        }

    def __str__(self) -> str:
        return (
            f"article {self.article_id}: own words shared {self.inside:.0%} of the one and {self.lesser:.0%} of the "
            f"other, figures and names {self.facts:.0%}, opening {self.opening:.0%}, scattered {self.scattered:.0%}"
            f"{', of the same publisher' if self.house else ''}{', each of a day of its own' if self.dated else ''}"
            f"{', one block that is no opening' if self.part else ''}"
            f"{', like issues of one template' if self.issue else ''}; probability {self.probability:.2f}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An article's place in its story, measured against the canonical copy; the numbers are None in a story of one."""

    relation: str | None
    resemblance: float | None
    containment: float | None
    contains: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """A story after a change: which copy stands for it, and each article's place."""

    canonical_id: int
    original_id: int  #: the first published
    places: Mapping[int, Place]  #: by article id


# ------------------------------------------------------------------------------------------------------- the decision
def decide(article: Text, candidates: Sequence[Candidate], *, is_bounded: bool = False) -> Copy:
    """The article's place among the candidates: articles that share a band with it.

    `is_bounded` says that the look-up left some out; the evidence then says so.

    `story_id` is None if no candidate prints the same text: the article founds a story. Relation and numbers are
    measured against the canonical copy among the candidates of its story. A candidate of the article's own URL is left
    out, an article being no copy of itself, and so is one of fewer than TEXT_MIN_WORDS.
    """
    others = [
        candidate
        for candidate in candidates
        if candidate.fingerprint.sketch.words >= TEXT_MIN_WORDS and (not article.url or candidate.url != article.url)
    ]
    if article.fingerprint.sketch.words < TEXT_MIN_WORDS:
        return Copy(story_id=None, evidence="its own text; too short to tell")
    if not others:
        return Copy(story_id=None, evidence="its own text; no other shares enough of it to be compared")
    evidences = compare(article, others)
    by_id = {candidate.article_id: candidate for candidate in others}

    def order(evidence: Evidence) -> tuple[float, tuple[datetime, str], int]:
        return -round(evidence.probability, 9), _when(by_id[evidence.article_id]), evidence.article_id

    likely = [evidence for evidence in evidences if evidence.probability >= JOIN]
    best = min(likely or evidences, key=order)
    if sum(evidence.story_id == best.story_id for evidence in evidences) == 1:
        # A flash, say: the update prints all of that, and more of the text before it. The flash may follow it later.
        more = [evidence for evidence in likely if evidence.share > best.share]
        best = min(more, key=order, default=best)
    bounded = f"; compared with the {len(others)} nearest only" if is_bounded else ""
    if best.probability < JOIN:
        also = _also(evidences, [])
        return Copy(story_id=None, also_story_ids=also, evidence=f"its own text; nearest {best}{bounded}")
    story = [candidate for candidate in others if candidate.story_id == best.story_id]
    merges = _merges(evidences, others, best.story_id)
    canonical = _canonical(sorted(story, key=_when)).fingerprint
    resembles, inside, contains = overlap(article.fingerprint, canonical)
    return Copy(
        story_id=best.story_id,
        relation=_relation(article.fingerprint, canonical, inside, contains),
        resemblance=resembles,
        containment=inside,
        contains=contains,
        also_story_ids=_also(evidences, [best.story_id, *merges]),
        merges=merges,
        evidence=f"{best}{bounded}",
    ).under_oldest()


def _merges(evidences: Sequence[Evidence], candidates: Sequence[Candidate], story_id: int) -> tuple[int, ...]:
    """Stories that are one with the one the article joins.

    One article may bridge two stories because it was made of both. So the article, and another of the story that it
    joins, each have to bridge to an article of the other story. A candidate that stands alone in its story would join
    if it came after this article instead of before it; it does so now, if another of the story is like it as well.
    """
    found = []
    ours = [candidate for candidate in candidates if candidate.story_id == story_id]
    for other in sorted({evidence.story_id for evidence in evidences} - {story_id}):
        theirs = [candidate for candidate in candidates if candidate.story_id == other]
        is_alone = len(theirs) == 1
        least = JOIN if is_alone else MERGE
        if not any(_bridges(evidence, least) for evidence in evidences if evidence.story_id == other):
            continue
        seconds = (evidence for candidate in theirs for evidence in compare(candidate, ours))
        if any(second.probability >= ALONE if is_alone else _bridges(second, least) for second in seconds):
            found.append(other)
    return tuple(found)


def _bridges(evidence: Evidence, least: float) -> bool:
    """Each prints half of the other, or both begin alike: an article made of two wires does neither with the second."""
    return evidence.probability >= least and max(evidence.lesser, evidence.opening) >= MERGE_SHARE


def _also(evidences: Sequence[Evidence], mine: Sequence[int]) -> tuple[int, ...]:
    """Other stories that the article prints part of: own words that stand in none of its own stories."""
    elsewhere = [evidence for evidence in evidences if evidence.story_id not in mine]
    free = ~np.any([evidence.printed > 0 for evidence in evidences if evidence.story_id in mine], axis=0)
    parts: dict[int, NDArray[np.float64]] = {}
    for evidence in elsewhere:
        part = parts.get(evidence.story_id)
        parts[evidence.story_id] = evidence.printed if part is None else np.maximum(part, evidence.printed)
    return tuple(sorted(story for story, part in parts.items() if float((part * free).sum()) >= ALSO_SHARE))


# ----------------------------------------------------------------------------------------------- two articles compared
def compare(article: Text, candidates: Sequence[Candidate]) -> list[Evidence]:
    """The evidence for each candidate, in their order."""
    if not candidates:
        return []
    mine, sketches = article.fingerprint.sketch, [candidate.fingerprint.sketch for candidate in candidates]
    sizes = np.array([len(sketch.shingles) for sketch in sketches])
    ends = np.cumsum(sizes)
    owner = np.repeat(np.arange(len(sketches)), sizes)
    theirs = np.concatenate([sketch.shingles for sketch in sketches])
    quoted = np.concatenate([sketch.quoted for sketch in sketches])
    place_of = np.arange(len(theirs)) - (ends - sizes)[owner]

    # Where a shingle of theirs stands among mine, if it does.
    order = np.argsort(mine.shingles)
    ranks = np.minimum(mine.shingles.searchsorted(theirs, sorter=order), max(0, len(order) - 1))
    shared = mine.shingles[order[ranks]] == theirs if len(order) else np.zeros(len(theirs), dtype=bool)
    prints = np.zeros((len(candidates), len(mine.shingles)), dtype=bool)
    prints[owner[shared], order[ranks[shared]]] = True

    # In how many stories and on how many days a shingle is printed, as far as the candidates know: they are at hand,
    # and they are what is like this article.
    their_weight, my_own = _own(quoted), _own(mine.quoted)
    my_weight = my_own
    groups = [group for group in ([c.story_id for c in candidates], [_day(c) for c in candidates]) if len({*group}) > 1]
    if groups and len(theirs):  # the candidates of one story and day print each shingle once: the most have no others
        distinct, position = np.unique(theirs, return_inverse=True)
        printed = np.max([_distinct(position, _numbered(group)[owner], len(distinct)) for group in groups], axis=0)
        their_weight /= printed[position]
        place = np.minimum(distinct.searchsorted(mine.shingles), len(distinct) - 1)
        my_weight = my_own / np.where(distinct[place] == mine.shingles, printed[place], 1)

    # Below the coarser of two levels nothing was left out of either sample; only there are shares taken.
    limits = 1 << (SHINGLE_BITS - np.maximum(mine.level, np.array([sketch.level for sketch in sketches])))
    my_part, their_part = mine.shingles < limits[:, None], theirs < limits[owner]
    my_lead = _lead(np.arange(len(mine.shingles)), np.array(mine.words), np.array(len(mine.shingles)))
    their_lead = _lead(place_of, np.array([sketch.words for sketch in sketches])[owner], sizes[owner])

    def their_share(weight: NDArray[np.float64]) -> NDArray[np.float64]:
        part, whole = (np.bincount(owner, weight * chosen, len(sizes)) for chosen in (shared, their_part))
        return _share(part.astype(float), whole.astype(float))

    facts = [mine.figures.tolist(), mine.names.tolist()]
    my_whole = my_part @ my_own
    my_side, their_side = my_part & ~mine.quoted, their_part & ~quoted

    def scatter(i: int) -> float:
        """Of the side where the runs are the more: a paragraph may be new within what the other prints as one."""
        own = slice(ends[i] - sizes[i], ends[i])
        return max(_runs(prints[i][my_side[i]]), _runs(shared[own][their_side[own]]))

    my_share, their_shares = _share(prints @ my_weight, my_part @ my_weight), their_share(their_weight)
    inside, lesser = np.maximum(my_share, their_shares), np.minimum(my_share, their_shares)
    opening = np.minimum(_share(prints @ my_lead, my_part @ my_lead), their_share(their_lead))
    scattered = [float(inside[i]) * scatter(i) if inside[i] >= SCATTER_SHARE else 0.0 for i in range(len(candidates))]
    part = (lesser < PART_SHARE) & (opening < PART_REST) & (np.array(scattered) < PART_REST)
    return [
        Evidence(
            article_id=candidate.article_id,
            story_id=candidate.story_id,
            inside=float(inside[i]),
            both=math.sqrt(inside[i] * lesser[i]),
            facts=_agreement(facts, sketches[i]),
            opening=float(opening[i]),
            scattered=scattered[i],
            dated=_are_dated(article, candidate),
            part=bool(part[i]),
            house=bool(article.publisher) and candidate.publisher == article.publisher,
            printed=prints[i] * my_weight / (my_whole[i] + 1),
        )
        for i, candidate in enumerate(candidates)
    ]


def _are_dated(article: Text, candidate: Text) -> bool:
    """Whether they are of different days, and each names its own and not the other's."""
    one, other = article.date_published, candidate.date_published
    if one is None or other is None or abs(one - other) < ANOTHER_DAY:
        return False
    mine, theirs = (side.fingerprint.sketch.figures.tolist() for side in (article, candidate))
    return _names(one, mine, theirs) and _names(other, theirs, mine)


def _names(day: datetime, figures: list[int], others: list[int]) -> bool:
    """Whether a text's figures hold the number of a day, of the one before or after, that another's do not."""
    if len(others) == FACTS_MAX:
        return False  # a sample: what is not in it may be in the text
    days = {(day + timedelta(days=days)).day for days in (-1, 0, 1)}
    numbers = {figure(form) for number in days for form in (str(number), f"{number:02}")}
    return any(number in figures and number not in others for number in numbers)


def _own(quoted: NDArray[np.bool_]) -> NDArray[np.float64]:
    return np.where(quoted, QUOTED_WEIGHT, 1.0)


def _share(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """part / whole, with one shingle more in the whole: three out of three say less than sixty out of sixty."""
    return part / (whole + 1)


def _distinct(items: NDArray[np.int64], groups: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """For each of `size` items, in how many distinct groups it stands; both are numbers from 0 on."""
    count = int(groups.max(initial=0)) + 1
    pairs = items * count + groups
    pairs.sort()
    first = np.ones(len(pairs), dtype=bool)
    np.not_equal(pairs[1:], pairs[:-1], out=first[1:])
    return np.bincount(pairs[first] // count, minlength=size)


def _numbered(values: Sequence[int]) -> NDArray[np.int64]:
    """Equal values as equal numbers, from 0 on."""
    numbers: dict[int, int] = {}
    return np.array([numbers.setdefault(value, len(numbers)) for value in values])


def _edges(flags: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Where runs of true flags begin and end, by turns: numpy's `diff` with its padding takes five times as long."""
    padded = np.zeros(len(flags) + 2, dtype=bool)
    padded[1:-1] = flags
    edges: NDArray[np.int64] = np.flatnonzero(padded[1:] != padded[:-1])
    return edges


def _runs(shared: NDArray[np.bool_]) -> float:
    """The chance that two shared shingles stand in different runs (Simpson's index); a gap of one ends no run."""
    closed = shared.copy()
    closed[1:-1] |= shared[:-2] & shared[2:]
    edges = _edges(closed)
    parts = (edges[1::2] - edges[::2]) / max(1, int(np.count_nonzero(closed)))
    return 1 - float(parts @ parts) if len(parts) else 0.0


def _lead(place: NDArray[np.int64], words: NDArray[np.int64], size: NDArray[np.int64]) -> NDArray[np.float64]:
    """1.0 for each shingle of a sample that begins in the text's OPENING_WORDS, by its place in the sample."""
    return (place * np.maximum(words, 1) < OPENING_WORDS * size).astype(float)


def _agreement(mine: Sequence[list[int]], theirs: Sketch) -> float:
    """Share of the figures and names of the side with fewer that the other has: (n + 1) / (m + 2)."""
    agreed = fewer = 0
    for own, part in zip(mine, (theirs.figures, theirs.names), strict=True):
        one, other = _whole(own, part.tolist())
        agreed += len({*one}.intersection(other))
        fewer += min(len(one), len(other))
    return (agreed + 1) / (fewer + 2)


def _whole(*parts: list[int]) -> list[list[int]]:
    """The facts of each side, as far as neither left any out: a sketch keeps the FACTS_MAX smallest, sorted. Lists:
    arrays so short take five times as long."""
    limit = min((part[-1] for part in parts if len(part) == FACTS_MAX), default=0xFFFF)
    return [part[: bisect_right(part, limit)] for part in parts]


def _day(text: Text) -> int:
    return text.date_published.toordinal() if text.date_published else 0


# --------------------------------------------------------------------------------------------------- the story's order
def arrange(copies: Sequence[Candidate]) -> Arrangement:
    """The story's canonical copy, and each copy's place. `copies`: all of the story, at least one."""
    ordered = sorted(copies, key=lambda copy: (_when(copy), copy.article_id))
    first, canonical = ordered[0], _canonical(ordered)
    places = {}
    for copy in ordered:
        numbers: tuple[float, float, float] | None = None
        relation = None
        if len(ordered) > 1:
            numbers = overlap(copy.fingerprint, canonical.fingerprint)
            relation = "original"
            if copy is not first:
                relation = _relation(copy.fingerprint, canonical.fingerprint, *numbers[1:])
        # Known from its own first text, better than from the copies that others made of that.
        if copy.is_update and (copy is first or copy is canonical or not canonical.is_update):
            relation = "update"
        places[copy.article_id] = Place(
            relation=relation,
            resemblance=numbers and numbers[0],
            containment=numbers and numbers[1],
            contains=numbers and numbers[2],
        )
    return Arrangement(canonical_id=canonical.article_id, original_id=first.article_id, places=places)


def latest(day: datetime, crawled: datetime | None) -> datetime:
    """When a text of that day was published at the latest: by the end of the day (UTC), and before it was crawled.

    `day` is 00:00 UTC of a day whose time is not known. A copy of the same day that has a time, or was read earlier,
    then goes before it.
    """
    end = min(day, datetime.max.replace(tzinfo=UTC) - timedelta(days=1)) + timedelta(days=1)
    return end if crawled is None or crawled < day else min(end, crawled)


def _canonical(ordered: Sequence[Candidate]) -> Candidate:
    """The agency's own page, else the fullest of the copies within CANONICAL_WITHIN of the first, else the first.

    An article that its publisher updated stands for the story only if it has no copy of a first text: what the others
    are is measured against what they printed.
    """
    own = [copy for copy in ordered if copy.is_agency]
    if own:
        return own[0]
    ordered = [copy for copy in ordered if not copy.is_update] or ordered
    first = _moment(ordered[0])
    early = [copy for copy in ordered if first and (when := _moment(copy)) and when - first <= CANONICAL_WITHIN]
    return max(early or ordered[:1], key=lambda copy: copy.fingerprint.sketch.words)


def _moment(text: Text) -> datetime | None:
    return text.date_latest or text.date_published


def _when(text: Text) -> tuple[datetime, str]:
    """By date, then URL; what has no date comes last."""
    return _moment(text) or datetime.max.replace(tzinfo=UTC), text.url


def _relation(text: Fingerprint, canonical: Fingerprint, inside: float, contains: float) -> str:
    """What the text is to the canonical copy: copy, cut, extended or update.

    An update has a new lead: below some words of the old one, or before all of it and then with new figures or a good
    part of other text; a local opening over the unchanged text makes none. Desks cut from the bottom: a cut ends before
    the canonical copy does. Of the rest the shares tell how long the one is beside the other: sub-editing lowers both
    alike.
    """
    if _is_led_anew(text.sketch, canonical.sketch, inside):
        return "update"
    if contains < 0.85 * inside or _is_cut_short(text.sketch, canonical.sketch):
        return "cut"
    if contains > 1.2 * inside:
        return "extended"
    return "copy" if inside >= 0.5 else "update"


def _is_cut_short(text: Sketch, canonical: Sketch) -> bool:
    """Whether the text prints nothing of the canonical copy's end: 5 % of it, and more words than a credit has."""
    whole = canonical.shingles[canonical.shingles < (1 << (SHINGLE_BITS - max(text.level, canonical.level)))]
    printed = np.flatnonzero(among(whole, text.shingles))
    end = (len(whole) - 1 - int(printed[-1])) / len(whole) if len(printed) else 1.0
    return end >= 0.05 and end * canonical.words >= 12


def _is_led_anew(text: Sketch, canonical: Sketch, inside: float) -> bool:
    """Whether the text has a lead of its own."""
    whole = text.shingles[text.shingles < (1 << (SHINGLE_BITS - max(text.level, canonical.level)))]
    if not len(whole):
        return False
    kept = among(whole, canonical.shingles)
    size = text.words / len(whole)  # words to a shingle of the sample
    opening = kept[: math.ceil(len(whole) * OPENING_WORDS / max(OPENING_WORDS, text.words))]
    head = int(kept.argmax()) if kept.any() else len(kept)
    if head * size > HEAD_WORDS:
        figures, theirs = _whole(text.figures.tolist(), canonical.figures.tolist())
        return inside < 0.75 or (len(figures) > 0 and len({*figures}.intersection(theirs)) / len(figures) < 0.75)
    new = ~kept[head : int(TOP_WORDS / size) + 1]
    edges = _edges(new)
    longest = int((edges[1::2] - edges[::2]).max(initial=0)) * size
    return longest > NEW_WORDS and float(opening.mean()) < TOP_KEPT
