"""The proof for the file: all of an item's history with its digests, printed as an event, without content."""

import re
import uuid

import pytest
from django.test import Client

from accounts.models import User
from core.crypto.chain import START
from messaging.activity.access.log import own_item
from messaging.activity.proof_document import proof_document
from messaging.activity.services.proving import Proven, prove_history
from messaging.items.choices import Proof
from messaging.items.events.kinds import EventKind
from messaging.items.models import ChainHead, Event
from messaging.items.references import shown_reference
from messaging.items.services.controlling import renew_link
from messaging.items.services.creating import Person
from tests.cast import make_organization, make_user, sign_in
from tests.messaging.envelopes.making import make_envelope
from tests.messaging.items.making import BODY, SUBJECT, Sent, by, open_link, send_item
from tests.messaging.outside.browser import Outsider
from tests.messaging.outside.making import NUMBER, REPLY_PROVEN, send_message, texted
from tests.outbox import newest_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender(client: Client) -> User:
    user = make_user("pro@demo.example", plan="pro", time_zone="America/Toronto", first_name="Robin", last_name="Roy")
    sign_in(client, user)
    return user


def address(sent: Sent) -> str:
    return f"/account/activity/{sent.item.reference}/proof/"


def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect each text that is written into a document."""
    from messaging.activity import proof_document as module

    texts: list[str] = []
    original = module._safe

    def safe(text: str) -> str:
        texts.append(text)
        return original(text)

    monkeypatch.setattr(module, "_safe", safe)
    return texts


def test_it_is_a_file_named_after_the_reference(client: Client, sender: User) -> None:
    sent = send_item(sender)
    answer = client.post(address(sent))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{shown_reference(sent.item.reference)}.pdf"'
    assert answer.content.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b", answer.content)) == 1


def test_it_holds_people_times_proofs_and_digests(
    client: Client, sender: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = send_item(sender, [Person("zoe@outside.example", "Zoé")])
    open_link(sent.links[0])
    texts = drawn(monkeypatch)
    client.post(address(sent))
    whole = "\n".join(texts)
    head = ChainHead.objects.get()
    for event in Event.objects.order_by("pk"):
        assert event.number is not None
        assert bytes(event.digest or b"").hex() in texts
    assert Event.objects.count() == head.number == 3
    assert bytes(head.digest).hex() in texts
    assert bytes(sent.item.key_commitment).hex() in texts
    assert "Zoé <zoe@outside.example> · 192.0.2.7" in whole
    assert "Robin Roy <pro@demo.example> · Demo Company" in texts
    assert re.search(r"\(UTC−0[45]:00\) · .* \(UTC\)", whole)
    assert texts.count("1 of 5") == 2


def test_it_shows_that_and_how_identity_was_proven_before_a_reply(
    client: Client, sender: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = send_message(sender, [texted(Proof.NONE)], reply_proofs=REPLY_PROVEN)
    outsider = Outsider(sent.links[0]).open()
    outsider.client.post(outsider.url("link_reply_code_send"))
    outsider.client.post(outsider.url("link_reply_prove"), {"code": newest_code(NUMBER)})
    form = {"text": "Yes.", "form_key": str(uuid.uuid4())}
    assert outsider.client.post(outsider.url("link_reply"), form).status_code == 302
    texts = drawn(monkeypatch)
    client.post(address(sent))
    assert texts[texts.index("Proof before replying") + 1] == "Code by text message"
    assert "Identity proven before replying · Code by text message" in texts
    (arrived,) = [text for text in texts if text.startswith("Something came back")]
    assert "identity proven by: Code by text message" in arrived


def test_openings_by_a_link_before_are_counted(client: Client, sender: User, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = send_item(sender)
    open_link(sent.links[0])
    renew_link(participant=sent.participant, **by(sent))
    texts = drawn(monkeypatch)
    client.post(address(sent))
    assert texts.count("1 of 6") == 2


def test_openings_without_a_limit_are_only_counted(
    client: Client, sender: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    envelope = make_envelope(client).open()
    texts = drawn(monkeypatch)
    client.post(f"/account/activity/{envelope.item.reference}/proof/")
    assert texts[texts.index("Openings") + 1] == "1"
    assert not [text for text in texts if text.startswith("1 of")]


def test_it_holds_no_subject_and_no_content(client: Client, sender: User, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = drawn(monkeypatch)
    client.post(address(send_item(sender)))
    whole = "\n".join(texts)
    assert whole
    assert SUBJECT not in whole
    assert BODY not in whole


def test_that_it_was_printed_is_sealed_with_the_rest(client: Client, sender: User) -> None:
    sent = send_item(sender)
    client.post(address(sent))
    printed = Event.objects.get(kind=EventKind.PROOF_PRINTED)
    assert printed.number == ChainHead.objects.get().number
    assert printed.item_id == sent.item.pk


def test_a_chain_that_somebody_else_wrote_proves_nothing(client: Client, sender: User) -> None:
    sent = send_item(sender)
    client.post(address(sent))
    ChainHead.objects.update(digest=START)
    answer = client.post(address(sent), follow=True)
    assert "does not hold, so it proves nothing" in answer.content.decode()


def test_what_others_wrote_is_only_text(sender: User) -> None:
    hostile = "<b>x</b> & \u202egpj.exe <para> \x07 Łódź Ωμέγα"
    sent = send_item(sender, [Person("zoe@outside.example", hostile)])
    item, row = own_item(owner=sender, reference=sent.item.reference)
    proven = prove_history(item=item, **by(sent))
    assert proof_document(item=item, row=row, proven=proven, organization=hostile).startswith(b"%PDF-")


def test_a_long_history_takes_several_pages(sender: User) -> None:
    sent = send_item(sender)
    item, row = own_item(owner=sender, reference=sent.item.reference)
    proven = prove_history(item=item, **by(sent))
    long = Proven(proven.happened * 150, proven.number, proven.digest, proven.printed_at)
    document = proof_document(item=item, row=row, proven=long, organization="Demo Company")
    assert len(re.findall(rb"/Type /Page\b", document)) > 3


def test_only_its_owner_gets_it(client: Client, sender: User) -> None:
    for other in (
        make_user("colleague@demo.example", plan="pro", organization=sender.organization),
        make_user("other@else.example", plan="pro", organization=make_organization("Else")),
    ):
        sent = send_item(other)
        assert client.post(address(sent)).status_code == 404
    assert not Event.objects.filter(kind=EventKind.PROOF_PRINTED).exists()


def test_nothing_is_printed_by_a_link(client: Client, sender: User) -> None:
    assert client.get(address(send_item(sender))).status_code == 405
