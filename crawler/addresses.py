"""Which hosts may be connected to: a URL's host -> the IP address that it spells; an IP address -> public or not.

A feed may link to anything. What it links to is fetched from inside of whoever's network the crawl runs in, so only
public addresses are connected to, and those that publishers.toml names. Text in, answers out: names are resolved
elsewhere, and the address that is checked must be the one connected to (crawler.resolver).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from urllib.parse import unquote

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# What Python's ipaddress calls global, at least before 3.13, and is no web server's address all the same.
# https://www.iana.org/assignments/iana-ipv4-special-registry, and the one for IPv6; seen 2026.
_NOT_WEB = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24",  # protocol assignments; Oracle's cloud has its metadata at 192.0.0.192
        "192.88.99.0/24",  # 6to4 relays, given up (RFC 7526)
        "168.63.129.16/32",  # Azure's host, as every machine there sees it: a public address that is not
        "2001::/23",  # protocol assignments, Teredo among them: it tunnels to whatever address it embeds
        "3fff::/20",  # documentation (RFC 9637)
    )
)
# All IPv6 unicast that is assigned; the rest is local, reserved or embeds IPv4 in a way that nobody routes.
_IPV6_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are the IPv4 address

_DEFAULT_PORTS = (":80", ":443")
_DIGITS = {8: re.compile("[0-7]*"), 10: re.compile("[0-9]+"), 16: re.compile("[0-9a-f]*")}


def is_public(ip: str) -> bool:
    """Whether anybody's server may have this address: globally reachable unicast, by IANA's registries.

    Not so: private, loopback, link-local (the metadata address 169.254.169.254 of most clouds with it), shared (CGNAT),
    multicast, reserved, unspecified, documentation, benchmark, and anything with a zone (`%eth0`). An IPv6 address that
    is a spelling of an IPv4 one (IPv4-mapped, NAT64, 6to4) is as public as that. What is no address is not public.
    """
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return False
    embedded = _embedded(address)
    if embedded is not None:
        return is_public(str(embedded))
    if isinstance(address, ipaddress.IPv6Address) and (address.scope_id or address not in _IPV6_UNICAST):
        return False
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not any(address in network for network in _NOT_WEB if network.version == address.version)
    )


def literal(host: str) -> str | None:
    """The IP address that the host of a URL spells, in its usual form ("127.0.0.1", "::1"); None for a name.

    As browsers and inet_aton read it (https://url.spec.whatwg.org/#concept-ipv4-parser): one to four parts, each
    decimal, octal (017) or hexadecimal (0xf), the last one filling what is left: 127.1, 2130706433, 0x7f000001. Dots at
    the end, percent-encoding and wide digits are seen through. IPv6 with or without brackets; its zone stays.
    """
    host = unquote(host).strip().rstrip(".")
    if not host.isascii():
        try:
            host = host.encode("idna").decode().rstrip(".")
        except UnicodeError:
            return None
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    if ":" in host:
        try:
            return str(ipaddress.IPv6Address(host))
        except ValueError:
            return None
    numbers = [_number(part) for part in host.lower().split(".")]
    if len(numbers) > 4:
        return None
    *first, last = numbers
    value = 0
    for number in first:
        if number is None or number > 255:
            return None
        value = value << 8 | number
    left = 8 * (4 - len(first))
    if last is None or last >> left:
        return None
    return str(ipaddress.IPv4Address(value << left | last))


def allowed(host: str, ip: str, named: Collection[str]) -> bool:
    """Whether the address `ip` may be connected to for the sake of `host`: it is public, or `host` is named.

    `host` and `named` are hosts as `crawler.urls.host` spells them, with the port where it is not the default; ":80"
    and ":443" may stand in `host` all the same. A named 127.0.0.1:8001 does not open 127.0.0.1:22, nor localhost:8001;
    a named name may resolve to whatever its owner likes.
    """
    return host in named or any(host.removesuffix(port) in named for port in _DEFAULT_PORTS) or is_public(ip)


def _embedded(address: IPAddress) -> ipaddress.IPv4Address | None:
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour


def _number(part: str) -> int | None:
    """A part of an IPv4 address; None if it is none, or has more digits than any has."""
    if len(part) > 64:
        return None
    base, digits = 10, part
    if part.startswith("0x"):
        base, digits = 16, part[2:]
    elif part.startswith("0") and len(part) > 1:
        base, digits = 8, part[1:]
    return int(digits or "0", base) if _DIGITS[base].fullmatch(digits) else None
