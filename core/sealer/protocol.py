"""What is said over the sealer's socket: one digest, one signature, and the connection ends.

    request   "SXS1", SHA-256 digest (32 bytes)
    answer    "S", length (2 bytes), signature          or nothing at all: refused

Source: docs/decisions/0061-key-process.md
"""

import os
import socket
from pathlib import Path

from core.crypto.seal_keys import DIGEST_BYTES

MAGIC = b"SXS1"
SIGNED = b"S"
LENGTH_BYTES = 2
REQUEST_BYTES = len(MAGIC) + DIGEST_BYTES
# The name of a Unix socket has 108 bytes on Linux and 104 on macOS, the closing zero among them.
PATH_MOST_BYTES = 103


class WrongBytes(Exception):
    """The other end said something else, or too little."""


def is_socket_name(path: Path) -> bool:
    """Tell whether a path is short enough to be the name of a Unix socket."""
    return len(os.fsencode(path)) <= PATH_MOST_BYTES


def request(digest: bytes) -> bytes:
    """Return the bytes that ask for a signature."""
    return MAGIC + digest


def read_request(connection: socket.socket) -> bytes:
    """Return the digest that somebody wants signed.

    Raises:
        WrongBytes: it is no request, or a digest with something behind it.
    """
    asked = _receive(connection, REQUEST_BYTES)
    # The client ends its side at once: whatever comes now is no part of a request.
    if not asked.startswith(MAGIC) or connection.recv(1):
        raise WrongBytes
    return asked[len(MAGIC) :]


def answer(signature: bytes) -> bytes:
    """Return the bytes that give a signature."""
    return SIGNED + len(signature).to_bytes(LENGTH_BYTES, "big") + signature


def read_answer(connection: socket.socket) -> bytes:
    """Return the signature.

    Raises:
        WrongBytes: there is none.
    """
    head = _receive(connection, len(SIGNED) + LENGTH_BYTES)
    if not head.startswith(SIGNED):
        raise WrongBytes
    return _receive(connection, int.from_bytes(head[len(SIGNED) :], "big"))


def _receive(connection: socket.socket, count: int) -> bytes:
    received = b""
    while len(received) < count:
        piece = connection.recv(count - len(received))
        if not piece:
            raise WrongBytes
        received += piece
    return received
