"""crawler.dates and crawler.months: dates in the words, digits and calendars of the world's papers."""

from __future__ import annotations

from datetime import UTC, date, datetime

import lxml.html
import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from crawler import dates, items, months, pages
from tests.test_pages import NOW, PROSE, URL, json_ld, page, prose, publisher

#: Languages whose dates in full, as CLDR writes them, are read in every month.
LANGUAGES = (
    *("en", "de", "fr", "es", "ca", "gl", "pt", "it", "ro", "nl", "sv", "da", "nb", "fi", "is", "et", "lt", "pl", "cs"),
    *(
        "sk",
        "sl",
        "hu",
        "tr",
        "az",
        "sq",
        "id",
        "ms",
        "sw",
        "fil",
        "ru",
        "uk",
        "be",
        "bg",
        "mk",
        "sr",
        "el",
        "ka",
        "he",
    ),
    *("ar", "fa", "ur", "hi", "mr", "bn", "gu", "pa", "ta", "te", "kn", "ml", "vi", "ja", "zh", "ko", "af", "zu"),
    *("my", "km", "si", "am", "lo", "or", "so", "ha"),
)
UNDATED = "https://www.courier.example/news/harbour-plan.html"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_date_in_full_is_read_in_the_language(language: str) -> None:
    for month in range(1, 13):
        day = date(2024, month, 17)
        printed = format_date(day, "long", locale=language)
        assert [m.when.date() for m in dates.in_words(printed, "inferred from text")] == [day], printed


def test_croatian_months_are_read_but_for_the_one_that_is_another_in_polish_and_czech() -> None:
    for month in (1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12):
        printed = format_date(date(2024, month, 17), "long", locale="hr")
        assert [m.when.date() for m in dates.in_words(printed, "meta")] == [date(2024, month, 17)], printed


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("5th of March 2024", "2024-03-05"),
        ("Sept. 5, 2024", "2024-09-05"),
        ("05-Mar-2024", "2024-03-05"),
        ("5.3.2024", "2024-03-05"),
        ("24/03/2024", "2024-03-24"),
        ("03/24/2024", "2024-03-24"),
        ("3/3/2024", "2024-03-03"),
        ("08/08/2024", "2024-08-08"),
        ("2024. március 5.", "2024-03-05"),
        ("2024 m. kovo 5 d.", "2024-03-05"),
        ("১৬ ফেব্রুয়ারি ২০২০", "2020-02-16"),
        ("17 มีนาคม 2567", "2024-03-17"),
        ("5 มี.ค. 2567", "2024-03-05"),
        ("21 ม.ค.2561", "2018-01-21"),
        ("05/MAR/2024", "2024-03-05"),
        ("2 تير 1399", "2020-06-22"),
        ("۳۰ اسفند ۱۳۹۹", "2021-03-20"),
        ("Thứ ba, 5 tháng 3, 2024", "2024-03-05"),
        ("令和6年 2024年3月5日（火）", "2024-03-05"),
        ("令和6年3月5日（火）", "2024-03-05"),
        ("平成元年12月5日", "1989-12-05"),
        ("中華民國113年3月5日", "2024-03-05"),
        ("ថ្ងៃអង្គារ ទី០៥ ខែមីនា ឆ្នាំ២០២៤", "2024-03-05"),
        ("၂၀၂၄ ခုနှစ် မတ်လ ၅ ရက်", "2024-03-05"),
        ("5 مـــارس 2024", "2024-03-05"),
        ("2024-yil 5-mart, 18:12", "2024-03-05"),
        ("2024 оны 3 сарын 5", "2024-03-05"),
        ("2024 оны 3 дугаар сарын 5-ны", "2024-03-05"),
        ("2024 ж. 5 наурыз", "2024-03-05"),
        ("2024 මාර්තු මස 05 18:12:33", "2024-03-05"),
    ],
)
def test_a_date_as_papers_print_it_is_read(printed: str, expected: str) -> None:
    assert [m.when.date().isoformat() for m in dates.in_words(printed, "meta")] == [expected]


@pytest.mark.parametrize(
    "printed", ["3/4/2024", "31 februari", "40 March 2024", "Room 5, March", "5 old 2024", "20 students 2024"]
)
def test_what_may_be_two_days_or_none_is_no_date(printed: str) -> None:
    assert list(dates.in_words(printed, "meta")) == []


@given(st.integers(1300, 1470), st.integers(1, 12))
def test_the_days_of_the_solar_hijri_calendar_follow_each_other(year: int, month: int) -> None:
    last = 31 if month <= 6 else 30 if month < 12 else 29
    following = (year, month + 1) if month < 12 else (year + 1, 1)
    gap = months.from_hijri(*following, 1) - months.from_hijri(year, month, last)
    assert gap.days in ((1, 2) if month == 12 else (1,))


@pytest.mark.parametrize(
    "nowruz", [(1396, "2017-03-21"), (1400, "2021-03-21"), (1403, "2024-03-20"), (1404, "2025-03-21")]
)
def test_the_solar_hijri_year_begins_at_the_equinox(nowruz: tuple[int, str]) -> None:
    assert months.from_hijri(nowruz[0], 1, 1).isoformat() == nowruz[1]


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        ("<p>Updated 7 March 2024 | Published 5 March 2024</p>", "2024-03-05"),
        ("<p>Aktualisiert: 7. März 2024, 10:15</p><p>Veröffentlicht: 5. März 2024, 09:00</p>", "2024-03-05"),
        ("<p>Mis à jour le 7 mars 2024</p>", "2024-03-07"),
        ("<p>Laatste update: 7 maart 2024</p><p>Gepubliceerd: 5 maart 2024</p>", "2024-03-05"),
        ("<p>Pubblicato il 5 marzo 2024 (modifica il 7 marzo 2024 | 12:41)</p>", "2024-03-05"),
        ("<p>Actualizat: 07.03.2024, 19:40</p><p>Publicat: 05.03.2024, 19:03</p>", "2024-03-05"),
        ("<time>Bijgewerkt 7 maart 2024, gepubliceerd 5 maart 2024</time>", "2024-03-05"),
    ],
)
def test_the_printed_date_of_a_change_comes_after_that_of_publication(top: str, expected: str) -> None:
    published = pages.read(page(top=top), UNDATED).date_published
    assert published is not None
    assert published.date().isoformat() == expected


def test_of_the_lines_above_the_headline_the_nearest_gives_the_time() -> None:
    html = page().replace(b"<h1>", b"<p>Tuesday, 5 March 2024</p><p>Published: Tuesday, 5 March 2024 18:12</p><h1>")
    published = pages.read(html, UNDATED).date_published
    assert published is not None
    assert published.isoformat() == "2024-03-05T18:12:00+00:00"


def test_a_date_between_standfirst_and_text_is_read() -> None:
    body = f"<p>{PROSE[0]}</p><ul><li>5 March 2024</li></ul>" + prose(*PROSE[1:])
    published = pages.read(page(body), UNDATED).date_published
    assert published == datetime(2024, 3, 5, tzinfo=UTC)


def test_a_label_below_the_text_gives_the_date_where_nothing_above_does() -> None:
    body = prose(*PROSE) + "</div><ul><li>Date 5 March 2024</li><li>Topics</li></ul><div>"
    assert pages.read(page(body), UNDATED).date_published == datetime(2024, 3, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "line",
    [
        "Von Ana am 05.03.2024, 11:51 | 0 Meinungen",
        "Posted by Ana Onyx on March 5, 2024 in Harbour",
        "Par Ana le 5 mars 2024",
        "This entry was posted on Tuesday, March 5th, 2024 at 2:48 pm and is filed under Harbour.",
    ],
)
def test_a_line_below_the_text_that_says_by_whom_and_when_gives_the_date(line: str) -> None:
    body = prose(*PROSE) + f"</div><div class=asset-footer>{line}</div><div>"
    published = pages.read(page(body), UNDATED).date_published
    assert published is not None
    assert published.date() == date(2024, 3, 5)


def test_a_date_in_brackets_that_opens_the_text_is_its_own() -> None:
    body = prose(f"(05.03.2024) {PROSE[0]}", f"{PROSE[1]} The last plan was of 7 May 2019.", *PROSE[2:])
    assert pages.read(page(body), UNDATED).date_published == datetime(2024, 3, 5, tzinfo=UTC)


def test_the_time_of_a_post_that_the_text_quotes_is_not_the_article_s() -> None:
    post = "<blockquote class=post><p>No ferry.</p><time datetime=2019-05-07T12:00:00Z>May 7</time></blockquote>"
    article = pages.read(page(prose(*PROSE[:2]) + post + prose(*PROSE[2:])), UNDATED)
    assert article.date_published is None


def test_a_meta_name_with_a_colon_for_an_underscore_is_understood() -> None:
    head = '<meta property="article:published:time" content="2024-03-05T09:00:00+01:00">'
    article = pages.read(page(head=head), UNDATED)
    assert article.date_published is not None
    assert article.date_published.isoformat() == "2024-03-05T09:00:00+01:00"


@pytest.mark.parametrize(
    ("stamp", "expected", "source"),
    [
        ("2024-03-06T02:18:11Z", "2024-03-05T23:18:11-03:00", "json-ld (zone assumed)"),  # the west, the evening before
        ("2024-03-04T23:30:00Z", "2024-03-05T00:30:00+01:00", "json-ld (zone assumed)"),  # the east, after midnight
        ("2024-03-06T02:18:11+01:00", "2024-03-06T02:18:11+01:00", "json-ld"),  # a zone of its own stays
        ("2024-03-05T12:00:00Z", "2024-03-05T12:00:00+00:00", "json-ld"),
        ("2024-03-08T12:00:00Z", "2024-03-08T12:00:00+00:00", "json-ld"),  # no zone is three days off
    ],
)
def test_a_stamp_in_utc_is_put_into_the_calendar_of_the_address(stamp: str, expected: str, source: str) -> None:
    article = pages.read(page(head=json_ld(f'"datePublished": "{stamp}"')), URL)
    assert article.date_published is not None
    assert article.date_published.isoformat() == expected
    assert article.date_published_source == source
    assert article.date_published == datetime.fromisoformat(stamp.replace("Z", "+00:00"))


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/2024/03/05/harbour-plan.html", "2024-03-05"),
        ("/news/2024-03-05-harbour-plan", "2024-03-05"),
        ("/20240305/harbour-plan", "2024-03-05"),
        ("/2024/0305/harbour-plan", "2024-03-05"),
        ("/2024/mar/05/harbour-plan", "2024-03-05"),
        ("/2024/POLITICS/03/05/harbour.plan/index.html", "2024-03-05"),
        ("/2024/POLITICS/1234/harbour-plan", None),
        ("/2024/politics/harbour-plan", None),
        ("/budget-2024/03/harbour-plan", None),
    ],
)
def test_an_address_dates_its_article_with_a_day_alone(path: str, day: str | None) -> None:
    moment = dates.from_url(f"https://courier.example{path}")
    assert (moment.when.date().isoformat() if moment else None) == day


@pytest.mark.parametrize(("lines", "day"), [(3, date(2014, 12, 4)), (300, None)])
def test_a_date_is_guessed_from_the_first_lines_that_may_be_one_and_not_from_hundreds(
    lines: int, day: date | None
) -> None:
    undated = "".join(
        f"<li><div class=byline>by Ana Onyx - <b class=date>Dec {i % 28 + 1}, {i // 28 + 1}:15 pm UTC</b></div></li>"
        for i in range(lines)
    )
    container = lxml.html.fromstring(f"<ul>{undated}<li><div class=byline>Berth 7, December 4, 2014</div></li></ul>")
    moment = dates.guess(container, None)
    assert (moment.when.date() if moment else None) == day


@pytest.mark.parametrize(
    ("lang", "expected"),
    [("pt-BR", "2024-03-05"), ("vi", "2024-03-05"), ("en-GB", "2024-03-05"), ("es_MX", "2024-03-05")]
    + [(lang, "None") for lang in ("en", "en-US", "es-US", "fr-CA", "ja")],
)
def test_figures_parted_by_slashes_put_the_day_first_where_everybody_does(lang: str, expected: str) -> None:
    html = page(top="<p>05/03/2024 10:00</p>", lang=lang)
    published = pages.read(html, "https://www.courier.example/news/harbour-plan.html").date_published
    assert str(published)[:10] == expected


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("5 March 2024, 10:00 (GMT+7)", "+07:00"),
        ("5 March 2024 10:00 UTC-03:30", "-03:30"),
        ("5 March 2024 10:00 GMT", "+00:00"),
    ],
)
def test_an_offset_from_greenwich_is_the_zone(printed: str, expected: str) -> None:
    (moment,) = dates.in_words(printed, "inferred from text")
    assert (moment.offset, moment.when.hour) == (expected, 10)


@pytest.mark.parametrize("value", ["1709632800", "1709632800000"])
def test_a_number_in_json_ld_is_a_date_in_seconds_or_milliseconds(value: str) -> None:
    published = pages.read(page(head=json_ld(f'"datePublished": {value}')), UNDATED).date_published
    assert published == datetime(2024, 3, 5, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "offset"),
    [
        ("Tue Mar 05 10:00:00 GMT 2024", "+00:00"),
        ("Tue Mar 5 10:00:00 EST 2024", "-05:00"),
        ("Tue Mar 05 10:00:00 CET 2024", "+01:00"),
        ("Tue Mar 05 10:00:00 ALDT 2024", None),
    ],
)
def test_what_java_writes_as_a_date_is_one(value: str, offset: str | None) -> None:
    moment = dates.parse(value, "meta")
    assert moment is not None
    assert (moment.when.replace(tzinfo=UTC), moment.offset) == (datetime(2024, 3, 5, 10, tzinfo=UTC), offset)


@pytest.mark.parametrize(
    "line",
    ["by Ana Onyx / March 5, 2024 / Leave a comment", "By Ana Onyx Published in FrontPage March 5, 2024 2:24 pm"],
)
def test_the_byline_between_standfirst_and_text_gives_the_date(line: str) -> None:
    body = f"<p>{PROSE[0]}</p><div>{line}</div>" + prose(f"{PROSE[1]} <b class=date>7 May 2019</b>", *PROSE[2:])
    published = pages.read(page(body), UNDATED).date_published
    assert published is not None
    assert published.date() == date(2024, 3, 5)


def test_the_addresses_of_links_in_a_text_do_not_date_it() -> None:
    linked = f'{PROSE[1]} <a href="https://other.example/2019/05/07/the-last-plan.html">The last plan</a> failed.'
    assert pages.read(page(prose(PROSE[0], linked, *PROSE[2:])), UNDATED).date_published is None


@pytest.mark.parametrize(
    "top",
    [
        "<time class='meta__time updated' datetime='2024-03-05T12:34:00Z'>Today 12:34pm</time>",
        "<time data-published='2024-03-05 12:34:00Z'>4 hours ago</time>",
        "<footer class=meta><p>By Ana Onyx</p><p><time datetime='2024-03-05T12:34Z'>03/05/24</time></p></footer>",
        "<aside class=meta><p><time datetime='2024-03-05T12:34Z'>03/05/24</time></p></aside>",
    ],
)
def test_the_only_time_in_the_header_of_an_article_dates_it_whatever_it_is_called(top: str) -> None:
    published = pages.read(page(top=top), UNDATED).date_published
    assert published == datetime(2024, 3, 5, 12, 34, tzinfo=UTC)


def test_the_time_in_the_footer_of_an_article_dates_it() -> None:
    stamp = "<time class='entry-date published updated' datetime='2024-03-05T12:34:00Z'>5 March 2024</time>"
    body = f"{prose(*PROSE)}</div><footer class=entry-footer>Posted on <a href=/a>{stamp}</a></footer><div>"
    assert pages.read(page(body), UNDATED).date_published == datetime(2024, 3, 5, 12, 34, tzinfo=UTC)


def test_the_time_in_the_footer_of_another_article_does_not_date_the_page() -> None:
    card = "<article><h3>The old pier</h3><footer><time datetime='2019-05-07T12:34:00Z'>May 7</time></footer></article>"
    assert pages.read(page(prose(*PROSE) + f"</div></article>{card}<article><div>"), UNDATED).date_published is None


def test_the_times_of_a_menu_s_teasers_do_not_hide_the_article_s() -> None:
    teaser = "<article><h4>The old pier is closed</h4><time datetime=2024-02-01T12:00:00Z>Feb 1</time></article>"
    top = "<p>By Ana Onyx</p><time datetime=2024-03-05T12:34:00Z>an hour ago</time>"
    html = page(top=top).replace(b"<article>", f"<div class=carousel>{teaser * 80}</div><article>".encode(), 1)
    assert pages.read(html, UNDATED).date_published == datetime(2024, 3, 5, 12, 34, tzinfo=UTC)


def test_the_date_of_a_picture_is_not_that_of_the_article() -> None:
    picture = (
        "<div itemscope itemtype='https://schema.org/ImageObject'><img src=/pier.jpg>"
        "<meta itemprop=datePublished content='2019-05-07T12:00:00Z'></div>"
    )
    top = f"<p>By Ana Onyx</p>{picture}<time datetime=2024-03-05T12:34:00Z>an hour ago</time>"
    assert pages.read(page(top=top), UNDATED).date_published == datetime(2024, 3, 5, 12, 34, tzinfo=UTC)


@pytest.mark.parametrize(
    ("top", "head"),
    [
        ("<p>Published: March 5, 2024 at 11:42 AM GMT</p>", ""),
        ("<p>Updated: March 5, 2024 at 3:05 PM GMT | Published: March 5, 2024 at 11:42 AM GMT</p>", ""),
        ("<p>5 March 2024, 11:42 GMT</p>", '<meta name="date" content="2024-03-05">'),
    ],
)
def test_a_printed_time_on_the_day_of_the_address_or_of_metadata_is_the_time(top: str, head: str) -> None:
    article = pages.read(page(top=top, head=head), URL)
    assert article.date_published == datetime(2024, 3, 5, 11, 42, tzinfo=UTC)
    assert article.date_published_source == "inferred from text"


@pytest.mark.parametrize(
    "top",
    [
        "<p>Published: March 7, 2024 at 11:42 AM GMT</p>",
        "<p>Updated: March 5, 2024 at 3:05 PM GMT</p>",
        "<p>Published: March 5, 2024</p>",
    ],
)
def test_a_printed_time_of_another_day_or_of_a_change_leaves_the_day_of_the_address(top: str) -> None:
    article = pages.read(page(top=top), URL)
    assert article.date_published == datetime(2024, 3, 5, tzinfo=UTC)
    assert (article.date_published_precision, article.date_published_source) == ("day", "url")


@pytest.mark.parametrize(
    ("stamp", "precision"), [("2024-03-05T11:42:00+00:00", "second"), ("2024-03-06T11:42:00+00:00", "day")]
)
def test_the_feed_s_time_on_the_day_of_the_address_is_the_time(stamp: str, precision: str) -> None:
    entry = items.Entry(url=URL, date_published=datetime.fromisoformat(stamp))
    assert pages.read(page(), URL, entry=entry).date_published_precision == precision


def test_a_change_on_the_day_that_the_header_prints_does_not_give_its_time() -> None:
    top = "<p>Published March 5, 2024 | Updated March 5, 2024 3:05 PM GMT</p>"
    assert pages.read(page(top=top), UNDATED).date_published == datetime(2024, 3, 5, tzinfo=UTC)


def test_words_are_not_asked_for_the_date_where_metadata_give_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dates, "in_header", lambda *_, **__: pytest.fail("asked"))
    html = page(head=json_ld('"datePublished": "2024-03-05T09:00:00Z"'), top="<p>5 March 2024, 11:42 GMT</p>")
    assert pages.read(html, URL).date_published == datetime(2024, 3, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("printed", "lang", "expected"),
    [
        ("05.03.24, 09:25 Uhr", "de", "2024-03-05T09:25"),
        ("פורסם: 05.03.24, 09:25", "he", "2024-03-05T09:25"),
        ("05/03/24 à 09h25", "fr", "2024-03-05T09:25"),
        ("25/03/24 09:25", "en", "2024-03-25T09:25"),
        ("03/25/24 09:25", "en", "2024-03-25T09:25"),
        ("05.03.99", "", "1999-03-05T00:00"),
        ("05/03/24 09:25", "en", None),
        ("05/03/24 09:25", "fr-CA", None),
        ("24.03.05 09:25", "ko", None),
        ("24.03.05 公開", "", None),
        ("05.03.85", "de", None),
        ("05.03.88", "de", None),
        ("05.03.45", "de", None),
        ("Version 5.3.24.1", "de", None),
    ],
)
def test_a_year_of_two_figures_counts_where_the_order_is_certain(printed: str, lang: str, expected: str | None) -> None:
    for top in (f"<p>{printed}</p>", f"<time>{printed}</time>"):
        published = pages.read(page(top=top, lang=lang), UNDATED, now=NOW).date_published
        assert (published.isoformat()[:16] if published else None) == expected


def test_a_line_that_is_a_date_with_a_year_of_two_figures_is_no_text() -> None:
    assert dates.is_date("05.03.24, 09:25 Uhr")
    assert not dates.is_date("5.3.24 Werften und Häfen")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("05/03/2024 22h14 Atualizado há 2 horas", True),
        ("03/05/2024 22:14", True),
        ("03/15/2024 22:14", True),
        ("05/03/2024 Alder e Mirra", False),
    ],
)
def test_a_line_that_is_a_date_is_no_text_whichever_of_its_figures_is_the_day(line: str, expected: bool) -> None:
    assert dates.is_date(line) is expected


@pytest.mark.parametrize(
    "stamp",
    [
        "First Published: Mar 5 2024 | 7:42 AM IST",
        "Published - March 5, 2024 07:42 am IST",
        "Zuletzt aktualisiert: 5. März 2024, 9.25 Uhr",
    ],
)
def test_a_text_s_last_line_that_says_when_it_was_published_is_no_text(stamp: str) -> None:
    assert pages.read(page(prose(*PROSE, stamp)), URL).body.split("\n\n") == PROSE


@pytest.mark.parametrize(
    "line",
    ["The report was published on 5 March 2024.", "Wann: 5. März 2024, 19.30 Uhr", "The pier: published by 2024"],
)
def test_a_text_s_last_line_with_a_date_that_is_not_its_own_is_text(line: str) -> None:
    assert pages.read(page(prose(*PROSE, line)), URL).body.split("\n\n") == [*PROSE, line]


@pytest.mark.parametrize(
    ("printed", "hour"),
    [
        ("2024年3月5日（火） 午前11時8分", "11:08"),
        ("2024年3月5日午後3時5分", "15:05"),
        ("2024年3月5日 下午3:05", "15:05"),
        ("2024년 3월 5일 오후 3시 5분", "15:05"),
        ("2024年3月5日11時08分", "11:08"),
        ("5 mars 2024 à 18 h 05", "18:05"),
        ("5 mars 2024, 18h05", "18:05"),
        ("5 de marzo de 2024, 3:05 p. m.", "15:05"),
        ("18:05, 5 марта 2024", "18:05"),
        ("18:05 05.03.2024", "18:05"),
        ("06:05 PM Tuesday, March 5, 2024", "18:05"),
        ("Open 9:00 to 17:00. 5 March 2024, 18:05", "18:05"),
    ],
)
def test_a_time_of_day_as_papers_print_it_is_read(printed: str, hour: str) -> None:
    (moment,) = dates.in_words(printed, "meta")
    assert moment.when.isoformat()[:16] == f"2024-03-05T{hour}"


@pytest.mark.parametrize(
    ("utc", "expected"),
    [
        ("2024-03-05T06:05:51+00:00", "2024-03-05T06:05:51+00:00"),
        ("2024-03-05T07:05:51+01:00", "2024-03-05T07:05:51+01:00"),
        ("2024-03-05T06:40:12+00:00", "2024-03-05T07:05:51+00:00"),
        ("2024-03-04T06:05:51+00:00", "2024-03-05T07:05:51+00:00"),
    ],
)
def test_a_stamp_without_a_zone_is_read_in_that_of_the_same_moment_in_another_field(utc: str, expected: str) -> None:
    head = json_ld('"datePublished": "2024-03-05 07:05:51"')
    meta = f'<meta property="article:published_time" content="{utc}">'
    published = pages.read(page(head=f"{head}{meta}"), UNDATED).date_published
    assert published is not None
    assert published.isoformat() == expected


@pytest.mark.parametrize(
    ("printed", "offset"),
    [
        ("March 5, 2024 at 7:42 AM EST", "-05:00"),
        ("July 5, 2024 at 7:42 AM EDT", "-04:00"),
        ("Fri 5 Jul 2024 08.42 BST", "+01:00"),
        ("5. März 2024, 10:15 Uhr MEZ", "+01:00"),
        ("5 March 2024 10:15 (CET)", "+01:00"),
        ("25/03/2024, 10:15 WIB", "+07:00"),
        ("2024-03-05 10:15 JST", "+09:00"),
        ("5 MARCH 2024 10:15 EAT", "+03:00"),
        ("5 MARCH 2024 10:15 EAT AND DRINK", None),
        ("5 March 2024 10:15 IST", None),
    ],
)
def test_the_name_of_a_zone_behind_a_time_is_its_offset(printed: str, offset: str | None) -> None:
    moment = dates.parse(printed, "meta")
    assert moment is not None
    assert moment.offset == offset
    assert moment.when.strftime("%H%M") in ("0742", "0842", "1015")


@pytest.mark.parametrize(
    ("lang", "timezone", "offset"),
    [
        ("hi", None, "+05:30"),
        ("en-IN", None, "+05:30"),
        ("en-IE", None, "+01:00"),
        ("en", None, None),
        ("en", "Asia/Kolkata", "+05:30"),
    ],
)
def test_a_zone_of_several_countries_is_that_of_the_page_s_readers(
    lang: str, timezone: str | None, offset: str | None
) -> None:
    html = page(top="<p>5 July 2024, 02:35 PM IST</p>", lang=lang)
    article = pages.read(html, UNDATED, publisher=publisher(timezone=timezone))
    assert article.date_published_offset == offset
    assert article.date_published is not None
    assert article.date_published.hour == 14
