"""Hold a person's space while something is added to it: together nothing passes what the plan keeps.

Source: docs/decisions/0054-stored-bytes.md
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts.models import User
from core.steps import take_each
from licenses.models import Plan
from messaging.items.errors import OwnersStorageFull, StorageFull
from messaging.items.limits import ROOM_WARNED_FROM_PERCENT
from messaging.items.models import AccountKey, Item, OrganizationSpace
from messaging.items.services.account_keys import account_key_of
from messaging.items.storage import kept_together, shared_space, space_of


def require_room(*, owner: User, more_bytes: int = 0, written_bytes: int = 0, otherwise: Plan | None = None) -> None:
    """Hold a person's space until the end of the caller's transaction, and refuse what does not fit into it.

    Two who add something at once wait here for each other, and the second one counts what the first one has added.
    Whoever holds it takes no lock of a draft, an item, an hour, a month or a license any more.

    Args:
        more_bytes: to be added after this.
        written_bytes: that the transaction has written already.
        otherwise: plan that rules where they hold no license.

    Raises:
        StorageFull: it does not fit, into their own space or into the one of their organization.
    """
    AccountKey.objects.select_for_update(no_key=True).get(pk=account_key_of(owner).pk)
    space = space_of(owner, otherwise=otherwise)
    if space.used_bytes + more_bytes > space.most_bytes:
        raise space.refusal
    if owner.organization_id is not None:
        _take_shared(owner.organization_id, more_bytes=more_bytes, written_bytes=written_bytes)


def require_room_for_return(item: Item, *, more_bytes: int) -> None:
    """Hold the space of an item's sender for what comes back, as `require_room`.

    Raises:
        OwnersStorageFull: it does not fit.
    """
    try:
        require_room(owner=item.sender, more_bytes=more_bytes, otherwise=item.license.plan)
    except StorageFull:
        raise OwnersStorageFull(item.sender.get_full_name()) from None


def count_room(*, owner: User, written_bytes: int) -> None:
    """Count what was written for a person whatever room is left; what everybody has signed is never refused."""
    if owner.organization_id is not None:
        row = OrganizationSpace.objects.filter(pk=owner.organization_id)
        row.update(kept_bytes=F("kept_bytes") + written_bytes)


def count_shared_spaces(now: datetime) -> None:
    """Count anew what organizations keep that seem to keep much, so that nobody is warned of what went already.

    Called with the retention.
    """
    warned_from_bytes = settings.ORGANIZATION_STORED_BYTES * ROOM_WARNED_FROM_PERCENT // 100
    full = OrganizationSpace.objects.filter(kept_bytes__gte=warned_from_bytes).order_by("pk")
    take_each(_count_again, list(full.values_list("pk", flat=True)))


def _take_shared(organization_id: int, *, more_bytes: int, written_bytes: int) -> None:
    """Add to what an organization keeps, by one conditional UPDATE; only where that fails everything is added up.

    Raises:
        StorageFull: it does not fit.
    """
    added = more_bytes + written_bytes
    row = OrganizationSpace.objects.filter(pk=organization_id)
    fitting = row.filter(kept_bytes__lte=settings.ORGANIZATION_STORED_BYTES - added)
    if fitting.update(kept_bytes=F("kept_bytes") + added):
        return
    space = shared_space(_held_and_counted(organization_id))
    if space.used_bytes + more_bytes > space.most_bytes:
        raise space.refusal
    row.update(kept_bytes=space.used_bytes + more_bytes)


@transaction.atomic
def _count_again(organization_id: int) -> None:
    kept_bytes = _held_and_counted(organization_id)
    OrganizationSpace.objects.filter(pk=organization_id).update(kept_bytes=kept_bytes)


def _held_and_counted(organization_id: int) -> int:
    """Hold what an organization keeps for this transaction alone, and add it up: whoever adds to it waits meanwhile."""
    OrganizationSpace.objects.bulk_create([OrganizationSpace(pk=organization_id)], ignore_conflicts=True)
    OrganizationSpace.objects.select_for_update(no_key=True).get(pk=organization_id)
    return kept_together(organization_id)
