"""A page's blocks -> those that are the article's body.

crawler.witnesses says how likely each is text, crawler.completion what goes with it. A profile of the publisher, where
there is one, speaks last and of other pages: what they print as well, and what stands on their paths. What comes out
are always blocks of the page, in their order: a paragraph is never broken, joined or invented.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import compress

import lxml.etree
import numpy as np
from numpy.typing import NDArray

from crawler import agencies, captions, furniture, profiles
from crawler.blocks import Block
from crawler.completion import DOUBTED, completed, heads_nothing
from crawler.markup import Element
from crawler.profiles import Profile
from crawler.weights import ALONE_FIRST, ALONE_SECOND, FIRST, SECOND
from crawler.witnesses import Column, Evidence, doubt, hear, look, main_text, question

#: Share of a line, and characters of it, from which on it is a link and nothing else: among the lines of text found on
#: 336 pages there were eight such, all of them promotions.
ALL_LINK, _LINK_MIN = 0.9, 15
_LABEL = 20  #: characters of a label in front of a link
_CARDED = 0.5  #: share of the text that cards are less than
_SURE = 12.0  #: log odds
_MOST = 0.5  #: share of the text in doubt from which on trafilatura has misled, if without it there is little
_HARDLY_ANY = 300  #: characters of a body, below which trafilatura is not heard if there is twice as much without it

#: Elements that trafilatura drops first thing; dropped before it copies the tree. Figures stay, for their pictures.
BALLAST = (
    *("script", "style", "svg", "noscript", "iframe", "template", "nav", "link", "meta", "select", "button"),
    *("aside", "footer", "audio", "video", "object", "embed", "canvas", "map", "menu", "dialog", "textarea"),
    *("input", "label", "fieldset", "math"),
)

#: A page whose blocks are judged without trafilatura, if no more of the text is in doubt than this: seven of ten pages,
#: a third of the time. Their text is as good as with it (docs/extraction.md).
MOST_DOUBT = 0.045


@dataclass(frozen=True, slots=True)
class Body:
    """The choice: blocks in order, and the element that holds (nearly) all of them."""

    blocks: tuple[Block, ...]
    container: Element
    around: frozenset[Element]  #: the container and what it stands in
    pictures: frozenset[int]  #: indexes of the page's blocks that are captions and credits
    boilerplate: frozenset[int] = frozenset()  #: indexes of blocks that the publisher prints on other pages as well
    layout: bytes = b""  #: of what the choice was made: see crawler.profiles


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
    said = partial(question, looks, stated=stated, descriptions=descriptions, title=title, live=live)
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
    prose = evidence.own(evidence.looks.prose) > 0
    # What the profile speaks against is not brought back.
    chosen = tuple(compress(lines, completed(lines, heard, prose, heard >= odds, live=evidence.live)))
    while len(chosen) > 1 and heads_nothing(chosen[-1]):
        chosen = chosen[:-1]
    if not chosen:
        return judge(evidence, odds) if profile else None
    boilerplate = profile.boilerplate(evidence.looks.blocks) if profile else frozenset()
    return Body(chosen, evidence.container, evidence.around, evidence.pictures, boilerplate, layout)


def _teasers(evidence: Evidence, odds: Column) -> NDArray[np.bool_]:
    """Which lines are cards of other articles, or nothing but a link to one. None of them where they are most of the
    text: a list, a live blog."""
    looks, own = evidence.looks, evidence.own
    sizes = own(looks.sizes)
    linked = own(looks.links) >= ALL_LINK * np.maximum(sizes, _LINK_MIN)
    linked &= (own(looks.sentence) == 0) & (own(looks.heading) == 0)
    for place in np.flatnonzero(linked & (odds > -DOUBTED)).tolist():
        linked[place] = "://" not in evidence.lines[place].text  # an address that is printed
    for place in np.flatnonzero(~linked & (2 * own(looks.links) > sizes) & (odds > -DOUBTED)).tolist():
        line = evidence.lines[place]
        linked[place] = furniture.is_pointer(line.text, line.links) or _points(line)
    cards = own(looks.card) | linked
    kept = sizes * (odds > 0)
    return cards if cards @ kept < _CARDED * kept.sum() else np.zeros(len(cards), bool)


def _points(line: Block) -> bool:
    """Whether a line is a word or two in capitals and a link: "MIRA: The harbour plan goes to the council"."""
    label, colon, title = line.text.partition(":")
    return bool(colon) and len(label) <= _LABEL and label.isupper() and line.links >= ALL_LINK * len(title.strip())


def _credited(evidence: Evidence, odds: Column) -> NDArray[np.bool_]:
    """Which lines that may be text are captions for sure: they stand below a picture, and end in its credit or are set
    as captions are."""
    found = np.zeros(len(odds), bool)
    lines = (None, *evidence.lines, None)
    for place in np.flatnonzero(odds > -DOUBTED).tolist():
        before, line, after = lines[place : place + 3]
        if line is not None and line.index in evidence.pictures and line.image is not None:
            is_held = captions.holder(before, line, after, evidence.around) is not None
            found[place] = is_held or captions.split(line.text)[1] is not None
    return found
