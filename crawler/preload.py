"""Imported once by the process that workers are forked from: what all of them read pages with, shared in memory.

Of the 150 MB of a worker that has read a page, 140 are modules and the language model. Nothing else imports this.
"""

import contextlib
import gc

from crawler import languages, pages, similarity, workers

__all__ = ["pages", "workers"]

similarity.sign("", "The first text to be signed loads datasketch.")
# The first text loads the model, by way of a temporary file. Where that fails it will for the page too, and be told.
with contextlib.suppress(OSError):
    languages.language("The council met on Tuesday to talk of the harbour. " * 4, None)
# A collection writes to every object that it looks at, which would give each worker its own copy of the page.
gc.collect()
gc.freeze()
