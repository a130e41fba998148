"""Files that no row names are swept a day after they came; every file that a row names stays."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as project
from pytest_django import Settings

from core.blobs import BlobMissing, blobs
from core.db import database_now
from core.retention import forget_what_is_over
from messaging.items.invariants import unnamed_files_left
from messaging.items.limits import UNNAMED_FILE_KEPT_SECONDS
from messaging.items.models import Blob
from messaging.items.services import sweeping
from messaging.items.services.shredding import forget_whole
from messaging.items.services.sweeping import sweep_unnamed_files
from tests.messaging.outside.making import FIGURES, TERMS, send_message

pytestmark = pytest.mark.django_db

KEPT, MOMENT = timedelta(seconds=UNNAMED_FILE_KEPT_SECONDS), timedelta(seconds=2)


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    """Give each test a folder without the files of others."""
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()


@pytest.fixture
def now() -> datetime:
    return database_now()


def put(changed_at: datetime) -> str:
    """Write a file that no row names, last written at an instant."""
    with blobs().create() as blob:
        blob.write(b"sealed")
    age(blob.name, changed_at)
    return blob.name


def age(name: str, changed_at: datetime) -> None:
    path, at = blobs().folder / name[:2] / name[2:4] / name, changed_at.timestamp()
    os.utime(path, (at, at))


def is_there(name: str) -> bool:
    try:
        blobs().open(name).close()
    except BlobMissing:
        return False
    return True


def test_the_retention_sweeps_a_file_that_no_row_names_a_day_after_it_came(now: datetime) -> None:
    send_message(files=[TERMS])
    old, young = put(now - KEPT - MOMENT), put(now - KEPT + MOMENT)
    assert list(unnamed_files_left()) == [f"file {old}: no row names it"]
    forget_what_is_over(now)
    assert (is_there(old), is_there(young)) == (False, True)
    assert list(unnamed_files_left()) == []
    assert "messaging.items.services.sweeping.sweep_unnamed_files" in project.RETENTION_STEPS


def test_a_file_that_a_row_names_stays_however_old(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "FILES_A_LOOK", 2)
    sent = send_message(files=[TERMS, FIGURES, TERMS])
    unnamed = [put(now - timedelta(days=300)) for _ in range(3)]
    named = list(Blob.objects.values_list("name", flat=True))
    for name in named:
        age(name, now - timedelta(days=300))
    sweep_unnamed_files(now)
    assert [is_there(name) for name in named] == [True] * 3
    assert [is_there(name) for name in unnamed] == [False] * 3
    assert Blob.objects.filter(whole_id=sent.item.whole_id).count() == 3


def test_a_row_that_was_written_since_the_look_keeps_its_file(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    send_message(files=[TERMS])
    blob = Blob.objects.get()
    monkeypatch.setattr(sweeping, "unnamed_files", lambda _now: iter([blob.name]))
    sweep_unnamed_files(now)
    assert is_there(blob.name)


def test_beside_a_database_that_names_no_file_nothing_is_swept(now: datetime) -> None:
    name = put(now - timedelta(days=300))
    sweep_unnamed_files(now)
    assert is_there(name)


def test_what_a_job_is_about_to_delete_breaks_no_promise(now: datetime) -> None:
    sent = send_message(files=[TERMS])
    name = Blob.objects.get().name
    send_message(sent.item.sender, files=[TERMS])
    age(name, now - timedelta(days=7))
    forget_whole(sent.item.whole_id)
    assert is_there(name)
    assert list(unnamed_files_left()) == []
