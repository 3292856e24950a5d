"""A process that has loaded what a crawl loads, and forks for each command that it is given: of a small crawl, starting
is half. Run as `python -m tests.forks`; a line of JSON asks, a line with the exit code answers."""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys

from scrapy.cmdline import execute

#: What `scrapy crawl` loads by the names in its settings.
LOADED = (
    *("crawler.commands.crawl", "crawler.discover", "crawler.exporters", "crawler.middlewares"),
    *("pipelines.cleaning", "pipelines.stories", "pipelines.validation", "spiders.news", "spiders.pages"),
)


def main() -> None:
    for name in LOADED:
        importlib.import_module(name)
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            become(**asked)  # ends in SystemExit
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(code, flush=True)


def become(words: list[str], folder: str, environment: dict[str, str], seconds: int) -> None:
    """Be that command, with its output in `folder`; SIGALRM ends what takes too long."""
    for name, number in (("stdout", 1), ("stderr", 2)):
        file = os.open(f"{folder}/{name}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, number)
        os.close(file)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = words
    sys.modules["__main__"].__spec__ = None  # no worker is to load what this is
    signal.alarm(seconds)
    execute(words)


if __name__ == "__main__":
    main()
