"""crawler.text: lines, words and likeness as a reader sees them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import text


@pytest.mark.parametrize(
    ("string", "expected"),
    [
        ("  a \n b\tc ", "a b c"),
        ("Hafen\u00adplan", "Hafenplan"),
        ("zero\u200bwidth", "zerowidth"),
        ("e\u0301te\u0301", "été"),
        ("non\u00a0breaking", "non breaking"),
        ("soft\u200cware", "software"),
        ("می\u200cگویند", "می\u200cگویند"),
        ("ශ්\u200dරී", "ශ්\u200dරී"),
        ("👩\u200d💻", "👩\u200d💻"),
    ],
)
def test_a_line_has_single_spaces_and_no_invisible_characters(string: str, expected: str) -> None:
    assert text.one_line(string) == expected


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", 0),
        ("The harbour's ice-house burned down.", 5),
        ("Ein Wort, zwei Wörter", 4),
        ("港口将建新码头", 4),
        ("ท่าเรือใหม่", 6),
        ("港口 plan 2024", 3),
        ("a word--word, a wait...what", 6),
        ("प्रधानमंत्री ने बैठक में कहा", 5),
        ("می\u200cگویند که آتش\u200cسوزی", 3),
        ("ශ්\u200dරී ලංකා", 2),
        ("One part.\n\n___\n\nAnother part.", 4),
    ],
)
def test_words_are_counted_in_scripts_with_and_without_spaces(body: str, words: int) -> None:
    assert text.count_words(body) == words


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("Harbour plan goes on", "HARBOUR PLAN: goes on!", True),
        ("Harbour plan goes on", "Harbour plan goes", False),
        (
            "The minister was to hold a second day of talks in the port on Friday …",
            "The minister was to hold a second day of talks in the port on Friday.",
            True,
        ),
        ("", "", False),
    ],
)
def test_two_lines_are_the_same_when_a_reader_sees_the_same(one: str, other: str, equal: bool) -> None:
    assert text.same_key(text.squash(one), text.squash(other)) is equal


@given(st.text(st.characters(exclude_categories=())))
def test_what_is_squashed_is_letters_and_digits_whatever_their_case(string: str) -> None:
    composed = unicodedata.normalize("NFC", string)
    assert text.squash(string) == "".join(filter(str.isalnum, composed)).casefold()


def test_letters_whose_accents_are_apart_are_squashed_to_the_same() -> None:
    assert text.squash("Gru\u0308nderva\u0308ter") == text.squash("Gründerväter")
