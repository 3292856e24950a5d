"""publishers.toml -> Publisher: what is read, and that every mistake gets its one line."""

from __future__ import annotations

import dataclasses
import json
import os
import pickle
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import publishers
from crawler.publishers import Publisher, PublishersError, load

ROOT = Path(__file__).parents[1]
BUNDLED = ROOT / "crawler" / "publishers.toml"
DOCS = ROOT / "docs" / "publishers.md"
EXAMPLES = 2000 if os.environ.get("NEWSFOLD_TEST_FULL") else 100
REST = 'name = "N"\nhomepage = "https://h.example/"\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "publishers.toml"


def errors_of(file: Path, text: str | bytes) -> list[str]:
    """The lines of the error that loading this text raises, without the file's name."""
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(PublishersError) as caught:
        load(file)
    lines = str(caught.value).split("\n")
    assert all(line.startswith("publishers.toml: ") for line in lines)
    return [line.removeprefix("publishers.toml: ") for line in lines]


def loaded(file: Path, text: str) -> dict[str, Publisher]:
    file.write_text(text, encoding="utf-8")
    return load(file)


# What is read


def test_every_key_of_a_table_becomes_a_field(file: Path) -> None:
    text = """
        ["news.example"]
        name = "The News"
        language = "de"
        languages = ["de", "fr"]
        country = "CH"
        homepage = "https://www.news.example/"
        feeds = ["https://news.example/rss", "http://feeds.example:8080/atom?x=1"]
        news_sitemaps = ["https://news.example/news.xml"]
        timezone = "Europe/Zurich"
        agency = "AFP"
        selectors = { headline = "h1.top", body = "div.story > p", remove = "aside, .ad" }
        delay_seconds = 2
        robots = "pages"
        enabled = false
    """
    assert loaded(file, text) == {
        "news.example": Publisher(
            domain="news.example",
            name="The News",
            language="de",
            languages=("de", "fr"),
            country="CH",
            homepage="https://www.news.example/",
            feeds=("https://news.example/rss", "http://feeds.example:8080/atom?x=1"),
            news_sitemaps=("https://news.example/news.xml",),
            timezone="Europe/Zurich",
            agency="AFP",
            selectors={"headline": "h1.top", "body": "div.story > p", "remove": "aside, .ad"},
            delay_seconds=2.0,
            robots="pages",
            enabled=False,
        )
    }


def test_a_name_and_a_homepage_are_enough(file: Path) -> None:
    publisher = loaded(file, f'["news.example"]\n{REST}')["news.example"]
    assert publisher == Publisher(domain="news.example", name="N", homepage="https://h.example/")


def test_publishers_come_in_the_order_of_the_file(file: Path) -> None:
    text = "".join(f'["{domain}"]\n{REST}' for domain in ("z.example", "a.example", "m.example"))
    assert list(loaded(file, text)) == ["z.example", "a.example", "m.example"]


def test_languages_are_the_language_alone_where_none_are_named(file: Path) -> None:
    assert loaded(file, f'["news.example"]\n{REST}language = "sw"')["news.example"].languages == ("sw",)


@pytest.mark.parametrize(
    ("key", "domain"),
    [
        ("news.example", "news.example"),
        ("WWW.News.Example", "news.example"),
        ("news.example.", "news.example"),
        ("news.example:443", "news.example"),
        ("news.example:8080", "news.example:8080"),
        ("localhost:8000", "localhost:8000"),
        ("127.0.0.1:8000", "127.0.0.1:8000"),
        ("[::1]:8000", "[::1]:8000"),
        ("www1.news.example", "www1.news.example"),
        ("www.example", "www.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
    ],
)
def test_a_domain_has_one_spelling(file: Path, key: str, domain: str) -> None:
    assert list(loaded(file, f'["{key}"]\n{REST}')) == [domain]


def test_two_ports_of_one_host_are_two_publishers(file: Path) -> None:
    assert len(loaded(file, f'["127.0.0.1:8001"]\n{REST}["127.0.0.1:8002"]\n{REST}')) == 2


def test_two_publishers_may_share_a_feed(file: Path) -> None:
    table = 'name = "N"\nfeeds = ["https://f.example/rss"]\n'
    assert len(loaded(file, f'["a.example"]\n{table}["b.example"]\n{table}')) == 2


def test_a_byte_order_mark_is_allowed(file: Path) -> None:
    file.write_text(f'["news.example"]\n{REST}', encoding="utf-8-sig")
    assert list(load(file)) == ["news.example"]


def test_a_publisher_can_be_hashed_and_handed_to_a_worker(file: Path) -> None:
    publisher = loaded(file, f'["news.example"]\n{REST}selectors = {{ body = "div" }}')["news.example"]
    assert pickle.loads(pickle.dumps(publisher)) in {publisher}  # noqa: S301 (our own bytes)


# The file as a whole


def test_a_missing_file_is_named_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(PublishersError, match=f"^{re.escape(str(tmp_path))}/none.toml: no such file"):
        load(tmp_path / "none.toml")


def test_a_file_that_cannot_be_read_is_named_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(PublishersError, match=r": cannot be read \(Is a directory\)"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (b'["a.example"]\nname = "Z\xfcrich"\n', "line 2: got the byte 0xfc, want UTF-8"),
        ('["a.example"]\nname = \n', "line 2, column 8: not TOML: Invalid value"),
        (f'["a.example"]\n{REST}["a.example"]\n', "line 4, column 13: not TOML: Cannot declare ('a.example',) twice"),
        ("a = " + "[" * 5000, "brackets nested too deeply, want lists of URLs"),
        ("a = " + "9" * 5000, "not TOML: Exceeds the limit"),
        ("", 'no publisher in it, want a table such as ["example.com"]'),
        ("# nothing yet\n", 'no publisher in it, want a table such as ["example.com"]'),
    ],
)
def test_a_file_that_is_no_table_of_publishers_gives_one_line(file: Path, text: str | bytes, error: str) -> None:
    (line,) = errors_of(file, text)
    assert line.startswith(error)


def test_a_key_before_the_first_table_is_an_error(file: Path) -> None:
    assert errors_of(file, f'name = "N"\n["a.example"]\n{REST}') == [
        "'name' stands outside of every table, want it below the domain that it is about"
    ]


# The keys of the tables


@pytest.mark.parametrize(
    ("header", "meant"),
    [
        ("[guardian.ng]", "guardian.ng"),
        ("[bbc.co.uk]", "bbc.co.uk"),
        ('["bbc".co.uk]', "bbc.co.uk"),
        ("[the-example.name]", "the-example.name"),
    ],
)
def test_a_domain_without_quotation_marks_is_told_how_to_write_it(file: Path, header: str, meant: str) -> None:
    assert errors_of(file, f"{header}\n{REST}") == [
        f'[{meant}]: a key with dots needs quotation marks, write ["{meant}"]'
    ]


def test_each_domain_without_quotation_marks_is_told_and_its_table_checked(file: Path) -> None:
    text = f'[one.com]\n{REST}feed = "x"\n[one.com.au]\n{REST}[one.com.au.selectors]\nbody = "div"\n[two.ng]\n{REST}'
    assert errors_of(file, text) == [
        '[one.com]: a key with dots needs quotation marks, write ["one.com"]',
        "[one.com]: unknown key 'feed' (did you mean 'feeds'?)",
        '[one.com.au]: a key with dots needs quotation marks, write ["one.com.au"]',
        '[two.ng]: a key with dots needs quotation marks, write ["two.ng"]',
    ]


def test_a_very_deep_table_is_an_error_like_any_other(file: Path) -> None:
    (line, *_) = errors_of(file, "[" + ".".join("a" * 3000) + "]\n" + REST)
    assert len(line) < 300


def test_double_brackets_are_told(file: Path) -> None:
    assert errors_of(file, f'[["a.example"]]\n{REST}') == ['[a.example]: got double brackets, write ["a.example"]']


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        ("https://www.a.example/", "got a URL as the key, want its domain (did you mean 'a.example'?)"),
        ("http://a.example:8000/de", "got a URL as the key, want its domain (did you mean 'a.example:8000'?)"),
        ("a.example/de", "got a URL as the key, want its domain (did you mean 'a.example'?)"),
        (
            "bücher.example",
            "got a domain in letters beyond ASCII, want it as in URLs (did you mean 'xn--bcher-kva.example'?)",
        ),
        *(
            (key, 'got a key that is no domain, want one such as "example.com" or "localhost:8000"')
            for key in ("guardian", "", "a b.example", "a..example", "-a.example", "a.example:0", "a.example:99999")
        ),
    ],
)
def test_a_key_that_is_no_domain_is_an_error(file: Path, key: str, problem: str) -> None:
    assert errors_of(file, f'["{key}"]\n{REST}') == [f"[{key}]: {problem}"]


@pytest.mark.parametrize("other", ["www.a.example", "A.example", "a.example:443", "WWW.A.EXAMPLE."])
def test_a_domain_in_another_spelling_is_a_duplicate(file: Path, other: str) -> None:
    assert errors_of(file, f'["a.example"]\n{REST}["{other}"]\n{REST}') == [
        f"[{other}]: the same publisher as [a.example], want one table for both"
    ]


# The keys within a table


URL = "want an absolute http or https URL"
ZONE = "want an IANA time zone such as 'Africa/Lagos'"
COUNTRY = "want an ISO 3166 code of two capital letters"
LANGUAGE = "want an ISO 639-1 code of two small letters"
SECONDS = "want seconds from 0 to 3600"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('feed = "https://a.example/"', "unknown key 'feed' (did you mean 'feeds'?)"),
        ('time_zone = "UTC"', "unknown key 'time_zone' (did you mean 'timezone'?)"),
        ("xyz = 1", f"unknown key 'xyz', want one of {', '.join(publishers._KEYS)}"),
        ('feeds = "http://a.example/"', "feeds: got 'http://a.example/', want a list of URLs in square brackets"),
        ("feeds = [1]", f"feeds: got 1, {URL}"),
        ('feeds = ["/rss"]', f"feeds: got '/rss', {URL}"),
        ('feeds = ["a.example/rss"]', f"feeds: got 'a.example/rss', {URL}"),
        ('feeds = ["ftp://a.example/rss"]', f"feeds: got 'ftp://a.example/rss', {URL}"),
        ('feeds = ["https:///rss"]', f"feeds: got 'https:///rss', {URL}"),
        ('feeds = ["https://a,b/rss"]', f"feeds: got 'https://a,b/rss', {URL}"),
        ('feeds = ["https://a.example:x/"]', f"feeds: got 'https://a.example:x/', {URL}"),
        ('feeds = ["https://[::1/rss"]', f"feeds: got 'https://[::1/rss', {URL}"),
        ('feeds = [" https://a.example/"]', f"feeds: got ' https://a.example/', {URL}"),
        ('feeds = ["https://a.example/\\n"]', f"feeds: got 'https://a.example/\\n', {URL}"),
        (
            'feeds = ["https://ana:onyx@a.example/rss"]',
            "feeds: got a URL with a password, want it in HTTPAUTH_USER, HTTPAUTH_PASS, HTTPAUTH_DOMAIN=a.example",
        ),
        ('feeds = ["http://a.example/", "http://a.example/"]', "got 'http://a.example/' 2 times, want it once"),
        (
            'feeds = ["http://a.example/"]\nnews_sitemaps = ["http://a.example/"]',
            "got 'http://a.example/' 2 times, want it once",
        ),
        ('news_sitemaps = ["x"]', f"news_sitemaps: got 'x', {URL}"),
        ('country = "UK"', f"country: got 'UK', {COUNTRY} (did you mean 'GB'?)"),
        ('country = "ng"', f"country: got 'ng', {COUNTRY} (did you mean 'NG'?)"),
        ('country = "Nigeria"', f"country: got 'Nigeria', {COUNTRY}"),
        ('country = "XX"', f"country: got 'XX', {COUNTRY}"),
        ('language = "en-GB"', f"language: got 'en-GB', {LANGUAGE} (did you mean 'en'?)"),
        ('language = "DE"', f"language: got 'DE', {LANGUAGE} (did you mean 'de'?)"),
        ('language = "eng"', f"language: got 'eng', {LANGUAGE}"),
        ('language = ["en"]', f"language: got ['en'], {LANGUAGE}"),
        ('languages = "en"', "languages: got 'en', want a list of languages in square brackets"),
        ('languages = ["en", "xx"]', f"languages: got 'xx', {LANGUAGE}"),
        (
            'language = "en"\nlanguages = ["de"]',
            "language: got 'en', want one of its languages or no `languages`",
        ),
        ('timezone = "Africa/Lagoss"', f"timezone: got 'Africa/Lagoss', {ZONE} (did you mean 'Africa/Lagos'?)"),
        ('timezone = "Africa"', f"timezone: got 'Africa', {ZONE}"),
        ('timezone = "../etc/passwd"', f"timezone: got '../etc/passwd', {ZONE}"),
        ("timezone = 1", f"timezone: got 1, {ZONE}"),
        ('agency = ""', "agency: got '', want text in quotation marks"),
        ("agency = true", "agency: got True, want text in quotation marks"),
        ('selectors = "h1"', "selectors: got 'h1', want a table of headline, body, remove"),
        ('selectors = { headlin = "h1" }', "selectors: unknown key 'headlin' (did you mean 'headline'?)"),
        ('selectors = { byline = "p" }', "selectors: unknown key 'byline', want one of headline, body, remove"),
        ("selectors = { body = 1 }", "selectors: body: got 1, want a CSS selector in quotation marks"),
        (
            'selectors = { body = "p::text" }',
            "selectors: body: got 'p::text', want a CSS selector: Pseudo-elements are not supported.",
        ),
        (
            'selectors = { body = "svg|a" }',
            "selectors: body: got 'svg|a', want a CSS selector: Undefined namespace prefix",
        ),
        ("delay_seconds = -1", f"delay_seconds: got -1, {SECONDS}"),
        ("delay_seconds = 5000", f"delay_seconds: got 5000, {SECONDS}"),
        ("delay_seconds = nan", f"delay_seconds: got nan, {SECONDS}"),
        ("delay_seconds = inf", f"delay_seconds: got inf, {SECONDS}"),
        ("delay_seconds = true", f"delay_seconds: got True, {SECONDS}"),
        ('delay_seconds = "2"', f"delay_seconds: got '2', {SECONDS}"),
        (f"delay_seconds = 0x{'f' * 9000}", f"delay_seconds: got a huge number, {SECONDS}"),
        ('robots = "ignore"', "robots: got 'ignore', want 'obey' or 'pages'"),
        ("robots = false", "robots: got False, want 'obey' or 'pages'"),
        ('enabled = "no"', "enabled: got 'no', want true or false"),
        ("enabled = 0", "enabled: got 0, want true or false"),
    ],
)
def test_a_wrong_key_or_value_gives_one_line(file: Path, line: str, problem: str) -> None:
    assert errors_of(file, f'["a.example"]\n{REST}{line}\n') == [f"[a.example]: {problem}"]


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ('homepage = "https://a.example/"', 'no name, want name = "…"'),
        ('name = "N"', "no address, want feeds, news_sitemaps or at least a homepage"),
        ('name = "N"\nfeeds = []', "no address, want feeds, news_sitemaps or at least a homepage"),
        ('name = "N"\nfeed = ["https://a.example/"]', "unknown key 'feed' (did you mean 'feeds'?)"),
        ('nmae = "N"\nhomepage = "https://a.example/"', "unknown key 'nmae' (did you mean 'name'?)"),
        ('name = " "\nhomepage = "https://a.example/"', "name: got ' ', want text in quotation marks"),
        ('name = "N"\nhomepage = "a.example"', f"homepage: got 'a.example', {URL}"),
    ],
)
def test_a_missing_or_empty_required_key_gives_one_line(file: Path, table: str, problem: str) -> None:
    assert errors_of(file, f'["a.example"]\n{table}\n') == [f"[a.example]: {problem}"]


def test_a_long_value_is_cut_in_the_message(file: Path) -> None:
    (line,) = errors_of(file, f'["a.example"]\n{REST}feeds = ["{"x" * 10_000}"]')
    assert len(line) < 300


# Whatever stands in the file

VALUES = st.recursive(
    st.text(max_size=20)
    | st.integers()
    | st.floats()
    | st.booleans()
    | st.sampled_from(["en", "NG", "https://a.example/"]),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)
KEYS = st.sampled_from([*publishers._KEYS, "feed", "x"]) | st.text(max_size=8)
TABLES = st.dictionaries(
    st.sampled_from(["a.example", "WWW.a.example", "b", "https://c.example"]) | st.text(max_size=12),
    st.dictionaries(KEYS, VALUES | st.dictionaries(KEYS, VALUES, max_size=2), max_size=5),
    max_size=4,
)


def toml(value: Any) -> str:
    """A value in TOML's inline spelling."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(k)} = {toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, float):
        return str(value)
    return json.dumps(value).replace("\x7f", "\\u007f")  # JSON's strings, integers and booleans are TOML's too


@settings(max_examples=EXAMPLES, deadline=None)
@given(tables=TABLES)
def test_any_tables_load_or_give_lines_that_name_the_file(
    tmp_path_factory: pytest.TempPathFactory, tables: Any
) -> None:
    file = tmp_path_factory.getbasetemp() / "publishers.toml"
    file.write_text("\n".join(f"{toml(key)} = {toml(table)}" for key, table in tables.items()), encoding="utf-8")
    try:
        read = load(file)
    except PublishersError as error:
        assert all(line.startswith("publishers.toml: ") for line in str(error).splitlines())  # noqa: PT017
    else:
        assert len(read) == len(tables)


@settings(max_examples=EXAMPLES, deadline=None)
@given(body=st.binary(max_size=200) | st.text(alphabet="[]{}=\"'.,#ab1\n\\", max_size=80).map(str.encode))
def test_any_bytes_without_a_publisher_give_lines_that_name_the_file(
    tmp_path_factory: pytest.TempPathFactory, body: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "publishers.toml"
    file.write_bytes(body)
    with pytest.raises(PublishersError) as caught:
        load(file)
    assert all(line.startswith("publishers.toml: ") for line in str(caught.value).splitlines())


# The bundled file


def test_the_bundled_file_names_many_publishers_of_many_countries() -> None:
    bundled = [publisher for publisher in load(BUNDLED).values() if publisher.enabled]
    polled = [publisher for publisher in bundled if publisher.feeds or publisher.news_sitemaps]
    assert len(polled) >= 120
    assert len({publisher.country for publisher in polled}) >= 25


def test_the_bundled_file_begins_with_nigeria() -> None:
    first = ["guardian.ng", "punchng.com", "vanguardngr.com", "premiumtimesng.com", "dailytrust.com"]
    assert list(load(BUNDLED))[:5] == first


def test_every_bundled_publisher_has_a_country_a_time_zone_and_a_language() -> None:
    assert [p.domain for p in load(BUNDLED).values() if not (p.country and p.timezone and p.languages)] == []


def test_no_two_bundled_publishers_share_a_feed_or_a_name() -> None:
    bundled = load(BUNDLED).values()
    urls = [url for publisher in bundled for url in (*publisher.feeds, *publisher.news_sitemaps)]
    assert len(set(urls)) == len(urls)
    assert len({publisher.name for publisher in bundled}) == len(bundled)


def test_the_wire_services_among_the_bundled_publishers_are_marked() -> None:
    agencies = {publisher.domain: publisher.agency for publisher in load(BUNDLED).values() if publisher.agency}
    assert agencies == {
        "aa.com.tr": "Anadolu",
        "apnews.com": "AP",
        "faktencheck.afp.com": "AFP",
        "reuters.com": "Reuters",
    }


# The documentation


def test_every_field_stands_in_the_table_of_the_documentation() -> None:
    rows = re.search(r"(?:^\| `\w+` \|.*\n)+", DOCS.read_text("utf-8"), re.MULTILINE)  # of the first table
    documented = re.findall(r"^\| `(\w+)` \|", rows.group() if rows else "", re.MULTILINE)
    assert documented == [field.name for field in dataclasses.fields(Publisher)]


def test_the_keys_of_a_table_are_the_fields_but_the_domain() -> None:
    assert ["domain", *publishers._KEYS] == [field.name for field in dataclasses.fields(Publisher)]


def documented_examples() -> list[str]:
    return re.findall(r"```toml\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("text", documented_examples()[:-1])
def test_the_examples_of_the_documentation_load(file: Path, text: str) -> None:
    assert list(loaded(file, text)) == ["example.com"]


def test_the_documented_mistakes_give_the_documented_lines(file: Path) -> None:
    (lines,) = re.findall(r"```text\n(.*?)\n```", DOCS.read_text("utf-8"), re.DOTALL)
    assert errors_of(file, documented_examples()[-1]) == [
        line.removeprefix("publishers.toml: ") for line in lines.split("\n")
    ]
