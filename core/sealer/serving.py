"""The sealer: reads the key, listens on a Unix socket, signs digests for one user, and does nothing else.

Source: docs/decisions/0061-key-process.md
"""

import ctypes
import logging
import os
import resource
import signal
import socket
import stat
import sys
from pathlib import Path
from types import FrameType

from core.crypto.seal_keys import SealKey
from core.sealer.peers import uid_behind
from core.sealer.protocol import PATH_MOST_BYTES, WrongBytes, answer, is_socket_name, read_request

logger = logging.getLogger("portal.sealer")

WAITING_MOST = 32
# A client sends its 36 bytes at once.
CLIENT_SECONDS = 2
LOOKS_SECONDS = 1
_PR_SET_DUMPABLE = 4


class SocketTaken(Exception):
    """The place of the socket cannot be used; the text says why."""


class Sealer:
    """One process with the key.

    Args:
        user: id of the user whose processes are answered.
        parent_pid: leave when this process is no longer the parent; None never looks.
    """

    def __init__(self, key: SealKey, *, path: Path, user: int, parent_pid: int | None = None) -> None:
        self._key = key
        self.path = path
        self.user = user
        self.parent_pid = parent_pid
        self.is_stopping = False

    def run(self) -> None:
        """Answer until a signal arrives or the parent is gone.

        Raises:
            SocketTaken: another process listens there, or nothing can.
        """
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        # A log that leaves out uses of the key would be none.
        logger.setLevel(logging.INFO)
        keep_to_oneself()
        with listen(self.path, for_others=self.user != os.geteuid()) as server:
            own = os.fstat(server.fileno()), self.path.stat()
            logger.info("sealer.ready")
            server.settimeout(LOOKS_SECONDS)
            while not self.is_stopping and not self._is_orphan():
                self._take(server)
            if _is_same(self.path, own[1]):
                self.path.unlink(missing_ok=True)

    def answer(self, connection: socket.socket) -> None:
        """Sign one digest for whoever is allowed to ask; say nothing to anybody else."""
        connection.settimeout(CLIENT_SECONDS)
        try:
            asking = uid_behind(connection)
            if asking != self.user:
                logger.warning("sealer.refused", extra={"reason": "user", "user": asking})
                return
            digest = read_request(connection)
            signature = self._key.sign_digest(digest)
            # Before the signature leaves: no use of the key is without its line.
            logger.info("sealer.signed", extra={"user": asking, "digest": digest.hex()})
            connection.sendall(answer(signature))
        except (WrongBytes, OSError) as fault:
            logger.warning("sealer.refused", extra={"reason": type(fault).__name__})

    def _take(self, server: socket.socket) -> None:
        try:
            connection, _address = server.accept()
        except TimeoutError:
            return
        with connection:
            self.answer(connection)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.is_stopping = True

    def _is_orphan(self) -> bool:
        return self.parent_pid is not None and os.getppid() != self.parent_pid


def listen(path: Path, *, for_others: bool) -> socket.socket:
    """Return a listening socket at a place where none is used.

    Args:
        for_others: let processes of other users connect; the kernel then says whose they are.

    Raises:
        SocketTaken: another process listens there, something else lies there, or the name is too long.
    """
    if not is_socket_name(path):
        raise SocketTaken(f"is longer than the {PATH_MOST_BYTES} bytes that a socket's name may have.")
    _clear(path)
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        old = os.umask(0o177)
        try:
            server.bind(str(path))
        finally:
            os.umask(old)
        path.chmod(0o666 if for_others else 0o600)
        server.listen(WAITING_MOST)
    except OSError as fault:
        server.close()
        raise SocketTaken("names a place where no socket can be made.") from fault
    return server


def keep_to_oneself() -> None:
    """Leave no core dump, and on Linux keep other processes of the same user from reading the memory."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def _clear(path: Path) -> None:
    """Take away the socket of a sealer that ended without doing so."""
    try:
        kind = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(kind):
        raise SocketTaken("names something that is no socket.")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(CLIENT_SECONDS)
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink(missing_ok=True)
            return
        except OSError:
            pass
    raise SocketTaken("is used by another sealer.")


def _is_same(path: Path, other: os.stat_result) -> bool:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return False
    return (found.st_dev, found.st_ino) == (other.st_dev, other.st_ino)
