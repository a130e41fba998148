"""What every mail with a link says: who wrote, until when, what its page asks; never what was written or sent."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Organization, User
from messaging.items.choices import Proof
from messaging.items.kinds import kind_of
from messaging.items.references import shown_reference
from messaging.items.services.links import NewLink


@dataclass(frozen=True, slots=True)
class LinkLetter:
    """What the frame of these mails is told, `templates/items/emails/link.html`.

    Args:
        organization: of the sender; None for a preview of somebody who has none.
        expires_at: aware instant at which the link stops.
        reference: as a person reads it.
        code: the opening code, where the proof is one; else empty.
        is_new_link: it replaces a link that was sent before.
    """

    sender: User
    organization: Organization | None
    expires_at: datetime
    reference: str
    url: str
    proof: Proof
    code: str
    is_new_link: bool = False

    def context(self, **beside: object) -> dict[str, object]:
        """Return what the templates of a mail are given, with what its product says beside."""
        return {
            "sender": self.sender,
            "organization": self.organization,
            "expires_at": self.expires_at,
            "reference": self.reference,
            "url": self.url,
            "proof": self.proof.value,
            "code": self.code,
            "is_new_link": self.is_new_link,
            **beside,
        }


def letter_of(made: NewLink, *, code: str = "", is_new_link: bool = False) -> LinkLetter:
    """Return the letter that carries a link just made.

    Args:
        made: its person with their item.
        code, is_new_link: as in `LinkLetter`.
    """
    participant = made.link.participant
    item = participant.item
    return LinkLetter(
        sender=item.sender,
        organization=item.organization,
        expires_at=participant.expires_at,
        reference=shown_reference(item.reference),
        url=made.url(kind_of(item.kind).link_prefix),
        proof=participant.proof_kind,
        code=code,
        is_new_link=is_new_link,
    )
