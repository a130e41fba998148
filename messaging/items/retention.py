"""What items forget, and when; the worker asks through the setting RETENTION_STEPS."""

import uuid
from datetime import datetime
from functools import partial

from django.db import transaction

from core.steps import take_all, take_each
from messaging.items.choices import LinkEnd
from messaging.items.events.kinds import EventKind
from messaging.items.events.recording import record
from messaging.items.models import Blob, Item, OpenSession, Return
from messaging.items.services.delivering import give_up_late_mails
from messaging.items.services.draft_sealing import seal_keys_anew
from messaging.items.services.drafting import drop_old_drafts
from messaging.items.services.shredding import ITEMS_A_ROUND, forget_whole, shred_item, shred_return


def look_after_drafts(now: datetime) -> None:
    """Delete drafts nobody changed for long, and move the keys of the others under today's key.

    Raises:
        SomeFailed: at the end, where something failed; the worker destroys no key then.
    """
    take_all([drop_old_drafts, seal_keys_anew], now)


def forget_what_is_over(now: datetime) -> None:
    """Destroy the content of what has ended, end idle openings, sweep the files of forgotten drafts.

    Each is looked at again in its own transaction: of two workers one does it, and what was prolonged or sent
    meanwhile stays.

    Raises:
        SomeFailed: at the end, where something could not be ended; all others were.
    """
    take_all([_end_openings, _end_items, _end_returns, _forget_drafts, give_up_late_mails], now)


def _end_openings(now: datetime) -> None:
    OpenSession.objects.filter(ends_at__lt=now).delete()


def _end_items(now: datetime) -> None:
    over = Item.objects.filter(expires_at__lte=now, shredded_at=None).order_by("expires_at")
    take_each(partial(_end_item, now=now), over[:ITEMS_A_ROUND])


@transaction.atomic
def _end_item(item: Item, *, now: datetime) -> None:
    ended = Item.objects.filter(pk=item.pk, expires_at__lte=now, shredded_at=None)
    if ended.update(shredded_at=now):
        shred_item(item, at=now, why=LinkEnd.EXPIRED)
        record(kind=EventKind.EXPIRED, item=item, at=now)


def _end_returns(now: datetime) -> None:
    over = Return.objects.filter(expires_at__lte=now, shredded_at=None).select_related("item", "participant")
    take_each(partial(_end_return, now=now), over.order_by("pk")[:ITEMS_A_ROUND])


@transaction.atomic
def _end_return(returned: Return, *, now: datetime) -> None:
    if shred_return(returned, at=now):
        facts = {"return": returned.whole_id, "return_kind": returned.kind}
        item, participant = returned.item, returned.participant
        record(kind=EventKind.RETURN_EXPIRED, item=item, participant=participant, facts=facts, at=now)


def _forget_drafts(now: datetime) -> None:
    swept = Blob.objects.filter(kept_until__lt=now).order_by("pk").values_list("whole_id", flat=True)
    take_each(partial(_forget_draft, now=now), set(swept[:ITEMS_A_ROUND]))


@transaction.atomic
def _forget_draft(whole_id: uuid.UUID, *, now: datetime) -> None:
    if list(Blob.objects.select_for_update().filter(whole_id=whole_id, kept_until__lt=now)):
        forget_whole(whole_id)
