"""Leases of hosts, and the host of each feed and of each page still to be fetched.

Revision ID: 0007
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

from crawler import urls  # the spelling has to be that of the code which looks for it

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None

big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("hosts", sa.Column("leased_by", big_id))
    op.add_column("hosts", sa.Column("leased_until", sa.DateTime(timezone=True)))
    op.add_column("feeds", sa.Column("host", sa.Text()))
    op.add_column("entries", sa.Column("host", sa.Text()))
    op.add_column("entries", sa.Column("location", sa.Text()))
    op.create_index("ix_entries_host", "entries", ["host", "state"])
    fill("feeds", "url", "SELECT url, coalesce(location, url) FROM feeds")
    fill("entries", "id", "SELECT id, link FROM entries WHERE state IN ('pending', 'failed', 'fetched')")


def fill(table: str, key: str, query: str) -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.text(query)).all()
    for start in range(0, len(rows), 10_000):
        connection.execute(
            sa.text(f"UPDATE {table} SET host = :host WHERE {key} = :key"),  # noqa: S608 - names of ours
            [{"key": name, "host": host(url)} for name, url in rows[start : start + 10_000]],
        )


def host(url: str) -> str | None:
    try:
        return urls.host(url)
    except urls.InvalidURL:
        return None


def downgrade() -> None:
    op.drop_index("ix_entries_host", "entries")
    with op.batch_alter_table("entries") as entries:
        entries.drop_column("location")
        entries.drop_column("host")
    with op.batch_alter_table("feeds") as feeds:
        feeds.drop_column("host")
    with op.batch_alter_table("hosts") as hosts:
        hosts.drop_column("leased_until")
        hosts.drop_column("leased_by")
