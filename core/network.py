"""Where a request comes from."""

import ipaddress
from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the address of the browser.

    A forwarded address counts only when the request came through a proxy the operator named; anything before the last
    untrusted hop could have been typed by anybody.
    """
    # A link-local address may name its interface, which no column of addresses takes.
    address = str(request.META.get("REMOTE_ADDR") or "").partition("%")[0]
    if not _is_trusted(address, settings.TRUSTED_PROXIES):
        return address
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    for hop in reversed(hops):
        if not _is_address(hop):
            break
        address = hop
        if not _is_trusted(hop, settings.TRUSTED_PROXIES):
            break
    return address


def network_of(address: str) -> str:
    """Return the network that shares a budget: an IPv4 /24 or an IPv6 /64."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    if isinstance(parsed, ipaddress.IPv4Address):
        return f"{str(parsed).rpartition('.')[0]}.0/24"
    return str(ipaddress.IPv6Network((int(parsed) >> 64 << 64, 64)))


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_trusted(address: str, proxies: Sequence[str]) -> bool:
    if not _is_address(address):
        return False
    return any(ipaddress.ip_address(address) in ipaddress.ip_network(proxy, strict=False) for proxy in proxies)
