"""What runs in a worker process: a fetched page becomes a finished article with its signature."""

from __future__ import annotations

import signal
from dataclasses import replace
from types import FrameType

from crawler import pages, similarity
from crawler.items import Article, Page
from crawler.publishers import Publisher


class ReadTimeoutError(Exception):
    """A page took longer to read than it may."""


def clean(page: Page, publisher: Publisher | None, seconds: float) -> Article:
    """Read one page within so many seconds (0: no limit). Raises pages.PageError and ReadTimeoutError."""
    if seconds:
        signal.signal(signal.SIGALRM, _give_up)
        signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        article = pages.read(
            page.body, page.url, charset=page.charset, entry=page.entry, publisher=publisher, now=page.date_crawled
        )
    finally:
        if seconds:
            signal.setitimer(signal.ITIMER_REAL, 0)
    fingerprint = similarity.sign(article.headline, article.body)
    return replace(
        article,
        publisher=page.publisher,
        date_crawled=page.date_crawled,
        entry_id=page.entry_id,
        signature=fingerprint.signature_text,
        sketch=fingerprint.sketch_text,
    )


def ignore_interrupt() -> None:
    """Ctrl-C goes to the whole process group; the crawl alone decides when its workers end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _give_up(signum: int, frame: FrameType | None) -> None:
    raise ReadTimeoutError
