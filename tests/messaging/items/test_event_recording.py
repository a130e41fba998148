"""What is recorded of an act: declared facts in the event, personal values beside it, nothing that is content."""

import json
import uuid
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.utils.translation import override

from core.crypto.chain import commit_to
from messaging.items.choices import CodePurpose, Proof, ReturnKind
from messaging.items.events.kinds import FACTS, EventKind, FactRefused, MailFailure, checked_facts
from messaging.items.events.recording import record
from messaging.items.models import Event, EventPerson
from tests.messaging.items.event_log import (
    ADDRESS,
    BROWSER,
    IP,
    NOON,
    RECIPIENT,
    make_item,
    make_participant,
    make_sender,
    open_item,
)

pytestmark = pytest.mark.django_db

ROOT = Path(settings.BASE_DIR)
GOOD_FACTS: dict[str, object] = {
    "digests": [bytes(range(32))],
    "expires_at": NOON,
    "is_time_stamped": True,
    "file": uuid.UUID(int=7),
    "files": 2,
    "link": 1,
    "opening": 3,
    "people": 4,
    "proof": Proof.SMS_CODE,
    "purpose": CodePurpose.REPLYING,
    "reason": MailFailure.REFUSED,
    "return": uuid.UUID(int=8),
    "return_kind": ReturnKind.REPLY,
    "size_bytes": 12_345,
    "tries_left": 4,
}
# What people write, and what opens something.
CONTENT = {
    "a subject": "Testament of Mrs. Roy",
    "a short subject": "testament",
    "the name of a file": "testament.pdf",
    "a body": "Dear Dominique,\nplease find enclosed …",
    "a code": "482913",
    "a password": "violet-Harbour-7",
    "a link's secret": "q3cJ1u7yJk0v3m3WcC9b5wT9o2mWn8xH6yq1F0a4ZsE",
    "a phone number": "+15145550123",
    "an e-mail address": ADDRESS,
    "an IP address": IP,
    "bytes": b"\x00\x01",
    "something with parts": {"subject": "Testament"},
}
CONTENT_NAMES = (
    "subject",
    "file_name",
    "name",
    "body",
    "text",
    "secret",
    "code",
    "password",
    "hint",
    "number",
    "address",
)


def test_an_event_is_a_row_of_facts_and_a_row_of_personal_values() -> None:
    item = make_item(make_sender())
    participant = make_participant(item)
    open_item(item, participant)
    event, person = Event.objects.get(), EventPerson.objects.get()
    assert (event.at, event.kind, event.number, event.digest) == (NOON, "item:message:opened", None, None)
    assert (event.organization_id, event.user_id, event.item_id) == (item.organization_id, item.sender_id, item.pk)
    assert event.participant_id == participant.pk
    assert event.facts == {"link": 1, "proof": "opening_code", "opening": 1}
    assert (person.event_id, person.at) == (event.pk, NOON)
    assert {field: value for field, (_salt, value) in person.fields.items()} == {
        "name": RECIPIENT,
        "address": ADDRESS,
        "ip": IP,
        "network": "203.0.113.0/24",
        "browser": BROWSER,
    }


def test_the_event_holds_commitments_and_no_personal_value() -> None:
    open_item(make_item(make_sender()))
    event, person = Event.objects.get(), EventPerson.objects.get()
    assert event.commitments == {
        field: commit_to(bytes.fromhex(salt), value).hex() for field, (salt, value) in person.fields.items()
    }
    row = json.dumps(Event.objects.values("kind", "facts", "commitments").get())
    assert [value for _salt, value in person.fields.values() if value in row] == []


def test_each_value_has_a_salt_of_its_own() -> None:
    item = make_item(make_sender())
    for _ in range(3):
        open_item(item)
    salts = [salt for person in EventPerson.objects.all() for salt, _value in person.fields.values()]
    assert len(set(salts)) == len(salts) == 15
    assert {len(bytes.fromhex(salt)) for salt in salts} == {16}


def test_what_the_portal_does_by_itself_has_no_personal_row() -> None:
    record(kind=EventKind.EXPIRED, item=make_item(make_sender()), at=NOON)
    assert Event.objects.get().commitments == {}
    assert not EventPerson.objects.exists()


def test_without_an_instant_it_is_now() -> None:
    before = Event.objects.count()
    event = record(kind=EventKind.EXPIRED, item=make_item(make_sender()))
    assert (before, event.at.year >= 2026, event.at.tzinfo is None) == (0, True, False)


def test_an_act_that_is_taken_back_leaves_no_event() -> None:
    item = make_item(make_sender())
    with transaction.atomic():
        open_item(item)
        transaction.set_rollback(True)
    assert (Event.objects.count(), EventPerson.objects.count()) == (0, 0)


@pytest.mark.parametrize("kind", EventKind)
def test_each_kind_declares_its_facts(kind: EventKind) -> None:
    facts = {name: GOOD_FACTS[name] for name in FACTS[kind]}
    checked = checked_facts(kind, facts)
    assert checked.keys() == FACTS[kind]
    assert json.loads(json.dumps(checked)) == checked


@pytest.mark.parametrize("kind", EventKind)
@pytest.mark.parametrize("name", CONTENT_NAMES)
def test_a_fact_that_is_not_declared_is_an_error(kind: EventKind, name: str) -> None:
    with pytest.raises(FactRefused, match=name):
        checked_facts(kind, {name: 1})


def test_no_event_carries_all_facts() -> None:
    assert {name for facts in FACTS.values() for name in facts} == GOOD_FACTS.keys()
    for kind in EventKind:
        for name in GOOD_FACTS.keys() - FACTS[kind]:
            with pytest.raises(FactRefused):
                checked_facts(kind, {name: GOOD_FACTS[name]})


@pytest.mark.parametrize("what", CONTENT)
@pytest.mark.parametrize("name", GOOD_FACTS)
def test_170_no_fact_takes_what_is_content_or_secret(name: str, what: str) -> None:
    kind = next(kind for kind in EventKind if name in FACTS[kind])
    with pytest.raises(FactRefused) as refusal:
        checked_facts(kind, {name: CONTENT[what]})
    assert str(CONTENT[what]) not in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [("files", -1), ("files", True), ("files", 1.5), ("expires_at", datetime(2026, 1, 1))],
)
def test_a_fact_in_another_form_is_an_error(name: str, value: object) -> None:
    kind = next(kind for kind in EventKind if name in FACTS[kind])
    with pytest.raises(FactRefused):
        checked_facts(kind, {name: value})


def test_a_refused_fact_leaves_nothing() -> None:
    with pytest.raises(FactRefused):
        record(kind=EventKind.OPENED, item=make_item(make_sender()), facts={"subject": "Testament"}, name=RECIPIENT)
    assert (Event.objects.count(), EventPerson.objects.count()) == (0, 0)


@pytest.mark.parametrize("kind", EventKind)
def test_each_kind_is_written_down_by_a_service(kind: EventKind) -> None:
    """A kind that nothing records is a promise of the log that nobody keeps."""
    places = (path for package in ("messaging", "signatures") for path in (ROOT / package).rglob("*.py"))
    writers = [path for path in places if path.name == "retention.py" or path.parent.name == "services"]
    assert any(f"EventKind.{kind.name}" in path.read_text(encoding="utf-8") for path in writers)


@pytest.mark.parametrize("kind", EventKind)
def test_each_kind_is_named_in_three_parts_and_in_both_languages(kind: EventKind) -> None:
    assert len(kind.value.split(":")) == 3
    with override("fr"):
        french = str(kind.label)
    with override("en"):
        assert french != str(kind.label)
