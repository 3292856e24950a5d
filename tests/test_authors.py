"""crawler.authors and crawler.bylines: bylines and structured data -> persons, and the byline as printed."""

from __future__ import annotations

import pytest

from crawler import authors, pages
from tests.test_pages import PROSE, URL, json_ld, page, prose, publisher

UNDATED = "https://www.courier.example/news/harbour-plan.html"
SITES = ("The Alder Courier", "courier.example", "Port & Sea")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("By Ana Onyx and Ben Pyrite", ["Ana Onyx", "Ben Pyrite"]),
        ("AFP/Ana Onyx", ["Ana Onyx"]),
        ("By ANA ONYX, BEN PYRITE and CLEO QUARTZ", ["Ana Onyx", "Ben Pyrite", "Cleo Quartz"]),
        ("byAna Onyx", ["Ana Onyx"]),
        ("By Ana O. and B. P.", ["Ana O.", "B. P."]),
        ("M. Onyx", ["M. Onyx"]),
        ("Autors: Ana Onyx", ["Ana Onyx"]),
        ("Аутор: Ана Оникс", ["Ана Оникс"]),
        ("Written by: Ana Onyx | Alder", ["Ana Onyx"]),
        ("Reporting by Ana Onyx; Editing by Ben Pyrite", ["Ana Onyx"]),
        ("Von Ana Onyx, Ben Pyrit und Cleo Quarz", ["Ana Onyx", "Ben Pyrit", "Cleo Quarz"]),
        ("Kommentar von Ana Onyx", ["Ana Onyx"]),
        ("Ein Gastbeitrag von Ana von der Erle", ["Ana von der Erle"]),
        ("Par Ana Onyx avec AFP", ["Ana Onyx"]),
        ("Propos recueillis par Ana Onyx", ["Ana Onyx"]),
        ("Por Ana Onyx y Ben Pirita", ["Ana Onyx", "Ben Pirita"]),
        ("Oleh Ana Onyx", ["Ana Onyx"]),
        ("Автор: Анна Оникс", ["Анна Оникс"]),
        ("김나라 기자", ["김나라"]),
        ("记者 王明", ["王明"]),
        ("王明、李华", ["王明", "李华"]),
        ("（记者李华）", ["李华"]),
        ("〔記者王大明／台北報導〕", ["王大明"]),
        ("記者王大明台北報導", ["王大明"]),
        ("信使快訊／王大明", ["王大明"]),
        ("信使报", []),
        ("Escrito por Ana Ónix", ["Ana Ónix"]),
        ("ANA ÓNIX Y BEN PIRITA", ["Ana Ónix", "Ben Pirita"]),
        ("Tekst: Ana Onyx Foto: Ben Pyritt", ["Ana Onyx"]),
        ("Text: Ana Onyx, Fotos: Ben Pyrit", ["Ana Onyx"]),
        ("Autorka: Jana Onyxová", ["Jana Onyxová"]),
        ("Írta: Ónix János", ["Ónix János"]),
        ("Yazar: Ayşe Yılmaz", ["Ayşe Yılmaz"]),
        ("Tác giả: Nguyễn Văn An", ["Nguyễn Văn An"]),
        ("Από τον Γιώργο Όνυχα", ["Γιώργο Όνυχα"]),
        ("بقلم: محمد علي", ["محمد علي"]),
        ("כתב: דוד כהן", ["דוד כהן"]),
        ("द्वारा राम शर्मा", ["राम शर्मा"]),
        ("Odette Onyx", ["Odette Onyx"]),
        ("Dario Onyx", ["Dario Onyx"]),
        ("By Ana Onyx For Courier Online", ["Ana Onyx"]),
        ("Ana Onyx Senior Correspondent", ["Ana Onyx"]),
        ("By ANA ONYX Herald Staff Writer July 14, 2026", ["Ana Onyx"]),
        ("Our Special Correspondent", []),
        ("Super User", []),
        ("Nachrichtenagentur", []),
        # titles, degrees, offices, places
        ("Prof. Dr. Ana Onyx und Dipl.-Ing. Ben Pyrit", ["Ana Onyx", "Ben Pyrit"]),
        ("Ana Onyx, PhD", ["Ana Onyx"]),
        ("Ana Onyx, political editor", ["Ana Onyx"]),
        ("Ana Onyx, AP Sports Writer", ["Ana Onyx"]),
        ("Von Ana Onyx, Zürich", ["Ana Onyx"]),
        ("Ana Onyx in Port Alder", ["Ana Onyx"]),
        ("Ana Onyx November 18, 2024", ["Ana Onyx"]),
        ("Monday November 18, 2024 7:45 am PST by Ana Onyx", ["Ana Onyx"]),
        ("Ana OnyxMonday, November 18", ["Ana Onyx"]),
        ("April Onyx and May Pyrite", ["April Onyx", "May Pyrite"]),
        ("Ana Onyx | Diario de Alder", ["Ana Onyx"]),
        ("Em São Paulo", []),
        ("Don Onyx and Mag Pyrite", ["Don Onyx", "Mag Pyrite"]),
        # addresses, handles, links beside the name
        ("Ana Onyx (ana.onyx@courier.example)", ["Ana Onyx"]),
        ("Ana Onyx @anaonyx", ["Ana Onyx"]),
        ("By Ana Onyx Follow", ["Ana Onyx"]),
        ("Print | National Desk", []),
        ("Keywords", []),
        ("关注", []),
        ("发布时间：", []),
        ("未知 责任编辑：王明", []),
        ("王明中国人民大学金融研究院执行院长", []),
        ("ANA ONYX and BEN PYRITE - AP Technology Writers", ["Ana Onyx", "Ben Pyrite"]),
        ("By Ana Maria Onyx on Jul 04, 2024", ["Ana Maria Onyx"]),
        ("Ana Onyx lives in Alder and works for a port", ["Ana Onyx"]),
        ("Ana van der Onyx", ["Ana van der Onyx"]),
        ("Ana (Annie) Onyx, Port Wire", ["Ana Onyx"]),
        ("Ana Onyx (Port Wire)", ["Ana Onyx"]),
        ("ANA ONYX Envoyée spéciale à Port-Aulne", ["Ana Onyx"]),
        ("Port & Sea, Alder Media", []),
        ("Editions of The Alder Courier", []),
        ("发布时间：10-08 12:00 王明", []),
        ("WEBSITE", []),
        # who made the pictures, and when
        ("Words by Ana Onyx. Photographs by Ben Pyrite", ["Ana Onyx"]),
        ("Words by Ana Onyx. Photographs by Ben J. Pyrite and Cleo Quartz", ["Ana Onyx"]),
        ("By Ana Onyx Photos by Ben Pyrite", ["Ana Onyx"]),
        ("By Ana OnyxPhotos by Ben Pyrite", ["Ana Onyx"]),
        ("By Ana Onyx and Cleo Quartz, photos by Ben Pyrite", ["Ana Onyx", "Cleo Quartz"]),
        ("Photographs by Ben Pyrite. Words by Ana Onyx", ["Ana Onyx"]),
        ("Photos by Ben Pyrite, words by Ana Onyx", ["Ana Onyx"]),
        ("Words and photographs by Ana Onyx", ["Ana Onyx"]),
        ("Texte et photos : Ana Onyx", ["Ana Onyx"]),
        ("Par Ana Onyx, photos par Ben Pyrite", ["Ana Onyx"]),
        ("Submitted by Ana Onyx on Thu, 10/22/2026 - 09:12", ["Ana Onyx"]),
        ("di Ana Onyx il Gio, 22/10/2026 - 09:12", ["Ana Onyx"]),
        # nobody
        ("AFP", []),
        ("Reuters Staff", []),
        ("Redaktion, Frankfurt", []),
        ("Redacción Central", []),
        ("מערכת אלדר", []),
        ("ویب ڈیسک", []),
        ("নিজস্ব প্রতিবেদক", []),
        ("वेब डेस्क", []),
        ("Haber Merkezi", []),
        ("ทีมข่าว", []),
        ("Redacción: Ana Onyx", ["Ana Onyx"]),
        ("البحيرة - ناصر جودة", ["ناصر جودة"]),
        ("Tanta – Ana Onyx", ["Ana Onyx"]),
        ("Ana Onyx - Port Alder", ["Ana Onyx"]),
        ("PMPA - Harbour Office", ["PMPA"]),
        ("AFP - Port Alder", []),
        ("Redaktion - Port Alder", []),
        ("The Alder Courier (www.courier.example)", []),
        ("writes from Port Alder", []),
        ("20240305", []),
    ],
)
def test_names_come_out_of_a_byline_alone(value: str, expected: list[str]) -> None:
    assert list(authors.names([value], SITES)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("Alder Police", ["Alder Police"]), ("Le Courrier avec AFP", []), ("dpa/lnw", []), ("AP Møller", ["AP Møller"])],
)
def test_a_desk_stands_for_persons_but_not_with_an_agency(value: str, expected: list[str]) -> None:
    assert list(authors.desks([value])) == expected


@pytest.mark.parametrize(
    ("top", "printed", "expected"),
    [
        (
            '<div class=meta>5 March 2024 • <span class="author vcard"><a href=/u/7>Ana Onyx</a></span> • 3 min</div>',
            "Ana Onyx",
            ("Ana Onyx",),
        ),
        ("<div>Tue 5 March 2024 | 14:07 | By Ana Onyx</div>", "By Ana Onyx", ("Ana Onyx",)),
        ("<td>الثلاثاء 5 مارس 2024 - صنعاء / كتب: جميل المقطري</td>", "كتب: جميل المقطري", ("جميل المقطري",)),
        (
            "<div><span class=author-name>By <b>Ana Onyx</b></span><span class=time>Mar 5, 2024</span></div>",
            "By Ana Onyx",
            ("Ana Onyx",),
        ),
        (
            "<p class=byline>By <a href=/profile/ana>Ana Onyx</a><a href=/feed>Follow</a></p>",
            "By Ana Onyx Follow",
            ("Ana Onyx",),
        ),
        (
            "<p class=byline><a href=/author/1>Ana Onyx</a> <a href=/author/2>Ben Pyrite</a></p>",
            "Ana Onyx Ben Pyrite",
            ("Ana Onyx", "Ben Pyrite"),
        ),
        ("<p>By signing in, you agree to our terms.</p><div>By Ana Onyx</div>", "By Ana Onyx", ("Ana Onyx",)),
        (
            "<div><span class=meta__author>The Alder Courier avec AFP</span><span>Publié le 5 mars</span></div>",
            "The Alder Courier avec AFP",
            (),
        ),
    ],
)
def test_an_author_is_found_within_a_line_of_the_header(top: str, printed: str, expected: tuple[str, ...]) -> None:
    article = pages.read(page(top=top, head='<meta property="og:site_name" content="The Alder Courier">'), URL)
    assert (article.byline, article.authors) == (printed, expected)


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        (
            "<div class=credit-title><div class=credit-title-name><a href=/a/1><h6>Ana Onyx,</h6></a>"
            "<a href=/a/2><h6>Ben Pyrite</h6></a></div><p>The desk</p></div>",
            ("Ana Onyx", "Ben Pyrite"),
        ),
        ("<div class=read__credit>Ana Onyx</div>", ("Ana Onyx",)),
        ("<div class=read__credit>Ana Onyx</div><div class=photo><img src=/a.jpg></div>", ("Ana Onyx",)),
    ],
)
def test_an_element_for_credits_in_a_header_without_a_picture_names_authors(
    top: str, expected: tuple[str, ...]
) -> None:
    article = pages.read(page(top=top), URL)
    assert article.authors == expected
    assert article.images == ()
    assert article.body.split("\n\n") == PROSE


@pytest.mark.parametrize(
    "top", ["<img src=/a.jpg><div class=photo-credit>Ana Onyx</div>", "<div class=credit>Getty Images</div>"]
)
def test_a_picture_s_credit_in_a_header_is_no_author(top: str) -> None:
    assert pages.read(page(top=top), URL).authors == ()


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        ("<div>Edited By: मोहन वर्मा | रिपोर्ट: सीमा राव | 5 मार्च 2024, 02:35 PM</div>", ("सीमा राव",)),
        ("<ul><li>مصنف، <strong>ثنا رضا</strong></li><li>عہدہ، نامہ نگار</li></ul>", ("ثنا رضا",)),
        ("<div><span>5 มี.ค. 2567 09:12 น.</span><span>ผู้เขียน: มานี ใจดี</span></div>", ("มานี ใจดี",)),
        ("<div><span class=author>Επιμέλεια: Άννα Όνυχα</span><time>5 Μαρτίου 2024</time></div>", ("Άννα Όνυχα",)),
        ("<div class=byline>社会部 青山花子</div>", ("青山花子",)),
        ("<div class=byline>長谷部 花子</div>", ("長谷部 花子",)),
        ("<div><b>रिपोर्ट:</b> बारिश के बाद तीन गाँवों में भारी नुकसान</div>", ()),
        ("<div>रिपोर्ट के मुताबिक सीमा राव</div>", ()),
    ],
)
def test_a_label_within_a_line_names_the_author_in_every_script(top: str, expected: tuple[str, ...]) -> None:
    assert pages.read(page(top=top), URL).authors == expected


def test_a_day_that_abuts_a_labelled_author_is_none_of_the_byline() -> None:
    top = "<div><span class=author>Επιμέλεια: Άννα Όνυχα</span><time>5 Μαρτίου 2024</time></div>"
    assert pages.read(page(top=top), URL).byline == "Επιμέλεια: Άννα Όνυχα"


def test_an_agency_beside_the_paper_in_an_element_for_authors_is_the_agency() -> None:
    top = "<div class=meta><span class=meta__author>La Gazette avec AFP</span><span>Publié le 5 mars</span></div>"
    article = pages.read(page(top=top), URL)
    assert (article.agency, article.agency_evidence) == ("AFP", "byline")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (
            '<meta name="twitter:label1" content="Verfasst von"><meta name="twitter:data1" content="Ana Onyx">',
            ("Ana Onyx",),
        ),
        ('<meta name="twitter:label1" content="Lesezeit"><meta name="twitter:data1" content="2 Minuten">', ()),
        ('<meta name="author" content="105092">', ()),
        ('<meta name="author" content="https://social.example/courier">', ()),
        ('<meta name="author" content="News">', ()),
        ('<meta name="author" content="信使报">', ()),
        ('<meta name="author" content="王明"><meta name="copyright" content="信使版权所有">', ("王明",)),
        ('<meta name="author" content="信使"><meta name="copyright" content="信使版权所有">', ()),
    ],
)
def test_meta_names_an_author_or_nobody(head: str, expected: tuple[str, ...]) -> None:
    assert pages.read(page(head=head), URL).authors == expected


@pytest.mark.parametrize(
    "author",
    ['{"name": {"@value": "Ana Onyx"}}', '[[{"name": "Ana Onyx"}]]', '{"@list": [{"name": "Ana Onyx"}]}'],
)
def test_an_author_is_found_in_whatever_json_ld_makes_of_a_list(author: str) -> None:
    assert pages.read(page(head=json_ld(f'"author": {author}')), URL).authors == ("Ana Onyx",)


def test_a_list_of_json_ld_that_holds_lists_without_end_ends() -> None:
    head = json_ld(f'"author": {"[" * 60}"Ana Onyx"{"]" * 60}')
    assert pages.read(page(head=head), URL).authors == ()


def test_a_printed_author_comes_before_an_organization_in_structured_data() -> None:
    head = json_ld('"headline": "Harbour plan", "author": {"@type": "Organization", "name": "Courier Digital"}')
    assert pages.read(page(head=head, top="<p class=byline>By Ana Onyx</p>"), URL).authors == ("Ana Onyx",)
    assert pages.read(page(head=head), URL).authors == ("Courier Digital",)


def test_a_desk_that_is_called_after_the_paper_is_one_author_whatever_joins_its_name() -> None:
    head = json_ld('"author": {"@type": "Organization", "name": "The Alder Courier Porto e Região"}')
    article = pages.read(
        page(top="<p class=byline>Por The Alder Courier Porto e Região</p>", head=head), URL, publisher=publisher()
    )
    assert article.authors == ("The Alder Courier Porto e Região",)


def test_a_byline_nested_deeper_than_python_recurses_is_read() -> None:
    top = "<p class=byline>" + "<span>" * 3000 + "By Ana Onyx" + "</span>" * 3000 + "</p>"
    assert pages.read(page(top=top), URL).authors in (("Ana Onyx",), ())


def test_who_edited_a_text_is_not_its_author() -> None:
    head = json_ld('"headline": "Harbour plan", "author": {"@type": "Person", "name": "Ben Pyrite"}')
    body = prose(*PROSE) + "</div><div class=author>Editor : Ben Pyrite"
    html = page(body, head=head, top='<div class="author-2">Ana Onyx</div>')
    assert pages.read(html, URL).authors == ("Ana Onyx",)


def test_a_label_below_the_text_names_the_author() -> None:
    below = "</div><ul><li><b>Date</b> 5 March 2024</li><li><b>Author</b> Ana Onyx</li></ul><div>"
    assert pages.read(page(prose(*PROSE) + below), URL).authors == ("Ana Onyx",)


@pytest.mark.parametrize(
    "signature",
    [
        '<p style="text-align:right"><strong>Lê Phương Mai</strong></p>',
        "<p><em>Ana Onyx</em></p>",
        "<p class=author>A. Onyx</p>",
        "<p>(Ana Onyx-Pyrite)</p>",
        "<p><strong>Ana Onyx-Pyrite, à Goma</strong></p>",
        "</div><div class=author><span>Lê Phương Mai (TTXVN)</span>",
        "<p>Lê Phương Mai/TTXVN</p>",
    ],
)
def test_a_signature_below_the_text_is_its_author_and_no_paragraph(signature: str) -> None:
    article = pages.read(page(prose(*PROSE) + signature), URL)
    assert len(article.authors) == 1
    assert article.body.split("\n\n") == PROSE


@pytest.mark.parametrize("line", ["<div class=rightShare>Share</div>", "<div class=copyright>Alderport</div>"])
def test_a_control_or_a_line_of_rights_below_the_text_is_no_signature(line: str) -> None:
    assert pages.read(page(prose(*PROSE) + "</div>" + line + "<div>"), URL).authors == ()


def test_several_names_in_an_element_for_authors_below_the_text_are_its_authors() -> None:
    article = pages.read(page(prose(*PROSE) + "<p class=document_authors>Анна Оникс, Иван Пирит-Лобов</p>"), URL)
    assert (article.authors, article.body.split("\n\n")) == (("Анна Оникс", "Иван Пирит-Лобов"), PROSE)


@pytest.mark.parametrize("last", ["(Ends here)", "(Getty Images)", "(Photo: Ana Onyx)", "Ana Onyx (right)"])
def test_other_last_lines_in_brackets_name_no_author(last: str) -> None:
    assert pages.read(page(prose(*PROSE, last)), URL).authors == ()


def test_who_posted_a_text_is_told_right_below_it_and_not_in_its_comments() -> None:
    posted, comment = "<p>Posted by Ana Onyx at 8:00 AM</p>", "<p>Posted by Ben Pyrite at 9:00 AM</p>"
    comments = "<div class=comments><h4>2 comments</h4><p>It is about time.</p>"
    assert pages.read(page(prose(*PROSE) + f"<div>{posted}</div>{comments}{comment}</div>"), URL).authors == (
        "Ana Onyx",
    )
    assert pages.read(page(prose(*PROSE) + f"{comments}{comment}</div>"), URL).authors == ()


def test_a_last_line_in_plain_type_is_no_signature() -> None:
    article = pages.read(page(prose(*PROSE) + "<p>Port Alder.</p>"), URL)
    assert article.authors == ()


@pytest.mark.parametrize(
    "note",
    [
        "Ana Onyx is a fellow at the Institute for Ports and writes on what the sea leaves behind.",
        "Die Ökonomin Ana Onyx (*1958) lehrt in Port Alder. Zuletzt erschien von ihr ein Buch über Häfen.",
        "Ana Onyx, Ben Pyrite",
    ],
)
@pytest.mark.parametrize(
    "around", ["{}", "About the author|{}", "{}|The views in this column are her own and nobody else’s."]
)
def test_the_note_on_its_author_that_ends_a_text_is_no_part_of_it(note: str, around: str) -> None:
    below = around.format(note).split("|")
    html = page(prose(*PROSE, *below), head=json_ld('"author": {"name": "Ana Onyx"}'))
    assert pages.read(html, URL).body.split("\n\n") == PROSE


@pytest.mark.parametrize(
    "last",
    [
        *(
            "(aon)",
            "(aon/bpy)",
            "Redaktion: Ana Onyx, Faktencheck: Ben Pyrite",
            "Editing by: Ana Onyx",
            "（编辑：王明）",
        ),
        *("aon/bpy", "AON/BP/OID", "- مل -", "(foto) (vídeo)", "Edited by Ana Onyx/Ben Pyrite and Cleo Jasper"),
        *("《 江州日报 》（ 2024年03月05日 11 版）", "The Alder Courier", "भाषा सं. मीना खारी|खारी"),
        "भाषा मीना खारी|यह खबर ‘भाषा’ न्यूज एजेंसी से ‘ऑटो-फीड’ द्वारा ली गई है।",
        *("(NAN)|Edited by Ana Onyx", "Ana ONYX/ALDER (Liman), (DHA)"),
        "Editor : A.O.",
    ],
)
def test_initials_and_editors_that_end_a_text_are_no_part_of_it(last: str) -> None:
    html = page(prose(*PROSE, *last.split("|")))
    assert pages.read(html, URL, publisher=publisher()).body.split("\n\n") == PROSE


@pytest.mark.parametrize(
    "last", ["Edited by hand and printed at night, the paper sold out.", "HIV and AIDS", "The Alder Courier?", "Ende"]
)
def test_a_last_line_that_says_something_else_stays(last: str) -> None:
    html = page(prose(*PROSE, last))
    assert pages.read(html, URL, publisher=publisher()).body.split("\n\n") == [*PROSE, last]


@pytest.mark.parametrize(
    ("author", "last"),
    [
        ("Ana Onyx", "Ana Onyx: And what will you do on the day when the old bridge is closed to all traffic?"),
        ("Ana Onyx", "The council of Port Alder meets again in May, as nobody but Ana Onyx and her readers had hoped."),
        ("Ana Onyx", "(Laughs) Nobody has asked me that since the day on which the old ferry was sold for scrap."),
        ("Alder Times", "The Alder Times asks its readers to write down what they remember of the ferry."),
    ],
)
def test_a_last_paragraph_that_merely_names_the_author_stays(author: str, last: str) -> None:
    head = json_ld(f'"author": {{"name": "{author}"}}')
    html = page(prose(*PROSE, last), head=head)
    assert pages.read(html, URL).body.split("\n\n") == [*PROSE, last]


def test_a_line_on_top_that_says_who_wrote_the_text_is_no_part_of_it() -> None:
    signed = "Von Ana Onyx, Port Alder"
    html = page(prose(PROSE[0], signed, *PROSE[1:]), head=json_ld('"author": {"name": "Ana Onyx"}'))
    assert pages.read(html, URL).body.split("\n\n") == PROSE


def test_a_person_in_the_line_below_an_agency_s_byline_is_the_author() -> None:
    top = "<p class=byline>By: CNN Wire</p><p>Posted at 2:42 PM</p><div>By Ana Onyx</div>"
    article = pages.read(page(top=top), URL)
    assert (article.agency, article.authors) == ("CNN", ("Ana Onyx",))


@pytest.mark.parametrize("last", ["-- By Ana Onyx", "— By Ana Onyx, Courier Staff Writer"])
def test_a_last_line_that_says_by_whom_is_the_author_and_no_text(last: str) -> None:
    article = pages.read(page(prose(*PROSE, last)), URL)
    assert (article.authors, article.body.split("\n\n")) == (("Ana Onyx",), PROSE)


def test_a_picture_s_credit_in_an_element_for_authors_is_no_byline() -> None:
    article = pages.read(page(top="<div class=author>Снимка: Getty Images/Guliver</div>"), URL)
    assert (article.byline, article.authors) == (None, ())


@pytest.mark.parametrize(
    "top",
    [
        '<p><a href="/journalist/ana-onyx">Ana Onyx</a>, Alder</p>',
        '<p><a class="th-meta" href="/about/editors/ana-onyx/">Ana Onyx</a>, <a href="/x">@ana</a></p>',
        '<div class="firma">Ana Onyx</div>',
        '<div class="yazar">Ana Onyx</div>',
        "<dl><dt>Author</dt><dd>Ana Onyx</dd></dl>",
        "<span itemprop=author itemscope><meta itemprop=name content='Ana Onyx'></span>",
    ],
)
def test_an_author_is_told_by_a_link_a_class_a_label_above_or_microdata(top: str) -> None:
    assert pages.read(page(top=top), URL).authors == ("Ana Onyx",)


@pytest.mark.parametrize("href", ["/news/ana-onyx-wins", "/authors/ben-pyrite", "/personal/ana-onyx"])
def test_a_link_in_the_header_that_leads_to_no_page_of_the_person_names_no_author(href: str) -> None:
    assert pages.read(page(top=f'<p><a href="{href}">Ana Onyx</a></p>'), URL).authors == ()


def test_a_bar_and_an_address_in_a_meta_author_are_no_part_of_the_name() -> None:
    head = '<meta name="article_author" content="Ana Onyx | aonyx@courier.example">'
    assert pages.read(page(head=head), URL).authors == ("Ana Onyx",)


def test_the_photographer_whom_a_picture_s_microdata_names_is_no_author() -> None:
    picture = (
        "<div class=image itemscope itemtype='http://schema.org/ImageObject'><img src=/pier.jpg>"
        "<meta itemprop=author content='Ben Pyrite | The Alder Post'></div>"
    )
    top = f"<div itemprop=author itemscope><a itemprop=url href=/ana-onyx>Ana Onyx</a></div>{picture}"
    assert pages.read(page(top=top), URL).authors == ("Ana Onyx",)


def test_a_keyword_in_the_element_for_the_author_is_none() -> None:
    keywords = "<dl class=keyword><dt>関連</dt><dd><a href=/k/1>脆弱性</a></dd></dl>"
    top = f"<div class=article-author><a class=article-author__name href=/author/180/>山田大地</a>{keywords}</div>"
    assert pages.read(page(top=top, lang="ja"), URL).authors == ("山田大地",)


@pytest.mark.parametrize(
    "top",
    [
        "<div class=byline><p>Ana Onyx</p><p>Ben Pyrite</p></div>",
        "<ul class=authors><li>Ana Onyx</li><li>Ben Pyrite</li></ul>",
        "<p class=author>By Ana Onyx</p><p class=author>By Ben Pyrite</p>",
        "<p>By Ana Onyx</p><p>By Ben Pyrite</p>",
        "<div class=authors><div class=author>Ana Onyx</div><div class=author>Ben Pyrite</div></div>",
        "<div class=byline><div class=author>Ana Onyx</div><div class=author>Ben Pyrite</div>"
        "<time>Tue, March 5, 2024 at 11:42 AM GMT</time></div>",
        "<div class=authors><div class=author><p class=name>Ana Onyx</p><p class=role>Harbours, Alder</p></div>"
        "<div class=author><p class=name>Ben Pyrite</p><p class=role>Ports, Alder</p></div></div>",
    ],
)
def test_authors_who_each_have_a_block_in_the_byline_are_all_authors(top: str) -> None:
    assert pages.read(page(top=top), UNDATED).authors == ("Ana Onyx", "Ben Pyrite")


@pytest.mark.parametrize(
    "top",
    [
        "<div class=byline><div class=author>Ana Onyx</div><time>Tue, March 5, 2024 at 11:42 AM GMT</time></div>",
        "<div class=byline><p class=name>Ana Onyx</p><p class=place>Port Alder</p></div>",
        "<div class=byline><div class=author>Ana Onyx</div><div class=section>Harbours</div></div>",
        "<div class=byline><p>Ana Onyx</p><p>Harbours</p></div>",
        "<div class=byline><p>By Ana Onyx</p><p>Reporting from Port Alder</p></div>",
        "<p class=author>By Ana Onyx</p><p class=author>Edited by Ben Pyrite</p>",
        "<p class=author>By Ana Onyx</p><p class=author>Translated by Ben Pyrite</p>",
        "<p class=author>By Ana Onyx</p><p class=author>Illustrations: Ben Pyrite</p>",
        "<div class=author><div>Ana Onyx</div><div>Harbour correspondent</div><div>Port Alder</div></div>",
        "<ul class=byline><li>Ana Onyx</li><li>Port Alder</li><li>5 March 2024</li></ul>",
        "<div class=byline><div class=author-name>Ana Onyx</div><div class=author-title>Harbour Man</div></div>",
    ],
)
def test_a_day_a_place_an_office_or_another_maker_beside_the_author_is_none(top: str) -> None:
    assert pages.read(page(top=top), UNDATED).authors == ("Ana Onyx",)


def test_those_whose_information_a_text_uses_are_no_authors() -> None:
    line = "<div class=autor><b>{} <a href=/autor/7>{}</a></b></div>"
    top = f"<div class=autores>{line.format('Por', 'Ana Onyx')}{line.format('Con información de', 'Ben Pyrite')}</div>"
    assert pages.read(page(top=top), UNDATED).authors == ("Ana Onyx",)


def test_a_byline_of_several_blocks_is_printed_with_commas() -> None:
    top = "<ul class=authors><li>Ana Onyx</li><li>AFP</li></ul>"
    article = pages.read(page(top=top), UNDATED)
    assert (article.byline, article.authors, article.agency) == ("Ana Onyx, AFP", ("Ana Onyx",), "AFP")


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        ("<p class=byline><a href=/x>Ana Onyx</a><a href=/y>@anaonyx</a></p>", ("Ana Onyx",)),
        ("<p class=byline><span>Ana Onyx</span><span>@anaonyx</span></p>", ("Ana Onyx",)),
        (
            "<p class=byline><a href=/x>Ana Onyx</a><a href=mailto:ana@courier.example>ana@courier.example</a></p>",
            ("Ana Onyx",),
        ),
        ("<p class=byline><a href=/x>ANA ONYX</a><a href=/y>BEN PYRITE</a></p>", ("Ana Onyx", "Ben Pyrite")),
        ("<p class=byline>By <b>A</b>na Onyx</p>", ("Ana Onyx",)),
        ("<p>Submitted by <span>Ana Onyx</span> on Tue, 03/05/2024 - 09:12</p>", ("Ana Onyx",)),
        (
            "<footer class=node__meta><div>Submitted by <b>Ana Onyx</b> on Tue, 03/05/2024 - 09:12</div></footer>",
            ("Ana Onyx",),
        ),
        ("<p>Words by Ana Onyx. Photographs by Ben Pyrite</p>", ("Ana Onyx",)),
        (
            "<p class=byline><span class=author-name>Ana Onyx</span><span class=author-location>Accra</span></p>",
            ("Ana Onyx",),
        ),
        ("<p class=byline><a href=/authors/7>Ana Onyx</a> - Quay Gazette Weekend</p>", ("Ana Onyx",)),
        (
            "<p class=author>5/3/2024 | 18:12 | <a href=/autor/7>Ana Onyx</a> <b class=autor>Ver perfil</b></p>",
            ("Ana Onyx",),
        ),
    ],
)
def test_what_abuts_or_follows_an_author_in_the_line_leaves_the_name_whole(top: str, expected: tuple[str, ...]) -> None:
    assert pages.read(page(top=top), UNDATED).authors == expected


@pytest.mark.parametrize(
    "signature",
    [
        "<em>Ana Onyx (avec AFP)</em>",
        "<em>Ana Onyx</em>, avec AFP",
        "Ana Onyx, avec AFP et Reuters",
        "Ana Onyx (mit dpa)",
    ],
)
def test_a_signature_shared_with_an_agency_names_the_author_and_the_agency(signature: str) -> None:
    article = pages.read(page(prose(*PROSE) + f"<p>{signature}</p>"), UNDATED)
    assert article.authors == ("Ana Onyx",)
    assert article.agency in ("AFP", "dpa")
    assert article.body.split("\n\n") == PROSE


def test_a_last_sentence_that_ends_with_an_agency_is_no_signature() -> None:
    last = "The harbour master spoke with Reuters"
    article = pages.read(page(prose(*PROSE, last)), UNDATED)
    assert (article.authors, article.body.split("\n\n")[-1]) == ((), last)
