"""The docs say what the code does: settings, commands, columns, reasons, stats, exit codes stand in both or in none."""

from __future__ import annotations

import argparse
import ast
import importlib
import json
import pkgutil
import re
import shlex
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
import scrapy.commands
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import DropItem
from scrapy.settings import Settings

import crawler.commands
import pipelines
from crawler import agencies, console, dates, middlewares
from crawler.commands import crawl
from crawler.extensions import SUMMARY
from crawler.items import ARTICLE_COLUMNS, STORY_COLUMNS
from crawler.settings import PROJECT
from crawler.store import takedowns
from crawler.store.schema import metadata
from spiders.news import NewsSpider
from spiders.pages import PagesSpider

README, DATA, OPERATIONS, VOCABULARY = (
    (PROJECT / name).read_text(encoding="utf-8")
    for name in ("README.md", "docs/data.md", "docs/operations.md", "docs/vocabulary.md")
)
DOCUMENTS = [PROJECT / "README.md", PROJECT / "CHANGELOG.md", *sorted((PROJECT / "docs").glob("*.md"))]
NAMES = [str(path.relative_to(PROJECT)) for path in DOCUMENTS]
SOURCES = [path for folder in ("crawler", "spiders", "pipelines") for path in (PROJECT / folder).rglob("*.py")]
SPIDERS = {spider.name: spider.arguments for spider in (NewsSpider, PagesSpider)}
OWN_COMMANDS = sorted(module.name for module in pkgutil.iter_modules(crawler.commands.__path__))
SCRAPY_COMMANDS = {module.name for module in pkgutil.iter_modules(scrapy.commands.__path__)}

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


# --- reading the docs


def section(text: str, heading: str) -> str:
    """What stands below a heading, up to the next of its level or a higher one."""
    level = len(heading) - len(heading.lstrip("#"))
    found = re.search(rf"^{re.escape(heading)}\n(.*?)(?=^#{{1,{level}}} |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"no heading {heading!r}"
    return found[1]


def table(text: str) -> list[list[str]]:
    """The cells of the tables' rows, without heads."""
    lines = [line for line in _FENCE.sub("", text).splitlines() if line.startswith("|")]
    rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    heads = [number - 1 for number, row in enumerate(rows) if all(re.fullmatch(r":?-+:?", cell) for cell in row)]
    return [row for number, row in enumerate(rows) if number not in heads and number - 1 not in heads]


def named(text: str, column: int = 0) -> list[str]:
    """The names in code type in a column of the tables."""
    return [name for row in table(text) for name in re.findall(r"`([^`]+)`", row[column])]


# --- reading the code


def settings_made() -> dict[str, Any]:
    """Each setting of crawler/settings.py and its value."""
    tree = ast.parse((PROJECT / "crawler" / "settings.py").read_text(encoding="utf-8"))
    targets = [node.targets[0] for node in tree.body if isinstance(node, ast.Assign)]
    targets += [node.target for node in tree.body if isinstance(node, ast.AnnAssign)]
    module = importlib.import_module("crawler.settings")
    return {
        target.id: getattr(module, target.id)
        for target in targets
        if isinstance(target, ast.Name) and target.id != "PROJECT"
    }


def calls(*names: str) -> Iterator[tuple[ast.Call, ast.Module]]:
    """The calls of functions or methods of these names in the whole of the code, with the module of each."""
    for path in SOURCES:
        module = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(module):
            if isinstance(node, ast.Call):
                function = node.func
                name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", None)
                if name in names:
                    yield node, module


def patterns(node: ast.expr, module: ast.Module) -> list[str]:
    """The expressions that a string in the code matches, whatever its variable parts hold."""
    if isinstance(node, ast.IfExp):
        return [*patterns(node.body, module), *patterns(node.orelse, module)]
    if isinstance(node, ast.Name):
        return [pattern for value in _values(node.id, module) for pattern in patterns(value, module)]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [re.escape(node.value)]
    assert isinstance(node, ast.JoinedStr), f"a name that cannot be read off the code: {ast.unparse(node)}"
    return ["".join(re.escape(str(v.value)) if isinstance(v, ast.Constant) else "[^/]+" for v in node.values)]


def _values(name: str, module: ast.Module) -> Iterator[ast.expr]:
    """What a variable of that name is given anywhere in the module, as a default or by name in a call too."""
    for node in ast.walk(module):
        if isinstance(node, ast.Assign):
            if any(isinstance(target, ast.Name) and target.id == name for target in node.targets):
                yield node.value
        elif isinstance(node, ast.keyword):
            if node.arg == name and not isinstance(node.value, ast.Name):
                yield node.value
        elif isinstance(node, ast.arguments):
            defaults = zip(node.kwonlyargs, node.kw_defaults, strict=True)
            yield from (default for argument, default in defaults if argument.arg == name and default is not None)


def stats_counted() -> set[str]:
    """Expressions of the names of stats that the code counts, with those that its summary shows."""
    found = calls("inc_value", "set_value", "max_value")
    counted = {name for call, module in found for name in patterns(call.args[0], module)}
    return counted | {re.escape(name) for name, _ in SUMMARY}


def drop_reasons() -> set[str]:
    for module in pkgutil.iter_modules(pipelines.__path__):
        importlib.import_module(f"pipelines.{module.name}")
    return {drop.__name__ for drop in DropItem.__subclasses__() if drop.__module__.startswith("pipelines.")}


def project_settings() -> Settings:
    """Scrapy's with the project's, as every command gets them."""
    settings = Settings()
    settings.setmodule("crawler.settings")
    return settings


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise ValueError(message)


def parser_of(command: str) -> _Parser:
    """The options of a command, as Scrapy sets them up."""
    module = importlib.import_module(f"crawler.commands.{command}")
    instance: ScrapyCommand = module.Command()
    instance.settings = project_settings()
    parser = _Parser(conflict_handler="resolve", add_help=True)
    instance.add_options(parser)
    return parser


def options_of(command: str) -> list[argparse.Action]:
    """The command's own options, without those that every Scrapy command has."""
    common = {"-h", "--logfile", "--loglevel", "--nolog", "--profile", "--pidfile", "--set", "--pdb"}
    return [action for action in parser_of(command)._actions if common.isdisjoint(action.option_strings)]


# --- what the docs tell a reader to type


def commands_in(text: str) -> list[str]:
    """The commands in blocks of shell and cron lines, one each, and those in code type that begin so."""
    found = []
    for language, block in _FENCE.findall(text):
        if language in ("sh", "console", "cron"):
            for line in block.splitlines():
                line = re.sub(r"^(\S+\s+){5}(?=cd )", "", line) if language == "cron" else line.removeprefix("$ ")
                found += [part.strip() for part in re.split(r"&&|\|\||;|\|", line)]
    inline = re.findall(r"`((?:\.venv/bin/)?(?:scrapy|make) [^`]+)`", _FENCE.sub("", text))
    return found + [command.split(r"\|")[0].replace("[", "").split("]")[0] for command in inline]


def mistake(command: str) -> str | None:
    """What is wrong with a command that a reader may type; None where it is right or not ours."""
    words = shlex.split(re.sub(r"\d?>>?\s*\S+|2>&1", "", command))
    words = [word for number, word in enumerate(words) if not (number == 0 and re.fullmatch(r"[A-Z]+=\S*", word))]
    if not words or words[0] not in ("make", "scrapy", ".venv/bin/scrapy"):
        return None
    if words[0] == "make":
        targets = re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
        return next((f"no target {word}" for word in words[1:] if "=" not in word and word not in targets), None)
    if len(words) < 2 or words[1] in ("-h", "<command>"):
        return None
    if words[1] not in OWN_COMMANDS:
        return None if words[1] in SCRAPY_COMMANDS else f"no command {words[1]}"
    return _wrong_words(words[1], words[2:])


def _wrong_words(command: str, words: list[str]) -> str | None:
    parser = parser_of(command)
    for action in parser._actions:  # a mention need not be a whole command: `scrapy demo --port N`
        action.required, action.type = False, None
    try:
        given, rest = parser.parse_known_args(words)
    except ValueError as error:
        # "--since" alone names the option.
        return None if words[-1].startswith("-") and "expected one argument" in str(error) else str(error)
    known = project_settings()
    if unknown := [word for word in rest if word.startswith("-") and word != "-"]:
        return f"no option {unknown[0]}"
    if unknown := [name for name in given.set if name.split("=")[0] not in known]:
        return f"no setting {unknown[0]}"
    arguments = SPIDERS.get(rest[0], frozenset()) if command == "crawl" and rest else frozenset()
    if unknown := [name for name in getattr(given, "spargs", []) if name.split("=")[0] not in arguments]:
        return f"no spider argument {unknown[0]}"
    return None


# --- settings


@pytest.mark.parametrize("name", settings_made())
def test_every_setting_is_documented(name: str) -> None:
    assert name in named(section(OPERATIONS, "## Settings"))


def test_no_setting_is_documented_that_does_not_exist() -> None:
    assert set(named(section(OPERATIONS, "## Settings"))) <= set(project_settings())


def test_the_documented_defaults_are_the_ones_set() -> None:
    values, wrong = settings_made(), {}
    for row in table(section(OPERATIONS, "## Settings")):
        name, default = row[0].strip("`"), re.fullmatch(r"`([^`]+)`", row[1])
        if name in values and default:
            try:
                documented = ast.literal_eval(default[1])
            except (ValueError, SyntaxError):
                documented = default[1]
            if documented != values[name]:
                wrong[name] = (documented, values[name])
    assert wrong == {}


# --- commands


def test_every_command_is_in_the_readme_and_no_other() -> None:
    rows = named(section(README, "## Commands"))
    assert {row.split()[1] for row in rows if row.startswith("scrapy ")} == set(OWN_COMMANDS)


@pytest.mark.parametrize(
    ("command", "name"),
    [(command, option.option_strings[-1]) for command in OWN_COMMANDS for option in options_of(command)],
)
def test_every_option_of_a_command_is_in_the_readme(command: str, name: str) -> None:
    option = next(option for option in options_of(command) if name in option.option_strings)
    told = [" ".join(row) for row in table(section(README, "## Commands")) if row[0].startswith(f"`scrapy {command}")]
    words = set(re.findall(r"[\w-]+", " ".join(told)))
    assert words & set(option.option_strings)
    assert set(option.choices or ()) <= words


@pytest.mark.parametrize(
    ("spider", "argument"), [(name, arg) for name, args in SPIDERS.items() for arg in sorted(args)]
)
def test_every_argument_of_a_spider_is_in_the_readme(spider: str, argument: str) -> None:
    rows = [row[0] for row in table(section(README, "## Commands")) if row[0].startswith(f"`scrapy crawl {spider}")]
    assert f"-a {argument}=" in " ".join(rows)


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_what_a_reader_is_told_to_type_exists(path: Path) -> None:
    wrong = {line: mistake(line) for line in commands_in(path.read_text(encoding="utf-8"))}
    assert {line: why for line, why in wrong.items() if why} == {}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("```sh\nmake demo tests\n```\n", "no target tests"),
        ("```sh\n.venv/bin/scrapy storys\n```\n", "no command storys"),
        ("so `scrapy storys` shows", "no command storys"),
        ("```sh\nscrapy stories --sinse 24h | head\n```\n", "no option --sinse"),
        ("```sh\nscrapy story 1 -s STORE=x\n```\n", "no setting STORE=x"),
        ("```sh\nscrapy crawl news -a publishers=x\n```\n", "no spider argument publishers=x"),
        ("```cron\n*/5 * * * * cd /srv && .venv/bin/scrapy crawl news -x 2>> log || echo $?\n```\n", "no option -x"),
    ],
)
def test_a_wrong_command_would_be_noticed(text: str, why: str) -> None:
    assert [found for line in commands_in(text) if (found := mistake(line))] == [why]


def test_the_commands_that_the_readme_begins_with_are_run_by_ci() -> None:
    first = next(block for language, block in _FENCE.findall(README) if language == "sh")
    run = (PROJECT / ".ci" / "run").read_text(encoding="utf-8")
    missing = [line for line in first.splitlines() if not re.search(rf"^{re.escape(line)}\b", run, re.MULTILINE)]
    assert missing == []


def test_the_readme_shows_the_stories_that_the_demo_has() -> None:
    truth = json.loads((PROJECT / "crawler" / "demo" / "papers" / "truth.json").read_text(encoding="utf-8"))
    agencies_named = {story["agency"] for story in truth.values() if story["agency"]}
    shown = re.findall(rf"^ *(\d+)  ({'|'.join(agencies_named)})? +2026-", section(README, "# Newsfold"), re.MULTILINE)
    papers = {key: {path.split("/")[0] for path in story["articles"]} for key, story in truth.items()}
    stories = Counter((len(papers[key]), story["agency"] or "") for key, story in truth.items())
    table_shown = Counter((int(copies), agency) for copies, agency in shown)
    assert table_shown <= stories
    assert {story for story in stories if story[0] > 1} <= set(table_shown)


# --- columns


@pytest.mark.parametrize("name", metadata.tables)
def test_the_columns_of_a_table_are_documented_and_no_others(name: str) -> None:
    assert sorted(named(section(DATA, f"### {name}"))) == sorted(
        column.name for column in metadata.tables[name].columns
    )


@pytest.mark.parametrize(
    ("rows", "columns"), [("articles", ARTICLE_COLUMNS), ("stories", STORY_COLUMNS)], ids=["articles", "stories"]
)
def test_the_columns_of_an_export_are_documented_in_their_order(rows: str, columns: tuple[str, ...]) -> None:
    assert named(section(DATA, f"## export {rows}")) == list(columns)


# --- what the columns hold


def test_every_drop_reason_is_documented_and_no_other() -> None:
    assert set(named(section(DATA, "## Drop reasons"))) == drop_reasons() | {"TooOld"}


def test_every_refusal_is_documented_and_no_other() -> None:
    said = [call.args[0] for call, _ in calls("RefusedRequest", "OptedOutError")]
    reasons = {node.value for node in said if isinstance(node, ast.Constant)}
    shared = {middlewares.PRIVATE, middlewares.NO_ADDRESS, takedowns.FORGOTTEN}
    assert set(named(section(DATA, "## Refusal reasons"))) == reasons | shared


def test_the_kinds_of_evidence_are_documented_in_their_order() -> None:
    assert named(section(VOCABULARY, "## Evidence for an agency")) == list(agencies.RANK)
    assert named(section(DATA, "## agency_evidence"), column=1) == list(agencies.RANK)


def test_the_sources_of_dates_are_documented_in_their_order() -> None:
    told = section(DATA, "## date_published_source")
    assert named(told) == list(dates.SOURCES)
    assert f"`{dates.ASSUMED.strip()}`" in told


# --- what a run tells


def test_every_stat_that_is_counted_is_documented() -> None:
    told = named(section(OPERATIONS, "## Stats"))
    assert [stat for stat in sorted(stats_counted()) if not any(re.fullmatch(stat, name) for name in told)] == []


def test_no_stat_is_documented_that_is_not_counted() -> None:
    counted = stats_counted()
    told = named(section(OPERATIONS, "## Stats"))
    assert [name for name in told if not any(re.fullmatch(stat, name) for stat in counted)] == []


@pytest.mark.parametrize("text", [section(README, "## Crawl for real"), section(OPERATIONS, "## Exit codes")])
def test_the_exit_codes_are_documented(text: str) -> None:
    usage, stopped = 2, [128 + number for number in (signal.SIGINT, signal.SIGTERM)]
    codes = [int(code) for row in table(text) for code in re.findall(r"\d+", row[0])]
    assert codes == sorted([crawl.DONE, crawl.FAILED, usage, crawl.IN_PART, console.LOCKED, *stopped])


def test_the_help_of_crawl_names_the_exit_codes() -> None:
    told = crawl.Command().long_desc().partition("Exit codes:")[2]
    codes = [int(row[0]) for row in table(section(OPERATIONS, "## Exit codes"))]
    assert [int(code) for code in re.findall(r"\d+", told)] == codes


# --- links


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_every_relative_link_leads_somewhere(path: Path) -> None:
    text = _FENCE.sub("", path.read_text(encoding="utf-8"))
    targets = [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    assert [link for link in targets if not _leads_somewhere(path, link)] == []


def _leads_somewhere(path: Path, link: str) -> bool:
    name, _, anchor = link.partition("#")
    target = path.parent / name if name else path
    if not target.exists() or not anchor:
        return target.exists()
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", target.read_text(encoding="utf-8")), re.MULTILINE)
    return anchor in {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_no_package_registry_is_named(path: Path) -> None:
    # Whoever installs has an index configured, which need not be the public one.
    registries = r"\b(?:pypi|pythonhosted|npmjs|crates|rubygems|anaconda|conda)\.(?:org|com|io|dev)\b"
    assert re.findall(registries, path.read_text(encoding="utf-8"), re.IGNORECASE) == []
