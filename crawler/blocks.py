"""A page's tree -> its text blocks in order: the paragraphs, headings, list items and captions that a reader sees.

A block knows where it stands (its element, the landmarks around it, how much of it is link text), which is what the
choice of the body, the captions and the lines around the body are made from.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import lxml.etree

from crawler import scripts, text
from crawler.markup import Element

#: A page with more text blocks than this is a list or a trap; the rest is not read.
MAX_BLOCKS = 20_000


def _words(lines: str) -> frozenset[str]:
    return frozenset(lines.split())


#: Never text of the page. `noscript` repeats what scripts show; `button` and form fields are controls.
_UNSEEN = _words("""
    head script style noscript template svg math iframe object embed button select option textarea canvas audio
    video map dialog
""")
_INLINE = _words("""
    a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr picture q rp rt ruby
    s samp small source span strike strong sub sup time tt u var wbr input
""")
_BLOCK = _words("""
    br address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 h2
    h3 h4 h5 h6 header hgroup hr html legend li main nav ol p pre section summary table tbody td tfoot th thead tr
    ul
""")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
#: Class names, as libraries of styles have them, of what is there for screen readers or is shown while a word is
#: pointed at; and of text for subscribers, whose letters others are given in disguise.
_UNSHOWN = re.compile(
    r"(?:^|[\s_-])(?:sr-only|visually-?hidden|off-?screen|element-invisible|assistive-text|"
    r"screen-?reader(?:-text|-only)?|tooltip-?(?:text|content|body|inner)|"
    r"popover-?(?:content|body|inner)|hover-?card|rollover-(?:block|content|text)|"
    r"obfuscated(?:-(?:content|text))?)(?:$|\s)",
)
_TEXT = 3  #: paragraphs in a hidden element from which on it may be the article
_FORMATS = frozenset(("b", "big", "em", "font", "i", "small", "span", "strong", "u"))
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d$")
_RAISED = frozenset(("sub", "sup"))
_PARAGRAPHS = frozenset(("p", "h1", "h2", "h3", "li"))  # an unknown element in one of these is a part of its line
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
#: Characters of a line that is a paragraph, and that parts one.
_LINE, _LONG_LINE = 80, 120
_SENTENCE_END = re.compile(rf"[{scripts.STOPS}{scripts.UNSTOPPED}][{scripts.CLOSING}]*$")
_EASTERN = re.compile(f"[。！？{scripts.EASTERN}]")
_INDENT = "\u3000"  #: a wide space, which opens a paragraph in Chinese and Japanese
#: Class names of the place that some papers set before a text, apart from it by style alone: "HanoiThe council …"
_PLACE = re.compile(r"(?:^|[\s_-])(?:dateline|location)(?:$|[\s_-])", re.IGNORECASE)
_DENSE = 0.4  #: of the characters that a line has in an alphabet it has so many in Han, Kana or Hangul
_LANDMARKS = frozenset(("nav", "aside", "footer", "header", "figure", "figcaption", "blockquote", "table", "h1"))
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))

#: Words of class names and ids that say what an element is for. Whole words only: "sharepoint-news" is no share bar.
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_COMMENTS = _words("""
    comments commentlist usercomments disqus comentarios commentaires kommentare kommentarer leserkommentare commenti
    reacties komentarze komentari yorumlar
""")
_ROLES = {
    "caption": _words("""
        caption captions figcaption bildunterschrift legende didascalia bijschrift
    """),
    "credit": _words("""
        credit credits copyright photographer photocredit imagecredit bildnachweis fotocredit
    """),
    "aside": _words("""
        related recommended recommendation recommendations promo promos newsletter sidebar comment share
        sharing social breadcrumb breadcrumbs navigation menu footer advert advertisement ads teaser teasers
        outbrain taboola subscribe subscription paywall cookie consent trending popular readmore mostread
        disclaimer copyright tags taglist toolbar pagination
        relacionados relacionadas similaires correlati gerelateerd verwandte aehnliche
        publicidad compartir partager teilen condividi udostepnij paylas etiquetas
    """)
    | _COMMENTS,
    "comments": _COMMENTS,
    "byline": _words("""
        byline author authors autor autore auteur bylines writer reporter contributor contributors journalist firma
        autoria periodista yazar skribent kirjoittaja forfatter penulis
    """),
    "standfirst": _words("""
        standfirst lead lede dek deck subtitle subheadline subhead excerpt teasertext intro summary kicker bajada
        entradilla chapo sommario sottotitolo ingress manchet vorspann copete sumario subtitulo epigraph epigrafe
        catenaccio chapeau perex sapo preamble abstract synopsis
    """),
    "teaser": _words("teaser"),
}
#: Words for pictures. What "lead" or "intro" stands with is the picture above a text, and no standfirst.
PICTURES = _words("""
    photo photos photograph picture pictures pic pics image images img foto fotos fotografia bild bilder imagen imagem
    immagine obraz zdjecie resim
""")
_ROLES_OF = {
    word: tuple(role for role, words in _ROLES.items() if word in words) for word in frozenset().union(*_ROLES.values())
}


@dataclass(slots=True)
class Block:
    """One run of text between two block boundaries."""

    tag: str  #: of the innermost of `ancestors`
    text: str  #: white space collapsed, one line
    key: str  #: `text.squash` of it
    index: int  #: its place among the blocks of the page
    links: int  #: characters of it that are link text
    ancestors: tuple[Element, ...]  #: block-level elements that it stands in, from the root to the innermost
    #: those of `ancestors` that are for something, and what for: see `roles`
    marks: tuple[tuple[Element, frozenset[str]], ...]
    image: Element | None  #: the last <img> since the block before
    below_menu: bool  #: whether a menu stands between it and the block before
    path: str  #: tags and first classes from the root down: equal for elements that a template prints alike

    @property
    def element(self) -> Element:
        return self.ancestors[-1]

    def roles(self, around: Collection[Element] = ()) -> frozenset[str]:
        """What the elements between `around` and the block are for; `around` is an element with its ancestors, or
        nothing. Wrappers of the whole page carry class names of everything in it, so they are best left out."""
        found: set[str] = set()
        for element, mark in reversed(self.marks):
            if element in around:
                break
            found |= mark
        return frozenset(found)

    @property
    def parent(self) -> Element:
        """The block-level element around its own; its own where there is none."""
        return self.ancestors[-2:][0]

    @property
    def own_roles(self) -> frozenset[str]:
        """What its innermost element is for."""
        return self.marks[-1][1] if self.marks and self.marks[-1][0] is self.ancestors[-1] else frozenset()


@functools.lru_cache(maxsize=8192)  # a publisher's pages repeat a few hundred
def roles(tag: str, names: str) -> frozenset[str]:
    """What a tag and the words of class, id, itemprop and role say that an element is for: landmarks by tag ("nav",
    "figure", "h1", …) and the keys of _ROLES."""
    found = {tag} if tag in _LANDMARKS else set()
    named = words_of(names)
    for word in named:
        found.update(_ROLES_OF.get(word, ()))
    if "standfirst" in found and not PICTURES.isdisjoint(named):
        found.remove("standfirst")
    return frozenset(found)


def words_of(names: str) -> list[str]:
    """The words of class names and the like, in lower case."""
    return [word.lower() for word in _WORD.findall(names[:300])]


@functools.lru_cache(maxsize=8192)
def _is_unshown(label: str) -> bool:
    return _UNSHOWN.search(label.lower()) is not None


def roles_of(blocks: Iterable[Block], around: Collection[Element]) -> list[frozenset[str]]:
    """`Block.roles` of each; those in one marked element share them."""
    known: dict[Element, frozenset[str]] = {}
    found = []
    for block in blocks:
        mark = block.marks[-1][0] if block.marks else None
        if mark not in known:
            known[mark] = block.roles(around)
        found.append(known[mark])
    return found


def read(tree: Element) -> list[Block]:
    """All visible blocks under `tree`, in document order, but those of menus, which are <nav> without paragraphs. Two
    <br> in a row part blocks like a paragraph does. Where each <h1> stands in something hidden that holds paragraphs,
    the page is hidden until its scripts run, and that is read."""
    hidden = [[e for e in heading.iterancestors() if _is_hidden(e)] for heading in tree.iter("h1")]
    shown = {e for around in hidden for e in around if len([*islice(e.iter("p"), _TEXT)]) == _TEXT}
    return list(_walk(tree, shown if all(shown.intersection(around) for around in hidden) else frozenset()))


def _is_hidden(element: Element) -> bool:
    return (
        (element.tag in _UNSEEN and element.get("shadowrootmode") is None)
        or element.get("hidden") is not None
        or ((style := element.get("style")) is not None and _HIDDEN_STYLE.search(style) is not None)
        or ((label := element.get("class")) is not None and _is_unshown(label))
    )


def _leads_elsewhere(link: Element) -> bool:
    """Whether a link is more than the name of the heading that it makes up, to which lists of contents lead."""
    if not (link.get("href") or "").startswith("#"):
        return True
    parent = link.getparent()
    return parent is None or parent.tag not in HEADINGS


def right_above(blocks: Sequence[Block], index: int, most: int) -> Sequence[Block]:
    """The blocks right above the one with this index, at most so many, and none that stands above a menu."""
    first = max(0, index - most)
    menu = next((i for i in range(index, first, -1) if blocks[i].below_menu), first)
    return blocks[menu:index]


def _ends_line(br: Element, block: Element, line: str, *, is_first: bool) -> bool:
    """Whether one <br> parts blocks, behind a line that is a paragraph: long, and of whole sentences. Or behind the
    first line where it is one formatted element: a heading, as table layouts and visual editors print it; not so
    within a paragraph."""
    line = line.strip()
    in_paragraph = block.tag in _PARAGRAPHS
    least = _LONG_LINE if in_paragraph else _LINE
    if (len(line) >= least or (len(line) >= least * _DENSE and _EASTERN.search(line[-8:]))) and (
        _SENTENCE_END.search(line[-8:])
    ):
        return True
    before = br.getprevious()
    return (
        is_first
        and before is not None
        and before.tag in _FORMATS
        and not in_paragraph
        and line == "".join(before.itertext()).strip() != ""
    )


def _is_seam(before: str, after: str) -> bool:
    """Whether two pieces of a line are of two words, where elements that styles set apart meet without a space: by the
    letters or figures that meet, or a word in capitals before one that is not."""
    last, first = before[-1], after[0]
    if first.isupper():
        shouted = before[-2:].isalpha() and before[-2:].isupper() and after[1:2].islower()
        return last.islower() or last.isdigit() or (shouted and len(before) > 1)
    return first.isdigit() and (last.islower() or _YEAR.search(before[-5:]) is not None)


def _walk(tree: Element, shown: Collection[Element]) -> Iterator[Block]:
    ancestors: list[Element] = []  # block-level elements that are open
    marks: list[tuple[Element, frozenset[str]]] = []
    tags: list[str] = []  # of these
    paths = [""]
    pieces: list[str] = []
    printed = False  # whether `pieces` hold more than white space
    image: Element | None = None
    menu = False
    links = in_link = count = breaks = 0
    start = 0  # of the line, among `pieces`
    closed = touches = False  # whether an inline element ended with nothing behind it; and another begins right there
    walker = lxml.etree.iterwalk(tree, events=("start", "end"))

    def flush() -> Block | None:
        nonlocal pieces, printed, start, links, count, breaks, image, menu
        line = text.one_line("".join(pieces)) if printed else ""
        size, pieces, printed, start, links, breaks = links, [], False, 0, 0, 0
        if not line or not ancestors:
            return None
        count += 1
        pending, image = image, None
        below, menu = menu, False
        key, size = text.squash(line), min(size, len(line))
        return Block(tags[-1], line, key, count - 1, size, tuple(ancestors), tuple(marks), pending, below, paths[-1])

    for event, element in walker:
        tag = element.tag
        if event == "start":
            if _is_hidden(element) and element not in shown:
                walker.skip_subtree()
                continue
            if tag in _INLINE or (tag not in _BLOCK and tags and tags[-1] in _PARAGRAPHS):
                touches = touches or (closed and tag not in _RAISED)
                if tag == "a":
                    in_link += _leads_elsewhere(element)
                elif tag == "img":
                    image = element
            elif tag == "br":
                breaks += 1
                pieces.append(" ")
                if (
                    breaks == 2
                    or (element.tail or "").lstrip(" \t\r\n").startswith(_INDENT)
                    or (ancestors and _ends_line(element, ancestors[-1], "".join(pieces[start:]), is_first=not start))
                ) and (block := flush()):
                    yield block
                start = len(pieces) if printed else 0
                continue
            else:
                if pieces and (block := flush()):
                    yield block
                if tag == "nav" and next(element.iter("p", "h1"), None) is None:
                    # Of a newspaper's page a tenth of the blocks.
                    menu = True
                    walker.skip_subtree()
                    continue
                label = element.get("class") or ""
                names = f"{label} {element.get('id') or ''} {element.get('itemprop') or ''} {element.get('role') or ''}"
                ancestors.append(element)
                tags.append(tag)
                if mark := roles(tag, names):
                    marks.append((element, mark))
                paths.append(f"{paths[-1]} {tag}.{label.split(' ', 1)[0]}")
            string = element.text
        else:
            if ancestors and ancestors[-1] is element:
                if pieces and (block := flush()):
                    yield block
                ancestors.pop()
                tags.pop()
                if marks and marks[-1][0] is element:
                    marks.pop()
                paths.pop()
            elif tag == "a" and in_link:
                in_link -= _leads_elsewhere(element)
            string = element.tail if element is not tree else None
            closed = not string
        if string:
            if tags and tags[-1] == "pre" and (lines := _BLANK_LINE.split(string))[1:]:
                for line in lines[:-1]:
                    pieces.append(line)
                    printed = printed or not line.isspace()
                    links += len(line) if in_link else 0
                    if block := flush():
                        yield block
                string = lines[-1]
            blank = string.isspace()
            if (
                event == "end"
                and tag == "span"
                and printed
                and string[0].isupper()
                and pieces[-1][-1:].isalpha()
                and _PLACE.search(element.get("class") or "")
            ):
                pieces.append(" ")
            if touches and pieces and _is_seam(pieces[-1], string):
                pieces.append(" ")
            closed = touches = False
            if not (blank and breaks):
                pieces.append(string)
                breaks = 0
                printed = printed or not blank
                if in_link:
                    links += len(string)
        if count >= MAX_BLOCKS:
            return
