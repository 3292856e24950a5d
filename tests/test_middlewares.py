"""Manners towards a host, on a real crawl: robots.txt by RFC 9309, redirects, one slot a host."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from crawler.demo.server import Response, Server
from tests.crawling import article, asked, crawl, html, publishers_file, rows, rss, site


@dataclass
class Crawled:
    servers: dict[str, Server]
    store: Path
    output: str

    def outcome(self, name: str) -> list[tuple[str, str | None]]:
        """(state, reason) of the entries of a server's feed."""
        host = self.servers[name].host
        return [
            tuple(row)
            for row in rows(self.store, f"select state, reason from entries where publisher = '{host}' order by url")
        ]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    """One crawl of hosts whose robots.txt differ, ten pages asked for at once from each."""
    folder = tmp_path_factory.mktemp("manners")
    rules = {
        "disallows all": html("User-agent: *\nDisallow: /"),
        "disallows some": html("User-agent: *\nDisallow: /a/1"),
        "disallows us alone": html("User-agent: newsfold\nDisallow: /a/\n\nUser-agent: *\nDisallow:"),
        "disallows our version": html("User-agent: Newsfold/0.1 (+https://us.example)\nDisallow: /a/\n"),
        "disallows our namesakes": html("User-agent: News\nDisallow: /a/\n\nUser-agent: *\nDisallow: /a/1"),
        "speaks UTF-16": Response(200, "User-agent: *\r\nDisallow: /a/1".encode("utf-16")),
        "disallows others": html("User-agent: othercrawler\nDisallow: /"),
        "fails": html("User-agent: *\nDisallow:", 500),
        "asks for patience": html("User-agent: *\nDisallow:", 429),
        "is missing": html("User-agent: *\nDisallow: /", 404),
        "has moved": Response(301, b"", {"Location": "/rules.txt"}),
    }
    servers: dict[str, Server] = {}
    with ExitStack() as stack:
        for name, robots in rules.items():
            pages: dict[str, Response] = {f"/a/{n}": article(f"{name.replace(' ', '')}{n}") for n in range(10)}
            pages["/rules.txt"] = html("User-agent: *\nDisallow: /a/1")
            server = stack.enter_context(site(pages, robots))
            pages["/feed"] = rss(server.url(f"/a/{n}") for n in range(10))
            servers[name] = server
        # Feeds stand on a host of their own, so that a host's robots.txt rules its pages alone.
        lists = stack.enter_context(
            site({f"/{index}": rss(s.url(f"/a/{n}") for n in range(10)) for index, s in enumerate(servers.values())})
        )
        publishers = publishers_file(
            folder / "publishers.toml",
            {server.host: [lists.url(f"/{index}")] for index, server in enumerate(servers.values())},
        )
        store = folder / "store.db"
        run = crawl("news", store, publishers, CONCURRENT_REQUESTS_PER_DOMAIN="10", RETRY_TIMES="0")
        yield Crawled(servers, store, run.stderr)


def test_no_page_of_a_disallowed_host_is_asked_for_when_ten_wait_for_its_robots_txt(crawled: Crawled) -> None:
    assert asked(crawled.servers["disallows all"]) == []


def test_robots_txt_is_asked_for_once_however_many_wait_for_it(crawled: Crawled) -> None:
    paths = [request.path for request in crawled.servers["disallows all"].requests]
    assert paths == ["/robots.txt"]


def test_what_robots_txt_refuses_is_kept_as_refused(crawled: Crawled) -> None:
    assert crawled.outcome("disallows all") == [("refused", "robots.txt")] * 10


@pytest.mark.parametrize("name", ["disallows some", "disallows our namesakes", "speaks UTF-16"])
def test_a_disallowed_path_alone_is_left_out(crawled: Crawled, name: str) -> None:
    assert sorted(asked(crawled.servers[name])) == [f"/a/{n}" for n in range(10) if n != 1]


@pytest.mark.parametrize("name", ["disallows us alone", "disallows our version"])
def test_rules_for_our_product_token_bind_us(crawled: Crawled, name: str) -> None:
    assert asked(crawled.servers[name]) == []


def test_rules_for_other_crawlers_do_not_bind_us(crawled: Crawled) -> None:
    assert len(asked(crawled.servers["disallows others"])) == 10


@pytest.mark.parametrize("name", ["fails", "asks for patience"])
def test_a_robots_txt_that_cannot_be_had_disallows_all_for_now(crawled: Crawled, name: str) -> None:
    assert asked(crawled.servers[name]) == []
    assert {state for state, _ in crawled.outcome(name)} <= {"failed", "pending"}


def test_a_robots_txt_that_is_missing_allows_all_whatever_its_error_page_says(crawled: Crawled) -> None:
    assert len(asked(crawled.servers["is missing"])) == 10


def test_a_robots_txt_that_moved_is_followed(crawled: Crawled) -> None:
    assert "/a/1" not in asked(crawled.servers["has moved"])
    assert "/a/2" in asked(crawled.servers["has moved"])


def test_we_say_who_we_are_and_send_neither_cookies_nor_a_referer(crawled: Crawled) -> None:
    headers = crawled.servers["disallows others"].requests[0].headers
    assert headers["user-agent"].startswith("Newsfold/")
    assert "+http" in headers["user-agent"]
    assert "cookie" not in headers
    assert "referer" not in headers
