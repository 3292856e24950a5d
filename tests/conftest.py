"""What the tests of the store and of the commands share: invented prose, and a fresh store on each engine."""

from __future__ import annotations

import atexit
import gc
import importlib.util
import os
import random
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

import crawler.commands  # noqa: F401 - before what it registers is taken back
from crawler.store import Store, schema

# It registers this for the end of a command's process. At the end of the tests' own it would have duckdb tell of leaks.
atexit.unregister(gc.freeze)

#: The local server of a developer or of CI, with trust authentication.
SERVER = "postgresql+psycopg://root@127.0.0.1:5432/postgres"

Prose = Callable[..., str]

_NOUNS = """
    anchor barley beacon bridge bursary cannery charter chimney copper council cradle culvert dredger ferry fishery
    flint foundry gasworks granary harbour heather hospital kiln lantern levee lighthouse linen lock mallow market
    meadow mill mortar nursery orchard oyster pavilion pension pier plough prison quarry quay railway rampart reservoir
    saddle sawmill school ship silo slate sluice stable steeple tannery theatre tithe tollgate trawler turbine union
    vineyard wagon warehouse weir wharf willow windmill winter
    """.split()  # noqa: SIM905 (one word a literal would be many lines more to read)
_NAMES = """
    Aldous Benholm Carrow Dunmere Elstow Farrow Garvia Hallam Ingram Jessop Karvel Lowick Marden Norrick Ostrand
    Penhale Quill Ravel Sandoe Tolmar Ulverby Varga Wexcombe Yarrow Zennor
    """.split()  # noqa: SIM905
_VERBS = ("closed", "counted", "crossed", "flooded", "guarded", "insured", "measured", "moved", "painted", "repaired")


def _prose(topic: str, sentences: int = 24, start: int = 0) -> str:
    """So many sentences on a topic from the given one on, three a paragraph. A topic's sentence is always the same."""
    lines = []
    for number in range(start, start + sentences):
        pick = random.Random(f"{topic} {number}")  # noqa: S311 - not for secrets
        a, b, c, d = pick.sample(_NOUNS, 4)
        who, where = pick.sample(_NAMES, 2)
        lines.append(
            f"The {a} that {who} {pick.choice(_VERBS)} near the {b} of {where} needs {pick.randint(3, 900)} more "
            f"{c} crews than the {d} had in {pick.randint(1890, 2020)}."
        )
    return "\n\n".join(" ".join(lines[start : start + 3]) for start in range(0, len(lines), 3))


@pytest.fixture(scope="session")
def prose() -> Prose:
    return _prose


@pytest.fixture(scope="session")
def postgresql() -> Iterator[sa.Engine]:
    """A database of this session's own."""
    missing = pytest.fail if os.environ.get("NEWSFOLD_TEST_POSTGRES") == "required" else pytest.skip
    if importlib.util.find_spec("psycopg") is None:
        missing("psycopg is not installed")
    name = f"newsfold_test_{uuid.uuid4().hex[:12]}"
    server = sa.create_engine(SERVER, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 2})
    try:
        with server.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
            connection.exec_driver_sql(f"ALTER DATABASE {name} SET synchronous_commit TO off")  # no power cut in a test
    except sa.exc.OperationalError as error:
        server.dispose()
        missing(f"no PostgreSQL server: {error.orig}")
    database = sa.create_engine(sa.make_url(SERVER).set(database=name), isolation_level="AUTOCOMMIT")
    yield database
    database.dispose()
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    server.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def store_url(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database: a file, or a schema of its own."""
    if dialect == "sqlite":
        return f"sqlite:///{tmp_path}/newsfold.db"
    return _schema(request.getfixturevalue("postgresql"))


@pytest.fixture(scope="session")
def postgresql_store(postgresql: sa.Engine) -> Store:
    """The PostgreSQL store of all tests that take `store`: making its tables costs more than a test, and SQLAlchemy
    compiles each statement once for it."""
    return Store(_schema(postgresql))


@pytest.fixture(scope="session")
def sqlite_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The SQLite store, likewise."""
    folder = tmp_path_factory.mktemp("store")
    store = Store(f"sqlite:///{folder}/newsfold.db")
    store.close()
    shutil.copy(folder / "newsfold.db", folder / "empty.db")
    return store


@pytest.fixture
def store(dialect: str, request: pytest.FixtureRequest) -> Iterator[Store]:
    """A store that is open and holds nothing."""
    store: Store = request.getfixturevalue(f"{dialect}_store")
    if dialect == "sqlite":
        path = Path(str(store.engine.url.database))
        for left in path.parent.glob("newsfold.db*"):
            left.unlink()
        shutil.copy(path.with_name("empty.db"), path)
    else:
        with store.engine.begin() as connection:
            for table in schema.metadata.sorted_tables:
                connection.execute(table.delete())
            connection.execute(schema.changes.insert(), {"id": 1, "last": 0})
    with store:
        yield store


def _schema(database: sa.Engine) -> str:
    name = f"s{uuid.uuid4().hex}"
    with database.connect() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {name}")
    url = database.url.update_query_dict({"options": f"-csearch_path={name}"})
    return url.render_as_string(hide_password=False)
