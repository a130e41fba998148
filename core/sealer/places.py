"""Where the socket of the sealer lies: in the key directory, or in a private folder where that has too long a name.

Source: docs/decisions/0061-key-process.md
"""

import contextlib
import hashlib
import os
import stat
import tempfile
from pathlib import Path

from core.sealer.protocol import is_socket_name

SOCKET_NAME = "sealer.sock"
DIGEST_CHARACTERS = 16


class SocketRefused(Exception):
    """There is no place for the socket; the text follows the name of its setting."""


def short_place(key_dir: Path) -> Path:
    """Return the socket's place in the temporary directory, which all processes of this user find alike.

    Its folder is made where it is missing.

    Raises:
        SocketRefused: the folder is not this user's alone, cannot be made, or its name is too long as well.
    """
    digest = hashlib.sha256(os.fsencode(key_dir)).hexdigest()[:DIGEST_CHARACTERS]
    try:
        folder = Path(tempfile.gettempdir()) / f"portal-{os.geteuid()}-{digest}"
        if not is_socket_name(folder / SOCKET_NAME):
            raise SocketRefused("must be given, since the names of key and temporary directory are too long.")
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        if not _is_private(folder):
            rule = "must be given, since the folder for it in the temporary directory is not this user's alone."
            raise SocketRefused(rule)
    except OSError:
        raise SocketRefused("must be given, since no folder for it can be made in the temporary directory.") from None
    return folder / SOCKET_NAME


def _is_private(folder: Path) -> bool:
    """Tell whether it is a folder, no link to one, of this user and closed to all others."""
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077
