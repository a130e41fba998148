"""The mail that carries the link of a message: who wrote, until when, what is asked; never what was written."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from messaging.items.choices import Proof
from messaging.items.kinds import kind_of
from messaging.items.models import Item
from messaging.items.references import shown_reference
from messaging.items.services.delivering import send_link_mail
from messaging.items.services.links import NewLink
from messaging.messages.limits import SUBJECT_SHOWN_CHARACTERS

MAIL = "message_link"
TEMPLATE = f"messages/emails/{MAIL}"


@dataclass(frozen=True, slots=True)
class Notice:
    """What the mail with a link says.

    Args:
        subject: of the message, shortened; empty where it is not shown.
        number_end: last digits of the number that the code goes to.
    """

    sender: User
    expires_at: datetime
    reference: str
    url: str
    subject: str
    proof: Proof
    code: str
    number_end: str = ""
    is_new_link: bool = False

    def context(self) -> dict[str, object]:
        """Return what the templates of the mail are given."""
        organization = self.sender.organization
        return {
            "sender_name": self.sender.get_full_name(),
            "sender_email": self.sender.email,
            "organization_name": organization.name if organization else "",
            "expires_at": self.expires_at,
            "reference": self.reference,
            "url": self.url,
            "shown_subject": self.subject,
            "proof": self.proof.value,
            "code": self.code,
            "number_end": self.number_end,
            "is_new_link": self.is_new_link,
        }


def write_link_mail(*, item: Item, made: NewLink, subject: str, code: str, is_new_link: bool = False) -> None:
    """Write the mail of one recipient, in the caller's transaction.

    Args:
        item: with its sender and their organization.
        subject: of the message, where the sender shows it; else empty.
        code: the opening code, where the proof is one; else empty.
        is_new_link: it replaces a link that was sent before.
    """
    participant = made.link.participant
    notice = Notice(
        sender=item.sender,
        expires_at=item.expires_at,
        reference=shown_reference(item.reference),
        url=made.url(kind_of(item.kind).link_prefix),
        subject=shortened(subject),
        proof=participant.proof_kind,
        code=code,
        number_end=participant.number_end if participant.proof_kind is Proof.SMS_CODE else "",
        is_new_link=is_new_link,
    )
    send_link_mail(link=made.link, template=TEMPLATE, context=notice.context())


def shortened(subject: str) -> str:
    """Return a subject as a notification shows it: on one line, and no longer than a mail program does."""
    line = " ".join(subject.split())
    if len(line) <= SUBJECT_SHOWN_CHARACTERS:
        return line
    return line[: SUBJECT_SHOWN_CHARACTERS - 1].rstrip() + "…"
