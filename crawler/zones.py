"""Abbreviations of time zones, as newsrooms write them -> minutes east of UTC. UTC and GMT are no zones here."""

from __future__ import annotations

OFFSETS = {"BST": 60, "WEST": 60, "CET": 60, "MET": 60, "MEZ": 60, "WAT": 60, "CEST": 120, "MEST": 120, "MESZ": 120}
OFFSETS |= {"EET": 120, "CAT": 120, "SAST": 120, "EEST": 180, "MSK": 180, "EAT": 180, "IDT": 180, "TRT": 180}
OFFSETS |= {"PKT": 300, "NPT": 345, "WIB": 420, "WITA": 480, "WIT": 540, "SGT": 480, "HKT": 480, "PHT": 480}
OFFSETS |= {"AWST": 480, "JST": 540, "KST": 540, "ACST": 570, "AEST": 600, "ACDT": 630, "AEDT": 660, "NZST": 720}
OFFSETS |= {"NZDT": 780, "BRT": -180, "ART": -180, "EDT": -240, "EST": -300, "CDT": -300, "CST": -360, "MDT": -360}
OFFSETS |= {"MST": -420, "PDT": -420, "PST": -480, "AKDT": -480, "AKST": -540, "HST": -600}

#: What is another zone to readers of some languages (BCP 47, in small letters). IST, which is India's, Israel's and
#: Ireland's, is none to others.
_TO_READERS = {
    "IST": dict.fromkeys(("as", "bn", "en-in", "gu", "hi", "kn", "ml", "mr", "or", "pa", "ta", "te"), 330)
    | {"en-il": 120, "he": 120, "en-ie": 60, "ga": 60},
    "CST": {"zh": 480},
    "BST": {"bn": 360, "en-bd": 360},
}
AMBIGUOUS = frozenset(_TO_READERS)
#: Words of other meanings in a line in capitals.
WORDS = frozenset(("ART", "CAT", "EAT", "MET", "WAT", "WEST", "WIT"))


def offset(name: str, tag: str = "") -> int | None:
    """Minutes east of UTC of what an abbreviation means to readers of a language; None where that is not known."""
    by_language = _TO_READERS.get(name, {})
    return by_language.get(tag, by_language.get(tag.partition("-")[0], OFFSETS.get(name)))


def written(minutes: int) -> str:
    """Minutes east of UTC as RFC 5322 has them: "+0530"."""
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}{abs(minutes) % 60:02d}"
