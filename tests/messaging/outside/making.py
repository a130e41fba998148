"""Make messages with files as the composer would, for people outside to open and answer."""

import hashlib
import os
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from accounts.models import User
from core.blobs import blobs
from core.crypto.container import ContainerId, ContainerWriter
from core.crypto.links import new_secret
from core.crypto.secret import Secret
from core.uploads import SealedUpload
from messaging.items.choices import Proof
from messaging.items.manifests import FileEntry, Manifest
from messaging.items.models import Blob
from messaging.items.services.creating import Person
from messaging.items.services.draft_sealing import Seed
from messaging.items.services.gates import new_opening_code
from messaging.messages.choices import ReplyKind
from messaging.messages.models import Message
from messaging.messages.replies import ReplyTerms
from tests.messaging.items.making import ADDRESS, BODY, SUBJECT, Sent, make_sender, send_item

NUMBER = "+14165550187"
REPLY_PROVEN = (Proof.SMS_CODE.value,)


@dataclass(frozen=True, slots=True)
class File:
    """A file to be sent."""

    name: str
    content: bytes
    content_type: str = "application/pdf"


TERMS, FIGURES = File("Canary terms.pdf", b"terms " * 50), File("figures.csv", b"1,2\n", "text/csv")


def send_message(
    sender: User | None = None,
    people: Sequence[Person] = (Person(email=ADDRESS),),
    *,
    files: Sequence[File] = (),
    reply: ReplyKind = ReplyKind.FILES,
    instructions: str = "",
    body: str = BODY,
    subject: str = SUBJECT,
    reply_proofs: tuple[str, ...] = (),
    openings: int = 5,
    is_read_receipt_asked: bool = False,
    is_owner_proof_asked: bool = False,
) -> Sent:
    """Make a message that was sent."""
    data_key, whole_id = new_secret(), uuid.uuid4()
    entries = [sealed(file, data_key, whole_id) for file in files]
    terms = ReplyTerms(reply, instructions).as_product()
    sent = send_item(
        sender or make_sender(),
        people,
        manifest=Manifest(subject, body, entries, terms),
        reply_proofs=reply_proofs,
        openings=openings,
        data_key=data_key,
        whole_id=whole_id,
    )
    Message.objects.create(
        item=sent.item,
        reply_kind=reply,
        is_read_receipt_asked=is_read_receipt_asked,
        is_owner_proof_asked=is_owner_proof_asked,
    )
    return sent


def sealed(file: File, data_key: Secret, whole_id: uuid.UUID) -> FileEntry:
    """Seal a file into a blob, and return its entry."""
    file_id = os.urandom(16)
    with blobs().create() as blob:
        writer = ContainerWriter(blob, data_key, ContainerId(whole_id.bytes, file_id))
        writer.write(file.content)
        writer.close()
    Blob.objects.create(
        whole_id=whole_id,
        file_id=uuid.UUID(bytes=file_id),
        name=blob.name,
        plain_bytes=len(file.content),
        sealed_bytes=blob.size_bytes,
    )
    digest = hashlib.sha256(file.content).hexdigest()
    return FileEntry(file_id.hex(), file.name, file.content_type, len(file.content), digest)


def arrived(file: File, seed: Seed) -> SealedUpload:
    """Return a file that arrived for a draft and was not kept yet."""
    entry = sealed(file, seed.data_key, seed.whole_id)
    blob = Blob.objects.get(file_id=entry.file_uuid)
    blob.delete()
    return SealedUpload(
        file_id=entry.file_uuid.bytes,
        name=entry.name,
        is_shortened=False,
        content_type=entry.content_type,
        size_bytes=entry.plain_bytes,
        sealed_bytes=blob.sealed_bytes,
        blob=blob.name,
        sha256=bytes.fromhex(entry.sha256),
    )


def texted(proof: Proof = Proof.SMS_CODE) -> Person:
    """Return a person whose number the sender gave."""
    return Person(email=ADDRESS, number=NUMBER, proof=proof)


def mailed() -> Person:
    """Return a person who is asked for a code that goes by mail when they ask for it."""
    return Person(email=ADDRESS, proof=Proof.EMAIL_CODE)


def coded() -> Person:
    """Return a person who is asked for an opening code; it is the person's secret."""
    return replace(Person(email=ADDRESS), proof=Proof.OPENING_CODE, secret=new_opening_code())
