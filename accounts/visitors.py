"""Who stands at the door: address, network, browser."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from core.network import client_address, network_of

KNOWN_BROWSER_COOKIE = "browser"
BROWSER_MOST_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Visitor:
    """What a request tells about where it comes from.

    Args:
        ip_address: of the browser, or nothing.
        network: that shares a budget.
        browser: name the browser gives itself, shortened.
        known_browser: secret of the long-lived cookie, or nothing.
    """

    ip_address: str
    network: str
    browser: str
    known_browser: str


def visitor_of(request: HttpRequest) -> Visitor:
    """Return what a request tells about where it comes from."""
    address = client_address(request)
    return Visitor(
        ip_address=address,
        network=network_of(address),
        browser=_printable(request.headers.get("User-Agent", ""))[:BROWSER_MOST_CHARACTERS],
        known_browser=request.COOKIES.get(settings.COOKIE_PREFIX + KNOWN_BROWSER_COOKIE, ""),
    )


def _printable(text: str) -> str:
    return "".join(character for character in text if character.isprintable())
