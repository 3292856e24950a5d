"""crawler.pages.read on whole pages: the markup is what newspapers print, the prose is invented."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler import blocks, body, items, markup, pages, profiles, publishers, text, witnesses

DATA = Path(__file__).parent / "data" / "pages"
TEXTS = Path(__file__).parent / "texts"
URL = "https://www.courier.example/news/2024/03/05/harbour-plan.html"
NOW = datetime(2026, 11, 24, tzinfo=UTC)
FULL = settings(
    max_examples=2000 if "NEWSFOLD_TEST_FULL" in os.environ else 60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)

PROSE = [
    "The council met on Tuesday to discuss the plan for the harbour and what the new pier would cost the town.",
    "Residents said that they had waited for eleven years and would not wait any longer for a crossing that works.",
    "“We were promised a ferry,” said the owner of the bakery on the quay, who has collected two thousand signatures.",
    "Engineers warned that the old bridge could carry no more than four hundred vehicles a day through the winter.",
    "A spokesman for the port authority declined to comment on the figures, which the mayor called out of date.",
]


def prose(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def page(
    body: str = "", *, head: str = "", title: str = "Harbour plan goes to the council", top: str = "", lang: str = "en"
) -> bytes:
    """A plain page: headline, what stands above the text (`top`), the text."""
    paragraphs = body or prose(*PROSE)
    return (
        f"<!DOCTYPE html><html lang={lang}><head><meta charset=utf-8><title>{title} | The Alder "
        f"Courier</title>{head}</head><body>"
        f"<nav><a href=/>Home</a> <a href=/sport>Sport</a></nav><article><h1>{title}</h1>{top}<div "
        f"class=text>{paragraphs}</div></article>"
        f"<footer>All rights reserved</footer></body></html>"
    ).encode()


def evidence_of(tree: markup.Element, extracted: str | None = "") -> witnesses.Evidence:
    evidence = witnesses.question(witnesses.look(blocks.read(tree)), extracted, stated="", descriptions=(), title=None)
    assert evidence is not None
    return evidence


def json_ld(fields: str) -> str:
    context = '"@context": "https://schema.org", "@type": "NewsArticle"'
    return f'<script type="application/ld+json">{{{context}, {fields}}}</script>'


def publisher(**fields: object) -> publishers.Publisher:
    return publishers.Publisher(**{"domain": "courier.example", "name": "The Alder Courier", **fields})  # type: ignore[arg-type]


# --- the page this project began from --------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def wire() -> items.Article:
    html = (DATA / "wordpress-wire.html").read_bytes()
    return pages.read(
        html, "https://courier.example/news/minister-offers-port-closer-cooperation/?utm_source=rss", now=NOW
    )


def test_the_headline_stands_without_the_name_of_the_site(wire: items.Article) -> None:
    assert wire.headline == "Minister offers port closer cooperation to save ferry plan"


def test_the_standfirst_is_the_description(wire: items.Article) -> None:
    assert wire.description is not None
    assert wire.description.startswith("Transport Minister Dora Varga was to hold a second day of talks")


def test_a_first_paragraph_that_repeats_the_standfirst_stands_once(wire: items.Article) -> None:
    assert wire.body.count("was to hold a second day of talks") == 1
    assert wire.body.split("\n\n")[0] == wire.description


def test_the_body_holds_every_paragraph_and_nothing_else(wire: items.Article) -> None:
    paragraphs = wire.body.split("\n\n")
    assert len(paragraphs) == 11
    assert paragraphs[1].startswith("Varga held a first two hours")
    assert paragraphs[-1].endswith("rose by a third.")


@pytest.mark.parametrize(
    "furniture", ["Search", "In this article", "0 Comments", "Share", "Copyright", "2024", "AFP PHOTO", "shakes hands"]
)
def test_the_body_has_no_furniture(wire: items.Article, furniture: str) -> None:
    assert furniture not in wire.body


def test_a_caption_that_stands_twice_is_one_image_with_its_credit_apart(wire: items.Article) -> None:
    captioned = [image for image in wire.images if image.caption]
    assert [image.credit for image in captioned] == ["AFP PHOTO / MARTA KOVALENKO"]
    assert captioned[0].caption is not None
    assert captioned[0].caption.endswith("in Port Alder, on July 15, 2016.")
    assert captioned[0].url is not None
    assert captioned[0].url.startswith("https://www.courier.example/wp-content/uploads/2016/07/varga")


def test_the_agency_is_known_from_the_credit_of_the_image_alone(wire: items.Article) -> None:
    assert (wire.agency, wire.agency_evidence) == ("AFP", "image credit")


def test_the_date_is_inferred_from_the_caption_and_never_the_date_of_the_header(wire: items.Article) -> None:
    assert wire.date_published == datetime(2016, 7, 15, tzinfo=UTC)
    assert wire.date_published_precision == "day"
    assert wire.date_published_source == "inferred from caption"
    assert wire.date_published_offset is None


def test_an_article_at_www_is_the_article_without_it(wire: items.Article) -> None:
    assert wire.publisher == "courier.example"
    assert wire.url == wire.canonical_url


# --- body ------------------------------------------------------------------------------------------------------------
def test_paragraphs_are_split_by_a_blank_line() -> None:
    assert pages.read(page(), URL).body == "\n\n".join(PROSE)


def test_subheads_lists_and_quotations_keep_their_place() -> None:
    body = (
        f"<p>{PROSE[0]}</p><h2>What it would cost</h2><p>{PROSE[1]}</p><ul><li>Two berths for the ferries to the "
        f"islands.</li>"
        f"<li>One pier for the fishing boats and their ice "
        f"house.</li></ul><blockquote><p>{PROSE[2]}</p></blockquote><p>{PROSE[3]}</p>"
    )
    assert pages.read(page(body), URL).body.split("\n\n") == [
        PROSE[0],
        "What it would cost",
        PROSE[1],
        "Two berths for the ferries to the islands.",
        "One pier for the fishing boats and their ice house.",
        PROSE[2],
        PROSE[3],
    ]


@pytest.mark.parametrize(
    "name",
    [
        *("sr-only", "link visually-hidden", "screen-reader-text", "u-visuallyhidden"),
        *("tooltiptext", "tooltip-inner", "popover-body", "hovercard", "rollover-block"),
    ],
)
def test_words_for_screen_readers_or_shown_on_pointing_are_no_text(name: str) -> None:
    linked = PROSE[0].replace(
        "harbour", f"<a href=/harbour>harbour<span class='{name}'> (opens in a new tab)</span></a>"
    )
    assert linked != PROSE[0]
    paragraphs = prose(linked, *PROSE[1:])
    assert pages.read(page(paragraphs), URL).body.split("\n\n") == PROSE


def test_text_for_subscribers_whose_letters_are_in_disguise_is_not_read() -> None:
    disguised = "".join(
        f"<p class=obfuscated>{''.join(chr(ord(c) + 1) if c.isalpha() else c for c in p)}</p>" for p in PROSE[1:]
    )
    assert pages.read(page(f"<p>{PROSE[0]}</p>{disguised}"), URL).body == PROSE[0]


MENU = "<nav><ul><li><a href=/>Home</a></li><li><a href=/sport>Sport</a></li></ul></nav>"


def test_a_word_that_has_a_tooltip_is_text() -> None:
    pointed = PROSE[0].replace("harbour", "<span class=tooltip>harbour<span class=tooltiptext>Port Alder</span></span>")
    paragraphs = prose(pointed, *PROSE[1:])
    assert pages.read(page(paragraphs), URL).body.split("\n\n") == PROSE


def test_a_date_above_the_menu_is_not_the_article_s() -> None:
    undated = "https://www.courier.example/news/harbour-plan"
    above = page(top="").replace(b"<article>", f"<div>Monday, 4 May 2026</div>{MENU}<article>".encode())
    assert pages.read(above, undated, now=NOW).date_published is None
    close = above.replace(MENU.encode(), b"")
    assert pages.read(close, undated, now=NOW).date_published == datetime(2026, 5, 4, tzinfo=UTC)


def test_a_menu_is_no_text_but_a_nav_with_paragraphs_is() -> None:
    tree = markup.parse(f"<body>{MENU}<nav><p>The plan goes to the council.</p></nav><p>Residents waited.</p></body>")
    read = blocks.read(tree)
    assert [block.text for block in read] == ["The plan goes to the council.", "Residents waited."]
    assert [block.below_menu for block in read] == [True, False]


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("<span>Par <b>Ana Onyx</b></span><time>5 mai 2026</time>", "Par Ana Onyx 5 mai 2026"),
        ("<strong>À lire aussi</strong><a href=/2>Le port</a>", "À lire aussi Le port"),
        ("<time>20:11</time><span>Laatste update</span>", "20:11 Laatste update"),
        ("<b>LEES OOK</b><a href=/2>Waarom niet?</a>", "LEES OOK Waarom niet?"),
        ("<span>4 May 2026</span><span>3 min read</span>", "4 May 2026 3 min read"),
        ("<b>1</b><b>2</b>", "12"),
        ("<span>T</span><span>he council</span>", "The council"),
        ("<b>TH</b><b>E COUNCIL</b>", "THE COUNCIL"),
        ("Mc<b>Donald</b> and <b>Pyrite</b>s", "McDonald and Pyrites"),
        ("<i>x</i><sup>2</sup>", "x2"),
    ],
)
def test_words_that_styles_alone_set_apart_are_not_joined(line: str, read: str) -> None:
    assert [block.text for block in blocks.read(markup.parse(f"<body><div>{line}</div></body>"))] == [read]


@pytest.mark.parametrize("quote", ["&quot;", "&#34;"])
@pytest.mark.parametrize(
    ("opened", "closed"),
    [("", ""), ("//<![CDATA[\n", "\n//]]>"), ("/* <![CDATA[ */", "/* ]]> */"), ("<!--\n", "\n-->")],
)
def test_structured_data_is_read_with_a_quotation_in_it_and_what_hides_it_from_old_browsers(
    quote: str, opened: str, closed: str
) -> None:
    data = f'{{"@type":"NewsArticle","headline":"The {quote}pier{quote}","datePublished":"2026-05-04T09:30:00+02:00"}}'
    head = f'<script type="application/ld+json">{opened}{data}{closed}</script>'
    published = pages.read(page(head=head), "https://www.courier.example/news/harbour-plan").date_published
    assert published is not None
    assert published.isoformat() == "2026-05-04T09:30:00+02:00"


def test_one_of_several_key_points_is_no_standfirst() -> None:
    points = "".join(
        f"<li>{line}</li>"
        for line in (
            "The harbour plan goes to the council after eleven years of talk.",
            "Residents of Port Alder say that it comes too late for them.",
        )
    )
    article = pages.read(page(top=f"<ul class=points>{points}</ul>"), URL)
    assert (article.description, article.body.split("\n\n")) == (None, PROSE)


def test_headings_and_lists_of_a_live_blog_s_entries_are_text() -> None:
    entries = [
        f"<div class=entry><time>1{i}:40</time><h3>What the town hears at one{'.' * (i % 2)}</h3><p>{line}</p><ul>"
        f"<li>Pier {i} was closed at noon by the port.</li><li>Berth {i} stays open for the ferry.</li></ul></div>"
        for i, line in enumerate(PROSE)
    ]
    data = '<script type="application/ld+json">{"@type":"LiveBlogPosting","headline":"Harbour plan goes on"}</script>'
    article = pages.read(page("".join(entries), head=data), URL)
    lines = article.body.split("\n\n")
    assert (article.kind, sum(line.startswith(("Pier", "Berth")) for line in lines)) == ("live", 2 * len(PROSE))
    assert sum(line.startswith("What the town hears") for line in lines) == len(PROSE)


def test_two_line_breaks_part_paragraphs() -> None:
    body = "<br><br>".join(PROSE)
    assert pages.read(page(f"<div>{body}</div>"), URL).body.split("\n\n") == PROSE


@pytest.mark.parametrize(
    ("opened", "between", "closed"),
    [("<div>", "<br>", "</div>"), ("<pre>", "\n\n", "</pre>"), ("<pre>", "\r\n \t\r\n", "</pre>")],
)
def test_long_lines_are_paragraphs(opened: str, between: str, closed: str) -> None:
    assert pages.read(page(f"{opened}{between.join(PROSE)}{closed}"), URL).body.split("\n\n") == PROSE


@pytest.mark.parametrize("between", ["</div><div>", "<br>", "<br><br>", "</span><br><span>"])
@pytest.mark.parametrize("language", sorted(path.stem for path in TEXTS.glob("*.txt")))
def test_lines_without_paragraph_tags_are_paragraphs_in_any_script(language: str, between: str) -> None:
    lines = [text.one_line(line) for line in (TEXTS / f"{language}.txt").read_text(encoding="utf-8").splitlines()]
    opened, closed = ("<span>", "</span>") if "span" in between else ("<div>", "</div>")
    body = f"<div>{opened}{between.join(lines)}{closed}</div>"
    assert pages.read(page(body), URL).body.split("\n\n") == lines


def test_short_sentences_below_lines_of_text_are_text_too() -> None:
    lines = [*PROSE[:2], "“We were promised a ferry,” he said.", *PROSE[3:], "The vote is on Friday."]
    for between in ("</div><div>", "<br><br>"):
        assert pages.read(page(f"<div><div>{between.join(lines)}</div></div>"), URL).body.split("\n\n") == lines


def test_a_line_that_a_wide_space_opens_is_a_paragraph_however_short_the_one_above() -> None:
    lines = [
        "渡し船の桟橋をめぐる計画が五日、市議会で話し合われた。",
        "住民は十一年前から待ち続けている。",
        "市長は「費用は市が持つ」と述べた。",
    ]
    body = "<p>　" + "<br>\n　".join(lines * 2) + "</p>"
    read = blocks.read(markup.parse(f"<html><body>{body}</body></html>"))
    assert [block.text for block in read] == lines * 2


def test_a_place_that_style_alone_parts_from_the_text_is_a_word_of_its_own() -> None:
    read = blocks.read(markup.parse("<p><span class=location-stamp>Hà Nội</span>Ủy ban họp. <span>i</span>Phone</p>"))
    assert [block.text for block in read] == ["Hà Nội Ủy ban họp. iPhone"]


@pytest.mark.parametrize(
    ("above", "odds", "kept"), [(4, -3.0, True), (4, -5.0, False), (3, -3.0, False), (3, -1.0, True)]
)
def test_the_more_lines_of_text_are_alike_the_less_a_short_sentence_below_has_to_speak_for_itself(
    above: int, odds: float, kept: bool
) -> None:
    last = "The vote is on Friday."
    lines = "".join(f"<div class=line>{line}</div>" for line in (*PROSE[:above], last))
    tree = markup.parse(f"<html><body><article>{lines}</article></body></html>")
    found = body.judge(evidence_of(tree), np.array([*[5.0] * above, odds]))
    assert found is not None
    assert (last in [block.text for block in found.blocks]) is kept


def test_short_lines_stay_in_their_paragraph() -> None:
    address = "Harbour Board.<br>The Old Customs House.<br>Quay Street 4, Alderport."
    written = pages.read(page(prose(*PROSE, address)), URL).body
    assert written.endswith("\n\nHarbour Board. The Old Customs House. Quay Street 4, Alderport.")


@pytest.mark.parametrize(
    "page_of",
    [
        "<body><nav>Home</nav></body></html><html><head><title>Harbour</title></head><body>{}</body></html>",
        "</head></HTML><body>{}",
        "<body>{}<p>The plan as it was:</p></body></html>{}</body></html>",
    ],
)
def test_a_document_pasted_into_another_ends_neither(page_of: str) -> None:
    first, rest = prose(*PROSE[:2]), prose(*PROSE[2:])
    parts = (first, rest) if page_of.count("{}") == 2 else (first + rest,)
    html = "<html><head><title>Harbour plan goes to the council</title></head>" + page_of.format(*parts)
    written = pages.read(html.encode(), URL).body.split("\n\n")
    assert [line for line in written if line in PROSE] == PROSE


def test_a_declared_shadow_root_is_text_and_a_template_is_none() -> None:
    shown = f"<x-story><template shadowrootmode=open>{prose(*PROSE)}</template></x-story>"
    spare = f"<template>{prose('Nobody is shown this line until a script makes something of it.')}</template>"
    assert pages.read(page(shown + spare), URL).body.split("\n\n") == PROSE


def test_a_line_that_is_nothing_but_a_link_is_no_text() -> None:
    link = "<p><a href=/n/7><strong>The ferry has a crew at last, after two years</strong></a></p>"
    assert pages.read(page(prose(*PROSE[:3]) + link + prose(*PROSE[3:])), URL).body.split("\n\n") == PROSE


@pytest.mark.parametrize(
    ("lines", "people", "day"),
    [
        (["By Ana Onyx", "Published: July 14, 2026 | Updated: July 15, 2026"], ("Ana Onyx",), "2026-07-14"),
        (["Tuesday, 14 July 2026, 10:00"], (), "2026-07-14"),
        (["2026. július 14."], (), "2026-07-14"),
        (["2026年7月14日 10時30分"], (), "2026-07-14"),
        (["Mis à jour le mercredi 15 juillet 2026, publié le mardi 14 juillet 2026 à 10h30"], (), "2026-07-14"),
        (["입력 2026-07-14 10:30 수정 2026-07-15 09:00"], (), "2026-07-14"),
        (["Von Ana Onyx und Ben Pyrit", "14. Juli 2026"], ("Ana Onyx", "Ben Pyrit"), "2026-07-14"),
    ],
)
def test_a_header_printed_as_paragraphs_of_the_text_is_a_header(
    lines: list[str], people: tuple[str, ...], day: str
) -> None:
    read = pages.read(page(prose(*lines, *PROSE)), "https://www.courier.example/harbour-plan.html")
    assert read.body.split("\n\n") == PROSE
    assert read.authors == people
    assert read.date_published is not None
    assert read.date_published.date().isoformat() == day


@pytest.mark.parametrize("element", ["<p>{}</p>", "<div>{}</div>", '<p class="meta">{}</p>'])
@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("Author: Ana Onyx", ("Ana Onyx",)),
        ("Written by Ana Onyx @anaonyx", ("Ana Onyx",)),
        ("Analysis by Ana Onyx | The Courier", ("Ana Onyx",)),
        ("Ein Bericht von Ana Onyx", ("Ana Onyx",)),
        ("Aus Alderhaven berichtet Ana Onyx", ("Ana Onyx",)),
        ("Von unserer Korrespondentin Ana Onyx", ("Ana Onyx",)),
        ("Propos recueillis par Ana Onyx", ("Ana Onyx",)),
        ("Par Ana Onyx Publié le 14 juillet 2026", ("Ana Onyx",)),
        ("Por Ana Onyx, de São Paulo", ("Ana Onyx",)),
        ("Texto: Ana Onyx", ("Ana Onyx",)),
        ("A cura di Ana Onyx", ("Ana Onyx",)),
        ("Door: Ana Onyx en Béla Kun", ("Ana Onyx", "Béla Kun")),
        ("Text: Ana Onyx Foto: Béla Kun", ("Ana Onyx",)),
        ("Teksti: Ana Onyx", ("Ana Onyx",)),
        ("Opracowała Anna Onyks", ("Anna Onyks",)),
        ("Írta: Kun Béla", ("Kun Béla",)),
        ("Piše: Ana Oniks", ("Ana Oniks",)),
        ("Автор: Анна Оникс", ("Анна Оникс",)),
        ("Penulis: Ana Oniks Editor: Bela Kun", ("Ana Oniks",)),
        ("بقلم محمد حسن", ("محمد حسن",)),
        ("文・山田太郎", ("山田太郎",)),
        ("[홍길동 기자]", ("홍길동",)),
    ],
)
def test_a_line_that_introduces_its_author_is_no_text_whatever_it_stands_in(
    line: str, people: tuple[str, ...], element: str
) -> None:
    read = pages.read(page(prose(*PROSE), top=element.format(line)), URL)
    assert (read.authors, read.body.split("\n\n")) == (people, PROSE)


@pytest.mark.parametrize(
    "line",
    ["Text: the council of the town", "Interview: a hundred questions", "Author Ana Onyx", "Editor: Ana Onyx"],
)
def test_a_line_that_introduces_nobody_is_no_byline(line: str) -> None:
    assert pages.read(page(prose(*PROSE), top=f"<div>{line}</div>"), URL).byline is None


@pytest.mark.parametrize(
    "line", ["By Royal Appointment, the board said", "On 14 July 2026 the ferry sank", "Kiel 2026"]
)
def test_a_first_line_that_only_begins_like_a_header_is_text(line: str) -> None:
    assert pages.read(page(prose(line, *PROSE)), URL).body.split("\n\n") == [line, *PROSE]


@pytest.mark.parametrize("joined", ["", " • ", ", "])
def test_authors_and_a_date_on_top_of_a_text_are_its_header_s(joined: str) -> None:
    named = '<meta name=author content="Ana Onyx"><meta name=author content="Ben van Pyrite">'
    line = f"Ana Onyx, Ben van Pyrite{joined}<time>27 november 2026, 20:11</time><span>Laatste update: 20:40</span>"
    html = page(prose(PROSE[0], line, *PROSE[1:]), head=named)
    assert pages.read(html, URL).body.split("\n\n") == PROSE


def test_a_heading_below_which_nothing_stands_is_no_text() -> None:
    headed = prose(*PROSE[:3]) + "<h2>What comes next</h2>" + prose(*PROSE[3:]) + "<h2>Our newsletter</h2>"
    assert pages.read(page(headed), URL).body.split("\n\n") == [*PROSE[:3], "What comes next", *PROSE[3:]]


@pytest.mark.parametrize(("href", "kept"), [("#ferry", True), ("/n/ferry", False)])
def test_a_heading_that_links_to_itself_is_one_of_the_text(href: str, kept: bool) -> None:
    heading = f"<h2 id=ferry><a href='{href}'>A ferry instead</a></h2>"
    body = pages.read(page(prose(*PROSE[:3]) + heading + prose(*PROSE[3:])), URL).body.split("\n\n")
    assert body == [*PROSE[:3], *(["A ferry instead"] if kept else []), *PROSE[3:]]


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("<strong>À lire aussi</strong> <a href=/n/2>Ces ports qui inquiètent les maires</a>", False),
        ("<b>LEES OOK</b><a href=/n/2>Waarom zijn er zo weinig veerboten?</a>", False),
        ("Zobacz również <a href=/n/2>Prom wraca do portu</a>", False),
        ("Read <a href=/n/2>what the council wrote to the pilots in May.</a>", True),
        ("Read also the chapter on ferries in <a href=/n/2>the report of the council</a>", True),
    ],
)
def test_a_pointer_and_the_link_that_it_points_to_need_no_colon_between_them(line: str, kept: bool) -> None:
    read = pages.read(page(prose(*PROSE[:3]) + f"<p>{line}</p>" + prose(*PROSE[3:])), URL).body.split("\n\n")
    assert len(read) == len(PROSE) + kept


@pytest.mark.parametrize(("odds", "kept"), [(-1.0, True), (-3.0, False)])
def test_a_long_heading_without_a_link_is_text_unless_the_odds_are_clearly_against_it(odds: float, kept: bool) -> None:
    heading = f"{PROSE[0]} {PROSE[1]}"
    tree = markup.parse(f"<html><body><div><p>{PROSE[2]}</p><h2>{heading}</h2><p>{PROSE[3]}</p></div></body></html>")
    evidence = evidence_of(tree)
    found = body.judge(evidence, np.array([5.0, odds, 5.0]))
    assert found is not None
    assert (heading in [block.text for block in found.blocks]) is kept


@pytest.mark.parametrize(
    ("last", "kept"),
    [
        ("Our newsletter", False),
        ("Will the pier ever come to Alder?", True),
        (f"{PROSE[0]} {PROSE[1]}„", True),  # a closing quotation mark that is none
    ],
)
def test_a_last_paragraph_that_a_template_prints_as_a_heading_is_text(last: str, kept: bool) -> None:
    tree = markup.parse(f"<html><body><div>{prose(*PROSE)}<h3>{last}</h3></div></body></html>")
    evidence = evidence_of(tree, None)
    found = body.judge(evidence, np.full(len(evidence.lines), 5.0))
    assert found is not None
    assert [block.text for block in found.blocks] == [*PROSE, last][: len(PROSE) + kept]


STANDFIRST = "After eleven years of waiting the town may get its pier, if the council can find the money for it."
DECK_IN_ARABIC = "المدينة تنتظر قرار المجلس حول بناء الرصيف الجديد منذ أحد عشر عاما"
DECK_IN_HINDI = "ग्यारह साल के इंतज़ार के बाद घाट पर फ़ैसला, परिषद के पास पैसा नहीं"
DECK = "Eleven years of waiting end in a vote that nobody wanted to take"


@pytest.mark.parametrize(
    ("description", "top", "standfirst"),
    [
        pytest.param(None, f'<p class="standfirst">{STANDFIRST}</p>', STANDFIRST, id="marked"),
        pytest.param(
            STANDFIRST[:80], f'<div class="header-teaser">{STANDFIRST}</div>', STANDFIRST, id="its description cut off"
        ),
        pytest.param(
            PROSE[0], f"<h2 class=epigraph>{DECK}</h2>", DECK, id="marked, the description the first paragraph"
        ),
        pytest.param(
            None,
            f"<div class=x1><p>{STANDFIRST}</p></div><p class=byline>By Ana Onyx</p>",
            STANDFIRST,
            id="an unmarked sentence between headline and byline",
        ),
        pytest.param(None, f"<p class=teaser>{STANDFIRST}</p>", STANDFIRST, id="a sentence marked as a teaser"),
        pytest.param(
            None,
            f"<h2 class=sub-title>{DECK}</h2><p class=byline>By Ana Onyx</p>",
            DECK,
            id="a heading without a stop, above the byline",
        ),
        pytest.param(
            None,
            f"<h2>{DECK_IN_ARABIC}</h2><div class=info>5 مارس 2024</div>",
            DECK_IN_ARABIC,
            id="a heading in Arabic without a stop",
        ),
        pytest.param(None, f"<h2 class=synopsis>{DECK_IN_HINDI}</h2>", DECK_IN_HINDI, id="a synopsis in Hindi"),
    ],
)
def test_a_standfirst_that_the_text_does_not_repeat_opens_the_body(
    description: str | None, top: str, standfirst: str
) -> None:
    head = f'<meta name="description" content="{description}">' if description else ""
    article = pages.read(page(head=head, top=top), URL)
    assert article.description == standfirst
    assert article.body.split("\n\n") == [standfirst, *PROSE]


def test_a_teaser_of_another_article_above_the_text_is_no_standfirst() -> None:
    card = f'<article><a href="/bakery"><h3>Bakers strike</h3></a><div class="excerpt">{STANDFIRST}</div></article>'
    article = pages.read(page(top=card), URL)
    assert (article.description, article.body.split("\n\n")) == (None, PROSE)


@pytest.mark.parametrize(
    "top",
    [
        f"<p class=teaser><a href=/bakery>{STANDFIRST}</a></p>",
        f"<p class=byline>By Ana Onyx</p><p class=teaser>{STANDFIRST}</p>",
        "<h2>More on the harbour and its pier</h2><p><a href=/bakery>Bakers strike over flour</a></p>",
        "<h2>Infrastructure, harbours, transportation</h2><p class=byline>By Ana Onyx</p>",
    ],
)
def test_a_teaser_elsewhere_or_a_heading_of_links_or_of_a_section_is_no_standfirst(top: str) -> None:
    article = pages.read(page(top=top), URL)
    assert (article.description, article.body.split("\n\n")) == (None, PROSE)


def test_a_text_that_is_printed_in_several_elements_alike_stands_in_what_holds_all_of_them() -> None:
    """Some papers part a text for advertisements: its last element may hold little of it, and is no less a part."""
    long, short = ([*PROSE, *PROSE, *PROSE], PROSE[:1])
    chunks = "".join(f"<div class=chunk>{prose(*lines)}</div><p>Advertisement</p>" for lines in (long, short))
    lines = blocks.read(markup.parse(f"<body><main><section>{chunks}</section><p>{PROSE[0]}</p></main></body>"))
    heard = witnesses.question(witnesses.look(lines), "\n".join(PROSE), stated="", descriptions=(), title=None)
    assert heard is not None
    assert heard.container.tag == "section"


def test_a_text_that_trafilatura_does_not_find_is_not_lost() -> None:
    """It takes the <article> for all of the page, which here holds no more than the headline and the standfirst."""
    menu = "".join(f"<li><a href=/{n}>Old mill number {n}</a></li>" for n in range(30))
    lines = "<br><br>".join(PROSE)
    html = (
        "<!DOCTYPE html><html lang=en><head><title>Harbour plan goes to the council</title></head><body>"
        f"<ul>{menu}</ul><article><h1>Harbour plan goes to the council</h1>"
        "<p>The pier may be built from the third of the month to the fifth of it.</p></article>"
        f"<div class=note-text>{lines}<br><br>{lines}</div></body></html>"
    )
    assert pages.read(html.encode(), URL).body.split("\n\n")[1:] == PROSE


@pytest.mark.parametrize("join", ["</div><div>", "<br><br>", "<br>"])
def test_a_text_without_paragraphs_beside_cards_that_have_some_is_the_text(join: str) -> None:
    """trafilatura takes the <p> of the cards."""
    cards = "".join(
        f"<div class=card><a href=/n/{n}><h3>The ferry at berth {n} waits</h3></a><p>Berth {n} has waited for a crew "
        "since the spring, when the old one left for the islands and did not come back.</p></div>"
        for n in range(6)
    )
    html = (
        "<!DOCTYPE html><html lang=en><head><title>Harbour plan goes to the council</title></head><body><header>"
        f"<h1>Harbour plan goes to the council</h1></header><div class=layout><div class=left>{cards}</div>"
        f"<div class=center><div>{join.join(PROSE)}</div></div></div></body></html>"
    )
    assert pages.read(html.encode(), URL).body.split("\n\n") == PROSE


@pytest.mark.parametrize("heading", ["Comments", "12 comments", "Kommentare (3)", "Комментарии", "コメント"])
def test_what_stands_below_a_heading_for_comments_is_no_text(heading: str) -> None:
    said = "".join(f"<div><b>Ana</b><p>{line.replace('council', 'club')}</p></div>" for line in PROSE)
    text, below = f"<div>{prose(*PROSE)}</div>", f"<div class=x><h3>{heading}</h3>{said}</div>"
    assert pages.read(page(text + below), URL).body.split("\n\n") == PROSE


@pytest.mark.parametrize(
    "inside",
    [
        f"<div>{prose(*PROSE[:2])}<h3>Comments</h3>{prose(*PROSE[2:])}</div>",
        f"<h3>Comments</h3>{prose(*PROSE)}",
        f"<div><h3>Kommentar</h3>{prose(*PROSE)}</div>",
        f"<div><h3>Comment</h3>{prose(*PROSE)}</div>",
    ],
)
def test_a_heading_that_speaks_of_comments_is_not_always_that_of_the_readers(inside: str) -> None:
    assert pages.read(page(inside), URL).body.split("\n\n")[-4:] == PROSE[-4:]


SHORT = {
    "zh": [
        "市议会星期二开会讨论港口计划和费用。",
        "居民们等待投票已有两年，投票被推迟了三次。",
        "渔民们担心码头会挡住他们的路。",
    ],
    "ko": ["시의회는 화요일 항구 계획을 논의했다.", "주민들은 2년 동안 투표를 기다렸고 투표는 세 번 연기되었다."],
    "ar": ["قال رئيس البلدية إن الرصيف سيبنى من الحجر.", "انتظر السكان التصويت عامين، وقد تأجل ثلاث مرات."],
    "he": ["התושבים חיכו להצבעה שנתיים, והיא נדחתה שלוש פעמים.", "ראש העיר אמר כי המזח ייבנה מאבן."],
    "en": ["Residents had waited for two years.", "The mayor said that the pier will be of stone."],
}


@pytest.mark.parametrize("join", ["</div><div>", "<br><br>"])
@pytest.mark.parametrize("language", SHORT)
def test_a_text_of_short_sentences_without_paragraphs_is_read(language: str, join: str) -> None:
    lines = [f"{n} {line}" for n, line in enumerate(SHORT[language] * 3)]
    menu = "".join(f"<li><a href=/{n}>{line[:4]}</a></li>" for n, line in enumerate(lines))
    title = f"{lines[0][:12]}: {lines[1][:20]}"
    html = (
        f"<!DOCTYPE html><html lang={language}><head><title>{title}</title></head><body><ul>{menu}</ul><div><div>"
        f"<h1>{title}</h1></div><div><div>{join.join(lines)}</div></div></div></body></html>"
    )
    assert pages.read(html.encode(), URL).body.split("\n\n") == lines


STATED = [f"{line} Number {n} of the list." for n, line in enumerate(PROSE)]


@pytest.mark.parametrize("separator", ["\n", "\n\n", "</p><p>", "<br><br>"])
@pytest.mark.parametrize("printed", ["<div id=root></div>", f"<p>{STATED[0]}</p>"], ids=["nothing", "a paragraph"])
def test_a_text_that_scripts_would_print_is_that_of_the_structured_data(separator: str, printed: str) -> None:
    head = json_ld(f'"articleBody": {json.dumps(separator.join(STATED))}')
    article = pages.read(page(printed, head=head), URL)
    assert (article.kind, article.body.split("\n\n")) == ("article", STATED)


@pytest.mark.parametrize("shared", [[], STATED[:1]], ids=["nothing in common", "a box in common"])
def test_structured_data_of_another_text_than_is_printed_is_not_read(shared: list[str]) -> None:
    other = [f"{line} So the harbour master wrote of {i} ships." for i, line in enumerate(PROSE[:3])]
    head = json_ld(f'"articleBody": {json.dumps(" ".join(STATED * 5))}')
    assert pages.read(page(prose(*other, *shared), head=head), URL).body.split("\n\n") == [*other, *shared]


@pytest.mark.parametrize(
    ("fields", "printed"),
    [
        ('"isAccessibleForFree": false', f"<p>{STATED[0]}</p>"),
        ('"wordCount": 90', f"<p>{STATED[0]}</p><p>Subscribe to continue reading.</p>"),
    ],
    ids=["said to be for subscribers", "with a prompt to subscribe"],
)
def test_what_a_page_does_not_print_to_all_stays_unread(fields: str, printed: str) -> None:
    head = json_ld(f'{fields}, "articleBody": {json.dumps(" ".join(STATED))}')
    article = pages.read(page(printed, head=head), URL)
    assert (article.kind, article.body) == ("teaser", STATED[0])


def test_the_meta_description_serves_where_no_standfirst_is_printed() -> None:
    article = pages.read(page(head='<meta name="description" content="A pier for the town.">'), URL)
    assert article.description == "A pier for the town."
    assert "A pier for the town." not in article.body


@pytest.mark.parametrize("element", ["<p>{}</p>", '<p class="css-1x">{}</p>', "<div>{}</div>"])
def test_a_short_quotation_amid_the_text_and_a_list_at_its_end_are_text(element: str) -> None:
    lines = [element.format(line) for line in PROSE]
    quote, items = "“Nobody asked us.”", ["A pier of stone", "Two cranes", "A bench"]
    inside = f"{''.join(lines[:3])}<blockquote>{quote}</blockquote>{''.join(lines[3:])}"
    listed = f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"
    read = pages.read(page(f"<div>{inside}{listed}</div>"), URL)
    assert read.body.split("\n\n") == [*PROSE[:3], quote, *PROSE[3:], *items]
    links = f"<ul>{''.join(f'<li><a href=/{n}>{item}</a></li>' for n, item in enumerate(items))}</ul>"
    assert items[0] not in pages.read(page(f"<div>{inside}{links}</div>"), URL).body


def test_teasers_beside_the_text_are_no_part_of_it() -> None:
    teasers = "".join(
        f"<div class=teaser><a href=/{i}><h3>Another story about the bakery number {i}</h3><p>Read what the baker "
        f"said.</p></a></div>"
        for i in range(6)
    )
    html = page().replace(b"<footer>", f"<aside class=related>{teasers}</aside><footer>".encode())
    assert pages.read(html, URL).body == "\n\n".join(PROSE)


def test_the_dateline_is_told_and_stays_in_the_text() -> None:
    body = prose(f"PORT ALDER (AFP) — {PROSE[0]}", *PROSE[1:])
    article = pages.read(page(body), URL)
    assert article.dateline == "PORT ALDER (AFP)"
    assert article.body.startswith(f"PORT ALDER (AFP) — {PROSE[0]}")
    assert (article.agency, article.agency_evidence) == ("AFP", "dateline")


def test_an_end_mark_names_the_agency_and_leaves_the_body() -> None:
    article = pages.read(page(prose(*PROSE, "(Reuters)")), URL)
    assert article.agency == "Reuters"
    assert article.body == "\n\n".join(PROSE)


@pytest.mark.parametrize("mark", ["(AFP)", "– AP", "/dpa", "[Reuters]"])
def test_an_end_mark_behind_the_last_sentence_leaves_the_body(mark: str) -> None:
    article = pages.read(page(prose(*PROSE[:-1], f"{PROSE[-1]} {mark}")), URL)
    assert article.agency == mark.strip("()[]–/ ")
    assert article.body == "\n\n".join(PROSE)


def test_a_name_in_brackets_inside_the_last_sentence_is_kept() -> None:
    last = "The figures were first printed by the Press Trust of India (PTI)."
    article = pages.read(page(prose(*PROSE, last)), URL)
    assert article.body.endswith(last)


def test_a_signed_text_may_open_with_any_place() -> None:
    body = prose(f"Velmar – {PROSE[0]}", *PROSE[1:-1], f"{PROSE[-1]} (AFP)")
    article = pages.read(page(body), URL)
    assert article.dateline == "Velmar"
    assert article.body == "\n\n".join((f"Velmar – {PROSE[0]}", *PROSE[1:]))


@pytest.mark.parametrize("mark", ["___", "* * *", "***", "• • •"])
def test_a_line_that_parts_the_text_is_kept_between_paragraphs(mark: str) -> None:
    lines = (*PROSE[:3], mark, *PROSE[3:], mark)
    article = pages.read(page(prose(*lines)), URL)
    assert article.body == "\n\n".join(lines[:-1])


@pytest.mark.parametrize(
    "end",
    [
        (PROSE[-1], "(AFP)", "___", "(Reporting by Ann Writer; Editing by Bo Editor)"),
        (PROSE[-1], "(AFP)", "* * *", "Associated Press writers Ann Writer and Bo Other contributed to this report."),
        (f"{PROSE[-1]} (AFP)", "___", "(Reporting by Ann Writer; Editing by Bo Editor)"),
    ],
)
def test_a_mark_above_a_line_that_parts_credits_from_the_text_leaves_the_body(end: tuple[str, ...]) -> None:
    article = pages.read(page(prose(*PROSE[:-1], *end)), URL)
    assert article.body == "\n\n".join(PROSE)
    assert (article.agency, article.agency_evidence) == ("AFP", "end mark")


def parted() -> tuple[list[str], witnesses.Evidence]:
    """Two lines of prose that <br> parts in one element, and what the witnesses say of them."""
    lines = [f"{line} {line}" for line in PROSE[:2]]
    tree = markup.parse(f"<html><body><div><div>{lines[0]}<br><br>{lines[1]}</div></div></body></html>")
    evidence = evidence_of(tree)
    return lines, evidence


@pytest.mark.parametrize(("odds", "kept"), [(-1.0, 2), (-3.0, 1)])
def test_prose_beside_text_in_one_element_is_text_unless_the_odds_are_clearly_against_it(
    odds: float, kept: int
) -> None:
    lines, evidence = parted()
    chosen = body.judge(evidence, np.array([3.0, odds]))
    assert chosen is not None
    assert [block.text for block in chosen.blocks] == lines[:kept]


@pytest.mark.parametrize(
    ("line", "is_prose"),
    [
        ("市议会周二讨论了港口计划和新码头的费用，居民们说他们已经等了十一年，不愿再等。", True),
        ("港の計画について市議会が火曜日に話し合い、住民は十一年待ったと述べた。", True),
        ("市议会讨论了港口。", False),
        ("The council met on Tuesday, residents said.", False),
    ],
)
def test_a_letter_of_chinese_or_japanese_counts_as_what_it_takes_in_an_alphabet(line: str, is_prose: bool) -> None:
    tree = markup.parse(f"<html><body><p>{line}</p><p>{' '.join(PROSE)}</p></body></html>")
    looks = witnesses.look(blocks.read(tree))
    assert bool(looks.prose[0]) is is_prose


def amid() -> witnesses.Evidence:
    """What the witnesses say of a line, a link and a control between two lines of prose that <br> parts in one
    element."""
    between = "Berth seven<br><br><a href=/n/7>The ferry has a crew at last</a><br><br>Advertisement"
    html = f"<html><body><div><div>{PROSE[0]}<br><br>{between}<br><br>{PROSE[1]}</div></div></body></html>"
    return evidence_of(markup.parse(html))


def test_a_line_between_text_in_one_element_is_text_unless_it_is_a_link_or_a_control() -> None:
    chosen = body.judge(amid(), np.array([3.0, -4.0, -4.0, -4.0, 3.0]))
    assert chosen is not None
    assert [block.text for block in chosen.blocks] == [PROSE[0], "Berth seven", PROSE[1]]


@pytest.mark.parametrize(("link", "kept"), [("", 4), ("<a href=/n/7>", 2)])
def test_the_items_of_a_list_between_paragraphs_are_text_unless_they_are_links(link: str, kept: int) -> None:
    items = f"<ul><li>{link}Berth seven</a></li><li>{link}Berth nine</a></li></ul>"
    html = f"<html><body><div><p>{PROSE[0]}</p>{items}<p>{PROSE[1]}</p></div></body></html>"
    evidence = evidence_of(markup.parse(html))
    chosen = body.judge(evidence, np.array([3.0, -1.0, -1.0, 3.0]))
    assert chosen is not None
    assert len(chosen.blocks) == kept


def test_a_line_between_text_that_other_pages_print_as_well_is_none() -> None:
    evidence = amid()
    texts = {profiles.text_hash(evidence.lines[1]): profiles.BOILERPLATE}
    profile = profiles.Profile("1-test", stories=8, texts=texts, paths={})
    chosen = body.judge(evidence, np.array([3.0, -4.0, -4.0, -4.0, 3.0]), profile)
    assert chosen is not None
    assert [block.text for block in chosen.blocks] == [PROSE[0], PROSE[1]]


def test_prose_beside_text_that_other_pages_print_as_well_is_none() -> None:
    lines, evidence = parted()
    appeal = profiles.text_hash(evidence.lines[1])
    profile = profiles.Profile("1-test", stories=8, texts={appeal: profiles.BOILERPLATE}, paths={})
    chosen = body.judge(evidence, np.array([3.0, 5.0]), profile)
    assert chosen is not None
    assert [block.text for block in chosen.blocks] == lines[:1]


def test_an_unsigned_text_keeps_a_word_before_a_dash() -> None:
    body = prose(f"Velmar – {PROSE[0]}", *PROSE[1:])
    assert pages.read(page(body), URL).body.startswith("Velmar – ")


def cards(paragraphs: list[str]) -> str:
    return "".join(
        f"<div class=card><h3><a href=/n/{i}>Ferry {i}</a></h3><p>{p}</p></div>" for i, p in enumerate(paragraphs)
    )


def test_paragraphs_that_each_stand_below_a_linked_heading_are_other_articles() -> None:
    text = prose(*PROSE)
    teasers = [f"What became of pier number {i} after the storm, and of those who had worked on it." for i in range(3)]
    assert pages.read(page(f"{text}<section>{cards(teasers)}</section>"), URL).body.split("\n\n") == PROSE


def test_a_list_of_linked_headings_with_a_paragraph_each_is_a_text_where_there_is_hardly_another() -> None:
    entries = [f"Of ferry number {i} no more is known: {p}" for i in (1, 2) for p in PROSE[1:]]
    article = pages.read(page(f"<p>{PROSE[0]}</p>{cards(entries)}"), URL)
    assert entries[0] in article.body.split("\n\n")


def test_a_layout_of_tables_is_read_like_any_other() -> None:
    menu = "<b>MENU</b><br><a href=/a>Letters to the editor</a><br><a href=/b>Births, marriages, deaths</a>"
    others = "<b>Other stories</b><br>• <a href=/1>Council postpones vote</a><br>• <a href=/2>Rugby in the mud</a><br>"
    text = "".join(f"{p}<br><br>" for p in PROSE)
    title = "Harbour plan goes to the council"
    html = f"""<html><head><title>Old Paper: {title}</title></head><body><table><tr><td colspan=3>
        <a href=/>Home</a> | <a href=/w>World</a> | <a href=/s>Sport</a></td></tr>
        <tr><td><font size=1>{menu}</font></td><td><font size=1>Local · 05.03.2024 13:15</font><br>
        <font size=5><b>{title}</b></font><br><br>
        <font size=2>{text}</font><font size=1><a href=/m>Mail this story</a> | <a href=/p>Print</a></font></td>
        <td><font size=1>{others}<br><b>Poll</b><br>Should the tower be lit? <a href=/v>Vote</a></font></td></tr>
        </table>"""
    article = pages.read(html.encode(), URL)
    assert article.headline == title
    assert article.body == "\n\n".join(PROSE)


def test_the_entries_of_a_live_blog_are_kept_in_order() -> None:
    entries = "".join(f"<article class=entry><h3>Entry {i}</h3><p>{p}</p></article>" for i, p in enumerate(PROSE))
    head = json_ld('"headline": "Storm, live"').replace("NewsArticle", "LiveBlogPosting")
    article = pages.read(page(entries, head=head), URL)
    assert [p for p in article.body.split("\n\n") if p in PROSE] == PROSE


@pytest.mark.parametrize("remove", ["*", "body", ":not(article)"])
def test_a_selector_that_removes_all_of_a_page_leaves_no_text_and_raises_nothing(remove: str) -> None:
    assert pages.read(page(), URL, publisher=publisher(selectors={"remove": remove})).body == ""


def test_selectors_of_the_publisher_overrule_the_choice() -> None:
    html = page(
        prose(*PROSE),
        top="<div class=promo>Our app now tells you when the ferry leaves the pier and when it is late.</div>",
    )
    profile = publisher(selectors={"headline": "h1", "body": "div.text", "remove": "div.text p:last-child"})
    assert pages.read(html, URL, publisher=profile).body == "\n\n".join(PROSE[:-1])


# --- headline, authors, language -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "title",
    [
        "Harbour plan: council votes - and waits",
        "Who pays for the pier? | A guide",
        "Rain – and then more rain – is expected",
    ],
)
def test_a_headline_with_a_separator_of_its_own_is_kept_whole(title: str) -> None:
    assert pages.read(page(title=title), URL).headline == title


def test_a_section_and_the_name_of_the_site_are_cut_off_the_title() -> None:
    html = page(head='<meta property="og:site_name" content="The Alder Courier">').replace(
        b"<h1>Harbour plan goes to the council</h1>", b""
    )
    assert pages.read(html, URL).headline == "Harbour plan goes to the council"


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ('{"@type": "Person", "name": "Ana Onyx"}', ("Ana Onyx",)),
        ('[{"name": "Ana Onyx"}, {"name": "Ben Pyrite"}]', ("Ana Onyx", "Ben Pyrite")),
        ('"By Ana Onyx and Ben Pyrite"', ("Ana Onyx", "Ben Pyrite")),
        ('"Dr. Ana Onyx, ana.onyx@courier.example"', ("Ana Onyx",)),
        ('[{"name": "Ana Onyx"}, {"name": "Reuters"}]', ("Ana Onyx",)),
        ('"Agence France-Presse"', ()),
        ('"The Alder Courier"', ("The Alder Courier",)),
    ],
)
def test_authors_are_persons_without_titles_addresses_and_agencies(author: str, expected: tuple[str, ...]) -> None:
    assert (
        pages.read(
            page(head=json_ld(f'"headline": "Harbour plan goes to the council", "author": {author}')), URL
        ).authors
        == expected
    )


def test_the_byline_is_kept_as_printed() -> None:
    article = pages.read(page(top="<p class=byline>By Ana Onyx in Port Alder</p>"), URL)
    assert article.byline == "By Ana Onyx in Port Alder"
    assert article.authors == ("Ana Onyx",)
    assert "Onyx" not in article.body


def test_the_language_of_the_text_overrules_the_page() -> None:
    body = "".join(
        f"<p>{p}</p>"
        for p in ("Der Rat der Stadt beriet am Dienstag über den Plan für den Hafen und seine Kosten für die Bürger.",)
        * 1
    ) + (
        "<p>Die Anwohner sagten, sie hätten elf Jahre gewartet und wollten nicht noch länger auf die Fähre zu den "
        "Inseln warten.</p>"
    )
    assert pages.read(page(body, lang="en"), URL).language == "de"


def test_a_short_text_has_the_language_that_the_page_names() -> None:
    assert pages.read(page("<p>Kort.</p>", lang="nb-NO"), URL).language == "no"


# --- dates -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("head", "top", "iso", "precision", "offset", "source"),
    [
        (
            json_ld('"datePublished": "2024-03-04T23:30:00+01:00"'),
            "",
            "2024-03-04T23:30:00+01:00",
            "second",
            "+01:00",
            "json-ld",
        ),
        (
            '<meta property="article:published_time" content="2024-03-05T08:00:00Z">',
            "",
            "2024-03-05T08:00:00+00:00",
            "second",
            "+00:00",
            "meta",
        ),
        ('<meta name="date" content="2024-03-05">', "", "2024-03-05T00:00:00+00:00", "day", None, "meta"),
        (
            "",
            "<time itemprop=datePublished datetime='2024-03-05 09:15'>today</time>",
            "2024-03-05T09:15:00+00:00",
            "second",
            None,
            "microdata (zone assumed)",
        ),
        (
            "",
            "<time datetime='2024-03-05T09:15-05:00'>5 March</time>",
            "2024-03-05T09:15:00-05:00",
            "second",
            "-05:00",
            "time element",
        ),
        (
            "",
            "<cite>By Ana Onyx <abbr title='2024-03-05T14:15:00Z'>1 hr ago</abbr></cite>",
            "2024-03-05T14:15:00+00:00",
            "second",
            "+00:00",
            "time element",
        ),
        (
            "",
            "<time datetime=now title='Published'>March 5, 2024 9:15 am</time>",
            "2024-03-05T09:15:00+00:00",
            "second",
            None,
            "time element (zone assumed)",
        ),
        ("", "", "2024-03-05T00:00:00+00:00", "day", None, "url"),
        (json_ld('"datePublished": "2019-06-17T00:00:00Z"'), "", "2024-03-05T00:00:00+00:00", "day", None, "url"),
        (
            json_ld('"datePublished": "2024-02-20T08:00:00Z"'),
            "",
            "2024-02-20T08:00:00+00:00",
            "second",
            "+00:00",
            "json-ld",
        ),
        (json_ld('"datePublished": "2099-01-01T00:00:00Z"'), "", "2024-03-05T00:00:00+00:00", "day", None, "url"),
        (json_ld('"datePublished": "1970-01-01T00:00:00Z"'), "", "2024-03-05T00:00:00+00:00", "day", None, "url"),
    ],
)
def test_a_date_says_where_it_was_found(
    head: str, top: str, iso: str, precision: str, offset: str | None, source: str
) -> None:
    article = pages.read(page(head=head, top=top), URL, now=NOW)
    assert article.date_published is not None
    assert article.date_published.isoformat() == iso
    assert (article.date_published_precision, article.date_published_offset, article.date_published_source) == (
        precision,
        offset,
        source,
    )


def test_a_time_without_an_offset_is_the_time_of_the_publisher() -> None:
    article = pages.read(
        page(head=json_ld('"datePublished": "2024-07-05T09:00:00"')), URL, publisher=publisher(timezone="Africa/Lagos")
    )
    assert article.date_published is not None
    assert article.date_published.isoformat() == "2024-07-05T09:00:00+01:00"
    assert article.date_published_source == "json-ld (zone assumed)"


def test_the_feed_gives_the_date_where_the_page_has_none() -> None:
    entry = items.Entry(url=URL, date_published=datetime(2024, 3, 5, 7, 0, tzinfo=UTC))
    article = pages.read(page(), "https://courier.example/harbour-plan", entry=entry)
    assert article.date_published == entry.date_published
    assert article.date_published_source == "feed"


def test_the_date_of_the_last_change_is_kept() -> None:
    article = pages.read(page(head=json_ld('"dateModified": "2024-03-06T10:00:00Z"')), URL)
    assert article.date_modified == datetime(2024, 3, 6, 10, tzinfo=UTC)


# --- identity --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("canonical", "url"),
    [
        (
            "https://www.courier.example/news/2024/03/05/harbour-plan",
            "https://www.courier.example/news/2024/03/05/harbour-plan",
        ),
        ("https://other.example/2024/the-original", URL),
        ("https://www.courier.example/", URL),
        ("/news/", URL),
        ("/index.php", URL),
        ("/news/2024/03/05/harbour-plan-passed.html", f"{URL.removesuffix('.html')}-passed.html"),
        ("http://[bad", URL),
    ],
)
def test_a_canonical_url_is_identity_only_on_the_same_site(canonical: str, url: str) -> None:
    assert pages.read(page(head=f'<link rel="canonical" href="{canonical}">'), URL).url == url


def test_a_canonical_url_at_another_publisher_is_kept_as_evidence() -> None:
    article = pages.read(page(head='<link rel="canonical" href="https://other.example/2024/the-original">'), URL)
    assert article.canonical_url == "https://other.example/2024/the-original"


def test_the_publisher_is_the_host_with_its_port_where_no_profile_is_given() -> None:
    assert pages.read(page(), "http://127.0.77.3:8877/a/1.html").publisher == "127.0.77.3:8877"


# --- kinds -----------------------------------------------------------------------------------------------------------
TEASERS = "".join(
    f"<li><a href=/news/{i}><h3>The council talks about pier number {i}</h3></a><p>It will cost dearly.</p></li>"
    for i in range(40)
)
ENTRIES = "".join(f"<div class=entry><p>{h}:15</p><p>{PROSE[h % 5]}</p></div>" for h in range(10, 18))


def bare(title: str, body: str, *, head: str = "") -> bytes:
    return f"<html><head><title>{title}</title>{head}</head><body><h1>{title}</h1>{body}</body></html>".encode()


@pytest.mark.parametrize(
    ("html", "path", "kind"),
    [
        (page(), "/news/harbour-plan.html", "article"),
        (page(f"<p>{PROSE[0]}</p>"), "/news/harbour-plan.html", "article"),
        (page(title="404 fishermen march to the port"), "/news/404-fishermen-march", "article"),
        (page(f"<p>{PROSE[0]}</p>", title="500 jobs to go at the port"), "/news/500-jobs-to-go-at-port", "article"),
        (page(f"<p>{PROSE[0]}</p>" + f"<ul>{TEASERS}</ul>"), "/news/harbour-plan-goes-to-council", "article"),
        (page(title="Captcha makers bought by a port"), "/news/captcha-makers", "article"),
        (page(head=json_ld('"headline": "x"')), "/video/harbour-plan.html", "article"),
        (page(head=json_ld('"headline": "x"').replace("NewsArticle", "LiveBlogPosting")), "/news/a", "live"),
        (page(ENTRIES, title="Storm at the harbour: live updates"), "/news/storm", "live"),
        (page(ENTRIES, title="A day in the life of a ferryman"), "/news/ferryman", "article"),
        (page(f"<p>{PROSE[0]}</p>", head=json_ld('"headline": "x", "isAccessibleForFree": false')), "/a", "teaser"),
        (page(f"<p>{PROSE[0]}</p><div class=paywall><p>Subscribe to read on.</p></div>"), "/a/b", "teaser"),
        (page(f"<p>{PROSE[0]}</p><div class=offer><h3>Jetzt weiterlesen</h3></div>"), "/a/b", "teaser"),
        (page(f"<p>{PROSE[0]}</p><div class=offer><p>Cet article est réservé aux abonnés.</p></div>"), "/a", "teaser"),
        (bare("The Alder Courier", f"<ul>{TEASERS}</ul>"), "/", "listing"),
        (bare("Harbour", f"<ul>{TEASERS}</ul>"), "/tag/harbour", "listing"),
        (bare("Sport", f"<ul>{TEASERS}</ul>"), "/sport/", "listing"),
        (bare("Ana Onyx", f"<ul>{TEASERS}</ul>"), "/author/ana-onyx", "listing"),
        (
            bare(
                "Local",
                f"<ul>{TEASERS}</ul>",
                head=json_ld("").replace("NewsArticle", "CollectionPage").replace(", }", "}"),
            ),
            "/local",
            "listing",
        ),
        (bare("The last crossing", "<p>Watch the ferry leave.</p>"), "/video/last-crossing", "media"),
        (bare("The pier in pictures", "<p>Ten views.</p>"), "/fotostrecke/pier-in-pictures", "media"),
        (
            bare("Last crossing", "<p>See it.</p>", head='<meta property="og:type" content="video.other">'),
            "/x",
            "media",
        ),
        (bare("Just a moment...", "<p>Please enable JavaScript and cookies to continue.</p>"), "/a", "wall"),
        (bare("Attention Required!", "<p>Please complete the captcha to go on.</p>"), "/a", "wall"),
        (bare("Before you continue", "<p>We value your privacy.</p><p>Accept all cookies</p>"), "/a", "wall"),
        (bare("Alder", "<p>Mit Werbung weiterlesen oder ein Abo abschließen.</p>"), "/a", "wall"),
        (bare("Page not found", "<p>Try our front page.</p>"), "/a", "error"),
        (bare("404", "<p>Oops.</p>"), "/a", "error"),
        (bare("Seite nicht gefunden", "<p>Zur Startseite</p>"), "/a", "error"),
        (bare("Something went wrong", "<p>Please try again later.</p>"), "/a", "error"),
    ],
)
def test_a_page_is_told_by_its_kind(html: bytes, path: str, kind: str) -> None:
    assert pages.read(html, f"https://www.courier.example{path}").kind == kind


# --- charset ---------------------------------------------------------------------------------------------------------
FRENCH = (
    "<html><head>{meta}</head><body><article><h1>Été</h1>"
    + "<p>Le ministre a déclaré à la presse que l’été serait « très chaud » cette année.</p>" * 3
)


@pytest.mark.parametrize(
    ("encoding", "meta", "header"),
    [
        ("utf-8", "", None),
        ("utf-8", '<meta charset="iso-8859-1">', None),
        ("utf-8", "", "iso-8859-1"),
        ("cp1252", '<meta charset="windows-1252">', None),
        ("cp1252", '<meta charset="windows-1252">', "utf-8"),
        ("cp1252", "", "utf-8"),
        ("utf-16", "", None),
        ("utf-8-sig", '<meta charset="koi8-r">', "koi8-r"),
    ],
)
def test_the_text_survives_a_label_that_is_wrong_or_missing(encoding: str, meta: str, header: str | None) -> None:
    text = markup.decode(FRENCH.format(meta=meta).encode(encoding), header)
    assert "déclaré à la presse que l’été serait « très chaud »" in text


def test_nul_bytes_are_removed() -> None:
    assert pages.read(page().replace(b"council", b"coun\0cil"), URL).body == "\n\n".join(PROSE)


def test_a_stray_byte_in_utf8_is_replaced_and_the_rest_kept() -> None:
    text = markup.decode(FRENCH.format(meta="").encode() + b"<p>\xff</p>", "utf-8")
    assert "déclaré" in text
    assert "\ufffd" in text


# --- what must not break it ------------------------------------------------------------------------------------------
LISTED = b"<item><title>The pier</title><description>The pier opens in May, says the council.</description></item>"


@pytest.mark.parametrize(
    ("html", "message"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (bytes(range(1, 32)) * 500, "binary"),
        (b'<?xml version="1.0"?>\n<!-- ours --><rss version="2.0"><channel>' + LISTED + b"</channel></rss>", "a feed"),
        (
            b'\xef\xbb\xbf<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">' + LISTED + b"</feed>",
            "a feed",
        ),
        (b"<rdf:RDF>" + LISTED + b"</rdf:RDF>", "a feed"),
        (b"<urlset><url><loc>https://herald.example/1</loc></url></urlset>", "a feed or sitemap"),
        (b'{"items": [{"content_html": "' + LISTED + b'"}]}', "JSON"),
        (b"no markup at all", "not HTML"),
        (b"<!-- nothing -->", "not HTML"),
    ],
)
def test_bytes_that_are_no_page_raise_one_error_that_names_the_url(html: bytes, message: str) -> None:
    with pytest.raises(pages.PageError, match=rf"harbour-plan\.html: .*{message}"):
        pages.read(html, URL)


def test_a_url_that_is_none_raises_the_same_error() -> None:
    with pytest.raises(pages.PageError):
        pages.read(page(), "mailto:desk@courier.example")


def test_a_page_without_an_article_has_an_empty_body() -> None:
    assert pages.read(b"<html><body><nav><a href=/>Home</a></nav></body></html>", URL).body == ""


@pytest.mark.parametrize(
    "html",
    [
        b"<html><body>" + b"<div>" * 60_000 + b"<p>deep</p>" + b"</div>" * 60_000,
        b"<html><body>" + b"<div>" * 1_500 + b"<p>" + PROSE[0].encode() + b"</p>" + b"</div>" * 1_500,
        b"<html><body><p>" + b"word " * 400_000,
        b"<html><body><script type='application/ld+json'>" + b"[" * 100_000 + b"</script>",
        b"<" * 1_000_000 + b"p>",
    ],
    ids=["60,000 divs", "1,500 divs", "one long paragraph", "nested JSON", "open brackets"],
)
def test_a_monstrous_page_is_read_or_refused(html: bytes) -> None:
    try:
        url = pages.read(html, URL).url
    except pages.PageError as error:
        url = str(error).split(": ")[0]
    assert url == URL


@FULL
@given(st.binary(max_size=300), st.integers(0, 1500), st.integers(0, 40))
def test_no_damage_to_a_page_raises_anything_but_the_one_error(junk: bytes, at: int, cut: int) -> None:
    whole = (DATA / "wordpress-wire.html").read_bytes()
    try:
        article = pages.read(whole[:at] + junk + whole[at + cut :], URL, now=NOW)
    except pages.PageError:
        return
    assert "\0" not in article.body
    assert article.date_published is None or article.date_published.tzinfo is not None


@FULL
@given(st.text(max_size=200))
def test_any_text_can_be_a_headline_a_date_and_an_author(value: str) -> None:
    fields = json.dumps(
        {"headline": value, "datePublished": value, "author": value, "description": value, "image": value}
    )[1:-1].replace("</", "<\\/")
    assert pages.read(page(head=json_ld(fields)), URL, now=NOW).body == "\n\n".join(PROSE)


def test_a_text_that_trafilatura_misses_for_lists_around_it_is_read() -> None:
    """It drops what has a border, and takes what else the element of the article's class holds."""
    lines = [
        "渡轮码头的改建方案周二提交市议会讨论，居民已经等了十一年，希望今年能够开工。市长表示，费用由市里承担。",
        "面包店老板说，大家早就盼着渡轮恢复通航，他已经收集了两千个签名。工程师提醒，旧桥不能再拖下去了。",
        "港务局发言人拒绝对这些数字发表评论，他说调查还没有结束。学校校长说，孩子们每天要绕行四十分钟。",
        "议会将在下个月就方案进行表决，反对派议员要求先公布全部账目。",
        "如果方案获得通过，施工队将在六月进场，工期预计为十八个月。",
    ]
    read = "".join(
        f"<li><span>{n}</span><a href=/a/{n}.html>读者热议第{n}条新闻的标题在此</a>" for n in range(381, 391)
    )
    html = (
        "<!DOCTYPE html><html lang=zh><head><meta charset=utf-8><title>渡轮码头改建方案提交市议会讨论</title></head>"
        "<body><h1>渡轮码头改建方案提交市议会讨论</h1><div class=post_content><div style='border-top: 1px solid'>"
        f"{prose(*lines)}</div><div class=post_comment><p>读者评论仅供其表达个人看法，并不表明本报立场。</p></div>"
        f"<ul>{'<li>推荐' * 200}</ul><div class=side><h2>点击排行</h2><ul>{read}</ul></div></div></body></html>"
    )
    assert pages.read(html.encode(), URL).body.split("\n\n") == lines


@pytest.mark.parametrize(
    "name", ["comments", "comentarios_lectores", "leser-kommentare", "blocCommentaires", "reacties"]
)
def test_what_readers_say_below_a_text_is_none_of_it(name: str) -> None:
    said = [
        "Once years are enough, and whoever says that they are not has never stood on that quay on a morning in March.",
        "It is always the same with this council: they promise, they wait, and then they ask us to pay for all of it.",
        "In a few hours their friends will say that the mayor was right and that the bakery should have kept quiet.",
    ]
    items = "".join(f"<li><cite>reader{n}</cite><div><p>{line}</p></div></li>" for n, line in enumerate(said))
    html = (
        f"<title>Harbour plan</title><div class=story><h1>Harbour plan</h1><div>{prose(*PROSE)}"
        f"<div id={name}><ol>{items}</ol></div></div></div>"
    )
    assert pages.read(html.encode(), URL).body.split("\n\n") == PROSE


@pytest.mark.parametrize("end", ["", f"<div>Step 1</div>{prose(*PROSE[3:])}"])
def test_a_list_of_which_one_item_reads_like_text_is_kept_whole(end: str) -> None:
    items = ["Ferry", "Small pier, with a roof and a shelter for bicycles", "Buoy", "Ropes", "Wire pins or steel clips"]
    listed = "".join(f"<li>{item}</li>" for item in items)
    html = (
        f"<title>Harbour plan</title><div class=main><h1>Harbour plan</h1><div class=step>{prose(*PROSE[:3])}</div>"
        f"<div class=step><h3>What it takes</h3><ul>{listed}</ul></div><div class=step>{end}</div></div>"
    )
    body = pages.read(html.encode(), URL).body.split("\n\n")
    assert [line for line in body if line in items] == items


def test_the_element_that_microdata_names_as_the_body_is_not_passed_over_for_an_appeal() -> None:
    appeal = [
        "We are glad that you are with us here and now!",
        "By reading the Courier you support the freedom of the press.",
        "Independent newspapers need your help, and need it today.",
        "Every gift will go to the tireless team of the Courier.",
        "Name: Courier Ltd",
        "IBAN: XX53COUR80021021528420",
        "Reason: gift for the Courier",
    ]
    html = (
        "<title>Harbour plan</title><body><section><article><h1>Harbour plan</h1><div style='border: 0'>"
        f"<div itemprop=articleBody><div class=banner></div>{'<br><br>'.join(PROSE)}</div></div></article>"
        f"<div class=help><h6>Help the news reach you!</h6><div>{prose(*appeal)}<div>Give now</div></div></div>"
    )
    assert pages.read(html.encode(), URL).body.split("\n\n") == PROSE


@pytest.mark.parametrize("tag", ["main", "article", "section", "header", "courier-app"])
@pytest.mark.parametrize("end", ["", "<body></body>"])
def test_a_page_without_tags_for_head_and_body_is_read(tag: str, end: str) -> None:
    """HTML lets both be left out; libxml2 takes what HTML 4 did not know for a part of the head."""
    html = f"<!doctype html><title>Harbour plan</title><{tag}><h1>Harbour plan</h1>{prose(*PROSE)}</{tag}>{end}"
    assert pages.read(html.encode(), URL).body.split("\n\n") == PROSE


@pytest.mark.parametrize(
    "hidden",
    ["body style='visibility:hidden'", "main hidden", "div style='display: none'", "div class=off-screen", "noscript"],
)
def test_a_page_that_its_scripts_would_show_is_read(hidden: str) -> None:
    tag = hidden.split()[0]
    html = f"<title>Harbour plan</title><{hidden}><article><h1>Harbour plan</h1>{prose(*PROSE)}</article></{tag}>"
    assert pages.read(html.encode(), URL).body.split("\n\n") == PROSE


def test_what_is_hidden_beside_a_visible_headline_stays_hidden() -> None:
    again = "".join(f"<p>{line} This is what a printer gets.</p>" for line in PROSE)
    html = page(prose(*PROSE) + f"<div style='display:none'><h1>Harbour plan</h1>{again}</div>")
    assert pages.read(html, URL).body.split("\n\n") == PROSE


@pytest.mark.parametrize(
    ("base", "expected"),
    [("https://www.courier.example/", "https://www.courier.example"), ("/", "https://www.courier.example")]
    + [(base, "https://www.courier.example/news/2024/03/05") for base in ("", "javascript:void(0)", "data:,")],
)
def test_relative_addresses_start_from_the_page_s_base(base: str, expected: str) -> None:
    head = f'<base href="{base}"><link rel=canonical href="news/harbour-plan.html">'
    head += '<meta property="og:image" content=a.jpg>'
    article = pages.read(page(head=head), URL)
    assert (article.canonical_url, article.images[0].url) == (f"{expected}/news/harbour-plan.html", f"{expected}/a.jpg")


NEWS = '{"@type": "NewsArticle", "headline": "Harbour plan", "author": {"@type": "Person", "name": "Ana Onyx"}}'


@pytest.mark.parametrize(
    "script",
    [
        NEWS.replace('"', "&quot;"),
        f"\ufeff{NEWS}",
        f"{NEWS}\n" + '{"@type": "WebSite"}',
        f"{NEWS}, " + '{"@type": "WebSite"};',
        f"/* of the theme */ {NEWS}",
        f"// of the theme\n{NEWS}",
        NEWS.replace('"NewsArticle",', '"NewsArticle", // "Article", see https://schema.example/\n'),
        NEWS.replace("Harbour plan", "Harbour\\'s plan"),
        f"//<![CDATA[\n{NEWS}\n//]]>",
        f"<!-- {NEWS} -->",
        NEWS.replace("}}", "},}"),
    ],
)
def test_json_ld_with_a_common_fault_is_read(script: str) -> None:
    head = f'<script type="application/ld+json">{script}</script>'
    assert pages.read(page(head=head), URL).authors == ("Ana Onyx",)


@pytest.mark.parametrize("label", ["MIRA", "LEE MÁS", "VER", "ТАКЖЕ"])
def test_a_label_in_capitals_and_a_link_are_a_pointer_to_another_article_in_any_language(label: str) -> None:
    pointer = f"<b>{label}: </b><a href=/n/7>Why did the old ferry never sail in winter?</a>"
    html = page(prose(*PROSE[:2], pointer, *PROSE[2:]))
    assert pages.read(html, URL).body.split("\n\n") == PROSE


def test_a_speaker_or_a_source_in_front_of_a_text_with_a_link_stays() -> None:
    lines = ["ANA ONYX: We have <a href=/n/7>waited for the ferry</a> for eleven years, all of us on the quay."]
    html = page(prose(*PROSE[:2], *lines, *PROSE[2:]))
    assert "ANA ONYX: We have waited" in pages.read(html, URL).body
