"""A text's own words -> who reported it, as papers of East Asia print them: in brackets ("（记者 王小明）"), in a
line of its own ("Example 기자 …", "澎湃新闻记者 王小明"), before the first sentence ("(서울=…) 홍길동 기자 = ",
"（中央社記者王小明台北5日電）"), or behind the last ("…と話した。【青山花子】").

"记者" alone says nothing ("记者了解到 …"): a name counts only where nothing but names stand beside the word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

#: The commonest surnames, simplified and traditional: "记者手记" and "记者了解到" name nobody.
_HAN_SURNAMES = frozenset(
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林高罗羅郑鄭梁谢謝宋唐许許韩韓冯馮邓鄧曹彭曾肖萧蕭田董潘袁蔡蒋蔣余于杜叶葉程"
    "魏苏蘇吕呂丁任卢盧姚沈钟鐘鍾姜崔谭譚陆陸范汪廖石金韦韋贾賈夏付方邹鄒熊白孟秦邱侯江尹薛闫閆段雷龙龍黎史陶贺賀毛郝顾顧龚龔邵万萬"
    "覃武钱錢戴严嚴莫孔向常汤湯康伍华華岳齐齊翟葛聂聶鲁魯裴殷庄莊章倪樊霍柯阮耿温溫焦俞柳苗邢柴芦蘆舒娄婁宁寧祝尤項项冷甘喻詹包费費左"
    "欧歐阳陽管穆应應季关關鲍鮑卓古兰蘭申辛凌梅屈席童盛游冉车車涂颜顏解路曲单單柏成桂蒲佟靳安佘喬乔洪牛纪紀简簡饶饒房边邊池谷敖迟遲宫宮"
    "巫班幸仲查郎刁官燕练練司慕景晏封艾晁原戚臧闵閔储儲窦竇滕邬鄔苟仇鞠晋晉尚蔚敬岑隋闻聞浦竺匡麦麥占党黨况況邰宗权權"
)
_HANGUL_SURNAMES = frozenset(
    "김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구나민진지엄채원천방공현함변염여추도소석선설마길연위표명기반"
    "라왕금옥육인맹제모탁국어은편용예봉"
)
_NAME_AND_PLACE = 5  #: letters
_LONGEST = 60  #: characters of a line that names reporters and nothing else
#: "王小明", "王 明" (two letters set as wide as three), "阿卜杜拉·艾山".
_HAN_NAME = r"[\u4e00-\u9fff]{2,4}(?:·[\u4e00-\u9fff]{1,8})*|[\u4e00-\u9fff] [\u4e00-\u9fff](?![\u4e00-\u9fff])"
_HAN_NAMES = rf"(?:{_HAN_NAME})(?:\s?[、/／\s]\s?(?:{_HAN_NAME}))*"
_OFFICE = r"(?:[见見][习習]|[实實][习習]|特[约約]|首席|[专專][栏欄]|特派)*(?:[记記]者|作者)"
_IN_BRACKETS = re.compile(
    rf"[（(【〔\[](?:[^（()）【】〔〕\[\]。]{{0,12}}?){_OFFICE}[:：\s]*(?P<names>{_HAN_NAMES})\s*[)）】〕\]]"
)
_LINE = re.compile(
    rf"\W*(?![图圖摄攝视視制])(?:(?:文|采[写訪访]|[采採]訪|撰文|撰稿|[执執]筆|执笔|[编編][译譯]|文字)\s*[丨｜|/／:：\s]\s*(?:\S{{0,10}}{_OFFICE})?|"
    rf"\S{{0,10}}?{_OFFICE})[:：/／\s]*(?P<names>{_HAN_NAMES})\W*"
)
#: What stands behind the names in the same brackets or line, and what a name is not.
_NO_NAME = re.compile(
    r"^(?:文|[图圖]|[图圖]片|[综綜]合|整合|整理|[编編][译譯辑輯]|校[对對]|通[讯訊][员員]|[发發]自.*)$|"
    r"(?:[报報][导道導]|[电電])$"
)
_TRAINEE = re.compile(r"^(?:[见見][习習]|[实實][习習]|特[约約])?(?:[记記]者|生)?(?:通[讯訊][员員]|[实實][习習]生)?")
_HANGUL_NAMES = r"[가-힣]{2,4}(?:\s?[·,]\s?[가-힣]{2,4})*"
_KOREAN = rf"(?P<names>{_HANGUL_NAMES})\s?(?:[가-힣]{{2,6}}\s?)?(?:기자|특파원|논설위원)"
_KOREAN_LINE = re.compile(
    rf"(?:[(\[【][^)\]】]{{1,20}}[)\]】]\s?)?[(\[【]?{_KOREAN}[)\]】]?(?:\s?[^\s@]{{1,40}}@\S{{1,40}})?"
)
#: "中華民國113年3月5日 記者王小明／台北報導": behind a day, in a header.
_REPORT = re.compile(rf"(?:^|[\d日\s])[記记]者\s?(?P<names>{_HAN_NAMES})\s?[/／]\s?\S{{2,8}}[報报][導导道]$")
#: "中央社記者王小明台北5日電": names, the last with a place behind it.
_CABLE = re.compile(r"[（(【][^（()）【】。]{0,12}?[记記]者(?P<run>[\u4e00-\u9fff、]{4,30}?)\d{1,2}日\w{0,3}?[電电]")
#: "【青山花子、水野一郎】", "（青山 花子）": names that end a Japanese text, and what else stands in brackets there.
_KANJI_NAME = r"[\u4e00-\u9fff々ヶ]{2,5}(?:[ 　][\u4e00-\u9fff々]{1,3})?"
_BEHIND = re.compile(
    rf"(?:^|(?<=[。」』！？]))\s*[（(【〔](?P<names>{_KANJI_NAME}(?:[、・,]\s?{_KANJI_NAME})*)[)）】〕]$"
)
_NO_KANJI_NAME = re.compile(
    r"通信|時事|共同|新聞|放送|写真|記事|記者|敬称|連載|掲載|更新|省略|全文|参照|参考|関連|編集|取材|無職|男性|女性|以下|前略|後略|中略|"
    r"北海道|[都府県市区町村]$|[社局班員部課婦師授略終完談訳発載]$|[学校]生$"
)
_KANA = re.compile(r"[\u3041-\u30f6]")
_KOREAN_LEDE = re.compile(rf"[(\[【][^)\]】]{{1,20}}[)\]】]\s?{_KOREAN}\s?=")
_OFFICES = frozenset(
    """취재 담당 시민 본지 인턴 수습 객원 사진 전문 선임 명예 현장 온라인 일부 다른 외신 국내""".split()  # noqa: SIM905
)


def find(paragraphs: Iterable[str]) -> tuple[str, ...]:
    """The names that these paragraphs give in brackets, as a line, or before the first sentence, in their order."""
    found: dict[str, None] = {}
    for paragraph in paragraphs:
        found.update(dict.fromkeys(_names(paragraph)))
    return tuple(found)


def signed_off(paragraphs: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """The names in brackets that end a Japanese text, and its paragraphs without them."""
    match = _BEHIND.search(paragraphs[-1][-_LONGEST:]) if paragraphs else None
    full = [re.sub(r"\s", "", name) for name in re.findall(_KANJI_NAME, match["names"])] if match else []
    if not match or not all(len(name) > 2 and not _NO_KANJI_NAME.search(name) for name in full):
        return (), list(paragraphs)
    rest = paragraphs[-1].removesuffix(match.group()).rstrip()
    if not any(map(_KANA.search, (*paragraphs[-2:-1], rest))):
        return (), list(paragraphs)  # Chinese: "（证券时报）"
    return tuple(full), [*paragraphs[:-1], *([rest] if rest else [])]


def is_line(paragraph: str) -> bool:
    """Whether a paragraph names reporters and says nothing else."""
    return len(paragraph) <= _LONGEST and next(_of_line(paragraph), None) is not None


def _names(paragraph: str) -> Iterator[str]:
    if len(paragraph) <= _LONGEST:
        yield from _of_line(paragraph)
    for match in _IN_BRACKETS.finditer(paragraph):
        yield from _han(match["names"])
    if lede := _KOREAN_LEDE.match(paragraph):
        yield from _hangul(lede["names"])
    if cable := _CABLE.match(paragraph):
        yield from _cabled(cable["run"])


def _of_line(line: str) -> Iterator[str]:
    if match := _LINE.fullmatch(line) or _REPORT.search(line):
        yield from _han(match["names"])
    elif match := _KOREAN_LINE.fullmatch(line):
        yield from _hangul(match["names"])


def _cabled(run: str) -> list[str]:
    """The names in "王小明、李一安台北": a name has three letters, if two are left for the place."""
    *names, last = run.split("、")
    names.append(last[:3] if len(last) >= _NAME_AND_PLACE else last[:2])
    return names if all(name[:1] in _HAN_SURNAMES and 2 <= len(name) <= 3 for name in names) else []


def _han(line: str) -> list[str]:
    """The names in such a line; none where the line credits a picture."""
    parts = [part.replace(" ", "") for part in re.findall(_HAN_NAME, line)]
    if any(re.search("[摄攝]", part) for part in parts):
        return []
    names: list[str] = []
    for part in parts:
        name = _TRAINEE.sub("", part)
        if names and part and not name:
            continue  # "记者 王小明 实习生 李一安"
        if _NO_NAME.search(part) or not (len(name) > 1 and ("·" in name or name[0] in _HAN_SURNAMES)):
            break
        names.append(name)
    return names


def _hangul(line: str) -> list[str]:
    names = re.findall("[가-힣]{2,4}", line)
    return names if all(name[0] in _HANGUL_SURNAMES and name not in _OFFICES for name in names) else []
