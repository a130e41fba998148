"""Where the provider reports: only a signed report counts, and nobody else learns anything."""

import pytest
from django.test import Client
from pytest_django import Settings

from core.models.sms import Text
from core.sms.configuration import SmsSettings
from tests.core.sms.builders import NUMBER, make_text
from tests.doubles.twilio_server import ACCOUNT_SID, AUTH_TOKEN, SENDER, Message, report, signature

pytestmark = pytest.mark.django_db

HOOK = "/hooks/sms/twilio"
SID = "SM" + "a" * 32


@pytest.fixture(autouse=True)
def _provider_is_twilio(settings: Settings) -> None:
    settings.SMS = SmsSettings("twilio", ACCOUNT_SID, AUTH_TOKEN, SENDER)
    settings.PUBLIC_URL = "https://portal.example"


def delivered_report() -> dict[str, str]:
    """Return the report that a text has arrived."""
    message = Message(form={"To": NUMBER, "Body": "x"}, created_at=None, sid=SID)  # type: ignore[arg-type]
    return dict(report(message, "delivered").items())


def send(params: dict[str, str], signed: str) -> int:
    """Post a report as the provider does, without the token of a form, and return the status of the answer."""
    outside = Client(enforce_csrf_checks=True)
    return outside.post(HOOK, params, headers={"X-Twilio-Signature": signed}).status_code


def test_a_signed_report_is_taken_in_without_a_session() -> None:
    text = make_text(state=Text.State.QUEUED, provider_id=SID)
    params = delivered_report()
    assert send(params, signature(f"https://portal.example{HOOK}", params)) == 204
    text.refresh_from_db()
    assert text.state == Text.State.DELIVERED


@pytest.mark.parametrize("signed", ["", "nonsense", "é"])
def test_an_unsigned_report_changes_nothing(signed: str) -> None:
    text = make_text(state=Text.State.QUEUED, provider_id=SID)
    assert send(delivered_report(), signed) == 403
    text.refresh_from_db()
    assert text.state == Text.State.QUEUED


def test_a_report_is_refused_where_no_provider_is_configured(settings: Settings) -> None:
    settings.SMS = SmsSettings("none")
    params = delivered_report()
    assert send(params, signature(f"https://portal.example{HOOK}", params)) == 403


def test_a_report_larger_than_any_is_not_looked_at() -> None:
    assert send(delivered_report() | {"Body": "x" * 20_000}, "") == 413
