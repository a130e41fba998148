"""Deleting from the log: asked once more, at once, and the row stays."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from core.db import database_now
from messaging.items.errors import LinkRevoked
from messaging.items.events.kinds import EventKind
from messaging.items.models import Content, Event, Item
from messaging.items.references import shown_reference
from tests.cast import make_user, sign_in
from tests.messaging.activity.logging_items import LOG, rows_of, words
from tests.messaging.items.making import Sent, delete, expire, give, send_item
from tests.messaging.outside.test_returns import came_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender(client: Client) -> User:
    user = make_user("pro@demo.example", plan="pro")
    sign_in(client, user)
    return user


def address(sent: Sent, query: str = "") -> str:
    return f"/account/activity/{sent.item.reference}/delete/{query}"


def test_asking_changes_nothing(client: Client, sender: User) -> None:
    sent = send_item(sender)
    page = client.get(address(sent)).content.decode()
    assert f"<title>Delete {shown_reference(sent.item.reference)}?" in words(page).replace("> ", ">")
    assert "zoe@outside.example" in page
    assert Item.objects.get().revoked_at is None


def test_it_ends_every_access_at_once_and_the_row_stays(client: Client, sender: User) -> None:
    sent = send_item(sender)
    answer = client.post(address(sent, "?status=&recipient=zoe"))
    assert answer.headers["Location"] == f"{LOG}?status=&recipient=zoe"
    with pytest.raises(LinkRevoked):
        give(sent.links[0])
    assert not Content.objects.exists()
    page = client.get(answer.headers["Location"]).content.decode()
    assert f"{shown_reference(sent.item.reference)} is deleted. No link opens it any more" in page
    (row,) = rows_of(client)
    assert (row["status"], row["subject"], row["delete"]) == ("Deleted", "not kept", "")


def test_what_came_back_stays_and_the_page_says_so(client: Client, sender: User) -> None:
    sent = send_item(sender)
    assert "What came back stays for you in Received" not in client.get(address(sent)).content.decode()
    returned = came_back(sent)
    assert "What came back stays for you in Received" in client.get(address(sent)).content.decode()
    client.post(address(sent))
    assert client.get(f"/returns/{returned.whole_id}/").status_code == 200
    returned.refresh_from_db()
    assert returned.shredded_at is None


def test_the_log_says_who_deleted_it_and_from_where(client: Client, sender: User) -> None:
    sent = send_item(sender)
    client.post(address(sent), REMOTE_ADDR="127.0.0.1")
    assert Event.objects.filter(kind=EventKind.DELETED, item_id=sent.item.pk).count() == 1
    assert "127.0.0.1" in client.get(f"/account/activity/{sent.item.reference}/").content.decode()


def test_a_second_click_does_no_harm(client: Client, sender: User) -> None:
    sent = send_item(sender)
    client.post(address(sent))
    answer = client.post(address(sent), follow=True)
    assert "had been deleted before" in answer.content.decode()
    assert Event.objects.filter(kind=EventKind.DELETED).count() == 1


def test_what_is_deleted_offers_no_deletion(client: Client, sender: User) -> None:
    sent = send_item(sender)
    delete(sent)
    page = client.get(address(sent)).content.decode()
    assert "nothing left to delete" in page
    assert "Delete now" not in page


def test_what_has_expired_is_not_deleted(client: Client, sender: User) -> None:
    sent = send_item(sender)
    expire(sent.item, database_now() - timedelta(minutes=1))
    answer = client.post(address(sent), follow=True)
    assert "had expired already. Nothing was changed." in answer.content.decode()
    (row,) = rows_of(client)
    assert row["status"] == "Expired"


def test_nothing_is_deleted_without_the_token_of_a_form(sender: User) -> None:
    sent, browser = send_item(sender), Client(enforce_csrf_checks=True)
    sign_in(browser, sender)
    assert browser.post(address(sent)).status_code == 403
    assert Item.objects.get().revoked_at is None
