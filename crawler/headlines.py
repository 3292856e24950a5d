"""A page's titles -> the headline, without site name or section, and the block that prints it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import islice

from crawler import phrases, scripts, text
from crawler.blocks import HEADINGS, Block
from crawler.metadata import Metadata

_SEPARATOR = re.compile(
    r"\s+[|\-–—•·:»«›‹/~]+\s+|\s*[|»]\s*|\s::\s|(?<=\S)\s?[｜＿_–—-]\s?"
    rf"(?=[{scripts.KANA}{scripts.HAN}])"
)

#: Letters of a word that count when headlines are compared: "Europas" and "Europa" are one.
_STEM = 5

_BARS = tuple("|-–—·•:：｜»_")  #: what stands before a title's tail
#: The house that a portal prints behind the titles of others: "（共同通信）".
_HOUSE = re.compile(r"[（(](?P<name>[^（()）]{2,20})[)）]")
_PAPER = re.compile(r"(?:新聞|新闻|日报|日報|晚报|晚報|通信|ニュース|テレビ|放送|オンライン|일보|뉴스|신문|방송)$")
_HAN = re.compile(f"[{scripts.HAN}]")
_SHORTEST_HAN = 8
_LONGEST = 600  #: characters of a title that are looked at
_SHORTEST = 15  #: characters of a title that is believed because it is printed: a shorter one may be a label

_SECTION = 2  #: words of a title that may be a section's
_NAME_WORDS = 6  #: of a site's name
_LOGO, _LOGO_WORDS = 2, 3  #: how much longer a title is than the name at its end; words of such a name
_BELOW = 3  #: blocks below the <h1> among which the headline may be an <h2>

_PART = re.compile(rf"{_SEPARATOR.pattern}|:\s+")

_FEW = 3  #: links of a block's element that are looked at: all text of a page may stand in one
#: Where a logo leads, which some templates print as an <h1>.
_HOME = re.compile(r"(?:https?://[^/?#]+)?/(?:index\.\w+)?|https?://[^/?#]+")


def candidates(
    metadata: Metadata,
    blocks: Sequence[Block],
    page_title: str | None,
    names: Iterable[str],
    hint: str | None,
    marked: str | None = None,
) -> list[str]:
    """What a page calls its article, most trusted first: og:title, JSON-LD headline, <h1>, <title> and the feed's
    `hint`; where there is nothing of the first three, what an element is `marked` as the headline says. `names` are the
    site's, which are cut off the ends.

    Where desks give several headlines to one text, hand-made parsers of 122 pages side with OpenGraph 20 times and with
    the <h1> 5 times.
    """
    sites = {text.squash(name) for name in names if len(name.split()) <= _NAME_WORDS} - {""}
    printed = [
        b.text
        for b in blocks
        if "h1" in (roles := b.roles()) and roles.isdisjoint(("nav", "footer")) and not _leads_home(b)
    ][:3]
    found = [
        metadata.first("og:title"),
        metadata.string("headline"),
        *printed,
        metadata.first("twitter:title", "dc.title", "title"),
        page_title,
        hint,
    ]
    if not any(found[:-3]):
        found.insert(0, marked or (_printed_part(page_title, blocks) if page_title else None))
    sections = {
        text.squash(s) for s in (*metadata.contents("article:section section"), *metadata.names("articleSection"))
    }
    sites.update(text.squash(title) for title in printed if page_title and _ends_with(page_title, title))
    cut = [c for c in (without_site(c[:_LONGEST], sites, sections) for c in found if c) if c]
    # Some templates give the title as the name of the site too.
    return [c for c in cut if text.squash(c) not in sites] or cut


def _ends_with(page_title: str, name: str) -> bool:
    """Whether a page's title ends, behind a separator, with what an <h1> prints, and is longer in front of it by far:
    a logo's name."""
    *_, last = (None, *_SEPARATOR.finditer(page_title[:_LONGEST]))
    return (
        last is not None
        and text.squash(page_title[last.end() :]) == text.squash(name)
        and last.start() > _LOGO * len(name)
        and len(name.split()) <= _LOGO_WORDS
    )


def _leads_home(block: Block) -> bool:
    if not block.links:
        return False
    return any(_HOME.fullmatch(link.get("href") or "") for link in islice(block.element.iter("a"), _FEW))


def choose(titles: Sequence[str], blocks: Sequence[Block]) -> str:
    """The headline: the first of a page's `candidates` that another confirms, but what readers see where a page prints
    two of them. "" when there is none."""
    for i, title in enumerate(titles):
        others = (*titles[:i], *titles[i + 1 :])
        if any(_related(title, other) for other in others):
            # A section's name shares a word with the section that a title ends with.
            is_section = len(title.split()) <= _SECTION and text.squash(title) not in text.squash(" ".join(others))
            if is_section and (part := _headed(others, blocks)):
                return part
            return _without_tail(_without_kicker(_displayed(title, titles, blocks), titles, blocks), titles, blocks)
    # An <h1> that no title confirms may be a section's: then it is the title that another block prints.
    keys = {b.key for b in blocks if b.links < len(b.text) and "h1" not in b.roles()}
    printed = (t for t in titles if len(t) >= _SHORTEST and text.squash(t) in keys)
    return next(printed, None) or _headed(titles, blocks) or (titles[0] if titles else "")


def _headed(titles: Sequence[str], blocks: Sequence[Block]) -> str | None:
    """The part of a title that a heading prints, as it does between the names of a site and a section."""
    headings = [block for block in blocks if block.tag in HEADINGS]
    return next(filter(None, (_printed_part(title, headings) for title in titles)), None)


def _displayed(chosen: str, titles: Sequence[str], blocks: Sequence[Block]) -> str:
    """What the <h2> right below the <h1> prints, where both are titles and it is not the same behind a kicker: the <h1>
    is for search engines then, small and often a breadcrumb."""
    key = text.squash(chosen)
    others = {text.squash(title): title for title in titles}
    first = next((b for b in blocks if b.tag == "h1" and b.key == key), None)
    below = blocks[first.index + 1 :][:_BELOW] if first else ()
    return next((others[b.key] for b in below if b.tag == "h2" and b.key in others and key not in b.key), chosen)


def _printed_part(title: str, blocks: Sequence[Block]) -> str | None:
    """The part of a page's title that a block prints alone: "14 dead in flood" of "Old Paper: 14 dead in flood"."""
    printed = [b for b in blocks if len(b.text) <= len(title) and b.links < len(b.text) and not _leads_home(b)]
    keys = {b.key for b in printed}
    parts = [p for m in _PART.finditer(title) for p in (title[m.end() :], title[: m.start()])]
    # A hyphen without a space before a name in Latin letters parts nothing by itself: "…十块GPU-EDN".
    parts += [b.text for b in printed if title.startswith(b.text) and title[len(b.text) :].lstrip()[:1] in _BARS]
    return next((p for p in parts if _is_long(p) and text.squash(p) in keys), None)


def _is_long(part: str) -> bool:
    return len(part) >= (_SHORTEST if part.isascii() or not _HAN.search(part) else _SHORTEST_HAN)


def _without_tail(candidate: str, others: Sequence[str], blocks: Sequence[Block]) -> str:
    """The candidate without a tail behind a separator that another candidate does without: a site's name, a date. Not
    where an <h1> prints it with the tail."""
    key = text.squash(candidate)
    if any(block.key == key and "h1" in block.roles() for block in blocks):
        return candidate
    for other in others:
        rest = candidate[len(other) :].lstrip()
        if len(other) < 10 or not candidate.startswith(other):
            continue
        house = _HOUSE.fullmatch(rest)
        if rest[:1] in _BARS or (house and (phrases.name(house["name"]) or _PAPER.search(house["name"]))):
            return other
    return candidate


def _without_kicker(candidate: str, others: Sequence[str], blocks: Sequence[Block]) -> str:
    """The candidate without a kicker that stands in front of it in an element of the same heading, as another one does
    without."""
    for other in others:
        head = text.squash(candidate[: -len(other)])
        if not (len(other) >= _SHORTEST and candidate.endswith(other) and head):
            continue
        if candidate[: -len(other)].rstrip().endswith("|"):  # "Opinion | The council …"
            return other
        headings = (b.element for b in blocks if b.text == candidate)
        if any(text.squash(child.text_content()) == head for heading in headings for child in islice(heading, _FEW)):
            return other
    return candidate


def _related(one: str, other: str) -> bool:
    """Whether two headlines share a third of their words, and more than one if they have more than two, as far as
    inflection leaves them alike."""
    a, b = ({word[:_STEM] for word in re.findall(r"\w{3,}", side.lower())} for side in (one, other))
    least = min(len(a), len(b))
    return len(a & b) >= max(1, min(2, least - 1), least / 3) or text.squash(one) in text.squash(other)


def without_site(title: str, sites: Collection[str], sections: Collection[str] = ()) -> str:
    """The title without parts at its ends that are the site's name (or hold it, with no more than two other words) or
    a section's. Names are squashed."""
    title = text.one_line(title)
    while True:
        matches = [m for m in _SEPARATOR.finditer(title) if not _closes_quotation(title, m)]
        if not matches:
            return title
        last, first = matches[-1], matches[0]
        end = title[last.end() :]
        if last.start() > 0 and (_is_name(end, sites, sections) or ("|" in last[0] and _opens_with_site(end, sites))):
            title = title[: last.start()].rstrip()
        elif _is_name(title[: first.start()], sites, sections):
            title = title[first.end() :]
        elif len(matches) > 1 and _names_site(title[matches[-2].end() :], sites):
            title = title[: matches[-2].start()].rstrip()
        else:
            return title


def _is_name(part: str, sites: Collection[str], sections: Collection[str]) -> bool:
    return _names_site(part, sites) or text.squash(part) in sections


def _closes_quotation(title: str, match: re.Match[str]) -> bool:
    """Whether a separator is but the mark behind a quotation: "… «he said»"."""
    return match.group().strip() == "»" and title.count("«", 0, match.start()) > title.count("»", 0, match.start())


def _names_site(part: str, sites: Collection[str]) -> bool:
    key = text.squash(part)
    if not key:
        return True
    if len(part.split()) > _NAME_WORDS:
        return False
    # A part of the name is half of it at least: "… - Report" is none of the Hollywood Reporter's.
    return key in sites or any(
        len(s) >= 4 and (s in key or (key in s and len(key) >= max(4, len(s) / 2))) for s in sites
    )


def _opens_with_site(part: str, sites: Collection[str]) -> bool:
    """Whether a name too short to be looked for anywhere stands before a word or two: "CNN Politics"."""
    words = part.split()
    return len(words) <= 3 and text.squash(words[0]) in sites


def find(blocks: Sequence[Block], headline: str) -> Block | None:
    """The block that prints the headline: a heading with its text, else any block with it, else the page's first
    <h1>."""
    key = text.squash(headline)
    if key:
        exact = [b for b in blocks if b.key == key and b.links < len(b.text)]
        for block in exact:
            if "h1" in block.roles() or block.tag in ("h2", "h3"):
                return block
        if exact:
            return exact[0]
        for block in blocks:
            if block.tag in ("h1", "h2") and key in block.key:
                return block
    first = [b for b in blocks if "h1" in (roles := b.roles()) and roles.isdisjoint(("nav", "footer"))]
    akin = (b for b in first if _related(b.text, headline))
    return next(akin, None) or next((b for b in first if "header" not in b.roles()), None)
