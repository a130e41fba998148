"""What happened to one item, newest first: its events, and between them the looks at its links."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Window
from django.db.models.functions import RowNumber

from messaging.activity.places import Place, Span, Stretch, Turn, page_of
from messaging.items.events.kinds import EventKind
from messaging.items.models import Event, EventPerson, Item, LinkCheck, Participant

# What a sender does for one of several people.
FOR_A_PERSON = frozenset(
    {EventKind.LINK_RENEWED, EventKind.REMINDED, EventKind.ADDRESS_CORRECTED, EventKind.NUMBER_CORRECTED}
)


@dataclass(frozen=True, slots=True)
class Happening:
    """One event with what is still known of who acted.

    Args:
        who: values by name: name, address, ip, network, browser; what was erased is missing.
        about: name, else address, of the person outside for whom the sender did it; empty for any other event.
        older_in: reference of the item in whose log the older events of the same person are; empty where none is left
            out.
    """

    event: Event
    who: dict[str, str]
    about: str = ""
    older_in: str = ""

    @property
    def participant_id(self) -> int | None:
        """Key of the person outside whom it is about, if of anybody."""
        return self.event.participant_id


@dataclass(frozen=True, slots=True)
class Check:
    """How often a person's link was fetched in one hour.

    Args:
        checks: those that are not counted as `automatic_checks`; all where `is_automatic`.
        is_automatic: all of it by programs, as far as these can be told.
        automatic_checks: so many were by programs, beside others.
        is_opened: a browser that looked opened the link afterwards.
        is_former_address: the person had another address when the link was theirs.
    """

    participant: Participant
    hour_at: datetime
    checks: int
    is_automatic: bool
    is_opened: bool
    is_former_address: bool = False
    automatic_checks: int = 0

    @property
    def participant_id(self) -> int:
        """Key of the person whose link it was."""
        return self.participant.pk


def timeline(*, item: Item, turn: Turn, length: int) -> tuple[list[Happening | Check], Turn]:
    """Return one page of what happened to an item, newest first, and the ways on from it; four queries.

    The looks between two events are on the page of the earlier one.
    """
    events, ways = page_of(_events(item), turn, instant="at", length=length, read=list)
    begins_at = events[-1].at if events and ways.older_than else None
    ends_at = _next_newer(item, ways.newer_than) if ways.newer_than else None
    return _with_checks(item, events, begins_at, ends_at), ways


def newest(item: Item, *, most: int) -> list[Happening | Check]:
    """Return what happened to an item last, newest first; three queries.

    What one person did never takes the place of what little another did: each has an equal share.

    Args:
        most: so many events at most, and the looks between them; more than the item has people.
    """
    of_same = Window(Count("*"), partition_by=F("participant_id"))
    place = Window(RowNumber(), partition_by=F("participant_id"), order_by=[F("at").desc(), F("pk").desc()])
    rows = _events(item).annotate(of_same=of_same, place=place).order_by("place", "-at", "-pk")[:most]
    oldest = {row.participant_id: row for row in rows}
    cut = {person: row for person, row in oldest.items() if row.place < row.of_same}
    events = [
        replace(one, older_in=item.reference) if one.event == cut.get(one.participant_id) else one
        for one in with_people(list(rows))
    ]
    checks = [
        one for one in _checks(item) if one.participant_id not in cut or cut[one.participant_id].at <= one.hour_at
    ]
    return sorted([*events, *checks], key=_order, reverse=True)


def history(item: Item) -> list[Happening]:
    """Return every event of an item, oldest first."""
    return with_people(list(_events(item).order_by("at", "pk")))


def with_people(events: Sequence[Event]) -> list[Happening]:
    """Return events with what is known of who acted; one query, a second one where the sender did it for a person."""
    people = EventPerson.objects.filter(pk__in=[event.pk for event in events])
    values = {
        pk: {name: value for name, (_salt, value) in fields.items()}
        for pk, fields in people.values_list("pk", "fields")
    }
    about = {event.pk: event.participant_id for event in events if event.kind in FOR_A_PERSON and event.participant_id}
    named = Participant.objects.filter(pk__in=set(about.values())).values_list("pk", "name", "email") if about else ()
    names = {pk: name or email for pk, name, email in named}
    return [Happening(event, values.get(event.pk, {}), names.get(about.get(event.pk, 0), "")) for event in events]


def _events(item: Item) -> QuerySet[Event]:
    return Event.objects.filter(item_id=item.pk, at__gte=item.sent_at)


def _next_newer(item: Item, place: Place) -> datetime | None:
    newer = Stretch(place, is_upward=True).of(_events(item), "at", Span())
    return newer.values_list("at", flat=True).first()


def _with_checks(
    item: Item, events: Sequence[Event], begins_at: datetime | None, ends_at: datetime | None
) -> list[Happening | Check]:
    checks = [check for check in _checks(item) if _lies_between(check.hour_at, begins_at, ends_at)]
    happened: list[Happening | Check] = [*with_people(events), *checks]
    return sorted(happened, key=_order, reverse=True)


def _checks(item: Item) -> list[Check]:
    corrected = Event.objects.filter(
        item_id=item.pk,
        participant_id=OuterRef("link__participant"),
        kind=EventKind.ADDRESS_CORRECTED,
        at__gte=OuterRef("link__ended_at"),
    )
    rows = LinkCheck.objects.filter(link__participant__item=item).annotate(is_former_address=Exists(corrected))
    rows = rows.select_related("link__participant")
    return [_check(row, row.is_former_address) for row in rows.order_by("hour_at", "link__participant__position")]


def _check(row: LinkCheck, is_former_address: bool) -> Check:
    beside = 0 if row.is_automatic else row.automatic_checks
    return Check(
        participant=row.link.participant,
        hour_at=row.hour_at,
        checks=row.checks - beside,
        is_automatic=row.is_automatic,
        is_opened=row.is_opened,
        is_former_address=is_former_address,
        automatic_checks=beside,
    )


def _lies_between(at: datetime, begins_at: datetime | None, ends_at: datetime | None) -> bool:
    return (begins_at is None or begins_at <= at) and (ends_at is None or at < ends_at)


def _order(happened: Happening | Check) -> tuple[datetime, int]:
    return (happened.hour_at, 0) if isinstance(happened, Check) else (happened.event.at, happened.event.pk)
