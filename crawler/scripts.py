"""The scripts that are read in another way than the alphabets, as ranges for the brackets of a pattern (Unicode 16)."""

from __future__ import annotations

from typing import Final

HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
KANA: Final = "\u3040-\u30ff"
HANGUL: Final = "\uac00-\ud7a3"
#: Whose letters say as much as two or three of an alphabet's.
EASTERN: Final = f"{KANA}{HAN}{HANGUL}"
#: Thai and Lao, which end no sentence with a stop either.
UNSTOPPED: Final = "\u0e00-\u0eff"
#: Which put no space between words: these, Myanmar, Khmer, kana, Han. The search index of stores that exist goes by it
#: (migration 0004).
UNSPACED: Final = f"{UNSTOPPED}\u1000-\u109f\u1780-\u17ff{KANA}{HAN}"
#: What ends a sentence in whatever script, and the quotation marks and brackets that may stand behind it.
STOPS: Final = ".!?…。！？।॥؟۔։።"
CLOSING: Final = r"\"'”’»“›)\]」』"
