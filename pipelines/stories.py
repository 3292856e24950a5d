"""Article in; look-up, decision and write in one transaction of the store's writer; the article with its story out."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Self, cast

from scrapy.exceptions import DropItem

from crawler.items import Article
from crawler.publishers import Publisher
from crawler.store import Store, articles, takedowns

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.spider import PageSpider

_LAST = datetime.max.replace(tzinfo=UTC)


class DuplicateURL(DropItem):
    """The article is stored already: another entry led to the same page. The store has settled the entry."""


class Forgotten(DropItem):
    """The page, or its domain, was taken down; another address led there."""

    state = "refused"


class StoriesPipeline:
    """Places articles in stories, comparing each with at most `max_candidates` within `window_days`."""

    def __init__(
        self, store: Store, window_days: float, max_candidates: int, publishers: Mapping[str, Publisher]
    ) -> None:
        self._store = store
        self._window_days = window_days
        self._max_candidates = max_candidates
        self._publishers = publishers

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(
            crawler.store,  # type: ignore[attr-defined]  # by crawler.extensions
            crawler.settings.getfloat("STORY_WINDOW_DAYS"),
            crawler.settings.getint("STORY_MAX_CANDIDATES"),
            cast("PageSpider", crawler.spider).publishers,
        )

    async def process_item(self, item: Article) -> Article:
        publisher = self._publishers.get(item.publisher)
        job = partial(
            _add,
            article=item,
            now=datetime.now(UTC),
            window_days=self._window_days,
            candidates_max=self._max_candidates,
            is_agency=publisher is not None and publisher.agency is not None,
        )
        # Articles that wait together are decided in order of time, so that the first copy founds the story.
        placed = await asyncio.wrap_future(self._store.write(job, key=(item.date_published or _LAST, item.url)))
        if placed is None:
            raise DuplicateURL(item.url)
        return placed


def _add(connection: Any, article: Article, **options: Any) -> Article | None:
    if takedowns.among(connection, [article.url]):
        raise Forgotten(takedowns.FORGOTTEN)
    return articles.add(connection, article, **options)
