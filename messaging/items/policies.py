"""The terms of a link: what its holder must prove, until when, how often. Their hash is part of the wrap key.

Source: docs/decisions/0029-links.md
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from core.crypto.canonical import canonical_json
from core.crypto.links import policy_hash
from messaging.items.choices import Proof

VERSION = 1


@dataclass(frozen=True, slots=True)
class Policy:
    """What a link asks and allows, in the form that is hashed.

    Args:
        proof: asked before reading.
        number: hexadecimal digest of the cell number the codes go to; empty without one.
        ends_at: aware instant; later only by an amendment.
        longest_until: aware instant beyond which no amendment goes.
        openings: how often it may be opened.
        reply_proofs: names of the proofs of which one is asked before replying; empty for none.
    """

    proof: Proof
    number: str
    ends_at: datetime
    longest_until: datetime
    openings: int
    reply_proofs: tuple[str, ...] = ()

    def to_text(self) -> str:
        """Return the canonical JSON that is stored and hashed."""
        values = asdict(self) | {
            "version": VERSION,
            "proof": self.proof.value,
            "ends_at": self.ends_at.isoformat(),
            "longest_until": self.longest_until.isoformat(),
            "reply_proofs": sorted(self.reply_proofs),
        }
        return canonical_json(values).decode()

    @classmethod
    def from_text(cls, text: str) -> "Policy":
        """Return the policy of a stored text.

        Raises:
            ValueError: of another version, or not such a text at all.
        """
        values = json.loads(text)
        if values.pop("version", None) != VERSION:
            raise ValueError("The policy is of an unknown version.")
        return cls(
            proof=Proof(values["proof"]),
            number=str(values["number"]),
            ends_at=datetime.fromisoformat(values["ends_at"]),
            longest_until=datetime.fromisoformat(values["longest_until"]),
            openings=int(values["openings"]),
            reply_proofs=tuple(values["reply_proofs"]),
        )


def hash_of(text: str) -> bytes:
    """Return the hash of a stored policy, whose text is canonical."""
    return policy_hash(json.loads(text))
