"""The receipt of a delivery: what arrived, when, for whom. Names of files are content, so it is sealed.

Source: docs/decisions/0051-receipts.md
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.core.exceptions import ImproperlyConfigured

from core import keys
from core.crypto.sealing import SealBroken, derive_key, seal, unseal
from core.crypto.secret import Secret
from messaging.items.manifests import FileEntry

VERSION = 1


@dataclass(frozen=True, slots=True)
class ReceiptText:
    """What a receipt says beside the reference and the instant.

    Args:
        owner: name of who received, as it was then.
        name: of the person outside, as they typed it.
        text_characters: length of what they wrote.
    """

    owner: str
    organization: str
    title: str
    name: str
    email: str
    text_characters: int
    files: Sequence[FileEntry]

    @property
    def files_bytes(self) -> int:
        """Size of all files together."""
        return sum(entry.plain_bytes for entry in self.files)


def seal_receipt(text: ReceiptText, *, secret: Secret, locator: bytes, week_on: date) -> bytes:
    """Return a receipt that only the secret of the link opens, and only as long as the key of its week exists."""
    content = json.dumps({"version": VERSION, **asdict(text)}, ensure_ascii=False).encode()
    inner = seal(_key(secret, locator), content, place=_place(locator))
    return seal(keys.weekly(week_on), inner, place=_place(locator))


def open_receipt(sealed: bytes, *, secret: Secret, locator: bytes, week_on: date) -> ReceiptText:
    """Return what a sealed receipt says.

    Raises:
        SealBroken: another secret, a key that is gone, or changed bytes.
    """
    try:
        week = keys.weekly(week_on)
    except ImproperlyConfigured:
        raise SealBroken from None
    values = json.loads(
        unseal(_key(secret, locator), unseal(week, sealed, place=_place(locator)), place=_place(locator))
    )
    if values.pop("version", None) != VERSION:
        raise SealBroken
    files = tuple(FileEntry(**entry) for entry in values.pop("files"))
    return ReceiptText(**values, files=files)


def _key(secret: Secret, locator: bytes) -> bytes:
    return derive_key(secret.reveal(), purpose="envelope receipt", context=locator)


def _place(locator: bytes) -> str:
    return f"envelopes_receipt:{locator.hex()}"
