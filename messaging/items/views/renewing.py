"""What every product's form for a new link carries: which link it replaces, so that its repeat replaces no other.

Source: docs/decisions/0029-links.md
"""

from django.http import HttpRequest

from core.forms import typed_number
from messaging.items.models import Link, Participant


def link_number(participant: Participant) -> int | None:
    """Return the number of a person's link as it stands; None where none is alive."""
    return Link.objects.filter(participant=participant, ended_at=None).values_list("number", flat=True).first()


def link_to_replace(request: HttpRequest) -> int | None:
    """Return the number of the link that the posted form was drawn for; None for a form that does not say."""
    return typed_number(request.POST.get("link", ""))
