"""Charsets: what a page is encoded in, whatever its header, its <meta> and its bytes say of that."""

from __future__ import annotations

import pytest

from crawler import markup

TEXTS = {
    "latin": "Der Fährmann sagte, für die Überfahrt brauche es größere Schiffe und mehr Löhne.",
    "polish": "Rybacy żądają, aby łódź ratunkowa wróciła do portu jeszcze w tym tygodniu.",
    "turkish": "Balıkçılar, cankurtaran teknesinin bu hafta içinde limana dönmesini istiyor.",
    "russian": "Рыбаки требуют, чтобы спасательная лодка вернулась в порт уже на этой неделе.",
    "greek": "Οι ψαράδες ζητούν να επιστρέψει η σωσίβια λέμβος στο λιμάνι αυτή την εβδομάδα.",
    "hebrew": "הדייגים דורשים שסירת ההצלה תחזור לנמל כבר השבוע, אמר דובר העירייה.",
    "arabic": "يطالب الصيادون بعودة قارب النجاة إلى الميناء هذا الأسبوع، كما قال المتحدث.",
    "vietnamese": "Ngư dân yêu câu tàu cưu hô trơ lai cang trong tuân này.",
    "thai": "ชาวประมงเรียกร้องให้เรือกู้ภัยกลับมาที่ท่าเรือภายในสัปดาห์นี้",
    "japanese": "漁師たちは救助艇を今週中に港へ戻すよう求めている、と市の担当者は話した。",
    "simplified": "渔民要求救生艇在本周内返回港口，市政府发言人说。",
    "traditional": "漁民要求救生艇在本週內返回港口，市政府發言人說。",
    "korean": "어민들은 구조선이 이번 주 안에 항구로 돌아오기를 요구했다고 시 대변인이 말했다.",
}


def page(text: str, head: str = "") -> str:
    return f"<html><head>{head}<title>{text[:9]}</title></head><body><article><p>{text}</p></article></body></html>"


@pytest.mark.parametrize("where", ["header", "meta", "http-equiv"])
@pytest.mark.parametrize(
    ("label", "language", "codec"),
    [
        ("iso-8859-1", "latin", "cp1252"),  # which the standard reads as windows-1252
        ("us-ascii", "latin", "cp1252"),
        ("windows-1252", "latin", "cp1252"),
        ("iso-8859-15", "latin", "iso8859-15"),
        ("macintosh", "latin", "mac-roman"),
        ("windows-1250", "polish", "cp1250"),
        ("iso-8859-2", "polish", "iso8859-2"),
        ("windows-1254", "turkish", "cp1254"),
        ("iso-8859-9", "turkish", "cp1254"),
        ("windows-1251", "russian", "cp1251"),
        ("koi8-r", "russian", "koi8-r"),
        ("iso-8859-5", "russian", "iso8859-5"),
        ("ibm866", "russian", "cp866"),
        ("windows-1253", "greek", "cp1253"),
        ("windows-1255", "hebrew", "cp1255"),
        ("iso-8859-8-i", "hebrew", "iso8859-8"),
        ("windows-1256", "arabic", "cp1256"),
        ("windows-874", "thai", "cp874"),
        ("tis-620", "thai", "cp874"),
        ("shift_jis", "japanese", "cp932"),
        ("x-sjis", "japanese", "cp932"),
        ("euc-jp", "japanese", "euc-jp"),
        ("iso-2022-jp", "japanese", "iso2022-jp"),
        ("gb2312", "simplified", "gb18030"),
        ("gbk", "simplified", "gb18030"),
        ("gb18030", "simplified", "gb18030"),
        ("big5", "traditional", "big5hkscs"),
        ("euc-kr", "korean", "cp949"),
        ("ks_c_5601-1987", "korean", "cp949"),
    ],
)
def test_a_label_of_the_standard_is_read_wherever_it_stands(label: str, language: str, codec: str, where: str) -> None:
    head = {
        "header": "",
        "meta": f'<meta charset="{label}">',
        "http-equiv": f"<META HTTP-EQUIV=Content-Type CONTENT='text/html; charset={label}'>",
    }[where]
    html = page(TEXTS[language], head).encode(codec)
    assert TEXTS[language] in markup.decode(html, label if where == "header" else None)


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_told_by_its_bytes_against_header_and_meta(language: str, codec: str) -> None:
    html = page(TEXTS[language], "<meta charset=windows-1252>").encode(codec)
    assert TEXTS[language] in markup.decode(html, "iso-8859-1")


@pytest.mark.parametrize(
    ("head", "header"),
    [
        ("<meta charset=koi8-r>", "windows-1251"),  # the header comes before the page's own word
        ("<!-- <meta charset=koi8-r> --><meta charset=windows-1251>", None),
        ("<script data-page='<meta charset=koi8-r>'></script><meta charset=windows-1251>", None),
        (f"<script>{'x' * 2000}</script><meta charset=windows-1251>", None),  # beyond the standard's 1,024 bytes
        ("<meta charset=windows-1251><meta charset=koi8-r>", None),
        ("<meta charset=utf-8>", "utf-8"),  # both wrong: guessed where mostly no UTF-8
        ("<meta charset=no-such-charset>", "windows-1251"),
        ("<meta charset=utf-16>", "windows-1251"),
        ('<?xml version="1.0" encoding="windows-1251"?>', None),
    ],
    ids=range(9),
)
def test_of_two_labels_the_one_that_the_standard_takes_counts(head: str, header: str | None) -> None:
    html = page(TEXTS["russian"], head).encode("cp1251")
    if head == "<meta charset=utf-8>":
        assert "\ufffd" not in markup.decode(html, header)
    else:
        assert TEXTS["russian"] in markup.decode(html, header)


@pytest.mark.parametrize("label", ["utf-16", "utf-16le", "utf-16be"])
def test_a_meta_that_says_utf_16_and_can_be_read_is_utf_8(label: str) -> None:
    html = page(TEXTS["greek"], f"<meta charset={label}>").encode()
    assert TEXTS["greek"] in markup.decode(html)


@pytest.mark.parametrize(
    "label", ["rot13", "zlib", "idna", "undefined", "\x00", "é", "unicode-escape", "base64", "x" * 999]
)
def test_a_label_that_is_no_charset_is_no_label(label: str) -> None:
    assert TEXTS["latin"] in markup.decode(page(TEXTS["latin"]).encode("cp1252"), label)


@pytest.mark.parametrize(
    ("language", "codec"),
    [("japanese", "cp932"), ("japanese", "euc-jp"), ("simplified", "gb18030"), ("traditional", "big5"),
     ("korean", "euc-kr"), ("russian", "cp1251"), ("greek", "cp1253")],
)  # fmt: skip
def test_bytes_without_any_label_are_guessed(language: str, codec: str) -> None:
    html = page((TEXTS[language] + " ") * 20).encode(codec)
    assert TEXTS[language] in markup.decode(html)


@pytest.mark.parametrize(
    ("label", "name"),
    [("windows-1251", "russian"), ("iso-8859-2", "polish"), ("windows-1254", "turkish"), ("shift_jis", "japanese")],
)
def test_a_declaration_below_the_scripts_of_a_page_counts(label: str, name: str) -> None:
    """Browsers begin anew where they meet one."""
    html = f"<head><script>{'var a = 1;' * 3_000}</script><meta charset={label}></head><body><p>{TEXTS[name]}</p>"
    assert TEXTS[name] in markup.decode(html.encode(label), None)


@pytest.mark.parametrize(("label", "name"), [("windows-1251", "russian"), ("gb18030", "simplified")])
def test_what_scripts_a_page_holds_does_not_change_what_its_text_is_taken_for(label: str, name: str) -> None:
    html = f"<head><script>{'var a = 1;' * 3_000}</script></head><body>{f'<p>{TEXTS[name]}</p>' * 5}"
    assert TEXTS[name] in markup.decode(html.encode(label), None)
