"""Sample messages and envelopes whose links are known, for pictures and journeys of people outside.

A link is a secret that nobody can look up: it is told when its message is made, and never again.
"""

import hashlib
import uuid
from datetime import timedelta

from django.db import transaction

from accounts.models import User
from accounts.visitors import Visitor
from core.blobs import blobs
from core.crypto.container import ContainerId, ContainerWriter
from core.crypto.links import new_secret
from core.crypto.secret import Secret
from core.db import database_now
from licenses.models import License
from messaging.envelopes.choices import KIND as ENVELOPE
from messaging.envelopes.services.asking import Asking, Handed, make_envelope
from messaging.envelopes.services.filling import Filling, Given, fill_envelope
from messaging.items.choices import Proof, ReturnKind
from messaging.items.kinds import kind_of
from messaging.items.manifests import FileEntry, Manifest
from messaging.items.models import Blob, Item, Participant
from messaging.items.services.controlling import revoke_item
from messaging.items.services.creating import Made, Person, Terms, create_item
from messaging.items.services.gates import GateSecret, agreed_password
from messaging.items.services.links import LOCATOR_BYTES, SECRET_BYTES, from_text
from messaging.items.services.opening import manifest_of, prove
from messaging.items.services.returning import take_in
from messaging.items.services.visiting import give_secret, new_cookie
from messaging.messages.choices import KIND as MESSAGE
from messaging.messages.choices import ReplyKind
from messaging.messages.models import Message
from messaging.messages.replies import ReplyTerms
from portal.demo.signing_samples import make_signing_samples
from signatures.sealers import can_seal

SENDER, RECIPIENT = "admin@demo.example", "claims.office@client.example"
# One for reading and one for replying: a number gets a few texts an hour.
NUMBER, OTHER_NUMBER = "+15145550187", "+15145550189"
DAYS, LONGEST_DAYS, OPENINGS = 7, 90, 99
SUBJECT = "Renewal terms 2027 and the signed schedule of services"
BODY = """Hello,

Here are the terms we discussed for next year, with the schedule of services. The only change from the draft is on \
page 3; the bureaus are listed at https://client.example/bureaus.

Please confirm the contact person for your regional bureaus before the end of the week.

Best regards,
Margaret Sinclair"""
REPLY = "The contact for the regional bureaus is regional.desk@client.example. The figures on page 3 are confirmed."
ASKED = "Please send the schedule back, signed on its last page."
TITLE, INSTRUCTIONS = (
    "Papers to open your file",
    """Passport, the page with the photo.
Proof of address, not older than three months.
The last three pay slips.""",
)
FILES = {
    "Renewal terms 2027.pdf": 428_000,
    "Schedule of services 2027.pdf": 1_210_000,
    "Comparison of figures by region and by service line, fiscal years 2024 to 2026, final version.xlsx": 39_000,
}
VISITOR = Visitor(ip_address="192.0.2.7", network="192.0.2.0/24", browser="Mozilla/5.0", known_browser="")


def make_samples() -> dict[str, str]:
    """Make messages with each proof, envelopes, and requests where documents are sealed; return their links by name."""
    code, password = GateSecret("402681"), agreed_password("violet harbour", hint="the two words on my card")
    people = {
        "open": Person(email=RECIPIENT),
        "code": Person(email=RECIPIENT, proof=Proof.OPENING_CODE, secret=code),
        "password": Person(email=RECIPIENT, proof=Proof.ITEM_PASSWORD, secret=password),
        "text": Person(email=RECIPIENT, number=NUMBER, proof=Proof.SMS_CODE),
        "text-asked": Person(email=RECIPIENT, number=NUMBER, proof=Proof.SMS_CODE),
        "protected": Person(email=RECIPIENT, number=OTHER_NUMBER),
        "protected-asked": Person(email=RECIPIENT, number=OTHER_NUMBER),
        "needed": Person(email=RECIPIENT),
        "deleted": Person(email=RECIPIENT),
    }
    with transaction.atomic():
        made = {
            name: _make(person, _reply_terms(name), is_protected=name.startswith("protected"))
            for name, person in people.items()
        }
        deleted = made["deleted"].item
        revoke_item(item=deleted, by=deleted.sender, visitor=VISITOR, at=database_now())
        for _ in range(2):
            _answer(made["open"].links[0].link.participant)
    prefix = kind_of(MESSAGE).link_prefix
    links = {name: sent.links[0].url(prefix) for name, sent in made.items()}
    links |= {name: _make_envelope().url for name in ("envelope", "envelope-filled", "envelope-deleted")}
    _fill_envelope(links["envelope-filled"])
    deleted = Item.objects.filter(kind=ENVELOPE).order_by("-pk")[0]
    revoke_item(item=deleted, by=deleted.sender, visitor=VISITOR, at=database_now())
    if can_seal(database_now()):
        links |= make_signing_samples(User.objects.get(email_key=SENDER), VISITOR)
    return links


def _reply_terms(name: str) -> ReplyTerms:
    """Return what the recipient of a sample may send back, and what is asked of them."""
    return ReplyTerms(ReplyKind.FILE_NEEDED, ASKED) if name == "needed" else ReplyTerms(ReplyKind.FILES)


def _make(person: Person, reply: ReplyTerms, *, is_protected: bool) -> Made:
    """Make one message with files, as the composer does."""
    sender, now = User.objects.get(email_key=SENDER), database_now()
    data_key, whole_id = new_secret(), uuid.uuid4()
    made = create_item(
        kind=MESSAGE,
        sender=sender,
        license=License.objects.get(holder=sender),
        manifest=Manifest(SUBJECT, BODY, _sealed_files(data_key, whole_id), reply.as_product()),
        people=[person],
        terms=Terms(
            now + timedelta(days=DAYS),
            now + timedelta(days=LONGEST_DAYS),
            OPENINGS,
            (Proof.SMS_CODE.value,) if is_protected else (),
        ),
        form_key=uuid.uuid4(),
        language="en",
        at=now,
        data_key=data_key,
        whole_id=whole_id,
        is_copy_kept=True,
    )
    Message.objects.create(item=made.item, reply_kind=reply.kind)
    return made


def _make_envelope() -> Handed:
    """Make an envelope whose link is copied."""
    sender = User.objects.get(email_key=SENDER)
    asking = Asking("", TITLE, INSTRUCTIONS, "en", timedelta(days=DAYS), Proof.NONE)
    return make_envelope(owner=sender, asking=asking, form_key=uuid.uuid4(), visitor=VISITOR)


def _fill_envelope(url: str) -> None:
    """Let a person outside fill an envelope."""
    locator, _, secret = url.rpartition("/")[2].partition("#")
    cookie, door = new_cookie(), from_text(locator, LOCATOR_BYTES)
    visit = give_secret(locator=door, secret=from_text(secret, SECRET_BYTES), cookie=cookie, visitor=VISITOR)
    prove(visit=visit, answer="", visitor=VISITOR)
    filling = Filling(visit, manifest_of(visit), 0)
    given = Given("Robin Outside", RECIPIENT, REPLY, [], "en")
    fill_envelope(filling=filling, given=given, form_key=uuid.uuid4(), visitor=VISITOR)


def _answer(participant: Participant) -> None:
    """Let a reply come back."""
    data_key, whole_id = new_secret(), uuid.uuid4()
    take_in(
        participant=participant,
        kind=ReturnKind.REPLY,
        manifest=Manifest(SUBJECT, REPLY, _sealed_files(data_key, whole_id)),
        data_key=data_key,
        whole_id=whole_id,
        form_key=uuid.uuid4(),
        is_owner_proof_asked=False,
        visitor=VISITOR,
        at=database_now(),
    )


def _sealed_files(data_key: Secret, whole_id: uuid.UUID) -> list[FileEntry]:
    """Seal the sample files of a whole."""
    entries = []
    for name, size_bytes in FILES.items():
        file_id, content = uuid.uuid4(), bytes(size_bytes)
        with blobs().create() as blob:
            writer = ContainerWriter(blob, data_key, ContainerId(whole_id.bytes, file_id.bytes))
            writer.write(content)
            writer.close()
        Blob.objects.create(
            whole_id=whole_id,
            file_id=file_id,
            name=blob.name,
            plain_bytes=size_bytes,
            sealed_bytes=blob.size_bytes,
        )
        digest = hashlib.sha256(content).hexdigest()
        entries.append(FileEntry(file_id.hex, name, "application/pdf", size_bytes, digest))
    return entries
