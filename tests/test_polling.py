"""When a feed is asked again: headers, rhythm, Retry-After, hours to skip, failures, silence."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from crawler.polling import after_failure, headers_minutes, next_poll, retry_after, rhythm_minutes, silent

EXAMPLES = settings(max_examples=3_000 if os.environ.get("NEWSFOLD_TEST_FULL") else 150, deadline=None)

NOW = datetime(2026, 7, 14, 10, 30, tzinfo=UTC)  # a Tuesday
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MIN, MAX = 15.0, 1_440.0

moments = st.datetimes(datetime(1995, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the bounds
minutes = st.none() | st.floats(0, 1e9)
jitters = st.floats(0, 1)
hours = st.sets(st.integers(0, 23))
days = st.sets(st.integers(0, 6))


def wait(**given: object) -> float:
    """Minutes until the next poll of a feed of which only this is known."""
    facts: dict[str, object] = {"min_minutes": MIN, "max_minutes": MAX, "jitter": 0.0}
    return (next_poll(NOW, **(facts | given)) - NOW) / timedelta(minutes=1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"Cache-Control": "max-age=600"}, 10),
        ({"cache-control": "public, MAX-AGE=600, must-revalidate"}, 10),
        ({"Cache-Control": 'max-age="600"'}, 10),
        ({"Cache-Control": "max-age=600, max-age=60"}, 10),
        ({"Cache-Control": "max-age=600,stale-while-revalidate=86400"}, 10),
        ({"Cache-Control": "max-age=600", "Age": "120"}, 8),
        ({"Cache-Control": "max-age=600", "Age": "600"}, None),
        ({"Cache-Control": "max-age=600", "Age": "old"}, 10),
        ({"Cache-Control": "max-age=600", "Expires": "Tue, 14 Jul 2026 11:30:00 GMT"}, 10),
        ({"Cache-Control": "max-age=0", "Expires": "Tue, 14 Jul 2026 11:30:00 GMT"}, None),
        ({"Cache-Control": "max-age=99999999999999999999999"}, 2**31 / 60),
        ({"Cache-Control": "max-age=" + "9" * 5_000}, 2**31 / 60),
        ({"Cache-Control": "max-age=-600"}, None),
        ({"Cache-Control": "max-age=1.5"}, None),
        ({"Cache-Control": "max-age"}, None),
        ({"Cache-Control": "max-age=soon", "Expires": "Tue, 14 Jul 2026 11:30:00 GMT"}, None),
        ({"Cache-Control": "s-maxage=600"}, None),
        ({"Cache-Control": "s-maxage=600", "Expires": "Tue, 14 Jul 2026 11:30:00 GMT"}, 60),
        ({"Cache-Control": "no-cache, max-age=600"}, None),
        ({"Cache-Control": "no-store", "Expires": "Tue, 14 Jul 2026 11:30:00 GMT"}, None),
        ({"Cache-Control": 'private="max-age=5, x", max-age=600'}, 10),
        ({"Cache-Control": ";;;=,,max-age=600"}, 10),
        ({"Expires": "Tue, 14 Jul 2026 11:30:00 GMT"}, 60),
        ({"Expires": "Tuesday, 14-Jul-26 11:30:00 GMT"}, 60),
        ({"Expires": "Tue Jul 14 11:30:00 2026"}, 60),
        ({"Expires": "Tue, 14 Jul 2026 11:30:00 GMT", "Date": "Tue, 14 Jul 2026 11:00:00 GMT"}, 30),
        ({"Expires": "Tue, 14 Jul 2026 11:30:00 GMT", "Date": "today"}, 60),
        ({"Expires": "Tue, 14 Jul 2026 11:30:00 GMT", "Age": "1800"}, 30),
        ({"Expires": "Tue, 14 Jul 2026 10:00:00 GMT"}, None),
        ({"Expires": "0"}, None),
        ({"Expires": "-1"}, None),
        ({"Expires": ""}, None),
        ({"Expires": "Fri, 31 Dec 9999 23:59:59 -2359"}, None),
    ],
)
def test_headers_name_a_time_to_wait_as_rfc_9111_has_it(headers: dict[str, str], expected: float | None) -> None:
    assert headers_minutes(headers, NOW) == expected


@EXAMPLES
@given(st.dictionaries(st.sampled_from(["Cache-Control", "Expires", "Date", "Age"]), st.text()), moments)
def test_headers_of_any_text_name_a_time_above_nought_or_none(headers: dict[str, str], now: datetime) -> None:
    found = headers_minutes(headers, now)
    assert found is None or found > 0


@pytest.mark.parametrize(
    ("name", "hours_ago", "expected"),
    [
        ("none", [], None),
        ("one", [1], None),
        ("one gap is no rhythm", [1, 2], None),
        ("even", [0, 1, 2, 3], 60),
        ("in any order", [2, 0, 3, 1], 60),
        ("a night between", [0, 1, 2, 10, 11, 12], 60),
        ("a wrong date", [0, 1, 2, 3, 200_000], 60),
        ("batches of equal times", [0, 0, 0, 2, 2, 2, 4, 4, 4], 120),
        ("dated to the day, a day's worth", [0] * 30, None),
        ("the 20 newest alone", [*range(20), *range(100, 1_000, 10)], 60),
    ],
)
def test_a_rhythm_is_the_median_gap_of_the_newest_entries(
    name: str, hours_ago: list[int], expected: float | None
) -> None:
    assert rhythm_minutes([NOW - ago * HOUR for ago in hours_ago]) == expected, name


def test_a_rhythm_is_that_of_moments_whatever_their_offsets() -> None:
    lagos = timezone(HOUR)
    dates = [NOW, (NOW - HOUR).astimezone(lagos), (NOW - 2 * HOUR).astimezone(timezone(-5 * HOUR))]
    assert rhythm_minutes(dates) == 60


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("", None),
        ("120", timedelta(minutes=2)),
        (" 120 ", timedelta(minutes=2)),
        ("0", None),
        ("-120", None),
        ("1.5", None),
        ("1e3", None),
        ("²", None),
        ("a while", None),
        ("Tue, 14 Jul 2026 11:30:00 GMT", HOUR),
        ("Tuesday, 14-Jul-26 11:30:00 GMT", HOUR),
        ("Tue, 14 Jul 2026 12:30:00 +0100", HOUR),
        ("Tue, 14 Jul 2026 09:30:00 GMT", None),
        ("99999999999999999999", 7 * DAY),
        ("9" * 5_000, 7 * DAY),
        ("Fri, 14 Jul 2126 11:30:00 GMT", 7 * DAY),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_bounded(value: str | None, expected: timedelta | None) -> None:
    assert retry_after(value, NOW) == (None if expected is None else NOW + expected)


def test_the_longest_retry_after_is_the_callers_to_say() -> None:
    assert retry_after("86400", NOW, longest=HOUR) == NOW + HOUR


@EXAMPLES
@given(st.text() | st.integers().map(str) | moments.map(lambda when: when.strftime("%a, %d %b %Y %H:%M:%S GMT")))
def test_a_retry_after_of_any_text_lies_ahead_within_bounds_or_is_none(value: str) -> None:
    until = retry_after(value, NOW)
    assert until is None or NOW < until <= NOW + 7 * DAY


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("nothing known", {}, MIN),
        ("the headers' wish", {"headers_minutes": 60}, 60),
        ("the feed's wish", {"feed_minutes": 60}, 60),
        ("the longer of two wishes", {"headers_minutes": 30, "feed_minutes": 60}, 60),
        ("a wish is heeded by a feed that is fast", {"feed_minutes": 60, "rhythm_minutes": 2}, 60),
        ("a wish is a lower bound for one that is slow", {"headers_minutes": 60, "rhythm_minutes": 600}, 300),
        ("half the rhythm", {"rhythm_minutes": 120}, 60),
        ("a fast rhythm", {"rhythm_minutes": 3}, MIN),
        ("a slow rhythm", {"rhythm_minutes": 100_000}, MAX),
        ("a wish too short", {"headers_minutes": 1}, MIN),
        ("a wish too long", {"headers_minutes": 525_600}, MAX),
        ("silent overnight", {"rhythm_minutes": 20, "since_new": 10 * HOUR}, 60),
        ("silent for a month", {"rhythm_minutes": 20, "since_new": 30 * DAY}, MAX),
        ("new just now", {"rhythm_minutes": 20, "since_new": timedelta(0)}, MIN),
        ("a clock that went back", {"rhythm_minutes": 20, "since_new": -HOUR}, MIN),
        ("spread", {"rhythm_minutes": 120, "jitter": 0.5}, 63),
        ("spread to the full", {"rhythm_minutes": 120, "jitter": 1.0}, 66),
        ("no spread beyond the longest", {"headers_minutes": MAX, "jitter": 1.0}, MAX),
    ],
)
def test_the_wait_is_the_longest_that_is_asked_for_within_bounds(
    name: str, given: dict[str, object], expected: float
) -> None:
    assert wait(**given) == pytest.approx(expected), name


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("a night", {"skip_hours": range(10, 18)}, datetime(2026, 7, 14, 18, tzinfo=UTC)),
        ("past midnight", {"skip_hours": [*range(10, 24), *range(6)]}, datetime(2026, 7, 15, 6, tzinfo=UTC)),
        ("other hours", {"skip_hours": range(11, 24)}, NOW + timedelta(minutes=MIN)),
        ("a day", {"skip_days": [1]}, datetime(2026, 7, 15, tzinfo=UTC)),
        ("two days and a night", {"skip_days": [1, 2], "skip_hours": range(5)}, datetime(2026, 7, 16, 5, tzinfo=UTC)),
        ("all hours", {"skip_hours": range(24)}, NOW + timedelta(minutes=MIN)),
        ("all days", {"skip_days": range(7)}, NOW + timedelta(minutes=MIN)),
        ("all days and an hour", {"skip_days": range(7), "skip_hours": [10]}, datetime(2026, 7, 14, 11, tzinfo=UTC)),
        ("the same hour next week", {"skip_days": [1], "skip_hours": range(24)}, datetime(2026, 7, 15, tzinfo=UTC)),
        ("spread", {"skip_hours": [10], "jitter": 1.0}, datetime(2026, 7, 14, 11, 6, tzinfo=UTC)),
    ],
)
def test_the_hours_and_days_to_skip_are_left_out(name: str, given: dict[str, object], expected: datetime) -> None:
    assert NOW + timedelta(minutes=wait(**given)) == expected, name


def test_hours_to_skip_are_those_of_utc_whatever_the_clock_says() -> None:
    lagos = NOW.astimezone(timezone(HOUR))
    when = next_poll(lagos, skip_hours=[10], min_minutes=MIN, max_minutes=MAX, jitter=0)
    assert when == datetime(2026, 7, 14, 11, tzinfo=UTC)


@EXAMPLES
@given(moments, minutes, minutes, minutes, st.none() | st.timedeltas(timedelta(0), 9_000 * DAY), hours, days, jitters)
@example(NOW, None, None, None, None, set(range(1, 24)), set(range(6)), 1.0)
def test_a_poll_comes_within_bounds_and_never_in_hours_or_days_to_skip(
    now: datetime,
    headers: float | None,
    feed: float | None,
    rhythm: float | None,
    since_new: timedelta | None,
    skip_hours: set[int],
    skip_days: set[int],
    jitter: float,
) -> None:
    when = next_poll(
        now,
        headers_minutes=headers,
        feed_minutes=feed,
        rhythm_minutes=rhythm,
        since_new=since_new,
        skip_hours=skip_hours,
        skip_days=skip_days,
        min_minutes=MIN,
        max_minutes=MAX,
        jitter=jitter,
    )
    assert now + timedelta(minutes=MIN) <= when
    within = now + timedelta(minutes=MAX)
    assert when <= (within + 7 * DAY if skip_hours or skip_days else within)
    assert when.hour not in skip_hours or len(skip_hours) == 24
    assert when.weekday() not in skip_days or len(skip_days) == 7


@EXAMPLES
@given(st.floats(0, 1e6), st.floats(0, 1e6), jitters)
def test_a_longer_wish_never_makes_a_shorter_wait(one: float, other: float, jitter: float) -> None:
    assume(one <= other)
    assert wait(headers_minutes=one, jitter=jitter) <= wait(headers_minutes=other, jitter=jitter)


@pytest.mark.parametrize(
    ("failures", "status", "expected"),
    [
        (0, None, MIN),
        (1, None, MIN),
        (2, 500, 2 * MIN),
        (3, 503, 4 * MIN),
        (7, 403, 64 * MIN),
        (8, None, MAX),
        (10**9, None, MAX),
        (1, 404, MAX),
        (5, 404, MAX),
    ],
)
def test_each_failure_doubles_the_wait_and_404_makes_it_the_longest(
    failures: int, status: int | None, expected: float
) -> None:
    when = after_failure(NOW, failures, min_minutes=MIN, max_minutes=MAX, jitter=0, status=status)
    assert when == NOW + timedelta(minutes=expected)


def test_a_feed_that_is_gone_is_never_asked_again() -> None:
    assert after_failure(NOW, 1, min_minutes=MIN, max_minutes=MAX, jitter=0, status=410) is None


@EXAMPLES
@given(st.integers(1, 1_000), jitters, st.none() | st.sampled_from([404, 429, 500, 503]))
def test_one_failure_more_never_makes_a_shorter_wait_and_none_leaves_the_bounds(
    failures: int, jitter: float, status: int | None
) -> None:
    def after(number: int) -> datetime:
        when = after_failure(NOW, number, min_minutes=MIN, max_minutes=MAX, jitter=jitter, status=status)
        assert when is not None
        return when

    assert NOW + timedelta(minutes=MIN) <= after(failures) <= after(failures + 1) <= NOW + timedelta(minutes=MAX)


@pytest.mark.parametrize(
    ("name", "last_new", "rhythm", "expected"),
    [
        ("never new", None, None, False),
        ("new an hour ago", HOUR, 20, False),
        ("a fast feed over Easter", 4.6 * DAY, 20, False),
        ("a fast feed for six days", 6 * DAY, 20, True),
        ("a daily feed for nine days", 9 * DAY, 1_440, False),
        ("a daily feed for eleven", 11 * DAY, 1_440, True),
        ("a weekly column for two months", 60 * DAY, 10_080, False),
        ("a weekly column for eleven weeks", 77 * DAY, 10_080, True),
        ("no rhythm for a week", 7 * DAY, None, False),
        ("no rhythm for a month and a day", 31 * DAY, None, True),
    ],
)
def test_a_feed_is_silent_against_its_own_rhythm(
    name: str, last_new: timedelta | None, rhythm: float | None, expected: bool
) -> None:
    since = None if last_new is None else NOW - last_new
    assert silent(NOW, since, rhythm) is expected, name
