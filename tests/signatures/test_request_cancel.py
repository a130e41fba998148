"""Cancelling a request: asked once more, then nobody signs and the documents are gone."""

import pytest
from django.test import Client

from core.db import database_now
from messaging.items.models import Blob, Content
from signatures.choices import RequestState
from tests.signatures.following import content_of, expire, page_of, signed_in_requester
from tests.signatures.signing import YAN, ZOE, mail_to, open_mailed, opened, sign_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sealing")]


def test_it_is_asked_once_more_and_says_what_is_destroyed(client: Client) -> None:
    asked = signed_in_requester(client)
    text = content_of(client, page_of(asked, "cancel"))
    assert "Its documents and what was filled in so far are destroyed for good, also for you." in text
    assert asked.item.revoked_at is None


def test_cancelled_nobody_signs_and_nothing_is_left(client: Client) -> None:
    asked = signed_in_requester(client)
    answer = client.post(page_of(asked, "cancel"), follow=True)
    assert "its documents are destroyed" in answer.content.decode()
    assert asked.row.state_at(database_now()) is RequestState.CANCELLED
    assert not Content.objects.exists()
    assert not Blob.objects.exists()
    assert "/s/" not in mail_to(ZOE.email)
    again = client.post(page_of(asked, "cancel"), follow=True)
    assert "This request had been cancelled already." in again.content.decode()


def test_what_all_have_signed_is_not_cancelled(client: Client) -> None:
    asked = signed_in_requester(client)
    sign_all(opened(asked))
    sign_all(open_mailed(YAN.email))
    answer = client.post(page_of(asked, "cancel"), follow=True)
    assert "it cannot be cancelled any more" in answer.content.decode()
    assert asked.item.revoked_at is None


def test_what_is_over_is_not_cancelled(client: Client) -> None:
    asked = signed_in_requester(client)
    expire(asked)
    answer = client.post(page_of(asked, "cancel"), follow=True)
    assert "it cannot be cancelled any more" in answer.content.decode()
    assert asked.item.revoked_at is None
