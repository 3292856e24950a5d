"""What one stage hands to the next: an Entry of a feed, a fetched Page, an Article, its Copy in a Story.

Frozen dataclasses of the standard library, so that every stage, worker process and test can import them for nothing.
Every datetime is timezone-aware. Field names are those of schema.org NewsArticle where it has one.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a feed or sitemap: a page that it lists, with what it says of it. All but the URL are hints."""

    url: str  #: absolute, resolved against the feed's base, otherwise as linked (not normalized)
    headline: str | None = None  #: plain text, one line
    description: str | None = None  #: plain text
    authors: tuple[str, ...] = ()
    date_published: datetime | None = None  #: aware; mostly UTC, whatever offset the feed names
    date_modified: datetime | None = None  #: aware, likewise
    language: str | None = None  #: BCP 47, as written


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A fetched response: its bytes, its URL after redirects, the headers that matter, its entry's hints."""

    url: str  #: after redirects, not normalized
    body: bytes = field(repr=False)  #: decompressed; not in logs
    publisher: str  #: the publisher's key in publishers.toml (its domain, host:port allowed)
    charset: str | None = None  #: of the Content-Type header
    robots_tags: tuple[str, ...] = ()  #: X-Robots-Tag headers
    tdm_reservation: str | None = None  #: TDM-Reservation header
    etag: str | None = None  #: ETag header, for the next visit; verbatim
    last_modified: str | None = None  #: Last-Modified header, likewise
    entry_id: int | None = None  #: the pending entry that this page answers; None for `crawl pages`
    entry: Entry | None = None  #: what the feed said of it
    date_crawled: datetime | None = None  #: UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture of an article; schema.org ImageObject."""

    url: str | None  #: absolute
    caption: str | None = None  #: without the credit
    credit: str | None = None  #: as printed: "AFP PHOTO / NATALIA KOLESNIKOVA"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One text, one publisher, one URL. The fields are the columns of `scrapy export articles` (docs/data.md).

    `crawler.pages.read` fills the first block; the cleaning pipeline adds the second, the stories pipeline the third.
    """

    url: str  #: the page's own URL after redirects, normalized: the article's identity
    canonical_url: str | None = None  #: rel=canonical, normalized; at another publisher, evidence of origin
    publisher: str  #: key in publishers.toml, else the URL's host without "www."
    publisher_name: str | None = None
    kind: str = "article"  #: article, live, teaser; validation drops listing, media, wall, error
    headline: str = ""  #: without site name or section
    description: str | None = None  #: the standfirst, else the meta description
    body: str = field(default="", repr=False)  #: what a reader reads below the headline; "\n\n" between paragraphs
    authors: tuple[str, ...] = ()  #: persons: no titles, no "By", no agencies
    byline: str | None = None  #: as printed
    dateline: str | None = None  #: as printed: "MOSCOW (AFP)"; the body opens with it too
    agency: str | None = None  #: short name of the wire service whose text it is: AFP, Reuters, AP, dpa, …
    agency_evidence: str | None = None  #: docs/vocabulary.md: byline, dateline, credit line, …, image credit
    credit_line: str | None = None  #: the words that name the agency, as printed
    language: str | None = None  #: ISO 639-1
    date_published: datetime | None = None  #: aware; in the page's own offset from `read`, in UTC from the store
    date_published_offset: str | None = None  #: the page's own offset, "+01:00"; None where it names none
    date_published_precision: str | None = None  #: second or day; a day stands as 00:00 UTC
    date_published_source: str | None = None  #: where it was found: docs/data.md lists the values
    date_modified: datetime | None = None  #: aware
    date_crawled: datetime | None = None  #: UTC
    images: tuple[Image, ...] = ()
    word_count: int = 0  #: of the body
    profile: str | None = None  #: version of the publisher's profile that it was read with; not exported
    #: base64, what it adds to the next profile, see crawler.profiles; not exported
    layout: str | None = field(default=None, repr=False)

    fetched_url: str | None = None  #: what answered, normalized: `url` but for its canonical address; not exported
    entry_id: int | None = None  #: the entry that it answers; not exported
    etag: str | None = None  #: of the page's answer, for the next visit; not exported
    last_modified: str | None = None  #: likewise
    #: base64, see crawler.similarity; not exported
    signature: str | None = field(default=None, repr=False)
    sketch: str | None = field(default=None, repr=False)

    id: int | None = None
    version: int = 1  #: counts the article's texts at this URL; from 2 on the store keeps the earlier ones too
    story_id: int | None = None
    also_story_ids: tuple[int, ...] = ()  #: other stories that it prints part of
    relation: str | None = None  #: original, copy, cut, extended, update; None for a story of one
    resemblance: float | None = None  #: Jaccard with the canonical copy, 0 to 1
    containment: float | None = None  #: share of this article's shingles in the canonical copy, 0 to 1
    contains: float | None = None  #: share of the canonical copy's shingles in this article, 0 to 1
    is_canonical: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """An article's place in a story with the evidence for it: what crawler.stories decides."""

    story_id: int | None  #: the story it joins; None founds a new one
    relation: str | None = None
    resemblance: float | None = None
    containment: float | None = None
    contains: float | None = None
    also_story_ids: tuple[int, ...] = ()
    merges: tuple[int, ...] = ()  #: stories that this article proves to be one with `story_id`
    evidence: str | None = None  #: why, for a person

    def under_oldest(self) -> Copy:
        """The same place, in the oldest of the stories that become one: the others get its id, which is the least."""
        if self.story_id is None or not self.merges:
            return self
        oldest, *others = sorted({self.story_id, *self.merges})
        return replace(self, story_id=oldest, merges=tuple(others))


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The articles that carry one text lineage: copies, cuts, updates. The columns of `scrapy export stories`."""

    id: int
    headline: str  #: of the canonical copy
    agency: str | None  #: from the best evidence over all copies
    language: str | None
    first_published: datetime | None  #: UTC
    last_published: datetime | None  #: UTC
    copies: int
    publishers: tuple[str, ...]  #: in order of first publication
    canonical_id: int  #: the article that stands for it
    url: str  #: the canonical copy's
    headlines: tuple[str, ...] = ()  #: distinct, in order of first publication
    merged_into: int | None = None  #: set when two stories proved one


#: The one weak kind of agency_evidence: an agency's photo stands on many a staff article, so it yields to any other.
IMAGE_CREDIT = "image credit"

#: The columns of `scrapy export articles` and of Scrapy's own exports (FEEDS), in their order.
ARTICLE_COLUMNS = (
    *("id", "url", "canonical_url", "publisher", "publisher_name", "kind", "story_id", "also_story_ids"),
    *("relation", "resemblance", "containment", "contains", "is_canonical"),
    *("headline", "description", "body", "authors", "byline", "dateline"),
    *("agency", "agency_evidence", "credit_line", "language"),
    *("date_published", "date_published_offset", "date_published_precision", "date_published_source"),
    *("date_modified", "date_crawled", "images", "word_count", "version"),
)

#: The columns of `scrapy export stories`, in their order.
STORY_COLUMNS = (
    *("id", "headline", "agency", "language", "first_published", "last_published", "copies", "publishers"),
    *("canonical_id", "url", "headlines", "merged_into"),
)
