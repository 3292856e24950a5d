"""What an answer has to go through before the spiders see it: it is unpacked whole, and followed where it leads on."""

from __future__ import annotations

import re
import struct
import sys
import zlib
from typing import TYPE_CHECKING, Self, cast
from urllib.parse import urlsplit

import brotli
from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import NotConfigured, ResponseDataLossError
from scrapy.http import Response
from scrapy.http.cookies import CookieJar

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler

REDIRECTS = (301, 302, 303, 307, 308)
PARTIAL = 206
#: A page that is there to lead on holds little else.
REFRESH_MAX_BYTES = 8192
#: How a page or feed ends that is there to its end.
_END = re.compile(rb"</(?:html|rss|feed|rdf:rdf|urlset|sitemapindex)\s*>\s*\Z", re.IGNORECASE)
_END_BYTES = 64
_RANGE = re.compile(rb"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})")
_GZIP = b"\x1f\x8b\x08"
_TEXTS = (b"text/", b"html", b"xml", b"json")
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<[!?a-z]", re.IGNORECASE)
#: What the unpackers raise at bytes of another kind.
_UNPACKING = (OSError, EOFError, struct.error, zlib.error, brotli.error, zstd.ZstdError)


class PackingError(Exception):
    """The body is packed in another way than its Content-Encoding says."""


class CompressionMiddleware(HttpCompressionMiddleware):
    """Scrapy's, but that a body which breaks off is asked for again, and else counts as cut off: one that is shorter
    than its Content-Length, ends before its packing does, or is a part that nobody asked for (206). Scrapy keeps what
    there is: half an article would pass for all. One that ends as a whole one does is whole, whatever else is said.

    Text gzip'ed without a word of it is unpacked as well. Markup that is said to be packed and is not is left as it is,
    and so is what comes with an error, which says enough by itself. A packed file (.xml.gz) is crawler.sitemaps'
    to read."""

    def __init__(self, *, crawler: Crawler) -> None:
        super().__init__(crawler=crawler)
        self._crawler = crawler

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        if _is_packed_unsaid(response):
            response.headers["Content-Encoding"] = b"gzip"
        encoding = (response.headers.get("Content-Encoding") or b"").strip().lower()  # Scrapy takes it away
        try:
            plain = super().process_response(request, response)
        except _UNPACKING as error:
            if response.status in (200, PARTIAL) and not _MARKUP.match(response.body):
                raise PackingError(encoding.decode("latin-1")) from error
            del response.headers["Content-Encoding"]
            plain, encoding = response, b""
        if response.status not in (200, PARTIAL) or _END.search(plain.body[-_END_BYTES:]):
            return plain
        if not _is_part(response) and not _breaks_off(response.body, encoding):
            return plain
        again = get_retry_request(request, spider=cast("Spider", self._crawler.spider), reason="cut off")
        if again is None:
            raise ResponseDataLossError
        return again


def _is_packed_unsaid(response: Response) -> bool:
    if "Content-Encoding" in response.headers or not response.body.startswith(_GZIP):
        return False
    kind = response.headers.get("Content-Type") or b""
    return any(word in kind for word in _TEXTS) and not urlsplit(response.url).path.endswith(".gz")


def _is_part(response: Response) -> bool:
    """Whether less came than there is, by its Content-Length or, of a 206 that nobody asked for, its Content-Range."""
    said = _RANGE.match(response.headers.get("Content-Range") or b"") if response.status == PARTIAL else None
    return "dataloss" in response.flags or (said is not None and (said[1] != b"0" or int(said[2]) + 1 != int(said[3])))


def _breaks_off(body: bytes, encoding: bytes) -> bool:
    """Whether a body that has been unpacked in bounds ends before its packing does. What has none, or several in one
    another, does not."""
    try:
        if encoding in (b"gzip", b"x-gzip", b"deflate"):
            unpack = zlib.decompressobj(zlib.MAX_WBITS | 32)
            unpack.decompress(body)
            return not unpack.eof
        if encoding == b"br":
            unbrotli = brotli.Decompressor()
            unbrotli.process(body)
            return not unbrotli.is_finished()
        if encoding == b"zstd":
            unzstd = zstd.ZstdDecompressor()
            unzstd.decompress(body)
            return not unzstd.eof
    except (zlib.error, brotli.error, zstd.ZstdError):
        pass  # a wrong checksum at its end, or raw deflate, which Scrapy could read
    return False


class RedirectCookiesMiddleware:
    """Sends what an answer sets to where it redirects: some papers set a cookie and lead to the very same address, and
    without it for ever (https://github.com/encode/httpx/issues/821).

    No page is asked for with the cookies of another: a jar lives as long as the redirects of one request.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if crawler.settings.getbool("COOKIES_ENABLED"):  # then Scrapy's middleware keeps them all
            raise NotConfigured
        return cls()

    def process_request(self, request: Request) -> None:
        jar: CookieJar | None = request.meta.get("redirect_cookies")
        if jar is not None:
            request.headers.pop("Cookie", None)
            jar.add_cookie_header(request)

    def process_response(self, request: Request, response: Response) -> Response:
        if response.status in REDIRECTS and "Set-Cookie" in response.headers:
            jar = request.meta.setdefault("redirect_cookies", CookieJar())
            jar.extract_cookies(response, request)
        return response


class RefreshMiddleware(MetaRefreshMiddleware):
    """Scrapy's, for pages that hold little else: to look through all of them would cost, and articles are read as they
    are."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        if response.status != 200 or len(response.body) > REFRESH_MAX_BYTES:
            return response
        try:
            return super().process_response(request, response)
        except (LookupError, UnicodeError):  # "charset=undefined" names a codec of Python's that is no charset
            return response
