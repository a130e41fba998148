"""Where the socket of the sealer lies when the key directory has too long a name for it."""

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.sealer.places import SocketRefused, short_place
from core.sealer.protocol import PATH_MOST_BYTES, is_socket_name


@pytest.fixture(autouse=True)
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="seal") as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield Path(folder)


def test_a_name_is_counted_in_bytes() -> None:
    assert is_socket_name(Path("/" + "s" * (PATH_MOST_BYTES - 1)))
    assert not is_socket_name(Path("/" + "s" * PATH_MOST_BYTES))
    assert not is_socket_name(Path("/" + "é" * (PATH_MOST_BYTES // 2 + 1)))


def test_each_key_directory_has_a_short_private_place(temporary: Path) -> None:
    place = short_place(Path("/keys"))
    assert place == short_place(Path("/keys")) != short_place(Path("/other/keys"))
    assert is_socket_name(place)
    assert place.parent.parent == temporary
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700


def test_a_folder_of_somebody_else_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 64001)
    with pytest.raises(SocketRefused, match=r"^must be given, since the folder .* is not this user's alone\.$"):
        short_place(Path("/keys"))


@pytest.mark.parametrize("kind", ["open", "link", "file"])
def test_what_is_no_private_folder_is_refused(temporary: Path, kind: str) -> None:
    folder = short_place(Path("/keys")).parent
    if kind == "open":
        folder.chmod(0o750)
    else:
        folder.rmdir()
    if kind == "link":
        (temporary / "private").mkdir(mode=0o700)
        folder.symlink_to(temporary / "private")
    if kind == "file":
        folder.write_text("", encoding="utf-8")
    with pytest.raises(SocketRefused, match="is not this user's alone"):
        short_place(Path("/keys"))


def test_a_temporary_directory_with_a_long_name_helps_nobody(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = temporary / ("t" * PATH_MOST_BYTES)
    deep.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    with pytest.raises(SocketRefused, match=r"^must be given, since .* too long"):
        short_place(Path("/keys"))
    assert list(deep.iterdir()) == []
