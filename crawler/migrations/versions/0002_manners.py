"""Hosts, and of each feed its move, its end, its own rhythm; which agencies are not to be inherited.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

utc = sa.DateTime(timezone=True)


def upgrade() -> None:
    for column in (
        sa.Column("location", sa.Text()),
        sa.Column("moving_to", sa.Text()),
        sa.Column("moving_polls", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("stopped_at", utc),
        sa.Column("wish_minutes", sa.Float()),
        sa.Column("rhythm_minutes", sa.Float()),
        sa.Column("skip_hours", sa.JSON()),
        sa.Column("skip_days", sa.JSON()),
    ):
        op.add_column("feeds", column)
    for table in ("articles", "stories"):
        op.add_column(table, sa.Column("agency_is_weak", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "hosts",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("retry_at", utc),
        sa.Column("robots", sa.LargeBinary()),
        sa.Column("robots_at", utc),
        sa.Column("tdm_reserved", sa.Boolean()),
        sa.PrimaryKeyConstraint("host", name="pk_hosts"),
    )


def downgrade() -> None:
    op.drop_table("hosts")
    for table in ("articles", "stories"):
        with op.batch_alter_table(table) as altered:
            altered.drop_column("agency_is_weak")
    with op.batch_alter_table("feeds") as feeds:
        for column in (
            *("location", "moving_to", "moving_polls", "stopped_at"),
            *("wish_minutes", "rhythm_minutes", "skip_hours", "skip_days"),
        ):
            feeds.drop_column(column)
