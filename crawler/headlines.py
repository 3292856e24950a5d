"""A page's candidates for a headline -> the headline, without the site's name or section, and the block that prints it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from crawler import text
from crawler.blocks import Block
from crawler.metadata import Metadata

_SEPARATOR = re.compile(r"\s+[|\-–—•·:»«/~]+\s+|\s*[|»]\s*|\s::\s|(?<=\S)\s?[｜＿_–—-]\s?(?=[\u3040-\u9fff])")


def choose(metadata: Metadata, blocks: Sequence[Block], page_title: str | None, names: Iterable[str], hint: str | None) -> str:
    """The headline: of JSON-LD, <h1>, og:title, <title> the first that another confirms, else the first.

    `names` are the site's names, which are cut off the ends; `hint` is the feed's headline. Returns "" when the page
    has none.
    """
    sites = {text.squash(name) for name in names if name} - {""}
    printed = [b.text for b in blocks if "h1" in (r := b.roles()) and r.isdisjoint(("nav", "footer"))][:3]
    candidates = [metadata.string("headline"), *printed, metadata.first("og:title", "twitter:title", "dc.title", "title"), page_title, hint]
    cut = [c for c in (without_site(c, sites) for c in candidates if c) if c and text.squash(c) not in sites]
    if not cut:
        return ""
    keys = [text.squash(c) for c in cut]

    def support(i: int) -> float:
        return sum(1.0 if keys[j] == keys[i] else 0.5 if keys[j].startswith(keys[i]) and len(keys[i]) > 15 else 0.0 for j in range(len(cut)) if j != i)

    best = max(range(len(cut)), key=lambda i: (support(i), -i))
    return cut[best]


def without_site(title: str, sites: set[str]) -> str:
    """The title without parts at its ends that are the site's name (or hold it, with no more than two other words)."""
    title = text.one_line(title)
    while True:
        matches = list(_SEPARATOR.finditer(title))
        if not matches:
            return title
        last, first = matches[-1], matches[0]
        if _names_site(title[last.end() :], sites) and last.start() > 0:
            title = title[: last.start()]
        elif _names_site(title[: first.start()], sites):
            title = title[first.end() :]
        elif len(matches) > 1 and _names_site(title[matches[-2].end() :], sites):
            title = title[: matches[-2].start()]
        else:
            return title


def _names_site(part: str, sites: set[str]) -> bool:
    key = text.squash(part)
    if not key:
        return True
    if len(part.split()) > 6:
        return False
    return key in sites or any(len(s) >= 4 and (s in key or (key in s and len(key) >= 4)) for s in sites)


def find(blocks: Sequence[Block], headline: str) -> Block | None:
    """The block that prints the headline: a heading with its text, else any block with it, else the page's first <h1>."""
    key = text.squash(headline)
    if key:
        exact = [b for b in blocks if text.squash(b.text) == key and b.links < len(b.text)]
        for block in exact:
            if "h1" in block.roles() or block.tag in ("h2", "h3"):
                return block
        if exact:
            return exact[0]
        for block in blocks:
            if block.tag in ("h1", "h2") and key in text.squash(block.text):
                return block
    return next((b for b in blocks if "h1" in (r := b.roles()) and r.isdisjoint(("nav", "footer", "header"))), None)
