"""An article on its way into its story: look-up, decision and write, a job on one connection and so in one
transaction."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from crawler import agencies, similarity, stories
from crawler.items import Article, Copy
from crawler.store import candidates, schema, settling
from crawler.store.candidates import Window
from crawler.store.changefeed import Stamp, next_stamp
from crawler.store.entries import settle, settle_fetched
from crawler.store.exports import agency_of
from crawler.store.rules import Rules


@dataclass(slots=True)
class _New:
    """An article of a batch that is not stored yet, with what is decided of it."""

    article: Article
    text: stories.Text
    keys: frozenset[int]
    id: int
    copy: Copy
    story_id: int = 0


def add(
    connection: sa.Connection, article: Article, *, now: datetime, window: Window, is_agency: bool = False
) -> Article | None:
    """`add_many` of one article."""
    agency_publishers = {article.publisher} if is_agency else set[str]()
    (placed,) = add_many(connection, [article], now=now, window=window, agency_publishers=agency_publishers)
    return placed


def add_many(
    connection: sa.Connection,
    batch: Sequence[Article],
    *,
    now: datetime,
    window: Window,
    agency_publishers: Container[str] = (),
) -> list[Article | None]:
    """Decide the articles' stories and write both; answer the entries they came from. In the order given: what is
    decided sees what was decided before, stored or not, so that the stories and their ids are those that single
    articles would make. Returns each article with its place, or None where its URL is stored already.

    `agency_publishers`: whose articles are an agency's own. All rows of a batch have one position in the change feed.
    """
    stamp = next_stamp(connection, now)  # first: whoever has it decides alone, and sees what was decided before
    known = stored(connection, [article.url for article in batch])
    last_id, last_story_id = _last_ids(connection)
    new: list[_New] = []
    ids: list[int | None] = []
    for article in batch:
        if (held := known.get(article.url)) is not None:
            if article.entry_id is not None:
                settle(connection, article.entry_id, "duplicate", now, article_id=held)
            ids.append(None)
            continue
        last_id += 1
        known[article.url] = last_id
        ids.append(last_id)
        decided = text(article, article.publisher in agency_publishers)
        new.append(_New(article, decided, frozenset(), last_id, Copy(story_id=None)))
    if not new:
        return [None] * len(batch)
    for one, keys in zip(new, similarity.bands_many([one.text.fingerprint for one in new]), strict=True):
        one.keys = frozenset(keys)
    merges, read = _decide(connection, new, last_story_id, window)
    founders = [one for one in new if one.copy.story_id is None]
    _keep_ids(connection, last_id, last_story_id + len(founders))
    _insert(connection, new, stamp)
    _found(connection, founders, stamp)
    for merged, into in merges:
        settling.merge(connection, merged, into, stamp)
    final = dict(merges)
    joined: dict[int, list[int]] = {}
    for one in new:
        if one.copy.story_id is not None:
            story_id = one.story_id
            while story_id in final:
                story_id = final[story_id]
            joined.setdefault(story_id, []).append(one.id)
    whole = {into for _, into in merges}
    settling.settle_joined(connection, joined, whole.intersection(joined), stamp, read=read)
    fetched = [
        (one.article.entry_id, one.id, one.article.etag, one.article.last_modified)
        for one in new
        if one.article.entry_id is not None
    ]
    settle_fetched(connection, fetched, now)
    placed = {row.id: row for row in connection.execute(_PLACED, {"article_ids": [one.id for one in new]})}
    return [
        None if article_id is None else _placed(placed[article_id], article)
        for article, article_id in zip(batch, ids, strict=True)
    ]


def get(connection: sa.Connection, article_id: int, article: Article) -> Article:
    """The article as it now stands in its story."""
    return _placed(connection.execute(_PLACED, {"article_ids": [article_id]}).one(), article)


def _placed(row: Any, article: Article) -> Article:
    agency, evidence = agency_of(row)
    return replace(
        article,
        id=row.id,
        version=row.version,
        story_id=row.story_id,
        also_story_ids=tuple(row.also_story_ids),
        relation=row.relation,
        resemblance=row.resemblance,
        containment=row.containment,
        contains=row.contains,
        is_canonical=row.canonical_id == row.id,
        agency=agency,
        agency_evidence=evidence,
        date_published=row.date_published,
        date_modified=row.date_modified,
    )


def fingerprint(article: Article) -> similarity.Fingerprint:
    """The one that a worker process made, else a new one."""
    if article.signature is not None and article.sketch is not None:
        return similarity.Fingerprint.from_text(article.signature, article.sketch)
    return similarity.sign(article.headline, article.body)


def text(article: Article, is_agency: bool) -> stories.Text:
    """What is decided of an article."""
    when = article.date_published or article.date_crawled
    return stories.Text(
        publisher=article.publisher,
        date_published=when.astimezone(UTC) if when else None,
        fingerprint=fingerprint(article),
        date_latest=candidates.latest(article),
        is_agency=is_agency,
        url=article.url,
    )


def stored(connection: sa.Connection, urls: Iterable[str]) -> dict[str, int]:
    """The ids of those of the articles, by their URLs, that are stored."""
    found = connection.execute(_KNOWN[connection.dialect.name], {"urls": sorted(set(urls))})
    return {row.url: row.id for row in found}


def _last_ids(connection: sa.Connection) -> tuple[int, int]:
    """The last id given to an article, and to a story. Who holds the change feed's row gives the next ones."""
    article_id, story_id = connection.execute(_LAST_IDS[connection.dialect.name]).one()
    return article_id, story_id


def _keep_ids(connection: sa.Connection, article_id: int, story_id: int) -> None:
    """Note the last ids given. SQLite sees them by the rows."""
    if connection.dialect.name == "postgresql":
        connection.execute(_KEEP_IDS, {"article_id": article_id, "story_id": max(1, story_id), "any": story_id > 0})


def _decide(
    connection: sa.Connection, new: Sequence[_New], last_story_id: int, window: Window
) -> tuple[list[tuple[int, int]], Mapping[int, stories.Candidate]]:
    """Give each its copy and its story. Returns the stories that become part of others, in order, as (story, into); and
    the articles that were read on the way."""
    rules = Rules(connection, [one.article.url for one in new])
    index = candidates.Index(connection, [(one.keys, one.text.date_published) for one in new], window)
    merges: list[tuple[int, int]] = []
    for one in new:
        near, is_bounded = index.near(one.keys, one.text.date_published)
        allowed = rules.allowed(one.article.url, near)
        one.copy = rules.imposed(one.article.url, stories.decide(one.text, allowed, is_bounded=is_bounded))
        if one.copy.story_id is None:
            last_story_id += 1
            one.story_id = last_story_id
        else:
            one.story_id = one.copy.story_id
        rules.joined(one.article.url, one.story_id)
        index.add(one.text.as_candidate(one.id, one.story_id), one.keys)
        for merged in one.copy.merges:
            merges.append((merged, one.story_id))
            rules.merged(merged, one.story_id)
            index.merge(merged, one.story_id)
    return merges, index.known


def row(article: Article, is_agency: bool) -> dict[str, Any]:
    """What the table `articles` holds of an article, but for its number and its place."""
    return {name: getattr(article, name) for name in _ARTICLE} | {
        "authors": list(article.authors),
        "images": [asdict(image) for image in article.images],
        "is_agency": is_agency,
        "agency_is_weak": agencies.is_weak(article.agency_evidence, article.credit_line),
    }


def _insert(connection: sa.Connection, new: Sequence[_New], stamp: Stamp) -> None:
    rows, stamped = [], stamp.columns
    for one in new:
        place = {name: getattr(one.copy, name) for name in _COPY} | stamped
        place |= {"id": one.id, "story_id": one.story_id, "also_story_ids": list(one.copy.also_story_ids)}
        rows.append(row(one.article, one.text.is_agency) | place)
    connection.execute(_NEW_ARTICLE, rows)
    candidates.put_new(connection, [(one.id, one.text, one.keys) for one in new])


def _found(connection: sa.Connection, founders: Sequence[_New], stamp: Stamp) -> None:
    """The rows of stories that begin with one article each."""
    rows = [
        {
            "id": one.story_id,
            "canonical_id": one.id,
            "original_id": one.id,
            "headline": one.article.headline,
            "language": one.article.language,
            "agency": one.article.agency,
            "agency_evidence": one.article.agency_evidence,
            "agency_is_weak": agencies.is_weak(one.article.agency_evidence, one.article.credit_line),
            "first_published": one.article.date_published,
            "last_published": one.article.date_published,
            "copies": 1,
            **stamp.columns,
        }
        for one in founders
    ]
    if rows:
        connection.execute(_NEW_STORY, rows)


# --------------------------------------------------------------------------------------------------------- statements
# Built once: SQLAlchemy takes as long to build one as SQLite to run it.
_a, _s = schema.articles.c, schema.stories.c
_COPY = (*settling.NUMBERS, "evidence")
_ARTICLE = tuple(  # the columns that an Article has a field for; the database numbers it
    field.name for field in fields(Article) if field.name in _a and field.name not in (*_COPY, "id", "agency_is_weak")
)

_KNOWN: dict[str, sa.Executable] = {
    "sqlite": sa.select(_a.url, _a.id).where(_a.url.in_(sa.bindparam("urls", expanding=True))),
    # A look-up a URL: a plan that PostgreSQL makes of a join in a new store is to read all of it, and is kept.
    "postgresql": sa.text(
        "SELECT url, id FROM (SELECT url, (SELECT id FROM articles WHERE articles.url = asked.url) AS id "
        "FROM unnest(CAST(:urls AS text[])) AS asked (url)) AS found WHERE id IS NOT NULL"
    ),
}
#: A restore from pieces may leave a sequence behind its rows.
_LAST_IDS = {
    "sqlite": sa.text(
        "SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'articles'), 0), "
        "coalesce((SELECT max(id) FROM articles), 0)), coalesce((SELECT max(id) FROM stories), 0)"
    ),
    "postgresql": sa.text(
        "SELECT greatest((SELECT last_value - CAST(NOT is_called AS int) FROM articles_id_seq), "
        "(SELECT max(id) FROM articles)), "
        "greatest((SELECT last_value - CAST(NOT is_called AS int) FROM stories_id_seq), (SELECT max(id) FROM stories))"
    ),
}
_KEEP_IDS = sa.text("SELECT setval('articles_id_seq', :article_id), setval('stories_id_seq', :story_id, :any)")
_NEW_ARTICLE = schema.articles.insert()
_NEW_STORY = schema.stories.insert()
_PLACED = (
    sa.select(
        *(_a.id, _a.version, _a.story_id, _a.also_story_ids, *(_a[name] for name in settling.NUMBERS)),
        *(_a.agency, _a.agency_evidence, _a.agency_is_weak, _a.date_published, _a.date_modified),
        *(_s.canonical_id, _s.agency.label("story_agency"), _s.agency_is_weak.label("story_weak")),
    )
    .join(schema.stories, _s.id == _a.story_id)
    .where(_a.id.in_(sa.bindparam("article_ids", expanding=True)))
)
