"""crawler.feeds: bytes of a feed -> its entries and what it says of its own rhythm."""

from __future__ import annotations

import contextlib
import io
import json
import os
import time
from datetime import UTC, datetime

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import feeds
from crawler.feeds import FeedError
from crawler.items import Entry

FULL = bool(os.environ.get("NEWSFOLD_TEST_FULL"))
EXAMPLES = 5_000 if FULL else 200
URL = "https://paper.example/feeds/news.xml"
NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
ITEM = "<item><title>Mill</title><link>https://paper.example/mill</link></item>"


def rss(*items: str, head: str = "", prolog: str = '<?xml version="1.0"?>', attributes: str = "") -> str:
    channel = f"<channel><title>The Paper</title>{head}{''.join(items)}</channel>"
    return f'{prolog}<rss version="2.0" {attributes}>{channel}</rss>'


def atom(*entries: str, attributes: str = f'xmlns="{ATOM}"') -> str:
    return f'<?xml version="1.0"?><feed {attributes}><title>The Paper</title>{"".join(entries)}</feed>'


def read_one(text: str) -> Entry:
    (entry,) = feeds.read(text.encode(), URL).entries
    return entry


# One article in every kind of feed.
ARTICLE = Entry(
    url="https://paper.example/mill?a=1&b=2",
    headline="Mill & weir reopen",
    description="After 3 years the mill is open.",
    authors=("Ann Moreau",),
    date_published=NOON,
    language="en-GB",
)
SUMMARY = "&lt;p&gt;After 3 years&lt;br/&gt;the &lt;b&gt;mill&lt;/b&gt; is open.&lt;/p&gt;"
RSS_ITEM = f"""<item><title>Mill &amp;amp; weir
 reopen</title><link>https://paper.example/mill?a=1&amp;b=2</link><guid isPermaLink="false">17</guid>
<dc:creator>Ann Moreau</dc:creator><description>{SUMMARY}</description>
<pubDate>Mon, 02 Nov 2026 13:00:00 +0100</pubDate></item>"""
ATOM_ENTRY = f"""<entry><title type="html">Mill &amp;amp; weir reopen</title><id>tag:paper.example,2026:17</id>
<link rel="self" href="https://paper.example/api/17"/><link rel="alternate" href="https://paper.example/mill?a=1&amp;b=2"/>
<author><name>Ann Moreau</name></author><summary type="html">{SUMMARY}</summary>"""
JSON_ITEM = {
    "id": "17",
    "url": "https://paper.example/mill?a=1&b=2",
    "title": "Mill &amp; weir\nreopen",
    "summary": "<p>After 3 years<br>the <b>mill</b> is open.</p>",
    "date_published": "2026-11-02T13:00:00+01:00",
}
KINDS = {
    "RSS 2.0": rss(RSS_ITEM, head="<language>en-GB</language>", attributes=f'xmlns:dc="{DC}"'),
    "RSS 0.91": rss(
        RSS_ITEM.replace("dc:creator", "author"),
        head="<language>en-GB</language>",
        prolog='<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://dtd.example/rss-0.91.dtd">',
    ).replace("2.0", "0.91"),
    "RSS 1.0": f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
        xmlns:dc="{DC}"><channel rdf:about="x"><title>The Paper</title><dc:language>en-GB</dc:language></channel>
        <item rdf:about="x"><title>Mill &amp;amp; weir reopen</title>
        <link>https://paper.example/mill?a=1&amp;b=2</link><description>{SUMMARY}</description>
        <dc:creator>Ann Moreau</dc:creator><dc:date>2026-11-02T12:00Z</dc:date></item></rdf:RDF>""",
    "Atom 1.0": atom(
        f"{ATOM_ENTRY}<published>2026-11-02T13:00:00+01:00</published></entry>",
        attributes=f'xmlns="{ATOM}" xml:lang="en-GB"',
    ),
    "Atom 0.3": atom(
        f"{ATOM_ENTRY}<issued>2026-11-02T12:00:00Z</issued></entry>",
        attributes='version="0.3" xmlns="http://purl.org/atom/ns#" xml:lang="en-GB"',
    ),
    "JSON Feed 1.1": json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "The Paper",
            "language": "en-GB",
            "items": [{**JSON_ITEM, "authors": [{"name": "Ann Moreau"}]}],
        }
    ),
    "JSON Feed 1": json.dumps(
        {"title": "The Paper", "language": "en-GB", "items": [{**JSON_ITEM, "author": {"name": "Ann Moreau"}}]}
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_feed_gives_the_same_entry(kind: str) -> None:
    feed = feeds.read(KINDS[kind].encode(), URL)
    assert feed.entries == (ARTICLE,)
    assert (feed.title, feed.language) == ("The Paper", "en-GB")


# Feeds that fastfeedparser alone reads differently, or not at all; feedparser's entries and links are the yardstick.
MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"'
ODD = {
    "an atom:link before the link": rss(
        f'<item><atom:link xmlns:atom="{ATOM}" href="/self" rel="self"/><link>/mill</link><guid>/guid</guid></item>'
    ),
    "an atom:link after the link": rss(
        f'<item><link>/mill</link><atom:link xmlns:atom="{ATOM}" href="/alternate" rel="alternate"/></item>'
    ),
    "only a guid": rss("<item><guid>https://paper.example/17</guid></item>"),
    "a guid that is no permalink": rss('<item><guid isPermaLink="false">https://paper.example/17</guid></item>', ITEM),
    "a relative guid": rss("<item><guid>17</guid></item>"),
    "an empty link and a guid": rss("<item><link></link><guid>https://paper.example/17</guid></item>"),
    "two links": rss("<item><link>/first</link><link>/second</link></item>"),
    "a link with href": rss('<item><link href="/mill"/></item>'),
    "a relative link": rss("<item><link>mill</link></item>", head="<link>https://home.example/</link>"),
    "white space around the link": rss("<item><link>\n  https://paper.example/mill\n </link></item>"),
    "a stray ampersand": rss("<item><link>https://paper.example/?a=1&b=2</link></item>"),
    "a stray less-than": rss("<item><title>1 < 2</title><link>/mill</link></item>"),
    "an entity of HTML": rss("<item><title>Caf&eacute;&nbsp;x</title><link>/mill</link></item>"),
    "wrong nesting": rss("<item><title>a <b>c</title></b><link>/mill</link></item>", ITEM),
    "an undeclared prefix": rss("<item><media:title>No</media:title><title>Yes</title><link>/mill</link></item>"),
    "a title of media": rss(
        "<item><media:title>No</media:title><title>Yes</title><link>/mill</link></item>", attributes=MEDIA
    ),
    "other schemes": rss(
        *(
            f"<item><link>{link}</link></item>"
            for link in ("javascript:alert(1)", "data:text/html,x", "mailto:a@b.example")
        )
    ),
    "two alternates": atom('<entry><link href="/first"/><link href="/second"/></entry>'),
    "an alternate of another type": atom(
        '<entry><link rel="alternate" href="/a"/><link rel="alternate" type="application/json" href="/b"/></entry>'
    ),
    "no alternate": atom(
        '<entry><link rel="enclosure" href="/e"/><link rel="self" href="/s"/><title>t</title></entry>'
    ),
    "only an Atom id": atom("<entry><id>https://paper.example/17</id></entry>"),
    "xml:base of the feed": atom(
        '<entry><link href="mill"/></entry>', attributes=f'xmlns="{ATOM}" xml:base="/deep/er/"'
    ),
    "xml:base of an entry": atom('<entry xml:base="https://other.example/x/"><link href="mill"/></entry>'),
    "no namespace": atom('<entry><link href="/mill"/></entry>', attributes=""),
    "a wrong namespace": atom('<entry><link href="/mill"/></entry>', attributes='xmlns="http://www.w3.org/2005/atom"'),
    "RDF without a namespace": f"<rdf>{ITEM}</rdf>",
    "items outside the channel": f'<rss version="0.9"><channel><title>t</title></channel>{ITEM}{ITEM}</rss>',
    "junk behind": rss(ITEM) + "<script>track()</script>",
    "capital letters": rss(ITEM).replace("item", "ITEM").replace("link", "LINK"),
    "CDATA everywhere": rss(
        "<item><title><![CDATA[a & b]]></title><link><![CDATA[https://paper.example/?a&b]]></link></item>"
    ),
    "no entries": rss(),
}


@pytest.mark.parametrize("case", ODD)
def test_entries_and_links_are_those_that_feedparser_sees(case: str) -> None:
    headers = {"content-location": URL, "content-type": "application/xml; charset=utf-8"}
    parsed = feedparser.parse(io.BytesIO(ODD[case].encode()), response_headers=headers)
    links = [entry.link for entry in parsed.entries if entry.get("link")]
    assert [entry.url for entry in feeds.read(ODD[case].encode(), URL).entries] == links


def test_a_link_of_another_scheme_is_kept_as_written() -> None:
    assert read_one(rss("<item><link>file:///etc/passwd</link></item>")).url == "file:///etc/passwd"


@pytest.mark.parametrize("prefix", ["feedburner", "pheedo"])
def test_the_page_behind_a_counting_redirect_goes_first(prefix: str) -> None:
    item = f"<item><link>https://count.example/~r/1</link><{prefix}:origLink>https://paper.example/mill</{prefix}:origLink></item>"
    assert (
        read_one(rss(item, attributes=f'xmlns:{prefix}="http://rssnamespace.org/{prefix}/ext/1.0"')).url
        == ARTICLE.url[:26]
    )


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("AT&amp;T", "AT&T"),
        ("AT&amp;amp;T", "AT&T"),
        ("Caf&eacute; d&#233;j&#xe0; vu", "Café déjà vu"),
        ("The &lt;i&gt;Mill&lt;/i&gt;s", "The Mills"),
        ("Mill<b>s</b> open", "Mills open"),
        ("1 &lt; 2 &gt; 0", "1 < 2 > 0"),
        ("<![CDATA[Mill<br/>opens &rsquo;26]]>", "Mill opens ’26"),
        ("It&#146;s open", "It’s open"),
        ("&lt;script&gt;x()&lt;/script&gt;Mill", "Mill"),
        ("  Mill\n\topens ", "Mill opens"),
        ("", None),
        ("&lt;br&gt;", None),
    ],
)
def test_a_headline_is_one_line_of_plain_text(title: str, headline: str | None) -> None:
    assert read_one(rss(f"<item><title>{title}</title><link>/a</link></item>")).headline == headline


def test_an_xhtml_title_is_plain_text() -> None:
    div = '<div xmlns="http://www.w3.org/1999/xhtml">Mill <em>opens</em></div>'
    assert read_one(atom(f'<entry><title type="xhtml">{div}</title><link href="/a"/></entry>')).headline == "Mill opens"


def test_a_description_is_bounded() -> None:
    text = read_one(rss(f"<item><link>/a</link><description>{'word ' * 9_000}</description></item>")).description
    assert text is not None
    assert 1_900 < len(text) <= feeds.MAX_DESCRIPTION


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("desk@paper.example (Ann Moreau)", ("Ann Moreau",)),
        ("Ann Moreau &lt;ann@paper.example&gt;", ("Ann Moreau",)),
        ("desk@paper.example", ()),
        ("Ann Moreau", ("Ann Moreau",)),
        ("", ()),
    ],
)
def test_an_author_is_a_name_without_an_address(author: str, names: tuple[str, ...]) -> None:
    assert read_one(rss(f"<item><link>/a</link><author>{author}</author></item>")).authors == names


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("Mon, 02 Nov 2026 12:00:00 GMT", NOON),
        ("Mon, 2 Nov 2026 13:00:00 +0100", NOON),
        ("Mon, 02 Nov 2026 13:00:00 CET", NOON),
        ("Mon, 02 Nov 2026 07:00:00 EST", NOON),
        ("Mon, 02 Nov 2026 12:00:00", NOON),
        ("2026-11-02T12:00:00Z", NOON),
        ("2026-11-02T12:00:00.000+00:00", NOON),
        ("2026-11-02T13:00:00+0100", NOON),
        ("2026-11-02 13:00:00 +0100", NOON),
        ("2026-11-02 12:00", NOON),
        ("2 November 2026 12:00", NOON),
        ("2026-11-02", datetime(2026, 11, 2, tzinfo=UTC)),
        ("Thu, 01 Jan 2099 00:00:00 GMT", datetime(2099, 1, 1, tzinfo=UTC)),
        ("12:00", None),
        ("Monday", None),
        ("November 2026", None),
        ("20", None),
        ("soon", None),
        ("0000-00-00T00:00:00Z", None),
        ("2026-13-45", None),
        ("Mon, 30 Nov 2026 17:00:00 +2400", None),
        ("2026-11-30T17:00:00+99:99", None),
        ("0001-01-01T00:00:00+05:00", None),
        ("9" * 90, None),
        ("", None),
    ],
)
def test_a_date_is_aware_and_whole_or_none(text: str, when: datetime | None) -> None:
    assert feeds.moment(text) == when
    entry = read_one(rss(f"<item><link>/a</link><pubDate>{text}</pubDate></item>"))
    assert entry.date_published == when
    assert when is None or (entry.date_published and entry.date_published.utcoffset() is not None)


def test_a_guid_is_never_taken_for_a_date() -> None:
    assert read_one(rss("<item><link>/a</link><guid>20</guid></item>")).date_published is None


def test_one_date_that_cannot_be_read_costs_the_others_nothing() -> None:
    rows = [f"<item><link>/{n}</link><pubDate>{date}</pubDate></item>" for n, date in enumerate(["soon", "2026-11-02"])]
    dates = [entry.date_published for entry in feeds.read(rss(*rows).encode(), URL).entries]
    assert dates == [None, datetime(2026, 11, 2, tzinfo=UTC)]


def test_the_date_of_change_stands_in_for_a_missing_date() -> None:
    entry = read_one(atom('<entry><link href="/a"/><updated>2026-11-02T12:00:00Z</updated></entry>'))
    assert (entry.date_published, entry.date_modified) == (NOON, NOON)


CAFE = rss("<item><title>Café – x</title><link>/a</link></item>", prolog="")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (CAFE.encode(), None),
        (CAFE.encode("utf-8-sig"), "text/xml; charset=iso-8859-1"),
        (CAFE.encode("utf-16"), "text/xml; charset=utf-8"),
        (CAFE.encode("utf-16-le"), None),
        (CAFE.encode("utf-16-be"), None),
        (CAFE.encode("utf-32"), None),
        (b'<?xml version="1.0" encoding="windows-1252"?>' + CAFE.encode("cp1252"), "text/xml; charset=utf-8"),
        (b'<?xml version="1.0" encoding="utf-8"?>' + CAFE.encode("cp1252"), "text/xml; charset=utf-8"),
        (b'<?xml version="1.0" encoding="iso-8859-1"?>' + CAFE.encode(), None),
        (b'<?xml version="1.0" encoding="utf-16"?>' + CAFE.encode(), None),
        (b'<?xml version="1.0" encoding="zip"?>' + CAFE.encode("cp1252"), None),
        (b'<?xml version="1.0" encoding="no-such"?>' + CAFE.encode("cp1252"), None),
        (CAFE.encode("cp1252"), 'text/xml; charset="windows-1252"'),
    ],
)
def test_the_charset_is_found_whatever_is_said_of_it(body: bytes, content_type: str | None) -> None:
    (entry,) = feeds.read(body, URL, content_type=content_type).entries
    assert entry.headline == "Café – x"


@pytest.mark.parametrize(
    ("charset", "word"), [("koi8-r", "мельница"), ("shift_jis", "水車"), ("iso-2022-jp", "水車"), ("gb2312", "水车")]
)
def test_a_declared_charset_is_used(charset: str, word: str) -> None:
    body = rss(
        f"<item><title>{word}</title><link>/a</link></item>", prolog=f'<?xml version="1.0" encoding="{charset}"?>'
    )
    (entry,) = feeds.read(body.encode(charset), URL).entries
    assert entry.headline == word


@pytest.mark.parametrize("cut", [1, 20, 60, 90])
def test_of_a_truncated_feed_the_complete_entries_are_read(cut: int) -> None:
    items = [f"<item><title>é {n}</title><link>https://paper.example/{n}</link></item>" for n in range(5)]
    for body in (rss(*items).encode(), rss(*items, "<item><link>https://paper.example/ha").encode()):
        urls = [entry.url for entry in feeds.read(body[:-cut], URL).entries]
        assert urls == [f"https://paper.example/{n}" for n in range(len(urls))]
        assert len(urls) >= 3


def test_of_a_truncated_json_feed_the_complete_entries_are_read() -> None:
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [JSON_ITEM, JSON_ITEM]})[:-30]
    assert [entry.url for entry in feeds.read(body.encode(), URL).entries] == [ARTICLE.url]


@pytest.mark.parametrize(
    "item",
    ["<item><title>&e9;</title><link>/a</link></item>", '<item><title x="&e9;">&e9;</title><link>/a</link></item>'],
)
@pytest.mark.parametrize("comment", ["", "<!-- it's ]> not over -->", "<!ENTITY gt2 ']>'>"])
def test_entities_are_never_expanded_or_fetched(item: str, comment: str) -> None:
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE rss [{comment}<!ENTITY e0 "boom"><!ENTITY x SYSTEM "file:///etc/hostname">{bomb}]>'
    first, second = feeds.read(rss(item, item.replace("e9", "x"), prolog=doctype).encode(), URL).entries
    assert (first.headline, second.headline) == ("&e9;", "&x;")


@pytest.mark.parametrize(
    "prolog",
    [
        '<?xml version="1.0"?><?xml-stylesheet href="a.xsl"?><!-- <rss> --><!DOCTYPE rss>',
        '\n\n<?xml version="1.0"?>',
        "<br />\n<b>Warning</b>: mysql_connect() on line 3<br />\n",
        '<!DOCTYPE rss [<!ENTITY never "closed]>',
    ],
)
def test_what_stands_before_the_feed_does_not_matter(prolog: str) -> None:
    assert read_one(rss(ITEM, prolog=prolog)).headline == "Mill"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"gone fishing", "gone fishing"),
        (b"/etc/hostname", "hostname"),
        (b"<!DOCTYPE html><html><head><title>404</title></head></html>", "HTML page"),
        (b"<urlset/>", "a sitemap"),
        (b"<opml/>", "opml"),
        (b'{"a": 1}', "'items'"),
        (b'{"items": [{"ti', "breaks before its first item"),
        (b'<rss version="2.0"><channel><title>The Pa', "cut off"),
    ],
)
def test_what_is_no_feed_is_refused_with_what_it_is(body: bytes, message: str) -> None:
    with pytest.raises(FeedError, match=message) as caught:
        feeds.read(body, URL)
    assert str(caught.value).startswith(URL)


def test_json_of_wrong_types_loses_no_readable_entry() -> None:
    items = [{"url": 5}, 4, {"url": "/a", "title": 7, "authors": {"name": 1}, "date_published": 3}]
    assert feeds.read(json.dumps({"items": items}).encode(), URL).entries == (Entry(url="https://paper.example/a"),)


SY = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'


@pytest.mark.parametrize(
    ("head", "field", "value"),
    [
        ("<ttl>60</ttl>", "ttl_minutes", 60),
        ("<ttl>0.1</ttl>", "ttl_minutes", 1),
        ("<ttl>0</ttl>", "ttl_minutes", None),
        ("<ttl>always</ttl>", "ttl_minutes", None),
        ("<ttl>inf</ttl>", "ttl_minutes", None),
        ("<ttl>1e300</ttl>", "ttl_minutes", 525_600),
        ("<skipHours><hour>0</hour><hour>24</hour><hour>7</hour><hour>x</hour></skipHours>", "skip_hours", (0, 7)),
        ("<skipDays><day>Sunday</day><day>monday</day><day>Sonntag</day></skipDays>", "skip_days", (0, 6)),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", "update_minutes", 60),
        ("<sy:updatePeriod> daily </sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", "update_minutes", 360),
        ("<sy:updatePeriod>dayly</sy:updatePeriod>", "update_minutes", None),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", "update_minutes", 60),
        ("<link>/home</link>", "home", "https://paper.example/home"),
        ("<language>fr-CA</language>", "language", "fr-CA"),
    ],
)
def test_what_a_feed_says_of_itself_is_kept_where_it_makes_sense(head: str, field: str, value: object) -> None:
    assert getattr(feeds.read(rss(ITEM, head=head, attributes=SY).encode(), URL), field) == value


@pytest.mark.parametrize("flaw", ["", "&nbsp;", "&", "<b>"], ids=["none", "entity", "ampersand", "wrong nesting"])
def test_a_big_feed_is_read_whole_in_reasonable_time(flaw: str) -> None:
    count = 2_000 if flaw == "<b>" else 10_000
    items = (f"<item><title>{n} {flaw}</title><link>https://paper.example/{n}</link></item>" for n in range(count))
    start = time.process_time()
    assert len(feeds.read(rss(*items).encode(), URL).entries) == count
    assert time.process_time() - start < 10


@pytest.mark.parametrize("unit", ["<a>", "<item>", "<", "&", "<![CDATA[", "<!--", "<?", "<title ", "<!DOCTYPE ["])
def test_time_stays_bounded_on_hostile_markup(unit: str) -> None:
    body = f"<rss><channel>{unit * (30_000 // len(unit))}".encode()
    start = time.process_time()
    with contextlib.suppress(FeedError):
        assert feeds.read(body, URL).entries == ()
    assert time.process_time() - start < 5


@pytest.mark.skipif(not FULL, reason="takes 10 s: NEWSFOLD_TEST_FULL")
def test_of_a_broken_feed_without_end_the_first_entries_are_read() -> None:
    read = feeds.read(rss("<item><title>a</b></title><link>/a</link></item>" * 100_000).encode(), URL).entries
    assert 20_000 < len(read) < 100_000


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    st.sampled_from(sorted(KINDS)),
    st.binary(max_size=40)
    | st.sampled_from([b"<", b"&", b"<![CDATA[", b"<!--", b"</item>", b"<item>", b"&#0;", b"&#xD800;"]),
    st.integers(0, 900),
    st.integers(0, 30),
)
def test_damage_raises_nothing_but_the_documented_error(kind: str, noise: bytes, at: int, cut: int) -> None:
    body = KINDS[kind].encode()
    try:
        entries = feeds.read(body[:at] + noise + body[at + cut :], URL).entries
    except FeedError:
        return
    assert all(entry.url and "\n" not in (entry.headline or "") for entry in entries)
