"""Versions: the texts that articles had before, and what it takes to visit a page again.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
utc = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "versions",
        sa.Column("article_id", big_id, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("date_modified", utc),
        sa.Column("date_crawled", utc),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("article_id", "version", name="pk_versions"),
    )
    op.add_column("articles", sa.Column("date_updated", utc))
    op.add_column("entries", sa.Column("revisits", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("entries", sa.Column("etag", sa.Text()))
    op.add_column("entries", sa.Column("last_modified", sa.Text()))


def downgrade() -> None:
    # An entry that waited to be fetched again was fetched once.
    op.execute("UPDATE entries SET state = 'fetched' WHERE state = 'updated'")
    op.execute("UPDATE entries SET next_try_at = NULL WHERE state = 'fetched'")
    with op.batch_alter_table("entries") as entries:
        for column in ("revisits", "etag", "last_modified"):
            entries.drop_column(column)
    op.execute("ALTER TABLE articles DROP COLUMN date_updated")  # in place: a new table would lack the triggers
    op.drop_table("versions")
