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
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, compress, pairwise, takewhile
from typing import Any

import lxml.etree
import numpy as np
import trafilatura
from numpy.typing import NDArray
from trafilatura.settings import Document

from crawler import agencies, captions, furniture, markup, profiles, scripts, text
from crawler.blocks import HEADINGS, Block, right_above, roles_of
from crawler.markup import Element
from crawler.profiles import Profile
from crawler.weights import ALONE_FIRST, ALONE_SECOND, FIRST, SECOND

#: Share of the body's text that its container must hold; the rest (a standfirst, a box) may stand outside.
_CONTAINER = 0.8
#: More elements than this are not given to trafilatura, whose time grows faster than the page.
_MAX_ELEMENTS = 60_000

_QUOTE_DEPTH = 2  #: elements from a quotation's line to its <blockquote>
_CARDS = 3  #: paragraphs below linked headings from which on they may be cards
#: Share of a line, and characters of it, from which on it is a link and nothing else: among the lines of text found on
#: 336 pages there were eight such, all of them promotions.
_ALL_LINK, _LINK_MIN = 0.9, 15
_HEADING_WORDS = 5  #: of a heading that sums the text up; shorter ones name a section
_CARDED = 0.5  #: share of the text that cards are less than
_HEADING = 120  #: characters: longer ones are paragraphs that a template prints so
_LONG, _BRIEF = 80, 40  #: characters of a line of prose, and on a page that has little but shorter ones
_SURE = 12.0  #: log odds
_DOUBTED = 2.0  #: log odds against a block of prose below which it goes with the text that its element holds besides
_OPENING = 40  #: characters that are equal in what `text.same_key` calls the same, if they are so many
_MOST = 0.5  #: share of the text in doubt from which on trafilatura has misled, if without it there is little
_HARDLY_ANY = 300  #: characters of a body, below which trafilatura is not heard if there is twice as much without it
_CUT_SHORT = 60  #: letters and digits of a description from which on a line that begins with it is it
#: What a Han, Kana or Hangul letter says takes as much more in an alphabet.
_WIDE = re.compile(f"[{scripts.EASTERN}]")
_WIDTH = 1.5
_ASIDES = frozenset(("aside", "nav", "footer"))

#: Elements that trafilatura drops first thing; dropped before it copies the tree. Figures stay, for their pictures.
BALLAST = (
    *("script", "style", "svg", "noscript", "iframe", "template", "nav", "link", "meta", "select", "button"),
    *("aside", "footer", "audio", "video", "object", "embed", "canvas", "map", "menu", "dialog", "textarea"),
    *("input", "label", "fieldset", "math"),
)

#: Thai and Lao write no full stops: a line as long as a sentence is one.
_UNSTOPPED = re.compile(rf"[{scripts.UNSTOPPED}][{scripts.CLOSING}]*$")
_UNSTOPPED_MIN = 60
#: The end of a sentence, an agency's mark behind it ("… he said. – AP", "… said. (Reuters)").
_ENDING = 60  #: characters in which it is looked for
_SENTENCE_END = re.compile(
    rf"[:;{scripts.STOPS}][{scripts.CLOSING}]*(?:\s(?:[–—-]{{1,2}}\s?|\()[^\W\d_][^.!?–—()]{{1,24}}\)?)?$"
)


_ABOVE = 6  #: blocks above a headline among which the date may stand
_CLOSING = 7  #: blocks below a text among which its <footer> may stand
_TIMES_MAX = 1000  #: of a page that are looked at: some print one beside each teaser of their menus
#: By way of the attributes, which takes half the time of asking each element.
_TIMES = lxml.etree.XPath(
    "descendant::time | descendant::abbr[contains(@title, '-')] | "
    "descendant::*/@itemprop[.='datePublished' or .='dateCreated']/.."
)

#: The heading of readers' comments, with their number or without: "Comments (12)". "Kommentar" stands over opinions.
_COMMENTS = re.compile(
    r"[\W\d_]*(?:(?:leser|reader |all |user )?(?:comments|kommentare|commentaires|comentarios|comentários|commenti|"
    r"reacties|kommentarer|kommentit|komentarze|komentáře|komentári|hozzászólások|comentarii|komentari|комментарии|"
    r"коментарі|коментари|σχόλια|yorumlar|komentar|bình luận|تعليقات|التعليقات|نظرات|תגובות|ความคิดเห็น)|评论|評論|"
    r"留言|コメント|댓글)[\W\d_]*",
    re.IGNORECASE,
)

Column = NDArray[np.float64]
Numbers = NDArray[np.int64]

#: A page whose blocks are judged without trafilatura, if no more of the text is in doubt than this: seven of ten pages,
#: a third of the time. Their text is as good as with it (docs/extraction.md).
MOST_DOUBT = 0.045
_LONGEST_DOUBTED = 400  #: characters of a block that count for doubt: a long paragraph weighs no more than this


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

    @property
    def lines(self) -> Sequence[Block]:
        """The blocks that can be body."""
        return self.looks.blocks[self.indexes.start : self.indexes.stop]


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


def choose(
    tree: Element,
    blocks: Sequence[Block],
    *,
    stated: str,
    descriptions: Sequence[str],
    title: Block | None,
    live: bool = False,
    own: Sequence[Element] = (),
    profile: Profile | None = None,
) -> Body | None:
    """The body among the page's `blocks`; None when the page has none.

    `tree` is the page, from which goes what is never text; `stated` is the JSON-LD articleBody (may be ""); `title` is
    the block that prints the headline; `live` says that the page is a live blog; `own` are the elements that the
    publisher's selector names as the body; `profile` is what the publisher's earlier articles say.
    """
    lxml.etree.strip_tags(tree, "source")  # which libxml2 does not close: the <img> of a <picture> stands in it
    lxml.etree.strip_elements(tree, *BALLAST, with_tail=False)
    if own:
        return _owned(blocks, own, profile)
    looks = look(blocks)
    said = partial(witnesses, looks, stated=stated, descriptions=descriptions, title=title, live=live)
    alone = said(None)
    if alone:
        odds = hear(alone, ALONE_FIRST, ALONE_SECOND)
        if doubt(alone, odds) <= MOST_DOUBT:
            return judge(alone, odds, profile)
    evidence = said(main_text(tree))
    if not evidence:
        return judge(alone, odds, profile) if alone else None
    heard = hear(evidence, FIRST, SECOND)
    found = judge(evidence, heard, profile)
    if not alone:
        return found
    without = judge(alone, odds, profile)
    # trafilatura finds nothing on some pages, on others a first line, or what stands below the article or beside it.
    with_it, without_it = doubt(evidence, heard), doubt(alone, odds)
    if not found or with_it > _MOST > 4 * without_it or _passes_over(found, tree, blocks):
        return without
    if not without:
        return found
    if {b.index for b in without.blocks}.isdisjoint(b.index for b in found.blocks):
        carded = _length([b for b in found.blocks if looks.below[b.index]])
        return without if carded > _CARDED * _length(found.blocks) or with_it > without_it else found
    is_shorter = _length(found.blocks) < _HARDLY_ANY and _length(without.blocks) > 2 * _length(found.blocks)
    return without if is_shorter else found


def _passes_over(found: Body, tree: Element, blocks: Sequence[Block]) -> bool:
    """Whether the page's microdata names an element as its articleBody that holds more text than was found, none of
    which stands in it. 58 of 61 pages with such an element have their text there, two nothing at all."""
    marked = set(tree.iterfind(".//*[@itemprop='articleBody']"))
    if not marked or any(not marked.isdisjoint(block.ancestors) for block in found.blocks):
        return False
    return _length(b for b in blocks if not marked.isdisjoint(b.ancestors)) > _length(found.blocks)


def _length(blocks: Iterable[Block]) -> int:
    return sum(len(block.text) for block in blocks)


def _owned(blocks: Sequence[Block], own: Sequence[Element], profile: Profile | None) -> Body | None:
    around = frozenset((own[0], *own[0].iterancestors()))
    pictures = captions.find(blocks, around)
    inside = [b for b in blocks if b.index not in pictures and not set(own).isdisjoint(b.ancestors)]
    boilerplate = profile.boilerplate(blocks) if profile else frozenset()
    kept = tuple(b for b in inside if b.index not in boilerplate or agencies.is_credit_line(b.text)) or tuple(inside)
    layout = profiles.layout(inside, np.full(len(inside), np.inf))
    return Body(kept, own[0], around, pictures, boilerplate, layout) if kept else None


def hear(evidence: Evidence, first: Mapping[str, float], second: Mapping[str, float]) -> Column:
    """The log odds of each block that can be body. The witnesses are heard twice: the second time they know how the
    page's other blocks were judged."""
    odds = weigh(evidence.columns, first)
    return weigh({**evidence.columns, **hearsay(evidence, odds)}, second)


def doubt(evidence: Evidence, odds: Column) -> float:
    """How much text may be judged wrongly, of the text that is found: 0 where all is certain."""
    chances = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
    sizes = np.minimum(_of(evidence.looks.sizes, evidence.indexes), _LONGEST_DOUBTED)
    return float(sizes @ np.minimum(chances, 1 - chances) / max(1.0, sizes @ chances))


def judge(evidence: Evidence, odds: Column, profile: Profile | None = None) -> Body | None:
    """The blocks whose odds are for them. A profile that would leave nothing of the page is not heard."""
    lines = evidence.lines
    odds = np.where(_teasers(evidence, odds) | _credited(evidence, odds) | evidence.comments, -_SURE, odds)
    if profile:
        against = profile.recurrence(lines)
        # A credit line recurs as well; it is evidence, and leaves the text later.
        spared = [bool(a) and agencies.is_credit_line(line.text) for a, line in zip(against, lines, strict=True)]
        heard = odds + np.where(spared, 0.0, against)
    else:
        heard = odds
    # Without what the profile says of paths: a verdict that it turned would speak for it the next time.
    layout = profiles.layout(lines, heard)
    if profile:
        heard = heard + profile.standing(lines)
    prose = _of(evidence.looks.prose, evidence.indexes) > 0
    # What the profile speaks against is not brought back.
    chosen = tuple(compress(lines, _completed(lines, heard, prose, heard >= odds)))
    while len(chosen) > 1 and _heads_nothing(chosen[-1]):
        chosen = chosen[:-1]
    if not chosen:
        return judge(evidence, odds) if profile else None
    boilerplate = profile.boilerplate(evidence.looks.blocks) if profile else frozenset()
    return Body(chosen, evidence.container, evidence.around, evidence.pictures, boilerplate, layout)


def _heads_nothing(last: Block) -> bool:
    """Whether the last block of a text is the heading of what comes next on the page."""
    return last.tag in HEADINGS and len(last.text) < _HEADING and not _ends_sentence(last.text)


def _teasers(evidence: Evidence, odds: Column) -> NDArray[np.bool_]:
    """Which lines are cards of other articles, or nothing but a link to one. None of them where they are most of the
    text: a list, a live blog."""
    looks, indexes = evidence.looks, evidence.indexes
    sizes = _of(looks.sizes, indexes)
    linked = _of(looks.links, indexes) >= _ALL_LINK * np.maximum(sizes, _LINK_MIN)
    linked &= (_of(looks.sentence, indexes) == 0) & (_of(looks.heading, indexes) == 0)
    for place in np.flatnonzero(linked & (odds > -_DOUBTED)).tolist():
        linked[place] = "://" not in evidence.lines[place].text  # an address that is printed
    cards = _of(looks.card, indexes) | linked
    kept = sizes * (odds > 0)
    return cards if cards @ kept < _CARDED * kept.sum() else np.zeros(len(cards), bool)


def _credited(evidence: Evidence, odds: Column) -> NDArray[np.bool_]:
    """Which lines that may be text are captions for sure: they stand below a picture, and end in its credit or are set
    as captions are."""
    found = np.zeros(len(odds), bool)
    lines = (None, *evidence.lines, None)
    for place in np.flatnonzero(odds > -_DOUBTED).tolist():
        before, line, after = lines[place : place + 3]
        if line is not None and line.index in evidence.pictures and line.image is not None:
            is_held = captions.holder(before, line, after, evidence.around) is not None
            found[place] = is_held or captions.split(line.text)[1] is not None
    return found


def _completed(
    lines: Sequence[Block], odds: Column, prose: NDArray[np.bool_], allowed: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Which lines the odds are for, with what goes with them where it is `allowed`: prose that <br> parts from text in
    one element, of which trafilatura may keep the first part alone, all that stands between two such parts, short
    sentences below, long headings, items of lists, and lines that part the text."""
    kept = odds > 0
    elements = {line.ancestors[-1] for line in compress(lines, kept)}
    for place in np.flatnonzero(allowed & ~kept & (odds > -_DOUBTED)).tolist():
        beside_text = prose[place] and lines[place].ancestors[-1] in elements
        kept[place] = beside_text or _is_long_heading(lines[place])
    brought = (
        *(_amid(lines, kept), _listed(lines, kept), _quoted(lines, kept)),
        *(_begun(lines, kept, odds), _alike(lines, kept, odds)),
    )
    for place in list(chain.from_iterable(brought)):
        kept[place] = allowed[place] and not furniture.is_furniture(lines[place].text)
    for place in (np.flatnonzero(~kept[1:-1] & kept[:-2] & kept[2:]) + 1).tolist():
        kept[place] = furniture.is_break(lines[place].text)
    return kept


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
    against."""
    yield from _follow(enumerate(lines), kept, odds)
    yield from _follow(zip(reversed(range(len(lines))), reversed(lines), strict=True), kept, odds)


def _follow(lines: Iterable[tuple[int, Block]], kept: NDArray[np.bool_], odds: Column) -> Iterator[int]:
    last: Block | None = None
    for place, line in lines:
        if kept[place]:
            last = line
        elif (
            last is not None
            and odds[place] > -_DOUBTED
            and line.path == last.path
            and line.tag not in ("p", "li", *HEADINGS)
            and line.parent is last.parent
            and not line.links
            and _ends_sentence(line.text)
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
            yield from (p for p in places if not kept[p] and odds[p] > -_DOUBTED)


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
    sizes, headings = _of(looks.sizes, indexes), _of(looks.heading, indexes)
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


def _ends_sentence(line: str) -> bool:
    if _SENTENCE_END.search(line, max(0, len(line) - _ENDING)):
        return True
    return len(line) >= _UNSTOPPED_MIN and not line.isascii() and _UNSTOPPED.search(line, len(line) - 8) is not None


def _wide(line: str) -> int:
    """How many Han, Kana and Hangul letters a line has."""
    return 0 if line.isascii() else len(_WIDE.findall(line))


def look(blocks: Sequence[Block]) -> Looks:
    """What the blocks are by themselves."""
    tags = [block.tag for block in blocks]
    letters = np.array([len(block.text) for block in blocks], float)
    sizes = letters + _WIDTH * np.array([_wide(block.text) for block in blocks], float)
    links = np.array([block.links for block in blocks], float) * sizes / letters
    sentence = np.array([_ends_sentence(block.text) for block in blocks], float)
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
        card=(found >= _CARDS) & (found == alike) & (heading == 0),
        path=path,
        parent=_numbers(block.parent for block in blocks),
        class_=_numbers(steps[-1] for steps in ends)[path],
        tail=_numbers(tuple(steps[-2:]) for steps in ends)[path],
        densest=_densest(blocks, (prose * sizes).tolist()),
    )


def witnesses(
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
            "other article": [False] * len(lines) if live else _in_other_article(lines, around),
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
    return Evidence(looks, indexes, columns, container, around, pictures, comments)


def testimony(keys: Sequence[str], words: str) -> Column:
    """1 for each block whose text stands in the witness's text: a short one as a line of its own."""
    if not words:
        return np.zeros(len(keys))
    lines = {text.squash(line) for line in words.splitlines()} - {""}
    whole = text.squash(words)
    return np.array([bool(key) and (key in lines or (len(key) >= 25 and key in whole)) for key in keys], float)


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


def _in_other_article(blocks: Sequence[Block], around: frozenset[Element]) -> list[bool]:
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


def standfirst(blocks: Sequence[Block], body: Body, title: Block | None, descriptions: Sequence[str]) -> Block | None:
    """The block between headline and text that sums the article up: the text of a description (but what is marked as
    such, where that is the first paragraph), else what is marked as such, else the first sentence that stands there,
    else a heading right below the headline with something between it and the text."""
    first = body.blocks[0].index
    start = title.index + 1 if title is not None else max(0, first - 6)
    others = {b.path for b in body.blocks[1:]}
    summaries = [text.squash(d) for d in descriptions]
    marked: Block | None = None
    plain: Block | None = None
    heading: Block | None = None
    between = blocks[start : first + 1]
    own = body.around.union(title.ancestors if title is not None else ())
    cards = Counter(block.path for block in between if _is_carded(blocks, block))
    for block, of_other in zip(between, _in_other_article(between, own), strict=True):
        roles = block.roles(body.around)
        if (
            of_other
            or block.index in body.pictures
            or block.index in body.boilerplate
            or not roles.isdisjoint(("byline", "nav", "footer"))
            or len(block.text) < 30
            or block.links > 0.6 * len(block.text)
        ):
            continue
        if any(_sums_up(block, summary, block.index < first) for summary in summaries):
            # Many sites describe an article by its first paragraph.
            return marked if marked and title is not None and block.index == first else block
        is_below = title is not None and block.index == title.index + 1
        # Other articles' teasers are links, and stand elsewhere.
        is_teaser = is_below and "teaser" in roles and not block.links and _SENTENCE_END.search(block.text) is not None
        if marked is None and ("standfirst" in roles or is_teaser):
            marked = block
        if (
            is_below
            and block.tag in HEADINGS
            and block.index + 1 < first
            and not block.links
            and "aside" not in roles
            and block.path not in others
            and text.count_words(block.text) >= _HEADING_WORDS
            and not furniture.is_furniture(block.text)
            and blocks[block.index + 1].links < _ALL_LINK * len(blocks[block.index + 1].text)
        ):
            heading = block
        if (
            plain is None
            and cards[block.path] < _CARDS
            and title is not None
            and (block.index < first or block.path not in others)
            and 60 <= len(block.text) <= 500
            and block.links < 0.3 * len(block.text)
            and roles.isdisjoint(("aside", "table"))
            and _SENTENCE_END.search(block.text)
            and not furniture.is_furniture(block.text)
        ):
            plain = block
    return marked or plain or heading


def _is_carded(blocks: Sequence[Block], block: Block) -> bool:
    """Whether a block stands right below a heading that is a link: in the card of another article."""
    above = blocks[block.index - 1] if block.index else None
    return above is not None and above.tag in HEADINGS and above.links > 0.4 * len(above.text)


def _sums_up(block: Block, summary: str, is_above: bool) -> bool:
    """Whether a block prints a description, given squashed, which above the text may be but its beginning: many sites
    cut theirs after some 150 characters, in the middle of a word."""
    return text.same_key(block.key, summary) or (
        is_above and len(summary) >= _CUT_SHORT and block.key.startswith(summary)
    )


def region(blocks: Sequence[Block], body: Body | None, title: Block | None) -> Sequence[Block]:
    """The blocks of the article, its header and pictures: from a little above the headline to just below the text."""
    if body is None:
        return blocks[:0]
    first, last = body.blocks[0].index, body.blocks[-1].index
    start = title.index if title is not None and title.index < first else first
    return [*right_above(blocks, start, 8), *blocks[start : last + 4]]


def header(blocks: Sequence[Block], body: Body, title: Block | None) -> list[Block]:
    """The blocks from the headline (itself left out) to the first paragraph, 12 at most, captions left out."""
    first = body.blocks[0].index
    between = (
        blocks[title.index + 1 : first] if title is not None and title.index < first else right_above(blocks, first, 12)
    )
    return [b for b in between if b.index not in body.pictures][-12:]


def footer(blocks: Sequence[Block], body: Body) -> list[Block]:
    """The 5 blocks after the body, captions left out: credit lines stand there."""
    last = body.blocks[-1].index
    return [b for b in blocks[last + 1 : last + 9] if b.index not in body.pictures][:5]


def times(tree: Element, blocks: Sequence[Block], body: Body | None, title: Block | None) -> Iterator[Element]:
    """<time> elements, <abbr> that may be dates and elements with an itemprop date that belong to the article: from
    just above the headline to the end of the text, and in its <footer> or an <aside> above."""
    found: list[Element] = _TIMES(tree)[:_TIMES_MAX]
    if body is None:
        yield from found[:3]
        return
    places = {block.element: block.index for block in blocks}
    first, end = body.blocks[0].index, body.blocks[-1].index
    heading = min(title.index if title is not None else first, first)
    for element in found:
        place = next((places[e] for e in (element, *element.iterancestors()) if e in places), -1)
        if (
            heading - _ABOVE <= place <= end
            # A post of a network that is quoted in the text has a time of its own, as teasers above the headline have.
            and next(element.iterancestors("blockquote"), None) is None
            and (place >= heading or (own := _article(element.iterancestors())) is None or own in body.around)
            and not (element.get("itemprop") and markup.is_of_media(element))
        ):
            yield element
    beside = (_beside(block, body) for block in blocks[max(0, heading - _ABOVE) : end + _CLOSING])
    for element in dict.fromkeys(element for element in beside if element is not None):
        yield from _TIMES(element)[:3]


def _beside(block: Block, body: Body) -> Element | None:
    """The <footer> of the article in which a block stands, or the <aside> above its text. `choose` took both from the
    tree."""
    root = [block.element, *block.element.iterancestors()][-1]
    if root.tag != "footer" and (root.tag != "aside" or block.index > body.blocks[0].index):
        return None
    return root if _article(reversed(block.ancestors)) in body.around else None


def _article(around: Iterable[Element]) -> Element | None:
    """The innermost <article> of the elements around one, innermost first."""
    return next((element for element in around if element.tag == "article"), None)
