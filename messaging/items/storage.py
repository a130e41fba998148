"""How much is kept for a person, and how much more may be: what they sent and attached, and what came back to them.

It is added up from the rows each time, so that whatever deletes content gives its room back.
Source: docs/decisions/0054-stored-bytes.md
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, F, Func, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from licenses.models import License, Plan
from messaging.items.kinds import all_kinds
from messaging.items.limits import ROOM_ALMOST_USED_PERCENT, ROOM_WARNED_FROM_PERCENT
from messaging.items.models import Item, Return


@dataclass(frozen=True, slots=True)
class Space:
    """How much is kept for a person, and how much may be."""

    used_bytes: int
    most_bytes: int

    @property
    def room_bytes(self) -> int:
        """How much more may be kept; never below zero."""
        return max(0, self.most_bytes - self.used_bytes)

    @property
    def is_full(self) -> bool:
        """Tell whether nothing more may be kept."""
        return not self.room_bytes

    @property
    def is_almost_used(self) -> bool:
        """Tell whether the share of the last warning is used."""
        return self._has_used(ROOM_ALMOST_USED_PERCENT)

    @property
    def is_warned(self) -> bool:
        """Tell whether the share from which the person is warned is used."""
        return self._has_used(ROOM_WARNED_FROM_PERCENT)

    def _has_used(self, percent: int) -> bool:
        return 0 < self.most_bytes * percent <= self.used_bytes * 100


def space_of(owner: User, *, otherwise: Plan | None = None) -> Space:
    """Return how much is kept for a person, and how much the plan of their license keeps; one query.

    Args:
        otherwise: rules where they hold no license; without one nothing may be kept.
    """
    held = Subquery(License.objects.filter(holder=owner).values("plan__stored_bytes")[:1])
    most = Coalesce(held, Value(otherwise.stored_bytes if otherwise is not None else 0))
    waiting = [_sum(kind.unsent_files(owner), "plain_bytes") for kind in all_kinds() if kind.unsent_files]
    sent = _sum(Item.objects.filter(sender=owner, shredded_at=None), "size_bytes")
    returned = _sum(Return.objects.filter(owner=owner, shredded_at=None), "size_bytes")
    most_bytes, *kept = User.objects.values_list(most, sent, returned, *waiting).get(pk=owner.pk)
    return Space(sum(map(int, kept)), most_bytes)


def space_for_returns(item: Item) -> Space:
    """Return the space of who sent an item; without a license the item's own plan rules what comes back."""
    return space_of(item.sender, otherwise=item.license.plan)


def _sum(rows: QuerySet[Any], column: str) -> Coalesce:
    total = Func(F(column), function="SUM", output_field=BigIntegerField())
    return Coalesce(Subquery(rows.order_by().annotate(total=total).values("total")), Value(0))
