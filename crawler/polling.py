"""What is known of a feed -> when to ask for it again, and whether it went silent. Pure: `now` and jitter come in.

A wait is at least what the publisher asks for (the headers' freshness, `ttl`, `sy:update…`), and otherwise half of the
feed's own rhythm, so that nothing new is seen later than the next piece; never less than a least time, nor more than a
longest. All times are aware. `jitter` is a share of the spread, 0 to 1, the same for all of one decision: random for
a feed, so that those polled together drift apart.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise
from statistics import median

#: A wait is made longer by up to this share of itself.
SPREAD = 0.1

# Of the newest dates: enough for a median, few enough that a change of rhythm shows within a day or two.
_RHYTHM_DATES = 20
_RHYTHM_GAPS = 2  # a single gap is no rhythm

# A feed silent for a time is asked ten times in that time: what ends the silence is seen late by a tenth of it at most.
# Common Crawl's news-crawl lets the interval grow at each unchanged poll, to the same end; this one needs no state.
_SILENCE_SHARE = 0.1

# A piece in ten median gaps: with gaps as random as can be (Poisson's), one in 2 ** 10 is longer. Days, because papers
# rest: from Thursday evening before Easter to Tuesday morning are 4.6 days. Without a rhythm only a month is telling.
_SILENT_GAPS = 10
_SILENT_AT_LEAST = timedelta(days=5)
_SILENT_WITHOUT_RHYTHM = timedelta(days=30)

#: However long a host asks to wait.
RETRY_AFTER_MAX = timedelta(days=7)

# RFC 9111, 1.2.2: a number of seconds too big to be held counts as 2 ** 31.
_MAX_SECONDS = 2**31
_DIRECTIVE = re.compile(r'([!#$%&\'*+.^_`|~0-9A-Za-z-]+)(?:\s*=\s*("(?:[^"\\]|\\.)*"|[^\s,;"]*))?')

# 2 ** 30 times a least wait of any sense is over every longest wait; floats would overflow at 2 ** 1024.
_MAX_DOUBLINGS = 30
_DAY_HOURS, _WEEK_DAYS = 24, 7


def headers_minutes(headers: Mapping[str, str], now: datetime) -> float | None:
    """How long the answer stays fresh, in minutes, more than 0: RFC 9111, 4.2, for a cache of one user. None where the
    headers name no such time, or name it in a way that makes no sense, which counts as stale.

    `Cache-Control: max-age`, the first of them, goes before `Expires`, which is measured from `Date` (else `now`); both
    less `Age`. `s-maxage` is for shared caches. `no-cache` and `no-store` allow no reuse without asking again, and
    asking is what a poll does: no wish. `must-revalidate` says nothing of the time before it is stale.
    Header names in any case; the values of repeated ones joined with ", ". Of a 304, those that it renews.
    """
    fields = {name.lower(): value for name, value in headers.items()}
    directives: dict[str, str] = {}
    for name, value in _DIRECTIVE.findall(fields.get("cache-control", "")):
        directives.setdefault(name.lower(), value.strip('"'))
    if "no-cache" in directives or "no-store" in directives:
        return None
    fresh: float | None
    if "max-age" in directives:
        fresh = _seconds(directives["max-age"])
    elif (expires := _http_date(fields.get("expires"))) is not None:
        fresh = (expires - (_http_date(fields.get("date")) or now)).total_seconds()
    else:
        return None
    if fresh is None:
        return None
    left = fresh - (_seconds(fields.get("age", "")) or 0)
    return left / 60 if left > 0 else None


def rhythm_minutes(dates: Sequence[datetime]) -> float | None:
    """The feed's own rhythm: the median of the gaps between the publication dates of its 20 newest entries, in minutes.

    A median, since nights, one wrong date and a burst should not count. Equal times are one: some feeds date their
    entries to the day, others publish in batches. None with fewer than two gaps. Dates that are not believed (in the
    future) are for the caller to leave out.
    """
    newest = sorted(dates, reverse=True)[:_RHYTHM_DATES]
    gaps = [gap for later, earlier in pairwise(newest) if (gap := (later - earlier).total_seconds() / 60)]
    return median(gaps) if len(gaps) >= _RHYTHM_GAPS else None


def retry_after(value: str | None, now: datetime, *, longest: timedelta = RETRY_AFTER_MAX) -> datetime | None:
    """The moment until which a `Retry-After` header asks to wait (RFC 9110, 10.2.3: seconds or a date), in UTC, later
    than `now` and no more than `longest` after it. None where it names none: absent, nonsense, negative, past."""
    if value is None:
        return None
    if (seconds := _seconds(value.strip())) is not None:
        until = now + min(timedelta(seconds=seconds), longest)
    elif (date := _http_date(value)) is not None:
        until = min(date, now + longest)
    else:
        return None
    return until.astimezone(UTC) if until > now else None


def next_poll(
    now: datetime,
    *,
    headers_minutes: float | None = None,
    feed_minutes: float | None = None,
    rhythm_minutes: float | None = None,
    since_new: timedelta | None = None,
    skip_hours: Collection[int] = (),
    skip_days: Collection[int] = (),
    min_minutes: float,
    max_minutes: float,
    jitter: float,
) -> datetime:
    """When to ask again, after a poll that went well; in UTC.

    - The wait is the longest of: what the headers ask for, what the feed itself asks for (`ttl`, `sy:update…`), half of
      its rhythm, a tenth of the time since it last listed something new. So a feed that asks for nothing and whose
      dates tell nothing is asked every `min_minutes`, and less often the longer it has been silent.
    - Never less than `min_minutes` nor more than `max_minutes`: a year of freshness is a proxy's default, no wish.
      Spread by up to 10 % within these bounds.
    - Then on to the first moment outside of `skip_hours` (0 to 23) and `skip_days` (0 is Monday), both in UTC. This may
      go beyond `max_minutes`, by six days and 23 hours at most: the hours are the publisher's clearest wish, and no
      proxy writes them. All 24 hours, or all seven days, is no wish that can be heeded: such a list is ignored.

    This is miniflux's rule (each hint a lower bound, all within a least and a longest) with a rhythm in place of its
    weekly count.
    """
    waits = [headers_minutes or 0, feed_minutes or 0, (rhythm_minutes or 0) / 2]
    if since_new is not None:
        waits.append(since_new.total_seconds() / 60 * _SILENCE_SHARE)
    when = now.astimezone(UTC) + _spread(max(waits), min_minutes, max_minutes, jitter)
    return _outside(when, skip_hours, skip_days, jitter)


def after_failure(
    now: datetime,
    failures_in_a_row: int,
    *,
    min_minutes: float,
    max_minutes: float,
    jitter: float,
    status: int | None,
) -> datetime | None:
    """When to ask again, after `failures_in_a_row` polls that went wrong, this one included (1 or more); in UTC.

    `min_minutes` after the first, doubled with each, `max_minutes` at most. A `status` of 404 waits that long at once:
    the feed has gone or moved, and asking often won't bring it back. 410 says that it is gone for good (RFC 9110,
    15.5.11): None, never. A Retry-After is a lower bound beside this, for the caller.
    """
    if status == 410:
        return None
    doublings = min(max(failures_in_a_row, 1) - 1, _MAX_DOUBLINGS)
    minutes = max_minutes if status == 404 else min_minutes * 2**doublings
    return now.astimezone(UTC) + _spread(minutes, min_minutes, max_minutes, jitter)


def silent(now: datetime, last_new: datetime | None, rhythm_minutes: float | None) -> bool:
    """Whether a feed went silent against its own rhythm: nothing new for ten of its median gaps, and five days.

    Ten, since of gaps as random as can be one in a thousand is longer; five days, since papers rest at night, over the
    weekend and at Easter, which a median does not show. A feed whose dates tell no rhythm is silent after 30 days.
    The time runs from `last_new`; a feed that never listed anything is not silent.
    """
    if last_new is None:
        return False
    silence = now - last_new
    if rhythm_minutes is None:
        return silence > _SILENT_WITHOUT_RHYTHM
    return silence > _SILENT_AT_LEAST and silence / timedelta(minutes=1) > _SILENT_GAPS * rhythm_minutes


def _seconds(text: str) -> int | None:
    if not (text.isascii() and text.isdigit()):
        return None
    return min(int(text[:20]), _MAX_SECONDS)


def _http_date(text: str | None) -> datetime | None:
    """All three forms of RFC 9110, 5.6.7."""
    try:
        when = parsedate_to_datetime(text or "")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    try:
        return when.replace(tzinfo=when.tzinfo or UTC).astimezone(UTC)
    except OverflowError:  # the year 1 or 9999, moved out of the calendar by its offset
        return None


def _spread(minutes: float, least: float, longest: float, jitter: float) -> timedelta:
    bounded = max(least, min(minutes, longest))
    return timedelta(minutes=max(least, min(bounded * (1 + SPREAD * jitter), longest)))


def _outside(when: datetime, skip_hours: Collection[int], skip_days: Collection[int], jitter: float) -> datetime:
    hours = set(range(_DAY_HOURS)).difference(skip_hours) or set(range(_DAY_HOURS))
    days = set(range(_WEEK_DAYS)).difference(skip_days) or set(range(_WEEK_DAYS))
    if when.hour in hours and when.weekday() in days:
        return when
    # The first minutes of the hour, spread: else all feeds with the same hours would come at its first second.
    first = next(hour for hour in _hours_after(when) if hour.hour in hours and hour.weekday() in days)
    return first + timedelta(hours=SPREAD * jitter)


def _hours_after(when: datetime) -> Iterator[datetime]:
    hour = when.replace(minute=0, second=0, microsecond=0)
    for ahead in range(1, _WEEK_DAYS * _DAY_HOURS + 1):
        yield hour + timedelta(hours=ahead)
