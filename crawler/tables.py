"""A publisher that was found -> its table in publishers.toml, as `crawler.publishers.load` reads it.

`usable`, `domain`, `language` and `one_line` bring what pages and files say into the form that such a table takes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from urllib.parse import quote, urlsplit, urlunsplit

from crawler import feeds, urls
from crawler.publishers import HOST, LANGUAGES, Publisher, spelt

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffd]")
_BLANK = re.compile(r"[\s\x00-\x1f\x7f]")
_HOST = rf"{HOST}(?::[1-9]\d{{0,4}})?"
_ADDRESS = re.compile(rf"https?://{_HOST}(?:[/?][^\s\x00-\x1f\x7f\ud800-\udfff]*)?")
_KEY = re.compile(rf"(?=[^\[]*\.|.*:\d+$){_HOST}")


def as_toml(publisher: Publisher, titles: Mapping[str, str] | None = None) -> str:
    """A table of publishers.toml, ended by a line feed.

    Domain, name, language, homepage, feeds and news_sitemaps: what can be found; the rest is a person's to add.
    `titles` of addresses stand beside them as comments.
    """
    # JSON's strings are TOML's, but for DEL, which TOML wants escaped.
    lines = [f"[{_quoted(publisher.domain)}]", f"name = {_quoted(publisher.name)}"]
    lines += [
        f"{key} = {_quoted(value)}"
        for key, value in (("language", publisher.language), ("homepage", publisher.homepage))
        if value
    ]
    for key, addresses in (("feeds", publisher.feeds), ("news_sitemaps", publisher.news_sitemaps)):
        comments = [one_line((titles or {}).get(address)) for address in addresses]
        if len(addresses) == 1 and comments[0] in (None, publisher.name):  # one that needs no telling apart
            lines.append(f"{key} = [{_quoted(addresses[0])}]")
        elif addresses:
            rows = zip(addresses, comments, strict=True)
            listed = [f"    {_quoted(address)},{f'  # {comment}' if comment else ''}" for address, comment in rows]
            lines += [f"{key} = [", *listed, "]"]
    return "\n".join([*lines, ""])


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def usable(base: str, link: str) -> str | None:
    """`link` on a page at `base` as publishers.toml takes it: absolute, http or https, the host in ASCII, without
    fragment and password, blanks encoded; None where it can't be."""
    try:
        url = urls.resolve(base, re.sub("[\t\r\n]", "", link.strip()))
        host = urls.host(url)
        parts = urlsplit(url.strip())
        path, query = (_BLANK.sub(lambda m: quote(m[0]), part) for part in (parts.path or "/", parts.query))
    except ValueError:
        return None
    url = urlunsplit((parts.scheme, host, path, query, ""))
    return url if _ADDRESS.fullmatch(url) else None


def domain(url: str) -> str | None:
    """The key in publishers.toml of the publisher whose page is at `url`; None where it can have none."""
    try:
        key = spelt(urls.host(url))
    except urls.InvalidURL:
        return None
    return key if _KEY.fullmatch(key) else None


def language(tag: str | None) -> str | None:
    """ISO 639-1 of a language tag; None where it has none."""
    code = re.split("[-_]", (tag or "").strip().lower())[0]
    return code if code in LANGUAGES else None


def one_line(text: str | None, length: int = 100) -> str | None:
    """A name or title as plain text that may stand in a TOML comment; None if nothing is left."""
    line = feeds.plain(_UNPRINTABLE.sub(" ", text[: 10 * length])) if text else None
    return " ".join(_UNPRINTABLE.sub(" ", line).split())[:length].strip() or None if line else None
