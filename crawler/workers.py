"""What runs in a worker process: a fetched page becomes a finished article with its signature."""

from __future__ import annotations

import multiprocessing.connection
import os
import signal
import threading
from dataclasses import dataclass, replace
from types import FrameType

from crawler import memory, optouts, similarity
from crawler.items import Article, Page
from crawler.profiles import Profile
from crawler.publishers import Publisher

#: Bytes of a page after which memory is given back: glibc keeps what lxml took for a big one, a hundred megabytes.
BIG = 1_000_000


class OptedOutError(Exception):
    """The page says that it must not be used; `str()` says how: "noindex", "tdm-reservation"."""


class UnreadableError(ValueError):
    """The page is no HTML that can be read; `str()` says why, as pages.PageError does."""


class ReadTimeoutError(Exception):
    """A page took longer to read than it may."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for every page of a run."""

    seconds: float = 0  #: a page may take so long; 0: as long as it takes
    noindex: bool = True  #: refuse what says noindex
    tdm: bool = False  #: refuse what reserves text and data mining


def clean(
    page: Page, publisher: Publisher | None, rules: Rules, profile: Profile | None = None
) -> tuple[Article, bool]:
    """Read one page: the article, and whether the page reserves text and data mining.

    Raises UnreadableError, OptedOutError and ReadTimeoutError.
    """
    # Here: of a crawl's start it is a sixth, and the process that names this function never calls it.
    from crawler import pages

    if rules.seconds:
        signal.signal(signal.SIGALRM, _give_up)
        signal.setitimer(signal.ITIMER_REAL, rules.seconds)
        # Python hears of an alarm when it is its turn, which a library that hangs does not let come. SIGPROF, of which
        # it is not told to hear, ends the process.
        signal.setitimer(signal.ITIMER_PROF, 2 * rules.seconds)
    try:
        article = pages.read(
            page.body,
            page.url,
            charset=page.charset,
            entry=page.entry,
            publisher=publisher,
            now=page.date_crawled,
            profile=profile,
        )
        # A wall's noindex is its maker's, not the paper's.
        reserved = article.kind != "wall" and _opted_out(page, rules)
    except pages.PageError as error:
        raise UnreadableError(str(error)) from None
    finally:
        if rules.seconds:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.setitimer(signal.ITIMER_PROF, 0)
        if len(page.body) > BIG:
            memory.give_back()
    fingerprint = similarity.sign(article.headline, article.body)
    signed = replace(
        article,
        publisher=page.publisher,
        date_crawled=page.date_crawled,
        entry_id=page.entry_id,
        etag=page.etag,
        last_modified=page.last_modified,
        signature=fingerprint.signature_text,
        sketch=fingerprint.sketch_text,
    )
    return signed, reserved


def begin() -> None:
    """What a worker does first: leave Ctrl-C, which goes to the whole process group, to the crawl; end when it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})  # with which a pool ends what hangs
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _opted_out(page: Page, rules: Rules) -> bool:
    metas = list(optouts.metas(page.body))
    if rules.noindex and optouts.refuses(optouts.robots_directives(metas, page.robots_tags)):
        raise OptedOutError("noindex")
    reserved = bool(optouts.tdm_reserved(metas, page.tdm_reservation))
    if reserved and rules.tdm:
        raise OptedOutError("tdm-reservation")
    return reserved


def _end_with_parent() -> None:
    # The workers of a killed crawl would wait for pages for ever: each holds the others' ends of the queue open.
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def _give_up(signum: int, frame: FrameType | None) -> None:
    raise ReadTimeoutError
