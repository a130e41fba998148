"""Sealed files on disk: closed to others, whole or not there, and nothing left of what broke."""

import os
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from core import blobs as module
from core.blobs import ARRIVING, BlobMissing, Blobs, blobs
from core.limits import ARRIVING_KEPT_SECONDS
from core.retention import forget_what_is_over

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture
def place(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "data" / "blobs")


@pytest.fixture(autouse=True)
def _data_directory(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()


def put(place: Blobs, content: bytes = b"sealed") -> str:
    """Write a blob and return its name."""
    with place.create() as blob:
        assert blob.write(content) == len(content)
    assert blob.size_bytes == len(content)
    return blob.name


def read(place: Blobs, name: str) -> bytes:
    """Return what a blob holds."""
    with place.open(name) as file:
        return file.read()


def files(place: Blobs) -> list[Path]:
    """Return every file below the folder."""
    return sorted(path for path in place.folder.rglob("*") if path.is_file())


def path_of(place: Blobs, name: str) -> Path:
    """Return where a blob lies."""
    (path,) = (path for path in files(place) if path.name == name)
    return path


def age(path: Path, before: timedelta) -> None:
    """Let a file have been written some time before NOW."""
    at = (NOW - before).timestamp()
    os.utime(path, (at, at))


def test_what_was_written_is_read(place: Blobs) -> None:
    name = put(place, b"one" * 1_000)
    assert read(place, name) == b"one" * 1_000


def test_statement_143_names_are_random_and_tell_nothing(place: Blobs) -> None:
    names = {put(place, b"the same") for _ in range(50)}
    assert len(names) == 50
    assert all(module.NAME.fullmatch(name) for name in names)
    for path in files(place):
        assert path.relative_to(place.folder).parts == (path.name[:2], path.name[2:4], path.name)


@pytest.mark.parametrize("umask", [0, 0o022, 0o277])
def test_statement_143_closed_to_others_whatever_the_umask(place: Blobs, umask: int) -> None:
    before = os.umask(umask)
    try:
        name = put(place)
    finally:
        os.umask(before)
    folders = [place.folder, *(path for path in place.folder.rglob("*") if path.is_dir())]
    assert len(folders) == 4
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}
    assert stat.S_IMODE(path_of(place, name).stat().st_mode) == 0o600


def test_statement_143_they_lie_beside_what_the_web_serves(settings: Settings) -> None:
    served = Path(settings.STATIC_ROOT)
    assert not blobs().folder.is_relative_to(served)
    assert blobs().folder == Path(settings.DATA_DIR) / "blobs"


def test_a_blob_is_not_there_before_it_is_whole(place: Blobs) -> None:
    with place.create() as blob:
        blob.write(b"half")
        with pytest.raises(BlobMissing):
            place.open(blob.name)
        assert [path.parent.name for path in files(place)] == [ARRIVING]
        assert stat.S_IMODE(files(place)[0].stat().st_mode) == 0o600
    assert read(place, blob.name) == b"half"


@pytest.mark.parametrize("fault", [OSError, KeyboardInterrupt, GeneratorExit])
def test_what_breaks_while_it_is_written_leaves_nothing(place: Blobs, fault: type[BaseException]) -> None:
    def break_off() -> None:
        with place.create() as blob:
            blob.write(b"half")
            raise fault

    with pytest.raises(fault):
        break_off()
    assert files(place) == []


def test_the_order_survives_a_power_cut(place: Blobs, monkeypatch: pytest.MonkeyPatch) -> None:
    """The content is flushed before the name is given, the name before anybody may rely on it."""
    put(place)
    done: list[str] = []
    rename, sync = Path.rename, os.fsync

    def noted_sync(handle: int) -> None:
        sync(handle)
        done.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "content")

    def noted_rename(self: Path, target: Path) -> Path:
        done.append("rename")
        return rename(self, target)

    monkeypatch.setattr(os, "fsync", noted_sync)
    monkeypatch.setattr(Path, "rename", noted_rename)
    put(place)
    without_new_folders = [step for index, step in enumerate(done) if step != "folder" or index > done.index("rename")]
    assert without_new_folders == ["content", "rename", "folder"]


def test_a_blob_that_cannot_be_named_leaves_nothing(place: Blobs, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_self: Path, _target: Path) -> None:
        raise OSError("no room")

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(OSError, match="no room"):
        put(place)
    assert files(place) == []


def test_deleted_is_gone_and_deleting_twice_is_no_error(place: Blobs) -> None:
    kept, gone = put(place), put(place)
    place.delete(gone)
    place.delete(gone)
    with pytest.raises(BlobMissing):
        place.open(gone)
    assert read(place, kept) == b"sealed"


@pytest.mark.parametrize(
    "name", ["", "..", "../../secret_key", "a" * 31, "g" * 32, "A" * 32, "a" * 32 + "\n", "/etc/passwd", "a" * 33]
)
def test_a_name_leads_nowhere_else(place: Blobs, name: str) -> None:
    for act in (place.open, place.delete):
        with pytest.raises(ValueError, match="32 hexadecimal digits"):
            act(name)


def test_old_blobs_are_listed_for_whoever_knows_what_belongs_to_what(place: Blobs) -> None:
    old, new = put(place), put(place)
    age(path_of(place, old), timedelta(hours=25))
    age(path_of(place, new), timedelta(hours=23))
    (place.folder / "notes.txt").write_text("of the operator")
    assert list(place.older_than(NOW - timedelta(hours=24))) == [old]
    assert list(Blobs(place.folder / "nowhere").older_than(NOW)) == []


def test_what_is_arriving_is_not_listed(place: Blobs) -> None:
    with place.create() as blob:
        blob.write(b"half")
        assert list(place.older_than(datetime.now(UTC) + timedelta(days=1))) == []


@pytest.mark.django_db
def test_the_worker_sweeps_what_a_killed_process_left(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"
    place, left_over = blobs(), timedelta(seconds=ARRIVING_KEPT_SECONDS)
    complete = put(place)
    arriving = place.folder / ARRIVING
    for name, before in (("0" * 32, left_over + timedelta(seconds=1)), ("1" * 32, left_over - timedelta(seconds=1))):
        (arriving / name).write_bytes(b"half")
        age(arriving / name, before)
    age(path_of(place, complete), timedelta(days=300))
    forget_what_is_over(NOW)
    assert [path.name for path in arriving.iterdir()] == ["1" * 32]
    assert read(place, complete) == b"sealed"
    assert left_over < timedelta(hours=24)


def test_many_at_once_do_not_meet(place: Blobs) -> None:
    names: list[str] = []
    threads = [threading.Thread(target=lambda: names.append(put(place))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(names)) == 16
    assert len(files(place)) == 16
