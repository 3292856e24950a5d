"""What stands around a body and is of its article: the standfirst, header and footer, pictures, times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import lxml.etree

from crawler import furniture, markup, text
from crawler.blocks import HEADINGS, Block, right_above
from crawler.body import ALL_LINK, Body
from crawler.markup import Element
from crawler.witnesses import CARDS, SENTENCE_END, in_other_article

_HEADING_WORDS = 5  #: of a heading that sums the text up; shorter ones name a section
_CUT_SHORT = 60  #: letters and digits of a description from which on a line that begins with it is it
_ABOVE = 6  #: blocks above a headline among which the date may stand
_CLOSING = 7  #: blocks below a text among which its <footer> may stand
_TIMES_MAX = 1000  #: of a page that are looked at: some print one beside each teaser of their menus
#: By way of the attributes, which takes half the time of asking each element.
_TIMES = lxml.etree.XPath(
    "descendant::time | descendant::abbr[contains(@title, '-')] | "
    "descendant::*/@itemprop[.='datePublished' or .='dateCreated']/.."
)


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
    for block, of_other in zip(between, in_other_article(between, own), strict=True):
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
        is_teaser = is_below and "teaser" in roles and not block.links and SENTENCE_END.search(block.text) is not None
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
            and blocks[block.index + 1].links < ALL_LINK * len(blocks[block.index + 1].text)
        ):
            heading = block
        if (
            plain is None
            and cards[block.path] < CARDS
            and title is not None
            and (block.index < first or block.path not in others)
            and 60 <= len(block.text) <= 500
            and block.links < 0.3 * len(block.text)
            and roles.isdisjoint(("aside", "table"))
            and not _is_one_of_several(block)
            and SENTENCE_END.search(block.text)
            and not furniture.is_furniture(block.text)
        ):
            plain = block
    return marked or plain or heading


def _is_one_of_several(block: Block) -> bool:
    """Whether a block is an item of a list with others: of key points, say, of which none sums the article up."""
    item = next((element for element in block.ancestors[-2:] if element.tag == "li"), None)
    return item is not None and (item.getprevious() is not None or item.getnext() is not None)


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
