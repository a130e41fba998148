"""Sending a text: checked, counted and written down in the act's own transaction, then done by the worker.

A text whose result is unknown is asked after and sent again only when the gateway, asked for a minute, did not have it.
Source: docs/decisions/0010-text-messages.md
"""

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from core import jobs
from core.db import database_now
from core.models.sms import Text
from core.sms import limits, records
from core.sms.budgets import take_budgets
from core.sms.errors import GatewayUnavailable, ResultUnknown, TextRefused
from core.sms.gateway import OutgoingText, gateway
from core.sms.numbers import Number, number_digest, parse_number
from core.sms.states import IN_DOUBT, NOT_HANDED_OVER
from core.sms.switch import refuse_switched_off, switch_now
from core.sms.wording import carries_code, segments


def send_text(
    *,
    to: str,
    body: str,
    purpose: str,
    account: str,
    organization: str,
    network: str | None,
    lifetime_seconds: int,
    is_proven_person: bool,
    organization_zone: str = "UTC",
    organization_texts_a_day: int = limits.ORGANIZATION_TEXTS_A_DAY,
) -> uuid.UUID:
    """Write a text as a job in the caller's transaction and return the key of its delivery record.

    Args:
        to: E.164 number, as stored; never one that was only typed.
        body: for a code one segment, for a link two at most.
        purpose: fixed name of what the text is for, the same that its confirmation will name.
        account: who the text is for, such as "user:12"; all their texts share one budget.
        organization: whose budget of the day it takes, as in `take_budgets`.
        network: network of the request that asked; None when none did.
        lifetime_seconds: after that the text is useless and is not sent any more.
        is_proven_person: whether a right password or link came before.

    Raises:
        TextsOff: the portal runs without texts, or they are switched off.
        NumberInvalid: the number takes no texts.
        CountryNotServed: its country gets none; CountryOff: it is switched off; TextsPaused: it stopped by itself.
        TooManyRequests: a budget is used up; nothing was written.
    """
    if segments(body) > (1 if carries_code(purpose) else limits.LINK_TEXT_MOST_SEGMENTS):
        raise ValueError("The text is longer than its kind may be.")
    number = parse_number(to, region="")
    refuse_switched_off(number.region)
    with transaction.atomic():
        take_budgets(
            number=number,
            account=account,
            organization=organization,
            network=network,
            is_proven_person=is_proven_person,
            organization_zone=organization_zone,
            organization_texts_a_day=organization_texts_a_day,
        )
        row = _new_row(number, purpose, account, organization, lifetime_seconds)
        row.save(force_insert=True)
        jobs.enqueue(
            kind="sms", payload={"key": str(row.key), "to": number.e164, "body": body}, dedupe_key=f"sms:{row.key}"
        )
    return row.key


@jobs.handler("sms")
def deliver_text(payload: jobs.Payload, *, attempt: int, job_key: uuid.UUID, unknown_since: datetime | None) -> None:
    """Hand one text to the gateway, once.

    Raises:
        TryLater: it certainly was not sent.
        AskLater: it may have been sent; the next run asks before it sends.
        GiveUp: it will not be sent any more.
    """
    row = Text.objects.filter(key=uuid.UUID(str(payload["key"]))).first()
    if row is None or row.state not in NOT_HANDED_OVER:
        return
    now = database_now()
    text = OutgoingText(
        to=str(payload["to"]),
        body=str(payload["body"]),
        lifetime_seconds=max(1, int((row.expires_at - now).total_seconds())),
        asked_at=row.asked_at or now,
    )
    if row.state in IN_DOUBT and _is_found(row, text, now):
        return
    # What waited when texts were switched off is given up, not kept for later: its reader was told of another way, and
    # switching on again must not let a crowd of old texts go.
    is_off = switch_now().refusal(row.region) is not None
    is_late, is_replaced = row.expires_at <= now, records.is_replaced(row)
    for reason, is_useless in (("late", is_late), ("replaced", is_replaced), ("off", is_off)):
        if is_useless:
            records.record_failed(row, reason)
            raise jobs.GiveUp(reason)
    _hand_over(row, text)


def _is_found(row: Text, text: OutgoingText, now: datetime) -> bool:
    """Ask after a text whose answer got lost; False once it is safe to send it again."""
    try:
        accepted = gateway().find_sent(text)
    except GatewayUnavailable:
        if row.expires_at <= now:
            raise jobs.GiveUp("result unknown") from None
        raise jobs.AskLater(limits.UNKNOWN_ASKED_EVERY_SECONDS) from None
    if accepted is not None:
        records.record_accepted(row, accepted)
        return True
    if now < text.asked_at + timedelta(seconds=limits.UNKNOWN_ASKED_FOR_SECONDS):
        records.record_unknown(row)
        raise jobs.AskLater(limits.UNKNOWN_ASKED_EVERY_SECONDS)
    return False


def _hand_over(row: Text, text: OutgoingText) -> None:
    records.record_request(row)
    try:
        accepted = gateway().send(text)
    except TextRefused as refusal:
        records.record_failed(row, refusal.reason)
        raise jobs.GiveUp(f"refused {refusal.reason}") from None
    except GatewayUnavailable as refusal:
        records.record_not_sent(row, refusal.reason)
        raise jobs.TryLater from None
    except ResultUnknown:
        records.record_unknown(row)
        raise jobs.AskLater(limits.UNKNOWN_ASKED_EVERY_SECONDS) from None
    records.record_accepted(row, accepted)


def _new_row(number: Number, purpose: str, account: str, organization: str, lifetime_seconds: int) -> Text:
    now = database_now()
    return Text(
        purpose=purpose,
        is_code=carries_code(purpose),
        region=number.region,
        number_digest=number_digest(number.e164),
        account_ref=account,
        organization_ref=organization,
        created_at=now,
        updated_at=now,
        expires_at=now + timedelta(seconds=lifetime_seconds),
    )
