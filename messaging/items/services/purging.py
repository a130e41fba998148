"""Delete the rows of what ended long ago: the item with its people, their links and what came back.

Content is destroyed at the end already; this is what the log showed since.
Source: docs/decisions/0049-end-of-the-log.md
"""

from collections.abc import Iterator
from datetime import datetime

from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef, QuerySet

from core.steps import take_each
from messaging.items.models import Gate, Item, Link, LinkCheck, OpenSession, Participant, Return, log_is_kept
from messaging.items.services.shredding import ITEMS_A_ROUND


def purge_what_is_old(now: datetime) -> None:
    """Delete the items that ended so long ago that their events are forgotten too; called after that.

    Raises:
        SomeFailed: at the end, where one could not be deleted; it keeps none of the others.
    """
    unread = Return.objects.filter(item=OuterRef("pk"), shredded_at=None)
    ended = Item.objects.exclude(shredded_at=None)
    over = ended.filter(~Exists(unread)).exclude(log_is_kept(now))
    take_each(_purge_batch, _batches(over))


def _batches(items: QuerySet[Item]) -> Iterator[list[int]]:
    done = 0
    while batch := list(items.filter(pk__gt=done).order_by("pk").values_list("pk", flat=True)[:ITEMS_A_ROUND]):
        yield batch
        done = batch[-1]


def _purge_batch(items: list[int]) -> None:
    """Delete items together, or each alone where one of them cannot be deleted."""
    try:
        _purge(items)
    except IntegrityError:
        take_each(_purge_one, items)


def _purge_one(item: int) -> None:
    _purge([item])


@transaction.atomic
def _purge(items: list[int]) -> None:
    links = Link.objects.filter(participant__item__in=items)
    for of_links in (OpenSession, LinkCheck, Gate):
        of_links.objects.filter(link__in=links).delete()
    links.delete()
    Return.objects.filter(item__in=items).delete()
    for beside in _tables_beside(Participant):
        beside._base_manager.filter(pk__in=Participant.objects.filter(item__in=items).values("pk")).delete()
    Participant.objects.filter(item__in=items).delete()
    for beside in _tables_beside(Item):
        beside._base_manager.filter(pk__in=items).delete()
    Item.objects.filter(pk__in=items).delete()


def _tables_beside(table: type[models.Model]) -> Iterator[type[models.Model]]:
    """Yield the tables in which products keep one row for each of their items, or of its people, by its key."""
    for relation in table._meta.related_objects:
        if relation.one_to_one and isinstance(relation.related_model, type):
            yield relation.related_model
