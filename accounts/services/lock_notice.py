"""Tell the owner of a locked account, in the worker: the page does the same work for an address without one."""

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


def have_owner_told(*, email: str, visitor: Visitor) -> None:
    """Ask the worker to tell whoever has this address that too many wrong passwords were typed."""
    payload: jobs.Payload = {
        "email": email,
        "ip_address": visitor.ip_address,
        "browser": visitor.browser,
        "at": database_now().isoformat(),
    }
    jobs.enqueue(kind="password-locked", payload=payload)


@jobs.handler("password-locked")
def tell_owner(payload: jobs.Payload, *, attempt: int, job_key: uuid.UUID, unknown_since: datetime | None) -> None:
    """Log the lock and mail the owner; an address without an account gets nothing."""
    user = User.objects.with_email(str(payload["email"]))
    if user is None or not user.is_active:
        return
    visitor = Visitor(
        ip_address=str(payload["ip_address"]), network="", browser=str(payload["browser"]), known_browser=""
    )
    at = datetime.fromisoformat(str(payload["at"]))
    with transaction.atomic():
        record(user=user, kind=SecurityEventKind.PASSWORD_LOCKED, visitor=visitor, method="password", at=at)
        notices.tell(user=user, template="password_locked", visitor=visitor)
