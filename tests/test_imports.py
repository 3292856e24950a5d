"""Who may import what (the rules are numbered as in the house's plan), read from the source itself."""

from __future__ import annotations

import ast
import functools
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from crawler.settings import PROJECT

#: The Scrapy project around the plain modules: files and folders of crawler/.
SCRAPY = {
    *("settings", "middlewares", "answers", "extensions", "queues", "leases", "resolver", "exporters"),
    *("spider", "discover", "console", "commands", "demo"),
}
STORE = {"store", "migrations"}

#: What goes against the letter of a rule, and why: file -> modules.
ALLOWED = {
    # What runs in a worker process has its own clock to keep and ends with its parent.
    "crawler/workers.py": {"os", "threading", "multiprocessing.connection", "multiprocessing.parent_process"},
    "crawler/discovery.py": {"asyncio"},  # awaits what it is given to fetch with, and reads in a thread
    "crawler/commands/crawl.py": {"crawler.extensions"},  # tells what the run's extensions counted
    "spiders/news.py": {"crawler.middlewares"},  # why a request was refused is an error of those
}

SOURCES = sorted(path for folder in ("crawler", "spiders", "pipelines") for path in (PROJECT / folder).rglob("*.py"))


def name(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def room(path: Path) -> str:
    """The folder or module of crawler/ that a file is in; "spiders" and "pipelines" otherwise."""
    parts = path.relative_to(PROJECT).with_suffix("").parts
    return parts[1] if parts[0] == "crawler" and len(parts) > 1 else parts[0]


@functools.cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, inside functions too, but not for type checkers alone; `from x import y` as
    x.y."""
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            skipped.update(part for line in node.body for part in ast.walk(line))
        elif node in skipped:
            continue
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name(path)}: a relative import, which these tests do not read"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imports_one_of(path: Path, *modules: str) -> list[str]:
    """Those of the modules, and of what is in them, that the file imports without being allowed to."""
    return [got for got in imports(path) if within(got, modules) and not within(got, ALLOWED.get(name(path), ()))]


def within(got: str, modules: Iterable[str]) -> bool:
    return any(got == module or got.startswith(f"{module}.") for module in modules)


PLAIN = [path for path in SOURCES if room(path) not in SCRAPY | STORE | {"spiders", "pipelines"}]


def cases(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", paths, ids=name)


def test_the_plain_modules_are_found() -> None:
    found = {name(path) for path in PLAIN}
    assert {"crawler/items.py", "crawler/pages.py", "crawler/stories.py", "crawler/similarity.py"} <= found
    assert not found & {"crawler/spider.py", "crawler/store/store.py", "spiders/news.py"}


def test_1_items_import_the_standard_library_alone() -> None:
    assert {module.partition(".")[0] for module in imports(PROJECT / "crawler" / "items.py")} <= sys.stdlib_module_names


@cases(PLAIN)
def test_2_a_plain_module_imports_neither_frameworks_nor_the_world(path: Path) -> None:
    frameworks = ("scrapy", "twisted", "sqlalchemy", "alembic", "itemadapter", "rich", "logging", "warnings")
    network = ("socket", "ssl", "http", "urllib.request", "asyncio", "requests", "aiohttp", "httpx")
    machine = ("time", "os", "shutil", "tempfile", "glob", "subprocess", "threading", "multiprocessing", "random")
    project = ("spiders", "pipelines", *(f"crawler.{module}" for module in sorted(SCRAPY | STORE)))
    assert imports_one_of(path, *frameworks, *network, *machine, *project) == []


@cases(PLAIN)
def test_2_a_plain_module_asks_no_clock(path: Path) -> None:
    clocks = {"now", "utcnow", "today"}
    asked = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute) and node.attr in clocks]
    assert [ast.unparse(node) for node in asked] == []


@cases([path for path in PLAIN if name(path) != "crawler/publishers.py"])
def test_2_a_plain_module_opens_no_file(path: Path) -> None:
    opened = [
        ast.unparse(node)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("open", "io.open", "print", "input")
    ]
    assert opened == []
    assert imports_one_of(path, "pathlib") == []


def test_2_publishers_load_reads_the_one_file() -> None:
    path = PROJECT / "crawler" / "publishers.py"
    read = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute) and node.attr.startswith("read_")]
    assert len(read) == 1


@cases([path for path in SOURCES if room(path) not in STORE])
def test_3_the_store_alone_imports_sqlalchemy(path: Path) -> None:
    assert imports_one_of(path, "sqlalchemy", "alembic", "sqlite3", "psycopg") == []


@cases([path for path in SOURCES if name(path) != "crawler/similarity.py"])
def test_3_similarity_alone_imports_datasketch(path: Path) -> None:
    assert imports_one_of(path, "datasketch") == []


SHELLS = ("spiders", "pipelines", "middlewares", "extensions", "commands")


@cases([path for path in SOURCES if room(path) in SHELLS])
def test_4_a_shell_imports_no_other_shell(path: Path) -> None:
    other = [f"crawler.{shell}" for shell in SHELLS if shell != room(path)]
    assert imports_one_of(path, *(shell for shell in ("spiders", "pipelines") if shell != room(path)), *other) == []


@cases([path for path in SOURCES if path.is_relative_to(PROJECT / "crawler")])
def test_4_crawler_imports_neither_spiders_nor_pipelines(path: Path) -> None:
    assert imports_one_of(path, "spiders", "pipelines") == []


@cases([path for path in SOURCES if room(path) == "store"])
def test_the_store_knows_no_scrapy(path: Path) -> None:
    assert imports_one_of(path, "scrapy", "twisted", *(f"crawler.{module}" for module in sorted(SCRAPY))) == []


@cases([path for path in SOURCES if room(path) in ("spiders", "pipelines")])
def test_spiders_and_pipelines_block_nothing(path: Path) -> None:
    assert imports_one_of(path, "requests", "urllib.request", "http.client", "time.sleep", "subprocess") == []
    called = [ast.unparse(node.func) for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
    assert not {"time.sleep", "sleep", "requests.get"} & set(called)


def test_no_module_has_a_name_that_says_nothing() -> None:
    nothing = re.compile(r"(^|_)(utils?|helpers?|common|base|core|manager)(_|$)")
    modules = {part for path in SOURCES for part in path.relative_to(PROJECT).with_suffix("").parts}
    assert [part for part in sorted(modules) if nothing.search(part)] == []


def test_no_module_gives_two_things_one_name() -> None:
    """The second would replace the first in silence: ruff tells of functions and imports only."""
    for path in SOURCES:
        statements = ast.parse(path.read_text(encoding="utf-8")).body
        names = [
            target.id
            for s in statements
            if isinstance(s, ast.Assign)
            for target in s.targets
            if isinstance(target, ast.Name)
        ]
        assert sorted(names) == sorted(set(names)), name(path)


def test_no_publisher_stands_in_the_code() -> None:
    with (PROJECT / "crawler" / "publishers.toml").open("rb") as file:
        publishers = tomllib.load(file)
    for path in SOURCES:
        found = publishers.keys() & set(re.findall(r"[\w-]+(?:\.[\w-]+)+", path.read_text(encoding="utf-8")))
        if name(path) == "crawler/wires.py":  # an agency's addresses are what it knows of it
            found -= {domain for domain, table in publishers.items() if "agency" in table}
        if name(path) == "crawler/commands/demo.py":  # what to try next, for a person
            found -= {next(iter(publishers))}
        assert found == set(), name(path)


def test_a_command_that_reads_does_not_wait_for_scipy() -> None:
    """Scrapy imports every command to run one, and datasketch brings scipy along: a second of every run."""
    code = (
        "import importlib, pkgutil, sys, crawler.commands\n"
        "for module in pkgutil.iter_modules(crawler.commands.__path__):\n"
        "    importlib.import_module(f'crawler.commands.{module.name}')\n"
        "print('scipy' in sys.modules or 'datasketch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
