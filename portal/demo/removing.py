"""Take away what the people of the demo sent and got back; nothing else of the portal deletes such rows."""

from collections.abc import Collection

from messaging.envelopes.models import Envelope, Receipt
from messaging.items.models import AccountKey, Gate, Item, Link, LinkCheck, OpenSession, Participant, Return
from messaging.items.services.shredding import forget_whole
from messaging.messages.models import Draft, Message


def remove_items(organizations: Collection[int], users: Collection[int]) -> None:
    """Delete items with all that hangs on them, drafts and account keys; what happened stays in the event log."""
    items = Item.objects.filter(organization__in=organizations)
    returns = Return.objects.filter(item__in=items)
    drafts = Draft.objects.filter(owner__in=users)
    for whole in (items, returns, drafts):
        for whole_id in whole.values_list("whole_id", flat=True):
            forget_whole(whole_id)
    participants = Participant.objects.filter(item__in=items)
    links = Link.objects.filter(participant__in=participants)
    for rows in (
        OpenSession.objects.filter(link__in=links),
        LinkCheck.objects.filter(link__in=links),
        Gate.objects.filter(link__in=links),
        links,
        Receipt.objects.filter(returned__in=returns),
        returns,
        participants,
        Message.objects.filter(item__in=items),
        Envelope.objects.filter(item__in=items),
        items,
        drafts,
        AccountKey.objects.filter(user__in=users),
    ):
        rows.delete()
