"""Stories made anew from the stored texts, in order of time: `scrapy store recollapse`.

The articles are decided again in a shadow, a store of its own that holds fingerprints and no texts, by the very code
that decides them as they arrive. What came out differently is then written, story by story: the stories that exchange
articles with each other in one transaction, so that a reader sees each of them as it was or as it is, never between.

Everything can be stopped at any time. What is signed is signed; the shadow keeps what was decided; what remains to be
written is found by comparing the store with the shadow.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from crawler import similarity, stories
from crawler.items import Article
from crawler.store import articles, candidates, schema, settling, signing
from crawler.store.candidates import Window
from crawler.store.changefeed import Stamp, next_stamp
from crawler.store.chunks import chunks
from crawler.store.failures import StoreError, StoreLockedError
from crawler.store.signing import Progress
from crawler.store.store import Store

#: Articles in one transaction: some tenths of a second, so that others who write get their turn.
BATCH: Final = 200
#: How often the store is compared with the shadow while others change stories at the same time.
ROUNDS: Final = 5
#: PostgreSQL's advisory lock for one recollapse at a time: any number that nobody else takes.
_LOCK: Final = 0x4E657774

_shadow = sa.MetaData()
#: In the shadow: which article of the store each of its own stands for, and of which version.
_replayed = sa.Table(
    "replayed",
    _shadow,
    sa.Column("id", schema.BigId, primary_key=True, autoincrement=False),
    sa.Column("article_id", schema.BigId, nullable=False, unique=True),
    sa.Column("version", sa.Integer, nullable=False),
)
#: In the shadow: by which code, settings and decisions of persons it decides, and how far it is.
_notes = sa.Table("notes", _shadow, sa.Column("name", sa.Text, primary_key=True), sa.Column("value", sa.Text))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done."""

    articles: int  #: decided anew, over all runs if it was stopped in between
    signed: int  #: of them, in this run, given a fingerprint of this version
    moved: int  #: that stand in another story now
    founded: int  #: stories that are new
    merged: int  #: stories that became part of others


@dataclass(slots=True)
class _Part:
    """Stories of the store and of the shadow that hold the same articles between them."""

    olds: dict[int, list[int]] = field(default_factory=dict)  # articles of each story of the store
    news: dict[int, list[int]] = field(default_factory=dict)  # of each story of the shadow

    @property
    def articles(self) -> list[int]:
        return [article_id for own in self.olds.values() for article_id in own]

    @property
    def is_same(self) -> bool:
        return len(self.olds) == len(self.news) == 1

    def ids(self) -> dict[int, int | None]:
        """For each story of the shadow the id that it has in the store: of the story with which it shares the most
        articles, of equals the oldest; None where there is none left for it."""
        home = {article_id: story_id for story_id, own in self.olds.items() for article_id in own}
        shared = Counter((home[article_id], new) for new, own in self.news.items() for article_id in own)
        given: dict[int, int | None] = {}
        taken: set[int] = set()
        for old, new in sorted(shared, key=lambda pair: (-shared[pair], *pair)):
            if new not in given and old not in taken:
                given[new] = old
                taken.add(old)
        return dict.fromkeys(self.news) | given


def recollapse(store: Store, shadow: Path, *, window: Window, now: datetime, progress: Progress) -> Outcome:
    """Make the stories anew, as a crawl would whose articles arrive in order of time (`date_published`, else
    `date_crawled`; then URL), under what persons decided.

    `shadow` is a file that is made, or gone on with, and removed at the end: some 3 KB an article. A story keeps the id
    of the one with which it shares most; one that is left without articles says `merged_into`. The change feed shows
    what changed and nothing else. Raises StoreError; StoreLockedError where another recollapse of the same PostgreSQL
    database runs.
    """
    with _alone(store):
        with store.read() as connection:
            mark = _mark(connection)
        basis = _basis(store, window)
        with contextlib.ExitStack() as stack:
            copy = _opened(stack, store, shadow, basis)
            signed = _sign(store, copy, progress)
            add = partial(articles.add_many, now=now, window=window)
            total: Counter[str] = Counter()
            for _ in range(ROUNDS):
                decided = _replay(store, copy, add, progress)
                done, left = _write(store, copy, mark, now, progress)
                total += done
                if not left:
                    break
            else:
                raise StoreError(
                    f"{left} stories changed again and again meanwhile: run `scrapy store recollapse` again"
                )
            _name_others(store, copy, now)
        _remove(shadow)
    return Outcome(decided, signed, total["moved"], total["founded"], total["merged"])


@contextlib.contextmanager
def _alone(store: Store) -> Iterator[None]:
    """One at a time. On SQLite the command holds the lock of a run."""
    if store.engine.dialect.name != "postgresql":
        yield
        return
    with store.engine.connect() as connection:
        if not connection.scalar(sa.select(sa.func.pg_try_advisory_lock(_LOCK))):
            raise StoreLockedError("another recollapse of this database is at work")
        connection.commit()  # the lock is the session's
        try:
            yield
        finally:
            connection.execute(sa.select(sa.func.pg_advisory_unlock(_LOCK)))
            connection.commit()


# ---------------------------------------------------------------------------------------------------------- the shadow
def _basis(store: Store, window: Window) -> str:
    """What the decisions of a shadow depend on, besides the articles."""
    digest = hashlib.sha256()
    for module in (similarity, stories):
        digest.update(Path(str(module.__file__)).read_bytes())
    with store.read() as connection:
        for row in connection.execute(sa.select(schema.decided).order_by(*schema.decided.primary_key)):
            digest.update(repr(tuple(row)).encode())
    return f"{similarity.VERSION}, {window.days} days, {window.candidates} candidates, {digest.hexdigest()}"


def _opened(stack: contextlib.ExitStack, store: Store, path: Path, basis: str) -> Store:
    """The shadow that an earlier run left, if it decides alike and its articles are as they were; else a new one."""
    if path.exists():
        try:
            shadow = Store(f"sqlite:///{path}")
            if _is_of(store, shadow, basis):
                stack.callback(shadow.close)
                return shadow
            shadow.close()
        except (StoreError, sa.exc.SQLAlchemyError):  # half made, or of another schema
            pass
        _remove(path)
    shadow = Store(f"sqlite:///{path}")
    stack.callback(shadow.close)
    with store.read() as connection:
        made = [
            (table, [dict(row._mapping) for row in connection.execute(sa.select(table))])
            for table in (schema.decisions, schema.decided)
        ]

    def fill(connection: sa.Connection) -> None:
        _shadow.create_all(connection)
        for table, rows in made:
            if rows:
                connection.execute(table.insert(), rows)
        connection.execute(_notes.insert(), {"name": "basis", "value": basis})

    shadow.write_now(fill)
    return shadow


def _is_of(store: Store, shadow: Store, basis: str) -> bool:
    with shadow.read() as connection:
        if _note(connection, "basis") != basis:
            return False
        replayed = {row.article_id: row.version for row in connection.execute(sa.select(_replayed))}
    with store.read() as connection:
        a = schema.articles.c
        stored = {row.id: row.version for row in connection.execute(sa.select(a.id, a.version))}
    return all(stored.get(article_id) == version for article_id, version in replayed.items())


def _note(connection: sa.Connection, name: str) -> str | None:
    value: str | None = connection.scalar(sa.select(_notes.c.value).where(_notes.c.name == name))
    return value


def _remove(path: Path) -> None:
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)


def _sign(store: Store, shadow: Store, progress: Progress) -> int:
    """Fingerprints of this version for the articles that have none, and what is left of others out of the index, also
    where an earlier run was stopped before it did that. How many there were."""
    ids = signing.unsigned(store)
    with shadow.read() as connection:
        waits = _note(connection, "sweep") is not None
    if ids and not waits:
        shadow.write_now(lambda connection: connection.execute(_notes.insert(), {"name": "sweep", "value": ""}))
    signing.sign(store, ids, progress)
    if ids or waits:
        signing.sweep(store, progress)
        shadow.write_now(lambda connection: connection.execute(_notes.delete().where(_notes.c.name == "sweep")))
    return len(ids)


# ----------------------------------------------------------------------------------------------------------- replaying
def _replay(store: Store, shadow: Store, add: Callable[..., list[Article | None]], progress: Progress) -> int:
    """Decide in the shadow, in order of time, the articles that it does not hold yet; how many it then holds."""
    a = schema.articles.c
    with shadow.read() as connection:
        known = set(connection.scalars(sa.select(_replayed.c.article_id)))
    with store.read() as connection:
        when = sa.func.coalesce(a.date_published, a.date_crawled)
        ordered = connection.scalars(sa.select(a.id).order_by(when.nulls_last(), a.url))
        waiting = [article_id for article_id in ordered if article_id not in known]
    done = len(known)
    for some in chunks(waiting, BATCH):
        with store.read() as connection:
            rows = {row.id: row for row in connection.execute(_TEXTS, {"ids": some, "scheme": similarity.VERSION})}
        there = [rows[article_id] for article_id in some if article_id in rows]
        shadow.write_now(partial(_decide, rows=there, add=add))
        done += len(there)
        progress("articles decided", done, len(known) + len(waiting))
    return done


def _decide(connection: sa.Connection, rows: Sequence[Any], add: Callable[..., list[Article | None]]) -> None:
    batch = []
    for row in rows:
        fingerprint = similarity.Fingerprint.from_bytes(row.signature, row.sketch)
        article = Article(
            url=row.url,
            publisher=row.publisher,
            date_published=row.date_published,
            date_published_precision=row.date_published_precision,
            date_crawled=row.date_crawled,
            signature=fingerprint.signature_text,
            sketch=fingerprint.sketch_text,
        )
        batch.append(article)
    placed = add(connection, batch, agency_publishers={row.publisher for row in rows if row.is_agency})
    replayed = []
    for row, decided in zip(rows, placed, strict=True):
        if decided is None:
            raise StoreError(f"article {row.id}: {row.url} is stored twice: run `scrapy store check`")
        replayed.append({"id": decided.id, "article_id": row.id, "version": row.version})
    if replayed:
        connection.execute(_replayed.insert(), replayed)


# ------------------------------------------------------------------------------------------------------------- writing
def _parts(store: Store, shadow: Store) -> list[_Part]:
    """The stories of the store beside those of the shadow. Articles that are gone meanwhile are in neither, and stories
    whose articles have all arrived since the shadow was made in none: they are as a crawl decided them."""
    a = schema.articles.c
    with store.read() as connection:
        old = dict(connection.execute(sa.select(a.id, a.story_id)).all())
    with shadow.read() as connection:
        pairs = connection.execute(
            sa.select(_replayed.c.article_id, a.story_id).join(schema.articles, a.id == _replayed.c.id)
        )
        new = {article_id: story_id for article_id, story_id in pairs if article_id in old}
    by_old, by_new = defaultdict[int, list[int]](list), defaultdict[int, list[int]](list)
    for article_id, story_id in old.items():
        by_old[story_id].append(article_id)
        if article_id in new:
            by_new[new[article_id]].append(article_id)
    parts, seen = [], set[int]()
    for first in by_old:
        part, waiting = _Part(), [first]
        while waiting:
            story_id = waiting.pop()
            if story_id in seen:
                continue
            seen.add(story_id)
            part.olds[story_id] = by_old[story_id]
            for shadowed in {
                new[article_id] for article_id in by_old[story_id] if article_id in new
            } - part.news.keys():
                part.news[shadowed] = by_new[shadowed]
                waiting += {old[article_id] for article_id in by_new[shadowed]}
        if part.news:
            parts.append(part)
    return parts


def _write(store: Store, shadow: Store, mark: Any, now: datetime, progress: Progress) -> tuple[Counter[str], int]:
    """Bring the stories of the store into the shadow's shape; what was done, and how many stories could not be, since
    they changed while they were compared."""
    parts = _parts(store, shadow)
    total, left, done = Counter[str](), 0, 0
    for some in _batches(parts):
        says = _evidence(shadow, some)
        with store.read() as connection:
            changed = [part for part in some if not part.is_same or _differs(connection, part, says)]
        if changed:
            what, skipped = store.write_now(partial(_apply, parts=changed, says=says, mark=mark, now=now))
            total += what
            left += skipped
        done += len(some)
        progress("stories compared", done, len(parts))
    return total, left


def _batches(parts: Iterable[_Part]) -> Iterator[list[_Part]]:
    some: list[_Part] = []
    size = 0
    for part in parts:
        some.append(part)
        size += len(part.articles)
        if size >= BATCH:
            yield some
            some, size = [], 0
    if some:
        yield some


def _evidence(shadow: Store, parts: Sequence[_Part]) -> dict[int, str]:
    """By article of the store, why it stands in its story, the articles named by the ids that they have there."""
    a, r = schema.articles.c, _replayed.c
    says: dict[int, str] = {}
    ids = [article_id for part in parts for article_id in part.articles]
    with shadow.read() as connection:
        for some in chunks(ids):
            query = (
                sa.select(r.article_id, a.evidence).join(schema.articles, a.id == r.id).where(r.article_id.in_(some))
            )
            says.update((row.article_id, row.evidence or "") for row in connection.execute(query))
        named = {int(found[1]) for text in says.values() if (found := _NAMED.search(text))}
        known: dict[int, int] = {}
        for some in chunks(named):
            known.update(connection.execute(sa.select(r.id, r.article_id).where(r.id.in_(some))).all())
    return {
        article_id: _NAMED.sub(lambda found: f"article {known.get(int(found[1]), found[1])}:", text, count=1)
        for article_id, text in says.items()
    }


def _differs(connection: sa.Connection, part: _Part, says: dict[int, str]) -> bool:
    """Whether a story that has the articles that it had is to be written for another reason."""
    rewritten = any(_rewritten(row, says) is not None for row in _rows(connection, part.articles))
    return rewritten or _is_unsettled(connection, part)


def _is_unsettled(connection: sa.Connection, part: _Part) -> bool:
    """Whether its copies' places in the story are no longer those that are stored."""
    (story_id,), ids = part.olds, part.articles
    a, s = schema.articles.c, schema.stories.c
    if len(ids) == 1:
        return False
    arranged = stories.arrange(candidates.load(connection, ids))
    story = connection.execute(sa.select(s.canonical_id, s.original_id).where(s.id == story_id)).one_or_none()
    if story is None or tuple(story) != (arranged.canonical_id, arranged.original_id):
        return True
    query = sa.select(a.id, *(a[name] for name in settling.NUMBERS))
    rows = [row for some in chunks(ids) for row in connection.execute(query.where(a.id.in_(some)))]
    return any(
        getattr(row, name) != getattr(arranged.places[row.id], name) for row in rows for name in settling.NUMBERS
    )


def _apply(
    connection: sa.Connection, parts: Sequence[_Part], says: dict[int, str], mark: Any, now: datetime
) -> tuple[Counter[str], int]:
    """Bring stories into their new shape, all at once; what was done, and how many are no longer those that were
    compared."""
    stamp = next_stamp(connection, now)
    if _mark(connection) != mark:
        raise StoreError("a person decided on a story meanwhile: run `scrapy store recollapse` again")
    done, left = Counter[str](), 0
    for part in parts:
        if _is_as_compared(connection, part):
            done += _reshape(connection, part, says, stamp)
        else:
            left += len(part.olds)
    return done, left


def _mark(connection: sa.Connection) -> Any:
    """Which decisions of persons there are."""
    c = schema.decided.c
    return tuple(connection.execute(sa.select(sa.func.max(c.decision_id), sa.func.count())).one())


def _is_as_compared(connection: sa.Connection, part: _Part) -> bool:
    a = schema.articles.c
    held = {
        row.id: row.story_id
        for some in chunks(part.olds)
        for row in connection.execute(sa.select(a.id, a.story_id).where(a.story_id.in_(some)))
    }
    return held == {article_id: story_id for story_id, own in part.olds.items() for article_id in own}


def _reshape(connection: sa.Connection, part: _Part, says: dict[int, str], stamp: Stamp) -> Counter[str]:
    a = schema.articles.c
    home = {article_id: story_id for story_id, own in part.olds.items() for article_id in own}
    done, target = Counter[str](), dict[int, int]()
    for shadowed, story_id in part.ids().items():
        own = part.news[shadowed]
        if story_id is None:
            row = connection.execute(sa.select(a.id, a.headline).where(a.id == own[0])).one()
            story_id = settling.found(connection, row.id, row.headline, stamp)
            done["founded"] += 1
        coming = [article_id for article_id in own if home[article_id] != story_id]
        for some in chunks(coming):
            moved = {"story_id": story_id, **stamp.columns}
            connection.execute(schema.articles.update().where(a.id.in_(some)).values(moved))
        done["moved"] += len(coming)
        target |= dict.fromkeys(own, story_id)
    for story_id in part.olds.keys() - set(target.values()):
        own = part.olds[story_id]
        shared = Counter(target[id_] for id_ in own if id_ in target)
        into, _ = min(shared.items(), key=lambda item: (-item[1], item[0]))
        settling.merge(connection, story_id, into, stamp)
        # What has arrived since the shadow was made goes along, as a copy of what leaves.
        done["moved"] += sum(id_ not in target for id_ in own)
        done["merged"] += 1
    rewritten = [
        {"rewritten_id": row.id, "says": text}
        for row in _rows(connection, part.articles)
        if (text := _rewritten(row, says)) is not None
    ]
    if rewritten:
        connection.execute(_SAYS, rewritten)
    if not part.is_same or _is_unsettled(connection, part):
        for story_id in sorted(set(target.values())):
            settling.settle_whole(connection, [story_id], stamp)
    return done


def _rows(connection: sa.Connection, ids: Sequence[int]) -> list[Any]:
    a = schema.articles.c
    query = sa.select(a.id, a.version, a.evidence)
    return [row for some in chunks(ids) for row in connection.execute(query.where(a.id.in_(some)))]


def _rewritten(row: Any, says: dict[int, str]) -> str | None:
    """What the evidence of an article is to say, or None where it says so. What a version changed stays."""
    if row.id not in says:
        return None
    version = _VERSIONED.search(row.evidence or "") if row.version > 1 else None
    text = says[row.id] + (version[0] if version else "")
    return None if text == (row.evidence or "") else text


def _name_others(store: Store, shadow: Store, now: datetime) -> None:
    """`also_story_ids`, once all stories have their ids."""
    a, r, s = schema.articles.c, _replayed.c, schema.stories.c
    with store.read() as connection:
        at = dict(connection.execute(sa.select(a.id, a.story_id)).all())
        merged = dict(connection.execute(sa.select(s.id, s.merged_into).where(s.merged_into.is_not(None))).all())
        has = {
            row.id: row.also_story_ids
            for row in connection.execute(sa.select(a.id, a.also_story_ids), execution_options={"yield_per": 1000})
            if row.also_story_ids
        }
    wanted: dict[int, list[int]] = {}
    with shadow.read() as connection:
        shadow_merged = dict(connection.execute(sa.select(s.id, s.merged_into).where(s.merged_into.is_not(None))).all())
        joined = sa.select(r.article_id, a.story_id, a.also_story_ids).join(schema.articles, a.id == r.id)
        home, named, decided = dict[int, int](), dict[int, list[int]](), set[int]()
        for row in connection.execute(joined, execution_options={"yield_per": 1000}):
            if row.article_id in at:
                decided.add(row.article_id)
                home[row.story_id] = at[row.article_id]
                if row.also_story_ids:
                    named[row.article_id] = row.also_story_ids
    for article_id, others in named.items():
        found = {home.get(shadow_merged.get(other, other)) for other in others}
        wanted[article_id] = sorted(id_ for id_ in found if id_ is not None and id_ != at[article_id])
    changed = [
        {"article": article_id, "also": wanted.get(article_id, [])}
        for article_id in sorted(has.keys() | {id_ for id_, also in wanted.items() if also})
        if article_id in decided
        and {merged.get(other, other) for other in has.get(article_id, [])} - {at[article_id]}
        != set(wanted.get(article_id, []))
    ]
    for some in chunks(changed, BATCH):

        def write(connection: sa.Connection, some: list[dict[str, Any]] = some) -> None:
            at = {"position": next_stamp(connection, now).change, "time": now}
            connection.execute(_ALSO, [row | at for row in some])

        store.write_now(write)


# --------------------------------------------------------------------------------------------------------- statements
_NAMED: Final = re.compile(r"\barticle (\d+):")
_VERSIONED: Final = re.compile(r"; version \d+: .*", re.DOTALL)
_a, _f = schema.articles.c, schema.fingerprints.c
_TEXTS: Final = (
    sa.select(
        *(_a.id, _a.version, _a.url, _a.publisher, _a.is_agency),
        *(_a.date_published, _a.date_published_precision, _a.date_crawled),
        *(_f.signature, _f.sketch),
    )
    .join(schema.fingerprints, _f.article_id == _a.id)
    .where(_a.id.in_(sa.bindparam("ids", expanding=True)), _f.scheme == sa.bindparam("scheme"))
)
_SAYS: Final = (
    schema.articles.update().where(_a.id == sa.bindparam("rewritten_id")).values(evidence=sa.bindparam("says"))
)
_ALSO: Final = (
    schema.articles.update()
    .where(_a.id == sa.bindparam("article"))
    .values(
        also_story_ids=sa.bindparam("also", type_=sa.JSON),
        change=sa.bindparam("position"),
        changed_at=sa.bindparam("time", type_=schema.UTCDateTime),
    )
)
