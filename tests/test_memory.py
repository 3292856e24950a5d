"""What the crawl's process tells the C library, seen in that library's own count."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

#: Prints how many blocks of the size of a page are mapped by themselves, of ten, and whether they still are when freed.
COUNTED = """
import ctypes
from crawler import memory

class Count(ctypes.Structure):
    names = "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost"
    _fields_ = [(name, ctypes.c_size_t) for name in names.split()]

library = ctypes.CDLL(None)
library.mallinfo2.restype = Count
kept = [bytes(1_000_000) for _ in range(3)]
del kept  # after blocks of this size were freed, glibc would map none that is smaller
{told}
before = library.mallinfo2().hblks
pages = [bytes(100_000) for _ in range(10)]
mapped = library.mallinfo2().hblks - before
del pages
print(mapped, library.mallinfo2().hblks - before)
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallinfo2"), reason="glibc counts so from 2.33 on")
@pytest.mark.parametrize(("told", "mapped"), [("memory.map_pages()", "10 0"), ("", "0 0")])
def test_bodies_of_pages_stand_outside_the_heap_once_that_is_asked_for(told: str, mapped: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", COUNTED.format(told=told)], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == mapped
