"""What happened to the demo's people before today: months counted, lines of the security log."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from accounts.choices import SecurityEventKind
from accounts.limits import KNOWN_BROWSER_SECONDS
from accounts.models import KnownBrowser, User
from accounts.services.known_browsers import remember
from accounts.services.security_log import record
from accounts.visitors import Visitor
from core.network import network_of
from licenses.models import License
from messaging.quota.months import Month, month_of
from messaging.quota.services.counting import take_message
from portal.demo.moments import last_office_moment, office_moments

LOG_DAYS = 44
CHANCE_OF_A_DAY = 0.6
CHANCE_OF_A_SLIP = 0.12
CHANCE_OF_A_CHANGE = 0.06

BROWSERS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 "
    "Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 "
    "Mobile/15E148 Safari/604.1",
)
# Addresses that belong to nobody: RFC 5737.
ADDRESSES = ("192.0.2.{}", "198.51.100.{}", "203.0.113.{}")


def count_months(*, license: License, messages: tuple[int, ...], now: datetime) -> None:
    """Count messages in the months up to the present one, each by its last office hour.

    Args:
        license: with its holder and plan.
        messages: whole messages of each month, oldest first, the present month last.
        now: aware instant.
    """
    holder = license.holder
    zone = holder.time_zone if holder is not None else license.organization.time_zone
    random = Random(f"months {license.pk}")  # noqa: S311  (a likely past, not a secret)
    for month, cost in zip(_months_up_to(now, zone, len(messages)), messages, strict=True):
        ends_at = min(month.resets_at, now)
        at = last_office_moment(starts_at=month.starts_at, ends_at=ends_at, zone=zone, random=random)
        take_message(license=license, at=at, cost=cost)


def write_security_log(*, user: User, method: str, now: datetime) -> None:
    """Write some weeks of a person's security log.

    Args:
        method: by which the person signs in: password, or sms where 2FA is on.
        now: aware instant; every line lies before it.
    """
    random = Random(user.email)  # noqa: S311  (a likely past, not a secret)
    home = _visitor(random)
    moments = list(
        office_moments(
            days=LOG_DAYS, zone=user.time_zone, now=now - timedelta(minutes=1), random=random, chance=CHANCE_OF_A_DAY
        )
    )
    for at in moments:
        _write_day(user, method, home, at, random)
    _remember_browser(user, home, moments)


def _write_day(user: User, method: str, visitor: Visitor, at: datetime, random: Random) -> None:
    before = at - timedelta(seconds=random.randint(20, 50))
    if random.random() < CHANCE_OF_A_SLIP:
        record(user=user, kind=SecurityEventKind.PASSWORD_WRONG, visitor=visitor, method="password", at=before)
    if method == "sms":
        record(user=user, kind=SecurityEventKind.CODE_SENT, visitor=visitor, method="sms", at=before)
    record(user=user, kind=SecurityEventKind.SIGNED_IN, visitor=visitor, method=method, at=at)
    if random.random() < CHANCE_OF_A_CHANGE:
        changed_at = at + timedelta(seconds=30)
        record(user=user, kind=SecurityEventKind.PROFILE_CHANGED, visitor=visitor, at=changed_at)


def _remember_browser(user: User, visitor: Visitor, moments: Sequence[datetime]) -> None:
    """Let the browser of these sign-ins be known, and signed out since."""
    if moments:
        browser = remember(user=user, visitor=visitor).browser
        kept_until = moments[-1] + timedelta(seconds=KNOWN_BROWSER_SECONDS)
        KnownBrowser.objects.filter(pk=browser.pk).update(
            first_seen_at=moments[0], signed_in_at=moments[-1], expires_at=kept_until
        )


def _visitor(random: Random) -> Visitor:
    address = random.choice(ADDRESSES).format(random.randint(10, 240))
    return Visitor(ip_address=address, network=network_of(address), browser=random.choice(BROWSERS), known_browser="")


def _months_up_to(now: datetime, zone: str, count: int) -> list[Month]:
    months = [month_of(now, zone)]
    while len(months) < count:
        months.insert(0, month_of(months[0].starts_at - timedelta(days=1), zone))
    return months
