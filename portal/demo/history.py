"""What happened to the accounts of the demo's people before today: lines of the security log."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from accounts.choices import SecurityEventKind
from accounts.limits import KNOWN_BROWSER_SECONDS
from accounts.models import KnownBrowser, User
from accounts.services.known_browsers import remember
from accounts.services.security_log import record
from accounts.visitors import Visitor
from portal.demo.moments import office_moments
from portal.demo.visitors import likely_visitor

LOG_DAYS = 44
CHANCE_OF_A_DAY = 0.6
CHANCE_OF_A_SLIP = 0.12
CHANCE_OF_A_CHANGE = 0.06


def write_security_log(*, user: User, method: str, now: datetime) -> None:
    """Write some weeks of a person's security log.

    Args:
        method: by which the person signs in: password, or sms where 2FA is on.
        now: aware instant; every line lies before it.
    """
    random = Random(user.email)  # noqa: S311  (a likely past, not a secret)
    home = likely_visitor(random)
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
