"""Change the address one signs in with: confirmed from the new one, told to the old one, which can undo it for a week.

Source: docs/decisions/0020-email-change.md
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import limits
from accounts.choices import SecurityEventKind
from accounts.errors import AddressTaken, LinkUnknown
from accounts.models import EmailChange, MailedLink, User, fold_email
from accounts.services import notices
from accounts.services.security_log import record
from accounts.services.session_list import end_other_sessions
from accounts.visitors import Visitor
from core import keys, throttle
from core.crypto.sealing import keyed_hash
from core.db import database_now
from core.mail import send_mail


def ask_for_email_change(*, user: User, new_email: str, visitor: Visitor) -> None:
    """Mail a confirmation link to the new address and a word to the old one; nothing changes yet.

    An address that has an account already gets a mail that says so instead of a link: the page tells nobody.

    Raises:
        TooManyRequests: this person asked too often.
    """
    throttle.take(limits.EMAIL_CHANGES_PER_ACCOUNT, f"user:{user.pk}")
    record(user=user, kind=SecurityEventKind.EMAIL_CHANGE_ASKED, visitor=visitor)
    if User.objects.with_email(new_email) is not None:
        _write_to(new_email, user, "email_taken", {})
        return
    secret, now = secrets.token_urlsafe(32), database_now()
    confirm_until = now + timedelta(seconds=limits.EMAIL_CONFIRMATION_SECONDS)
    with transaction.atomic():
        EmailChange.objects.filter(user=user, confirmed_at=None).delete()
        EmailChange.objects.create(
            user=user,
            old_email=user.email,
            new_email=new_email,
            confirm_digest=_digest(secret),
            asked_at=now,
            confirm_until=confirm_until,
        )
        link = f"{settings.PUBLIC_URL}{reverse('accounts:email_confirm')}#{secret}"
        _write_to(new_email, user, "email_confirm", {"link": link, "secret": secret, "expires_at": confirm_until})
        notices.tell(user=user, template="email_change_asked", visitor=visitor)


def confirm_email_change(*, secret: str, visitor: Visitor) -> User:
    """Put a new address into force, end every session, and give the old address a link that undoes it.

    Raises:
        LinkUnknown: wrong, used, replaced or too old.
        AddressTaken: somebody took the address meanwhile.
    """
    now, undo = database_now(), secrets.token_urlsafe(32)
    undo_until = now + timedelta(seconds=limits.UNDO_SECONDS)
    waiting = EmailChange.objects.filter(confirm_digest=_digest(secret), confirmed_at=None, confirm_until__gt=now)
    change = waiting.select_related("user__organization").first()
    if change is None or not change.user.is_active:
        raise LinkUnknown
    with transaction.atomic():
        if waiting.update(confirmed_at=now, undo_digest=_digest(undo), undo_until=undo_until) != 1:
            raise LinkUnknown
        link = f"{settings.PUBLIC_URL}{reverse('accounts:email_undo')}#{undo}"
        notices.tell(
            user=change.user,
            template="email_changed",
            visitor=visitor,
            link=link,
            secret=undo,
            expires_at=undo_until,
        )
        _give_address(change.user, change.new_email, visitor)
    return change.user


def undo_email_change(*, secret: str, visitor: Visitor) -> User:
    """Give the old address back its account, end every session and drop later changes.

    Raises:
        LinkUnknown: wrong, used or too old.
        AddressTaken: somebody else has the old address now.
    """
    now = database_now()
    undoable = EmailChange.objects.filter(undo_digest=_digest(secret), undone_at=None, undo_until__gt=now)
    change = undoable.select_related("user__organization").first()
    if change is None or not change.user.is_active:
        raise LinkUnknown
    with transaction.atomic():
        if undoable.update(undone_at=now) != 1:
            raise LinkUnknown
        # Whoever took the account over may have moved it on: everything asked since then falls with it.
        later = EmailChange.objects.filter(user=change.user, asked_at__gt=change.asked_at)
        later.update(undone_at=now, confirm_until=now)
        _give_address(change.user, change.old_email, visitor)
        notices.tell(user=change.user, template="email_change_undone", visitor=visitor)
    return change.user


def _give_address(user: User, email: str, visitor: Visitor) -> None:
    try:
        with transaction.atomic():
            User.objects.filter(pk=user.pk).update(email=email, email_key=fold_email(email))
    except IntegrityError:
        raise AddressTaken from None
    user.email, user.email_key = email, fold_email(email)
    MailedLink.objects.filter(user=user, used_at=None).update(used_at=database_now())
    end_other_sessions(user=user, keep_session_key=None, visitor=visitor)
    record(user=user, kind=SecurityEventKind.EMAIL_CHANGED, visitor=visitor)


def _write_to(address: str, user: User, template: str, context: dict[str, object]) -> None:
    """Write to an address that is not the account's; the person's name is not in it."""
    send_mail(
        to=address,
        template=f"accounts/emails/{template}",
        context={"at": database_now(), "ip_address": "", "browser": "", "person_name": "", **context},
        language=user.language,
        habits=user.habits,
    )


def _digest(secret: str) -> bytes:
    return keyed_hash(keys.pepper("email changes"), secret)
