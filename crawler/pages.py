"""The bytes of a fetched page -> a finished Article: metadata, images, clean body, agency with its evidence.

    bytes -> markup (text, tree) -> metadata, blocks -> body -> text, dates, authors, images, agencies -> Article

`read` is the only entrance. It never touches the network, files or the clock.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import lxml.etree
from lxml.cssselect import CSSSelector

from crawler import (
    agencies,
    blocks,
    body,
    bylines,
    canonical,
    dates,
    furniture,
    headlines,
    images,
    kinds,
    languages,
    markup,
    metadata,
    notices,
    publication,
    surroundings,
    text,
    urls,
)
from crawler.blocks import Block
from crawler.body import Body
from crawler.items import Article, Entry
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
    # Credits and notes stand in any order: "(AFP)", "Edited by …"; "Edited by …", "From a syndicated feed."
    noted = agencies.without_credits([p for p in paragraphs if p != signature])
    content = agencies.without_credits(bylines.without_notes(noted, people, sites))
    printed = "\n\n".join(furniture.without_loose_breaks(content))
    words = text.count_words(printed)
    kind = kinds.kind(data, own_url, headline, words, lines, found, html)
    if kind == "teaser" and found:
        behind = kinds.behind_prompt(lines, found)
        printed = "\n\n".join(furniture.without_loose_breaks([p for p in content if p not in behind]))
        words = text.count_words(printed)
    local = dates.zone(publisher.timezone if publisher else None)
    sources = publication.Sources(
        url=own_url, data=data, tree=tree, lines=lines, title=title, found=found, pictures=pictures, entry=entry
    )
    published = publication.find(sources, kind, local, now)
    changed = dates.choose(dates.modified(data, local), now)
    named = canonical.address(data, base)
    return Article(
        url=named if named and canonical.is_same_page(named, own_url) else own_url,
        canonical_url=named,
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
