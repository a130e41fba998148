"""The demo organization: complete, believable, made once, refused in production."""

import json
import stat
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
from django.core.management import CommandError, call_command
from django.db.models import Max
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.choices import RoleType
from accounts.models import Organization, SecurityEvent, User
from accounts.services.sign_in import check_password
from accounts.visitors import Visitor
from core.db import database_now
from core.jobs import run_due_jobs
from core.models import Counter, Job
from licenses.access import pool_of
from licenses.models import License
from messaging.items.models import Blob, Item, Return
from messaging.quota.models import MonthlyCount
from portal.account.reading import read_account
from portal.demo.moments import last_office_moment, office_moments
from portal.demo.password import known_password, new_password
from portal.demo.people import everybody
from portal.demo.samples import SUBJECT
from portal.demo.words import WORDS
from tests.cast import make_user

pytestmark = pytest.mark.django_db

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


def test_the_months_are_believable() -> None:
    load()
    now = database_now()
    for email, limit, used in [
        ("pro@demo.example", 5_000, 188),
        ("advanced@demo.example", 1_000, 853),
        ("eco@demo.example", 200, 7),
    ]:
        reading = read_account(user=person(email), at=now)
        assert (reading.month.limit, reading.month.used) == (limit, used)
        assert reading.last_sent_at is not None
        assert reading.last_sent_at < now
    assert read_account(user=person("free@demo.example"), at=now).last_sent_at is None
    assert (
        MonthlyCount.objects.get(license__holder__email_key="advanced@demo.example", used=853).zone
        == "America/Vancouver"
    )


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
def test_nothing_is_dated_in_the_future_whenever_it_is_loaded(now: str, monkeypatch: pytest.MonkeyPatch) -> None:
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
        ]
        assert max(newest) <= timezone.now()
        assert read_account(user=person("pro@demo.example"), at=timezone.now()).month.used == 188


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
    load("--reset")
    again = person("pro@demo.example")
    assert again.pk != first.pk
    assert again.first_name == "Camille"
    assert known_password() == password
    assert Organization.objects.count() == 2
    assert not Counter.objects.exists()
    assert check_password(email=again.email, password=password or "", visitor=STRANGER) == again


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


@pytest.mark.parametrize("command", ["load_demo_data", "demo_accounts", "demo_messages"])
def test_production_has_no_demo(settings: Settings, command: str) -> None:
    settings.IS_DEMO = False
    with pytest.raises(CommandError, match="production"):
        call_command(command)
    assert not User.objects.exists()


def test_loading_mails_and_texts_nobody() -> None:
    load()
    assert not Job.objects.exists()


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
    start = datetime(2026, 11, 1, 7, tzinfo=UTC)
    just_begun = last_office_moment(starts_at=start, ends_at=start + timedelta(seconds=2), zone=zone, random=Random(1))
    assert start <= just_begun < start + timedelta(seconds=2)


def _password_file() -> Path:
    return Path(project.DATA_DIR) / "demo-password"


def test_reset_takes_away_what_was_sent_and_what_came_back(client: Client, tmp_path: Path) -> None:
    load()
    out = StringIO()
    call_command("demo_messages", stdout=out)
    links = json.loads(out.getvalue())
    path, secret = urlsplit(links["code"]).path, urlsplit(links["code"]).fragment
    client.post(path, {"link": secret})
    assert client.post(f"{path}/proof", {"code": "402681"}).status_code == 302
    assert SUBJECT in client.get(f"{path}/message").content.decode()
    assert (Item.objects.count(), Return.objects.count()) == (len(links), 3)
    load("--reset")
    while run_due_jobs():
        pass
    assert (Item.objects.count(), Return.objects.count(), Blob.objects.count()) == (0, 0, 0)
    assert [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()] == []


def test_without_a_demo_organization_no_sample_is_made() -> None:
    with pytest.raises(CommandError, match="There is no demo organization"):
        call_command("demo_messages")
