"""How long an item can be made to live, in words."""

from django.utils.translation import ngettext

from core import cultures
from messaging.items.limits import DAY, HOUR, LIVES_OFFERED_HOURS

DAY_HOURS = DAY // HOUR


def lives_offered(longest_hours: int) -> list[tuple[int, str]]:
    """Return the lives up to the longest one, in whole hours and in words, shortest first; the longest one is one."""
    hours = {*(life for life in LIVES_OFFERED_HOURS if life <= longest_hours), longest_hours}
    return [(life, life_in_words(life)) for life in sorted(hours)]


def life_in_words(hours: int) -> str:
    """Write a number of hours as whole days, or as hours where it is not a number of days."""
    days, more = divmod(hours, DAY_HOURS)
    if more:
        return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": cultures.format_number(hours)}
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": cultures.format_number(days)}
