"""Judge a time-stamp token: what it stamps, whether its signature holds, and whom it leads to.

Source: RFC 3161, RFC 5816; docs/decisions/0060-sealing.md
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from asn1crypto import cms, tsp, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.general import CMSStructuralError
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext

# What asn1crypto and pyHanko raise when bytes are not what they should be.
MALFORMED = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    AssertionError,
    RecursionError,
    NotImplementedError,
    PdfError,
    CMSStructuralError,
    SignatureValidationError,
)
STAMPS_ONLY = ["time_stamping"]


class TokenRefused(Exception):
    """A token that says nothing; the text says why."""


class TokenUntrusted(TokenRefused):
    """A token that holds, of somebody who leads to none of those that are trusted."""


def stamped_at(token: cms.ContentInfo, digest: bytes, *, trusted: Sequence[bytes]) -> datetime:
    """Return the aware instant at which something was stamped.

    Args:
        digest: SHA-256 of it, 32 bytes.
        trusted: DER of the certificates that a stamp has to lead to.

    Raises:
        TokenUntrusted: it holds, but leads to none of these, or not at that instant.
        TokenRefused: it is malformed, or of something else, or its signature does not hold.
    """
    return asyncio.run(judge(token, digest, trusted=trusted))


async def judge(token: cms.ContentInfo, digest: bytes, *, trusted: Sequence[bytes]) -> datetime:
    """Do what `stamped_at` does, in pyHanko's loop."""
    try:
        return await _judged(token, digest, trusted)
    except MALFORMED:
        raise TokenRefused("malformed") from None


async def _judged(token: cms.ContentInfo, digest: bytes, trusted: Sequence[bytes]) -> datetime:
    signed = token["content"]
    content = signed["encap_content_info"]["content"].parsed
    if not isinstance(content, tsp.TSTInfo):
        raise TokenRefused("no time stamp")
    imprint = content["message_imprint"]
    if imprint["hash_algorithm"]["algorithm"].native != "sha256" or imprint["hashed_message"].native != digest:
        raise TokenRefused("of something else")
    at: datetime = content["gen_time"].native
    roots = [x509.Certificate.load(der) for der in trusted]
    context = ValidationContext(trust_roots=roots, moment=at, allow_fetching=False)
    found = await validate_tst_signed_data(signed, context, lambda _name: digest)
    if not found["intact"] or not found["valid"]:
        raise TokenRefused("signature does not hold")
    usage = found["signing_cert"].extended_key_usage_value
    if found["trust_problem_indic"] is not None or usage is None or usage.native != STAMPS_ONLY:
        raise TokenUntrusted("of nobody trusted, or not for time stamps, or not valid at that time")
    return at
