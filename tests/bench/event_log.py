"""Record events and insert the same rows plainly, in turn, then seal them: `python -m tests.bench.event_log`.

Prints how fast recording is beside the plain insert, and sealing beside recording, all in the portal's database of the
benchmark. Source: docs/decisions/0018-benchmark.md
"""

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.bench.table import Goal, Spread, judged

TURNS = 8
WARM_UP_TURNS = 1
ROUNDS_A_TURN = 200
# With as many plain ones: one full pass of the sealing a turn.
EVENTS_A_ROUND = 5
RECORDING = Goal(must=0.9, aim=0.97)
SEALING = Goal(must=1.0, aim=2.0)


@dataclass(frozen=True, slots=True)
class Turn:
    """Seconds an event, of each round; and of the sealing behind them."""

    plain: list[float]
    recording: list[float]
    sealing: float


def main() -> None:
    """Measure and print."""
    turns = measure()[WARM_UP_TURNS:]
    plain = [seconds for turn in turns for seconds in turn.plain]
    recording = [seconds for turn in turns for seconds in turn.recording]
    sealing = [turn.sealing for turn in turns]
    recorded = Spread.of([base / own for base, own in zip(plain, recording, strict=True)])
    sealed = Spread.of([statistics.median(turn.recording) / turn.sealing for turn in turns])
    sys.stdout.write(
        f"Event log, one event a transaction: {_rate(plain)} plain inserts of both rows, {_rate(recording)} recorded, "
        f"{_rate(sealing)} sealed a second.\n"
        f"Recording, times the speed of the plain insert: {judged(recorded, RECORDING)}\n"
        f"Sealing, times the speed of recording: {judged(sealed, SEALING)}\n"
    )


def measure() -> list[Turn]:
    """Return what each turn took."""
    import django

    django.setup()
    from django.db import transaction

    from accounts.models import User
    from messaging.items.events.sealing import seal_events
    from messaging.items.models import Event, EventPerson
    from tests.bench.portal_person import EMAIL
    from tests.messaging.items.event_log import make_item, make_participant, open_item

    item = make_item(User.objects.get(email=EMAIL))
    participant = make_participant(item)
    pattern = open_item(item, participant)
    event = Event.objects.filter(pk=pattern.pk).values().get() | {"id": None}
    person = EventPerson.objects.filter(pk=pattern.pk).values("at", "fields").get()

    def insert() -> None:
        with transaction.atomic():
            EventPerson.objects.create(event_id=Event.objects.create(**event).pk, **person)

    def record() -> None:
        with transaction.atomic():
            open_item(item, participant)

    def turn() -> Turn:
        plain, recording = zip(*[(_seconds(insert), _seconds(record)) for _round in range(ROUNDS_A_TURN)], strict=True)
        began = time.perf_counter()
        sealed = seal_events(organization_id=item.organization_id)
        return Turn(list(plain), list(recording), (time.perf_counter() - began) / sealed)

    return [turn() for _turn in range(TURNS)]


def _seconds(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    for _event in range(EVENTS_A_ROUND):
        act()
    return (time.perf_counter() - began) / EVENTS_A_ROUND


def _rate(seconds: list[float]) -> int:
    return round(1 / statistics.median(seconds))


if __name__ == "__main__":
    main()
