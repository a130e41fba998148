"""How a recipient may reply; sealed into the message's manifest, so that it is what the sender chose.

The proof asked before a reply is part of the link's terms (`messaging.items.policies`), not of this.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from messaging.messages.choices import ReplyKind

KEY = "reply"


@dataclass(frozen=True, slots=True)
class ReplyTerms:
    """What may come back, and what the sender asks for in words.

    Args:
        instructions: shown above the form of the reply; may be empty.
    """

    kind: ReplyKind = ReplyKind.TEXT
    instructions: str = ""

    def as_product(self) -> dict[str, object]:
        """Return the part of a manifest that keeps these terms."""
        return {KEY: {"kind": self.kind.value, "instructions": self.instructions}}

    @classmethod
    def of_product(cls, product: Mapping[str, object]) -> "ReplyTerms":
        """Return the terms that a manifest keeps; without any, nothing may come back."""
        kept = product.get(KEY)
        if not isinstance(kept, Mapping):
            return cls(kind=ReplyKind.NONE)
        return cls(kind=ReplyKind(str(kept["kind"])), instructions=str(kept["instructions"]))
