"""The demo's outbox: whole files, private, sorted by time, and no way out of their folder."""

import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from pytest_django import Settings

from core.outbox_files import read_entries, read_entry, write_entry


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"


def write(text: str = "Hello", *, channel: str = "email") -> str:
    """Put something into the outbox."""
    return write_entry(channel=channel, to="a@demo.example", subject="Été", text=text, html="<p>Hello</p>")


def folder(settings: Settings) -> Path:
    """Return where entries are."""
    return Path(settings.DATA_DIR) / "outbox"


def test_an_entry_is_one_json_file_of_six_fields(settings: Settings) -> None:
    with time_machine.travel(datetime(2026, 11, 21, 15, 30, 0, 250_000, tzinfo=UTC), tick=False):
        key = write()
    content = json.loads((folder(settings) / f"{key}.json").read_text(encoding="utf-8"))
    assert content == {
        "channel": "email",
        "to": "a@demo.example",
        "subject": "Été",
        "text": "Hello",
        "html": "<p>Hello</p>",
        "created_at": "2026-11-21T15:30:00.250000Z",
    }
    assert key.startswith("20261121T153000250000Z-email-")


def test_an_entry_is_read_as_it_was_written() -> None:
    entry = read_entry(write("One\nTwo"))
    assert entry is not None
    assert (entry.channel, entry.subject, entry.text) == ("email", "Été", "One\nTwo")
    assert entry.created_at.tzinfo is not None


def test_only_the_owner_may_read_whatever_the_umask(settings: Settings) -> None:
    before = os.umask(0)
    try:
        write()
    finally:
        os.umask(before)
    (file,) = folder(settings).iterdir()
    assert [stat.S_IMODE(path.stat().st_mode) for path in (file, folder(settings))] == [0o600, 0o700]


def test_a_folder_that_was_open_to_others_is_closed(settings: Settings) -> None:
    folder(settings).mkdir(mode=0o755, parents=True)
    write()
    assert stat.S_IMODE(folder(settings).stat().st_mode) == 0o700


def test_newest_first_and_no_more_than_asked() -> None:
    keys = []
    for minute in range(5):
        with time_machine.travel(datetime(2026, 11, 21, 15, minute, tzinfo=UTC), tick=False):
            keys.append(write(channel="sms" if minute % 2 else "email"))
    assert [entry.key for entry in read_entries(3)] == [keys[4], keys[3], keys[2]]


def test_an_outbox_that_was_never_used_is_empty() -> None:
    assert read_entries(10) == []


def test_half_written_and_foreign_files_are_not_entries(settings: Settings) -> None:
    key = write()
    for name in (f".{key}.part", "notes.json", "README"):
        (folder(settings) / name).write_text("{")
    assert [entry.key for entry in read_entries(10)] == [key]


def test_no_temporary_file_stays(settings: Settings) -> None:
    write()
    assert [file.suffix for file in folder(settings).iterdir()] == [".json"]


@pytest.mark.parametrize(
    "key",
    [
        "",
        ".",
        "../secret",
        "/etc/passwd",
        "20261121T153000250000Z-email-0000000\u0660",
        "x" * 300,
        "a\x00b",
        "..%2fsecret",
    ],
)
def test_a_key_that_is_not_one_leads_nowhere(settings: Settings, key: str) -> None:
    write()
    (Path(settings.DATA_DIR) / "secret.json").write_text("{}")
    assert read_entry(key) is None


def test_a_key_of_nothing_is_nothing() -> None:
    assert read_entry("20261121T153000250000Z-email-00000000") is None


def test_another_channel_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="channels"):
        write(channel="fax")
