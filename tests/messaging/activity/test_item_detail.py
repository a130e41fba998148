"""The timeline of one item: every event, who, from where, and automatic checks told apart from people."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from messaging.items.choices import Proof
from messaging.items.errors import ProofWrong
from messaging.items.events.kinds import EventKind
from messaging.items.events.recording import record
from messaging.items.kinds import kind_of
from messaging.items.models import Event, EventPerson, Item, LinkCheck
from messaging.items.references import shown_reference
from messaging.items.services.creating import Person
from messaging.items.services.gates import new_opening_code
from messaging.items.services.opening import prove
from tests.cast import make_organization, make_user, sign_in
from tests.messaging.activity.logging_items import words
from tests.messaging.items.making import Sent, give, open_link, send_item, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender(client: Client) -> User:
    user = make_user("pro@demo.example", plan="pro", time_zone="America/Toronto", first_name="Robin", last_name="Roy")
    sign_in(client, user)
    return user


def address(sent: Sent, query: str = "") -> str:
    return f"/account/activity/{sent.item.reference}/{query}"


def lines(client: Client, sent: Sent, query: str = "") -> list[str]:
    """Return the lines of the timeline as words, newest first."""
    page = client.get(address(sent, query)).content.decode()
    timeline = page[page.index('<ol class="timeline">') :]
    found = re.findall(r"<li[^>]*>(.*?)</li>", timeline, re.S)
    return [words(re.sub(r"<[^>]+>", " ", line)) for line in found]


def test_it_tells_each_event_with_who_and_from_where(client: Client, sender: User) -> None:
    code = new_opening_code()
    sent = send_item(sender, [Person("zoe@outside.example", "Zoé", proof=Proof.OPENING_CODE, secret=code)])
    visit = give(sent.links[0])
    wrong = "000000" if code.value != "000000" else "111111"
    with pytest.raises(ProofWrong):
        prove(visit=visit, answer=wrong, visitor=visitor())
    prove(visit=visit, answer=code.value, visitor=visitor())
    opened, failed, made = lines(client, sent)
    assert opened.startswith("Opened Opening code · opening number 1")
    assert failed.startswith("Wrong code Opening code · to open · 4 tries left")
    assert made.startswith("Sent 1 recipient ·")
    assert "· Zoé &lt;zoe@outside.example&gt; · 192.0.2.7 ·" in opened
    assert "· Robin Roy &lt;pro@demo.example&gt; · 192.0.2.7 ·" in made


def test_each_instant_is_local_and_readable_by_machines(client: Client, sender: User) -> None:
    sent = send_item(sender)
    at = datetime(2026, 11, 21, 3, 30, 7, tzinfo=UTC)
    Item.objects.filter(pk=sent.item.pk).update(sent_at=at)
    record(kind=EventKind.COPY_READ, item=sent.item, at=at)
    page = client.get(address(sent)).content.decode()
    assert '<time datetime="2026-11-21T03:30:07Z">November 20, 2026, 10:30:07' in page


def test_browsers_are_told_in_words_and_never_repeated(client: Client, sender: User) -> None:
    agent = "Mozilla/5.0 (Windows NT 10.0) <b>call me</b> Firefox/131.0"
    sent = send_item(sender)
    record(kind=EventKind.COPY_READ, item=sent.item, browser=agent, ip="203.0.113.9")
    assert lines(client, sent)[0].endswith("203.0.113.9 · Firefox on Windows")
    assert "call me" not in client.get(address(sent)).content.decode()


def test_automatic_checks_are_told_apart_from_people(client: Client, sender: User) -> None:
    sent = send_item(sender)
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    link = sent.links[0].link
    LinkCheck.objects.create(link=link, hour_at=hour, checks=3, is_automatic=True)
    LinkCheck.objects.create(link=link, hour_at=hour + timedelta(hours=1), checks=1)
    # A mail filter looked six times in the hour in which the person did.
    LinkCheck.objects.create(link=link, hour_at=hour + timedelta(hours=2), checks=8, automatic_checks=6, is_opened=True)
    found = lines(client, sent)
    opened = "Link looked at 2 times in this hour · the same browser opened it afterwards · besides 6 automatic"
    assert found[0].startswith(opened)
    assert found[1].startswith(
        "Automatic check 1 time in this hour · the same browser opened nothing afterwards in the"
    )
    assert found[-1].startswith("Automatic check by a mail filter 3 times in this hour · not counted as an opening")
    assert "zoe@outside.example" in found[-1]


def test_what_was_erased_is_missing_and_the_network_stays(client: Client, sender: User) -> None:
    sent = send_item(sender)
    open_link(sent.links[0])
    opened = Event.objects.get(kind=EventKind.OPENED)
    EventPerson.objects.filter(pk=opened.pk).update(fields={"network": ["00", "192.0.2.0/24"]})
    assert lines(client, sent)[0].endswith("· 192.0.2.0/24")
    EventPerson.objects.all().delete()
    assert "zoe" not in lines(client, sent)[0]


def test_a_long_history_is_turned_page_by_page(client: Client, sender: User) -> None:
    sent = send_item(sender)
    at = timezone.now()
    for n in range(150):
        record(kind=EventKind.COPY_READ, item=sent.item, at=at + timedelta(seconds=n))
    hour = at.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    LinkCheck.objects.create(link=sent.links[0].link, hour_at=hour, checks=1)
    page = client.get(address(sent)).content.decode()
    older = re.search(r'href="/account/activity/\w+/(\?[^"]*)" rel="next"', page)
    assert older is not None
    first, second = lines(client, sent), lines(client, sent, older[1])
    assert (len(first), len(second)) == (100, 52)
    assert 'rel="prev"' in client.get(address(sent, older[1])).content.decode()


@pytest.mark.parametrize("day", range(5))
def test_a_look_between_two_events_is_on_one_page(client: Client, sender: User, day: int) -> None:
    sent = send_item(sender)
    at = timezone.now().replace(minute=0, second=0, microsecond=0)
    # A page ends behind the hundred newest, one in the midst of equal instants.
    for days, events in ((1, 50), (2, 100), (4, 100)):
        for _event in range(events):
            record(kind=EventKind.COPY_READ, item=sent.item, at=at + timedelta(days=days))
    LinkCheck.objects.create(link=sent.links[0].link, hour_at=at + timedelta(days=day, hours=1), checks=7)
    pages = [client.get(address(sent)).content.decode()]
    while older := re.search(r'href="/account/activity/\w+/(\?[^"]*)" rel="next"', pages[-1]):
        pages.append(client.get(address(sent, older[1])).content.decode())
    shown = ["7 times in this hour" in page for page in pages]
    assert shown.count(True) == 1, shown
    newer = re.search(r'href="/account/activity/\w+/(\?[^"]*)" rel="prev"', pages[-1])
    assert newer is not None
    assert ("7 times in this hour" in client.get(address(sent, newer[1])).content.decode()) == shown[1]


def test_any_way_of_typing_a_reference_leads_there(client: Client, sender: User) -> None:
    sent = send_item(sender)
    assert client.get(f"/account/activity/{shown_reference(sent.item.reference).lower()}/").status_code == 200


def test_a_line_of_the_log_leads_to_the_page_of_its_product(client: Client, sender: User) -> None:
    sent = send_item(sender)
    assert f'href="{kind_of(sent.item.kind).url(sent.item.reference)}"' in client.get(address(sent)).content.decode()


@pytest.mark.parametrize("page", ["", "delete/"])
def test_only_its_owner_finds_it(client: Client, sender: User, page: str) -> None:
    colleague = make_user("colleague@demo.example", plan="pro", organization=sender.organization)
    stranger = make_user("other@else.example", plan="pro", organization=make_organization("Else"))
    for other in (colleague, stranger):
        sent = send_item(other)
        assert client.get(address(sent) + page).status_code == 404
        assert client.post(address(sent) + "delete/").status_code == 404
        assert Item.objects.get(pk=sent.item.pk).revoked_at is None
    assert client.get("/account/activity/NOBODYHASIT1/").status_code == 404


def test_the_way_back_keeps_the_place_in_the_log(client: Client, sender: User) -> None:
    sent = send_item(sender)
    page = client.get(address(sent, "?status=sending&next=//evil.example")).content.decode()
    assert 'class="back" href="/account/activity/?status=sending"' in page
