"""The address that a page gives as its own -> whether it is another spelling of the one at which it was found.

Some sites print one address, such as /index.php, on all of their pages; syndication partners print the origin's.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from crawler import urls
from crawler.metadata import Metadata

_WORDS = re.compile(r"[^\W\d_]{3,}")
_NUMBERS = re.compile(r"\d{4,}")


def address(data: Metadata, url: str) -> str | None:
    """rel=canonical, else og:url, resolved against `url` and normalized; None where there is no usable one."""
    for href in (data.canonical, data.first("og:url")):
        if href:
            try:
                return urls.normalize(urljoin(url, href))
            except (urls.InvalidURL, ValueError):
                continue
    return None


def is_same_page(canonical: str, url: str) -> bool:
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
