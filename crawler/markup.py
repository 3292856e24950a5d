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

#: A node of lxml; lxml has no type annotations of its own.
Element = Any

#: What is read of a page; what lies beyond is scripts, data or a trap.
MAX_BYTES = 12_000_000

_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_TAG = re.compile(r"<[a-zA-Z!/]")
#: What XML 1.0 cannot hold, NUL among it, and what stands for an undecodable byte twice over.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
_UTF8_PAIR = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


class MarkupError(ValueError):
    """The bytes are no HTML; says what they are instead."""


def decode(html: bytes, charset: str | None = None) -> str:
    """The page's text. `charset` is the one that the HTTP header names.

    What cannot be decoded stands as U+FFFD, NUL and other control characters are removed. Raises MarkupError for
    bytes that are empty, binary or hold no tag at all.
    """
    html = html[:MAX_BYTES]
    if not html.strip():
        raise MarkupError("empty")
    encoding, mark = w3lib.encoding.read_bom(html)
    if encoding is None:
        # Text has hardly any control characters; a picture, PDF or archive has one byte in ten (25 of 256).
        head = html[:8192]
        if len(_CONTROL.findall(head)) > 0.02 * len(head):
            raise MarkupError("binary, not HTML")
        encoding = _encoding(html, charset)
    text = html[len(mark or b"") :].decode(encoding, "replace")
    text = _UNPRINTABLE.sub("", text)
    if not _TAG.search(text):
        raise MarkupError("not HTML: no tag in it")
    return text


def _encoding(html: bytes, charset: str | None) -> str:
    header = w3lib.encoding.resolve_encoding(charset) if charset else None
    declared = w3lib.encoding.html_body_declared_encoding(html)
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
    return label or _guess(html)


def _guess(html: bytes) -> str:
    # Shift_JIS, EUC, GB 18030, Windows-125x by their statistics, through the guesser that trafilatura brings.
    import trafilatura.utils

    sample = html[:200_000]
    for name in trafilatura.utils.detect_encoding(sample):
        encoding = w3lib.encoding.resolve_encoding(name)
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
    try:
        tree = lxml.html.document_fromstring(_XML_DECLARATION.sub("", text).encode("utf-8", "replace"), parser=parser)
    except (lxml.etree.LxmlError, AssertionError, ValueError) as error:
        raise MarkupError(f"not HTML: {error}") from None
    if tree.tag != "html" or not len(tree):
        raise MarkupError("not HTML: no element in it")
    return tree
