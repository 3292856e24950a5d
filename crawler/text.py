"""Strings as a reader sees them: Unicode in order, equal where only spacing or punctuation differs, words counted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from crawler import scripts
from crawler.characters import printable

#: Zero-width characters and soft hyphens: invisible, and they part words that are the same word elsewhere.
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
#: A joiner or non-joiner where no script spells with it, as Persian and Sinhala do, and emoji.
_JOINER = re.compile("(?<![\u0600-\u1fff\u2600-\U0010ffff])[\u200c\u200d]")
#: ASCII is squashed as bytes, which takes a twentieth of a pattern's time.
_SMALL = bytes(range(128)).lower() + bytes(range(128, 256))
_DROPPED = bytes(code for code in range(128) if not chr(code).isalnum())
_SEPARATING = re.compile(r"[\W_]+")  # but letters and digits, as str.isalnum tells them
_WORD = re.compile(r"[^\W_]\w*(?:(?:[’'\-.]|[\u200c\u200d]+)\w+)*")
#: Vowel signs and the like, which are no letters to `re`: words of Hindi would end at each.
_MARKS = re.compile(f"[{''.join(c for c in map(chr, range(0x300, 0x1E00)) if unicodedata.category(c)[0] == 'M')}]+")
_UNSPACED = re.compile(f"[{scripts.UNSPACED}]")


def one_line(string: str) -> str:
    """The string in NFC, without invisible and unprintable characters, runs of white space as one space."""
    string = string.replace("\n", " ").replace("\t", " ")  # they would make most strings look unprintable
    if not string.isprintable():
        string = _INVISIBLE.sub("", printable(string))
        if "\u200c" in string or "\u200d" in string:
            string = _JOINER.sub("", string)
    if not string.isascii():
        string = unicodedata.normalize("NFC", string.replace("\ufffc", ""))  # which is printable to Python
    return " ".join(string.split())


def squash(string: str) -> str:
    """Letters and digits alone, case folded: equal for strings that differ in spacing, punctuation, case, or whether
    letters and their accents are one character (as macOS keeps them apart)."""
    if string.isascii():
        return string.encode().translate(_SMALL, _DROPPED).decode()
    composed = unicodedata.normalize("NFC", string)
    left = composed.encode("utf-8", "surrogatepass").translate(None, _DROPPED).decode("utf-8", "surrogatepass")
    return (left if left.isalnum() else _SEPARATING.sub("", left)).casefold()


def count_words(body: str) -> int:
    """Words of a text. In scripts without spaces two characters count as one word, about what a dictionary gives
    for Chinese and Japanese (mean word length 1.5 to 2)."""
    unspaced = len(_UNSPACED.findall(body))
    spaced = _UNSPACED.sub(" ", body) if unspaced else body
    return len(_WORD.findall(spaced if spaced.isascii() else _MARKS.sub("", spaced))) + (unspaced + 1) // 2


def holds_any(string: str, words: Iterable[str]) -> bool:
    """Whether one of the words stands in the string: `any`, at two thirds of its price."""
    for word in words:  # noqa: SIM110 - it is asked of every line with some hundred words
        if word in string:
            return True
    return False


def same_key(one: str, other: str) -> bool:
    """Whether two squashed lines are the same to a reader: equal, or one the other cut short by an ellipsis."""
    if one == other:
        return bool(one)
    short, long = (one, other) if len(one) < len(other) else (other, one)
    return len(short) >= 40 and len(short) >= 0.9 * len(long) and long.startswith(short)


def without_repeats(paragraphs: Iterable[str]) -> list[str]:
    """The paragraphs in order, a long one (40 characters and more) only where it stands first."""
    kept: list[str] = []
    seen: set[str] = set()
    for paragraph in paragraphs:
        key = squash(paragraph)
        if len(key) >= 40:
            if key in seen:
                continue
            seen.add(key)
        kept.append(paragraph)
    return kept
