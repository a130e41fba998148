"""A new password, chosen by somebody who is signed in and has given a fresh proof.

Source: docs/decisions/0003-sessions.md
"""

from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest

from accounts.choices import SecurityEventKind
from accounts.hashing import hash_password
from accounts.models import MailedLink, Session, User
from accounts.services import notices
from accounts.services.security_log import record
from accounts.services.session_list import end_other_sessions
from accounts.sessions import digest_of
from accounts.visitors import Visitor
from core.db import database_now
from core.errors import ChangedMeanwhile


def change_password(*, request: HttpRequest, user: User, password: str, visitor: Visitor) -> None:
    """Set a new password, end every session but this one and every mailed link, and tell the owner.

    Args:
        request: its session goes on under a new key.
        password: already held to the rules.

    Raises:
        HashingBusy: too many hash at this moment; nothing was changed.
        ChangedMeanwhile: while this one was hashed the password changed or the session ended; nothing was changed.
    """
    hashed = hash_password(password)
    with transaction.atomic():
        # Hashing takes its time: whoever took the account back meanwhile has the last word.
        if not User.objects.filter(pk=user.pk, password=user.password).update(password=hashed):
            raise ChangedMeanwhile
        if not Session.objects.filter(key_digest=digest_of(request.session.session_key or ""), user=user).exists():
            raise ChangedMeanwhile
        user.password = hashed
        MailedLink.objects.filter(user=user, used_at=None).update(used_at=database_now())
        update_session_auth_hash(request, user)
        end_other_sessions(user=user, keep_session_key=request.session.session_key, visitor=visitor)
        record(user=user, kind=SecurityEventKind.PASSWORD_CHANGED, visitor=visitor, method="password")
        notices.tell(user=user, template="password_changed", visitor=visitor)
