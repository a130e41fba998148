"""The keys of a person: for kept copies and what comes back, and for the labels of their own log.

Copies, returns and labels are sealed once more under the key of the week in which they end.
Source: docs/decisions/0030-account-keys.md, docs/decisions/0033-weekly-keys-and-blobs.md
"""

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date

from accounts.models import User
from core import keys
from core.crypto.boxes import close_box, new_key_pair, open_box
from core.crypto.sealing import SealBroken, new_key, opener, seal, unseal
from core.crypto.secret import Secret
from core.db import database_now
from messaging.items.models import AccountKey, Item
from messaging.items.weeks import WeekLayers, put_on, take_off


@dataclass(frozen=True, slots=True)
class Label:
    """What the owner's own log says of an item's content."""

    subject: str
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SealedLabel:
    """A label as its row keeps it.

    Args:
        week_on: Monday of the week under whose key it is; None for what an earlier version wrote.
    """

    value: bytes
    week_on: date | None


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


def close_for(owner: AccountKey, data_key: Secret, *, whole_id: uuid.UUID, week_on: date) -> bytes:
    """Return a data key closed for its owner, sealed once more under the root key and under the key of a week."""
    place = box_place(whole_id)
    box = close_box(bytes(owner.public_key), data_key, about=_about(owner, whole_id))
    return put_on(seal(keys.derived("account boxes"), box, place=place), week_on=week_on, place=place)


def open_for(owner: AccountKey, sealed: bytes, *, whole_id: uuid.UUID, week_on: date | None) -> Secret:
    """Return the data key of a box.

    Args:
        week_on: Monday of the week under whose key it is; None for what an earlier version wrote.

    Raises:
        SealBroken: another owner or whole, changed bytes, another root key, or the key of the week is gone.
    """
    place = box_place(whole_id)
    inner = take_off(sealed, week_on=week_on, place=place)
    private = unseal(_root(), bytes(owner.private_sealed), place=f"items_accountkey:private:{owner.user_id}")
    box = unseal(keys.derived("account boxes"), inner, place=place)
    return open_box(Secret(private), box, about=_about(owner, whole_id))


def box_place(whole_id: uuid.UUID) -> str:
    """Return the one place where the box of a whole opens."""
    return f"box:{whole_id}"


def seal_label(owner: AccountKey, label: Label, *, whole_id: uuid.UUID, week_on: date) -> bytes:
    """Return a label sealed for its owner's log, as long as the key of a week exists."""
    place = label_place(whole_id)
    inner = seal(_label_key(owner), json.dumps(asdict(label)).encode(), place=place)
    return put_on(inner, week_on=week_on, place=place)


def sealed_labels(items: Iterable[Item]) -> dict[uuid.UUID, SealedLabel]:
    """Return the labels that items keep, by their whole."""
    return {
        item.whole_id: SealedLabel(bytes(item.label_sealed), item.week_on)
        for item in items
        if item.label_sealed is not None
    }


def labels_of(owner: AccountKey, sealed: Mapping[uuid.UUID, SealedLabel]) -> dict[uuid.UUID, Label]:
    """Return the labels of several items of one owner, by their whole; each key is read once.

    One that does not open is left out, so that a damaged row hides itself and not the whole log.
    """
    unseal_one, layers, opened = opener(_label_key(owner)), WeekLayers(), {}
    for whole_id, label in sealed.items():
        place = label_place(whole_id)
        try:
            values = json.loads(unseal_one(layers.take_off(label.value, week_on=label.week_on, place=place), place))
        except SealBroken:
            continue
        opened[whole_id] = Label(values["subject"], tuple(values["files"]))
    return opened


def label_place(whole_id: uuid.UUID) -> str:
    """Return the one place where the label of a whole opens."""
    return f"label:{whole_id}"


def _label_key(owner: AccountKey) -> bytes:
    return unseal(_root(), bytes(owner.label_key_sealed), place=f"items_accountkey:label:{owner.user_id}")


def _root() -> bytes:
    return keys.derived("account keys")


def _about(owner: AccountKey, whole_id: uuid.UUID) -> bytes:
    return b"whole" + whole_id.bytes + owner.user_id.to_bytes(8, "big")
