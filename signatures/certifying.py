"""Word the certificate of completion: who signed what, when, from where, how each was proven to be who they are.

Source: docs/decisions/0063-certificate.md, docs/decisions/0068-completing.md
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, pgettext

from core import cultures
from core.cultures import format_instant, format_offset
from messaging.activity.access.timeline import Happening, history
from messaging.activity.telling import told
from messaging.items.choices import Proof
from messaging.items.events.kinds import EventKind
from messaging.items.models import ChainHead, Item
from messaging.items.references import shown_reference
from signatures.addresses import check_address
from signatures.consent import CONSENT
from signatures.models import Signer
from signatures.pdf.certificate import Facts, Pairs, Prose, Rows, draw_certificate
from signatures.preparation import Preparation


@dataclass(frozen=True, slots=True)
class Completed:
    """What the certificate is about.

    Args:
        signers: with their participants, by place; all have signed.
        at: aware instant of the sealing.
        is_time_stamped: a time-stamp server tells the instant too.
    """

    item: Item
    title: str
    preparation: Preparation
    signers: Sequence[Signer]
    at: datetime
    is_demo: bool
    is_time_stamped: bool


def certificate_of(completed: Completed) -> bytes:
    """Return the pages as a PDF, in the requester's language, zone and culture; instants in UTC stand beside."""
    with translation.override(completed.item.sender.language), cultures.override(completed.preparation.habits):
        return draw_certificate(_facts(completed))


def _facts(completed: Completed) -> Facts:
    item = completed.item
    reference = shown_reference(item.reference)
    happened = history(item)
    return Facts(
        title=gettext("Certificate of completion"),
        lines=[
            completed.title,
            gettext("Reference %(reference)s") % {"reference": reference},
            gettext("Sealed on %(instant)s") % {"instant": _instant(completed.at)},
            _time_stamp(is_set=completed.is_time_stamped),
        ],
        address=check_address(item.reference),
        check=gettext("Scan the code or open this address and give the file: the portal says whether it is unchanged."),
        parts=[
            _request(completed),
            _documents(completed.preparation),
            _signers(completed, happened),
            Prose(gettext("What each signer agreed to"), [str(sentence) for sentence in CONSENT]),
            _events(happened),
            _log(item),
        ],
        foot=gettext("Certificate of completion, reference %(reference)s") % {"reference": reference},
        page=gettext("Page {number} of {count}"),
        language=completed.item.sender.language,
        portal=settings.PORTAL_NAME,
        demo=gettext("Made in demo mode. Nobody vouches for this seal: the document is worth nothing.")
        if completed.is_demo
        else "",
    )


def _time_stamp(*, is_set: bool) -> str:
    if is_set:
        return gettext("The instant is also told by a time-stamp server.")
    return gettext("The instant is told by this portal alone, without a time stamp.")


def _request(completed: Completed) -> Pairs:
    item, sender = completed.item, completed.item.sender
    return Pairs(
        gettext("Request"),
        [
            (gettext("Requested by"), f"{sender.get_full_name()} <{sender.email}>, {item.organization.name}"),
            (pgettext("instant", "Sent"), _instant(item.sent_at)),
            (gettext("Signed by all"), _instant(max(filter(None, (s.signed_at for s in completed.signers))))),
        ],
    )


def _documents(preparation: Preparation) -> Rows:
    rows = [
        [str(number), paper.name, str(len(paper.pages)), paper.sha256]
        for number, paper in enumerate(preparation.papers, start=1)
    ]
    head = [gettext("Number"), gettext("Document"), gettext("Pages"), gettext("SHA-256 as presented")]
    return Rows(gettext("Documents"), head, rows, (0.1, 0.32, 0.09, 0.49))


def _signers(completed: Completed, happened: Sequence[Happening]) -> Rows:
    rows = []
    for signer, planned in zip(completed.signers, completed.preparation.signers, strict=True):
        participant = signer.participant
        signed = _last(happened, EventKind.SIGNED, participant.pk)
        instants = [
            f"{word}: {_instant(at)}"
            for word, at in (
                (gettext("Opened"), participant.first_opened_at),
                (gettext("Agreed"), signer.consented_at),
                (pgettext("event", "Signed"), signer.signed_at),
            )
            if at is not None
        ]
        rows.append(
            [
                f"{planned.name} <{participant.email}>",
                str(Proof(participant.proof).label),
                "\n".join(instants),
                signed.who.get("ip", "") if signed else "",
            ]
        )
    head = [gettext("Signer"), gettext("Proof of identity"), gettext("When"), gettext("IP address")]
    return Rows(gettext("Signers"), head, rows, (0.27, 0.15, 0.4, 0.18))


def _events(happened: Sequence[Happening]) -> Rows:
    rows = []
    for one in happened:
        line = told(one)
        what = "\n".join(filter(None, [line.what, " · ".join(line.details)]))
        number = str(one.event.number or "")
        rows.append([number, _instant(one.event.at), what, line.who, line.ip])
    head = [gettext("Number"), gettext("When"), gettext("What happened"), gettext("Who"), gettext("IP address")]
    return Rows(gettext("Events"), head, rows, (0.1, 0.25, 0.28, 0.22, 0.15))


def _log(item: Item) -> Pairs:
    head = ChainHead.objects.get(pk=item.organization_id)
    return Pairs(
        gettext("End of the event log when the documents were sealed"),
        [(gettext("Number"), str(head.number)), (gettext("Digest"), bytes(head.digest).hex())],
    )


def _last(happened: Sequence[Happening], kind: EventKind, participant_id: int) -> Happening | None:
    found = [one for one in happened if one.event.kind == kind and one.participant_id == participant_id]
    return found[-1] if found else None


def _instant(at: datetime) -> str:
    """Write an instant as the requester reads it, with its offset, and in UTC as the event log writes it (ISO 8601)."""
    utc = at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return f"{format_instant(at, seconds=True)} ({format_offset(at)}); {utc}"
