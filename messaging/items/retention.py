"""What items forget, and when; the worker asks through the setting RETENTION_STEPS."""

from datetime import datetime

from django.db import transaction

from messaging.items.choices import LinkEnd
from messaging.items.events.kinds import EventKind
from messaging.items.events.recording import record
from messaging.items.models import Blob, Item, OpenSession, Return
from messaging.items.services.delivering import give_up_late_mails
from messaging.items.services.shredding import ITEMS_A_ROUND, forget_whole, shred_item, shred_return


def forget_what_is_over(now: datetime) -> None:
    """Destroy the content of what has ended, end idle openings, sweep the files of forgotten drafts."""
    OpenSession.objects.filter(ends_at__lt=now).delete()
    for item in Item.objects.filter(expires_at__lte=now, shredded_at=None).order_by("expires_at")[:ITEMS_A_ROUND]:
        with transaction.atomic():
            shred_item(item, at=now, why=LinkEnd.EXPIRED)
            record(kind=EventKind.EXPIRED, item=item, at=now)
    for returned in Return.objects.filter(expires_at__lte=now, shredded_at=None).order_by("pk")[:ITEMS_A_ROUND]:
        with transaction.atomic():
            shred_return(returned, at=now)
    swept = Blob.objects.filter(kept_until__lt=now).order_by("pk").values_list("whole_id", flat=True)
    for whole_id in set(swept[:ITEMS_A_ROUND]):
        with transaction.atomic():
            forget_whole(whole_id)
    give_up_late_mails(now)
