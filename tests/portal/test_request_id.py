"""The number of a request: on every answer, on the pages for faults, in the log."""

import json
import logging
import re

import pytest
from django.test import Client

from portal.logs import FieldsFormatter
from portal.views import public
from tests.pages import InspectingClient

pytestmark = pytest.mark.django_db

NUMBER = re.compile(r"[0-9a-f]{12}")
CANARY = "canary-3c77"


def test_every_answer_has_a_number_of_its_own(client: InspectingClient) -> None:
    numbers = [client.get(path).headers["X-Request-Id"] for path in ("/", "/nowhere/", "/account/", "/sign-out/")]
    assert all(NUMBER.fullmatch(number) for number in numbers)
    assert len(set(numbers)) == 4


def test_a_number_of_the_visitor_is_not_taken_over(client: InspectingClient) -> None:
    answer = client.get("/", HTTP_X_REQUEST_ID="0123456789ab")
    assert answer.headers["X-Request-Id"] != "0123456789ab"


@pytest.mark.parametrize("path", ["/nowhere/", "/sign-out/"])
def test_a_page_for_a_refusal_shows_it(client: InspectingClient, path: str) -> None:
    """Statement 184."""
    answer = client.get(path)
    assert answer.headers["X-Request-Id"] in answer.content.decode()


def test_page_and_log_of_a_failure_share_it(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Statement 184."""

    def fail(request: object, template: str) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr(public, "render", fail)
    logger = logging.getLogger("django")
    monkeypatch.setattr(logger, "propagate", True)
    answer = Client(raise_request_exception=False).get(f"/help/?typed={CANARY}", HTTP_USER_AGENT=CANARY)
    number = answer.headers["X-Request-Id"]
    assert number in answer.content.decode()
    lines = sorted({FieldsFormatter().format(record) for record in caplog.records})
    (line,) = [json.loads(line) for line in lines if "fault" in line]
    assert (line["request_id"], line["fault"]) == (number, "RuntimeError")
    assert any("fail" in place for place in line["trace"])
    assert CANARY not in "".join(lines)
    assert CANARY not in answer.content.decode()


def test_a_request_under_another_name_has_its_line_and_its_name_is_not_in_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(logging.getLogger("django"), "propagate", True)
    answer = Client().get("/sign-in/", HTTP_HOST=f"{CANARY}.example")
    assert answer.status_code == 400
    lines = sorted({FieldsFormatter().format(record) for record in caplog.records})
    (line,) = [json.loads(line) for line in lines if "DisallowedHost" in line]
    assert (line["request_id"], line["level"]) == (answer.headers["X-Request-Id"], "WARNING")
    assert CANARY not in "".join(lines)
    # Without a handler of its own Python would write message and trace as they are.
    assert logging.getLogger("django.security.DisallowedHost").propagate


@pytest.mark.parametrize("path", ["/x%0AINFO forged", "/x\u2028y", "/%1b[31mred", "/%00"])
def test_one_event_is_one_line_whatever_the_address(
    path: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("django"), "propagate", True)
    Client().get(path)
    assert caplog.records
    for record in caplog.records:
        line = FieldsFormatter().format(record)
        assert line.isprintable()
        assert json.loads(line)["event"] == "answered 404"
