"""What the rows of items promise: whole rows pass, and each row that was broken is named."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.conf import settings as project
from django.utils.module_loading import import_string

from core.blobs import blobs
from core.db import database_now
from messaging.items import invariants
from messaging.items.choices import LinkEnd, ReturnKind
from messaging.items.events.sealing import seal_events
from messaging.items.models import Blob, ChainHead, Content, Event, Gate, Item, Link, LinkCheck, Participant, Return
from messaging.items.retention import forget_what_is_over
from messaging.items.services.creating import Person
from messaging.items.services.shredding import end_links
from messaging.quota.models import MonthlyCount
from messaging.quota.services.counting import take_message
from tests.messaging.items.event_log import change_triggers
from tests.messaging.items.making import Sent, delete
from tests.messaging.outside.making import TERMS, send_message

pytestmark = pytest.mark.django_db

CHECKS: list[Callable[[], Iterator[str]]] = [
    import_string(path) for path in project.INVARIANT_CHECKS if path.startswith("messaging.items.invariants.")
]


def said() -> list[str]:
    """Return what all checks of items say."""
    return [line for check in CHECKS for line in check()]


@pytest.fixture
def sent() -> Sent:
    """A message with a file for two people, counted in its month."""
    sent = send_message(
        people=[Person(email="zoe@outside.example"), Person(email="noah@outside.example")], files=[TERMS]
    )
    take_message(license=sent.item.license, at=sent.item.sent_at)
    return sent


def test_every_check_of_the_module_is_called() -> None:
    own = {name for name, value in vars(invariants).items() if getattr(value, "__module__", "") == invariants.__name__}
    assert {check.__name__ for check in CHECKS} == own


def test_what_is_whole_passes_while_it_lives_and_after_its_end(sent: Sent) -> None:
    assert said() == []
    other = send_message(sent.item.sender, files=[TERMS])
    take_message(license=other.item.license, at=other.item.sent_at)
    delete(other)
    assert said() == []
    forget_what_is_over(database_now() + timedelta(days=8))
    assert said() == []


def test_an_item_for_nobody_is_named(sent: Sent) -> None:
    for model in (LinkCheck, Gate):
        model._default_manager.all().delete()
    Link.objects.all().delete()
    Participant.objects.all().delete()
    assert said() == [f"item {sent.item.pk}: there is nobody it is for"]


def test_an_item_without_content_is_named(sent: Sent) -> None:
    Content.objects.all().delete()
    assert said() == [f"item {sent.item.pk}: its content is missing"]


def test_a_person_without_a_living_link_is_named_unless_deleted(sent: Sent) -> None:
    first = sent.participant
    end_links(Link.objects.filter(participant=first), at=database_now(), why=LinkEnd.REVOKED)
    assert said() == [f"item {sent.item.pk}: participant {first.pk} has no living link"]
    Participant.objects.filter(pk=first.pk).update(revoked_at=database_now())
    assert said() == []


def test_an_item_whose_sending_was_not_recorded_is_named(sent: Sent) -> None:
    change_triggers("release_events")
    Event.objects.all().delete()
    assert said() == [f"item {sent.item.pk}: its sending is not in the log"]
    change_triggers("keep_events")


def test_behind_a_purged_beginning_only_living_items_need_their_sending(sent: Sent) -> None:
    seal_events(organization_id=sent.item.organization_id)
    ChainHead.objects.update(purged_number=1)
    Event.objects.all().delete()
    assert said() == [f"item {sent.item.pk}: its sending is not in the log"]
    delete(sent)
    assert said() == []


def test_147_a_row_without_its_file_and_a_file_without_its_row_are_named(sent: Sent) -> None:
    blob = Blob.objects.get()
    blobs().delete(blob.name)
    assert said() == [f"blob {blob.pk}: its file is missing"]
    blob.delete()
    assert said() == [f"item {sent.item.pk}: 0 of 1 files have a row"]


def test_a_return_without_content_or_file_is_named(sent: Sent) -> None:
    now = database_now()
    returned = Return.objects.create(
        item=sent.item,
        participant=sent.participant,
        owner=sent.item.sender,
        whole_id=sent.item.form_key,
        kind=ReturnKind.REPLY,
        form_key=sent.item.form_key,
        arrived_at=now,
        expires_at=now + timedelta(days=30),
        key_commitment=bytes(32),
        box=bytes(8),
        file_count=2,
    )
    named = f"return {returned.pk}: "
    assert said() == [named + "its content is missing", named + "0 of 2 files have a row"]


def test_a_link_that_lives_beyond_its_item_is_named(sent: Sent) -> None:
    link = Link.objects.get(pk=sent.links[0].link.pk)
    Item.objects.update(
        longest_until=sent.item.expires_at - timedelta(hours=1), expires_at=sent.item.sent_at + timedelta(1)
    )
    Participant.objects.update(expires_at=sent.item.sent_at + timedelta(1))
    other = sent.links[1].link
    assert said() == [f"item {sent.item.pk}: link {pk} lives beyond it" for pk in sorted([link.pk, other.pk])]


def test_a_person_who_outlives_the_item_is_named(sent: Sent) -> None:
    first = sent.participant
    Participant.objects.filter(pk=first.pk).update(expires_at=first.expires_at + timedelta(seconds=1))
    assert said() == [f"item {sent.item.pk}: participant {first.pk} may open it after its end"]


def test_a_living_link_of_a_shredded_item_is_named(sent: Sent) -> None:
    delete(sent)
    link = sent.links[0].link
    Link.objects.filter(pk=link.pk).update(ended_at=None)
    assert said() == [f"item {sent.item.pk}: link {link.pk} lives beyond it"]


def test_a_month_that_counts_too_little_is_named_and_what_older_versions_counted_is_not(sent: Sent) -> None:
    month = MonthlyCount.objects.get()
    named = f"license {month.license_id}: month of {month.month_on} counts "
    MonthlyCount.objects.update(used=0)
    assert said() == [named + "0 of 1 items"]
    MonthlyCount.objects.update(used=7)
    assert said() == []


def test_a_month_behind_the_first_item_counts_exactly(sent: Sent) -> None:
    later = sent.item.sent_at + timedelta(days=40)
    take_message(license=sent.item.license, at=later)
    month = MonthlyCount.objects.latest("starts_at")
    named = f"license {month.license_id}: month of {month.month_on} counts "
    assert said() == [named + "1 of 0 items"]
    second = send_message(sent.item.sender)
    Item.objects.filter(pk=second.item.pk).update(
        sent_at=later, expires_at=later + timedelta(7), longest_until=later + timedelta(90)
    )
    assert said() == []


def test_a_month_whose_items_may_be_purged_may_count_more(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    take_message(license=sent.item.license, at=sent.item.sent_at + timedelta(days=40))
    starts_at = MonthlyCount.objects.latest("starts_at").starts_at
    for days, lines in ((399, 1), (401, 0)):
        at = starts_at + timedelta(days=days)
        monkeypatch.setattr(invariants, "database_now", lambda at=at: at)
        assert len(list(invariants.miscounted_months())) == lines
