"""A page's blocks -> what is known of each, and how likely it is text of the article.

Witnesses say of every block whether it is text: trafilatura's main text, the publisher's JSON-LD articleBody, the look
of the block itself (prose, links, heading), and where it stands: blocks that share a parent or a DOM path are mostly
all text or all furniture. Logistic sums weigh them, twice: the second time with what the first says of the blocks
around.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import trafilatura
from numpy.typing import NDArray
from trafilatura.settings import Document

from crawler import captions, furniture, scripts, text
from crawler.blocks import HEADINGS, Block, roles_of
from crawler.markup import Element

#: Share of the body's text that its container must hold; the rest (a standfirst, a box) may stand outside.
_CONTAINER = 0.8
#: More elements than this are not given to trafilatura, whose time grows faster than the page.
_MAX_ELEMENTS = 60_000
CARDS = 3  #: paragraphs below linked headings from which on they may be cards
_LONG, _BRIEF = 80, 40  #: characters of a line of prose, and on a page that has little but shorter ones
_OPENING = 40  #: characters that are equal in what `text.same_key` calls the same, if they are so many
#: What a Han, Kana or Hangul letter says takes as much more in an alphabet.
_WIDE = re.compile(f"[{scripts.EASTERN}]")
_WIDTH = 1.5
_ASIDES = frozenset(("aside", "nav", "footer"))

#: Thai and Lao write no full stops: a line as long as a sentence is one.
_UNSTOPPED = re.compile(rf"[{scripts.UNSTOPPED}][{scripts.CLOSING}]*$")
_UNSTOPPED_MIN = 60
#: The end of a sentence, an agency's mark behind it ("… he said. – AP", "… said. (Reuters)").
_ENDING = 60  #: characters in which it is looked for
SENTENCE_END = re.compile(
    rf"[:;{scripts.STOPS}][{scripts.CLOSING}]*(?:\s(?:[–—-]{{1,2}}\s?|\()[^\W\d_][^.!?–—()]{{1,24}}\)?)?$"
)

#: The heading of readers' comments, with their number or without: "Comments (12)". "Kommentar" stands over opinions.
_COMMENTS = re.compile(
    r"[\W\d_]*(?:(?:leser|reader |all |user )?(?:comments|kommentare|commentaires|comentarios|comentários|commenti|"
    r"reacties|kommentarer|kommentit|komentarze|komentáře|komentári|hozzászólások|comentarii|komentari|комментарии|"
    r"коментарі|коментари|σχόλια|yorumlar|komentar|bình luận|تعليقات|التعليقات|نظرات|תגובות|ความคิดเห็น)|评论|評論|"
    r"留言|コメント|댓글)[\W\d_]*",
    re.IGNORECASE,
)
_LONGEST_DOUBTED = 400  #: characters of a block that count for doubt: a long paragraph weighs no more than this

Column = NDArray[np.float64]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Looks:
    """What the blocks of a page are by their looks and places, one value a block: what no witness changes."""

    blocks: Sequence[Block]
    tags: Sequence[str]
    sizes: Column  #: characters, Han, Kana and Hangul letters as so many as their words take in an alphabet
    links: Column  #: characters of link text, likewise
    sentence: Column  #: 1 where the block ends like a sentence
    prose: Column  #: 1 for what reads like a paragraph of prose, on a page of short sentences like one of these
    heading: Column
    linked: Column  #: 1 for headings that are links
    below: Column  #: 1 right below one
    card: NDArray[np.bool_]  #: paragraphs on a path of which all and three or more stand right below one
    path: Numbers  #: a number for each DOM path
    parent: Numbers  #: … for each element around the block's own
    class_: Numbers  #: … for each tag with its first class
    tail: Numbers  #: … for the last two steps of the path
    densest: Element | None  #: the element that holds the most prose


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the witnesses say, before it is weighed."""

    looks: Looks  #: of all blocks of the page
    indexes: range  #: of those that can be body
    columns: Mapping[str, Column]  #: each witness's word on each of these, 0 to 1
    container: Element  #: the element that holds the body
    around: frozenset[Element]  #: the container and what it stands in
    pictures: frozenset[int]  #: indexes of captions and credits
    comments: NDArray[np.bool_]  #: which of these stand among what readers say of the article
    live: bool = False  #: whether the page is a live blog

    @property
    def lines(self) -> Sequence[Block]:
        """The blocks that can be body."""
        return self.looks.blocks[self.indexes.start : self.indexes.stop]

    def own(self, values: NDArray[Any]) -> NDArray[Any]:
        """Of values that `looks` has for all blocks those of the blocks that can be body."""
        return _of(values, self.indexes)


def main_text(tree: Element) -> str:
    """trafilatura's main text, a paragraph a line; "" when it finds none or gives up on the page.

    Its fast mode for precision: its further extractors and its default mode cost a third more and, as one witness among
    others, are worth less (docs/extraction.md).
    """
    if tree.xpath("count(//*)") > _MAX_ELEMENTS:
        return ""
    try:
        document = trafilatura.bare_extraction(
            tree, include_comments=False, with_metadata=False, favor_precision=True, fast=True
        )
    except (RecursionError, ValueError, TypeError, AttributeError, AssertionError, IndexError, KeyError):
        return ""  # deep or broken markup: the page's structure has to do alone
    return document.text or "" if isinstance(document, Document) else ""


def look(blocks: Sequence[Block]) -> Looks:
    """What the blocks are by themselves."""
    tags = [block.tag for block in blocks]
    letters = np.array([len(block.text) for block in blocks], float)
    sizes = letters + _WIDTH * np.array([_wide(block.text) for block in blocks], float)
    links = np.array([block.links for block in blocks], float) * sizes / letters
    sentence = np.array([ends_sentence(block.text) for block in blocks], float)
    sentences = (links < 0.3 * sizes) * sentence
    prose, brief = ((sizes >= least) * sentences for least in (_LONG, _BRIEF))
    if prose @ sizes < 0.5 * (brief @ sizes):
        prose = brief  # a page of short sentences
    heading = np.array([tag in HEADINGS for tag in tags], float)
    linked = heading * (links > 0.4 * sizes)
    below = np.append(0.0, linked)[: len(blocks)]
    path = _numbers(block.path for block in blocks)
    found, alike = np.bincount(path, below)[path], np.bincount(path)[path]
    ends = [key.rsplit(" ", 2) for key in dict.fromkeys(block.path for block in blocks)]  # in order of their numbers
    return Looks(
        blocks=blocks,
        tags=tags,
        sizes=sizes,
        links=links,
        sentence=sentence,
        prose=prose,
        heading=heading,
        linked=linked,
        below=below,
        card=(found >= CARDS) & (found == alike) & (heading == 0),
        path=path,
        parent=_numbers(block.parent for block in blocks),
        class_=_numbers(steps[-1] for steps in ends)[path],
        tail=_numbers(tuple(steps[-2:]) for steps in ends)[path],
        densest=_densest(blocks, (prose * sizes).tolist()),
    )


def question(
    looks: Looks,
    extracted: str | None,
    *,
    stated: str,
    descriptions: Sequence[str],
    title: Block | None,
    live: bool = False,
) -> Evidence | None:
    """What the witnesses say of the page's blocks; None when no text is among them.

    `extracted` is trafilatura's text; None where it was not asked, and what reads like prose in the densest element
    stands for it.
    """
    blocks, sizes, prose = looks.blocks, looks.sizes, looks.prose
    keys = [block.key for block in blocks]
    in_densest = _inside(blocks, looks.densest)
    if extracted is None:
        ours, length = prose * in_densest, 0
    else:
        ours, length = testimony(keys, extracted), len(text.squash(extracted))
    theirs = testimony(keys, stated)
    # An articleBody that is cut short testifies for what it holds, not against the rest.
    statement = len(text.squash(stated))
    complete = statement >= 0.6 * length and statement > 200
    if live:
        # Extractors keep the first entries of a live blog at best.
        ours = np.maximum(ours, prose)
    verdicts = np.maximum(ours, theirs)
    found, dense = verdicts @ sizes, prose @ sizes
    thin = float(found < 0.4 * dense)
    container = _container(blocks, (verdicts if found else prose).tolist())
    if container is None:
        return None
    around = frozenset((container, *container.iterancestors()))
    pictures = captions.find(blocks, around)

    start = title.index + 1 if title is not None else 0
    if verdicts[:start] @ sizes[:start] > 0.5 * found:
        start = 0  # a line below the text repeats the headline
    inside = _inside(blocks, container)
    text_inside = np.flatnonzero(verdicts * inside)
    first, last = (text_inside[0], text_inside[-1]) if len(text_inside) else (0, len(blocks))
    # What stands before the headline or far below the last text is not looked at.
    end = max(last, np.flatnonzero(prose)[-1] if prose.any() else 0) + 20
    indexes = range(start, int(min(end, len(blocks))))
    lines = blocks[start : indexes.stop]
    summaries = [text.squash(d) for d in descriptions]
    openings = {summary[:_OPENING] for summary in summaries}
    roles = roles_of(lines, around)
    places = np.arange(len(blocks))
    above2, above, _, next_, next2 = _around(verdicts)
    path = _others(looks.path, verdicts, sizes)
    columns = {
        "bias": np.ones(len(blocks)),
        "extracted": ours,
        "stated": theirs if complete else 0.5 * theirs,
        "not stated": complete * (theirs == 0) * (sizes >= 60) * (1 - looks.heading),
        "path": path,
        "parent": _others(looks.parent, verdicts, sizes),
        "class": _others(looks.class_, verdicts, sizes),
        "prose on path": _others(looks.path, prose, sizes),
        "next": next_,
        "neighbours": (above2 + above + next_ + next2) / 4,
        "inside": inside,
        "between": (first <= places) * (places <= last),
        "outside after": (places > last) * (1 - inside),
        "densest": in_densest,
        "prose": prose,
        "prose in densest": prose * in_densest,
        "prose on a path with text": prose * (np.bincount(looks.path, verdicts * sizes)[looks.path] > 0),
        "prose in thin": prose * thin,
        "thin": np.full(len(blocks), thin),
        "links": looks.links / sizes,
        "all link": looks.links >= 0.9 * sizes,
        "short": sizes < 40,
        "length": np.minimum(sizes, 400) / 400,
        "sentence": looks.sentence,
        "heading": looks.heading,
        "linked heading": looks.linked,
        "under linked heading": looks.below,
    }
    columns = {name: _of(column.astype(float), indexes) for name, column in columns.items()}
    columns |= {
        name: np.array(values, float)
        for name, values in {
            "described": [
                line.key[:_OPENING] in openings and any(text.same_key(line.key, d) for d in summaries) for line in lines
            ],
            "other article": [False] * len(lines) if live else in_other_article(lines, around),
            "furniture": [furniture.is_furniture(line.text) for line in lines],
            "list": [tag == "li" for tag in looks.tags[start : indexes.stop]],
            "paragraph": [tag == "p" for tag in looks.tags[start : indexes.stop]],
            "table": ["table" in r for r in roles],
            "picture": [i in pictures for i in indexes],
            "aside": [not r.isdisjoint(_ASIDES) for r in roles],
            "byline": ["byline" in r for r in roles],
            "standfirst": ["standfirst" in r for r in roles],
            "header": ["header" in r for r in roles],
        }.items()
    }
    comments = np.array(["comments" in r for r in roles], bool) | _below_comments(lines, prose)
    return Evidence(looks, indexes, columns, container, around, pictures, comments, live)


def testimony(keys: Sequence[str], words: str) -> Column:
    """1 for each block whose text stands in the witness's text: a short one as a line of its own."""
    if not words:
        return np.zeros(len(keys))
    lines = {text.squash(line) for line in words.splitlines()} - {""}
    whole = text.squash(words)
    return np.array([bool(key) and (key in lines or (len(key) >= 25 and key in whole)) for key in keys], float)


def hear(evidence: Evidence, first: Mapping[str, float], second: Mapping[str, float]) -> Column:
    """The log odds of each block that can be body. The witnesses are heard twice: the second time they know how the
    page's other blocks were judged."""
    odds = weigh(evidence.columns, first)
    return weigh({**evidence.columns, **hearsay(evidence, odds)}, second)


def doubt(evidence: Evidence, odds: Column) -> float:
    """How much text may be judged wrongly, of the text that is found: 0 where all is certain."""
    chances = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
    sizes = np.minimum(evidence.own(evidence.looks.sizes), _LONGEST_DOUBTED)
    return float(sizes @ np.minimum(chances, 1 - chances) / max(1.0, sizes @ chances))


def weigh(columns: Mapping[str, Column], weights: Mapping[str, float]) -> Column:
    """The log odds of each block."""
    odds: Column = np.array(list(weights.values())) @ np.array([columns[name] for name in weights])
    return odds


def hearsay(evidence: Evidence, odds: Column) -> dict[str, Column]:
    """What the first hearing's log odds say of each block: its own, and those of the blocks around it, on its path and
    beside it."""
    looks, indexes = evidence.looks, evidence.indexes
    chances = 1 / (1 + np.exp(-np.clip(odds, -12, 12)))
    places = np.arange(len(chances))
    sure = np.flatnonzero(chances > 0.8)
    first, last = (sure[0], sure[-1]) if len(sure) else (0, len(chances))
    sizes, headings = evidence.own(looks.sizes), evidence.own(looks.heading)
    above2, above, _, next_, next2 = _around(chances)
    below = np.maximum.accumulate(chances[::-1])[::-1]
    after = (places > last).astype(float)

    def share(group: Numbers) -> Column:
        return _others(_of(group, indexes), chances, sizes)

    return {
        "odds": np.clip(odds, -6, 6),
        "chance": chances,
        "chance above": above,
        "chance next": next_,
        "chances above": (above + above2) / 2,
        "chances next": (next_ + next2) / 2,
        "chance between": np.minimum(above, next_),
        "chance below": np.append(below, 0.0)[1:],
        "chance on path": share(looks.path),
        "chance in parent": share(looks.parent),
        "chance on tail": share(looks.tail),
        "before the first": (places < first).astype(float),
        "after the last": after,
        "short after the last": after * (sizes < 80),
        "heading of text": headings * next_,
        "heading of none": headings * (1 - next_),
    }


def ends_sentence(line: str) -> bool:
    """Whether a line ends as a sentence does; in a script without stops, whether it is as long as one."""
    if SENTENCE_END.search(line, max(0, len(line) - _ENDING)):
        return True
    return len(line) >= _UNSTOPPED_MIN and not line.isascii() and _UNSTOPPED.search(line, len(line) - 8) is not None


def _wide(line: str) -> int:
    """How many Han, Kana and Hangul letters a line has."""
    return 0 if line.isascii() else len(_WIDE.findall(line))


def _below_comments(lines: Sequence[Block], prose: Column) -> NDArray[np.bool_]:
    """Which lines stand in an element below the first prose that opens with a heading for readers' comments."""
    opened: set[Element] = set()
    texts = [line.index for line in lines if prose[line.index]]
    for above, line in pairwise(lines):
        is_heading = line.tag in HEADINGS and _COMMENTS.fullmatch(line.text) is not None
        if is_heading and texts and texts[0] < line.index and line.parent not in above.ancestors:
            opened.add(line.parent)
    return np.array([bool(opened) and not opened.isdisjoint(line.ancestors) for line in lines], bool)


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
    holders = [e for e in reversed(longest.ancestors) if e.tag not in ("p", "li", *HEADINGS)]
    found = next(e for e in holders if weights[e] >= _CONTAINER * total)
    if weights[found] < total:
        # A text may be printed in several elements alike, of which one holds most.
        kept = [block for block, verdict in zip(blocks, verdicts, strict=True) if verdict]
        paths = {block.path for block in kept if found in block.ancestors}
        alike = [block for block in kept if block.path in paths]
        found = next(e for e in holders if all(e in block.ancestors for block in alike))
    return found


def _densest(blocks: Sequence[Block], sizes: Iterable[float]) -> Element | None:
    """The element with the most prose right below it; half as much counts a level deeper, and so on (the measure of
    Readability, https://github.com/mozilla/readability)."""
    mass: dict[Element, float] = defaultdict(float)
    for block, size in zip(blocks, sizes, strict=True):
        if size:
            for element, share in zip(reversed(block.ancestors[:-1]), (1.0, 0.5, 0.25), strict=False):
                mass[element] += share * size
    return max(mass, key=lambda element: mass[element], default=None)


def _numbers(keys: Iterable[Hashable]) -> Numbers:
    """A number for each key, equal keys the same."""
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], np.int64)


def _others(group: Numbers, verdicts: Column, sizes: Column) -> Column:
    """For each block the share of text that a witness keeps among the others of its group; 0.5 where it stands alone.
    100 characters of doubt."""
    kept = verdicts * sizes
    shares: Column = (np.bincount(group, kept)[group] - kept + 50) / (np.bincount(group, sizes)[group] - sizes + 100)
    return shares


def _around(values: Column) -> list[Column]:
    """For each block the values of the second above, the one above, its own, the next and the second next; 0 beyond."""
    padded = np.zeros(len(values) + 4)
    padded[2:-2] = values
    return [padded[i : i + len(values)] for i in range(5)]


def _of(values: NDArray[Any], indexes: range) -> NDArray[Any]:
    return values[indexes.start : indexes.stop]


def _inside(blocks: Sequence[Block], element: Element | None) -> Column:
    """1 for each block that stands in the element."""
    known: dict[Element, bool] = {}
    for block in blocks:
        own = block.ancestors[-1]
        if own not in known:
            known[own] = element in block.ancestors
    return np.array([known[block.ancestors[-1]] for block in blocks], float)


def in_other_article(blocks: Sequence[Block], around: frozenset[Element]) -> list[bool]:
    """Whether each block stands in an <article> that does not hold the body; being one itself does not count."""
    known: dict[Element, bool] = {}
    found = []
    for block in blocks:
        parent = block.ancestors[-2:-1]
        if parent not in known:
            known[parent] = " article." in block.path and any(
                e.tag == "article" and e not in around for e in block.ancestors[:-1]
            )
        found.append(known[parent])
    return found
