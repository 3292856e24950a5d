"""A publisher's earlier articles -> its profile: paragraphs that recur over them, DOM paths that are text or never are.

What a template prints on every page (a disclaimer, a prompt, an "about the author") looks like prose on each page
alone, and is told by its recurrence on others. Each read page leaves a layout: of each block hashes of its text and its
DOM path, its size, and how likely it was to be text. A profile is made of some dozen layouts and serves the next page
of the publisher. Hashes only: no text can be had back from either.
"""

from __future__ import annotations

import functools
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import blake2s
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crawler import agencies, furniture
from crawler.blocks import Block
from crawler.text import squash

#: Counts up when layouts or profiles come to mean something else: those of another scheme are not used.
SCHEME = 1
#: Layouts that a profile is made of: so many a day of publication at most, and no older than so many days before the
#: newest. What a publisher no longer prints fades with the articles that carried it.
ARTICLES_MAX = 48
DAY_MAX = 8
DAYS_MAX = 90
#: In so many stories a paragraph or a path has to stand before it says anything: a paragraph that recurs in copies of
#: one story is that story's. So have, by share of the publisher's stories, paragraphs on so many days: what recurs
#: within a day may be the day's news, unless half of the stories print it.
STORIES_MIN = 3
DAYS_MIN = 2
SHARE_MIN = 0.1
SHARE_PLAIN = 0.5
#: Background that follow-ups repeat stays below this share; from here on a paragraph is boilerplate, however it looks.
BOILERPLATE = 0.25
#: Log odds against a paragraph that SHARE_PLAIN of the stories print, less for a smaller share. A paragraph that looks
#: like nothing but text has about 6.
RECURRENCE = 12.0
#: Paths whose blocks were text less often than the first, or more often than the second, are evidence; of others the
#: page itself knows better. Their log odds count half.
NEVER, ALWAYS = 0.15, 0.9
PATH_WEIGHT = 0.5
#: Most paragraphs and paths of a profile, and blocks of a layout.
ENTRIES_MAX = 500
BLOCKS_MAX = 400
#: A long block says no more of its path than one of so many characters.
_SIZE_MAX = 400
#: Characters of doubt on whether a path is text.
_DOUBT = 200

_BLOCK = np.dtype([("text", "<u4"), ("path", "<u4"), ("size", "u1"), ("chance", "u1")])
#: Class names are numbered by page and by paragraph; h1 to h6 are not.
_NUMBERS = re.compile(r"(?<!\bh)\d+|[_-]+")

Column = NDArray[np.float64]
Hashes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Sample:
    """What is known of one article that a profile is made of."""

    url: str
    story_id: int
    day: date  #: of publication, else of crawling
    layout: bytes


@dataclass(frozen=True, slots=True)
class Profile:
    """What a publisher's earlier articles say of the next."""

    version: str  #: SCHEME and a digest of the rest: equal where the rest is
    stories: int  #: that it was made of
    texts: Mapping[int, float] = field(repr=False)  #: hash of a paragraph -> share of the stories that print it
    paths: Mapping[int, float] = field(repr=False)  #: hash of a DOM path -> log odds of what stands on it being text

    def recurrence(self, blocks: Iterable[Block]) -> Column:
        """Log odds against each block, 0 or less, for its text having been printed before."""
        return self._recurrence([text_hash(block) for block in blocks])

    def _recurrence(self, texts: Iterable[int]) -> Column:
        shares = np.array([self.texts.get(key, 0.0) for key in texts])
        return -RECURRENCE * np.minimum(shares / SHARE_PLAIN, 1.0)

    def standing(self, blocks: Iterable[Block]) -> Column:
        """Log odds for or against each block for what else stood on its path."""
        return self._standing(path_hashes(blocks))

    def _standing(self, paths: Iterable[int]) -> Column:
        return np.array([self.paths.get(key, 0.0) for key in paths])

    def turns(self, layout: bytes) -> frozenset[int]:
        """Hashes of the blocks of a page, which was read without it, that may be in its text and are none by it: what
        was found to be text, and boilerplate, which may have been taken for the standfirst."""
        table = _rows(layout)
        if table is None:
            return frozenset()
        chances = (table["chance"] + 0.5) / 256
        odds = np.log(chances / (1 - chances))
        odds += self._recurrence(table["text"].tolist()) + self._standing(table["path"].tolist())
        is_boilerplate = [self.texts.get(key, 0.0) >= BOILERPLATE for key in table["text"].tolist()]
        was_text = table["chance"] > 127
        turned, kept = np.where(was_text, odds <= 0, is_boilerplate), was_text & (odds > 0)
        return frozenset(table["text"][turned].tolist()).difference(table["text"][kept].tolist())

    def boilerplate(self, blocks: Iterable[Block]) -> frozenset[int]:
        """Indexes of the blocks that so large a share of the stories prints that they are of none."""
        return frozenset(b.index for b in blocks if self.texts.get(text_hash(b), 0.0) >= BOILERPLATE)

    def to_json(self) -> dict[str, Any]:
        """As the store holds it, without the version."""
        return {
            "stories": self.stories,
            "texts": {str(key): share for key, share in self.texts.items()},
            "paths": {str(key): odds for key, odds in self.paths.items()},
        }

    @classmethod
    def from_json(cls, version: str, content: Mapping[str, Any]) -> Profile | None:
        """From the store; None of another scheme."""
        if not version.startswith(f"{SCHEME}-"):
            return None
        texts, paths = ({int(k): v for k, v in content[name].items()} for name in ("texts", "paths"))
        return cls(version, content["stories"], texts, paths)


def layout(blocks: Sequence[Block], odds: Column) -> bytes:
    """Of each block what a profile needs to know: 10 bytes each, behind one for the scheme."""
    first = blocks[:BLOCKS_MAX]
    rows = np.zeros(len(first), _BLOCK)
    rows["text"] = [text_hash(block) for block in first]
    rows["path"] = path_hashes(first)
    rows["size"] = [min(len(block.text), _SIZE_MAX) // 2 for block in first]
    rows["chance"] = np.rint(255 / (1 + np.exp(-np.clip(odds[:BLOCKS_MAX], -12, 12))))
    return bytes([SCHEME]) + rows.tobytes()


def prints(layout: bytes, paragraphs: Iterable[str]) -> bool:
    """Whether a page of that layout prints each of the paragraphs, as a block of its own."""
    rows = _rows(layout)
    if rows is None:
        return False
    texts = set(rows["text"].tolist())
    return all(_key_hash(squash(paragraph)) in texts for paragraph in paragraphs)


def is_among(paragraph: str, texts: Set[int]) -> bool:
    """Whether a paragraph is one of those of these hashes; what has no letters never is."""
    return bool(key := squash(paragraph)) and _key_hash(key) in texts


def without(body: str, texts: Set[int]) -> str:
    """The body without the paragraphs of these hashes (`Profile.turns`) and the credit lines that stand at its ends
    then; as it is where no text would be left. One that is no block of its own, since its end was cut off, stays."""
    printed = body.split("\n\n")
    left = [p for p in printed if not is_among(p, texts)]
    if left == printed:
        return body
    return "\n\n".join(furniture.without_loose_breaks(agencies.without_credits(left))) or body


def recent(samples: Iterable[Sample]) -> list[Sample]:
    """Those that a profile is to be made of: the latest, from several days. Of a day's, those whose address comes first
    by its hash: which articles those are is chance, but the same whatever order they came in."""
    by_day: dict[date, list[Sample]] = defaultdict(list)
    for sample in samples:
        by_day[sample.day].append(sample)
    latest = max(by_day, default=date.min)
    chosen: list[Sample] = []
    for day in sorted(by_day, reverse=True):
        if latest - day <= timedelta(days=DAYS_MAX):
            chosen += sorted(by_day[day], key=lambda s: (zlib.crc32(s.url.encode()), s.url))[:DAY_MAX]
    return chosen[:ARTICLES_MAX]


def learn(samples: Iterable[Sample]) -> Profile | None:
    """The profile that the samples make, in whatever order they come; None of fewer than STORIES_MIN stories."""
    read = [(sample, table) for sample in samples if (table := _rows(sample.layout)) is not None]
    own, tables = [sample for sample, _ in read], [table for _, table in read]
    number = {story_id: i for i, story_id in enumerate({sample.story_id for sample in own})}
    if len(number) < STORIES_MIN:
        return None
    sizes = [len(table) for table in tables]
    rows = np.concatenate(tables)
    story = np.repeat([number[sample.story_id] for sample in own], sizes)
    day = np.repeat([sample.day.toordinal() for sample in own], sizes)

    texts, stories = _distinct(rows["text"], story)
    _, days = _distinct(rows["text"], day)
    shares = stories / len(number)
    lasting = (days >= DAYS_MIN) & (shares >= SHARE_MIN) | (shares >= SHARE_PLAIN)
    recur = (stories >= STORIES_MIN) & lasting & (texts > 0)

    paths, on = _distinct(rows["path"], story)
    places = np.searchsorted(paths, rows["path"])
    size = rows["size"] * 2.0
    total: Column = np.bincount(places, size, len(paths)).astype(np.float64)
    kept = np.bincount(places, size * rows["chance"], len(paths)) / 255  # whole numbers: their order changes no sum
    share = (kept + _DOUBT / 2) / (total + _DOUBT)
    sure = (on >= STORIES_MIN) & ((share < NEVER) | (share > ALWAYS))
    return _profile(
        len(number),
        _most(texts[recur], shares[recur], shares[recur]),
        _most(paths[sure], PATH_WEIGHT * np.log(share[sure] / (1 - share[sure])), total[sure]),
    )


def _rows(layout: bytes) -> NDArray[Any] | None:
    """What a layout says of each block; None where it is of another scheme, or damaged."""
    is_whole = layout[:1] == bytes([SCHEME]) and len(layout) % _BLOCK.itemsize == 1
    return np.frombuffer(layout, _BLOCK, offset=1) if is_whole else None


def text_hash(block: Block) -> int:
    """32 bits of the block's letters and digits; 0 where it has none."""
    return _key_hash(block.key)


def _key_hash(key: str) -> int:
    return zlib.crc32(key.encode("utf-8", "surrogatepass"))


def path_hashes(blocks: Iterable[Block]) -> list[int]:
    """Of each block 32 bits of the last three steps of its path, numbers left out of the class names: wrappers further
    up carry the page's own number or section in theirs."""
    return [_path_hash(block.path) for block in blocks]


@functools.lru_cache(maxsize=8192)  # a publisher's pages repeat a few hundred
def _path_hash(path: str) -> int:
    return _key_hash(_NUMBERS.sub("", " ".join(path.rsplit(" ", 3)[-3:])))


def _distinct(keys: NDArray[Any], groups: NDArray[Any]) -> tuple[Hashes, Column]:
    """The keys, sorted, and in how many groups each stands."""
    pairs = np.unique(keys.astype(np.uint64) << np.uint64(32) | groups.astype(np.uint64))
    found, counts = np.unique(pairs >> np.uint64(32), return_counts=True)
    return found, counts.astype(np.float64)


def _most(keys: Hashes, values: Column, weights: Column) -> dict[int, float]:
    """Those of most weight."""
    order = np.lexsort((keys, -weights))[:ENTRIES_MAX]
    return {int(keys[i]): round(float(values[i]), 3) for i in sorted(order, key=lambda i: int(keys[i]))}


def _profile(stories: int, texts: dict[int, float], paths: dict[int, float]) -> Profile:
    digest = blake2s(repr((stories, texts, paths)).encode(), digest_size=4).hexdigest()
    return Profile(f"{SCHEME}-{digest}", stories, texts, paths)
