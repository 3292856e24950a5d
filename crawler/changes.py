"""Two texts -> what was cut and what was added, by words."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from itertools import pairwise

_TOKEN = re.compile(r"\w+|[^\w\s]|\n\n")
#: SequenceMatcher is quadratic: beyond this many words a text is compared by its opening.
WORDS_MAX = 5_000


@dataclass(frozen=True, slots=True)
class Span:
    """A run of words: kept, cut (only in the first text) or added (only in the second)."""

    kind: str
    text: str


def compare(before: str, after: str) -> list[Span]:
    """The second text as an edit of the first, in reading order."""
    a, b = _words(before), _words(after)
    fold_a, fold_b = [word.casefold() for word, _ in a], [word.casefold() for word, _ in b]
    spans: list[Span] = []
    for kind, i, j, k, m in difflib.SequenceMatcher(None, fold_a, fold_b, autojunk=False).get_opcodes():
        if kind == "equal":
            spans.append(Span("kept", "".join(text for _, text in b[k:m])))
        else:
            if j > i:
                spans.append(Span("cut", "".join(text for _, text in a[i:j])))
            if m > k:
                spans.append(Span("added", "".join(text for _, text in b[k:m])))
    return spans


def counts(spans: list[Span]) -> tuple[int, int]:
    """(words cut, words added)."""
    cut = sum(len(re.findall(r"\w+", span.text)) for span in spans if span.kind == "cut")
    added = sum(len(re.findall(r"\w+", span.text)) for span in spans if span.kind == "added")
    return cut, added


def _words(text: str) -> list[tuple[str, str]]:
    """(token, token with what follows it up to the next), so that spans read as the text does."""
    starts = [match.span() for match in _TOKEN.finditer(text)][:WORDS_MAX]
    if not starts:
        return []
    ends = [following for (_, _), (following, _) in pairwise(starts)] + [starts[-1][1]]
    return [(text[start:stop], text[start:end]) for (start, stop), end in zip(starts, ends, strict=True)]
