"""Article in; look-up, decision and write in one transaction of the store's writer; the article with its story out."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from scrapy.exceptions import DropItem

from crawler.items import Article
from crawler.publishers import Publisher
from crawler.store import Store, articles, changefeed, profiles, takedowns, versions
from crawler.store.candidates import Window

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_LAST = datetime.max.replace(tzinfo=UTC)
#: An article with its place, or None and the class of what drops it.
Placed = tuple[Article | None, type[DropItem]]


class DuplicateURL(DropItem):
    """The article is stored already: another entry led to the same page. The store has settled the entry."""


class Unchanged(DropItem):
    """The page was fetched again and has the text that is stored. The store has settled the entry."""

    state = "fetched"


class Forgotten(DropItem):
    """The page, or its domain, was taken down; another address led there."""

    state = "refused"


class StoriesPipeline:
    """Places articles in stories, comparing each with those in the `window`."""

    def __init__(self, store: Store, window: Window, publishers: Mapping[str, Publisher]) -> None:
        self._store = store
        self._window = window
        self._agencies = {name for name, publisher in publishers.items() if publisher.agency is not None}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(
            crawler.store,  # type: ignore[attr-defined]  # by crawler.extensions
            Window.from_settings(crawler.settings),
            getattr(crawler.spider, "publishers", {}),  # likewise as in pipelines.cleaning
        )

    async def process_item(self, item: Article) -> Article:
        # Articles that wait together are decided in order of time, so that the first copy founds the story.
        key = (item.date_published or _LAST, item.url)
        placed, reason = await asyncio.wrap_future(self._store.write_together(self._place, item, key))
        if placed is None:
            raise reason(takedowns.FORGOTTEN if reason is Forgotten else item.url)
        return placed

    def _place(self, connection: Any, batch: Sequence[Article]) -> list[Placed]:
        """For each article its place, or why it has none."""
        options: dict[str, Any] = {"now": datetime.now(UTC), "window": self._window}
        # First: what is forgotten or stored while this waits for its turn has to be seen.
        changefeed.decide_alone(connection)
        urls = [url for article in batch for url in (article.url, article.fetched_url) if url]
        gone, known = takedowns.are_gone(connection, batch), set(articles.stored(connection, urls))
        results: dict[int, Placed] = {}
        new: dict[int, Article] = {}

        def add() -> None:
            placed = articles.add_many(connection, list(new.values()), agency_publishers=self._agencies, **options)
            results.update((number, (one, DuplicateURL)) for number, one in zip(new, placed, strict=True))
            known.update(article.url for article in new.values())
            new.clear()

        for number, article in enumerate(batch):
            if gone[number]:
                results[number] = None, Forgotten
                continue
            if new and (article.url in known or article.url in {one.url for one in new.values()}):
                add()
            if article.url in known:
                article = versions.addressed(connection, article)
            if article.url not in known:
                new[number] = article
                continue
            is_agency = article.publisher in self._agencies
            version, is_own = versions.visit(connection, article, is_agency=is_agency, **options)
            results[number] = version, Unchanged if is_own else DuplicateURL
        if new:
            add()
        placed = [results[number] for number in range(len(batch))]
        profiles.note(connection, [one for one, _ in placed if one is not None])
        return placed
