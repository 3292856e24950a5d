"""The search index: articles into it, and a query (`crawler.search`) -> the articles that match.

SQLite has two FTS5 tables over `articles`, one of words, one of any three characters for scripts without spaces;
PostgreSQL a table of tsvectors that are made here, so that neither the server's locale nor its dictionaries have a say.
Triggers (migration 0004) list what is not in the index yet in `unindexed`, and take out what changes or goes in the
transaction that changes it. An article costs 0.3 ms to put in, as much as all else that is written of it: that waits
until the writer has time (`crawler.store.store`), or somebody searches.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from crawler import search
from crawler.scripts import UNSPACED
from crawler.search import Term
from crawler.store.schema import articles, unindexed

#: Articles put into the index at a time.
BATCH = 100
#: PostgreSQL holds no place beyond 16,383 in a text.
WORDS_MAX = 16_000
#: PostgreSQL's limit is 2 KB; whoever looks for a word of 200 letters finds it by its beginning.
_WORD_MAX = 200
#: Between headline and body, so that no phrase is found across.
_GAP = 50

_words = sa.table("words", sa.column("rowid"), sa.column("article_id"), sa.column("words"))
_letters = sa.table("letters", sa.column("rowid"))
_is_unspaced: sa.ColumnElement[bool] = sa.literal_column(
    f"headline || substr(body, 1, 2000) GLOB '*[{UNSPACED}]*'", sa.Boolean
)  # as the triggers of 0004 have it


def catch_up(connection: sa.Connection, limit: int = BATCH) -> int:
    """Put so many of the articles that the index lacks into it. Returns how many were put: less than the limit when
    all are there."""
    waiting = sa.select(unindexed.c.article_id).order_by(unindexed.c.article_id).limit(limit)
    ids = list(connection.scalars(waiting.with_for_update(skip_locked=True)))
    if not ids:
        return 0
    if connection.dialect.name == "postgresql":
        texts = connection.execute(
            sa.select(articles.c.id, articles.c.headline, articles.c.body).where(articles.c.id.in_(ids))
        )
        rows = [{"article_id": row.id, "words": _vector(row.headline, row.body)} for row in texts]
        connection.execute(sa.text("INSERT INTO words VALUES (:article_id, CAST(:words AS tsvector))"), rows)
    else:
        chosen = sa.select(articles.c.id, articles.c.headline, articles.c.body).where(articles.c.id.in_(ids))
        for table, texts_of in (("words", chosen), ("letters", chosen.where(_is_unspaced))):
            into = sa.table(table, sa.column("rowid"), sa.column("headline"), sa.column("body"))
            connection.execute(into.insert().from_select(["rowid", "headline", "body"], texts_of))
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
        else [f"INSERT INTO {table} ({table}) VALUES ('delete-all')" for table in ("words", "letters")]  # noqa: S608
    ):
        connection.exec_driver_sql(statement)
    connection.execute(unindexed.delete())
    connection.execute(unindexed.insert().from_select(["article_id"], sa.select(articles.c.id)))


def optimize(connection: sa.Connection) -> None:
    """Merge the index into one piece, so that nothing of what was taken out is left. (PostgreSQL's VACUUM does it.)"""
    if connection.dialect.name == "sqlite":
        for table in ("words", "letters"):
            connection.exec_driver_sql(f"INSERT INTO {table} ({table}) VALUES ('optimize')")  # noqa: S608


def held(dialect: str) -> list[tuple[str, sa.ColumnElement[bool]]]:
    """The ids that the index holds, as something to select `id` from, with the condition on articles to be there."""
    if dialect == "postgresql":
        return [("(SELECT article_id AS id FROM words) AS held", sa.true())]
    return [("words_docsize", sa.true()), ("letters_docsize", _is_unspaced)]


def matching(dialect: str, terms: Iterable[Term]) -> sa.ColumnElement[bool]:
    """The condition on `articles` that all terms are there and those excluded are not."""
    if dialect == "postgresql":
        found = sa.select(_words.c.article_id).where(sa.text("words.words @@ CAST(:query AS tsquery)"))
        return articles.c.id.in_(found.params(query=_tsquery(terms)))
    return sa.and_(*(_fts(number, term) for number, term in enumerate(terms)))


def _fts(number: int, term: Term) -> sa.ColumnElement[bool]:
    if not term.is_unspaced:
        table, text = _words, f'"{term.text}"{" *" if term.prefix else ""}'
    elif len(term.text) >= 3:
        table, text = _letters, f'"{term.text}"'
    else:  # less than FTS5 holds: the texts themselves are read
        has = (column.contains(term.text, autoescape=True) for column in (articles.c.headline, articles.c.body))
        found = sa.and_(_is_unspaced, sa.or_(*has))
        return sa.not_(found) if term.excluded else found
    match: Any = sa.text(f"{table.name} MATCH :query{number}")
    condition = articles.c.id.in_(sa.select(table.c.rowid).where(match).params({f"query{number}": text}))
    return sa.not_(condition) if term.excluded else condition


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
    return " ".join(f"'{word}':{','.join(map(str, at))}" for word, at in places.items())
