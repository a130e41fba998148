"""A recipient writes back: what may come, the proof of its own, the receipt, and who is told."""

import html
import re
import threading
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core import throttle
from core.db import database_now
from licenses.models import Plan
from messaging.activity.access.timeline import with_people
from messaging.activity.telling import told
from messaging.items import limits
from messaging.items.choices import Proof
from messaging.items.errors import ProofRequired, ReturnNotWanted
from messaging.items.events.kinds import EventKind
from messaging.items.models import Blob, Event, Link, OpenSession, Participant, Return
from messaging.items.services import reply_proofs
from messaging.items.services.opening import refuse_ended
from messaging.items.services.proof_codes import claim_text_code
from messaging.items.services.returning import returned_manifest
from messaging.items.services.shredding import shred_return
from messaging.items.services.visiting import Visit
from messaging.messages import limits as message_limits
from messaging.messages.choices import ReplyKind
from messaging.messages.replies import ReplyTerms
from messaging.messages.services import replying
from messaging.messages.services.replying import Reply, send_reply
from tests.cast import sign_in
from tests.messaging.items.making import ADDRESS, SUBJECT, delete, make_sender, open_link, visitor
from tests.messaging.outside.browser import Outsider
from tests.messaging.outside.making import NUMBER, REPLY_PROVEN, send_message, texted
from tests.multipart import CONTENT_TYPE, body_of
from tests.multipart import Sent as Part
from tests.outbox import delivered, newest_code
from tests.pages import InspectingClient
from tests.races import on_threads

pytestmark = pytest.mark.django_db

TEXT = "Canary reply: the figures on page 3 are confirmed."


def reply(outsider: Outsider, text: str = TEXT, *, form_key: str = "", uploads: tuple[object, ...] = ()):  # type: ignore[no-untyped-def]
    form = {"text": text, "form_key": form_key or str(uuid.uuid4()), "uploads": list(uploads)}
    return outsider.client.post(outsider.url("link_reply"), form)


def paper(name: str = "Canary paper.pdf", content: bytes = b"paper") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def form_key_of(page: str) -> str:
    """Return the key of the form that a page shows."""
    (key,) = re.findall('name="form_key" value="([^"]+)"', page)
    return str(key)


def test_text_and_files_arrive_closed_for_the_sender_with_a_receipt() -> None:
    sent = send_message(instructions="Please confirm page 3.")
    outsider = Outsider(sent.links[0]).open()
    page = outsider.client.get(outsider.url("link_reply")).content.decode()
    assert "Please confirm page 3." in page
    assert "in all" in page
    answer = reply(outsider, uploads=(paper(), paper()))
    receipt = outsider.client.get(answer.url).content.decode()
    assert "Your reply has arrived" in receipt
    returned = Return.objects.get()
    manifest = returned_manifest(returned, reader=sent.item.sender)
    assert (manifest.subject, manifest.body) == (SUBJECT, TEXT)
    assert [entry.name for entry in manifest.files] == ["Canary paper.pdf", "Canary paper (2).pdf"]
    assert Blob.objects.filter(whole_id=returned.whole_id, kept_until=None).count() == 2


def test_the_owner_is_told_by_a_mail_without_content() -> None:
    outsider = Outsider(send_message().links[0]).open()
    reply(outsider, uploads=(paper(),))
    (mail,) = delivered("email")
    assert (mail.to, mail.subject) == ("robin@demo.example", f"{ADDRESS} has replied")
    assert "/returns/" in mail.text
    assert not re.search("Canary", mail.text + mail.html)


def test_the_same_form_twice_arrives_once() -> None:
    outsider, form_key = Outsider(send_message().links[0]).open(), str(uuid.uuid4())
    first, second = (reply(outsider, form_key=form_key, uploads=(paper(),)) for _ in range(2))
    assert first.url == second.url
    assert (Return.objects.count(), Blob.objects.count(), len(delivered("email"))) == (1, 1, 1)


def test_back_and_send_again_is_the_same_reply_for_a_while() -> None:
    outsider = Outsider(send_message().links[0]).open()
    first = reply(outsider, uploads=(paper(),))
    assert reply(outsider, uploads=(paper(),)).url == first.url
    assert (Return.objects.count(), Blob.objects.count(), len(delivered("email"))) == (1, 1, 1)
    assert reply(outsider, f"{TEXT} And on page 4.", uploads=(paper(),)).url != first.url
    Return.objects.update(arrived_at=database_now() - timedelta(seconds=message_limits.SAME_REPLY_SECONDS + 1))
    assert reply(outsider, uploads=(paper(),)).url != first.url
    assert Return.objects.count() == 3


def test_another_text_under_the_same_form_is_told_and_can_be_sent_as_another_reply() -> None:
    sender = make_sender()
    outsider, form_key = Outsider(send_message(sender).links[0]).open(), str(uuid.uuid4())
    receipt_url = reply(outsider, "Canary first", form_key=form_key).url
    answer = reply(outsider, "Canary second", form_key=form_key)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "What you sent first has arrived" in page
    assert receipt_url in page
    assert "Canary second" in page
    assert "Canary first" not in page
    assert Return.objects.count() == 1
    fresh = form_key_of(page)
    assert fresh != form_key
    assert reply(outsider, "Canary second", form_key=fresh).status_code == 302
    bodies = {returned_manifest(returned, reader=sender).body for returned in Return.objects.all()}
    assert bodies == {"Canary first", "Canary second"}


@pytest.mark.parametrize(
    "others",
    [(), (("Canary paper.pdf", b"other"),), (("other.pdf", b"paper"),), (("Canary paper.pdf", b"paper"),) * 2],
    ids=["none", "other bytes", "other name", "one more"],
)
def test_other_files_under_the_same_form_are_not_taken_for_those_that_arrived(
    others: tuple[tuple[str, bytes], ...],
) -> None:
    outsider, form_key = Outsider(send_message().links[0]).open(), str(uuid.uuid4())
    reply(outsider, form_key=form_key, uploads=(paper(),))
    answer = reply(outsider, form_key=form_key, uploads=tuple(paper(*other) for other in others))
    assert answer.status_code == 409
    assert (Return.objects.count(), Blob.objects.count()) == (1, 1)


def test_a_form_of_which_no_digest_was_kept_is_taken_as_the_same() -> None:
    outsider, form_key = Outsider(send_message().links[0]).open(), str(uuid.uuid4())
    first = reply(outsider, form_key=form_key)
    Return.objects.update(body_digest=None)
    assert reply(outsider, "Canary second", form_key=form_key).url == first.url


def test_the_digest_of_a_form_confirms_no_guess_without_the_link_and_goes_with_the_content() -> None:
    sender, form_key = make_sender(), str(uuid.uuid4())
    for _ in range(2):
        assert reply(Outsider(send_message(sender).links[0]).open(), form_key=form_key).status_code == 302
    one, other = Return.objects.all()
    assert bytes(one.body_digest or b"") != bytes(other.body_digest or b"")
    assert len(bytes(one.body_digest or b"")) == 32
    shred_return(one, at=database_now())
    one.refresh_from_db()
    assert one.body_digest is None


@pytest.mark.parametrize("kind", [ReplyKind.NONE, ReplyKind.TEXT])
def test_what_the_sender_does_not_want_does_not_come(kind: ReplyKind) -> None:
    outsider = Outsider(send_message(reply=kind).links[0]).open()
    answer = reply(outsider, uploads=(paper(),))
    if kind is ReplyKind.NONE:
        assert (answer.status_code, Return.objects.count()) == (404, 0)
        assert outsider.client.get(outsider.url("link_reply")).status_code == 404
        assert "/reply" not in outsider.read().content.decode()
    else:
        assert answer.status_code == 422
        assert "No files are asked for, and none were kept." in answer.content.decode()
        assert TEXT in answer.content.decode()
        assert reply(outsider).status_code == 302
        assert (Return.objects.get().file_count, Blob.objects.count()) == (0, 0)


def test_the_limits_are_those_of_the_senders_plan_and_the_text_stays() -> None:
    Plan.objects.update(attachments_bytes=10, files_per_send=1)
    outsider = Outsider(send_message().links[0]).open()
    assert "1 file of up to" in outsider.client.get(outsider.url("link_reply")).content.decode()
    for uploads in ((paper(content=b"x" * 11),), (paper(), paper())):
        page = reply(outsider, uploads=uploads)
        assert page.status_code == 422
        assert TEXT in page.content.decode()
    assert (Return.objects.count(), Blob.objects.count()) == (0, 0)


def test_a_plan_without_files_takes_text_alone() -> None:
    Plan.objects.update(attachments_bytes=0, files_per_send=0)
    outsider = Outsider(send_message().links[0]).open()
    assert 'type="file"' not in outsider.client.get(outsider.url("link_reply")).content.decode()
    assert reply(outsider, uploads=(paper(),)).status_code == 422
    assert reply(outsider).status_code == 302
    assert Return.objects.get().file_count == 0


def test_a_file_that_is_needed_is_asked_for_and_the_text_stays() -> None:
    outsider = Outsider(send_message(reply=ReplyKind.FILE_NEEDED).links[0]).open()
    assert "Needed" in outsider.client.get(outsider.url("link_reply")).content.decode()
    refused = reply(outsider)
    assert (refused.status_code, Return.objects.count()) == (422, 0)
    assert "Add at least one file: it is asked for." in refused.content.decode()
    assert TEXT in refused.content.decode()
    assert reply(outsider, text="", uploads=(paper(),)).status_code == 302
    assert Return.objects.get().file_count == 1


@pytest.mark.parametrize("limit", ["attachments_bytes", "files_per_send"])
def test_a_plan_that_lost_its_files_needs_none(limit: str) -> None:
    outsider = Outsider(send_message(reply=ReplyKind.FILE_NEEDED).links[0]).open()
    Plan.objects.update(**{limit: 0})
    assert 'type="file"' not in outsider.client.get(outsider.url("link_reply")).content.decode()
    assert reply(outsider).status_code == 302


def test_a_reply_that_says_nothing_is_refused() -> None:
    page = reply(Outsider(send_message().links[0]).open(), text=" ")
    assert page.status_code == 422
    assert "Write something, or add a file." in page.content.decode()


def test_statement_125_without_a_proof_of_its_own_no_reply_is_taken() -> None:
    sent = send_message(people=[texted()], reply_proofs=REPLY_PROVEN)
    outsider = Outsider(sent.links[0])
    outsider.give()
    outsider.client.post(outsider.url("link_code_send"))
    reading_code = newest_code(NUMBER)
    assert outsider.answer(code=reading_code).status_code == 302
    refused = reply(outsider, uploads=(paper(),))
    assert refused.status_code == 403
    assert TEXT in refused.content.decode()
    assert (Return.objects.count(), Blob.objects.count()) == (0, 0)
    page = outsider.client.get(outsider.url("link_reply")).content.decode()
    assert "Confirm that it is you" in page
    assert 'name="text"' not in page
    assert outsider.client.post(outsider.url("link_reply_prove"), {"code": reading_code}).status_code == 422
    assert reply(outsider).status_code == 403


def test_statement_125_a_fresh_code_to_the_known_number_lets_the_reply_through() -> None:
    outsider = Outsider(send_message(people=[texted(Proof.NONE)], reply_proofs=REPLY_PROVEN).links[0]).open()
    outsider.client.post(outsider.url("link_reply_code_send"), {"number": "+14165550999"})
    code = newest_code(NUMBER)
    assert "reply to a message" in delivered("sms")[0].text
    page = outsider.client.post(outsider.url("link_reply_prove"), {"code": "wrong"})
    assert "You have 4 tries left." in page.content.decode()
    assert outsider.client.post(outsider.url("link_reply_prove"), {"code": code}).url == outsider.url("link_reply")
    assert reply(outsider).status_code == 302
    kinds = list(Event.objects.order_by("pk").values_list("kind", flat=True))
    proven = [EventKind.REPLY_PROVEN, EventKind.RETURN_ARRIVED]
    assert kinds[-4:] == [EventKind.CODE_SENT, EventKind.CODE_FAILED, *proven]
    assert [event.facts["proof"] for event in Event.objects.filter(kind__in=proven)] == [Proof.SMS_CODE] * 2


def test_a_right_code_pressed_twice_is_no_wrong_one_and_none_is_sent_after_it() -> None:
    outsider = Outsider(send_message(people=[texted(Proof.NONE)], reply_proofs=REPLY_PROVEN).links[0]).open()
    outsider.client.post(outsider.url("link_reply_code_send"))
    code = newest_code(NUMBER)
    for name in ("link_reply_prove", "link_reply_prove", "link_reply_code_send"):
        assert outsider.client.post(outsider.url(name), {"code": code}).url == outsider.url("link_reply")
    kinds = Event.objects.filter(kind__in=[EventKind.CODE_SENT, EventKind.CODE_EXPIRED, EventKind.REPLY_PROVEN])
    assert list(kinds.order_by("pk").values_list("kind", flat=True)) == [EventKind.CODE_SENT, EventKind.REPLY_PROVEN]


def test_of_two_requests_with_the_right_code_at_once_the_later_one_misses_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outsider = Outsider(send_message(people=[texted(Proof.NONE)], reply_proofs=REPLY_PROVEN).links[0]).open()
    outsider.client.post(outsider.url("link_reply_code_send"))
    code = newest_code(NUMBER)

    def claim(**given: Any) -> None:
        monkeypatch.setattr(reply_proofs, "claim_text_code", claim_text_code)
        outsider.client.post(outsider.url("link_reply_prove"), {"code": code})
        claim_text_code(**given)

    monkeypatch.setattr(reply_proofs, "claim_text_code", claim)
    assert outsider.client.post(outsider.url("link_reply_prove"), {"code": code}).url == outsider.url("link_reply")
    assert Event.objects.filter(kind=EventKind.REPLY_PROVEN).count() == 1
    assert not Event.objects.filter(kind=EventKind.CODE_EXPIRED).exists()


def test_the_log_tells_codes_for_reading_from_those_for_replying() -> None:
    outsider = Outsider(send_message(people=[texted()], reply_proofs=REPLY_PROVEN).links[0])
    outsider.give()
    outsider.client.post(outsider.url("link_code_send"))
    outsider.answer(code="000000")
    outsider.answer(code=newest_code(NUMBER))
    outsider.client.post(outsider.url("link_reply_code_send"))
    outsider.client.post(outsider.url("link_reply_prove"), {"code": "000000"})
    events = Event.objects.filter(kind__in=[EventKind.CODE_SENT, EventKind.CODE_FAILED]).order_by("pk")
    assert [event.facts["purpose"] for event in events] == ["open-item"] * 2 + ["reply"] * 2
    lines = [told(happened) for happened in with_people([*events])]
    assert [line.details[1] for line in lines] == ["to open"] * 2 + ["to reply"] * 2


def test_a_reply_without_return_protection_claims_no_proof() -> None:
    outsider = Outsider(send_message(people=[texted(Proof.NONE)]).links[0]).open()
    assert reply(outsider).status_code == 302
    assert "proof" not in Event.objects.get(kind=EventKind.RETURN_ARRIVED).facts
    assert not Event.objects.filter(kind=EventKind.REPLY_PROVEN).exists()


def test_statement_125_a_proof_holds_for_its_browser_and_its_opening_alone() -> None:
    sent = send_message(people=[texted(Proof.NONE)], reply_proofs=REPLY_PROVEN)
    outsider = Outsider(sent.links[0]).open()
    outsider.client.post(outsider.url("link_reply_code_send"))
    outsider.client.post(outsider.url("link_reply_prove"), {"code": newest_code(NUMBER)})
    assert reply(Outsider(sent.links[0]).open()).status_code == 403
    OpenSession.objects.update(ends_at=database_now())
    outsider.open()
    assert reply(outsider).status_code == 403
    assert Return.objects.count() == 0


def test_statement_125_terms_weakened_in_the_database_open_nothing() -> None:
    sent = send_message(people=[texted(Proof.NONE)], reply_proofs=REPLY_PROVEN)
    outsider = Outsider(sent.links[0]).open()
    link = sent.links[0].link
    type(link).objects.update(policy=link.policy.replace('["sms_code"]', "[]"))
    assert reply(outsider).status_code == 500
    assert Return.objects.count() == 0


def test_a_proof_that_cannot_be_asked_yet_is_said() -> None:
    outsider = Outsider(send_message(reply_proofs=("microsoft_identity",)).links[0]).open()
    page = outsider.client.get(outsider.url("link_reply")).content.decode()
    assert "This portal cannot ask for that proof yet." in page
    assert outsider.client.post(outsider.url("link_reply_code_send")).status_code == 429
    assert outsider.client.post(outsider.url("link_reply_prove"), {"code": "000000"}).status_code == 422
    assert reply(outsider).status_code == 403


def test_a_code_for_replying_that_does_not_arrive_is_told_to_the_sender_once_a_day() -> None:
    outsider = Outsider(send_message(people=[texted()], reply_proofs=REPLY_PROVEN).links[0])
    outsider.give()
    outsider.client.post(outsider.url("link_code_missing"))
    outsider.client.post(outsider.url("link_code_send"))
    outsider.answer(code=newest_code(NUMBER))
    page = outsider.client.get(outsider.url("link_reply")).content.decode()
    assert "I cannot receive this code: tell the sender" in page
    assert "write to you again" in page
    for _ in range(2):
        answer = outsider.client.post(outsider.url("link_reply_code_missing"))
    assert "The sender has been told." in outsider.client.get(answer.url).content.decode()
    events = Event.objects.filter(kind=EventKind.CODE_MISSING).order_by("pk")
    assert [event.facts["purpose"] for event in events] == ["open-item", "reply"]
    for_reading, for_replying = (mail.text for mail in reversed(delivered("email")) if "does not arrive" in mail.text)
    assert "before replying" in for_replying
    assert "before replying" not in for_reading
    assert "87" in for_replying


def test_nobody_is_told_of_a_code_for_replying_where_none_is_asked() -> None:
    outsider = Outsider(send_message(people=[texted(Proof.NONE)]).links[0]).open()
    assert outsider.client.post(outsider.url("link_reply_code_missing")).status_code == 404
    assert not Event.objects.filter(kind=EventKind.CODE_MISSING).exists()


def test_a_code_for_replying_given_while_none_lives_stands_in_the_log_and_never_floods_it() -> None:
    sent = send_message(people=[texted(Proof.NONE)], reply_proofs=REPLY_PROVEN)
    outsider = Outsider(sent.links[0]).open()
    for _ in range(limits.PROOF_TRIES + 3):
        assert outsider.client.post(outsider.url("link_reply_prove"), {"code": "123456"}).status_code == 422
    noted = Event.objects.filter(kind=EventKind.CODE_EXPIRED, participant_id=sent.participant.pk)
    assert noted.count() == limits.PROOF_TRIES


def test_a_stop_of_the_code_for_replying_stands_in_the_log_once() -> None:
    sent = send_message(people=[texted(Proof.NONE)], reply_proofs=REPLY_PROVEN)
    outsider = Outsider(sent.links[0]).open()
    outsider.client.post(outsider.url("link_reply_code_send"))
    for _ in range(limits.PROOF_TRIES + 3):
        assert outsider.client.post(outsider.url("link_reply_prove"), {"code": "wrong"}).status_code == 422
    kinds = list(Event.objects.filter(kind__contains=":code:").order_by("pk").values_list("kind", flat=True))
    failed = [EventKind.CODE_FAILED] * (limits.PROOF_TRIES - 1)
    assert kinds == [EventKind.CODE_SENT, *failed, EventKind.CODE_STOPPED]


def test_what_was_typed_too_long_comes_back_to_be_copied() -> None:
    outsider = Outsider(send_message().links[0]).open()
    OpenSession.objects.update(ends_at=database_now())
    page = reply(outsider)
    assert page.status_code == 403
    assert "This page was open too long" in page.content.decode()
    assert TEXT in page.content.decode()
    assert Return.objects.count() == 0


def test_a_reply_after_the_end_is_refused_and_comes_back_to_be_copied() -> None:
    outsider = Outsider(send_message().links[0]).open()
    Participant.objects.update(expires_at=database_now())
    page = reply(outsider)
    assert page.status_code == 410
    assert TEXT in page.content.decode()
    assert Return.objects.count() == 0


def test_a_reply_needs_the_token_of_its_form() -> None:
    outsider = Outsider(send_message().links[0])
    outsider.client = Client(enforce_csrf_checks=True, headers={"user-agent": "Mozilla/5.0 X"})
    assert reply(outsider).status_code == 403
    other = Outsider(outsider.link).open()
    outsider.client.cookies["opener"] = other.client.cookies["opener"].value
    assert outsider.read().status_code == 200
    assert reply(outsider).status_code == 403
    assert Return.objects.count() == 0


def test_a_receipt_is_shown_to_its_own_person_alone() -> None:
    sender = make_sender()
    one, other = (Outsider(send_message(sender).links[0]).open() for _ in range(2))
    reply(one)
    whole_id = Return.objects.get().whole_id
    assert one.client.get(one.url("link_reply_receipt", whole_id)).status_code == 200
    assert other.client.get(other.url("link_reply_receipt", whole_id)).status_code == 404


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("<img src=x onerror=alert(1)>.pdf", "<img src=x onerror=alert(1)>.pdf"),
        ('a"b\r\nX-Evil: 1.pdf', None),
        ("nul\x00byte.pdf", None),
        ("../../etc/passwd", "passwd"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("n" * 300 + ".pdf", "n" * 251 + ".pdf"),
        ("con.txt", "_con.txt"),
        ("\U0001f600.png", "\U0001f600.png"),
    ],
)
def test_statements_135_and_137_a_hostile_name_is_harmless_everywhere(given: str, kept: str | None) -> None:
    sent = send_message()
    outsider = Outsider(sent.links[0]).open()
    body = body_of([Part("text", b"x"), Part("form_key", str(uuid.uuid4()).encode()), Part("uploads", b"x", given)])
    answer = outsider.client.post(outsider.url("link_reply"), body, content_type=CONTENT_TYPE)
    assert answer.status_code == 302
    returned = Return.objects.get()
    (entry,) = returned_manifest(returned, reader=sent.item.sender).files
    assert kept is None or entry.name == kept
    receipt = outsider.client.get(answer.url).content.decode()
    assert ("The name of a file was too long and was shortened." in receipt) == (len(given) > 255)
    assert not re.search("[\x00-\x1f\u202e/\\\\]", entry.name)
    returned.read_at = database_now()
    returned.save()
    sign_in(client := InspectingClient(), sent.item.sender)
    address = f"/returns/{returned.whole_id}/"
    assert html.escape(entry.name) in client.get(address).content.decode()
    header = client.get(f"{address}files/{entry.file_uuid}/").headers["Content-Disposition"]
    assert header.startswith('attachment; filename="')
    assert re.fullmatch(r'attachment; filename="[A-Za-z0-9 ._()-]+"; filename\*=UTF-8\'\'[\w!#$&+.^`|~%-]+', header)
    everything = "".join(mail.text + mail.html + mail.subject for mail in delivered("email"))
    assert entry.name not in everything


def test_statement_125_the_act_itself_asks_for_the_proof() -> None:
    sent = send_message(people=[texted(Proof.NONE)], reply_proofs=REPLY_PROVEN)
    reply = Reply(open_link(sent.links[0]), ReplyTerms(), SUBJECT)
    with pytest.raises(ProofRequired):
        send_reply(reply=reply, text=TEXT, uploads=[], form_key=uuid.uuid4(), visitor=visitor())
    reply = Reply(reply.visit, ReplyTerms(ReplyKind.NONE), SUBJECT)
    with pytest.raises(ReturnNotWanted):
        send_reply(reply=reply, text=TEXT, uploads=[], form_key=uuid.uuid4(), visitor=visitor())
    assert Return.objects.count() == 0


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_no_reply_arrives_behind_the_deletion_of_its_message(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = send_message()
    reply = Reply(open_link(sent.links[0]), ReplyTerms(), SUBJECT)
    has_looked, is_deleted = threading.Event(), threading.Event()

    def look(visit: Visit, *, at: datetime | None) -> None:
        refuse_ended(visit, at=at)
        has_looked.set()
        is_deleted.wait(1)

    def one(number: int) -> None:
        if number == 0:
            send_reply(reply=reply, text=TEXT, uploads=[], form_key=uuid.uuid4(), visitor=visitor())
        elif has_looked.wait(10):
            delete(sent)
            is_deleted.set()

    monkeypatch.setattr(replying, "refuse_ended", look)
    on_threads(2, one)
    events = Event.objects.filter(kind__in=[EventKind.RETURN_ARRIVED, EventKind.DELETED])
    assert list(events.order_by("pk").values_list("kind", flat=True)) == [EventKind.RETURN_ARRIVED, EventKind.DELETED]


def test_ten_replies_an_hour_by_one_link_from_one_network() -> None:
    outsider = Outsider(send_message().links[0]).open()
    form_key = str(uuid.uuid4())
    for number in range(9):
        assert reply(outsider, f"Canary {number}").status_code == 302
    assert reply(outsider, form_key=form_key).status_code == 302
    answer = reply(outsider, "Canary eleventh", uploads=(paper(),))
    page = answer.content.decode()
    assert answer.status_code == 429
    assert "This was sent too often from here. The next time is possible from" in page
    assert "Canary eleventh" in page
    assert (Return.objects.count(), Blob.objects.count(), len(delivered("email"))) == (10, 0, 10)
    assert reply(outsider, form_key=form_key).status_code == 302
    other = Outsider(send_message(make_sender("other@demo.example")).links[0], client=outsider.client).open()
    assert reply(other).status_code == 302


def test_replies_by_one_link_have_an_end_whatever_networks_they_come_from() -> None:
    outsider = Outsider(send_message().links[0]).open()
    for _ in range(message_limits.REPLIES_PER_LINK.most):
        throttle.count(message_limits.REPLIES_PER_LINK, str(Link.objects.get().pk))
    answer = reply(outsider)
    assert answer.status_code == 429
    assert TEXT in answer.content.decode()
    assert Return.objects.count() == 0
    assert throttle.used(message_limits.REPLIES_PER_NETWORK, f"{Link.objects.get().pk}:192.0.2.0/24") == 0


def test_correcting_a_reply_costs_none_and_forms_with_mistakes_have_an_end() -> None:
    outsider = Outsider(send_message().links[0]).open()
    for _ in range(11):
        assert reply(outsider, "").status_code == 422
    assert reply(outsider).status_code == 302
    for _ in range(message_limits.REPLY_FORMS_PER_NETWORK.most):
        throttle.count(message_limits.REPLY_FORMS_PER_NETWORK, f"{Link.objects.get().pk}:192.0.2.0/24")
    answer = reply(outsider, uploads=(paper(),))
    assert answer.status_code == 429
    assert TEXT in answer.content.decode()
    assert (Return.objects.count(), Blob.objects.count()) == (1, 0)


def test_a_reply_that_finds_no_room_costs_none() -> None:
    outsider = Outsider(send_message().links[0]).open()
    Plan.objects.update(stored_bytes=1)
    for _ in range(11):
        assert reply(outsider).status_code == 422


def test_a_reply_whose_token_was_lost_comes_back_to_be_copied() -> None:
    outsider = Outsider(send_message().links[0]).open()
    outsider.client.handler.enforce_csrf_checks = True
    answer = reply(outsider, uploads=(paper(),))
    page = answer.content.decode()
    assert answer.status_code == 403
    assert re.search(f"<textarea[^>]* readonly>{re.escape(TEXT)}</textarea>", page)
    assert f'href="{outsider.url("link_reply")}"' in page
    assert (Return.objects.count(), Blob.objects.count()) == (0, 0)
