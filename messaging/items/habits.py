"""How dates are written for people outside, whose habits nobody knows, and what the clock of a reader shows."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from core import cultures
from core.cultures import Habits
from core.db import database_now
from messaging.items.models import Item

CULTURES = {"en": "en-CA", "fr": "fr-CA"}


def outside_habits(item: Item) -> Habits:
    """Return how dates are written in an item's mails: in its language, by the sender's clock."""
    own = item.sender.date_culture
    culture = own if own.partition("-")[0] == item.language else CULTURES.get(item.language, settings.DEFAULT_CULTURE)
    return Habits(culture=culture, zone=item.sender.time_zone)


def local_now() -> datetime:
    """Return the present instant as the clock of whoever reads the page shows it."""
    return database_now().astimezone(ZoneInfo(cultures.current().zone))
