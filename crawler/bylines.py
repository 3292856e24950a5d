"""A page's blocks and metadata -> the byline as printed, and the persons who wrote the text.

Persons come from the first source that names any: JSON-LD, <meta>, the printed byline, a line that says "Author: …",
the text's own words (crawler.reporters), the feed, a signature below the text. Structured data that names an
organization counts last, as a desk.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, takewhile

import lxml.etree

from crawler import agencies, authors, captions, dates, furniture, phrases, reporters, scripts, text
from crawler.blocks import HEADINGS, Block
from crawler.body import Body
from crawler.markup import Element
from crawler.metadata import Metadata

#: Fields of <meta> that name authors.
META = """
    author article:author parsely-author dc.creator dcterms.creator byl sailthru.author articleauthor citation_author
    article:author_name article_author
"""
_NO_BYLINE = captions.PICTURE | {"nav", "footer"}
_BY = rf"{authors.OF}\s+"
#: "By Ana Onyx", and not what a form says: "By signing up you agree …".
_SIGNED = re.compile(
    rf"{_BY}(?!(?:signing|submitting|subscribing|registering|clicking|continuing|using|providing|entering)\b)\S",
    re.IGNORECASE,
)
_SIGNED_TOP = 4  #: paragraphs of a text among which it may say who wrote it
_STAMPS, _SHORTEST = 3, 2  #: last paragraphs among which it may say when, of a text of more than so many
_HEADER_LENGTH, _LINE_LENGTH = 100, 80
_LONGEST_NAME = 4  #: words
_PROSE = re.compile(r"(?<!\w)[a-zà-þ]{4,}")  # no line of names alone has a word in small letters that is no particle
_COLONS = ":：،"  #: behind labels
_HANDLE = re.compile(r"\S*@\S+")
_SEGMENT = re.compile(r"\s+[|•·/–—-]\s+")
#: Class names, itemprops and addresses of elements that hold one author.
_MARK = re.compile(r"author|autor(?!e?f|i[sz])|byline|auteur|writer|reporter|journalist|columnist", re.IGNORECASE)
#: … and what these say of him besides: "author-location".
_OF_AUTHOR = re.compile(
    r"(?:^|[\s_-])(?:location|place|city|role|designation|position|job|job-?title|bio)(?:$|[\s_-])", re.IGNORECASE
)
_NAME = re.compile(r"(?:^|[\s_-])(?:name|nom|nombre|nome|naam|imi[eę])(?:$|[\s_-])", re.IGNORECASE)
_PROFILE = re.compile(
    r"author|autor|auteur|person|profil|people|staff|team|journalist|reporter|redakt|contributor|columnist|writer",
    re.IGNORECASE,
)
#: What the pages of a paper's authors stand under.
_PAGES = re.compile(
    r"/(?:authors?|autor(?:en|es|as|i)?|auteurs?|profiles?|profil|journalist\w*|reporters?|contributors?|columnists?|"
    r"redakt\w*|writers?|people|by|editors?|staff|bios?|team)/",
    re.IGNORECASE,
)
#: How a label before an author reads, in a line and in twitter:label1 (which SEO plugins fill).
_ROLE = (
    rf"(?:{authors.LABEL}|作者|执笔|執筆者?|撰文|記者|记者|글쓴이|(?:written|reported|story|words|text) by|"
    r"(?:geschrieben|verfasst) von|(?:écrit|rédigé) par|escrito por|scritto da|geschreven door|skrevet (?:av|af)|"
    r"skriven av|napisan[ea] przez|ditulis oleh)"
)
_LABELLED = re.compile(rf"^{_ROLE}(?:\s?[/&]\s?{_ROLE})?\s*(?:[:：،]\s*|\s)(?P<names>\S.*)$", re.IGNORECASE)
#: Who edited a text did not write it.
_EDITED = re.compile(
    r"^(?:edited by|editor|redaktur|penyunting|editörü?|redakteur|bearbeitet von|редактор|责编|责任编辑)\s*[:：]?\s*"
    r"(?P<names>\S.*)$",
    re.IGNORECASE,
)
#: Below a blog's text; further below, of its comments.
_POSTED = re.compile(r"^(?:posted|published) by\s*:?\s*(?P<names>\S.*)$", re.IGNORECASE)
#: "-- By Ana Onyx, Staff Writer": a text's last line.
_ENDED = re.compile(rf"^[–—-]{{1,2}}\s?{_BY}\S.{{0,60}}$", re.IGNORECASE)
#: "Illustrations: …", "Translated by …"
_OTHERS_LABEL = re.compile(
    rf"\S+(?:\s\S+)?(?:\s?[:：]|\s{_BY}(?=[A-ZÀ-Þ]))|(?i:report(?:ing|ed) (?:from|in)\b|(?:con|com) informa[cç][iõ])"
)
_LABEL = re.compile(rf"^{_ROLE}\s*[:：]?$", re.IGNORECASE)
#: "(avec AFP)", ", mit dpa und Reuters", "(VNA)", "/VNA" behind the name in a signature.
_WITH = re.compile(
    r"(?:,?\s+[(\[]?(?:avec|with|mit|con|com|met|med)\s+|\s?[(\[]|/)(?P<agencies>[^()\[\]/]{2,40})[)\]]?\.?$"
)
#: Where the author was: "Ana Onyx, à Goma".
_FROM = re.compile(r",?\s(?:à|depuis|in|aus|en|desde|em)\s[A-ZÀ-Þ][\w’'-]+(?:\s[A-ZÀ-Þ][\w’'-]+)?$")
_RIGHT = re.compile(r"(?<![A-Za-z])right(?![A-Za-z])")  # no "copyright", no "rightShare"
_NAME_ALONE = re.compile(r"(?:[^\W\d_][\w.’'-]*)(?: [^\W\d_][\w.’'-]*){1,3}")
#: "(Ana Onyx)": a name in brackets.
_BRACKETED = re.compile(r"\([^\W\d_][\w.’'-]*(?: [^\W\d_][\w.’'-]*){1,3}\)")
_AND = re.compile(r"\s*(?:,|/|&|\b(?:and|et|und|y|e|en|och|og)\b)\s*")
_NUMBER = re.compile(r"[\d\W_]+")
_HAN = re.compile(f"[{scripts.HAN}]+")
_NOTE = 3  #: last paragraphs of a text, of which the first may begin the note on its author
_NOTE_NAME = 24  #: characters before the author's name: "Der Ökonom Ana Onyx ist …"
_NOTE_LABEL = 30  #: characters of the line above: "About the author"
_STAFF_LENGTH = 200
_CAPITALISED = r"[A-ZÀ-Þ][\w.’'-]*"
#: "(dmk)", "mahc/rml", "Redaktion: Ana Onyx, Faktencheck: Ben Pyrite", "（编辑：王明）", EFE's "(foto) (vídeo)", and
#: where in the printed paper a text stood, "《人民日报》（2024年3月5日 11版）": whole lines.
_STAFF = re.compile(
    r"\((?-i:[a-zäöüß]{2,4})(?:[/,]\s?(?-i:[a-zäöüß]{2,4}))*\)$|"
    r"(?-i:[a-z]{2,4}(?:/[a-z]{2,5})+|[A-Z]{2,4}(?:/[A-Z]{2,5})+)$|[-–—]\s?\w{1,4}\s?[-–—]$|"
    r"(?:\((?:foto|v[ií]deo|audio|infografía|crónica|resumen|photo)s?\)\W*)+$|"
    rf"edited by\s(?-i:{_CAPITALISED}(?:[\s,/&]+(?:and\s)?{_CAPITALISED})*)\.?$|"
    r"《[^》]{2,14}》\s?[（(]\s?\d{4}\s?年.{4,20}版\s?[)）]$|"
    # the editors of PTI's Hindi service
    r"भाषा(?:\s[^\s।]{1,12}){1,6}$|"
    r"(?:(?:schluss|bild|text)?redaktion|lektorat|übersetzung|faktencheck|mitarbeit|grafik|"
    r"edit(?:ed|ing|or)(?: by)?|fact.?check(?:ed|ing)?(?: by)?|translat(?:ed|ion)(?: by)?|"
    r"copy.?edit(?:ed|ing)?(?: by)?|"
    r"traduction|relecture|édition|traducción|edición|tradução|edição|traduzione|vertaling|eindredactie)\s?:\s|"
    r"[（(【\[]?(?:实习|實習)?(?:责任编辑|責任編輯|责编|責編|编辑|編輯|校对|校對|审核|審核|(?:资料|資料|图片|"
    r"圖片)?来源|資料來源|來源)\s?[:：|]|(?:(?:责任编辑|責任編輯|责编|編輯|编辑|校对|校對|审核|"
    r"審核)\s[\u4e00-\u9fff]{2,4}(?:\s|$))+$",
    re.IGNORECASE,
)
_BEFORE = 6  #: blocks above the headline that may hold the byline
_MANY = 200  #: a line of more pieces is no byline
_REPORTED_BELOW = 2  #: blocks below the text that may name its reporters
_AFTER = 14  #: blocks below the text that may hold a line with a label


@dataclass(frozen=True, slots=True)
class Byline:
    """What the article's header prints of its authors."""

    printed: str | None = None  #: the line, as printed; several with commas between them
    parted: str | None = None  #: the same with a bar around each author that is an element of its own


def without_header(body: Body) -> Body:
    """The body without lines among its first that a header prints elsewhere: who wrote it, and when."""
    if len(body.blocks) <= _SIGNED_TOP:
        return body
    top = [b for b in body.blocks[:_SIGNED_TOP] if not _is_header(b)]
    return body if len(top) == _SIGNED_TOP else replace(body, blocks=(*top, *body.blocks[_SIGNED_TOP:]))


def without_stamps(body: Body) -> Body:
    """The body without those of its last lines that say when it was published."""
    last = max(_SHORTEST, len(body.blocks) - _STAMPS)
    ends = body.blocks[last:]
    kept = [b for b in ends if b.tag in HEADINGS or not dates.is_published(b.text)]
    return body if len(kept) == len(ends) else replace(body, blocks=(*body.blocks[:last], *kept))


def _is_header(block: Block) -> bool:
    line = block.text
    if block.tag in HEADINGS or len(line) > _HEADER_LENGTH:
        return False
    if dates.is_date(line):
        return True
    return line[-1] not in ".!?" and _says_who(line)


def _says_who(line: str) -> bool:
    """Whether a line says who wrote the text and nothing else: "By Ana Onyx @ana", "Autor: Béla Kun"."""
    rest = None if len(line) > _LINE_LENGTH or _EDITED.match(line) else authors.introduced(line)
    if rest is None or _PROSE.search(_HANDLE.sub("", rest)):
        return False
    names = authors.names([line])
    if any(not name.isascii() and len(name.split()) > _LONGEST_NAME for name in names):
        return False  # prose in a script without small letters
    return any(" " in name or not name.isascii() for name in names) or agencies.name(line) is not None


def find(data: Metadata, lines: Sequence[Block], body: Body | None, title: Block | None) -> Byline:
    """The byline of the article's own header: the line that says "By", else the one nearest to the text in an element
    for authors, else an author's element within a line; else the author that <meta> names."""
    near = _near(lines, body, title)
    around = body.around if body else frozenset()
    names = [n for n in (*data.names("author"), *meta(data)) if len(n) > 5]
    marked = [
        b
        for b in reversed(near)
        if _is_for_authors(b, body)
        and not captions.is_credit(b.text)
        and not _is_day(b.text)
        and (authors.split(_parted(b.element, b.text)) or agencies.name(b.text))
    ]
    if len(marked) > 1:
        # Lists of keywords and tools stand in some elements for authors. What stands in one is in the order of the
        # page: a name, and then an office or a place.
        ends = {_byline_around(b, around): b.index for b in near}
        marked.sort(
            key=lambda b: (
                "byline" not in b.own_roles,
                -ends[_byline_around(b, around)],
                not _is_name(b),
                not _is_full(b),
                b.index,
            )
        )
    signed = [b for b in near if _SIGNED.match(b.text) or _says_who(b.text)]
    naming = [b for b in signed + marked if any(n in b.text for n in names)]
    for block in (*naming, *(b for b in marked if b in signed), *signed, *marked):
        if line := _said_within(block) or _dated(block):
            return Byline(line, line)
        together = _together(block, near, marked if block in marked else signed, body)
        printed = [b.text.rstrip(" ,") for b in together] if together[1:] else [block.text]
        return Byline(", ".join(printed), " | ".join(_parted(b.element, b.text) for b in together))
    start = title.index if title else 0
    for block in sorted(near, key=lambda b: b.index < start):
        for element in islice(block.element.iterdescendants("a", "span", "b", "strong", "em", "i"), _MANY):
            is_author = _is_author(element) and not _OF_AUTHOR.search(element.get("class") or "")
            if not is_author and not text.holds_any(element.text or "", _COLONS):
                continue
            line = text.one_line(element.text_content())
            if not is_author and not _says_who(line):
                continue
            if authors.names([line]) or phrases.in_byline(line[: phrases.LONGEST_LINE]):
                return Byline(line, _parted(element, line))
        for segment in _SEGMENT.split(block.text)[1:]:
            if (_SIGNED.match(segment) and authors.names([segment])) or _says_who(segment):
                return Byline(segment, segment)
    stated = next(iter(meta(data)), None)
    linked = None if stated else next(filter(None, map(_linked, near)), None)
    return Byline(stated or linked, stated or linked)


def _is_day(line: str) -> bool:
    """Whether a line says when and nothing else, not who behind a bar: "5/3/2024 | Ana Onyx"."""
    parts = (part for part in line.split("|") if not any(map(str.isdigit, part)))
    return dates.is_date(line) and not any(" " in name for part in parts for name in authors.split(part))


def _dated(block: Block) -> str | None:
    """The author's element that opens a line, where style alone parts it from a day: "By Ana Onyx Mar 5, 2024"."""
    if not any(map(str.isdigit, block.text)):
        return None
    for element in islice(block.element.iterdescendants("span", "b", "strong", "a"), _MANY):
        line = text.one_line(element.text_content()) if _is_author(element) else ""
        rest = block.text[len(line) :]
        if not (line and block.text.startswith(line) and rest[:1] == " " and authors.names([line])):
            continue
        if any(dates.in_words(rest[:_HEADER_LENGTH], "inferred from text")):
            return line
    return None


def _said_within(block: Block) -> str | None:
    """What an element within a line says of who, behind a label, where the line says when as well."""
    if _SIGNED.match(block.text) or not any(map(str.isdigit, block.text)) or not text.holds_any(block.text, _COLONS):
        return None
    elements = islice(block.element.iterdescendants("span", "b", "strong", "em", "i"), _MANY)
    said = (text.one_line(e.text_content()) for e in elements if text.holds_any(e.text or "", _COLONS))
    return next((line for line in said if line != block.text and _says_who(line)), None)


def _together(first: Block, near: Sequence[Block], others: Sequence[Block], body: Body | None) -> Sequence[Block]:
    """The lines of a byline that has one for each author: with `first` those on the same path, as far as the lines
    around it are for authors. A role or a place that stands in between has a path of its own; where it has not, nothing
    tells which of the lines are names."""
    place = near.index(first)

    def is_of_authors(block: Block) -> bool:
        return block in others or _is_for_authors(block, body)

    above = list(takewhile(is_of_authors, reversed(near[:place])))
    run = (*reversed(above), first, *takewhile(is_of_authors, near[place + 1 :]))
    alike = [b for b in run if b.path == first.path]
    is_one = len(alike) == 1  # as on most pages
    return alike if is_one or all(b in others and _is_full(b) and _is_of_writer(b.text) for b in alike) else [first]


def _is_for_authors(block: Block, body: Body | None) -> bool:
    roles = block.roles(body.around if body else frozenset())
    return "byline" in roles or _credits_text(block, roles, body)


def _byline_around(block: Block, around: Collection[Element]) -> Element | None:
    """The outermost element for authors that a block stands in; `around` as in `Block.roles`."""
    found = None
    for element, mark in reversed(block.marks):
        if element in around:
            break
        if "byline" in mark:
            found = element
    return found


def _is_of_writer(line: str) -> bool:
    """Whether a line has no label, or one of a writer's: "Translated by", "Illustrations:", "Edited by" are others'."""
    if _EDITED.match(line):
        return False
    return authors.introduced(line) is not None or not _OTHERS_LABEL.match(line)


def _is_name(block: Block) -> bool:
    return _NAME.search(block.element.get("class") or "") is not None


def _is_full(block: Block) -> bool:
    """Whether a block names an agency, or a person by more than a word that may be a place or a section."""
    return agencies.name(block.text) is not None or any(
        " " in name or not name.isascii() for name in authors.names([_parted(block.element, block.text)])
    )


def meta(data: Metadata) -> list[str]:
    """The authors that <meta> names, without addresses, handles, numbers of accounts, and houses of a word that hold
    the copyright: "网易", of 网易版权所有."""
    rights = text.squash(data.first("copyright") or "")
    labelled = [
        data.first(f"twitter:data{n}") or "" for n in (1, 2) if _LABEL.match(data.first(f"twitter:label{n}") or "")
    ]
    return [
        *(
            c
            for c in data.contents(META)
            if "://" not in c
            and not c.startswith(("/", "@", "{"))
            and not _NUMBER.fullmatch(c)
            and not (_HAN.fullmatch(c) and c in rights)
        ),
        *filter(None, labelled),
    ]


def people(
    data: Metadata,
    lines: Sequence[Block],
    body: Body | None,
    title: Block | None,
    byline: Byline,
    sites: Sequence[str],
    hints: Iterable[str] = (),
) -> tuple[str, ...]:
    """Persons from the first source that names any; where none does, the desk that structured data or a signature
    names. `sites` are the outlet's names, `hints` the authors that the feed names."""
    # "g1 Campinas e Região" is one desk and no two persons.
    houses = tuple(f"{site} ".casefold() for site in sites)
    sites = [*sites, *(name for name in data.names("author") if name.casefold().startswith(houses))]
    printed = authors.names([byline.parted], sites) if byline.parted else ()
    signature = sign(lines, body)
    field = "author" if data.names("author") else "creator"
    stated = authors.names(data.persons(field), sites)
    if printed and stated and set(stated) <= set(authors.names(_behind(_EDITED, lines, body, title))) - set(printed):
        return printed

    def sources() -> Iterator[tuple[str, ...]]:  # one after the other: most pages name their authors in the first
        yield stated
        yield authors.names(meta(data), sites)
        yield printed
        yield authors.names((b.text for b in _near(lines, body, title) if _SIGNED.match(b.text)), sites)
        yield authors.names(_behind(_LABELLED, lines, body, title), sites)
        yield authors.names(_behind(_POSTED, lines, body, title, below=2), sites)
        yield authors.names((b.text for b in body.blocks[3:][-1:] if _ENDED.match(b.text)) if body else (), sites)
        yield reporters.find(_said(lines, body, title))
        if body:
            for ends in (_below(lines, body, 1), body.blocks[-1:]):
                yield reporters.signed_off([b.text for b in (*body.blocks[-2:-1], *ends)])[0]
        yield authors.names(hints, sites)
        yield authors.names([signature.strip("()")] if signature else (), sites)

    people = next(filter(None, sources()), ())
    if people:
        # JSON-LD often names the first of several authors only.
        return printed if len(printed) > len(people) and set(people) <= set(printed) else people
    return authors.desks(data.names(field) or ([signature] if signature else ()))


def sign(lines: Sequence[Block], body: Body | None) -> str | None:
    """The signature that ends a text: a paragraph that is nothing but a name, set apart by its type or place: just
    below the text, last in it or last but one (an appeal may follow)."""
    if body is None or len(body.blocks) < 3:
        return None
    below = _below(lines, body, 1)
    return next((block.text for block in (*reversed(body.blocks[-2:]), *below) if _is_signature(block)), None)


def without_notes(paragraphs: Sequence[str], people: Iterable[str], sites: Iterable[str] = ()) -> list[str]:
    """The paragraphs of a text without what says who made it: the note on its authors that ends it ("Ana Onyx is a
    fellow at …", with what stands below and the label above), initials, a list of editors and the paper's name as its
    last lines, and a line with "By" or a date on top. `people` are the authors' names, `sites` the outlet's."""
    kept = list(paragraphs)
    # Few texts name their authors there, and to compile a pattern for each page would take 3 % of reading it.
    ends = "\n".join((*kept[:_SIGNED_TOP], *kept[-_NOTE:])).casefold()
    names = (name for name in people if " " in name and name.casefold() in ends and authors.split(name))
    if full := "|".join(map(re.escape, names)):
        named = rf".{{0,{_NOTE_NAME}}}\b(?:{full})\b"
        signed = re.compile(rf"{_BY}{named}.{{0,60}}$", re.IGNORECASE)
        note = re.compile(rf"{named}(?!\s?[:：])", re.IGNORECASE)  # behind which a colon stands asks or answers
        first = next((i for i in range(max(3, len(kept) - _NOTE), len(kept)) if note.match(kept[i])), None)
        if first is not None:
            above = kept[first - 1]
            del kept[first - (len(above) <= _NOTE_LABEL and above[-1].isalpha()) :]
        who = re.compile(rf"\b(?:{full})\b", re.IGNORECASE)
        kept = [p for i, p in enumerate(kept) if i >= _SIGNED_TOP or not (signed.match(p) or _says_when(p, who))]
    houses = set(map(text.squash, sites))
    while (
        len(kept) > 3
        and len(line := kept[-1]) <= _STAFF_LENGTH
        and (_is_of_staff(line) or _closes(kept[-2], line, houses))
    ):
        kept.pop()
    if len(kept) > _SIGNED_TOP:
        kept = [p for i, p in enumerate(kept) if i >= _SIGNED_TOP or not reporters.is_line(p)]
    return reporters.signed_off(kept)[1] if len(kept) > 1 else kept


def _closes(above: str, line: str, houses: Collection[str]) -> bool:
    """Whether a last line is the paper's name, or an editor's that the line above, of editors too, ends with."""
    if " " not in line and above.endswith(f" {line}") and _is_of_staff(above):
        return True
    return text.squash(line) in houses and line[-1] not in ".!?"


def _says_when(line: str, who: re.Pattern[str]) -> bool:
    """Whether a line is the names of the authors, with a date or without, and nothing else."""
    rest = who.sub(" ", line) if len(line) <= _HEADER_LENGTH else line
    return rest != line and (dates.is_date(rest) or not any(map(str.isalnum, rest)))


def _is_of_staff(line: str) -> bool:
    return bool(_STAFF.match(line) or _ENDED.match(line)) or reporters.is_line(line)


def _is_signature(block: Block) -> bool:
    """Whether a line is a name and set apart by its type or place, or several in an element for authors."""
    if "," in block.text and len(block.text) <= _LINE_LENGTH and _MARK.search(block.element.get("class") or ""):
        return all(_NAME_ALONE.fullmatch(name) for name in block.text.split(", "))
    match = _WITH.search(block.text) if len(block.text) <= _LINE_LENGTH else None
    is_shared = match is not None and all(map(agencies.name, _AND.split(match["agencies"])))
    name = block.text[: match.start()] if match and is_shared else block.text
    if is_bracketed := _BRACKETED.fullmatch(name) is not None:
        name = name[1:-1]
    name = _FROM.sub("", name)
    words = name.split()
    if (
        block.tag in HEADINGS
        or block.links
        or furniture.is_furniture(block.text)
        or not 1 <= len(words) <= 4
        or len(name) > 40
        or not name[-1].isalpha()
        or not all(word[0].isupper() and not any(c.isdigit() for c in word) for word in words)
    ):
        return False
    if is_shared and len(words) > 1:
        return True
    if is_bracketed:
        return not (agencies.name(name) or captions.split(block.text)[1]) and bool(authors.split(name))
    place = " ".join(block.element.get(k) or "" for k in ("style", "class", "align"))
    formats = block.element.iter("strong", "b", "em", "i")
    return bool(_RIGHT.search(place) or _MARK.search(place)) or any(
        text.squash("".join(e.itertext())) == block.key for e in formats
    )


def _near(lines: Sequence[Block], body: Body | None, title: Block | None) -> list[Block]:
    """The lines that can be the byline: short ones around the headline and up to the text's first paragraphs."""
    start = title.index if title else -1
    # A standfirst may be a heading, and stand above the byline.
    end = next((b for b in body.blocks if b.tag not in HEADINGS), body.blocks[0]).index + 3 if body else start + 12
    chosen = {b.index for b in body.blocks} if body else set()
    around = body.around if body else frozenset()
    text_start = body.blocks[0].index if body and title else 0

    def is_other(block: Block) -> bool:
        # Drupal prints its byline in a <footer> above the text.
        no_byline = _NO_BYLINE - {"footer"} if start < block.index < text_start else _NO_BYLINE
        roles = block.roles(around)
        return not roles.isdisjoint(no_byline) and not _credits_text(block, roles, body)

    return [
        b for b in lines[max(0, start - _BEFORE) : end]
        if len(b.text) <= 150 and b.index not in chosen and b is not title and not is_other(b)
    ]  # fmt: skip


def _credits_text(block: Block, roles: Collection[str], body: Body | None) -> bool:
    """Whether a line in an element for credits is none of a picture's."""
    return "credit" in roles and body is not None and block.index not in body.pictures


def _below(lines: Sequence[Block], body: Body, most: int) -> Sequence[Block]:
    """The lines right below the text, at most so many."""
    return lines[body.blocks[-1].index + 1 :][:most]


def _behind(
    label: re.Pattern[str], lines: Sequence[Block], body: Body | None, title: Block | None, below: int = _AFTER
) -> Iterator[str]:
    """What stands behind a label in a line of the article's header or of so many below its text: "Autor: …"."""
    footer = _below(lines, body, below) if body else ()
    above = False  # whether a label is all that the line above says
    for block in (*_near(lines, body, title), *footer):
        if len(block.text) <= 100:
            if match := label.match(block.text):
                yield match["names"]
            elif above:
                yield block.text
        above = label is _LABELLED and _LABEL.match(block.text) is not None


def _said(lines: Sequence[Block], body: Body | None, title: Block | None) -> list[str]:
    """Where a text says who reported it: the article's header, its first paragraphs and its last, and right below."""
    if body is None:
        return []
    footer = _below(lines, body, _REPORTED_BELOW)
    return [b.text for b in (*_near(lines, body, title), *body.blocks[:2], *body.blocks[2:][-3:], *footer)]


def _linked(block: Block) -> str | None:
    """The person that a link in a line names and leads to the page of: "Ana Onyx", to /journalist/ana-onyx."""
    for element in islice(block.element.iterdescendants("a"), _MANY) if block.links else ():
        href, name = element.get("href") or "", text.one_line(element.text_content())
        if " " in name and _PAGES.search(href) and text.squash(name) in text.squash(href) and authors.names([name]):
            return name
    return None


def _is_author(element: Element) -> bool:
    names = " ".join(element.get(k) or "" for k in ("class", "itemprop", "rel"))
    return bool(names and _MARK.search(names))


def _parted(element: Element, line: str) -> str:
    """The line with a bar around each link to an author's page and each author's element, brackets around an element
    for his place or office, and a bar between what abuts without a space: "By Ana OnyxTwitter"."""
    pieces: list[str] = []
    bounds = False  # whether a link begins or ends here

    def add(string: str | None) -> None:
        nonlocal bounds
        if string:
            last = pieces[-1][-1:] if pieces else ""
            # Elements abut as only a template sets them: "Ana Onyx" + "Staff Writer", "@onyx", a link to her address.
            if last.isalnum() and (
                (string[0].isupper() and last.islower()) or string[0] == "@" or (bounds and string[0].isalnum())
            ):
                pieces.append("|")
            pieces.append(string)
            bounds = False

    walker = lxml.etree.iterwalk(element, events=("start", "end"))
    for event, node in walker:
        if event == "start" and node.tag in ("script", "style", "svg"):
            walker.skip_subtree()
        own = node is not element and (
            _is_author(node) or (node.tag == "a" and _PROFILE.search(node.get("href") or "") is not None)
        )
        if own:
            is_beside = _OF_AUTHOR.search(node.get("class") or "") is not None
            pieces.append("|" if not is_beside else "(" if event == "start" else ")|")
        bounds = bounds or (node.tag == "a" and node is not element)
        if event == "start":
            if node.tag not in ("script", "style", "svg"):
                add(node.text)
        elif node is not element:
            add(node.tail)
        if len(pieces) > _MANY:
            return line
    parted = text.one_line("".join(pieces))
    return parted if text.squash(parted) == text.squash(line) else line
