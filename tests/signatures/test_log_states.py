"""What the log calls requests that were signed: words of their own, on the page, in the file and as a filter."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.test import Client

from core.db import database_now
from messaging.items.choices import State
from messaging.items.models import Item
from messaging.items.states import items_in_state, with_state
from signatures.services.completing import complete_what_waits
from tests.outbox import run_due_jobs
from tests.signatures.following import content_of, expire, page_of, signed_in_requester
from tests.signatures.signing import YAN, Requested, open_mailed, opened, sign_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sealing")]

LOG = "/account/activity/"


def completed(client: Client) -> Requested:
    asked = signed_in_requester(client)
    sign_all(opened(asked))
    sign_all(open_mailed(YAN.email))
    assert complete_what_waits()
    return asked


def state_of(asked: Requested) -> str:
    return str(with_state(Item.objects.filter(pk=asked.item.pk), database_now()).get().state)  # type: ignore[attr-defined]


def test_a_completed_request_reads_signed_by_all_and_each_of_its_signers_signed(client: Client) -> None:
    asked = completed(client)
    text = content_of(client, f"{LOG}{asked.item.reference}/")
    assert "Signed by all" in text
    assert text.count(" Signed ") >= 2
    assert " Open " not in text
    assert "Signed by all" in content_of(client, LOG)
    assert "Signed by all" in content_of(client, "/messages/")


def test_it_stays_so_when_the_links_are_opened_and_when_they_have_ended(client: Client) -> None:
    asked = completed(client)
    open_mailed(YAN.email)
    assert state_of(asked) == State.CLOSED
    asked.item.participants.update(expires_at=database_now() - timedelta(seconds=1))
    assert state_of(asked) == State.CLOSED


def test_while_somebody_has_not_signed_it_is_not_signed_by_all(client: Client) -> None:
    asked = signed_in_requester(client)
    sign_all(opened(asked))
    run_due_jobs()
    text = content_of(client, f"{LOG}{asked.item.reference}/")
    assert "Signed by all" not in text
    assert " Signed " in text
    # One has read it, one has not: it is on its way, and nobody is told that nobody has opened it.
    assert "In progress" in text
    assert "Not opened" in text, "the second signer has not"
    assert "In progress" in content_of(client, "/messages/")
    assert asked.item.reference in client.get(f"{LOG}?status=open").content.decode()
    assert asked.item.reference not in client.get(f"{LOG}?status=not_opened").content.decode()
    expire(asked)
    assert state_of(asked) == State.EXPIRED
    assert list(items_in_state(Item.objects.all(), State.CLOSED, database_now())) == []


def test_the_filter_and_the_file_know_them(client: Client) -> None:
    asked = completed(client)
    page = client.get(LOG).content.decode()
    assert "Closed / Signed by all" in page
    assert asked.item.reference in client.get(f"{LOG}?status=closed").content.decode()
    assert asked.item.reference not in client.get(f"{LOG}?status=open").content.decode()
    answer = client.post(f"{LOG}export/?status=closed")
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert [row for row in rows if "Signed by all" in row]


def test_a_request_that_was_ended_before_all_signed_reads_cancelled_wherever_it_stands(client: Client) -> None:
    asked = signed_in_requester(client)
    sign_all(opened(asked))
    client.post(page_of(asked, "cancel"))
    address = f"{LOG}{asked.item.reference}/"
    for page in (content_of(client, LOG), content_of(client, address), content_of(client, "/messages/")):
        assert "Cancelled" in page
    assert "Deleted / Cancelled" in client.get(LOG).content.decode()
    assert asked.item.reference in client.get(f"{LOG}?status=deleted").content.decode()
    answer = client.post(f"{LOG}export/")
    assert "Cancelled" in answer.getvalue().decode("utf-8-sig")


def test_a_request_that_is_deleted_once_all_have_signed_reads_deleted(client: Client) -> None:
    asked = completed(client)
    client.post(f"{LOG}{asked.item.reference}/delete/")
    assert re.search(r'class="pill[^>]*>\s*Deleted', client.get(LOG).content.decode())
    assert re.search(r'class="pill[^>]*>\s*Deleted', client.get("/messages/").content.decode())
