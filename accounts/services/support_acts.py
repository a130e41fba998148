"""What support does for a person who cannot get in: each act under an opened record, with a reason, told to the person.

Support learns no code, key or password by any of them, and sets none.
Source: docs/decisions/0027-opened-records.md
"""

from django.db import transaction

from accounts import limits
from accounts.choices import SecurityEventKind
from accounts.errors import ActDoesNotApply, RecordClosed
from accounts.models import EmailChange, MailedLink, OpenedRecord, User
from accounts.services import (
    known_browsers,
    notices,
    password_budget,
    password_reset,
    pending_changes,
    second_factor,
)
from accounts.services.opened_records import open_records
from accounts.services.session_list import end_other_sessions
from accounts.services.support import SupportAct, tell_customer
from core.db import database_now
from core.sms.wording import two_factor_reset_text


def unlock(*, opened: OpenedRecord, reason: str) -> None:
    """End the waiting after wrong passwords, failed second factors and wrong codes for a new number of an account.

    Raises:
        RecordClosed: the ticket's time is over.
    """
    with transaction.atomic():
        user = _customer(opened)
        password_budget.forget_wrong_passwords(user=user)
        second_factor.unlock(user=user)
        pending_changes.forget_failures(user=user)
        _tell(user, opened, reason, SecurityEventKind.SUPPORT_UNLOCKED)


def reset_two_factor(*, opened: OpenedRecord, reason: str) -> None:
    """End every second factor of an account whose owner was identified, and mail a link for a new beginning.

    With the factors go the password, so that a thief who knows it does not walk in instead of the owner; the sessions,
    the known browsers, and whatever was asked for and not confirmed yet. The cell number stays and counts as not
    confirmed: it may be in the wrong hands, and no code goes to it before it is proven again.

    Raises:
        RecordClosed: the ticket's time is over.
        ActDoesNotApply: there is no factor, or the account is suspended.
    """
    with transaction.atomic():
        user = _customer(opened)
        if not can_reset_two_factor(user):
            raise ActDoesNotApply
        if user.cell_number_proven_at:
            body = two_factor_reset_text(user.language)
            notices.tell_by_text(user=user, number=user.cell_number, body=body, purpose="two-factor-reset")
        second_factor.end_factors(user=user)
        user.set_unusable_password()
        user.save(update_fields=["password"])
        pending_changes.drop(user=user)
        EmailChange.objects.filter(user=user, confirmed_at=None).delete()
        MailedLink.objects.filter(user=user, used_at=None).update(used_at=database_now())
        password_budget.forget_wrong_passwords(user=user)
        known_browsers.forget_all(user=user)
        end_other_sessions(user=user, keep_session_key=None)
        password_reset.mail_link(user=user, template="two_factor_reset", lifetime_seconds=limits.RESET_LINK_SECONDS)
        _tell(user, opened, reason, SecurityEventKind.SUPPORT_RESET_TWO_FACTOR)


def send_first_link(*, opened: OpenedRecord, reason: str) -> None:
    """Mail the link for the first password again; the one before it ends.

    Raises:
        RecordClosed: the ticket's time is over.
        ActDoesNotApply: the person has begun already, or the account is suspended.
    """
    with transaction.atomic():
        user = _customer(opened)
        if not can_send_first_link(user):
            raise ActDoesNotApply
        password_reset.welcome(user=user)
        _tell(user, opened, reason, SecurityEventKind.SUPPORT_SENT_FIRST_LINK)


def start_password_reset(*, opened: OpenedRecord, reason: str) -> None:
    """Mail the link for a new password, as if the person had asked for it; the password stays until it is used.

    Raises:
        RecordClosed: the ticket's time is over.
        ActDoesNotApply: the account is suspended.
    """
    with transaction.atomic():
        user = _customer(opened)
        if not can_start_password_reset(user):
            raise ActDoesNotApply
        password_reset.mail_link(user=user, template="password_reset", lifetime_seconds=limits.RESET_LINK_SECONDS)
        _tell(user, opened, reason, SecurityEventKind.SUPPORT_STARTED_RESET)


def end_sessions(*, opened: OpenedRecord, reason: str) -> None:
    """Sign a person out everywhere.

    Raises:
        RecordClosed: the ticket's time is over.
    """
    with transaction.atomic():
        user = _customer(opened)
        end_other_sessions(user=user, keep_session_key=None)
        _tell(user, opened, reason, SecurityEventKind.SUPPORT_ENDED_SESSIONS)


def can_reset_two_factor(user: User) -> bool:
    """Tell whether there is a factor to reset, and somebody who may set up a new one."""
    return user.is_active and second_factor.has_factors(user=user)


def can_send_first_link(user: User) -> bool:
    """Tell whether a person still has to choose the first password."""
    return user.is_active and user.last_login is None and not user.has_usable_password()


def can_start_password_reset(user: User) -> bool:
    """Tell whether a link for a new password would work."""
    return user.is_active and not can_send_first_link(user)


def _customer(opened: OpenedRecord) -> User:
    """Return the customer, whose row is held until the transaction ends."""
    if not open_records(staff=opened.staff).filter(pk=opened.pk).exists():
        raise RecordClosed
    users = User.objects.select_for_update(of=("self",)).select_related("organization")
    return users.get(pk=opened.customer_id)


def _tell(user: User, opened: OpenedRecord, reason: str, kind: SecurityEventKind) -> None:
    tell_customer(user=user, act=SupportAct(staff=opened.staff, reason=reason, ticket=opened.ticket), kind=kind)
