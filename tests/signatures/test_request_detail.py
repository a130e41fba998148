"""A request's own page: how it stands, signer by signer, and nothing that is for a signer alone."""

import re
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.cultures import format_instant, override
from core.db import database_now
from messaging.items.events.kinds import EventKind
from messaging.items.models import Event, Item, Participant
from messaging.items.services.controlling import revoke_item
from messaging.items.services.links import to_text
from signatures.models import Signer
from signatures.services.answering import signing_of
from signatures.services.completing import complete_what_waits
from signatures.services.controlling import cancel
from signatures.services.declining import decline
from tests.cast import make_user, sign_in
from tests.messaging.items.making import make_sender, visitor
from tests.outbox import newest_code
from tests.signatures.following import content_of, expire, page_of, signed_in_requester, words
from tests.signatures.signing import TITLE, YAN, ZOE, ask, mail_to, open_mailed, opened, sign_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sealing")]

LINK = re.compile(r"/s/([\w-]+)#([\w-]+)")


def test_it_says_who_is_next_and_how_far_each_signer_is(client: Client) -> None:
    asked = signed_in_requester(client)
    text = content_of(client, page_of(asked))
    assert text.index(TITLE) < text.index("In progress") < text.index("Waiting for Zoë Roy")
    assert "1. Zoë Roy" in text
    assert "2. Yan Lee Waits for others" in text
    assert "Please sign." in text
    reference = asked.item.reference
    assert f"{reference[:4]}-{reference[4:8]}-{reference[8:]}" in text
    sign_all(opened(asked))
    text = content_of(client, page_of(asked))
    assert "Waiting for Yan Lee" in text
    assert "1. Zoë Roy Signed" in text
    assert "Agreed to sign electronically" in text


def test_it_shows_the_digest_of_each_document_and_its_download(client: Client) -> None:
    asked = signed_in_requester(client)
    paper = signing_of(opened(asked)).preparation.papers[0]
    page = client.get(page_of(asked)).content.decode()
    assert paper.sha256 in page
    assert paper.name in page
    assert f'href="{page_of(asked, "documents", 1)}"' in page


def test_162_each_act_stands_there_and_in_the_log_in_local_time_with_its_offset(client: Client) -> None:
    asked = signed_in_requester(client)
    sign_all(opened(asked))
    User.objects.filter(pk=asked.item.sender.pk).update(time_zone="Asia/Kolkata")
    event = Event.objects.get(kind=EventKind.SIGNED)
    local = event.at.astimezone(ZoneInfo("Asia/Kolkata"))
    clock = f"{local.hour % 12 or 12}:{local:%M:%S}"
    for address in (page_of(asked), reverse("activity:item_detail", args=[asked.item.reference])):
        text = content_of(client, address)
        assert re.search(rf"Signed .*{clock}[^(]*\(UTC\+05:30\)", text), address
        assert not re.search(r"\d:\d\d:\d\d(?![^(]{0,8}\(UTC)", text), address


def test_advanced_follows_a_request_on_its_own_page(client: Client) -> None:
    asked = signed_in_requester(client, plan="advanced")
    page = client.get(page_of(asked)).content.decode()
    assert "Waiting for Zoë Roy" in page
    assert 'href="/messages/"' in page
    assert "/signatures/?state" not in page


def test_a_declined_request_shows_the_reason_to_its_requester_alone(client: Client) -> None:
    asked = signed_in_requester(client)
    decline(signing_of(opened(asked)), reason="Too dear.\nSorry <b>.", visitor=visitor())
    text = content_of(client, page_of(asked))
    assert "Zoë Roy declined to sign" in text
    assert "Too dear. Sorry &lt;b&gt;." in text
    assert "2. Yan Lee Was not asked any more" in text
    assert "/cancel/" not in client.get(page_of(asked)).content.decode()


def test_declined_without_a_reason_and_with_a_damaged_one(client: Client) -> None:
    asked = signed_in_requester(client)
    decline(signing_of(opened(asked)), reason="", visitor=visitor())
    assert "No reason was given." in content_of(client, page_of(asked))
    Signer.objects.filter(place=0).update(reason_sealed=b"damaged")
    assert "The reason is damaged and was not released." in content_of(client, page_of(asked))


def test_what_is_over_offers_nothing_that_would_be_refused(client: Client) -> None:
    asked = signed_in_requester(client)
    expire(asked)
    page = client.get(page_of(asked)).content.decode()
    assert "Not everybody signed in time" in page
    for act in ("remind", "new-link", "address", "cancel"):
        assert f"/{act}/" not in page


def test_a_cancelled_request_keeps_its_history_without_its_documents(client: Client) -> None:
    asked = signed_in_requester(client)
    cancel(item=asked.item, by=asked.item.sender, visitor=visitor())
    text = content_of(client, page_of(asked))
    assert "You have cancelled this request" in text
    assert TITLE not in text
    assert f"Signature request {asked.item.reference[:4]}" in text
    assert "The documents as they were sent are gone" in text
    assert "Cancelled by the sender" in text
    assert "Deleted by the sender" not in text
    assert "Cancelled by the sender" in content_of(client, reverse("activity:item_detail", args=[asked.item.reference]))
    assert text.count("Was not asked any more") == 2


def test_a_damaged_copy_is_said_and_the_rest_stays(client: Client) -> None:
    asked = signed_in_requester(client)
    Item.objects.update(copy_box=b"damaged")
    text = content_of(client, page_of(asked))
    assert "Your copy cannot be read. Tell your administrator." in text
    assert "Waiting for Zoë Roy" in text


def test_after_completion_it_leads_to_the_sealed_documents_and_offers_new_links_to_them(client: Client) -> None:
    asked = signed_in_requester(client)
    sign_all(opened(asked))
    sign_all(open_mailed(YAN.email))
    text = content_of(client, page_of(asked))
    assert "Being sealed" in text
    assert "All have signed; the documents are being sealed" in text
    assert complete_what_waits()
    page = client.get(page_of(asked)).content.decode()
    assert f'href="/returns/{asked.row.sealed_whole_id}/"' in page
    assert page.count("Send a new link to the sealed documents") == 2
    assert "/remind/" not in page
    assert "/cancel/" not in page
    assert "/address/" not in page


def test_149_no_page_of_the_requester_has_a_signers_secret_or_code(client: Client) -> None:
    asked = signed_in_requester(client)
    text = mail_to(ZOE.email)
    ((locator, secret),) = LINK.findall(text)
    link = asked.made.links[0]
    assert to_text(link.secret.reveal()) == secret
    opened(asked)
    code = newest_code(ZOE.email)
    addresses = ["/signatures/", page_of(asked), page_of(asked, "cancel"), f"/account/activity/{asked.item.reference}/"]
    addresses += [page_of(asked, "signers", 1, act) for act in ("remind", "new-link", "address")]
    for address in addresses:
        page = client.get(address).content.decode()
        assert "<h1" in page, address
        for kept_from in (locator, secret, code, "/s/"):
            assert kept_from not in page, address


@pytest.mark.parametrize("is_colleague", [True, False])
def test_other_peoples_requests_do_not_exist(client: Client, is_colleague: bool) -> None:
    asked = ask(make_sender("owner@demo.example"))
    other = make_user("else@demo.example", plan="pro", is_administrator=True)
    if is_colleague:
        User.objects.filter(pk=other.pk).update(organization=asked.item.organization)
    sign_in(client, other)
    before = Event.objects.count(), list(Participant.objects.values_list("email", flat=True))
    signer = ("remind", "new-link", "address")
    addresses = [page_of(asked), page_of(asked, "cancel"), page_of(asked, "documents", 1)]
    addresses += [page_of(asked, "signers", 1, act) for act in signer]
    for address in addresses:
        assert client.get(address).status_code == 404, address
    for address in addresses[1:2] + addresses[3:]:
        values = {"text": "", "language": "en", "email": "x@outside.example"}
        assert client.post(address, values).status_code == 404, address
    assert before == (Event.objects.count(), list(Participant.objects.values_list("email", flat=True)))
    assert asked.item.revoked_at is None


def test_an_unknown_reference_or_signer_does_not_exist(client: Client) -> None:
    asked = signed_in_requester(client)
    for address in (
        "/signatures/AAAABBBBCCCC/",
        page_of(asked, "signers", 3, "remind"),
        page_of(asked, "signers", 0, "address"),
    ):
        assert client.get(address).status_code == 404, address


def test_the_reference_may_be_typed_in_any_way(client: Client) -> None:
    asked = signed_in_requester(client)
    reference = asked.item.reference.lower()
    assert client.get(f"/signatures/{reference[:4]}-{reference[4:]}/").status_code == 200


def test_a_stranger_is_led_to_the_sign_in_page(client: Client) -> None:
    assert client.get("/signatures/AAAABBBBCCCC/").headers["Location"].startswith("/sign-in/")


def test_it_costs_as_many_queries_with_many_signers_as_with_two(
    client: Client, django_assert_max_num_queries: object
) -> None:
    sender = make_sender()
    sign_in(client, sender)
    many = [replace(ZOE, email=f"p{n}@outside.example", turn=n) for n in range(1, 9)]
    for people in ([ZOE, YAN], many):
        asked = ask(sender, people)
        with django_assert_max_num_queries(16):  # type: ignore[operator]
            assert client.get(page_of(asked)).status_code == 200


def test_it_speaks_french(client: Client) -> None:
    asked = signed_in_requester(client)
    User.objects.filter(pk=asked.item.sender_id).update(language="fr")
    text = content_of(client, page_of(asked))
    for told in ("Demande de signature", "En cours", "On attend Zoë Roy.", "Attend les autres"):
        assert told in text, told


def test_it_says_until_when_each_link_opens_and_until_when_the_sealed_documents_are_kept(client: Client) -> None:
    asked = signed_in_requester(client)
    sign_all(opened(asked))
    sign_all(open_mailed(YAN.email))
    assert complete_what_waits()
    with override(User.objects.get(pk=asked.item.sender_id).habits):
        kept, opens = (
            words(format_instant(at)) for at in (asked.item.expires_at, asked.signer(0).participant.expires_at)
        )
    text = content_of(client, page_of(asked))
    assert f"Sealed documents kept until {kept}" in text
    assert text.count(f"Link open until {opens}") == 2
    assert kept != opens
    revoke_item(item=asked.item, by=asked.item.sender, visitor=visitor(), at=database_now())
    text = content_of(client, page_of(asked))
    assert "kept until" not in text
    assert "Link open until" not in text
    assert "Deleted by the sender" in text
    assert "Cancelled by the sender" not in text
