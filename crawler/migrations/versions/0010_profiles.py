"""What recurs over a publisher's pages: layouts of recent articles, profiles made of them, and which one read a page.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("articles", sa.Column("profile", sa.Text()))
    op.create_table(
        "layouts",
        sa.Column("article_id", big_id, autoincrement=False, nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("layout", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("article_id", name="pk_layouts"),
    )
    op.create_index("ix_layouts_publisher", "layouts", ["publisher"])
    op.create_table(
        "profiles",
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("layouts", sa.Integer(), nullable=False),
        sa.Column("last_article_id", big_id, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("publisher", name="pk_profiles"),
    )


def downgrade() -> None:
    op.drop_table("profiles")
    op.drop_table("layouts")
    op.drop_column("articles", "profile")
