"""crawler.reporters: who a Chinese or Korean text says reported it."""

from __future__ import annotations

import pytest

from crawler import pages, reporters
from tests.test_pages import PROSE, URL, page, prose

TEXT = [
    "渡轮码头的改建方案周二提交市议会讨论，居民已经等了十一年，希望今年能够开工，市长说费用由市里承担。",
    "面包店老板说，大家早就盼着渡轮恢复通航，他已经收集了两千个签名，还要把它们交给议会的每一位议员。",
    "工程师提醒，旧桥在冬天每天只能通过四百辆车，不能再拖下去了，否则春天就要封闭，行人也无法通过。",
    "港务局发言人拒绝对这些数字发表评论，他说调查还没有结束，结果要等到下个月才能对公众公布。",
]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("信使报讯（记者 王小明）渡轮码头的改建方案周二提交市议会讨论。", ["王小明"]),
        ("信使网10月4日讯（记者陈智 整合） 渡轮码头", ["陈智"]),
        ("旧桥不能再拖下去了。（记者王小明、田安、胡一、李国安）", ["王小明", "田安", "胡一", "李国安"]),
        ("（本报记者 王 明 北京报道）", ["王明"]),
        ("（新华社记者 阿卜杜拉·艾山 王小明）", ["阿卜杜拉·艾山", "王小明"]),
        ("（記者陳小玉／台北報導）", ["陳小玉"]),
        ("信使报记者 陆一安", ["陆一安"]),
        ("中華民國113年3月5日 記者陳育賢／新竹報導", ["陳育賢"]),
        ("信使报记者 陆一安 实习生 李璐瑶", ["陆一安", "李璐瑶"]),
        ("（中央社記者王小明台北5日電）渡輪碼頭的改建方案", ["王小明"]),
        ("（中央社記者王朝鈺、李淑華華盛頓15日專電）渡輪碼頭", ["王朝鈺", "李淑華"]),
        ("（中央社記者王明台北5日電）渡輪碼頭的改建方案", ["王明"]),
        ("【文/信使网专栏作者 王小文】", ["王小文"]),
        ("采写：信使见习记者 林子安", ["林子安"]),
        ("홍길동 기자 gildong@courier.example", ["홍길동"]),
        ("홍길동·김나라 기자", ["홍길동", "김나라"]),
        ("(서울=연합뉴스) 홍길동 기자 = 시의회는 화요일에 항구 계획을 논의했다.", ["홍길동"]),
        ("[부산=연합뉴스] 홍길동 인턴기자 = 시의회는", ["홍길동"]),
    ],
)
def test_a_text_names_its_reporters(said: str, expected: list[str]) -> None:
    assert reporters.find([said]) == tuple(expected)


@pytest.mark.parametrize(
    "said",
    [
        "记者了解到，渡轮码头",
        "（记者从港务局获悉）",
        "记者手记",
        "（中央社東京5日綜合外電報導）",
        "记者节快乐",
        "信使社记者 王小明 摄",
        "图：本报记者 王小明",
        "취재 기자",
        "그는 기자",
        "이날 기자회견에서 시장은",
    ],
)
def test_prose_and_pictures_name_no_reporters(said: str) -> None:
    assert reporters.find([said]) == ()
    assert not reporters.is_line(said)


@pytest.mark.parametrize(
    ("first", "last"),
    [("信使报记者 王小明", "编辑 刘晓阳 校对 李铭"), ("【文/信使网专栏作者 王小明】", "责任编辑 刘晓阳")],
)
def test_lines_that_name_reporters_and_editors_are_no_text(first: str, last: str) -> None:
    article = pages.read(page(prose(first, *TEXT, last), title="渡轮码头改建方案提交市议会讨论", lang="zh"), URL)
    assert (article.authors, article.body.split("\n\n")) == (("王小明",), TEXT)


def test_a_korean_signature_is_the_author_and_no_text() -> None:
    article = pages.read(page(prose(*PROSE, "홍길동 기자 gildong@courier.example"), lang="ko"), URL)
    assert (article.authors, article.body.split("\n\n")) == (("홍길동",), PROSE)


@pytest.mark.parametrize("signature", ["【青山花子、水野一郎】", "（青山花子、水野 一郎）"])
@pytest.mark.parametrize("is_apart", [True, False])
def test_names_in_brackets_that_end_a_japanese_text_are_its_authors(signature: str, is_apart: bool) -> None:
    text = [
        f"渡し船の桟橋をめぐる計画が{day}日、市議会で話し合われた。住民は十一年前から待ち続けている。"
        for day in range(2, 6)
    ]
    printed = [*text, signature] if is_apart else [*text[:-1], text[-1] + signature]
    article = pages.read(page(prose(*printed), title="渡し船の桟橋、市議会へ", lang="ja"), URL)
    assert (article.authors, article.body.split("\n\n")) == (("青山花子", "水野一郎"), text)


@pytest.mark.parametrize(
    "last", ["（敬称略）", "（７０代男性）", "（会社員）", "（北海道）", "【政治部】", "（終わり）"]
)
def test_other_words_in_brackets_that_end_a_japanese_text_name_nobody(last: str) -> None:
    assert reporters.signed_off(["議会で話し合われた。", f"住民は待ち続けている。{last}"])[0] == ()


def test_a_house_in_brackets_that_ends_a_chinese_text_is_no_author() -> None:
    assert reporters.signed_off([*TEXT, f"{TEXT[0]}（证券时报）"])[0] == ()
