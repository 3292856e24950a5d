"""Text in, fingerprint out: shingles, MinHash signature, bands for the candidate index, and a sketch for the decision.

A text becomes words, words become shingles of five (Broder, "On the resemblance and containment of documents", 1997;
Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, ch. 3). From the shingles come

- the signature: datasketch's MinHash, 64 permutations over the whole text and 64 over its opening, so that a brief
  and the long text that it was cut from meet in the half that both print;
- the bands: two rows each. A pair of Jaccard resemblance s shares one of 32 bands with probability 1 - (1 - s^2)^32:
  .28 at .1, .73 at .2, .95 at .3. Either half will do;
- the sketch: the shingles whose hash falls below a limit (FracMinHash, Irber et al. 2022), in the order of the text,
  each with whether it stands in quotation marks, beside the text's figures and names. At most 192: every shingle of a
  text of up to about 200 words, every fourth of 700.

Scripts without spaces between words (Chinese, Japanese, Thai, Lao, Khmer, Burmese) count a run of four (or eight)
characters as a word, one beginning at each character. Plain: numbers in, numbers out, the same on every machine.
"""

from __future__ import annotations

import base64
import binascii
import functools
import itertools
import re
import struct
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

SEED: Final = 1
PERMUTATIONS: Final = 128  #: half over the whole text, half over the opening
SHINGLE_WORDS: Final = 5
OPENING_WORDS: Final = 150
BAND_ROWS: Final = 2
SHINGLE_BITS: Final = 30  #: of a shingle's hash in a sketch
SAMPLE_MAX: Final = 192  #: shingles in a sketch
FACTS_MAX: Final = 32  #: figures, and names, in a sketch
TEXT_MAX_CHARS: Final = 200_000  #: about 30,000 words; what follows is not compared

#: Stored beside every signature. A signature of another version is computed anew from the body, never compared.
VERSION: Final = f"affine32-seed{SEED}-perm{PERMUTATIONS}-word{SHINGLE_WORDS}-3"

Bools = NDArray[np.bool_]
Ints = NDArray[np.uint32]
Array = NDArray[np.uint32] | NDArray[np.uint16]


class FingerprintError(ValueError):
    """Stored signature or sketch bytes that `sign` cannot have written."""


@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """What the decision compares of a text: a sample of its shingles with their place, its figures and its names."""

    words: int  #: of the text, at most as many as TEXT_MAX_CHARS holds
    level: int  #: a shingle is in the sample if its hash is below 2 ** (30 - level)
    shingles: Ints  #: hashes below 2 ** 30, distinct, in the order of the text
    quoted: Bools  #: for each shingle: more of it stands inside quotation marks, or in a tweet, than outside
    figures: NDArray[np.uint16]  #: hashes of the numbers, sorted; the FACTS_MAX smallest
    names: NDArray[np.uint16]  #: hashes of words with a capital inside a sentence, sorted; the FACTS_MAX smallest

    def to_bytes(self) -> bytes:
        """At most 912 bytes, about 650 for a news article."""
        flags = self.quoted.astype(np.uint32) << np.uint32(SHINGLE_BITS)
        head = _HEAD.pack(self.words, self.level, len(self.shingles), len(self.figures), len(self.names))
        parts = ((self.shingles | flags).astype("<u4"), self.figures.astype("<u2"), self.names.astype("<u2"))
        return head + b"".join(part.tobytes() for part in parts)

    @classmethod
    def from_bytes(cls, data: bytes) -> Sketch:
        """Raises FingerprintError on bytes of another length than their head says, or with a hash above its level."""
        if len(data) < _HEAD.size:
            raise FingerprintError(f"sketch: got {len(data)} bytes, want at least {_HEAD.size}")
        words, level, shingles, figures, names = _HEAD.unpack_from(data)
        want = _HEAD.size + 4 * shingles + 2 * (figures + names)
        if len(data) != want or level > SHINGLE_BITS:
            raise FingerprintError(
                f"sketch: got {len(data)} bytes at level {level}, want {want} and at most {SHINGLE_BITS}"
            )
        packed = np.frombuffer(data, "<u4", shingles, _HEAD.size)
        facts = np.frombuffer(data, "<u2", figures + names, _HEAD.size + 4 * shingles)
        hashes = packed & np.uint32((1 << SHINGLE_BITS) - 1)
        if shingles and int(hashes.max()) >= 1 << (SHINGLE_BITS - level):
            raise FingerprintError(f"sketch: a shingle's hash is above the limit of level {level}")
        quoted = (packed >> np.uint32(SHINGLE_BITS)).astype(bool)
        return cls(words, level, hashes, quoted, facts[:figures], facts[figures:])


@dataclass(frozen=True, slots=True, eq=False)
class Fingerprint:
    """A text's signature and sketch, of this VERSION."""

    signature: Ints  #: PERMUTATIONS values of datasketch's scheme affine32
    sketch: Sketch

    @property
    def signature_bytes(self) -> bytes:
        return self.signature.astype("<u4").tobytes()

    @property
    def sketch_bytes(self) -> bytes:
        return self.sketch.to_bytes()

    @property
    def signature_text(self) -> str:
        return base64.b64encode(self.signature_bytes).decode("ascii")

    @property
    def sketch_text(self) -> str:
        return base64.b64encode(self.sketch_bytes).decode("ascii")

    @classmethod
    def from_bytes(cls, signature: bytes, sketch: bytes) -> Fingerprint:
        """Raises FingerprintError on bytes that are damaged or of another length."""
        if len(signature) != 4 * PERMUTATIONS:
            raise FingerprintError(f"signature: got {len(signature)} bytes, want {4 * PERMUTATIONS}")
        return cls(np.frombuffer(signature, "<u4"), Sketch.from_bytes(sketch))

    @classmethod
    def from_text(cls, signature: str, sketch: str) -> Fingerprint:
        """The reverse of `signature_text` and `sketch_text`; raises FingerprintError likewise."""
        try:
            parts = [base64.b64decode(part, validate=True) for part in (signature, sketch)]
        except (binascii.Error, ValueError) as error:
            raise FingerprintError(f"signature or sketch is not base64: {error}") from error
        return cls.from_bytes(*parts)


def sign(headline: str, body: str) -> Fingerprint:
    """The fingerprint of an article's text.

    Papers write their own headlines, so the headline counts only where the body is shorter than two shingles.
    Paragraphs are split by line ends. Any text will do: an empty one has no shingles, no bands and resembles nothing.
    """
    (fingerprint,) = sign_many([(headline, body)])
    return fingerprint


def sign_many(texts: Sequence[tuple[str, str]]) -> list[Fingerprint]:
    """`sign` of each (headline, body), in less time: numpy takes hardly longer for a few texts than for one."""
    return [Fingerprint(_minhash(mixed), _sketch(words, shingles)) for words, shingles, mixed in _shingled(texts)]


def signatures(texts: Sequence[tuple[str, str]]) -> list[Ints]:
    """The signatures of `sign_many` alone, PERMUTATIONS values each."""
    return [_minhash(mixed) for _, _, mixed in _shingled(texts)]


def bands(fingerprint: Fingerprint) -> list[int]:
    """Signed 32-bit keys for the candidate index: texts that share one are candidates. Empty for an empty text.

    Of a million articles about one shares a key with a text by chance alone; wider keys cost more than to compare it.
    """
    (keys,) = bands_many([fingerprint])
    return keys


def bands_many(fingerprints: Sequence[Fingerprint]) -> list[list[int]]:
    """`bands` of each, in less time."""
    if not fingerprints:
        return []
    rows = np.stack([fingerprint.signature for fingerprint in fingerprints]).astype(np.uint64)
    rows = rows.reshape(len(fingerprints), -1, BAND_ROWS)
    keys = np.arange(1, rows.shape[1] + 1, dtype=np.uint64) * _ODD
    for row in range(BAND_ROWS):
        keys = _mix((keys ^ rows[:, :, row]) * _ODD)
    found = (keys >> np.uint64(32)).astype(np.uint32).view(np.int32).tolist()
    return [
        own if len(fingerprint.sketch.shingles) or fingerprint.sketch.words else []
        for fingerprint, own in zip(fingerprints, found, strict=True)
    ]


def resemblance(a: Fingerprint, b: Fingerprint) -> float:
    """Jaccard resemblance of the two texts' shingles, 0 to 1; symmetric."""
    return overlap(a, b)[0]


def containment(a: Fingerprint, b: Fingerprint) -> float:
    """Share of a's shingles that b prints too, 0 to 1."""
    return overlap(a, b)[1]


def among(values: Array, others: Array) -> Bools:
    """For each value, whether it is one of the others: numpy's `isin`, which takes five times as long of so few."""
    if not len(others):
        return np.zeros(len(values), dtype=bool)
    ordered = np.sort(others)
    found: Bools = ordered[np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)] == values
    return found


def overlap(a: Fingerprint, b: Fingerprint) -> tuple[float, float, float]:
    """Resemblance of a and b, containment of a in b, containment of b in a, estimated from the sketches."""
    limit = 1 << (
        SHINGLE_BITS - max(a.sketch.level, b.sketch.level)
    )  # the coarser level: below it nothing was left out
    mine, theirs = (part.sketch.shingles[part.sketch.shingles < limit] for part in (a, b))
    shared = int(np.count_nonzero(among(mine, theirs)))
    if not shared:
        return 0.0, 0.0, 0.0
    return shared / (len(mine) + len(theirs) - shared), shared / len(mine), shared / len(theirs)


# ------------------------------------------------------------------------------------------------ characters and words
_HEAD: Final = struct.Struct("<IBBBB")  # words, level, shingles, figures, names
_ODD: Final = np.uint64(0x9E3779B97F4A7C15)  # 2 ** 64 / golden ratio, odd
_WORD, _DIGIT, _UPPER, _DENSE, _LONG, _IGNORED, _QUOTE, _STOP, _LINE, _SPACE, _FULL = (1 << bit for bit in range(11))
_TWEET: Final = re.compile(r"\(@\w+\)|\bpic\.twitter\.com/|\bt\.co/")
_TWEET_CHARS: Final = 500  # 280 and what stands around it
_TOP_CHARS: Final = 1000
_PARAGRAPH: Final = re.compile(r"[^\n]+")
#: "OSLO, 5 May (AFP) — ", "(dpa) -- "; "OSLO — ", where the word is in capitals; "МОСКВА, 5 мая. /ТАСС/. ". Not what
#: crawler.datelines finds: that learns of agencies, and what a VERSION signs must stay as it is.
_DATELINE: Final = re.compile(
    r"[^\n]{0,50}?\([^()\n]{2,30}\)\s?(?:[—–]|--?)\s|([^\W\d_]{3,})[^\n]{0,50}?\s(?:[—–]|--?)\s|"
    r"[^\n/]{2,40}\s/[^\s/]{2,20}/"
)
_COUNTER: Final = re.compile(r"\b\d{1,3}\s?(?:of|/|von|sur|de|di|van|av|из)\s?\d{1,3}\b")  # "Hide Caption 3 of 27"
_GALLERY_CHARS: Final = 1200
_GALLERY_PICTURES: Final = 4
_SEPARATOR: Final = "\x1e"  # of texts that are read together; in one of them it is white space
_TOGETHER_CHARS: Final = 16_000
_DENSE_CHARS, _LONG_CHARS = 4, 8  # a Chinese word has about 1.6 characters, a Thai one about 4.5


#: Letters that are one to readers: Arabic's yeh and kaf as Iran and Egypt type them, alef with and without its hamza;
#: Turkish i, whose capitals Python takes for two letters and for another's.
_ALIKE: Final = (
    ("\u064a\u0649\u06cc", "\u06cc"),
    ("\u0643\u06a9", "\u06a9"),
    ("\u0623\u0625\u0622\u0671", "\u0627"),
    ("İı", "i"),
)


def _tables() -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """For each UTF-16 unit: its small letter (z as s: -ise and -ize are one word), one of those that papers of a
    language write for each other, and what kind of character it is."""
    small = np.arange(1 << 16, dtype=np.uint16)
    kinds = np.zeros(1 << 16, dtype=np.uint16)
    dense = [(0x3040, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x3005, 0x3007)]
    long = [(0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF)]  # Thai, Lao; Burmese; Khmer
    for code in range(1 << 16):
        char = chr(code)
        if char.isalnum():
            lower = char.lower()
            small[code] = ord(lower) if len(lower) == 1 else code
            if char.isdecimal():
                small[code] = ord("0") + unicodedata.decimal(char)
            kinds[code] = _WORD | (_DIGIT if char.isdigit() else 0) | (_UPPER if char != lower else 0)
        elif unicodedata.category(char).startswith("M"):  # the vowels of Hindi, Tamil, Bengali
            kinds[code] = _WORD
        elif char.isspace():
            kinds[code] = _SPACE
    for ranges, kind in ((dense, _DENSE), (long, _LONG)):
        for first, last in ranges:
            part = kinds[first : last + 1]
            part[:] = np.where(part & _DIGIT, part, _WORD | kind)
    small[ord("z")] = small[ord("Z")] = ord("s")
    for written, meant in _ALIKE:
        small[[ord(char) for char in written]] = ord(meant)
    for chars, kind in (
        ("\u00ad\u0640\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", _IGNORED),
        ('"“”„‟«»「」『』＂', _QUOTE),
        (".!?…؟۔।", _STOP),
        ("。！？｡", _STOP | _FULL),
        ("\n", _LINE | _SPACE),
    ):
        kinds[[ord(char) for char in chars]] = kind
    for first, last in ((0x0300, 0x036F), (0x064B, 0x065F), (0xFE00, 0xFE0F)):  # accents apart, Arabic vowels, variants
        kinds[first : last + 1] = _IGNORED
    return small, kinds


_SMALL, _KINDS = _tables()
_LETTERS: Final = np.where(_KINDS & _WORD, _SMALL, 0).astype(np.uint64)
_SPECIAL: Final = (_KINDS & (_IGNORED | _DENSE | _LONG)) != 0
_FIRST_SPECIAL: Final = 0x0300  # but for the soft hyphen
_POWERS = np.multiply.accumulate(np.full(TEXT_MAX_CHARS * 2 + 2, _ODD, dtype=np.uint64))
_INVERSE = np.multiply.accumulate(
    np.full(TEXT_MAX_CHARS * 2 + 2, np.uint64(pow(int(_ODD), -1, 1 << 64)), dtype=np.uint64)
)


@functools.cache
def _permutations() -> tuple[tuple[Ints, Ints], tuple[Ints, Ints]]:
    """Coefficients a and b of datasketch's permutations (a·x + b), as columns: for the whole text, for the opening."""
    from datasketch import MinHash  # here: it brings scipy, 40 MB and 0.7 s, to processes that only compare

    a, b = (part[:, None] for part in MinHash(num_perm=PERMUTATIONS, seed=SEED, scheme="affine32").permutations)
    half = PERMUTATIONS // 2
    return (a[:half], b[:half]), (a[half:], b[half:])


@dataclass(frozen=True, slots=True, eq=False)
class _Words:
    """A text and its words."""

    text: str  # in normal form
    codes: NDArray[np.uint16]  # its UTF-16 units, without those that are ignored
    starts: NDArray[np.int64]  # of each word, in codes
    hashes: NDArray[np.uint64]  # of each word


def _shingled(texts: Sequence[tuple[str, str]]) -> Iterator[tuple[_Words, Ints, Ints]]:
    """Each text's words, its shingles, and these as datasketch hashes them. Texts are read some at a time, as one."""
    bodies = [_normal(body).replace(_SEPARATOR, " ") for _, body in texts]
    first = 0
    while first < len(bodies):
        last, size = first + 1, len(bodies[first])
        while last < len(bodies) and size + len(bodies[last]) < _TOGETHER_CHARS:
            size += len(bodies[last])
            last += 1
        joined = _read(_SEPARATOR.join(bodies[first:last]))
        shingles = _shingle(joined.hashes)
        mixed = _premix(shingles)
        breaks = [-1, *np.flatnonzero(joined.codes == ord(_SEPARATOR)).tolist(), len(joined.codes)]
        places = np.searchsorted(joined.starts, breaks).tolist()
        for i in range(last - first):
            begin, start, end = breaks[i] + 1, places[i], places[i + 1]
            if end - start < 2 * SHINGLE_WORDS:
                words = _read(_normal("\n".join(texts[first + i])))
                few = _shingle(words.hashes)
                yield words, few, _premix(few)
                continue
            words = _Words(
                bodies[first + i],
                joined.codes[begin : breaks[i + 1]],
                joined.starts[start:end] - begin,
                joined.hashes[start:end],
            )
            own = slice(start, end - SHINGLE_WORDS + 1)  # without those that go on into the next text
            yield words, shingles[own], mixed[own]
        first = last


def _mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finalizer of splitmix64: every bit in depends on every bit out, nothing collides."""
    mixed = values >> np.uint64(30)
    mixed ^= values
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return mixed


def _normal(text: str) -> str:
    """As much of a text as is compared, in Unicode's NFKC. Most are of it, but for two characters: to look takes 5 us,
    to normalize 100."""
    text = text[:TEXT_MAX_CHARS]
    if text.isascii() or unicodedata.is_normalized("NFKC", text):
        return text
    text = text.replace("\u00a0", " ").replace("\u2026", "...")
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    return text[: 2 * TEXT_MAX_CHARS]


def _read(text: str) -> _Words:
    """`text` in normal form."""
    codes = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)[: 2 * TEXT_MAX_CHARS]
    # A UTF-16 unit is never out of a table: "clip" asks nothing, and is faster.
    special = not text.isascii() and ("\u00ad" in text or bool(_SPECIAL[codes[codes >= _FIRST_SPECIAL]].any()))
    if special:
        codes = codes[(_KINDS[codes] & _IGNORED) == 0]
    letters = _LETTERS.take(codes, mode="clip")
    letter = np.zeros(len(codes) + 2, dtype=bool)
    np.not_equal(letters, 0, out=letter[1:-1])
    edges: NDArray[np.int64] = (letter[1:] != letter[:-1]).nonzero()[0]
    starts, ends = edges[::2], edges[1::2]
    if special and (unspaced := _KINDS[codes] & np.uint16(_DENSE | _LONG)).any():
        starts, ends = _unspaced(starts, ends, letter[1:-1], unspaced)
    # A word's hash is its letters' polynomial, from prefix sums (Karp and Rabin 1987) over the whole text at once.
    letters *= _POWERS[: len(codes)]
    sums = np.empty(len(codes) + 1, dtype=np.uint64)
    sums[0] = 0
    np.add.accumulate(letters, out=sums[1:])
    hashes = sums.take(ends, mode="clip")
    hashes -= sums.take(starts, mode="clip")
    hashes *= _INVERSE.take(starts, mode="clip")
    return _Words(text, codes, starts, _mix(hashes))


def _unspaced(
    starts: NDArray[np.int64], ends: NDArray[np.int64], letter: Bools, unspaced: NDArray[np.uint16]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Words again, now with one beginning at each character of a script without spaces."""
    # A change of script ends a word: "AI技術" is "AI" and what follows.
    change = np.flatnonzero((unspaced[1:] != unspaced[:-1]) & letter[1:] & letter[:-1]) + 1
    starts, ends = np.union1d(starts, change), np.union1d(ends, change)
    inside = unspaced[starts] != 0
    lengths = np.where(inside, ends - starts, 1)
    first = np.repeat(starts, lengths)
    last = np.repeat(ends, lengths)
    begin = first + np.arange(len(first)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    size = np.where(unspaced[first] == _LONG, _LONG_CHARS, _DENSE_CHARS)
    return begin, np.where(unspaced[first] != 0, np.minimum(begin + size, last), last)


def _marked(text: str, kinds: NDArray[np.uint16], starts: NDArray[np.int64]) -> tuple[Bools, Bools]:
    """For each word: whether it is borrowed (in quotation marks, a tweet, or a gallery's captions), and whether it
    stands inside a sentence instead of at its head.

    A mark opens or closes by turns within its paragraph, whichever of the many shapes it has; an open one ends with
    the paragraph, as papers print quotations of several paragraphs.
    """
    signs = (kinds & (_QUOTE | _STOP | _FULL | _LINE)) != 0
    signs[:1] = True  # so that there is one
    places = np.flatnonzero(signs)
    marks = kinds[places]
    lines = (marks & _LINE) != 0
    opened = np.cumsum((marks & _QUOTE) != 0)
    odd = ((opened - np.maximum.accumulate(np.where(lines, opened, 0))) & 1) != 0
    before = np.searchsorted(starts, places)  # how many words begin before each mark
    quoted = np.zeros(len(starts), dtype=bool)
    quoted[before[0] :] = np.repeat(odd, np.append(before[1:], len(starts)) - before)

    after = kinds[np.minimum(places + 1, len(kinds) - 1)] & (_SPACE | _QUOTE)
    ends = (marks & _STOP != 0) & (after != 0) & (places + 1 < len(kinds))
    ends |= (marks & (_FULL | _LINE)) != 0
    inside = np.ones(len(starts) + 1, dtype=bool)
    inside[0] = False
    inside[before[ends]] = False

    breaks = np.append(places[lines], len(kinds))
    if "@" in text or breaks[0] >= _GALLERY_CHARS or (breaks[1:] - breaks[:-1] >= _GALLERY_CHARS).any():
        tweets = any(sign in text for sign in ("(@", "pic.twitter.com/", "t.co/"))
        for paragraph, end, size in zip(text.split("\n"), breaks, np.diff(breaks, prepend=-1), strict=False):
            if (tweets and size <= _TWEET_CHARS and _TWEET.search(paragraph)) or (
                size >= _GALLERY_CHARS and len(_COUNTER.findall(paragraph)) >= _GALLERY_PICTURES
            ):
                first, last = np.searchsorted(starts, [end - size + 1, end])
                quoted[first:last] = True
    return quoted, inside[:-1]


# ----------------------------------------------------------------------------------------------- shingles and samples
def _shingle(words: NDArray[np.uint64]) -> Ints:
    """32-bit hashes of every run of five words, in the order of the text; of all the words if they are fewer."""
    if not len(words):
        return np.zeros(0, dtype=np.uint32)
    size = min(SHINGLE_WORDS, len(words))
    count = len(words) - size + 1
    sums = words[:count].copy()
    for offset in range(1, size):
        sums *= _ODD
        sums += words[offset : offset + count]
    return (_mix(sums) >> np.uint64(32)).astype(np.uint32)


def _premix(shingles: Ints) -> Ints:
    """What datasketch does to a hash before it permutes it: the finalizer of MurmurHash3."""
    hashes = shingles ^ (shingles >> np.uint32(16))
    hashes *= np.uint32(0x85EBCA6B)
    hashes ^= hashes >> np.uint32(13)
    hashes *= np.uint32(0xC2B2AE35)
    hashes ^= hashes >> np.uint32(16)
    return hashes


def _minhash(hashes: Ints) -> Ints:
    """datasketch's MinHash without its loop over Python objects: of all shingles by one half of the permutations, of
    the opening's by the other."""
    (a, b), (c, d) = _permutations()
    opening = hashes[: max(1, OPENING_WORDS - SHINGLE_WORDS + 1)]
    return np.concatenate([_least(hashes, a, b), _least(opening, c, d)])


def _least(hashes: Ints, a: Ints, b: Ints) -> Ints:
    least: Ints | None = None
    for first in range(0, len(hashes), 1024):  # so that the products stay in the processor's cache
        products = a * hashes[first : first + 1024]
        products += b
        block = np.minimum.reduce(products, axis=1)
        least = block if least is None else np.minimum(least, block)
    return np.full(len(a), 0xFFFFFFFF, dtype=np.uint32) if least is None else least


def _sketch(words: _Words, shingles: Ints) -> Sketch:
    hashes = shingles & np.uint32((1 << SHINGLE_BITS) - 1)
    # Looked for from a level on that is likely low enough; a text that repeats itself may need a lower one.
    level = max(0, (len(hashes) // SAMPLE_MAX).bit_length() - 1)
    distinct, places = _below(hashes, level)
    if level and len(distinct) <= SAMPLE_MAX:
        level = 0
        distinct, places = _below(hashes, level)
    while (count := int(np.searchsorted(distinct, 1 << (SHINGLE_BITS - level)))) > SAMPLE_MAX:
        level += 1
    places = np.sort(places[:count])
    middle = np.minimum(places + SHINGLE_WORDS // 2, len(words.hashes) - 1)
    kinds = _KINDS.take(words.codes, mode="clip")
    quoted, inside = _marked(words.text, kinds, words.starts) if len(words.starts) else (np.zeros(0, dtype=bool),) * 2
    first = kinds[words.starts]
    # A capital at the head of a sentence is no sign of a name.
    names = ((first & _UPPER) != 0) & inside
    figures = (first & _DIGIT) != 0
    for begin, end in _datelines(words):
        names[begin : end + 1] = figures[begin:end] = False
    return Sketch(
        words=len(words.hashes),
        level=level,
        shingles=hashes[places],
        quoted=quoted[middle],
        figures=_facts(words.hashes[figures]),
        names=_facts(words.hashes[names]),
    )


def _datelines(words: _Words) -> Iterator[tuple[int, int]]:
    """The words (from, to) of what may be a dateline at the head of either of the first two paragraphs. Desks add and
    drop it, and it would be most of the names of a brief."""
    top = words.codes[:_TOP_CHARS].astype("<u2").tobytes().decode("utf-16-le", "replace")
    for line in itertools.islice(_PARAGRAPH.finditer(top), 2):
        if (match := _DATELINE.match(top, line.start())) and (match[1] is None or match[1].isupper()):
            first, end = np.searchsorted(words.starts, match.span()).tolist()
            yield first, end


def _below(hashes: Ints, level: int) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The distinct hashes below the limit of a level, sorted, and the place of each where the text prints it first."""
    chosen = np.flatnonzero(hashes < np.uint32(1 << (SHINGLE_BITS - level)))
    ranked = hashes[chosen].astype(np.uint64)
    ranked <<= np.uint64(32)
    ranked |= chosen.astype(np.uint64)
    ranked.sort()
    values = ranked >> np.uint64(32)
    first = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=first[1:])
    return values[first], (ranked[first] & np.uint64(0xFFFFFFFF)).astype(np.int64)


@functools.cache
def figure(number: str) -> int:
    """How a sketch's `figures` hold a number."""
    return int(_facts(_read(number).hashes)[0])


def _facts(words: NDArray[np.uint64]) -> NDArray[np.uint16]:
    facts = (words >> np.uint64(48)).astype(np.uint16)
    facts.sort()
    first = np.ones(len(facts), dtype=bool)
    np.not_equal(facts[1:], facts[:-1], out=first[1:])
    return facts[first][:FACTS_MAX]
