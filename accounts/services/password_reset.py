"""A forgotten password: a mailed link with a secret, used once, that never stands in an address the server sees.

Source: docs/decisions/0003-sessions.md
"""

import secrets
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts import limits
from accounts.choices import SecurityEventKind
from accounts.errors import LinkUnknown
from accounts.hashing import hash_password
from accounts.models import MailedLink, User, fold_email
from accounts.services import notices, password_budget
from accounts.services.security_log import record
from accounts.services.session_list import end_other_sessions
from accounts.visitors import Visitor
from core import jobs, keys, throttle
from core.crypto.sealing import keyed_hash
from core.db import database_now

PURPOSE = "password-reset"


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link just made: the only place where its secret exists outside the mail that carries it."""

    address: str = field(repr=False)
    secret: str = field(repr=False)
    expires_at: datetime


def ask_for_reset(*, email: str, visitor: Visitor) -> None:
    """Ask the worker to mail a link, if an account has this address.

    The page does the same work for every address: whether there is an account is looked up later, by the worker.

    Raises:
        TooManyRequests: this address or network asked too often.
    """
    throttle.take_all([(limits.RESETS_PER_ADDRESS, fold_email(email)), (limits.RESETS_PER_NETWORK, visitor.network)])
    payload: jobs.Payload = {"email": email, "ip_address": visitor.ip_address, "browser": visitor.browser}
    give_up_at = database_now() + timedelta(seconds=limits.RESET_LINK_SECONDS)
    jobs.enqueue(kind="password-reset", payload=payload, give_up_at=give_up_at)


@jobs.handler("password-reset")
def mail_reset_link(payload: jobs.Payload, *, attempt: int, job_key: uuid.UUID, unknown_since: datetime | None) -> None:
    """Mail a link to the stored address of an account; an address without one gets nothing."""
    user = User.objects.with_email(str(payload["email"]))
    if user is None or not user.is_active:
        return
    visitor = Visitor(
        ip_address=str(payload["ip_address"]), network="", browser=str(payload["browser"]), known_browser=""
    )
    with transaction.atomic():
        mail_link(user=user, template="password_reset", lifetime_seconds=limits.RESET_LINK_SECONDS, visitor=visitor)
        record(user=user, kind=SecurityEventKind.PASSWORD_RESET_ASKED, visitor=visitor)


def welcome(*, user: User) -> None:
    """Mail a new person the link by which the first password is chosen; nobody else ever knows it."""
    organization_name = user.organization.name if user.organization is not None else settings.PORTAL_NAME
    mail_link(
        user=user,
        template="welcome",
        lifetime_seconds=limits.FIRST_PASSWORD_LINK_SECONDS,
        organization_name=organization_name,
    )


def mail_link(
    *, user: User, template: str, lifetime_seconds: int, visitor: Visitor | None = None, **context: object
) -> None:
    """Mail a link by which a password is chosen; the ones before it end.

    Args:
        template: folder below templates/accounts/emails.
    """
    with transaction.atomic():
        link = _new_link(user, lifetime_seconds)
        notices.tell(
            user=user,
            template=template,
            visitor=visitor,
            link=link.address,
            secret=link.secret,
            expires_at=link.expires_at,
            **context,
        )


def new_password_link(*, user: User) -> NewLink:
    """Make the link by which somebody who has proven the mailbox chooses another password."""
    return _new_link(user, limits.RESET_LINK_SECONDS)


def user_of_link(*, secret: str) -> User:
    """Return whose password a link may set; uses nothing up.

    Raises:
        LinkUnknown: wrong, used, replaced or too old.
    """
    return _live_link(secret).user


def reset_password(*, secret: str, password: str, visitor: Visitor) -> None:
    """Set a password by a mailed link, end every session, and tell the owner.

    Raises:
        LinkUnknown: wrong, used, replaced or too old; of two simultaneous uses one succeeds.
        HashingBusy: too many hash at this moment; the link stays usable.
    """
    link = _live_link(secret)
    user, hashed = link.user, hash_password(password)
    with transaction.atomic():
        # By its own key, without a join: PostgreSQL judges a joined condition by what it was before a simultaneous use.
        if MailedLink.objects.filter(pk=link.pk, used_at=None).update(used_at=database_now()) != 1:
            raise LinkUnknown
        User.objects.filter(pk=user.pk).update(password=hashed)
        end_other_sessions(user=user, keep_session_key=None, visitor=visitor)
        password_budget.forget_wrong_passwords(user=user)
        record(user=user, kind=SecurityEventKind.PASSWORD_CHANGED, visitor=visitor, method="link")
        notices.tell(user=user, template="password_changed", visitor=visitor)


def _new_link(user: User, lifetime_seconds: int) -> NewLink:
    """Make a link and end the ones before it."""
    secret, now = secrets.token_urlsafe(32), database_now()
    expires_at = now + timedelta(seconds=lifetime_seconds)
    MailedLink.objects.filter(user=user, purpose=PURPOSE, used_at=None).update(used_at=now)
    MailedLink.objects.create(user=user, purpose=PURPOSE, digest=_digest(secret), expires_at=expires_at)
    address = f"{settings.PUBLIC_URL}{reverse('accounts:password_reset')}#{secret}"
    return NewLink(address=address, secret=secret, expires_at=expires_at)


def _live_link(secret: str) -> MailedLink:
    links = MailedLink.objects.select_related("user__organization")
    link = links.filter(digest=_digest(secret), purpose=PURPOSE, used_at=None, expires_at__gt=database_now()).first()
    if link is None or not link.user.is_active:
        raise LinkUnknown
    return link


def _digest(secret: str) -> bytes:
    return keyed_hash(keys.pepper("mailed links"), PURPOSE, secret)
