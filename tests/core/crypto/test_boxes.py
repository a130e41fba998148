"""Boxes: closed by anybody, opened by one."""

import pytest

from core.crypto.boxes import close_box, new_key_pair, open_box
from core.crypto.links import new_secret
from core.crypto.sealing import SealBroken

PRIVATE, PUBLIC = new_key_pair()
CONTENT = new_secret()
BOX = close_box(PUBLIC, CONTENT, about=b"copy of 7 for 3")


def test_the_holder_opens_it() -> None:
    assert open_box(PRIVATE, BOX, about=b"copy of 7 for 3") == CONTENT


def test_a_box_is_different_each_time() -> None:
    assert close_box(PUBLIC, CONTENT, about=b"copy of 7 for 3") != BOX


def test_nobody_else_and_nothing_else_opens_it() -> None:
    other, _public = new_key_pair()
    changed = BOX[:-1] + bytes([BOX[-1] ^ 1])
    attempts = [
        (other, BOX, b"copy of 7 for 3"),
        (PRIVATE, BOX, b"copy of 8 for 3"),
        (PRIVATE, changed, b"copy of 7 for 3"),
        (PRIVATE, b"\x02" + BOX[1:], b"copy of 7 for 3"),
        (PRIVATE, BOX[:20], b"copy of 7 for 3"),
        (PRIVATE, b"", b"copy of 7 for 3"),
    ]
    for private, box, about in attempts:
        with pytest.raises(SealBroken):
            open_box(private, box, about=about)


def test_the_message_is_hpke_base_mode_of_rfc_9180() -> None:
    """An encapsulated X25519 key of 32 bytes, then the ciphertext and its tag."""
    assert len(BOX) == 1 + 32 + 32 + 16
