"""Print the proof for the file: write down that it was printed, then seal the chain, so that it stands in it too.

Source: docs/decisions/0048-proof-for-the-file.md
"""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from accounts.visitors import Visitor
from messaging.activity.access.timeline import Happening, history
from messaging.items.events.actors import owner
from messaging.items.events.kinds import EventKind
from messaging.items.events.recording import record
from messaging.items.events.sealing import seal_events
from messaging.items.models import ChainHead, Item


@dataclass(frozen=True, slots=True)
class Proven:
    """What a proof says.

    Args:
        happened: every event of the item, oldest first, each with number and digest.
        number, digest: of the newest event of the organization's chain.
        printed_at: aware instant.
    """

    happened: list[Happening]
    number: int
    digest: bytes
    printed_at: datetime


def prove_history(*, item: Item, by: User, visitor: Visitor, at: datetime) -> Proven:
    """Return an item's history as the chain holds it now, the printing included.

    Raises:
        ChainNotOurs: somebody else wrote the end of the chain, so nothing can be proven with it.
    """
    record(kind=EventKind.PROOF_PRINTED, item=item, at=at, **owner(by, visitor))
    seal_events(organization_id=item.organization_id)
    head = ChainHead.objects.get(pk=item.organization_id)
    return Proven(history(item), head.number, bytes(head.digest), at)
