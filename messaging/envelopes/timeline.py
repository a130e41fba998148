"""What happened to an envelope, in words, newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import cultures
from messaging.items.events.kinds import EventKind
from messaging.items.models import Event, EventPerson, Item

GOOD = frozenset({EventKind.OPENED, EventKind.RETURN_ARRIVED, EventKind.FILE_DOWNLOADED})
BAD = frozenset({EventKind.MAIL_FAILED, EventKind.CODE_FAILED, EventKind.CODE_STOPPED, EventKind.CODE_MISSING})
MOST_EVENTS = 500


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened.

    Args:
        details: what the event's facts add; may be empty.
        who: name or address of who acted, as far as it is still known.
        ip: full, or the network once the address was shortened.
        tone: how the line is marked; may be empty.
    """

    at: datetime
    what: str
    details: str
    who: str
    ip: str
    tone: str


def timeline_of(item: Item) -> list[Line]:
    """Return what happened to an item; two queries."""
    events = list(Event.objects.filter(item_id=item.pk, at__gte=item.sent_at).order_by("-at", "-pk")[:MOST_EVENTS])
    people = EventPerson.objects.filter(pk__in=[event.pk for event in events]).values_list("pk", "fields")
    known = {pk: {name: value for name, (_salt, value) in fields.items()} for pk, fields in people}
    return [_line(event, known.get(event.pk, {})) for event in events]


def _line(event: Event, who: Mapping[str, str]) -> Line:
    kind = EventKind(event.kind)
    return Line(
        at=event.at,
        what=str(kind.label),
        details=_details(kind, event.facts),
        who=who.get("name") or who.get("address", ""),
        ip=who.get("ip") or who.get("network", ""),
        tone="is-good" if kind in GOOD else "is-danger" if kind in BAD else "",
    )


def _details(kind: EventKind, facts: Mapping[str, object]) -> str:
    if kind in (EventKind.SENT, EventKind.EXTENDED):
        at = cultures.format_instant(datetime.fromisoformat(str(facts["expires_at"])))
        return _("open until %(at)s") % {"at": at}
    if kind is EventKind.RETURN_ARRIVED:
        files = int(str(facts["files"]))
        return ngettext("%(count)s file", "%(count)s files", files) % {"count": cultures.format_number(files)}
    if kind is EventKind.CODE_FAILED:
        left = int(str(facts["tries_left"]))
        return ngettext("%(count)d try left", "%(count)d tries left", left) % {"count": left}
    return ""
