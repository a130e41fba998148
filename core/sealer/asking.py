"""Ask the sealer for a signature, and take none that is not of the key it should be of.

Source: docs/decisions/0061-key-process.md
"""

import socket
from pathlib import Path

from core.crypto.seal_keys import SealChain, was_signed
from core.sealer.protocol import WrongBytes, is_socket_name, read_answer, request

# Signing takes a millisecond; as many as may wait are through in far less.
ANSWER_SECONDS = 10


class SealerAway(Exception):
    """No signature can be had now: the sealer does not run, refuses, or has another key."""


def sign_by_sealer(digest: bytes, *, path: Path, chain: SealChain) -> bytes:
    """Return the signature of a SHA-256 digest.

    Args:
        path: of the sealer's socket.
        chain: whose signature it has to be.

    Raises:
        SealerAway: there is none.
    """
    if not is_socket_name(path):
        raise SealerAway
    try:
        signature = _asked(digest, path)
    except (OSError, WrongBytes) as fault:
        raise SealerAway from fault
    if not was_signed(chain.links[0], digest, signature):
        raise SealerAway
    return signature


def _asked(digest: bytes, path: Path) -> bytes:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(ANSWER_SECONDS)
        connection.connect(str(path))
        connection.sendall(request(digest))
        connection.shutdown(socket.SHUT_WR)
        return read_answer(connection)
