"""What databases say when something fails -> one line for a person, and whether the same may work in a moment."""

from __future__ import annotations

import re
import sqlite3

import sqlalchemy as sa

#: A second writer of the same SQLite file waits this long for its turn. Turns are taken by chance: of eight writers
#: that never rest, on two busy cores, one had none for 30 s.
BUSY_SECONDS = 90
#: https://www.postgresql.org/docs/current/errcodes-appendix.html
_DEADLOCK = "40P01"


class StoreError(Exception):
    """The store can't be used: says which one, what failed, and what to do. One line."""


class StoreLockedError(StoreError):
    """Another run holds the SQLite store; says since when."""


def passes(error: BaseException) -> bool:
    """Whether the same may work in a moment: the server is away or being started, or chose us to end a deadlock."""
    if not isinstance(error, sa.exc.OperationalError):
        return False
    if isinstance(error.orig, sqlite3.Error):
        return False
    # None: no connection came about, and libpq has no code for why, whoever refused it.
    # https://www.postgresql.org/docs/current/errcodes-appendix.html
    code = getattr(error.orig, "sqlstate", None)
    if code is None:
        return re.search(_REFUSED, str(error.orig)) is None
    return str(code).startswith(("08", "40", "57P"))


def is_deadlock(error: BaseException) -> bool:
    """Whether PostgreSQL ended it since it and another waited for each other."""
    return getattr(getattr(error, "orig", None), "sqlstate", None) == _DEADLOCK


def is_of_database(error: BaseException) -> bool:
    """Whether the database itself fails, so that no job would fare better."""
    if not isinstance(error, sa.exc.DBAPIError):
        return False
    # SQLite has no class of its own for a damaged file.
    if isinstance(error, sa.exc.OperationalError | sa.exc.InternalError) or type(error) is sa.exc.DatabaseError:
        return True
    # Tables, columns, functions and schemas that are gone, and lost rights, PostgreSQL has as mistakes of a statement.
    code = getattr(error.orig, "sqlstate", None) or ""
    return code in ("42P01", "42703", "42883", "42501", "3F000")


#: What a server says that is there, and will say the same in a moment.
_REFUSED = (
    r'(?:database|role) ".*" does not exist|authentication failed|no password|no pg_hba\.conf entry|permission denied'
)
#: What to do about it, by what a database says: SQLite in words, PostgreSQL in words and codes.
_ADVICE = (
    (r"disk is full|disk full|No space left|\b53100\b", "free some space"),
    (r"database is locked", f"another process has been writing for more than {BUSY_SECONDS} s"),
    (
        r"[Cc]onnection refused|timeout expired|could not translate host|Name or service|server closed|\b57P",
        "is the server running?",
    ),
    (r"malformed|not a database|no such table|\b42P01\b", "restore a backup"),
    (
        r"unable to open|readonly|read-only|authentication failed|no password|permission denied|\b28\w{3}$"
        r'|(?:database|role) ".*" does not exist|no schema has been selected',
        "check STORE_URL and its permissions",
    ),
)


def explain(store: str, error: Exception) -> str:
    """One line: the store, the cause, and what to do where that is known. `store` is its URL, as `engines.shown`."""
    cause = str(getattr(error, "orig", None) or error).strip().splitlines()
    first = cause[0] if cause else type(error).__name__
    code = getattr(getattr(error, "orig", None), "sqlstate", None)
    advice = next((advice for pattern, advice in _ADVICE if re.search(pattern, f"{first} {code}")), None)
    return f"store {store}: {first}" + (f": {advice}" if advice else "")
