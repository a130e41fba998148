"""The organization at a glance, for its administrators."""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.models import Organization
from accounts.people import signed_in
from core import cultures
from core.templatetags.cultures import machine_instant
from licenses.access import PoolLine, pool_of
from licenses.features import plan_name


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a new user of an organization begins with, in the words of the reader.

    Args:
        sample: the present instant as such a user reads it; sample_machine is the same for machines.
    """

    language: str
    time_zone: str
    date_culture: str
    sms_country: str
    sample: str
    sample_machine: str


@dataclass(frozen=True, slots=True)
class NamedLine:
    """The licenses of one plan, with the plan's name in the language of the page."""

    name: str
    line: PoolLine


@require_safe
def organization(request: HttpRequest) -> HttpResponse:
    """Show name, defaults of new users, people and licenses."""
    user = signed_in(request)
    if user.organization is None or not user.is_administrator:
        raise PermissionDenied
    pool = pool_of(user.organization)
    context = {
        "organization": user.organization,
        "beginning": _beginning(user.organization),
        "users_count": user.organization.users.count(),
        "pool": [NamedLine(plan_name(line.plan), line) for line in pool],
        "bought": sum(line.bought for line in pool),
        "assigned": sum(line.assigned for line in pool),
        "free": sum(line.free for line in pool),
    }
    return render(request, "portal/organization.html", context)


def _beginning(found: Organization) -> Beginning:
    language, now = (get_language() or settings.LANGUAGE_CODE)[:2], timezone.now()
    habits = cultures.Habits(culture=found.date_culture, zone=found.time_zone)
    return Beginning(
        language=dict(settings.LANGUAGES).get(found.language, found.language),
        time_zone=cultures.zone_label(found.time_zone, language, now),
        date_culture=cultures.culture_label(found.date_culture, language),
        sms_country=cultures.region_label(found.default_sms_country, language),
        sample=cultures.format_instant(now, habits=habits),
        sample_machine=machine_instant(now),
    )
