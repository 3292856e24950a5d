"""An article on its way into its story: look-up, decision and write, a job on one connection and so in one transaction.

The candidate index is the table `bands`: (segment, key, article). A segment is a span of SEGMENT_DAYS; a look-up asks
only the segments that its window touches, so that a history of years costs a look-up nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Container, Iterable, Mapping, Sequence, Set
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

import numpy as np
import sqlalchemy as sa

from crawler import agencies, similarity, stories
from crawler.items import Article, Copy
from crawler.store import credits, schema
from crawler.store.changefeed import Stamp, next_stamp
from crawler.store.exports import agency_of
from crawler.store.feeds import settle, settle_fetched
from crawler.store.rules import Rules

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


@dataclass(slots=True)
class _New:
    """An article of a batch that is not stored yet, with what is decided of it."""

    article: Article
    text: stories.Text
    keys: frozenset[int]
    id: int
    copy: Copy
    story_id: int = 0


def add(
    connection: sa.Connection,
    article: Article,
    *,
    now: datetime,
    window_days: float,
    candidates_max: int,
    is_agency: bool = False,
) -> Article | None:
    """`add_many` of one article."""
    agency_publishers = {article.publisher} if is_agency else set[str]()
    (placed,) = add_many(
        connection,
        [article],
        now=now,
        window_days=window_days,
        candidates_max=candidates_max,
        agency_publishers=agency_publishers,
    )
    return placed


def add_many(
    connection: sa.Connection,
    batch: Sequence[Article],
    *,
    now: datetime,
    window_days: float,
    candidates_max: int,
    agency_publishers: Container[str] = (),
) -> list[Article | None]:
    """Decide the articles' stories and write both; answer the entries they came from. In the order given: what is
    decided sees what was decided before, stored or not, so that the stories and their ids are those that single
    articles would make. Returns each article with its place, or None where its URL is stored already.

    `agency_publishers`: whose articles are an agency's own. All rows of a batch have one position in the change feed.
    """
    stamp = next_stamp(connection, now)  # first: whoever has it decides alone, and sees what was decided before
    known = stored(connection, [article.url for article in batch])
    last_id, last_story_id = _last_ids(connection)
    new: list[_New] = []
    ids: list[int | None] = []
    for article in batch:
        if (held := known.get(article.url)) is not None:
            if article.entry_id is not None:
                settle(connection, article.entry_id, "duplicate", now, article_id=held)
            ids.append(None)
            continue
        last_id += 1
        known[article.url] = last_id
        ids.append(last_id)
        decided = text(article, article.publisher in agency_publishers)
        new.append(_New(article, decided, frozenset(), last_id, Copy(story_id=None)))
    if not new:
        return [None] * len(batch)
    for one, keys in zip(new, similarity.bands_many([one.text.fingerprint for one in new]), strict=True):
        one.keys = frozenset(keys)
    merges, read = _decide(connection, new, last_story_id, window_days, candidates_max)
    founders = [one for one in new if one.copy.story_id is None]
    _keep_ids(connection, last_id, last_story_id + len(founders))
    _insert(connection, new, stamp)
    _found(connection, [(one.article, one.id, one.story_id) for one in founders], stamp)
    for merged, into in merges:
        merge(connection, merged, into, stamp)
    final = dict(merges)
    joined: dict[int, list[int]] = {}
    for one in new:
        if one.copy.story_id is not None:
            story_id = one.story_id
            while story_id in final:
                story_id = final[story_id]
            joined.setdefault(story_id, []).append(one.id)
    whole = {into for _, into in merges}
    settle_stories(connection, joined, whole.intersection(joined), stamp, read=read)
    fetched = [
        (one.article.entry_id, one.id, one.article.etag, one.article.last_modified)
        for one in new
        if one.article.entry_id is not None
    ]
    settle_fetched(connection, fetched, now)
    placed = {row.id: row for row in connection.execute(_PLACED, {"article_ids": [one.id for one in new]})}
    return [
        None if article_id is None else _placed(placed[article_id], article)
        for article, article_id in zip(batch, ids, strict=True)
    ]


def get(connection: sa.Connection, article_id: int, article: Article) -> Article:
    """The article as it now stands in its story."""
    return _placed(connection.execute(_PLACED, {"article_ids": [article_id]}).one(), article)


def _placed(row: Any, article: Article) -> Article:
    agency, evidence = agency_of(row)
    return replace(
        article,
        id=row.id,
        version=row.version,
        story_id=row.story_id,
        also_story_ids=tuple(row.also_story_ids),
        relation=row.relation,
        resemblance=row.resemblance,
        containment=row.containment,
        contains=row.contains,
        is_canonical=row.canonical_id == row.id,
        agency=agency,
        agency_evidence=evidence,
        date_published=row.date_published,
        date_modified=row.date_modified,
    )


def index_date(article: Article) -> datetime | None:
    when = article.date_published or article.date_crawled
    return when.astimezone(UTC) if when else None


def _latest(article: Any) -> datetime | None:
    """Of an article, or its row, that has the day of its publication but not the time: `stories.latest`."""
    if article.date_published is None or article.date_published_precision != "day":
        return None
    return stories.latest(article.date_published, article.date_crawled)


def segment(when: datetime | None, days_later: float = 0) -> int:
    # In seconds, not datetimes: those end with the years 1 and 9999.
    return UNDATED if when is None else int((when.timestamp() + days_later * 86400) // (SEGMENT_DAYS * 86400))


def fingerprint(article: Article) -> similarity.Fingerprint:
    """The one that a worker process made, else a new one."""
    if article.signature is not None and article.sketch is not None:
        return similarity.Fingerprint.from_text(article.signature, article.sketch)
    return similarity.sign(article.headline, article.body)


def text(article: Article, is_agency: bool) -> stories.Text:
    """What is decided of an article."""
    return stories.Text(
        publisher=article.publisher,
        date_published=index_date(article),
        fingerprint=fingerprint(article),
        date_latest=_latest(article),
        is_agency=is_agency,
        url=article.url,
    )


def stored(connection: sa.Connection, urls: Iterable[str]) -> dict[str, int]:
    """The ids of those of the articles, by their URLs, that are stored."""
    found = connection.execute(_KNOWN[connection.dialect.name], {"urls": sorted(set(urls))})
    return {row.url: row.id for row in found}


def _last_ids(connection: sa.Connection) -> tuple[int, int]:
    """The last id given to an article, and to a story. Who holds the change feed's row gives the next ones."""
    article_id, story_id = connection.execute(_LAST_IDS[connection.dialect.name]).one()
    return article_id, story_id


def _keep_ids(connection: sa.Connection, article_id: int, story_id: int) -> None:
    """Note the last ids given. SQLite sees them by the rows."""
    if connection.dialect.name == "postgresql":
        connection.execute(_KEEP_IDS, {"article_id": article_id, "story_id": max(1, story_id), "any": story_id > 0})


def _decide(
    connection: sa.Connection, new: Sequence[_New], last_story_id: int, window_days: float, candidates_max: int
) -> tuple[list[tuple[int, int]], Mapping[int, stories.Candidate]]:
    """Give each its copy and its story. Returns the stories that become part of others, in order, as (story, into); and
    the articles that were read on the way."""
    rules = Rules(connection, [one.article.url for one in new])
    index = _Index(connection, [(one.keys, one.text.date_published) for one in new], window_days, candidates_max)
    merges: list[tuple[int, int]] = []
    for one in new:
        near, is_bounded = index.near(one.keys, one.text.date_published)
        allowed = rules.allowed(one.article.url, near)
        one.copy = rules.imposed(one.article.url, stories.decide(one.text, allowed, is_bounded=is_bounded))
        if one.copy.story_id is None:
            last_story_id += 1
            one.story_id = last_story_id
        else:
            one.story_id = one.copy.story_id
        rules.joined(one.article.url, one.story_id)
        index.add(_candidate(one), one.keys)
        for merged in one.copy.merges:
            merges.append((merged, one.story_id))
            rules.merged(merged, one.story_id)
            index.merge(merged, one.story_id)
    return merges, index.candidates()


def _candidate(one: _New) -> stories.Candidate:
    text = one.text
    return stories.Candidate(
        article_id=one.id,
        story_id=one.story_id,
        publisher=text.publisher,
        date_published=text.date_published,
        date_latest=text.date_latest,
        fingerprint=text.fingerprint,
        is_agency=text.is_agency,
        url=text.url,
    )


def candidates(
    connection: sa.Connection, keys: Iterable[int], when: datetime | None, window_days: float, candidates_max: int
) -> tuple[list[stories.Candidate], bool]:
    """The articles that share most bands, of those the latest stored, and whether there were more.

    Of a key that many share, as in a storm of one text, the newest POSTINGS_MAX of each segment are read.
    """
    asked = frozenset(keys)
    return _Index(connection, [(asked, when)], window_days, candidates_max).near(asked, when)


class _Index:
    """The part of the candidate index that a batch asks for, read at once, with what the batch adds to it."""

    def __init__(
        self,
        connection: sa.Connection,
        asked: Sequence[tuple[frozenset[int], datetime | None]],
        window_days: float,
        candidates_max: int,
    ) -> None:
        self._connection = connection
        self._window_days = window_days
        self._most = candidates_max
        #: Articles by segment and key, in order of their ids.
        self._postings = {number: defaultdict[int, list[int]](list) for number in connection.scalars(_SEGMENTS)}
        self._known: dict[int, stories.Candidate] = {}
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
        near = [self._known[id_] for id_ in ids if id_ in self._known]
        if when is not None:
            window = timedelta(days=self._window_days)
            near = [c for c in near if c.date_published is None or abs(c.date_published - when) <= window]
        return near, is_bounded

    def add(self, candidate: stories.Candidate, keys: Set[int]) -> None:
        """An article that was decided, later than all that are stored."""
        held = self._postings.setdefault(segment(candidate.date_published), defaultdict(list))
        self._known[candidate.article_id] = candidate
        self._asked.add(candidate.article_id)
        again = keys & self._again
        self._grown |= again
        for key in again:
            held[key].append(candidate.article_id)

    def merge(self, merged: int, into: int) -> None:
        for id_, candidate in self._known.items():
            if candidate.story_id == merged:
                self._known[id_] = replace(candidate, story_id=into)
        self._moved[merged] = into

    def _segments(self, when: datetime | None) -> Iterable[int]:
        if when is None:
            return list(self._postings)
        first, last = (segment(when, days) for days in (-self._window_days, self._window_days))
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
        return ids[: self._most], is_bounded or len(ids) > self._most

    def candidates(self) -> Mapping[int, stories.Candidate]:
        """Those that were read or added."""
        return self._known

    def _load(self, article_ids: set[int]) -> None:
        if missing := article_ids - self._asked:
            self._asked |= missing
            for candidate in load(self._connection, missing):
                story_id = candidate.story_id
                while story_id in self._moved:
                    story_id = self._moved[story_id]
                if story_id != candidate.story_id:
                    candidate = replace(candidate, story_id=story_id)
                self._known[candidate.article_id] = candidate


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


def load(connection: sa.Connection, article_ids: Iterable[int]) -> list[stories.Candidate]:
    """Articles as candidates; those whose fingerprint is of another version are left out."""
    return [
        stories.Candidate(
            article_id=row.id,
            story_id=row.story_id,
            publisher=row.publisher,
            date_published=row.date_published or row.date_crawled,
            fingerprint=similarity.Fingerprint.from_bytes(row.signature, row.sketch),
            is_agency=row.is_agency,
            url=row.url,
            date_latest=row.date_updated or _latest(row),
            is_update=row.date_updated is not None,
        )
        for row in connection.execute(_LOAD, {"article_ids": list(article_ids), "scheme": similarity.VERSION})
    ]


def row(article: Article, is_agency: bool) -> dict[str, Any]:
    """What the table `articles` holds of an article, but for its number and its place."""
    return {name: getattr(article, name) for name in _ARTICLE} | {
        "authors": list(article.authors),
        "images": [asdict(image) for image in article.images],
        "is_agency": is_agency,
        "agency_is_weak": agencies.is_weak(article.agency_evidence, article.credit_line),
    }


def _insert(connection: sa.Connection, new: Sequence[_New], stamp: Stamp) -> None:
    rows, prints = [], []
    for one in new:
        place = {name: getattr(one.copy, name) for name in _COPY}
        place |= {"id": one.id, "story_id": one.story_id, "also_story_ids": list(one.copy.also_story_ids)}
        rows.append(row(one.article, one.text.is_agency) | place | stamp.columns)
        print_ = one.text.fingerprint
        prints.append(
            {
                "article_id": one.id,
                "scheme": similarity.VERSION,
                "signature": print_.signature_bytes,
                "sketch": print_.sketch_bytes,
            }
        )
    connection.execute(_NEW_ARTICLE, rows)
    connection.execute(_NEW_FINGERPRINT, prints)
    _insert_bands(connection, new)


def _insert_bands(connection: sa.Connection, new: Sequence[_New]) -> None:
    sizes = [len(one.keys) for one in new]
    if not any(sizes):
        return
    segments = np.repeat([segment(one.text.date_published) for one in new], sizes)
    keys = np.fromiter(chain.from_iterable(one.keys for one in new), np.int64)
    ids = np.repeat([one.id for one in new], sizes)
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


def found(connection: sa.Connection, article: Article, article_id: int, stamp: Stamp) -> int:
    """A story of an article that is stored, which is in none then. Returns its id."""
    story_id = _last_ids(connection)[1] + 1
    _keep_ids(connection, _last_ids(connection)[0], story_id)
    _found(connection, [(article, article_id, story_id)], stamp)
    connection.execute(_FOUNDER, {"article_id": article_id, "founded": story_id})
    return story_id


def _found(connection: sa.Connection, founders: Sequence[tuple[Article, int, int]], stamp: Stamp) -> None:
    """The rows of stories that begin with one article each: (article, its id, the story's id)."""
    rows = [
        {
            "id": story_id,
            "canonical_id": article_id,
            "original_id": article_id,
            "headline": article.headline,
            "language": article.language,
            "agency": article.agency,
            "agency_evidence": article.agency_evidence,
            "agency_is_weak": agencies.is_weak(article.agency_evidence, article.credit_line),
            "first_published": article.date_published,
            "last_published": article.date_published,
            "copies": 1,
            **stamp.columns,
        }
        for article, article_id, story_id in founders
    ]
    if rows:
        connection.execute(_NEW_STORY, rows)


def merge(connection: sa.Connection, merged: int, into: int, stamp: Stamp) -> None:
    """The one story becomes part of the other, which is to be settled then."""
    a, s, own = schema.articles, schema.stories, stamp.columns
    connection.execute(a.update().where(a.c.story_id == merged).values(story_id=into, **own))
    connection.execute(s.update().where(s.c.id == merged).values(merged_into=into, copies=0, **own))
    connection.execute(s.update().where(s.c.merged_into == merged).values(merged_into=into, **own))


def settle_stories(
    connection: sa.Connection,
    joined: Mapping[int, Collection[int]],
    whole: Collection[int],
    stamp: Stamp,
    *,
    read: Mapping[int, stories.Candidate] | None = None,
) -> None:
    """What follows from articles that joined stories (by story): the canonical copy, each one's relation to it, the
    agency, the dates. A few statements for all of them; `read` are articles that need not be read again.

    All copies are read only when the canonical one changes, and of the stories named in `whole`: where stories were
    merged, or copies went. So a story of thousands costs a newcomer no more than one of three.
    """
    if not joined:
        return
    held = {row.id: row for row in connection.execute(_STORIES, {"story_ids": list(joined)})}
    few = {id_: {held[id_].canonical_id, held[id_].original_id, *joined[id_]} for id_ in joined if id_ not in whole}
    known = _known(connection, set[int]().union(*few.values()), read or {})
    arranged = {}
    for story_id, article_ids in few.items():
        found = stories.arrange([known[id_] for id_ in sorted(article_ids - {None}) if id_ in known])
        if None not in article_ids and found.canonical_id == held[story_id].canonical_id:
            arranged[story_id] = found
    values = _joined(connection, {story_id: (held[story_id], joined[story_id]) for story_id in arranged})
    anew = [story_id for story_id in joined if story_id not in arranged]
    arranged |= _arranged(connection, anew, known)
    values |= _summaries(connection, {story_id: arranged[story_id].canonical_id for story_id in anew})
    connection.execute(
        _PLACE,
        [
            {"article_id": article_id, **stamp.columns, **{f"new_{name}": getattr(place, name) for name in _NUMBERS}}
            for story_id in joined
            for article_id, place in arranged[story_id].places.items()
        ],
    )
    rows, inherited = [], []
    for story_id, story in held.items():
        new = values[story_id] | stamp.columns
        new |= {name: getattr(arranged[story_id], name) for name in ("canonical_id", "original_id")}
        row = {name: new.get(name, getattr(story, name)) for name in _SETTLED_COLUMNS}
        rows.append({f"new_{name}": value for name, value in row.items()} | {"story_id": story_id})
        if any(row[name] != getattr(story, name) for name in _INHERITED):
            inherited.append(story_id)
    connection.execute(_SETTLED, rows)
    if inherited:  # what the copies inherit, and is_canonical, are columns of theirs
        connection.execute(_INHERIT, {"story_ids": inherited, "position": stamp.change, "time": stamp.changed_at})


def recount(connection: sa.Connection, since: int, now: datetime) -> None:
    """Settle anew what changed after that position of the change feed and is credited to another agency by now: so that
    it is the same in whatever order a run stored its articles."""
    if outdated := credits.outdated(connection, since):
        settle_stories(connection, dict.fromkeys(outdated, ()), outdated, next_stamp(connection, now))


def _known(
    connection: sa.Connection, article_ids: Iterable[int | None], read: Mapping[int, stories.Candidate]
) -> dict[int, stories.Candidate]:
    wanted = {id_ for id_ in article_ids if id_ is not None}
    known = {id_: read[id_] for id_ in wanted if id_ in read}
    if missing := wanted.difference(known):
        known |= {candidate.article_id: candidate for candidate in load(connection, missing)}
    return known


def _arranged(
    connection: sa.Connection, story_ids: Sequence[int], known: Mapping[int, stories.Candidate]
) -> dict[int, stories.Arrangement]:
    """Stories arranged anew from all their copies."""
    copies: dict[int, list[int]] = {}
    if story_ids:
        for row in connection.execute(_COPIES, {"story_ids": list(story_ids)}):
            copies.setdefault(row.story_id, []).append(row.id)
    known = _known(connection, (id_ for own in copies.values() for id_ in own), known)
    return {
        story_id: stories.arrange([known[id_] for id_ in copies.get(story_id, ()) if id_ in known])
        for story_id in story_ids
    }


def _joined(connection: sa.Connection, joined: Mapping[int, tuple[Any, Collection[int]]]) -> dict[int, dict[str, Any]]:
    """What articles that joined add to the dates, the count and the agency of stories: (row, articles) by story."""
    ids = [id_ for _, article_ids in joined.values() for id_ in article_ids]
    if not ids:
        return {story_id: {} for story_id in joined}
    new = {row.id: row for row in connection.execute(_JOINED, {"article_ids": ids})}
    asked = {
        "story_ids": list(joined),
        "publishers": sorted({row.publisher for row in new.values()}),
        "article_ids": ids,
    }
    printed = {(row.story_id, row.publisher) for row in connection.execute(_PRINTED, asked)}
    values: dict[int, dict[str, Any]] = {}
    voted = []
    for story_id, (story, article_ids) in joined.items():
        rows = [new[id_] for id_ in article_ids]
        dates = [story.first_published, story.last_published, *(row.date_published for row in rows)]
        values[story_id] = {
            "first_published": min(filter(None, dates), default=None),
            "last_published": max(filter(None, dates), default=None),
            "copies": story.copies + len({(story_id, row.publisher) for row in rows} - printed),
        }
        # One more vote for the agency that is elected already changes nothing, unless it is better evidence.
        rank = agencies.rank(story.agency_evidence)
        if any(
            row.agency
            and (row.agency != story.agency or story.agency_is_weak or agencies.rank(row.agency_evidence) < rank)
            for row in rows
        ):
            voted.append(story_id)
    for story_id, credit in credits.elected(connection, voted).items():
        values[story_id] |= credit
    return values


def _summaries(connection: sa.Connection, canonical: Mapping[int, int]) -> dict[int, dict[str, Any]]:
    """What stories say of their copies, read off all of them. `canonical`: each one's canonical copy."""
    if not canonical:
        return {}
    credit = credits.elected(connection, list(canonical))
    shown = {row.id: row for row in connection.execute(_SHOWN, {"article_ids": list(canonical.values())})}
    return {
        row.story_id: {
            **{name: getattr(row, name) for name in ("first_published", "last_published", "copies")},
            **{name: getattr(shown[canonical[row.story_id]], name) for name in ("headline", "language")},
            **credit[row.story_id],
        }
        for row in connection.execute(_SUMMARY, {"story_ids": list(canonical)})
    }


# --------------------------------------------------------------------------------------------------------- statements
# Built once: SQLAlchemy takes as long to build one as SQLite to run it.
_a, _b, _f, _s = schema.articles.c, schema.bands.c, schema.fingerprints.c, schema.stories.c
_COPY = ("relation", "resemblance", "containment", "contains", "evidence")
_NUMBERS = ("relation", "resemblance", "containment", "contains")
_INHERITED = ("canonical_id", "agency", "agency_evidence", "agency_is_weak")
_ARTICLE = tuple(  # the columns that an Article has a field for; the database numbers it
    field.name for field in fields(Article) if field.name in _a and field.name not in (*_COPY, "id", "agency_is_weak")
)
_article_id: sa.BindParameter[int] = sa.bindparam("article_id")
_story_id: sa.BindParameter[int] = sa.bindparam("story_id")

_KNOWN: dict[str, sa.Executable] = {
    "sqlite": sa.select(_a.url, _a.id).where(_a.url.in_(sa.bindparam("urls", expanding=True))),
    # A look-up a URL: a plan that PostgreSQL makes of a join in a new store is to read all of it, and is kept.
    "postgresql": sa.text(
        "SELECT url, id FROM (SELECT url, (SELECT id FROM articles WHERE articles.url = asked.url) AS id "
        "FROM unnest(CAST(:urls AS text[])) AS asked (url)) AS found WHERE id IS NOT NULL"
    ),
}
#: Which segments there are, each by one step in the index (as it is walked through, it takes a second a million rows).
_SEGMENTS = sa.text(
    "WITH RECURSIVE held (segment) AS (SELECT min(segment) FROM bands UNION ALL "
    "SELECT (SELECT min(segment) FROM bands WHERE bands.segment > held.segment) FROM held WHERE segment IS NOT NULL) "
    "SELECT segment FROM held WHERE segment IS NOT NULL"
)
_LAST_IDS = {
    "sqlite": sa.text(
        "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'articles'), 0), "
        "coalesce((SELECT max(id) FROM stories), 0)"
    ),
    "postgresql": sa.text(
        "SELECT (SELECT last_value - CAST(NOT is_called AS int) FROM articles_id_seq), "
        "(SELECT last_value - CAST(NOT is_called AS int) FROM stories_id_seq)"
    ),
}
_KEEP_IDS = sa.text("SELECT setval('articles_id_seq', :article_id), setval('stories_id_seq', :story_id, :any)")
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
_NEW_ARTICLE = schema.articles.insert()
_NEW_FINGERPRINT = schema.fingerprints.insert()
_NEW_STORY = schema.stories.insert()
_FOUNDER = schema.articles.update().where(_a.id == _article_id).values(story_id=sa.bindparam("founded"))
_story_ids: sa.BindParameter[Any] = sa.bindparam("story_ids", expanding=True)
_STORIES = sa.select(schema.stories).where(_s.id.in_(_story_ids))
_COPIES = sa.select(_a.id, _a.story_id).where(_a.story_id.in_(_story_ids))
_PLACE = (
    schema.articles.update()
    .where(_a.id == _article_id, sa.or_(*(_a[name].is_distinct_from(sa.bindparam(f"new_{name}")) for name in _NUMBERS)))
    .values({name: sa.bindparam(f"new_{name}") for name in _NUMBERS})
)
_SUMMARY = (
    sa.select(
        _a.story_id,
        sa.func.min(_a.date_published).label("first_published"),
        sa.func.max(_a.date_published).label("last_published"),
        sa.func.count(_a.publisher.distinct()).label("copies"),
    )
    .where(_a.story_id.in_(_story_ids))
    .group_by(_a.story_id)
)
_article_ids: sa.BindParameter[Any] = sa.bindparam("article_ids", expanding=True)
_SHOWN = sa.select(_a.id, _a.headline, _a.language).where(_a.id.in_(_article_ids))
_JOINED = sa.select(_a.id, _a.publisher, _a.date_published, _a.agency, _a.agency_evidence).where(
    _a.id.in_(_article_ids)
)
_PRINTED = (
    sa.select(_a.story_id, _a.publisher)
    .where(_a.story_id.in_(_story_ids), _a.publisher.in_(sa.bindparam("publishers", expanding=True)))
    .where(_a.id.not_in(_article_ids))
    .distinct()
)
_SETTLED_COLUMNS = (
    *("canonical_id", "original_id", "headline", "language", "agency", "agency_evidence", "agency_is_weak"),
    *("first_published", "last_published", "copies", "change", "changed_at"),
)
_SETTLED = (
    schema.stories.update()
    .where(_s.id == _story_id)
    .values({name: sa.bindparam(f"new_{name}") for name in _SETTLED_COLUMNS})
)
_INHERIT = (
    schema.articles.update()
    .where(_a.story_id.in_(_story_ids), _a.change != sa.bindparam("position"))
    .values(change=sa.bindparam("position"), changed_at=sa.bindparam("time"))
)
_PLACED = (
    sa.select(
        *(_a.id, _a.version, _a.story_id, _a.also_story_ids, *(_a[name] for name in _NUMBERS)),
        *(_a.agency, _a.agency_evidence, _a.agency_is_weak, _a.date_published, _a.date_modified),
        *(_s.canonical_id, _s.agency.label("story_agency"), _s.agency_is_weak.label("story_weak")),
    )
    .join(schema.stories, _s.id == _a.story_id)
    .where(_a.id.in_(_article_ids))
)
