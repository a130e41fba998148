"""Write a line of somebody's security log."""

from datetime import datetime

from accounts.choices import SecurityEventKind
from accounts.models import SecurityEvent, User
from accounts.visitors import Visitor
from core.db import database_now


def record(
    *,
    user: User,
    kind: SecurityEventKind,
    visitor: Visitor | None = None,
    method: str = "",
    actor: str = "",
    ticket: str = "",
    reason: str = "",
    at: datetime | None = None,
) -> None:
    """Add a line to a person's security log.

    Args:
        visitor: where the request came from; None for what the portal does by itself.
        method: fixed word: password, sms, recovery.
        actor: who did it, where it was not the person.
        ticket: number under which support was asked.
        reason: why, in the actor's words.
        at: aware instant; None for now.
    """
    SecurityEvent.objects.create(
        user=user,
        at=at or database_now(),
        kind=kind,
        method=method,
        ip_address=(visitor.ip_address or None) if visitor else None,
        browser=visitor.browser if visitor else "",
        actor=actor,
        ticket=ticket,
        reason=reason,
    )
