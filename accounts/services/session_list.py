"""End what lets somebody in: the other sessions, or every session and every mailed link."""

from accounts.choices import SecurityEventKind
from accounts.models import MailedLink, Session, User
from accounts.services.security_log import record
from accounts.sessions import digest_of
from accounts.visitors import Visitor
from core.db import database_now


def end_other_sessions(*, user: User, keep_session_key: str | None, visitor: Visitor | None = None) -> int:
    """End every session of a person but one, and return how many ended."""
    others = Session.objects.filter(user=user)
    if keep_session_key:
        others = others.exclude(key_digest=digest_of(keep_session_key))
    ended, _by_model = others.delete()
    if ended:
        record(user=user, kind=SecurityEventKind.SESSIONS_ENDED, visitor=visitor)
    return ended


def end_sessions_and_links(*, user: User, visitor: Visitor) -> None:
    """End every session and every mailed link of a person: the account has another address or number."""
    MailedLink.objects.filter(user=user, used_at=None).update(used_at=database_now())
    end_other_sessions(user=user, keep_session_key=None, visitor=visitor)
