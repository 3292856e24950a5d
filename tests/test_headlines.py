"""crawler.headlines: which of a page's titles is the headline, and what is cut off it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler import headlines, pages
from tests.test_pages import PROSE, URL, json_ld, page, prose


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Harbour plan goes to the council | The Alder Courier", "Harbour plan goes to the council"),
        ("The Alder Courier - Harbour plan goes to the council", "Harbour plan goes to the council"),
        ("Harbour plan goes to the council - Politics - The Alder Courier", "Harbour plan goes to the council"),
        ("Harbour plan » The Alder Courier", "Harbour plan"),
        ("Harbour plan | Alder Courier", "Harbour plan"),
        ("Council was told of the gap - Cour", "Council was told of the gap - Cour"),
        ("Harbour plan » Politics » The Alder Courier", "Harbour plan"),
        ("Ana Onyx : « Nous avons attendu onze ans »", "Ana Onyx : « Nous avons attendu onze ans »"),
        ("La sindaca: «Abbiamo aspettato undici anni»", "La sindaca: «Abbiamo aspettato undici anni»"),
        ("Politics of fear - a history | The Alder Courier", "Politics of fear - a history"),
        ("La sindaca: «Undici anni» | The Alder Courier", "La sindaca: «Undici anni»"),
        ("Harbour plan | ACN Politics", "Harbour plan"),
        ("Harbour plan in doubt - ACN poll", "Harbour plan in doubt - ACN poll"),
    ],
)
def test_site_and_section_are_cut_off_and_a_closing_quotation_mark_is_not(title: str, expected: str) -> None:
    assert headlines.without_site(title, {"thealdercourier", "acn"}, {"politics"}) == expected


def test_words_that_inflection_parts_confirm_a_headline() -> None:
    head = '<meta property="og:title" content="So könnten Häfen Europas neue Brücken bauen">' + json_ld(
        '"headline": "Neuer Hafen: Wie Europa eine Brücke finanziert"'
    )
    html = page(head=head, title="Neuer Hafen: Wie Europa eine Brücke finanziert")
    assert pages.read(html, URL).headline == "So könnten Häfen Europas neue Brücken bauen"


def test_a_headline_that_an_h1_prints_in_full_keeps_what_a_shorter_title_does_without() -> None:
    full = "Ana Onyx (96) has a driving licence: “He never let me”"
    head = '<meta property="og:title" content="' + full + '">'
    html = page(head=head, title=full).replace(f"<title>{full}".encode(), b"<title>Ana Onyx (96) has a driving licence")
    assert pages.read(html, URL).headline == full


def test_a_social_title_that_nothing_else_on_the_page_confirms_is_no_headline() -> None:
    head = '<meta property="og:title" content="Your daily stories">' + json_ld('"headline": "Harbour plan in doubt"')
    assert pages.read(page(head=head, title="Harbour plan in doubt"), URL).headline == "Harbour plan in doubt"


@pytest.mark.parametrize("home", ["/", "https://courier.example", "https://courier.example/index.html"])
def test_a_heading_that_leads_to_the_front_page_is_the_name_of_the_site(home: str) -> None:
    html = page(title="Notes of a harbour master").replace(
        b"<h1>Notes of a harbour master</h1>", f'<h1>Notes of a <a href="{home}">harbour master</a></h1>'.encode()
    )
    html = html.replace(b"<title>Notes of a harbour master", b"<title>The plan that nobody had read")
    assert pages.read(html, URL).headline == "The plan that nobody had read"


def test_an_h1_that_the_title_of_the_page_does_not_confirm_is_a_section_where_that_is_printed_too() -> None:
    html = page(title="Berth Seven Waits For A Crew", top="<h3>Berth Seven Waits For A Crew</h3>")
    html = html.replace(b"<h1>Berth Seven Waits For A Crew", b"<h1>Harbour and Sea")
    assert pages.read(html, URL).headline == "Berth Seven Waits For A Crew"


def headed(title: str, headings: str) -> str:
    html = f"<html><head><title>{title}</title></head><body>{headings}{prose(*PROSE)}</body></html>"
    return pages.read(html.encode(), URL).headline


HEADLINE = "Harbour plan goes to the council"


@pytest.mark.parametrize("title", ["{} – Local – The Courier", "The Courier: {}", "{} | Local"])
def test_an_h1_that_is_a_section_yields_to_the_heading_that_the_title_holds(title: str) -> None:
    assert headed(title.format(HEADLINE), f"<h1>Local news</h1><h2>{HEADLINE}</h2>") == HEADLINE


def test_a_kicker_in_an_element_of_the_heading_is_no_part_of_the_headline() -> None:
    assert headed(HEADLINE, f"<h1><span>The pier</span> {HEADLINE}</h1>") == HEADLINE
    assert headed(HEADLINE, f"<h1>The pier: {HEADLINE}</h1>") == f"The pier: {HEADLINE}"


def test_an_h1_is_the_headline_where_nothing_confirms_or_denies_it() -> None:
    html = page(title="Berth Seven Waits For A Crew").replace(b"<title>Berth Seven Waits For A Crew", b"<title>News")
    assert pages.read(html, URL).headline == "Berth Seven Waits For A Crew"


def test_of_two_printed_titles_the_one_below_is_the_headline() -> None:
    head = '<meta property="og:title" content="Harbour Port Alder: council, ferry, costs">' + json_ld(
        '"headline": "Eleven years of waiting for the Port Alder ferry"'
    )
    top = "<h2>Eleven years of waiting for the Port Alder ferry</h2>"
    article = pages.read(page(head=head, title="Harbour Port Alder: council, ferry, costs", top=top), URL)
    assert article.headline == "Eleven years of waiting for the Port Alder ferry"
    assert article.body.split("\n\n") == PROSE


@pytest.mark.parametrize("below", ["Eleven years of waiting", "The ferry – Harbour plan goes to the council"])
def test_a_heading_below_the_headline_that_no_title_confirms_or_that_repeats_it_is_none(below: str) -> None:
    head = '<meta property="og:title" content="Harbour plan goes to the council">'
    title = "<title>The ferry: Harbour plan goes to the council</title>"
    html = page(head=head, top=f"<h2>{below}</h2>").replace(b"<title>", title.encode() + b"<title>", 1)
    assert pages.read(html, URL).headline == "Harbour plan goes to the council"


def test_a_title_that_is_printed_but_not_the_headline_is_no_text() -> None:
    head = '<meta property="og:title" content="Port Alder argues about its harbour plan">'
    text = f"<h2>Port Alder argues about its harbour plan</h2>{prose(*PROSE)}"
    assert pages.read(page(text, head=head), URL).body.split("\n\n") == PROSE


@pytest.mark.parametrize(
    ("title", "printed"),
    [
        ("Harbour plan goes to council in May-ACN Technology Review", "Harbour plan goes to council in May"),
        ("港口改建方案提交市议会-信使", "港口改建方案提交市议会"),
        ("港口改建方案提交市议会__2024年第3期_信使网", "港口改建方案提交市议会"),
    ],
)
def test_a_tail_that_a_block_of_the_page_does_without_is_cut_off(title: str, printed: str) -> None:
    html = f"<title>{title}</title><body><div><h4>{printed}</h4>{prose(*PROSE)}</div>"
    assert pages.read(html.encode(), URL).headline == printed


@pytest.mark.parametrize(
    ("behind", "expected"),
    [("（共同通信）", ""), ("（信使新聞）", ""), ("（Reuters）", ""), ("（動画あり）", "（動画あり）")],
)
def test_the_house_that_a_portal_prints_behind_a_title_is_no_part_of_it(behind: str, expected: str) -> None:
    title = "桟橋の改修計画、市議会が審議へ"
    head = f'<meta property="og:title" content="{title}{behind} - The Alder Courier">'
    assert pages.read(page(head=head, title=title), URL).headline == title + expected


def test_what_a_quotation_mark_cuts_off_in_the_head_is_not_believed() -> None:
    head = '<meta property="og:title" content="Mayor says "we waited" and leaves">'
    head += '<meta name=description content="He said "eleven years are enough" on Monday">'
    article = pages.read(page(head=head, title="Mayor says “we waited” and leaves"), URL)
    assert (article.headline, article.description) == ("Mayor says “we waited” and leaves", None)


@pytest.mark.parametrize("mark", ["class='headline entry-title'", "itemprop=headline"])
def test_what_a_page_marks_as_its_headline_is_it_where_no_heading_is(mark: str) -> None:
    html = f"<title>News from the ACN</title><body><p><span {mark}>Harbour plan goes to the council</span>"
    html += f"<span>Mar 5, 2024</span></p>{prose(*PROSE)}"
    assert pages.read(html.encode(), URL).headline == "Harbour plan goes to the council"


@pytest.mark.parametrize("section", ["Information and Resources", "Harbours Boating Center"])
def test_a_word_in_common_confirms_no_section_as_the_headline(section: str) -> None:
    title = "Harbour plan and what it means for you"
    html = f"<title>{title}</title><body><h1>{section}</h1><h3>{title}</h3>{prose(*PROSE)}"
    assert pages.read(html.encode(), URL).headline == title


def test_of_a_title_longer_than_any_headline_the_beginning_is_looked_at() -> None:
    """What a page puts into its <title> may be a megabyte of bars."""
    html = f"<title>{'Harbour plan ' * 9000}{'|' * 9000}</title><body>{prose(*PROSE)}"
    assert 0 < len(pages.read(html.encode(), URL).headline) <= 600


def test_an_h1_in_a_header_that_words_the_title_otherwise_is_the_headline_s_place() -> None:
    head = '<meta property="og:title" content="Alder hires a crew for berth seven">'
    top = "<header><h1>Breaking: a crew is hired for berth seven of Alder</h1><ul><li>"
    stamp = "<time datetime=2024-03-05T12:34:00Z>4 hours ago</time></li></ul>"
    tools = "<ul>" + "".join(f"<li>{word}</li>" for word in ("one", "two", "three") * 3) + "</ul>"
    html = f"<title>Alder hires a crew for berth seven</title>{head}<body><article>{top}{stamp}{tools}</header>"
    article = pages.read(f"{html}{prose(*PROSE)}</article>".encode(), "https://courier.example/berth-seven")
    assert article.date_published == datetime(2024, 3, 5, 12, 34, tzinfo=UTC)


def test_a_kicker_before_a_bar_that_the_heading_does_without_is_cut_off() -> None:
    head = f'<meta property="og:title" content="Opinion | {HEADLINE}">'
    assert pages.read(page(head=head, title=HEADLINE), URL).headline == HEADLINE


@pytest.mark.parametrize(
    ("title", "logo"),
    [
        ("Berth seven waits for a crew - Sailors' News", "Sailors' News"),
        ("这个港口的新码头在等船员来上班_海港日报", "海港日报"),
    ],
)
def test_the_name_in_a_logo_that_ends_the_title_is_not_the_headline(title: str, logo: str) -> None:
    html = f"<html><head><title>{title}</title></head><body><h1>{logo}</h1><article>{prose(*PROSE)}</article></body>"
    headline = title.replace("_", " - ").partition(" - ")[0]
    assert pages.read(html.encode(), "https://www.courier.example/berth-seven").headline == headline


@pytest.mark.parametrize(
    "title", ["Berth seven waits for a crew and a crane", "Dam bursts in Karvia", "海港旧桥将关闭维修"]
)
def test_a_template_that_calls_the_title_the_name_of_the_site_keeps_its_headline(title: str) -> None:
    head = f'<meta name="application-name" content="{title}">'
    assert pages.read(page(head=head, title=title), URL).headline == title
