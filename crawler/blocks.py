"""A page's tree -> its text blocks in order: the paragraphs, headings, list items and captions that a reader sees.

A block knows where it stands (its element, the landmarks around it, how much of it is link text), which is what the
choice of the body, the captions and the lines around the body are made from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import lxml.etree

from crawler import text
from crawler.markup import Element

#: A page with more text blocks than this is a list or a trap; the rest is not read.
MAX_BLOCKS = 20_000

#: Never text of the page. `noscript` repeats what scripts show; `button` and form fields are controls.
_UNSEEN = frozenset(
    ["head", "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "button", "select", "option", "textarea", "canvas", "audio", "video", "map", "dialog"]
)
_INLINE = frozenset(
    ["a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img", "ins", "kbd", "label", "mark", "nobr", "picture", "q", "rp", "rt", "ruby", "s", "samp", "small", "source", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "input"]
)
_BLOCK = frozenset(
    ["address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"]
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))

#: Words of class names and ids that say what an element is for. Whole words only: "sharepoint-news" is no share bar.
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_ROLES = {
    "caption": frozenset(["caption", "captions", "figcaption", "bildunterschrift", "legende", "didascalia", "bijschrift"]),
    "credit": frozenset(["credit", "credits", "copyright", "photographer", "photocredit", "imagecredit", "bildnachweis", "fotocredit"]),
    "aside": frozenset(
        ["related", "recommended", "recommendation", "recommendations", "promo", "promos", "newsletter", "sidebar", "comments", "comment", "share", "sharing", "social", "breadcrumb", "breadcrumbs", "navigation", "menu", "footer", "advert", "advertisement", "ads", "teaser", "teasers", "outbrain", "taboola", "subscribe", "subscription", "paywall", "cookie", "consent", "trending", "popular", "readmore", "mostread", "disclaimer", "copyright", "tags", "taglist", "toolbar", "pagination"]
    ),
    "byline": frozenset(["byline", "author", "authors", "autor", "autore", "auteur", "bylines", "writer", "reporter"]),
    "standfirst": frozenset(
        ["standfirst", "lead", "lede", "dek", "deck", "subtitle", "subheadline", "subhead", "excerpt", "teasertext", "intro", "summary", "kicker", "bajada", "entradilla", "chapo", "sommario", "sottotitolo", "ingress", "manchet", "vorspann"]
    ),
}


@dataclass(slots=True)
class Block:
    """One run of text between two block boundaries."""

    text: str  #: whitespace collapsed, one line
    element: Element  #: the innermost block-level element that it stands in
    index: int  #: its place among the blocks of the page
    links: int  #: characters of it that are link text
    ancestors: tuple[Element, ...]  #: from the root to `element`
    roles: frozenset[str]  #: of the elements around it: tags ("nav", "aside", "figure") and the keys of _ROLES

    @property
    def tag(self) -> str:
        return str(self.element.tag)


def roles(element: Element) -> frozenset[str]:
    """What the element's tag, class, id and itemprop say it is for."""
    tag = element.tag
    found = {tag} if tag in ("nav", "aside", "footer", "header", "figure", "figcaption", "blockquote", "table", "h1") else set()
    names = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''} {element.get('role') or ''}"
    if len(names) > 3:
        words = {w.lower() for w in _WORD.findall(names[:300])}
        for role, vocabulary in _ROLES.items():
            if not words.isdisjoint(vocabulary):
                found.add(role)
    return frozenset(found)


def read(tree: Element) -> list[Block]:
    """All visible blocks under `tree`, in document order. Two <br> in a row part blocks like a paragraph does."""
    return list(_walk(tree))


def _hidden(element: Element) -> bool:
    style = element.get("style")
    return bool(style and _HIDDEN_STYLE.search(style)) or element.get("hidden") is not None


def _walk(tree: Element) -> Iterator[Block]:
    stack: list[tuple[Element, frozenset[str]]] = []  # block-level elements that are open, with the roles they add up to
    pieces: list[str] = []
    links = in_link = count = breaks = 0
    walker = lxml.etree.iterwalk(tree, events=("start", "end"))

    def flush() -> Block | None:
        nonlocal pieces, links, count, breaks
        line = text.one_line("".join(pieces)) if pieces else ""
        size, pieces, links, breaks = links, [], 0, 0
        if not line or not stack:
            return None
        count += 1
        return Block(line, stack[-1][0], count - 1, min(size, len(line)), tuple(e for e, _ in stack), stack[-1][1])

    def add(string: str | None) -> None:
        nonlocal links, breaks
        if string and not (breaks and not string.strip()):
            pieces.append(string)
            breaks = 0
            if in_link:
                links += len(string)

    for event, element in walker:
        tag = element.tag
        if not isinstance(tag, str):
            continue
        if event == "start":
            if tag in _UNSEEN or _hidden(element):
                walker.skip_subtree()
                continue
            if tag == "br":
                breaks += 1
                pieces.append(" ")
                if breaks == 2 and (block := flush()):
                    yield block
                continue
            if tag == "a":
                in_link += 1
            if tag in _BLOCK or not (tag in _INLINE or _inside_paragraph(stack)):
                if block := flush():
                    yield block
                stack.append((element, (stack[-1][1] if stack else frozenset()) | roles(element)))
            add(element.text)
        else:
            if tag == "a" and in_link:
                in_link -= 1
            if stack and stack[-1][0] is element:
                if block := flush():
                    yield block
                stack.pop()
            if element is not tree:
                add(element.tail)
        if count >= MAX_BLOCKS:
            return


def _inside_paragraph(stack: list[tuple[Element, frozenset[str]]]) -> bool:
    return bool(stack) and stack[-1][0].tag in ("p", "h1", "h2", "h3", "li")
