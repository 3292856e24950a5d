"""The blocks that the odds are for -> with those that go with them: what a template parts from its own text."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, compress, pairwise, takewhile

import numpy as np
from numpy.typing import NDArray

from crawler import furniture
from crawler.blocks import HEADINGS, Block
from crawler.markup import Element
from crawler.witnesses import Column, ends_sentence

DOUBTED = 2.0  #: log odds against a block of prose below which it goes with the text that its element holds besides
_HEADING = 120  #: characters: longer ones are paragraphs that a template prints so
_SEVERAL = 4  #: lines of text that a template prints alike without <p>, and entries of a live blog
_QUOTE_DEPTH = 2  #: elements from a quotation's line to its <blockquote>


def completed(
    lines: Sequence[Block], odds: Column, prose: NDArray[np.bool_], allowed: NDArray[np.bool_], *, live: bool = False
) -> NDArray[np.bool_]:
    """Which lines the odds are for, with what goes with them where it is `allowed`: prose that <br> parts from text in
    one element, of which trafilatura may keep the first part alone, all that stands between two such parts, short
    sentences below, long headings, items of lists, lines that part the text, and what heads entries of a live blog."""
    kept = odds > 0
    elements = {line.ancestors[-1] for line in compress(lines, kept)}
    for place in np.flatnonzero(allowed & ~kept & (odds > -DOUBTED)).tolist():
        beside_text = prose[place] and lines[place].ancestors[-1] in elements
        kept[place] = beside_text or _is_long_heading(lines[place])
    brought = (
        *(_amid(lines, kept), _listed(lines, kept), _quoted(lines, kept)),
        *(_begun(lines, kept, odds), _alike(lines, kept, odds)),
        *((_entered(lines, kept, odds),) if live else ()),
    )
    for place in list(chain.from_iterable(brought)):
        kept[place] = allowed[place] and not furniture.is_furniture(lines[place].text)
    for place in (np.flatnonzero(~kept[1:-1] & kept[:-2] & kept[2:]) + 1).tolist():
        kept[place] = furniture.is_break(lines[place].text)
    return kept


def heads_nothing(last: Block) -> bool:
    """Whether the last block of a text is the heading of what comes next on the page."""
    return last.tag in HEADINGS and len(last.text) < _HEADING and not ends_sentence(last.text)


def _is_long_heading(line: Block) -> bool:
    """Whether a line is text that a template prints as a heading: 18 of 22 such lines of the corpora are."""
    return line.tag in HEADINGS and line.tag != "h1" and len(line.text) >= _HEADING and not line.links


def _amid(lines: Sequence[Block], kept: NDArray[np.bool_]) -> Iterator[int]:
    """Lines between lines of text in one element, which <br> parts: little else is printed there."""
    spans: dict[Element, tuple[int, int]] = {}
    for place in np.flatnonzero(kept).tolist():
        element = lines[place].ancestors[-1]
        first, _ = spans.get(element, (place, place))
        spans[element] = first, place
    parted = {element: span for element, span in spans.items() if span[0] < span[1]}
    for place in np.flatnonzero(~kept).tolist() if parted else ():
        line = lines[place]
        first, last = parted.get(line.ancestors[-1], (place, place))
        if first < place < last and line.links < 0.5 * len(line.text):
            yield place


def _alike(lines: Sequence[Block], kept: NDArray[np.bool_], odds: Column) -> Iterator[int]:
    """Short sentences below and above a line of text that a template prints just like it, where paragraphs are no <p>:
    of those the odds know better, since notes on the author and the like are <p> too. Not where the odds are clearly
    against, twice as clearly where several lines of text are alike."""
    alike = Counter((line.path, line.parent) for line in compress(lines, kept))
    against = [-DOUBTED * (1 + (alike[line.path, line.parent] >= _SEVERAL)) for line in lines]
    yield from _follow(enumerate(lines), kept, odds > against)
    yield from _follow(zip(reversed(range(len(lines))), reversed(lines), strict=True), kept, odds > against)


def _follow(lines: Iterable[tuple[int, Block]], kept: NDArray[np.bool_], allowed: NDArray[np.bool_]) -> Iterator[int]:
    last: Block | None = None
    for place, line in lines:
        if kept[place]:
            last = line
        elif (
            last is not None
            and allowed[place]
            and line.path == last.path
            and line.tag not in ("p", "li", *HEADINGS)
            and line.parent is last.parent
            and not line.links
            and ends_sentence(line.text)
        ):
            yield place
        else:
            last = None


def _listed(lines: Sequence[Block], kept: NDArray[np.bool_]) -> Iterator[int]:
    """The items of lists that stand between paragraphs of the text and are no lists of links."""
    places = np.flatnonzero(kept).tolist()
    for above, below in pairwise(places):
        run = lines[above + 1 : below]
        if any(line.tag != "li" for line in run):
            continue
        lists = {line.parent for line in run}
        if len(lists) == 1 and _stands_beside(lists.pop(), lines[above], lines[below]) and not _are_links(run):
            yield from range(above + 1, below)
    if places:
        yield from _ending(lines, places[-1])


def _ending(lines: Sequence[Block], last: int) -> Iterator[int]:
    """The items of the list that ends a text, right below its last line, without a link."""
    run = list(takewhile(lambda line: line.tag == "li", lines[last + 1 :]))
    lists = {line.parent for line in run}
    if len(run) < 2 or len(lists) > 1 or any(line.links for line in run):
        return
    if _stands_beside(lists.pop(), lines[last]):
        yield from range(last + 1, last + 1 + len(run))


def _stands_beside(element: Element, *around: Block) -> bool:
    """Whether an element stands in the same one as these blocks, or as their own elements do."""
    parent = element.getparent()
    return all(parent in line.ancestors[-2:] for line in around)


def _quoted(lines: Sequence[Block], kept: NDArray[np.bool_]) -> Iterator[int]:
    """Quotations that stand between paragraphs of the text and are no posts of a network."""
    for above, below in pairwise(np.flatnonzero(kept).tolist()):
        run = lines[above + 1 : below]
        quotes = {e for line in run for e in line.ancestors[-_QUOTE_DEPTH:] if e.tag == "blockquote"}
        if len(quotes) != 1 or not all(quotes & set(line.ancestors) for line in run):
            continue
        (quote,) = quotes
        beside = _stands_beside(quote, lines[above], lines[below])
        if beside and not quote.get("class") and not any(line.links for line in run):
            yield from range(above + 1, below)


def _entered(lines: Sequence[Block], kept: NDArray[np.bool_], odds: Column) -> Iterator[int]:
    """Headings and items of lists in the entries of a live blog: elements that a template prints alike, with text."""
    entries = {line.parent: line.path.rpartition(" ")[0] for line in compress(lines, kept)}
    alike = Counter(entries.values())
    for place in np.flatnonzero(~kept & (odds > -2 * DOUBTED)).tolist():
        line = lines[place]
        if (
            (line.tag == "li" or (line.tag in HEADINGS and line.tag != "h1"))
            and not line.links
            and any(alike[entries.get(element, "")] >= _SEVERAL for element in line.ancestors)
        ):
            yield place


def _are_links(items: Sequence[Block]) -> bool:
    """Whether half of a list's text or more is links."""
    return sum(item.links for item in items) >= 0.5 * sum(len(item.text) for item in items)


def _begun(lines: Sequence[Block], kept: NDArray[np.bool_], odds: Column) -> Iterator[int]:
    """The other items of a list of which one is text, and that is no list of links."""
    lists: dict[Element, list[int]] = defaultdict(list)
    for place, line in enumerate(lines):
        if line.tag == "li":
            lists[line.ancestors[-2]].append(place)
    for places in lists.values():
        if kept[places].any() and not _are_links([lines[p] for p in places]):
            yield from (p for p in places if not kept[p] and odds[p] > -DOUBTED)
