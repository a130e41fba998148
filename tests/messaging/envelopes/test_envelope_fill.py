"""A person outside fills an envelope: what is asked, what arrives, for whom, and how often."""

import hashlib
import re

import pytest

from messaging.items.choices import ReturnKind
from messaging.items.models import Blob, Return
from messaging.items.services.returning import returned_manifest
from tests.messaging.envelopes.making import INSTRUCTIONS, TEXT, TITLE, make_envelope, owner_browser, paper
from tests.messaging.items.making import ADDRESS, make_sender
from tests.outbox import delivered

pytestmark = pytest.mark.django_db


def test_text_and_files_arrive_closed_for_the_owner_with_a_receipt() -> None:
    owner = make_sender()
    outsider = make_envelope(owner_browser(owner)).open()
    page = outsider.form().content.decode()
    assert TITLE in page
    assert INSTRUCTIONS in page
    assert "Up to 200 files, 2.5\u00a0GB in all." in page
    answer = outsider.fill(uploads=(paper(), paper()))
    assert answer.url == outsider.url("envelope_receipt")
    receipt = outsider.receipt().content.decode()
    for shown in (
        "Canary paper.pdf",
        "Canary paper (2).pdf",
        "5\u00a0B",
        hashlib.sha256(b"paper").hexdigest(),
        ADDRESS,
    ):
        assert shown in receipt
    returned = Return.objects.get()
    manifest = returned_manifest(returned, reader=owner)
    assert (returned.kind, manifest.subject, manifest.body) == (ReturnKind.SUBMISSION, TITLE, TEXT)
    assert [entry.name for entry in manifest.files] == ["Canary paper.pdf", "Canary paper (2).pdf"]
    assert Blob.objects.filter(whole_id=returned.whole_id, kept_until=None).count() == 2


def test_the_owner_is_told_without_content_and_the_person_outside_gets_the_receipt() -> None:
    outsider = make_envelope(owner_browser()).open()
    outsider.fill(uploads=(paper(),))
    to_owner, receipt = sorted(delivered("email")[:2], key=lambda mail: mail.to)
    assert (to_owner.to, to_owner.subject) == ("robin@demo.example", f"{ADDRESS} has filled your envelope")
    assert "/returns/" in to_owner.text
    assert not re.search("Canary", to_owner.text + to_owner.html)
    assert receipt.to == ADDRESS
    for body in (receipt.text, receipt.html):
        assert "Canary paper.pdf" in body
        assert hashlib.sha256(b"paper").hexdigest() in body
        assert TEXT not in body
