"""crawler.agencies and what it stands on (wires, phrases, datelines): credits told from mentions, in many languages."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler import agencies
from crawler.agencies import Credit
from crawler.wires import WIRES, Wire

PROSE = ("The ministers met for three hours and agreed on nothing.", "A second round is due to begin in the spring.")
EXAMPLES = 2000 if "NEWSFOLD_TEST_FULL" in os.environ else 100


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("AFP", "AFP"),
        ("Agence France-Presse", "AFP"),
        ("AGENCE FRANCE PRESSE", "AFP"),
        ("(AFP)", "AFP"),
        ("AFP News", "AFP"),
        ("A.F.P.", "AFP"),
        ("By AFP", "AFP"),
        ("أ ف ب", "AFP"),
        ("أ.ف.ب", "AFP"),
        ("法新社", "AFP"),
        ("एएफपी", "AFP"),
        ("Reuters Staff", "Reuters"),
        ("REUTERS", "Reuters"),
        ("Thomson Reuters", "Reuters"),
        ("Рейтер", "Reuters"),
        ("رويترز", "Reuters"),
        ("路透", "Reuters"),
        ("ロイター", "Reuters"),
        ("रॉयटर्स", "Reuters"),
        ("รอยเตอร์", "Reuters"),
        ("The Associated Press", "AP"),
        ("ASSOCIATED PRESS", "AP"),
        ("Ap", "AP"),
        ("ＡＰ", "AP"),
        ("dpa", "dpa"),
        ("DPA", "dpa"),
        ("Deutsche Presse-Agentur (dpa)", "dpa"),
        ("ТАСС", "TASS"),
        ("(연합뉴스)", "Yonhap"),
        ("共同", "Kyodo"),
        ("新华社", "Xinhua"),
        ("Press Trust of India", "PTI"),
        ("News Agency of Nigeria", "NAN"),
        ("Agencia EFE", "EFE"),
        ("Anadolu Agency", "Anadolu"),
        ("The Conversation", "The Conversation"),
        ("SID/dpa", "SID"),
        ("dts Nachrichtenagentur", "dts"),
        ("(sita)", "SITA"),
        ("(mti)", "MTI"),
        ("Servimedia", "Servimedia"),
        ("Agenzia Dire", "Dire"),
        ("IAR", "IAR"),
    ],
)
def test_a_text_that_is_an_agency_s_name_gives_its_short_name(text: str, short: str) -> None:
    assert agencies.name(text) == short


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Jane Doe",
        "AP Dhillon",
        "Michael Bloomberg",
        "Reuters poll",
        "ap",
        "pa",
        "apa kabar",
        "Reuters Institute",
        "Agencies",
        "—",
    ],
)
def test_a_text_that_is_more_or_less_than_an_agency_s_name_gives_none(text: str) -> None:
    assert agencies.name(text) is None


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.short)
def test_every_spelling_of_the_table_names_its_agency(wire: Wire) -> None:
    for spelling in filter(None, f"{wire.names}|{wire.codes}".split("|")):
        assert agencies.name(spelling) == wire.short, spelling


@pytest.mark.parametrize(
    ("byline", "agency"),
    [
        ("By AFP", "AFP"),
        ("AFP", "AFP"),
        ("Tom Doe, Ap Auto Writer", "AP"),
        ("By JANE DOE, AP National Political Writer", "AP"),
        ("By MEG DOE and ERRIN ROE, Associated Press", "AP"),
        ("Tom Doe Associated Press", "AP"),
        ("Associated Press in Valencia", "AP"),
        ("By AFP 30 August 2023 • 4:45pm", "AFP"),
        ("AFP5 hours ago", "AFP"),
        ("Via AP news wire", "AP"),
        ("Le Figaro et AFP", "AFP"),
        ("Le Parisien avec AFP", "AFP"),
        ("Par L’Exemple avec l’AFP", "AFP"),
        ("sak/Reuters", "Reuters"),
        ("Reuters, Thomas Muster", "Reuters"),
        ("Von Felix Muster und Jan Beispiel, dpa", "dpa"),
        ("Konstantin Muster, Deutsche Presse-Agentur", "dpa"),
        ("Beispiel Online, dpa, AFP, sk", "dpa"),
        ("SID Nachrichtenagentur", "SID"),
        ("SDA/sep", "Keystone-SDA"),
        ("Redacción / EFE", "EFE"),
        ("Agencia EFE | Madrid", "EFE"),
        ("Europa Press", "Europa Press"),
        ("di Redazione ANSA", "ANSA"),
        ("Agência Lusa", "Lusa"),
        ("Bron: ANP", "ANP"),
        ("©NTB", "NTB"),
        ("Ritzau", "Ritzau"),
        ("TT-AFP", "TT"),
        ("STT–AFP", "STT"),
        ("Źródło: PAP", "PAP"),
        ("ČTK, red", "ČTK"),
        ("Рейтер", "Reuters"),
        ("РИА Новости", "RIA Novosti"),
        ("Укрінформ", "Ukrinform"),
        ("رويترز", "Reuters"),
        ("دبي - أ ف ب", "AFP"),
        ("ロイター", "Reuters"),
        ("연합뉴스", "Yonhap"),
        ("JIJI, AFP-JIJI", "Jiji"),
        ("PTI", "PTI"),
        ("Press Trust of India", "PTI"),
        ("आईएएनएस", "IANS"),
        ("Bloomberg", "Bloomberg"),
        ("Jane Doe, Bloomberg News", "Bloomberg"),
        ("By Jane Doe, CNN", "CNN"),
        ("Jane Doe for The Conversation", "The Conversation"),
        ("TTXVN", "VNA"),
        ("Antara", "Antara"),
        ("AA", "Anadolu"),
    ],
)  # fmt: skip
def test_a_byline_names_the_agency(byline: str, agency: str) -> None:
    found = agencies.credit(url="https://paper.example/a", byline=byline, body=PROSE)
    assert found == Credit(agency, "byline", byline)


@pytest.mark.parametrize(
    "byline",
    [
        "Jane Doe",
        "By AP Dhillon",
        "Michael Bloomberg",
        "Jane Doe, formerly of Reuters",
        "Jane Doe, Reuters Institute",
        "Photo: Jane Doe/AFP",
        "Jane Doe, Harrisburg, PA",
        "Amaravati, AP",
        "Staff and agencies",
        "Web Desk",
        "By Cp Smith",
        "By Sid Vicar",
        "PAP leader Lee Doe",
        "Belga Queen",
        "By ANA ONYX Herald Staff Writer",
        "By SANA PYRITE, Herald Staff",
    ],
)
def test_a_byline_without_an_agency_names_none(byline: str) -> None:
    assert agencies.credit(url="https://paper.example/a", byline=byline, body=PROSE) is None


DATELINES = [
    ("MOSCOW (AFP) — The talks", "MOSCOW (AFP)", "The talks", "AFP"),
    ("Moscow (AFP) - The talks", "Moscow (AFP)", "The talks", "AFP"),
    ("HAYWARD, Calif. (AP) — A jury", "HAYWARD, Calif. (AP)", "A jury", "AP"),
    ("COLUMBIA, S.C. (AP) -- A jury", "COLUMBIA, S.C. (AP)", "A jury", "AP"),
    ("PITTSBURGH, PA (Reuters) – A jury", "PITTSBURGH, PA (Reuters)", "A jury", "Reuters"),
    ("(Reuters) — The state", "(Reuters)", "The state", "Reuters"),
    ("(CNN)The state", "(CNN)", "The state", "CNN"),
    ("Hong Kong (CNN Business) Shares fell", "Hong Kong (CNN Business)", "Shares fell", "CNN"),
    ("WASHINGTON, July 3 (Reuters/AFP) - The", "WASHINGTON, July 3 (Reuters/AFP)", "The", "Reuters"),
    ("NEW DELHI [PTI]: The", "NEW DELHI [PTI]", "The", "PTI"),
    ("ISLAMABAD (APP): The", "ISLAMABAD (APP)", "The", "APP"),
    ("Brussels, Feb 3 (IANS) The", "Brussels, Feb 3 (IANS)", "The", "IANS"),
    ("Abuja, July 15, 2024 (NAN) The", "Abuja, July 15, 2024 (NAN)", "The", "NAN"),
    ("Accra, July 15, GNA - The", "Accra, July 15, GNA", "The", "GNA"),
    ("AFP, MANILA — The", "AFP, MANILA", "The", "AFP"),
    ("Reuters, Washington, Nov 3 - The", "Reuters, Washington, Nov 3", "The", "Reuters"),
    ("LAGOS, July 15 — The", "LAGOS, July 15", "The", None),
    ("MAIDUGURI — The", "MAIDUGURI", "The", None),
    ("NEW DELHI: The", "NEW DELHI", "The", None),
    ("Berlin (dpa) - Der", "Berlin (dpa)", "Der", "dpa"),
    ("Düsseldorf (dpa/lnw) - Der", "Düsseldorf (dpa/lnw)", "Der", "dpa"),
    ("Frankfurt/Main (dpa-AFX) – Der", "Frankfurt/Main (dpa-AFX)", "Der", "dpa-AFX"),
    ("Wien (APA) – Der", "Wien (APA)", "Der", "APA"),
    ("Bern, 3. März (sda) – Der", "Bern, 3. März (sda)", "Der", "Keystone-SDA"),
    ("PARIS, 3 mars (Reuters) - Le", "PARIS, 3 mars (Reuters)", "Le", "Reuters"),
    ("Paris/AFP — Le", "Paris/AFP", "Le", "AFP"),
    ("Paris, 3 mars — Le", "Paris, 3 mars", "Le", None),
    ("Madrid, 3 mar (EFE).- El", "Madrid, 3 mar (EFE)", "El", "EFE"),
    ("MADRID 3 Mar. (EUROPA PRESS) - El", "MADRID 3 Mar. (EUROPA PRESS)", "El", "Europa Press"),
    ("Lisboa, 03 mar 2024 (Lusa) – O", "Lisboa, 03 mar 2024 (Lusa)", "O", "Lusa"),
    ("(ANSA) - ROMA, 03 MAR - Il", "(ANSA) - ROMA, 03 MAR", "Il", "ANSA"),
    ("Roma, 3 mar. (Adnkronos) - Il", "Roma, 3 mar. (Adnkronos)", "Il", "Adnkronos"),
    ("AGI - Il presidente", "AGI", "Il presidente", "AGI"),
    ("OSLO (NTB): Det", "OSLO (NTB)", "Det", "NTB"),
    ("New Delhi [India], July 14 (ANI): The", "New Delhi [India], July 14 (ANI)", "The", "ANI"),
    ("MOSCOW (Sputnik) - The", "MOSCOW (Sputnik)", "The", "Sputnik"),
    ("Budapest, 2024. március 3., vasárnap (MTI) - A", "Budapest, 2024. március 3., vasárnap (MTI)", "A", "MTI"),
    ("ANKARA (AA) - Cumhurbaşkanı", "ANKARA (AA)", "Cumhurbaşkanı", "Anadolu"),
    ("Jakarta (ANTARA) - Presiden", "Jakarta (ANTARA)", "Presiden", "Antara"),
    ("Hà Nội (TTXVN) – Thủ tướng", "Hà Nội (TTXVN)", "Thủ tướng", "VNA"),
    ("МОСКВА, 3 марта. /ТАСС/. Министр", "МОСКВА, 3 марта. /ТАСС/", "Министр", "TASS"),
    ("МОСКВА, 3 мар — РИА Новости. Министр", "МОСКВА, 3 мар — РИА Новости", "Министр", "RIA Novosti"),
    ("Москва. 3 марта. INTERFAX.RU - Министр", "Москва. 3 марта. INTERFAX.RU", "Министр", "Interfax"),
    ("КИЕВ (Рейтер) — Министр", "КИЕВ (Рейтер)", "Министр", "Reuters"),
    ("القاهرة (رويترز) - قال الوزير", "القاهرة (رويترز)", "قال الوزير", "Reuters"),
    ("واشنطن (أ ف ب) – قال الوزير", "واشنطن (أ ف ب)", "قال الوزير", "AFP"),
    ("नई दिल्ली, 3 मार्च (भाषा) मंत्री ने", "नई दिल्ली, 3 मार्च (भाषा)", "मंत्री ने", "PTI"),
    ("ԵՐԵՎԱՆ, 5 ՄԱՐՏԻ, ԱՐՄԵՆՊՐԵՍ։ Նախարարը", "ԵՐԵՎԱՆ, 5 ՄԱՐՏԻ, ԱՐՄԵՆՊՐԵՍ", "Նախարարը", "Armenpress"),
    ("Abidjan, 05 mars 2024 (AIP) - Le", "Abidjan, 05 mars 2024 (AIP)", "Le", "AIP"),
    ("新华社北京4月24日电 会议", "新华社北京4月24日电", "会议", "Xinhua"),
    ("法新社巴黎3日电 会议", "法新社巴黎3日电", "会议", "AFP"),
    ("（中央社記者王小明台北24日電）會議", "（中央社記者王小明台北24日電）", "會議", "CNA"),
    ("【ワシントン共同】会議", "【ワシントン共同】", "会議", "Kyodo"),
    ("【ロンドン時事】会議", "【ロンドン時事】", "会議", "Jiji"),
    ("(서울=연합뉴스) 홍길동 기자 = 회의", "(서울=연합뉴스) 홍길동 기자 =", "회의", "Yonhap"),
    ("[서울=뉴시스] 회의", "[서울=뉴시스]", "회의", "Newsis"),
]


@pytest.mark.parametrize(("paragraph", "dateline", "rest", "agency"), DATELINES)
def test_a_dateline_is_cut_off_and_names_its_agency(
    paragraph: str, dateline: str, rest: str, agency: str | None
) -> None:
    assert agencies.split_dateline(paragraph) == (dateline, rest)
    found = agencies.credit(url="https://paper.example/a", body=[paragraph + " met for three hours.", *PROSE])
    assert found == (Credit(agency, "dateline", dateline) if agency else None)


@pytest.mark.parametrize(
    "paragraph",
    [
        "",
        "The ministers met (AFP) — and agreed.",
        "Angela Muster (CDU) – die frühere Kanzlerin – sagte nichts.",
        "Kiel (dpo) - Der Sprecher",
        "NATO — The alliance met.",
        "BREAKING — The alliance met.",
        "SMITH: We met.",
        "WATCH: The moment it happened",
        "Berlin - das ist eine Stadt.",
        "Paris (France) is a city.",
        "The AP reported — again — that",
        "According to AFP, MANILA is",
        "Reuters: the company said",
        "UPDATE 3 — Shares fell",
        "In July 2016 – The first year",
        "Im März 2024 – Der erste",
        "I — The first chapter",
        "2024 — A year in review",
        "Pakistan’s PTI (Imran Khan’s party) won.",
        "A (very) long story — The end",
        "Police said: The",
    ],
)
def test_prose_has_no_dateline(paragraph: str) -> None:
    assert agencies.split_dateline(paragraph) == (None, paragraph)


CREDIT_LINES = [
    ("(AFP)", "AFP", "end mark"),
    ("— Reuters", "Reuters", "end mark"),
    ("REUTERS", "Reuters", "end mark"),
    ("AFP, XINHUA", "AFP", "end mark"),
    ("dpa/lnw", "dpa", "end mark"),
    ("ino/dpa", "dpa", "end mark"),
    ("/ritzau/", "Ritzau", "end mark"),
    ("(PAP)", "PAP", "end mark"),
    ("(SID)", "SID", "end mark"),
    ("（共同）", "Kyodo", "end mark"),
    ("(연합뉴스)", "Yonhap", "end mark"),
    ("(ТАСС)", "TASS", "end mark"),
    ("(أ ف ب)", "AFP", "end mark"),
    ("© dpa-infocom, dpa:240516-99-53606/3 (dpa)", "dpa", "credit line"),
    ("mit dpa", "dpa", "credit line"),
    ("(mit Material der dpa)", "dpa", "credit line"),
    ("Quelle: example.de, ino/dpa", "dpa", "credit line"),
    ("Quelle: sid/dpa", "SID", "credit line"),
    ("Weitere Quellen • AP", "AP", "credit line"),
    ("Source: Xinhua", "Xinhua", "credit line"),
    ("With files from The Associated Press", "AP", "credit line"),
    ("This report by The Canadian Press was first published July 14, 2026.", "CP", "credit line"),
    ("AP NFL: https://apnews.com/NFL", "AP", "credit line"),
    ("Follow AP’s coverage of the strike at https://apnews.com/hub/strike", "AP", "credit line"),
    ("With inputs from PTI", "PTI", "credit line"),
    ("(With ANI inputs)", "ANI", "credit line"),
    ("Additional reporting from PA", "PA", "credit line"),
    ("Bron: BELGA", "Belga", "credit line"),
    ("Fuente: EFE", "EFE", "credit line"),
    ("Con información de EFE", "EFE", "credit line"),
    ("Com informações da Reuters", "Reuters", "credit line"),
    ("Avec AFP", "AFP", "credit line"),
    ("La rédaction avec AFP", "AFP", "credit line"),
    ("Fonte: ANSA", "ANSA", "credit line"),
    ("Kilde: Ritzau", "Ritzau", "credit line"),
    ("Lähteet: STT, Reuters", "STT", "credit line"),
    ("Źródło: PAP", "PAP", "credit line"),
    ("Zdroj: ČTK", "ČTK", "credit line"),
    ("Πηγή: ΑΠΕ-ΜΠΕ", "AMNA", "credit line"),
    ("Источник: ТАСС", "TASS", "credit line"),
    ("Джерело: Укрінформ", "Ukrinform", "credit line"),
    ("المصدر: رويترز", "Reuters", "credit line"),
    ("来源：新华网", "Xinhua", "credit line"),
    ("출처: 연합뉴스", "Yonhap", "credit line"),
    ("Associated Press writer Jan Doe in Rome contributed to this report.", "AP", "credit line"),
    ("The Associated Press contributed to this report.", "AP", "credit line"),
    ("Contributing: Jan Doe, Ana Onyx, Associated Press.", "AP", "credit line"),
    ("Contributing reporters: Jan Doe; The Associated Press", "AP", "credit line"),
    ("Information from the Associated Press was used in this report.", "AP", "credit line"),
    ("This story includes reporting from Reuters.", "Reuters", "credit line"),
    ("Con reportes de AP", "AP", "credit line"),
    ("Con informazioni di Reuters", "Reuters", "credit line"),
    ("ที่มา: รอยเตอร์", "Reuters", "credit line"),
    ("First published in The Conversation.", "The Conversation", "credit line"),
    ("This article is republished from The Conversation under a licence.", "The Conversation", "credit line"),
    ("Copyright 2019 The Associated Press. All rights reserved.", "AP", "credit line"),
    ("Copyright: Project Syndicate, 2025", "Project Syndicate", "credit line"),
    ("(c) 2024 Agence France-Presse", "AFP", "credit line"),
    ("Dieser Text ist zuerst bei der Deutschen Presse-Agentur erschienen.", "dpa", "credit line"),
    ("(But for its headline, this story has not been edited and is published from PTI)", "PTI", "credit line"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "agency", "evidence"), CREDIT_LINES)
def test_a_line_that_is_nothing_but_a_credit_names_the_agency_inside_and_below_the_body(
    line: str, agency: str, evidence: str
) -> None:
    assert agencies.is_credit_line(line)
    for inside, below in ([line], []), ([], [line]):
        found = agencies.credit(url="https://paper.example/a", body=[*PROSE, *inside], after=below)
        assert found == Credit(agency, evidence, line)


@pytest.mark.parametrize(
    "line",
    [
        "Agencies",
        "(Agencies)",
        "With agency inputs",
        "News wires",
        "Post wires contributed to this report.",
        "Mit Agenturen",
    ],
)
def test_a_credit_without_a_name_is_a_credit_line_and_gives_no_agency(line: str) -> None:
    assert agencies.is_credit_line(line)
    assert agencies.credit(url="https://paper.example/a", body=[*PROSE, line]) is None


MENTIONS = [
    "An official told Reuters.",
    "That is according to AFP.",
    "A Reuters poll found as much.",
    "In an AP-NORC poll, half agreed.",
    "The draft was seen by Reuters.",
    "Det skjer ifølge NTB.",
    "Según declaró a EFE el portavoz.",
    "Das sagte er der dpa.",
    "Selon l’AFP, la rencontre a eu lieu.",
    "Об этом сообщил ТАСС.",
    "The Associated Press reports that it rained.",
    "Both Bloomberg and a rival have reported it.",
    "Imran Khan’s party is the Pakistan Tehreek-e-Insaf (PTI).",
    "He works for the Associated Press (AP).",
    "Why did it happen? It is complicated [Bloomberg]",
    "Photo: Jane Doe/AFP",
    "Foto: dpa",
    "Jane Doe / AFP via Getty Images",
    "＝写真はＡＰ",
    "（Ｃ）共同通信社",
    "The Dow Jones fell.",
    "He moved to Harrisburg, PA",
    "Mr Bloomberg",
    "AP Dhillon",
    "Apa kabar?",
]


@pytest.mark.parametrize("mention", MENTIONS)
@pytest.mark.parametrize(
    "arrange",
    [
        lambda text: {"body": [*PROSE, text]},
        lambda text: {"body": [text, *PROSE]},
        lambda text: {"body": [*PROSE, f"It was over. {text}"]},
        lambda text: {"body": PROSE, "after": [text]},
        lambda text: {"body": PROSE, "before": [text]},
    ],
    ids=["last", "first", "tail", "below", "above"],
)
def test_a_mention_is_no_credit(mention: str, arrange: Callable[[str], dict[str, Sequence[str]]]) -> None:
    assert not agencies.is_credit_line(mention)
    assert agencies.credit(url="https://paper.example/a", **arrange(mention)) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("paragraph", "agency", "mark"),
    [
        ("“We met,” he said. (AFP)", "AFP", "(AFP)"),
        ("“We met,” he said (AFP).", "AFP", "(AFP)."),
        ("It ended at noon.(dpa)", "dpa", "(dpa)"),
        ("It ended at noon. — Reuters", "Reuters", "Reuters"),
        ("It ended at noon. – Bernama", "Bernama", "Bernama"),
        ("It ended at noon. AFP", "AFP", "AFP"),
        ("Das Treffen endete mittags. dpa/lnw", "dpa", "dpa/lnw"),
        ("Mødet sluttede. /ritzau/AFP", "Ritzau", "ritzau/AFP"),
        ("会议结束。（新华社）", "Xinhua", "（新华社）"),
        ("It ended. (Reporting by J. Doe; Editing by K. Roe)", "Reuters", "Reporting by J. Doe; Editing by K. Roe)"),
    ],
)  # fmt: skip
def test_a_mark_at_the_end_of_the_last_paragraph_names_the_agency(paragraph: str, agency: str, mark: str) -> None:
    found = agencies.credit(url="https://paper.example/a", body=[*PROSE, paragraph])
    assert found == Credit(agency, "end mark", mark)


@pytest.mark.parametrize(
    ("line", "agency", "evidence"),
    [
        ("By Associated Press", "AP", "byline"),
        ("AFP | 3 March 2024, 10:00", "AFP", "byline"),
        ("Konstantin Muster, Deutsche Presse-Agentur", "dpa", "byline"),
        ("ABC/AP", "AP", "byline"),
        ("Reuters/kra Frankfurt", "Reuters", "byline"),
        ("GENEVA (AFP) — The ministers met.", "AFP", "dateline"),
    ],
)
def test_a_block_above_the_body_names_the_agency(line: str, agency: str, evidence: str) -> None:
    found = agencies.credit(url="https://paper.example/a", before=["World", line, "Share"], body=PROSE)
    assert found is not None
    assert (found.agency, found.evidence) == (agency, evidence)


@pytest.mark.parametrize(
    "before",
    [
        ["Jane Doe/AFP"],
        ["JANE DOE / AFP"],
        ["© AFP"],
        ["资料图：市民在码头等渡轮。中新社记者 王明 摄"],
        ["Reuters: Minister Wins Again"],
        ["Minister Sues Reuters"],
        ["Washington Post", "Associated Press", "Reuters", "AFP-Jiji", "Sports"],
        ["By REUTERS", "A storm", "By REUTERS", "A flood", "By REUTERS"],
    ],
    ids=" | ".join,
)
def test_pictures_headlines_menus_and_teasers_above_the_body_are_no_bylines(before: list[str]) -> None:
    assert agencies.credit(url="https://paper.example/a", before=before, body=PROSE) is None


@pytest.mark.parametrize(
    "after", [["Topics", "PTI"], ["A storm", "By REUTERS"], ["Imran Khan", "PTI", "Pakistan"]], ids=" | ".join
)
def test_keywords_and_teasers_below_the_body_are_no_credits(after: list[str]) -> None:
    assert agencies.credit(url="https://paper.example/a", body=PROSE, after=after) is None


def test_a_line_that_is_known_as_an_image_s_credit_is_not_the_text_s() -> None:
    found = agencies.credit(url="https://paper.example/a", before=["AFP"], body=PROSE, image_credits=["AFP"])
    assert found == Credit("AFP", "image credit", "AFP")


@pytest.mark.parametrize(
    ("field", "value", "agency"),
    [
        ("author", "Associated Press", "AP"),
        ("author", "Jane Doe, Reuters", "Reuters"),
        ("articleauthor", "AFP", "AFP"),
        ("sourceOrganization", "Deutsche Presse-Agentur GmbH", None),
        ("sourceOrganization", "dpa", "dpa"),
        ("dc.source", "Press Association", "PA"),
        ("creditText", "© 2024 AFP", "AFP"),
        ("copyright", "Copyright 2024 The Associated Press. All rights reserved", "AP"),
        ("publisher", "The Daily Example", None),
    ],
)
def test_a_structured_field_names_the_agency(field: str, value: str, agency: str | None) -> None:
    found = agencies.credit(url="https://paper.example/a", structured=[(field, value)], body=PROSE)
    assert found == (Credit(agency, "structured data", value) if agency else None)


@pytest.mark.parametrize(
    ("url", "agency"),
    [
        ("https://apnews.com/article/x", "AP"),
        ("http://hosted.ap.org/x", "AP"),
        ("https://www.reuters.com/world/x", "Reuters"),
        ("https://www.aa.com.tr/en/x", "Anadolu"),
        ("https://www.example-reuters.com/x", None),
        ("https://mapp.org/x", None),
        ("not a url", None),
        ("", None),
    ],
)
def test_an_agency_s_own_site_is_known_by_its_host(url: str, agency: str | None) -> None:
    found = agencies.credit(url=url, body=PROSE)
    assert (found.agency if found else None) == agency
    assert found is None or found.evidence == "publisher"


def test_a_publisher_that_is_an_agency_says_so() -> None:
    found = agencies.credit(url="https://paper.example/a", body=PROSE, publisher_agency="Agence France-Presse")
    assert found == Credit("AFP", "publisher", "Agence France-Presse")


@pytest.mark.parametrize(
    ("printed", "agency"),
    [
        ("AFP PHOTO / JANE DOE", "AFP"),
        ("Jane Doe/Reuters", "Reuters"),
        ("picture alliance/dpa | Jan Muster", "dpa"),
        ("(AP Photo/Jane Doe)", "AP"),
        ("Getty Images", None),
    ],
)
def test_an_image_s_credit_is_evidence_of_the_weakest_kind(printed: str, agency: str | None) -> None:
    found = agencies.credit(url="https://paper.example/a", body=PROSE, image_credits=[printed])
    assert found == (Credit(agency, "image credit", printed) if agency else None)


def test_evidence_of_each_kind_yields_to_the_kinds_before_it() -> None:
    evidence: dict[str, dict[str, object]] = {
        "byline": {"byline": "AFP"},
        "dateline": {"dateline": "PARIS (Reuters)"},
        "credit line": {"after": ["Source: Xinhua"]},
        "end mark": {"body": [*PROSE, "(dpa)"]},
        "structured data": {"structured": [("provider", "EFE")]},
        "publisher": {"publisher_agency": "ANSA"},
        "image credit": {"image_credits": ["Jane Doe/TASS"]},
    }
    kinds = list(evidence)
    assert kinds == sorted(kinds, key=agencies.rank)
    for i in range(len(kinds)):
        given_: dict[str, object] = {}
        for kind in kinds[i:]:
            given_ |= evidence[kind]
        found = agencies.credit(url="https://paper.example/a", **given_)  # type: ignore[arg-type]
        assert found is not None
        assert found.evidence == kinds[i]


def test_the_mark_of_a_template_yields_to_the_author_that_structured_data_names() -> None:
    found = agencies.credit(url="https://paper.example/a", body=[*PROSE, "SDA/sep"], structured=[("author", "AP")])
    assert found == Credit("AP", "structured data", "AP")


def test_a_contribution_yields_to_an_agency_that_has_the_whole_text() -> None:
    body = [*PROSE, "(Reuters)", "Additional reporting from PA"]
    assert agencies.credit(url="https://paper.example/a", body=body) == Credit("Reuters", "end mark", "(Reuters)")


def test_a_byline_with_others_in_it_yields_to_a_dateline() -> None:
    found = agencies.credit(url="https://paper.example/a", byline="Jane Doe, dpa", dateline="PARIS (AP)", body=PROSE)
    assert found == Credit("AP", "dateline", "PARIS (AP)")


def test_of_two_end_marks_the_one_nearest_the_text_counts() -> None:
    found = agencies.credit(
        url="https://paper.example/a", body=[*PROSE, "It ended. (dpa)"], after=["Newsletter", "SDA/sep"]
    )
    assert found == Credit("dpa", "end mark", "(dpa)")


def test_evidence_is_ranked_with_inherited_above_image_credit_and_the_unknown_last() -> None:
    assert (
        agencies.rank("byline") < agencies.rank("inherited") < agencies.rank("image credit") < agencies.rank("hearsay")
    )


def test_a_page_that_names_no_agency_has_no_credit() -> None:
    assert agencies.credit(url="https://paper.example/a", byline="Jane Doe", body=PROSE) is None


FRAGMENTS = st.sampled_from(
    [
        "AFP",
        "Reuters",
        "dpa",
        "新华社",
        "공동",
        "أ ف ب",
        "(",
        ")",
        " — ",
        " - ",
        ", ",
        ". ",
        "/",
        "MOSCOW",
        "Paris",
        "July 15",
        "said",
        "：",
        "电",
        "【",
        "】",
        "©",
        " ",
    ]
)
TEXTS = st.text(max_size=300) | st.lists(FRAGMENTS, max_size=25).map("".join)


@settings(max_examples=EXAMPLES, deadline=None)
@given(TEXTS)
def test_a_split_loses_no_word(text: str) -> None:
    dateline, rest = agencies.split_dateline(text)
    assert "".join(re.findall(r"\w", f"{dateline or ''}{rest}")) == "".join(re.findall(r"\w", text))
    assert dateline is None or (dateline in text and text.endswith(rest))


@settings(max_examples=EXAMPLES, deadline=None)
@given(TEXTS, TEXTS, TEXTS)
@example("", "", "//：")
def test_no_text_raises(one: str, two: str, three: str) -> None:
    agencies.name(one)
    agencies.is_credit_line(two)
    found = agencies.credit(
        url=three, byline=one, structured=[("author", two), (one, three)], dateline=two, before=[one, two],
        body=[two, three, one], after=[three, two], image_credits=[two], publisher_agency=three,
    )  # fmt: skip
    assert found is None or found.evidence in agencies.RANK


@settings(max_examples=EXAMPLES, deadline=None)
@given(TEXTS)
def test_an_agency_is_always_one_of_the_table(text: str) -> None:
    found = agencies.credit(url="https://paper.example/a", byline=text, body=[text], after=[text])
    assert found is None or found.agency in {wire.short for wire in WIRES}


@pytest.mark.parametrize(
    "unit",
    ["A", "A ", "AFP ", "AFP/", "(AFP) ", "(", "MOSCOW, ", "Paris – ", "- ", ". ", "et ", "by x; ", "contributed ",
     "the story ", "电", "【", "共同", "／", "\t"],
    ids=repr,
)  # fmt: skip
def test_of_a_text_without_end_only_a_bounded_part_is_looked_at(unit: str) -> None:
    long = unit * (100_000 // len(unit))
    dateline, rest = agencies.split_dateline(long)
    assert dateline == agencies.split_dateline(long[:400])[0]
    assert long.endswith(rest)
    assert agencies.name(long) is None
    assert not agencies.is_credit_line(long)
    url = "https://paper.example/a"
    assert agencies.credit(url=url, before=[long], after=[long]) is None or agencies.split_dateline(long)[0]
    assert agencies.credit(url=url, body=[long]) == agencies.credit(url=url, body=[long[:400], long[-600:]])
    assert agencies.credit(url=url, byline=long) == agencies.credit(url=url, byline=long[:200] + long[200:])


@pytest.mark.parametrize(
    ("paragraph", "rest", "mark"),
    [
        ("The bridge reopened at noon, the mayor said. (AFP)", "The bridge reopened at noon, the mayor said.", "(AFP)"),
        ("The bridge reopened at noon, the mayor said. – AP", "The bridge reopened at noon, the mayor said.", "AP"),
        ("Die Brücke ist seit Mittag wieder offen. dpa/lnw", "Die Brücke ist seit Mittag wieder offen.", "dpa/lnw"),
        ("She thanked the state. (NAN)(www.nannews.ng)", "She thanked the state.", "(NAN)"),
        ("橋は正午に再開した。〔共同〕", "橋は正午に再開した。", "〔共同〕"),
        ("The bridge has a page (www.bridge.example)", "The bridge has a page (www.bridge.example)", None),
        ("“We heard it from AFP.”", "“We heard it from AFP.”", None),
        ("The figures were published by Reuters.", "The figures were published by Reuters.", None),
    ],
)
def test_an_end_mark_is_cut_off_the_last_sentence(paragraph: str, rest: str, mark: str | None) -> None:
    assert agencies.split_end_mark(paragraph) == (rest, mark)


@pytest.mark.parametrize(
    ("votes", "agency", "evidence"),
    [
        ([("dpa", "byline", 1), ("AFP", "credit line", 2)], "AFP", "credit line"),
        ([("dpa", "byline", 1), ("AFP", "dateline", 1)], "AFP", "dateline"),
        ([("dpa", "dateline", 1), ("dpa", "byline", 1), ("AFP", "dateline", 2)], "dpa", "byline"),
        ([("dpa", "end mark", 1), ("AFP", "credit line", 1)], "AFP", "credit line"),
        ([("dpa", "byline", 1), ("dpa", "end mark", 2), ("AFP", "dateline", 2)], "dpa", "byline"),
    ],
)
def test_a_storys_agency_is_what_most_papers_name_of_equals_by_a_dateline(
    votes: list[tuple[str, str, int]], agency: str, evidence: str
) -> None:
    elected = agencies.elect([agencies.Vote(name, by, False, papers) for name, by, papers in votes])
    assert elected is not None
    assert (elected.agency, elected.evidence) == (agency, evidence)


def test_of_equals_the_credit_of_a_paper_that_rarely_names_the_agency_elects() -> None:
    often = agencies.Vote("AFP", "end mark", False, 1, usual=0.4)
    rarely = agencies.Vote("dpa", "end mark", False, 1, usual=0.1)
    assert agencies.elect([often, rarely]) == rarely


@pytest.mark.parametrize(
    ("credits", "usual"),
    [({}, 0), ({"dpa": 1}, 0), ({"dpa": 5, None: 4}, 0.4), ({"AFP": 9}, 0), ({"dpa": 19}, 0.9)],
)
def test_how_usual_a_credit_is_leaves_out_the_one_in_question(credits: dict[str | None, int], usual: float) -> None:
    assert agencies.usual(credits, "dpa") == pytest.approx(usual)


def test_weak_evidence_elects_where_there_is_no_other() -> None:
    photo = agencies.Vote("AP", "image credit", True, 3)
    assert agencies.elect([photo, agencies.Vote("dpa", "end mark", False, 1)]) == agencies.Vote(
        "dpa", "end mark", False, 1
    )
    assert agencies.elect([photo]) == photo
    assert agencies.elect([]) is None


@pytest.mark.parametrize(
    ("credits", "habit"),
    [
        ({"dpa": 6}, "dpa"),
        ({"dpa": 6, None: 2}, "dpa"),
        ({"dpa": 6, None: 3}, None),
        ({"dpa": 5}, None),
        ({"dpa": 12, "AFP": 5}, None),
        ({None: 40}, None),
        ({}, None),
    ],
)
def test_a_credit_under_nearly_everything_is_a_habit(credits: dict[str | None, int], habit: str | None) -> None:
    assert agencies.habit(credits) == habit


@pytest.mark.parametrize("last", ["She thanked the state. ■", "She thanked the state. — VNS", "She thanked the state."])
def test_a_sign_that_ends_the_last_sentence_is_no_text(last: str) -> None:
    assert agencies.without_credits(["The bridge reopened.", last])[-1] == "She thanked the state."


TEXT = ["The bridge reopened at noon.", "Residents had waited.", "The mayor cut a ribbon.", "The band played on."]


@pytest.mark.parametrize("mark", ["(AFP)", "-- BERNAMA", "— Reuters"])
def test_what_stands_below_the_mark_of_an_agency_is_no_text(mark: str) -> None:
    assert agencies.without_credits([*TEXT, mark, "The house sells its news.", "Write to the house."]) == TEXT


@pytest.mark.parametrize(
    "paragraphs",
    [
        [*TEXT, "(AFP)", *TEXT],
        [*TEXT, "(AFP)", TEXT[1], "(Reuters)", TEXT[0]],
        [TEXT[0], "(AFP)", TEXT[1]],
        [*TEXT, "(laughs)", TEXT[0]],
    ],
)
def test_what_stands_below_a_mark_amid_a_text_or_one_of_several_is_text(paragraphs: list[str]) -> None:
    assert agencies.without_credits(paragraphs) == paragraphs
