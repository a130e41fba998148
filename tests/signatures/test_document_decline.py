"""A signer declines: asked why, told what it means, and what they typed is not lost."""

import pytest

from core.db import database_now
from messaging.items.models import OpenSession
from signatures.choices import RequestState
from signatures.services.controlling import cancel
from signatures.services.declining import reason_of
from tests.messaging.items.making import make_sender, visitor
from tests.signatures.signer import first_of
from tests.signatures.signing import ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sealing")]


def test_declining_is_asked_for_and_then_ends_the_request() -> None:
    asked = ask(make_sender())
    browser = first_of(asked).open()
    page = browser.get("document_decline").content.decode()
    assert "then ends for everybody" in page
    assert asked.row.declined_at is None
    answer = browser.post("document_decline", {"reason": "Too dear.\r\nSorry."})
    assert answer.url == browser.url("document_decline")
    after = browser.client.get(answer.url)
    assert after.status_code == 410
    assert "You have declined to sign" in after.content.decode()
    assert asked.row.state_at(database_now()) is RequestState.DECLINED
    assert reason_of(asked.signer(0)) == "Too dear.\nSorry."


def test_a_reason_may_be_left_out() -> None:
    asked = ask(make_sender())
    assert first_of(asked).open().post("document_decline").status_code == 302
    assert reason_of(asked.signer(0)) == ""


def test_a_reason_that_is_too_long_is_answered_beside_it_and_stays() -> None:
    asked = ask(make_sender())
    reason = "x" * 1001
    answer = first_of(asked).open().post("document_decline", {"reason": reason})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert reason in page
    assert 'id="reason_error"' in page
    assert asked.row.declined_at is None


def test_a_reason_of_a_thousand_characters_over_lines_is_taken() -> None:
    asked = ask(make_sender())
    reason = "\r\n".join(["x" * 99] * 10) + "\r\n"
    assert first_of(asked).open().post("document_decline", {"reason": reason}).status_code == 302


def test_154_a_reason_that_comes_too_late_is_given_back() -> None:
    asked = ask(make_sender())
    browser = first_of(asked).open()
    cancel(item=asked.item, by=asked.item.sender, visitor=visitor())
    answer = browser.post("document_decline", {"reason": "Canary reason"})
    assert answer.status_code == 410
    assert "Canary reason" in answer.content.decode()
    OpenSession.objects.all().delete()
    answer = browser.post("document_decline", {"reason": "Canary reason"})
    assert answer.status_code == 403
    assert "Canary reason" in answer.content.decode()


def test_a_reason_whose_token_was_lost_is_given_back() -> None:
    asked = ask(make_sender())
    browser = first_of(asked).open()
    browser.client.handler.enforce_csrf_checks = True
    answer = browser.post("document_decline", {"reason": "Canary reason"})
    assert answer.status_code == 403
    assert "readonly>Canary reason</textarea>" in answer.content.decode()
    assert f'href="{browser.url("document_decline")}"' in answer.content.decode()
    assert asked.row.declined_at is None
