"""What everybody has signed is sealed once, found whole, and given to all."""

import socket
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils.module_loading import import_string
from pytest_django import Settings

from core import keys
from core.blobs import blobs
from core.db import database_now
from core.downloads import read_whole
from messaging.items.choices import ReturnKind, State
from messaging.items.errors import ContentDamaged, LinkExpired
from messaging.items.events.kinds import EventKind
from messaging.items.models import Blob, Event, Item, Link, Participant, Return
from messaging.items.services.controlling import copied_manifest, revoke_item
from messaging.items.services.files import sealed_files
from messaging.items.services.opening import data_key
from messaging.items.services.returning import returned_key, returned_manifest
from signatures.choices import RequestState, Stage
from signatures.models import SealedDocument, SignatureRequest, Signer
from signatures.pdf.verdicts import Outcome
from signatures.sealers import verify_file
from signatures.services.claiming import claim_next
from signatures.services.completing import complete, complete_what_waits
from signatures.services.controlling import send_new_link
from tests.cast import sign_in
from tests.messaging.items.making import make_sender, visitor
from tests.signatures.pdf.seals import shown
from tests.signatures.signing import (
    TITLE,
    YAN,
    ZOE,
    Requested,
    ask,
    clean,
    mail_to,
    open_mailed,
    opened,
    sign_all,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sealing")]


def signed_by_all(papers: int = 1) -> Requested:
    asked = ask(make_sender(), sources=[clean(line=f"Paper {n}") for n in range(papers)])
    sign_all(opened(asked), t0="PO 4711")
    sign_all(open_mailed(YAN.email))
    return asked


def test_what_all_have_signed_closes_with_the_week_of_its_new_end() -> None:
    asked = signed_by_all()
    item = Item.objects.get(pk=asked.item.pk)
    assert item.expires_at > asked.made.item.expires_at + timedelta(weeks=1)
    assert item.week_on == keys.monday_of(item.expires_at)
    assert copied_manifest(item, at=database_now()).subject == TITLE


def owners_files(asked: Requested) -> list[bytes]:
    returned, sender = Return.objects.get(), asked.item.sender
    manifest = returned_manifest(returned, reader=sender)
    key = returned_key(returned, reader=sender)
    return [read_whole(file) for file in sealed_files(manifest.files, whole_id=returned.whole_id, data_key=key)]


def broken_promises() -> list[str]:
    return [line for check in settings.INVARIANT_CHECKS for line in import_string(check)()]


def test_everybody_gets_the_sealed_documents() -> None:
    asked = signed_by_all(papers=2)
    assert complete_what_waits()
    assert not complete_what_waits()
    row = asked.row
    assert (row.stage, row.state_at(database_now())) == (Stage.COMPLETED, RequestState.COMPLETED)
    files = owners_files(asked)
    assert len(files) == 2
    for number, data in enumerate(files):
        verdict = verify_file(data)
        assert verdict.outcome == Outcome.SEALED
        text = "\n".join(shown(data))
        assert f"Paper {number}" in text
        assert ZOE.name in text
        assert ("PO 4711" in text) == (number == 0)
    assert {d.number for d in SealedDocument.objects.all()} == {1, 2}
    for address in (ZOE.email, YAN.email):
        visit = open_mailed(address)
        entries = returned_manifest(Return.objects.get(), reader=asked.item.sender).files
        own = sealed_files(entries, whole_id=row.sealed_whole_id or visit.item.whole_id, data_key=data_key(visit))
        assert [read_whole(file) for file in own] == files
    assert "Received" in mail_to(asked.item.sender.email)
    assert broken_promises() == []


def test_the_owner_keeps_it_for_a_year_and_the_links_end_after_thirty_days() -> None:
    asked = signed_by_all()
    complete_what_waits()
    returned, item = Return.objects.get(), asked.item
    assert returned.kind == ReturnKind.SIGNED
    assert (returned.expires_at - returned.arrived_at).days == 365
    completed_at = asked.row.completed_at
    assert completed_at is not None
    assert (item.expires_at - completed_at).days == 365
    assert {(one.expires_at - completed_at).days for one in item.participants.all()} == {30}
    assert returned_manifest(returned, reader=item.sender).subject == TITLE


def test_a_new_link_to_what_is_sealed_can_be_sent_while_it_is_kept() -> None:
    asked = signed_by_all()
    complete_what_waits()
    mail_to(ZOE.email)
    over = database_now() - timedelta(seconds=1)
    Participant.objects.update(expires_at=over)
    with pytest.raises(LinkExpired):
        open_mailed(ZOE.email)
    send_new_link(signer=asked.signer(0), by=asked.item.sender, visitor=visitor())
    visit = open_mailed(ZOE.email)
    assert (visit.participant.expires_at - database_now()).days == 29
    assert data_key(visit)


def test_155_the_event_says_what_was_presented_and_what_was_sealed() -> None:
    signed_by_all()
    complete_what_waits()
    signed = Event.objects.filter(kind=EventKind.SIGNED).first()
    sealed = Event.objects.get(kind=EventKind.SEALED)
    document = SealedDocument.objects.get()
    assert signed is not None
    assert signed.facts["digests"] == [bytes(document.presented_sha256).hex()]
    assert sealed.facts["digests"] == [bytes(document.sealed_sha256).hex()]
    assert sealed.facts["is_time_stamped"] is False


def test_a_worker_whose_claim_passed_to_another_one_completes_nothing() -> None:
    asked = signed_by_all()
    first = claim_next()
    assert first is not None
    assert claim_next() is None
    SignatureRequest.objects.update(next_try_at=database_now() - timedelta(seconds=1))
    second = claim_next()
    assert second is not None
    assert not complete(*first)
    assert Return.objects.count() == 0
    assert complete(*second)
    assert not complete(*second)
    assert (Return.objects.count(), SealedDocument.objects.count()) == (1, 1)
    assert asked.row.stage == Stage.COMPLETED
    assert Event.objects.filter(kind=EventKind.SEALED).count() == 1


def test_what_was_sealed_in_vain_leaves_no_file() -> None:
    signed_by_all()
    claimed = claim_next()
    assert claimed is not None
    SignatureRequest.objects.update(claim=None)
    before = set(Blob.objects.values_list("name", flat=True))
    later = database_now() + timedelta(days=1)
    assert not complete(*claimed)
    assert set(blobs().older_than(later)) == before


def test_a_request_cancelled_meanwhile_is_not_completed() -> None:
    asked = signed_by_all()
    claimed = claim_next()
    assert claimed is not None
    with transaction.atomic():
        Item.objects.filter(pk=asked.item.pk).update(revoked_at=database_now())
    assert not complete(*claimed)
    assert not Return.objects.exists()
    assert not complete_what_waits()


def test_while_the_sealer_is_away_it_waits_and_is_tried_again(settings: Settings, tmp_path: Path) -> None:
    asked, socket = signed_by_all(), settings.SEAL_SOCKET
    settings.SEAL_SOCKET = tmp_path / "nobody"
    assert complete_what_waits()
    row = asked.row
    assert row.stage == Stage.SIGNED_BY_ALL
    assert row.next_try_at > database_now() + timedelta(minutes=4)  # type: ignore[operator]
    assert not complete_what_waits()
    settings.SEAL_SOCKET = socket
    SignatureRequest.objects.update(next_try_at=database_now())
    assert complete_what_waits()
    assert asked.row.stage == Stage.COMPLETED


def test_159_a_time_stamp_is_waited_for_four_hours_and_then_done_without(settings: Settings) -> None:
    asked = signed_by_all()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        settings.TSA_URL = f"http://127.0.0.1:{probe.getsockname()[1]}/"
    assert complete_what_waits()
    assert asked.row.stage == Stage.SIGNED_BY_ALL
    long_ago = database_now() - timedelta(hours=4, seconds=1)
    SignatureRequest.objects.update(next_try_at=database_now(), signed_by_all_at=long_ago)
    assert complete_what_waits()
    assert Event.objects.get(kind=EventKind.SEALED).facts["is_time_stamped"] is False
    assert SealedDocument.objects.get().is_time_stamped is False
    (data,) = owners_files(asked)
    assert "without a time stamp" in " ".join(shown(data))


def test_159_where_the_setting_says_hold_it_waits_on_and_says_so(settings: Settings, client: Client) -> None:
    settings.TSA_HOLDS = True
    asked = signed_by_all()
    sign_in(client, asked.item.sender)
    address = f"/signatures/{asked.item.reference}/"
    with socket.create_server(("127.0.0.1", 0)) as probe:
        settings.TSA_URL = f"http://127.0.0.1:{probe.getsockname()[1]}/"
    assert complete_what_waits()
    assert not Event.objects.filter(kind=EventKind.SEAL_HELD).exists()
    assert "This takes a few minutes." in client.get(address).content.decode()
    long_ago = database_now() - timedelta(hours=4, seconds=1)
    for _twice in range(2):
        SignatureRequest.objects.update(next_try_at=database_now(), signed_by_all_at=long_ago)
        assert complete_what_waits()
        assert asked.row.stage == Stage.SIGNED_BY_ALL
    assert Event.objects.filter(kind=EventKind.SEAL_HELD, item_id=asked.item.pk).count() == 1
    page = client.get(address).content.decode()
    assert "waits for the time stamp" in page
    assert "This takes a few minutes." not in page
    assert broken_promises() == []
    settings.TSA_HOLDS = False
    SignatureRequest.objects.update(next_try_at=database_now())
    assert complete_what_waits()
    assert asked.row.stage == Stage.COMPLETED
    assert "waits for the time stamp" not in client.get(address).content.decode()


def test_159_where_nothing_is_time_stamped_nothing_is_held(settings: Settings) -> None:
    settings.TSA_HOLDS = True
    asked = signed_by_all()
    SignatureRequest.objects.update(signed_by_all_at=database_now() - timedelta(hours=5))
    assert complete_what_waits()
    assert asked.row.stage == Stage.COMPLETED


def test_160_answers_that_were_changed_are_not_sealed() -> None:
    asked = signed_by_all()
    Signer.objects.filter(place=0).update(answers_sealed=bytes(asked.signer(1).answers_sealed or b""))
    claimed = claim_next()
    assert claimed is not None
    with pytest.raises(ContentDamaged):
        complete(*claimed)
    assert not Return.objects.exists()


def test_a_document_that_was_changed_is_not_sealed() -> None:
    asked = signed_by_all()
    blob = Blob.objects.get(whole_id=asked.item.whole_id)
    path = blobs()._path(blob.name)
    data = bytearray(path.read_bytes())
    data[-20] ^= 1
    path.write_bytes(data)
    assert complete_what_waits()
    assert not Return.objects.exists()
    assert asked.row.stage == Stage.SEALING


def test_the_requester_may_end_the_links_to_what_is_sealed() -> None:
    asked = signed_by_all()
    complete_what_waits()
    assert revoke_item(item=asked.item, by=asked.item.sender, visitor=visitor(), at=database_now())
    assert asked.row.state_at(database_now()) is RequestState.COMPLETED
    assert not Link.objects.filter(ended_at=None).exists()
    assert asked.item.state_at(database_now(), list(asked.item.participants.all())) is State.DELETED
    assert owners_files(asked)
