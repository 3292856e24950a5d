"""The first schema: feeds, entries, articles, stories, the candidate index, runs.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
utc = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "articles",
        sa.Column("id", big_id, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("canonical_url", sa.Text(), nullable=True),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("publisher_name", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("story_id", big_id, nullable=False),
        sa.Column("also_story_ids", sa.JSON(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=True),
        sa.Column("resemblance", sa.Float(), nullable=True),
        sa.Column("containment", sa.Float(), nullable=True),
        sa.Column("contains", sa.Float(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("agency", sa.Text(), nullable=True),
        sa.Column("agency_evidence", sa.Text(), nullable=True),
        sa.Column("credit_line", sa.Text(), nullable=True),
        sa.Column("is_agency", sa.Boolean(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("date_published", utc, nullable=True),
        sa.Column("date_published_offset", sa.Text(), nullable=True),
        sa.Column("date_published_precision", sa.Text(), nullable=True),
        sa.Column("date_published_source", sa.Text(), nullable=True),
        sa.Column("date_modified", utc, nullable=True),
        sa.Column("date_crawled", utc, nullable=True),
        sa.Column("word_count", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("change", big_id, nullable=False),
        sa.Column("changed_at", utc, nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("byline", sa.Text(), nullable=True),
        sa.Column("dateline", sa.Text(), nullable=True),
        sa.Column("images", sa.JSON(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
        sa.UniqueConstraint("url", name="uq_articles_url"),
    )
    op.create_index("ix_articles_change", "articles", ["change"], unique=False)
    op.create_index("ix_articles_story_id", "articles", ["story_id"], unique=False)
    op.create_table(
        "bands",
        sa.Column("segment", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article_id", big_id, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("segment", "key", "article_id", name="pk_bands"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "changes",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", big_id, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_changes"),
    )
    op.create_table(
        "entries",
        sa.Column("id", big_id, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("feed_url", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", utc, nullable=True),
        sa.Column("seen_at", utc, nullable=False),
        sa.Column("decided_at", utc, nullable=True),
        sa.Column("article_id", big_id, nullable=True),
        sa.Column("date_published", utc, nullable=True),
        sa.Column("hints", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_entries"),
        sa.UniqueConstraint("url", name="uq_entries_url"),
    )
    op.create_index("ix_entries_feed_url", "entries", ["feed_url"], unique=False)
    op.create_index("ix_entries_state", "entries", ["state", "next_try_at"], unique=False)
    op.create_table(
        "feeds",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("body_hash", sa.Text(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("polls", sa.Integer(), nullable=False),
        sa.Column("polls_unchanged", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("polled_at", utc, nullable=True),
        sa.Column("succeeded_at", utc, nullable=True),
        sa.Column("changed_at", utc, nullable=True),
        sa.Column("next_poll_at", utc, nullable=True),
        sa.PrimaryKeyConstraint("url", name="pk_feeds"),
    )
    op.create_index("ix_feeds_publisher", "feeds", ["publisher"], unique=False)
    op.create_table(
        "fingerprints",
        sa.Column("article_id", big_id, autoincrement=False, nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("article_id", name="pk_fingerprints"),
    )
    op.create_table(
        "runs",
        sa.Column("id", big_id, nullable=False),
        sa.Column("spider", sa.Text(), nullable=False),
        sa.Column("started_at", utc, nullable=False),
        sa.Column("finished_at", utc, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("stats", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )
    op.create_table(
        "stories",
        sa.Column("id", big_id, nullable=False),
        sa.Column("canonical_id", big_id, nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("agency", sa.Text(), nullable=True),
        sa.Column("agency_evidence", sa.Text(), nullable=True),
        sa.Column("first_published", utc, nullable=True),
        sa.Column("last_published", utc, nullable=True),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("merged_into", big_id, nullable=True),
        sa.Column("change", big_id, nullable=False),
        sa.Column("changed_at", utc, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_stories"),
    )
    op.create_index("ix_stories_change", "stories", ["change"], unique=False)
    op.create_index("ix_stories_first_published", "stories", ["first_published"], unique=False)
    op.create_index("ix_stories_last_published", "stories", ["last_published"], unique=False)
    op.execute("INSERT INTO changes (id, last) VALUES (1, 0)")


def downgrade() -> None:
    for table in ("runs", "bands", "fingerprints", "stories", "articles", "entries", "feeds", "changes"):
        op.drop_table(table)
