"""The owner makes an envelope: mailed or copied, counted once, within the plan."""

import re
import uuid
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.hashing import hash_password
from accounts.models import KeptForm, Session, User
from core.db import database_now
from licenses.models import License, Plan, ReturnProtection
from messaging.envelopes.errors import LifeBeyondPlan, TooManyOpenEnvelopes
from messaging.envelopes.models import Envelope
from messaging.envelopes.services.asking import Asking, open_envelopes
from messaging.envelopes.services.asking import make_envelope as make
from messaging.items.choices import Proof
from messaging.items.models import Content, Gate, Item, Participant
from messaging.items.services import gates
from messaging.items.services.account_keys import account_key_of
from messaging.quota.models import MonthlyCount
from tests.cast import count_a_message, make_user, sign_in
from tests.forms import form_values, text_of
from tests.messaging.envelopes.making import INSTRUCTIONS, LINK, TITLE, asked, make_envelope, owner_browser
from tests.messaging.items.making import ADDRESS, make_sender, visitor
from tests.outbox import CODE, delivered
from tests.pages import InspectingClient
from tests.races import on_threads

pytestmark = pytest.mark.django_db

NEW = "/envelopes/new/"


def used() -> int:
    return sum(MonthlyCount.objects.values_list("used", flat=True))


def test_the_page_states_what_the_plan_allows() -> None:
    page = owner_browser().get(NEW).content.decode()
    for stated in ("up to 200 files, 2.5\u00a0GB in all", "Open envelopes: 0 of 500.", "5,000 are left this month"):
        assert stated in page


def test_an_addressed_envelope_is_mailed_with_its_code_and_without_what_is_asked() -> None:
    client = owner_browser()
    answer = client.post(NEW, asked(proof="opening_code", language="fr"))
    item = Item.objects.get()
    assert answer.url == reverse("envelopes:envelope_detail", args=[item.reference])
    (mail,) = delivered("email")
    assert mail.to == ADDRESS
    for body in (mail.text, mail.html):
        assert LINK.search(body)
        assert CODE.search(body)
        assert not re.search("Canary", body)
    assert "vous" in mail.text
    assert not LINK.search(client.get(answer.url).content.decode())


def test_a_copied_link_and_its_code_are_shown_once_and_mailed_to_nobody() -> None:
    client, form = owner_browser(), asked(way="copied", proof="opening_code", email="")
    first = client.post(NEW, form)
    link, code = LINK.search(first.content.decode()), CODE.search(first.content.decode())
    assert link
    assert code
    assert "no-store" in first.headers["Cache-Control"]
    again = client.post(NEW, form, follow=True)
    for page in (again, client.get(NEW), client.get(f"/envelopes/{Item.objects.get().reference}/")):
        assert link.group(2) not in page.content.decode()
        assert code.group() not in page.content.decode()
    assert (delivered("email"), Participant.objects.get().email) == ([], "")
    assert code.group().encode() not in bytes(Gate.objects.get().code_digest or b"")


def test_an_address_typed_beside_a_copied_link_is_not_written_to() -> None:
    owner_browser().post(NEW, asked(way="copied", email=ADDRESS))
    assert (delivered("email"), Participant.objects.get().email) == ([], "")


def test_what_is_asked_is_content() -> None:
    owner = make_sender()
    make_envelope(owner_browser(owner))
    item, content = Item.objects.get(), Content.objects.get()
    sealed = bytes(content.sealed) + bytes(item.label_sealed or b"") + bytes(item.copy_box or b"")
    assert not re.search(b"Canary", sealed)
    assert account_key_of(owner)


def test_an_envelope_is_one_message_and_the_same_form_makes_one() -> None:
    client, form = owner_browser(), asked()
    first, second = client.post(NEW, form), client.post(NEW, form)
    assert first.url == second.url
    assert (Item.objects.count(), Envelope.objects.count(), used(), len(delivered("email"))) == (1, 1, 1, 1)


@pytest.mark.parametrize("plan", ["eco", None])
def test_a_plan_without_envelopes_makes_none_by_direct_post(plan: str | None) -> None:
    client = InspectingClient()
    sign_in(client, make_user("small@demo.example", plan=plan))
    page = client.get(NEW)
    assert page.status_code == 200
    assert 'name="title"' not in page.content.decode()
    assert "Advanced" in page.content.decode()
    answer = client.post(NEW, asked(reply_owner="on"))
    assert answer.status_code == 403
    assert ("you have no license" in answer.content.decode()) == (plan is None)
    assert Item.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"is_suspended": True}, "Your license has expired or is suspended."),
        ({"plan": "eco"}, "Comes with the Advanced plan; yours is Eco."),
        ({"holder": None}, "Comes with the Advanced plan; you have no license."),
    ],
)
def test_a_form_that_the_license_refuses_by_now_loses_nothing_typed(change: dict[str, object], sentence: str) -> None:
    client = owner_browser()
    values = {"plan": Plan.objects.get(code="eco")} if "plan" in change else change
    License.objects.update(**values)
    again = client.post(NEW, asked())
    assert again.status_code == 403
    assert sentence in again.content.decode()
    shown = form_values(again, NEW)
    assert (shown["title"], shown["instructions"], shown["email"]) == (TITLE, INSTRUCTIONS, ADDRESS)
    assert Item.objects.count() == 0


@pytest.mark.parametrize("change", [{"is_suspended": True}, {"expires_at": None}])
def test_a_license_that_does_not_live_makes_none(change: dict[str, object]) -> None:
    client = owner_browser()
    License.objects.update(**(change if "is_suspended" in change else {"expires_at": database_now()}))
    assert 'name="title"' not in client.get(NEW).content.decode()
    assert client.post(NEW, asked()).status_code == 403
    assert Item.objects.count() == 0


def test_no_more_are_open_at_a_time_than_the_plan_allows() -> None:
    client = owner_browser()
    Plan.objects.update(open_envelopes=1)
    client.post(NEW, asked())
    refused = client.post(NEW, asked(title="Second title"))
    assert refused.status_code == 422
    assert "With the Pro plan 1 envelope can be open at a time" in refused.content.decode()
    assert "Second title" in refused.content.decode()
    assert (Item.objects.count(), used()) == (1, 1)


@pytest.mark.parametrize("end", ["delete", "fill", "expire"])
def test_an_envelope_that_takes_nothing_more_makes_room(end: str) -> None:
    client = owner_browser()
    Plan.objects.update(open_envelopes=1)
    outsider = make_envelope(client)
    item = Item.objects.get()
    if end == "delete":
        client.post(f"/envelopes/{item.reference}/delete/")
    elif end == "fill":
        outsider.open().fill()
    else:
        now = database_now()
        Item.objects.update(sent_at=now - timedelta(hours=2), expires_at=now - timedelta(hours=1))
    assert client.post(NEW, asked()).status_code == 302


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"title": ""}, "Say in a few words what it is about."),
        ({"title": "Look at www.evil.example"}, "A title holds no web or e-mail address."),
        ({"title": "invoice \u202efdp.exe"}, "a mark that turns the direction of text"),
        ({"title": "x" * 201}, "It may have up to 200 characters."),
        ({"instructions": "x" * 2_001}, "It may have up to 2,000 characters."),
        ({"email": ""}, "Enter the e-mail address of the person."),
        ({"email": "not an address"}, "This is not an e-mail address."),
        ({"proof": "item_password", "item_password": "short"}, "8 characters or more"),
        ({"proof": "item_password", "item_password": " " * 8}, "8 characters or more, without blanks at its ends."),
        ({"proof": "item_password", "item_password": "agreed on "}, "without blanks at its ends."),
        ({"proof": "sms_code"}, "Choose one of the options in the list."),
        ({"life_hours": 24 * 366}, "Choose one of the options in the list."),
        ({"life_hours": 0}, "Choose one of the options in the list."),
        ({"way": "pigeon"}, "Choose one of the options in the list."),
        ({"language": "tlh"}, "Choose one of the options in the list."),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(changed: dict[str, object], sentence: str) -> None:
    page = owner_browser().post(NEW, asked(**changed))
    assert page.status_code == 422
    assert sentence in page.content.decode()
    if "instructions" not in changed:
        assert INSTRUCTIONS in page.content.decode()
    assert (Item.objects.count(), used()) == (0, 0)


def test_without_messages_left_none_is_made_and_the_form_stays() -> None:
    client = owner_browser()
    Plan.objects.update(messages_per_month=1)
    count_a_message(User.objects.get())
    page = client.post(NEW, asked())
    assert page.status_code == 422
    assert "No messages are left this month" in page.content.decode()
    assert TITLE in page.content.decode()
    assert (Item.objects.count(), delivered("email")) == (0, [])


def test_no_more_are_made_in_an_hour_than_the_plan_allows() -> None:
    client = owner_browser()
    Plan.objects.update(sends_per_hour=1)
    client.post(NEW, asked())
    page = client.post(NEW, asked())
    assert page.status_code == 422
    assert "as much as your plan allows in one hour" in page.content.decode()
    assert (Item.objects.count(), used()) == (1, 1)


def test_the_password_is_kept_as_a_hash_and_its_hint_is_shown() -> None:
    password = "canary-pass-word"
    outsider = make_envelope(
        owner_browser(), way="copied", proof="item_password", item_password=password, hint="our first street"
    )
    outsider.give()
    assert "our first street" in outsider.client.get(outsider.url("link_proof")).content.decode()
    assert password not in Gate.objects.get().password_hash
    assert outsider.answer(password=password).status_code == 302


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_password_is_hashed_before_anything_is_locked(monkeypatch: pytest.MonkeyPatch) -> None:
    inside = []

    def hashed(password: str) -> str:
        inside.append(connection.in_atomic_block)
        return hash_password(password)

    monkeypatch.setattr(gates, "hash_password", hashed)
    asking = Asking("", TITLE, "", "en", timedelta(days=7), Proof.ITEM_PASSWORD, "canary-pass-word", "our first street")
    make(owner=make_sender(), asking=asking, form_key=uuid.uuid4(), visitor=visitor())
    assert inside == [False]
    assert Gate.objects.get().hint == "our first street"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_envelopes_made_at_once_do_not_pass_the_limit() -> None:
    owner = make_sender()
    Plan.objects.update(open_envelopes=3)
    license = License.objects.get(holder=owner)

    def one(_number: int) -> bool:
        asking = Asking("", TITLE, "", "en", timedelta(days=7), Proof.NONE)
        try:
            make(owner=owner, asking=asking, form_key=uuid.uuid4(), visitor=visitor())
        except TooManyOpenEnvelopes:
            return False
        return True

    assert sum(on_threads(8, one)) == 3
    assert (open_envelopes(license, database_now()), used()) == (3, 3)


@pytest.mark.parametrize("life", [timedelta(), timedelta(days=90, seconds=1)])
def test_the_act_itself_refuses_a_life_beyond_the_plan(life: timedelta) -> None:
    owner, asking = make_sender(), Asking("", TITLE, "", "en", life, Proof.NONE)
    Plan.objects.update(longest_life_days=90)
    with pytest.raises(LifeBeyondPlan):
        make(owner=owner, asking=asking, form_key=uuid.uuid4(), visitor=visitor())
    assert (Item.objects.count(), used()) == (0, 0)


def test_a_form_without_its_key_or_token_makes_nothing() -> None:
    client = owner_browser()
    for broken in ("", "forged"):
        page = client.post(NEW, asked(form_key=broken))
        assert page.status_code == 422
        assert "This form did not arrive whole, so nothing was taken." in page.content.decode()
        assert "UUID" not in page.content.decode()
        assert uuid.UUID(form_values(page, NEW)["form_key"])
    strict = Client(enforce_csrf_checks=True)
    sign_in(strict, make_user("other@demo.example", plan="pro"))
    assert strict.post(NEW, asked()).status_code == 403
    assert Item.objects.count() == 0


def test_return_protection_of_another_plan_is_refused_and_can_be_unticked() -> None:
    client = InspectingClient()
    sign_in(client, make_user("small@demo.example", plan="advanced"))
    assert "reply_owner" not in form_values(client.get(NEW), NEW)
    again = client.post(NEW, asked(reply_owner="on"))
    assert again.status_code == 403
    assert text_of(again, "reply_owner_error") == "Comes with the Pro plan; yours is Advanced. Untick this box."
    shown = form_values(again, NEW)
    assert (shown["title"], shown.pop("reply_owner")) == (TITLE, "on")
    assert Item.objects.count() == 0
    assert client.post(NEW, shown).status_code == 302


def typed_and_lost(client: Client) -> Any:
    """Type an envelope, and send it when the session is over."""
    typed = form_values(client.get(NEW), NEW) | {"title": TITLE, "instructions": INSTRUCTIONS, "email": ADDRESS}
    typed |= {"is_text_only": "on", "proof": "item_password", "item_password": "never kept anywhere"}
    typed.pop("reply_owner", None)
    Session.objects.all().delete()
    return client.post(NEW, typed)


def test_an_envelope_typed_before_the_session_ended_comes_back_and_is_not_made_by_itself() -> None:
    owner = make_sender()
    ReturnProtection.objects.create(user=owner, owner=True)
    client = owner_browser(owner)
    assert typed_and_lost(client).headers["Location"] == f"/sign-in/?next={quote(NEW, safe='')}"
    sign_in(client, owner)
    page = client.get(NEW)
    shown = form_values(page, NEW)
    assert (shown["title"], shown["instructions"], shown["email"]) == (TITLE, INSTRUCTIONS, ADDRESS)
    assert (shown["is_text_only"], shown["proof"], "reply_owner" in shown) == ("on", "item_password", False)
    assert "the envelope is not made yet" in page.content.decode()
    assert "never kept anywhere" not in page.content.decode()
    assert Item.objects.count() == 0
    assert client.post(NEW, shown | {"item_password": "agreed by phone"}).status_code == 302
    assert (Item.objects.count(), KeptForm.objects.count()) == (1, 0)
    assert "title" not in {name for name, value in form_values(client.get(NEW), NEW).items() if value == TITLE}


def test_a_lost_envelope_is_given_back_only_to_the_person_whose_form_it_was() -> None:
    client = owner_browser()
    typed_and_lost(client)
    sign_in(client, make_user("other@demo.example", plan="pro"))
    assert TITLE not in client.get(NEW).content.decode()


def test_a_lost_envelope_can_be_forgotten() -> None:
    owner = make_sender()
    client = owner_browser(owner)
    typed_and_lost(client)
    sign_in(client, owner)
    drop = "/account/kept-form/drop/"
    answer = client.post(drop, form_values(client.get(NEW), drop))
    assert answer.headers["Location"] == NEW
    assert TITLE not in client.get(NEW).content.decode()
    assert client.post(drop, {"page": "https://evil.example/"}).headers["Location"] == "/account/"


def test_a_copied_link_forgets_what_was_kept() -> None:
    owner = make_sender()
    client = owner_browser(owner)
    typed_and_lost(client)
    sign_in(client, owner)
    shown = form_values(client.get(NEW), NEW) | {"way": "copied", "proof": "none"}
    assert client.post(NEW, shown).status_code == 200
    assert KeptForm.objects.count() == 0
