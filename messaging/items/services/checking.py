"""Note that a link was looked at: one counted line for each link and hour, and nothing else.

Mail filters fetch every link before a person sees it. What can be told apart by its method, its name or its network is
called automatic, and so is what no opening by the same browser follows. Source: docs/decisions/0043-outside-pages.md
"""

import ipaddress
import re
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.expressions import RawSQL

from accounts.visitors import Visitor
from core import keys, throttle
from core.crypto.sealing import keyed_hash
from core.db import database_now
from messaging.items.limits import BROWSER_CHARACTERS, BROWSERS_KNOWN_AN_HOUR, LINKS_NOBODY_MADE
from messaging.items.models import Link, LinkCheck

# How programs that look at links call themselves beside a browser's name. (Cubot makes phones.)
PROGRAMS = re.compile(
    r"(?<!cu)bot\b|crawl|spider|scan|preview|prefetch|headless|phantom|barracuda|proofpoint|mimecast|symantec|trendmicro"
    r"|sophos|fortinet|safelinks",
    re.IGNORECASE,
)
# Every browser that a person uses begins so; programs that do not pretend to be one do not.
BROWSERS_BEGIN = "Mozilla/5.0 "
# Networks from which mail filters look at links; no person browses from them.
# Source: Microsoft 365 address ranges of Exchange Online Protection; RIR entries of Proofpoint.
FILTER_NETWORKS = tuple(
    map(
        ipaddress.ip_network,
        ["40.92.0.0/15", "40.107.0.0/16", "52.100.0.0/14", "104.47.0.0/17", "67.231.144.0/20", "148.163.128.0/19"],
    )
)

# The browsers of a line with one more behind them. Written out: a look at a link nobody made must take as long.
BROWSERS_WITH = f"""
CASE WHEN browsers LIKE '%%' || %s || '%%' THEN browsers
     WHEN length(browsers) < {BROWSERS_KNOWN_AN_HOUR * BROWSER_CHARACTERS} THEN browsers || %s
     ELSE substr(browsers, {BROWSER_CHARACTERS + 1}) || %s END
"""


@dataclass(frozen=True, slots=True)
class Look:
    """One request for a link's page.

    Args:
        purpose: what the browser says it fetches the page for; empty where a person asked for it.
    """

    method: str
    purpose: str
    visitor: Visitor

    @property
    def is_automatic(self) -> bool:
        """Tell whether method, name or network show that no person asked."""
        is_by_name = not self.visitor.browser.startswith(BROWSERS_BEGIN) or PROGRAMS.search(self.visitor.browser)
        return self.method != "GET" or bool(self.purpose or is_by_name) or _is_of_filter(self.visitor.ip_address)


def note_check(*, link: Link | None, locator: bytes | None, look: Look, at: datetime | None = None) -> None:
    """Count one look at a link; a link that nobody made costs the same work, the first time as well as later.

    Args:
        locator: of the address; None where it holds none.
        at: aware instant; None for now.
    """
    hour_at = _hour_of(at or database_now())
    if link is None:
        throttle.note(LINKS_NOBODY_MADE, f"{(locator or b'').hex()}:{hour_at}", at=hour_at)
        return
    if not _count(link, hour_at, look):
        try:
            with transaction.atomic():
                first = LinkCheck(link=link, hour_at=hour_at, checks=1, is_automatic=look.is_automatic)
                first.automatic_checks = int(look.is_automatic)
                first.browsers = _browser_looking(link, look)
                first.save(force_insert=True)
        except IntegrityError:  # somebody else looked first in this hour
            _count(link, hour_at, look)


def _count(link: Link, hour_at: datetime, look: Look) -> bool:
    """Count a look where the line of its hour exists; an hour in which a person looked is not called automatic."""
    row = LinkCheck.objects.filter(link=link, hour_at=hour_at)
    if look.is_automatic:
        return row.update(checks=F("checks") + 1, automatic_checks=F("automatic_checks") + 1) == 1
    return row.update(checks=F("checks") + 1, is_automatic=False, browsers=_with(_browser_looking(link, look))) == 1


def note_opened(*, link: Link, visitor: Visitor) -> None:
    """Note with the looks at a link that the browser which made them has opened it; one statement."""
    made_by_it = LinkCheck.objects.filter(link=link, is_opened=False, browsers__contains=_browser_at(link, visitor))
    made_by_it.update(is_opened=True)


def _with(browser: str) -> RawSQL:
    """Add a browser to those of a line, once; the oldest makes place."""
    return RawSQL(BROWSERS_WITH, [browser, browser, browser])  # noqa: S611  # a fixed statement


def _browser_looking(link: Link, look: Look) -> str:
    """Return the digest of the browser that looked; nothing where no opening can follow."""
    return "" if look.is_automatic or link.ended_at is not None else _browser_at(link, look.visitor)


def _browser_at(link: Link, visitor: Visitor) -> str:
    """Return the digest by which a browser is known again at one link, and at no other."""
    key = keys.derived("browsers that look at links")
    return keyed_hash(key, str(link.pk), visitor.network, visitor.browser).hex()[: BROWSER_CHARACTERS - 1] + " "


def _hour_of(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _is_of_filter(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in FILTER_NETWORKS)
