"""How far each signer has come, told from their row and from what happened to them last.

Source: docs/decisions/0072-tracking.md
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from django.db.models import Max

from messaging.items.events.kinds import EventKind
from messaging.items.models import Event
from signatures.choices import RequestState, SignerState
from signatures.models import Signer

WRONG_CODES = (EventKind.CODE_FAILED, EventKind.CODE_STOPPED, EventKind.CODE_EXPIRED, EventKind.CODE_MISSING)
ICONS = {
    SignerState.WAITING: "clock",
    SignerState.NOT_ASKED: "clock",
    SignerState.ON_ITS_WAY: "send",
    SignerState.HANDED_OVER: "mail",
    SignerState.NOT_DELIVERED: "warning",
    SignerState.OPENED: "eye",
    SignerState.CODE_FAILED: "warning",
    SignerState.SIGNED: "check-circle",
    SignerState.DECLINED: "stop",
}
TONES = {
    SignerState.SIGNED: "good",
    SignerState.OPENED: "info",
    SignerState.HANDED_OVER: "info",
    SignerState.ON_ITS_WAY: "info",
    SignerState.CODE_FAILED: "danger",
    SignerState.NOT_DELIVERED: "danger",
    SignerState.DECLINED: "danger",
}

Moments = Mapping[EventKind, datetime]


@dataclass(frozen=True, slots=True)
class Latest:
    """When each kind of thing happened last: to each person of some items, and anything at all to each item.

    Args:
        by_person: key of a participant to kinds of event and aware instants.
        by_item: key of an item to an aware instant.
    """

    by_person: Mapping[int, Moments] = field(default_factory=dict)
    by_item: Mapping[int, datetime] = field(default_factory=dict)

    def of(self, signer: Signer) -> Moments:
        """Return what happened last to one signer."""
        return self.by_person.get(signer.participant_id, {})


@dataclass(frozen=True, slots=True)
class Progress:
    """One signer and how far they have come.

    Args:
        at: aware instant since which it is so; None where nothing has happened yet.
    """

    signer: Signer
    state: SignerState
    at: datetime | None

    @property
    def name(self) -> str:
        """How the requester knows this person."""
        return self.signer.participant.name or self.signer.participant.email

    @property
    def icon(self) -> str:
        """Name of the icon of the state."""
        return ICONS[self.state]

    @property
    def tone(self) -> str:
        """How the word for the state is tinted."""
        return TONES.get(self.state, "")


class Dated(Protocol):
    """An item with the instant of its sending."""

    @property
    def pk(self) -> int: ...

    @property
    def sent_at(self) -> datetime: ...


def latest_of(items: Collection[Dated]) -> Latest:
    """Return what happened last to some items and their people; one query, none where there are no items."""
    if not items:
        return Latest()
    since = min(item.sent_at for item in items)
    events = Event.objects.filter(item_id__in=[item.pk for item in items], at__gte=since)
    by_person: defaultdict[int, dict[EventKind, datetime]] = defaultdict(dict)
    by_item: dict[int, datetime] = {}
    rows = events.order_by().values_list("item_id", "participant_id", "kind").annotate(latest_at=Max("at"))
    for item, person, kind, at in rows:
        by_item[item] = max(at, by_item.get(item, at))
        if person is not None:
            by_person[person][EventKind(kind)] = at
    return Latest(by_person, by_item)


def progress_of(signers: Iterable[Signer], latest: Latest, *, state: RequestState) -> list[Progress]:
    """Return how far the signers of one request have come, in the order given.

    Args:
        state: of the request; once it is over, nobody waits any more.
    """
    is_over = state in {RequestState.EXPIRED, RequestState.DECLINED, RequestState.CANCELLED}
    return [Progress(signer, *_standing(signer, latest.of(signer), is_over)) for signer in signers]


def awaited(people: Sequence[Progress]) -> list[Progress]:
    """Return whose turn it is: who was written to and has not signed."""
    done = {SignerState.SIGNED, SignerState.DECLINED, SignerState.WAITING, SignerState.NOT_ASKED}
    return [one for one in people if one.state not in done]


def _standing(signer: Signer, moments: Moments, is_over: bool) -> tuple[SignerState, datetime | None]:
    person = signer.participant
    if signer.signed_at is not None:
        return SignerState.SIGNED, signer.signed_at
    if person.declined_at is not None:
        return SignerState.DECLINED, person.declined_at
    if person.is_waiting:
        return (SignerState.NOT_ASKED if is_over else SignerState.WAITING), None
    opened_at, failed_at = _since_corrected(moments)
    if person.failed_at is not None and (opened_at is None or opened_at < person.failed_at):
        return SignerState.NOT_DELIVERED, person.failed_at
    if failed_at is not None and (opened_at is None or opened_at < failed_at):
        return SignerState.CODE_FAILED, failed_at
    if opened_at is not None:
        return SignerState.OPENED, opened_at
    if person.handed_over_at is not None:
        return SignerState.HANDED_OVER, person.handed_over_at
    if is_over:
        return SignerState.NOT_ASKED, None
    return SignerState.ON_ITS_WAY, moments.get(EventKind.LINK_RENEWED) or moments.get(EventKind.LINK_SENT)


def _since_corrected(moments: Moments) -> tuple[datetime | None, datetime | None]:
    """Return when a signer opened and failed last; what somebody at an older address or number did is not theirs."""
    corrections = (moments.get(kind) for kind in (EventKind.ADDRESS_CORRECTED, EventKind.NUMBER_CORRECTED))
    corrected_at = max(filter(None, corrections), default=None)

    def since(kinds: Iterable[EventKind]) -> datetime | None:
        found = [at for kind in kinds if (at := moments.get(kind)) and (corrected_at is None or at > corrected_at)]
        return max(found, default=None)

    return since([EventKind.OPENED, EventKind.CONSENTED]), since(WRONG_CODES)
