"""What a sender has decided when a message leaves: to whom, what, and on which terms."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from messaging.items.choices import Proof, Role
from messaging.messages.replies import ReplyTerms


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody a message is for.

    Args:
        number: E.164; empty where no text is ever sent to them.
        proof: asked before they read.

    Raises:
        ValueError: a code by text message without a number.
    """

    email: str
    number: str = field(default="", repr=False)
    role: Role = Role.TO
    proof: Proof = Proof.OPENING_CODE

    def __post_init__(self) -> None:
        """Refuse what nobody could ever open."""
        if self.proof is Proof.SMS_CODE and not self.number:
            raise ValueError("A code by text message needs a number.")


@dataclass(frozen=True, slots=True)
class Composition:
    """A message as its sender wants it.

    Args:
        password: of all whose proof is one.
        hint: shown beside the field of the password.
        language: of the recipients, en or fr.
        reply_proofs: names of the proofs of which one is asked before a reply.
        is_owner_proof_asked: the sender proves identity before opening what came back.

    Raises:
        ValueError: somebody is asked a password, and there is none.
    """

    recipients: Sequence[Recipient]
    subject: str = field(repr=False)
    body: str = field(repr=False)
    language: str
    life: timedelta
    openings: int
    password: str = field(default="", repr=False)
    hint: str = ""
    is_subject_shown: bool = True
    is_copy_kept: bool = True
    is_read_receipt_asked: bool = True
    reply: ReplyTerms = field(default_factory=ReplyTerms)
    reply_proofs: tuple[str, ...] = ()
    is_owner_proof_asked: bool = False

    def __post_init__(self) -> None:
        """Refuse a password of no letters, which everybody would know."""
        if not self.password and any(recipient.proof is Proof.ITEM_PASSWORD for recipient in self.recipients):
            raise ValueError("A password is asked, and there is none.")
