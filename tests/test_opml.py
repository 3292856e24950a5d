"""OPML -> publishers; and `scrapy publishers --import` as it is run."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import opml, publishers
from crawler.publishers import Publisher
from crawler.tables import as_toml
from tests.crawling import finished

EXAMPLES = 500 if "NEWSFOLD_TEST_FULL" in os.environ else 40

NESTED = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Subscriptions</title></head><body>
<outline text="News"><outline text="Africa" category="/a">
<outline type="rss" text="The Quay - World" xmlUrl="https://quay.test/world.rss" htmlUrl="https://www.quay.test/world/"/>
<outline type="rss" text="The Quay - Sport" xmlUrl="https://feeds.test/quay-sport" htmlUrl="https://quay.test/"
 language="en-ng"/>
</outline></outline>
<outline text="Mill Post" title="The Mill Post" xmlUrl="https://mill.test/feed?a=1&amp;b=2"/>
<outline text="Again" xmlUrl="http://mill.test/feed?a=1&amp;b=2"/>
<outline text="A page" type="link" url="https://elsewhere.test/"/>
</body></opml>"""


def test_feeds_are_grouped_by_the_domain_of_their_homepage_each_once() -> None:
    assert opml.read(NESTED.encode()) == opml.Subscriptions(
        publishers=(
            Publisher(
                domain="quay.test",
                name="The Quay",
                language="en",
                homepage="https://quay.test/",
                feeds=("https://quay.test/world.rss", "https://feeds.test/quay-sport"),
            ),
            Publisher(domain="mill.test", name="The Mill Post", feeds=("https://mill.test/feed?a=1&b=2",)),
        ),
        titles={
            "https://quay.test/world.rss": "The Quay - World",
            "https://feeds.test/quay-sport": "The Quay - Sport",
            "https://mill.test/feed?a=1&b=2": "The Mill Post",
        },
    )


def one(attributes: str, declaration: str = "") -> Publisher:
    text = f'{declaration}<opml version="1.0"><body><outline {attributes}/></body></opml>'
    (publisher,) = opml.read(text.encode()).publishers
    return publisher


@pytest.mark.parametrize(
    ("attributes", "feed"),
    [
        ('xmlurl="https://a.test/feed"', "https://a.test/feed"),
        ('xmlUrl=" https://a.test/feed "', "https://a.test/feed"),
        ('xmlUrl="https://a.test/feed?x=1&y=2"', "https://a.test/feed?x=1&y=2"),
        ('xmlUrl="feed://a.test/feed"', "http://a.test/feed"),
        ('xmlUrl="feed:https://a.test/feed"', "https://a.test/feed"),
        ('xmlUrl="https://a.test:443/feed" text="caf&eacute;"', "https://a.test/feed"),
        ('xmlUrl="https://a.test/feed" htmlUrl="about:blank"', "https://a.test/feed"),
    ],
)
def test_an_address_is_read_however_readers_write_it(attributes: str, feed: str) -> None:
    publisher = one(attributes)
    assert (publisher.domain, publisher.feeds) == ("a.test", (feed,))


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_a_file_is_read_in_its_own_charset(charset: str) -> None:
    text = f'<?xml version="1.0" encoding="{charset}"?><opml><body><outline text="Köln" xmlUrl="http://a.test/"/></body></opml>'
    assert opml.read(text.encode(charset)).publishers[0].name == "Köln"


def test_titles_without_a_common_beginning_leave_the_domain_as_the_name() -> None:
    text = '<opml><body><outline text="World" xmlUrl="http://a.test/1"/><outline text="Sport" xmlUrl="http://a.test/2"/></body></opml>'
    assert opml.read(text.encode()).publishers[0].name == "a.test"


def test_addresses_that_cannot_be_polled_are_told() -> None:
    text = '<opml><body><outline xmlUrl="http://a.test/"/><outline xmlUrl="file:///etc/passwd"/><outline xmlUrl="http://[/"/></body></opml>'
    assert opml.read(text.encode()).left_out == ("file:///etc/passwd", "http://[/")


def test_folders_may_be_nested_thousands_deep() -> None:
    text = (
        "<opml><body>"
        + "<outline>" * 5_000
        + '<outline xmlUrl="http://a.test/"/>'
        + "</outline>" * 5_000
        + "</body></opml>"
    )
    assert opml.read(text.encode()).publishers[0].feeds == ("http://a.test/",)


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE opml [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE opml [<!ENTITY b SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE opml SYSTEM "http://127.0.0.1:1/opml.dtd">',
    ],
)
def test_no_entity_is_expanded_or_fetched(declaration: str) -> None:
    assert one('text="&b;" xmlUrl="http://a.test/"', declaration).name == "&b;"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "not OPML: got ''"),
        (b"feeds: http://a.test/", "not OPML: got 'feeds: http://a.test/'"),
        (b"<rss><channel/></rss>", "not OPML: got XML with root <rss>"),
        (b"<opml><body><outline xmlUrl='http://a.test/'></opml>", "not well-formed"),
        (b"<opml><body><outline xmlUrl='http://a.t", "not well-formed"),
        (b"<opml><body><outline text='folder'/></body></opml>", "no feed in it"),
        (b"<opml><body><outline xmlUrl='ftp://a.test/'/></body></opml>", "no feed in it"),
    ],
)
def test_what_cannot_be_used_is_one_line(body: bytes, message: str) -> None:
    with pytest.raises(opml.OpmlError) as error:
        opml.read(body)
    assert str(error.value).startswith(message)
    assert "\n" not in str(error.value)


@given(
    st.binary()
    | st.text(alphabet="<>/='\" outlinexmlUrlopml:&;#[]![CDATA-\x00").map(lambda s: f"<opml>{s}</opml>".encode())
)
@settings(max_examples=EXAMPLES, deadline=None)
def test_no_bytes_raise_anything_else(body: bytes) -> None:
    with suppress(opml.OpmlError):
        assert opml.read(body).publishers


HOSTS = st.from_regex(r"[a-zA-Z0-9.~_-]{1,12}(:[0-9]{1,5})?", fullmatch=True) | st.text(max_size=8)
LINKS = st.builds("{}://{}/{}".format, st.sampled_from(["http", "https", "feed"]), HOSTS, st.text(max_size=5))


@given(st.lists(st.tuples(st.text(max_size=20), LINKS, LINKS), min_size=1, max_size=6))
@settings(max_examples=2 * EXAMPLES, deadline=None)
def test_whatever_is_listed_makes_a_file_that_loads(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]]
) -> None:
    outlines = "".join(
        f"<outline text={quoteattr(text)} xmlUrl={quoteattr(feed)} htmlUrl={quoteattr(home)}/>"
        for text, feed, home in rows
    )
    try:
        listed = opml.read(f"<opml><body>{outlines}</body></opml>".encode("utf-8", "replace"))
    except opml.OpmlError:
        return
    path = tmp_path_factory.mktemp("toml") / "publishers.toml"
    path.write_text("\n".join(as_toml(publisher, listed.titles) for publisher in listed.publishers), encoding="utf-8")
    loaded = publishers.load(path)
    assert [(p.domain, p.feeds) for p in loaded.values()] == [(p.domain, p.feeds) for p in listed.publishers]


def imported(source: Path) -> subprocess.CompletedProcess[str]:
    return finished([sys.executable, "-m", "scrapy", "publishers", "--import", str(source)])


def test_import_prints_a_publishers_file(tmp_path: Path) -> None:
    source, table = tmp_path / "feeds.opml", tmp_path / "publishers.toml"
    source.write_text(NESTED, encoding="utf-8")
    done = imported(source)
    assert (done.returncode, done.stderr) == (0, "")
    table.write_text(done.stdout, encoding="utf-8")
    assert list(publishers.load(table)) == ["quay.test", "mill.test"]


def test_import_of_a_broken_file_ends_with_one_line(tmp_path: Path) -> None:
    source = tmp_path / "feeds.opml"
    source.write_text("<opml><body></opml>", encoding="utf-8")
    done = imported(source)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{source}: not well-formed")
    assert done.stderr.count("\n") == 1


def test_import_of_a_missing_file_ends_with_one_line(tmp_path: Path) -> None:
    done = imported(tmp_path / "no.opml")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
