"""What is known of a feed's polls -> what a person should know: gone, blocked, failing, silent, moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawler import polling

#: So many failed polls in a row are no passing fault: at the default intervals, over an hour.
FAILURES_MAX = 3
#: How the error of a poll begins that met a bot wall (spiders/news.py).
BLOCKED = "bot wall"


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing to know of a feed."""

    name: str  #: gone, blocked, failing, silent, moved, moving, refused
    text: str  #: for a person
    needs_a_person: bool


def marks(feed: Mapping[str, Any], now: datetime) -> list[Mark]:
    """What stands out of a row of `feeds`, worst first."""
    found = []
    error = feed["error"] or ""
    if feed["stopped_at"] is not None:
        found.append(Mark("gone", f"gone since {feed['stopped_at']:%Y-%m-%d}: it answered 410", True))
    elif error.startswith(BLOCKED):
        found.append(Mark("blocked", error, True))
    elif feed["failures"] >= FAILURES_MAX:
        found.append(Mark("failing", f"{feed['failures']} polls failed in a row: {error}", True))
    if not error and polling.silent(now, feed["changed_at"], feed["rhythm_minutes"], None):
        found.append(Mark("silent", f"silent since {feed['changed_at']:%Y-%m-%d %H:%M} UTC", True))
    if feed["location"]:
        found.append(Mark("moved", f"moved to {feed['location']}: write that into publishers.toml", False))
    elif feed["moving_to"]:
        found.append(Mark("moving", f"moving to {feed['moving_to']} ({feed['moving_polls']} polls)", False))
    return found
