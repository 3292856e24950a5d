"""A page's blocks -> those that are the article's body.

Witnesses say of every block whether it is text of the article: trafilatura's main text, the publisher's JSON-LD
articleBody, the look of the block itself (prose, links, heading), and where it stands: blocks that share a parent or a
DOM path are mostly all text or all furniture. A logistic sum weighs them. What comes out are always blocks of the page,
in their order: a paragraph is never broken, joined or invented.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import lxml.etree
import trafilatura
from trafilatura.settings import Document

from crawler import captions, text
from crawler.blocks import HEADINGS, Block
from crawler.markup import Element
from crawler.weights import FIRST, SECOND

#: Share of the body's text that its container must hold; the rest (a standfirst, a box) may stand outside.
_CONTAINER = 0.8
#: More elements than this are not given to trafilatura, whose time grows faster than the page.
_MAX_ELEMENTS = 60_000

#: Elements without text of the article.
_BALLAST = ("script", "style", "svg", "noscript", "iframe", "template", "nav", "link", "meta", "select", "button")

_SENTENCE_END = re.compile(r"[.!?…:;。！？।॥؟۔։።][\"'”’»“›)\]」』]*$")


@dataclass(frozen=True, slots=True)
class Body:
    """The choice: blocks in order, and the element that holds (nearly) all of them."""

    blocks: tuple[Block, ...]
    container: Element
    around: frozenset[Element]  #: the container and what it stands in
    pictures: frozenset[int]  #: indexes of the page's blocks that are captions and credits


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the witnesses say, before it is weighed."""

    blocks: Sequence[Block]  #: all of the page
    rows: Mapping[
        int, Mapping[str, float]
    ]  #: of each block that can be body, by its index: each witness's word, 0 to 1
    container: Element  #: the element that holds the body
    around: frozenset[Element]  #: the container and what it stands in
    pictures: frozenset[int]  #: indexes of captions and credits


def main_text(tree: Element, blocks: Sequence[Block]) -> str:
    """trafilatura's main text, a paragraph a line; "" when it finds none or gives up on the page.

    Its second and third extractor run only where the first finds less than three quarters of the prose among `blocks`.
    Takes out of the tree what trafilatura would only carry along.
    """
    lxml.etree.strip_elements(tree, *_BALLAST, with_tail=False)
    if tree.xpath("count(//*)") > _MAX_ELEMENTS:
        return ""
    prose = sum(len(block.text) for block in blocks if _is_prose(block))
    found = _extract(tree, fast=True)
    return found if len(found) >= 0.75 * prose else _extract(tree, fast=False) or found


def _extract(tree: Element, *, fast: bool) -> str:
    try:
        document = trafilatura.bare_extraction(
            tree, include_comments=False, with_metadata=False, favor_precision=True, fast=fast
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
) -> Body | None:
    """The body among the page's `blocks`; None when the page has none.

    `extracted` is trafilatura's text, `stated` the JSON-LD articleBody (either may be ""); `title` is the block that
    prints the headline; `live` says that the page is a live blog; `own` are the elements that the publisher's selector names as the body.
    """
    if own:
        around = frozenset((own[0], *own[0].iterancestors()))
        pictures = captions.find(blocks, around)
        inside = tuple(b for b in blocks if b.index not in pictures and not set(own).isdisjoint(b.ancestors))
        return Body(inside, own[0], around, pictures) if inside else None
    evidence = witnesses(blocks, extracted=extracted, stated=stated, descriptions=descriptions, title=title, live=live)
    return judge(evidence) if evidence else None


def judge(evidence: Evidence, first: Mapping[str, float] = FIRST, second: Mapping[str, float] = SECOND) -> Body | None:
    """The blocks that the witnesses vote for, heard twice: the second time they know how the page's other blocks were
    judged."""
    odds = [_weigh(row, first) for row in evidence.rows.values()]
    heard = zip(evidence.rows.items(), hearsay(evidence, odds), strict=True)
    chosen = tuple(evidence.blocks[i] for (i, row), more in heard if _weigh(row, second) + _weigh(more, second) > 0)
    return Body(chosen, evidence.container, evidence.around, evidence.pictures) if chosen else None


def _weigh(row: Mapping[str, float], weights: Mapping[str, float]) -> float:
    return sum(weights[name] * value for name, value in row.items())


def hearsay(evidence: Evidence, odds: Sequence[float]) -> list[dict[str, float]]:
    """What the first hearing's log odds say of each row of the evidence: its own, and those of the blocks around it, on
    its path and beside it."""
    blocks = [evidence.blocks[i] for i in evidence.rows]
    sizes = [len(block.text) for block in blocks]
    chances = [1 / (1 + math.exp(-max(-12.0, min(12.0, o)))) for o in odds]
    paths, parents, tails = (
        _Shares((key(block), chance, size) for block, chance, size in zip(blocks, chances, sizes, strict=True))
        for key in (_path, _parent, _tail)
    )
    sure = [i for i, chance in enumerate(chances) if chance > 0.8]
    first, last = (sure[0], sure[-1]) if sure else (0, len(blocks))
    below = [*accumulate(reversed(chances), max, initial=0.0)][::-1][1:]
    padded = [0.0, 0.0, *chances, 0.0, 0.0]
    rows = []
    for i, (block, chance, size) in enumerate(zip(blocks, chances, sizes, strict=True)):
        above2, above, _, next_, next2 = padded[i : i + 5]
        heading = float(block.tag in HEADINGS)
        rows.append(
            {
                "odds": max(-6.0, min(6.0, odds[i])),
                "chance": chance,
                "chance above": above,
                "chance next": next_,
                "chances above": (above + above2) / 2,
                "chances next": (next_ + next2) / 2,
                "chance between": min(above, next_),
                "chance below": below[i],
                "chance on path": paths.others(_path(block), chance, size),
                "chance in parent": parents.others(_parent(block), chance, size),
                "chance on tail": tails.others(_tail(block), chance, size),
                "before the first": float(i < first),
                "after the last": float(i > last),
                "short after the last": float(i > last and size < 80),
                "heading of text": heading * next_,
                "heading of none": heading * (1 - next_),
            }
        )
    return rows


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
    keys = [text.squash(block.text) for block in blocks]
    ours = testimony(keys, extracted)
    statement = text.squash(stated)
    theirs = testimony(keys, stated)
    # An articleBody that is cut short testifies for what it holds, not against the rest.
    complete = len(statement) >= 0.6 * len(text.squash(extracted)) and len(statement) > 200
    prose = [float(_is_prose(block)) for block in blocks]
    verdicts = [max(o, t) for o, t in zip(ours, theirs, strict=True)]
    sizes = [len(block.text) for block in blocks]
    if live:
        verdicts = ours = [max(v, p) for v, p in zip(verdicts, prose, strict=True)]
    found = sum(v * s for v, s in zip(verdicts, sizes, strict=True))
    dense = sum(p * s for p, s in zip(prose, sizes, strict=True))
    container = _container(blocks, verdicts if found else prose)
    if container is None:
        return None
    around = frozenset((container, *container.iterancestors()))
    pictures = captions.find(blocks, around)
    mass: dict[Element, float] = defaultdict(float)
    for block, p, size in zip(blocks, prose, sizes, strict=True):
        if p:
            for element, share in zip(reversed(block.ancestors[:-1]), (1.0, 0.5, 0.25), strict=False):
                mass[element] += share * size
    densest = max(mass, key=lambda e: mass[e], default=None)
    summaries = [text.squash(d) for d in descriptions]
    by_path = _Shares((block.path, verdict, size) for block, verdict, size in zip(blocks, verdicts, sizes, strict=True))
    by_parent = _Shares(
        (_parent(block), verdict, size) for block, verdict, size in zip(blocks, verdicts, sizes, strict=True)
    )
    by_class = _Shares(
        (block.path.rsplit(" ", 1)[-1], verdict, size)
        for block, verdict, size in zip(blocks, verdicts, sizes, strict=True)
    )
    prose_by_path = _Shares((block.path, p, size) for block, p, size in zip(blocks, prose, sizes, strict=True))
    start = title.index if title is not None else -1
    if sum(v * s for v, s in zip(verdicts[:start], sizes, strict=False)) > 0.5 * found:
        start = -1  # a line below the text repeats the headline
    inside = [i for i, block in enumerate(blocks) if verdicts[i] and container in block.ancestors]
    first, last = (inside[0], inside[-1]) if inside else (0, len(blocks))
    rows = {}
    # What stands before the headline or far below the last text that anyone saw is not looked at.
    end = max((i for i, p in enumerate(prose) if p), default=last)
    for i in range(start + 1, min(max(last, end) + 20, len(blocks))):
        block = blocks[i]
        roles = block.roles(around)
        rows[i] = {
            "bias": 1.0,
            "extracted": ours[i],
            "stated": theirs[i] if complete else 0.5 * theirs[i],
            "not stated": float(complete and not theirs[i] and sizes[i] >= 60 and block.tag not in HEADINGS),
            "described": float(i > start and any(text.same_key(keys[i], d) for d in summaries)),
            "path": by_path.others(block.path, verdicts[i], sizes[i]),
            "parent": by_parent.others(_parent(block), verdicts[i], sizes[i]),
            "class": by_class.others(block.path.rsplit(" ", 1)[-1], verdicts[i], sizes[i]),
            "furniture": float(text.is_furniture(block.text)),
            "all link": float(block.links >= 0.9 * sizes[i]),
            "outside after": float(i > last and container not in block.ancestors),
            "linked heading": float(block.tag in HEADINGS and block.links > 0.4 * sizes[i]),
            "under linked heading": float(
                i > 0 and blocks[i - 1].tag in HEADINGS and blocks[i - 1].links > 0.4 * sizes[i - 1]
            ),
            "dense": float(densest in block.ancestors),
            "dense prose": prose[i] * float(densest in block.ancestors),
            "next": verdicts[i + 1] if i + 1 < len(blocks) else 0.0,
            "prose on path": prose_by_path.others(block.path, prose[i], sizes[i]),
            "neighbours": (sum(verdicts[max(0, i - 2) : i]) + sum(verdicts[i + 1 : i + 3])) / 4,
            "inside": float(container in block.ancestors),
            "between": float(first <= i <= last),
            "prose": prose[i],
            "prose on a path with text": prose[i] * float(by_path.any(block.path)) * (i > start),
            "prose in thin": prose[i] * float(found < 0.4 * dense) * (i > start),
            "other article": float(
                not live and any(e.tag == "article" and e not in around for e in block.ancestors[:-1])
            ),
            "links": block.links / sizes[i],
            "short": float(sizes[i] < 40),
            "length": min(sizes[i], 400) / 400,
            "sentence": float(bool(_SENTENCE_END.search(block.text))),
            "heading": float(block.tag in HEADINGS),
            "list": float(block.tag == "li"),
            "paragraph": float(block.tag == "p"),
            "table": float("table" in roles),
            "picture": float(i in pictures),
            "aside": float(not roles.isdisjoint(("aside", "nav", "footer"))),
            "byline": float("byline" in roles),
            "standfirst": float("standfirst" in roles),
            "header": float("header" in roles),
            "thin": float(found < 0.4 * dense),
        }
    return Evidence(blocks, rows, container, around, pictures)


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


def _path(block: Block) -> str:
    return block.path


def _tail(block: Block) -> str:
    return " ".join(block.path.rsplit(" ", 2)[-2:])


def _parent(block: Block) -> Hashable:
    parent: Hashable = block.ancestors[-2] if len(block.ancestors) > 1 else block.ancestors[-1]
    return parent


class _Shares:
    """Share of text that a witness keeps among blocks with one key."""

    def __init__(self, rows: Iterable[tuple[Hashable, float, int]]) -> None:
        self._kept: dict[Hashable, float] = defaultdict(float)
        self._size: dict[Hashable, float] = defaultdict(float)
        for key, verdict, size in rows:
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
    marked: Block | None = None
    plain: Block | None = None
    for block in blocks[start : first + 1]:
        roles = block.roles(body.around)
        if (
            block.index in body.pictures
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
            and block.index < first
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
