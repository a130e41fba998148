"""What electronic signature keeps."""

from signatures.models.marks import Mark
from signatures.models.requests import SignatureRequest, Signer
from signatures.models.sealed import SealedDocument

__all__ = ["Mark", "SealedDocument", "SignatureRequest", "Signer"]
