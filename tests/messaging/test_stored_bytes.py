"""What a plan keeps for a person rules what they send, attach and receive: nothing passes it, and nothing is lost."""

import uuid
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from core.db import database_now
from licenses.models import License, Plan
from messaging.envelopes.services.asking import Asking
from messaging.envelopes.services.asking import make_envelope as make_envelope_of
from messaging.items.choices import Proof
from messaging.items.errors import OwnersStorageFull, StorageFull
from messaging.items.models import Blob, Draft, Item, Return
from messaging.items.retention import forget_what_is_over, look_after_drafts
from messaging.items.services.draft_sealing import Seed
from messaging.items.services.drafting import drop_draft
from messaging.items.storage import Space, space_of
from messaging.messages.choices import KIND
from messaging.messages.composition import Composition, Recipient
from messaging.messages.replies import ReplyTerms
from messaging.messages.services.drafting import keep_draft
from messaging.messages.services.replying import Reply, send_reply
from messaging.messages.services.sending import send_message as send
from messaging.quota.models import MonthlyCount
from tests.cast import sign_in
from tests.messaging.envelopes.making import INSTRUCTIONS, asked, make_envelope, owner_browser
from tests.messaging.items.making import ADDRESS, delete, make_sender, open_link, visitor
from tests.messaging.messages.composing import (
    BODY,
    by_script,
    composer_values,
    filled,
    form_key_of,
    press_keep,
    press_send,
    values_of,
)
from tests.messaging.outside.browser import Outsider
from tests.messaging.outside.making import File, arrived, send_message
from tests.outbox import delivered
from tests.pages import InspectingClient
from tests.races import on_threads

pytestmark = pytest.mark.django_db

ROOM = 1_000
PAPER_BYTES = 300
TEXT = "Canary reply"


def sender(room_bytes: int = ROOM) -> User:
    """Return somebody whose plan keeps so many bytes."""
    Plan.objects.update(stored_bytes=room_bytes)
    return make_sender()


def space(owner: User) -> Space:
    return space_of(owner)


def paper(size_bytes: int = PAPER_BYTES) -> SimpleUploadedFile:
    return SimpleUploadedFile("Canary paper.pdf", b"x" * size_bytes, "application/pdf")


def attach(owner: User, size_bytes: int = PAPER_BYTES) -> uuid.UUID:
    """Keep a draft with one file, and return its form's key."""
    form_key, seed = uuid.uuid4(), Seed()
    keep_draft(
        owner=owner,
        form_key=form_key,
        version=0,
        fields={},
        seed=seed,
        added=[arrived(File("paper.pdf", b"x" * size_bytes), seed)],
    )
    return form_key


def answer_with(outsider: Outsider, text: str = TEXT, *uploads: SimpleUploadedFile) -> Any:
    form = {"text": text, "form_key": str(uuid.uuid4()), "uploads": list(uploads)}
    return outsider.client.post(outsider.url("link_reply"), form)


# What counts


def test_what_was_sent_attached_and_received_counts_together() -> None:
    owner = sender()
    attach(owner, 100)
    sent = send_message(owner, files=[File("a.pdf", b"x" * 50)], body="12345")
    Return.objects.create(
        item=sent.item,
        participant=sent.participant,
        owner=owner,
        whole_id=uuid.uuid4(),
        kind="reply",
        form_key=uuid.uuid4(),
        arrived_at=database_now(),
        expires_at=database_now() + timedelta(days=1),
        key_commitment=b"",
        size_bytes=7,
    )
    send_message(make_sender("other@demo.example"), body="of somebody else")
    assert space(owner) == Space(used_bytes=100 + 50 + 5 + 7, most_bytes=ROOM)


def test_deleting_expiry_and_shredding_give_the_room_back() -> None:
    owner = sender()
    first, second = (send_message(owner, body="x" * 100) for _ in range(2))
    form_key, _forgotten = attach(owner, 200), attach(owner, 50)
    outsider = Outsider(second.links[0]).open()
    answer_with(outsider, "y" * 30)
    assert space(owner).used_bytes == 480
    delete(first)
    assert space(owner).used_bytes == 380
    drop_draft(kind=KIND, owner=owner, form_key=form_key)
    assert space(owner).used_bytes == 180
    look_after_drafts(database_now() + timedelta(days=31))
    assert space(owner).used_bytes == 130
    forget_what_is_over(database_now() + timedelta(days=8))
    assert space(owner).used_bytes == 30
    forget_what_is_over(database_now() + timedelta(days=31))
    assert space(owner).used_bytes == 0


# The owner: drafts and sending


def test_a_file_that_does_not_fit_is_refused_while_it_arrives_and_the_draft_is_kept(client: Client) -> None:
    owner = sender()
    send_message(owner, body="x" * 800)
    sign_in(client, owner)
    page = press_keep(client, filled(composer_values(client)), attachments=paper())
    assert page.status_code == 422
    shown = page.content.decode()
    assert "There is no room left for this: of the 1\u00a0KB that your plan keeps, 200\u00a0bytes are free." in shown
    assert BODY.split("\n", maxsplit=1)[0] in shown
    assert (Draft.objects.count(), Blob.objects.count(), space(owner).used_bytes) == (1, 0, 800)
    assert press_keep(client, values_of(page), attachments=paper(200)).status_code == 302
    assert space(owner).room_bytes == 0


def test_a_script_is_told_too(client: Client) -> None:
    owner = sender(100)
    sign_in(client, owner)
    told = by_script(client, composer_values(client), attachments=paper())
    assert told.status_code == 422
    assert "There is no room left for this" in told.json()["error"]
    assert told.json()["version"] == 1


def test_a_file_too_large_for_a_send_is_still_called_too_large(client: Client) -> None:
    owner = sender()
    Plan.objects.update(attachments_bytes=200)
    sign_in(client, owner)
    page = press_keep(client, filled(composer_values(client)), attachments=paper())
    assert "These files are too large. Together they may have up to 200" in page.content.decode()


def test_room_that_went_while_the_file_arrived_loses_the_file_and_nothing_else(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = sender()
    sign_in(client, owner)
    values = filled(composer_values(client))
    monkeypatch.setattr(
        "messaging.messages.views.composing.tighter", lambda *_: Space(used_bytes=0, most_bytes=10 * ROOM)
    )
    page = press_keep(client, values, attachments=paper(2 * ROOM))
    assert page.status_code == 422
    assert "There is no room left for this" in page.content.decode()
    assert (Draft.objects.get().version, Blob.objects.count()) == (1, 0)


def test_a_full_space_stops_sending_and_the_draft_is_kept(client: Client) -> None:
    owner = sender()
    send_message(owner, body="x" * ROOM)
    sign_in(client, owner)
    values = filled(composer_values(client))
    page = press_send(client, values)
    assert page.status_code == 422
    assert "There is no room left for this" in page.content.decode()
    assert "Nothing was sent; your draft is kept." in page.content.decode()
    assert Draft.objects.get().form_key == form_key_of(values)
    assert (Item.objects.count(), MonthlyCount.objects.count()) == (1, 0)
    Plan.objects.update(stored_bytes=2 * ROOM)
    assert press_send(client, values_of(page)).status_code == 302


def test_files_of_a_draft_count_once_when_it_is_sent(client: Client) -> None:
    owner = sender(PAPER_BYTES + len(BODY))
    sign_in(client, owner)
    values = filled(composer_values(client))
    assert press_send(client, {**values, "attachments": paper()}).status_code == 302
    assert space(owner).room_bytes == 0


def test_the_plan_held_now_rules(client: Client) -> None:
    owner = sender()
    send_message(owner, body="x" * ROOM)
    License.objects.filter(holder=owner).update(plan=Plan.objects.get(code="trial"))
    Plan.objects.filter(code="trial").update(stored_bytes=2 * ROOM)
    sign_in(client, owner)
    assert press_send(client, filled(composer_values(client))).status_code == 302


def test_an_envelope_that_does_not_fit_is_not_made_and_takes_no_message() -> None:
    owner = sender(len(INSTRUCTIONS) - 1)
    client = owner_browser(owner)
    page = client.post("/envelopes/new/", asked())
    assert page.status_code == 422
    assert "There is no room left for this" in page.content.decode()
    assert INSTRUCTIONS in page.content.decode()
    assert (Item.objects.count(), MonthlyCount.objects.count()) == (0, 0)


# People outside


def test_a_reply_that_does_not_fit_is_refused_kindly_and_the_owner_is_told_once() -> None:
    owner = sender(200)
    outsider = Outsider(send_message(owner, body="x" * 100).links[0]).open()
    for uploads, text in (((paper(),), TEXT), ((), "y" * 101)):
        page = answer_with(outsider, text, *uploads)
        shown = page.content.decode()
        assert page.status_code == 422
        assert f"{owner.get_full_name()} has no room left for this, so nothing was taken." in shown
        assert text in shown
    assert (Return.objects.count(), Blob.objects.count()) == (0, 0)
    (mail,) = delivered("email")
    assert (mail.to, mail.subject) == (owner.email, "There is no room left for what people send you")
    assert "Canary" not in mail.text + mail.html
    assert answer_with(outsider, "y" * 100).status_code == 302


def test_the_page_of_a_reply_says_it_before_anything_is_typed_and_tells_nobody() -> None:
    owner = sender(100)
    outsider = Outsider(send_message(owner, body="x" * 100).links[0]).open()
    page = outsider.client.get(outsider.url("link_reply")).content.decode()
    assert "has no room left." in page
    assert not delivered("email")


def test_a_delivery_that_does_not_fit_leaves_the_envelope_open_and_tells_the_owner() -> None:
    owner = sender()
    outsider = make_envelope(owner_browser(owner)).open()
    Plan.objects.update(stored_bytes=len(INSTRUCTIONS) + 50)
    page = outsider.fill("z" * 51)
    assert page.status_code == 422
    assert "has no room left for this, so nothing was taken." in page.content.decode()
    assert "z" * 51 in page.content.decode()
    assert Return.objects.count() == 0
    assert delivered("email")[0].subject == "There is no room left for what people send you"
    assert outsider.fill("z" * 50).status_code == 302


def test_a_person_without_a_license_receives_by_the_plan_it_was_sent_with() -> None:
    owner = sender()
    outsider = Outsider(send_message(owner).links[0]).open()
    License.objects.update(holder=None)
    assert answer_with(outsider).status_code == 302


# Warnings


@pytest.mark.parametrize(
    ("used", "title"),
    [
        (799, ""),
        (800, "Room is running short."),
        (950, "There is almost no room left."),
        (1000, "There is no room left."),
    ],
)
@pytest.mark.parametrize(
    "address", ["/account/", "/messages/", "/returns/", "/messages/new/?kind=message", "/envelopes/new/"]
)
def test_the_owner_is_warned_where_they_would_look(address: str, used: int, title: str) -> None:
    owner = sender()
    send_message(owner, body="x" * used)
    client = InspectingClient()
    sign_in(client, owner)
    page = client.get(address).content.decode()
    titles = ["Room is running short.", "There is almost no room left.", "There is no room left."]
    assert [shown for shown in titles if f"<strong>{shown}</strong>" in page] == ([title] if title else [])


def test_without_a_license_nobody_is_warned() -> None:
    owner = sender()
    send_message(owner, body="x" * ROOM)
    License.objects.update(holder=None)
    client = InspectingClient()
    sign_in(client, owner)
    for address in ("/account/", "/messages/", "/returns/"):
        assert "no room left" not in client.get(address).content.decode()


# At once


THREADS, FITTING = 8, 3


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_uploads_at_once_never_pass_the_limit() -> None:
    owner = sender(FITTING * PAPER_BYTES + PAPER_BYTES - 1)

    def act(_number: int) -> str:
        try:
            attach(owner)
        except StorageFull:
            return "full"
        return "kept"

    outcomes = on_threads(THREADS, act)
    assert (outcomes.count("kept"), outcomes.count("full")) == (FITTING, THREADS - FITTING)
    assert Blob.objects.count() == Draft.objects.count() == FITTING


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_uploads_replies_and_deliveries_at_once_never_pass_the_limit() -> None:
    owner = sender()
    visits = [open_link(send_message(owner, body="").links[0]) for _ in range(THREADS)]
    Plan.objects.update(stored_bytes=FITTING * PAPER_BYTES)

    def act(number: int) -> str:
        try:
            if number % 2:
                attach(owner)
            else:
                send_reply(
                    reply=Reply(visits[number], ReplyTerms(), ""),
                    text="x" * PAPER_BYTES,
                    uploads=[],
                    form_key=uuid.uuid4(),
                    visitor=visitor(),
                )
        except (StorageFull, OwnersStorageFull):
            return "full"
        return "kept"

    outcomes = on_threads(THREADS, act)
    assert (outcomes.count("kept"), outcomes.count("full")) == (FITTING, THREADS - FITTING)
    assert space(owner).used_bytes == FITTING * PAPER_BYTES


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_messages_envelopes_and_uploads_at_once_all_come_to_their_end() -> None:
    owner = sender(1_000 * ROOM)
    asking = Asking("zoe@outside.example", "Title", INSTRUCTIONS, "en", timedelta(days=1), Proof.OPENING_CODE)
    drafts = [attach(owner, 10) for _ in range(3 * THREADS)]
    message = Composition(
        recipients=[Recipient(ADDRESS)], subject="", body="Text", language="en", life=timedelta(days=1), openings=5
    )

    def act(number: int) -> None:
        if number % 3 == 0:
            make_envelope_of(owner=owner, asking=asking, form_key=uuid.uuid4(), visitor=visitor())
        elif number % 3 == 1:
            send(sender=owner, form_key=drafts[number], version=1, composition=message, visitor=visitor())
        else:
            attach(owner, 10)

    on_threads(3 * THREADS, act)
    kinds = Counter(Item.objects.values_list("kind", flat=True))
    assert (kinds["envelope"], kinds["message"], Draft.objects.count()) == (THREADS, THREADS, 3 * THREADS)
