"""Whose text a story is: what its copies say (crawler.agencies.elect), and what that is worth of each publisher."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from crawler import agencies
from crawler.agencies import Vote
from crawler.store import schema


def elected(connection: sa.Connection, story_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """What the stories' copies elect, as the columns of `stories` have it."""
    votes: dict[int, list[Vote]] = {story_id: [] for story_id in story_ids}
    if story_ids:
        for story_id, *vote in connection.execute(_VOTES, {"story_ids": list(story_ids)}):
            votes[story_id].append(Vote(*vote))
    disputed = [id_ for id_, own in votes.items() if len({vote.agency for vote in own if not vote.is_weak}) > 1]
    votes |= _heard(connection, disputed)
    found = {story_id: agencies.elect(own) for story_id, own in votes.items()}
    return {
        story_id: {
            "agency": one and one.agency,
            "agency_evidence": one and one.evidence,
            "agency_is_weak": one is not None and one.is_weak,
        }
        for story_id, one in found.items()
    }


def outdated(connection: sa.Connection, since: int) -> list[int]:
    """Stories that changed after that position of the change feed, whose copies now elect another agency than when they
    were last counted: what a publisher's credit is worth shows when more of its articles are known."""
    held = {row.story_id: row.agency for row in connection.execute(_DISPUTED, {"since": since})}
    return [id_ for id_, credit in elected(connection, list(held)).items() if credit["agency"] != held[id_]]


def _heard(connection: sa.Connection, story_ids: Collection[int]) -> dict[int, list[Vote]]:
    """The votes of stories whose copies name several agencies, without those that come of a publisher's habit; all of
    them where no other is left."""
    if not story_ids:
        return {}
    rows = connection.execute(_VOTERS, {"story_ids": list(story_ids)}).all()
    credits = _credits(connection, {row.publisher for row in rows})
    habits = {publisher: agencies.habit(own) for publisher, own in credits.items()}
    by_story: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        by_story[row.story_id].append(row)
    votes: dict[int, list[Vote]] = {}
    for story_id, own in by_story.items():
        free = [row for row in own if row.agency_evidence in agencies.OWN or habits.get(row.publisher) != row.agency]
        publishers: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in free or own:
            publishers[row.agency, row.agency_evidence].append(row.publisher)
        votes[story_id] = [
            Vote(
                agency,
                evidence,
                is_weak=False,
                publishers=len(names),
                usual=min(agencies.usual(credits.get(name, {}), agency) for name in names),
            )
            for (agency, evidence), names in publishers.items()
        ]
    return votes


def _credits(connection: sa.Connection, publishers: Collection[str]) -> dict[str, dict[str | None, int]]:
    """How many of each publisher's latest articles name which agency, or none: of those whose layouts are kept for its
    profile, of which there are never many."""
    credits: dict[str, dict[str | None, int]] = defaultdict(dict)
    for publisher, agency, count in connection.execute(_CREDITS, {"publishers": sorted(publishers)}):
        credits[publisher][agency] = count
    return credits


_a, _s, _l = schema.articles.c, schema.stories.c, schema.layouts.c
_of_stories = _a.story_id.in_(sa.bindparam("story_ids", expanding=True))
_is_strong = sa.and_(_a.agency.is_not(None), sa.not_(_a.agency_is_weak))
_VOTES = (
    sa.select(_a.story_id, _a.agency, _a.agency_evidence, _a.agency_is_weak, sa.func.count(_a.publisher.distinct()))
    .where(_of_stories, _a.agency.is_not(None))
    .group_by(_a.story_id, _a.agency, _a.agency_evidence, _a.agency_is_weak)
)
_VOTERS = sa.select(_a.story_id, _a.agency, _a.agency_evidence, _a.publisher).where(_of_stories, _is_strong).distinct()
_DISPUTED = (
    sa.select(_a.story_id, _s.agency)
    .join(schema.stories, _s.id == _a.story_id)
    .where(_s.change > sa.bindparam("since"), _is_strong)
    .group_by(_a.story_id, _s.agency)
    .having(sa.func.count(_a.agency.distinct()) > 1)
)
_named = sa.case((_a.agency_evidence.in_(agencies.OWN), None), (_is_strong, _a.agency)).label("named")
_CREDITS = (
    sa.select(_l.publisher, _named, sa.func.count())
    .join(schema.articles, _a.id == _l.article_id)
    .where(_l.publisher.in_(sa.bindparam("publishers", expanding=True)))
    .group_by(_l.publisher, _named)
)
