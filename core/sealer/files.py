"""The files of the seal: a private key that one process reads, and the X.509 chain that everybody may read.

In production an operator brings both (`SEAL_KEY`, `SEAL_CERTIFICATE`); a demo makes a pair that says it is one.
Source: docs/decisions/0060-sealing.md, docs/decisions/0061-key-process.md
"""

import hashlib
import os
import shutil
import ssl
import stat
import tempfile
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from core.crypto.seal_keys import SealChain, SealKey, SealKeyRefused, new_demo_pair, read_chain, read_key, read_roots
from core.disk import sync_folder

DEMO_FOLDER, KEY_NAME, CHAIN_NAME = "seal", "key.pem", "certificate.pem"
KNOWN_FOLDER = "seals"
MOST_BYTES = 1_000_000

Read = TypeVar("Read")


class SealFileRefused(Exception):
    """A file of the seal cannot be used; the text follows the name of its setting."""


def demo_key(key_dir: Path) -> Path:
    """Return where the key of a demo lies."""
    return key_dir / DEMO_FOLDER / KEY_NAME


def demo_chain(key_dir: Path) -> Path:
    """Return where the chain of a demo lies."""
    return key_dir / DEMO_FOLDER / CHAIN_NAME


def create_demo_pair(key_dir: Path, at: datetime) -> bool:
    """Make the key and the chain of a demo where there are none, and tell whether they were made.

    Both come into being in one step: a key without its chain would seal nothing for ever.
    """
    folder = key_dir / DEMO_FOLDER
    if folder.exists():
        return False
    pair, unfinished = new_demo_pair(at), Path(tempfile.mkdtemp(prefix=f"{DEMO_FOLDER}.", dir=key_dir))
    try:
        _write(unfinished / KEY_NAME, pair.key, 0o600)
        _write(unfinished / CHAIN_NAME, pair.chain, 0o644)
        sync_folder(unfinished)
        unfinished.rename(folder)
    except OSError:
        shutil.rmtree(unfinished, ignore_errors=True)
        if folder.exists():
            return False
        raise
    sync_folder(key_dir)
    return True


def read_chain_file(path: Path) -> SealChain:
    """Read whose seal it is.

    Raises:
        SealFileRefused: there is no such file, or it holds no chain that seals.
    """
    return _read(path, read_chain)


def remember_chain(key_dir: Path, chain: SealChain) -> bool:
    """Keep whose seal was set, for the day when another key seals, and tell whether it is new.

    The key directory is where only the worker writes: whoever could add to this list could make seals of ours.
    """
    folder = key_dir / KNOWN_FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    content = "".join(map(ssl.DER_cert_to_PEM_cert, chain.links)).encode()
    path = folder / f"{hashlib.sha256(content).hexdigest()}.pem"
    if path.exists():
        return False
    unfinished = path.with_suffix(f".{os.getpid()}")
    unfinished.unlink(missing_ok=True)
    _write(unfinished, content, 0o600)
    unfinished.rename(path)
    sync_folder(folder)
    return True


def known_chains(key_dir: Path) -> list[tuple[bytes, ...]]:
    """Return whose seals were ever set here: for each the DER of the key's own record, then of those who vouched."""
    return [read_roots(path.read_bytes()) for path in sorted((key_dir / KNOWN_FOLDER).glob("*.pem"))]


def read_roots_file(path: Path) -> tuple[bytes, ...]:
    """Read whom time stamps have to lead to.

    Raises:
        SealFileRefused: there is no such file, or it holds no certificate.
    """
    return _read(path, read_roots)


def read_key_file(path: Path, *, proven: bool = True) -> SealKey:
    """Read the private key; slow, so that its reader keeps the object.

    Args:
        proven: let its numbers be tested; not needed to tell whose key it is.

    Raises:
        SealFileRefused: no such file, one that others may read, or no key that seals.
    """
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError:
        raise SealFileRefused("names a file that cannot be read.") from None
    if mode & 0o077:
        raise SealFileRefused("names a file that others may read. Set its mode to 0600 or 0400.")
    return _read(path, partial(read_key, proven=proven))


def check_pair(key: SealKey, chain: SealChain) -> None:
    """Return where the key belongs to the first record of the chain.

    Raises:
        SealFileRefused: they do not belong together.
    """
    if key.public_key != chain.public_key:
        raise SealFileRefused("must name the key of the first certificate in SEAL_CERTIFICATE.")


def _read(path: Path, read: Callable[[bytes], Read]) -> Read:
    try:
        with path.open("rb") as file:
            return read(file.read(MOST_BYTES))
    except OSError:
        raise SealFileRefused("names a file that cannot be read.") from None
    except SealKeyRefused as refusal:
        raise SealFileRefused(str(refusal)) from None


def _write(path: Path, value: bytes, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        os.fchmod(file.fileno(), mode)
        file.write(value)
        file.flush()
        os.fsync(file.fileno())
