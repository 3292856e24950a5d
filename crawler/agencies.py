"""Evidence that a text is an agency's -> the agency, what says so, and the words that say it.

In: what `crawler.pages` has taken apart: byline, structured fields, the text blocks around the body, its paragraphs,
the credits of its images. Out: a Credit (short name of the agency, kind of evidence, the words as printed) or None.

`crawler.wires` holds the table of agencies and finds them in a text, `crawler.phrases` tells credits from mentions,
`crawler.datelines` cuts datelines off; here the evidence is put in order.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler import datelines, furniture, phrases
from crawler.datelines import split_dateline
from crawler.items import IMAGE_CREDIT
from crawler.phrases import name
from crawler.wires import HOSTS, pieces

__all__ = [
    "OWN",
    "RANK",
    "Credit",
    "Vote",
    "credit",
    "elect",
    "habit",
    "is_credit_line",
    "is_weak",
    "name",
    "rank",
    "split_dateline",
    "split_end_mark",
    "without_credits",
]

#: Kinds of evidence, strongest first. "inherited" is given by crawler.stories: another copy of the story says so.
#: The last is weak: of 159 pages on which a name search was wrong, 103 had an agency's photograph on a staff article.
RANK = (
    "byline",
    "dateline",
    "credit line",
    "end mark",
    "structured data",
    "publisher",
    "inherited",
    "image credit",
)

BLOCKS_BEFORE = 12  #: text blocks before the body that may hold its byline
BLOCKS_AFTER = 5  #: text blocks after the body that may hold its credit line
PARAGRAPHS = 4  #: of the body at either end that may be credits, since furniture can stand outside them
_MARK_LENGTH, _MARKED_BY = 40, "(（[【〔-–—"  #: characters of a line that is but a mark, and what it opens with
_SHORTEST, _LAST = 3, 3  #: paragraphs of a text above such a line, and last ones of which it is one
LISTED = 3  #: times that a line must stand around the body to be one of a list of teasers ("By REUTERS")


@dataclass(frozen=True, slots=True)
class Credit:
    """The agency a text is credited to, wholly or with others ("Le Figaro et AFP")."""

    agency: str  #: short name: AFP, Reuters, AP, dpa, …
    evidence: str  #: one of RANK
    credit_line: str  #: the words that name the agency, as printed; for "publisher" the host or the publisher's row


def rank(evidence: str) -> int:
    """Place of a kind of evidence in RANK: 0 is the strongest, what is unknown comes last."""
    return RANK.index(evidence) if evidence in RANK else len(RANK)


def is_weak(evidence: str | None, credit_line: str | None) -> bool:
    """Whether the evidence stays with its copy and is not inherited by others: the credit of an image, which need not
    be the text's, and a contribution to the text ("additional reporting by PA"), which another copy need not print."""
    return evidence == IMAGE_CREDIT or bool(credit_line and phrases.is_partial(credit_line))


#: Evidence that no template prints: what travels with the text, and whose page it is.
OWN = ("dateline", "publisher")
#: Of so many articles that a publisher credits to one agency, in that share of all of its articles, the credit is its
#: template's. Of 160 publishers of the test press, where agencies are drawn by lot, none reaches .61 without one.
HABIT_ARTICLES, HABIT_SHARE = 6, 0.75


@dataclass(frozen=True, slots=True)
class Vote:
    """How many publishers name an agency by one kind of evidence for the same text."""

    agency: str
    evidence: str
    is_weak: bool
    publishers: int
    usual: float = 0.0  #: share of its articles that the publisher who says so least often credits to this agency


def elect(votes: Sequence[Vote]) -> Vote | None:
    """Whose text it is that several papers print: what most publishers name, of equals by a dateline, else by the best
    evidence, of equals what its publisher names least often; weak evidence only where there is no other. The answer is
    the elected agency's best evidence. None without votes.

    One paper's template can print a credit or a byline with every article; the other papers then say otherwise. A
    dateline travels with the text.
    """
    counted: Counter[str] = Counter()
    valid = [vote for vote in votes if not vote.is_weak] or votes
    for vote in valid:
        counted[vote.agency] += vote.publishers
    dated = {vote.agency for vote in valid if vote.evidence == "dateline"}

    def order(vote: Vote) -> tuple[int, bool, int, float, str]:
        return -counted[vote.agency], vote.agency not in dated, rank(vote.evidence), vote.usual, vote.agency

    return min(valid, key=order, default=None)


def usual(credits: Mapping[str | None, int], agency: str) -> float:
    """The share of a publisher's articles that name an agency; of few articles less, since one says nothing. `credits`:
    how many of its articles name which agency by other evidence than OWN, or none."""
    return max(0, credits.get(agency, 0) - 1) / (sum(credits.values()) + 1)


def habit(credits: Mapping[str | None, int]) -> str | None:
    """The agency that a publisher names under nearly everything, which says little of any one text; None where it names
    several, or none. `credits` as in `usual`."""
    agency, count = max(credits.items(), key=lambda credit: (credit[0] is not None, credit[1]), default=(None, 0))
    return agency if count >= max(HABIT_ARTICLES, HABIT_SHARE * sum(credits.values())) else None


def is_credit_line(paragraph: str) -> bool:
    """Whether a paragraph is nothing but a credit: "(AFP)", "— Reuters", "With agency inputs", "dpa/lnw"."""
    if len(paragraph) > phrases.LONGEST_SENTENCE:
        return False
    return bool(
        phrases.in_line(paragraph)
        or phrases.is_unnamed(paragraph)
        or _in_sentences(paragraph)
        or _signed_off(paragraph)
        or _signs(paragraph)
    )


def split_end_mark(paragraph: str) -> tuple[str, str | None]:
    """The last paragraph of a text without the mark of an agency behind its last sentence, and the mark: "… he said.
    (AFP)", "… he said. – AP"; (paragraph, None) where there is none."""
    whole = _ADDRESS_BEHIND.sub("", paragraph).rstrip()
    for _, mark in _marks(paragraph):
        rest = whole.removesuffix(mark).rstrip(" -–—/|")
        if rest != whole:
            return rest, mark
    return paragraph, None


def without_credits(paragraphs: Sequence[str]) -> list[str]:
    """The paragraphs of a text without credit lines at either end ("(AFP)", "With agency inputs"), what parts them from
    the text, what stands below a mark of its own line, and a mark behind the last sentence."""
    start, end = 0, _ended(paragraphs)
    while start < end and _is_outside(paragraphs[start]):
        start += 1
    while end > start and _is_outside(paragraphs[end - 1]):
        end -= 1
    if start == end:
        return []
    return [*paragraphs[start : end - 1], split_end_mark(_END_SIGN.sub("", paragraphs[end - 1]))[0]]


def _ended(paragraphs: Sequence[str]) -> int:
    """How many paragraphs a text has up to the only line that is but a mark ("(AFP)", "-- BERNAMA"), if that is one of
    its last: the house's notices follow. Texts of several items have one below each."""
    marks = [i for i, p in enumerate(paragraphs) if 0 < len(p) <= _MARK_LENGTH and p[0] in _MARKED_BY and _is_mark(p)]
    return marks[0] if len(marks) == 1 and marks[0] >= max(_SHORTEST, len(paragraphs) - _LAST) else len(paragraphs)


def _is_mark(line: str) -> bool:
    return phrases.in_line(line) is not None and phrases.is_bare(line)


def _is_outside(paragraph: str) -> bool:
    return is_credit_line(paragraph) or furniture.is_break(paragraph)


def credit(
    *,
    url: str,
    byline: str | None = None,
    structured: Sequence[tuple[str, str]] = (),
    dateline: str | None = None,
    before: Sequence[str] = (),
    body: Sequence[str] = (),
    after: Sequence[str] = (),
    image_credits: Sequence[str] = (),
    publisher_agency: str | None = None,
) -> Credit | None:
    """The agency of a page by its strongest evidence (the order of RANK); None where nothing names one.

    `structured` holds (field, value) pairs of JSON-LD and meta, those of images left out; `before` and `after` the text
    blocks around the body, in the page's order, captions left out; `body` its paragraphs, with or without dateline and
    credit lines; `publisher_agency` the agency that the publisher itself is. Unnamed wires ("Agencies") give None.
    """
    listed = {line for line, times in Counter([*before, *body, *after]).items() if times >= LISTED}
    listed |= _menu([*before[-BLOCKS_BEFORE:], *body[:2]])
    pictures = {_bare(line) for line in image_credits}
    others = listed | {line for line in [*before, *after[1:]] if _bare(line) in pictures}
    above = [line for line in before[-BLOCKS_BEFORE:] if line not in others]
    below = [line for i, line in enumerate(after[:BLOCKS_AFTER]) if line not in others and not _is_tag(after[:i], line)]
    text = [paragraph for paragraph in body if paragraph not in listed]
    candidates = (
        *_from_byline(byline, above, text),
        *_from_dateline(dateline, [*above, *text[:PARAGRAPHS]]),
        *_from_lines(above, text, below),
        *_from_structured(structured),
        *_from_publisher(url, publisher_agency),
        *_from_images(image_credits),
    )
    found = min(candidates, key=_strength, default=None)
    if found and found.evidence == "end mark":
        # A template can repeat a mark under every text; the only author in structured data is this one's.
        stated = [c for c in _from_structured(structured, _PERSONAL) if name(c.credit_line)]
        return next((c for c in stated if c.agency != found.agency), found) if len(stated) == 1 else found
    return found


def _strength(found: Credit) -> float:
    """Order within one page, where two agencies are named: that of RANK, but for credits of part of the text.

    A byline that also names others yields to a dateline, which travels with the text; a contribution or a copyright
    yields to whatever else names an agency, but a picture.
    """
    if found.evidence == "byline" and name(found.credit_line) is None:
        return rank("dateline") + 0.5
    if found.evidence in ("credit line", "end mark") and phrases.is_partial(found.credit_line):
        return rank("inherited")
    return rank(found.evidence)


_PHOTOGRAPHED = re.compile(r"[摄攝]\W*$")  # "… 新华社记者 王明 摄"


def _from_byline(byline: str | None, above: Sequence[str], body: Sequence[str]) -> Iterator[Credit]:
    if byline and (agency := phrases.in_byline(byline[: phrases.LONGEST_LINE])):
        yield Credit(agency, "byline", byline.strip())
    for line in [*reversed(above), *body[:-1][:2]]:
        if not _PHOTOGRAPHED.search(line) and (agency := phrases.in_header(line)):
            yield Credit(agency, "byline", line.strip())


def _from_dateline(dateline: str | None, paragraphs: Sequence[str]) -> Iterator[Credit]:
    for printed in (dateline, *(split_dateline(paragraph)[0] for paragraph in paragraphs)):
        if printed and (agency := datelines.agency(printed)):
            yield Credit(agency, "dateline", printed)


def _from_lines(above: Sequence[str], body: Sequence[str], below: Sequence[str]) -> Iterator[Credit]:
    """Credits that stand alone and marks at paragraphs' ends, those nearest the text first."""
    middle = max(len(body) - PARAGRAPHS, 0)
    for line in [*body[: min(PARAGRAPHS, middle)], *reversed(above)]:
        if "©" not in line:  # above a text, the picture's
            yield from _from_line(line)
    for line in body[PARAGRAPHS:middle]:
        if line.startswith(("(", "（")) and _IN_BRACKETS.fullmatch(line):  # it ends the text, though a box may follow
            yield from _from_line(line)
    for paragraph in [*body[middle:], *below]:
        if not phrases.is_byline(paragraph):  # below a text, a byline is that of another
            yield from _from_line(paragraph)
            yield from _from_tail(paragraph)


def _from_line(line: str) -> Iterator[Credit]:
    if agency := phrases.in_line(line):
        yield Credit(agency, "end mark" if phrases.is_bare(line) else "credit line", line.strip())


def _from_tail(paragraph: str) -> Iterator[Credit]:
    for sentence in _last_sentences(paragraph):
        if agency := phrases.in_sentence(sentence):
            yield Credit(agency, "credit line", sentence)
    for agency, mark in _marks(paragraph):
        yield Credit(agency, "end mark", mark)


_ENDS_A_SENTENCE = re.compile(r"[.!?…。！？।۔؟»”\"’'）)]\s*$")
_IN_BRACKETS = re.compile(r"[(（\[【〔][^()（）\[\]【】〔〕]{2,60}[)）\]】〕]\s*[.。।]?\s*$")
_END_SIGN = re.compile(r"(?<=[.!?。！？”\"])\s*[■□◼▪]+$")  # as magazines set it, and Xinhua in English
#: The agency's address in brackets, behind its mark: "(NAN)(www.nannews.ng)".
_ADDRESS_BEHIND = re.compile(r"(?<=[)\]])\s*\((?:https?://)?(?:www\.)?[\w-]+(?:\.[\w-]+)+/?\)[\s.]*$")
#: What stands before the mark in a line that signs a text: a name and a place, as Turkish papers print them.
_WHO_WHERE = re.compile(r"(?:[^\W\d_]+(?:[ -][^\W\d_]+)?:\s*)?(?P<words>[^.!?:;/]{3,60}/[^.!?:;/]{2,60})")
_AFTER_A_SIGN = re.compile(
    r"(?:\s[-–—]{1,2}\s?|[.!?…”\"»]\s*[-–—/|©]+\s?|\s//?)(?P<mark>[^\s\-–—/|][^.!?]{1,50}?)/?\s*$"
)
# Begins with the space: with what stands before it first, each character is looked at, at three times the price.
_SENTENCE_END = re.compile(r"\s(?:(?<=[.!?…”\"»)。]\s)\s*|\s*(?=Copyright\b|©))")
# How Reuters signs its reports, and hardly anyone else: the semicolon, and both roles.
_SIGN_OFF = re.compile(
    r"\b(?:[Rr]eporting|[Ww]riting) by [^;()\n]{3,200}; ?[^()\n]{0,200}\b[Ee]diting by [^()\n;]{3,100}\)?\W*$"
)
_TAIL = 450  #: characters at the end of a paragraph that can hold its mark or credit


def _last_sentences(paragraph: str) -> list[str]:
    """The last sentence of a paragraph, and the last two together for those that an abbreviation cuts."""
    sentences = _SENTENCE_END.split(paragraph[-_TAIL:].strip())
    if len(paragraph) > _TAIL:
        del sentences[0]
    return [" ".join(sentences[-n:]) for n in (1, 2) if n <= len(sentences)]


def _in_sentences(paragraph: str) -> bool:
    return bool(phrases.in_sentence(paragraph)) and len(_SENTENCE_END.split(paragraph.strip())) <= 2


def _signed_off(paragraph: str) -> bool:
    found = _sign_off(paragraph[-_TAIL:])
    return bool(found and len(paragraph.strip()) - (found.end() - found.start()) <= 20)


def _signs(paragraph: str) -> bool:
    """Whether a line is a name, a place and an agency: "Ana ONYX/ACCRA, (DHA)"."""
    if len(paragraph) > phrases.LONGEST_LINE or "/" not in paragraph:
        return False
    rest, mark = split_end_mark(paragraph)
    found = _WHO_WHERE.fullmatch(rest.rstrip(" ,")) if mark else None
    return found is not None and not any(word[0].islower() for word in re.findall(r"\w+", found["words"]))


def _sign_off(tail: str) -> re.Match[str] | None:
    return _SIGN_OFF.search(tail) if "diting by" in tail else None


def _marks(paragraph: str) -> Iterator[tuple[str, str]]:
    """Agencies marked at the end of a paragraph of prose, with the marks: "… he said. (AFP)", "… said. — Reuters"."""
    tail = _ADDRESS_BEHIND.sub("", paragraph[-_TAIL:]).rstrip()
    found = list(_marked(tail))
    if found and not phrases.is_picture(tail[-150:]):
        yield from found


def _marked(tail: str) -> Iterator[tuple[str, str]]:
    if found := _sign_off(tail):
        yield "Reuters", found.group()
    if (found := _IN_BRACKETS.search(tail)) and (agency := phrases.in_line(found.group())):
        prose = tail[: found.start()]
        closed = found.group()[0] in "(（〔" and not _spells_out(prose, found.group())
        if closed or _ENDS_A_SENTENCE.search(prose):
            yield agency, found.group().strip()
    elif (found := _AFTER_A_SIGN.search(tail)) and (agency := phrases.in_line(found["mark"])):
        if _ENDS_A_SENTENCE.search(tail[: found.start() + 1]):
            yield agency, found["mark"].strip()
    elif (bare := _last_sentences(tail)) and (agency := phrases.in_line(bare[0])) and bare[0] != tail:
        yield agency, bare[0]


def _spells_out(prose: str, mark: str) -> bool:
    """Whether the words before "(PTI)" are the name that it abbreviates, as in "Pakistan Tehreek-e-Insaf (PTI)"."""
    letters = [letter.casefold() for letter in mark if letter.isalpha()]
    words = [word.text for word in pieces(prose[-120:])]
    if pieces(prose[-60:]) and pieces(prose[-60:])[-1].agency:
        return True
    initials = iter(word[0].casefold() for word in words[-2 * len(letters) :])
    return all(letter in initials for letter in letters)


# Fields that hold persons as well as agencies; the rest hold the name of an organisation.
_PERSONAL = re.compile(r"author|creator|byl|contributor", re.IGNORECASE)


def _from_structured(structured: Sequence[tuple[str, str]], fields: re.Pattern[str] | None = None) -> Iterator[Credit]:
    for field, value in structured:
        if fields and not fields.search(field):
            continue
        short = value[: phrases.LONGEST_LINE]
        agency = phrases.in_byline(short) if _PERSONAL.search(field) else phrases.in_line(short)
        if agency:
            yield Credit(agency, "structured data", value.strip())


def _from_publisher(url: str, publisher_agency: str | None) -> Iterator[Credit]:
    if publisher_agency:
        yield Credit(name(publisher_agency) or publisher_agency, "publisher", publisher_agency)
    try:
        labels = (urlsplit(url).hostname or "").split(".")
    except ValueError:  # no address, as normalized ones are: "//：" by NFKC
        return
    for i in range(len(labels) - 1):
        if agency := HOSTS.get(".".join(labels[i:])):
            yield Credit(agency, "publisher", ".".join(labels))
            return


def _from_images(image_credits: Sequence[str]) -> Iterator[Credit]:
    for printed in image_credits:
        if agency := phrases.in_picture_credit(printed):
            yield Credit(agency, "image credit", printed.strip())


def _menu(lines: Sequence[str]) -> set[str]:
    """Agencies' bare names that stand in a row with each other's: "Washington Post", "Associated Press", "Reuters"."""
    names = [agency if (agency := name(line)) and phrases.is_bare(line) else None for line in lines]
    rows = [i for i in range(1, len(lines)) if names[i] and names[i - 1] and names[i] != names[i - 1]]
    return {line for line, agency in zip(lines, names, strict=True) if agency} if rows else set()


def _is_tag(preceding: Sequence[str], line: str) -> bool:
    """Whether an agency's bare name below the body is one of a row of keywords ("Imran Khan", "PTI")."""
    return bool(preceding) and len(preceding[-1].split()) <= 3 and name(line) is not None and phrases.is_bare(line)


def _bare(line: str) -> str:
    return " ".join(piece.text for piece in pieces(line[: phrases.LONGEST_LINE])).casefold()
