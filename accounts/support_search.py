"""What support staff searches for, kept out of addresses: a search is posted, and its address carries it sealed."""

import base64
import binascii

from django.conf import settings
from django.db.models import Q

from accounts.models import fold_email
from core import keys
from core.crypto.sealing import SealBroken, seal, unseal
from core.errors import Refusal
from core.sms.numbers import number_digest, parse_number

MOST_CHARACTERS = 200
ORGANIZATION_LEAST_CHARACTERS = 3
PLACE = "support:search"


def closed(term: str) -> str:
    """Return what was searched for as a word of an address that only this installation can read."""
    sealed = seal(keys.derived("support search"), term[:MOST_CHARACTERS].encode(), place=PLACE)
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def opened(word: str) -> str | None:
    """Return what `closed` was given, or None for a word that it did not make."""
    try:
        sealed = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4))
        return unseal(keys.derived("support search"), sealed, place=PLACE).decode()
    except (SealBroken, binascii.Error, ValueError):
        return None


def people_named(term: str, *, prefix: str = "") -> Q:
    """Return the condition that finds people by their whole e-mail address, their whole cell number or organization.

    Parts of an address, and names, find nobody: a list of people is nothing that support browses.

    Args:
        prefix: path from the searched model to the user, with its two underscores.
    """
    named = Q(**{f"{prefix}email_key": fold_email(term)})
    if len(term) >= ORGANIZATION_LEAST_CHARACTERS:
        named |= Q(**{f"{prefix}organization__name__icontains": term})
    numbers = _digests(term)
    return named | Q(**{f"{prefix}cell_number_digest__in": numbers}) if numbers else named


def _digests(term: str) -> list[bytes]:
    """Return the keyed hashes of the numbers that a term can mean, one for each country it is read in."""
    found = set()
    for region in settings.SMS_COUNTRIES:
        try:
            found.add(number_digest(parse_number(term, region=region).e164))
        except Refusal:
            continue
    return sorted(found)
