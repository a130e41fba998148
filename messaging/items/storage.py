"""How much is kept for a person, and how much more may be: what they sent, and what came back to them."""

from django.db.models import Sum

from accounts.models import User
from licenses.models import Plan
from messaging.items.models import Item, Return


def room_bytes(owner: User, plan: Plan) -> int:
    """Return how many bytes may still be kept for a person; two queries."""
    sent = Item.objects.filter(sender=owner, shredded_at=None).aggregate(size=Sum("size_bytes"))["size"]
    returned = Return.objects.filter(owner=owner, shredded_at=None).aggregate(size=Sum("size_bytes"))["size"]
    return max(0, plan.stored_bytes - (sent or 0) - (returned or 0))
