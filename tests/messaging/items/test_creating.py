"""An item is made once, whole, with everything sealed."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import F

from core.db import database_now
from messaging.items.errors import AlreadySent
from messaging.items.limits import REFERENCE_CHARACTERS, REFERENCE_LETTERS
from messaging.items.manifests import FileEntry, Manifest
from messaging.items.models import AccountKey, Item, Link, Participant
from messaging.items.references import new_reference, shown_reference, stored_reference
from messaging.items.services.account_keys import account_key_of, labels_of, sealed_labels
from messaging.items.services.creating import Person
from tests.messaging.items.making import SUBJECT, make_sender, send_item
from tests.races import on_threads

pytestmark = pytest.mark.django_db


def test_each_person_has_an_own_link() -> None:
    sent = send_item(make_sender(), [Person(email=f"person{number}@outside.example") for number in range(3)])
    rows = list(Link.objects.all())
    assert len({bytes(row.locator) for row in rows}) == len({bytes(row.wrap or b"") for row in rows}) == 3
    assert len({made.secret.reveal() for made in sent.links}) == 3
    assert [participant.position for participant in sent.item.participants.order_by("position")] == [1, 2, 3]


def test_the_same_form_twice_makes_one_item() -> None:
    sender, form_key = make_sender(), uuid.uuid4()
    first = send_item(sender, form_key=form_key)
    with pytest.raises(AlreadySent) as refused:
        send_item(sender, form_key=form_key)
    assert refused.value.reference == first.item.reference
    assert (Item.objects.count(), Participant.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_same_form_twenty_times_at_once_makes_one_item() -> None:
    sender, form_key = make_sender(), uuid.uuid4()

    def attempt(_number: int) -> bool:
        try:
            with transaction.atomic():
                send_item(sender, form_key=form_key)
        except AlreadySent:
            return False
        return True

    assert sum(on_threads(20, attempt)) == 1
    assert (Item.objects.count(), Participant.objects.count(), AccountKey.objects.count()) == (1, 1, 1)


def test_a_label_is_kept_with_the_copy_only() -> None:
    sender = make_sender()
    entry = FileEntry(uuid.uuid4().hex, "will.pdf", "application/pdf", 7, "00")
    kept = send_item(sender, manifest=Manifest(SUBJECT, "text", (entry,))).item
    without = send_item(sender, is_copy_kept=False).item
    label = labels_of(account_key_of(sender), sealed_labels([kept]))[kept.whole_id]
    assert (label.subject, label.files) == (SUBJECT, ("will.pdf",))
    assert (without.copy_box, without.label_sealed) == (None, None)
    assert (kept.file_count, kept.size_bytes) == (1, 7 + len("text"))


def test_the_cell_number_is_sealed_and_bound_to_its_row() -> None:
    sent = send_item(make_sender(), [Person(email="a@outside.example", number="+14165550123")] * 2)
    first, second = sent.item.participants.order_by("position")
    assert (first.number, first.number_end) == ("+14165550123", "23")
    assert first.number_sealed != second.number_sealed
    assert bytes(first.number_digest or b"") == bytes(second.number_digest or b"")
    assert b"4165550123" not in bytes(first.number_sealed or b"")


def test_the_database_refuses_what_cannot_be() -> None:
    sent = send_item(make_sender())
    wrong: list[Callable[[], int]] = [
        lambda: Item.objects.update(expires_at=F("sent_at")),
        lambda: Item.objects.update(longest_until=F("expires_at") - timedelta(days=1)),
        lambda: Participant.objects.update(openings_used=F("openings_allowed") + 1),
        lambda: Link.objects.update(ended_at=database_now()),
    ]
    for change in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    sent.item.refresh_from_db()


def test_addresses_kept_before_are_folded_anew() -> None:
    send_item(make_sender(), [Person("b@bücher.example"), Person("zoe@outside.example"), Person("")])
    Participant.objects.update(email_key=F("email"))
    import_module("messaging.items.migrations.0022_fold_domains").fold_domains(apps, None)
    keys = Participant.objects.order_by("position").values_list("email", "email_key")
    assert list(keys) == [("b@bücher.example", "b@xn--bcher-kva.example"), ("zoe@outside.example",) * 2, ("", "")]


def test_a_reference_is_easy_to_say_and_to_type() -> None:
    reference = new_reference()
    assert len(reference) == REFERENCE_CHARACTERS
    assert set(reference) <= set(REFERENCE_LETTERS)
    shown = shown_reference(reference)
    assert [len(group) for group in shown.split("-")] == [4, 4, 4]
    assert stored_reference(f" {shown.lower()} ") == reference
