"""Log a wrong password, and tell the owner of a locked account, in the worker.

The page does the same work, and sends the same statements, for an address without an account. Source:
docs/decisions/0007-limits.md
"""

import uuid
from datetime import datetime

from django.db import transaction

from accounts.choices import SecurityEventKind
from accounts.models import User
from accounts.services import notices
from accounts.services.security_log import record
from accounts.visitors import Visitor
from core import jobs
from core.db import database_now


def have_failure_logged(*, email: str, visitor: Visitor) -> None:
    """Ask the worker to write into the log of whoever has this address that a wrong password was typed."""
    jobs.enqueue(kind="password-wrong", payload=_payload(email, visitor))


def have_owner_told(*, email: str, visitor: Visitor) -> None:
    """Ask the worker to tell whoever has this address that too many wrong passwords were typed."""
    jobs.enqueue(kind="password-locked", payload=_payload(email, visitor))


@jobs.handler("password-wrong")
def log_failure(payload: jobs.Payload, *, attempt: int, job_key: uuid.UUID, unknown_since: datetime | None) -> None:
    """Log the wrong password; an address without an account has no log."""
    user = User.objects.with_email(str(payload["email"]))
    if user is not None:
        kind = SecurityEventKind.PASSWORD_WRONG
        record(user=user, kind=kind, visitor=_visitor(payload), method="password", at=_at(payload))


@jobs.handler("password-locked")
def tell_owner(payload: jobs.Payload, *, attempt: int, job_key: uuid.UUID, unknown_since: datetime | None) -> None:
    """Log the lock and mail the owner; an address without an account gets nothing."""
    user = User.objects.with_email(str(payload["email"]))
    if user is None or not user.is_active:
        return
    visitor = _visitor(payload)
    with transaction.atomic():
        kind = SecurityEventKind.PASSWORD_LOCKED
        record(user=user, kind=kind, visitor=visitor, method="password", at=_at(payload))
        notices.tell(user=user, template="password_locked", visitor=visitor)


def _payload(email: str, visitor: Visitor) -> jobs.Payload:
    return {
        "email": email,
        "ip_address": visitor.ip_address,
        "browser": visitor.browser,
        "at": database_now().isoformat(),
    }


def _visitor(payload: jobs.Payload) -> Visitor:
    return Visitor(ip_address=str(payload["ip_address"]), network="", browser=str(payload["browser"]), known_browser="")


def _at(payload: jobs.Payload) -> datetime:
    return datetime.fromisoformat(str(payload["at"]))
