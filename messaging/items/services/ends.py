"""Why a link opens nothing any more, as whoever has its secret is told."""

from datetime import datetime

from messaging.items.choices import LinkEnd
from messaging.items.errors import LinkDeclined, LinkExpired, LinkReplaced, LinkRevoked, OpeningsUsedUp
from messaging.items.models import Link


def refuse_over(link: Link, at: datetime) -> None:
    """Refuse a link that is over at an aware instant; one by which its person did what was asked is not.

    Raises:
        LinkReplaced, LinkDeclined, LinkRevoked, LinkExpired: it is.
    """
    participant = link.participant
    if link.ended_by == LinkEnd.REPLACED:
        raise LinkReplaced
    if link.is_done:
        return
    if link.ended_by == LinkEnd.DECLINED:
        raise LinkDeclined
    if participant.revoked_at is not None or participant.item.revoked_at is not None:
        raise LinkRevoked
    if participant.expires_at <= at or link.ended_at is not None:
        raise LinkExpired


def refuse_used_up(link: Link) -> None:
    """Refuse a link without an opening left; one that goes on in a browser was the last, and is not ended by this.

    Raises:
        OpeningsUsedUp: none is left, and its person did not do by it what was asked.
    """
    participant = link.participant
    if not link.is_done and participant.openings_used >= participant.openings_allowed:
        raise OpeningsUsedUp
