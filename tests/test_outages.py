"""What goes wrong with a store, on real ones: a line that says what, the right exit code, and nothing half-written."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from crawler.demo.server import Request, Response, Server
from crawler.settings import PROJECT
from crawler.store import Store, StoreError, integrity
from tests.crawling import IN_FULL, article, asked, command, crawl, finished, publishers_file, rows, rss, site

AS_ROOT = os.geteuid() == 0
PAGES = 12
PASSWORD = "correct horse"
END_SESSIONS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname <> ''"

Pages = dict[str, "Response | Callable[[Request], Response]"]


def faults(url: str) -> list[str]:
    with Store(url, create=False) as store, store.read() as connection:
        return [fault.says for fault in integrity.check(connection)]


def states(store: Path | str) -> dict[str, int]:
    return {row.state: row.n for row in rows(store, "select state, count(*) as n from entries group by state")}


@pytest.fixture
def paper() -> Iterator[Server]:
    """A paper with a feed of some pages."""
    pages: Pages = {}
    with site(pages) as server:
        pages |= {f"/{n}": article(f"harbour{n}") for n in range(PAGES)}
        pages["/feed"] = rss(server.url(f"/{n}") for n in range(PAGES))
        yield server


@pytest.fixture
def publishers(paper: Server, tmp_path: Path) -> Path:
    return publishers_file(tmp_path / "publishers.toml", {paper.host: [paper.url("/feed")]})


def scrapy(*words: str) -> subprocess.CompletedProcess[str]:
    return finished([sys.executable, "-m", "scrapy", *words])


# ----------------------------------------------------------------------------------------------------------- PostgreSQL


class Cluster:
    """A PostgreSQL server of its own, which wants a password."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
        self._bin = found[-1].parent if found else None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    @property
    def url(self) -> str:
        return self.url_with(PASSWORD)

    def url_with(self, password: str, query: str = "") -> str:
        quoted = password.replace(" ", "%20")
        return f"postgresql+psycopg://newsfold:{quoted}@127.0.0.1:{self.port}/postgres{query}"

    def make(self) -> None:
        (self.folder / "password").write_text(PASSWORD)
        (self.folder / "password").chmod(0o644)
        given = (f"--pgdata={self.folder}/data", "--username=newsfold", f"--pwfile={self.folder}/password")
        self._run("initdb", *given, "--auth=scram-sha-256", "--no-sync", "--encoding=UTF8", "--locale=C")

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        self._run(
            "pg_ctl", f"--pgdata={self.folder}/data", f"--log={self.folder}/log", "-w", f"--options={options}", "start"
        )

    def stop(self) -> None:
        self._run("pg_ctl", f"--pgdata={self.folder}/data", "-m", "immediate", "-w", "stop")

    def _run(self, tool: str, *words: str) -> None:
        if self._bin is None or (AS_ROOT and not _has_user("postgres")):
            pytest.skip("no PostgreSQL server is installed")
        user = "postgres" if AS_ROOT else None  # it refuses to be run by root
        done = subprocess.run(
            [self._bin / tool, *words], user=user, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
        )
        assert done.returncode == 0, done.stderr


def _has_user(name: str) -> bool:
    import pwd

    return name in {entry.pw_name for entry in pwd.getpwall()}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="newsfold"))
    if AS_ROOT and _has_user("postgres"):
        shutil.chown(folder, "postgres")
    cluster = Cluster(folder)
    cluster.make()
    cluster.start()
    yield cluster
    cluster.stop()
    shutil.rmtree(folder)


@pytest.fixture
def server(cluster: Cluster) -> Cluster:
    """The server, with an empty database."""
    engine = sa.create_engine(cluster.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()
    return cluster


def while_it_crawls(words: list[str], is_time: Callable[[], bool], what: Callable[[], None]) -> tuple[int, str]:
    """Start a crawl and do something when it is time. Returns its exit code and its words at stderr."""
    process = subprocess.Popen(words, cwd=PROJECT, stderr=subprocess.PIPE, text=True)
    while not is_time():
        assert process.poll() is None, process.communicate()
    what()
    _, told = process.communicate(timeout=120)
    return process.returncode, told


def test_a_server_that_is_away_is_one_line_and_nothing_is_asked(paper: Server, publishers: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and listens not
        url = f"postgresql+psycopg://root@127.0.0.1:{nobody.getsockname()[1]}/newsfold"
        run = crawl("news", url, publishers)
        read = scrapy("stories", "-s", f"STORE_URL={url}")
    assert (run.returncode, read.returncode) == (1, 1)
    assert run.stderr == read.stderr
    assert run.stderr.startswith(f"store {url}: connection failed: ")
    assert run.stderr.endswith("Connection refused: is the server running?\n")
    assert paper.requests == []


@pytest.mark.parametrize(
    ("password", "query", "says"),
    [
        ("wrong battery", "", 'password authentication failed for user "newsfold"'),
        (PASSWORD, "?options=-csearch_path%3Dnowhere", "no schema has been selected to create in"),
    ],
)
def test_a_password_or_schema_that_is_not_there_is_one_line_without_the_password(
    server: Cluster, paper: Server, publishers: Path, password: str, query: str, says: str
) -> None:
    run = crawl("news", server.url_with(password, query), publishers)
    assert run.returncode == 1
    (line,) = run.stderr.splitlines()
    assert line.startswith(f"store postgresql+psycopg://newsfold:***@127.0.0.1:{server.port}/postgres")
    assert line.endswith(f"{says}: check STORE_URL and its permissions")
    assert paper.requests == []


def test_a_server_that_is_restarted_during_a_crawl_costs_it_nothing(
    server: Cluster, paper: Server, publishers: Path
) -> None:
    def restart() -> None:
        server.stop()
        server.start()

    words = command("news", server.url, publishers, DOWNLOAD_DELAY="0.2")
    code, told = while_it_crawls(words, lambda: len(asked(paper)) > 4, restart)
    assert code == 0, told
    assert states(server.url) == {"fetched": PAGES}
    assert len(asked(paper)) == 1 + PAGES
    assert faults(server.url) == []


def as_owner(server: Cluster, *statements: str) -> None:
    engine = sa.create_engine(server.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.mark.parametrize(
    ("fault", "mended", "says"),
    [
        (
            ["ALTER TABLE articles RENAME TO away"],
            ["ALTER TABLE away RENAME TO articles"],
            'relation "articles" does not exist: restore a backup',
        ),
        (
            ["ALTER ROLE newsfold SET default_transaction_read_only = on", END_SESSIONS],
            ["SET default_transaction_read_only = off", "ALTER ROLE newsfold RESET default_transaction_read_only"],
            "in a read-only transaction: check STORE_URL and its permissions",
        ),
    ],
    ids=["tables that are gone", "a server that only reads"],
)
def test_a_database_that_fails_during_a_crawl_ends_it_and_the_rest_stays_pending(
    server: Cluster, paper: Server, publishers: Path, fault: list[str], mended: list[str], says: str
) -> None:
    words = command("news", server.url, publishers, DOWNLOAD_DELAY="0.8", STORE_WAIT_SECONDS="1")
    code, told = while_it_crawls(words, lambda: len(asked(paper)) > 4, lambda: as_owner(server, *fault))
    as_owner(server, *mended)
    assert code == 1, told
    assert told.splitlines()[-1].startswith("store postgresql+psycopg://newsfold:***@127.0.0.1")
    assert told.splitlines()[-1].endswith(says)
    assert "Traceback" not in told
    assert states(server.url).keys() <= {"fetched", "pending"}
    assert states(server.url)["pending"] > 0
    assert len(asked(paper)) < 1 + PAGES


def test_a_role_without_rights_is_one_line_and_nothing_is_asked(
    server: Cluster, paper: Server, publishers: Path
) -> None:
    Store(server.url).close()
    as_owner(
        server,
        "DROP ROLE IF EXISTS reader",
        "CREATE ROLE reader LOGIN PASSWORD 'reader'",
        "GRANT USAGE ON SCHEMA public TO reader",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader",
    )
    url = server.url.replace("newsfold:correct%20horse", "reader:reader")
    run = crawl("news", url, publishers)
    as_owner(server, "DROP OWNED BY reader", "DROP ROLE reader")
    assert run.returncode == 1
    (line,) = run.stderr.splitlines()
    assert "permission denied for table" in line
    assert line.endswith(": check STORE_URL and its permissions")
    assert paper.requests == []


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_of_another_encoding_is_one_line_and_nothing_is_asked(
    server: Cluster, paper: Server, publishers: Path, encoding: str
) -> None:
    as_owner(
        server,
        "DROP DATABASE IF EXISTS other",
        f"CREATE DATABASE other ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0",
    )
    run = crawl("news", server.url.replace("/postgres", "/other"), publishers)
    as_owner(server, "DROP DATABASE other WITH (FORCE)")
    assert run.returncode == 1
    assert run.stderr == (
        f"postgresql+psycopg://newsfold:***@127.0.0.1:{server.port}/other: "
        f"want a database with encoding UTF8, has {encoding}\n"
    )
    assert paper.requests == []


def test_one_outage_is_waited_for_once_whatever_is_to_be_written(server: Cluster) -> None:
    with Store(server.url, wait_seconds=1) as store:
        store.write(runs_in).result(30)
        server.stop()
        try:
            began = time.monotonic()
            jobs = [store.write(runs_in, at_once=True) for _ in range(8)]
            failures = [job.exception(60) for job in jobs]
            waited = time.monotonic() - began
        finally:
            server.start()
    assert {type(failure) for failure in failures} == {StoreError}
    assert 1 <= waited < 5


def test_what_is_written_after_an_outage_has_the_next_one_waited_for_anew(server: Cluster) -> None:
    with Store(server.url, wait_seconds=1) as store:
        for _ in range(2):
            store.write(runs_in).result(30)
            server.stop()
            try:
                began = time.monotonic()
                assert isinstance(store.write(runs_in).exception(60), StoreError)
                assert time.monotonic() - began >= 1
            finally:
                server.start()


def test_a_database_that_was_dropped_is_not_waited_for(server: Cluster) -> None:
    as_owner(server, "DROP DATABASE IF EXISTS dropped", "CREATE DATABASE dropped")
    with Store(server.url.replace("/postgres", "/dropped"), wait_seconds=3600) as store:
        store.write(runs_in).result(30)
        as_owner(server, "DROP DATABASE dropped WITH (FORCE)")
        failure = store.write(runs_in).exception(30)
    assert isinstance(failure, StoreError)
    assert str(failure).endswith('database "dropped" does not exist: check STORE_URL and its permissions')


def runs_in(connection: sa.Connection) -> int:
    count: int = connection.exec_driver_sql("SELECT count(*) FROM runs").scalar_one()
    return count


@IN_FULL
def test_a_server_that_stays_away_ends_the_crawl_and_the_next_one_goes_on(
    server: Cluster, paper: Server, publishers: Path
) -> None:
    settings = {"DOWNLOAD_DELAY": "0.2", "LEASE_SECONDS": "2", "STORE_WAIT_SECONDS": "2"}
    words = command("news", server.url, publishers, **settings)
    code, told = while_it_crawls(words, lambda: len(asked(paper)) > 4, server.stop)
    server.start()
    left = states(server.url)
    engine = sa.create_engine(server.url)
    with engine.connect() as connection:
        while connection.exec_driver_sql("SELECT count(*) FROM hosts WHERE leased_until > now()").scalar_one():
            connection.rollback()
    engine.dispose()
    again = crawl("news", server.url, publishers, **settings)
    assert code == 1
    assert told.splitlines()[-1].startswith("store postgresql+psycopg://newsfold:***@127.0.0.1")
    assert "Traceback" not in told
    assert left["pending"] > 0
    assert again.returncode == 0, again.stderr
    assert states(server.url) == {"fetched": PAGES}
    assert faults(server.url) == []


@IN_FULL
def test_a_store_of_a_newer_schema_is_refused_by_whatever_opens_it(
    server: Cluster, paper: Server, publishers: Path
) -> None:
    Store(server.url).close()
    engine = sa.create_engine(server.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    runs = [
        crawl("news", server.url, publishers),
        scrapy("stories", "-s", f"STORE_URL={server.url}"),
        scrapy("store", "upgrade", "-s", f"STORE_URL={server.url}"),
    ]
    assert [run.returncode for run in runs] == [1, 1, 1]
    assert {run.stderr for run in runs} == {
        f"postgresql+psycopg://newsfold:***@127.0.0.1:{server.port}/postgres: "
        "schema 9999 is of a newer Newsfold: upgrade this one\n"
    }
    assert paper.requests == []


# --------------------------------------------------------------------------------------------------------------- SQLite


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 50 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=50m", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("a tmpfs can't be mounted here")
    yield folder
    subprocess.run(["umount", folder], check=True)


@IN_FULL
def test_a_full_disk_ends_the_crawl_and_the_next_one_goes_on_when_there_is_space(
    disk: Path, paper: Server, publishers: Path
) -> None:
    store = disk / "newsfold.db"
    Store(f"sqlite:///{store}").close()
    space = os.statvfs(disk)
    (disk / "filler").write_bytes(b"x" * (space.f_bavail * space.f_bsize - 120_000))
    failed = crawl("news", store, publishers)
    left = states(store)
    (disk / "filler").unlink()
    again = crawl("news", store, publishers)
    assert failed.returncode == 1
    assert failed.stderr.splitlines()[-1].startswith(f"store sqlite:///{store}: ")
    assert failed.stderr.splitlines()[-1].endswith(": free some space")
    assert "Traceback" not in failed.stderr
    assert left.get("fetched", 0) < PAGES
    assert again.returncode == 0, again.stderr
    assert states(store) == {"fetched": PAGES}
    assert faults(f"sqlite:///{store}") == []


@IN_FULL
def test_a_store_on_a_disk_that_can_only_be_read_is_read(disk: Path, paper: Server, publishers: Path) -> None:
    crawl("news", disk / "newsfold.db", publishers)
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    url = f"STORE_URL=sqlite:///{disk}/newsfold.db"
    stories = scrapy("stories", "--min-copies", "1", "--format", "jsonl", "-s", url)
    exported = scrapy("export", "articles", "-o", "-", "-s", url)
    checked = scrapy("store", "check", "-s", url)
    pruned = scrapy("store", "prune", "--older-than", "1d", "-s", url)
    assert (stories.returncode, len(stories.stdout.splitlines())) == (0, PAGES), stories.stderr
    assert (exported.returncode, len(exported.stdout.splitlines())) == (0, PAGES), exported.stderr
    assert (checked.returncode, checked.stdout) == (0, "")
    assert (pruned.returncode, len(pruned.stderr.splitlines())) == (1, 1)


# ---------------------------------------------------------------------------------------------------------- the network


@IN_FULL
def test_a_run_without_a_network_says_what_failed_and_so_does_publishers(tmp_path: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{nobody.getsockname()[1]}"
        publishers = publishers_file(tmp_path / "p.toml", {host: [f"http://{host}/{n}" for n in range(2)]})
        store = tmp_path / "store.db"
        run = crawl("news", store, publishers, RETRY_TIMES="0")
        told = scrapy("publishers", host, "-s", f"PUBLISHERS_FILE={publishers}", "-s", f"STORE_URL=sqlite:///{store}")
    assert run.returncode == 1
    assert run.stderr.endswith("2 feeds polled, 2 feeds failed (2 connection refused)\n")
    assert "1 failures in a row: robots.txt could not be read: connection refused" in told.stdout


@IN_FULL
def test_a_given_page_that_was_forgotten_is_refused_before_it_is_asked_for(
    paper: Server, publishers: Path, tmp_path: Path
) -> None:
    store = tmp_path / "store.db"
    Store(f"sqlite:///{store}").close()
    forgotten = scrapy("store", "forget", paper.url("/1"), "-s", f"STORE_URL=sqlite:///{store}")
    urls = f"url={paper.url('/1')},{paper.url('/2')}"
    run = crawl("pages", store, publishers, [urls])
    assert (forgotten.returncode, run.returncode) == (0, 0), run.stderr
    assert f"{paper.url('/1')}: refused: forgotten" in run.stderr
    assert asked(paper) == ["/2"]


def test_a_store_whose_folder_is_not_there_is_one_line(publishers: Path) -> None:
    read = scrapy("stories", "-s", "STORE_URL=sqlite:////nowhere/newsfold.db")
    run = crawl("news", Path("/nowhere/newsfold.db"), publishers)
    assert (read.returncode, run.returncode) == (1, 1)
    assert (len(read.stderr.splitlines()), len(run.stderr.splitlines())) == (1, 1)
