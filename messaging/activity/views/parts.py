"""What stands above both parts of the page."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language

from accounts.models import User
from core import cultures
from messaging.activity.addresses import log_url
from messaging.activity.choices import Part

PART = "part"


@dataclass(frozen=True, slots=True)
class Segment:
    """A way to one of a few views."""

    label: str | Promise
    url: str
    is_current: bool


def head_of(user: User, part: Part) -> dict[str, Any]:
    """Return the choice of the part, and the zone in words."""
    address = log_url()
    urls = {Part.LOG: address, Part.STATISTICS: f"{address}?{PART}={Part.STATISTICS}"}
    return {
        "segments": [Segment(shown.label, url, shown is part) for shown, url in urls.items()],
        "zone": cultures.zone_label(user.time_zone, (get_language() or "en")[:2], timezone.now()),
    }
