"""Bytes of a feed -> Feed: its entries and what it says of its own rhythm.

RSS 0.9x to 2.0, RDF, Atom 0.3 and 1.0, JSON Feed. fastfeedparser reads what is well-formed and plain; what it is known
to read differently goes to feedparser, the yardstick for entries and links. Neither gets a DTD: it is cut off first, so
no entity is expanded or fetched.
`xml`, `mend` and `moment` are the steps that a sitemap needs as well.
"""

from __future__ import annotations

import calendar
import codecs
import html
import io
import itertools
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html.entities import html5
from typing import Any
from xml.parsers import expat

import dateutil.parser
import fastfeedparser
import orjson
from lxml import etree
from w3lib.encoding import http_content_type_encoding, read_bom, resolve_encoding

from crawler import zones
from crawler.characters import printable
from crawler.items import Entry
from crawler.urls import resolve

MAX_DESCRIPTION = 2_000  #: characters of plain text; some feeds put whole articles there

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# RSS 1.0 syndication module, https://web.resource.org/rss/1.0/modules/syndication/
_PERIOD_MINUTES = {"hourly": 60, "daily": 1_440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}
_MAX_MINUTES = 525_600

# What codecs.lookup finds but no document is written in; unicode_escape would warn, punycode takes quadratic time.
_NO_CHARSETS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "unicode-escape"})
_SHIFT_CHARSETS = ("iso2022", "hz")  # seven-bit, so also valid UTF-8

# How a "<" and, in UTF-16, what may follow look without a BOM: https://www.w3.org/TR/xml/#sec-guessing
_WIDE_OPENINGS = (
    ("utf-32-be", b"\0\0\0<"),
    ("utf-32-le", b"<\0\0\0"),
    ("utf-16-be", b"\0<\0"),
    ("utf-16-le", (b"<\0?\0", b"<\0!\0", b"<\0r\0", b"<\0f\0")),
    ("cp037", b"Lo\xa7\x94"),  # EBCDIC
)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']", re.IGNORECASE)
# Atomic groups keep it linear on any input. The internal subset is skipped, comments in it first: they may hold quotes.
_PROLOG = re.compile(
    r"""(?>\s+|<\?.*?\?>|<!--.*?-->
        |<!DOCTYPE(?>[^\[<>"']|"[^"]*"|'[^']*')*(?>\[(?><!--.*?-->|<\?.*?\?>|"[^"]*"|'[^']*'|[^\]"'])*\]\s*)?>)*""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_ROOT = re.compile(r"<((?:[\w.-]+:)?([A-Za-z][\w.-]*))(?=[\s/>])")
_FEED_START = re.compile(r"<(?:\?xml\b|(?:[\w.-]+:)?(?:rss|feed|rdf|channel|urlset|sitemapindex)\b)", re.IGNORECASE)
_JUNK = 65_536  # characters of warnings, blank lines or half a DTD that may stand before the root
_CONTROL = {code: None for code in range(32) if code not in (9, 10, 13)} | {0xFFFE: None, 0xFFFF: None}
_MARKUP = re.compile(
    r"<!\[CDATA\[(?:.*?\]\]>|.*\Z)|<!--(?:.*?-->|.*\Z)"  # left alone; unclosed, it runs to the end: linear
    r"|&(?:(#[0-9]{1,8}|#[xX][0-9A-Fa-f]{1,7}|[A-Za-z][A-Za-z0-9]{0,40});)?|<(?![A-Za-z_/!?])",
    re.DOTALL,
)
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})

_FIRST_PART = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)[\s>/]", re.IGNORECASE)
_PREFIXED = re.compile(rb"<[\w.-]+:(?:link|title|origLink)[\s>/]", re.IGNORECASE)
_TITLE_WITH_MARKUP = re.compile(rb"<title[^>]*>[^<]*<(?!/title|!\[CDATA\[)")
_DATE = re.compile(
    rb"<(?:[\w.-]+:)?(?:[pP]ub[dD]ate|[dD]ate|published|issued|created|updated|modified|lastBuildDate)(?:\s[^<>]*)?>"
    rb"\s*(?:<!\[CDATA\[)?([^<\]]*)",
)
_WHOLE_DATE = re.compile(rb"\d{4}-?\d\d-?\d\d|\d{1,2}[ -][A-Za-z]{3,9}\.?,?[ -]\d{2,4}")
# feedparser takes 30 microseconds a tag: a megabyte of "<a>" would take 10 s. 10,000 entries have 120,000 tags.
_MAX_TAGS = 200_000
_MARKUP_START = re.compile(rb"<!\[CDATA\[(?:.*?\]\]>|.*\Z)|<", re.DOTALL)
_HTML_TYPES = ("", "text/html", "html", "application/xhtml+xml", "xhtml")

_HIDDEN = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.IGNORECASE | re.DOTALL)
_HIDDEN_START = re.compile(r"<s(?:cript|tyle)", re.IGNORECASE)
_INLINE = re.compile(r"</?(?:a|abbr|b|big|cite|code|em|font|i|mark|q|s|small|span|strong|sub|sup|u|wbr)\b[^<>]*>", re.I)
_TAG = re.compile(r"</?[A-Za-z!?][^<>]*>")
_MAILBOX = re.compile(r"\S+@\S+")


class FeedError(ValueError):
    """What was given is no feed, or cut off before its first entry: where, what, got, want."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed as read once. Nothing in it is judged: dates may lie in the future, hints may be silly."""

    entries: tuple[Entry, ...] = ()  #: in the feed's order, those without a link left out
    title: str | None = None  #: plain text, one line
    language: str | None = None  #: BCP 47, as written
    home: str | None = None  #: the page that the feed belongs to, absolute
    ttl_minutes: int | None = None  #: RSS ttl, 1 to a year; None where absent, zero or no number
    skip_hours: tuple[int, ...] = ()  #: RSS skipHours, 0 to 23, in UTC (RSS says GMT)
    skip_days: tuple[int, ...] = ()  #: RSS skipDays, 0 is Monday
    update_minutes: int | None = None  #: sy:updatePeriod divided by sy:updateFrequency


def read(body: bytes, url: str, *, content_type: str | None = None) -> Feed:
    """The feed in `body`, fetched from `url` (for relative links and errors); of `content_type` the charset counts.

    - Encoding: BOM, else UTF-8 if it is that, else the XML declaration's, else the header's; stray bytes are cp1252.
    - Not well-formed: ampersands, entities of HTML, stray "<" and control characters are mended. Of a feed cut off on
      the way, the complete entries are read; a half entry may hold half a link.
    - Links: feedparser's choice (the last rel=alternate of a HTML type, else <link>, else a guid that is a permalink),
      resolved against xml:base, else `url`; but an origLink, the page behind a counting redirect, goes first. Links of
      other schemes (file:, javascript:, mailto:) are kept as written: to refuse and count them is the caller's part.
    - Dates are aware; where fastfeedparser read them, in UTC. No zone means UTC, none that can be read is None.
      `date_published` is the date of change where the feed gives no other.

    Raises FeedError and nothing else. Time is linear in the size of the body; bounding that is the caller's part.
    What feedparser has to read is bounded here, to the complete entries within the first 200,000 tags (7 s at worst).
    """
    if not body.strip():
        raise FeedError(f"{url}: empty: got {len(body)} bytes, want a feed")
    text = _decoded(body, content_type)
    if text.startswith("{"):
        return _read_json(text, url)
    document, root = _document(text)
    if root not in ("rss", "feed", "rdf", "channel"):
        got = {"html": "an HTML page", "urlset": "a sitemap", "sitemapindex": "a sitemap index"}.get(root)
        raise FeedError(f"{url}: not a feed: got {got or repr(text[:60])}, want RSS, RDF, Atom or JSON Feed")
    document, well_formed = mend(document, parts=("item", "entry"))
    start = _FIRST_PART.search(document)
    first = start.start() if start else len(document)
    channel = _channel(document[:first])
    base = resolve(url, channel.base or "")
    entries = None
    if start and well_formed:
        entries = _read_fast(document, document[first:], base, channel.language, atom=root == "feed")
    if entries is None:
        entries = _read_slow(document, url, channel.language)
    if not entries and not well_formed and not start:
        raise FeedError(f"{url}: cut off or broken before the first entry: got {text[:60]!r}, want a whole feed")
    return Feed(
        entries=entries,
        title=plain(channel.text("title")),
        language=channel.language,
        home=resolve(base, home) if (home := channel.link()) else None,
        ttl_minutes=_minutes(channel.text("ttl")),
        skip_hours=tuple(
            sorted({int(hour) % 24 for hour in channel.texts("skiphours") if re.fullmatch("[0-9]{1,2}", hour)})
        ),
        skip_days=tuple(
            sorted({_DAYS.index(day.lower()) for day in channel.texts("skipdays") if day.lower() in _DAYS})
        ),
        update_minutes=_update_minutes(channel),
    )


def xml(body: bytes) -> tuple[bytes, str]:
    """`body` as UTF-8 from its root element on, and that element's local name in lower case ("" if there is none).

    Declaration, DTD and comments before the root are gone, and so is what some servers print in front of them.
    """
    return _document(_decoded(body, None))


def mend(document: bytes, parts: tuple[str, ...]) -> tuple[bytes, bool]:
    """The document, mended if it is not well-formed (undeclared prefixes aside), and whether it is so now.

    One without the root's end tag is cut after the last complete one of its `parts` (local names).
    """
    if _is_well_formed(document):
        return document, True
    text = document.decode("utf-8", "replace").translate(_CONTROL)
    name = root[1] if (root := _ROOT.match(text)) else ""
    text = text.rstrip()
    if text.endswith(f"</{name}"):
        text += ">"
    end = text.rfind(f"</{name}>")
    if end >= 0:
        text = text[:end]
    else:
        ends = [match.end() for match in re.finditer(rf"</(?:[\w.-]+:)?(?:{'|'.join(parts)})\s*>", text)]
        if not ends:
            return _mended(text).encode(), False
        text = text[: ends[-1]]
        if name.lower() == "rss":
            text += "</channel>"
    mended = (_mended(text) + f"</{name}>").encode()
    return mended, _is_well_formed(mended)


def moment(text: str) -> datetime | None:
    """The aware moment that `text` names: W3C/ISO 8601, RFC 5322, or what dateutil reads; UTC where it names no zone.
    None for anything without a full calendar day: the clock fills no gaps."""
    text = " ".join(text.split())
    if not 6 <= len(text) <= 100:
        return None
    zone = re.search(r"(?<=[\d ])([A-Z]{3,4})$", text)
    if zone and (minutes := zones.offset(zone[1])) is not None:
        text = f"{text[: zone.start()].rstrip()} {zones.written(minutes)}"
    for parse in (_iso, parsedate_to_datetime, _dateutil):
        try:
            when = parse(text)
            if when is not None and when.utcoffset() is None:
                when = when.replace(tzinfo=UTC)
            if when is not None:
                when.astimezone(UTC)  # dateutil takes offsets of a day and more, which fail when they are asked for
            return when
        # decimal and dateutil raise ArithmeticError (numbers too long), the others the rest
        except (ValueError, TypeError, IndexError, ArithmeticError, AttributeError):
            continue
    return None


def plain(markup: str | None) -> str | None:
    """The text of a headline or summary as one line: tags gone, entities resolved; None if nothing is left."""
    if not markup:
        return None
    if "<" in markup:
        if "<!--" in markup or _HIDDEN_START.search(markup):
            markup = _HIDDEN.sub(" ", markup)
        markup = _TAG.sub(" ", _INLINE.sub("", markup))
    if "&" in markup:
        markup = html.unescape(markup)
    return " ".join(printable(markup).split()) or None


def _decoded(body: bytes, content_type: str | None) -> str:
    return _text(body, content_type).lstrip("\ufeff\x00 \t\r\n")


def _text(body: bytes, content_type: str | None) -> str:
    charset, bom = read_bom(body)
    if charset and bom:
        return body[len(bom) :].decode(charset, "replace")
    for charset, opening in _WIDE_OPENINGS:
        if body.startswith(opening):
            return body.decode(charset, "replace")
    match = _DECLARED.search(body, 0, 1_024)
    declared = resolve_encoding(match[1].decode("ascii")) if match else None
    charsets = ["utf-8", declared, http_content_type_encoding(content_type)]
    if declared and declared.startswith(_SHIFT_CHARSETS):
        charsets.insert(0, declared)
    for charset in charsets:
        if charset and charset not in _NO_CHARSETS and not charset.startswith(("utf-16", "utf-32")):
            try:
                if charset == "utf-8":
                    # incremental: a character cut in half at the end is no reason to read the rest in another charset
                    return codecs.getincrementaldecoder(charset)().decode(body)
                return body.decode(charset)
            except (UnicodeError, LookupError):
                # LookupError: what is a codec, but no charset (zlib, base64)
                continue
    return body.decode("utf-8", "newsfold.cp1252")


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)  # noqa: S101 - decoding is all it is named for
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("newsfold.cp1252", _as_cp1252)


def _document(text: str) -> tuple[bytes, str]:
    for _ in range(2):
        match = _PROLOG.match(text)
        text = text[match.end() :] if match else text
        root = _ROOT.match(text)
        if root and root[2].lower() in ("rss", "feed", "rdf", "channel", "urlset", "sitemapindex", "html"):
            break
        start = _FEED_START.search(text, 0, _JUNK)
        if start is None:
            break
        text = text[start.start() :]
    return text.encode("utf-8", "replace"), root[2].lower() if root else ""


def _is_well_formed(document: bytes) -> bool:
    try:
        expat.ParserCreate("utf-8").Parse(document, True)
    except expat.ExpatError:
        return False
    return True


def _mended(text: str) -> str:
    def mend(match: re.Match[str]) -> str:
        found, name = match[0], match[1]
        if found == "<":
            return "&lt;"
        if found[0] != "&" or name in _XML_ENTITIES:
            return found
        if name is None:
            return "&amp;"
        if name[0] == "#":
            code = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
            return (
                found
                if code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code <= 0xFFFD or 0xFFFF < code < 0x110000
                else ""
            )
        return html.escape(html5[f"{name};"]) if f"{name};" in html5 else f"&amp;{name};"

    return _MARKUP.sub(mend, text)


@dataclass(frozen=True, slots=True)
class _Channel:
    """What a feed says before its first entry."""

    base: str | None
    language: str | None
    children: Mapping[str, list[Any]]

    def text(self, name: str) -> str | None:
        for element in self.children.get(name, ()):
            if text := "".join(element.itertext()).strip():
                return text
        return None

    def texts(self, name: str) -> Iterator[str]:
        for element in self.children.get(name, ()):
            yield from ((child.text or "").strip() for child in element if isinstance(child.tag, str))

    def link(self) -> str | None:
        for element in self.children.get("link", ()):
            link = element.get("href") or (element.text or "").strip()
            if link and element.get("rel", "alternate") == "alternate":
                return str(link)
        return None


def _channel(head: bytes) -> _Channel:
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(head, parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        return _Channel(None, None, {})
    inner = next((child for child in root if _local(child) == "channel"), root)
    children: dict[str, list[Any]] = {}
    for child in inner:
        children.setdefault(_local(child), []).append(child)
    base, language = None, None
    for element in (root, inner):
        base = resolve(base or "", element.base or "") or base
        language = element.get("{http://www.w3.org/XML/1998/namespace}lang") or language
    channel = _Channel(base, None, children)
    return _Channel(base, channel.text("language") or language or None, children)


def _local(element: Any) -> str:
    return re.split("[}:]", element.tag)[-1].lower() if isinstance(element.tag, str) else ""


def _minutes(text: str | None) -> int | None:
    try:
        minutes = math.ceil(float(text or ""))
    except (ValueError, OverflowError):
        return None
    return min(minutes, _MAX_MINUTES) if minutes > 0 else None


def _update_minutes(channel: _Channel) -> int | None:
    period = _PERIOD_MINUTES.get((channel.text("updateperiod") or "").lower())
    if period is None:
        return None
    times = _minutes(channel.text("updatefrequency")) or 1
    return max(1, period // times)


def _read_fast(
    document: bytes, parts: bytes, base: str, language: str | None, *, atom: bool
) -> tuple[Entry, ...] | None:
    """The entries as fastfeedparser 0.6 sees them; None where it is known to see something else than feedparser."""
    # It takes the first child of a local name, whatever its namespace (media:title for title; an atom:link hides the
    # link), does not know xml:base and origLink, and reads a title up to the first element in it.
    named = b":link" in parts or b":title" in parts or b"origLink" in parts
    if b"xml:base" in parts or (named and _PREFIXED.search(parts)) or _TITLE_WITH_MARKUP.search(parts):
        return None
    try:
        rows = fastfeedparser.parse(
            document, include_content=False, include_tags=False, include_media=False, include_enclosures=False
        ).entries
    except Exception:  # of any kind: it is a first try, and feedparser has the last word
        return None
    # Without a <link> of its own an entry gets its guid's address, permalink or not; with two it gets the other one.
    if not rows or (not atom and (parts.count(b"<link>") != len(rows) or b"<link " in parts or b"<link></" in parts)):
        return None
    # A guid such as "20" and a time without a day become dates of today, by the clock.
    dates = [match[1] for match in _DATE.finditer(parts)]
    dated = sum(1 for row in rows if row.get("published"))
    if dated > len(dates) or (dated < len(rows) and dates) or not all(_WHOLE_DATE.search(date) for date in dates):
        return None
    entries = []
    for row in rows:
        link = _alternate(row["links"]) if atom else row.get("link")
        if not link:
            return None
        author = row.get("author")
        entries.append(
            _entry(
                link=resolve(base, link.strip()),
                headline=row.get("title"),
                description=row.get("description"),
                authors=(author,) if author else (),
                published=_iso(row["published"]) if row.get("published") else None,
                updated=_iso(row["updated"]) if row.get("updated") else None,
                language=language,
            )
        )
    return tuple(entries)


def _alternate(links: Iterable[Mapping[str, str | None]]) -> str | None:
    found = None
    for link in links:
        if (link["rel"] or "alternate") == "alternate" and (link["type"] or "").lower() in _HTML_TYPES:
            found = link["href"]
    return found


def _read_slow(document: bytes, url: str, language: str | None) -> tuple[Entry, ...]:
    beyond = next(itertools.islice(_MARKUP_START.finditer(document), _MAX_TAGS, None), None)
    if beyond is not None:
        document, _ = mend(document[: beyond.start()], parts=("item", "entry"))
    import feedparser  # here: 0.14 s that most runs need not spend

    # A stream, never the bytes themselves: those feedparser would first try to open as a file name.
    try:
        rows = feedparser.parse(
            io.BytesIO(document),
            response_headers={"content-location": url, "content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        ).entries
    except Exception as error:  # feedparser runs on what its handlers raise: assertions, recursion, lookups
        raise FeedError(f"{url}: feedparser failed on it ({type(error).__name__}: {error}): want a feed") from error
    entries = []
    for row in rows:
        original = next((value for key, value in row.items() if key.endswith("_origlink") and value), None)
        link = original or row.get("link")
        if link:
            published = row.get("published") or row.get("created")
            entries.append(
                _entry(
                    link=resolve(url, link.strip()),
                    headline=row.get("title"),
                    description=row.get("summary"),
                    authors=[author.get("name") for author in row.get("authors", ())] or [row.get("author")],
                    published=_feedparser_moment(published, row.get("published_parsed")),
                    updated=_feedparser_moment(row["updated"], row.get("updated_parsed")) if "updated" in row else None,
                    language=language,
                )
            )
    return tuple(entries)


def _feedparser_moment(text: str | None, parsed: tuple[int, ...] | None) -> datetime | None:
    """feedparser knows Korean, Greek and Hungarian dates; what is plain ASCII it only guesses better, by the clock."""
    if not text:
        return None
    when = moment(text)
    if when is None and parsed and not text.isascii() and re.search(r"\d{4}", text):
        try:
            when = datetime.fromtimestamp(calendar.timegm(parsed), UTC)
        except (ValueError, OverflowError, OSError):
            return None
    return when


def _read_json(text: str, url: str) -> Feed:
    """https://www.jsonfeed.org/version/1.1/"""
    try:
        document = orjson.loads(text.encode("utf-8", "replace"))
    except orjson.JSONDecodeError as error:
        document = {"items": list(_complete_items(text))}
        if not document["items"]:
            raise FeedError(
                f"{url}: JSON that ends or breaks before its first item ({error}): want a JSON Feed"
            ) from error
    items = document.get("items")
    if not isinstance(items, list):
        raise FeedError(f"{url}: not a feed: got JSON with {sorted(document)[:8]}, want a JSON Feed with 'items'")
    language = _string(document.get("language"))
    entries = []
    for item in items:
        if not isinstance(item, dict):
            continue
        name = _string(item.get("id")) or ""
        link = _string(item.get("url")) or _string(item.get("external_url")) or (name if "://" in name else None)
        if not link:
            continue
        authors = item.get("authors") or [item.get("author")]  # version 1.0 had one author
        entries.append(
            _entry(
                link=resolve(url, link),
                headline=_string(item.get("title")),
                description=_string(item.get("summary")),
                authors=[a.get("name") for a in authors if isinstance(a, dict)] if isinstance(authors, list) else (),
                published=moment(_string(item.get("date_published")) or ""),
                updated=moment(_string(item.get("date_modified")) or ""),
                language=_string(item.get("language")) or language,
            )
        )
    home = _string(document.get("home_page_url"))
    return Feed(
        entries=tuple(entries),
        title=plain(_string(document.get("title"))),
        language=language,
        home=resolve(url, home) if home else None,
    )


def _complete_items(text: str) -> Iterator[Any]:
    """The whole items of a JSON Feed that was cut off."""
    start = re.search(r'"items"\s*:\s*\[', text)
    at = start.end() if start else len(text)
    decoder = json.JSONDecoder()
    while at < len(text):
        try:
            item, at = decoder.raw_decode(
                text, at + len(text[at : at + 64]) - len(text[at : at + 64].lstrip(" \t\r\n,"))
            )
        except (ValueError, RecursionError):
            return
        yield item


def _string(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _entry(
    *,
    link: str,
    headline: str | None,
    description: str | None,
    authors: Iterable[object],
    published: datetime | None,
    updated: datetime | None,
    language: str | None,
) -> Entry:
    summary = plain(description[: 10 * MAX_DESCRIPTION]) if description else None
    return Entry(
        url=printable(link),
        headline=plain(headline),
        description=summary[:MAX_DESCRIPTION].rstrip() if summary else None,
        authors=tuple(dict.fromkeys(name for author in authors if isinstance(author, str) and (name := _name(author)))),
        date_published=published or updated,
        date_modified=updated,
        language=printable(language) if language else None,
    )


def _name(author: str) -> str | None:
    """RSS wants "mail@example.com (Name)" and gets anything; the address is nobody's name."""
    name = plain(_MAILBOX.sub("", author)) if "@" in author else plain(author)
    return name.strip("()<> ") or None if name else None


def _iso(text: str) -> datetime:
    return datetime.fromisoformat(re.sub(r" (?=[+-]\d\d:?\d\d$|Z$)", "", text))


def _dateutil(text: str) -> datetime | None:
    """dateutil fills what is missing from a default: where two defaults give two days, no day was named."""
    days = [
        dateutil.parser.parse(text, default=default, tzinfos=lambda _name, offset: offset)
        for default in (datetime(2000, 1, 1, tzinfo=UTC), datetime(2003, 2, 2, tzinfo=UTC))
    ]
    return days[0] if days[0].date() == days[1].date() else None
