"""Public or not, against IANA's registries and Python's ipaddress; every spelling of a literal."""

from __future__ import annotations

import ipaddress
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.addresses import allowed, is_public, literal
from crawler.urls import host

EXAMPLES = settings(max_examples=5_000 if os.environ.get("NEWSFOLD_TEST_FULL") else 200, deadline=None)

IPV4 = st.ip_addresses(v=4)
# Half of them in the ranges that embed IPv4: uniformly drawn ones hardly ever are.
IPV6 = st.one_of(
    st.ip_addresses(v=6),
    st.builds(
        lambda prefix, ip: ipaddress.IPv6Address(int(ipaddress.IPv6Address(prefix)) | int(ip)),
        st.sampled_from(["::", "::ffff:0:0", "64:ff9b::", "64:ff9b:1::", "2001:db8::", "fc00::", "fe80::", "2600::"]),
        IPV4,
    ),
)


@pytest.mark.parametrize(
    "ip",
    [
        "8.8.8.8",
        "93.184.216.34",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.1",
        "223.255.255.255",
        "2606:4700:4700::1111",
        "2a00:1450:4001:830::200e",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
        "2002:808:808::1",
    ],
)
def test_what_anybodys_server_may_have_is_public(ip: str) -> None:
    assert is_public(ip)


@pytest.mark.parametrize(
    ("ip", "what"),
    [
        ("0.0.0.0", "unspecified"),  # noqa: S104 - connects to loopback on Linux
        ("0.1.2.3", "this network"),
        ("10.0.0.1", "private"),
        ("100.64.0.1", "shared: CGNAT"),
        ("100.100.100.200", "metadata of Alibaba"),
        ("127.0.0.1", "loopback"),
        ("127.255.255.254", "loopback"),
        ("168.63.129.16", "Azure's host"),
        ("169.254.1.1", "link-local"),
        ("169.254.169.254", "metadata of most clouds"),
        ("172.16.0.1", "private"),
        ("172.31.255.255", "private"),
        ("192.0.0.1", "protocol assignments"),
        ("192.0.0.192", "metadata of Oracle"),
        ("192.0.2.1", "documentation"),
        ("192.88.99.1", "6to4 relay"),
        ("192.168.1.1", "private"),
        ("198.18.0.1", "benchmark"),
        ("198.19.255.255", "benchmark"),
        ("198.51.100.7", "documentation"),
        ("203.0.113.7", "documentation"),
        ("224.0.0.1", "multicast"),
        ("239.255.255.250", "multicast"),
        ("240.0.0.1", "reserved"),
        ("255.255.255.255", "broadcast"),
        ("::", "unspecified"),
        ("::1", "loopback"),
        ("::127.0.0.1", "IPv4-compatible"),
        ("::8.8.8.8", "IPv4-compatible, given up"),
        ("::ffff:127.0.0.1", "IPv4-mapped"),
        ("::ffff:a9fe:a9fe", "IPv4-mapped metadata"),
        ("::ffff:0:127.0.0.1", "IPv4-translated"),
        ("64:ff9b::10.0.0.1", "NAT64"),
        ("64:ff9b::169.254.169.254", "NAT64"),
        ("64:ff9b:1::8.8.8.8", "NAT64 of one network"),
        ("100::1", "discarded"),
        ("2001::1", "Teredo"),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", "Teredo"),
        ("2001:db8::1", "documentation"),
        ("2002:7f00:1::", "6to4 of loopback"),
        ("2002:a9fe:a9fe::1", "6to4 of the metadata address"),
        ("2002:c0a8:101::1", "6to4 of private"),
        ("3fff::1", "documentation"),
        ("5f00::1", "segment routing"),
        ("fc00::1", "unique local"),
        ("fd00:ec2::254", "metadata of Amazon"),
        ("fe80::1", "link-local"),
        ("fe80::1%eth0", "link-local with a zone"),
        ("2606:4700::1%eth0", "a zone"),
        ("fec0::1", "site-local"),
        ("ff02::1", "multicast"),
        ("", "no address"),
        ("localhost", "no address"),
        ("127.1", "no address in its usual form"),
    ],
)
def test_what_is_not_anybodys_is_not_public(ip: str, what: str) -> None:
    assert not is_public(ip), what


@EXAMPLES
@given(st.one_of(IPV4, IPV6))
def test_what_python_calls_private_in_any_way_is_never_public(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if address.is_private or address.is_loopback or address.is_link_local or address.is_multicast:
        # Python before 3.13 calls all mapped ones private, and since then all of 6to4.
        embedded = isinstance(address, ipaddress.IPv6Address) and (address.ipv4_mapped or address.sixtofour)
        assert not is_public(str(address)) or (embedded and is_public(str(embedded)))


@EXAMPLES
@given(IPV4)
def test_an_ipv4_address_in_ipv6_clothes_is_as_public_as_it_is(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    for clothed in (0xFFFF << 32 | number, 0x64_FF9B << 96 | number, 0x2002 << 112 | number << 80):
        assert is_public(str(ipaddress.IPv6Address(clothed))) == is_public(str(address))


@pytest.mark.parametrize(
    ("spelling", "ip"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.1.", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("127.0.1", "127.0.0.1"),
        ("127.65530", "127.0.255.250"),
        ("2130706433", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0X7F.1", "127.0.0.1"),
        ("0x7f.0x0.0x0.0x1", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("017700000001", "127.0.0.1"),
        ("0177.0x0.1", "127.0.0.1"),
        ("00000000177.0.0.1", "127.0.0.1"),
        ("0", "0.0.0.0"),  # noqa: S104
        ("0x", "0.0.0.0"),  # noqa: S104
        ("0x.0x.0", "0.0.0.0"),  # noqa: S104
        ("4294967295", "255.255.255.255"),
        ("169.254.43518", "169.254.169.254"),
        ("%31%32%37.0.0.1", "127.0.0.1"),
        ("127%2e0.0.1", "127.0.0.1"),
        ("１２７.０.０.１", "127.0.0.1"),
        ("127。0。0。1", "127.0.0.1"),
        ("[::1]", "::1"),
        ("::1", "::1"),
        ("[0:0:0:0:0:0:0:1]", "::1"),
        ("[FE80::1%25eth0]", "fe80::1%eth0"),
        ("[2001:DB8::0001]", "2001:db8::1"),
    ],
)
def test_every_spelling_of_an_address_is_seen_through(spelling: str, ip: str) -> None:
    assert literal(spelling) == ip


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "localhost",
        "guardian.example",
        "127.0.0.1.example",
        "127.0.0.1.nip.example",
        "1.2.3.4.5",
        "256.0.0.1",
        "127.0.0.256",
        "1.2.65536",
        "4294967296",
        "0x1ffffffff",
        "08.0.0.1",
        "0xg",
        "1..2",
        "1e3",
        "-1",
        "+1.0.0.1",
        "١.0.0.1.x",
        "9" * 5_000,
        "[::1",
        "[127.0.0.1",
        "[gg::1]",
        "a" * 70 + "é",
    ],
)
def test_a_name_spells_no_address(name: str) -> None:
    assert literal(name) is None


def _spelt(number: int, base: int) -> str:
    return {8: f"0{number:o}", 10: str(number), 16: f"0x{number:x}"}[base]


@EXAMPLES
@given(IPV4, st.integers(1, 4), st.lists(st.sampled_from([8, 10, 16]), min_size=4, max_size=4))
def test_any_number_of_parts_in_any_base_spells_the_same_address(
    address: ipaddress.IPv4Address, parts: int, bases: list[int]
) -> None:
    octets = list(address.packed)
    numbers = [*octets[: parts - 1], int.from_bytes(octets[parts - 1 :], "big")]
    assert literal(".".join(map(_spelt, numbers, bases))) == str(address)


@EXAMPLES
@given(st.one_of(IPV4, IPV6))
def test_the_usual_form_of_an_address_spells_itself(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    assert literal(str(address)) == str(address)


@EXAMPLES
@given(st.text())
def test_any_text_is_an_address_or_none(text: str) -> None:
    ip = literal(text)
    assert ip is None or ipaddress.ip_address(ip)


NAMED = frozenset({"127.0.0.1:8001", "intranet.example", "[::1]:8001", "paper.example:8080"})


@pytest.mark.parametrize(
    ("at", "ip"),
    [
        ("127.0.0.1:8001", "127.0.0.1"),
        ("[::1]:8001", "::1"),
        ("paper.example:8080", "10.0.0.8"),
        ("intranet.example", "10.0.0.9"),
        ("intranet.example:80", "10.0.0.9"),
        ("intranet.example:443", "10.0.0.9"),
        ("elsewhere.example:22", "93.184.216.34"),
    ],
)
def test_a_public_address_is_allowed_and_any_of_a_named_host(at: str, ip: str) -> None:
    assert allowed(at, ip, NAMED)


@pytest.mark.parametrize(
    ("at", "ip"),
    [
        ("127.0.0.1:22", "127.0.0.1"),
        ("127.0.0.1", "127.0.0.1"),
        ("localhost:8001", "127.0.0.1"),
        ("rebinding.example:8001", "127.0.0.1"),
        ("intranet.example:8080", "10.0.0.9"),
        ("paper.example", "10.0.0.8"),
        ("a.intranet.example", "10.0.0.9"),
        ("elsewhere.example", "169.254.169.254"),
    ],
)
def test_a_private_address_is_not_allowed_to_any_other_host_or_port(at: str, ip: str) -> None:
    assert not allowed(at, ip, NAMED)


def test_a_host_is_spelt_as_urls_host_spells_it() -> None:
    assert allowed(host("http://127.0.0.1:8001/a"), "127.0.0.1", {host("HTTP://127.0.0.1:8001/feed")})
