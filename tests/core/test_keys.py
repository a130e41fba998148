"""The key directory: created once, refused when it is not safe, daily keys destroyed."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from core import keys
from core.checks import check_keys
from core.limits import JOB_BODY_KEPT_DAYS, KEYS_AHEAD_DAYS

TODAY = date(2026, 11, 21)
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


def test_keys_are_closed_to_others_whatever_the_umask(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        keys.create_missing_keys(tmp_path / "keys", TODAY)
    finally:
        os.umask(old)
    assert mode(tmp_path / "keys") == mode(tmp_path / "keys" / keys.DAILY) == 0o700
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
    assert keys.prepare_daily_keys(directory, TODAY) == []
    tomorrow = TODAY + timedelta(days=1)
    assert keys.prepare_daily_keys(directory, tomorrow) == [(tomorrow + timedelta(days=KEYS_AHEAD_DAYS)).isoformat()]


def test_a_daily_key_is_destroyed_after_its_week(directory: Path) -> None:
    last_kept = TODAY - timedelta(days=JOB_BODY_KEPT_DAYS)
    keys.prepare_daily_keys(directory, last_kept)
    day_before = last_kept - timedelta(days=1)
    assert keys.daily(day_before) != keys.daily(last_kept)
    assert keys.destroy_old_daily_keys(directory, TODAY) == [day_before.isoformat()]
    assert keys.daily(last_kept)
    with pytest.raises(ImproperlyConfigured):
        keys.daily(day_before)
