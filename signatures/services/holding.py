"""Tell which requests are held for their time stamp, told from what happened to them.

Source: docs/decisions/0068-completing.md
"""

from django.db.models import Exists, OuterRef, QuerySet

from messaging.items.events.kinds import EventKind
from messaging.items.models import Event
from signatures.choices import Stage
from signatures.models import SignatureRequest


def held(requests: QuerySet[SignatureRequest]) -> QuerySet[SignatureRequest]:
    """Return those of some requests that everybody has signed and that wait for a time-stamp server to answer."""
    happened = Event.objects.filter(item_id=OuterRef("pk"), kind=EventKind.SEAL_HELD)
    return requests.filter(Exists(happened), stage__in=[Stage.SIGNED_BY_ALL, Stage.SEALING])


def is_held(request: SignatureRequest) -> bool:
    """Tell whether a request that everybody has signed waits for a time-stamp server to answer; at most one query."""
    if request.stage not in {Stage.SIGNED_BY_ALL, Stage.SEALING}:
        return False
    return held(SignatureRequest.objects.filter(pk=request.pk)).exists()
