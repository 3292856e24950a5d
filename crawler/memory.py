"""The C library's allocator, told how pages come and go. Does nothing where the library is not glibc."""

from __future__ import annotations

import ctypes

#: Of mallopt(3).
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8
#: Bytes from which a block is mapped by itself, and so goes back to the system when it is freed.
_MAPPED = 64 * 1024
_ARENAS = 2


def map_pages() -> None:
    """Keep the bodies of pages out of the heap, where each leaves a hole that what lives longer splits: after 30,000
    pages 60 MB of holes, against 12 so. And have threads share heaps, each of which keeps what its thread once needed.
    """
    _call("mallopt", _M_MMAP_THRESHOLD, _MAPPED)
    _call("mallopt", _M_ARENA_MAX, _ARENAS)


def give_back() -> None:
    """Return what is kept of freed memory, which glibc does by itself only at the end of its heaps."""
    _call("malloc_trim", 0)


def _call(name: str, *arguments: int) -> None:
    function = getattr(ctypes.CDLL(None), name, None)
    if function is not None:
        function(*arguments)
