"""The demo organization: complete, believable, made once, refused in production."""

import json
import os
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from random import Random
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings as project
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db.models import F, Max, Model
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.choices import RoleType
from accounts.models import Organization, SecurityEvent, User
from accounts.services.sign_in import check_password
from accounts.services.support_acts import can_reset_two_factor, can_send_first_link
from accounts.visitors import Visitor
from core.db import database_now
from core.keys import create_missing_keys, monday_of
from core.mail import mails_of_the_past
from core.models import Counter, CountryStop, Job
from core.outbox_files import read_entries
from core.sms.stops import watch_countries
from licenses.access import pool_of
from licenses.models import License
from messaging.activity.models import DayTotal, TotalledUpTo, ZoneInUse
from messaging.envelopes.choices import KIND as ENVELOPE
from messaging.envelopes.choices import Way
from messaging.envelopes.models import Envelope, Receipt
from messaging.items.choices import Proof, ReturnKind, State
from messaging.items.events.checking import broken_chains, wrong_counts
from messaging.items.events.kinds import EventKind
from messaging.items.models import (
    Blob,
    ChainHead,
    Content,
    Draft,
    Event,
    Item,
    LinkCheck,
    Participant,
    QuarterHour,
    Return,
)
from messaging.items.services.controlling import copied_key, copied_manifest
from messaging.items.services.delivering import MAIL_KIND
from messaging.items.services.files import sealed_files
from messaging.items.services.shredding import FILES_KIND
from messaging.items.states import items_in_state
from messaging.messages.choices import KIND as MESSAGE
from messaging.quota.models import MonthlyCount
from messaging.quota.months import month_of
from portal.account.reading import read_account
from portal.demo.fates import Fate
from portal.demo.files import one_page
from portal.demo.letters import LETTERS
from portal.demo.moments import many_moments, office_moments
from portal.demo.password import known_password, new_password
from portal.demo.people import ORGANIZATIONS, everybody
from portal.demo.samples import SUBJECT
from portal.demo.words import WORDS
from signatures.models import Mark
from tests.cast import make_user, sign_in
from tests.outbox import run_due_jobs

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
STRANGER = Visitor(ip_address="203.0.113.9", network="203.0.113.0/24", browser="Firefox", known_browser="")


def load(*arguments: str) -> str:
    """Call the command and return what it printed."""
    out = StringIO()
    call_command("load_demo_data", *arguments, stdout=out)
    return out.getvalue()


def accounts() -> str:
    """Return the list of demo accounts as printed."""
    out = StringIO()
    call_command("demo_accounts", stdout=out)
    return out.getvalue()


def person(email: str) -> User:
    """Return somebody of the demo."""
    user = User.objects.with_email(email)
    assert user is not None
    return user


@pytest.fixture(autouse=True)
def _short_year(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let people send as little as shows each fate, but in the test of the whole year."""
    if request.node.get_closest_marker("whole_year") is None:
        short = [
            replace(organization, people=tuple(replace(someone, items=9) for someone in organization.people))
            for organization in ORGANIZATIONS
        ]
        monkeypatch.setattr("portal.demo.making.ORGANIZATIONS", short)


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


@pytest.mark.whole_year
def test_the_year_is_believable_and_its_counts_agree() -> None:
    load()
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


def test_a_message_of_the_demo_reads_as_its_sender_wrote_it() -> None:
    load()
    item = Item.objects.filter(sender=person("pro@demo.example"), file_count=1, shredded_at=None).first()
    assert item is not None
    manifest = copied_manifest(item, at=database_now())
    letter = next(letter for letter in LETTERS if letter.subject == manifest.subject)
    assert manifest.body == letter.body
    (file,) = sealed_files(manifest.files, whole_id=item.whole_id, data_key=copied_key(item, at=database_now()))
    blob = Blob.objects.get(whole_id=item.whole_id)
    assert (file.size_bytes, blob.name) == (len(letter.file.content), file.blob)
    assert len(b"".join(one_page("Lease").splitlines())) < 1_000


@pytest.mark.parametrize("email", ["pro@demo.example", "eco@demo.example"])
def test_one_message_asks_each_recipient_for_a_proof_of_their_own(client: Client, email: str) -> None:
    load()
    mixed = Participant.objects.filter(item__sender=person(email), proof=Proof.SMS_CODE)
    item = Item.objects.get(pk=mixed.get().item_id)
    people = list(item.participants.order_by("position"))
    assert [one.proof for one in people] == [Proof.SMS_CODE, Proof.ITEM_PASSWORD, Proof.OPENING_CODE]
    assert [one.first_opened_at is not None for one in people] == [False, True, True]
    assert items_in_state(Item.objects.filter(pk=item.pk), State.OPEN, database_now()).exists()
    sign_in(client, person(email))
    page = client.get(f"/messages/{item.reference}/").content.decode()
    for proof in (Proof.SMS_CODE, Proof.ITEM_PASSWORD, Proof.OPENING_CODE):
        assert str(proof.label) in page


def test_everybody_can_sign_in_with_the_printed_password() -> None:
    load()
    printed = accounts()
    password = next(line for line in printed.splitlines() if line.startswith("Demo password: ")).partition(": ")[2]
    assert len(everybody()) == 7
    for someone in everybody():
        assert f"  {someone.email} " in printed
        assert check_password(email=someone.email, password=password, visitor=STRANGER).email == someone.email


def test_plans_and_roles_are_as_the_list_says() -> None:
    load()
    held = {someone.email: getattr(person(someone.email), "license", None) for someone in everybody()}
    codes = {email.partition("@")[0]: license.plan.code if license else None for email, license in held.items()}
    assert codes == {
        "admin": "pro",
        "pro": "pro",
        "advanced": "advanced",
        "eco": "eco",
        "free": None,
        "isabelle": "advanced",
        "support": None,
    }
    administrators = User.objects.filter(role_type=RoleType.ADMINISTRATOR).values_list("email", flat=True)
    assert set(administrators) == {"admin@demo.example", "isabelle@lavoie.example"}
    assert all(license.expires_at > database_now() for license in License.objects.all())
    assert all(line.free >= 1 for line in pool_of(person("pro@demo.example").organization))  # type: ignore[arg-type]


def test_only_the_staff_account_has_its_second_factor_on() -> None:
    load()
    assert list(User.objects.filter(two_factor_enabled=True).values_list("email", flat=True)) == [
        "support@demo.example"
    ]
    assert set(User.objects.exclude(cell_number_proven_at=None).values_list("email", flat=True)) == {
        "support@demo.example",
        "advanced@demo.example",
    }
    staff = person("support@demo.example")
    assert staff.organization is None
    assert staff.cell_number.startswith("+151455501")


def test_the_other_tenant_is_a_tenant_of_its_own() -> None:
    load()
    assert Organization.objects.count() == 2
    assert person("isabelle@lavoie.example").organization_id != person("pro@demo.example").organization_id


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


@pytest.mark.whole_year
def test_what_lives_for_a_day_is_deleted_within_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.demo.year.LIVES_HOURS", (24,))
    monkeypatch.setattr("portal.demo.year.IN_THE_YEAR", {Fate.DELETED: 1})
    load()
    deleted = Item.objects.filter(revoked_at__isnull=False)
    assert deleted.count() > 100
    assert not deleted.filter(revoked_at__gte=F("expires_at")).exists()


def test_the_security_log_tells_of_past_weeks() -> None:
    load()
    now = database_now()
    for someone in everybody():
        lines = SecurityEvent.objects.filter(user=person(someone.email))
        assert lines.filter(at__lt=now - timedelta(days=14)).count() >= 5, someone.email
        assert not lines.filter(at__gt=now).exists()
    assert SecurityEvent.objects.filter(user=person("support@demo.example"), method="sms").exists()


def test_loading_again_changes_nothing() -> None:
    load()
    before = list(User.objects.order_by("pk").values()), SecurityEvent.objects.count(), known_password()
    assert "exists" in load()
    assert before == (list(User.objects.order_by("pk").values()), SecurityEvent.objects.count(), known_password())


def test_reset_makes_it_anew_and_keeps_the_password() -> None:
    load()
    password, first = known_password(), person("pro@demo.example")
    User.objects.filter(pk=first.pk).update(first_name="Changed", password="!")
    Counter.objects.create(name="password.account", subject=b"x", used=5, ends_at=database_now() + timedelta(hours=1))
    items, events = set(Item.objects.values_list("pk", flat=True)), set(Event.objects.values_list("pk", flat=True))
    load("--reset")
    again = person("pro@demo.example")
    assert again.pk != first.pk
    assert not Item.objects.filter(pk__in=items).exists()
    assert not Event.objects.filter(pk__in=events).exists()
    chains = set(ChainHead.objects.values_list("organization_id", flat=True))
    assert chains == set(Organization.objects.values_list("pk", flat=True))
    for model in (QuarterHour, DayTotal, ZoneInUse, TotalledUpTo):
        assert set(model._default_manager.values_list("organization_id", flat=True)) == chains, model
    assert Content.objects.count() == (
        Item.objects.filter(shredded_at=None).count() + Return.objects.filter(shredded_at=None).count()
    )
    assert [*broken_chains(), *wrong_counts()] == []
    assert again.first_name == "Camille"
    assert known_password() == password
    assert Organization.objects.count() == 2
    assert not Counter.objects.filter(name="password.account").exists()
    assert check_password(email=again.email, password=password or "", visitor=STRANGER) == again


def test_marks_are_there_to_look_at_and_go_with_a_reset() -> None:
    load()
    before = set(Mark.objects.values_list("handle", flat=True))
    assert {(mark.owner.email, mark.kind, mark.way) for mark in Mark.objects.select_related("owner")} == {
        ("pro@demo.example", "signature", "draw"),
        ("pro@demo.example", "initials", "type"),
    }
    load("--reset")
    assert Mark.objects.count() == len(before)
    assert not before.intersection(Mark.objects.values_list("handle", flat=True))


def test_reset_leaves_other_organizations_alone() -> None:
    other = make_user("someone@elsewhere.example", plan="eco")
    load()
    load("--reset")
    assert User.objects.filter(pk=other.pk).exists()
    assert License.objects.filter(holder=other).exists()


def test_a_lost_password_file_is_mended() -> None:
    load()
    lost = known_password()
    path = _password_file()
    path.unlink()
    load()
    fresh = known_password()
    assert fresh
    assert fresh != lost
    assert check_password(email="eco@demo.example", password=fresh, visitor=STRANGER)


def test_the_password_is_for_its_owner_alone() -> None:
    load()
    path = _password_file()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(known_password() or "") >= 15


def test_any_password_of_the_demo_keeps_the_rules_for_everybody() -> None:
    load()
    people = [person(someone.email) for someone in everybody()]
    for _ in range(40):
        password = new_password()
        for user in people:
            validate_password(password, user)
    assert len(WORDS) == len(set(WORDS)) >= 256


def test_without_a_demo_organization_the_list_says_what_to_do() -> None:
    assert "load_demo_data" in accounts()


@pytest.mark.parametrize("command", ["load_demo_data", "demo_accounts", "demo_messages", "demo_support"])
def test_production_has_no_demo(settings: Settings, command: str) -> None:
    settings.IS_DEMO = False
    with pytest.raises(CommandError, match="production"):
        call_command(command)
    assert not User.objects.exists()


def test_only_the_newest_are_mailed_so_that_links_on_the_outbox_page_live() -> None:
    load()
    mailed = Job.objects.exclude(kind=FILES_KIND)
    assert {job.kind for job in mailed} == {MAIL_KIND}
    assert len(mailed) == License.objects.exclude(holder=None).count()
    run_due_jobs(batch=1_000)
    assert {entry.channel for entry in read_entries(100)} == {"email"}
    assert len(read_entries(100)) == len(mailed)
    for participant in Participant.objects.filter(handed_over_at__gt=timezone.now() - timedelta(minutes=1)):
        assert participant.state_at(timezone.now()) is State.NOT_OPENED


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


def _password_file() -> Path:
    return Path(project.DATA_DIR) / "demo-password"


def test_reset_takes_away_what_was_sent_and_what_came_back(client: Client, tmp_path: Path) -> None:
    load()
    of_the_year = Item.objects.count()
    out = StringIO()
    call_command("demo_messages", stdout=out)
    links = json.loads(out.getvalue())
    path, secret = urlsplit(links["code"]).path, urlsplit(links["code"]).fragment
    client.post(path, {"link": secret})
    assert client.post(f"{path}/proof", {"code": "402681"}).status_code == 302
    assert SUBJECT in client.get(f"{path}/message").content.decode()
    assert Item.objects.count() == of_the_year + len(links)
    before = [set(model.objects.values_list("pk", flat=True)) for model in (Item, Return, Blob)]
    files = {path for path in (tmp_path / "blobs").rglob("*") if path.is_file()}
    load("--reset")
    while run_due_jobs():
        pass
    after = [set(model.objects.values_list("pk", flat=True)) for model in (Item, Return, Blob)]
    assert all(not old & new for old, new in zip(before, after, strict=True))
    assert not any(path.exists() for path in files)


@pytest.mark.parametrize("command", ["demo_messages", "demo_support"])
def test_without_a_demo_organization_no_sample_is_made(command: str) -> None:
    with pytest.raises(CommandError, match="There is no demo organization"):
        call_command(command)


def support_samples() -> dict[str, str]:
    out = StringIO()
    call_command("demo_support", stdout=out)
    made: dict[str, str] = json.loads(out.getvalue())
    return made


def test_samples_of_support_are_made_once_and_go_with_a_reset() -> None:
    load()
    made = support_samples()
    assert can_send_first_link(User.objects.get(email=made["newcomer"]))
    assert can_reset_two_factor(User.objects.get(email=made["guarded"]))
    assert CountryStop.objects.get().ended_at is None
    # As the worker does an hour later.
    watch_countries(database_now() + timedelta(hours=1))
    assert CountryStop.objects.get().ended_at is not None
    assert support_samples() == made
    assert CountryStop.objects.filter(ended_at=None).count() == 1
    load("--reset")
    assert not User.objects.filter(email__in=made.values()).exists()
