"""How dates are written for people outside, whose habits nobody knows, and what the clock of a reader shows."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from accounts.models import User
from core import cultures
from core.cultures import Habits
from core.db import database_now

CULTURES = {"en": "en-CA", "fr": "fr-CA"}


def outside_habits(sender: User, language: str) -> Habits:
    """Return how dates are written for somebody who has no account: in their language, by the sender's clock."""
    own = sender.date_culture
    culture = own if own.partition("-")[0] == language else CULTURES.get(language, settings.DEFAULT_CULTURE)
    return Habits(culture=culture, zone=sender.time_zone)


def local_now() -> datetime:
    """Return the present instant as the clock of whoever reads the page shows it."""
    return database_now().astimezone(ZoneInfo(cultures.current().zone))
