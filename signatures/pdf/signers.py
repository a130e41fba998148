"""Who signs the seal for pyHanko: somebody who takes a SHA-256 digest and gives a signature, wherever the key is.

pyHanko's own signer reads its key anew for each signature, which takes a hundred times as long as signing.
Source: docs/decisions/0060-sealing.md
"""

import hashlib
from collections.abc import Callable, Sequence

from asn1crypto import x509
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

DIGEST = "sha256"
# What a signature is made of besides certificates and key: attributes, algorithms, the frame of each.
FRAME_BYTES = 1_500

SignDigest = Callable[[bytes], bytes]


class DigestSigner(Signer):
    """A signer that hands a digest to somebody else.

    Args:
        links: DER of the signer's certificate, then of those who vouch for it.
        sign_digest: returns the signature of a SHA-256 digest; what it raises goes through to the caller.
    """

    def __init__(self, links: Sequence[bytes], sign_digest: SignDigest) -> None:
        own, *others = (x509.Certificate.load(link) for link in links)
        registry = SimpleCertificateStore()
        registry.register_multiple(others)
        super().__init__(signing_cert=own, cert_registry=registry)
        self._sign_digest = sign_digest
        self.cms_bytes = sum(map(len, links)) + own.public_key.byte_size + FRAME_BYTES

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """Return the signature of what pyHanko wants signed."""
        if digest_algorithm != DIGEST or dry_run:
            raise SigningError("The seal is a signature of SHA-256, made once.")
        return self._sign_digest(hashlib.sha256(data).digest())
