"""Undo a change of address or number by a link to the address in force before it, for a week.

One undo puts all of it back: address, number and 2FA as they stood before the change, whatever was changed since. So
the first owner's link is worth more than any that a thief was mailed later. Source: docs/decisions/0025-undo.md
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts import limits
from accounts.choices import SecurityEventKind
from accounts.errors import LinkUnknown
from accounts.models import SIGN_IN, EmailChange, PendingChange, SmsDevice, Undo, User, sign_in_subject
from accounts.services import notices
from accounts.services.addresses import save_with_address
from accounts.services.password_reset import NewLink, new_password_link
from accounts.services.recovery_codes import drop_recovery_codes
from accounts.services.security_log import record
from accounts.services.session_list import end_sessions_and_links
from accounts.visitors import Visitor
from core import codes, keys
from core.crypto.sealing import keyed_hash
from core.db import database_now
from core.sms.numbers import last_digits
from core.sms.wording import number_changed_text, number_removed_text, number_restored_text

PURPOSE = "number-changed"
NUMBER_COLUMNS = ("cell_number_sealed", "cell_number_digest", "cell_number_proven_at")


def offer_undo(*, user: User) -> NewLink:
    """Note how an account stands and return the link that will put it back.

    The caller is about to change address or number, and holds the user's row and the transaction.
    """
    secret, now = secrets.token_urlsafe(32), database_now()
    expires_at = now + timedelta(seconds=limits.UNDO_SECONDS)
    Undo.objects.create(
        user=user,
        digest=_digest(secret),
        changed_at=now,
        expires_at=expires_at,
        email=user.email,
        two_factor_enabled=user.two_factor_enabled,
        **{name: getattr(user, name) for name in NUMBER_COLUMNS},
    )
    address = f"{settings.PUBLIC_URL}{reverse('accounts:change_undo')}#{secret}"
    return NewLink(address=address, secret=secret, expires_at=expires_at)


def undo_change(*, secret: str, visitor: Visitor) -> None:
    """Put address, number and 2FA back, let nobody stay in, and tell both addresses and both numbers.

    The present password stops working: whoever made the change may know it. The mail carries a link to a new one.

    Raises:
        LinkUnknown: wrong, used, too old, or an earlier change was undone already.
        AddressTaken: somebody else has the old address now; nothing was changed.
    """
    now = database_now()
    live = Undo.objects.filter(digest=_digest(secret), used_at=None, expires_at__gt=now)
    undo = live.first()
    if undo is None:
        raise LinkUnknown
    with transaction.atomic():
        user = User.objects.select_for_update(of=("self",)).select_related("organization").get(pk=undo.user_id)
        if not user.is_active or live.update(used_at=now) != 1:
            raise LinkUnknown
        lost_email, lost_number = user.email, user.proven_number
        _put_back(user, undo)
        _let_nobody_stay(user, undo, visitor)
        _tell_by_mail(user, undo, lost_email, visitor)
    _tell_by_text(user, lost_number, visitor)


def _put_back(user: User, undo: Undo) -> None:
    is_same_number = user.cell_number_digest == undo.cell_number_digest
    # A second factor falls only with the number that came since: the link alone weakens nothing else.
    user.two_factor_enabled = undo.two_factor_enabled or (user.two_factor_enabled and is_same_number)
    if not (is_same_number and user.cell_number_proven_at):
        for name in NUMBER_COLUMNS:
            setattr(user, name, getattr(undo, name))
    user.email = undo.email
    user.set_unusable_password()
    save_with_address(user=user)
    SmsDevice.objects.filter(user=user).update(confirmed=bool(user.cell_number_proven_at))


def _let_nobody_stay(user: User, undo: Undo, visitor: Visitor) -> None:
    """End whatever whoever made the change could still use: later undos, what waits, codes, links and sessions."""
    Undo.objects.filter(user=user, pk__gt=undo.pk, used_at=None).update(used_at=database_now())
    PendingChange.objects.filter(user=user).delete()
    EmailChange.objects.filter(user=user, confirmed_at=None).delete()
    drop_recovery_codes(user=user, made_since=undo.changed_at)
    codes.drop_code(purpose=SIGN_IN, subject=sign_in_subject(user.pk))
    end_sessions_and_links(user=user, visitor=visitor)
    record(user=user, kind=SecurityEventKind.CHANGE_UNDONE, visitor=visitor, method="link")


def _tell_by_mail(user: User, undo: Undo, lost_email: str, visitor: Visitor) -> None:
    link, number = new_password_link(user=user), user.proven_number
    notices.tell(
        user=user,
        template="change_undone",
        visitor=visitor,
        changed_at=undo.changed_at,
        last_digits=last_digits(number),
        link=link.address,
        secret=link.secret,
        expires_at=link.expires_at,
    )
    if lost_email != user.email:
        notices.tell_address(address=lost_email, user=user, template="email_lost", visitor=visitor)


def _tell_by_text(user: User, lost_number: str, visitor: Visitor) -> None:
    """Tell both numbers, each in a transaction of its own: two of one could wait for each other's budgets."""
    number, language = user.proven_number, user.language
    if number == lost_number:
        return
    if lost_number:
        body = (number_changed_text if number else number_removed_text)(language)
        notices.tell_by_text(user=user, number=lost_number, body=body, purpose=PURPOSE, visitor=visitor)
    if number:
        notices.tell_by_text(
            user=user, number=number, body=number_restored_text(language), purpose=PURPOSE, visitor=visitor
        )


def _digest(secret: str) -> bytes:
    return keyed_hash(keys.pepper("undos"), secret)
