"""What becomes of drafts in time: their keys move from day to day, and the old ones go."""

import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from accounts.models import User
from core import keys
from core.limits import JOB_BODY_KEPT_DAYS
from core.worker import Worker
from messaging.items.errors import DraftMissing
from messaging.items.limits import DRAFT_KEPT_DAYS, DRAFTS_A_ROUND
from messaging.items.models import Draft
from messaging.items.retention import look_after_drafts
from messaging.items.services.draft_sealing import _seal_key_anew, open_draft
from messaging.items.services.drafting import keep_draft
from tests.cast import make_user

pytestmark = pytest.mark.django_db

KIND, CONTENT = "envelope", {"subject": "Canary"}


class Fault(Exception):
    """What a test lets happen in the middle of the retention."""


@pytest.fixture
def owner() -> User:
    return make_user("pro@demo.example", plan="pro")


@pytest.fixture
def days(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the test a key directory of its own, since it destroys keys."""
    directory = tmp_path / "keys"
    keys.create_missing_keys(directory, datetime.now(UTC).date())
    monkeypatch.setattr(settings, "KEY_DIR", directory)
    return directory


def begin(owner: User) -> Draft:
    return keep_draft(kind=KIND, owner=owner, form_key=uuid.uuid4(), version=0, content=CONTENT).row


def worker_at(now: datetime) -> None:
    """Let a worker that was just started do what is due at an instant."""
    Worker()._do_what_is_due(now)


def test_a_draft_outlives_the_key_of_its_day(days: Path, owner: User) -> None:
    draft, now = begin(owner), datetime.now(UTC)
    first_day = now.date()
    for passed in range(1, DRAFT_KEPT_DAYS):
        worker_at(now + timedelta(days=passed))
    draft.refresh_from_db()
    assert open_draft(draft, kind=KIND).content == CONTENT
    assert not (days / "daily" / first_day.isoformat()).exists()


def test_drafts_outlive_a_worker_that_stood_still_longer_than_a_key_is_kept(days: Path, owner: User) -> None:
    many = [begin(owner) for _ in range(DRAFTS_A_ROUND + 1)]
    now = datetime.now(UTC)
    worker_at(now + timedelta(days=3 * JOB_BODY_KEPT_DAYS))
    assert not (days / "daily" / now.date().isoformat()).exists()
    for draft in (many[0], many[-1]):
        draft.refresh_from_db()
        assert open_draft(draft, kind=KIND).content == CONTENT


def test_no_key_goes_as_long_as_what_is_sealed_under_it_cannot_be_moved(
    days: Path, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft, now = begin(owner), datetime.now(UTC)
    later = now + timedelta(days=2 * JOB_BODY_KEPT_DAYS)

    def break_down(_now: datetime) -> None:
        raise Fault

    with monkeypatch.context() as broken:
        broken.setattr("messaging.items.retention.seal_keys_anew", break_down)
        worker_at(later)
    assert (days / "daily" / now.date().isoformat()).exists()
    worker_at(later)
    assert not (days / "daily" / now.date().isoformat()).exists()
    draft.refresh_from_db()
    assert open_draft(draft, kind=KIND).content == CONTENT


def test_a_draft_that_nothing_opens_does_not_hold_the_others_up(days: Path, owner: User) -> None:
    lost, kept = begin(owner), begin(owner)
    Draft.objects.filter(pk=lost.pk).update(key_sealed=b"broken")
    worker_at(datetime.now(UTC) + timedelta(days=2 * JOB_BODY_KEPT_DAYS))
    kept.refresh_from_db()
    assert open_draft(kept, kind=KIND).content == CONTENT


def test_a_draft_goes_thirty_days_after_its_last_change(days: Path, owner: User) -> None:
    begin(owner)
    now = datetime.now(UTC)
    keys.prepare_keys(days, (now + timedelta(days=DRAFT_KEPT_DAYS)).date())
    look_after_drafts(now + timedelta(days=DRAFT_KEPT_DAYS, minutes=-1))
    assert Draft.objects.exists()
    look_after_drafts(now + timedelta(days=DRAFT_KEPT_DAYS, minutes=1))
    assert not Draft.objects.exists()


def test_an_old_copy_of_the_table_opens_nothing_once_the_keys_are_gone(days: Path, owner: User) -> None:
    draft, today = begin(owner), datetime.now(UTC).date()
    before = Draft.objects.get(pk=draft.pk)
    keys.prepare_keys(days, today + timedelta(days=JOB_BODY_KEPT_DAYS + 1))
    keys.destroy_old_keys(days, today + timedelta(days=JOB_BODY_KEPT_DAYS + 1))
    with pytest.raises(DraftMissing):
        open_draft(before, kind=KIND)


def test_a_change_meanwhile_is_not_overwritten_by_the_move(days: Path, owner: User) -> None:
    draft = begin(owner)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    stale = Draft.objects.get(pk=draft.pk)
    keep_draft(kind=KIND, owner=owner, form_key=draft.form_key, version=1, content={"subject": "Newer"})
    keys.prepare_keys(days, tomorrow.date())
    _seal_key_anew(stale, now=tomorrow)
    assert open_draft(Draft.objects.get(), kind=KIND).content == {"subject": "Newer"}
    assert Draft.objects.get().key_sealed_on == datetime.now(UTC).date()
