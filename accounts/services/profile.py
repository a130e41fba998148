"""Keep what a person changed about themself that needs no proof."""

from collections.abc import Mapping

from accounts.choices import SecurityEventKind
from accounts.models import User
from accounts.services.security_log import record
from accounts.visitors import Visitor

OPEN_FIELDS = frozenset(
    {
        "first_name",
        "last_name",
        "time_zone",
        "date_culture",
        "default_sms_country",
        "language",
        "hour_clock",
        "iso_dates",
        "is_warned_of_unread",
    }
)


def save_profile(*, user: User, changes: Mapping[str, object], visitor: Visitor) -> None:
    """Write only the fields that were really changed, so that two tabs do not undo each other.

    Args:
        changes: cleaned values by field name; anything that needs a proof is ignored here.
    """
    wanted = {name: value for name, value in changes.items() if name in OPEN_FIELDS}
    if not wanted:
        return
    User.objects.filter(pk=user.pk).update(**wanted)
    for name, value in wanted.items():
        setattr(user, name, value)
    record(user=user, kind=SecurityEventKind.PROFILE_CHANGED, visitor=visitor)


def decline_zone_offer(*, user: User) -> None:
    """Remember that the browser's time zone was offered once."""
    User.objects.filter(pk=user.pk).update(is_zone_offered=True)
