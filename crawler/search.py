"""What a person searches for, as terms; a text as the words that an index holds. For both engines alike.

Words are compared in lower case and without diacritics. `parse` reads the query; the store puts it to its engine.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import islice

from crawler.scripts import INDIC, UNSPACED, VOWEL_SIGNS

#: A word of the others, or one character of these with the marks that it carries.
_WORD = re.compile(rf"[{UNSPACED}]|[^\W_{UNSPACED}]+")
#: The same for texts with scripts of India. Python's \w has no marks.
_WORD_WITH_SIGNS = re.compile(rf"[{UNSPACED}]|(?:[^\W_{UNSPACED}]|[{VOWEL_SIGNS}])+")
_CUT = re.compile(f"[{UNSPACED}{INDIC}]")
_INDIC = re.compile(f"[{INDIC}]")
_EDGES = re.compile(rf"^(?:[^\w{UNSPACED}{VOWEL_SIGNS}]|_)+|(?:[^\w{UNSPACED}{VOWEL_SIGNS}]|_)+$")
_MARKS = re.compile("[\u0300-\u036f]+")
_TERM = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')


class QueryError(ValueError):
    """What was given can't be searched for: says why, in one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Words that have to follow each other, in lower case, without diacritics; a word without spaces is its
    characters."""

    text: str  #: as typed, without minus and punctuation around it
    words: tuple[str, ...]
    prefix: bool = False  #: the last word may go on
    excluded: bool = False  #: none of what is found has it


def parse(query: str) -> tuple[Term, ...]:
    """The terms of a query, all of which have to be there: words, "quoted phrases", -excluded, prefix*.

    Punctuation ends a word and means nothing else. Raises QueryError where there is no word to find.
    """
    if query.count('"') % 2:
        raise QueryError('a quotation mark " is not closed')
    terms = []
    for match in _TERM.finditer(query):
        given = match["word"] if match["phrase"] is None else match["phrase"]
        prefix = match["phrase"] is None and given.endswith("*")
        found = tuple(words(given))
        if found:
            terms.append(Term(text=_EDGES.sub("", given), words=found, prefix=prefix, excluded=bool(match["minus"])))
    if all(term.excluded for term in terms):
        raise QueryError("want at least one word to find")
    return tuple(terms)


def words(text: str, limit: int | None = None) -> list[str]:
    """The words of a text in their order, `limit` at most: lower case, without diacritics, each character of a script
    without spaces a word of its own."""
    folded, word = text, _WORD
    if not text.isascii():
        # Composed again: the marks that are left make other letters, ト and ド, ا and أ.
        folded = unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFKD", text)))
        if _INDIC.search(folded):
            word = _WORD_WITH_SIGNS
    return [match[0] for match in islice(word.finditer(folded.lower()), limit)]


def is_cut_here(text: str) -> bool:
    """Whether SQLite would find other words in it than `words` does."""
    return not text.isascii() and _CUT.search(text) is not None
