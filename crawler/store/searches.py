"""The search index: articles into it, and a query (`crawler.search`) -> the articles that match.

SQLite has two FTS5 tables, an article is in one of them: `words` over `articles`, which its own tokenizer cuts;
`pieces`, of texts in scripts that it cuts otherwise than `crawler.search`, as the words made there. PostgreSQL has a
table of tsvectors that are made here, so that neither the server's locale nor its dictionaries have a say. Triggers
(migrations 0004 and 0012) list what is not in the index yet in `unindexed`, and take out what changes or goes in the
transaction that changes it. An article costs 0.3 ms to put in, as much as all else that is written of it: that waits
until the writer has time (`crawler.store.store`), or somebody searches.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from crawler import search
from crawler.search import Term, is_cut_here
from crawler.store.schema import articles, unindexed

#: Articles put into the index at a time.
BATCH = 100
#: PostgreSQL holds no place beyond 16,383 in a text.
WORDS_MAX = 16_000
#: PostgreSQL's limit is 2 KB; whoever looks for a word of 200 letters finds it by its beginning.
_WORD_MAX = 200
#: Bytes; PostgreSQL's limit is 2 ** 20 of words and places.
_VECTOR_MAX = 1_000_000
#: Between headline and body, so that no phrase is found across.
_GAP = 50

_words = sa.table("words", sa.column("rowid"), sa.column("article_id"), sa.column("words"))
_pieces = sa.table("pieces", sa.column("rowid"), sa.column("headline"), sa.column("body"))


def catch_up(connection: sa.Connection, limit: int = BATCH) -> int:
    """Put so many of the articles that the index lacks into it. Returns how many were put: less than the limit when
    all are there."""
    waiting = sa.select(unindexed.c.article_id).order_by(unindexed.c.article_id).limit(limit)
    ids = list(connection.scalars(waiting.with_for_update(skip_locked=True)))
    if not ids:
        return 0
    texts = connection.execute(
        sa.select(articles.c.id, articles.c.headline, articles.c.body).where(articles.c.id.in_(ids))
    ).all()
    if connection.dialect.name == "postgresql":
        rows = [{"article_id": row.id, "words": _vector(row.headline, row.body)} for row in texts]
        connection.execute(sa.text("INSERT INTO words VALUES (:article_id, CAST(:words AS tsvector))"), rows)
    else:
        cut = [row for row in texts if is_cut_here(row.headline) or is_cut_here(row.body)]
        if cut:
            connection.execute(
                _pieces.insert(),
                [{"rowid": row.id, "headline": _spaced(row.headline), "body": _spaced(row.body)} for row in cut],
            )
        whole = {row.id for row in texts}.difference(row.id for row in cut)
        into = sa.table("words", sa.column("rowid"), sa.column("headline"), sa.column("body"))
        chosen = sa.select(articles.c.id, articles.c.headline, articles.c.body).where(articles.c.id.in_(whole))
        connection.execute(into.insert().from_select(["rowid", "headline", "body"], chosen))
    connection.execute(unindexed.delete().where(unindexed.c.article_id.in_(ids)))
    return len(ids)


def behind(connection: sa.Connection) -> int:
    """How many articles the index lacks."""
    count: int = connection.execute(sa.select(sa.func.count()).select_from(unindexed)).scalar_one()
    return count


def clear(connection: sa.Connection) -> None:
    """Empty the index: every article waits for it anew."""
    for statement in (
        ["DELETE FROM words"]
        if connection.dialect.name == "postgresql"
        else ["INSERT INTO words (words) VALUES ('delete-all')", "DELETE FROM pieces"]
    ):
        connection.exec_driver_sql(statement)
    connection.execute(unindexed.delete())
    connection.execute(unindexed.insert().from_select(["article_id"], sa.select(articles.c.id)))


def optimize(connection: sa.Connection) -> None:
    """Merge the index into one piece, so that nothing of what was taken out is left. (PostgreSQL's VACUUM does it.)"""
    if connection.dialect.name == "sqlite":
        for table in ("words", "pieces"):
            connection.exec_driver_sql(f"INSERT INTO {table} ({table}) VALUES ('optimize')")  # noqa: S608


def held(dialect: str) -> str:
    """The ids of the articles that the index holds, as something to select `id` from."""
    if dialect == "postgresql":
        return "(SELECT article_id AS id FROM words) AS held"
    return "(SELECT id FROM words_docsize UNION ALL SELECT id FROM pieces_docsize) AS held"


def matching(dialect: str, terms: Iterable[Term]) -> sa.ColumnElement[bool]:
    """The condition on `articles` that all terms are there and those excluded are not."""
    if dialect == "postgresql":
        found = sa.select(_words.c.article_id).where(sa.text("words.words @@ CAST(:query AS tsquery)"))
        return articles.c.id.in_(found.params(query=_tsquery(terms)))
    return sa.and_(*(_fts(number, term) for number, term in enumerate(terms)))


def _fts(number: int, term: Term) -> sa.ColumnElement[bool]:
    last = " *" if term.prefix else ""
    asked = {f"whole{number}": f'"{term.text}"{last}', f"cut{number}": f'"{" ".join(term.words)}"{last}'}
    found: Any = sa.text(
        f"SELECT rowid FROM words WHERE words MATCH :whole{number} "  # noqa: S608 - a number
        f"UNION ALL SELECT rowid FROM pieces WHERE pieces MATCH :cut{number}"
    )
    condition: sa.ColumnElement[bool] = articles.c.id.in_(found.bindparams(**asked).columns(sa.column("rowid")))
    return sa.not_(condition) if term.excluded else condition


def _spaced(text: str) -> str:
    return " ".join(search.words(text))


def _tsquery(terms: Iterable[Term]) -> str:
    return " & ".join(f"{'!' if term.excluded else ''}({' <-> '.join(_lexemes(term))})" for term in terms)


def _lexemes(term: Term) -> Iterable[str]:
    for place, word in enumerate(term.words, start=1):
        last = place == len(term.words)
        whole = len(word) <= _WORD_MAX and not (last and term.prefix)
        yield f"'{word[:_WORD_MAX]}'{'' if whole else ':*'}"


def _vector(headline: str, body: str) -> str:
    """A tsvector's text: each word with its places."""
    places: dict[str, list[int]] = {}
    first = search.words(headline, WORDS_MAX)
    for place, word in enumerate(first, start=1):
        places.setdefault(word[:_WORD_MAX], []).append(place)
    start = len(first) + _GAP
    for place, word in enumerate(search.words(body, max(0, WORDS_MAX - start)), start=start):
        places.setdefault(word[:_WORD_MAX], []).append(place)
    # Words have no quotation mark and no backslash: they are letters and digits (search.words).
    vector = " ".join(f"'{word}':{','.join(map(str, at))}" for word, at in places.items()).encode()
    return (vector if len(vector) <= _VECTOR_MAX else vector[:_VECTOR_MAX].rpartition(b" ")[0]).decode()
