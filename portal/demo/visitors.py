"""Browsers and addresses from which the demo's people work, and those outside read."""

from random import Random

from accounts.visitors import Visitor
from core.network import network_of

BROWSERS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 "
    "Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 "
    "Mobile/15E148 Safari/604.1",
)
MAIL_FILTER = "Mozilla/5.0 (compatible; MailGuard/4.2; link scanner)"
# Addresses that belong to nobody: RFC 5737.
ADDRESSES = ("192.0.2.{}", "198.51.100.{}", "203.0.113.{}")


def likely_visitor(random: Random) -> Visitor:
    """Return somebody at a browser somewhere."""
    return _visitor(random, random.choice(BROWSERS))


def mail_filter(random: Random) -> Visitor:
    """Return a program that looks at the links in mails before they are read."""
    return _visitor(random, MAIL_FILTER)


def _visitor(random: Random, browser: str) -> Visitor:
    address = random.choice(ADDRESSES).format(random.randint(10, 240))
    return Visitor(ip_address=address, network=network_of(address), browser=browser, known_browser="")
