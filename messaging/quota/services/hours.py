"""Take sends from the hour of a person: what keeps a stolen account from writing to thousands."""

from datetime import datetime

from accounts.models import User
from core.throttle import Limit, take
from licenses.models import Plan

HOUR_SECONDS = 3600


def take_send(*, plan: Plan, sender: User, people: int, at: datetime | None = None) -> None:
    """Count one send, and the people it goes to, in the caller's transaction.

    Args:
        at: aware instant; None for now.

    Raises:
        TooManyRequests: more in an hour than the plan allows; with its transaction nothing was counted.
    """
    subject = f"user:{sender.pk}"
    take(Limit("messages.sends", plan.sends_per_hour, HOUR_SECONDS), subject, at=at)
    take(Limit("messages.recipients", plan.recipients_per_hour, HOUR_SECONDS), subject, cost=people, at=at)
