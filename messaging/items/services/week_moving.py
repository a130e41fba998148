"""Keep what is sealed for a person under the key of the week in which it ends, whatever becomes of that end.

Only the layer of the week is taken off and put on again: no data key is needed, and none is opened.
Source: docs/decisions/0033-weekly-keys-and-blobs.md
"""

from datetime import date, datetime

from core import keys
from core.crypto.sealing import SealBroken
from core.steps import take_all, take_each
from messaging.items.limits import WEEKS_A_ROUND
from messaging.items.models import Item, Return
from messaging.items.services.account_keys import box_place, label_place
from messaging.items.weeks import put_on, take_off


def move_copies(item: Item, *, ends_at: datetime) -> None:
    """Put the sender's copy and label of an item under the key of the week of its new end.

    The caller holds the item's row in its transaction. What does not open stays as it is: no week opens it.
    """
    kept = Item.objects.select_for_update(no_key=True).get(pk=item.pk)
    week_on = keys.monday_of(ends_at)
    if kept.week_on == week_on:
        return
    Item.objects.filter(pk=item.pk).update(week_on=week_on, **_moved_copies(kept, week_on))


def add_missing_weeks(now: datetime) -> None:
    """Put what earlier versions wrote under the key of the week of its end; called with the retention.

    Raises:
        SomeFailed: at the end, where the key of a week is missing.
    """
    take_all([_add_to_items, _add_to_returns], now)


def _add_to_items(now: datetime) -> None:
    waiting = Item.objects.filter(week_on=None, shredded_at=None, expires_at__gt=now)
    take_each(add_week_to_item, waiting.order_by("pk")[:WEEKS_A_ROUND])


def _add_to_returns(now: datetime) -> None:
    waiting = Return.objects.filter(week_on=None, shredded_at=None, expires_at__gt=now)
    take_each(add_week_to_return, waiting.order_by("pk")[:WEEKS_A_ROUND])


def add_week_to_item(item: Item) -> None:
    """Put copy and label of an item as it was read under its week, if nobody moved or ended it meanwhile."""
    week_on = keys.monday_of(item.expires_at)
    same = Item.objects.filter(pk=item.pk, week_on=None, shredded_at=None, expires_at=item.expires_at)
    same.update(week_on=week_on, **_moved_copies(item, week_on))


def add_week_to_return(returned: Return) -> None:
    """Put the box of a return as it was read under its week, if nobody destroyed it meanwhile."""
    week_on = keys.monday_of(returned.expires_at)
    box = _moved(returned.box, box_place(returned.whole_id), None, week_on)
    Return.objects.filter(pk=returned.pk, week_on=None, shredded_at=None).update(week_on=week_on, box=box)


def _moved_copies(item: Item, week_on: date) -> dict[str, bytes | None]:
    """Return what an item keeps for its sender, by its columns, under the key of another week."""
    return {
        "copy_box": _moved(item.copy_box, box_place(item.whole_id), item.week_on, week_on),
        "label_sealed": _moved(item.label_sealed, label_place(item.whole_id), item.week_on, week_on),
    }


def _moved(sealed: bytes | memoryview | None, place: str, week_before: date | None, week_on: date) -> bytes | None:
    if sealed is None:
        return None
    try:
        inner = take_off(bytes(sealed), week_on=week_before, place=place)
    except SealBroken:
        return bytes(sealed)
    return put_on(inner, week_on=week_on, place=place)
