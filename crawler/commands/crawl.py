"""scrapy crawl: Scrapy's command, with exit codes that tell cron the truth (Scrapy: 0 for nearly any failure)."""

from __future__ import annotations

import argparse
import contextlib
import gc
import logging
import os
import signal
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

import orjson
from scrapy import Spider, signals
from scrapy.commands.crawl import Command as ScrapyCrawlCommand
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import UsageError
from scrapy.settings import Settings
from twisted.internet.error import ReactorNotRunning

from crawler import exporters, memory
from crawler import settings as defaults
from crawler.console import LOCKED, check_arguments, check_names
from crawler.extensions import SUMMARY, TimeExtension, summary
from crawler.publishers import PublishersError
from crawler.store import StoreError, StoreLockedError

DONE, FAILED, USAGE, IN_PART = 0, 1, 2, 3

#: The loggers that tell at INFO what a run consists of.
CHATTER = (
    *("scrapy.addons", "scrapy.core.engine", "scrapy.crawler", "scrapy.middleware", "scrapy.utils.log"),
    *("alembic.runtime.migration", "alembic.runtime.plugins", "scrapy.extensions.feedexport"),
)
#: And those that warn of single responses, which the store counts.
PEDANTS = ("scrapy.core.downloader.handlers.http11", "scrapy.downloadermiddlewares.httpcompression")
#: And those that would tell of a store that fails once for each article that waits for it.
WITNESSES = ("scrapy.core.engine", "scrapy.core.scraper", "scrapy.utils.signal")

#: A century in the unit that a setting's name ends with: what is further from now may be no date. Of others, what both
#: databases take as a number.
_MOST = {"DAYS": 36_525, "HOURS": 876_600, "MINUTES": 52_596_000, "SECONDS": 3_155_760_000}
_MOST_OF_ANY = 10**15

#: What CONTACT_URL is until somebody sets it.
NOBODY = "https://github.com/newsfold/newsfold"

logger = logging.getLogger(__name__)


class Command(ScrapyCrawlCommand):
    def syntax(self) -> str:
        return "news|pages [-a NAME=VALUE] [options]"

    def short_desc(self) -> str:
        return "Poll the feeds that are due and fetch new pages (news), or fetch given pages (pages)"

    def long_desc(self) -> str:
        return (
            "news: polls the feeds and news sitemaps that are due, fetches pending and new pages, stores articles and "
            "stories; -a publisher=DOMAIN for one publisher, -a all=true to poll every feed now. "
            "pages: fetches -a url=URL[,URL] or -a file=LIST. "
            "Exit codes: 0 done, 1 failed, 2 usage, 3 done in part, 75 another run holds the store or its hosts, "
            "130 and 143 stopped by a signal."
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None  # noqa: S101 - Scrapy sets them before
        check_names(opts.set, self.settings)
        names = [given.partition("=")[0] for given in opts.spargs]
        if twice := [name for name in dict.fromkeys(names) if names.count(name) > 1]:
            raise UsageError(f"-a {twice[0]} is given twice: want it once", print_help=False)
        super().process_options(args, opts)
        level = str(self.settings["LOG_LEVEL"]).upper()
        if opts.loglevel is None and level != "DEBUG":
            # A cron job's mail should hold what went wrong, not what was started with which settings. A filter, since
            # Scrapy sets the levels anew when it configures logging.
            for name in CHATTER:
                logging.getLogger(name).addFilter(lambda record: record.levelno >= logging.WARNING)
            for name in PEDANTS:
                logging.getLogger(name).addFilter(lambda record: record.levelno >= logging.ERROR)

        if level != "DEBUG":
            for name in WITNESSES:
                logging.getLogger(name).addFilter(lambda record: not _is_of_store(record))

        self._check_settings()
        _check_logging(self.settings)

    def _check_settings(self) -> None:
        """A setting of ours that is no number, a negative one, one beyond the calendar, or neither true nor false is
        told by its name before anything is done."""
        assert self.settings is not None  # noqa: S101 - Scrapy sets them before
        for name, default in vars(defaults).items():
            least = 1 if name == "LEASE_SECONDS" else 0
            try:
                if isinstance(default, bool):
                    want = "true or false"
                    self.settings.getbool(name)
                elif isinstance(default, int | float):
                    most = _MOST.get(name.rpartition("_")[2])
                    want = f"a {'whole ' if isinstance(default, int) else ''}number, {least} "
                    want += f"to {most}" if most else "or more"
                    if not least <= type(default)(self.settings[name]) <= (most or _MOST_OF_ANY):  # nan is neither
                        raise ValueError
            except (TypeError, ValueError, OverflowError):
                raise UsageError(f"-s {name}={self.settings[name]}: want {want}", print_help=False) from None

        if "{CONTACT_URL}" in self.settings["USER_AGENT"] and not str(self.settings["CONTACT_URL"] or "").strip():
            raise UsageError("-s CONTACT_URL=: want a page or a mailto: of yours", print_help=False)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        check_arguments(args)
        if len(args) != 1:
            raise UsageError("crawl takes one spider: news or pages", print_help=False)
        try:
            crawler = self._create_crawler(args[0])
        except KeyError:
            raise UsageError(f"unknown spider {args[0]!r}: crawl knows news and pages", print_help=False) from None
        crawler.signals.connect(_warn_of_contact, signal=signals.spider_opened)
        stopped_by: list[int] = []
        grace = crawler.settings.getfloat("GRACE_SECONDS")
        crawler.signals.connect(lambda: _note_signals(stopped_by, grace), signal=signals.engine_started, weak=False)
        crawler.signals.connect(lambda: gc.freeze(), signal=signals.engine_started, weak=False)  # now all is loaded
        # Workers would run what `scrapy` is once more, as Python lets a new process do, and so load Scrapy for nothing.
        vars(sys.modules["__main__"]).pop("__file__", None)
        memory.map_pages()
        started = datetime.now(UTC)
        process = self.crawler_process
        assert isinstance(process, AsyncCrawlerProcess)  # noqa: S101 - what Scrapy makes for the asyncio reactor
        task = process.crawl(crawler, **opts.spargs)
        process.start()
        report = Path(path) if (path := crawler.settings["RUN_REPORT"]) else None
        error = task.exception() if task.done() and not task.cancelled() else None
        if error is not None:
            is_usage, is_locked = isinstance(error, UsageError), isinstance(error, StoreLockedError)
            self.exitcode = USAGE if is_usage else LOCKED if is_locked else FAILED
            if report:
                # The one of an earlier run, that all was well, would stand.
                self._report(report, args[0], started, {"finish_reason": "not_begun"}, str(error))
            if not isinstance(error, PublishersError | StoreError):
                raise error
            print(error, file=sys.stderr)
            return
        stats = crawler.stats.get_stats()
        is_cut_short = bool(stopped_by) and "finish_reason" not in stats
        if stats.get("finish_reason", "shutdown") == "shutdown" and not stopped_by:
            stopped_by.append(signal.SIGTERM)  # it came before ours was there to note which
        how = f", stopped by {signal.Signals(stopped_by[0]).name}" if stopped_by else ""
        failure = stats.get("store/error")
        if not failure or any(stats.get(stat) for stat, _ in SUMMARY):
            logger.info("%s: %s%s", args[0], summary(stats), how)
        if failure:
            print(failure, file=sys.stderr)
        if _found_all_leased(stats):
            print(f"{stats['host/leased']:,} hosts have something due, other runs lease all of them", file=sys.stderr)
        self.exitcode = 128 + stopped_by[0] if stopped_by else exit_code(stats, crawler.settings)
        if report:
            self._report(report, args[0], started, stats, failure)
        if is_cut_short:
            # By a second signal or at the end of GRACE_SECONDS. What was handed to the store is written; what
            # was not is pending there. Python would now wait for the workers to finish their pages.
            crawler.leases.give_back()  # type: ignore[attr-defined]  # by crawler.extensions
            crawler.store.close()  # type: ignore[attr-defined]  # likewise
            logging.shutdown()
            os._exit(self.exitcode)

    def _report(self, path: Path, spider: str, started: datetime, stats: Mapping[str, Any], error: str | None) -> None:
        report = {
            "spider": spider,
            "started_at": started,
            "finished_at": datetime.now(UTC),
            "finish_reason": stats.get("finish_reason", "stopped"),
            "exit_code": self.exitcode,
            "error": error,
            "stats": {key: value for key, value in sorted(stats.items()) if isinstance(value, int | float | str)},
        }
        try:
            path.write_bytes(orjson.dumps(report, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        except OSError as error:
            print(f"RUN_REPORT {path}: {error.strerror}", file=sys.stderr)
            self.exitcode = self.exitcode or FAILED


def exit_code(stats: Mapping[str, Any], settings: Any) -> int:
    """What a run came to: 0 done, 1 nothing usable done, 3 done in part, 75 all was left to other runs."""
    if stats.get("finish_reason") not in ("finished", TimeExtension.REASON) or stats.get("store/error"):
        return FAILED
    if _found_all_leased(stats):
        return LOCKED
    failed = stats.get("feed/failed", 0)
    shares = (
        # Where few feeds are due, those known to fail would be most of them, run after run.
        (stats.get("feed/polled", 0) - failed, failed - stats.get("feed/failing", 0)),
        (stats.get("page/fetched", 0), stats.get("page/failed", 0)),
    )
    if any(failed for _, failed in shares) and not any(good for good, _ in shares):
        return FAILED
    limit = settings.getfloat("MAX_FAILED_PERCENT")
    if any(failed and 100 * failed > limit * (good + failed) for good, failed in shares):
        return IN_PART
    if stats.get("spider_exceptions/count") or stats.get("article/failed"):
        return IN_PART
    if any(name.startswith(exporters.FAILED) for name in stats):
        return IN_PART
    return DONE


def _check_logging(settings: Settings) -> None:
    """What Python's logging would end with a traceback for."""
    level, file = settings["LOG_LEVEL"], settings["LOG_FILE"]
    if isinstance(level, str) and level not in logging.getLevelNamesMapping():
        raise UsageError(f"-L {level}: want DEBUG, INFO, WARNING, ERROR or CRITICAL", print_help=False)
    if file and settings.getbool("LOG_ENABLED"):
        try:
            open(file, "a").close()
        except OSError as error:
            raise UsageError(f"--logfile {file}: {error.strerror}", print_help=False) from None


def _warn_of_contact(spider: Spider) -> None:
    if NOBODY in spider.settings["USER_AGENT"]:
        logger.warning("CONTACT_URL is not set: set it to a page or a mailto: of yours, for publishers to find you")


def _found_all_leased(stats: Mapping[str, Any]) -> bool:
    done = ("feed/polled", "page/fetched", "page/failed", "page/refused")
    return bool(stats.get("host/leased")) and not any(stats.get(stat) for stat in done)


def _is_of_store(record: logging.LogRecord) -> bool:
    return record.exc_info is not None and isinstance(record.exc_info[1], StoreError)


def _note_signals(stopped_by: list[int], grace: float) -> None:
    """Remember which signal stopped the crawl, let Scrapy's handler stop it, and end it when it takes too long."""
    from twisted.internet import reactor as installed  # Scrapy has installed the one it wants by now

    reactor: Any = installed

    def give_up() -> None:
        with contextlib.suppress(ReactorNotRunning):
            reactor.stop()

    for number in (signal.SIGINT, signal.SIGTERM):
        handler = signal.getsignal(number)

        def note(signum: int, frame: FrameType | None, handler: Any = handler) -> None:
            stopped_by.append(signum)
            reactor.callFromThread(reactor.callLater, grace, give_up)
            handler(signum, frame)

        if callable(handler):
            signal.signal(number, note)
