"""crawler.captions and crawler.images: what belongs to a picture, and its credit apart from its caption."""

from __future__ import annotations

import json
import time

import pytest

from crawler import captions, pages
from tests.test_pages import PROSE, URL, page, prose

CAPTION = "Residents of Port Alder wait for the ferry at the old pier."


def images(figure: str) -> list[tuple[str | None, str | None]]:
    """Caption and credit of the images of a page whose text holds `figure`, and that it left the body alone."""
    text = [f"<p>{p}</p>" for p in PROSE]
    article = pages.read(page("".join([*text[:2], figure, *text[2:]])), URL)
    assert article.body.split("\n\n") == PROSE
    return [(image.caption, image.credit) for image in article.images]


@pytest.mark.parametrize(
    ("printed", "caption", "credit"),
    [
        (f"{CAPTION} (Photo: Ana Onyx)", CAPTION, "Photo: Ana Onyx"),
        (f"Image caption {CAPTION}", CAPTION, None),
        ("Image source, Getty Images", None, "Getty Images"),
        ("Photo by Ana Onyx for The Courier", None, "Photo by Ana Onyx for The Courier"),
        ("Foto von Ana Onyx", None, "Foto von Ana Onyx"),
        ("Fotos de Madrid", "Fotos de Madrid", None),
        ("Photo by the river shows the mill", "Photo by the river shows the mill", None),
        (f"{CAPTION[:-1]} | photo by Ana Onyx", CAPTION[:-1], "photo by Ana Onyx"),
        ("Reuters/Ana Onyx -", None, "Reuters/Ana Onyx"),
        (f"{CAPTION} (Ana Onyx/Alder Pictures)", CAPTION, "Ana Onyx/Alder Pictures"),
        (f"{CAPTION} Bild © Ana Onyx (hr)", CAPTION, "Bild © Ana Onyx (hr)"),
        (f"{CAPTION} Коллаж: Анна Оникс", CAPTION, "Коллаж: Анна Оникс"),
        ("港で船を待つ人たち＝13日、東京で（青山花子撮影）", "港で船を待つ人たち＝13日、東京で", "青山花子"),
        ("图为渡轮启动仪式。（王明摄）", "图为渡轮启动仪式。", "王明摄"),
        ("图片来源：每日新闻 王明", None, "图片来源：每日新闻 王明"),
        ("资料图：市民在码头等渡轮。新华社记者 王明 摄", "资料图：市民在码头等渡轮。", "新华社记者 王明 摄"),
        ("市民在码头等渡轮。视频截图", "市民在码头等渡轮。", "视频截图"),
        ("市民在码头等渡轮。 受访者供图", "市民在码头等渡轮。", "受访者供图"),
        ("市民在码头等渡轮（资料图）", "市民在码头等渡轮", "资料图"),
        ("星期二上午，市民在码头等渡轮。（视觉中国）", "星期二上午，市民在码头等渡轮。", "视觉中国"),
        ("picture alliance/dpa | Ana Onyx", None, "picture alliance/dpa | Ana Onyx"),
        ("Ana Onyx, ASSOCIATED PRESS", None, "Ana Onyx, ASSOCIATED PRESS"),
        (f"{CAPTION} (AP Photo/Ana Onyx)", CAPTION, "AP Photo/Ana Onyx"),
        (f"{CAPTION} AP Photo/Ana Onyx", CAPTION, "AP Photo/Ana Onyx"),
        (f"{CAPTION[:-1]} (Ana Onyx/PA)", CAPTION[:-1], "Ana Onyx/PA"),
        (f"{CAPTION} [Ana Onyx/Alder Pictures]", CAPTION, "Ana Onyx/Alder Pictures"),
        (f"{CAPTION} © Ana Onyx / AFP", CAPTION, "© Ana Onyx / AFP"),
        (f"{CAPTION} Foto: Ana Onyx / NTB", CAPTION, "Foto: Ana Onyx / NTB"),
        (f"{CAPTION} ANA ONYX / EFE", CAPTION, "ANA ONYX / EFE"),
        (f"{CAPTION} Fot. Ana Onyx / Kurier", CAPTION, "Fot. Ana Onyx / Kurier"),
        (f"{CAPTION[:-1]} – Fotó: Ana Onyx / MTI", CAPTION[:-1], "Fotó: Ana Onyx / MTI"),
        (f"{CAPTION} Zdroj: ČTK", CAPTION, "Zdroj: ČTK"),
        (f"{CAPTION} צילום: דוד כהן", CAPTION, "צילום: דוד כהן"),
        (f"{CAPTION} Φωτογραφία: Άνα Όνυξ", CAPTION, "Φωτογραφία: Άνα Όνυξ"),
        (f"{CAPTION} Credit...Ana Onyx for The Courier", CAPTION, "Credit...Ana Onyx for The Courier"),
        (f"{CAPTION} Ana Onyx for The Courier", CAPTION, "Ana Onyx for The Courier"),
        (f"{CAPTION} Courtesy of the Port of Alder", CAPTION, "Courtesy of the Port of Alder"),
        ("碼頭的居民在等渡輪。圖／中央社", "碼頭的居民在等渡輪。", "圖／中央社"),
        ("부두에서 배를 기다리는 주민들. /사진=김나라 기자", "부두에서 배를 기다리는 주민들.", "사진=김나라 기자"),
        ("The two parties wait (Harbour and/or Bridge).", "The two parties wait (Harbour and/or Bridge).", None),
        (
            "She swam for The Courier. They waited for The Bell.",
            "She swam for The Courier. They waited for The Bell.",
            None,
        ),
        (f"{CAPTION} ANA ONYX (EFE)", CAPTION, "ANA ONYX (EFE)"),
        (f"{CAPTION} / Ana Onyx", CAPTION, "Ana Onyx"),
        (f"{CAPTION} Foto Ana Onyx", CAPTION, "Foto Ana Onyx"),
        (f"{CAPTION} Photo L’Onde/Ana ONYX", CAPTION, "Photo L’Onde/Ana ONYX"),
        (f"{CAPTION[:-1]} Photo ALDER /Ana Onyx", CAPTION[:-1], "Photo ALDER /Ana Onyx"),
        (f"{CAPTION} Photo d’illustration La Rive /Ana ONYX", CAPTION, "Photo d’illustration La Rive /Ana ONYX"),
        ("The exhibition Photo London/Paris opens", "The exhibition Photo London/Paris opens", None),
        (f"{CAPTION} / Ana Onyx / EFE", CAPTION, "Ana Onyx / EFE"),
        (f"{CAPTION} | ANA ONYX", CAPTION, "ANA ONYX"),
        (f"{CAPTION} - A. Onyx / 20 Bells", CAPTION, "A. Onyx / 20 Bells"),
        (f"{CAPTION} - Ana Onyx", f"{CAPTION} - Ana Onyx", None),
        (f"{CAPTION} [Ana Onyx]", CAPTION, "Ana Onyx"),
        ("Ο φάρος του λιμανιού [ΑΝΝΑ ΠΕΤΡΟΥ]", "Ο φάρος του λιμανιού", "ΑΝΝΑ ΠΕΤΡΟΥ"),
        ("He said that he had met [the king]", "He said that he had met [the king]", None),
        (f"{CAPTION[:-1]}, Foto: Onyx", CAPTION[:-1], "Foto: Onyx"),
        (f"{CAPTION} Archivfoto: Onyx", CAPTION, "Archivfoto: Onyx"),
        (f"{CAPTION} Arkivfoto: Ana Onyx", CAPTION, "Arkivfoto: Ana Onyx"),
        ("Η πλατεία (EUROKINISSI/ΑΝΝΑ ΠΕΤΡΟΥ)", "Η πλατεία", "EUROKINISSI/ΑΝΝΑ ΠΕΤΡΟΥ"),
        ("火曜日の埠頭（ロイター）", "火曜日の埠頭", "ロイター"),
        (f"{CAPTION[:-1]} - Ana Onyx/Folhapress", CAPTION[:-1], "Ana Onyx/Folhapress"),
        (f"{CAPTION[:-1]} - Europa Press / Europa Press", f"{CAPTION[:-1]} - Europa Press / Europa Press", None),
        (f"{CAPTION[:-1]} - Port Alder", f"{CAPTION[:-1]} - Port Alder", None),
        (f"{CAPTION} (Express photo by Ana Onyx)", CAPTION, "Express photo by Ana Onyx"),
        (f"{CAPTION} (HT Photo)", CAPTION, "HT Photo"),
        (f"{CAPTION} COURIER FILE PHOTO / ANA ONYX", CAPTION, "COURIER FILE PHOTO / ANA ONYX"),
        (f"{CAPTION}—White Star", CAPTION, "White Star"),
        (f"{CAPTION} — Photo by the writer", CAPTION, "Photo by the writer"),
        (f"{CAPTION} — it never came", f"{CAPTION} — it never came", None),
        (
            "港で船を待つ人たち＝東京都で2024年2月28日、青山花子撮影",
            "港で船を待つ人たち＝東京都で2024年2月28日",
            "青山花子撮影",
        ),
        ("부두에서 배를 기다리는 주민들. 올더시 제공", "부두에서 배를 기다리는 주민들.", "올더시 제공"),
        ("부두의 주민들 [올더시 제공. 재판매 및 DB 금지]", "부두의 주민들", "올더시 제공. 재판매 및 DB 금지"),
        ("民眾在碼頭等船。中央社記者王小明攝 113年3月5日", "民眾在碼頭等船。", "中央社記者王小明攝"),
        ("नदी किनारका टहरा । तस्बिर : कान्तिपुर", "नदी किनारका टहरा ।", "तस्बिर : कान्तिपुर"),
        ("കടവിൽ കാത്തുനിൽക്കുന്നവർ. ചിത്രം: ആൻ", "കടവിൽ കാത്തുനിൽക്കുന്നവർ.", "ചിത്രം: ആൻ"),
        ("فوٹو: فائل", None, "فوٹو: فائل"),
        ("صور: الميناء", None, "صور: الميناء"),
        ("Une école de Goma/Ph. COURIER.CD", "Une école de Goma", "Ph. COURIER.CD"),
        ("سد قيد الإنشاء في المدينة (الفرنسية)", "سد قيد الإنشاء في المدينة", "الفرنسية"),
        (CAPTION, CAPTION, None),
        ("Tickets cost more than before (adults/children).", "Tickets cost more than before (adults/children).", None),
    ],
)
def test_the_credit_at_the_end_of_a_caption_is_split_off(printed: str, caption: str | None, credit: str | None) -> None:
    assert captions.split(printed) == (caption, credit)


@pytest.mark.parametrize(
    "figure",
    [
        # as blocks and elements with telling names
        f"<figure><img src=a.jpg><figcaption>{CAPTION}<span class=credit>Ana Onyx</span></figcaption></figure>",
        f"<div><img src=a.jpg><p><span class=caption>{CAPTION}</span> <span class=credit>Ana Onyx</span></p></div>",
        f"<figure><img src=a.jpg><figcaption><p>{CAPTION}</p><span class=source>Ana Onyx</span></figcaption></figure>",
        f"<figure><img src=a.jpg><figcaption>{CAPTION}<em>Ana Onyx</em></figcaption></figure>",
        f"<figure><img src=a.jpg><figcaption>{CAPTION} <b> / Ana Onyx</b></figcaption></figure>",
        # without any
        f"<div><div><img src=a.jpg></div><div class=x1>{CAPTION}</div><div class=x2>Ana Onyx</div></div>",
        f'<div class=x0><img src=a.jpg alt="{CAPTION}" title="{CAPTION} | Ana Onyx"></div><p class=x1>{CAPTION}</p>',
    ],
)
def test_caption_and_credit_of_a_picture_are_told_apart(figure: str) -> None:
    assert images(figure) == [(CAPTION, "Ana Onyx")]


def test_a_layout_table_of_a_picture_and_its_caption_is_an_image() -> None:
    table = f"<table class=picture><tr><td><img src=a.jpg></td></tr><tr><td class=caption>{CAPTION}</td></tr></table>"
    assert images(table) == [(CAPTION, None)]


@pytest.mark.parametrize("name", ["A" * 650, "A " * 300, "A." * 300, "Photo A " * 80, "- Ab. / " * 80])
def test_a_long_name_behind_photo_is_looked_at_in_linear_time(name: str) -> None:
    started = time.process_time()
    captions.split(f"{CAPTION} Photo {name}"[:700])
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("figure", "credit"),
    [
        (f"<div><img src=a.jpg><span>Getty Images</span></div><figcaption>{CAPTION}</figcaption>", "Getty Images"),
        (
            f"<img src=a.jpg><figcaption>{CAPTION}</figcaption><div class=credit>Ana Onyx</div><div>/</div>"
            "<div class=Figure-source>The Courier</div>",
            "Ana Onyx The Courier",
        ),
        (f"<img src=a.jpg><figcaption>{CAPTION} - Belga</figcaption>", "Belga"),
        (
            f"<img src=a.jpg><figcaption>{CAPTION}<figcaption itemprop=author>Foto: Ana Onyx</figcaption></figcaption>",
            "Foto: Ana Onyx",
        ),
        (f"<img src=a.jpg><figcaption><div class=byline>Onyx</div><div>{CAPTION}</div></figcaption>", "Onyx"),
    ],
)
def test_a_credit_is_told_from_its_caption_wherever_it_stands(figure: str, credit: str) -> None:
    assert images(f"<figure>{figure}</figure>") == [(CAPTION, credit)]


def test_a_line_that_repeats_the_alt_text_of_the_picture_above_is_its_caption() -> None:
    assert images(f'<div class=x0><img src=a.jpg alt="{CAPTION}"></div><p class=x1>{CAPTION}</p>') == [(CAPTION, None)]


def test_an_element_for_captions_within_a_line_makes_it_one() -> None:
    assert images(f"<div class=x0><img src=a.jpg><em class=image-caption>{CAPTION}</em></div>") == [(CAPTION, None)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Image: Ana Onyx", True),
        ("Foto: Ana Onyx / Alder Pictures for the harbour board and its guests", True),
        ("Image: The mayor has agreed to a deal that gives the town its pier", False),
        ("The image of the town suffered", False),
    ],
)
def test_a_label_before_few_words_makes_a_credit(line: str, expected: bool) -> None:
    assert captions.is_credit(line) is expected


def test_a_credit_with_a_copyright_sign_is_no_notice() -> None:
    figure = f"<figure><img src=a.jpg><div class=caption>{CAPTION}</div><div class=credit>© Ana Onyx</div></figure>"
    assert images(figure) == [(CAPTION, "© Ana Onyx")]


def test_a_caption_in_an_element_for_credits_is_a_caption() -> None:
    figure = f"<figure><img src=a.jpg><figcaption class=copyright>{CAPTION} (Photo: Ana Onyx)</figcaption></figure>"
    assert images(figure) == [(CAPTION, "Photo: Ana Onyx")]


@pytest.mark.parametrize(
    "image",
    [
        "<img src=/a.jpg srcset='/a-2000.jpg 2000w'>",
        "<img src='data:image/gif;base64,R0lGOD' data-src=/a.jpg>",
        "<img src=' data:image/gif;base64,R0lGOD' srcset='/a.jpg 1x'>",
        "<img srcset='/a-400.jpg 400w, /a.jpg 1200w, /a-800.jpg 800w'>",
        "<img data-srcset='/w_400,h_300/b.jpg 1x, /a.jpg 2x'>",
        "<img srcset='/a.jpg'>",
        "<img srcset='/b.jpg 1x,/a.jpg 2.5x'>",
        "<amp-img src=/a.jpg></amp-img>",
        "<img src=/blank.png data-lazy=/a.jpg>",
        "<picture><source srcset=/b.webp><img src=/a.jpg></picture>",
        "<picture><source srcset='/b.webp 400w, /a.jpg 1200w'><img></picture>",
        "<picture><source srcset='data:image/webp,' data-lazy-srcset='/a.jpg 9w'><img src='data:,'></picture>",
        "<img src=/placeholder.gif><noscript><img src=/a.jpg></noscript>",
        "<noscript><img src=/a.jpg></noscript>",
        "<button class=zoom><span><img src=/a.jpg></span></button>",
    ],
)
def test_the_address_of_a_picture_is_its_largest_one(image: str) -> None:
    html = page(f"{prose(*PROSE)}<figure>{image}<figcaption>{CAPTION}</figcaption></figure>")
    assert [i.url for i in pages.read(html, URL).images] == ["https://www.courier.example/a.jpg"]


@pytest.mark.parametrize(
    ("names", "kept"),
    [
        (["pier-1200x675.jpg", "pier-800x600.jpg", "pier-400x400.jpg"], [0]),
        (["pier_v16_9_1200.webp", "pier_v4_3_800.webp", "pier_v1_1_400.webp", "pier_v16_9_1600.webp"], [3]),
        (["pier-16-9-1200.jpg", "pier-3-2-800.jpg", "pier_16x9_600.jpg"], [0]),
        (["pier-1-1.jpg", "pier-2-1.jpg", "pier-3-2.jpg"], [0, 1, 2]),
        (["img_2026_07_14_0001.jpg", "img_2026_07_14_0002.jpg"], [0, 1]),
    ],
)
def test_cuts_of_one_picture_in_structured_data_are_one_image_the_widest(names: list[str], kept: list[int]) -> None:
    data = json.dumps({"@type": "NewsArticle", "image": [f"https://img.example/{name}" for name in names]})
    html = page(prose(*PROSE), head=f'<script type="application/ld+json">{data}</script>')
    assert [image.url for image in pages.read(html, URL).images] == [f"https://img.example/{names[n]}" for n in kept]


@pytest.mark.parametrize(
    ("address", "is_kept"),
    [
        ("https://lexicon.example/a.jpg", True),
        ("/silicon-harbour.jpg", True),
        ("/icons/share.svg", False),
        ("/paper-logo.png", False),
    ],
)
def test_a_sign_of_the_site_is_no_picture_whatever_its_host_is_called(address: str, is_kept: bool) -> None:
    html = page(f"{prose(*PROSE)}<figure><img src={address}><figcaption>{CAPTION}</figcaption></figure>")
    (image,) = pages.read(html, URL).images
    assert (image.url is not None) == is_kept


def test_a_line_below_a_picture_that_ends_in_its_credit_is_no_text() -> None:
    assert images(f"<p><img src=a.jpg><br><em>{CAPTION} Photo: Ana Onyx</em></p>") == [(CAPTION, "Photo: Ana Onyx")]


@pytest.mark.parametrize(
    "figure",
    [
        f'<div class="photo"><img src="/a.jpg"><p>{CAPTION}</p></div>',
        f'<div class="photo"><img src="/a.jpg"><p class="cap">{CAPTION}</p></div>',
        f'<div class="lead-img"><img src="/a.jpg"><span class="img-cap">{CAPTION}</span></div>',
        f'<div><img src="/a.jpg"></div><div class="image-description">{CAPTION}</div>',
        f'<figure><img src="/a.jpg"></figure><p class="photo-legend">{CAPTION}</p>',
        f'<div><a href="/a"><img src="/a.jpg"></a><p>{CAPTION}</p></div>',
        f'<p><img src="/a.jpg"><br><em>{CAPTION}</em></p>',
        f'<p align="center"><img src="/a.jpg"></p><p align="center">{CAPTION}</p>',
        f'<p style="text-align: center;"><img src="/a.jpg"></p><p style="text-align:center"><i>{CAPTION}</i></p>',
        f'<center><img src="/a.jpg"></center><p class="has-text-align-center">{CAPTION}</p>',
    ],
)
def test_a_line_that_its_place_below_a_picture_makes_its_caption_needs_no_credit(figure: str) -> None:
    assert images(figure) == [(CAPTION, None)]


@pytest.mark.parametrize(
    "opening",
    [
        f'<div><img src="/a.jpg"></div><p class="has-drop-cap">{CAPTION}</p>',
        f'<div class="image-text"><img src="/a.jpg"><p>{CAPTION}</p></div>',
        f'<p><img src="/a.jpg">{CAPTION}</p>',
        f'<p><img src="/a.jpg"><em>Tuesday.</em> {CAPTION}</p>',
        f'<p><em><img src="/a.jpg">{CAPTION}</em></p>',
        f'<p align="center"><img src="/a.jpg"></p><p>{CAPTION}</p>',
        f'<p align="center"><img src="/a.jpg"></p><p align="center">{CAPTION}</p><p align="center">{PROSE[4]} Yes.</p>',
    ],
)
def test_a_paragraph_below_a_picture_is_text_where_nothing_in_its_place_says_otherwise(opening: str) -> None:
    text = [f"<p>{p}</p>" for p in PROSE]
    article = pages.read(page("".join([*text[:2], opening, *text[2:]])), URL)
    assert CAPTION in article.body
    assert article.images == ()


@pytest.mark.parametrize(
    "line", ["Ana Onyx", "By Ana Onyx and Ben Pyrite in Alder", "Tuesday, 5 March 2024, 09:12 EST"]
)
def test_a_name_or_a_day_beside_a_picture_is_no_caption(line: str) -> None:
    html = page(top=f'<div><img src="/a.jpg"><p>{line}</p></div>')
    assert pages.read(html, URL).images == ()


def test_pictures_whose_addresses_end_alike_keep_their_captions() -> None:
    figures = "".join(
        f"<figure><img src=/img/{i}/80/?url=x{i}><figcaption>Picture {i} of the harbour at night.</figcaption></figure>"
        for i in range(3)
    )
    assert [caption for caption, _ in images(figures)] == [f"Picture {i} of the harbour at night." for i in range(3)]


@pytest.mark.parametrize(
    "figure",
    [
        "<figure><img src=a.jpg><figcaption>44 Bilder</figcaption></figure>",
        "<figure><img src=a.jpg><figcaption>Image 1 of 23</figcaption></figure>",
        "<figure><img src=a.jpg><figcaption>Video 02:43 min</figcaption></figure>",
        "<figure><img src=a.jpg><figcaption>By Ana Onyx</figcaption></figure>",
        "<figure><img src=a.jpg><figcaption>02:43 - Source: Port Wire</figcaption></figure>",
        "<figure><img src=a.jpg><figcaption>Hide caption</figcaption></figure>",
        "<div><img src=a.jpg><p><a href=/storm>Photos: The storm</a></p></div>",
        "<figure><img src=a.jpg><figcaption>Our newsletter, every day</figcaption><p>Enter your address</p></figure>",
    ],
)
def test_what_players_portraits_and_appeals_print_is_no_caption(figure: str) -> None:
    assert images(figure) == []


@pytest.mark.parametrize(
    "printed",
    [
        "<span>Credit</span><span>Credit</span>Ana Onyx/The Alder Post",
        "Ana Onyx/The Alder Post <small>(Ana Onyx/The Alder Post)</small>",
        "| Ana Onyx/The Alder Post",
    ],
)
def test_a_credit_stands_once_and_alone(printed: str) -> None:
    figure = f"<figure><img src=/pier.jpg><figcaption>The old pier.</figcaption><p class=credit>{printed}</p></figure>"
    (image,) = pages.read(page(figure + prose(*PROSE)), URL).images
    assert (image.caption, image.credit) == ("The old pier.", "Ana Onyx/The Alder Post")


@pytest.mark.parametrize(
    "inside",
    [
        "<div><a href=/ferries>Why the ferries keep breaking down</a></div>",
        "<table><tr><th>Ship<th>Built<tr><td>Honora<td>1971</table><figcaption>The fleet</figcaption>",
    ],
)
def test_a_figure_that_holds_a_card_or_a_table_is_no_image(inside: str) -> None:
    body = prose(*PROSE[:2]) + f"<figure>{inside}</figure>" + prose(*PROSE[2:])
    assert pages.read(page(body), URL).images == ()
