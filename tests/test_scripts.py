"""crawler.scripts: the ranges that patterns of many modules are made of."""

from __future__ import annotations

import importlib
import re

from crawler import scripts


def test_the_index_of_stores_that_exist_goes_by_the_same_scripts_without_spaces() -> None:
    migration = importlib.import_module("crawler.migrations.versions.0012_words_alike")
    every = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x110000))))
    assert re.findall(f"[{scripts.UNSPACED}]", every) == re.findall(f"[{migration.UNSPACED}]", every)
