"""Change the address one signs in with: confirmed from the new one, told to the old one, which can undo it for a week.

Source: docs/decisions/0020-email-change.md, docs/decisions/0025-undo.md
"""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts import limits
from accounts.choices import SecurityEventKind
from accounts.errors import LinkUnknown
from accounts.models import EmailChange, User
from accounts.services import notices
from accounts.services.addresses import save_with_address
from accounts.services.security_log import record
from accounts.services.session_list import end_sessions_and_links
from accounts.services.undo import offer_undo
from accounts.visitors import Visitor
from core import keys, throttle
from core.crypto.sealing import keyed_hash
from core.db import database_now


def ask_for_email_change(*, user: User, new_email: str, visitor: Visitor) -> None:
    """Mail a confirmation link to the new address and a word to the old one; nothing changes yet.

    An address that has an account already gets a mail that says so instead of a link, and nobody else can tell:
    page, word to the old address, ends of older links and the work are the same.

    Raises:
        TooManyRequests: this person asked too often.
    """
    throttle.take(limits.EMAIL_CHANGES_PER_ACCOUNT, f"user:{user.pk}")
    record(user=user, kind=SecurityEventKind.EMAIL_CHANGE_ASKED, visitor=visitor)
    secret, now = secrets.token_urlsafe(32), database_now()
    confirm_until = now + timedelta(seconds=limits.EMAIL_CONFIRMATION_SECONDS)
    with transaction.atomic():
        EmailChange.objects.filter(user=user, confirmed_at=None).delete()
        EmailChange.objects.create(
            user=user,
            new_email=new_email,
            confirm_digest=_digest(secret),
            asked_at=now,
            confirm_until=confirm_until,
        )
        if User.objects.with_email(new_email) is not None:
            notices.tell_address(address=new_email, user=user, template="email_taken")
        else:
            _mail_link(user=user, address=new_email, secret=secret, confirm_until=confirm_until)
        notices.tell(user=user, template="email_change_asked", visitor=visitor)


def _mail_link(*, user: User, address: str, secret: str, confirm_until: datetime) -> None:
    link = f"{settings.PUBLIC_URL}{reverse('accounts:email_confirm')}#{secret}"
    notices.tell_address(
        address=address, user=user, template="email_confirm", link=link, secret=secret, expires_at=confirm_until
    )


def confirm_email_change(*, secret: str, visitor: Visitor) -> None:
    """Put a new address into force, end every session, and give the old address a link that undoes it.

    Raises:
        LinkUnknown: wrong, used, replaced or too old.
        AddressTaken: somebody took the address meanwhile.
    """
    now = database_now()
    waiting = EmailChange.objects.filter(confirm_digest=_digest(secret), confirmed_at=None, confirm_until__gt=now)
    change = waiting.first()
    if change is None:
        raise LinkUnknown
    with transaction.atomic():
        user = User.objects.select_for_update(of=("self",)).select_related("organization").get(pk=change.user_id)
        if not user.is_active or waiting.update(confirmed_at=now) != 1:
            raise LinkUnknown
        undo = offer_undo(user=user)
        notices.tell(
            user=user,
            template="email_changed",
            visitor=visitor,
            link=undo.address,
            secret=undo.secret,
            expires_at=undo.expires_at,
        )
        user.email = change.new_email
        save_with_address(user=user)
        end_sessions_and_links(user=user, visitor=visitor)
        record(user=user, kind=SecurityEventKind.EMAIL_CHANGED, visitor=visitor)


def _digest(secret: str) -> bytes:
    return keyed_hash(keys.pepper("email changes"), secret)
