"""The read receipt: a mail to the sender when a recipient opens a message for the first time."""

from datetime import datetime

from messaging.items.models import Participant
from messaging.items.services.telling import tell_sender
from messaging.messages.models import Message


def tell_first_opening(participant: Participant, at: datetime) -> None:
    """Tell the sender where they asked for it, in the transaction of the opening."""
    if Message.objects.filter(pk=participant.item_id, is_read_receipt_asked=True).exists():
        tell_sender(participant.item, "messages/emails/message_opened", participant=participant, at=at)
