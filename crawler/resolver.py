"""Names -> addresses for Scrapy's downloads, none of them private unless its host is named: TWISTED_DNS_RESOLVER.

Twisted asks the reactor's name resolver before every connection, literals included, with the port, and connects to the
addresses that it gets (HostnameEndpoint in twisted.internet.endpoints). So the address checked here is the one
connected to: there is no second look-up in between, for a rebinding name to answer otherwise.

Behind a proxy only the proxy's own address is asked for, which whoever set it answers for; the pages' names are then
resolved by the proxy, out of reach. What can be refused there are literals, by the middleware.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, Any, NoReturn, Self
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy.exceptions import IgnoreRequest
from scrapy.resolver import CachingThreadedResolver, HostResolution
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler import addresses

if TYPE_CHECKING:
    from scrapy.crawler import CrawlerProcess
    from twisted.internet.base import ReactorBase


class PrivateAddressError(IgnoreRequest):
    """A host that nobody named has an address that is not public: it was not connected to. Reaches the errback."""

    def __init__(self, host: str, address: str) -> None:
        super().__init__(f"{host} has the address {address}: want a public one, or the host named in publishers.toml")
        self.host = host  #: host:port
        self.address = address


@implementer(IHostnameResolver)
class PublicResolver:
    """Scrapy's default resolver (IPv4, DNS_TIMEOUT, DNSCACHE_ENABLED), whose answers are checked, cached ones too.

    `named` gives the hosts, as crawler.urls.host spells them, that may have any address. It is asked each time, since
    Scrapy sets up the resolver before the spider. A host with a private address among several is refused as a whole.
    """

    def __init__(self, reactor: ReactorBase, resolver: CachingThreadedResolver, named: Callable[[], Collection[str]]):
        self._reactor = reactor
        self._resolver = resolver
        self._named = named
        self._names: Any = None  # an IHostnameResolver; zope's interfaces are no types

    @classmethod
    def from_crawler(cls, crawler: CrawlerProcess, reactor: ReactorBase) -> Self:
        """`crawler` is the process: Scrapy has one resolver for all its crawlers. Their spiders' `named_hosts` (a set)
        are named, and the proxies of the environment."""
        proxies = frozenset(_proxies()) if crawler.settings.getbool("HTTPPROXY_ENABLED") else frozenset()

        def named() -> Collection[str]:
            return proxies.union(*(getattr(each.spider, "named_hosts", ()) for each in crawler.crawlers))

        return cls(reactor, CachingThreadedResolver.from_crawler(crawler, reactor), named)  # type: ignore[arg-type]  # by Scrapy

    def install_on_reactor(self) -> None:
        self._resolver.install_on_reactor()
        self._names = self._reactor.nameResolver
        self._reactor.installNameResolver(self)  # type: ignore[arg-type]

    def resolveHostName(  # noqa: N802 - Twisted's
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Any = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        checked = _Checked(resolutionReceiver, _host(hostName, portNumber), self._named)
        literal = addresses.literal(hostName)
        if literal is None:
            return self._names.resolveHostName(checked, hostName, portNumber, addressTypes, transportSemantics)
        # Scrapy's resolver knows no IPv6, not even as a literal.
        resolution = HostResolution(hostName)
        checked.resolutionBegan(resolution)
        checked.addressResolved((IPv6Address if ":" in literal else IPv4Address)("TCP", literal, portNumber))
        checked.resolutionComplete()
        return resolution


@implementer(IResolutionReceiver)
class _Checked:
    """Passes on what is resolved, refused addresses as such."""

    def __init__(self, receiver: Any, host: str, named: Callable[[], Collection[str]]) -> None:
        self._receiver = receiver
        self._host = host
        self._named = named

    def resolutionBegan(self, resolutionInProgress: Any) -> None:  # noqa: N802, N803
        self._receiver.resolutionBegan(resolutionInProgress)

    def addressResolved(self, address: IPv4Address | IPv6Address) -> None:  # noqa: N802
        # Most are public, and need no look at the thousands that are named.
        if not addresses.is_public(address.host) and not addresses.allowed(self._host, address.host, self._named()):
            address = _RefusedAddress(PrivateAddressError(self._host, address.host))
        self._receiver.addressResolved(address)

    def resolutionComplete(self) -> None:  # noqa: N802
        self._receiver.resolutionComplete()


class _RefusedAddress(IPv4Address):
    """An address that nobody can read, hence not connect to.

    A name resolver has no way to fail but to find nothing, which would be reported as a DNS error and tried again.
    Raising where the endpoint reads the address makes the connection fail with the error itself.
    """

    def __init__(self, error: PrivateAddressError) -> None:
        self.error = error

    @property
    def host(self) -> NoReturn:  # type: ignore[override]
        raise self.error


def _host(name: str, port: int) -> str:
    """host:port, spelt as crawler.urls.host does, but that a default port stays."""
    name = name.rstrip(".").lower()
    if not name.isascii():  # Twisted hands out the Unicode form of xn--…
        try:
            name = name.encode("idna").decode()
        except UnicodeError:  # IDNA 2008 has letters that 2003 has not: no name of publishers.toml
            return f"{name}:{port}"
    return f"[{name}]:{port}" if ":" in name else f"{name}:{port}"


def _proxies() -> Iterator[str]:
    for scheme, url in getproxies().items():
        try:
            parts = urlsplit(url if "//" in url else f"{scheme}://{url}")
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:  # a path or a pattern (no_proxy)
            continue
        if scheme in ("http", "https", "all") and parts.hostname:
            yield _host(parts.hostname, port)
            yield _host(parts.hostname, 0)  # a tunnel asks for the address alone
