"""How a view gets at what came back: its owner finds it, for everybody else it does not exist."""

import uuid

from django.http import Http404

from accounts.models import User
from messaging.items.models import Return


def return_of(user: User, whole_id: uuid.UUID) -> Return:
    """Return what came back to a person; 404 for anybody else, and once it was destroyed."""
    found = (
        Return.objects.select_related("item", "participant", "owner")
        .filter(owner=user, whole_id=whole_id, shredded_at=None)
        .first()
    )
    if found is None:
        raise Http404
    return found
