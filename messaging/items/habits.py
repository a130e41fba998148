"""How dates and numbers are written for people outside, whose habits nobody knows."""

from core.cultures import Habits
from messaging.items.models import Item

CULTURES = {"en": "en-CA", "fr": "fr-CA"}


def outside_habits(item: Item) -> Habits:
    """Return the habits of an item's mails: its language, and the clock of the organization that sent it."""
    return Habits(culture=CULTURES[item.language], zone=item.organization.time_zone)
