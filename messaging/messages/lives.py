"""How long a message can be made to live, in words."""

from messaging.items import lives
from messaging.messages.limits import DAY_HOURS


def lives_offered(longest_days: int) -> list[tuple[int, str]]:
    """Return the lives that a plan allows, in hours and in words, shortest first; the longest one is among them."""
    return lives.lives_offered(longest_days * DAY_HOURS)
