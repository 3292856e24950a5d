"""What a page says of when its article was published -> the moment: sought in the order of dates.SOURCES."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import partial

from crawler import blocks, dates, phrases, surroundings
from crawler.blocks import Block
from crawler.body import Body
from crawler.items import Entry, Image
from crawler.markup import Element
from crawler.metadata import Metadata

#: With more than this between what a page declares and the day in its address, what it declares is none of its
#: article's: of 154 addresses with a day in them two are off by more than one, and those by ten.
_ANOTHER = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where a page may say it."""

    url: str  #: normalized
    data: Metadata
    tree: Element
    lines: Sequence[Block]
    title: Block | None
    found: Body | None
    pictures: Sequence[Image]
    entry: Entry | None

    @property
    def language(self) -> str | None:
        return self.data.language or self.data.string("inLanguage")

    def times(self) -> Iterator[Element]:
        return surroundings.times(self.tree, self.lines, self.found, self.title)


def find(page: Sources, kind: str, local: tzinfo, now: datetime | None) -> dates.Moment | None:
    """The moment, in the page's own offset; None where it says none. `kind` is the page's, `local` the zone of a time
    without an offset; dates after `now` are not believed."""
    published = dates.choose(_moments(page, kind, local, now), now)
    if published and (day := dates.from_url(page.url)):
        published = dates.in_calendar(published, day.when.date())
        if abs(published.when - day.when) > _ANOTHER and dates.believable(day, now):
            return day  # a date in a template's own lines, or of the site's move
    return published


def _moments(page: Sources, kind: str, local: tzinfo, now: datetime | None) -> Iterator[dates.Moment]:
    """Each is sought when those before it were not enough: most pages' metadata are."""
    is_declared = False
    for declared in _declared(page, local):
        is_declared = is_declared or dates.believable(declared, now)
        yield declared
    # Who asks for more has no time of day yet. What follows is costly, and for nothing where such pages are dropped.
    if kind in ("listing", "wall", "error"):
        return
    if page.found:
        yield from _in_text(page, page.found, local, now, is_declared)
    if not is_declared:
        for picture in page.pictures:
            yield from dates.in_words(picture.caption or "", "inferred from caption")


def _declared(page: Sources, local: tzinfo) -> Iterator[dates.Moment]:
    yield from dates.candidates(page.data, page.times(), local)
    if moment := dates.from_url(page.url):
        yield moment
    if page.entry and page.entry.date_published:
        yield dates.from_feed(page.entry.date_published)


def _in_text(
    page: Sources, found: Body, local: tzinfo, now: datetime | None, is_declared: bool
) -> Iterator[dates.Moment]:
    """What is printed above the text, in it and below; above alone where the day `is_declared` and only its time is
    sought."""
    lines, title = page.lines, page.title
    written = partial(dates.spelled_out, language=page.language)
    first, last = found.blocks[0].index, found.blocks[-1].index
    above = blocks.right_above(lines, title.index, 3) if title else []
    within = lines[first : found.blocks[min(2, len(found.blocks) - 1)].index]
    stamps = [b.text for b in within if b not in found.blocks and (dates.is_stamp(b.text) or phrases.is_byline(b.text))]
    header = [b.text for b in (*surroundings.header(lines, found, title), *reversed(above))]  # the nearest line first
    yield from dates.in_header(map(written, [*header, *stamps]), local, changes=not is_declared)
    if is_declared:
        return
    yield from dates.in_opening(written(found.blocks[0].text), local)
    yield from dates.in_footer([written(b.text) for b in lines[last + 1 : last + 15]], local)
    yield from dates.revised(page.times(), local, page.language)
    if moment := dates.guess(found.container, now):
        yield moment
