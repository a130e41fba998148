"""How much all people of an organization may keep together: it holds like a plan's limit, and is said as kindly."""

import uuid
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from core.db import database_now
from core.retention import forget_what_is_over as take_round
from licenses.models import Plan
from messaging.items.errors import OwnersStorageFull, StorageFull
from messaging.items.invariants import undercounted_spaces
from messaging.items.models import Blob, Draft, Item, OrganizationSpace, Return
from messaging.items.services.storing import count_shared_spaces
from messaging.items.storage import kept_together
from messaging.messages.replies import ReplyTerms
from messaging.messages.services.replying import Reply, send_reply
from messaging.quota.models import MonthlyCount
from tests.cast import make_organization, make_user, sign_in
from tests.messaging.envelopes.making import asked, make_envelope, owner_browser
from tests.messaging.items.making import make_sender, open_link, visitor
from tests.messaging.messages.composing import BODY, by_script, composer_values, filled, press_keep, press_send
from tests.messaging.outside.browser import Outsider
from tests.messaging.outside.making import send_message
from tests.messaging.test_stored_bytes import PAPER_BYTES, answer_with, attach, paper
from tests.outbox import delivered
from tests.pages import InspectingClient
from tests.races import on_threads

pytestmark = pytest.mark.django_db

MOST = 1_000
REFUSED = "of the 1\u00a0KB that your organization has for everybody together, {room} are free."


@pytest.fixture(autouse=True)
def _small_organization(settings: Settings) -> None:
    settings.ORGANIZATION_STORED_BYTES = MOST


@pytest.fixture
def owner() -> User:
    return make_sender()


@pytest.fixture
def colleague(owner: User) -> User:
    """Somebody of the same organization, who keeps 800 bytes."""
    found = make_user("colleague@demo.example", plan="pro", organization=owner.organization)
    send_message(found, body="x" * 800)
    return found


def counted() -> int:
    return OrganizationSpace.objects.get().kept_bytes


# The owner


def test_a_file_that_does_not_fit_beside_what_others_keep_is_refused_and_the_draft_is_kept(
    client: Client, owner: User, colleague: User
) -> None:
    sign_in(client, owner)
    values = filled(composer_values(client))
    page = press_keep(client, values, attachments=paper(201))
    assert page.status_code == 422
    assert REFUSED.format(room="200\u00a0bytes") in page.content.decode()
    assert (Draft.objects.count(), Blob.objects.count()) == (1, 0)
    assert press_keep(client, {**values, "version": "1"}, attachments=paper(200)).status_code == 302
    assert counted() == MOST


def test_it_is_refused_while_it_arrives_once_it_was_counted(client: Client, owner: User, colleague: User) -> None:
    attach(owner, 1)
    sign_in(client, owner)
    told = by_script(client, composer_values(client), attachments=paper(400))
    assert told.status_code == 422
    assert REFUSED.format(room="199\u00a0bytes") in told.json()["error"]


def test_a_message_that_does_not_fit_is_not_sent_and_goes_once_there_is_room(
    client: Client, owner: User, colleague: User
) -> None:
    send_message(colleague, body="x" * 200)
    sign_in(client, owner)
    values = filled(composer_values(client))
    page = press_send(client, values)
    assert page.status_code == 422
    assert REFUSED.format(room="0\u00a0bytes") in page.content.decode()
    assert "Nothing was sent; your draft is kept." in page.content.decode()
    assert (Item.objects.filter(sender=owner).count(), MonthlyCount.objects.count()) == (0, 0)
    Item.objects.filter(size_bytes=800).update(shredded_at=database_now())
    assert press_send(client, {**values, "version": "1"}).status_code == 302
    assert counted() == kept_together(owner.organization_id or 0) == 200 + len(BODY)


def test_an_envelope_that_does_not_fit_is_not_made(owner: User, colleague: User) -> None:
    send_message(colleague, body="x" * 190)
    page = owner_browser(owner).post("/envelopes/new/", asked())
    assert page.status_code == 422
    assert REFUSED.format(room="0\u00a0bytes") in page.content.decode()
    assert MonthlyCount.objects.count() == 0


def test_the_own_plan_is_said_first_where_neither_has_room(client: Client, owner: User, colleague: User) -> None:
    Plan.objects.update(stored_bytes=10)
    sign_in(client, owner)
    page = press_send(client, filled(composer_values(client)))
    assert "of the 10\u00a0bytes that your plan keeps" in page.content.decode()


def test_another_organization_has_its_own(client: Client, colleague: User) -> None:
    stranger = make_user("other@else.example", plan="pro", organization=make_organization("Else"))
    sign_in(client, stranger)
    assert press_keep(client, filled(composer_values(client)), attachments=paper(MOST - 10)).status_code == 302


# People outside


def test_somebody_outside_is_told_kindly_and_the_owner_by_mail(owner: User, colleague: User) -> None:
    outsider = Outsider(send_message(owner, body="").links[0]).open()
    page = answer_with(outsider, "y" * 201)
    assert page.status_code == 422
    assert f"{owner.get_full_name()} has no room left for this, so nothing was taken." in page.content.decode()
    assert "y" * 201 in page.content.decode()
    (mail,) = delivered("email")
    assert mail.to == owner.email
    assert "for which you, or your organization, have no room left" in mail.text
    assert answer_with(outsider, "y" * 200).status_code == 302


def test_a_delivery_that_does_not_fit_leaves_the_envelope_open(owner: User) -> None:
    outsider = make_envelope(owner_browser(owner)).open()
    left = MOST - counted()
    assert outsider.fill("z" * (left + 1)).status_code == 422
    assert Return.objects.count() == 0
    assert outsider.fill("z" * left).status_code == 302
    assert counted() == MOST


# What is counted


def test_what_goes_gives_its_room_back_when_it_is_needed(owner: User, colleague: User) -> None:
    attach(owner, 200)
    for sent in Item.objects.filter(sender=colleague):
        Item.objects.filter(pk=sent.pk).update(shredded_at=database_now())
    assert counted() == MOST
    attach(owner, 300)
    assert counted() == 500


def test_a_file_counts_twice_when_its_draft_is_sent_until_the_worker_counts_again(client: Client, owner: User) -> None:
    sign_in(client, owner)
    assert press_send(client, {**filled(composer_values(client)), "attachments": paper(400)}).status_code == 302
    assert counted() == 400 + 400 + len(BODY)
    assert take_round(database_now())
    assert counted() == 400 + len(BODY)


def test_the_worker_counts_only_those_that_seem_to_keep_much(owner: User) -> None:
    attach(owner, 10)
    OrganizationSpace.objects.update(kept_bytes=799)
    count_shared_spaces(database_now())
    assert counted() == 799
    OrganizationSpace.objects.update(kept_bytes=800)
    count_shared_spaces(database_now())
    assert counted() == 10


def test_an_organization_that_keeps_more_than_is_counted_is_found(owner: User) -> None:
    attach(owner, 10)
    assert list(undercounted_spaces()) == []
    OrganizationSpace.objects.update(kept_bytes=9)
    assert list(undercounted_spaces()) == [f"organization {owner.organization_id}: 9 of 10 bytes are counted"]


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
def test_everybody_is_warned_where_they_would_look(owner: User, address: str, used: int, title: str) -> None:
    OrganizationSpace.objects.create(organization_id=owner.organization_id, kept_bytes=used)
    client = InspectingClient()
    sign_in(client, owner)
    page = client.get(address).content.decode()
    assert ("Your organization uses" in page, title in page) == (bool(title), True)


def test_the_account_page_still_says_what_the_person_uses(owner: User) -> None:
    OrganizationSpace.objects.create(organization_id=owner.organization_id, kept_bytes=MOST)
    client = InspectingClient()
    sign_in(client, owner)
    room = client.get("/account/").content.decode().partition('id="room_used"')[2].partition("</output>")[0]
    assert " ".join(room.split()) == "> 0 bytes of 50 GB"


# At once


THREADS, FITTING = 8, 3


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_colleagues_at_once_never_pass_the_limit(settings: Settings, owner: User) -> None:
    settings.ORGANIZATION_STORED_BYTES = FITTING * PAPER_BYTES + PAPER_BYTES - 1
    people = [
        make_user(f"person{number}@demo.example", plan="pro", organization=owner.organization)
        for number in range(THREADS)
    ]
    visits = [open_link(send_message(person, body="").links[0]) for person in people]

    def act(number: int) -> str:
        try:
            _add(people[number], visits[number], is_reply=bool(number % 2))
        except (StorageFull, OwnersStorageFull):
            return "full"
        return "kept"

    outcomes = on_threads(THREADS, act)
    assert (outcomes.count("kept"), outcomes.count("full")) == (FITTING, THREADS - FITTING)
    assert counted() == kept_together(owner.organization_id or 0) == FITTING * PAPER_BYTES


def _add(person: User, visit: Any, *, is_reply: bool) -> None:
    if not is_reply:
        attach(person)
        return
    reply = Reply(visit, ReplyTerms(), "")
    send_reply(reply=reply, text="x" * PAPER_BYTES, uploads=[], form_key=uuid.uuid4(), visitor=visitor())
