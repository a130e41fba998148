"""The list of somebody's signature requests: which are asked for, and what a row shows of each.

Source: docs/decisions/0072-tracking.md
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import pgettext_lazy

from accounts.models import User, fold_email
from core.folding import folded
from messaging.activity.places import Turn, page_of
from messaging.items.access import items_of
from messaging.items.inbox import return_url
from messaging.items.models import AccountKey, Draft, Item, Participant, Return
from messaging.items.references import stored_reference
from messaging.items.services.account_keys import labels_of, sealed_labels
from signatures.choices import KIND, RequestState, Stage
from signatures.models import SignatureRequest, Signer
from signatures.progress import Latest, Progress, awaited, latest_of, progress_of
from signatures.standing import counts_of, requests_in_state

BEING_SEALED = pgettext_lazy("state of a signature request", "Being sealed")
TONES = {
    RequestState.IN_PROGRESS: "info",
    RequestState.COMPLETED: "good",
    RequestState.EXPIRED: "warn",
    RequestState.DECLINED: "danger",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests are asked for; what is empty or None asks nothing.

    Args:
        begins_at: aware instant of the earliest sending.
        ends_at: aware instant before which the latest was.
        words: part of a signer's name or address, or of a reference.
    """

    begins_at: datetime | None = None
    ends_at: datetime | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class TrackedRow:
    """One request of the list.

    Args:
        title: empty where it is gone with the content.
        latest_at: aware instant of what happened last.
        returned: the sealed documents, as long as they are kept.
    """

    item: Item
    title: str
    state: RequestState
    people: Sequence[Progress]
    latest_at: datetime | None
    returned: Return | None

    @property
    def pk(self) -> int:
        """Key of the item, by which the list is turned."""
        return self.item.pk

    @property
    def sent_at(self) -> datetime:
        """Aware instant by which the list is sorted."""
        return self.item.sent_at

    @property
    def ends_at(self) -> datetime:
        """Aware instant until which it can be signed."""
        return self.item.signature_request.ends_at

    @property
    def word(self) -> str:
        """The state in words; who has nothing to wait for but the seal is told so."""
        return state_in_words(self.item.signature_request, self.state)

    @property
    def tone(self) -> str:
        """How the word is tinted."""
        return TONES.get(self.state, "")

    @property
    def returned_url(self) -> str:
        """Address of the sealed documents; empty where there are none."""
        return return_url(self.returned) if self.returned is not None else ""

    @property
    def only_awaited(self) -> Progress | None:
        """Who is waited for, where it is one person."""
        people = awaited(self.people) if self.state is RequestState.IN_PROGRESS else []
        return people[0] if len(people) == 1 else None


def state_in_words(request: SignatureRequest, state: RequestState) -> str:
    """Return the word for how a request stands."""
    is_sealed_now = state is RequestState.IN_PROGRESS and request.stage != Stage.IN_PROGRESS
    return str(BEING_SEALED if is_sealed_now else state.label)


def requests_of(owner: User, wanted: Wanted) -> QuerySet[Item]:
    """Return the items of somebody's requests that are asked for; not yet sorted."""
    items = items_of(owner).filter(kind=KIND)
    if wanted.begins_at is not None:
        items = items.filter(sent_at__gte=wanted.begins_at)
    if wanted.ends_at is not None:
        items = items.filter(sent_at__lt=wanted.ends_at)
    return items.filter(_holds(wanted.words)) if wanted.words else items


def counted(owner: User, wanted: Wanted, at: datetime) -> dict[RequestState, int]:
    """Return how many requests of those asked for stand in each state, and how many drafts there are; one query."""
    return counts_of(requests_of(owner, wanted), request_drafts(owner), at)


def request_drafts(owner: User) -> QuerySet[Draft]:
    """Return the requests that somebody has begun and not sent, newest change first."""
    return Draft.objects.filter(owner=owner, kind=KIND).order_by("-changed_at", "-pk")


def tracked_page(
    *, owner: User, wanted: Wanted, state: RequestState, turn: Turn, length: int, at: datetime
) -> tuple[list[TrackedRow], Turn]:
    """Return one page of somebody's requests in a state, newest first, and the ways on from it.

    Three queries, however many requests there are, and a fourth one for the sealed documents of those completed.
    """
    found = requests_in_state(requests_of(owner, wanted), state, at).select_related("signature_request")
    found = found.annotate(label_key_sealed=F("sender__account_key__label_key_sealed"))
    read = partial(_rows, owner=owner, state=state)
    return page_of(found, turn, instant="sent_at", length=length, read=read)


def _holds(words: str) -> Q:
    """Return the condition that a signer's name, address or the reference holds some words."""
    person = Q(name_key__contains=folded(words) or words) | Q(email_key__contains=fold_email(words))
    # Of a domain beyond ASCII a part is found only where it stands as it was typed.
    person |= Q(email__icontains=words.lower())
    found = Q(Exists(Participant.objects.filter(person, item=OuterRef("pk"))))
    reference = stored_reference(words)
    return found | Q(reference__contains=reference) if reference else found


def _rows(items: QuerySet[Item], *, owner: User, state: RequestState) -> list[TrackedRow]:
    found = list(items)
    titles, latest, people = _titles(owner, found), latest_of(found), _people(found)
    returned = _returned(found) if state is RequestState.COMPLETED else {}
    return [_row(item, titles.get(item.pk, ""), state, latest, people[item.pk], returned) for item in found]


def _row(
    item: Item,
    title: str,
    state: RequestState,
    latest: Latest,
    signers: Sequence[Signer],
    returned: dict[object, Return],
) -> TrackedRow:
    people = progress_of(signers, latest, state=state)
    whole_id = item.signature_request.sealed_whole_id
    return TrackedRow(item, title, state, people, latest.by_item.get(item.pk), returned.get(whole_id))


def _titles(owner: User, items: Sequence[Any]) -> dict[int, str]:
    sealed = sealed_labels(items)
    if not sealed:
        return {}
    key = AccountKey(user=owner, label_key_sealed=items[0].label_key_sealed)
    labels = labels_of(key, sealed)
    return {item.pk: labels[item.whole_id].subject for item in items if item.whole_id in labels}


def _people(items: Sequence[Item]) -> defaultdict[int, list[Signer]]:
    people: defaultdict[int, list[Signer]] = defaultdict(list)
    signers = Signer.objects.filter(request__in=[item.pk for item in items])
    for signer in signers.select_related("participant").order_by("request", "place"):
        people[signer.request_id].append(signer)
    return people


def _returned(items: Collection[Item]) -> dict[object, Return]:
    found = [item.signature_request.sealed_whole_id for item in items]
    whole_ids = [whole_id for whole_id in found if whole_id is not None]
    kept = Return.objects.filter(whole_id__in=whole_ids, shredded_at=None)
    return {returned.whole_id: returned for returned in kept}
