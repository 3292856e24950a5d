"""A person's own decisions on stories: an article leaves a story for good, two stories are one, and back again.

Each is one transaction: what is decided, the stories settled, both in the change feed. What it means for articles that
come later, or are decided anew, stands in crawler.store.rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from crawler.store import rules, settling
from crawler.store.changefeed import Stamp, next_stamp
from crawler.store.rules import MERGE, SPLIT
from crawler.store.schema import articles, decided, decisions, stories


class DecisionError(Exception):
    """The decision can't be made or taken back: which story, what is wrong. One line."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided on two stories."""

    id: int
    kind: str  #: split or merge
    story_id: int  #: the story that kept its id
    other_id: int  #: split: what the article that left founded; merge: what became part of the story
    urls: tuple[str, ...]  #: of the other story: the article that left; the articles that came
    decided_by: str
    decided_at: datetime  #: UTC

    def __str__(self) -> str:
        what = f"{self.urls[0]} is kept out" if self.kind == SPLIT else f"story {self.other_id} is part of it"
        if self.kind == SPLIT:
            what = f"{what} of story {self.story_id}"
        return f"{what}: {self.decided_by}, {self.decided_at:%Y-%m-%d %H:%M} UTC"


def split(connection: sa.Connection, story_id: int, url: str, *, by: str, now: datetime) -> int:
    """The article at `url` (normalized) leaves the story, founds one of its own, and is never again of one story with
    those that it leaves. Returns the id of its story. Raises DecisionError."""
    stamp = next_stamp(connection, now)
    a = articles.c
    story_id = _current(connection, story_id)
    row = connection.execute(sa.select(a.id, a.story_id, a.headline).where(a.url == url)).one_or_none()
    if row is None or row.story_id != story_id:
        where = "no article of that URL is stored" if row is None else f"that article stands in story {row.story_id}"
        raise DecisionError(f"story {story_id}: {url}: {where}")
    others = connection.scalars(sa.select(a.url).where(a.story_id == story_id, a.id != row.id)).all()
    if not others:
        raise DecisionError(f"story {story_id}: {url} is its only copy")
    founded = settling.found(connection, row.id, row.headline, stamp)
    _move(connection, [row.id], founded, stamp)
    _note(connection, SPLIT, (story_id, others), (founded, [url]), by, now)
    evidence = f"its own text by a person's decision ({by}, {now:%Y-%m-%d})"
    connection.execute(articles.update().where(a.id == row.id).values(evidence=evidence, also_story_ids=[]))
    for settled in (story_id, founded):
        settling.settle(connection, stamp, settled)
    return founded


def merge(connection: sa.Connection, story_id: int, other_id: int, *, by: str, now: datetime) -> int:
    """The two stories are one, under the older id. Returns it. Raises DecisionError."""
    stamp = next_stamp(connection, now)
    kept, other = sorted(_current(connection, id_) for id_ in (story_id, other_id))
    if kept == other:
        raise DecisionError(f"story {story_id} and story {other_id} are one story already: {kept}")
    sides = [
        connection.scalars(sa.select(articles.c.url).where(articles.c.story_id == id_)).all() for id_ in (kept, other)
    ]
    _note(connection, MERGE, (kept, sides[0]), (other, sides[1]), by, now)
    _unite(connection, other, kept, stamp)
    return kept


def undo(connection: sa.Connection, story_id: int, *, now: datetime) -> Decision:
    """Take back the last decision that binds an article of the story. A split: the stories are one again. A merge: the
    articles that came leave again, under the id that they had. What it overruled holds again. Raises DecisionError
    where there is none."""
    stamp = next_stamp(connection, now)
    current = _current(connection, story_id)
    in_force = rules.in_force(connection)
    made = _of_story(connection, in_force, current)
    if not made:
        raise DecisionError(f"story {current}: no decision of a person to take back")
    last = made[-1]
    a = articles.c
    at = {
        is_other: connection.execute(
            sa.select(a.id, a.story_id)
            .where(a.url.in_([bond.url for bond in in_force[last.id] if bond.is_other is is_other]))
            .order_by(a.id)
        ).all()
        for is_other in (False, True)
    }
    connection.execute(decided.delete().where(decided.c.decision_id == last.id))
    rules.prune(connection)
    if last.kind == SPLIT:
        there, here = (at[is_other][0].story_id for is_other in (False, True))
        if there != here:
            kept, other = sorted((there, here))
            if rules.Rules(connection, []).keep_apart(kept, other):
                met = there if there != current else here
                raise DecisionError(
                    f"story {current}: another split keeps out of it what a later decision made one with {met}: "
                    f"undo that of story {met} first"
                )
            _unite(connection, other, kept, stamp)
        return last
    at_kept = {row.story_id for row in at[False]}
    back = [row.id for row in at[True] if row.story_id in at_kept]
    left = sorted({row.story_id for row in at[True] if row.id in set(back)})
    if back:
        s = stories.c
        revived = {"merged_into": None, "copies": 1, "canonical_id": back[0], "original_id": None}
        connection.execute(stories.update().where(s.id == last.other_id).values(revived))
        _move(connection, back, last.other_id, stamp)
        # A story that had become part of this one before both became part of the other comes along.
        of_it = sa.and_(s.merged_into.in_(left), s.canonical_id.in_(back), s.id != last.other_id)
        connection.execute(stories.update().where(of_it).values(merged_into=last.other_id, **stamp.columns))
        for settled in (*left, last.other_id):
            settling.settle(connection, stamp, settled)
    return last


def of_story(connection: sa.Connection, story_id: int) -> list[Decision]:
    """The decisions that bind an article of the story, in the order in which they were made."""
    return _of_story(connection, rules.in_force(connection), story_id)


def _of_story(connection: sa.Connection, in_force: Mapping[int, Sequence[rules.Bond]], story_id: int) -> list[Decision]:
    urls = {
        decision_id: sorted(bond.url for bond in bonds if bond.is_other)
        for decision_id, bonds in in_force.items()
        if any(bond.story_id == story_id for bond in bonds)
    }
    d = decisions.c
    rows = connection.execute(sa.select(decisions).where(d.id.in_(urls)).order_by(d.id)).all()
    return [
        Decision(row.id, row.kind, row.story_id, row.other_id, tuple(urls[row.id]), row.decided_by, row.decided_at)
        for row in rows
    ]


def _current(connection: sa.Connection, story_id: int) -> int:
    """The story, or the one that it was merged into; it has copies."""
    s = stories.c
    row = connection.execute(sa.select(s.id, s.merged_into, s.copies).where(s.id == story_id)).one_or_none()
    if row is None:
        raise DecisionError(f"story {story_id}: there is none")
    if row.merged_into is not None:
        return _current(connection, row.merged_into)
    if not row.copies:
        raise DecisionError(f"story {story_id}: all its copies were pruned or forgotten")
    return story_id


def _note(
    connection: sa.Connection,
    kind: str,
    kept: tuple[int, Sequence[str]],
    other: tuple[int, Sequence[str]],
    by: str,
    now: datetime,
) -> None:
    row = {"kind": kind, "story_id": kept[0], "other_id": other[0], "decided_by": by, "decided_at": now}
    made = connection.execute(decisions.insert().returning(decisions.c.id), row).scalar_one()
    connection.execute(
        decided.insert(),
        [
            {"decision_id": made, "url": url, "is_other": is_other}
            for is_other, urls in ((False, kept[1]), (True, other[1]))
            for url in urls
        ],
    )


def _unite(connection: sa.Connection, other: int, kept: int, stamp: Stamp) -> None:
    settling.merge(connection, other, kept, stamp)
    settling.settle(connection, stamp, kept)


def _move(connection: sa.Connection, article_ids: Sequence[int], story_id: int, stamp: Stamp) -> None:
    moved = {"story_id": story_id, **stamp.columns}
    connection.execute(articles.update().where(articles.c.id.in_(article_ids)).values(moved))
