"""How long a message can be made to live, in words."""

from datetime import timedelta

from django.utils.translation import ngettext

from core import cultures
from messaging.messages.limits import DAY_HOURS, LIVES_OFFERED_HOURS


def lives_offered(longest_days: int) -> list[tuple[int, str]]:
    """Return the lives that a plan allows, in hours, shortest first; the longest one is always among them."""
    longest_hours = longest_days * DAY_HOURS
    hours = {*(life for life in LIVES_OFFERED_HOURS if life <= longest_hours), longest_hours}
    return [(life, in_words(timedelta(hours=life))) for life in sorted(hours)]


def in_words(life: timedelta) -> str:
    """Write a time as whole days, or as whole hours below one day."""
    hours = int(life.total_seconds()) // 3600
    if hours < DAY_HOURS:
        return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": cultures.format_number(hours)}
    days = hours // DAY_HOURS
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": cultures.format_number(days)}
