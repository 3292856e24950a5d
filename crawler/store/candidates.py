"""The candidate index: which articles share most of a text's bands, and so may print the same story.

It is the table `bands`: (segment, key, article). A segment is a span of SEGMENT_DAYS; a look-up asks only the segments
that its window touches, so that a history of years costs a look-up nothing. Beside it stand the articles' fingerprints,
which tell the keys under which each is found. Each function is a job on one connection.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, Self

import numpy as np
import sqlalchemy as sa

from crawler import similarity, stories
from crawler.similarity import Fingerprint, FingerprintError
from crawler.store import schema

#: Five days: a window of ten days to either side touches five segments.
SEGMENT_DAYS = 5
#: The segment of articles that have neither a date of publication nor of crawling.
UNDATED = 0
BANDS = similarity.PERMUTATIONS // similarity.BAND_ROWS
#: Articles read of one key and segment: the newest.
POSTINGS_MAX = 64
#: Rows of the index that SQLite is given with one statement: two thirds of the time of one by one, or of 300.
ROWS_A_STATEMENT = 100
#: Rows of a segment that SQLite reads for a batch at once; where there are more, as in a storm, it reads key by key,
#: which takes twice as long as there are few.
ROWS_MAX = BANDS * POSTINGS_MAX


@dataclass(frozen=True, slots=True)
class Window:
    """What a new article is compared with."""

    days: float  #: between two publications, at most
    candidates: int  #: articles, at most: those that share most bands

    @classmethod
    def from_settings(cls, settings: Any) -> Self:
        """STORY_WINDOW_DAYS and STORY_MAX_CANDIDATES of Scrapy's settings."""
        return cls(settings.getfloat("STORY_WINDOW_DAYS"), settings.getint("STORY_MAX_CANDIDATES"))


def latest(article: Any) -> datetime | None:
    """Of an article, or its row, that has the day of its publication but not the time: `stories.latest`."""
    if article.date_published is None or article.date_published_precision != "day":
        return None
    return stories.latest(article.date_published, article.date_crawled)


def segment(when: datetime | None, days_later: float = 0) -> int:
    """The segment of a moment (aware), or of one so many days later; UNDATED without a moment."""
    # In seconds, not datetimes: those end with the years 1 and 9999.
    return UNDATED if when is None else int((when.timestamp() + days_later * 86400) // (SEGMENT_DAYS * 86400))


def segment_of(article: Any) -> int:
    """The segment in which an article stands, or its row."""
    return segment(article.date_published or article.date_crawled)


def near(connection: sa.Connection, text: stories.Text, window: Window) -> tuple[list[stories.Candidate], bool]:
    """The articles that share most bands with a text, of those the latest stored, and whether there were more.

    Of a key that many share, as in a storm of one text, the newest POSTINGS_MAX of each segment are read.
    """
    keys, when = frozenset(similarity.bands(text.fingerprint)), text.date_published
    return Index(connection, [(keys, when)], window).near(keys, when)


class Index:
    """The part of the candidate index that a batch asks for, read at once, with what the batch adds to it."""

    def __init__(
        self,
        connection: sa.Connection,
        asked: Sequence[tuple[frozenset[int], datetime | None]],
        window: Window,
    ) -> None:
        self._connection = connection
        self._window = window
        #: Articles by segment and key, in order of their ids.
        self._postings = {number: defaultdict[int, list[int]](list) for number in connection.scalars(_SEGMENTS)}
        self.known: dict[int, stories.Candidate] = {}  #: that were read or added
        self._asked: set[int] = set()
        self._moved: dict[int, int] = {}
        often = Counter(chain.from_iterable(keys for keys, _ in asked))
        #: What the batch asks for more than once: no other key of its articles is looked up again.
        self._again = {key for key, times in often.items() if times > 1}
        wanted = _array(connection, sorted(often))
        for number in sorted({number for _, when in asked for number in self._segments(when)}):
            held = self._postings[number]
            for key, article_id in _postings(connection, number, wanted):
                held[key].append(article_id)
        #: As the store has it, before the batch adds to it; and the keys to which it added.
        self._before = {(keys, when): self._nearest(keys, when) for keys, when in asked}
        self._grown: set[int] = set()
        self._load({id_ for ids, _ in self._before.values() for id_ in ids})

    def near(self, keys: Set[int], when: datetime | None) -> tuple[list[stories.Candidate], bool]:
        if self._grown.isdisjoint(keys):
            ids, is_bounded = self._before[frozenset(keys), when]
        else:
            ids, is_bounded = self._nearest(keys, when)
            self._load(set(ids))
        near = [self.known[id_] for id_ in ids if id_ in self.known]
        if when is not None:
            window = timedelta(days=self._window.days)
            near = [c for c in near if c.date_published is None or abs(c.date_published - when) <= window]
        return near, is_bounded

    def add(self, candidate: stories.Candidate, keys: Set[int]) -> None:
        """An article that was decided, later than all that are stored."""
        held = self._postings.setdefault(segment(candidate.date_published), defaultdict(list))
        self.known[candidate.article_id] = candidate
        self._asked.add(candidate.article_id)
        again = keys & self._again
        self._grown |= again
        for key in again:
            held[key].append(candidate.article_id)

    def merge(self, merged: int, into: int) -> None:
        for id_, candidate in self.known.items():
            if candidate.story_id == merged:
                self.known[id_] = replace(candidate, story_id=into)
        self._moved[merged] = into

    def _segments(self, when: datetime | None) -> Iterable[int]:
        if when is None:
            return list(self._postings)
        first, last = (segment(when, days) for days in (-self._window.days, self._window.days))
        return [number for number in self._postings if first <= number <= last or number == UNDATED]

    def _nearest(self, keys: Set[int], when: datetime | None) -> tuple[list[int], bool]:
        posted: list[int] = []
        is_bounded = False
        for number in self._segments(when):
            held = self._postings[number]
            for key in held.keys() & keys:
                of_key = held[key]
                is_bounded = is_bounded or len(of_key) > POSTINGS_MAX
                posted += of_key[-POSTINGS_MAX:]
        shared = Counter(posted)
        ids = sorted(shared, key=lambda id_: (-shared[id_], -id_))
        most = self._window.candidates
        return ids[:most], is_bounded or len(ids) > most

    def _load(self, article_ids: set[int]) -> None:
        if missing := article_ids - self._asked:
            self._asked |= missing
            for candidate in load(self._connection, missing):
                story_id = candidate.story_id
                while story_id in self._moved:
                    story_id = self._moved[story_id]
                if story_id != candidate.story_id:
                    candidate = replace(candidate, story_id=story_id)
                self.known[candidate.article_id] = candidate


def _postings(connection: sa.Connection, number: int, keys: str) -> Iterable[tuple[int, int]]:
    """(key, article) of a segment, the newest POSTINGS_MAX + 1 of each key of an `_array`, in order of the article's
    id."""
    asked: dict[str, Any] = {"segment": number, "most": POSTINGS_MAX + 1, "keys": keys}
    if connection.dialect.name == "postgresql":
        return reversed(connection.execute(_POSTINGS, asked).all())
    found = connection.execute(_SOME_POSTINGS, asked | {"rows": ROWS_MAX + 1}).all()
    if len(found) <= ROWS_MAX:
        return found
    newest = connection.execute(_NEWEST_POSTINGS, asked)
    return [(key, id_) for key, ids in newest for id_ in sorted(map(int, ids.split(",")))]


def _array(connection: sa.Connection, numbers: Iterable[int]) -> str:
    """Numbers as the database reads an array of them: psycopg takes 7 ms to write 3,000, this .5."""
    listed = ",".join(map(str, numbers))
    return f"{{{listed}}}" if connection.dialect.name == "postgresql" else f"[{listed}]"


def _fingerprint(row: Any) -> Fingerprint | None:
    """None of a damaged one, which `scrapy store check` tells."""
    try:
        return Fingerprint.from_bytes(row.signature, row.sketch)
    except FingerprintError:
        return None


def load(connection: sa.Connection, article_ids: Iterable[int]) -> list[stories.Candidate]:
    """Articles as candidates; those whose fingerprint is of another version or damaged are left out."""
    return [
        stories.Candidate(
            article_id=row.id,
            story_id=row.story_id,
            publisher=row.publisher,
            date_published=row.date_published or row.date_crawled,
            fingerprint=fingerprint,
            is_agency=row.is_agency,
            url=row.url,
            date_latest=row.date_updated or latest(row),
            is_update=row.date_updated is not None,
        )
        for row in connection.execute(_LOAD, {"article_ids": list(article_ids), "scheme": similarity.VERSION})
        if (fingerprint := _fingerprint(row)) is not None
    ]


def put_new(connection: sa.Connection, new: Sequence[tuple[int, stories.Text, Set[int]]]) -> None:
    """Put articles into the index of which nothing is there yet, with their fingerprints: (id, text, keys) each."""
    connection.execute(_NEW_FINGERPRINT, [fingerprint_row(article_id, text.fingerprint) for article_id, text, _ in new])
    sizes = [len(keys) for _, _, keys in new]
    if not any(sizes):
        return
    segments = np.repeat([segment(text.date_published) for _, text, _ in new], sizes)
    keys = np.fromiter(chain.from_iterable(own for _, _, own in new), np.int64)
    ids = np.repeat([article_id for article_id, _, _ in new], sizes)
    order = np.lexsort((ids, keys, segments))  # neighbours in the index one after the other
    columns = np.stack([segments, keys, ids])[:, order]
    if connection.dialect.name == "postgresql":
        arrays = [_array(connection, column.tolist()) for column in columns]
        connection.execute(_NEW_BANDS, dict(zip(("segments", "keys", "article_ids"), arrays, strict=True)))
        return
    whole = len(order) - len(order) % ROWS_A_STATEMENT
    for part, rows in ((columns[:, :whole], ROWS_A_STATEMENT), (columns[:, whole:], len(order) - whole)):
        if part.size:
            values = part.T.reshape(-1, 3 * rows).tolist()
            marks = ", ".join(["(?, ?, ?)"] * rows)
            statement = f"INSERT INTO bands VALUES {marks}"  # noqa: S608 - of question marks alone
            connection.exec_driver_sql(statement, list(map(tuple, values)))


def fingerprint_row(article_id: int, fingerprint: Fingerprint) -> dict[str, Any]:
    """What the table `fingerprints` holds of an article."""
    values = {"signature": fingerprint.signature_bytes, "sketch": fingerprint.sketch_bytes}
    return {"article_id": article_id, "scheme": similarity.VERSION} | values


def sign(connection: sa.Connection, article_ids: Sequence[int]) -> None:
    """Make the fingerprints of articles anew, and their place in the candidate index: of those that an older version
    signed, or that have none."""
    a = schema.articles.c
    take(connection, article_ids)
    query = sa.select(a.id, a.headline, a.body, a.date_published, a.date_crawled).where(a.id.in_(article_ids))
    for row in connection.execute(query).all():
        segment = segment_of(row)
        take_from_segment(connection, row.id, segment)  # what another fingerprint left there
        put(connection, row.id, segment, similarity.sign(row.headline, row.body))


def put(connection: sa.Connection, article_id: int, segment: int, fingerprint: Fingerprint) -> None:
    """Put an article into the index that was taken out of it, with its fingerprint."""
    b, f = schema.bands, schema.fingerprints
    connection.execute(f.delete().where(f.c.article_id == article_id))
    connection.execute(_NEW_FINGERPRINT, fingerprint_row(article_id, fingerprint))
    if keys := sorted(set(similarity.bands(fingerprint))):
        connection.execute(b.insert(), [{"segment": segment, "key": key, "article_id": article_id} for key in keys])


def take(connection: sa.Connection, article_ids: Sequence[int]) -> int:
    """Take articles out of the index: by key, since no index of it begins with the article, or by looking through its
    segment where the fingerprint that tells the keys is damaged. Returns how many: not those whose fingerprint is of
    another version."""
    a, b, f = schema.articles.c, schema.bands, schema.fingerprints.c
    query = (
        sa.select(a.id, a.date_published, a.date_crawled, f.signature, f.sketch)
        .join(schema.fingerprints, f.article_id == a.id)
        .where(a.id.in_(article_ids), f.scheme == similarity.VERSION)
    )
    rows = connection.execute(query).all()
    for row in rows:
        segment = segment_of(row)
        if (fingerprint := _fingerprint(row)) is None:
            take_from_segment(connection, row.id, segment)
            continue
        keys = similarity.bands(fingerprint)
        connection.execute(b.delete().where(b.c.segment == segment, b.c.key.in_(keys), b.c.article_id == row.id))
    return len(rows)


def take_from_segment(connection: sa.Connection, article_id: int, segment: int) -> None:
    """Take out of one segment whatever is an article's, by looking through it."""
    b = schema.bands
    connection.execute(b.delete().where(b.c.segment == segment, b.c.article_id == article_id))


# --------------------------------------------------------------------------------------------------------- statements
# Built once: SQLAlchemy takes as long to build one as SQLite to run it.
_a, _f = schema.articles.c, schema.fingerprints.c
#: Which segments there are, each by one step in the index (as it is walked through, it takes a second a million rows).
_SEGMENTS = sa.text(
    "WITH RECURSIVE held (segment) AS (SELECT min(segment) FROM bands UNION ALL "
    "SELECT (SELECT min(segment) FROM bands WHERE bands.segment > held.segment) FROM held WHERE segment IS NOT NULL) "
    "SELECT segment FROM held WHERE segment IS NOT NULL"
)
_SOME_POSTINGS = sa.text(
    "SELECT bands.key, article_id FROM json_each(:keys) AS asked CROSS JOIN bands "
    "WHERE segment = :segment AND bands.key = asked.value LIMIT :rows"
)
_NEWEST_POSTINGS = sa.text(  # the key's articles as text, since SQLite's FROM can't limit them key by key
    "SELECT key, ids FROM (SELECT asked.value AS key, (SELECT group_concat(article_id) FROM (SELECT article_id "
    "FROM bands WHERE segment = :segment AND bands.key = asked.value ORDER BY article_id DESC LIMIT :most)) AS ids "
    "FROM json_each(:keys) AS asked LIMIT -1 OFFSET 0) WHERE ids IS NOT NULL"
)
_POSTINGS = sa.text(
    "SELECT asked.key, newest.article_id FROM unnest(CAST(:keys AS integer[])) AS asked (key) CROSS JOIN LATERAL "
    "(SELECT article_id FROM bands WHERE segment = :segment AND bands.key = asked.key "
    "ORDER BY article_id DESC LIMIT :most) AS newest"
)
_NEW_BANDS = sa.text(
    "INSERT INTO bands SELECT * FROM unnest(CAST(:segments AS integer[]), CAST(:keys AS integer[]), "
    "CAST(:article_ids AS bigint[]))"
)
_LOAD = (
    sa.select(
        *(_a.id, _a.story_id, _a.publisher, _a.is_agency, _a.url),
        *(_a.date_published, _a.date_published_precision, _a.date_crawled, _a.date_updated),
        *(_f.signature, _f.sketch),
    )
    .join(schema.fingerprints, _f.article_id == _a.id)
    .where(_a.id.in_(sa.bindparam("article_ids", expanding=True)), _f.scheme == sa.bindparam("scheme"))
)
_NEW_FINGERPRINT = schema.fingerprints.insert()
