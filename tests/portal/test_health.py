"""Whether the portal lives, whether it is ready, and what it says when something is missing."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from core import keys
from core.db import database_now
from core.keys import create_missing_keys
from core.models import Heartbeat
from portal import readiness

LIVE, READY = "/health/live", "/health/ready"
GIGABYTE = 1_000_000_000


def beat(seconds_ago: int) -> None:
    """Let a worker have been seen."""
    Heartbeat.objects.create(worker="here:1", seen_at=database_now() - timedelta(seconds=seconds_ago))


@pytest.fixture(autouse=True)
def _room_on_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the machine of the tests a disk with room."""
    set_disk(monkeypatch, total=100 * GIGABYTE, free=50 * GIGABYTE)


def set_disk(monkeypatch: pytest.MonkeyPatch, *, total: int, free: int) -> None:
    """Let the data directory lie on a disk of this size."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(total=total, free=free, used=total - free))


def test_a_process_that_answers_lives_also_without_a_database(client: Client) -> None:
    assert client.get(LIVE).json() == {"live": True}


@pytest.mark.django_db
def test_it_is_ready_when_everything_is_right(client: Client) -> None:
    beat(seconds_ago=10)
    answer = client.get(READY)
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "not_ready": []})


@pytest.mark.django_db
@pytest.mark.parametrize("seconds_ago", [None, 90])
def test_without_a_worker_it_is_not_ready(client: Client, seconds_ago: int | None) -> None:
    if seconds_ago is not None:
        beat(seconds_ago)
    answer = client.get(READY)
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "not_ready": ["worker"]})


@pytest.mark.django_db
@pytest.mark.parametrize(("total", "free"), [(10 * GIGABYTE, GIGABYTE - 1), (100 * GIGABYTE, 4 * GIGABYTE)])
def test_a_full_disk_is_named(client: Client, monkeypatch: pytest.MonkeyPatch, total: int, free: int) -> None:
    beat(seconds_ago=1)
    set_disk(monkeypatch, total=total, free=free)
    assert client.get(READY).json()["not_ready"] == ["disk"]


@pytest.mark.django_db
def test_a_clock_that_differs_from_the_database_is_named(client: Client) -> None:
    beat(seconds_ago=1)
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert client.get(READY).json()["not_ready"] == ["clock"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("gone", "named"), [("root.key", "keys"), ("daily", "keys"), ("weekly", "weekly_keys"), ("a week", "weekly_keys")]
)
def test_a_key_that_is_gone_is_named(client: Client, settings: Settings, tmp_path: Path, gone: str, named: str) -> None:
    beat(seconds_ago=1)
    settings.KEY_DIR = tmp_path / "keys"
    create_missing_keys(settings.KEY_DIR, database_now().date())
    assert client.get(READY).status_code == 200
    keys._cached.cache_clear()
    path = settings.KEY_DIR / gone
    if gone == "a week":
        path = settings.KEY_DIR / "weekly" / (keys.monday_of(database_now()) + timedelta(weeks=20)).isoformat()
    path.rename(tmp_path / "away")
    assert client.get(READY).json()["not_ready"] == [named]


@pytest.mark.django_db
@pytest.mark.parametrize("fault", [OperationalError, ImproperlyConfigured, OSError])
def test_a_check_that_fails_is_named_and_says_nothing_more(
    client: Client, monkeypatch: pytest.MonkeyPatch, fault: type[Exception]
) -> None:
    def fail() -> bool:
        raise fault("canary")

    checks: dict[str, Callable[[], bool]] = {"database": fail}
    monkeypatch.setattr(readiness, "CHECKS", checks)
    answer = client.get(READY)
    assert (answer.status_code, answer.json()["not_ready"]) == (503, ["database"])
    assert b"canary" not in answer.content
