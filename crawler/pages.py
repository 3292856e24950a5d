"""The bytes of a fetched page -> a finished Article: metadata, images, clean body, agency with its evidence.

    bytes -> markup (text, tree) -> metadata, blocks -> body -> text, dates, authors, images, agencies -> Article

`read` is the only entrance. It never touches the network, files or the clock.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

import lxml.etree
from lxml.cssselect import CSSSelector

from crawler import (
    agencies,
    blocks,
    body,
    bylines,
    dates,
    furniture,
    headlines,
    images,
    kinds,
    languages,
    markup,
    metadata,
    notices,
    phrases,
    surroundings,
    text,
    urls,
)
from crawler.blocks import Block
from crawler.body import Body
from crawler.items import Article, Entry, Image
from crawler.markup import Element
from crawler.metadata import Metadata
from crawler.profiles import Profile

if TYPE_CHECKING:
    from crawler.publishers import Publisher


class PageError(ValueError):
    """Bytes that are no page: empty, binary, not HTML, or at no HTTP URL. The message names the URL and what they
    are."""


def read(
    html: bytes,
    url: str,
    *,
    charset: str | None = None,
    entry: Entry | None = None,
    publisher: Publisher | None = None,
    now: datetime | None = None,
    profile: Profile | None = None,
) -> Article:
    """The article on a page, finished but for its signature, sketch and place in a story.

    `html` is the decompressed body of the response, `url` where it came from after redirects, `charset` that of the
    Content-Type header; `entry` gives hints of the feed, `publisher` name, language, time zone and CSS selectors.
    `now` (aware) serves only to disbelieve dates in the future. `profile` is what earlier articles of the publisher say
    of its pages (crawler.profiles): with one the body is cleaner, without one each page is read alone. A page without
    an article gives an Article whose body is "". Raises PageError.
    """
    try:
        own_url = urls.normalize(url)
        tree = markup.parse(markup.decode(html, charset))
    except (markup.MarkupError, urls.InvalidURL) as error:
        raise PageError(f"{url}: {error}") from None
    selectors = publisher.selectors if publisher else {}
    for element in _select(tree, selectors.get("remove")):
        if element is not tree:
            element.drop_tree()
    base = markup.base(tree, url)
    data = metadata.read(tree, own_url)
    images.lend(tree)
    lines = blocks.read(tree)
    host = urlsplit(own_url).netloc.removeprefix("www.")
    domain = publisher.domain if publisher else host
    name = (
        (publisher.name if publisher else None)
        or next(iter(data.names("publisher")), None)
        or data.first("og:site_name")
    )

    sites = [
        n
        for n in (
            name,
            data.first("og:site_name", "application-name", "twitter:site"),
            *data.names("publisher"),
            host,
            host.split(".")[-2:][0],
        )
        if n
    ]
    titles = _titles(data, tree, lines, sites, entry, selectors)
    headline = headlines.choose(titles, lines)
    title = headlines.find(lines, headline)
    descriptions = data.descriptions()
    stated = data.string("articleBody") or ""
    found = body.choose(
        tree,
        lines,
        stated=stated,
        descriptions=descriptions,
        title=title,
        live=data.is_live,
        own=_select(tree, selectors.get("body")),
        profile=profile,
    )
    found = bylines.without_stamps(bylines.without_header(found)) if found else None
    standfirst = surroundings.standfirst(lines, found, title, descriptions) if found else None
    written = _unprinted(data, stated, found, lines) or [b.text for b in _in_order(standfirst, found)]
    paragraphs = furniture.clean(written, headline, titles)
    prose = [p for p in paragraphs if not furniture.is_break(p)]
    signed = bool(prose) and agencies.split_end_mark(prose[-1])[1] is not None
    dateline, undated = _dateline(prose, signed)
    byline = bylines.find(data, lines, found, title)
    pictures = images.read(surroundings.region(lines, found, title), found, data, base)
    after = [b.text for b in surroundings.footer(lines, found)] if found else []
    credit = agencies.credit(
        url=own_url,
        byline=byline.printed,
        structured=tuple(_structured(data)),
        dateline=dateline,
        before=[b.text for b in surroundings.header(lines, found, title)] if found else (),
        body=undated,
        after=after,
        image_credits=[i.credit for i in pictures if i.credit],
        publisher_agency=publisher.agency if publisher else None,
    )
    people = bylines.people(data, lines, found, title, byline, sites, entry.authors if entry else ())
    signature = bylines.sign(lines, found)
    content = agencies.without_credits(bylines.without_notes([p for p in paragraphs if p != signature], people))
    printed = "\n\n".join(furniture.without_loose_breaks(content))
    words = text.count_words(printed)
    kind = kinds.kind(data, own_url, headline, words, lines, found, html)
    if kind == "teaser" and found:
        behind = kinds.behind_prompt(lines, found)
        printed = "\n\n".join(furniture.without_loose_breaks([p for p in content if p not in behind]))
        words = text.count_words(printed)
    local = dates.zone(publisher.timezone if publisher else None)
    published = dates.choose(
        _published(data, tree, kind, found, title, lines, pictures, own_url, entry, local, now), now
    )
    if published and (day := dates.from_url(own_url)):
        published = dates.in_calendar(published, day.when.date())
        if abs(published.when - day.when) > _ANOTHER and dates.believable(day, now):
            published = day  # a date in a template's own lines, or of the site's move
    changed = dates.choose(dates.modified(data, local), now)
    canonical = _canonical(data, base)
    return Article(
        url=canonical if canonical and _is_same_page(canonical, own_url) else own_url,
        canonical_url=canonical,
        publisher=domain,
        publisher_name=name,
        kind=kind,
        headline=headline,
        description=standfirst.text if standfirst else next(iter(descriptions), None),
        body=printed,
        authors=people,
        byline=byline.printed,
        dateline=dateline,
        agency=credit.agency if credit else None,
        agency_evidence=credit.evidence if credit else None,
        credit_line=credit.credit_line if credit else None,
        language=languages.language(
            printed, data.language or data.string("inLanguage") or (publisher.language if publisher else None)
        ),
        date_published=published.when if published else None,
        date_published_offset=published.offset if published else None,
        date_published_precision=published.precision if published else None,
        date_published_source=published.source if published else None,
        date_modified=changed.when if changed else None,
        images=pictures,
        word_count=words,
        profile=profile.version if profile else None,
        layout=b64encode(found.layout).decode("ascii") if found else None,
        fetched_url=own_url,
    )


def _select(tree: Element, selector: str | None) -> list[Element]:
    return list(CSSSelector(selector)(tree)) if selector else []


def _titles(
    data: Metadata,
    tree: Element,
    lines: Sequence[Block],
    sites: Sequence[str],
    entry: Entry | None,
    selectors: Mapping[str, str],
) -> list[str]:
    """What may be the headline, most trusted first; what the publisher's selector finds alone."""
    for element in _select(tree, selectors.get("headline")):
        if line := text.one_line(element.text_content()):
            return [line]
    page_title = tree.findtext("head/title") or tree.findtext(".//title")
    marked = [] if data.first("og:title") or data.string("headline") else _MARKED(tree)
    only = text.one_line(marked[0].text_content()) if len(marked) == 1 else None
    return headlines.candidates(data, lines, page_title, sites, entry.headline if entry else None, only)


#: In microdata and in hNews; a page with several lists teasers.
_MARKED = lxml.etree.XPath(
    "descendant::*[@itemprop='headline' or contains(concat(' ', normalize-space(@class), ' '), ' entry-title ')]"
)


def _dateline(paragraphs: Sequence[str], signed: bool) -> tuple[str | None, list[str]]:
    """The dateline, and the paragraphs as they would be without it. It opens the text, which a standfirst may precede.

    In a text that an agency has `signed` at its end, any place in front of a dash is one.
    """
    for i, paragraph in enumerate(paragraphs[:2]):
        dateline, rest = agencies.split_dateline(paragraph)
        if not dateline and signed and (match := _PLACE.match(paragraph)):
            dateline, rest = match[1], paragraph[match.end() :]
        if dateline:
            return dateline, [*paragraphs[:i], rest, *paragraphs[i + 1 :]]
    return None, list(paragraphs)


_PLACE = re.compile(r"([^\W\d_][\w’']+(?:[ -][^\W\d_][\w’']+){0,2})\s[–—]\s(?=[^\W_a-zà-þ])")


# Not "publisher": that is who runs the site, an agency's own among them, which agencies.HOSTS knows.
_CREDIT_KEYS = ("author", "creator", "sourceOrganization", "provider", "copyrightHolder", "contributor", "creditText")
_CREDIT_META = """
    dc.source source copyright news_source article:source original-source syndication-source
"""


def _structured(data: Metadata) -> Iterator[tuple[str, str]]:
    """Fields of structured data that can name an agency, with their values."""
    for key in _CREDIT_KEYS:
        for value in data.names(key):
            yield key, value
    for name in (bylines.META + _CREDIT_META).split():
        for content in data.contents(name):
            yield name, content


#: Words of an articleBody, and how many times as long as what the page prints of it, from which on it is the text.
_STATED_MIN, _UNPRINTED = 60, 4
_OTHER = 300  #: characters of a body hardly any of which is in the articleBody


def _unprinted(data: Metadata, stated: str, found: Body | None, lines: Sequence[Block]) -> list[str]:
    """The paragraphs of an articleBody (given as one line too) of a page that prints hardly any of it: its scripts
    would. Not where it is for subscribers: then what is printed is what others may read."""
    size = sum(len(block.text) for block in found.blocks) if found else 0
    if len(stated) < _UNPRINTED * size or text.count_words(stated) < _STATED_MIN or data.is_unfree or data.is_live:
        return []
    whole = text.squash(stated)
    if size >= _OTHER and found and sum(len(b.text) for b in found.blocks if b.key in whole) < size / 2:
        return []  # the page prints another text: a template keeps the data, or a box, of one that stood there before
    is_printed = sum(len(line.key) for line in lines if line.key in whole) > len(whole) / _UNPRINTED
    if is_printed or any(notices.is_paywall_prompt(line.text) for line in lines):
        return []
    return data.paragraphs("articleBody")


def _in_order(standfirst: Block | None, found: Body | None) -> list[Block]:
    chosen = list(found.blocks) if found else []
    return chosen if standfirst is None or standfirst in chosen else [standfirst, *chosen]


def _published(
    data: Metadata, tree: Element, kind: str, found: Body | None, title: Block | None, lines: Sequence[Block],
    pictures: Sequence[Image], url: str, entry: Entry | None, local: tzinfo, now: datetime | None,
) -> Iterator[dates.Moment]:  # fmt: skip
    """The dates of publication that a page gives, in the order of dates.SOURCES. Each is sought when those before it
    were not enough: most pages' metadata are."""
    is_declared = False
    for declared in _declared(dates.candidates(data, surroundings.times(tree, lines, found, title), local), url, entry):
        is_declared = is_declared or dates.believable(declared, now)
        yield declared
    # Who asks for more has no time of day yet. What follows is costly, and for nothing where such pages are dropped.
    if kind in ("listing", "wall", "error") or (is_declared and not found):
        return
    if found:
        above = blocks.right_above(lines, title.index, 3) if title else []
        first, last = found.blocks[0].index, found.blocks[-1].index
        within = lines[first : found.blocks[min(2, len(found.blocks) - 1)].index]
        stamps = [
            b.text for b in within if b not in found.blocks and (dates.is_stamp(b.text) or phrases.is_byline(b.text))
        ]
        header = [b.text for b in (*surroundings.header(lines, found, title), *above)]
        language = data.language or data.string("inLanguage")
        written = partial(dates.spelled_out, language=language)
        yield from dates.in_header(map(written, [*header, *stamps]), local, changes=not is_declared)
        if is_declared:
            return  # the day is known; only its time was sought
        yield from dates.in_opening(written(found.blocks[0].text), local)
        yield from dates.in_footer([written(b.text) for b in lines[last + 1 : last + 15]], local)
        yield from dates.revised(surroundings.times(tree, lines, found, title), local, language)
        if moment := dates.guess(found.container, now):
            yield moment
    for picture in pictures:
        yield from dates.in_words(picture.caption or "", "inferred from caption")


def _declared(candidates: Iterator[dates.Moment], url: str, entry: Entry | None) -> Iterator[dates.Moment]:
    yield from candidates
    if moment := dates.from_url(url):
        yield moment
    if entry and entry.date_published:
        yield dates.from_feed(entry.date_published)


#: With more than this between what a page declares and the day in its address, what it declares is none of its
#: article's: of 154 addresses with a day in them two are off by more than one, and those by ten.
_ANOTHER = timedelta(days=365)

_WORDS = re.compile(r"[^\W\d_]{3,}")
_NUMBERS = re.compile(r"\d{4,}")


def _canonical(data: Metadata, url: str) -> str | None:
    """rel=canonical, else og:url, resolved and normalized."""
    for href in (data.canonical, data.first("og:url")):
        if href:
            try:
                return urls.normalize(urljoin(url, href))
            except (urls.InvalidURL, ValueError):
                continue
    return None


def _is_same_page(canonical: str, url: str) -> bool:
    """Whether a canonical URL is another spelling of this page's own: same site, no front page or section root, and
    named after the same article, where the page's own URL is named after one: some sites print one address, such as
    /index.php, on all of their pages."""
    one, other = urlsplit(canonical), urlsplit(url)
    if _site(one.netloc) != _site(other.netloc):
        return False
    words = _slug_words(other)
    if len(words) > 1 and words.isdisjoint(_slug_words(one)) and _numbers(other).isdisjoint(_numbers(one)):
        return False
    return len(one.path.strip("/")) > 0 and not (
        other.path.startswith(one.path.rstrip("/") + "/")
        and other.path.count("/") > one.path.count("/")
        and len(one.path) < 25
    )


def _slug_words(url: SplitResult) -> set[str]:
    """Words of the last step of a path, without .html and the like."""
    return set(_WORDS.findall(unquote(url.path.rpartition("/")[2].partition(".")[0]).lower()))


def _numbers(url: SplitResult) -> set[str]:
    return set(_NUMBERS.findall(f"{url.path}?{url.query}"))


def _site(netloc: str) -> str:
    return re.sub(r"^(?:www|amp|m|mobile|edition)\.", "", netloc)
