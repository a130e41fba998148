"""Count events by quarter hour of UTC, since every zone's offset is a whole number of quarter hours."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from messaging.items.events.chain import Recorded
from messaging.items.events.kinds import COUNTED_APART, EventKind
from messaging.items.models import QuarterHour

QUARTER_HOUR = timedelta(minutes=15)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Cell = tuple[int, datetime, str]


@dataclass(slots=True)
class Counted:
    """How many events, files and bytes fall into one cell."""

    events: int = 0
    files: int = 0
    size_bytes: int = 0

    def holds(self, other: "Counted") -> bool:
        """Tell whether nothing of another count is missing here."""
        return self.events >= other.events and self.files >= other.files and self.size_bytes >= other.size_bytes


def count_events(organization_id: int, sealed: Iterable[Recorded]) -> None:
    """Add sealed events to their organization's counts; the caller holds the organization's head."""
    found = cells(sealed)
    starts = {starts_at for _user_id, starts_at, _kind in found}
    before = QuarterHour.objects.filter(organization_id=organization_id, starts_at__in=starts)
    for row in before.filter(user_id__in={user_id for user_id, _starts_at, _kind in found}):
        if (here := found.get((row.user_id, row.starts_at, row.kind))) is not None:
            here.events += row.events
            here.files += row.files
            here.size_bytes += row.size_bytes
    QuarterHour.objects.bulk_create(
        [
            QuarterHour(
                organization_id=organization_id,
                user_id=user_id,
                starts_at=starts_at,
                kind=kind,
                events=counted.events,
                files=counted.files,
                size_bytes=counted.size_bytes,
            )
            for (user_id, starts_at, kind), counted in found.items()
        ],
        update_conflicts=True,
        unique_fields=["organization_id", "user_id", "starts_at", "kind"],
        update_fields=["events", "files", "size_bytes"],
    )


def cells(sealed: Iterable[Recorded]) -> dict[Cell, Counted]:
    """Return the counts of events by user, quarter hour and the word under which they are counted."""
    found: dict[Cell, Counted] = {}
    for event in sealed:
        here = found.setdefault((event.user_id, quarter_hour_of(event.at), counted_as(event)), Counted())
        here.events += 1
        here.files += _whole(event, "files")
        here.size_bytes += _whole(event, "size_bytes")
    return found


def counted_as(event: Recorded) -> str:
    """Return the word under which an event is counted: its kind, but for what came back and is no reply."""
    if event.kind != EventKind.RETURN_ARRIVED:
        return event.kind
    return COUNTED_APART.get(str(event.facts.get("return_kind")), event.kind)


def quarter_hour_of(at: datetime) -> datetime:
    """Return the beginning of the quarter hour of UTC in which an instant lies."""
    return at - (at - EPOCH) % QUARTER_HOUR


def _whole(event: Recorded, fact: str) -> int:
    value = event.facts.get(fact, 0)
    return value if isinstance(value, int) else 0
