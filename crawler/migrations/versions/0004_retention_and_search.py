# ruff: noqa: S608 - the texts are ours
"""Tombstones, takedowns, and the search index, which holds what triggers and the writer put into it.

Revision ID: 0004
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0002"
branch_labels = None
depends_on = None

big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
utc = sa.DateTime(timezone=True)

# Characters of scripts without spaces between words, as crawler.search.UNSPACED had them.
UNSPACED = (
    "\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)

# Two indexes on the texts of `articles`, which hold no text themselves: of words, and of any three characters for
# texts of scripts without spaces. What is taken out of them has to be given as it went in: so it is done by triggers,
# which see the old row. What has not gone in yet stands in `unindexed`.
LEAVE = f"""
    INSERT INTO words (words, rowid, headline, body) SELECT 'delete', old.id, old.headline, old.body
        WHERE NOT EXISTS (SELECT 1 FROM unindexed WHERE article_id = old.id);
    INSERT INTO letters (letters, rowid, headline, body) SELECT 'delete', old.id, old.headline, old.body
        WHERE NOT EXISTS (SELECT 1 FROM unindexed WHERE article_id = old.id)
        AND old.headline || substr(old.body, 1, 2000) GLOB '*[{UNSPACED}]*';
"""
SQLITE = (
    "CREATE VIRTUAL TABLE words USING fts5 (headline, body, content='articles', content_rowid='id', "
    "tokenize='unicode61 remove_diacritics 2')",
    "CREATE VIRTUAL TABLE letters USING fts5 (headline, body, content='articles', content_rowid='id', "
    "tokenize='trigram')",
    "CREATE TRIGGER articles_come AFTER INSERT ON articles BEGIN INSERT INTO unindexed VALUES (new.id); END",
    "CREATE TRIGGER articles_change AFTER UPDATE OF headline, body ON articles "
    "WHEN old.headline <> new.headline OR old.body <> new.body "
    f"BEGIN {LEAVE} INSERT OR IGNORE INTO unindexed VALUES (new.id); END",
    f"CREATE TRIGGER articles_go AFTER DELETE ON articles BEGIN {LEAVE} "
    "DELETE FROM unindexed WHERE article_id = old.id; END",
)
POSTGRESQL = (
    "CREATE TABLE words (article_id bigint CONSTRAINT pk_words PRIMARY KEY, words tsvector NOT NULL)",
    "CREATE INDEX ix_words_words ON words USING gin (words)",
    """CREATE FUNCTION articles_words() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'INSERT' THEN
            -- First of the two: whoever puts the article into the index holds this row until its words are there.
            DELETE FROM unindexed WHERE article_id = OLD.id;
            DELETE FROM words WHERE article_id = OLD.id;
        END IF;
        IF TG_OP <> 'DELETE' THEN
            INSERT INTO unindexed VALUES (NEW.id);
        END IF;
        RETURN NULL;
    END $$""",
    "CREATE TRIGGER articles_come AFTER INSERT OR DELETE ON articles FOR EACH ROW EXECUTE FUNCTION articles_words()",
    "CREATE TRIGGER articles_change AFTER UPDATE OF headline, body ON articles FOR EACH ROW "
    "WHEN (OLD.headline <> NEW.headline OR OLD.body <> NEW.body) EXECUTE FUNCTION articles_words()",
)


def upgrade() -> None:
    op.create_table(
        "tombstones",
        sa.Column("article_id", big_id, autoincrement=False, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("change", big_id, nullable=False),
        sa.Column("changed_at", utc, nullable=False),
        sa.PrimaryKeyConstraint("article_id", name="pk_tombstones"),
    )
    op.create_index("ix_tombstones_change", "tombstones", ["change"])
    op.create_table(
        "forgotten",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("forgotten_at", utc, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_forgotten"),
    )
    op.create_table(
        "unindexed",
        sa.Column("article_id", big_id, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("article_id", name="pk_unindexed"),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:  # ids that are never given twice: only a new table can have them; and 0002 put a column behind the body
        with op.batch_alter_table(
            "articles",
            recreate="always",
            partial_reordering=[("agency_is_weak", "body")],
            table_kwargs={"sqlite_autoincrement": True},
        ):
            pass
    op.execute("INSERT INTO unindexed SELECT id FROM articles")
    for statement in SQLITE if sqlite else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for trigger in ("articles_come", "articles_change", *(["articles_go"] if sqlite else [])):
        op.execute(f"DROP TRIGGER {trigger}" if sqlite else f"DROP TRIGGER {trigger} ON articles")
    if not sqlite:
        op.execute("DROP FUNCTION articles_words()")
    for table in ("words", *(["letters"] if sqlite else []), "unindexed", "forgotten", "tombstones"):
        op.execute(f"DROP TABLE {table}")
    if sqlite:
        with op.batch_alter_table("articles", recreate="always", table_kwargs={"sqlite_autoincrement": False}):
            pass
