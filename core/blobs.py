"""Sealed files on disk: random names in two levels of folders, whole under their name or not there at all.

What is being written lies in `arriving/`. Nothing here knows what a blob holds or belongs to.
Source: docs/decisions/0033-weekly-keys-and-blobs.md
"""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from core.disk import sync_folder

FOLDER, ARRIVING = "blobs", "arriving"
NAME_BYTES = 16
NAME = re.compile(rf"[0-9a-f]{{{2 * NAME_BYTES}}}")
FOLDER_MODE, FILE_MODE = 0o700, 0o600


class BlobMissing(Exception):
    """No blob has this name."""


class BlobWriter:
    """A blob that is being written.

    Args:
        name: under which it can be opened once it is complete.
    """

    def __init__(self, name: str, file: BinaryIO) -> None:
        self.name = name
        self.size_bytes = 0
        self._file = file

    def write(self, data: bytes | bytearray | memoryview, /) -> int:
        """Take bytes and return how many: all of them."""
        written = self._file.write(data)
        self.size_bytes += written
        return written


class Blobs:
    """The blobs of one folder.

    Args:
        folder: made when the first blob arrives.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def create(self) -> Iterator[BlobWriter]:
        """Yield a writer; the blob is there for good when the block ends well, and leaves nothing when it does not."""
        name = secrets.token_hex(NAME_BYTES)
        arriving, path = self._make_folder(ARRIVING) / name, self._path(name)
        try:
            with _create_file(arriving) as file:
                yield BlobWriter(name, file)
                file.flush()
                os.fsync(file.fileno())
            self._make_folder(name[:2], name[2:4])
            arriving.rename(path)
        finally:
            arriving.unlink(missing_ok=True)  # renamed by now, or broken off
        sync_folder(path.parent)

    def open(self, name: str) -> BufferedReader:
        """Open a blob for reading.

        Raises:
            BlobMissing: there is none of this name.
        """
        try:
            return self._path(name).open("rb")
        except FileNotFoundError:
            raise BlobMissing from None

    def delete(self, name: str) -> None:
        """Delete a blob; one that is gone already is no error."""
        self._path(name).unlink(missing_ok=True)

    def older_than(self, instant: datetime) -> Iterator[str]:
        """Yield the names of the blobs that were complete before an aware instant, in no order."""
        for path in self.folder.glob("??/??/*"):
            if NAME.fullmatch(path.name) and _was_changed_before(path, instant):
                yield path.name

    def sweep_arriving(self, instant: datetime) -> int:
        """Delete what was begun, never completed, and last written to before an aware instant; return how many."""
        left = [path for path in (self.folder / ARRIVING).glob("*") if _was_changed_before(path, instant)]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    def _path(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise ValueError("A blob's name is 32 hexadecimal digits.")
        return self.folder / name[:2] / name[2:4] / name

    def _make_folder(self, *parts: str) -> Path:
        """Return a folder of ours, each level closed to others; a level that is new is written down for good."""
        folder = self.folder
        for part in ("", *parts):
            folder = folder / part
            try:
                folder.mkdir(FOLDER_MODE)
            except FileExistsError:
                continue
            folder.chmod(FOLDER_MODE)
            sync_folder(folder.parent)
        return folder


def blobs() -> Blobs:
    """Return the blobs of this installation."""
    return Blobs(Path(settings.DATA_DIR) / FOLDER)


def _create_file(path: Path) -> BinaryIO:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    os.fchmod(handle, FILE_MODE)
    return os.fdopen(handle, "wb", buffering=0)


def _was_changed_before(path: Path, instant: datetime) -> bool:
    """Tell whether a file was last written before an instant; one that is gone meanwhile was not."""
    try:
        return path.stat().st_mtime < instant.timestamp()
    except FileNotFoundError:
        return False
