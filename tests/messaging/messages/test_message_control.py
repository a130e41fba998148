"""What a sender does with a message afterwards: delete it, change its end, send a new link, write it again."""

import re
from datetime import timedelta

import pytest
from django.db.models import F, Model
from django.test import Client

from accounts.models import User
from core.db import database_now
from messaging.items.choices import LinkEnd
from messaging.items.errors import LinkReplaced
from messaging.items.events.kinds import EventKind
from messaging.items.limits import NEW_LINKS_OF_PERSON
from messaging.items.models import Content, Draft, Event, Item, Link, Participant
from messaging.items.services.shredding import shred_item
from messaging.quota.models import MonthlyCount
from tests.cast import make_user
from tests.forms import form_values
from tests.messaging.items.making import expire
from tests.messaging.messages.composing import BODY, NOAH, SUBJECT, ZOE, press_send, send, values_of
from tests.messaging.messages.test_message_send import NUMBER, read_by
from tests.outbox import delivered

pytestmark = pytest.mark.django_db


@pytest.fixture
def pro() -> User:
    return make_user("pro@demo.example", plan="pro")


def mails_to(address: str) -> list[str]:
    return [mail.text for mail in delivered("email") if mail.to == address]


def code_of(text: str) -> str:
    found = re.search(r"opening code: (\d{6})", text)
    assert found
    return found[1]


# Delete


def test_deleting_for_all_asks_first_and_ends_it_at_once(client: Client, pro: User) -> None:
    item = send(client, pro, to=(ZOE, NOAH))
    address = f"/messages/{item.reference}/delete/"
    assert "None of its 2 recipients can open it" in client.get(address).content.decode()
    answer = client.post(address, follow=True).content.decode()
    assert "Nobody can open it any more" in answer
    assert not Link.objects.filter(ended_at=None).exists()
    assert not Content.objects.filter(whole_id=item.whole_id).exists()
    assert client.post(address).status_code == 302


def test_deleting_for_one_leaves_the_others(client: Client, pro: User) -> None:
    item = send(client, pro, to=(ZOE, NOAH))
    address = f"/messages/{item.reference}/people/1/delete/"
    assert "For the others nothing changes." in client.get(address).content.decode()
    client.post(address)
    living = Link.objects.filter(ended_at=None).select_related("participant")
    assert [link.participant.email for link in living] == [NOAH]
    last = f"/messages/{item.reference}/people/2/delete/"
    assert "Nobody else can either" in client.get(last).content.decode()
    client.post(last)
    item.refresh_from_db()
    assert item.shredded_at is not None


@pytest.mark.parametrize("what", ["", "people/1/"])
def test_an_expired_message_is_not_deleted_and_its_sender_is_told(client: Client, pro: User, what: str) -> None:
    item = send(client, pro)
    expire(item, database_now() - timedelta(minutes=1))
    answer = client.post(f"/messages/{item.reference}/{what}delete/", follow=True).content.decode()
    assert "The message had expired already: nobody can open it, and its content goes by itself." in answer
    assert not Event.objects.filter(kind__in=[EventKind.DELETED, EventKind.LINK_DELETED]).exists()


# Change the end


def test_a_later_end_keeps_the_link(client: Client, pro: User) -> None:
    item = send(client, pro, life_hours="24")
    (text,) = mails_to(ZOE)
    answer = client.post(f"/messages/{item.reference}/expiry/", {"life_hours": str(24 * 30)}, follow=True)
    assert "The expiration date was changed" in answer.content.decode()
    item.refresh_from_db()
    assert item.expires_at - item.sent_at > timedelta(days=29, hours=23)
    assert read_by(text, code_of(text)).subject == SUBJECT


def test_an_earlier_end_is_possible_without_a_copy_a_later_one_is_not(client: Client, pro: User) -> None:
    item = send(client, pro, is_copy_kept=None)
    address = f"/messages/{item.reference}/expiry/"
    later = client.post(address, {"life_hours": str(24 * 30)})
    assert later.status_code == 422
    assert "it can only be made shorter" in later.content.decode()
    assert client.post(address, {"life_hours": "24"}).status_code == 302
    item.refresh_from_db()
    assert item.expires_at < database_now() + timedelta(hours=25)


@pytest.mark.parametrize("hours", ["0", "-1", "999999", "9" * 30, "x", ""])
def test_an_end_that_is_not_offered_is_refused(client: Client, pro: User, hours: str) -> None:
    item = send(client, pro)
    assert client.post(f"/messages/{item.reference}/expiry/", {"life_hours": hours}).status_code == 422


def test_nothing_lives_longer_than_the_plan_allowed_when_it_was_sent(client: Client) -> None:
    item = send(client, make_user("eco@demo.example", plan="eco"))
    assert client.post(f"/messages/{item.reference}/expiry/", {"life_hours": str(24 * 90)}).status_code == 422
    assert client.post(f"/messages/{item.reference}/expiry/", {"life_hours": str(24 * 30)}).status_code == 302
    item.refresh_from_db()
    assert item.expires_at == item.longest_until


@pytest.mark.parametrize("days_ago", [0, 0.5, 363, 364.9])
def test_the_longest_extension_goes_to_the_day_that_is_called_the_latest(
    client: Client, pro: User, days_ago: float
) -> None:
    item = send(client, pro, life_hours="8760")
    longest_until = database_now() + timedelta(days=365 - days_ago)
    sent_at = longest_until - timedelta(days=365)
    Item.objects.update(sent_at=sent_at, longest_until=longest_until, expires_at=longest_until - timedelta(hours=1))
    address = f"/messages/{item.reference}/expiry/"
    page = client.get(address).content.decode()
    values = re.findall(r'<option value="(\d+)"', page)
    assert values[-1] == "8760"
    assert "As long as possible, until" in page
    assert client.post(address, {"life_hours": values[-1]}).status_code == 302
    item.refresh_from_db()
    assert item.expires_at == longest_until


def test_a_deleted_message_gets_no_other_end(client: Client, pro: User) -> None:
    item = send(client, pro)
    client.post(f"/messages/{item.reference}/delete/")
    answer = client.post(f"/messages/{item.reference}/expiry/", {"life_hours": "24"})
    assert answer.status_code == 422
    assert "This message has ended." in answer.content.decode()


def test_with_a_damaged_copy_the_end_can_only_be_made_shorter(client: Client, pro: User) -> None:
    item = send(client, pro, life_hours="168")
    Item.objects.update(copy_box=b"damaged")
    address = f"/messages/{item.reference}/expiry/"
    later = client.post(address, {"life_hours": str(24 * 30)})
    assert later.status_code == 422
    assert "Your copy is damaged, so it can only be made shorter." in later.content.decode()
    assert f'value="{24 * 30}" selected' in later.content.decode()
    assert client.post(address, {"life_hours": "24"}).status_code == 302


def test_a_link_whose_key_is_damaged_gets_no_later_end(client: Client, pro: User) -> None:
    item = send(client, pro, life_hours="24")
    Link.objects.update(gate_key_sealed=b"damaged")
    later = client.post(f"/messages/{item.reference}/expiry/", {"life_hours": str(24 * 30)})
    assert later.status_code == 422
    assert Item.objects.get().expires_at == item.expires_at


def test_a_damaged_label_leaves_the_page_of_its_message(client: Client, pro: User) -> None:
    item = send(client, pro)
    Item.objects.update(label_sealed=b"damaged")
    assert "<h1>Secure message</h1>" in client.get(f"/messages/{item.reference}/").content.decode()


# Send a new link


def test_a_new_link_replaces_the_old_one_and_costs_nothing(client: Client, pro: User) -> None:
    item = send(client, pro, to=(ZOE, NOAH))
    (old,) = mails_to(ZOE)
    address = f"/messages/{item.reference}/people/1/link/"
    assert "The old one stops at once" in client.get(address).content.decode()
    answer = client.post(address, follow=True).content.decode()
    assert f"A new link is on its way to {ZOE}" in answer
    new, _old = mails_to(ZOE)
    assert "The link you were sent before has stopped." in new
    assert SUBJECT in new
    assert read_by(new, code_of(new)).body == BODY
    with pytest.raises(LinkReplaced):
        read_by(old, code_of(old))
    assert MonthlyCount.objects.get().used == 1
    assert len(mails_to(NOAH)) == 1


def test_many_new_links_of_a_short_while_are_refused_and_the_last_one_stays(client: Client, pro: User) -> None:
    item = send(client, pro)
    address = f"/messages/{item.reference}/people/1/link/"
    for _ in range(NEW_LINKS_OF_PERSON.most):
        assert "A new link is on its way" in client.post(address, follow=True).content.decode()
    refused = client.post(address, follow=True).content.decode()
    assert "Many new links were made lately. The link that was sent stays; a new one is possible from" in refused
    newest = mails_to(ZOE)[0]
    assert read_by(newest, code_of(newest)).body == BODY


def test_a_form_for_a_new_link_sent_twice_sends_one(client: Client, pro: User) -> None:
    item = send(client, pro)
    assert len(mails_to(ZOE)) == 1
    address = f"/messages/{item.reference}/people/1/link/"
    form = form_values(client.get(address), address)
    pages = [client.post(address, form, follow=True).content.decode() for _press in range(2)]
    assert "A new link is on its way" in pages[0]
    assert "Another link was made since this form was opened." in pages[1]
    assert (Link.objects.count(), len(mails_to(ZOE))) == (2, 2)


def test_a_new_link_without_a_copy_is_refused_in_words(client: Client, pro: User) -> None:
    item = send(client, pro, is_copy_kept=None)
    page = client.get(f"/messages/{item.reference}/").content.decode()
    assert "Send a new link" not in page
    answer = client.post(f"/messages/{item.reference}/people/1/link/", follow=True)
    assert "No copy was kept for you" in answer.content.decode()
    assert Link.objects.filter(ended_by=LinkEnd.REPLACED).count() == 0


@pytest.mark.parametrize("table", [Item, Content])
def test_a_new_link_from_a_damaged_copy_is_refused_in_words(client: Client, pro: User, table: type[Model]) -> None:
    item = send(client, pro)
    table._base_manager.update(**{"copy_box" if table is Item else "sealed": b"damaged"})
    answer = client.post(f"/messages/{item.reference}/people/1/link/", follow=True)
    assert answer.status_code == 200
    assert "Your copy is damaged, so no new link can be made." in answer.content.decode()
    assert Link.objects.get().ended_at is None


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ("deleted", "You have deleted this already, so nothing was changed."),
        ("expired", "This has expired already, so nothing was changed."),
    ],
)
def test_the_sender_reads_their_own_words_about_what_is_over(client: Client, pro: User, end: str, words: str) -> None:
    item = send(client, pro)
    if end == "deleted":
        client.post(f"/messages/{item.reference}/delete/")
    else:
        Item.objects.update(sent_at=F("sent_at") - timedelta(days=30), expires_at=database_now())
    page = client.post(f"/messages/{item.reference}/people/1/link/", follow=True).content.decode()
    assert words in page
    assert "The sender has deleted this message" not in page
    assert "This message has expired" not in page


def test_who_was_deleted_gets_no_new_link(client: Client, pro: User) -> None:
    item = send(client, pro, to=(ZOE, NOAH))
    client.post(f"/messages/{item.reference}/people/1/delete/")
    client.post(f"/messages/{item.reference}/people/1/link/")
    assert Link.objects.filter(participant__position=1).count() == 1


def test_a_refused_address_is_shown_and_can_be_given_a_new_link(client: Client, pro: User) -> None:
    item = send(client, pro)
    Participant.objects.filter(item=item).update(failed_at=database_now(), failure="refused by the mail server")
    page = client.get(f"/messages/{item.reference}/").content.decode()
    assert "Not delivered" in page
    assert "Send a new link" in page


# Write again


def test_write_again_fills_in_everybody_and_the_texts(client: Client, pro: User) -> None:
    rows = {"to-0-cell_number": NUMBER, "to-1-cell_number": "416 555 0123", "to-1-role": "copy"}
    item = send(client, pro, to=(ZOE, NOAH), proof="sms_code", openings="3", reply_kind="text", **rows)
    answer = client.post(f"/messages/{item.reference}/again/")
    assert answer.status_code == 302
    shown = values_of(client.get(answer.headers["Location"]))
    assert (shown["to-0-email"], shown["to-1-email"]) == (ZOE, NOAH)
    assert (shown["to-0-cell_number"], shown["to-1-role"]) == ("+1 514-555-0187", "copy")
    assert (shown["subject"], shown["body"]) == (SUBJECT, BODY)
    assert (shown["proof"], shown["openings"], shown["reply_kind"]) == ("sms_code", "3", "text")
    assert press_send(client, shown).status_code == 302
    assert Item.objects.count() == 2
    assert MonthlyCount.objects.get().used == 2


def test_write_again_without_a_copy_fills_in_everybody(client: Client, pro: User) -> None:
    item = send(client, pro, to=(ZOE, NOAH), is_copy_kept=None, is_read_receipt_asked=None)
    answer = client.post(f"/messages/{item.reference}/again/", follow=True)
    shown = values_of(answer)
    assert (shown["to-0-email"], shown["to-1-email"], shown["subject"]) == (ZOE, NOAH, "")
    assert "is_copy_kept" not in shown
    assert "is_read_receipt_asked" not in shown
    assert "No copy of the text was kept for you." in answer.content.decode()


@pytest.mark.parametrize("end", ["deleted", "expired", "destroyed"])
def test_write_again_after_the_end_keeps_a_copy_and_says_that_the_text_is_gone(
    client: Client, pro: User, end: str
) -> None:
    item = send(client, pro)
    if end == "deleted":
        client.post(f"/messages/{item.reference}/delete/")
    else:
        expire(item, database_now() - timedelta(minutes=1))
    if end == "destroyed":
        shred_item(item, at=database_now(), why=LinkEnd.EXPIRED)
    answer = client.post(f"/messages/{item.reference}/again/", follow=True)
    shown = values_of(answer)
    assert (shown["to-0-email"], shown["subject"], shown["is_copy_kept"]) == (ZOE, "", "on")
    assert "The text is gone with the message that has ended." in answer.content.decode()
    assert "No copy of the text was kept" not in answer.content.decode()


def test_write_again_stands_in_the_log_where_the_copy_was_read(client: Client, pro: User) -> None:
    kept, not_kept = send(client, pro), send(client, pro, is_copy_kept=None)
    for item in (kept, not_kept):
        client.post(f"/messages/{item.reference}/again/")
    (event,) = Event.objects.filter(kind=EventKind.COPY_READ)
    assert (event.item_id, event.user_id) == (kept.pk, pro.pk)


def test_write_again_with_a_damaged_copy_says_so_and_begins_nothing(client: Client, pro: User) -> None:
    item = send(client, pro)
    Content.objects.filter(whole_id=item.whole_id).update(sealed=b"damaged")
    page = client.post(f"/messages/{item.reference}/again/", follow=True)
    assert "Your copy is damaged, so nothing of it was given out." in page.content.decode()
    assert not Draft.objects.exists()


def test_write_again_changes_nothing_by_get(client: Client, pro: User) -> None:
    item = send(client, pro)
    assert client.get(f"/messages/{item.reference}/again/").status_code == 405
    assert not Draft.objects.exists()
