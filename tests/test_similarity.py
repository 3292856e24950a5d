"""Shingles, signatures, bands, sketches: what two texts have in common, in any script, and what damaged bytes do."""

from __future__ import annotations

import os
import random

import numpy as np
import pytest
from datasketch import MinHash
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import similarity
from crawler.similarity import (
    PERMUTATIONS,
    SAMPLE_MAX,
    VERSION,
    Fingerprint,
    FingerprintError,
    Sketch,
    bands,
    containment,
    overlap,
    resemblance,
    sign,
    sign_many,
    signatures,
)

EXAMPLES = 500 if os.environ.get("NEWSFOLD_TEST_FULL") else 60
WORDS = [first + vowel + last for first in "bdfgklmnprst" for vowel in "aeiou" for last in ("nd", "rk", "st", "ll")]


def prose(seed: int, sentences: int) -> list[str]:
    """Sentences that no other seed has."""
    chance = random.Random(seed)  # noqa: S311
    return [" ".join(chance.choice(WORDS) for _ in range(chance.randint(8, 20))) + "." for _ in range(sentences)]


def signed(*sentences: str) -> Fingerprint:
    return sign("", " ".join(sentences))


# ------------------------------------------------------------------------------------------------------- what is equal
SAME = {
    "case": ("The Harbour Was Closed To Ships At Noon", "the harbour was closed to ships at noon"),
    "quotation marks": ("“We will not wait,” the mayor said of it", '"We will not wait," the mayor said of it'),
    "dashes": ("the port – closed since May — may open", "the port - closed since May - may open"),
    "-ise and -ize": ("they will organise and recognise the six", "they will organize and recognize the six"),
    "accents composed or not": (
        "le café a été fermé hier soir",
        "le cafe\u0301 a e\u0301te\u0301 ferme\u0301 hier soir",
    ),
    "full-width letters": ("ＡＢＣ の 発表 による と ２０２６ 年", "ABC の 発表 による と 2026 年"),
    "soft hyphens": ("the com\u00admit\u00adtee met again late on Monday", "the committee met again late on Monday"),
    "Arabic vowel marks and tatweel": ("أُغلِقَ المينـــاء يوم الاثنين أمام السفن", "أغلق الميناء يوم الاثنين أمام السفن"),
    "digits of any script": ("بلغ عدد القتلى ١٢٣ في ميناء الشمال", "بلغ عدد القتلى 123 في ميناء الشمال"),
    "Persian yeh and kaf on an Arabic keyboard": ("بازگشایی یک بندر شمالی", "بازگشايي يك بندر شمالي"),
    "alef without its hamza, yeh without its dots": ("أعلن إغلاق مرفأ في آخر المساء", "اعلن اغلاق مرفا فى اخر المساء"),
    "Turkish capitals": ("liman kapısı dün akşam kapandı", "LİMAN KAPISI DÜN AKŞAM KAPANDI"),
    "spaces and line ends": (
        "the ferry   left\tat dawn\nwith nobody aboard",
        "the ferry left at dawn with nobody aboard",
    ),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_what_papers_spell_differently_is_the_same_shingle(one: str, other: str) -> None:
    assert resemblance(signed(one), signed(other)) == 1


UNSPACED = {
    "Chinese": "港务局星期一宣布关闭北港直到五月因为旧码头的桩基已经不再安全工程师说修复至少需要十八个月",
    "Japanese": "港湾局は古い桟橋の杭が安全ではないとして北港を五月まで閉鎖すると発表した修復には十八か月を要する",
    "Thai": "การท่าเรือประกาศเมื่อวันจันทร์ว่าจะปิดท่าเรือเหนือจนถึงเดือนพฤษภาคมเพราะเสาเข็มของท่าเทียบเรือเก่าไม่ปลอดภัยอีกต่อไป",
}


@pytest.mark.parametrize("text", UNSPACED.values(), ids=UNSPACED)
def test_a_script_without_spaces_is_cut_into_runs_of_characters(text: str) -> None:
    whole, half = signed(text), signed(text[: len(text) * 2 // 3])
    assert len(whole.sketch.shingles) > 20
    assert containment(half, whole) > 0.8
    assert 0.4 < containment(whole, half) < 0.8


def test_a_vowel_sign_does_not_end_a_word() -> None:
    assert signed("बंदरगाह सोमवार को जहाजों के लिए बंद कर दिया गया").sketch.words == 10


def test_latin_words_among_chinese_ones_stay_whole() -> None:
    assert signed("AI技術").sketch.words == 3
    assert signed("AI").sketch.words == 1


# -------------------------------------------------------------------------------------------------------- the measures
def test_a_text_cut_in_half_is_contained_and_contains_half() -> None:
    text = prose(1, 60)
    whole, half = signed(*text), signed(*text[:30])
    assert containment(half, whole) == pytest.approx(1, abs=0.05)
    assert containment(whole, half) == pytest.approx(0.5, abs=0.12)


def test_texts_on_different_levels_are_compared_on_the_coarser() -> None:
    text = prose(2, 400)
    brief, long = signed(*text[:8]), signed(*text)
    assert (brief.sketch.level, long.sketch.level) == (0, 5)
    assert containment(brief, long) == 1


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.text(max_size=300), st.text(max_size=300))
def test_any_two_texts_have_symmetric_resemblance_and_shares_from_0_to_1(one: str, other: str) -> None:
    a, b = sign("", one), sign("", other)
    assert resemblance(a, b) == resemblance(b, a)
    assert containment(a, b) == overlap(b, a)[2]
    assert 0 <= resemblance(a, b) <= min(containment(a, b), containment(b, a)) <= 1


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.integers(0, 10**6), st.integers(12, 80), st.data())
def test_every_cut_is_contained_in_its_text(seed: int, sentences: int, data: st.DataObject) -> None:
    text = prose(seed, sentences)
    kept = data.draw(st.integers(8, sentences))
    assert containment(signed(*text[:kept]), signed(*text)) >= 0.9


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.integers(0, 10**6), st.integers(12, 60))
def test_texts_that_share_nothing_resemble_each_other_in_nothing(seed: int, sentences: int) -> None:
    a, b = signed(*prose(seed, sentences)), signed(*prose(seed + 10**7, sentences))
    assert resemblance(a, b) < 0.02


# ----------------------------------------------------------------------------------------------- signatures and bands
def test_the_signature_is_the_minhash_of_datasketch() -> None:
    words = similarity._read(" ".join(prose(3, 300)))
    shingles = similarity._shingle(words.hashes)
    theirs = MinHash(num_perm=PERMUTATIONS, seed=1, hashfunc=int)
    theirs.update_batch(shingles)
    half = PERMUTATIONS // 2
    assert (signed(*prose(3, 300)).signature[:half] == theirs.hashvalues[:half]).all()


def test_the_second_half_of_the_signature_sees_the_opening_only() -> None:
    text = prose(4, 120)
    whole, opening = signed(*text), signed(*text[:20])
    half = PERMUTATIONS // 2
    assert (whole.signature[half:] == opening.signature[half:]).all()
    assert (whole.signature[:half] != opening.signature[:half]).any()


@pytest.mark.parametrize("kept", [1.0, 0.5, 0.25, 0.12])
def test_a_text_shares_bands_with_what_was_cut_from_it(kept: float) -> None:
    missed = 0
    for seed in range(40):
        text = prose(seed, 50)
        missed += not set(bands(signed(*text))) & set(bands(signed(*text[: int(50 * kept)])))
    assert missed <= 1


def test_texts_that_share_nothing_share_no_band() -> None:
    keys = [key for seed in range(100) for key in set(bands(signed(*prose(seed, 20))))]
    assert len(keys) == len(set(keys))


def test_bands_are_signed_32_bit_numbers_and_the_same_on_every_machine() -> None:
    keys = bands(sign("", "one two three four five six seven eight nine ten eleven"))
    assert len(keys) == 64
    assert min(keys) >= -(2**31)
    assert max(keys) < 2**31
    assert keys[:2] == [383038370, -574118705], f"another result needs another VERSION than {VERSION}"


# ------------------------------------------------------------------------------------------------ what a sketch holds
QUOTED = {
    "curly": "He said: “{}”. The council of the town met again.",
    "straight": 'He said: "{}". The council of the town met again.',
    "guillemets": "Il a dit : « {} ». The council of the town met again.",
    "German": "Er sagte: „{}“. The council of the town met again.",
    "corner brackets": "「{}」. The council of the town met again.",
    "left open to the end of the paragraph": "“{}\n\nThe council of the town met again.",
    "a tweet": "{} — Mayor (@mayor) May 4, 2026\n\nThe council of the town met again.",
}


@pytest.mark.parametrize("frame", QUOTED.values(), ids=QUOTED)
def test_quoted_words_are_marked_and_others_are_not(frame: str) -> None:
    quotation = "we will never again pay for a bridge that nobody crosses in winter"
    sketch = sign("", frame.format(quotation)).sketch
    quoted = set(sketch.shingles[sketch.quoted].tolist())
    inside = set(sign("", quotation).sketch.shingles.tolist())
    outside = set(sign("", "The council of the town met again.").sketch.shingles.tolist())
    assert len(quoted & inside) >= 0.8 * len(inside)
    assert not quoted & outside


def test_the_captions_of_a_gallery_are_marked_as_quoted() -> None:
    captions = " ".join(f"{' '.join(prose(n, 3))} Hide Caption {n} of 12" for n in range(1, 13))
    text = prose(50, 8)
    sketch = sign("", f"{' '.join(text)}\n\n{captions}\n\n{' '.join(text)}").sketch
    own = set(signed(*text).sketch.shingles.tolist())
    marked = set(sketch.shingles[sketch.quoted].tolist())
    assert not marked & own
    assert marked


def test_figures_and_names_are_told_from_other_words() -> None:
    sketch = sign(
        "", "Prices rose 4.5 per cent in 2026, said Ada Nwosu of Lagos. Others fell, and nobody knew why."
    ).sketch
    assert len(sketch.figures) == 3
    assert len(sketch.names) == 3


@pytest.mark.parametrize(
    "dateline",
    [
        "OSLO, Norway (AFP) — ",
        "ST. MARLOWE, May 5 (Reuters) - ",
        "(dpa) -- ",
        "МОСКВА, 5 мая. /ТАСС/. ",
        "A pier for the town, after 11 years of waiting for Marlowe.\n\nKYIV (AP) – ",
    ],
)
def test_the_figures_and_names_of_a_dateline_are_none_of_the_text(dateline: str) -> None:
    body = "The 4 piles of the pier were made of oak, said Ada Nwosu of Lagos, and few of them will last."
    above = dateline.rpartition("\n\n")[0]
    plain, dated = (sign("", text).sketch for text in (f"{above}\n\n{body}", dateline + body))
    assert (dated.figures.tolist(), dated.names.tolist()) == (plain.figures.tolist(), plain.names.tolist())


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 500))
def test_a_sketch_holds_at_most_so_many_shingles_and_no_needlessly_few(seed: int, sentences: int) -> None:
    sketch = signed(*prose(seed, sentences)).sketch
    assert len(sketch.shingles) <= SAMPLE_MAX
    assert len(sketch.shingles) >= min(sketch.words - 4, SAMPLE_MAX // 3)
    assert len(sketch.to_bytes()) <= 912


# ------------------------------------------------------------------------------------------------------------ bad input
ODD = {
    "empty": "",
    "blank": " \n\n ",
    "punctuation": "... --- !!! ???",
    "emoji": "😀😀😀",
    "a lone surrogate": "half \ud83d a pair",
    "NUL": "a\x00b c\x00d",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_odd_text_is_signed_and_resembles_nothing_else(text: str) -> None:
    odd = sign("", text)
    assert resemblance(odd, signed(*prose(1, 20))) == 0
    assert bool(bands(odd)) == bool(odd.sketch.words)


def test_texts_without_words_resemble_nothing_not_even_each_other() -> None:
    assert resemblance(sign("", ""), sign("", "")) == 0
    assert bands(sign("", "")) == []


def test_three_words_are_one_shingle() -> None:
    assert len(sign("", "one two three").sketch.shingles) == 1


def test_the_headline_counts_where_there_is_next_to_no_body() -> None:
    assert resemblance(sign("Bridge closed to all traffic from Monday", ""), sign("Zoo opens", "")) == 0
    long = " ".join(prose(9, 20))
    assert resemblance(sign("Bridge closed", long), sign("Zoo opens", long)) == 1


def test_one_word_a_hundred_thousand_times_is_one_shingle() -> None:
    assert len(sign("", "buffalo " * 100_000).sketch.shingles) == 1


def test_a_text_of_two_megabytes_is_read_up_to_its_bound() -> None:
    long = sign("", " ".join(map(str, range(400_000))))
    assert len(long.sketch.shingles) > SAMPLE_MAX // 3
    assert long.sketch.words < 40_000


# -------------------------------------------------------------------------------------------------------------- storage
BODIES = st.text(max_size=300) | st.integers(0, 999).map(lambda seed: " ".join(prose(seed, 9)))
MANY = st.lists(st.tuples(st.text(max_size=20), BODIES), max_size=12)


@settings(max_examples=EXAMPLES, deadline=None)
@given(MANY)
def test_texts_signed_together_are_signed_as_each_alone(texts: list[tuple[str, str]]) -> None:
    together = sign_many(texts)
    alone = [sign(*text) for text in texts]
    assert [(one.signature_bytes, one.sketch_bytes) for one in together] == [
        (one.signature_bytes, one.sketch_bytes) for one in alone
    ]
    assert [one.tobytes() for one in signatures(texts)] == [one.signature.tobytes() for one in alone]


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.text(max_size=400))
def test_a_fingerprint_survives_bytes_and_text(text: str) -> None:
    before = sign("", text)
    for after in (
        Fingerprint.from_bytes(before.signature_bytes, before.sketch_bytes),
        Fingerprint.from_text(before.signature_text, before.sketch_text),
    ):
        assert (after.signature == before.signature).all()
        assert after.sketch_bytes == before.sketch_bytes
        assert bands(after) == bands(before)


GOOD = signed(*prose(7, 30))
DAMAGED = {
    "signature cut off": (GOOD.signature_bytes[:-1], GOOD.sketch_bytes),
    "no signature": (b"", GOOD.sketch_bytes),
    "sketch cut off": (GOOD.signature_bytes, GOOD.sketch_bytes[:-1]),
    "sketch too long": (GOOD.signature_bytes, GOOD.sketch_bytes + b"\0"),
    "no sketch": (GOOD.signature_bytes, b""),
    "level out of range": (GOOD.signature_bytes, GOOD.sketch_bytes[:4] + b"\xff" + GOOD.sketch_bytes[5:]),
    "shingles above the level": (GOOD.signature_bytes, GOOD.sketch_bytes[:4] + b"\x1d" + GOOD.sketch_bytes[5:]),
}


@pytest.mark.parametrize(("signature", "sketch"), DAMAGED.values(), ids=DAMAGED)
def test_damaged_bytes_raise_the_one_documented_error(signature: bytes, sketch: bytes) -> None:
    with pytest.raises(FingerprintError):
        Fingerprint.from_bytes(signature, sketch)


@pytest.mark.parametrize("text", ["not base64!", "é", "abc"])
def test_damaged_text_raises_it_too(text: str) -> None:
    with pytest.raises(FingerprintError):
        Fingerprint.from_text(text, GOOD.sketch_text)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.binary(max_size=120))
def test_no_bytes_make_a_sketch_raise_anything_else(data: bytes) -> None:
    try:
        sketch = Sketch.from_bytes(data)
    except FingerprintError:
        return
    assert len(sketch.shingles) * 4 < len(data)
    assert np.all(sketch.shingles < 2**30)
