"""Scrapy's own exports (`-o FILE`, FEEDS) where they would write Python instead of data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scrapy.exporters import CsvItemExporter as ScrapyCsvItemExporter

from crawler.cells import cell


class CsvItemExporter(ScrapyCsvItemExporter):
    """The rows of `scrapy export --format csv`. Scrapy's joins a list with commas, or writes its repr."""

    def serialize_field(self, field: Mapping[str, Any], name: str, value: Any) -> Any:
        return cell(value)
