"""The owner follows an envelope: how it stands, what came, and who else may see that."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import User
from core.db import database_now
from messaging.envelopes.limits import TIMELINE_MOST_EVENTS
from messaging.items.events.kinds import EventKind
from messaging.items.models import Event, Item, Link, Participant
from messaging.items.services.delivering import note_handed_over
from tests.cast import make_user
from tests.forms import form_values
from tests.messaging.envelopes.making import INSTRUCTIONS, LINK, TITLE, Outsider, make_envelope, owner_browser, paper
from tests.messaging.items.making import ADDRESS, expire, make_sender
from tests.outbox import delivered

pytestmark = pytest.mark.django_db

ADDRESSES = ("envelope_detail", "envelope_delete", "envelope_expiry", "envelope_link_renew")


def url(name: str = "envelope_detail") -> str:
    return reverse(f"envelopes:{name}", args=[Item.objects.get().reference])


def test_a_delivery_that_is_not_certain_is_shown_after_thirty_minutes() -> None:
    browser = owner_browser()
    envelope = make_envelope(browser)
    Participant.objects.update(handed_over_at=None)
    address = f"/envelopes/{envelope.item.reference}/"
    assert "It is not certain" not in browser.get(address).content.decode()
    Link.objects.update(made_at=database_now() - timedelta(minutes=31))
    assert "It is not certain" in browser.get(address).content.decode()
    note_handed_over(Link.objects.get())
    assert "It is not certain" not in browser.get(address).content.decode()


def test_the_page_says_what_is_asked_and_how_it_stands() -> None:
    client = owner_browser()
    outsider = make_envelope(client)
    page = client.get(url()).content.decode()
    for shown in (TITLE, INSTRUCTIONS, ADDRESS, "Not opened", "Nothing yet."):
        assert shown in page
    outsider.open()
    assert ">Open<" in client.get(url()).content.decode().replace("\n", "")
    outsider.fill(uploads=(paper(),))
    page = client.get(url()).content.decode()
    for shown in ("Closed", "1 file", "Go to the delivery", "/returns/"):
        assert shown in page
    assert "Canary paper.pdf" not in page
    assert "What you can do" not in page


def test_a_list_that_is_cut_leads_to_the_log() -> None:
    client = owner_browser()
    item = make_envelope(client).item
    link = f'<a href="/account/activity/{item.reference}/">'
    assert link not in client.get(url()).content.decode()
    of_item = {"organization_id": item.organization_id, "user_id": item.sender_id, "item_id": item.pk}
    opened = {"kind": EventKind.OPENED, "participant_id": Participant.objects.get().pk, "facts": {}, "commitments": {}}
    Event.objects.bulk_create(Event(at=database_now(), **of_item, **opened) for _ in range(TIMELINE_MOST_EVENTS))
    page = client.get(url()).content.decode()
    assert page.count(link) == 1
    assert page.count('<div class="what">') == TIMELINE_MOST_EVENTS


@pytest.mark.parametrize(("language", "words"), [("en", "Sent and drafts"), ("fr", "Envois et brouillons")])
def test_the_way_back_is_the_list_of_what_was_sent(language: str, words: str) -> None:
    owner = make_sender()
    client = owner_browser(owner)
    make_envelope(client)
    User.objects.filter(pk=owner.pk).update(language=language)
    page = client.get(url()).content.decode()
    assert re.search(rf'<a class="back" href="/messages/">.*</svg>{words}</a>', page)


def test_what_was_sent_lists_it_also_once_it_is_filled() -> None:
    client = owner_browser()
    make_envelope(client).open().fill(uploads=(paper(),))
    page = client.get("/messages/")
    assert page.status_code == 200
    assert re.search(r"is-good[^>]*>Closed<", page.content.decode())


@pytest.mark.parametrize("name", ADDRESSES)
def test_statement_124_for_everybody_else_it_does_not_exist(name: str) -> None:
    owner = make_sender()
    make_envelope(owner_browser(owner))
    colleague = make_user("admin@demo.example", plan="pro", organization=owner.organization, is_administrator=True)
    for other in (make_sender("other@elsewhere.example"), colleague):
        client = owner_browser(other)
        assert client.get(url(name)).status_code == 404
        if name != "envelope_detail":
            assert client.post(url(name), {"life_hours": 1}).status_code == 404
    assert Item.objects.get().revoked_at is None


def test_deleted_it_takes_nothing_any_more() -> None:
    client = owner_browser()
    outsider = make_envelope(client)
    assert "Delete this envelope?" in client.get(url("envelope_delete")).content.decode()
    assert Item.objects.get().revoked_at is None
    for _ in range(2):
        assert client.post(url("envelope_delete")).url == url()
    page = client.get(url()).content.decode()
    assert "Deleted" in page
    assert TITLE not in page
    answer = outsider.give()
    assert answer.status_code == 410
    assert "This envelope was deleted" in answer.content.decode()


def test_an_expired_one_is_not_deleted_and_its_owner_is_told() -> None:
    client = owner_browser()
    make_envelope(client)
    expire(Item.objects.get(), database_now() - timedelta(minutes=1))
    page = client.post(url("envelope_delete"), follow=True).content.decode()
    assert "The envelope had expired already: its link takes nothing any more." in page
    assert Item.objects.get().revoked_at is None


def test_its_end_can_be_moved_and_the_link_stays_the_same() -> None:
    client = owner_browser()
    outsider = make_envelope(client)
    before = Item.objects.get()
    client.post(url("envelope_expiry"), {"life_hours": 24 * 30})
    assert Item.objects.get().expires_at - before.sent_at > timedelta(days=29)
    client.post(url("envelope_expiry"), {"life_hours": 1})
    assert Item.objects.get().expires_at < database_now() + timedelta(hours=2)
    assert outsider.open().fill().status_code == 302


def test_it_never_lives_longer_than_was_agreed() -> None:
    client = owner_browser()
    make_envelope(client)
    answer = client.post(url("envelope_expiry"), {"life_hours": 24 * 400})
    assert answer.status_code == 422
    assert Item.objects.get().expires_at < database_now() + timedelta(days=8)


def test_a_new_link_by_mail_stops_the_old_one() -> None:
    client = owner_browser()
    outsider = make_envelope(client, proof="opening_code")
    assert ADDRESS in client.get(url("envelope_link_renew")).content.decode()
    assert client.post(url("envelope_link_renew")).url == url()
    mail = delivered("email")[0]
    assert "new link" in mail.subject
    found = LINK.search(mail.text)
    assert found
    assert Link.objects.count() == 2
    old = outsider.give()
    assert old.status_code == 410
    assert "A newer link has replaced this one" in old.content.decode()
    assert Outsider(*found.groups()).give().status_code == 302


def test_a_new_link_to_copy_is_shown_once() -> None:
    client = owner_browser()
    make_envelope(client, way="copied", proof="opening_code")
    page = client.post(url("envelope_link_renew"))
    found = LINK.search(page.content.decode())
    assert found
    assert delivered("email") == []
    assert found.group(2) not in client.get(url()).content.decode()
    participant = Participant.objects.get()
    assert (participant.handed_over_at is not None, participant.failed_at) == (True, None)
    assert Outsider(*found.groups()).give().status_code == 302


def test_the_form_for_a_new_link_sent_again_leaves_the_link_that_was_shown() -> None:
    client = owner_browser()
    make_envelope(client, way="copied")
    form = form_values(client.get(url("envelope_link_renew")), url("envelope_link_renew"))
    found = LINK.search(client.post(url("envelope_link_renew"), form).content.decode())
    assert found
    again = client.post(url("envelope_link_renew"), form, follow=True)
    assert "Another link was made since this form was opened." in again.content.decode()
    assert LINK.search(again.content.decode()) is None
    assert Outsider(*found.groups()).give().status_code == 302
    form = form_values(client.get(url("envelope_link_renew")), url("envelope_link_renew"))
    assert LINK.search(client.post(url("envelope_link_renew"), form).content.decode())


@pytest.mark.parametrize("end", ["fill", "delete"])
@pytest.mark.parametrize("name", ["envelope_expiry", "envelope_link_renew"])
def test_what_is_over_is_not_begun_again(end: str, name: str) -> None:
    client = owner_browser()
    outsider = make_envelope(client).open()
    if end == "fill":
        outsider.fill()
    else:
        client.post(url("envelope_delete"))
    before = Item.objects.get().expires_at
    answer = client.post(url(name), {"life_hours": 24}, follow=True)
    assert answer.redirect_chain[-1][0] == url()
    told = "What was asked for has arrived already" if end == "fill" else "You have deleted this already"
    assert f"{told}, so nothing was changed." in answer.content.decode()
    assert (Link.objects.count(), Item.objects.get().expires_at) == (1, before)


def test_the_log_shows_a_dash_for_whoever_was_given_the_link() -> None:
    client = owner_browser()
    make_envelope(client, way="copied")
    page = client.get("/account/activity/").content.decode()
    cell = re.search(r'<td[^>]*data-label="Recipient"[^>]*>(.*?)</td>', page, re.S)
    assert cell is not None
    assert re.sub(r"<[^>]*>", "", cell[1]).strip() == "–"


@pytest.mark.parametrize("name", ["envelope_expiry", "envelope_link_renew"])
def test_a_damaged_copy_is_told_in_words_and_changes_nothing(name: str) -> None:
    client = owner_browser()
    make_envelope(client)
    before = Item.objects.get()
    Item.objects.update(copy_box=b"damaged")
    answer = client.post(url(name), {"life_hours": 24 * 30}, follow=True)
    assert answer.status_code == (422 if name == "envelope_expiry" else 200)
    assert "Your copy is damaged" in answer.content.decode()
    assert (Item.objects.get().expires_at, Link.objects.get().ended_at) == (before.expires_at, None)
