"""Two texts -> what was cut and what was added, by words; which figures went and came; whether that is news."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from itertools import pairwise

from crawler.scripts import UNSPACED

_FIGURES = re.compile(rf"(?<![^\W_{UNSPACED}])\d+(?:[.,:]\d+)*")
#: A figure is one token ("1,200", "14:05"), and so is a character of a script without spaces.
_TOKEN = re.compile(rf"\d+(?:[.,:]\d+)+|[{UNSPACED}]|[^\W{UNSPACED}]+|[^\w\s]|\n\n")
#: What a figure counts: the word behind it, of a script without spaces one character, or a sign.
_UNIT = re.compile(rf" ?(?:[{UNSPACED}]|[^\W\d{UNSPACED}]+|[%‰°€£$¥])")
#: SequenceMatcher is quadratic: beyond this many words a text is compared by its opening.
WORDS_MAX = 5_000
#: Figures that are named of a change; of the rest only how many they are.
FIGURES_MAX = 8
#: A text has a new lead when less of its first OPENING_WORDS stood in the text before.
OPENING_WORDS = 100
OPENING_KEPT = 0.7


@dataclass(frozen=True, slots=True)
class Span:
    """A run of words: kept, cut (only in the first text) or added (only in the second)."""

    kind: str
    text: str


def compare(before: str, after: str) -> list[Span]:
    """The second text as an edit of the first, in reading order."""
    a, b = _words(before), _words(after)
    fold_a, fold_b = [word.casefold() for word, _ in a], [word.casefold() for word, _ in b]
    # What most edits leave alone at either end costs nothing then.
    head = _same(fold_a, fold_b)
    tail = _same(fold_a[head:][::-1], fold_b[head:][::-1])
    middle = difflib.SequenceMatcher(None, fold_a[head : len(a) - tail], fold_b[head : len(b) - tail], autojunk=False)
    edits = [("equal", 0, head, 0, head)]
    edits += [(kind, head + i, head + j, head + k, head + m) for kind, i, j, k, m in middle.get_opcodes()]
    edits.append(("equal", len(a) - tail, len(a), len(b) - tail, len(b)))
    spans: list[Span] = []
    for kind, i, j, k, m in edits:
        if kind != "equal" and j > i:
            spans.append(Span("cut", "".join(text for _, text in a[i:j])))
        if m > k:
            spans.append(Span("kept" if kind == "equal" else "added", "".join(text for _, text in b[k:m])))
    return spans


def _same(a: list[str], b: list[str]) -> int:
    """How many words both begin with."""
    pairs = enumerate(zip(a, b, strict=False))
    return next((place for place, (one, other) in pairs if one != other), min(len(a), len(b)))


def counts(spans: list[Span]) -> tuple[int, int]:
    """(words cut, words added)."""
    cut = sum(len(re.findall(r"\w+", span.text)) for span in spans if span.kind == "cut")
    added = sum(len(re.findall(r"\w+", span.text)) for span in spans if span.kind == "added")
    return cut, added


def figures(spans: list[Span]) -> list[str]:
    """The figures that went and came, those first that took another's place: "12 -> 17 dead", "9 gone", "40 crews new".

    One takes another's place where the words around them were replaced and they count the same, or where as many went
    as came. Of the rest, what stands elsewhere in the other text was moved, not changed.
    """
    before = {figure for span in spans if span.kind != "added" for figure in _FIGURES.findall(span.text)}
    after = {figure for span in spans if span.kind != "cut" for figure in _FIGURES.findall(span.text)}
    replaced: list[str] = []
    others: list[str] = []
    for place, span in enumerate(spans):
        if span.kind == "kept" or (span.kind == "added" and place and spans[place - 1].kind == "cut"):
            continue
        following = spans[place + 1] if place + 1 < len(spans) else None
        cut, added = (span.text, "") if span.kind == "cut" else ("", span.text)
        if following is not None and following.kind == "added":
            added = following.text
        rest = next((later.text for later in spans[place + 1 : place + 3] if later.kind == "kept"), "")[:80]
        went, came = _counted(cut, rest), _counted(added, rest)
        same = {figure for figure, _ in went} & {figure for figure, _ in came}
        went, came = ([one for one in side if one[0] not in same] for side in (went, came))
        for old in tuple(went):
            new = next((one for one in came if one[1] == old[1]), None)
            if new is not None:
                replaced.append(f"{old[0]} -> {new[0]}{new[1]}")
                went.remove(old)
                came.remove(new)
        if len(went) == len(came):
            replaced += [f"{old} -> {new}{unit}" for (old, _), (new, unit) in zip(went, came, strict=True)]
        else:
            others += [f"{old}{unit} gone" for old, unit in went if old not in after]
            others += [f"{new}{unit} new" for new, unit in came if new not in before]
    return list(dict.fromkeys([*replaced, *others]))


def told(named: list[str]) -> str:
    """The figures as part of a sentence, FIGURES_MAX of them at most."""
    more = len(named) - FIGURES_MAX
    return ", ".join([*named[:FIGURES_MAX], *([f"{more} more"] if more > 0 else [])])


def is_update(spans: list[Span]) -> bool:
    """Whether the second text has other facts than the first, as far as figures tell, or a new lead. What is left are
    corrections, cuts and additions below the lead."""
    if figures(spans):
        return True
    opening: list[bool] = []
    for span in spans:
        if span.kind != "cut":
            opening += [span.kind == "kept"] * len(_words(span.text))
    opening = opening[:OPENING_WORDS]
    return bool(opening) and sum(opening) < OPENING_KEPT * len(opening)


def _counted(text: str, rest: str) -> list[tuple[str, str]]:
    """The figures of a text, each with what it counts; `rest` is what follows the text."""
    found = list(_FIGURES.finditer(text))
    units = (_UNIT.match(text[match.end() :] + rest) for match in found)
    return [(match[0], unit[0] if unit else "") for match, unit in zip(found, units, strict=True)]


def _words(text: str) -> list[tuple[str, str]]:
    """(token, token with what follows it up to the next), so that spans read as the text does."""
    starts = [match.span() for match in _TOKEN.finditer(text)][:WORDS_MAX]
    if not starts:
        return []
    ends = [following for (_, _), (following, _) in pairwise(starts)] + [starts[-1][1]]
    return [(text[start:stop], text[start:end]) for (start, stop), end in zip(starts, ends, strict=True)]
