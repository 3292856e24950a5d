"""A value of a row -> what stands for it in CSV, in `scrapy export` and in Scrapy's own exports alike."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson


def cell(value: Any) -> Any:
    """Lists as JSON, times in ISO 8601 with their offset, truth as true or false, None as it is: the empty cell."""
    if isinstance(value, list | tuple | dict):
        return orjson.dumps(value).decode()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    return value
