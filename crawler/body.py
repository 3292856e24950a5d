"""A page's blocks -> those that are the article's body.

trafilatura's main text says which blocks it takes for the article; the page's own structure then corrects it. Blocks
that share a DOM path are mostly all text or all furniture, so each block's score is its own verdict blended with the
mean of its path; the publisher's JSON-LD articleBody, where there is one, is a third witness. What the output holds are
always blocks of the page, in their order: a paragraph is never broken, joined or invented.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import trafilatura

from crawler import text
from crawler.blocks import Block
from crawler.markup import Element

#: Elements in which no body text stands, whatever the extractor says.
_NEVER = frozenset(("nav", "footer", "caption", "credit", "figcaption", "figure"))
_RARELY = frozenset(("aside", "byline", "header"))
#: Share of the body's text that its container must hold; the rest (a standfirst, a box) may stand outside.
_CONTAINER = 0.75
#: More elements than this are not given to trafilatura, whose time grows faster than the page.
_MAX_ELEMENTS = 60_000


@dataclass(frozen=True, slots=True)
class Body:
    """The choice: blocks in order, and the element that holds (nearly) all of them."""

    blocks: tuple[Block, ...]
    container: Element


def main_text(tree: Element) -> str:
    """trafilatura's main text, a paragraph a line; "" when it finds none or gives up on the page."""
    if sum(1 for _ in tree.iter()) > _MAX_ELEMENTS:
        return ""
    try:
        document = trafilatura.bare_extraction(
            tree, favor_precision=True, include_comments=False, include_tables=True, with_metadata=False, fast=True
        )
    except (RecursionError, ValueError, TypeError, AttributeError, AssertionError, IndexError, KeyError):
        return ""  # deep or broken markup: the page's structure has to do alone
    return str(document.text) if document is not None and document.text else ""


def choose(tree: Element, blocks: Sequence[Block], *, extracted: str, stated: str, headline: str, title: Block | None, own: Sequence[Element] = ()) -> Body:
    """The body among the page's `blocks`.

    `extracted` is trafilatura's text, `stated` the JSON-LD articleBody (either may be ""); `title` is the block that
    holds the headline on the page; `own` are the elements that the publisher's selector names as the body.
    """
    if own:
        inside = [b for b in blocks if not set(own).isdisjoint(b.ancestors) and _NEVER.isdisjoint(b.roles)]
        return Body(tuple(inside), own[0])
    keys = [text.squash(block.text) for block in blocks]
    verdicts = _verdicts(blocks, keys, extracted, stated)
    heading = text.squash(headline)
    start = title.index if title is not None else -1
    weights: dict[Element, float] = defaultdict(float)
    total = 0.0
    for block, verdict in zip(blocks, verdicts, strict=True):
        if verdict > 0 and _NEVER.isdisjoint(block.roles):
            total += verdict * len(block.text)
            for element in block.ancestors:
                weights[element] += verdict * len(block.text)
    if not total:
        return Body((), tree)
    container = next(e for e in reversed(_longest(blocks, verdicts).ancestors) if weights[e] >= _CONTAINER * total)
    shares = _shares(blocks, verdicts, container)
    chosen = []
    for block, verdict, key in zip(blocks, verdicts, keys, strict=True):
        if block.index <= start or not _NEVER.isdisjoint(block.roles) or (heading and key == heading):
            continue
        inside = container in block.ancestors
        score = 0.5 * verdict + 0.5 * shares.get(_path(block, container), 0.0) if inside else 0.5 * verdict
        if not _RARELY.isdisjoint(block.roles - _roles_of(container, block)):
            score -= 0.3
        if block.links > 0.6 * len(block.text):
            score -= 0.3
        if score >= 0.5:
            chosen.append(block)
    return Body(tuple(chosen), container)


def _verdicts(blocks: Sequence[Block], keys: Sequence[str], extracted: str, stated: str) -> list[float]:
    """Between 0 (not in any witness's text) and 1, for each block."""
    lines = {text.squash(line.lstrip("-| ")) for line in extracted.splitlines()}
    whole = text.squash(extracted)
    statement = text.squash(stated)
    # An articleBody cut short, or one that is a mere summary, testifies for what it holds, not against the rest.
    complete = len(statement) >= 0.6 * len(whole)
    verdicts = []
    for block, key in zip(blocks, keys, strict=True):
        if not key:
            verdicts.append(0.0)
            continue
        ours = key in lines or (len(key) >= 25 and key in whole)
        if len(statement) < 200:
            verdicts.append(float(ours))
            continue
        theirs = len(key) >= 12 and key in statement
        if theirs:
            verdicts.append(1.0)
        else:
            verdicts.append(0.6 * ours if complete and len(key) >= 40 else float(ours))
    return verdicts


def _longest(blocks: Sequence[Block], verdicts: Sequence[float]) -> Block:
    return max(zip(blocks, verdicts, strict=True), key=lambda pair: pair[1] * len(pair[0].text) * _NEVER.isdisjoint(pair[0].roles))[0]


def _roles_of(container: Element, block: Block) -> frozenset[str]:
    """Roles that come from around the container, which say nothing about the blocks in it."""
    from crawler.blocks import roles

    found: frozenset[str] = frozenset()
    for element in block.ancestors:
        found |= roles(element)
        if element is container:
            break
    return found


def _path(block: Block, container: Element) -> tuple[str, ...]:
    """Tags and first classes from the container down to the block."""
    at = block.ancestors.index(container) + 1
    return tuple(f"{e.tag}.{(e.get('class') or '').split(' ')[0]}" for e in block.ancestors[at:])


def _shares(blocks: Sequence[Block], verdicts: Sequence[float], container: Element) -> dict[tuple[str, ...], float]:
    kept: dict[tuple[str, ...], float] = defaultdict(float)
    size: dict[tuple[str, ...], float] = defaultdict(float)
    for block, verdict in zip(blocks, verdicts, strict=True):
        if container in block.ancestors:
            path = _path(block, container)
            kept[path] += verdict * len(block.text)
            size[path] += len(block.text)
    return {path: kept[path] / size[path] for path in size}


def standfirst(blocks: Sequence[Block], body: Body, title: Block | None, descriptions: Sequence[str]) -> Block | None:
    """The block between headline and text that sums the article up: marked as such, or the text of a description."""
    if not body.blocks:
        return None
    start = title.index + 1 if title is not None else max(0, body.blocks[0].index - 6)
    for block in blocks[start : body.blocks[0].index + 1]:
        if not _NEVER.isdisjoint(block.roles) or "byline" in block.roles or len(block.text) < 30 or block.links > 0.6 * len(block.text):
            continue
        if "standfirst" in block.roles or any(text.same(block.text, d) for d in descriptions):
            return block
    return None


def surroundings(blocks: Sequence[Block], body: Body, title: Block | None) -> tuple[list[str], list[str]]:
    """The texts of the article's header (12 blocks at most, from the headline on) and of the 5 blocks after the body,
    captions left out: where credits stand that are no part of the body."""
    if not body.blocks:
        return [], []
    last = body.blocks[-1].index
    after = [b.text for b in blocks[last + 1 : last + 9] if _NEVER.isdisjoint(b.roles - {"footer"})]
    return [b.text for b in header(blocks, body, title)], after[:5]


def header(blocks: Sequence[Block], body: Body, title: Block | None) -> list[Block]:
    """The blocks from the headline (itself left out) to the first paragraph, 12 at most, captions left out."""
    if not body.blocks:
        return []
    first = body.blocks[0].index
    start = title.index + 1 if title is not None and title.index < first else max(0, first - 12)
    return [b for b in blocks[start:first] if _NEVER.isdisjoint(b.roles)][-12:]


def times(tree: Element, blocks: Sequence[Block], body: Body, title: Block | None) -> list[Element]:
    """<time> elements and elements with an itemprop date that belong to the article: in its container, or between
    headline and text."""
    found = list(tree.xpath("//time | //*[@itemprop='datePublished'] | //*[@itemprop='dateModified']"))[:60]
    if not found or not body.blocks:
        return found[:3]
    start = title.element if title is not None else body.container
    end = body.blocks[-1].element
    order = {element: i for i, element in enumerate(tree.iter())}
    low, high = min(order[start], order[body.container]), order[end]
    near = [e for e in found if low - 40 <= order[e] <= high or body.container in e.iterancestors()]
    return near
