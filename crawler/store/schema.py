"""The tables of the store, for SQLite and PostgreSQL alike. docs/data.md describes every column.

A change here goes with a migration in crawler/migrations/versions/; `tests/test_store.py` holds the two together.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite


class UTCDateTime(sa.types.TypeDecorator[datetime]):
    """An aware datetime, kept in UTC; PostgreSQL's timestamptz, ISO text without offset in SQLite."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"the store takes aware datetimes only, got {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


#: 64 bits: SQLite spells its row ids INTEGER, and only that spelling numbers rows by itself.
BigId = sa.BigInteger().with_variant(sa.Integer, "sqlite")

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: What is polled: one row a feed URL, whoever lists it.
feeds = sa.Table(
    "feeds",
    metadata,
    sa.Column("url", sa.Text, primary_key=True),
    sa.Column("publisher", sa.Text, nullable=False, index=True),
    sa.Column("kind", sa.Text, nullable=False),  # feed, sitemap, part (of an index), or homepage
    sa.Column("parent", sa.Text),  # the sitemap index or homepage that names it
    sa.Column("location", sa.Text),  # where it is polled since it moved; null while that is its URL
    sa.Column("host", sa.Text),  # host:port of where it is polled
    sa.Column("moving_to", sa.Text),  # where permanent redirects lead, and on how many good polls in a row
    sa.Column("moving_polls", sa.Integer, nullable=False, default=0, server_default="0"),
    sa.Column("etag", sa.Text),
    sa.Column("last_modified", sa.Text),
    sa.Column("body_hash", sa.Text),
    sa.Column("status", sa.Integer),  # of the last poll; null when it had no response
    sa.Column("error", sa.Text),  # of the last poll; null when it was good
    sa.Column("polls", sa.Integer, nullable=False, default=0),
    sa.Column("polls_unchanged", sa.Integer, nullable=False, default=0),
    sa.Column("failures", sa.Integer, nullable=False, default=0),  # in a row
    sa.Column("polled_at", UTCDateTime),
    sa.Column("succeeded_at", UTCDateTime),
    sa.Column("changed_at", UTCDateTime),  # when it last listed something new
    sa.Column("next_poll_at", UTCDateTime),  # null before the first poll, and for ever after a 410
    sa.Column("stopped_at", UTCDateTime),  # when it answered 410
    sa.Column("wish_minutes", sa.Float),  # between polls, as the feed says (ttl, sy:updatePeriod)
    sa.Column("rhythm_minutes", sa.Float),  # between its entries, as their dates say
    sa.Column("skip_hours", sa.JSON),  # 0 to 23, UTC
    sa.Column("skip_days", sa.JSON),  # 0 to 6, Monday is 0
)

#: What is known of a host (host:port), over all its publishers.
hosts = sa.Table(
    "hosts",
    metadata,
    sa.Column("host", sa.Text, primary_key=True),
    sa.Column("retry_at", UTCDateTime),  # nothing is asked of it before (Retry-After)
    sa.Column("robots", sa.LargeBinary),  # the last good robots.txt; empty where there is none
    sa.Column("robots_at", UTCDateTime),  # when that was read
    sa.Column("tdm_reserved", sa.Boolean),  # a page of it reserved text and data mining; null: none was read
    sa.Column("leased_by", BigId),  # the run that may ask it; null: none
    sa.Column("leased_until", UTCDateTime),  # by the server's clock; of a host given back, when its delay has passed
)

#: What feeds list: one row a page, by its normalized URL.
entries = sa.Table(
    "entries",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("url", sa.Text, nullable=False, unique=True),  # normalized; as written where it is no web address
    sa.Column("link", sa.Text, nullable=False),  # as linked: what is fetched
    sa.Column("location", sa.Text),  # what is fetched instead: a redirect led there while another run had its host
    sa.Column("host", sa.Text),  # host:port of what is fetched; null for what never is
    sa.Column("feed_url", sa.Text, nullable=False, index=True),
    sa.Column("publisher", sa.Text, nullable=False),
    # pending, fetched, updated, duplicate, dropped, refused, failed
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),  # of dropped, refused, failed; which article of duplicate
    sa.Column("tries", sa.Integer, nullable=False, default=0),
    # of failed, null when given up; of updated and fetched: not asked for again before
    sa.Column("next_try_at", UTCDateTime),
    sa.Column("revisits", sa.Integer, nullable=False, default=0, server_default="0"),  # since its text last changed
    sa.Column("etag", sa.Text),  # of the page as it was last fetched
    sa.Column("last_modified", sa.Text),
    sa.Column("seen_at", UTCDateTime, nullable=False),
    sa.Column("decided_at", UTCDateTime),
    sa.Column("article_id", BigId),
    sa.Column("date_published", UTCDateTime),  # the feed's hint, for the order of fetching
    sa.Column("hints", sa.JSON, nullable=False),  # what the feed says of the page; dates in ISO 8601 with their offset
    sa.Index("ix_entries_state", "state", "next_try_at"),
    sa.Index("ix_entries_host", "host", "state"),
)

articles = sa.Table(
    "articles",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("url", sa.Text, nullable=False, unique=True),
    sa.Column("canonical_url", sa.Text),
    sa.Column("publisher", sa.Text, nullable=False),
    sa.Column("publisher_name", sa.Text),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("story_id", BigId, nullable=False),
    sa.Column("also_story_ids", sa.JSON, nullable=False),
    sa.Column("relation", sa.Text),
    sa.Column("resemblance", sa.Float),
    sa.Column("containment", sa.Float),
    sa.Column("contains", sa.Float),
    sa.Column("evidence", sa.Text),  # why it stands in its story, for a person
    sa.Column("agency", sa.Text),  # by its own evidence; what it inherits stands on the story
    sa.Column("agency_evidence", sa.Text),
    sa.Column("agency_is_weak", sa.Boolean, nullable=False, default=False, server_default=sa.false()),
    sa.Column("credit_line", sa.Text),
    sa.Column("is_agency", sa.Boolean, nullable=False),  # the publisher is the agency itself
    sa.Column("language", sa.Text),
    sa.Column("date_published", UTCDateTime),
    sa.Column("date_published_offset", sa.Text),
    sa.Column("date_published_precision", sa.Text),
    sa.Column("date_published_source", sa.Text),
    sa.Column("date_modified", UTCDateTime),
    sa.Column("date_crawled", UTCDateTime),
    sa.Column("date_updated", UTCDateTime),  # since when it is an update of its own first text; null: it is not
    sa.Column("word_count", sa.Integer, nullable=False),
    sa.Column("profile", sa.Text),  # version of the publisher's profile that the page was read with; null: none
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("change", BigId, nullable=False, index=True),  # the change feed's position
    sa.Column("changed_at", UTCDateTime, nullable=False),
    sa.Column("headline", sa.Text, nullable=False),
    sa.Column("description", sa.Text),
    sa.Column("authors", sa.JSON, nullable=False),
    sa.Column("byline", sa.Text),
    sa.Column("dateline", sa.Text),
    sa.Column("images", sa.JSON, nullable=False),
    # Last, since SQLite walks a row's overflow pages to reach what stands behind a long text.
    sa.Column("body", sa.Text, nullable=False),
    sa.Index("ix_articles_story_id", "story_id", "publisher"),
    sqlite_autoincrement=True,  # SQLite would give the id of a pruned article to another
)

#: The texts that articles had before: one row a version. The latest version is the article's own row.
versions = sa.Table(
    "versions",
    metadata,
    sa.Column("article_id", BigId, primary_key=True, autoincrement=False),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("date_modified", UTCDateTime),  # as the page said
    sa.Column("date_crawled", UTCDateTime),  # when it was first seen
    sa.Column("headline", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
)

stories = sa.Table(
    "stories",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("canonical_id", BigId, nullable=False),
    sa.Column("original_id", BigId),  # the first published copy; null in stories older than the column
    sa.Column("headline", sa.Text, nullable=False),
    sa.Column("language", sa.Text),
    sa.Column("agency", sa.Text),
    sa.Column("agency_evidence", sa.Text),
    sa.Column("agency_is_weak", sa.Boolean, nullable=False, default=False, server_default=sa.false()),
    sa.Column("first_published", UTCDateTime, index=True),
    sa.Column("last_published", UTCDateTime, index=True),
    sa.Column("copies", sa.Integer, nullable=False),
    sa.Column("merged_into", BigId),
    sa.Column("change", BigId, nullable=False, index=True),
    sa.Column("changed_at", UTCDateTime, nullable=False),
    sa.Index(
        "ix_stories_merged_into",
        "merged_into",
        sqlite_where=sa.text("merged_into IS NOT NULL"),
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    ),
)

#: What the decision compares; apart from the articles, so that a look-up never reads past a body.
fingerprints = sa.Table(
    "fingerprints",
    metadata,
    sa.Column("article_id", BigId, primary_key=True, autoincrement=False),
    sa.Column("scheme", sa.Text, nullable=False),  # similarity.VERSION: others are never compared
    sa.Column("signature", sa.LargeBinary, nullable=False),
    sa.Column("sketch", sa.LargeBinary, nullable=False),
)

#: The candidate index. `segment` numbers spans of SEGMENT_DAYS, so that inserts go to one end of the tree and a
#: look-up touches only the segments of its window, however long the history (crawler.store.candidates).
bands = sa.Table(
    "bands",
    metadata,
    sa.Column("segment", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("key", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("article_id", BigId, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

#: The segments of the candidate index that have left it for their age.
sealed = sa.Table(
    "sealed",
    metadata,
    sa.Column("segment", sa.Integer, primary_key=True, autoincrement=False),
)

#: One row: the last position of the change feed. Taking one locks the row until the commit, so positions become
#: visible in their order (crawler.store.changefeed).
changes = sa.Table(
    "changes",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("last", BigId, nullable=False),
)

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("spider", sa.Text, nullable=False),
    sa.Column("started_at", UTCDateTime, nullable=False),
    sa.Column("finished_at", UTCDateTime),  # null while it runs, and for ever after a kill
    sa.Column("reason", sa.Text),  # Scrapy's finish reason
    sa.Column("stats", sa.JSON),
)

#: Articles that are gone, for the change feed: one row an article.
tombstones = sa.Table(
    "tombstones",
    metadata,
    sa.Column("article_id", BigId, primary_key=True, autoincrement=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("publisher", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),  # pruned, forgotten
    sa.Column("change", BigId, nullable=False, index=True),
    sa.Column("changed_at", UTCDateTime, nullable=False),
)

#: What was taken down and is never to be fetched again.
forgotten = sa.Table(
    "forgotten",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),  # a normalized URL, or a domain with all below it
    sa.Column("forgotten_at", UTCDateTime, nullable=False),
)

#: What a person decided on two stories. It binds the articles that the two had then (`decided`).
decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("id", BigId, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),  # split: never one story; merge: always one
    sa.Column("story_id", BigId, nullable=False),  # the story that kept its id
    sa.Column("other_id", BigId, nullable=False),  # split: what the article that left founded; merge: what became part
    sa.Column("decided_by", sa.Text, nullable=False),
    sa.Column("decided_at", UTCDateTime, nullable=False),
)

#: The articles that a decision binds, by URL, so that it holds where they are decided anew (crawler.store.rules).
decided = sa.Table(
    "decided",
    metadata,
    sa.Column("decision_id", BigId, primary_key=True, autoincrement=False),
    sa.Column("url", sa.Text, primary_key=True, index=True),
    sa.Column("is_other", sa.Boolean, nullable=False),  # of the other story
)

#: What recent articles add to their publishers' profiles: ARTICLES_MAX a publisher (crawler.profiles), and what came
#: since the last run began.
layouts = sa.Table(
    "layouts",
    metadata,
    sa.Column("article_id", BigId, primary_key=True, autoincrement=False),
    sa.Column("publisher", sa.Text, nullable=False, index=True),
    sa.Column("layout", sa.LargeBinary, nullable=False),  # hashes, sizes and chances of the page's blocks
)

#: What recurs over a publisher's pages, made of its layouts when a run begins.
profiles = sa.Table(
    "profiles",
    metadata,
    sa.Column("publisher", sa.Text, primary_key=True),
    sa.Column("version", sa.Text, nullable=False),  # scheme and digest of the content
    sa.Column("content", sa.JSON, nullable=False),
    sa.Column("layouts", sa.Integer, nullable=False),  # that it was made of, and the last of them: others make another
    sa.Column("last_article_id", BigId, nullable=False),
    sa.Column("made_at", UTCDateTime, nullable=False),
)

#: Articles that the search index does not hold yet. Triggers keep this list; the writer works it off
#: (crawler.store.searches). The index itself, which each engine has in its own way, stands in migrations 0004 and 0012.
unindexed = sa.Table(
    "unindexed",
    metadata,
    sa.Column("article_id", BigId, primary_key=True, autoincrement=False),
)


def upsert(connection: sa.Connection, table: sa.Table) -> Any:
    """The dialect's INSERT, which knows ON CONFLICT."""
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)
