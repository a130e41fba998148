"""Make two people, one with 10,000 events in their log and one with 1,000,000: `python -m tests.bench.portal_log`.

One item of each is made by the services; the others are copies of its rows with labels of their own, written in bulk.
"""

import os
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User
    from messaging.items.models import Item

ITEMS_OF = {"thousands@demo.example": 1_000, "million@demo.example": 100_000}
EVENTS_AN_ITEM = 10
NEWEST_AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
STEP = timedelta(minutes=1)
ITEMS_A_BATCH = 1_000
SHOWN = 50


def log_pages(email: str) -> dict[str, str]:
    """Return the addresses of the first, the middle and the last page of somebody's log, by name."""
    items, log = ITEMS_OF[email], "/account/activity/?start_on=&end_on="
    name = f"log of {items * EVENTS_AN_ITEM:,} events"
    return {
        f"{name}, first": log,
        f"{name}, middle": f"{log}&older={_place(items // 2)}",
        f"{name}, last": f"{log}&older={_place(items - SHOWN - 1)}",
    }


def main() -> None:
    """Make both; the password comes from the environment."""
    import django

    django.setup()
    from tests.cast import make_organization, make_user

    for email, items in ITEMS_OF.items():
        organization = make_organization(email)
        user = make_user(email, organization=organization, plan="pro", password=os.environ["BENCH_PASSWORD"])
        fill_log(user, items)


def fill_log(user: "User", items: int) -> None:
    """Give somebody's log so many items."""
    from django.db import transaction

    from tests.messaging.items.making import send_item

    first = send_item(user).item
    for start in range(1, items, ITEMS_A_BATCH):
        with transaction.atomic():
            _copy(first, range(start, min(items, start + ITEMS_A_BATCH)))
    type(first).objects.filter(pk=first.pk).update(sent_at=NEWEST_AT)


def _copy(first: "Item", numbers: range) -> None:
    from core.keys import monday_of
    from messaging.items.models import Event, Item, Participant
    from messaging.items.services.account_keys import Label, account_key_of, seal_label

    person, key = first.participants.get(), account_key_of(first.sender)
    items = []
    for number in numbers:
        whole_id = uuid.uuid4()
        copied = {field.attname: getattr(first, field.attname) for field in Item._meta.concrete_fields}
        reference = f"{first.sender_id:02}{number:010}"
        own = {"id": None, "whole_id": whole_id, "form_key": uuid.uuid4(), "reference": reference}
        says = Label(f"Offer no. {number}, with the signed schedule")
        label = seal_label(key, says, whole_id=whole_id, week_on=monday_of(first.expires_at))
        items.append(Item(**copied | own | {"sent_at": NEWEST_AT - number * STEP, "label_sealed": label}))
    Item.objects.bulk_create(items)
    people = [{field.attname: getattr(person, field.attname) for field in Participant._meta.concrete_fields}] * len(
        items
    )
    Participant.objects.bulk_create(
        Participant(**values | {"id": None, "item_id": item.pk, "holder_id": uuid.uuid4()})
        for values, item in zip(people, items, strict=True)
    )
    Event.objects.bulk_create(
        Event(
            at=item.sent_at + n * STEP,
            organization_id=item.organization_id,
            user_id=item.sender_id,
            item_id=item.pk,
            kind="item:message:opened",
            facts={"link": 1},
            commitments={},
            number=EVENTS_AN_ITEM * item.pk + n,
            digest=bytes(32),
        )
        for item in items
        for n in range(EVENTS_AN_ITEM)
    )


def _place(number: int) -> str:
    from messaging.activity.places import Place

    return Place(NEWEST_AT - number * STEP, 0).to_text()


if __name__ == "__main__":
    main()
