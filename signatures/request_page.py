"""What the page of one request shows its requester: each signer, what happened, the documents, what can be done.

Source: docs/decisions/0072-tracking.md
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from messaging.activity.access.timeline import Check, Happening, newest
from messaging.activity.telling import Told, person, told
from messaging.items.access import returns_of
from messaging.items.choices import Proof
from messaging.items.errors import ContentDamaged, CopyMissing
from messaging.items.inbox import return_url
from messaging.items.manifests import FileEntry
from messaging.items.models import Item
from messaging.items.services.controlling import copied_manifest
from signatures.choices import RequestState, SignerState
from signatures.limits import TIMELINE_MOST_EVENTS
from signatures.models import SignatureRequest
from signatures.papers import Paper
from signatures.preparation import Preparation
from signatures.presented import preparation_of
from signatures.progress import Progress, latest_of, progress_of
from signatures.requesting import signers_of
from signatures.services.declining import ending_word, reason_of


@dataclass(frozen=True, slots=True)
class Presented:
    """One document as its signers see it."""

    number: int
    paper: Paper
    entry: FileEntry


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, as the requester's copy keeps it."""

    title: str
    preparation: Preparation
    papers: Sequence[Presented]


@dataclass(frozen=True, slots=True)
class SignerBlock:
    """One signer as the page shows them, and what can still be done about them.

    Args:
        reason: why they declined; empty where they did not say, or have not declined.
        is_reason_damaged: it does not open.
        can_be_reminded: it is their turn.
        can_get_link: a new link can be sent, to sign or to the sealed documents.
        can_be_corrected: their address can be changed.
    """

    progress: Progress
    told: Sequence[Told]
    reason: str
    is_reason_damaged: bool
    can_be_reminded: bool
    can_get_link: bool
    can_be_corrected: bool

    @property
    def number_end(self) -> str:
        """Last digits of the number that codes go to, where they do."""
        person = self.progress.signer.participant
        return person.number_end if person.proof_kind is Proof.SMS_CODE else ""


def asked_of(item: Item, *, at: datetime) -> Asked | None:
    """Return what was asked; None where it is damaged, or gone at an aware instant."""
    try:
        manifest = copied_manifest(item, at=at)
        preparation = preparation_of(manifest)
    except (ContentDamaged, CopyMissing):
        return None
    entries = {entry.file_id: entry for entry in manifest.files}
    papers = [
        Presented(number, paper, entries[paper.file_id])
        for number, paper in enumerate(preparation.papers, start=1)
        if paper.file_id in entries
    ]
    return Asked(manifest.subject, preparation, papers)


def standing_of(request: SignatureRequest, at: datetime) -> tuple[list[SignerBlock], list[Told]]:
    """Return every signer with what happened to their part, and what happened to nobody's; five queries.

    Args:
        at: aware instant.
    """
    state, item = request.state_at(at), request.item
    happened: dict[int | None, list[Happening | Check]] = defaultdict(list)
    for one in newest(item, most=TIMELINE_MOST_EVENTS):
        happened[one.participant_id].append(one)
    people = progress_of(signers_of(request), latest_of([item]), state=state)
    is_open = state is RequestState.COMPLETED and item.shredded_at is None and item.expires_at > at
    blocks = [_block(one, happened[one.signer.pk], state, is_open=is_open) for one in people]
    return blocks, [told(one, ending=ending_word(item)) for one in happened[None]]


def sealed_url(request: SignatureRequest) -> str:
    """Return the address of the sealed documents; empty where there are none, or none any more."""
    if request.sealed_whole_id is None:
        return ""
    returned = returns_of(request.item.sender).filter(whole_id=request.sealed_whole_id).first()
    return return_url(returned) if returned is not None else ""


def _block(
    progress: Progress, happened: Iterable[Happening | Check], state: RequestState, *, is_open: bool
) -> SignerBlock:
    participant = progress.signer.participant
    unnamed = person(participant.name, participant.email)
    reason, is_damaged = _reason(progress)
    is_going, is_done = state is RequestState.IN_PROGRESS, progress.state is SignerState.SIGNED
    is_awaited = is_going and not is_done and not participant.is_waiting
    return SignerBlock(
        progress=progress,
        told=[told(one, unnamed=unnamed) for one in happened],
        reason=reason,
        is_reason_damaged=is_damaged,
        can_be_reminded=is_awaited,
        can_get_link=is_awaited or is_open,
        can_be_corrected=is_going and not is_done,
    )


def _reason(progress: Progress) -> tuple[str, bool]:
    if progress.state is not SignerState.DECLINED:
        return "", False
    try:
        return reason_of(progress.signer), False
    except ContentDamaged:
        return "", True
