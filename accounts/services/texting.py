"""Send a code to a number by text message."""

from django.db import transaction

from accounts.models import User
from accounts.visitors import Visitor
from core import codes
from core.codes import Issued
from core.limits import CODE_LIFETIME_SECONDS
from core.sms.texts import send_text
from core.sms.wording import code_text


def send_code_text(*, user: User, number: str, purpose: str, subject: str, visitor: Visitor) -> Issued:
    """Make a code and write the text that carries it, in one transaction.

    Args:
        number: E.164, stored for this account; never one that only stands in the request.

    Raises:
        TooManyRequests: too soon, or a budget is used up; no code was made.
        TooManyTries: the tries of this challenge are used up.
        CountryNotServed, ProviderUnavailable: no text goes to this number now.
    """
    with transaction.atomic():
        issued = codes.issue_code(purpose=purpose, subject=subject)
        send_text(
            to=number,
            body=code_text(issued.digits, purpose, user.language),
            purpose=purpose,
            account=f"user:{user.pk}",
            organization=f"organization:{user.organization_id or 'staff'}",
            organization_zone=user.organization.time_zone if user.organization else "UTC",
            network=visitor.network,
            lifetime_seconds=CODE_LIFETIME_SECONDS,
            is_proven_person=True,
        )
    return issued
