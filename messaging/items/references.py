"""The public number of an item: it opens nothing, and is easy to read aloud."""

import secrets
import unicodedata

from messaging.items.limits import REFERENCE_CHARACTERS, REFERENCE_GROUPS, REFERENCE_LETTERS

_GROUP = REFERENCE_CHARACTERS // REFERENCE_GROUPS


def new_reference() -> str:
    """Return a fresh reference as it is stored, without hyphens."""
    return "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(REFERENCE_CHARACTERS))


def shown_reference(reference: str) -> str:
    """Return a reference in groups, as people read it."""
    return "-".join([reference[start : start + _GROUP] for start in range(0, len(reference), _GROUP)])


def stored_reference(typed: str) -> str:
    """Return what was typed as it would be stored: any case, with or without hyphens and blanks."""
    folded = unicodedata.normalize("NFKC", typed[:60]).upper()
    return "".join(character for character in folded if character.isalnum())
