"""The keys of a person: for kept copies and what comes back, and for the labels of their own log.

Source: docs/decisions/0030-account-keys.md
"""

import json
import uuid
from dataclasses import asdict, dataclass

from accounts.models import User
from core import keys
from core.crypto.boxes import close_box, new_key_pair, open_box
from core.crypto.sealing import SealBroken, new_key, opener, seal, unseal
from core.crypto.secret import Secret
from core.db import database_now
from messaging.items.models import AccountKey


@dataclass(frozen=True, slots=True)
class Label:
    """What the owner's own log says of an item's content."""

    subject: str
    files: tuple[str, ...] = ()


def account_key_of(user: User) -> AccountKey:
    """Return the key row of a person, made at its first use."""
    found = AccountKey.objects.filter(user=user).first()
    if found is not None:
        return found
    private, public = new_key_pair()
    row = AccountKey(
        user=user,
        public_key=public,
        private_sealed=seal(_root(), private.reveal(), place=f"items_accountkey:private:{user.pk}"),
        label_key_sealed=seal(_root(), new_key(), place=f"items_accountkey:label:{user.pk}"),
        made_at=database_now(),
    )
    # Two first uses at once: the primary key keeps one pair, and both go on with it.
    AccountKey.objects.bulk_create([row], ignore_conflicts=True)
    return AccountKey.objects.get(user=user)


def close_for(owner: AccountKey, data_key: Secret, *, whole_id: uuid.UUID) -> bytes:
    """Return a data key closed for its owner, sealed once more under the root key."""
    box = close_box(bytes(owner.public_key), data_key, about=_about(owner, whole_id))
    return seal(keys.derived("account boxes"), box, place=f"box:{whole_id}")


def open_for(owner: AccountKey, sealed: bytes, *, whole_id: uuid.UUID) -> Secret:
    """Return the data key of a box.

    Raises:
        SealBroken: another owner or whole, changed bytes, or another root key.
    """
    private = unseal(_root(), bytes(owner.private_sealed), place=f"items_accountkey:private:{owner.user_id}")
    box = unseal(keys.derived("account boxes"), bytes(sealed), place=f"box:{whole_id}")
    return open_box(Secret(private), box, about=_about(owner, whole_id))


def seal_label(owner: AccountKey, label: Label, *, whole_id: uuid.UUID) -> bytes:
    """Return a label sealed for its owner's log."""
    return seal(_label_key(owner), json.dumps(asdict(label)).encode(), place=f"label:{whole_id}")


def labels_of(owner: AccountKey, sealed: dict[uuid.UUID, bytes]) -> dict[uuid.UUID, Label]:
    """Return the labels of several items of one owner, by their whole; the owner's key is unsealed once.

    One that does not open is left out, so that a damaged row hides itself and not the whole log.
    """
    unseal_one, opened = opener(_label_key(owner)), {}
    for whole_id, value in sealed.items():
        try:
            values = json.loads(unseal_one(value, f"label:{whole_id}"))
        except SealBroken:
            continue
        opened[whole_id] = Label(values["subject"], tuple(values["files"]))
    return opened


def _label_key(owner: AccountKey) -> bytes:
    return unseal(_root(), bytes(owner.label_key_sealed), place=f"items_accountkey:label:{owner.user_id}")


def _root() -> bytes:
    return keys.derived("account keys")


def _about(owner: AccountKey, whole_id: uuid.UUID) -> bytes:
    return b"whole" + whole_id.bytes + owner.user_id.to_bytes(8, "big")
