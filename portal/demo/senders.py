"""Who sends in the demo, and how much of each thing."""

from dataclasses import dataclass, replace

from accounts.models import User
from licenses.models import License
from portal.demo.fates import EnvelopeFate

ROUNDS, ITEMS_FOR_ROUNDS = 3, 30
ITEMS_FOR_ENVELOPES = 20


@dataclass(frozen=True, slots=True)
class Sender:
    """Somebody of the demo who sends.

    Args:
        items: how many messages and envelopes in all, up to now.
        days: for how many of them, up to now.
    """

    user: User
    license: License
    items: int
    days: int

    def limited_to(self, most: int | None) -> "Sender":
        """Return somebody who sent no more items than that; None for no limit."""
        return self if most is None else replace(self, items=min(self.items, most))

    @property
    def rounds(self) -> int:
        """How often each fate is met at least; once by who sends little."""
        return ROUNDS if self.items >= ITEMS_FOR_ROUNDS else 1

    @property
    def envelopes(self) -> int:
        """How many of the items are envelopes; none where the plan has none, or hardly anything is sent."""
        has_envelopes = self.license.plan.open_envelopes > 0 and self.items >= ITEMS_FOR_ENVELOPES
        return self.rounds * len(EnvelopeFate) if has_envelopes else 0
