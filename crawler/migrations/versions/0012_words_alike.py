# ruff: noqa: S608 - the texts are ours
"""Texts that SQLite's tokenizer cuts otherwise than `crawler.search` are indexed as words that were made there.

Those are of scripts without spaces between words, and of scripts of India, whose vowels are marks. PostgreSQL's words
of them have their marks composed again. What was indexed of such texts goes, and waits for the index anew.

Revision ID: 0012
Revises: 0011
"""

import importlib

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# As crawler.scripts has them.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
INDIC = "\u0900-\u0dff"
#: Whose marks are words, or parts of words. Han has none.
MARKED = ((0x0900, 0x0DFF), (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF))
CUT = f"GLOB '*[{UNSPACED}{INDIC}]*'"

# `words` holds no text, and has to be given as it went in what is taken out of it; `pieces` holds the words themselves.
LEAVE = """
    INSERT INTO words (words, rowid, headline, body) SELECT 'delete', old.id, old.headline, old.body
        WHERE NOT EXISTS (SELECT 1 FROM unindexed WHERE article_id = old.id)
        AND NOT EXISTS (SELECT 1 FROM pieces WHERE rowid = old.id);
    DELETE FROM pieces WHERE rowid = old.id;
"""
SQLITE = (
    "DROP TRIGGER articles_change",
    "DROP TRIGGER articles_go",
    "DROP TABLE letters",
    "INSERT INTO words (words, rowid, headline, body) SELECT 'delete', id, headline, body FROM articles "
    f"WHERE id NOT IN (SELECT article_id FROM unindexed) AND headline || body {CUT}",
    f"INSERT OR IGNORE INTO unindexed SELECT id FROM articles WHERE headline || body {CUT}",
    "CREATE VIRTUAL TABLE pieces USING fts5 (headline, body, "
    f"""tokenize="unicode61 remove_diacritics 0 tokenchars '{
        "".join(chr(code) for first, last in MARKED for code in range(first, last + 1))
    }'")""",
    "CREATE TRIGGER articles_change AFTER UPDATE OF headline, body ON articles "
    "WHEN old.headline <> new.headline OR old.body <> new.body "
    f"BEGIN {LEAVE} INSERT OR IGNORE INTO unindexed VALUES (new.id); END",
    f"CREATE TRIGGER articles_go AFTER DELETE ON articles BEGIN {LEAVE} "
    "DELETE FROM unindexed WHERE article_id = old.id; END",
)
#: Letters that have marks of their own kind left when the accents of Latin, Greek and Cyrillic are taken off: from
#: Hebrew on, but for punctuation and symbols.
COMPOSED = "'[\\u0590-\\u1dff\\u2e80-\\ud7ff\\uf900-\\ufdff\\ufe70-\\ufefc\\uff00-\\uffef]'"
POSTGRESQL = (
    "INSERT INTO unindexed SELECT article_id FROM words JOIN articles ON id = article_id "
    f"WHERE headline || body ~ {COMPOSED} ON CONFLICT DO NOTHING",
    "DELETE FROM words WHERE article_id IN (SELECT article_id FROM unindexed)",
)


def upgrade() -> None:
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        before = importlib.import_module("crawler.migrations.versions.0004_retention_and_search").SQLITE
        op.execute("DROP TRIGGER articles_change")
        op.execute("DROP TRIGGER articles_go")
        op.execute("DROP TABLE pieces")
        op.execute("INSERT INTO words (words) VALUES ('delete-all')")
        for statement in (before[1], *before[3:]):
            op.get_bind().exec_driver_sql(statement)
    else:
        op.execute("DELETE FROM words")
    op.execute("DELETE FROM unindexed")
    op.execute("INSERT INTO unindexed SELECT id FROM articles")
