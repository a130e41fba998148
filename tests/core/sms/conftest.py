"""What the tests of texts share: a gateway at work, and an outbox of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from core.sms.configuration import parse_sms_url
from tests.doubles.twilio_server import TwilioServer


@pytest.fixture(autouse=True)
def _own_installation(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    settings.SMS = parse_sms_url("outbox:")
    settings.SMS_COUNTRIES = frozenset({"CA", "US", "FR", "GB", "CH", "BE"})
    settings.PUBLIC_URL = "https://portal.example"
    settings.PORTAL_NAME = "Secure Exchange Portal"


@pytest.fixture
def provider(settings: Settings) -> Iterator[TwilioServer]:
    """The gateway, and the portal's setting leading to it."""
    with TwilioServer() as server:
        settings.SMS = parse_sms_url(server.sms_url)
        yield server
