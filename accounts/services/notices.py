"""Mails and texts about one's account that cannot be switched off."""

from accounts.models import User
from accounts.visitors import Visitor
from core.db import database_now
from core.errors import Refusal
from core.limits import MAIL_GIVEN_UP_SECONDS
from core.mail import send_mail
from core.sms.texts import send_text


def tell(*, user: User, template: str, visitor: Visitor | None = None, **context: object) -> None:
    """Write to the address of an account what happened to it.

    Args:
        template: folder below templates/accounts/emails.
    """
    context = {"person_name": user.get_full_name(), **context}
    tell_address(address=user.email, user=user, template=template, visitor=visitor, **context)


def tell_address(*, address: str, user: User, template: str, visitor: Visitor | None = None, **context: object) -> None:
    """Write about an account to an address that is not or no longer its own; the person's name is not in it."""
    send_mail(
        to=address,
        template=f"accounts/emails/{template}",
        context={
            "person_name": "",
            "at": database_now(),
            "ip_address": visitor.ip_address if visitor else "",
            "browser": visitor.browser if visitor else "",
            **context,
        },
        language=user.language,
        habits=user.habits,
    )


def tell_by_text(*, user: User, number: str, body: str, purpose: str, visitor: Visitor | None = None) -> None:
    """Tell a cell number what happened to its account; where no text may go there, the mail has to do."""
    try:
        send_text(
            to=number,
            body=body,
            purpose=purpose,
            account=f"user:{user.pk}",
            organization=f"organization:{user.organization_id or 'staff'}",
            organization_zone=user.organization.time_zone if user.organization else "UTC",
            network=visitor.network if visitor else None,
            lifetime_seconds=MAIL_GIVEN_UP_SECONDS,
            is_proven_person=True,
        )
    except Refusal:
        return
