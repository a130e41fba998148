"""Tell a form that is sent once more from another one that came under the same key.

The digest is keyed by the secret of the link: data and key directory without the link confirm no guess of what was
written. Source: docs/decisions/0080-forms-from-outside.md
"""

import uuid
from collections.abc import Sequence
from hmac import compare_digest

from core.crypto.sealing import derive_key, keyed_hash
from core.uploads import RefusedUpload, SealedUpload
from messaging.items.models import Return
from messaging.items.services.visiting import Visit


def digest_of_body(
    visit: Visit, *, form_key: uuid.UUID, texts: Sequence[str], files: Sequence[SealedUpload | RefusedUpload]
) -> bytes:
    """Return the keyed digest of what a form holds, 32 bytes.

    Args:
        texts: what was typed, one for each field, in an order of the form's own.
        files: that came with it; where one was refused, the form is like no other one.
    """
    key = derive_key(visit.secret.reveal(), purpose="body of a form", context=form_key.bytes)
    parts: list[str | bytes] = [str(len(texts)), *texts]
    for file in files:
        if isinstance(file, RefusedUpload):
            parts.append("refused")
        else:
            parts += [file.name, str(file.size_bytes), file.sha256]
    return keyed_hash(key, *parts)


def is_same_body(returned: Return, digest: bytes) -> bool:
    """Tell whether a form holds what came back before; of what has no digest it is taken to be so."""
    return returned.body_digest is None or compare_digest(bytes(returned.body_digest), digest)
