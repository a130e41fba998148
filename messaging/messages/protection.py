"""What each recipient of a message is asked before reading: what is asked of all, or something of their own.

Source: docs/decisions/0053-protection-per-recipient.md
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import ngettext

from core import cultures
from messaging.items.choices import STRENGTH_OF, Proof, Strength
from messaging.messages.typed import first_of, rows_of

# What the composer offers.
PROOFS = (Proof.OPENING_CODE, Proof.ITEM_PASSWORD, Proof.SMS_CODE)
ADDRESSES_NAMED = 3


def proof_for_all(typed: str) -> Proof:
    """Return the proof chosen for the message; the opening code where none was chosen that there is."""
    return Proof(typed) if typed in PROOFS else Proof.OPENING_CODE


def proof_for_one(own: str, for_all: Proof) -> Proof:
    """Return what one recipient is asked: their own proof, or where none was chosen what is asked of all."""
    return Proof(own) if own in PROOFS else for_all


def asked_of(fields: Mapping[str, Sequence[str]]) -> list[tuple[str, Proof]]:
    """Return the addresses of what was typed, each with what it is asked."""
    for_all = proof_for_all(first_of(fields, "proof"))
    return [(row.email, proof_for_one(row.proof, for_all)) for row in rows_of(fields)]


@dataclass(slots=True)
class Group:
    """The recipients of a message who are asked the same proof."""

    proof: Proof
    emails: list[str] = field(default_factory=list)

    @property
    def strength(self) -> Strength:
        """How much the proof is worth."""
        return STRENGTH_OF[self.proof]

    @property
    def named(self) -> str:
        """The addresses, of many the first ones, in words."""
        names, more = ", ".join(self.emails[:ADDRESSES_NAMED]), len(self.emails) - ADDRESSES_NAMED
        if more <= 0:
            return names
        shown = {"names": names, "count": cultures.format_number(more)}
        return ngettext("%(names)s and %(count)s more", "%(names)s and %(count)s more", more) % shown


def groups_of(asked: Iterable[tuple[str, Proof]]) -> list[Group]:
    """Return recipients by what they are asked, the weakest protection first: a message is no stronger than that.

    Args:
        asked: addresses with their proofs.
    """
    groups: dict[Proof, Group] = {}
    for email, proof in asked:
        groups.setdefault(proof, Group(proof)).emails.append(email)
    return sorted(groups.values(), key=lambda group: group.strength.marks)
