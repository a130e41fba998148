"""Sending a message: what leaves, what it costs, what keeps it from leaving."""

import pytest
from django.test import Client

from messaging.items.choices import Proof, State
from messaging.items.models import Item, Participant
from messaging.messages.models import Draft, Message
from messaging.quota.models import MonthlyCount
from tests.cast import make_user, sign_in
from tests.messaging.messages.composing import BODY, NOAH, SUBJECT, ZOE, composer_values, filled, press_send, send
from tests.outbox import delivered

pytestmark = pytest.mark.django_db


def test_a_message_leaves_with_a_mail_for_each_recipient(client: Client) -> None:
    item = send(client, make_user("pro@demo.example", plan="pro"), to=(ZOE, NOAH))
    assert {mail.to for mail in delivered("email")} == {ZOE, NOAH}
    people = list(item.participants.order_by("position"))
    assert [person.email for person in people] == [ZOE, NOAH]
    assert {person.proof for person in people} == {Proof.OPENING_CODE}
    assert MonthlyCount.objects.get().used == 1
    assert Message.objects.get(item=item).is_subject_shown
    assert not Draft.objects.exists()
    assert client.get(f"/messages/{item.reference}/sent/").status_code == 200
    assert client.get(f"/messages/{item.reference}/").status_code == 200
    page = client.get("/messages/").content.decode()
    assert SUBJECT in page
