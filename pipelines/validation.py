"""Article in, the same Article out, or a named drop: what is no article does not reach the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy.exceptions import DropItem

from crawler.items import Article

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class NoHeadline(DropItem):
    """The page names no headline."""


class NoBody(DropItem):
    """No article text was found on the page."""


class TooShort(DropItem):
    """The text has fewer words than ARTICLE_MIN_WORDS."""


class NotAnArticle(DropItem):
    """A section front, a tag page, a video or gallery stub."""


class BotWall(DropItem):
    """A page that asks for cookies, a captcha, JavaScript or to sign in, in the article's place."""


class ErrorPage(DropItem):
    """A page that says "not found" with status 200."""


KINDS = {"listing": NotAnArticle, "media": NotAnArticle, "wall": BotWall, "error": ErrorPage}


class ValidationPipeline:
    """Drops what has no headline, no body, fewer than `min_words`, or is another kind of page."""

    def __init__(self, min_words: int) -> None:
        self._min_words = min_words

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings.getint("ARTICLE_MIN_WORDS"))

    def process_item(self, item: Article) -> Article:
        if (drop := KINDS.get(item.kind)) is not None:
            raise drop(f"the page is a {item.kind}")
        if not item.body:
            raise NoBody("no text found")
        if not item.headline:
            raise NoHeadline("no headline found")
        if item.word_count < self._min_words and item.kind == "article":
            raise TooShort(f"{item.word_count} words")
        return item
