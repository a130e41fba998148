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
class Reader:
    """Whom a text is for, and whose budgets it takes.

    Args:
        account: one name for all their texts, such as "user:12".
        organization: whose budget of the day it takes.
        organization_zone: IANA zone of the organization's calendar day.
        language: of the words, "en" or "fr".
    """

    account: str
    organization: str
    organization_zone: str
    language: str


@dataclass(frozen=True, slots=True)
class NextCode:
    """When a new code may be asked for."""

    resend_at: datetime


def reader_of(user: User) -> Reader:
    """Return somebody with an account as the reader of texts."""
    return Reader(
        account=f"user:{user.pk}",
        organization=f"organization:{user.organization_id or 'staff'}",
        organization_zone=user.organization.time_zone if user.organization else "UTC",
        language=user.language,
    )


def next_code(
    *,
    account: str,
    number: str,
    challenge: Challenge | None,
    others: Sequence[datetime | None] = (),
    are_tries_renewed: bool = False,
) -> NextCode:
    """Return when a new code may be asked for: after the wait, the challenge, the texts' budgets and whatever else.

    Args:
        account: as in `Reader`.
        others: further instants to wait for; None where there is nothing to wait for.
        are_tries_renewed: as in `codes.issue_code`.
    """
    instants = [next_text_at(number=number, account=account), *others]
    if challenge is not None:
        is_wait_alone = are_tries_renewed or challenge.tries_left
        instants.append(challenge.resend_at if is_wait_alone else challenge.challenge_ends_at)
    return NextCode(max(filter(None, instants), default=database_now()))


def send_code_text(
    *,
    reader: Reader,
    number: str,
    purpose: str,
    subject: str,
    visitor: Visitor,
    are_tries_renewed: bool = False,
) -> Issued:
    """Make a code and write the text that carries it, in one transaction.

    Args:
        number: E.164, stored for this reader; never one that only stands in the request.
        are_tries_renewed: as in `codes.issue_code`.

    Raises:
        TooManyRequests: too soon; no code was made.
        TextBudgetSpent: too many texts lately; no code was made.
        TooManyTries: the tries of this challenge are used up.
        CountryNotServed, ProviderUnavailable: no text goes to this number now.
    """
    with transaction.atomic():
        issued = codes.issue_code(purpose=purpose, subject=subject, are_tries_renewed=are_tries_renewed)
        try:
            send_text(
                to=number,
                body=code_text(issued.digits, purpose, reader.language),
                purpose=purpose,
                account=reader.account,
                organization=reader.organization,
                organization_zone=reader.organization_zone,
                network=visitor.network,
                lifetime_seconds=CODE_LIFETIME_SECONDS,
                is_proven_person=True,
            )
        except TooManyRequests as refusal:
            raise TextBudgetSpent(refusal.until) from None
    return issued
