"""Where a request comes from: nobody chooses their own network by typing a header."""

import ipaddress

import pytest
from django.http import HttpRequest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from core.network import client_address, network_of

PROXY, OUTER_PROXY, PERSON, FORGED = "10.0.0.2", "10.0.0.3", "203.0.113.7", "198.51.100.9"


def request_from(address: str, forwarded: str | None = None) -> HttpRequest:
    """Return a request as the server hands it over."""
    request = HttpRequest()
    request.META["REMOTE_ADDR"] = address
    if forwarded is not None:
        request.META["HTTP_X_FORWARDED_FOR"] = forwarded
    return request


@pytest.mark.parametrize("forwarded", [FORGED, f"{FORGED}, {FORGED}", "", "127.0.0.1", "unknown", "x" * 10_000])
def test_without_a_proxy_a_forwarded_address_is_ignored(forwarded: str) -> None:
    assert client_address(request_from(PERSON, forwarded)) == PERSON


@pytest.mark.parametrize(
    ("forwarded", "expected"),
    [
        (None, PROXY),
        ("", PROXY),
        (PERSON, PERSON),
        (f"{FORGED}, {PERSON}", PERSON),
        (f"{FORGED},{PERSON} , {OUTER_PROXY}", PERSON),
        (f"{OUTER_PROXY}, {PERSON}", PERSON),
        ("2001:db8::7", "2001:db8::7"),
        (f"{PERSON}:4711", PROXY),
        (f"{PERSON}, nonsense, {OUTER_PROXY}", OUTER_PROXY),
        ("nonsense", PROXY),
        (f"{OUTER_PROXY}, {OUTER_PROXY}", OUTER_PROXY),
    ],
)
def test_behind_named_proxies_the_last_untrusted_hop_counts(
    settings: Settings, forwarded: str | None, expected: str
) -> None:
    settings.TRUSTED_PROXIES = (PROXY, "10.0.0.3/32", "fd00::/8")
    assert client_address(request_from(PROXY, forwarded)) == expected


def test_a_proxy_nobody_named_is_not_believed(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = (PROXY,)
    assert client_address(request_from(OUTER_PROXY, PERSON)) == OUTER_PROXY


def test_a_link_local_address_loses_the_name_of_its_interface() -> None:
    assert client_address(request_from("fe80::1%eth0")) == "fe80::1"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("203.0.113.250", "203.0.113.0/24"),
        ("203.0.114.7", "203.0.114.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:203.0.113.9", "203.0.113.0/24"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("unix:", "unknown"),
        ("203.0.113.7:80", "unknown"),
    ],
)
def test_a_network_is_a_24_or_a_64(address: str, network: str) -> None:
    """Statement 51."""
    assert network_of(address) == network


@given(st.ip_addresses())
def test_every_address_belongs_to_its_network(address: "ipaddress.IPv4Address | ipaddress.IPv6Address") -> None:
    network = ipaddress.ip_network(network_of(str(address)))
    inner = getattr(address, "ipv4_mapped", None) or address
    assert inner in network
    assert network_of(str(inner)) == str(network)


@given(st.text(max_size=60), st.text(max_size=20))
def test_whatever_a_header_holds_the_answer_is_an_address(forwarded: str, remote: str) -> None:
    assert client_address(request_from(remote, forwarded)) in (remote, remote.partition("%")[0])
