"""The bytes of a page -> its text and its tree: charset by HTML's own rules, and no input that breaks the parser.

`decode` follows the order of the HTML standard (byte order mark, HTTP header, <meta> in the first bytes, statistical
guess; https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding), with one addition:
the bytes overrule a label that they contradict, because newspapers mislabel what they print.
"""

from __future__ import annotations

import re
from typing import Any

import lxml.etree
import lxml.html
import w3lib.encoding

from crawler import urls

#: A node of lxml; lxml has no type annotations of its own.
Element = Any

#: What is read of a page; what lies beyond is scripts, data or a trap.
MAX_BYTES = 12_000_000

_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_TAG = re.compile(r"<[a-zA-Z!/]")
#: A feed or sitemap: its entries would pass for one article.
_FEED = re.compile(
    r"(?>\s+|<\?[^>]*>|<!--.*?-->|<!doctype\s[^>\[]*>)*<(?:[\w.-]{1,20}:)?(?:rss|feed|rdf|urlset|sitemapindex)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
#: What XML 1.0 cannot hold, NUL among it, and what stands for an undecodable byte twice over.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
_UNPRINTABLE_BYTES = bytes({*range(0x20), 0x7F} - {*b"\t\n\r"})
_UTF8_PAIR = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
#: A page without a byte order mark that starts with a tag in UTF-16, little or big end first.
_WIDE = (
    ("utf-16-le", re.compile(rb"(?:[\t\n\f\r ]\0)*<\0[a-zA-Z!?]\0")),
    ("utf-16-be", re.compile(rb"(?:\0[\t\n\f\r ])*\0<\0[a-zA-Z!?]")),
)
#: What holds no declaration but can quote one: comments, and the attributes of other tags.
_NO_DECLARATION = re.compile(
    rb"""<!--.*?-->|<(?!meta|body)[a-z/][^<>"']*(?:(?:"[^"]*"|'[^']*')[^<>"']*)*>""", re.IGNORECASE | re.DOTALL
)
#: Labels of the standard that Python lacks or that the standard reads otherwise.
_LABELS = {"iso-8859-8-i": "iso8859-8", "csiso88598i": "iso8859-8", "logical": "iso8859-8", "x-user-defined": "cp1252"}
_UNKNOWN_TO_W3LIB = re.compile(
    rb"<meta\s[^<>]{0,200}?charset\s*=\s*[\"']?\s*(x-user-defined|iso-8859-8-i|csiso88598i|logical)\b", re.IGNORECASE
)
_LATE_DECLARATION = re.compile(rb"<meta\b[^>]{0,200}\bcharset\s*=\s*[\"']?\s*([\w.:-]{2,30})", re.IGNORECASE)
_LATEST = 500_000  #: bytes of a page among which its charset is looked for
_SCRIPT = re.compile(rb"<(?:script|style)\b", re.IGNORECASE)
_SCRIPT_END = re.compile(rb"</(?:script|style)\s*>", re.IGNORECASE)
_IN_HEAD = frozenset(
    ("base", "basefont", "bgsound", "link", "meta", "noframes", "noscript", "script", "style", "template", "title")
)
#: Codecs of Python that are no charset of the web and raise whatever the error handler.
_NO_CHARSETS = {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "unicode_escape"}
_NO_CHARSETS |= {"raw_unicode_escape", "mbcs", "oem"}
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_END = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
#: Types of schema.org that stand within an article, and those that do where they are a property of it.
_WITHIN, _PROPERTIES = ("ImageObject", "Comment", "UserComments"), ("VideoObject", "AudioObject", "MediaObject")
_MORE = re.compile(r"<(?:p|div|h[1-6]|article|section|main|table|ul|a)\b", re.IGNORECASE)


class MarkupError(ValueError):
    """The bytes are no HTML; says what they are instead."""


def decode(html: bytes, charset: str | None = None) -> str:
    """The page's text. `charset` is the one that the HTTP header names.

    What cannot be decoded stands as U+FFFD, NUL and other control characters are removed. Raises MarkupError for
    bytes that are empty, binary, a feed, a sitemap or JSON, or hold no tag at all.
    """
    html = html[:MAX_BYTES]
    if not html.strip():
        raise MarkupError("empty")
    encoding, mark = w3lib.encoding.read_bom(html)
    if encoding is None:
        encoding = next((name for name, opening in _WIDE if opening.match(html)), None)
    if encoding is None:
        # Text has hardly any control characters; a picture, PDF or archive has one byte in ten (25 of 256).
        head = html[:8192]
        if len(_CONTROL.findall(head)) > 0.02 * len(head):
            raise MarkupError("binary, not HTML")
        encoding = _encoding(html, charset)
    text = html[len(mark or b"") :].decode(encoding, "replace")
    if encoding != "utf-8" or _holds_unprintable(html):
        text = _UNPRINTABLE.sub("", text)
    if not _TAG.search(text):
        raise MarkupError("not HTML: no tag in it")
    if _FEED.match(text):
        raise MarkupError("a feed or sitemap, not a page")
    if text.lstrip()[:1] in ("{", "[") and text.rstrip()[-1:] in ("}", "]"):
        raise MarkupError("JSON, not HTML")
    return text


def _holds_unprintable(html: bytes) -> bool:
    """Whether UTF-8 may hold what _UNPRINTABLE takes out: hardly any page does, and the pattern takes 2 ms a page."""
    noncharacters = b"\xef" in html and (b"\xef\xb7" in html or b"\xef\xbf" in html)
    return noncharacters or len(html.translate(None, _UNPRINTABLE_BYTES)) < len(html)


def _encoding(html: bytes, charset: str | None) -> str:
    header = _charset(charset)
    declared = _declared(html)
    label = header or declared
    if label and label.startswith("utf-16"):
        # Without a byte order mark, bytes in which the declaration itself can be read are not UTF-16.
        label = None if html.count(b"\0") < len(html) // 8 else label
    try:
        html.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(html) == MAX_BYTES and error.start > len(html) - 4:
            return "utf-8"  # cut inside a character
    else:
        # No other encoding in use gives valid UTF-8 sequences by chance; pure ASCII may be ISO-2022-JP.
        return label if label and html.isascii() else "utf-8"
    if label == "utf-8":
        # A stray byte in UTF-8 text (an advertisement pasted in) is replaced; bytes that are mostly no UTF-8 carry
        # a wrong label, and then the other label, or the commonest encoding behind that mistake, is right.
        good = len(_UTF8_PAIR.findall(html))
        bad = len(re.findall(rb"[\x80-\xff]", _UTF8_PAIR.sub(b"", html)))
        if good >= bad:
            return "utf-8"
        label = declared if declared != "utf-8" else None
        return label or "cp1252"
    if not label and (late := _LATE_DECLARATION.search(html, 0, _LATEST)):
        label = _charset(late[1].decode("ascii"))  # browsers begin anew where they meet a declaration further down
    return label or _guess(html)


def _charset(label: str | None) -> str | None:
    label = (label or "").strip().lower()
    # U+0000 and lone surrogates, which a label of a hostile page may hold, make codecs.lookup raise.
    if not label.isascii() or not label.isprintable():
        return None
    name = w3lib.encoding.resolve_encoding(_LABELS.get(label, label))
    if name is None or name in _NO_CHARSETS:
        return None
    try:
        b"a".decode(name, "replace")
    except (LookupError, ValueError):
        return None  # zlib, base64, rot13: codecs, but not of text
    return name


def _declared(html: bytes) -> str | None:
    # The standard looks at 1,024 bytes, w3lib at 4,096: newspapers print their consent script first.
    head = _NO_DECLARATION.sub(b"", html[:4096])
    if (meta := _UNKNOWN_TO_W3LIB.search(head)) is not None:
        return _charset(meta[1].decode("ascii"))
    declared = _charset(w3lib.encoding.html_body_declared_encoding(head))
    # Where the declaration can be read byte by byte it cannot be true: the standard says UTF-8.
    return "utf-8" if declared and declared.startswith(("utf-16", "utf-32")) else declared


def _guess(html: bytes) -> str:
    # Shift_JIS, EUC, GB 18030, Windows-125x by their statistics, through the guesser that trafilatura brings.
    import trafilatura.utils

    # Scripts are ASCII, and there may be more of them than of text.
    first, *others = _SCRIPT.split(html[:_LATEST])
    sample = (first + b"".join(_SCRIPT_END.split(other, maxsplit=1)[-1] for other in others))[:200_000]
    for name in trafilatura.utils.detect_encoding(sample):
        encoding = _charset(name)
        if encoding and encoding not in ("utf-8", "ascii"):
            return encoding
    return "cp1252"


def parse(text: str) -> Element:
    """The tree of a page's text, without comments and processing instructions; a root <html> element.

    libxml2 stops at 2,048 levels, so no page makes a deeper tree. Raises MarkupError when nothing can be parsed.
    """
    parser = lxml.html.HTMLParser(
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,
        collect_ids=False,
        default_doctype=False,
    )
    # lxml.html looks up a class for every element's proxy by its tag, in Python: 4 % of the time for a page. Nothing
    # here needs more than HtmlElement.
    parser.set_element_class_lookup(lxml.etree.ElementDefaultClassLookup(element=lxml.html.HtmlElement))
    text = _XML_DECLARATION.sub("", text)
    if (end := _END.search(text)) and _MORE.search(text, end.end()):
        # libxml2 reads nothing behind </html>, which stands in the middle of one page in a hundred, where a document
        # was pasted into another. To the standard (HTML, 13.2.6.4.19) neither is an end where more follows.
        text = _END.sub("", text)
    try:
        tree = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (lxml.etree.LxmlError, AssertionError, ValueError) as error:
        raise MarkupError(f"not HTML: {error}") from None
    if tree.tag != "html" or not len(tree):
        raise MarkupError("not HTML: no element in it")
    _end_head(tree)
    return tree


def base(tree: Element, url: str) -> str:
    """What the relative addresses of a page at `url` start from: its first <base href>, else its own."""
    named = next((urls.resolve(url, href.strip()) for e in tree.iter("base") if (href := e.get("href"))), url)
    return named if named.startswith(("https://", "http://")) else url


def language(tree: Element) -> str | None:
    """The language of the page, as its root element has it."""
    names = ("lang", "{http://www.w3.org/XML/1998/namespace}lang", "xml:lang")
    return next(filter(None, map(tree.get, names)), None)


def is_of_media(element: Element) -> bool:
    """Whether an element's itemprop tells of a picture, a film or a comment that stands in an article, not of the
    article (HTML, 5.2.2: an item is that of the nearest itemscope)."""
    item = next((e for e in element.iterancestors() if e.get("itemscope") is not None), None)
    if item is None:
        return False
    kind = item.get("itemtype") or ""
    return kind.endswith(_WITHIN) or (item.get("itemprop") is not None and kind.endswith(_PROPERTIES))


def _end_head(tree: Element) -> None:
    """Moves to the <body> what stands in <head> from the first element on that cannot. It opens the body (HTML,
    13.2.6.4.4); of a page that leaves the tags out libxml2 takes <main> or <article> for a part of the head."""
    head = tree.find("head")
    if head is None:
        return
    first = next((i for i, child in enumerate(head) if child.tag not in _IN_HEAD), None)
    if first is None:
        return
    body = tree.find("body")
    if body is None:
        body = lxml.etree.SubElement(tree, "body")
    moved = list(head)[first:]
    if body.text:
        moved[-1].tail = (moved[-1].tail or "") + body.text
        body.text = None
    body[:0] = moved
