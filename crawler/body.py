"""A page's blocks -> those that are the article's body.

Witnesses say of every block whether it is text of the article: trafilatura's main text, the publisher's JSON-LD
articleBody, the look of the block itself (prose, links, heading), and where it stands: blocks that share a parent or a
DOM path are mostly all text or all furniture. A logistic sum weighs them. What comes out are always blocks of the page,
in their order: a paragraph is never broken, joined or invented.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import lxml.etree
import trafilatura
from trafilatura.settings import Document

from crawler import captions, text
from crawler.blocks import HEADINGS, Block
from crawler.markup import Element

#: Share of the body's text that its container must hold; the rest (a standfirst, a box) may stand outside.
_CONTAINER = 0.8
#: More elements than this are not given to trafilatura, whose time grows faster than the page.
_MAX_ELEMENTS = 60_000

#: Elements without text of the article.
_BALLAST = ("script", "style", "svg", "noscript", "iframe", "template", "nav", "link", "meta", "select", "button")

_SENTENCE_END = re.compile(r"[.!?…:;。！？।॥؟۔։።][\"'”’»“›)\]」』]*$")

#: Log odds of each witness: logistic regression (L2) over the blocks of 249 annotated news pages, each page with equal
#: weight. On sites held out of the fit (8 folds) F1 is up to 0.006 lower than on those it was fitted to.
WEIGHTS = {
    "bias": -5.4,
    "extracted": 0.7,
    "stated": 1.1,
    "not stated": -1.5,
    "described": 3.0,
    "path": 2.3,
    "parent": 0.9,
    "prose on path": -0.2,
    "neighbours": 2.3,
    "inside": 0.5,
    "between": 0.7,
    "prose": 0.6,
    "prose on a path with text": 0.9,
    "prose in thin": 2.2,
    "other article": -2.6,
    "links": -1.9,
    "short": -0.2,
    "length": 1.3,
    "sentence": 0.1,
    "heading": 0.6,
    "list": -1.0,
    "paragraph": 0.9,
    "table": -1.5,
    "picture": -3.5,
    "aside": -1.0,
    "byline": -3.1,
    "standfirst": 0.1,
    "header": 0.8,
    "thin": -0.2,
}


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
    rows: Mapping[int, Mapping[str, float]]  #: of each block that can be body, by its index: each witness's word, 0 to 1
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
    own: Sequence[Element] = (),
) -> Body | None:
    """The body among the page's `blocks`; None when the page has none.

    `extracted` is trafilatura's text, `stated` the JSON-LD articleBody (either may be ""); `title` is the block that
    prints the headline; `own` are the elements that the publisher's selector names as the body.
    """
    if own:
        around = frozenset((own[0], *own[0].iterancestors()))
        pictures = captions.find(blocks, around)
        inside = tuple(b for b in blocks if b.index not in pictures and not set(own).isdisjoint(b.ancestors))
        return Body(inside, own[0], around, pictures) if inside else None
    evidence = witnesses(blocks, extracted=extracted, stated=stated, descriptions=descriptions, title=title)
    return judge(evidence, WEIGHTS) if evidence else None


def judge(evidence: Evidence, weights: Mapping[str, float]) -> Body | None:
    """The blocks that the weighted witnesses vote for."""
    chosen = tuple(
        evidence.blocks[i]
        for i, row in evidence.rows.items()
        if sum(weights[name] * value for name, value in row.items()) > 0
    )
    if not chosen:
        return None
    return Body(chosen, evidence.container, evidence.around, evidence.pictures)


def witnesses(
    blocks: Sequence[Block], *, extracted: str, stated: str, descriptions: Sequence[str], title: Block | None
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
    found = sum(v * s for v, s in zip(verdicts, sizes, strict=True))
    dense = sum(p * s for p, s in zip(prose, sizes, strict=True))
    container = _container(blocks, verdicts if found else prose)
    if container is None:
        return None
    around = frozenset((container, *container.iterancestors()))
    pictures = captions.find(blocks, around)
    summaries = [text.squash(d) for d in descriptions]
    by_path = _Shares((block.path, verdict, size) for block, verdict, size in zip(blocks, verdicts, sizes, strict=True))
    by_parent = _Shares(
        (_parent(block), verdict, size) for block, verdict, size in zip(blocks, verdicts, sizes, strict=True)
    )
    prose_by_path = _Shares((block.path, p, size) for block, p, size in zip(blocks, prose, sizes, strict=True))
    start = title.index if title is not None else -1
    if sum(v * s for v, s in zip(verdicts[:start], sizes, strict=False)) > 0.5 * found:
        start = -1  # a line below the text repeats the headline
    inside = [i for i, block in enumerate(blocks) if verdicts[i] and container in block.ancestors]
    first, last = (inside[0], inside[-1]) if inside else (0, len(blocks))
    rows = {}
    # What stands before the headline or far below the last text that anyone saw is not looked at.
    for i in range(start + 1, min(last + 20, len(blocks))):
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
            "prose on path": prose_by_path.others(block.path, prose[i], sizes[i]),
            "neighbours": (sum(verdicts[max(0, i - 2) : i]) + sum(verdicts[i + 1 : i + 3])) / 4,
            "inside": float(container in block.ancestors),
            "between": float(first <= i <= last),
            "prose": prose[i],
            "prose on a path with text": prose[i] * float(by_path.any(block.path)) * (i > start),
            "prose in thin": prose[i] * float(found < 0.4 * dense) * (i > start),
            "other article": float(any(e.tag == "article" and e not in around for e in block.ancestors[:-1])),
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
    """The block between headline and text that sums the article up: marked as such, or the text of a description."""
    start = title.index + 1 if title is not None else max(0, body.blocks[0].index - 6)
    for block in blocks[start : body.blocks[0].index + 1]:
        roles = block.roles(body.around)
        if (
            block.index in body.pictures
            or "byline" in roles
            or len(block.text) < 30
            or block.links > 0.6 * len(block.text)
        ):
            continue
        if "standfirst" in roles or any(text.same(block.text, d) for d in descriptions):
            return block
    return None


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
