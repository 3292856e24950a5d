"""Which addresses a crawl connects to, on real downloads of Scrapy's; a table stands in for the DNS."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from crawler.demo.server import Request, Response, Server
from crawler.settings import PROJECT
from tests.crawling import html

# The process sets up the resolver before it has a spider, as `scrapy crawl` does.
CRAWL = """
import json, socket, sys
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess

plan = json.load(sys.stdin)
outcomes, lookups = {}, []

def look_up(name):
    lookups.append(name)
    if name not in plan["dns"]:
        raise socket.gaierror(-2, "Name or service not known")
    return plan["dns"][name]

socket.gethostbyname = look_up

class Asking(Spider):
    name = "asking"
    named_hosts = frozenset(plan["named"])

    async def start(self):
        for url in plan["urls"]:
            yield Request(url, self.parse, errback=self.failed, cb_kwargs={"asked": url}, dont_filter=True)

    def parse(self, response, asked):
        outcomes[asked] = response.text

    def failed(self, failure):
        outcomes[failure.request.cb_kwargs["asked"]] = f"{type(failure.value).__name__}: {failure.value}"

process = AsyncCrawlerProcess(
    {"TWISTED_DNS_RESOLVER": "crawler.resolver.PublicResolver", "LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False}
)
process.crawl(Asking)
process.start()
print(json.dumps({"outcomes": outcomes, "lookups": lookups}))
"""


@dataclass
class Asked:
    outcomes: Mapping[str, str]
    lookups: Sequence[str]
    errors: str


def ask(
    urls: Sequence[str], named: Sequence[str] = (), dns: Mapping[str, str] | None = None, **environment: str
) -> Asked:
    """Fetch the URLs in a process of their own."""
    clean = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    plan: dict[str, Any] = {"urls": urls, "named": named, "dns": dns or {}}
    run = subprocess.run(
        [sys.executable, "-c", CRAWL],
        input=json.dumps(plan),
        cwd=PROJECT,
        env=clean | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return Asked(**json.loads(run.stdout), errors=run.stderr)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    def answer(request: Request) -> Response:
        if request.path == "/away":
            return Response(302, b"", {"Location": f"http://elsewhere.test:{request.headers['host'].rsplit(':')[-1]}/"})
        return html(f"{request.headers['host']} {request.path}")

    with Server(answer) as running:
        yield running


@pytest.fixture(scope="module")
def asked(server: Server) -> Asked:
    """One crawl; paper.test and 127.0.0.1 with the server's port are named, and all names lead to loopback."""
    port = server.port
    hosts = ("paper.test", "127.0.0.1", "rebinding.test", "localhost", "127.1", "[::ffff:127.0.0.1]", "[::1]")
    urls = [f"http://{host}:{port}/" for host in hosts]
    urls += ["http://127.0.0.1:9/", "http://metadata.test/", f"http://paper.test:{port}/away", "http://nowhere.test/"]
    return ask(
        urls,
        named=[f"paper.test:{port}", f"127.0.0.1:{port}"],
        dns={
            "paper.test": "127.0.0.1",
            "rebinding.test": "127.0.0.1",
            "elsewhere.test": "127.0.0.1",
            "localhost": "127.0.0.1",
            "metadata.test": "169.254.169.254",
        },
    )


@pytest.mark.parametrize("host", ["paper.test", "127.0.0.1"])
def test_a_named_host_may_have_a_private_address(asked: Asked, server: Server, host: str) -> None:
    assert asked.outcomes[f"http://{host}:{server.port}/"] == f"{host}:{server.port} /"


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("rebinding.test", "127.0.0.1"),
        ("localhost", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("[::ffff:127.0.0.1]", "::ffff:"),  # Python 3.13 spells the rest otherwise
        ("[::1]", "::1"),
    ],
)
def test_another_name_of_the_same_server_is_refused_with_host_and_address(
    asked: Asked, server: Server, host: str, address: str
) -> None:
    outcome = asked.outcomes[f"http://{host}:{server.port}/"]
    assert outcome.startswith(f"PrivateAddressError: {host}:{server.port} has the address {address}")


def test_a_named_host_is_not_named_on_another_port(asked: Asked) -> None:
    assert asked.outcomes["http://127.0.0.1:9/"].startswith("PrivateAddressError: 127.0.0.1:9 ")


def test_a_name_of_the_metadata_address_is_refused(asked: Asked) -> None:
    outcome = asked.outcomes["http://metadata.test/"]
    assert outcome.startswith("PrivateAddressError: metadata.test:80 has the address 169.254.169.254")


def test_a_redirect_to_a_private_name_is_refused(asked: Asked, server: Server) -> None:
    outcome = asked.outcomes[f"http://paper.test:{server.port}/away"]
    assert outcome.startswith(f"PrivateAddressError: elsewhere.test:{server.port} ")


def test_a_name_that_nobody_knows_stays_a_dns_error(asked: Asked) -> None:
    assert asked.outcomes["http://nowhere.test/"].startswith("CannotResolveHostError")


def test_a_refused_host_is_neither_connected_to_nor_tried_again(asked: Asked, server: Server) -> None:
    assert asked.lookups.count("rebinding.test") == 1
    assert not any("rebinding" in request.headers["host"] for request in server.requests)


def test_a_refusal_is_no_error_in_the_log(asked: Asked) -> None:
    assert "nowhere.test" in asked.errors
    assert "Private" not in asked.errors
    assert "Traceback" not in asked.errors


def test_a_proxy_of_the_environment_may_be_private_and_resolves_the_names_itself(server: Server) -> None:
    url = "http://paper.test/page"
    asked = ask([url], http_proxy=f"http://127.0.0.1:{server.port}")
    assert asked.outcomes == {url: f"paper.test {url}"}
    assert asked.lookups == []


def test_a_proxy_with_a_name_is_reached_for_a_tunnel(server: Server) -> None:
    url = "https://paper.test/page"
    asked = ask([url], dns={"proxy.test": "127.0.0.1"}, https_proxy=f"http://proxy.test:{server.port}")
    assert "Could not open CONNECT tunnel" in asked.outcomes[url]
    assert asked.lookups == ["proxy.test"]
