"""The receipt of a delivery: shown to whoever has the link and gives its proof, for thirty days."""

import re
from datetime import timedelta
from typing import Any

import pytest

from core import keys
from core.crypto.sealing import SealBroken
from core.crypto.secret import Secret
from core.db import database_now
from messaging.envelopes.models import Receipt
from messaging.envelopes.receipts import open_receipt
from messaging.envelopes.retention import forget_what_is_over
from messaging.items.events.kinds import EventKind
from messaging.items.models import Event, Item, Link, Participant, Return
from messaging.items.retention import forget_what_is_over as forget_items
from messaging.items.services.links import from_text
from tests.messaging.envelopes.making import TEXT, TITLE, make_envelope, owner_browser, paper
from tests.messaging.items.making import ADDRESS
from tests.outbox import delivered, newest_code

pytestmark = pytest.mark.django_db

SHOWN = ("Canary paper.pdf", TITLE, "Robin Example")


def shows_receipt(answer) -> bool:  # type: ignore[no-untyped-def]
    page = answer.content.decode()
    return answer.status_code == 200 and "Receipt" in page and "Canary paper.pdf" in page and TEXT not in page


def end_envelope(client: Any, end: str) -> None:
    """Let an envelope be over, as its owner or its time does."""
    if end == "deleted":
        client.post(f"/envelopes/{Item.objects.get().reference}/delete/")
    else:
        now = database_now()
        Participant.objects.update(expires_at=now)
        Item.objects.update(sent_at=now - timedelta(days=8), expires_at=now - timedelta(hours=1))
        forget_items(now)


def test_the_browser_that_filled_it_shows_it_at_once_and_any_other_one_after_the_code() -> None:
    outsider = make_envelope(owner_browser(), proof="opening_code")
    code = re.findall(r"\b\d{6}\b", _mail_text())[0]
    outsider.open(code=code).fill(uploads=(paper(),))
    assert shows_receipt(outsider.receipt())
    later = outsider.another_browser()
    assert later.receipt().url == later.url("link")
    assert later.give().url == later.url("link_proof")
    assert later.receipt().url == later.url("link_proof")
    asked = later.client.get(later.url("link_proof")).content.decode()
    assert "What was asked for has arrived." in asked
    assert "Canary" not in asked
    assert later.answer(code="000000" if code != "000000" else "111111").status_code == 422
    assert later.receipt().url == later.url("link_proof")
    assert later.answer(code=code).url == later.url("envelope_receipt")
    assert shows_receipt(later.receipt())
    assert later.form().url == later.url("envelope_receipt")


def test_the_proof_before_a_receipt_takes_no_opening_and_its_misses_stand_in_the_log() -> None:
    outsider = make_envelope(owner_browser(), proof="opening_code")
    code = re.findall(r"\b\d{6}\b", _mail_text())[0]
    outsider.open(code=code).fill(uploads=(paper(),))
    later = outsider.another_browser()
    later.give()
    later.answer(code="wrong")
    later.answer(code=code)
    kinds = list(Event.objects.values_list("kind", flat=True))
    assert (kinds.count(EventKind.OPENED), kinds.count(EventKind.CODE_FAILED)) == (1, 1)
    assert Participant.objects.get().openings_used == 1


def test_a_new_code_before_a_receipt_goes_to_the_address_known() -> None:
    outsider = make_envelope(owner_browser(), proof="opening_code")
    outsider.open(code=re.findall(r"\b\d{6}\b", _mail_text())[0]).fill(uploads=(paper(),))
    later = outsider.another_browser()
    later.give()
    assert later.client.post(later.url("link_code_send")).status_code == 302
    later.answer(code=newest_code(ADDRESS))
    assert shows_receipt(later.receipt())


@pytest.mark.parametrize("end", ["expired", "deleted"])
def test_the_code_is_asked_as_long_as_the_receipt_is_kept(end: str) -> None:
    client = owner_browser()
    outsider = make_envelope(client, proof="opening_code")
    code = re.findall(r"\b\d{6}\b", _mail_text())[0]
    outsider.open(code=code).fill(uploads=(paper(),))
    end_envelope(client, end)
    later = outsider.another_browser()
    assert later.give().url == later.url("link_proof")
    assert later.receipt().url == later.url("link_proof")
    later.answer(code=code)
    assert shows_receipt(later.receipt())


@pytest.mark.parametrize("end", ["expired", "deleted"])
def test_it_outlives_the_envelope(end: str) -> None:
    client = owner_browser()
    outsider = make_envelope(client).open()
    outsider.fill(uploads=(paper(),))
    end_envelope(client, end)
    later = outsider.another_browser()
    later.give()
    assert shows_receipt(later.receipt())


def test_after_thirty_days_only_that_it_was_filled_is_said() -> None:
    outsider = make_envelope(owner_browser()).open()
    outsider.fill(uploads=(paper(),))
    kept = Receipt.objects.get().expires_at - Return.objects.get().arrived_at
    assert kept == timedelta(days=30)
    forget_what_is_over(database_now() + timedelta(days=29))
    assert Receipt.objects.exists()
    forget_what_is_over(database_now() + timedelta(days=31))
    assert not Receipt.objects.exists()
    later = outsider.another_browser()
    later.give()
    page = later.receipt()
    assert page.status_code == 410
    assert "This envelope has been filled" in page.content.decode()


def test_before_anything_was_handed_over_there_is_none() -> None:
    outsider = make_envelope(owner_browser())
    assert outsider.receipt().url == outsider.url("link")
    outsider.give()
    assert outsider.receipt().url == outsider.url("link_proof")


def test_a_wrong_secret_learns_nothing_of_a_filled_envelope() -> None:
    outsider = make_envelope(owner_browser()).open()
    outsider.fill(uploads=(paper(),))
    other = outsider.another_browser()
    page = other.give("A" * 43)
    assert page.status_code == 404
    assert "This link does not work" in page.content.decode()
    assert other.receipt().url == other.url("link")


def test_names_of_files_are_sealed_under_the_link_and_the_key_of_the_week() -> None:
    outsider = make_envelope(owner_browser()).open()
    outsider.fill(uploads=(paper(),))
    receipt, locator = Receipt.objects.get(), bytes(Link.objects.get().locator)
    sealed = bytes(receipt.sealed)
    assert b"Canary" not in sealed
    secret = Secret(from_text(outsider.secret, 32) or b"")
    assert open_receipt(sealed, secret=secret, locator=locator, week_on=receipt.week_on).files
    assert receipt.week_on == keys.monday_of(receipt.expires_at)
    for wrong in (
        {"secret": Secret(bytes(32))},
        {"locator": bytes(16)},
        {"week_on": receipt.week_on - timedelta(days=7)},
        {"week_on": receipt.week_on - timedelta(days=700)},
    ):
        with pytest.raises(SealBroken):
            open_receipt(sealed, **{"secret": secret, "locator": locator, "week_on": receipt.week_on, **wrong})  # type: ignore[arg-type]


def _mail_text() -> str:

    return delivered("email")[0].text
