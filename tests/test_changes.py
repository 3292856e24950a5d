"""Two texts -> what was cut and what was added."""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.changes import WORDS_MAX, Span, compare, counts, figures, is_update, told

EXAMPLES = 2000 if os.environ.get("NEWSFOLD_TEST_FULL") else 100

#: Texts of few words, so that two of them have some in common.
TEXTS = st.lists(st.sampled_from(["the", "The", "dam", "dam,", "“burst”", "at", "9", "a.m.", "\n\n", "今日", "—"])).map(
    " ".join
)


KEPT, CUT, ADDED = "kept", "cut", "added"


@pytest.mark.parametrize(
    ("before", "after", "spans"),
    [
        ("", "", []),
        ("The dam burst.", "The dam burst.", [(KEPT, "The dam burst.")]),
        ("The dam burst.", "", [(CUT, "The dam burst.")]),
        ("", "The dam burst.", [(ADDED, "The dam burst.")]),
        ("The old dam burst.", "The dam burst.", [(KEPT, "The "), (CUT, "old "), (KEPT, "dam burst.")]),
        ("The dam burst.", "The old dam burst.", [(KEPT, "The "), (ADDED, "old "), (KEPT, "dam burst.")]),
        (
            "At least 30 died.",
            "At least 42 died.",
            [(KEPT, "At least "), (CUT, "30 "), (ADDED, "42 "), (KEPT, "died.")],
        ),
        ("It cost 1,200.", "It cost 1,350.", [(KEPT, "It cost "), (CUT, "1,200"), (ADDED, "1,350"), (KEPT, ".")]),
        ("死者12人", "死者17人", [(KEPT, "死者"), (CUT, "12"), (ADDED, "17"), (KEPT, "人")]),
        ("The Dam burst.", "the dam burst.", [(KEPT, "the dam burst.")]),
        ("One two.\n\nThree four.", "One two.", [(KEPT, "One two."), (CUT, "\n\nThree four.")]),
        ("He said: “No”", "He said: “Yes”", [(KEPT, "He said: “"), (CUT, "No"), (ADDED, "Yes"), (KEPT, "”")]),
    ],
)
def test_an_edit_is_told_in_reading_order(before: str, after: str, spans: list[tuple[str, str]]) -> None:
    assert compare(before, after) == [Span(*span) for span in spans]


@pytest.mark.parametrize(
    ("before", "after", "want"),
    [
        ("The old dam, at last, burst.", "The dam burst.", (3, 0)),
        ("It rained.", "It rained — for 40 days.", (0, 3)),
        ("one, two", "one; two", (0, 0)),
    ],
)
def test_words_are_counted_and_punctuation_is_not(before: str, after: str, want: tuple[int, int]) -> None:
    assert counts(compare(before, after)) == want


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ("At least 12 died.", "At least 12 died.", []),
        ("At least 12 died.", "At least 17 died.", ["12 -> 17 died"]),
        ("The 12 dead of 1912.", "The 17 dead of 1912.", ["12 -> 17 dead"]),
        ("It rose by 2.5% to 1,200.", "It rose by 3% to 1,350.", ["2.5 -> 3%", "1,200 -> 1,350"]),
        ("12 dead.", "17 dead, 3 of them children.", ["12 -> 17 dead", "3 of new"]),
        ("Two died. 40 fled.", "Two died.", ["40 fled gone"]),
        ("Two died.", "Two died. 40 fled.", ["40 fled new"]),
        ("Of 9 boats 2 sank.", "2 sank. Of 9 boats.", []),  # moved
        ("死者12人", "死者17人", ["12 -> 17人"]),
        ("مات ١٢ شخصا", "مات ١٧ شخصا", ["١٢ -> ١٧ شخصا"]),
        ("The G20 met.", "The G7 met.", []),  # names
        ("12 dead, 12 dead", "17 dead, 17 dead", ["12 -> 17 dead"]),
    ],
)
def test_figures_that_went_and_came_are_named(before: str, after: str, named: list[str]) -> None:
    assert figures(compare(before, after)) == named


def test_of_many_figures_some_are_told_and_the_rest_counted() -> None:
    assert told([str(number) for number in range(10)]) == "0, 1, 2, 3, 4, 5, 6, 7, 2 more"
    assert told(["1", "2"]) == "1, 2"
    assert told([]) == ""


LEAD = " ".join(f"word{number}{'abc'[number % 3]}" for number in range(60))


@pytest.mark.parametrize(
    ("before", "after", "update"),
    [
        (LEAD, LEAD, False),
        (LEAD, LEAD.replace("word7b", "wort7b"), False),
        (LEAD, f"{LEAD}. And more was said below.", False),
        (LEAD, f"{LEAD}. And 9 were hurt.", True),
        ("12 died. " + LEAD, "17 died. " + LEAD, True),
        (LEAD, " ".join(["Another lead"] * 15) + " " + LEAD, True),
        (LEAD, "", False),
    ],
)
def test_a_text_with_other_figures_or_another_lead_is_an_update(before: str, after: str, update: bool) -> None:
    assert is_update(compare(before, after)) is update


@settings(max_examples=EXAMPLES)
@given(TEXTS)
def test_a_text_is_no_update_of_itself(text: str) -> None:
    spans = compare(text, text)
    assert figures(spans) == []
    assert not is_update(spans)


@settings(max_examples=EXAMPLES)
@given(TEXTS, TEXTS)
def test_what_was_kept_and_added_is_the_second_text(before: str, after: str) -> None:
    spans = compare(before, after)
    assert "".join(span.text for span in spans if span.kind != "cut").split() == after.split()


@settings(max_examples=EXAMPLES)
@given(TEXTS, TEXTS)
def test_what_was_kept_and_cut_is_the_first_text_but_for_capitals(before: str, after: str) -> None:
    spans = compare(before, after)
    first = "".join(span.text for span in spans if span.kind != "added")
    assert "".join(first.split()).casefold() == "".join(before.split()).casefold()


@settings(max_examples=EXAMPLES)
@given(TEXTS)
def test_a_text_is_no_edit_of_itself(text: str) -> None:
    assert all(span.kind == "kept" for span in compare(text, text))


@settings(max_examples=EXAMPLES)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_can_be_compared(before: str, after: str) -> None:
    assert all(span.kind in ("kept", "cut", "added") and span.text for span in compare(before, after))


def test_a_text_of_any_length_is_compared_by_its_opening() -> None:
    text = " ".join(str(number) for number in range(WORDS_MAX + 100))
    (span,) = compare(text, text)
    assert len(span.text.split()) == WORDS_MAX
