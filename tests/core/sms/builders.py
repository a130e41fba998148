"""Texts for tests."""

from datetime import UTC, datetime, timedelta

from core.db import database_now
from core.models.sms import Text
from core.sms.gateway import OutgoingText
from core.sms.numbers import number_digest

NUMBER = "+15145550123"
BODY = "012345 is your code to sign in (Secure Exchange Portal). canary-body"


def outgoing(*, to: str = NUMBER, body: str = BODY, lifetime_seconds: int = 600) -> OutgoingText:
    """Return a text that is about to leave."""
    return OutgoingText(to=to, body=body, lifetime_seconds=lifetime_seconds, asked_at=datetime.now(UTC))


def make_text(
    *,
    state: str = Text.State.WAITING,
    provider_id: str = "",
    to: str = NUMBER,
    region: str = "CA",
    account: str = "user:1",
    purpose: str = "sign-in",
    is_code: bool = True,
    age_seconds: int = 0,
    is_confirmed: bool = False,
) -> Text:
    """Store a delivery record of a given age."""
    at = database_now() - timedelta(seconds=age_seconds)
    return Text.objects.create(
        purpose=purpose,
        is_code=is_code,
        region=region,
        number_digest=number_digest(to),
        account_ref=account,
        organization_ref="organization:1",
        provider_id=provider_id,
        state=state,
        created_at=at,
        updated_at=at,
        asked_at=at,
        expires_at=at + timedelta(seconds=600),
        confirmed_at=at if is_confirmed else None,
    )
