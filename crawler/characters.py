"""Strings from the network -> strings that any store, file and terminal can take.

What is taken out shows nothing and breaks something: NUL (PostgreSQL), lone surrogates (UTF-8), ESC and the other
controls of C0 and C1 (terminals), byte order marks and noncharacters (XML, shingles). Line feed and tab stay.
"""

from __future__ import annotations

import re

_BAD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]")
#: C1 is what becomes of windows-1252 under a wrong label, and &#146; means ’: so does HTML read them
#: (https://html.spec.whatwg.org/multipage/parsing.html#numeric-character-reference-end-state).
_CP1252 = {code: bytes([code]).decode("cp1252", "ignore") or None for code in range(0x80, 0xA0)}


def printable(string: str) -> str:
    """The string without characters that no text is written with; the same object where there are none."""
    return _BAD.sub("", string.translate(_CP1252)) if _BAD.search(string) else string
