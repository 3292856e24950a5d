"""What persons decided on stories: which article leaves one, which two are one; sealed segments of the index.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", big_id, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("story_id", big_id, nullable=False),
        sa.Column("other_id", big_id, nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
    )
    op.create_table(
        "decided",
        sa.Column("decision_id", big_id, autoincrement=False, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("is_other", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("decision_id", "url", name="pk_decided"),
    )
    op.create_index("ix_decided_url", "decided", ["url"])
    op.create_table(
        "sealed",
        sa.Column("segment", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("segment", name="pk_sealed"),
    )


def downgrade() -> None:
    op.drop_table("sealed")
    op.drop_table("decided")
    op.drop_table("decisions")
