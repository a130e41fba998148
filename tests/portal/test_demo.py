"""The demo organization: complete, believable, made once, refused in production."""

import json
import shutil
import stat
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings as project
from django.contrib.auth.password_validation import validate_password
from django.core.management import call_command
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from accounts.choices import RoleType
from accounts.models import Organization, SecurityEvent, User
from accounts.services.sign_in import check_password
from accounts.services.support_acts import can_reset_two_factor, can_send_first_link
from accounts.visitors import Visitor
from core.db import database_now
from core.models import Counter, CountryStop, Job
from core.outbox_files import read_entries
from core.sms.stops import watch_countries
from licenses.access import pool_of
from licenses.models import License
from messaging.activity.models import DayTotal, TotalledUpTo, ZoneInUse
from messaging.items.choices import Proof, State
from messaging.items.events.checking import broken_chains, wrong_counts
from messaging.items.models import (
    Blob,
    ChainHead,
    Content,
    Event,
    Item,
    Participant,
    QuarterHour,
    Return,
)
from messaging.items.services.controlling import copied_key, copied_manifest
from messaging.items.services.delivering import MAIL_KIND
from messaging.items.services.files import sealed_files
from messaging.items.services.shredding import FILES_KIND
from messaging.items.states import items_in_state
from portal.demo.files import one_page
from portal.demo.letters import LETTERS
from portal.demo.password import known_password, new_password
from portal.demo.people import everybody
from portal.demo.samples import SUBJECT
from portal.demo.words import WORDS
from signatures.models import Mark
from tests.cast import make_user, sign_in
from tests.outbox import run_due_jobs
from tests.portal.demo import accounts, load, person

pytestmark = pytest.mark.django_db

STRANGER = Visitor(ip_address="203.0.113.9", network="203.0.113.0/24", browser="Firefox", known_browser="")


@pytest.fixture(scope="module")
def loaded(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """Load a short year once for all tests that begin with one, and return the folder of its data."""
    folder = tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock(), override_settings(DATA_DIR=folder), transaction.atomic():
        load()
        yield folder
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded: Path, tmp_path: Path) -> None:
    """Begin with the demo as it was loaded, in rows and files of the test's own."""
    shutil.copytree(loaded, tmp_path, dirs_exist_ok=True)


@pytest.mark.usefixtures("demo")
def test_a_message_of_the_demo_reads_as_its_sender_wrote_it() -> None:
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
@pytest.mark.usefixtures("demo")
def test_one_message_asks_each_recipient_for_a_proof_of_their_own(client: Client, email: str) -> None:
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


@pytest.mark.usefixtures("demo")
def test_everybody_can_sign_in_with_the_printed_password() -> None:
    printed = accounts()
    password = next(line for line in printed.splitlines() if line.startswith("Demo password: ")).partition(": ")[2]
    assert len(everybody()) == 7
    for someone in everybody():
        assert f"  {someone.email} " in printed
        assert check_password(email=someone.email, password=password, visitor=STRANGER).email == someone.email


@pytest.mark.usefixtures("demo")
def test_plans_and_roles_are_as_the_list_says() -> None:
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


@pytest.mark.usefixtures("demo")
def test_only_the_staff_account_has_its_second_factor_on() -> None:
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


@pytest.mark.usefixtures("demo")
def test_the_other_tenant_is_a_tenant_of_its_own() -> None:
    assert Organization.objects.count() == 2
    assert person("isabelle@lavoie.example").organization_id != person("pro@demo.example").organization_id


@pytest.mark.usefixtures("demo")
def test_the_security_log_tells_of_past_weeks() -> None:
    now = database_now()
    for someone in everybody():
        lines = SecurityEvent.objects.filter(user=person(someone.email))
        assert lines.filter(at__lt=now - timedelta(days=14)).count() >= 5, someone.email
        assert not lines.filter(at__gt=now).exists()
    assert SecurityEvent.objects.filter(user=person("support@demo.example"), method="sms").exists()


@pytest.mark.usefixtures("demo")
def test_loading_again_changes_nothing() -> None:
    before = list(User.objects.order_by("pk").values()), SecurityEvent.objects.count(), known_password()
    assert "exists" in load()
    assert before == (list(User.objects.order_by("pk").values()), SecurityEvent.objects.count(), known_password())


@pytest.mark.usefixtures("demo")
def test_reset_makes_it_anew_and_keeps_the_password() -> None:
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


@pytest.mark.usefixtures("demo")
def test_marks_are_there_to_look_at_and_go_with_a_reset() -> None:
    before = set(Mark.objects.values_list("handle", flat=True))
    assert {(mark.owner.email, mark.kind, mark.way) for mark in Mark.objects.select_related("owner")} == {
        ("pro@demo.example", "signature", "draw"),
        ("pro@demo.example", "initials", "type"),
    }
    load("--reset")
    assert Mark.objects.count() == len(before)
    assert not before.intersection(Mark.objects.values_list("handle", flat=True))


@pytest.mark.usefixtures("demo")
def test_reset_leaves_other_organizations_alone() -> None:
    other = make_user("someone@elsewhere.example", plan="eco")
    load("--reset")
    assert User.objects.filter(pk=other.pk).exists()
    assert License.objects.filter(holder=other).exists()


@pytest.mark.usefixtures("demo")
def test_a_lost_password_file_is_mended() -> None:
    lost = known_password()
    path = _password_file()
    path.unlink()
    load()
    fresh = known_password()
    assert fresh
    assert fresh != lost
    assert check_password(email="eco@demo.example", password=fresh, visitor=STRANGER)


@pytest.mark.usefixtures("demo")
def test_the_password_is_for_its_owner_alone() -> None:
    path = _password_file()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(known_password() or "") >= 15


@pytest.mark.usefixtures("demo")
def test_any_password_of_the_demo_keeps_the_rules_for_everybody() -> None:
    people = [person(someone.email) for someone in everybody()]
    for _ in range(40):
        password = new_password()
        for user in people:
            validate_password(password, user)
    assert len(WORDS) == len(set(WORDS)) >= 256


@pytest.mark.usefixtures("demo")
def test_only_the_newest_are_mailed_so_that_links_on_the_outbox_page_live() -> None:
    mailed = Job.objects.exclude(kind=FILES_KIND)
    assert {job.kind for job in mailed} == {MAIL_KIND}
    assert len(mailed) == License.objects.exclude(holder=None).count()
    run_due_jobs(batch=1_000)
    assert {entry.channel for entry in read_entries(100)} == {"email"}
    assert len(read_entries(100)) == len(mailed)
    for participant in Participant.objects.filter(handed_over_at__gt=timezone.now() - timedelta(minutes=1)):
        assert participant.state_at(timezone.now()) is State.NOT_OPENED


def _password_file() -> Path:
    return Path(project.DATA_DIR) / "demo-password"


@pytest.mark.usefixtures("demo")
def test_reset_takes_away_what_was_sent_and_what_came_back(client: Client, tmp_path: Path) -> None:
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


def support_samples() -> dict[str, str]:
    out = StringIO()
    call_command("demo_support", stdout=out)
    made: dict[str, str] = json.loads(out.getvalue())
    return made


@pytest.mark.usefixtures("demo")
def test_samples_of_support_are_made_once_and_go_with_a_reset() -> None:
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
