"""The commands, as a script meets them: what they print where, what they write, and their exit codes."""

from __future__ import annotations

import contextlib
import csv
import functools
import getpass
import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import pyarrow.parquet as pq
import pytest
from rich.console import Console
from rich.table import Table
from rich.text import Text
from scrapy.cmdline import execute
from scrapy.exceptions import UsageError
from scrapy.settings import Settings

import crawler
from crawler import console, parquet
from crawler.commands import publishers
from crawler.items import ARTICLE_COLUMNS, STORY_COLUMNS, Article, Image
from crawler.settings import PROJECT
from crawler.store import RunLock, Store, articles, feeds
from crawler.store.candidates import Window
from crawler.store.exports import Since
from crawler.store.feeds import Feed, Poll

OLD = datetime(2020, 3, 1, 8, 0, tzinfo=UTC)

PUBLISHERS = """
["herald.example"]
name = "The Herald"
feeds = ["https://herald.example/rss"]

["gazette.example"]
name = "Gazette"
feeds = ["https://gazette.example/rss", "https://gazette.example/sport"]

["mirror.example"]
name = "Mirror"
feeds = ["https://mirror.example/rss"]

["island.example"]
name = "Island Post"
homepage = "https://island.example/"

["later.example"]
name = "Later"
feeds = ["https://later.example/rss"]
news_sitemaps = ["https://later.example/news.xml"]

["sharing.example"]
name = "Sharing"
feeds = ["https://herald.example/rss"]

["closed.example"]
name = "Closed"
homepage = "https://closed.example/"
enabled = false
"""

Prose = Callable[..., str]


@dataclass(frozen=True)
class Run:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Scrapy = Callable[..., Run]


def add(store: Store, paper: str, body: str, when: datetime | None, **options: Any) -> Article:
    fields = {name: options.pop(name) for name in list(options) if name in Article.__slots__}
    given: dict[str, Any] = {
        "url": f"https://{paper}.example/{len(body)}",
        "publisher": f"{paper}.example",
        "publisher_name": f"The {paper.title()}",
        "headline": f"Headline of the {paper}",
        "body": body,
        "date_published": when,
        "date_crawled": when,
        "language": "en",
        "word_count": len(body.split()),
    }
    settings: dict[str, Any] = {"now": datetime.now(UTC), "window": Window(10.0, 200)} | options
    placed = store.write_now(partial(articles.add, article=Article(**given | fields), **settings))
    assert placed is not None
    return placed


def poll(store: Store, feed: Feed, how: Poll, times: int = 1) -> None:
    store.write_now(partial(feeds.register, wanted=[feed]))
    for _ in range(times):
        store.write_now(partial(feeds.record_poll, feed=feed, poll=how, listed=[], now=datetime.now(UTC)))


def feed(url: str) -> Feed:
    return Feed(url=url, publisher=url.split("/")[2], kind="feed")


@dataclass(frozen=True)
class Prepared:
    """A store with a wire story of three copies, a recent article, a merged story, and feeds in all states."""

    url: str
    settings: list[str]
    wire: list[Article]
    recent: Article
    merged: list[Article]


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, prose: Prose) -> Prepared:
    folder = tmp_path_factory.mktemp("prepared")
    url = f"sqlite:///{folder}/newsfold.db"
    (folder / "publishers.toml").write_text(PUBLISHERS, encoding="utf-8")
    with Store(url) as store:
        wire = [
            add(
                store,
                "herald",
                prose("dam", 30),
                OLD,
                agency="AFP",
                agency_evidence="byline",
                authors=("Ada Obi", "Béla Kun"),
                images=(Image(url="https://herald.example/1.jpg", caption="A dam; “burst”", credit="AFP"),),
            ),
            add(store, "gazette", prose("dam", 15), OLD + timedelta(hours=2)),
            add(store, "mirror", prose("dam", 30), OLD + timedelta(hours=1), headline="An [odd] headline, 今日"),
        ]
        recent = add(store, "gazette", prose("harvest"), datetime.now(UTC) - timedelta(hours=2))
        merged = [
            add(store, "herald", prose("flood"), OLD + timedelta(days=40)),
            add(store, "gazette", prose("flood", 23), OLD + timedelta(days=40, hours=1), window=Window(10.0, 0)),
            add(store, "mirror", prose("flood", 22), OLD + timedelta(days=40, hours=2)),
        ]
        later = datetime.now(UTC) + timedelta(hours=1)
        failed = Poll(status=None, error="TimeoutError", next_poll_at=later)
        poll(store, feed("https://herald.example/rss"), Poll(status=200, changed=True, next_poll_at=later))
        poll(store, feed("https://herald.example/dropped-from-the-file"), failed, times=5)
        poll(store, feed("https://gazette.example/rss"), failed, times=2)
        poll(store, feed("https://gazette.example/sport"), failed, times=3)
        poll(store, feed("https://mirror.example/rss"), Poll(status=410, error="HTTP 410", next_poll_at=None))
    settings = ["-s", f"STORE_URL={url}", "-s", f"PUBLISHERS_FILE={folder}/publishers.toml"]
    return Prepared(url, settings, wire, recent, merged)


def words(*given: str) -> list[str]:
    return [sys.executable, "-m", "scrapy", *given]


@pytest.fixture(scope="session")
def spawn(prepared: Prepared) -> Scrapy:
    """The command in a process of its own, on the prepared store; each command line is run once."""

    @functools.cache
    def run(*given: str) -> Run:
        done = subprocess.run(
            words(*given, *prepared.settings), cwd=PROJECT, capture_output=True, timeout=60, check=False
        )
        return Run(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


def inside(*given: str) -> Run:
    """The same by Scrapy's own entry point, without the second that a process takes."""
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    with (
        contextlib.chdir(PROJECT),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        pytest.raises(SystemExit) as end,
    ):
        execute(["scrapy", *given], settings)
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode())
    return Run(int(end.value.code or 0), *texts)


@pytest.fixture(scope="session")
def scrapy(prepared: Prepared) -> Scrapy:
    """A command on the prepared store; each command line is run once."""

    @functools.cache
    def run(*given: str) -> Run:
        return inside(*given, *prepared.settings)

    return run


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory, prose: Prose) -> Scrapy:
    """Commands on a store of 60 stories."""
    url = f"sqlite:///{tmp_path_factory.mktemp('many')}/newsfold.db"
    with Store(url) as store:
        for day in range(60):
            add(store, "herald", prose("dam"), OLD + timedelta(days=40 * day), url=f"https://herald.example/day/{day}")
    return partial(_with_store, url)


@pytest.fixture
def own(tmp_path: Path) -> tuple[str, Scrapy]:
    """A store of the test's own, which is not there yet, and commands on it."""
    url = f"sqlite:///{tmp_path}/newsfold.db"
    return url, partial(_with_store, url)


def _with_store(url: str, *given: str) -> Run:
    return inside(*given, "-s", f"STORE_URL={url}")


# -------------------------------------------------------------------------------------------------------- every command


@pytest.mark.parametrize(
    ("setting", "want"),
    [
        ("DOWNLOAD_DELAY=-1", "a number, 0 or more"),
        ("DOWNLOAD_DELAY=nan", "a number, 0 or more"),
        ("ENTRY_MAX_AGE_DAYS=-3", "a number, 0 to 36525"),
        ("STORY_WINDOW_DAYS=inf", "a number, 0 to 36525"),
        ("REVISIT_HOURS=100000000", "a number, 0 to 876600"),
        ("POLL_MIN_MINUTES=abc", "a number, 0 to 52596000"),
        ("RUN_MAX_MINUTES=nan", "a number, 0 to 52596000"),
        ("READ_SECONDS=soon", "a number, 0 to 3155760000"),
        ("EXTRACT_WORKERS=1.5", "a whole number, 0 or more"),
        ("ROBOTSTXT_OBEY=perhaps", "true or false"),
    ],
)
def test_a_crawl_names_the_setting_that_it_cannot_use(own: tuple[str, Scrapy], setting: str, want: str) -> None:
    _, scrapy = own
    run = scrapy("crawl", "news", "-s", setting)
    assert (run.code, run.err.splitlines()[-1].partition("error: ")[2]) == (2, f"-s {setting}: want {want}")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("STORE_ULR", "STORE_URL"),
        ("store_url", "STORE_URL"),
        ("STORY_WINDOW_DAY", "STORY_WINDOW_DAYS"),
        ("PUBLISHER_FILE", "PUBLISHERS_FILE"),
    ],
)
@pytest.mark.parametrize("command", [("store", "prune", "--older-than", "1h"), ("crawl", "news")], ids=" ".join)
def test_a_misspelt_setting_is_wrong_usage(
    own: tuple[str, Scrapy], command: tuple[str, ...], name: str, meant: str
) -> None:
    run = own[1](*command, "-s", f"{name}=x")
    assert (run.code, run.err.splitlines()[-1].partition("error: ")[2]) == (
        2,
        f"-s {name}: no such setting (did you mean {meant}?)",
    )


@pytest.mark.parametrize("name", ["DOWNLOAD_DELAY", "FILES_STORE", "REDIS_URL", "PAPERS_PIPELINE_LIMIT"])
def test_a_setting_of_scrapy_s_or_of_somebody_s_own_is_taken(scrapy: Scrapy, name: str) -> None:
    assert scrapy("stories", "-s", f"{name}=1").code == 0


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["stories", "more"], "error: arguments: got 1, want 0\n"),
        (["stories", "--nonsense"], "unknown option --nonsense"),
        (["stories", "--since", "yesterday"], "--since yesterday: want 24h, 7d, a date"),
        (["stories", "--since", "99999999999d"], "--since 99999999999d: want 24h, 7d, a date"),
        (["stories", "--since", "c5"], "--since takes a time here, not a cursor"),
        (["stories", "--format", "xml"], "invalid choice: 'xml'"),
        (["stories", "--min-copies", "two"], "invalid int value: 'two'"),
        (["stories", "--limit", "-1"], "--limit -1: want 0 or more"),
        (["stories", "--search=-dam"], "--search -dam: want at least one word to find"),
        (["stories", "--search", '"dam'], '--search "dam: a quotation mark " is not closed'),
        (["story"], "error: arguments: got 0, want 1\n"),
        (["story", "1", "2"], "error: arguments: got 2, want 1\n"),
        (["story", "one"], "story one: want the id of a story, a number"),
        (["story", "²"], "story ²: want the id of a story, a number"),
        (["story", "9" * 30], "want the id of a story, a number"),
        (["export"], "the following arguments are required: -o/--output"),
        (["export", "articles"], "the following arguments are required: -o/--output"),
        (["export", "-o", "-"], "error: arguments: got 0, want 1\n"),
        (["export", "articles", "-o", ""], "-o '': want a file, or - for standard output"),
        (["export", "articles", "-o", "rows.csv.gz"], "-o rows.csv.gz: want .jsonl, .csv or .parquet at its end, or"),
        (["export", "articles", "-o", "rows.json"], "-o rows.json: want .jsonl, .csv or .parquet at its end, or"),
        (["export", "pages", "-o", "-"], "export pages: want articles or stories"),
        (["crawl", "news", "-a", "publisher=a", "-a", "publisher=b"], "-a publisher is given twice: want it once"),
        (["crawl", "news", "--publisher", "a.example"], "error: unknown option --publisher\n"),
        (["crawl", "news", "-L", "LOUD"], "error: -L LOUD: want DEBUG, INFO, WARNING, ERROR or CRITICAL\n"),
        (["crawl", "news", "-L", "debug"], "error: -L debug: want DEBUG, INFO, WARNING, ERROR or CRITICAL\n"),
        (["crawl", "news", "--logfile", "/nowhere/log"], "error: --logfile /nowhere/log: No such file or directory\n"),
        (["collapse", "rows.jsonl"], "the following arguments are required: -o/--output"),
        (["collapse", "-o", "-"], "error: arguments: got 0, want 1\n"),
        (["publishers", "nobody.example"], "publishers nobody.example: not in "),
        (["store"], "error: arguments: got 0, want 1 or 2\n"),
        (["store", "mend"], "store mend: want upgrade, check, prune, forget or recollapse"),
        (["store", "check", "more"], "error: store check: want nothing behind it\n"),
        (["store", "check", "--keep", "canonical"], "--older-than and --keep are of prune"),
        (["store", "prune"], "store prune: want --older-than 180d"),
        (["store", "prune", "--older-than", "old"], "--older-than old: want 24h, 7d, a date"),
        (["store", "prune", "--older-than", "c5"], "--older-than takes a time, not a cursor"),
        (["store", "prune", "--older-than", "180d", "--keep", "all"], "invalid choice: 'all'"),
        (["store", "prune", "--older-than", "180d", "--repair"], "store prune: --repair is of check"),
        (["store", "forget"], "error: store forget: want a URL or a domain\n"),
        (["store", "forget", "a b.example"], "store forget a b.example: want a URL or a domain: "),
        (["store", "forget", "com"], "store forget com: want a URL or a domain, which has a dot in it"),
        (["store", "recollapse", "all"], "error: store recollapse: want nothing behind it\n"),
        (["story", "1", "--split", "nowhere"], "--split nowhere: "),
        (["story", "1", "--merge", "x"], "--merge x: want the id of a story, a number"),
        # As `--since "$(cat cursor)"` gives it where there is no cursor yet: all of the store would be another export.
        (["export", "articles", "-o", "-", "--since", ""], "--since : want 24h, 7d, a date"),
        (["stories", "--since", ""], "--since : want 24h, 7d, a date"),
        (["story", "1", "--split", ""], "--split : "),
        (["story", "1", "--merge", ""], "--merge : want the id of a story, a number"),
        (["store", "prune", "--older-than", ""], "--older-than : want 24h, 7d, a date"),
        (["store", "check", "--older-than", ""], "--older-than and --keep are of prune"),
    ],
)
def test_wrong_usage_is_told_at_stderr_with_exit_code_2(scrapy: Scrapy, given: list[str], says: str) -> None:
    run = scrapy(*given)
    assert (run.code, run.out) == (2, "")
    assert says in run.err
    assert "Traceback" not in run.err


@pytest.mark.parametrize(
    "given",
    [["stories"], ["story", "1"], ["export", "articles", "-o", "-"], ["publishers"]],
    ids=lambda given: str(given[0]),
)
def test_a_store_that_is_not_there_is_one_line_and_exit_code_1(
    own: tuple[str, Scrapy], tmp_path: Path, given: list[str]
) -> None:
    _, scrapy = own
    run = scrapy(*given)
    assert (run.code, run.out) == (1, "")
    assert run.err.startswith(f"{tmp_path}/newsfold.db: no store yet: run `scrapy crawl news`")
    assert run.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_script_meets_one_line_and_exit_code_1_too(tmp_path: Path) -> None:
    given = words("stories", "-s", f"STORE_URL=sqlite:///{tmp_path}/newsfold.db")
    done = subprocess.run(given, cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)


def test_a_closed_standard_output_is_one_line(prepared: Prepared) -> None:
    line = 'exec "$@" >&-'
    given = ["sh", "-c", line, "sh", *words("stories", *prepared.settings)]
    done = subprocess.run(given, cwd=PROJECT, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (1, "standard output is closed\n")


def test_a_number_of_any_size_is_a_limit(scrapy: Scrapy) -> None:
    assert scrapy("stories", "--limit", "9" * 30).out == scrapy("stories", "--limit", "0").out


def test_a_closed_pipe_ends_a_command_quietly(prepared: Prepared) -> None:
    given = [
        ["stories"],
        ["stories", "--format", "jsonl"],
        ["export", "articles", "-o", "-"],
        ["export", "articles", "-o", "-", "--format", "csv"],
    ]
    running = [
        subprocess.Popen(
            words(*words_, *prepared.settings), cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for words_ in given
    ]
    for process in running:
        assert process.stdout is not None
        process.stdout.close()  # long before there is anything to write
    ends = []
    for process in running:
        assert process.stderr is not None
        ends.append((process.stderr.read(), process.wait(60)))
        process.stderr.close()
    assert ends == [("", 0)] * len(given)


# -------------------------------------------------------------------------------------------------------------- --since

NOW = datetime(2026, 7, 14, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (console.NARROW, "copies  headline\n     2  Dam [b]holds[/b]\n"),
        (console.NARROW - 1, "copies: 2\nheadline: Dam [b]holds[/b]\n\n"),
    ],
)
def test_a_row_is_told_in_lines_where_the_terminal_is_too_narrow_for_a_table(width: int, shown: str) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column("copies", justify="right")
    table.add_column("headline")
    table.add_column("agency")
    table.add_row("2", Text("Dam [b]holds[/b]"), "")
    printed = io.StringIO()
    console.show(table, Console(file=printed, width=width))
    assert re.sub(r" *(agency)? *$", "", printed.getvalue(), flags=re.MULTILINE) == shown


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("30m", Since(time=NOW - timedelta(minutes=30))),
        ("24h", Since(time=NOW - timedelta(hours=24))),
        ("7 d", Since(time=NOW - timedelta(days=7))),
        ("2w", Since(time=NOW - timedelta(weeks=2))),
        ("2026-07-14", Since(time=datetime(2026, 7, 14, tzinfo=UTC))),
        ("2026-07-14T08:00", Since(time=datetime(2026, 7, 14, 8, tzinfo=UTC))),
        ("2026-07-14T08:00Z", Since(time=datetime(2026, 7, 14, 8, tzinfo=UTC))),
        ("2026-07-14T08:00+02:00", Since(time=datetime(2026, 7, 14, 6, tzinfo=UTC))),
        ("c42", Since(change=42)),
    ],
)
def test_since_is_a_span_a_time_or_a_cursor(text: str, want: Since) -> None:
    assert console.since(text, NOW) == want


def test_a_time_since_is_in_utc() -> None:
    time = console.since("2026-07-14T08:00+02:00", NOW).time
    assert time is not None
    assert time.utcoffset() == timedelta(0)


@pytest.mark.parametrize("text", ["", "h", "24", "24y", "-24h", "c", "c-1", "c" + "9" * 30, "99999999999w", "tomorrow"])
def test_another_since_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError, match="want 24h, 7d, a date"):
        console.since(text, NOW)


def test_a_cursor_leads_back_to_its_position() -> None:
    assert console.since(console.cursor(123), NOW) == Since(change=123)


# -------------------------------------------------------------------------------------------------------------- stories


def test_stories_are_a_table_the_most_printed_first(spawn: Scrapy, prepared: Prepared) -> None:
    run = spawn("stories")
    lines = run.out.splitlines()
    assert run.code == 0
    assert lines[0].split() == ["copies", "agency", "first", "printed", "(UTC)", "headline", "publishers", "id"]
    assert [line.split()[0] for line in lines[1:] if re.match(r" *\d", line)] == ["3", "3", "1"]
    wire = next(line for line in lines if "AFP" in line)
    assert "2020-03-01 08:00" in wire
    assert "Headline of the herald" in wire
    assert "The Herald, The Mirror, The Gazette" in wire
    assert wire.endswith(str(prepared.wire[0].story_id))


def test_a_terminal_that_lacks_letters_shows_the_others(prepared: Prepared) -> None:
    given = words("story", str(prepared.wire[0].story_id), *prepared.settings)
    environment = os.environ | {"PYTHONIOENCODING": "latin-1"}
    done = subprocess.run(given, cwd=PROJECT, env=environment, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "An [odd] headline, ??" in done.stdout.decode("latin-1")


def test_a_day_without_a_time_is_shown_without_one(own: tuple[str, Scrapy], prose: Prose) -> None:
    url, scrapy = own
    with Store(url) as store:
        add(store, "herald", prose("dam"), datetime(2026, 7, 14, tzinfo=UTC), date_published_precision="day")
        add(store, "gazette", prose("dam", 20), datetime(2026, 7, 14, 9, 30, tzinfo=UTC))
    assert re.search(r"2026-07-14 +Headline of the herald", scrapy("stories").out)
    shown = scrapy("story", "1").out
    assert re.search(r"^2026-07-14 +The Herald", shown, re.MULTILINE)
    assert re.search(r"^2026-07-14 09:30 The Gazette", shown, re.MULTILINE)


def test_stories_as_rows_are_complete(scrapy: Scrapy, prepared: Prepared) -> None:
    row = next(row for row in scrapy("stories", "--format", "jsonl").rows if row["agency"] == "AFP")
    assert (row["id"], row["copies"], row["agency_evidence"]) == (prepared.wire[0].story_id, 3, "byline")
    assert row["publishers"] == ["herald.example", "mirror.example", "gazette.example"]
    assert row["headlines"] == ["Headline of the herald", "An [odd] headline, 今日", "Headline of the gazette"]


@pytest.mark.parametrize(
    ("options", "rows", "says"),
    [
        (["--format", "jsonl"], 60, ""),
        (["--format", "jsonl", "--limit", "55"], 55, ""),
        ([], 50, "the first 50; --limit 0 shows all\n"),
        (["--limit", "0"], 60, ""),
        (["--limit", "10"], 10, ""),
        (["--limit", "60"], 60, ""),
    ],
)
def test_rows_for_a_program_are_not_cut_and_a_table_says_where_it_is(
    many: Scrapy, options: list[str], rows: int, says: str
) -> None:
    run = many("stories", *options)
    assert (sum("Headline of the herald" in line for line in run.out.splitlines()), run.err) == (rows, says)


@pytest.mark.parametrize(
    ("options", "copies"),
    [
        ([], [3, 3, 1]),
        (["--min-copies", "2"], [3, 3]),
        (["--agency", "afp"], [3]),
        (["--since", "24h"], [1]),
        (["--since", "2020-03-15"], [3, 1]),
        (["--limit", "1"], [3]),
        (["--limit", "0"], [3, 3, 1]),
        (["--search", "headline mirror"], [3]),
        (["--search", '"odd headline" 今日'], [3]),
        (["--search", "HEADLINE -mirror"], [3, 3, 1]),
        (["--search", "nowhere*"], []),
    ],
)
def test_stories_are_chosen_by_options(scrapy: Scrapy, options: list[str], copies: list[int]) -> None:
    assert [row["copies"] for row in scrapy("stories", "--format", "jsonl", *options).rows] == copies


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--agency", "Nobody"], "no stories\n"),
        (["--agency", "Nobody", "--since", "2020-03-01T10:00+02:00"], "no stories since 2020-03-01 08:00 UTC\n"),
        (["--agency", "Nobody", "--format", "jsonl"], ""),
    ],
)
def test_no_stories_are_no_error(scrapy: Scrapy, options: list[str], says: str) -> None:
    assert scrapy("stories", *options) == Run(0, "", says)


# ---------------------------------------------------------------------------------------------------------------- story


def test_a_story_is_its_text_and_every_copy_in_order_of_time(spawn: Scrapy, prepared: Prepared) -> None:
    run = spawn("story", str(prepared.wire[0].story_id))
    assert (run.code, run.err) == (0, "")
    first, second = run.out.splitlines()[:2]
    assert first == "Headline of the herald"
    assert second == f"story {prepared.wire[0].story_id} · AFP, by its byline · 3 copies · text of The Herald"
    places = [run.out.index(text) for text in ("08:00 The Herald", "09:00 The Mirror", "10:00 The Gazette")]
    assert places == sorted(places)
    assert "An [odd] headline, 今日" in run.out
    assert "original · canonical · AFP by its byline" in run.out
    assert "copy · 100% of it in the canonical copy, 100% of that in it · 0 words cut, 0 added" in run.out
    assert re.search(r"cut · 100% of it in the canonical copy, \d\d% of that in it · \d+ words cut, 0 added", run.out)
    assert "AFP inherited" in run.out


def test_a_diff_marks_what_a_copy_cut(scrapy: Scrapy, prepared: Prepared, prose: Prose) -> None:
    run = scrapy("story", str(prepared.wire[0].story_id), "--diff")
    cut = re.search(r"\[-(.*)-\]", run.out, re.DOTALL)
    assert cut is not None
    assert cut[1].split() == prose("dam", 15, start=15).split()
    assert "{+" not in run.out


def test_a_story_as_json_carries_its_articles(scrapy: Scrapy, prepared: Prepared) -> None:
    (story,) = scrapy("story", str(prepared.wire[0].story_id), "--format", "json").rows
    assert (story["copies"], len(story["articles"])) == (3, 3)
    cut = story["articles"][2]
    assert set(cut) == {*ARTICLE_COLUMNS, "words_cut", "words_added", "evidence", "versions"}
    assert (cut["relation"], cut["words_added"]) == ("cut", 0)
    assert cut["words_cut"] > 200


def test_a_diff_as_json_gives_back_both_texts(scrapy: Scrapy, prepared: Prepared) -> None:
    (story,) = scrapy("story", str(prepared.wire[0].story_id), "--format", "json", "--diff").rows
    whole, cut = story["articles"][0], story["articles"][2]
    spans = cut["diff"]
    assert "".join(text for kind, text in spans if kind != "cut").split() == cut["body"].split()
    assert "".join(text for kind, text in spans if kind != "added").split() == whole["body"].split()


def test_the_id_of_a_merged_story_leads_to_what_it_became(scrapy: Scrapy, prepared: Prepared) -> None:
    last = prepared.merged[2].story_id
    assert {one.story_id for one in prepared.merged[:2]} > {last}
    for one in prepared.merged[:2]:
        (story,) = scrapy("story", str(one.story_id), "--format", "json").rows
        assert (story["id"], story["copies"]) == (last, 3)


def test_a_story_that_is_not_there_is_exit_code_1(scrapy: Scrapy) -> None:
    assert scrapy("story", "999") == Run(1, "", "story 999: there is none\n")


# --------------------------------------------------------------------------------------------------------------- export


@pytest.mark.parametrize(("kind", "columns"), [("articles", ARTICLE_COLUMNS), ("stories", STORY_COLUMNS)])
def test_an_export_has_the_columns_of_the_contract(scrapy: Scrapy, kind: str, columns: tuple[str, ...]) -> None:
    run = scrapy("export", kind, "-o", "-")
    assert run.code == 0
    assert {tuple(row) for row in run.rows} == {columns}


def test_an_export_to_standard_output_is_rows_alone_and_the_cursor_is_at_stderr(spawn: Scrapy) -> None:
    run = spawn("export", "articles", "-o", "-")
    assert run.code == 0
    assert len(run.rows) == 7
    assert re.fullmatch(r"c\d+\n", run.err)


def test_an_export_says_which_stories_were_merged(scrapy: Scrapy, prepared: Prepared) -> None:
    into = {row["id"]: row["merged_into"] for row in scrapy("export", "stories", "-o", "-").rows}
    last = prepared.merged[2].story_id
    (gone,) = {one.story_id for one in prepared.merged[:2]} - {last}
    assert (into[gone], into[last]) == (last, None)


def test_an_export_as_csv_holds_what_the_rows_hold(spawn: Scrapy, scrapy: Scrapy, tmp_path: Path) -> None:
    file = tmp_path / "articles.csv"
    assert spawn("export", "articles", "-o", str(file)).code == 0  # the name says the format
    with file.open(encoding="utf-8", newline="") as opened:
        got = list(csv.DictReader(opened))

    def cell(value: Any) -> str:
        if isinstance(value, str | list):
            return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return "" if value is None else str(value).lower()

    rows = scrapy("export", "articles", "-o", "-").rows
    assert got == [{name: cell(value) for name, value in row.items()} for row in rows]


@pytest.mark.parametrize(
    ("name", "options", "begins"),
    [
        ("rows", [], b"{"),
        ("ROWS.CSV", [], b"id,"),
        ("rows.json", ["--format", "jsonl"], b"{"),
        ("rows.2020-03-01", ["--format", "csv"], b"id,"),
    ],
)
def test_the_format_of_an_export_is_said_by_its_name_or_by_an_option(
    scrapy: Scrapy, tmp_path: Path, name: str, options: list[str], begins: bytes
) -> None:
    assert scrapy("export", "articles", "-o", f"{tmp_path}/{name}", *options).code == 0
    assert (tmp_path / name).read_bytes().startswith(begins)


def test_an_export_as_parquet_holds_what_the_rows_hold(spawn: Scrapy, scrapy: Scrapy, tmp_path: Path) -> None:
    for kind in ("articles", "stories"):
        file = tmp_path / f"{kind}.parquet"
        assert spawn("export", kind, "-o", str(file), "--format", "parquet").code == 0
        rows = [
            {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}
            for row in pq.read_table(file).to_pylist()
        ]
        assert rows == scrapy("export", kind, "-o", "-").rows


def test_parquet_has_typed_columns(own: tuple[str, Scrapy], tmp_path: Path) -> None:
    url, scrapy = own
    Store(url).close()
    assert scrapy("export", "articles", "-o", f"{tmp_path}/none.parquet", "--format", "parquet").code == 0
    table = pq.read_table(tmp_path / "none.parquet")
    assert (table.num_rows, table.column_names) == (0, list(ARTICLE_COLUMNS))
    types = {field.name: str(field.type) for field in table.schema}
    assert {types[name] for name in ("date_published", "date_modified", "date_crawled")} == {"timestamp[us, tz=UTC]"}
    assert types["images"] == "list<element: struct<url: string, caption: string, credit: string>>"
    assert (types["authors"], types["also_story_ids"]) == ("list<element: string>", "list<element: int64>")
    assert (types["id"], types["resemblance"], types["is_canonical"]) == ("int64", "double", "bool")


def test_parquet_goes_through_a_pipe(prepared: Prepared) -> None:
    given = words("export", "articles", "-o", "-", "--format", "parquet", *prepared.settings)
    done = subprocess.run(given, cwd=PROJECT, capture_output=True, timeout=60, check=True)
    assert pq.read_table(io.BytesIO(done.stdout)).num_rows == 7


def test_parquet_is_written_in_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "GROUP_ROWS", 2)
    with (tmp_path / "rows.parquet").open("wb") as file:
        parquet.write(file, ["id", "headline"], ({"id": number, "headline": "x"} for number in range(5)))
    read = pq.ParquetFile(tmp_path / "rows.parquet")
    assert (read.num_row_groups, read.read().column("id").to_pylist()) == (3, [0, 1, 2, 3, 4])


def test_parquet_without_pyarrow_says_what_to_install(scrapy: Scrapy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "crawler.parquet")
    monkeypatch.delattr(crawler, "parquet")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    run = scrapy("export", "articles", "-o", "-", "--format", "parquet", "--since", "1h")
    assert (run.code, run.out) == (2, "")
    assert "pip install pyarrow" in run.err


def test_an_export_by_time_has_what_was_stored_since(scrapy: Scrapy) -> None:
    assert len(scrapy("export", "articles", "-o", "-", "--since", "1h").rows) == 7
    assert scrapy("export", "articles", "-o", "-", "--since", "2999-01-01").rows == []


def test_a_cursor_gives_exactly_what_changed_after_it_was_printed(own: tuple[str, Scrapy], prose: Prose) -> None:
    url, scrapy = own
    with Store(url) as store:
        add(store, "herald", prose("dam"), OLD)
        add(store, "mirror", prose("harvest"), OLD)
        first = scrapy("export", "articles", "-o", "-")
        assert len(first.rows) == 2
        nothing = scrapy("export", "articles", "-o", "-", "--since", first.err.strip())
        assert (nothing.rows, nothing.err) == ([], first.err)
        add(store, "gazette", prose("dam"), OLD + timedelta(hours=1))
        after = scrapy("export", "articles", "-o", "-", "--since", nothing.err.strip())
        assert {row["publisher"] for row in after.rows} == {"herald.example", "gazette.example"}  # now of two copies
        assert scrapy("export", "articles", "-o", "-", "--since", after.err.strip()).rows == []


def test_an_export_that_cannot_be_written_is_one_line(scrapy: Scrapy) -> None:
    run = scrapy("export", "articles", "-o", "/nowhere/rows.jsonl")
    assert (run.code, run.out) == (1, "")
    assert "'/nowhere/rows.jsonl'" in run.err
    assert run.err.count("\n") == 1


def test_a_file_appears_when_it_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    with console.writing(str(file)) as opened:
        opened.write(b"one\n")
        opened.flush()
        assert not file.exists()
    assert file.read_bytes() == b"one\n"


def test_a_file_by_a_link_is_written_where_the_link_leads(tmp_path: Path) -> None:
    (tmp_path / "link.jsonl").symlink_to("rows.jsonl")
    with console.writing(str(tmp_path / "link.jsonl")) as opened:
        opened.write(b"one\n")
    assert (tmp_path / "link.jsonl").is_symlink()
    assert (tmp_path / "rows.jsonl").read_bytes() == b"one\n"


def test_a_device_or_a_named_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE)
    with console.writing(str(pipe)) as opened:
        opened.write(b"one\n")
    replaced = not pipe.is_fifo()
    if replaced:
        reader.kill()
    assert (reader.communicate(timeout=60)[0], replaced) == (b"one\n", False)


def test_a_file_that_could_not_be_finished_leaves_the_old_one(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_bytes(b"old\n")

    def fail() -> None:
        with console.writing(str(file)) as opened:
            opened.write(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("rows.jsonl", b"old\n")]


# ------------------------------------------------------------------------------------------------------------- collapse


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_collapse_without_a_trace(tmp_path: Path, number: signal.Signals) -> None:
    rows = ({"id": n, "body": f"The harbour of {n} is closed. " * 200, "headline": "Closed"} for n in range(3000))
    (tmp_path / "in.jsonl").write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    given = words("collapse", str(tmp_path / "in.jsonl"), "-o", str(tmp_path / "out.jsonl"))
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    heard = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # tests in the background of a shell are deaf to it
    with subprocess.Popen(
        given, cwd=PROJECT, env=environment, stderr=subprocess.PIPE, text=True, preexec_fn=heard
    ) as process:
        while not list(tmp_path.glob("newsfold-collapse-*/collapse.db")):
            assert process.poll() is None
        process.send_signal(number)
        _, told = process.communicate(timeout=60)
    assert (process.returncode, told) == (128 + number, "")
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


@pytest.fixture(scope="session")
def rows_file(tmp_path_factory: pytest.TempPathFactory, prose: Prose) -> Path:
    """Rows in no order: a story and its cut, one of its own, a story and an undated copy of it, blank lines."""
    given: list[dict[str, Any]] = [
        {"id": "undated", "publisher": "d", "headline": "d", "body": prose("flood", 22), "date_published": None},
        {
            "id": "cut",
            "publisher": "b",
            "headline": "b",
            "body": prose("dam", 15),
            "date_published": "2026-07-14T10:00Z",
        },
        {"id": "alone", "publisher": "c", "headline": "c", "body": prose("tax"), "date_published": "2026-07-14T09:00Z"},
        {
            "id": "whole",
            "publisher": "a",
            "headline": "a",
            "body": prose("dam", 30),
            "date_published": "2026-07-14T09:00Z",
        },
        # Too far apart to be compared with each other; the undated copy is compared with both.
        {
            "id": 7,
            "publisher": "e",
            "headline": "e",
            "body": prose("flood"),
            "date_published": "2026-01-01",
            "more": [1],
        },
        {
            "id": 8,
            "publisher": "f",
            "headline": "f",
            "body": prose("flood"),
            "date_published": "2026-03-01T01:00+02:00",
        },
        {"id": "empty", "publisher": None, "headline": None, "body": None},
    ]
    file = tmp_path_factory.mktemp("collapse") / "rows.jsonl"
    file.write_bytes(b"\n\n".join(orjson.dumps(row) for row in given))
    return file


@pytest.fixture(scope="session")
def collapsed(rows_file: Path) -> Run:
    """In a folder without a store."""
    store = f"STORE_URL=sqlite:///{rows_file.parent}/untouched.db"
    return inside("collapse", str(rows_file), "-o", "-", "-s", store)


def test_a_row_comes_out_for_each_that_goes_in_in_order_of_date_and_id(collapsed: Run) -> None:
    assert (collapsed.code, collapsed.err) == (0, "")
    assert [row["id"] for row in collapsed.rows] == [7, 8, "alone", "whole", "cut", "empty", "undated"]


def test_rows_keep_what_they_had(collapsed: Run, rows_file: Path) -> None:
    given = [json.loads(line) for line in rows_file.read_text(encoding="utf-8").splitlines() if line]
    added = ("story_id", "relation", "resemblance", "containment", "contains", "also_story_ids")
    for row in collapsed.rows:
        original = next(one for one in given if one["id"] == row["id"])
        assert row == original | {name: row[name] for name in added}


def test_copies_share_a_story(collapsed: Run) -> None:
    rows = {row["id"]: row for row in collapsed.rows}
    assert rows["cut"]["story_id"] == rows["whole"]["story_id"] != rows["alone"]["story_id"]
    assert (rows["cut"]["relation"], rows["cut"]["containment"]) == ("cut", 1.0)
    assert (rows["whole"]["relation"], rows["whole"]["resemblance"]) == (None, None)  # the first of its story


def test_stories_that_a_later_row_proves_one_have_one_id(collapsed: Run) -> None:
    rows = {row["id"]: row for row in collapsed.rows}
    assert rows[7]["story_id"] == rows[8]["story_id"] == rows["undated"]["story_id"]
    assert len({row["story_id"] for row in collapsed.rows}) == 4


def test_a_row_names_no_story_that_became_its_own(tmp_path: Path, prose: Prose) -> None:
    texts = [prose("dam", 8), prose("dam", 16, 8), *(prose("dam", 24),) * 3]
    given = [
        {"id": hour, "publisher": f"{hour}", "body": text, "date_published": f"2026-01-01T0{hour}:00Z"}
        for hour, text in enumerate(texts)
    ]
    file = tmp_path / "rows.jsonl"
    file.write_bytes(b"\n".join(map(orjson.dumps, given)))
    found = inside("collapse", str(file), "-o", "-").rows
    assert [(row["story_id"], row["also_story_ids"]) for row in found] == [(1, [])] * 5


def test_collapse_leaves_the_store_alone(collapsed: Run, rows_file: Path) -> None:
    assert collapsed.code == 0
    assert list(rows_file.parent.glob("untouched*")) == []


def test_the_same_rows_collapse_to_the_same_file_in_another_process(
    collapsed: Run, rows_file: Path, spawn: Scrapy, tmp_path: Path
) -> None:
    file = tmp_path / "out.jsonl"
    assert spawn("collapse", str(rows_file), "-o", str(file)) == Run(0, "", "")
    assert file.read_text(encoding="utf-8") == collapsed.out


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "line 3: "),
        ("[1]", "line 3: want an object with id, publisher, date_published, headline, body"),
        ('{"headline": "x"}', "line 3: want an object with id, publisher, date_published, headline, body"),
        ('{"id": 2, "date_published": "soon"}', "line 3: date_published 'soon': want ISO 8601 or null"),
        ('{"id": 2, "date_published": 20260714}', "line 3: date_published 20260714: want ISO 8601 or null"),
        ('{"id": 1, "body": "y"}', "line 3: id 1 is that of line 1: want one line an id"),
    ],
)
def test_a_line_that_is_no_row_is_named_and_nothing_is_written(
    own: tuple[str, Scrapy], tmp_path: Path, line: str, says: str
) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text(f'{{"id": 1, "body": "x"}}\n\n{line}\n', encoding="utf-8")
    run = own[1]("collapse", str(file), "-o", str(tmp_path / "out.jsonl"))
    assert (run.code, run.out) == (1, "")
    assert run.err.startswith(f"{file}: {says}")
    assert run.err.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["rows.jsonl"]


@pytest.mark.parametrize("number", [2**64, -(2**63) - 1, 123456789012345678901234567890])
def test_a_number_of_any_length_comes_out_as_it_went_in(own: tuple[str, Scrapy], tmp_path: Path, number: int) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text(f'{{"id": {number}, "body": "größer", "more": [{number}]}}', encoding="utf-8")
    (row,) = own[1]("collapse", str(file), "-o", "-").rows
    assert (row["id"], row["body"], row["more"]) == (number, "größer", [number])


def test_a_byte_order_mark_before_the_rows_is_no_part_of_them(own: tuple[str, Scrapy], tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text('{"id": 1}\n{"id": "1"}\n', encoding="utf-8-sig")
    assert [row["id"] for row in own[1]("collapse", str(file), "-o", "-").rows] == [1, "1"]


def test_a_day_without_a_time_makes_no_copy_the_original(own: tuple[str, Scrapy], tmp_path: Path, prose: Prose) -> None:
    dates = ("2026-07-14", "2026-07-14T09:00Z", "2026-07-14T11:00Z")
    given = [
        {"id": n, "publisher": f"p{n}", "headline": "", "body": prose("dam", 24 - n), "date_published": when}
        for n, when in enumerate(dates)
    ]
    file = tmp_path / "rows.jsonl"
    file.write_bytes(b"\n".join(orjson.dumps(row) for row in given))
    rows = own[1]("collapse", str(file), "-o", "-").rows
    assert [row["relation"] for row in rows] == [None, "original", "copy"]


@pytest.mark.parametrize("date", ["0001-01-01", "9999-12-31T23:59:59"])
def test_a_row_of_any_year_is_a_row(own: tuple[str, Scrapy], tmp_path: Path, date: str) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text(json.dumps({"id": 1, "body": "some words", "date_published": date}), encoding="utf-8")
    assert own[1]("collapse", str(file), "-o", "-").code == 0


def test_no_rows_collapse_to_no_rows(own: tuple[str, Scrapy], tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").touch()
    assert own[1]("collapse", str(tmp_path / "rows.jsonl"), "-o", "-") == Run(0, "", "")


# ----------------------------------------------------------------------------------------------------------- publishers


def test_publishers_are_a_table_that_begins_with_those_that_need_a_person(spawn: Scrapy) -> None:
    run = spawn("publishers")
    assert (run.code, run.err) == (1, "")
    lines = run.out.splitlines()
    assert lines[0] == "2 of 6 publishers need a person"
    assert [line.split("  ")[0] for line in lines[3:] if line[0] != " "] == [
        "! gazette.example",
        "! mirror.example",
        "herald.example",
        "island.example",
        "later.example",
        "sharing.example",
    ]


@pytest.mark.parametrize("width", [60, 79, 80, 119, 120, 140])
def test_what_is_wrong_with_a_publisher_is_readable_at_any_width(scrapy: Scrapy, width: int) -> None:
    rows = scrapy("publishers", "--format", "jsonl").rows
    for row in rows:
        row["publisher"] = f"a-rather-long-{row['publisher']}"
        for key in ("last_success_at", "last_article_at"):
            row[key] = OLD
    printed = io.StringIO()
    publishers.show(rows, Console(file=printed, width=width))
    lines = printed.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    assert any("! a-rather-long-gazette.example" in line for line in lines)
    assert "a-rather-long-island.example" in printed.getvalue()
    assert "failed in a" in re.sub(r"\s+", " ", printed.getvalue())
    assert "2020-03-01" in printed.getvalue()


@pytest.mark.parametrize(
    ("publisher", "needs"),
    [("herald.example", False), ("gazette.example", True), ("mirror.example", True), ("island.example", False)],
)
def test_a_publisher_needs_a_person_when_a_feed_keeps_failing_or_is_gone(
    scrapy: Scrapy, publisher: str, needs: bool
) -> None:
    rows = {row["publisher"]: row for row in scrapy("publishers", "--format", "jsonl").rows}
    assert rows[publisher]["needs_a_person"] is needs
    assert scrapy("publishers", publisher).code == int(needs)


def test_a_publisher_s_articles_and_copies_are_counted(scrapy: Scrapy) -> None:
    rows = {row["publisher"]: row for row in scrapy("publishers", "--format", "jsonl").rows}
    assert {name: (row["articles"], row["copies"]) for name, row in rows.items()} == {
        "herald.example": (2, 2),
        "gazette.example": (3, 2),
        "mirror.example": (2, 2),
        "island.example": (0, 0),
        "later.example": (0, 0),
        "sharing.example": (0, 0),
    }


def test_a_publisher_that_was_never_polled_is_said_to_be_so(scrapy: Scrapy) -> None:
    assert re.search(r"^later\.example +2 .* not polled yet *$", scrapy("publishers").out, re.MULTILINE)
    assert "not polled yet" in scrapy("publishers", "later.example").out
    for polled in ("herald.example", "sharing.example"):
        assert "not polled yet" not in scrapy("publishers", polled).out


def test_one_publisher_is_shown_with_each_of_its_feeds(scrapy: Scrapy) -> None:
    out = scrapy("publishers", "gazette.example").out
    assert "https://gazette.example/rss" in out
    assert "https://gazette.example/sport" in out
    assert "herald" not in out


def test_a_publisher_that_is_not_enabled_is_said_to_be_so(scrapy: Scrapy) -> None:
    assert scrapy("publishers", "closed.example") == Run(0, "", "closed.example: not enabled\n")


def test_a_wrong_publishers_file_is_told_with_exit_code_1(own: tuple[str, Scrapy], tmp_path: Path) -> None:
    file = tmp_path / "publishers.toml"
    file.write_text('["a.example"]\nname = "A"\nfeed = "https://a.example/rss"\n', encoding="utf-8")
    run = own[1]("publishers", "-s", f"PUBLISHERS_FILE={file}")
    assert (run.code, run.out) == (1, "")
    assert "[a.example]: unknown key 'feed' (did you mean 'feeds'?)" in run.err


# ---------------------------------------------------------------------------------------------------------------- store


def test_a_store_that_is_upgraded_keeps_what_it_holds(own: tuple[str, Scrapy], prose: Prose) -> None:
    url, scrapy = own
    with Store(url) as store:
        add(store, "herald", prose("dam"), OLD)
    assert scrapy("store", "upgrade").code == 0
    assert len(scrapy("export", "articles", "-o", "-").rows) == 1


@pytest.mark.parametrize(
    "given",
    [
        ["upgrade"],
        ["check", "--repair"],
        ["prune", "--older-than", "180d"],
        ["forget", "herald.example"],
        ["recollapse"],
    ],
    ids=lambda given: str(given[0]),
)
def test_a_store_that_a_run_holds_is_not_changed(own: tuple[str, Scrapy], given: list[str]) -> None:
    url, scrapy = own
    Store(url).close()
    lock = RunLock(url, NOW)
    run = scrapy("store", *given)
    lock.release()
    assert (run.code, run.out, run.err.count("\n")) == (75, "", 1)
    assert "another run holds this store" in run.err


def test_a_store_that_agrees_says_nothing(own: tuple[str, Scrapy], prose: Prose) -> None:
    url, scrapy = own
    with Store(url) as store:
        add(store, "herald", prose("dam"), OLD)
    assert scrapy("store", "check") == Run(0, "", "")
    assert scrapy("store", "check", "--repair") == Run(0, "", "")


def test_a_store_that_does_not_agree_is_told_line_by_line_and_mended(own: tuple[str, Scrapy], prose: Prose) -> None:
    url, scrapy = own
    with Store(url) as store:
        add(store, "herald", prose("dam"), OLD)
        store.write_now(lambda connection: connection.exec_driver_sql("UPDATE stories SET copies = 5"))
    assert scrapy("store", "check") == Run(1, "story 1: says 5 copies, has 1\n", "")
    assert scrapy("store", "check", "--repair") == Run(0, "story 1: says 5 copies, has 1: mended\n", "")
    assert scrapy("store", "check") == Run(0, "", "")


def test_a_store_is_pruned_and_the_exports_say_so(own: tuple[str, Scrapy], prose: Prose) -> None:
    url, scrapy = own
    with Store(url) as store:
        add(store, "herald", prose("dam"), OLD)
        add(store, "mirror", prose("harvest"), datetime.now(UTC))
    cursor = scrapy("export", "articles", "-o", "-").err.strip()
    run = scrapy("store", "prune", "--older-than", "180d")
    assert (run.code, run.out) == (0, "")
    assert run.err.startswith("1 articles from before ")
    (row,) = scrapy("export", "articles", "-o", "-", "--since", cursor).rows
    assert (row["id"], row["kind"], row["body"]) == (1, "pruned", "")
    (story,) = scrapy("export", "stories", "-o", "-", "--since", cursor).rows
    assert (story["id"], story["copies"], story["merged_into"]) == (1, 0, None)
    assert scrapy("story", "1") == Run(1, "", "story 1: all its copies were pruned or forgotten\n")


def test_a_page_is_forgotten(own: tuple[str, Scrapy], prose: Prose) -> None:
    url, scrapy = own
    with Store(url) as store:
        article = add(store, "herald", prose("dam"), OLD)
    run = scrapy("store", "forget", article.url)
    assert run == Run(0, "", f"{article.url}: 1 articles forgotten, none to be fetched again\n")
    assert scrapy("export", "articles", "-o", "-").rows == []


def test_a_takedown_that_meets_nothing_asks_whether_it_is_spelt_right(own: tuple[str, Scrapy]) -> None:
    url, scrapy = own
    Store(url).close()
    run = scrapy("store", "forget", "heralt.example")
    assert (run.code, run.err) == (
        0,
        "heralt.example: no article in the store, none to be fetched: is it spelt right?\n",
    )


def test_stories_are_made_anew(own: tuple[str, Scrapy], prose: Prose) -> None:
    url, scrapy = own
    with Store(url) as store:
        add(store, "herald", prose("dam"), OLD)
        add(store, "mirror", prose("dam"), OLD, window=Window(10.0, 0))
        add(store, "gazette", prose("harvest"), OLD)
    run = scrapy("store", "recollapse")
    assert (run.code, run.out) == (0, "")
    assert run.err.splitlines() == [
        "3 of 3 articles decided",
        "2 of 2 stories compared",
        "3 articles decided anew, 0 of them signed anew: 1 moved, 0 stories are new, 1 became part of others",
    ]
    assert [row["copies"] for row in scrapy("stories", "--format", "jsonl").rows] == [2, 1]


# -------------------------------------------------------------------------------------------------- a person's decision


def test_a_person_takes_an_article_out_of_a_story_and_back(own: tuple[str, Scrapy], prose: Prose) -> None:
    url, scrapy = own
    with Store(url) as store:
        for paper in ("herald", "mirror"):
            article = add(store, paper, prose("dam"), OLD)
    run = scrapy("story", "1", "--split", article.url)
    assert run == Run(0, f"{article.url} left story 1 and is story 2: `scrapy story 2 --undo` takes that back\n", "")
    shown = scrapy("story", "2")
    assert f"decided by a person: {article.url} is kept out of story 1: {getpass.getuser()}, " in shown.out
    (story,) = scrapy("story", "1", "--format", "json").rows
    assert len(story["decisions"]) == 1
    assert scrapy("story", "1", "--undo").out.startswith(f"taken back: {article.url} is kept out of story 1: ")
    assert [row["copies"] for row in scrapy("stories", "--format", "jsonl").rows] == [2]


def test_a_person_makes_two_stories_one(own: tuple[str, Scrapy], prose: Prose) -> None:
    url, scrapy = own
    with Store(url) as store:
        add(store, "herald", prose("dam"), OLD)
        add(store, "mirror", prose("harvest"), OLD)
    run = scrapy("story", "2", "--merge", "1")
    assert run == Run(0, "stories 2 and 1 are one: story 1: `scrapy story 1 --undo` takes that back\n", "")
    assert scrapy("story", "2", "--merge", "1") == Run(1, "", "story 2 and story 1 are one story already: 1\n")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (
            ["--split", "https://nowhere.example/"],
            "story 1: https://nowhere.example/: no article of that URL is stored",
        ),
        (["--merge", "5"], "story 5: there is none"),
        (["--undo"], "story 1: no decision of a person to take back"),
    ],
)
def test_what_a_person_can_not_decide_is_one_line_and_exit_code_1(
    own: tuple[str, Scrapy], prose: Prose, given: list[str], says: str
) -> None:
    url, scrapy = own
    with Store(url) as store:
        add(store, "herald", prose("dam"), OLD)
    assert scrapy("story", "1", *given) == Run(1, "", f"{says}\n")
