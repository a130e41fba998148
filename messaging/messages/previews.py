"""A draft as each of its recipients would get it: the mail, and a visit to a link that is written nowhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from accounts.models import Organization, User
from core import cultures
from core.crypto.secret import Secret
from core.cultures import Habits
from core.db import database_now
from core.errors import Refusal
from core.sms.numbers import parse_number
from licenses.models import License
from messaging.items.choices import Proof
from messaging.items.habits import outside_habits
from messaging.items.letters import LinkLetter
from messaging.items.limits import NUMBER_DIGITS_SHOWN
from messaging.items.manifests import Manifest
from messaging.items.models import Gate, Item, Link, OpenSession, Participant
from messaging.items.policies import Policy
from messaging.items.references import shown_reference
from messaging.items.services.links import LOCATOR_BYTES, SECRET_BYTES
from messaging.items.services.visiting import Visit
from messaging.messages.choices import KIND, ReplyKind
from messaging.messages.letters import TEMPLATE, context_of, shortened
from messaging.messages.limits import LIFE_HOURS, OPENINGS
from messaging.messages.protection import asked_of, proof_for_all
from messaging.messages.replies import ReplyTerms
from messaging.messages.services.drafting import MessageDraft
from messaging.messages.typed import rows_of

CODE_SHOWN, REFERENCE_SHOWN, LINK_SHOWN = "000000", "X" * 12, "…"
NUMBER_SHOWN = "·" * NUMBER_DIGITS_SHOWN


@dataclass(frozen=True, slots=True)
class Reader:
    """A recipient of a draft.

    Args:
        email: as it was typed.
        number: E.164; empty where none was typed, or none that gets texts.
    """

    email: str
    proof: Proof
    number: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Preview:
    """A draft as it would be if it were sent now; what is wrong in it counts as it is where nothing is chosen.

    Args:
        readers: one at least.
        language: of the recipients.
        sent_at, expires_at: aware instants.
        shown_subject: what the mail says of the subject.
        is_reply_proven: a code by text message is asked before a reply.
    """

    organization: Organization | None
    sender: User
    readers: Sequence[Reader]
    language: str
    sent_at: datetime
    expires_at: datetime
    openings: int
    manifest: Manifest
    shown_subject: str
    hint: str
    is_reply_proven: bool

    @property
    def habits(self) -> Habits:
        """How dates are written for the recipients."""
        return outside_habits(self.sender, self.language)

    def mail_for(self, reader: Reader) -> tuple[str, str]:
        """Return subject and text of the mail to a recipient, in their language."""
        letter = LinkLetter(
            sender=self.sender,
            organization=self.sender.organization,
            expires_at=self.expires_at,
            reference=shown_reference(REFERENCE_SHOWN),
            url=f"{settings.PUBLIC_URL}/o/{LINK_SHOWN}",
            proof=reader.proof,
            code=CODE_SHOWN if reader.proof is Proof.OPENING_CODE else "",
        )
        number_end = reader.number[-NUMBER_DIGITS_SHOWN:] or NUMBER_SHOWN
        told = context_of(letter, subject=self.shown_subject, number_end=number_end)
        context = {"portal_name": settings.PORTAL_NAME, "support_email": settings.SUPPORT_EMAIL, **told}
        with translation.override(self.language), cultures.override(self.habits):
            subject = " ".join(render_to_string(f"{TEMPLATE}/subject.txt", context).split())
            text = render_to_string(f"{TEMPLATE}/body.txt", context | {"subject": subject})
        return subject, text.strip()

    def visit_of(self, reader: Reader, *, is_open: bool) -> Visit:
        """Return a recipient at their link. None of its rows is written, and the link is nobody's.

        Args:
            is_open: whether the proof was given.
        """
        item = Item(
            kind=KIND,
            reference=REFERENCE_SHOWN,
            sender=self.sender,
            organization=self.organization,
            language=self.language,
            sent_at=self.sent_at,
            expires_at=self.expires_at,
        )
        participant = Participant(
            item=item,
            email=reader.email,
            proof=reader.proof,
            expires_at=self.expires_at,
            openings_allowed=self.openings,
            openings_used=int(is_open),
        )
        participant.keep_number(reader.number or NUMBER_SHOWN)
        link = Link(participant=participant, locator=bytes(LOCATOR_BYTES), policy=self._policy(reader).to_text())
        Gate(link=link, hint=self.hint)
        return Visit(link, Secret(bytes(SECRET_BYTES)), OpenSession(link=link))

    def _policy(self, reader: Reader) -> Policy:
        return Policy(
            proof=reader.proof,
            number="",
            ends_at=self.expires_at,
            longest_until=self.expires_at,
            openings=self.openings,
            reply_proofs=(Proof.SMS_CODE.value,) if self.is_reply_proven else (),
        )


def preview_of(
    draft: MessageDraft, license: License | None, decided: Mapping[str, Any], *, is_reply_proven: bool
) -> Preview:
    """Return what the recipients of a draft would get if it were sent now.

    Args:
        license: under which it would be sent; None where there is none now.
        decided: the fields of the composer that are right, by name.
        is_reply_proven: a code by text message is asked before a reply.
    """
    sender, now = draft.row.owner, database_now()
    subject = draft.first("subject")
    reply = ReplyTerms(ReplyKind(decided.get("reply_kind", ReplyKind.NONE)))
    return Preview(
        organization=license.organization if license else sender.organization,
        sender=sender,
        readers=_readers(draft, sender.default_sms_country),
        language=decided.get("language", sender.language),
        sent_at=now,
        expires_at=now + timedelta(hours=decided.get("life_hours", LIFE_HOURS)),
        openings=decided.get("openings", OPENINGS),
        manifest=Manifest(subject, draft.first("body"), draft.files, reply.as_product()),
        shown_subject=shortened(subject) if "is_subject_shown" in draft.fields else "",
        hint=draft.first("hint"),
        is_reply_proven=is_reply_proven,
    )


def _readers(draft: MessageDraft, region: str) -> list[Reader]:
    typed = zip(asked_of(draft.fields), rows_of(draft.fields), strict=True)
    readers = [Reader(email, proof, _number(row.cell_number, region)) for (email, proof), row in typed]
    return readers or [Reader("", proof_for_all(draft.first("proof")))]


def _number(typed: str, region: str) -> str:
    try:
        return parse_number(typed, region=region).e164
    except Refusal:
        return ""
