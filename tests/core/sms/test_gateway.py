"""The choice of the back end, and the two that send nothing to anybody."""

import json

import pytest
from pytest_django import Settings

from core import outbox_files
from core.sms.configuration import parse_sms_url
from core.sms.errors import TextRefused
from core.sms.gateway import gateway
from core.sms.outbox import OutboxGateway
from core.sms.switch import texts_are_off_reason
from core.sms.twilio import TwilioGateway
from tests.core.sms.builders import BODY, NUMBER, outgoing
from tests.doubles.twilio_server import TwilioServer


def test_the_outbox_keeps_a_text_as_a_file(settings: Settings) -> None:
    accepted = gateway().send(outgoing())
    (file,) = (settings.DATA_DIR / "outbox").iterdir()
    content = json.loads(file.read_text())
    assert content | {"created_at": ""} == {
        "channel": "sms",
        "to": NUMBER,
        "subject": "",
        "text": BODY,
        "html": "",
        "created_at": "",
    }
    assert (accepted.provider_id, accepted.status) == (file.stem, "sent")


def test_the_outbox_finds_a_text_it_was_given() -> None:
    text = outgoing()
    assert gateway().find_sent(text) is None
    accepted = gateway().send(text)
    outbox_files.write_entry(channel="email", to=NUMBER, subject="", text=BODY, html="")
    assert gateway().find_sent(text) == accepted
    assert gateway().find_sent(outgoing()) is None


def test_without_a_gateway_every_text_is_refused_and_the_page_knows_why(settings: Settings) -> None:
    settings.SMS = parse_sms_url("none")
    with pytest.raises(TextRefused) as refusal:
        gateway().send(outgoing())
    assert gateway().find_sent(outgoing()) is None
    assert refusal.value.message == texts_are_off_reason()
    assert texts_are_off_reason() == "Text messages are switched off on this portal. The operator can switch them on."


@pytest.mark.django_db
def test_with_a_gateway_texts_are_not_off(settings: Settings, provider: TwilioServer) -> None:
    assert texts_are_off_reason() is None
    assert isinstance(gateway(), TwilioGateway)
    settings.SMS = parse_sms_url("outbox:")
    assert texts_are_off_reason() is None
    assert isinstance(gateway(), OutboxGateway)


def test_a_process_has_one_gateway_that_remembers_its_provider(provider: TwilioServer) -> None:
    assert gateway() is gateway()


def test_the_provider_reports_to_the_public_address(provider: TwilioServer) -> None:
    gateway().send(outgoing())
    assert provider.messages[0].form["StatusCallback"] == "https://portal.example/hooks/sms/twilio"
