"""Judge a time-stamp token: what it stamps, whether its signature holds, and whom it leads to.

Source: RFC 3161, RFC 5816; docs/decisions/0060-sealing.md
"""

import asyncio
import hashlib
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


def stamped_instant(token: cms.ContentInfo, stamped: bytes, *, trusted: Sequence[bytes]) -> datetime:
    """Return the aware instant at which something was stamped.

    Args:
        stamped: the bytes themselves, which the token holds a SHA-256 digest of.
        trusted: DER of the certificates that a stamp has to lead to.

    Raises:
        TokenUntrusted: it holds, but leads to none of these, or not at that instant.
        TokenRefused: it is malformed, or of something else, or its signature does not hold.
    """
    try:
        return _instant(token, stamped, trusted)
    except MALFORMED:
        raise TokenRefused("malformed") from None


def _instant(token: cms.ContentInfo, stamped: bytes, trusted: Sequence[bytes]) -> datetime:
    signed = token["content"]
    content = signed["encap_content_info"]["content"].parsed
    if not isinstance(content, tsp.TSTInfo):
        raise TokenRefused("no time stamp")
    imprint, at = content["message_imprint"], content["gen_time"].native
    if imprint["hash_algorithm"]["algorithm"].native != "sha256":
        raise TokenRefused("another digest than SHA-256")
    context = ValidationContext(
        trust_roots=[x509.Certificate.load(der) for der in trusted], moment=at, allow_fetching=False
    )
    found = asyncio.run(validate_tst_signed_data(signed, context, lambda _name: hashlib.sha256(stamped).digest()))
    if not found["intact"] or not found["valid"]:
        raise TokenRefused("of something else" if found["valid"] else "signature does not hold")
    usage = found["signing_cert"].extended_key_usage_value
    if found["trust_problem_indic"] is not None or usage is None or usage.native != STAMPS_ONLY:
        raise TokenUntrusted("nobody trusted, or not for time stamps, or not at that time")
    instant: datetime = at
    return instant
