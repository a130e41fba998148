"""What a requester has decided when a signature request leaves: which documents, who signs, in which order, and where.

It is sealed into the request's manifest, so that it is what was sent. What may not be sent is said beside its field.
Source: docs/decisions/0066-preparing-requests.md
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from accounts.models import fold_email
from core.cultures import Habits
from messaging.items.choices import Proof
from signatures.answers import MARKS
from signatures.choices import ZoneKind
from signatures.drawing import Size
from signatures.limits import PAPERS_MOST, REQUEST_MESSAGE_MOST_CHARACTERS, REQUEST_PAGES_MOST
from signatures.papers import Paper
from signatures.request_errors import (
    MessageTooLong,
    NameTooLongForPlace,
    NoPaper,
    NoRoomToSign,
    NoSigner,
    PreparationRefused,
    SameAddress,
    SignatureMissing,
    TooManyPages,
    TooManyPapers,
    TooManySigners,
    TurnsWithGap,
)
from signatures.stamps import is_readable
from signatures.zones import Zone, free_zones, in_reading_order, zones_of, zones_of_json

KEY = "request"
PROOFS = (Proof.EMAIL_CODE, Proof.SMS_CODE)
"""How a signer proves who they are: by a code that is mailed or texted when they ask for it."""


@dataclass(frozen=True, slots=True)
class PlannedSigner:
    """Somebody who is to sign.

    Args:
        name: as it stands in zones and on the certificate.
        number: E.164; empty where no text is ever sent to them.
        proof: one of `PROOFS`.
        language: of their mails and pages, en or fr.
        turn: from 1; who has the same number signs at the same time.

    Raises:
        ValueError: a proof that signers are not asked, or a code by text message without a number.
    """

    name: str = field(repr=False)
    email: str
    number: str = field(default="", repr=False)
    proof: Proof = Proof.EMAIL_CODE
    language: str = "en"
    turn: int = 1

    def __post_init__(self) -> None:
        """Refuse what nobody could ever sign by."""
        if self.proof not in PROOFS:
            raise ValueError("A signer proves who they are by a code.")
        if self.proof is Proof.SMS_CODE and not self.number:
            raise ValueError("A code by text message needs a number.")


@dataclass(frozen=True, slots=True)
class Preparation:
    """A signature request as its requester wants it.

    Args:
        zones: none of a signer lets them place their signature freely; else one of theirs is for a mark they must give.
        message: to all signers; may be empty.
        habits: of the requester when it is sent; dates in the documents are written so.
    """

    papers: tuple[Paper, ...]
    signers: tuple[PlannedSigner, ...]
    zones: tuple[Zone, ...] = ()
    message: str = field(default="", repr=False)
    habits: Habits = field(default_factory=Habits)

    @property
    def is_sequential(self) -> bool:
        """Tell whether anybody waits for somebody else."""
        return len({signer.turn for signer in self.signers}) > 1

    def as_product(self) -> dict[str, object]:
        """Return the part of a manifest that keeps it."""
        kept = {
            "papers": [paper.as_json() for paper in self.papers],
            "signers": [asdict(signer) | {"proof": signer.proof.value} for signer in self.signers],
            "zones": [zone.as_json() for zone in self.zones],
            "message": self.message,
            "habits": asdict(self.habits),
        }
        return {KEY: kept}

    @classmethod
    def from_product(cls, product: Mapping[str, object]) -> "Preparation":
        """Return what a manifest keeps.

        Raises:
            KeyError, TypeError, ValueError, ZonesRefused: it is not what `as_product` wrote.
        """
        kept = product[KEY]
        if not isinstance(kept, Mapping):
            raise TypeError("A preparation is kept as an object.")
        papers = tuple(map(Paper.of_json, kept["papers"]))
        signers = tuple(PlannedSigner(**signer | {"proof": Proof(signer["proof"])}) for signer in kept["signers"])
        return cls(
            papers=papers,
            signers=signers,
            zones=zones_of_json(kept["zones"], papers=papers, signers=len(signers)),
            message=str(kept["message"]),
            habits=Habits(**kept["habits"]),
        )


def refusals_of(preparation: Preparation, *, signers_most: int) -> tuple[PreparationRefused, ...]:
    """Return everything for which a request cannot be sent, in the order of the form; nothing where it can.

    Args:
        signers_most: how many the requester's plan allows; 0 for none.
    """
    return (
        *_of_papers(preparation.papers),
        *_of_signers(preparation.signers, signers_most),
        *_of_names(preparation),
        *_of_zones(preparation),
        *([MessageTooLong(REQUEST_MESSAGE_MOST_CHARACTERS)] if _is_too_long(preparation.message) else []),
    )


def require_sendable(preparation: Preparation, *, signers_most: int) -> None:
    """Refuse a request that cannot be sent; see `refusals_of`.

    Raises:
        PreparationRefused: the first reason.
    """
    for refusal in refusals_of(preparation, signers_most=signers_most):
        raise refusal


def _is_too_long(message: str) -> bool:
    # A browser sends two characters for the end of a line and counts one.
    return len(message.replace("\r\n", "\n")) > REQUEST_MESSAGE_MOST_CHARACTERS


def _of_papers(papers: Sequence[Paper]) -> Iterator[PreparationRefused]:
    if not papers:
        yield NoPaper()
    if len(papers) > PAPERS_MOST:
        yield TooManyPapers(PAPERS_MOST)
    if sum(len(paper.pages) for paper in papers) > REQUEST_PAGES_MOST:
        yield TooManyPages(REQUEST_PAGES_MOST)


def _of_signers(signers: Sequence[PlannedSigner], most: int) -> Iterator[PreparationRefused]:
    if not signers:
        yield NoSigner()
    if len(signers) > most:
        yield TooManySigners(most)
    yield from map(SameAddress, repeated_addresses(signer.email for signer in signers))
    gap = _first_gap(signers)
    if gap is not None:
        yield TurnsWithGap(gap)


def _of_names(preparation: Preparation) -> Iterator[PreparationRefused]:
    names, said = [signer.name for signer in preparation.signers], set[int]()
    for zone in in_reading_order(preparation.zones):
        if zone.kind is not ZoneKind.NAME or zone.signer in said or zone.signer >= len(names):
            continue
        name = names[zone.signer]
        if name and not is_readable(name, Size(zone.box.width, zone.box.height)):
            said.add(zone.signer)
            yield NameTooLongForPlace(zone.signer, document=zone.document + 1, page=zone.page)


def _of_zones(preparation: Preparation) -> Iterator[PreparationRefused]:
    theirs = [zones_of(preparation.zones, place) for place in range(len(preparation.signers))]
    if preparation.papers and not all(theirs) and not free_zones(preparation.papers, signer=0):
        yield NoRoomToSign()
    for place, (signer, zones) in enumerate(zip(preparation.signers, theirs, strict=True)):
        if zones and not any(zone.kind in MARKS and zone.is_required for zone in zones):
            yield SignatureMissing(place, signer.name)


def repeated_addresses(emails: Iterable[str]) -> tuple[int, ...]:
    """Return the places of addresses that stand before in a list, in whatever spelling."""
    seen: set[str] = set()
    found = []
    for place, email in enumerate(map(fold_email, emails)):
        if email in seen:
            found.append(place)
        seen.add(email)
    return tuple(found)


def _first_gap(signers: Sequence[PlannedSigner]) -> int | None:
    """Return the place of the first signer whose turn has a gap before it, or is before the first."""
    turns = {signer.turn for signer in signers}
    wrong = (
        place for place, each in enumerate(signers) if each.turn < 1 or (each.turn > 1 and each.turn - 1 not in turns)
    )
    return next(wrong, None)
