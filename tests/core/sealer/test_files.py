"""The files of the seal: made in one step, closed to others, refused when they do not fit."""

import os
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.sealer import files
from core.sealer.files import SealFileRefused, check_pair, create_demo_pair, read_chain_file, read_key_file
from tests.core.crypto.test_seal_keys import elliptic, pair, pem

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A key directory with the pair of a demo; the key is not drawn anew, since that takes a second."""
    monkeypatch.setattr(files, "new_demo_pair", lambda at: pair())
    assert create_demo_pair(tmp_path, AT)
    return tmp_path


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_pair_is_made_once_and_its_key_is_closed_to_others(made: Path) -> None:
    key, chain = files.demo_key(made), files.demo_chain(made)
    assert (mode(key.parent), mode(key), mode(chain)) == (0o700, 0o600, 0o644)
    check_pair(read_key_file(key), read_chain_file(chain))
    before = key.read_bytes()
    assert not create_demo_pair(made, AT)
    assert key.read_bytes() == before
    assert [path.name for path in made.iterdir()] == ["seal"]


def test_modes_do_not_hang_on_the_umask(made: Path, tmp_path: Path) -> None:
    other, old = tmp_path / "other", os.umask(0)
    other.mkdir()
    try:
        create_demo_pair(other, AT)
    finally:
        os.umask(old)
    assert (mode(files.demo_key(other).parent), mode(files.demo_key(other))) == (0o700, 0o600)


def test_a_pair_that_another_start_made_meanwhile_stays(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both look, both draw a key, and one of them is second."""
    before = files.demo_key(made).read_bytes()
    looked = iter([False, True])
    monkeypatch.setattr(Path, "exists", lambda path: next(looked))
    assert not create_demo_pair(made, AT)
    monkeypatch.undo()
    assert files.demo_key(made).read_bytes() == before
    assert [path.name for path in made.iterdir()] == ["seal"]


@pytest.mark.parametrize("open_to", [0o640, 0o604, 0o660])
def test_a_key_that_others_may_read_is_refused(made: Path, open_to: int) -> None:
    files.demo_key(made).chmod(open_to)
    with pytest.raises(SealFileRefused, match="others may read"):
        read_key_file(files.demo_key(made))


def test_what_is_missing_or_does_not_fit_is_refused_without_its_path(made: Path) -> None:
    refused = []
    readings: list[tuple[Callable[[Path], object], Path]] = [
        (read_key_file, made / "canary"),
        (read_chain_file, made / "canary"),
        (read_chain_file, made),
        (read_chain_file, files.demo_key(made)),
        (read_key_file, files.demo_chain(made)),
    ]
    files.demo_chain(made).chmod(0o600)
    for read, path in readings:
        with pytest.raises(SealFileRefused) as refusal:
            read(path)
        refused.append(str(refusal.value))
    assert refused[:3] == ["names a file that cannot be read."] * 3
    assert refused[3].startswith("must hold X.509")
    assert refused[4].startswith("must hold a private key")
    other = made / "other.pem"
    other.write_bytes(pem(elliptic()))
    other.chmod(0o600)
    with pytest.raises(SealFileRefused, match="must name the key of the first certificate"):
        check_pair(read_key_file(other), read_chain_file(files.demo_chain(made)))
