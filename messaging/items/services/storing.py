"""Hold a person's space while something is added to it: together nothing passes what the plan keeps.

Source: docs/decisions/0054-stored-bytes.md
"""

from accounts.models import User
from licenses.models import Plan
from messaging.items.errors import OwnersStorageFull, StorageFull
from messaging.items.models import AccountKey, Item
from messaging.items.services.account_keys import account_key_of
from messaging.items.storage import space_of


def require_room(*, owner: User, more_bytes: int = 0, otherwise: Plan | None = None) -> None:
    """Hold a person's space until the end of the caller's transaction, and refuse what does not fit into it.

    Two who add something at once wait here for each other, and the second one counts what the first one has added.
    Whoever holds it takes no lock of a draft, an item, an hour, a month or a license any more.

    Args:
        more_bytes: to be added; what the transaction has written already is counted.
        otherwise: plan that rules where they hold no license.

    Raises:
        StorageFull: it does not fit.
    """
    AccountKey.objects.select_for_update(no_key=True).get(pk=account_key_of(owner).pk)
    space = space_of(owner, otherwise=otherwise)
    if space.used_bytes + more_bytes > space.most_bytes:
        raise StorageFull(room_bytes=space.room_bytes, most_bytes=space.most_bytes)


def require_room_for_return(item: Item, *, more_bytes: int) -> None:
    """Hold the space of an item's sender for what comes back, as `require_room`.

    Raises:
        OwnersStorageFull: it does not fit.
    """
    try:
        require_room(owner=item.sender, more_bytes=more_bytes, otherwise=item.license.plan)
    except StorageFull:
        raise OwnersStorageFull(item.sender.get_full_name()) from None
