"""Sending at once, on real connections: what is left goes out exactly, one form sends once, all of it or nothing."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest

from accounts.models import User
from core.models import Counter, Job
from licenses.models import Plan
from messaging.items.errors import AlreadySent, DraftChanged, DraftMissing
from messaging.items.models import Content, Draft, Event, Gate, Item, Link, Participant
from messaging.items.services import creating
from messaging.items.services.drafting import drop_draft
from messaging.messages import letters
from messaging.messages.choices import KIND
from messaging.messages.composition import Composition, Recipient
from messaging.messages.models import Message
from messaging.messages.services import sending
from messaging.messages.services.drafting import keep_draft
from messaging.messages.services.sending import send_message
from messaging.quota.errors import QuotaExceeded
from messaging.quota.models import MonthlyCount
from tests.cast import make_user
from tests.messaging.items.making import visitor
from tests.races import on_threads

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

LEFT, SENDS, DOUBLED = 20, 100, 20
ROWS_OF_A_SEND = (Item, Participant, Link, Gate, Content, Event, Message, Job, MonthlyCount)


def make_sender(messages: int) -> User:
    """Return somebody whose plan has so many messages a month, and no other limit that matters."""
    Plan.objects.filter(code="pro").update(
        messages_per_month=messages, sends_per_hour=10_000, recipients_per_hour=10_000
    )
    return make_user("pro@demo.example", plan="pro")


def composition(**values: object) -> Composition:
    plain: dict[str, object] = {
        "recipients": [Recipient("zoe@outside.example"), Recipient("noah@outside.example")],
        "subject": "Subject",
        "body": "Text",
        "language": "en",
        "life": timedelta(days=7),
        "openings": 5,
    }
    return Composition(**plain | values)  # type: ignore[arg-type]


def begin(sender: User) -> tuple[uuid.UUID, int]:
    """Keep a draft and return its form's key and its version."""
    form_key = uuid.uuid4()
    draft = keep_draft(owner=sender, form_key=form_key, version=0, fields={"subject": ["Subject"]})
    return form_key, draft.row.version


def outcome(sender: User, form_key: uuid.UUID, version: int) -> str:
    """Send, and return the name of what came of it."""
    try:
        send_message(sender=sender, form_key=form_key, version=version, composition=composition(), visitor=visitor())
    except (AlreadySent, DraftChanged, DraftMissing, QuotaExceeded) as refusal:
        return type(refusal).__name__
    return "sent"


def test_statement_75_a_hundred_sends_with_twenty_left_send_twenty() -> None:
    sender = make_sender(LEFT)
    drafts = [begin(sender) for _ in range(SENDS)]
    outcomes = on_threads(SENDS, lambda number: outcome(sender, *drafts[number]))
    assert (outcomes.count("sent"), outcomes.count("QuotaExceeded")) == (LEFT, SENDS - LEFT)
    assert MonthlyCount.objects.get().used == LEFT
    assert Item.objects.count() == Message.objects.count() == LEFT
    assert Draft.objects.count() == SENDS - LEFT
    assert Job.objects.filter(kind="items-mail").count() == 2 * LEFT


def test_statement_76_one_form_sent_twenty_times_at_once_sends_once() -> None:
    sender = make_sender(LEFT)
    form_key, version = begin(sender)
    outcomes = on_threads(DOUBLED, lambda _number: outcome(sender, form_key, version))
    assert (outcomes.count("sent"), outcomes.count("AlreadySent")) == (1, DOUBLED - 1)
    assert MonthlyCount.objects.get().used == 1
    assert Item.objects.count() == 1
    assert Job.objects.filter(kind="items-mail").count() == 2


class Fault(Exception):
    """What the tests let happen in the middle of a sending."""


FAULTS: dict[str, tuple[object, str]] = {
    "the hour": (sending, "take_send"),
    "the month": (sending, "take_message"),
    "the item": (creating, "account_key_of"),
    "its content": (creating, "keep_manifest"),
    "a link": (creating, "make_link"),
    "a gate": (creating, "make_gate"),
    "the event": (creating, "record"),
    "a mail": (letters, "send_link_mail"),
}


@pytest.mark.parametrize("place", FAULTS)
@pytest.mark.parametrize("nth", [1, 2])
def test_statement_76_a_fault_anywhere_leaves_nothing_but_the_draft(
    monkeypatch: pytest.MonkeyPatch, place: str, nth: int
) -> None:
    sender = make_sender(LEFT)
    form_key, version = begin(sender)
    before = [model.objects.count() for model in ROWS_OF_A_SEND]
    module, name = FAULTS[place]
    as_before: Callable[..., object] = getattr(module, name)
    calls: list[int] = []

    def break_down(*args: object, **values: object) -> object:
        calls.append(1)
        if len(calls) == nth:
            raise Fault
        return as_before(*args, **values)

    monkeypatch.setattr(module, name, break_down)
    try:
        outcome(sender, form_key, version)
    except Fault:
        after = [model.objects.count() for model in ROWS_OF_A_SEND]
        assert after == before
        assert not Counter.objects.filter(name__startswith="messages.", used__gt=0).exists()
        assert Draft.objects.count() == 1
        monkeypatch.undo()
        assert outcome(sender, form_key, version) == "sent"
    else:
        assert len(calls) < nth, "the fault did not happen"
    assert Item.objects.count() == 1


def test_a_late_window_never_brings_a_sent_draft_back() -> None:
    sender = make_sender(LEFT)
    for _round in range(10):
        form_key, version = begin(sender)

        def act(number: int, form_key: uuid.UUID = form_key, version: int = version) -> str:
            if number == 0:
                return outcome(sender, form_key, version)
            try:
                keep_draft(owner=sender, form_key=form_key, version=version, fields={"subject": [f"Late {number}"]})
            except (AlreadySent, DraftChanged, DraftMissing) as refusal:
                return type(refusal).__name__
            return "kept"

        outcomes = on_threads(4, act)
        is_sent = "sent" in outcomes
        assert is_sent == Item.objects.filter(form_key=form_key).exists()
        assert is_sent != Draft.objects.filter(form_key=form_key).exists()


def test_sending_and_deleting_at_once_do_one_of_both() -> None:
    sender = make_sender(LEFT)
    for _round in range(10):
        form_key, version = begin(sender)

        def act(number: int, form_key: uuid.UUID = form_key, version: int = version) -> str:
            if number == 0:
                return outcome(sender, form_key, version)
            return "dropped" if drop_draft(kind=KIND, owner=sender, form_key=form_key) else "nothing to drop"

        outcomes = set(on_threads(2, act))
        assert outcomes in ({"sent", "nothing to drop"}, {"DraftMissing", "dropped"})
        assert not Draft.objects.filter(form_key=form_key).exists()


def test_two_windows_that_begin_one_draft_at_once_make_one() -> None:
    sender = make_sender(LEFT)
    form_key = uuid.uuid4()

    def act(number: int) -> str:
        try:
            keep_draft(owner=sender, form_key=form_key, version=0, fields={"subject": [f"Window {number}"]})
        except DraftChanged:
            return "changed"
        return "kept"

    assert sorted(on_threads(6, act)) == ["changed"] * 5 + ["kept"]
    assert Draft.objects.get().version == 1
