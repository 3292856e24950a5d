"""The stories that became part of another, by which: a merge leads them on, and read all stories for it.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    merged = sa.text("merged_into IS NOT NULL")
    op.create_index("ix_stories_merged_into", "stories", ["merged_into"], sqlite_where=merged, postgresql_where=merged)


def downgrade() -> None:
    op.drop_index("ix_stories_merged_into", "stories")
