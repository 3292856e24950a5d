"""Keys of the candidate index in 32 bits; of each story its first copy; copies counted by publisher.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    rebuild_bands(sa.Integer(), "CAST(key >> 32 AS integer)")
    with op.batch_alter_table("stories") as stories:
        stories.add_column(sa.Column("original_id", big_id))
    op.drop_index("ix_articles_story_id", "articles")
    op.create_index("ix_articles_story_id", "articles", ["story_id", "publisher"])
    op.execute(
        "UPDATE stories SET copies = (SELECT count(DISTINCT publisher) FROM articles WHERE story_id = stories.id)"
        " WHERE copies > 1"
    )


def downgrade() -> None:
    op.execute(
        "UPDATE stories SET copies = (SELECT count(*) FROM articles WHERE story_id = stories.id) WHERE copies > 0"
    )
    op.drop_index("ix_articles_story_id", "articles")
    op.create_index("ix_articles_story_id", "articles", ["story_id"])
    with op.batch_alter_table("stories") as stories:
        stories.drop_column("original_id")
    # Half of each key is gone: what was stored so far is not found again, what comes is.
    rebuild_bands(sa.BigInteger(), "key")


def rebuild_bands(key: sa.types.TypeEngine, expression: str) -> None:
    """A new table, since SQLite changes no type, and the order of its rows is that of the keys."""
    op.create_table(
        "bands_new",
        sa.Column("segment", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", key, autoincrement=False, nullable=False),
        sa.Column("article_id", big_id, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("segment", "key", "article_id", name="pk_bands_new"),
        sqlite_with_rowid=False,
    )
    op.execute(
        f"INSERT INTO bands_new SELECT DISTINCT segment, {expression}, article_id FROM bands ORDER BY 1, 2, 3"  # noqa: S608
    )
    op.drop_table("bands")
    op.rename_table("bands_new", "bands")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX pk_bands_new RENAME TO pk_bands")
