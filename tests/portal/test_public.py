"""Pages for everybody: home, help, privacy, and whom to tell about a weakness."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

NOW = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize("path", ["/", "/help/", "/privacy/"])
def test_a_page_for_everybody_asks_nobody_to_sign_in(client: Client, path: str) -> None:
    assert client.get(path).status_code == 200


def test_the_home_page_leads_to_signing_in(client: Client) -> None:
    assert 'href="/sign-in/"' in client.get("/").content.decode()


@time_machine.travel(NOW, tick=False)
def test_security_txt_has_the_lines_its_standard_asks_for(client: Client, settings: Settings) -> None:
    settings.SUPPORT_EMAIL, settings.PUBLIC_URL = "help@portal.example", "https://portal.example"
    answer = client.get("/.well-known/security.txt")
    lines = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert lines["Contact"] == "mailto:help@portal.example"
    assert lines["Canonical"] == "https://portal.example/.well-known/security.txt"
    assert NOW < datetime.fromisoformat(lines["Expires"]) < NOW + timedelta(days=366)
