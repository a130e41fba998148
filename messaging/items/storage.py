"""How much is kept for a person, and how much more may be: what they sent and attached, and what came back to them.

It is added up from the rows each time, so that whatever deletes content gives its room back. An organization has a
limit for all its people together; what they keep together is known from above, and counted anew where that matters.
Source: docs/decisions/0054-stored-bytes.md
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import BigIntegerField, F, Func, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from licenses.models import License, Plan
from messaging.items.errors import StorageFull
from messaging.items.limits import ROOM_ALMOST_USED_PERCENT, ROOM_WARNED_FROM_PERCENT
from messaging.items.models import Blob, Draft, Item, Return


@dataclass(frozen=True, slots=True)
class Space:
    """How much is kept for a person, or for all of an organization, and how much may be.

    Args:
        is_shared: it is the one of the organization.
    """

    used_bytes: int
    most_bytes: int
    is_shared: bool = False

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

    @property
    def refusal(self) -> StorageFull:
        """What is said to somebody for whom it does not suffice."""
        return StorageFull(room_bytes=self.room_bytes, most_bytes=self.most_bytes, is_shared=self.is_shared)

    def _has_used(self, percent: int) -> bool:
        return 0 < self.most_bytes * percent <= self.used_bytes * 100

    def is_fuller_than(self, other: "Space") -> bool:
        """Tell whether a greater share of it is used."""
        return self.used_bytes * other.most_bytes > other.used_bytes * self.most_bytes


def spaces_of(owner: User, *, otherwise: Plan | None = None) -> tuple[Space, Space]:
    """Return a person's own space, by the plan of their license, and the one they share with all of their organization.

    Of the shared one more may seem to be used than is: what went since its last counting still counts. One query.

    Args:
        otherwise: rules where they hold no license; without one nothing may be kept.
    """
    held = Subquery(License.objects.filter(holder=owner).values("plan__stored_bytes")[:1])
    most = Coalesce(held, Value(otherwise.stored_bytes if otherwise is not None else 0))
    together = Coalesce(F("organization__space__kept_bytes"), Value(0))
    kept = _kept_by(User.objects.filter(pk=owner.pk))
    most_bytes, kept_together, *kept_alone = User.objects.values_list(most, together, *kept).get(pk=owner.pk)
    return Space(sum(map(int, kept_alone)), most_bytes), shared_space(kept_together)


def space_of(owner: User, *, otherwise: Plan | None = None) -> Space:
    """Return a person's own space, as `spaces_of`."""
    return spaces_of(owner, otherwise=otherwise)[0]


def shared_space(kept_bytes: int) -> Space:
    """Return the space of an organization whose people keep so much together."""
    return Space(kept_bytes, settings.ORGANIZATION_STORED_BYTES, is_shared=True)


def tighter(own: Space, shared: Space) -> Space:
    """Return the space that has less room: no more than that may be added."""
    return shared if shared.room_bytes < own.room_bytes else own


def fuller(own: Space, shared: Space) -> Space:
    """Return the space of which a greater share is used: that is the one to warn of."""
    return shared if shared.is_fuller_than(own) else own


def space_for_returns(item: Item) -> Space:
    """Return what is left for who sent an item; without a license the item's own plan rules what comes back."""
    return tighter(*spaces_of(item.sender, otherwise=item.license.plan))


def kept_together(organization_id: int) -> int:
    """Add up what all people of an organization keep, in bytes; that takes long where it is much."""
    people = User.objects.filter(organization=organization_id)
    kept = User.objects.filter(pk=people.values("pk")[:1]).values_list(*_kept_by(people)).first()
    return sum(map(int, kept or ()))


def _kept_by(people: QuerySet[User]) -> list[Coalesce]:
    """Return how many bytes some people sent, got back and have attached, as parts of a query."""
    drafts = Draft.objects.filter(owner__in=people)
    waiting = _sum(Blob.objects.filter(whole_id__in=drafts.values("whole_id")), "plain_bytes")
    sent = _sum(Item.objects.filter(sender__in=people, shredded_at=None), "size_bytes")
    returned = _sum(Return.objects.filter(owner__in=people, shredded_at=None), "size_bytes")
    return [sent, returned, waiting]


def _sum(rows: QuerySet[Any], column: str) -> Coalesce:
    total = Func(F(column), function="SUM", output_field=BigIntegerField())
    return Coalesce(Subquery(rows.order_by().annotate(total=total).values("total")), Value(0))
