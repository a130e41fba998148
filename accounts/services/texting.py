"""Send a code to a number by text message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.errors import TextBudgetSpent
from accounts.models import User
from accounts.visitors import Visitor
from core import codes
from core.codes import Challenge, Issued
from core.db import database_now
from core.errors import TooManyRequests
from core.limits import CODE_LIFETIME_SECONDS
from core.sms.budgets import next_text_at
from core.sms.texts import send_text
from core.sms.wording import code_text


@dataclass(frozen=True, slots=True)
class NextCode:
    """When a new code may be asked for."""

    resend_at: datetime


def next_code(
    *, user: User, number: str, challenge: Challenge | None, others: Sequence[datetime | None] = ()
) -> NextCode:
    """Return when a new code may be asked for: after the wait, the challenge, the texts' budgets and whatever else.

    Args:
        others: further instants to wait for; None where there is nothing to wait for.
    """
    instants = [next_text_at(number=number, account=f"user:{user.pk}"), *others]
    if challenge is not None:
        instants.append(challenge.resend_at if challenge.tries_left else challenge.challenge_ends_at)
    return NextCode(max(filter(None, instants), default=database_now()))


def send_code_text(*, user: User, number: str, purpose: str, subject: str, visitor: Visitor) -> Issued:
    """Make a code and write the text that carries it, in one transaction.

    Args:
        number: E.164, stored for this account; never one that only stands in the request.

    Raises:
        TooManyRequests: too soon; no code was made.
        TextBudgetSpent: too many texts lately; no code was made.
        TooManyTries: the tries of this challenge are used up.
        CountryNotServed, ProviderUnavailable: no text goes to this number now.
    """
    with transaction.atomic():
        issued = codes.issue_code(purpose=purpose, subject=subject)
        try:
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
        except TooManyRequests as refusal:
            raise TextBudgetSpent(refusal.until) from None
    return issued
