"""Which requests are held for their time stamp, told from what happened to them.

Source: docs/decisions/0068-completing.md
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from core.db import database_now
from messaging.items.events.kinds import EventKind
from messaging.items.events.recording import record
from messaging.items.models import Event, Item
from signatures.choices import Stage
from signatures.limits import TIME_STAMP_WAIT_SECONDS
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


def has_waited(request: SignatureRequest, at: datetime) -> bool:
    """Tell whether a request has waited for its time stamp as long as one is waited for.

    Args:
        at: aware instant.
    """
    since = request.signed_by_all_at or at
    return at - since >= timedelta(seconds=TIME_STAMP_WAIT_SECONDS)


@transaction.atomic
def note_held(pk: int) -> None:
    """Note once that a request is held for its time stamp, when it could have been sealed without."""
    item = Item.objects.select_for_update(no_key=True).get(pk=pk)
    request, now = SignatureRequest.objects.get(pk=pk), database_now()
    if request.stage != Stage.COMPLETED and has_waited(request, now) and not is_held(request):
        record(kind=EventKind.SEAL_HELD, item=item, facts={}, at=now)
