"""Two texts -> what was cut and what was added."""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.changes import WORDS_MAX, Span, compare, counts

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
