"""The language of a text, where the classifier and the page agree and where they do not."""

from __future__ import annotations

import pytest

from crawler import languages

FRENCH = (
    "Le conseil municipal a voté mardi soir la fermeture du vieux quai, malgré une pétition signée par plusieurs "
    "centaines d’habitants qui réclament depuis onze ans un bac et une boulangerie ouverte le dimanche."
)
NORWEGIAN = (
    "Kommunestyret vedtok tirsdag kveld å stenge den gamle kaia, selv om flere hundre innbyggere har skrevet under på "
    "et opprop om at fergen må få gå videre også om vinteren."
)
ARABIC = (
    "قرر المجلس البلدي مساء الثلاثاء إغلاق الرصيف القديم رغم عريضة وقعها مئات السكان الذين يطالبون منذ أحد عشر عاما "
    "بعبارة تعمل في الشتاء وبمخبز يفتح أبوابه يوم الجمعة."
)
JAPANESE = (
    "町議会は火曜日の夜、古い岸壁を閉鎖することを決めた。数百人の住民が署名して反対し、冬も渡し船を動かすよう求めている。"
    * 3
)


@pytest.mark.parametrize(
    ("body", "declared", "expected"),
    [
        (FRENCH, "en", "fr"),  # a template's lang that nobody changed
        (FRENCH, None, "fr"),
        (ARABIC, "en-US", "ar"),
        (JAPANESE, "en", "ja"),
        (NORWEGIAN, "nb-NO", "no"),
        (NORWEGIAN, "da", "da"),  # the two are told apart by a reader at most: the page's own word holds
        ("Voir aussi", "en", "en"),  # too short to tell
        ("", "PT_br", "pt"),
        ("", "iw", "he"),
        ("", "x-default", None),
        ("", None, None),
    ],
)
def test_the_text_decides_but_where_it_is_short_or_the_languages_are_twins(
    body: str, declared: str | None, expected: str | None
) -> None:
    assert languages.language(body, declared) == expected
