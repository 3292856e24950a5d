"""What persons decided (`decisions`), as rules for articles that are being decided: which stories stay apart, which are
one.

A decision binds the articles that its two stories had then, by URL. An article that comes later follows its text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

import sqlalchemy as sa

from crawler import stories
from crawler.items import Copy
from crawler.store.schema import articles, decided, decisions

SPLIT, MERGE = "split", "merge"
_SIDES = 2


class Bond(NamedTuple):
    """An article that a decision binds."""

    url: str
    is_other: bool  #: of the other story
    story_id: int | None  #: where it stands now; None where it is not stored yet


def in_force(connection: sa.Connection) -> dict[int, list[Bond]]:
    """What each decision binds, by its id, in the order in which they were made.

    A later one overrules: an article that is split off is bound by no earlier merge, and a split of articles that were
    then made one binds nothing. They bind again when the later one is taken back.
    """
    d, c, a = decisions.c, decided.c, articles.c
    kinds = {row.id: row.kind for row in connection.execute(sa.select(d.id, d.kind).order_by(d.id))}
    bonds: dict[int, list[Bond]] = {id_: [] for id_ in kinds}
    if not kinds:
        return bonds
    held = sa.select(c.decision_id, c.url, c.is_other, a.story_id).outerjoin(articles, a.url == c.url)
    for decision_id, url, is_other, story_id in connection.execute(held.order_by(c.decision_id, c.url)):
        bonds[decision_id].append(Bond(url, is_other, story_id))
    given = {id_: list(some) for id_, some in bonds.items()}
    binding: dict[str, list[int]] = defaultdict(list)  # those so far, by what they bind
    for later, kind in kinds.items():
        left = {bond.url for bond in given[later] if bond.is_other}
        both = {bond.url for bond in given[later]}
        touched = {id_ for url in both for id_ in binding[url]}
        for url in both:
            binding[url].append(later)
        for earlier in (id_ for id_ in sorted(touched) if kinds[id_] != kind):
            if kind == SPLIT:
                kept = [bond for bond in bonds[earlier] if bond.url not in left]
                bonds[earlier] = kept if len({bond.is_other for bond in kept}) == _SIDES else []
            elif {bond.url in both for bond in bonds[earlier] if bond.is_other} == {True} and any(
                bond.url in both for bond in bonds[earlier] if not bond.is_other
            ):
                bonds[earlier] = []
    return bonds


class Rules:
    """The rules for a batch of articles, kept in step with it by `joined` and `merged`. Mostly there are none."""

    def __init__(self, connection: sa.Connection, urls: Sequence[str]) -> None:
        """`urls`: of the articles that will be decided."""
        #: Of each split, the stories that hold articles of either side.
        self._apart: dict[int, tuple[set[int], set[int]]] = {}
        #: Of each merge, the stories that hold its articles.
        self._one: dict[int, set[int]] = {}
        #: For each of the urls that a decision binds: (decision, whether on the other side).
        self._bound: dict[str, list[tuple[int, bool]]] = defaultdict(list)
        self._says: dict[int, str] = {}
        d = decisions.c
        for row in connection.execute(sa.select(d.id, d.kind, d.decided_by, d.decided_at)):
            self._says[row.id] = f"{row.decided_by}, {row.decided_at:%Y-%m-%d}"
            if row.kind == SPLIT:
                self._apart[row.id] = (set(), set())
            else:
                self._one[row.id] = set()
        if not self._says:
            return
        wanted = frozenset(urls)
        for decision, bonds in in_force(connection).items():
            for bond in bonds:
                if bond.story_id is not None:
                    self._hold(decision, bond.is_other, bond.story_id)
                if bond.url in wanted:
                    self._bound[bond.url].append((decision, bond.is_other))

    def allowed(self, url: str, candidates: Sequence[stories.Candidate]) -> list[stories.Candidate]:
        """The candidates whose stories the article may join."""
        if not (bound := self._bound.get(url)):
            return list(candidates)
        barred = set[int]().union(*(self._apart[id_][not side] for id_, side in bound if id_ in self._apart))
        return [candidate for candidate in candidates if candidate.story_id not in barred]

    def imposed(self, url: str, copy: Copy) -> Copy:
        """The article's place, as far as persons decided it: which story it joins, which become one and which do not;
        the evidence says so."""
        if not self._says:
            return copy
        bound = self._bound.get(url, ())
        one = set[int]().union(*(self._one[id_] for id_, _ in bound if id_ in self._one))
        says = {kind: [self._says[id_] for id_, _ in bound if id_ in of] for kind, of in self._kinds()}
        story_id = copy.story_id
        wanted = one | set(copy.merges)
        if one and story_id not in one:
            if story_id is not None:  # what it resembles is of the same story then
                wanted.add(story_id)
            story_id = min(one)
        merges: list[int] = []
        for merged in sorted(wanted - {story_id}):
            if story_id is not None and not self._keeps_apart([story_id, *merges], merged):
                merges.append(merged)
        evidence = copy.evidence
        if says[MERGE] and one:
            evidence = f"{evidence}; one story by a person's decision ({'; '.join(says[MERGE])})"
        if says[SPLIT]:
            evidence = f"{evidence}; kept apart by a person's decision ({'; '.join(says[SPLIT])})"
        return replace(copy, story_id=story_id, merges=tuple(merges), evidence=evidence).under_oldest()

    def joined(self, url: str, story_id: int) -> None:
        """The article now stands in that story."""
        for decision, is_other in self._bound.get(url, ()):
            self._hold(decision, is_other, story_id)

    def merged(self, story_id: int, into: int) -> None:
        """The one story has become part of the other."""
        for held in (*(side for sides in self._apart.values() for side in sides), *self._one.values()):
            if story_id in held:
                held.discard(story_id)
                held.add(into)

    def _kinds(self) -> Iterable[tuple[str, Iterable[int]]]:
        return (SPLIT, self._apart), (MERGE, self._one)

    def _hold(self, decision: int, is_other: bool, story_id: int) -> None:
        held = self._one[decision] if decision in self._one else self._apart[decision][is_other]
        held.add(story_id)

    def keep_apart(self, one: int, other: int) -> bool:
        """Whether two stories may not become one."""
        return self._keeps_apart([one], other)

    def _keeps_apart(self, stories_of: Sequence[int], other: int) -> bool:
        """Whether some split has one of the stories on the one side, and the other on the other."""
        mine = set(stories_of)
        return any(
            (other in there and mine & here) or (other in here and mine & there) for here, there in self._apart.values()
        )


def forget(connection: sa.Connection, urls: Sequence[str]) -> None:
    """Take articles that are gone out of the decisions, and the decisions that then bind nothing."""
    connection.execute(decided.delete().where(decided.c.url.in_(urls)))
    prune(connection)


def prune(connection: sa.Connection) -> None:
    """Remove the decisions that have no article left on one of their sides."""
    d, c = decisions.c, decided.c
    for side in (False, True):
        left = sa.select(c.decision_id).where(c.is_other.is_(side))
        connection.execute(decisions.delete().where(d.id.not_in(left)))
    connection.execute(decided.delete().where(c.decision_id.not_in(sa.select(d.id))))
