"""The versions of the store's schema: the one that a database has, and bringing it to ours (crawler/migrations)."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from crawler.store.engines import engine_of, shown
from crawler.store.failures import StoreError, explain

MIGRATIONS = Path(__file__).parents[1] / "migrations"
#: PostgreSQL's advisory lock for those that would make the tables at the same time: any number that nobody else takes.
_MIGRATION_LOCK = 0x4E657773


def upgrade(url: str) -> None:
    """Bring the store to this version's schema; an empty database gets it. Raises StoreError."""
    from alembic import command  # here: a store that is up to date, as nearly all are, is opened without Alembic
    from alembic.config import Config

    engine = engine_of(url)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":  # two may find it empty at the same time
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
            revision(connection, url)
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except sa.exc.SQLAlchemyError as error:
        raise StoreError(explain(shown(url), error)) from error
    finally:
        engine.dispose()


def revision(connection: sa.Connection, url: str) -> str | None:
    """The version of the store's schema; None for an empty database. Raises StoreError where it is no store of ours, or
    can't be one."""
    if connection.dialect.name == "postgresql":
        encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
        if encoding != "UTF8":
            raise StoreError(f"{shown(url)}: want a database with encoding UTF8, has {encoding}")
    tables = sa.inspect(connection).get_table_names()
    have: str | None = None
    if "alembic_version" in tables:
        have = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    if have is None and set(tables) - {"alembic_version"}:
        raise StoreError(f"{shown(url)}: holds tables of something else: choose an empty database with -s STORE_URL=…")
    if have is not None and have not in revisions():
        raise StoreError(f"{shown(url)}: schema {have} is of a newer Newsfold: upgrade this one")
    return have


def revisions() -> list[str]:
    """The schema's versions, oldest first: the migrations' files are named after them."""
    return sorted(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))
