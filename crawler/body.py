"""A page's blocks -> those that are the article's body.

Witnesses say of every block whether it is text of the article: trafilatura's main text, the publisher's JSON-LD
articleBody, the look of the block itself (prose, links, heading), and where it stands: blocks that share a parent or a
DOM path are mostly all text or all furniture. Logistic sums weigh them, twice: the
second time with what the first says of the blocks around. A profile of the publisher, where there is one, speaks last
and of other pages: what they print as well, and what stands on their paths. What comes out are always blocks of the
page, in their order: a paragraph is never broken, joined or invented.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import mul

import lxml.etree
import numpy as np
import trafilatura
from numpy.typing import NDArray
from trafilatura.settings import Document

from crawler import agencies, captions, profiles, text
from crawler.blocks import HEADINGS, Block
from crawler.markup import Element
from crawler.profiles import Profile
from crawler.weights import FIRST, SECOND

#: Share of the body's text that its container must hold; the rest (a standfirst, a box) may stand outside.
_CONTAINER = 0.8
#: More elements than this are not given to trafilatura, whose time grows faster than the page.
_MAX_ELEMENTS = 60_000

#: Elements that trafilatura drops first thing; dropped before it copies the tree. Figures stay, for their pictures.
_BALLAST = (
    *("script", "style", "svg", "noscript", "iframe", "template", "nav", "link", "meta", "select", "button"),
    *("aside", "footer", "audio", "video", "object", "embed", "canvas", "map", "menu", "dialog", "source", "textarea"),
    *("input", "label", "fieldset", "math"),
)

#: The end of a sentence, an agency's mark behind it ("… he said. – AP", "… said. (Reuters)").
_SENTENCE_END = re.compile(
    r"[.!?…:;。！？।॥؟۔։።][\"'”’»“›)\]」』]*(?:\s(?:[–—-]{1,2}\s?|\()[^\W\d_][^.!?–—()]{1,24}\)?)?$"
)


Column = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Body:
    """The choice: blocks in order, and the element that holds (nearly) all of them."""

    blocks: tuple[Block, ...]
    container: Element
    around: frozenset[Element]  #: the container and what it stands in
    pictures: frozenset[int]  #: indexes of the page's blocks that are captions and credits
    boilerplate: frozenset[int] = frozenset()  #: indexes of blocks that the publisher prints on other pages as well
    layout: bytes = b""  #: of what the choice was made: see crawler.profiles


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the witnesses say, before it is weighed."""

    blocks: Sequence[Block]  #: all of the page
    indexes: range  #: of those that can be body
    columns: Mapping[str, Column]  #: each witness's word on each of these, 0 to 1
    container: Element  #: the element that holds the body
    around: frozenset[Element]  #: the container and what it stands in
    pictures: frozenset[int]  #: indexes of captions and credits


def main_text(tree: Element) -> str:
    """trafilatura's main text, a paragraph a line; "" when it finds none or gives up on the page.

    Its fast mode for precision: its further extractors and its default mode cost a third more and, as one witness among
    others, are worth less (docs/extraction.md). Takes out of the tree what trafilatura would only carry along.
    """
    lxml.etree.strip_elements(tree, *_BALLAST, with_tail=False)
    if tree.xpath("count(//*)") > _MAX_ELEMENTS:
        return ""
    try:
        document = trafilatura.bare_extraction(
            tree, include_comments=False, with_metadata=False, favor_precision=True, fast=True
        )
    except (RecursionError, ValueError, TypeError, AttributeError, AssertionError, IndexError, KeyError):
        return ""  # deep or broken markup: the page's structure has to do alone
    return document.text or "" if isinstance(document, Document) else ""


def choose(
    blocks: Sequence[Block],
    *,
    extracted: str,
    stated: str,
    descriptions: Sequence[str],
    title: Block | None,
    live: bool = False,
    own: Sequence[Element] = (),
    profile: Profile | None = None,
) -> Body | None:
    """The body among the page's `blocks`; None when the page has none.

    `extracted` is trafilatura's text, `stated` the JSON-LD articleBody (either may be ""); `title` is the block that
    prints the headline; `live` says that the page is a live blog; `own` are the elements that the publisher's selector
    names as the body; `profile` is what the publisher's earlier articles say.
    """
    if own:
        around = frozenset((own[0], *own[0].iterancestors()))
        pictures = captions.find(blocks, around)
        inside = [b for b in blocks if b.index not in pictures and not set(own).isdisjoint(b.ancestors)]
        boilerplate = profile.boilerplate(blocks) if profile else frozenset()
        kept = tuple(b for b in inside if b.index not in boilerplate or agencies.is_credit_line(b.text)) or tuple(
            inside
        )
        layout = profiles.layout(inside, np.full(len(inside), np.inf))
        return Body(kept, own[0], around, pictures, boilerplate, layout) if kept else None
    evidence = witnesses(blocks, extracted=extracted, stated=stated, descriptions=descriptions, title=title, live=live)
    return judge(evidence, profile=profile) if evidence else None


def judge(
    evidence: Evidence,
    first: Mapping[str, float] = FIRST,
    second: Mapping[str, float] = SECOND,
    profile: Profile | None = None,
) -> Body | None:
    """The blocks that the witnesses vote for, heard twice: the second time they know how the page's other blocks were
    judged. A profile that would leave nothing of the page is not heard."""
    lines = [evidence.blocks[i] for i in evidence.indexes]
    odds = weigh(evidence.columns, first)
    odds = weigh({**evidence.columns, **hearsay(evidence, odds)}, second)
    if profile:
        against = profile.recurrence(lines)
        # A credit line recurs as well; it is evidence, and leaves the text later.
        spared = [bool(a) and agencies.is_credit_line(line.text) for a, line in zip(against, lines, strict=True)]
        odds = odds + np.where(spared, 0.0, against)
    # Without what the profile says of paths: a verdict that it turned would speak for it the next time.
    layout = profiles.layout(lines, odds)
    if profile:
        odds = odds + profile.standing(lines)
    chosen = tuple(line for line, o in zip(lines, odds, strict=True) if o > 0)
    if not chosen:
        return judge(evidence, first, second) if profile else None
    boilerplate = profile.boilerplate(evidence.blocks) if profile else frozenset()
    return Body(chosen, evidence.container, evidence.around, evidence.pictures, boilerplate, layout)


def weigh(columns: Mapping[str, Column], weights: Mapping[str, float]) -> Column:
    """The log odds of each block."""
    odds: Column = np.array(list(weights.values())) @ np.array([columns[name] for name in weights])
    return odds


def hearsay(evidence: Evidence, odds: Column) -> dict[str, Column]:
    """What the first hearing's log odds say of each block: its own, and those of the blocks around it, on its path and
    beside it."""
    blocks = [evidence.blocks[i] for i in evidence.indexes]
    chances = 1 / (1 + np.exp(-np.clip(odds, -12, 12)))
    places = np.arange(len(blocks))
    sure = np.flatnonzero(chances > 0.8)
    first, last = (sure[0], sure[-1]) if len(sure) else (0, len(blocks))
    sizes = [len(block.text) for block in blocks]
    above2, above, next_, next2 = (np.pad(chances, 2)[i : len(blocks) + i] for i in (0, 1, 3, 4))
    below = np.maximum.accumulate(chances[::-1])[::-1]
    headings = np.array([block.tag in HEADINGS for block in blocks], float)

    def share(key: Callable[[Block], Hashable]) -> Column:
        shares = _Shares(map(key, blocks), chances.tolist(), sizes)
        rows = zip(blocks, chances.tolist(), sizes, strict=True)
        return np.fromiter((shares.others(key(b), c, s) for b, c, s in rows), float, len(blocks))

    return {
        "odds": np.clip(odds, -6, 6),
        "chance": chances,
        "chance above": above,
        "chance next": next_,
        "chances above": (above + above2) / 2,
        "chances next": (next_ + next2) / 2,
        "chance between": np.minimum(above, next_),
        "chance below": np.append(below, 0.0)[1:],
        "chance on path": share(_path),
        "chance in parent": share(_parent),
        "chance on tail": share(_tail),
        "before the first": (places < first).astype(float),
        "after the last": (places > last).astype(float),
        "short after the last": ((places > last) & (np.array(sizes) < 80)).astype(float),
        "heading of text": headings * next_,
        "heading of none": headings * (1 - next_),
    }


def witnesses(
    blocks: Sequence[Block],
    *,
    extracted: str,
    stated: str,
    descriptions: Sequence[str],
    title: Block | None,
    live: bool = False,
) -> Evidence | None:
    """What the witnesses say of the page's `blocks`; None when no text is among them."""
    keys = [block.key for block in blocks]
    sizes = [len(block.text) for block in blocks]
    prose = [float(_is_prose(block)) for block in blocks]
    ours, theirs = testimony(keys, extracted), testimony(keys, stated)
    # An articleBody that is cut short testifies for what it holds, not against the rest.
    statement = len(text.squash(stated))
    complete = statement >= 0.6 * len(text.squash(extracted)) and statement > 200
    if live:
        # Extractors keep the first entries of a live blog at best.
        ours = [max(o, p) for o, p in zip(ours, prose, strict=True)]
    verdicts = [max(o, t) for o, t in zip(ours, theirs, strict=True)]
    found, dense = sum(map(mul, verdicts, sizes)), sum(map(mul, prose, sizes))
    thin = found < 0.4 * dense
    container = _container(blocks, verdicts if found else prose)
    if container is None:
        return None
    around = frozenset((container, *container.iterancestors()))
    pictures = captions.find(blocks, around)
    densest = _densest(blocks, map(mul, prose, sizes))

    start = title.index + 1 if title is not None else 0
    if sum(map(mul, verdicts[:start], sizes)) > 0.5 * found:
        start = 0  # a line below the text repeats the headline
    inside = [container in block.ancestors for block in blocks]
    text_inside = [i for i, verdict in enumerate(verdicts) if verdict and inside[i]]
    first, last = (text_inside[0], text_inside[-1]) if text_inside else (0, len(blocks))
    # What stands before the headline or far below the last text is not looked at.
    end = max(last, max((i for i, p in enumerate(prose) if p), default=0)) + 20
    indexes = range(start, min(end, len(blocks)))
    lines = blocks[start:end]
    summaries = [text.squash(d) for d in descriptions]
    paths, parents, classes = (_Shares(map(key, blocks), verdicts, sizes) for key in (_path, _parent, _class))
    prose_paths = _Shares(map(_path, blocks), prose, sizes)
    roles = [block.roles(around) for block in lines]
    headings = [block.tag in HEADINGS for block in blocks]
    linked = [h and block.links > 0.4 * size for h, block, size in zip(headings, blocks, sizes, strict=True)]
    padded = [0.0, 0.0, *verdicts, 0.0, 0.0]
    columns: dict[str, Iterable[float]] = {
        "bias": (1.0 for _ in lines),
        "extracted": (ours[i] for i in indexes),
        "stated": (theirs[i] if complete else 0.5 * theirs[i] for i in indexes),
        "not stated": (complete and not theirs[i] and sizes[i] >= 60 and not headings[i] for i in indexes),
        "described": (any(text.same_key(keys[i], d) for d in summaries) for i in indexes),
        "path": (paths.others(_path(blocks[i]), verdicts[i], sizes[i]) for i in indexes),
        "parent": (parents.others(_parent(blocks[i]), verdicts[i], sizes[i]) for i in indexes),
        "class": (classes.others(_class(blocks[i]), verdicts[i], sizes[i]) for i in indexes),
        "prose on path": (prose_paths.others(_path(blocks[i]), prose[i], sizes[i]) for i in indexes),
        "next": (padded[i + 3] for i in indexes),
        "neighbours": ((padded[i] + padded[i + 1] + padded[i + 3] + padded[i + 4]) / 4 for i in indexes),
        "inside": (inside[i] for i in indexes),
        "between": (first <= i <= last for i in indexes),
        "outside after": (i > last and not inside[i] for i in indexes),
        "densest": (densest in block.ancestors for block in lines),
        "prose": (prose[i] for i in indexes),
        "prose in densest": (prose[i] * (densest in blocks[i].ancestors) for i in indexes),
        "prose on a path with text": (prose[i] * paths.any(_path(blocks[i])) for i in indexes),
        "prose in thin": (prose[i] * thin for i in indexes),
        "thin": (thin for _ in lines),
        "other article": (
            not live and any(e.tag == "article" and e not in around for e in block.ancestors[:-1]) for block in lines
        ),
        "furniture": (text.is_furniture(block.text) for block in lines),
        "links": (blocks[i].links / sizes[i] for i in indexes),
        "all link": (blocks[i].links >= 0.9 * sizes[i] for i in indexes),
        "short": (sizes[i] < 40 for i in indexes),
        "length": (min(sizes[i], 400) / 400 for i in indexes),
        "sentence": (_SENTENCE_END.search(block.text) is not None for block in lines),
        "heading": (headings[i] for i in indexes),
        "linked heading": (linked[i] for i in indexes),
        "under linked heading": (i > 0 and linked[i - 1] for i in indexes),
        "list": (block.tag == "li" for block in lines),
        "paragraph": (block.tag == "p" for block in lines),
        "table": ("table" in r for r in roles),
        "picture": (i in pictures for i in indexes),
        "aside": (not r.isdisjoint(("aside", "nav", "footer")) for r in roles),
        "byline": ("byline" in r for r in roles),
        "standfirst": ("standfirst" in r for r in roles),
        "header": ("header" in r for r in roles),
    }
    words = {name: np.fromiter(column, float, len(lines)) for name, column in columns.items()}
    return Evidence(blocks, indexes, words, container, around, pictures)


def testimony(keys: Sequence[str], words: str) -> list[float]:
    """1 for each block whose text stands in the witness's text: a short one as a line of its own."""
    lines = {text.squash(line) for line in words.splitlines()} - {""}
    whole = text.squash(words)
    return [float(key in lines or (len(key) >= 25 and key in whole)) if key else 0.0 for key in keys]


def _is_prose(block: Block) -> bool:
    return len(block.text) >= 80 and block.links < 0.3 * len(block.text) and bool(_SENTENCE_END.search(block.text))


def _container(blocks: Sequence[Block], verdicts: Sequence[float]) -> Element | None:
    weights: dict[Element, float] = defaultdict(float)
    for block, verdict in zip(blocks, verdicts, strict=True):
        if verdict:
            for element in block.ancestors:
                weights[element] += verdict * len(block.text)
    if not weights:
        return None
    total = max(weights.values())
    longest = max(zip(blocks, verdicts, strict=True), key=lambda pair: pair[1] * len(pair[0].text))[0]
    return next(
        e
        for e in reversed(longest.ancestors)
        if weights[e] >= _CONTAINER * total and e.tag not in ("p", "li", *HEADINGS)
    )


def _densest(blocks: Sequence[Block], sizes: Iterable[float]) -> Element | None:
    """The element with the most prose right below it; half as much counts a level deeper, and so on (the measure of
    Readability, https://github.com/mozilla/readability)."""
    mass: dict[Element, float] = defaultdict(float)
    for block, size in zip(blocks, sizes, strict=True):
        if size:
            for element, share in zip(reversed(block.ancestors[:-1]), (1.0, 0.5, 0.25), strict=False):
                mass[element] += share * size
    return max(mass, key=lambda element: mass[element], default=None)


def _class(block: Block) -> str:
    return block.path.rsplit(" ", 1)[-1]


def _path(block: Block) -> str:
    return block.path


def _tail(block: Block) -> str:
    return " ".join(block.path.rsplit(" ", 2)[-2:])


def _parent(block: Block) -> Hashable:
    parent: Hashable = block.ancestors[-2] if len(block.ancestors) > 1 else block.ancestors[-1]
    return parent


class _Shares:
    """Share of text that a witness keeps among blocks with one key."""

    def __init__(self, keys: Iterable[Hashable], verdicts: Iterable[float], sizes: Iterable[int]) -> None:
        self._kept: dict[Hashable, float] = defaultdict(float)
        self._size: dict[Hashable, float] = defaultdict(float)
        for key, verdict, size in zip(keys, verdicts, sizes, strict=True):
            self._kept[key] += verdict * size
            self._size[key] += size

    def any(self, key: Hashable) -> bool:
        return self._kept[key] > 0

    def others(self, key: Hashable, verdict: float, size: int) -> float:
        """The share among the others of the block's key; 0.5 where it stands alone. 100 characters of doubt."""
        kept, total = self._kept[key] - verdict * size, self._size[key] - size
        return (kept + 50) / (total + 100)


def standfirst(blocks: Sequence[Block], body: Body, title: Block | None, descriptions: Sequence[str]) -> Block | None:
    """The block between headline and text that sums the article up: the text of a description, else what is marked as
    such, else the first sentence that stands there."""
    first = body.blocks[0].index
    start = title.index + 1 if title is not None else max(0, first - 6)
    others = {b.path for b in body.blocks[1:]}
    marked: Block | None = None
    plain: Block | None = None
    for block in blocks[start : first + 1]:
        roles = block.roles(body.around)
        if (
            block.index in body.pictures
            or block.index in body.boilerplate
            or not roles.isdisjoint(("byline", "nav", "footer"))
            or len(block.text) < 30
            or block.links > 0.6 * len(block.text)
        ):
            continue
        if any(text.same(block.text, d) for d in descriptions):
            return block
        if marked is None and "standfirst" in roles:
            marked = block
        if (
            plain is None
            and title is not None
            and (block.index < first or block.path not in others)
            and 60 <= len(block.text) <= 500
            and block.links < 0.3 * len(block.text)
            and roles.isdisjoint(("aside", "table"))
            and _SENTENCE_END.search(block.text)
            and not text.is_furniture(block.text)
        ):
            plain = block
    return marked or plain


def region(blocks: Sequence[Block], body: Body | None, title: Block | None) -> Sequence[Block]:
    """The blocks of the article, its header and pictures: from a little above the headline to just below the text."""
    if body is None:
        return blocks[:0]
    first, last = body.blocks[0].index, body.blocks[-1].index
    start = title.index if title is not None and title.index < first else first
    return blocks[max(0, start - 8) : last + 4]


def header(blocks: Sequence[Block], body: Body, title: Block | None) -> list[Block]:
    """The blocks from the headline (itself left out) to the first paragraph, 12 at most, captions left out."""
    first = body.blocks[0].index
    start = title.index + 1 if title is not None and title.index < first else max(0, first - 12)
    return [b for b in blocks[start:first] if b.index not in body.pictures][-12:]


def footer(blocks: Sequence[Block], body: Body) -> list[Block]:
    """The 5 blocks after the body, captions left out: credit lines stand there."""
    last = body.blocks[-1].index
    return [b for b in blocks[last + 1 : last + 9] if b.index not in body.pictures][:5]


def times(tree: Element, blocks: Sequence[Block], body: Body | None, title: Block | None) -> list[Element]:
    """<time> elements and elements with an itemprop date that belong to the article: from just above the headline to
    the end of the text."""
    found = list(tree.xpath("//time | //*[@itemprop='datePublished'] | //*[@itemprop='dateCreated']"))[:60]
    if not found or body is None:
        return found[:3]
    places = {block.element: block.index for block in blocks}
    start = min(title.index if title is not None else body.blocks[0].index, body.blocks[0].index) - 6
    end = body.blocks[-1].index

    def place(element: Element) -> int:
        return next((places[e] for e in (element, *element.iterancestors()) if e in places), -1)

    return [e for e in found if start <= place(e) <= end]
