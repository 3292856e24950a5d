"""crawler.agencies and what it stands on (wires, phrases, datelines): credits told from mentions, in many languages."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import agencies
from crawler.agencies import Credit
from crawler.wires import HOSTS, WIRES, pieces

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
    ],
)
def test_a_text_that_is_an_agency_s_name_gives_its_short_name(text: str, short: str) -> None:
    assert agencies.name(text) == short


@pytest.mark.parametrize(
    "text",
    ["", "Jane Doe", "AP Dhillon", "Michael Bloomberg", "Reuters poll", "ap", "pa", "apa kabar", "Reuters Institute", "Agencies", "—"],
)
def test_a_text_that_is_more_or_less_than_an_agency_s_name_gives_none(text: str) -> None:
    assert agencies.name(text) is None


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.short)
def test_every_spelling_of_the_table_names_its_agency(wire: agencies.wires.Wire) -> None:
    for spelling in [*filter(None, f"{wire.names}|{wire.codes}".split("|"))]:
        assert agencies.name(spelling) == wire.short, spelling
