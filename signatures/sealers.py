"""Whether documents can be sealed here, by whom, and whose seals are ours.

Source: docs/decisions/0060-sealing.md, docs/decisions/0062-verification.md
"""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from core.crypto.seal_keys import LinkNames, SealChain, names_of
from core.sealer.asking import SealerAway, sign_by_sealer
from core.sealer.files import SealFileRefused, known_chains, read_chain_file, read_roots_file
from signatures.errors import SealerSilent, SealExpired, SealNotConfigured, SealNotYetValid
from signatures.pdf.verdicts import Verdict, verify_in_child


@dataclass(frozen=True, slots=True)
class Seal:
    """Whose seal is set on documents now.

    Args:
        is_demo: nobody vouches for it, and what it seals has to say so.
    """

    chain: SealChain
    is_demo: bool

    def sign_digest(self, digest: bytes) -> bytes:
        """Return the signature of a SHA-256 digest, made by the process that holds the key.

        Raises:
            SealerSilent: it does not answer, or has another key.
        """
        try:
            return sign_by_sealer(digest, path=settings.SEAL_SOCKET, chain=self.chain)
        except SealerAway:
            raise SealerSilent from None


def seal_at(instant: datetime) -> Seal:
    """Return the seal that may be set at an instant; the certificate is read each time, since an operator renews it.

    Raises:
        SealingUnavailable: nothing is configured, or the certificate is over or begins later.
    """
    chain = current_chain()
    if instant < chain.not_before:
        raise SealNotYetValid
    if instant > chain.not_after:
        raise SealExpired
    return Seal(chain, is_demo=settings.SEAL_IS_DEMO)


def can_seal(instant: datetime) -> bool:
    """Tell whether documents may be asked to be signed: whether there is a seal that may be set."""
    try:
        seal_at(instant)
    except (SealNotConfigured, SealNotYetValid, SealExpired):
        return False
    return True


def verify_file(data: bytes) -> Verdict:
    """Return what is known of a file, a stranger's or one of ours; it is read by the limited child process.

    Seals of earlier keys are ours too.

    Raises:
        PdfRefused, PdfBusy, ChildFailed: as `signatures.pdf.child` says.
    """
    chains = our_chains()
    return verify_in_child(
        data,
        ours=[own for own, *_vouching in chains],
        vouching=[link for _own, *vouching in chains for link in vouching],
        time_stampers=trusted_time_stampers(),
    )


def our_chains() -> list[tuple[bytes, ...]]:
    """Return whose seals were ever set here and whose is set now: of each the DER of its own record first."""
    chains = known_chains(settings.KEY_DIR)
    with suppress(SealNotConfigured):
        chains.append(current_chain().links)
    return chains


def holder_of(certificate_sha256: str) -> LinkNames | None:
    """Return whose certificate made a seal of ours; None if it is none of ours.

    Args:
        certificate_sha256: as a verdict tells it.
    """
    for own, *_vouching in our_chains():
        if hashlib.sha256(own).hexdigest() == certificate_sha256:
            return names_of(own)
    return None


def trusted_time_stampers() -> tuple[bytes, ...]:
    """Return the certificates that a time stamp has to lead to; none where no server was ever set."""
    return read_roots_file(settings.TSA_CERTIFICATES) if settings.TSA_CERTIFICATES else ()


def current_chain() -> SealChain:
    """Return whose seal is set here, whether its time has come or is over.

    Raises:
        SealNotConfigured: nobody's, or its file cannot be read.
    """
    if settings.SEAL_CERTIFICATE is None:
        raise SealNotConfigured
    try:
        return read_chain_file(settings.SEAL_CERTIFICATE)
    except SealFileRefused:
        raise SealNotConfigured from None
