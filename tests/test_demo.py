"""The bundled press and its server: the manners that crawls are tested with, and the data's own consistency."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import shlex
import socket
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise, repeat
from pathlib import Path
from string import Template
from threading import Barrier
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import feedparser
import pytest
from lxml import etree, html

from crawler import publishers
from crawler.commands import demo
from crawler.demo import press
from crawler.demo.feeds import KINDS
from crawler.demo.server import ADDRESS, PortError, Request, Response, Server, reset

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@pytest.fixture(scope="module")
def newsstand() -> Iterator[dict[str, Server]]:
    with press.serve(repeat(0)) as servers:
        yield servers


def get(
    server: Server, path: str = "/", method: str = "GET", headers: Mapping[str, str] | None = None
) -> tuple[int, bytes, dict[str, str]]:
    """Status, body and headers (names in lower case) of one request on a connection of its own."""
    connection = http.client.HTTPConnection(ADDRESS, server.port, timeout=10)
    try:
        connection.request(method, path, headers=dict(headers or {}))
        response = connection.getresponse()
        return response.status, response.read(), {name.lower(): value for name, value in response.getheaders()}
    finally:
        connection.close()


def echo(request: Request) -> Response:
    return Response(body=f"{request.method} {request.path}".encode(), headers={"Content-Type": "text/plain"})


def test_a_connection_serves_one_request_after_another() -> None:
    with Server(echo) as server:
        connection = http.client.HTTPConnection(ADDRESS, server.port, timeout=10)
        bodies, ends = [], []
        for path in ("/one?q=1", "/two"):
            connection.request("GET", path)
            bodies.append(connection.getresponse().read())
            ends.append(connection.sock.getsockname())
        connection.close()
    assert bodies == [b"GET /one?q=1", b"GET /two"]
    assert ends[0] == ends[1]


def test_the_body_of_a_post_is_not_taken_for_the_next_request() -> None:
    with Server(echo) as server:
        connection = http.client.HTTPConnection(ADDRESS, server.port, timeout=10)
        connection.request("POST", "/form", body=b"GET /smuggled HTTP/1.1\r\n\r\n")
        connection.getresponse().read()
        connection.request("GET", "/next")
        connection.getresponse().read()
        connection.close()
        assert [request.path for request in server.requests] == ["/form", "/next"]


def test_requests_are_logged_in_order_with_lower_case_headers_and_rising_times() -> None:
    with Server(echo) as server:
        get(server, "/a", headers={"User-Agent": "one"})
        get(server, "/b?c=d", headers={"User-Agent": "two"})
        assert [(r.method, r.path, r.headers["user-agent"]) for r in server.requests] == [
            ("GET", "/a", "one"),
            ("GET", "/b?c=d", "two"),
        ]
        assert server.requests[0].time < server.requests[1].time


def test_a_head_request_gets_the_length_and_no_body() -> None:
    with Server(lambda request: Response(body=b"twelve bytes")) as server:
        status, body, headers = get(server, method="HEAD")
    assert (status, body, headers["content-length"]) == (200, b"", "12")


def test_answers_are_given_at_the_same_time() -> None:
    meeting = Barrier(8, timeout=10)

    def answer(request: Request) -> Response:
        meeting.wait()
        return Response(body=b"met")

    with Server(answer) as server, ThreadPoolExecutor(8) as clients:
        bodies = [body for _, body, _ in clients.map(lambda _: get(server), range(8))]
    assert bodies == [b"met"] * 8


def test_a_body_shorter_than_its_content_length_is_cut_off() -> None:
    with (
        Server(lambda request: Response(body=b"half", headers={"Content-Length": "8"})) as server,
        pytest.raises(http.client.IncompleteRead) as caught,
    ):
        get(server)
    assert caught.value.partial == b"half"


def test_a_raw_answer_writes_what_it_likes() -> None:
    answer = Response(raw=lambda connection: connection.sendall(b"not HTTP"))
    with Server(lambda request: answer) as server, pytest.raises(http.client.BadStatusLine):
        get(server)


def test_a_raw_answer_may_close_the_connection_without_a_word() -> None:
    answer = Response(raw=socket.socket.close)
    with Server(lambda request: answer) as server, pytest.raises(http.client.RemoteDisconnected):
        get(server)


def test_a_connection_can_be_reset() -> None:
    with (
        Server(lambda request: Response(raw=reset)) as server,
        socket.create_connection((ADDRESS, server.port), timeout=10) as client,
    ):
        client.sendall(b"GET / HTTP/1.1\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            client.recv(1)


def test_a_taken_port_is_an_error_that_names_it() -> None:
    with (
        Server(echo) as first,
        pytest.raises(PortError, match=f"^cannot listen on {first.host}: another program listens there"),
    ):
        Server(echo, first.port).__enter__()


def test_leaving_ends_idle_connections_and_answers_that_wait() -> None:
    with Server(echo) as server:
        waiting = Server(lambda request: Response(body=str(waiting.stopping.wait(60)).encode()))
        with waiting:
            slow = socket.create_connection((ADDRESS, waiting.port), timeout=10)
            slow.sendall(b"GET / HTTP/1.1\r\n\r\n")
            while not waiting.requests:
                get(server)
        slow.close()
        idle = socket.create_connection((ADDRESS, server.port), timeout=10)
        idle.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert idle.recv(1000).endswith(b"GET /")
    assert idle.recv(1) == b""
    idle.close()


def test_what_an_answer_raises_is_a_500_and_raised_on_leaving(capfd: pytest.CaptureFixture[str]) -> None:
    def answer(request: Request) -> Response:
        raise KeyError(request.path)

    answers = []
    with pytest.raises(KeyError, match="/broken"), Server(answer) as server:
        answers.append(get(server, "/broken")[:2])
    assert answers == [(500, b"KeyError('/broken')")]
    assert capfd.readouterr() == ("", "")


PAPERS = {paper.key: paper for paper in press.papers()}
ARTICLES = [
    pytest.param(paper, article, id=f"{paper.key}{article.path}")
    for paper in PAPERS.values()
    for article in paper.articles
]
FEEDS = [pytest.param(paper, feed, id=f"{paper.key}{feed.path}") for paper in PAPERS.values() for feed in paper.feeds]


def text_of(paper: press.Paper, server: Server, path: str) -> str:
    status, body, _ = get(server, path)
    assert status == 200
    return body.decode(paper.charset)


def target(url: str) -> str:
    """The part of a URL that a request carries."""
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def canonical(page: str) -> str:
    return str(html.fromstring(page).xpath("string(//link[@rel='canonical']/@href)"))


def shingles(text: str) -> set[tuple[str, ...]]:
    """Runs of five words."""
    words = re.findall(r"\w+", text.lower())
    return set(zip(*(words[start:] for start in range(5)), strict=False))


def told(servers: Mapping[str, Server], story: str) -> list[press.Telling]:
    return [telling for telling in press.truth(servers).values() if telling.story == story]


def test_the_press_is_as_varied_as_promised() -> None:
    assert 9 <= len(PAPERS) <= 11
    assert len(ARTICLES) >= 24
    assert {feed.kind for paper in PAPERS.values() for feed in paper.feeds} == set(KINDS)


def test_the_truth_tells_of_every_article_and_of_no_other(newsstand: dict[str, Server]) -> None:
    served = {newsstand[paper.key].url(article.path) for paper in PAPERS.values() for article in paper.articles}
    assert press.truth(newsstand).keys() == served


@pytest.mark.parametrize(("paper", "article"), ARTICLES)
def test_an_article_is_served_whole(newsstand: dict[str, Server], paper: press.Paper, article: press.Article) -> None:
    page = " ".join(html.fromstring(text_of(paper, newsstand[paper.key], article.path)).itertext())
    printed = " ".join(page.split())
    assert article.headline in printed
    assert [text for text in article.body.split("\n\n") if text not in printed] == []


@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS)
def test_every_field_that_a_template_names_is_one_of_the_papers(paper: press.Paper) -> None:
    known = {"base", "path", "url", "canonical", "published_naive", "published_day", "body", "text", *paper.parts}
    known.update(*(article.fields for article in paper.articles))
    for template in (*paper.templates.values(), *paper.parts.values()):
        assert {name.removesuffix("_json") for name in Template(template).get_identifiers()} <= known


@pytest.mark.parametrize(("paper", "feed"), FEEDS)
def test_a_feed_parses_and_lists_every_article(
    newsstand: dict[str, Server], paper: press.Paper, feed: press.Feed
) -> None:
    server = newsstand[paper.key]
    _, body, headers = get(server, feed.path)
    if "sitemap" in feed.kind:
        links = [str(loc.text) for loc in etree.fromstring(body).iter("{*}loc")]
    elif feed.kind == "JSON Feed":
        links = [item["url"] for item in json.loads(body)["items"]]
    else:
        parsed = feedparser.parse(body, response_headers={**headers, "content-location": server.url(feed.path)})
        assert not parsed.bozo
        links = [entry.link for entry in parsed.entries]
    if feed.lists:
        assert links == [server.url(path) for path in feed.lists]
    else:
        assert len(links) == len(paper.articles)
        for link, article in zip(links, paper.articles, strict=True):
            assert article.headline in html.fromstring(text_of(paper, server, target(link))).xpath("string(//body)")


def test_the_publishers_file_of_the_papers_can_be_read(newsstand: dict[str, Server], tmp_path: Path) -> None:
    file = tmp_path / "publishers.toml"
    file.write_text(press.publishers_toml(newsstand), "utf-8")
    loaded = publishers.load(file)
    assert list(loaded) == [server.host for server in newsstand.values()]
    assert [publisher.name for publisher in loaded.values() if publisher.agency] == ["The Wire Desk"]


def test_a_sitemap_that_an_index_names_is_not_polled_by_itself(newsstand: dict[str, Server]) -> None:
    text = press.publishers_toml(newsstand)
    assert "/sitemap.xml" in text
    assert "/sitemap-news.xml" not in text


def test_eight_papers_carry_the_wire_story_and_two_its_update(newsstand: dict[str, Server]) -> None:
    relations = [telling.relation for telling in told(newsstand, "karvia-dam")]
    assert (relations.count("original"), relations.count("update")) == (1, 2)
    carriers = {
        urlsplit(url).netloc
        for url, telling in press.truth(newsstand).items()
        if telling.story == "karvia-dam" and telling.relation != "update"
    }
    assert len(carriers) == 8


def test_copies_and_cuts_are_contained_in_the_original(newsstand: dict[str, Server]) -> None:
    for story in {telling.story for telling in press.truth(newsstand).values()}:
        tellings = told(newsstand, story)
        originals = [shingles(telling.article.body) for telling in tellings if telling.relation == "original"]
        for telling in tellings:
            own = shingles(telling.article.body)
            if telling.relation in ("copy", "cut"):
                assert len(own & originals[0]) / len(own) > 0.7, telling.article.path
            if telling.relation == "copy":
                assert len(own & originals[0]) / len(originals[0]) > 0.75, telling.article.path


def test_the_update_keeps_most_of_the_text(newsstand: dict[str, Server]) -> None:
    (original,) = (t.article.body for t in told(newsstand, "karvia-dam") if t.relation == "original")
    for telling in told(newsstand, "karvia-dam"):
        if telling.relation == "update":
            own = shingles(telling.article.body)
            assert 0.5 < len(own & shingles(original)) / len(own) < 0.9


def test_the_follow_up_has_a_quarter_of_its_text_from_the_wire_story(newsstand: dict[str, Server]) -> None:
    (original,) = (t.article.body for t in told(newsstand, "karvia-dam") if t.relation == "original")
    (follow_up,) = (t.article.body for t in told(newsstand, "karvia-funerals") if t.relation == "original")
    own = shingles(follow_up)
    assert 0.2 < len(own & shingles(original)) / len(own) < 0.3


def test_two_agencies_reports_of_one_event_share_two_quotations(newsstand: dict[str, Server]) -> None:
    reports = [told(newsstand, f"ostrand-minister-{agency}")[0].article.body for agency in ("reuters", "ap")]
    quotations = [set(re.findall("“([^”]{30,}),”", report)) for report in reports]
    assert len(quotations[0] & quotations[1]) == 2
    without = [shingles(re.sub("“[^”]*”", "", report)) for report in reports]
    assert len(without[0] & without[1]) < 5


def test_issues_of_the_weather_template_differ_by_their_figures(newsstand: dict[str, Server]) -> None:
    issues = [shingles(told(newsstand, f"weather-{day}")[0].article.body) for day in (14, 15, 16)]
    for one, next_one in pairwise(issues):
        assert 0.3 < len(one & next_one) / len(one) < 0.8


@pytest.mark.parametrize(("paper", "article"), ARTICLES)
def test_a_page_names_its_agency_exactly_where_the_truth_says_so(
    newsstand: dict[str, Server], paper: press.Paper, article: press.Article
) -> None:
    server = newsstand[paper.key]
    telling = press.truth(newsstand)[server.url(article.path)]
    spellings = {"AP": "AP|Associated Press", "AFP": "AFP|Agence France-Presse"}
    agency = telling.agency or "AFP|Reuters|dpa"
    story = text_of(paper, server, article.path).partition("In this article")[0]
    named = re.search(rf"\b({spellings.get(agency, agency)})\b", story) is not None
    assert named == bool(telling.signs)


@pytest.mark.parametrize("path", ["/feed/rss/", "/news/karvia-counts-its-dead-after-northern-dam-gives-way/"])
def test_only_its_caption_dates_the_story_whose_paper_shows_todays_date(
    newsstand: dict[str, Server], path: str
) -> None:
    text = text_of(PAPERS["lagoon-courier"], newsstand["lagoon-courier"], path)
    assert "2026-07" not in text
    assert set(re.findall(r"[^\s,.]+ \d+, 2026", text)) <= {"July 14, 2026"}


def test_twins_name_their_page_as_canonical(newsstand: dict[str, Server]) -> None:
    for key, twin in (("swiftline", "/amp"), ("harbour-herald", "/print")):
        server = newsstand[key]
        for article in PAPERS[key].articles:
            assert canonical(text_of(PAPERS[key], server, twin + article.path)) == server.url(article.path)


def test_a_syndicated_page_may_name_the_agencys_as_canonical(newsstand: dict[str, Server]) -> None:
    page = text_of(PAPERS["prairie-dispatch"], newsstand["prairie-dispatch"], "/2026/07/14/world/karvia-dam-break")
    assert canonical(page) == newsstand["wire-desk"].url("/en/doc/karvia-dam-collapse-20260714")


@pytest.mark.parametrize("path", ["/rss/news.xml", "/news/local/keeper-returns-to-carrow-light-41840.html"])
@pytest.mark.parametrize(
    ("validator", "condition"), [("etag", "If-None-Match"), ("last-modified", "If-Modified-Since")]
)
def test_what_has_not_changed_is_a_304_without_a_body(
    newsstand: dict[str, Server], path: str, validator: str, condition: str
) -> None:
    server = newsstand["harbour-herald"]
    _, _, first = get(server, path)
    status, body, again = get(server, path, headers={condition: first[validator]})
    assert (status, body, again["etag"]) == (304, b"", first["etag"])


def test_another_etag_gets_the_feed_whatever_its_date(newsstand: dict[str, Server]) -> None:
    server = newsstand["harbour-herald"]
    _, feed, first = get(server, "/rss/news.xml")
    old = {"If-None-Match": '"another"', "If-Modified-Since": first["last-modified"]}
    assert get(server, "/rss/news.xml", headers=old)[:2] == (200, feed)


def test_one_paper_prints_in_windows_1252(newsstand: dict[str, Server]) -> None:
    _, body, headers = get(newsstand["old-mill-gazette"], "/article.php?id=20417")
    assert headers["content-type"] == "text/html; charset=windows-1252"
    assert b"TOLMAR \x96 A dam" in body


def test_one_paper_is_compressed_for_those_who_accept_it(newsstand: dict[str, Server]) -> None:
    server, path = newsstand["swiftline"], PAPERS["swiftline"].articles[0].path
    _, plain, without = get(server, path)
    _, packed, headers = get(server, path, headers={"Accept-Encoding": "gzip, br"})
    assert "content-encoding" not in without
    assert (headers["content-encoding"], gzip.decompress(packed)) == ("gzip", plain)


@pytest.mark.parametrize(
    ("path", "status"), [("/robots.txt", 200), ("/", 200), ("/nothing", 404), ("/article.php?id=1", 404)]
)
def test_what_else_a_paper_answers(newsstand: dict[str, Server], path: str, status: int) -> None:
    assert get(newsstand["old-mill-gazette"], path)[0] == status


def test_the_same_ports_show_the_same_press_again() -> None:
    with press.serve(repeat(0)) as servers:
        first = {url: get(servers["wire-desk"], target(url))[1:] for url in press.truth(servers)}
        ports = [server.port for server in servers.values()]
    with press.serve(ports) as servers:
        assert {url: get(servers["wire-desk"], target(url))[1:] for url in press.truth(servers)} == first


def test_a_taken_port_leaves_no_paper_open() -> None:
    with Server(echo) as taken:
        with Server(echo) as other:
            free = other.port
        with pytest.raises(PortError, match=str(taken.port)), press.serve([free, taken.port]):
            pass
        with Server(echo, free) as again:
            assert again.port == free


def test_too_few_ports_are_refused() -> None:
    with pytest.raises(ValueError, match="no port is left for harbour-herald"), press.serve([0]):
        pass


def test_what_the_demo_says_to_type_next_is_one_word_each_in_a_folder_with_a_space() -> None:
    for line, _ in demo.next_lines(7, "sqlite:////srv/my papers/demo.db")[:2]:
        assert shlex.split(line)[-2:] == ["-s", "STORE_URL=sqlite:////srv/my papers/demo.db"]
