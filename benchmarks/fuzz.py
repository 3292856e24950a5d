"""Mutated pages for `crawler.pages.read`, guided by coverage: `python -m benchmarks.fuzz [-max_total_time=600]`.

Needs atheris (https://github.com/google/atheris), whose arguments it takes. What must hold: PageError alone is raised,
and no string of an article holds NUL or a lone surrogate. The seeds are the bundled papers' templates; a crash is
written to the current folder by libFuzzer, with the traceback on stderr.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["crawler"]):
    from crawler import pages
    from crawler.demo.press import PAPERS

URL = "https://paper.example/news/2026/ferry-stops-for-good"


def once(data: bytes) -> None:
    """One page. The first byte chooses the charset that the header names."""
    charsets = (None, "utf-8", "shift_jis", "gb18030", "utf-16", "x-user-defined", "windows-1256", "iso-2022-jp")
    charset = charsets[data[0] % len(charsets)] if data else None
    try:
        article = pages.read(data[1:], URL, charset=charset)
    except pages.PageError:
        return
    for text in (article.headline, article.body, article.description or "", *article.authors):
        text.encode()
        if "\0" in text:
            raise AssertionError("NUL in an article")


def main() -> None:
    with tempfile.TemporaryDirectory() as seeds:
        for number, file in enumerate(sorted(PAPERS.rglob("*.html"))):
            (Path(seeds) / str(number)).write_bytes(b"\0" + file.read_bytes())
        atheris.Setup([*sys.argv, "-max_len=20000", seeds], once)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
