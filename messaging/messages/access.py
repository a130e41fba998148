"""How a view gets at messages: a person finds their own, and nobody else's exist for them."""

import uuid

from django.http import Http404

from accounts.models import User
from messaging.items.models import Item, Participant
from messaging.items.references import stored_reference
from messaging.items.services.account_keys import Label, account_key_of, labels_of, sealed_labels
from messaging.messages.choices import KIND


def sent_message(user: User, reference: str) -> Item:
    """Return a message that a person sent, by its reference in any writing; others get 404."""
    related = ("sender__organization", "message")
    found = (
        Item.objects.select_related(*related)
        .filter(sender=user, kind=KIND, reference=stored_reference(reference))
        .first()
    )
    if found is None:
        raise Http404
    return found


def label_of(item: Item) -> Label | None:
    """Return subject and names of files as the sender knows them; None where none are kept, or they are damaged."""
    sealed = sealed_labels([item])
    return labels_of(account_key_of(item.sender), sealed).get(item.whole_id) if sealed else None


def recipient_of(item: Item, position: int) -> Participant:
    """Return one of a message's recipients by their place in it; 404 where there is none."""
    found = Participant.objects.filter(item=item, position=position).first()
    if found is None:
        raise Http404
    # The item is known already, with its sender.
    found.item = item
    return found


def message_of_form(user: User, form_key: uuid.UUID) -> Item | None:
    """Return the message that a form became, or None where it was not sent."""
    return Item.objects.filter(sender=user, form_key=form_key).first()
