"""The other places where somebody is signed in."""

from accounts.choices import SecurityEventKind
from accounts.models import Session, User
from accounts.services.security_log import record
from accounts.sessions import digest_of
from accounts.visitors import Visitor


def end_other_sessions(*, user: User, keep_session_key: str | None, visitor: Visitor | None = None) -> int:
    """End every session of a person but one, and return how many ended."""
    others = Session.objects.filter(user=user)
    if keep_session_key:
        others = others.exclude(key_digest=digest_of(keep_session_key))
    ended, _by_model = others.delete()
    if ended:
        record(user=user, kind=SecurityEventKind.SESSIONS_ENDED, visitor=visitor)
    return ended
