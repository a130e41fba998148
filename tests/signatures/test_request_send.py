"""`signatures:request_send` and `signatures:draft_check`: what is sent, what keeps it from leaving, nothing lost."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from core.blobs import blobs
from licenses.models import License, Plan
from messaging.items.models import Blob, Draft, Item
from messaging.quota.models import MonthlyCount
from messaging.quota.services.hours import take_send
from signatures.models import SignatureRequest
from signatures.services.answering import signing_of
from tests.cast import count_a_message, make_user, sign_in
from tests.outbox import delivered
from tests.signatures.composing import (
    MESSAGE,
    TITLE,
    YAN,
    ZOE,
    address_of,
    begin,
    begun,
    filled,
    lease,
    pdf,
    place,
    prepare,
    press_keep,
    send,
    zone,
)
from tests.signatures.signing import open_mailed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sealing")]


@pytest.fixture
def pro(client: Client) -> User:
    user = make_user("pro@demo.example", plan="pro")
    sign_in(client, user)
    return user


def test_what_was_prepared_is_sent_once_and_signed_where_zones_stand(client: Client, pro: User) -> None:
    values = prepare(client, (ZOE, YAN), [lease(), pdf("Plan.pdf")], days="10")
    text = zone("b", document=1, kind="text", label="Order", is_required=False)
    place(client, values, [zone(), text, zone("c", signer=1, top=320, kind="initials")])
    answer = send(client, values)
    item = Item.objects.get(sender=pro)
    assert answer.headers["Location"] == f"/signatures/{item.reference}/"
    asked = SignatureRequest.objects.get(item=item)
    assert asked.ends_at - item.sent_at == timedelta(days=10)
    assert MonthlyCount.objects.get().used == 1
    assert not Draft.objects.exists()
    assert not Blob.objects.filter(kept_until__isnull=False).exists()
    preparation = signing_of(open_mailed("zoe@outside.example")).preparation
    assert [paper.name for paper in preparation.papers] == ["Lease.pdf", "Plan.pdf"]
    assert [each.kind.value for each in preparation.zones] == ["signature", "text", "initials"]
    assert preparation.message == MESSAGE
    assert [each.email for each in preparation.signers] == [ZOE["email"], YAN["email"]]
    # Whose turn has not come was not written to.
    assert not [mail for mail in delivered("email") if mail.to == YAN["email"]]


def test_the_last_page_shows_everything_before_it_is_sent(client: Client, pro: User) -> None:
    values = prepare(client, (ZOE, YAN | {"proof": "sms_code", "cell_number": "514 555 0199"}), [lease()])
    place(client, values, [zone()])
    page = client.get(address_of(values, "check/")).content.decode()
    for shown in (TITLE, "Lease.pdf", "2 pages", "Thank you.", "30 days", "Zoë Roy", "Yan Lee", "+15145550199"):
        assert shown in page, shown
    assert "Code by e-mail" in page
    assert "1 zone" in page
    assert "places the signature freely" in page
    assert "Turn 2" in page
    assert "1 message of this month, from your license, Pro" in page
    assert 'type="submit">' in page.partition("/send/")[2]


def test_who_signs_together_needs_no_turns(client: Client, pro: User) -> None:
    values = prepare(client, (ZOE, YAN | {"turn": "1"}))
    page = client.get(address_of(values, "check/")).content.decode()
    assert "Everybody gets the link now." in page
    assert "Turn 1" not in page


MISSING = {
    "title": ({"title": ""}, "title", "Say in a few words what is to be signed."),
    "title-turned": ({"title": "invoice \u202efdp.exe"}, "title", "a mark that turns the direction of text"),
    "title-address": ({"title": "www.evil.example"}, "title", "A title holds no web or e-mail address."),
    "message": ({"message": "x" * 2001}, "message", "It may have up to 2,000 characters."),
    "no-days": ({"days": "soon"}, "days", "Enter a whole number of days."),
    "too-many-days": ({"days": "181"}, "days", "A request may be open for up to 180 days."),
    "no-day": ({"days": "0"}, "days", "A request is open for at least 1 day."),
    "name": ({"signer-0-name": ""}, "signer-0-name", "Enter the name as it is to stand on the document."),
    "address": ({"signer-0-email": "zoe at outside"}, "signer-0-email", "This is not an e-mail address."),
    "no-address": ({"signer-0-email": ""}, "signer-0-email", "Enter the e-mail address."),
    "number": ({"signer-0-proof": "sms_code"}, "signer-0-cell_number", "number"),
    "turn": ({"signer-0-turn": "x"}, "signer-0-turn", "Enter a whole number: 1 for whoever signs first."),
    "gap": ({"signer-1-turn": "3"}, "signer-1-turn", "The order begins with 1 and leaves no number out."),
    "proof": ({"signer-0-proof": "none"}, "signer-0-proof", "Choose one of the options in the list."),
    "twice": ({"signer-1-email": "ZOE@outside.example"}, "signer-1-email", "Another signer has this address already."),
    "language": ({"signer-0-language": "xx"}, "signer-0-language", "Choose one of the options in the list."),
}


@pytest.mark.parametrize("case", MISSING)
def test_each_thing_that_is_wrong_leads_to_its_field_and_is_not_sent(client: Client, pro: User, case: str) -> None:
    changes, field, sentence = MISSING[case]
    values = prepare(client, (ZOE, YAN), (), **changes)
    page = client.get(address_of(values, "check/")).content.decode()
    assert f"?judged=1#{field}" in page
    assert sentence in page
    assert 'type="submit">' not in page.partition("/send/")[2].partition("</form>")[0]
    edit = client.get(f"{address_of(values)}?judged=1").content.decode()
    assert sentence in edit
    answer = send(client, values)
    assert answer.status_code == 422
    assert "Something is still missing, so nothing was sent. Your draft is kept." in answer.content.decode()
    assert not Item.objects.exists()
    assert begun(values).rows[0].key == "row-0"


@pytest.mark.parametrize(
    "zones",
    [
        [zone("b", kind="checkbox", width=20, height=20, is_required=False)],
        [zone("b", kind="text"), zone("c", top=320, is_required=False)],
        [zone("b", kind="date"), zone("c", top=320, signer=1)],
    ],
)
def test_nobody_is_through_without_having_signed(client: Client, pro: User, zones: list[dict[str, object]]) -> None:
    values = prepare(client, (ZOE, YAN), [lease()])
    place(client, values, zones)
    sentence = "Zoë Roy has zones, but no signature and no initials that must be given."
    assert sentence not in client.get(address_of(values, "zones/")).content.decode()
    page = client.get(address_of(values, "check/")).content.decode()
    assert f"{address_of(values, 'zones/')}?judged=1" in page
    assert sentence in page
    assert "Yan Lee has zones" not in page
    assert sentence in client.get(f"{address_of(values, 'zones/')}?judged=1").content.decode()
    assert send(client, values).status_code == 422
    assert not Item.objects.exists()
    place(client, values, [*zones, zone("d", kind="initials", top=520)])
    assert send(client, values).headers["Location"].startswith("/signatures/")


def test_a_request_needs_a_document_and_a_signer(client: Client, pro: User) -> None:
    values = filled(begin(client), ())
    press_keep(client, values)
    page = client.get(address_of(values, "check/")).content.decode()
    assert "Add the PDF that is to be signed." in page
    assert "Add somebody who signs." in page
    assert send(client, values).status_code == 422


def test_advanced_has_one_signer(client: Client) -> None:
    sign_in(client, make_user("advanced@demo.example", plan="advanced"))
    values = prepare(client, (ZOE, YAN))
    page = client.get(address_of(values, "check/")).content.decode()
    assert "With your license, 1 person can sign a request. Leave the others out." in page
    assert send(client, values).status_code == 422
    assert [row.name for row in begun(values).rows] == ["Zoë Roy", "Yan Lee"]
    kept = values | {"version": begun_version(values), "remove_row": "1"}
    press_keep(client, kept)
    assert send(client, values).status_code == 302


def begun_version(values: dict[str, str]) -> int:
    return Draft.objects.get().version


def test_a_late_window_is_told_and_a_second_click_sends_nothing_more(client: Client, pro: User) -> None:
    values = prepare(client)
    address = address_of(values, "send/")
    late = client.post(address, {"version": "99"})
    assert late.status_code == 422
    assert "changed in another window" in late.content.decode()
    assert not Item.objects.exists()
    form = {"version": begun_version(values)}
    first, second = client.post(address, form), client.post(address, form)
    assert first.headers["Location"] == second.headers["Location"]
    assert Item.objects.count() == 1
    assert MonthlyCount.objects.get().used == 1
    assert client.get(address_of(values)).headers["Location"] == first.headers["Location"]
    assert client.get(address_of(values, "zones/")).headers["Location"] == first.headers["Location"]
    kept = press_keep(client, values)
    assert (kept.status_code, f'href="{first.headers["Location"]}"' in kept.content.decode()) == (409, True)


def test_a_draft_deleted_meanwhile_is_not_sent(client: Client, pro: User) -> None:
    values = prepare(client)
    client.post(address_of(values, "delete/"))
    assert client.post(address_of(values, "send/"), {"version": "1"}).status_code == 404
    assert not Item.objects.exists()


def test_without_a_seal_nobody_is_asked_and_the_draft_is_kept(client: Client, pro: User, settings: Settings) -> None:
    values = prepare(client)
    settings.SEAL_CERTIFICATE = None
    assert "it has no sealing key" in client.get(address_of(values, "check/")).content.decode()
    answer = send(client, values)
    assert answer.status_code == 422
    assert "Nobody was asked to sign; your draft is kept." in answer.content.decode()
    assert begun(values).papers
    assert not Item.objects.exists()
    assert not MonthlyCount.objects.exists()


def test_without_messages_left_nothing_is_sent(client: Client, pro: User) -> None:
    values = prepare(client)
    Plan.objects.filter(code="pro").update(messages_per_month=1)
    count_a_message(pro)
    assert "No messages are left this month." in client.get(address_of(values, "check/")).content.decode()
    answer = send(client, values)
    assert answer.status_code == 422
    assert "No messages are left this month, so nothing was sent." in answer.content.decode()
    assert begun(values).papers


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"is_suspended": True}, "Your license has expired or is suspended, so nothing was sent. Your draft is kept."),
        ({"holder": None}, "You have no license, so nothing was sent. Your draft is kept."),
        ({"plan": "eco"}, "Your plan does not include signature requests, so nothing was sent. Your draft is kept;"),
    ],
)
def test_a_license_that_does_not_allow_it_keeps_the_draft(
    client: Client, pro: User, change: dict[str, object], sentence: str
) -> None:
    values = prepare(client)
    License.objects.update(**(change if "plan" not in change else {"plan": Plan.objects.get(code="eco")}))
    page = client.get(address_of(values, "check/")).content.decode()
    assert ">Send</button>" not in page
    answer = send(client, values)
    assert answer.status_code == 403
    assert sentence in answer.content.decode()
    assert begun(values).papers


def test_more_sends_than_an_hour_allows_wait(client: Client, pro: User) -> None:
    Plan.objects.filter(code="pro").update(sends_per_hour=1)
    take_send(plan=Plan.objects.get(code="pro"), sender=pro, people=1)
    values = prepare(client)
    assert "You have sent as much as your plan allows in one hour." in send(client, values).content.decode()
    assert begun(values).papers


def test_nobody_else_sends_it(client: Client, pro: User) -> None:
    values = prepare(client)
    version = begun_version(values)
    sign_in(client, make_user("other@demo.example", plan="pro"))
    for page in ("", "check/", "zones/", "page/0/1.png", "delete/"):
        assert client.get(address_of(values, page)).status_code == 404, page
    assert client.post(address_of(values, "send/"), {"version": version}).status_code == 404
    assert client.post(address_of(values, "zones/"), {"version": version, "zones": "[]"}).status_code == 404
    client.post(address_of(values, "delete/"))
    assert Draft.objects.filter(owner=pro).count() == 1
    assert not Item.objects.exists()
    assert list(blobs().folder.glob("??/??/*"))
