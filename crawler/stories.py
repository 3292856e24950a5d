"""The decision: is this article a copy of a text already seen, and of which story? Articles in, `items.Copy` out.

Same story = the same text lineage: copies, cuts, extensions and updates of one text. Independent reports of one event,
follow-ups that print old paragraphs as background, and other issues of a template are other stories.
docs/deduplication.md says how the decision is made, what was measured and where it fails.

Plain: no clock, no store. The answer does not depend on the order of the candidates.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crawler.items import Copy
from crawler.similarity import FACTS_MAX, SHINGLE_BITS, Fingerprint, Sketch, overlap

CANDIDATES_MAX: Final = 64  #: the store hands over at most so many, those with the most shared bands
JOIN: Final = 0.6  #: probability from which two articles are taken to print one text: a false join is worse than a miss
MERGE: Final = 0.9  #: and from which they may make two stories one, if each prints as much of the other
MERGE_SHARE: Final = 0.5
CANONICAL_WITHIN: Final = timedelta(hours=6)  #: of a story's first publication
OPENING_WORDS: Final = 80

#: Logistic weights of `Evidence`, fitted by `benchmarks/stories.py DATA --fit`, which prints them.
WEIGHTS: Final[Mapping[str, float]] = {
    "inside": 7.33,
    "both": 4.21,
    "log facts": 5.73,
    "opening": 1.88,
}
BIAS: Final = -2.48


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """An article that is to be decided."""

    publisher: str
    date_published: datetime | None  #: UTC
    headline: str
    fingerprint: Fingerprint
    agency: str | None = None
    agency_evidence: str | None = None
    is_agency: bool = False  #: the publisher is the agency itself
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate(Text):
    """An article that was decided before."""

    article_id: int
    story_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What two articles have in common, each number 0 to 1 and the same from either side.

    Own words are those outside quotation marks, tweets and gallery captions; a shingle that n stories print counts
    1/n, so that templates, boilerplate and background paragraphs weigh little.
    """

    article_id: int
    story_id: int
    inside: float  #: share of one article's own words that the other prints, whichever share is greater
    both: float  #: geometric mean of the two shares
    facts: float  #: share of the figures and names of the one with fewer that the other has; .5 if there are none
    opening: float  #: share of the first words that the other prints anywhere, whichever share is smaller
    shared: int  #: sampled shingles in both

    @property
    def lesser(self) -> float:
        """The lesser of the two shares."""
        return self.both**2 / self.inside if self.inside else 0.0

    @property
    def probability(self) -> float:
        """That both print one text, by the fitted model."""
        return 1 / (1 + math.exp(-self.log_odds))

    @property
    def log_odds(self) -> float:
        return BIAS + sum(WEIGHTS[name] * value for name, value in self.terms().items())

    def terms(self) -> dict[str, float]:
        """What the model adds up, under the names of WEIGHTS."""
        return {"inside": self.inside, "both": self.both, "log facts": math.log(self.facts), "opening": self.opening}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An article's place in its story, measured against the canonical copy; the numbers are None in a story of one."""

    relation: str | None
    resemblance: float | None
    containment: float | None
    contains: float | None
    agency: str | None
    agency_evidence: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """A story after a change: which copy stands for it, whose text it is, and each article's place."""

    canonical_id: int
    agency: str | None
    places: Mapping[int, Place]  #: by article id


def compare(article: Text, candidates: Sequence[Candidate]) -> list[tuple[Evidence, NDArray[np.bool_]]]:
    """The evidence for each candidate, and which of the article's sampled shingles it prints. In their order."""
    if not candidates:
        return []
    mine = article.fingerprint.sketch
    sketches = [candidate.fingerprint.sketch for candidate in candidates]
    sizes = np.array([len(sketch.shingles) for sketch in sketches])
    owner = np.repeat(np.arange(len(sketches)), sizes)
    theirs = np.concatenate([sketch.shingles for sketch in sketches])
    own = ~np.concatenate([sketch.quoted for sketch in sketches])
    levels = np.maximum(mine.level, np.array([sketch.level for sketch in sketches]))

    # In how many stories and on how many days a shingle is printed, among the candidates: they are at hand, and they
    # are what is like this article.
    shingles, position = np.unique(theirs, return_inverse=True)
    printed = np.maximum(
        _distinct(position, np.array([candidate.story_id for candidate in candidates])[owner], len(shingles)),
        _distinct(position, np.array([_day(candidate) for candidate in candidates])[owner], len(shingles)),
    )
    their_weight = own / printed[position]
    my_weight = (~mine.quoted).astype(float)
    if len(shingles):
        place = np.minimum(np.searchsorted(shingles, mine.shingles), len(shingles) - 1)
        my_weight /= np.where(shingles[place] == mine.shingles, printed[place], 1)

    order = np.argsort(mine.shingles)
    found = np.minimum(np.searchsorted(mine.shingles, theirs, sorter=order), max(0, len(order) - 1))
    hit = mine.shingles[order[found]] == theirs if len(order) else np.zeros(len(theirs), dtype=bool)
    prints = np.zeros((len(candidates), len(mine.shingles)), dtype=bool)
    prints[owner[hit], order[found[hit]]] = True

    # Only below the coarser of two levels does a shingle that is missing from a sample mean one that is not printed.
    my_part = mine.shingles < (1 << (SHINGLE_BITS - levels))[:, None]
    their_part = theirs < (1 << (SHINGLE_BITS - levels))[owner]
    my_share = _share(prints @ my_weight, my_part @ my_weight)
    their_share = _share(
        np.bincount(owner, their_weight * hit, len(sizes)), np.bincount(owner, their_weight * their_part, len(sizes))
    )
    my_lead = np.arange(len(mine.shingles)) < len(mine.shingles) * OPENING_WORDS / max(1, mine.words)
    leads = sizes * OPENING_WORDS / np.maximum(1, [sketch.words for sketch in sketches])
    their_lead = np.arange(len(theirs)) - (np.cumsum(sizes) - sizes)[owner] < leads[owner]
    my_opening = _share(prints @ my_lead.astype(float), my_part @ my_lead.astype(float))
    their_opening = _share(
        np.bincount(owner, their_lead & hit, len(sizes)), np.bincount(owner, their_lead & their_part, len(sizes))
    )
    return [
        (
            Evidence(
                article_id=candidate.article_id,
                story_id=candidate.story_id,
                inside=max(my_share[i], their_share[i]),
                both=math.sqrt(my_share[i] * their_share[i]),
                facts=_agreement(mine, sketches[i]),
                opening=min(my_opening[i], their_opening[i]),
                shared=int(np.count_nonzero(prints[i])),
            ),
            prints[i],
        )
        for i, candidate in enumerate(candidates)
    ]


def _day(text: Text) -> int:
    return text.date_published.toordinal() if text.date_published else 0


def _distinct(items: NDArray[np.int64], groups: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """For each of `size` items, in how many distinct groups it stands."""
    numbers, group = np.unique(groups, return_inverse=True)
    pairs = np.unique(items * max(1, len(numbers)) + group)
    return np.bincount(pairs // max(1, len(numbers)), minlength=size)


def _share(part: NDArray[np.float64], whole: NDArray[np.float64]) -> list[float]:
    """part / whole, with one shingle more in the whole: three out of three say less than sixty out of sixty."""
    shares: list[float] = (part / (whole + 1)).tolist()
    return shares


def _agreement(mine: Sketch, theirs: Sketch) -> float:
    """Share of the figures and names of the side with fewer that the other has: (n + 1) / (m + 2)."""
    agreed = fewer = 0
    for pair in ((mine.figures, theirs.figures), (mine.names, theirs.names)):
        one, other = (set(part.tolist()) for part in _below(*pair))
        agreed += len(one & other)
        fewer += min(len(one), len(other))
    return (agreed + 1) / (fewer + 2)


def _below(*parts: NDArray[np.uint16]) -> list[NDArray[np.uint16]]:
    """The facts of each as far as none was left out: a sketch keeps the FACTS_MAX smallest."""
    limit = min((part[-1] for part in parts if len(part) == FACTS_MAX), default=0xFFFF)
    return [part[part <= limit] for part in parts]


def decide(article: Text, candidates: Sequence[Candidate]) -> Copy:
    """The article's place among the candidates: the articles that share a band with it, at most CANDIDATES_MAX.

    `story_id` is None if no candidate prints the same text: it founds a story. Relation and numbers are measured
    against the canonical copy among the candidates of its story.
    """
    ranked = sorted(
        zip(compare(article, candidates), candidates, strict=True),
        key=lambda row: (-round(row[0][0].probability, 9), _when(row[1]), row[1].story_id, row[1].article_id),
    )
    if not ranked:
        return Copy(story_id=None, evidence="no other article shares enough of its text")
    (best, covered), _ = ranked[0]
    if best.probability < JOIN:
        return Copy(story_id=None, evidence=f"a story of its own; nearest is {_words(best)}")
    story = [candidate for candidate in candidates if candidate.story_id == best.story_id]
    merges = _merges(article, candidates, [evidence for (evidence, _), _ in ranked], best.story_id)
    canonical = _canonical(sorted(story, key=_when)).fingerprint
    numbers = overlap(article.fingerprint, canonical)
    return Copy(
        story_id=best.story_id,
        relation=_relation(article.fingerprint, canonical),
        resemblance=numbers[0],
        containment=numbers[1],
        contains=numbers[2],
        merges=merges,
        evidence=_words(best),
    )


def _merges(
    article: Text, candidates: Sequence[Candidate], evidences: Sequence[Evidence], story_id: int
) -> tuple[int, ...]:
    """Stories that are one with the one the article joins.

    One article may bridge two stories because it was made of both. So the article and another one of the story that it
    joins both have to print more than half of an article of the other story that prints more than half of theirs.
    """
    found = []
    for other in sorted({e.story_id for e in evidences if e.story_id != story_id and _bridges(e)}):
        theirs = [candidate for candidate in candidates if candidate.story_id == other]
        ours = (candidate for candidate in candidates if candidate.story_id == story_id)
        if any(_bridges(evidence) for voter in ours for evidence, _ in compare(voter, theirs)):
            found.append(other)
    return tuple(found)


def _bridges(evidence: Evidence) -> bool:
    return evidence.lesser >= MERGE_SHARE and evidence.probability >= MERGE


def _words(evidence: Evidence) -> str:
    return (
        f"article {evidence.article_id}: {evidence.inside:.0%} of the one's own words stand in the other, "
        f"{evidence.both:.0%} of both; facts {evidence.facts:.0%}, "
        f"opening {evidence.opening:.0%}: probability {evidence.probability:.2f}"
    )


def _when(text: Text) -> tuple[datetime, str]:
    return text.date_published or datetime.max.replace(tzinfo=UTC), text.url


def _canonical(ordered: Sequence[Candidate]) -> Candidate:
    """The agency's own page, else the fullest of the copies within CANONICAL_WITHIN of the first, else the first."""
    agencies = [copy for copy in ordered if copy.is_agency]
    if agencies:
        return agencies[0]
    first = ordered[0].date_published
    early = [c for c in ordered if first and c.date_published and c.date_published - first <= CANONICAL_WITHIN]
    return max(early or ordered[:1], key=lambda copy: copy.fingerprint.sketch.words)


def _relation(text: Fingerprint, canonical: Fingerprint) -> str:
    """What the text is to the canonical copy: copy, cut, extended or update.

    An update has a new opening, and new figures or a good part of other text; a local opening over an unchanged text
    makes none. Of the rest the shares tell how long the one is beside the other: sub-editing lowers both alike.
    """
    _, inside, contains = overlap(text, canonical)
    opening, figures = _kept(text.sketch, canonical.sketch)
    if opening < 0.55 and (figures < 0.75 or inside < 0.75):
        return "update"
    if contains < 0.88 * inside:
        return "cut"
    if contains > 1.2 * inside:
        return "extended"
    return "copy" if inside >= 0.5 else "update"


def _kept(text: Sketch, canonical: Sketch) -> tuple[float, float]:
    """Share of the text's opening that the canonical copy prints, and of its figures; 1 where it has none."""
    limit = 1 << (SHINGLE_BITS - max(text.level, canonical.level))
    lead = text.shingles[: math.ceil(len(text.shingles) * OPENING_WORDS / max(OPENING_WORDS, text.words))]
    shares = []
    for mine, theirs in (lead[lead < limit], canonical.shingles), _below(text.figures, canonical.figures):
        shares.append(float(np.isin(mine, theirs).mean()) if len(mine) else 1.0)
    return shares[0], shares[1]


#: How far each kind of evidence for an agency is to be trusted, best first.
_EVIDENCE: Final = ("byline", "dateline", "credit line", "end mark", "structured data", "publisher", "image credit")


def arrange(copies: Sequence[Candidate]) -> Arrangement:
    """The story's canonical copy and agency, and each copy's relation to it. `copies`: all of them, at least one."""
    ordered = sorted(copies, key=lambda copy: (_when(copy), copy.article_id))
    first, canonical = ordered[0], _canonical(ordered)
    named = [copy for copy in ordered if copy.agency and copy.agency_evidence in _EVIDENCE]
    source = min(named, key=lambda copy: _EVIDENCE.index(str(copy.agency_evidence)), default=None)
    agency = source.agency if source else None
    places = {}
    for copy in ordered:
        numbers: tuple[float | None, ...] = (None, None, None)
        relation = None
        if len(ordered) > 1:
            resembles, inside, contains = overlap(copy.fingerprint, canonical.fingerprint)
            numbers = resembles, inside, contains
            relation = "original" if copy is first else _relation(copy.fingerprint, canonical.fingerprint)
        evidence = copy.agency_evidence if copy.agency == agency else "inherited"
        places[copy.article_id] = Place(
            relation=relation,
            resemblance=numbers[0],
            containment=numbers[1],
            contains=numbers[2],
            agency=agency,
            agency_evidence=evidence if agency else None,
        )
    return Arrangement(canonical_id=canonical.article_id, agency=agency, places=places)
