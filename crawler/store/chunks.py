"""Many of something -> some at a time: a transaction is to be short, and a statement takes so many parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final, TypeVar

T = TypeVar("T")

#: Parameters of one statement, well below what either database takes.
PARAMETERS: Final = 500


def chunks(items: Iterable[T], size: int = PARAMETERS) -> Iterator[list[T]]:
    """The items in their order, at most `size` in each list."""
    waiting = iter(items)
    while some := list(islice(waiting, size)):
        yield some
