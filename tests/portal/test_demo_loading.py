"""What loading the demo organization makes, whenever it is done; refused in production."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings as project
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db.models import F, Max, Model
from django.utils import timezone
from pytest_django import Settings

from accounts.models import SecurityEvent, User
from core.db import database_now
from core.keys import create_missing_keys, monday_of
from core.mail import mails_of_the_past
from licenses.models import License
from messaging.activity.models import DayTotal
from messaging.envelopes.choices import KIND as ENVELOPE
from messaging.envelopes.choices import Way
from messaging.envelopes.models import Envelope, Receipt
from messaging.items.choices import ReturnKind, State
from messaging.items.events.kinds import EventKind
from messaging.items.models import (
    Draft,
    Event,
    Item,
    LinkCheck,
    Participant,
    Return,
)
from messaging.items.states import items_in_state
from messaging.messages.choices import KIND as MESSAGE
from messaging.quota.models import MonthlyCount
from messaging.quota.months import month_of
from portal.account.reading import read_account
from portal.demo.fates import Fate
from portal.demo.moments import many_moments, office_moments
from tests.portal.demo import A_WHOLE_YEAR, accounts, load, person

pytestmark = pytest.mark.django_db

TOLD = (
    EventKind.OPENED,
    EventKind.CODE_FAILED,
    EventKind.FILE_DOWNLOADED,
    EventKind.MAIL_FAILED,
    EventKind.DELETED,
    EventKind.RETURN_READ,
)
# Messages are never closed, declined, or waited with; the openings of an envelope are never used up.
OF_ENVELOPES = set(State) - {State.DECLINED, State.WAITING, State.USED_UP}
OF_MESSAGES = set(State) - {State.DECLINED, State.WAITING, State.CLOSED}
STATES_THRICE = {
    ("pro@demo.example", MESSAGE): OF_MESSAGES,
    ("advanced@demo.example", MESSAGE): OF_MESSAGES,
    ("eco@demo.example", MESSAGE): OF_MESSAGES,
    ("pro@demo.example", ENVELOPE): OF_ENVELOPES,
    ("advanced@demo.example", ENVELOPE): OF_ENVELOPES,
}


def newest_of_items() -> list[datetime]:
    """Return the newest instants at which something happened to an item or a draft."""
    columns: list[tuple[type[Model], str]] = [
        (Item, "sent_at"),
        (Item, "shredded_at"),
        (Event, "at"),
        (LinkCheck, "hour_at"),
        (Participant, "handed_over_at"),
        (Participant, "first_opened_at"),
        (Return, "arrived_at"),
        (Return, "read_at"),
        (Participant, "done_at"),
        (Draft, "changed_at"),
    ]
    found = [model._default_manager.aggregate(at=Max(column))["at"] for model, column in columns]
    return [at for at in found if at is not None]


def test_the_year_is_believable_and_its_counts_agree() -> None:
    load(items=A_WHOLE_YEAR)
    now = database_now()
    for email, least in [("pro@demo.example", 400), ("advanced@demo.example", 80), ("eco@demo.example", 30)]:
        sent = Item.objects.filter(sender=person(email))
        assert sent.count() >= least, email
        reading = read_account(user=person(email), at=now)
        for month in MonthlyCount.objects.filter(license__holder=person(email)):
            of_month = sent.filter(sent_at__gte=month.starts_at, sent_at__lt=month.resets_at)
            assert month.used == of_month.count()
        assert reading.month.used == sent.filter(sent_at__gte=month_of(now, person(email).time_zone).starts_at).count()
        assert reading.last_sent_at == sent.latest("sent_at").sent_at
        totals = DayTotal.objects.filter(user_id=person(email).pk, kind=EventKind.SENT)
        assert sum(total.events for total in totals) == sent.count()
        assert {total.zone for total in totals} == {person(email).time_zone}
    for (email, kind), states in STATES_THRICE.items():
        items = Item.objects.filter(sender=person(email), kind=kind)
        counts = {state: items_in_state(items, state, now).count() for state in states}
        assert all(count >= 3 for count in counts.values()), (email, kind, counts)
        assert sum(counts.values()) == items.count(), (email, kind, counts)
    assert not Item.objects.filter(sender=person("eco@demo.example"), kind=ENVELOPE).exists()
    deliveries = Return.objects.filter(owner=person("pro@demo.example"), kind=ReturnKind.SUBMISSION)
    assert deliveries.filter(read_at=None).count() >= 3
    assert deliveries.exclude(read_at=None).count() >= 3
    assert not Receipt.objects.filter(expires_at__lte=now).exists()
    assert {envelope.way for envelope in Envelope.objects.all()} == set(Way)
    returns = Return.objects.filter(owner=person("pro@demo.example"), shredded_at=None)
    assert returns.filter(read_at=None).count() >= 3
    assert returns.exclude(read_at=None).count() >= 3
    assert all(Event.objects.filter(kind=kind).count() >= 3 for kind in TOLD)
    assert all(LinkCheck.objects.filter(is_automatic=is_automatic).count() >= 3 for is_automatic in (True, False))
    assert Draft.objects.filter(owner=person("pro@demo.example")).count() >= 3
    assert {item.language for item in Item.objects.all()} == {"en", "fr"}
    assert max(newest_of_items()) <= now
    call_command("check_invariants")
    oldest_week = monday_of(now - timedelta(weeks=1)).isoformat()
    assert min(os.listdir(Path(project.KEY_DIR) / "weekly")) >= oldest_week
    newest = MonthlyCount.objects.filter(license__holder=person("advanced@demo.example")).latest("starts_at")
    assert newest.zone == "America/Vancouver"


@pytest.mark.parametrize(
    "now",
    [
        "2026-11-01T04:00:01Z",
        "2026-11-01T05:30:00Z",
        "2027-01-01T00:00:00Z",
        "2028-02-29T23:59:59Z",
        "2027-03-14T07:00:00Z",
        "2027-08-01T03:59:59Z",
    ],
)
def test_nothing_is_dated_in_the_future_whenever_it_is_loaded(
    now: str, monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    settings.KEY_DIR = tmp_path / "keys"
    create_missing_keys(settings.KEY_DIR, database_now().date())
    with time_machine.travel(now, tick=False):
        monkeypatch.setattr("portal.demo.making.database_now", timezone.now)
        monkeypatch.setattr("accounts.services.organizations.database_now", timezone.now)
        load()
        newest = [
            SecurityEvent.objects.aggregate(at=Max("at"))["at"],
            MonthlyCount.objects.aggregate(at=Max("last_taken_at"))["at"],
            MonthlyCount.objects.aggregate(at=Max("starts_at"))["at"],
            User.objects.aggregate(at=Max("created_at"))["at"],
            License.objects.aggregate(at=Max("starts_at"))["at"],
            *newest_of_items(),
        ]
        assert max(newest) <= timezone.now()
        assert read_account(user=person("pro@demo.example"), at=timezone.now()).last_sent_at is not None


def test_what_lives_for_a_day_is_deleted_within_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.demo.year.LIVES_HOURS", (24,))
    monkeypatch.setattr("portal.demo.year.IN_THE_YEAR", {Fate.DELETED: 1})
    load(items=40)
    deleted = Item.objects.filter(revoked_at__isnull=False)
    assert deleted.count() > 40
    assert not deleted.filter(revoked_at__gte=F("expires_at")).exists()


def test_without_a_demo_organization_the_list_says_what_to_do() -> None:
    assert "load_demo_data" in accounts()


@pytest.mark.parametrize("command", ["load_demo_data", "demo_accounts", "demo_messages", "demo_support"])
def test_production_has_no_demo(settings: Settings, command: str) -> None:
    settings.IS_DEMO = False
    with pytest.raises(CommandError, match="production"):
        call_command(command)
    assert not User.objects.exists()


@pytest.mark.parametrize("command", ["demo_messages", "demo_support"])
def test_without_a_demo_organization_no_sample_is_made(command: str) -> None:
    with pytest.raises(CommandError, match="There is no demo organization"):
        call_command(command)


@pytest.mark.parametrize("items", [0, -3])
def test_a_demo_in_which_nobody_sent_anything_is_refused(items: int) -> None:
    with pytest.raises(CommandError, match="--items takes 1 or more"):
        load(items=items)
    assert not User.objects.exists()


def test_mails_are_left_out_in_a_demo_alone(settings: Settings) -> None:
    settings.IS_DEMO = False
    with pytest.raises(ImproperlyConfigured), mails_of_the_past():
        pass


def test_moments_of_work_lie_on_weekdays_in_office_hours() -> None:
    now = datetime(2026, 11, 21, 15, tzinfo=UTC)
    zone = "America/Vancouver"
    moments = list(office_moments(days=60, zone=zone, now=now, random=Random(1), chance=1.0))
    assert len(moments) >= 40
    assert moments == sorted(moments)
    for at in moments:
        local = at.astimezone(ZoneInfo(zone))
        assert local.weekday() < 5
        assert 8 <= local.hour <= 17
        assert at < now
    many = many_moments(count=300, days=60, zone=zone, now=now, random=Random(1))
    assert (len(many), many) == (300, sorted(many))
    assert {at.astimezone(ZoneInfo(zone)).weekday() for at in many} == set(range(5))
    assert {at.astimezone(ZoneInfo(zone)).hour for at in many} == set(range(8, 18))
    assert max(many).astimezone(ZoneInfo(zone)).date() < now.astimezone(ZoneInfo(zone)).date()
