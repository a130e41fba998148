"""A new code for a new number: after its wait, to that number, and only with a fresh proof."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client

from accounts.models import User
from core.models import Code
from tests.accounts.steps import let_proof_grow_old
from tests.cast import make_user, sign_in
from tests.forms import form_values
from tests.outbox import delivered, newest_code

pytestmark = pytest.mark.django_db

ACCOUNT, PROOF, RESEND = "/account/", "/account/confirm/", "/account/confirm/resend/"
NUMBER = "+15145550123"


@pytest.fixture
def pro(client: Client) -> User:
    user = make_user("pro@demo.example", plan="pro")
    sign_in(client, user)
    client.post(ACCOUNT, form_values(client.get(ACCOUNT), ACCOUNT) | {"cell_number": "514 555-0123"})
    return user


def texts() -> int:
    """Return how many texts have gone to the new number."""
    return len([text for text in delivered("sms") if text.to == NUMBER])


def let_the_wait_pass() -> None:
    """Move the code's row, since the database's clock judges it."""
    Code.objects.update(created_at=F("created_at") - timedelta(seconds=61))


def test_a_second_code_replaces_the_first_one(client: Client, pro: User) -> None:
    first = newest_code(NUMBER)
    let_the_wait_pass()
    assert client.post(RESEND).headers["Location"] == PROOF
    second = newest_code(NUMBER)
    if first != second:
        assert client.post(PROOF, {"code": first}).status_code == 422
    assert client.post(PROOF, {"code": second}).headers["Location"] == ACCOUNT
    pro.refresh_from_db()
    assert pro.cell_number == NUMBER


def test_before_the_wait_is_over_nothing_is_sent_and_the_page_says_when(client: Client, pro: User) -> None:
    assert texts() == 1
    page = client.post(RESEND, follow=True).content.decode()
    assert "The next one is possible at" in page
    assert texts() == 1


def test_without_a_fresh_proof_nothing_is_sent(client: Client, pro: User) -> None:
    let_the_wait_pass()
    let_proof_grow_old(client)
    assert client.post(RESEND).headers["Location"] == PROOF
    assert texts() == 1


def test_without_a_waiting_number_nothing_is_sent(client: Client, pro: User) -> None:
    client.post("/account/pending/drop/")
    let_the_wait_pass()
    client.post(RESEND)
    assert texts() == 1
