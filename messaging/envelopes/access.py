"""How a view gets at envelopes: their owner finds them, for everybody else they do not exist."""

from django.http import Http404

from accounts.models import User
from messaging.envelopes.choices import KIND
from messaging.items.models import Item, Return
from messaging.items.references import stored_reference


def envelope_of(user: User, reference: str) -> Item:
    """Return an envelope of a person, by its reference in any writing; others get 404."""
    found = (
        Item.objects.select_related("sender__organization", "envelope")
        .filter(sender=user, kind=KIND, reference=stored_reference(reference))
        .first()
    )
    if found is None:
        raise Http404
    return found


def deliveries_of(item: Item) -> list[Return]:
    """Return what came by an envelope, oldest first."""
    return list(Return.objects.filter(item=item).select_related("participant").order_by("pk"))
