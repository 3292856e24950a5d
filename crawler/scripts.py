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
#: (migration 0012).
UNSPACED: Final = f"{UNSTOPPED}\u1000-\u109f\u1780-\u17ff{KANA}{HAN}"
#: The scripts of India, from Devanagari to Sinhala. So does it by this.
INDIC: Final = "\u0900-\u0dff"
#: Their marks, which are letters of words: vowels, nasals, what joins consonants.
VOWEL_SIGNS: Final = (
    "\u0900-\u0903\u093a-\u093c\u093e-\u094f\u0951-\u0957\u0962-\u0963\u0981-\u0983\u09bc\u09be-\u09c4\u09c7-\u09c8"
    "\u09cb-\u09cd\u09d7\u09e2-\u09e3\u09fe\u0a01-\u0a03\u0a3c\u0a3e-\u0a42\u0a47-\u0a48\u0a4b-\u0a4d\u0a51"
    "\u0a70-\u0a71\u0a75\u0a81-\u0a83\u0abc\u0abe-\u0ac5\u0ac7-\u0ac9\u0acb-\u0acd\u0ae2-\u0ae3\u0afa-\u0aff"
    "\u0b01-\u0b03\u0b3c\u0b3e-\u0b44\u0b47-\u0b48\u0b4b-\u0b4d\u0b55-\u0b57\u0b62-\u0b63\u0b82\u0bbe-\u0bc2"
    "\u0bc6-\u0bc8\u0bca-\u0bcd\u0bd7\u0c00-\u0c04\u0c3c\u0c3e-\u0c44\u0c46-\u0c48\u0c4a-\u0c4d\u0c55-\u0c56"
    "\u0c62-\u0c63\u0c81-\u0c83\u0cbc\u0cbe-\u0cc4\u0cc6-\u0cc8\u0cca-\u0ccd\u0cd5-\u0cd6\u0ce2-\u0ce3\u0d00-\u0d03"
    "\u0d3b-\u0d3c\u0d3e-\u0d44\u0d46-\u0d48\u0d4a-\u0d4d\u0d57\u0d62-\u0d63\u0d81-\u0d83\u0dca\u0dcf-\u0dd4\u0dd6"
    "\u0dd8-\u0ddf\u0df2-\u0df3"
)
#: What ends a sentence in whatever script, and the quotation marks and brackets that may stand behind it.
STOPS: Final = ".!?…。！？।॥؟۔։።"
CLOSING: Final = r"\"'”’»“›)\]」』"
