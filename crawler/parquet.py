"""Rows of an export -> Parquet: typed columns, times in UTC, nested images. Needs pyarrow (the extra `parquet`).

Rows are dicts as `crawler.store.exports` yields them; they are written in row groups, so that memory is constant.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

#: A row group of articles is some 20 MB of text: enough for a reader to skip by, little to hold.
GROUP_ROWS = 5_000

_TIME = pa.timestamp("us", tz="UTC")
_IMAGE = pa.struct([("url", pa.string()), ("caption", pa.string()), ("credit", pa.string())])
#: The columns that are no text, of articles and of stories.
_TYPES = {
    **dict.fromkeys(("id", "story_id", "canonical_id", "merged_into", "word_count", "version", "copies"), pa.int64()),
    **dict.fromkeys(("resemblance", "containment", "contains"), pa.float64()),
    **dict.fromkeys(("date_published", "date_modified", "date_crawled", "first_published", "last_published"), _TIME),
    **dict.fromkeys(("authors", "publishers", "headlines"), pa.list_(pa.string())),
    "also_story_ids": pa.list_(pa.int64()),
    "images": pa.list_(_IMAGE),
    "is_canonical": pa.bool_(),
}


def schema(columns: Sequence[str]) -> pa.Schema:
    """The types of an export's columns; all may be null."""
    return pa.schema([(name, _TYPES.get(name, pa.string())) for name in columns])


def write(file: BinaryIO, columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> None:
    """Write rows to a file that need not be seekable; without rows, a table of these columns that holds none."""
    types, left = schema(columns), iter(rows)
    with pq.ParquetWriter(_Counting(file), types, compression="zstd") as writer:
        while group := list(islice(left, GROUP_ROWS)):
            writer.write_table(pa.Table.from_pylist(group, schema=types))


class _Counting:
    """A file that knows how far it was written: a pipe doesn't, and Parquet's footer says where each column begins."""

    closed = False

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._written = 0

    def write(self, data: Any) -> int:
        self._file.write(data)
        self._written += len(data)
        return len(data)

    def tell(self) -> int:
        return self._written

    def flush(self) -> None:
        self._file.flush()

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False

    def close(self) -> None:
        """The file is its owner's to close."""
