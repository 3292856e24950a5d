"""One crawl of papers that lead astray, flood, drip and cut off: nothing private is connected to, each costs itself."""

from __future__ import annotations

import functools
import gzip
import re
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from crawler.demo.server import Request, Response, Server, reset
from crawler.settings import PROJECT
from tests.crawling import article, asked, command, html, publishers_file, rows, rss, site

DOWNLOAD_TIMEOUT = 2
PSS_MAX_MB = 500
RSS = {"Content-Type": "application/rss+xml; charset=utf-8"}
HTML = {"Content-Type": "text/html; charset=utf-8"}
RANGE = {"Content-Range": "bytes 0-299/99999"}

Pages = dict[str, "Response | Callable[[Request], Response]"]


@dataclass
class Astray:
    """What the crawl left, and what it met on its way."""

    servers: Mapping[str, Server]
    store: Path
    exit_code: int
    output: str
    seconds: float
    pss_mb: list[float] = field(default_factory=list)  #: over the process tree, sampled; empty where it can't be read
    connected: int = 0  #: to the sockets that nobody named

    def entries(self, name: str) -> list[tuple[str, str | None]]:
        feed = self.servers[name].url("/feed")
        return [tuple(r) for r in rows(self.store, f"select state, reason from entries where feed_url = '{feed}'")]

    def feed(self, name: str) -> tuple[int | None, str | None]:
        url = self.servers[name].url("/feed").partition(":")[2]
        [row] = rows(self.store, f"select status, error from feeds where url like 'http%:{url}'")
        return row.status, row.error


@functools.cache
def bomb(megabytes: int = 60) -> Response:
    body = gzip.compress(b"<p>ha</p> " * (megabytes * 100_000), compresslevel=1)
    return Response(body=body, headers={**HTML, "Content-Encoding": "gzip"})


def drip(server: Server, head: bytes, drop: bytes = b" ") -> Response:
    """A drop now and then, for ever."""

    def send(connection: socket.socket) -> None:
        connection.sendall(head)
        while not server.stopping.wait(0.2):
            connection.sendall(drop)

    return Response(raw=send)


def cut_off(response: Response) -> Response:
    """The first half of it."""
    half = response.body[: len(response.body) // 2]
    return Response(body=half, headers={**response.headers, "Content-Length": str(len(response.body))})


def odd_spellings(port: int) -> list[str]:
    """127.0.0.1 and its like, as a browser would read them."""
    hosts = """
        127.0.0.1 2130706433 0x7f000001 0177.0.0.1 127.1 127.0.0.1. user@127.0.0.1 0.0.0.0 ①②⑦.0.0.1 %31%32%37.0.0.1
        [::1] [::ffff:127.0.0.1] [0:0:0:0:0:0:0:1] localhost LOCALHOST.
        """
    return [f"http://{host}:{port}/{number}" for number, host in enumerate(hosts.split())]


METADATA = "http://169.254.169.254/latest/meta-data/"
ODD_LINKS = (
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:text/html,x",
    "ftp://127.0.0.1/x",
    "mailto:a@b.example",
    "http://",
    "http://exa mple/",
    "http://[::1",
    "http://a.example:99999999/",
)


def index(sitemaps: list[str]) -> Response:
    """A sitemap index."""
    named = "".join(f"<sitemap><loc>{escape(url)}</loc></sitemap>" for url in sitemaps)
    xmlns = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return Response(body=f'<sitemapindex xmlns="{xmlns}">{named}</sitemapindex>'.encode(), headers=RSS)


def dated(link: str, date: str) -> Response:
    """A feed of one entry."""
    item = f"<item><title>T</title><link>{link}</link><pubDate>{date}</pubDate></item>"
    return Response(body=f'<rss version="2.0"><channel><title>t</title>{item}</channel></rss>'.encode(), headers=RSS)


def fill(name: str, server: Server, pages: Pages, port: int) -> None:
    """How a paper of that name answers; `port` is one that nobody named."""
    url = server.url
    trap = f"http://127.0.0.1:{port}/"
    pages["/a"] = article(re.sub("[^a-z]", "", name))
    pages["/feed"] = plain = rss([url("/a")])
    page = pages["/a"]
    assert isinstance(page, Response)
    bombs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 11))
    doctypes = {
        "entity bomb": f'<!DOCTYPE rss [<!ENTITY a0 "ha">{bombs}]>',
        "external entity": '<!DOCTYPE rss [<!ENTITY a10 SYSTEM "file:///etc/passwd">]>',
        "remote entity": f'<!DOCTYPE rss SYSTEM "{trap}rss.dtd" [<!ENTITY a10 SYSTEM "{trap}entity">]>',
    }
    changed: Mapping[str, Pages] = {
        "private links": {
            "/feed": rss(
                [*odd_spellings(port), METADATA, "http://10.0.0.1/", "http://192.168.1.1/", "http://[fd00::1]/"]
            )
        },
        "private redirects": {
            "/feed": rss(url(f"/r{n}") for n in range(4)),
            "/r0": Response(302, headers={"Location": trap}),
            "/r1": Response(302, headers={"Location": METADATA}),
            "/r2": Response(301, headers={"Location": f"//localhost:{port}/"}),
            "/r3": Response(302, headers={"Location": "/r0"}),
        },
        "odd redirects": {
            "/feed": rss(url(f"/r{n}") for n in range(3)),
            "/r0": Response(302, headers={"Location": "file:///etc/passwd"}),
            "/r1": Response(302, headers={"Location": "javascript:alert(1)"}),
            "/r2": Response(302, headers={"Location": "http://"}),
        },
        "private feed redirect": {"/feed": Response(302, headers={"Location": trap})},
        "odd links": {"/feed": rss([*ODD_LINKS, ""])},
        "feed bomb": {"/feed": bomb()},
        "page bomb": {"/a": bomb()},
        "feed drips": {
            "/feed": drip(
                server, b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: 99999\r\n\r\n"
            )
        },
        "page drips": {
            "/a": drip(
                server,
                b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n",
                b"1\r\n \r\n",
            )
        },
        "head drips": {"/a": drip(server, b"HTTP/1.1 200 OK\r\n", b"X-More: yes\r\n")},
        "silent": {"/a": drip(server, b"", b"")},
        "feed cut off": {"/feed": cut_off(plain)},
        "page cut off": {"/a": cut_off(page)},
        "length too small": {"/a": Response(body=page.body, headers={**HTML, "Content-Length": "700"})},
        "length too great": {"/a": Response(body=page.body, headers={**HTML, "Content-Length": "9999"})},
        "part of a feed": {"/feed": Response(206, plain.body[:-40], {**RSS, **RANGE})},
        "part of a page": {"/a": Response(206, page.body[:-40], {**HTML, **RANGE})},
        "whole called a part": {"/a": Response(206, page.body, {**HTML, **RANGE})},
        "not packed": {"/a": Response(body=page.body, headers={**HTML, "Content-Encoding": "br"})},
        "not packed refusal": {"/a": Response(403, b"no", {"Content-Encoding": "gzip"})},
        "packed otherwise": {"/a": replace(bomb(1), headers={**HTML, "Content-Encoding": "br"})},
        "odd header names": {"/a": Response(body=page.body, headers={**HTML, "X Odd": "1", "X-Odder ": "2", "": "3"})},
        "page reset": {"/a": Response(raw=reset)},
        "no HTTP": {"/a": Response(raw=lambda connection: connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n"))},
        "wrong charset": {"/a": html(page.body.decode())},
        "no charset": {"/a": Response(body=page.body, headers={"Content-Type": "text/html; charset=undefined"})},
        "NUL bytes": {"/a": Response(body=page.body.replace(b"committee", b"commit\0tee"), headers=HTML)},
        "future dates": {"/feed": dated(url("/a"), "Mon, 05 Jan 2099 00:00:00 GMT")},
        "ancient dates": {"/feed": dated(url("/a"), "Thu, 01 Jan 1970 00:00:00 GMT")},
        "odd sitemaps": {
            "/index.xml": index([*ODD_LINKS, "", trap, url("/sitemap.xml")]),
            "/bomb.xml.gz": Response(
                body=gzip.compress(b" " * 12_000_000 + index([]).body), headers={"Content-Type": "application/gzip"}
            ),
        },
        "good": {"/feed": rss(url(f"/{n}") for n in range(5)), **{f"/{n}": article(f"good{n}") for n in range(5)}},
    }
    pages |= changed.get(name, {})
    if name == "wrong charset":
        text = page.body.decode().replace("committee", "comité présidé")
        pages["/a"] = Response(body=text.encode("cp1252"), headers=HTML)
    if name in doctypes:
        body = plain.body.replace(b'<?xml version="1.0"?>', b'<?xml version="1.0"?>' + doctypes[name].encode())
        pages["/feed"] = Response(body=body.replace(b"Entry 0", b"Entry &a10;"), headers=RSS)


NAMES = (
    *("private links", "private redirects", "odd redirects", "private feed redirect", "odd links", "feed bomb"),
    *("page bomb", "feed drips", "page drips", "head drips", "silent", "robots drips", "feed cut off", "page cut off"),
    *("length too great", "part of a feed", "part of a page", "whole called a part", "not packed", "packed otherwise"),
    *("odd header names", "length too small", "page reset", "no HTTP", "wrong charset", "NUL bytes", "entity bomb"),
    *("not packed refusal", "certificate", "external entity", "remote entity", "future dates", "ancient dates"),
    *("odd sitemaps", "no charset", "good"),
)


@pytest.fixture(scope="module")
def astray(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Astray]:
    folder = tmp_path_factory.mktemp("astray")
    with ExitStack() as stack:
        traps = [stack.enter_context(trap) for trap in _traps()]
        port = traps[0].getsockname()[1]
        servers: dict[str, Server] = {}
        for name in NAMES:
            pages: Pages = {}
            server = stack.enter_context(site(pages))
            if name == "robots drips":
                answer = server.answer
                dripping = drip(server, b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", b"#")
                server.answer = lambda request, a=answer, d=dripping: d if request.path == "/robots.txt" else a(request)  # type: ignore[misc]
            fill(name, server, pages, port)
            servers[name] = server
        publishers = publishers_file(folder / "p.toml", {s.host: [s.url("/feed")] for s in servers.values()})
        secure = servers["certificate"]
        _encrypt(secure, folder)
        text = publishers.read_text(encoding="utf-8")
        publishers.write_text(text.replace(secure.url(), secure.url().replace("http:", "https:")), encoding="utf-8")
        named = [servers["odd sitemaps"].url(path) for path in ("/index.xml", "/bomb.xml.gz")]
        with publishers.open("a", encoding="utf-8") as table:
            table.write(f'["sitemaps.example"]\nname = "Odd"\nnews_sitemaps = {named}\n')
        settings = {"DOWNLOAD_TIMEOUT": str(DOWNLOAD_TIMEOUT), "EXTRACT_WORKERS": "2", "MAX_FAILED_PERCENT": "100"}
        words = command("news", folder / "store.db", publishers, **settings)
        began, pss = time.monotonic(), []
        with (folder / "output").open("w+") as output:
            process = subprocess.Popen(words, cwd=PROJECT, stderr=output, text=True)
            while process.poll() is None:
                if (size := _pss_mb(process.pid)) is not None:
                    pss.append(size)
                try:
                    process.wait(0.4)
                except subprocess.TimeoutExpired:
                    continue
            output.seek(0)
            told = output.read()
        seconds = time.monotonic() - began
        connected = sum(_connections(trap) for trap in traps)
        yield Astray(servers, folder / "store.db", process.returncode, told, seconds, pss, connected)


def _encrypt(server: Server, folder: Path) -> None:
    """Speak TLS from now on, with a certificate that names no host as one has to, and that nobody signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    now = datetime.now(UTC)
    made = made.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "tls.pem").write_bytes(private + made.sign(key, hashes.SHA256()).public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "tls.pem")
    server._listener.socket = context.wrap_socket(server._listener.socket, server_side=True)


def _traps() -> list[socket.socket]:
    """Listening on one free port of both loopback addresses, where there are both."""
    first = socket.create_server(("127.0.0.1", 0))
    first.setblocking(False)
    traps = [first]
    if socket.has_dualstack_ipv6():
        try:
            second = socket.create_server(("::1", first.getsockname()[1]), family=socket.AF_INET6)
        except OSError:
            return traps
        second.setblocking(False)
        traps.append(second)
    return traps


def _connections(trap: socket.socket) -> int:
    """How many the kernel has taken for it."""
    count = 0
    while True:
        try:
            connection, _ = trap.accept()
        except BlockingIOError:
            return count
        connection.close()
        count += 1


def _pss_mb(root: int) -> float | None:
    """Proportional set size of a process and all below it; None where /proc doesn't tell."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    total, todo = 0, [root]
    while todo:
        process = todo.pop()
        todo += children.get(process, [])
        try:
            found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{process}/smaps_rollup").read_text(), re.MULTILINE)
        except OSError:
            continue
        total += int(found[1]) if found else 0
    return total / 1024 if total else None


def test_nothing_that_was_not_named_is_connected_to(astray: Astray) -> None:
    assert astray.connected == 0


@pytest.mark.parametrize(
    ("name", "count"), [("private links", len(odd_spellings(1)) + 4), ("private redirects", 4)], ids=lambda v: str(v)
)
def test_what_leads_to_a_private_address_is_refused(astray: Astray, name: str, count: int) -> None:
    assert astray.entries(name) == [("refused", "private address")] * count


def test_a_feed_that_redirects_to_a_private_address_is_refused_and_no_failure(astray: Astray) -> None:
    assert astray.feed("private feed redirect") == (None, "private address")


def test_a_link_that_leads_nowhere_is_refused(astray: Astray) -> None:
    outcome = astray.entries("odd links")
    assert set(outcome) == {("refused", "not a web address")}
    assert len(outcome) >= len(ODD_LINKS) - 1  # what is nothing but a scheme and what is empty are one


def test_a_sitemap_index_names_nothing_that_is_no_web_address(astray: Astray) -> None:
    named = rows(astray.store, "select url, error from feeds where kind = 'part' order by url")
    sitemap = astray.servers["odd sitemaps"].url("/sitemap.xml")
    assert {row.url: row.error for row in named if row.error == "HTTP 404"} == {sitemap: "HTTP 404"}
    assert {row.error for row in named} == {"HTTP 404", "private address"}


def test_a_packed_sitemap_is_bounded_as_a_feed_is(astray: Astray) -> None:
    [row] = rows(astray.store, "select error from feeds where url like '%/bomb.xml.gz'")
    assert "too large" in row.error


def test_a_redirect_to_another_scheme_is_not_followed(astray: Astray) -> None:
    refused = ("refused", "not a web address")
    assert sorted(astray.entries("odd redirects")) == [("failed", "too many redirects"), refused, refused]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("feed bomb", "too large"),
        ("feed drips", "timed out"),
        ("feed cut off", "cut off"),
        ("part of a feed", "cut off"),
        ("robots drips", "robots.txt could not be read: timed out"),
        ("certificate", "robots.txt could not be read: certificate not valid"),
    ],
)
def test_a_feed_that_cannot_be_had_whole_is_one_failed_poll(astray: Astray, name: str, error: str) -> None:
    assert astray.feed(name)[1] == error
    assert astray.entries(name) == []


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("page bomb", ("failed", "too large")),
        ("page drips", ("failed", "timed out")),
        ("head drips", ("failed", "timed out")),
        ("silent", ("failed", "timed out")),
        ("page cut off", ("failed", "cut off")),
        ("page reset", ("failed", "connection lost")),
        ("length too great", ("fetched", None)),
        ("part of a page", ("failed", "cut off")),
        ("whole called a part", ("fetched", None)),
        ("not packed", ("fetched", None)),
        ("not packed refusal", ("failed", "HTTP 403")),
        ("packed otherwise", ("failed", "not packed as it says")),
        ("odd header names", ("fetched", None)),
        ("no HTTP", ("failed", "connection lost")),
        ("wrong charset", ("fetched", None)),
        ("no charset", ("fetched", None)),
        ("NUL bytes", ("fetched", None)),
        ("entity bomb", ("fetched", None)),
        ("external entity", ("fetched", None)),
        ("remote entity", ("fetched", None)),
        ("future dates", ("fetched", None)),
        ("ancient dates", ("fetched", None)),
    ],
)
def test_a_fault_costs_one_entry(astray: Astray, name: str, outcome: tuple[str, str | None]) -> None:
    assert astray.entries(name) == [outcome]


def test_a_page_longer_than_its_content_length_is_read_as_far_as_that(astray: Astray) -> None:
    assert len(astray.entries("length too small")) == 1
    assert astray.entries("length too small")[0][0] in ("fetched", "dropped")


def test_the_other_papers_lose_nothing(astray: Astray) -> None:
    assert astray.entries("good") == [("fetched", None)] * 5


def test_faults_end_in_bounded_time_without_a_traceback(astray: Astray) -> None:
    assert astray.exit_code == 0, astray.output
    assert "Traceback" not in astray.output
    assert astray.seconds < 60


@pytest.mark.parametrize("name", ["page drips", "head drips", "silent"])
def test_a_time_out_is_not_tried_again_within_the_run(astray: Astray, name: str) -> None:
    assert asked(astray.servers[name]).count("/a") == 1


def test_no_body_holds_nul_bytes_or_letters_of_another_charset(astray: Astray) -> None:
    texts = {name: _body(astray, name) for name in ("NUL bytes", "wrong charset")}
    assert "\0" not in texts["NUL bytes"]
    assert "comité présidé" in texts["wrong charset"]


def test_an_entity_is_neither_expanded_nor_fetched(astray: Astray) -> None:
    hints = " ".join(row.hints for row in rows(astray.store, "select hints from entries"))
    assert "haha" not in hints
    assert "root:" not in hints


@pytest.mark.parametrize("name", ["future dates", "ancient dates"])
def test_a_feeds_date_that_cannot_be_is_not_believed(astray: Astray, name: str) -> None:
    host = astray.servers[name].host
    [entry] = rows(astray.store, f"select date_published, hints from entries where publisher = '{host}'")
    assert entry.date_published is None
    assert not re.search("2099|1970", entry.hints)
    [page] = rows(astray.store, f"select date_published from articles where publisher = '{host}'")
    assert str(page.date_published).startswith("2026-07-14 08:00:00")


def test_memory_is_bounded_while_all_of_that_goes_on(astray: Astray) -> None:
    if not astray.pss_mb:
        pytest.skip("/proc/PID/smaps_rollup cannot be read here")
    assert max(astray.pss_mb) < PSS_MAX_MB


def _body(astray: Astray, name: str) -> str:
    [row] = rows(astray.store, f"select body from articles where publisher = '{astray.servers[name].host}'")
    return str(row.body)
