"""What happened to a message, for its sender: one timeline for each recipient, and one for the message itself."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.browsers import browser_in_words
from core import cultures
from messaging.activity.telling import BAD, GOOD, ICONS
from messaging.items.choices import Proof
from messaging.items.events.kinds import EventKind
from messaging.items.models import Event, EventPerson, Item
from messaging.messages.limits import TIMELINE_MOST_EVENTS

Facts = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened, in words.

    Args:
        details: what the event's facts add, in words; may be empty.
        ip: full, or the network once the address was shortened.
    """

    at: datetime
    icon: str
    what: str
    details: str
    ip: str
    browser: str
    tone: str


def timelines_of(item: Item) -> dict[int | None, list[Line]]:
    """Return the lines of a message by the key of the recipient they are about, newest first; two queries.

    What is about nobody in particular stands under None.
    """
    events = list(
        Event.objects.filter(item_id=item.pk, at__gte=item.sent_at).order_by("-at", "-pk")[:TIMELINE_MOST_EVENTS]
    )
    known = EventPerson.objects.filter(pk__in=[event.pk for event in events]).values_list("pk", "fields")
    people = {pk: {name: value for name, (_salt, value) in fields.items()} for pk, fields in known}
    lines: dict[int | None, list[Line]] = defaultdict(list)
    for event in events:
        lines[event.participant_id].append(_line(event, people.get(event.pk, {})))
    return dict(lines)


def _line(event: Event, who: Mapping[str, str]) -> Line:
    kind = EventKind(event.kind)
    return Line(
        at=event.at,
        icon=ICONS[kind],
        what=str(kind.label),
        details=_details(kind, event.facts),
        ip=who.get("ip", "") or who.get("network", ""),
        browser=browser_in_words(who["browser"]) if who.get("browser") else "",
        tone="is-good" if kind in GOOD else "is-danger" if kind in BAD else "",
    )


def _details(kind: EventKind, facts: Facts) -> str:
    if kind is EventKind.OPENED:
        return _("opening %(number)s, %(proof)s") % {
            "number": facts["opening"],
            "proof": Proof(str(facts["proof"])).label,
        }
    if kind is EventKind.EXTENDED:
        ends_at = datetime.fromisoformat(str(facts["expires_at"]))
        return _("now %(instant)s") % {"instant": cultures.format_instant(ends_at)}
    if kind is EventKind.CODE_FAILED:
        return _("tries left: %(count)s") % {"count": facts["tries_left"]}
    return ""
