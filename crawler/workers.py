"""What runs in a worker process: a fetched page becomes a finished article with its signature."""

from __future__ import annotations

import multiprocessing.connection
import os
import signal
import threading
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


def begin() -> None:
    """What a worker does first: leave Ctrl-C, which goes to the whole process group, to the crawl; end when it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    # The workers of a killed crawl would wait for pages for ever: each holds the others' ends of the queue open.
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def _give_up(signum: int, frame: FrameType | None) -> None:
    raise ReadTimeoutError
