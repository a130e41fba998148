"""The key directory: created once, refused when it is not safe, keys of days and weeks destroyed."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from core import keys
from core.checks import check_keys
from core.limits import JOB_BODY_KEPT_DAYS, KEYS_AHEAD_DAYS, KEYS_AHEAD_WEEKS

TODAY = date(2026, 11, 21)
MONDAY = date(2026, 11, 16)
LONGEST_LIFE = timedelta(days=365)
ALWAYS = (keys.ROOT, keys.PEPPER, keys.SECRET)


@pytest.fixture
def directory(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    """A whole key directory, in force for one test."""
    settings.KEY_DIR = tmp_path / "keys"
    keys.create_missing_keys(settings.KEY_DIR, TODAY)
    yield settings.KEY_DIR
    keys._cached.cache_clear()


def mode(path: Path) -> int:
    """Return who may do what with a file."""
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_directory_holds_every_key(directory: Path) -> None:
    for name in ALWAYS:
        assert len(keys.read_key_file(directory, name)) >= 32
    days = sorted(path.name for path in (directory / keys.DAILY).iterdir())
    assert days == [(TODAY + timedelta(days=ahead)).isoformat() for ahead in range(-1, KEYS_AHEAD_DAYS + 1)]
    weeks = sorted(path.name for path in (directory / keys.WEEKLY).iterdir())
    assert weeks == [(MONDAY + timedelta(weeks=ahead)).isoformat() for ahead in range(KEYS_AHEAD_WEEKS + 1)]


def test_keys_are_closed_to_others_whatever_the_umask(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        keys.create_missing_keys(tmp_path / "keys", TODAY)
    finally:
        os.umask(old)
    folders = ("", keys.DAILY, keys.WEEKLY)
    assert {mode(tmp_path / "keys" / folder) for folder in folders} == {0o700}
    files = [path for path in (tmp_path / "keys").rglob("*") if path.is_file()]
    assert {mode(path) for path in files} == {0o600}


def test_a_key_is_never_replaced(directory: Path) -> None:
    before = {path: path.read_bytes() for path in directory.rglob("*") if path.is_file()}
    assert keys.create_missing_keys(directory, TODAY) == []
    assert {path: path.read_bytes() for path in directory.rglob("*") if path.is_file()} == before


def test_a_short_key_is_refused_and_not_replaced(directory: Path) -> None:
    (directory / keys.ROOT).write_bytes(b"short")
    keys.create_missing_keys(directory, TODAY)
    assert (directory / keys.ROOT).read_bytes() == b"short"
    with pytest.raises(ImproperlyConfigured, match=r"root\.key is too short"):
        keys.read_key_file(directory, keys.ROOT)


def test_only_missing_keys_are_created(directory: Path) -> None:
    pepper = (directory / keys.PEPPER).read_bytes()
    (directory / keys.ROOT).unlink()
    assert keys.create_missing_keys(directory, TODAY) == [keys.ROOT]
    assert (directory / keys.PEPPER).read_bytes() == pepper


def test_a_missing_key_is_refused(directory: Path) -> None:
    (directory / keys.PEPPER).unlink()
    with pytest.raises(ImproperlyConfigured, match=r"lacks pepper\.key"):
        keys.read_key_file(directory, keys.PEPPER)


@pytest.mark.parametrize("others", [0o604, 0o640, 0o602, 0o660, 0o601, 0o777])
def test_a_key_others_may_open_is_refused(directory: Path, others: int) -> None:
    (directory / keys.ROOT).chmod(others)
    with pytest.raises(ImproperlyConfigured, match="may be read by others"):
        keys.read_key_file(directory, keys.ROOT)


def test_a_read_only_key_is_taken(directory: Path) -> None:
    (directory / keys.ROOT).chmod(0o400)
    assert keys.read_key_file(directory, keys.ROOT)


@pytest.mark.parametrize("name", ALWAYS)
def test_the_check_at_start_names_what_is_wrong_and_no_key(directory: Path, name: str) -> None:
    assert not check_keys(None)
    value = (directory / name).read_bytes()
    (directory / name).chmod(0o644)
    (refusal,) = check_keys(None)
    assert name in refusal.msg
    assert value.hex() not in refusal.msg
    assert value.decode("latin-1") not in refusal.msg


def test_a_program_without_keys_stops_with_one_line(tmp_path: Path) -> None:
    environment = {**os.environ, "PORTAL_KEY_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "portal.settings"}
    ended = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=project.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode != 0
    assert ended.stderr.count("\n") <= 1
    assert "lacks secret_key" in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_purposes_and_contexts_never_share_a_key(directory: Path) -> None:
    made = {
        keys.derived("codes"),
        keys.derived("codes", b"1"),
        keys.derived("numbers"),
        keys.pepper("codes"),
        keys.pepper("numbers"),
        (directory / keys.ROOT).read_bytes(),
        (directory / keys.PEPPER).read_bytes(),
    }
    assert len(made) == 7
    assert keys.derived("codes") == keys.derived("codes")


def test_the_public_name_of_the_root_key_tells_nothing_of_it(directory: Path) -> None:
    name = keys.fingerprint()
    assert len(name) == 16
    assert name not in (directory / keys.ROOT).read_bytes().hex()
    assert name == keys.fingerprint()


def test_daily_keys_are_made_ahead_once(directory: Path) -> None:
    assert keys.prepare_keys(directory, TODAY) == []
    tomorrow = TODAY + timedelta(days=1)
    assert keys.prepare_keys(directory, tomorrow) == [f"daily/{tomorrow + timedelta(days=KEYS_AHEAD_DAYS)}"]


def test_a_daily_key_is_destroyed_after_its_week(directory: Path) -> None:
    last_kept = TODAY - timedelta(days=JOB_BODY_KEPT_DAYS)
    keys.prepare_keys(directory, last_kept)
    day_before = last_kept - timedelta(days=1)
    assert keys.daily(day_before) != keys.daily(last_kept)
    assert f"daily/{day_before}" in keys.destroy_old_keys(directory, TODAY)
    assert keys.daily(last_kept)
    with pytest.raises(ImproperlyConfigured):
        keys.daily(day_before)


def test_a_new_week_gets_its_key_ahead(directory: Path) -> None:
    sunday, next_monday = TODAY + timedelta(days=1), TODAY + timedelta(days=2)
    last_ahead = f"weekly/{MONDAY + timedelta(weeks=KEYS_AHEAD_WEEKS + 1)}"
    assert last_ahead not in keys.prepare_keys(directory, sunday)
    assert last_ahead in keys.prepare_keys(directory, next_monday)


@pytest.mark.parametrize("begins", [MONDAY, MONDAY + timedelta(days=6), date(2024, 2, 29), date(2026, 12, 31)])
def test_whatever_is_sent_finds_the_key_of_the_week_it_ends_in(directory: Path, begins: date) -> None:
    keys.prepare_keys(directory, begins)
    at = datetime(begins.year, begins.month, begins.day, 23, 59, 59, tzinfo=UTC)
    assert len(keys.weekly(keys.monday_of(at + LONGEST_LIFE))) == 32
    assert keys.missing_weeks(begins) == []


@pytest.mark.parametrize(
    ("at", "monday"),
    [
        (datetime(2026, 11, 16, tzinfo=UTC), MONDAY),
        (datetime(2026, 11, 22, 23, 59, 59, 999_999, tzinfo=UTC), MONDAY),
        (datetime(2026, 11, 23, tzinfo=UTC), MONDAY + timedelta(weeks=1)),
        (datetime(2026, 11, 22, 20, tzinfo=timezone(timedelta(hours=-5))), MONDAY + timedelta(weeks=1)),
        (datetime(2027, 1, 3, tzinfo=UTC), date(2026, 12, 28)),
    ],
)
def test_a_week_is_named_by_its_monday_in_utc(at: datetime, monday: date) -> None:
    assert keys.monday_of(at) == monday


def test_a_weekly_key_is_destroyed_a_week_after_its_week(directory: Path) -> None:
    key = keys.weekly(MONDAY)
    last_day = MONDAY + timedelta(days=13)
    assert f"weekly/{MONDAY}" not in keys.destroy_old_keys(directory, last_day)
    assert keys.weekly(MONDAY) == key
    assert f"weekly/{MONDAY}" in keys.destroy_old_keys(directory, last_day + timedelta(days=1))
    with pytest.raises(ImproperlyConfigured, match="lacks weekly/2026-11-16"):
        keys.weekly(MONDAY)
    assert key not in [path.read_bytes() for path in directory.rglob("*") if path.is_file()]


def test_a_destroyed_week_is_never_made_again(directory: Path) -> None:
    later = MONDAY + timedelta(weeks=2)
    keys.destroy_old_keys(directory, later)
    assert f"weekly/{MONDAY}" not in keys.prepare_keys(directory, later)


def test_missing_weeks_are_named(directory: Path) -> None:
    gone = MONDAY + timedelta(weeks=3)
    (directory / keys.WEEKLY / gone.isoformat()).unlink()
    assert keys.missing_weeks(TODAY) == [gone.isoformat()]
    assert keys.missing_weeks(TODAY + timedelta(days=2)) == [gone.isoformat()], "the new week's key is on its way"


def test_a_directory_from_before_the_weeks_gets_them(directory: Path) -> None:
    for path in (directory / keys.WEEKLY).iterdir():
        path.unlink()
    (directory / keys.WEEKLY).rmdir()
    assert len(keys.missing_weeks(TODAY)) == KEYS_AHEAD_WEEKS
    assert len(keys.prepare_keys(directory, TODAY)) == KEYS_AHEAD_WEEKS + 1


def test_a_repetition_writes_and_opens_nothing(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    monkeypatch.setattr(os, "open", lambda *arguments: opened.append(arguments))
    assert keys.prepare_keys(directory, TODAY) == []
    assert opened == []
