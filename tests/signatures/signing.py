"""Send signature requests as the composer would, and sign them as people outside would."""

import re
import shutil
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from django.db import transaction
from django.test import override_settings

from accounts.models import User
from core.crypto.links import new_secret
from core.crypto.secret import Secret
from core.cultures import Habits
from core.db import database_now
from core.uploads import SealedUpload, seal_file
from licenses.access import held_by
from messaging.items.choices import CodePurpose
from messaging.items.models import Blob, Item
from messaging.items.services.arriving import keep_uploads
from messaging.items.services.creating import Made
from messaging.items.services.links import LOCATOR_BYTES, SECRET_BYTES, from_text
from messaging.items.services.opening import prove
from messaging.items.services.proof_codes import mail_code
from messaging.items.services.visiting import Visit, give_secret, new_cookie
from signatures.answers import Value, answers_of
from signatures.choices import ZoneKind
from signatures.contents import Typed
from signatures.models import SignatureRequest, Signer
from signatures.papers import Paper
from signatures.pdf.checking import CleanPdf, check_pdf
from signatures.pdf.geometry import Box
from signatures.preparation import PlannedSigner, Preparation
from signatures.services.answering import Signing, keep_answers, signing_of
from signatures.services.sending import Asked, send_request
from signatures.services.signing import consent, sign
from signatures.zones import Zone
from tests.core.sealer.test_serving import PATIENCE_SECONDS, eventually, started
from tests.messaging.items.making import give, visitor
from tests.outbox import delivered
from tests.signatures.pdf.seals import document

TITLE = "Canary lease of the mill"
HABITS = Habits("en-CA", "America/Toronto")
ZOE = PlannedSigner("Zoë Roy", "zoe@outside.example", turn=1)
YAN = PlannedSigner("Yan Lee", "yan@outside.example", language="fr", turn=2)
FONT = "caveat"


@cache
def clean(pages: int = 2, line: str = "The rent is 100 dollars.") -> CleanPdf:
    """Return a document as the portal presents it."""
    return check_pdf(document(pages, line))


def zones_for(signers: int) -> tuple[Zone, ...]:
    """Return for each signer a signature, a date and a text that may stay empty."""
    found = []
    for place in range(signers):
        top = 120.0 + 200 * place
        found += [
            Zone(f"s{place}", 0, 1, Box(80, top, 200, 60), place, ZoneKind.SIGNATURE),
            Zone(f"d{place}", 0, 1, Box(320, top, 160, 24), place, ZoneKind.DATE),
            Zone(f"t{place}", 0, 1, Box(320, top + 40, 160, 24), place, ZoneKind.TEXT, False, "Order"),
        ]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Requested:
    """A request just sent: what it made, and the key of its content."""

    made: Made
    data_key: Secret

    @property
    def item(self) -> Item:
        return Item.objects.get(pk=self.made.item.pk)

    @property
    def row(self) -> SignatureRequest:
        return SignatureRequest.objects.select_related("item").get(pk=self.made.item.pk)

    def signer(self, place: int) -> Signer:
        return Signer.objects.select_related("participant", "request").get(request=self.made.item.pk, place=place)


def ask(
    requester: User,
    signers: Sequence[PlannedSigner] = (ZOE, YAN),
    *,
    zones: Sequence[Zone] | None = None,
    sources: Sequence[CleanPdf] = (),
    days: float = 30,
    form_key: uuid.UUID | None = None,
) -> Requested:
    """Send a request with one document, or with those given."""
    data_key, whole_id, now = new_secret(), uuid.uuid4(), database_now()
    found = sources or (clean(),)
    uploads = [_sealed(one, f"Lease {n}.pdf", data_key, whole_id) for n, one in enumerate(found, start=1)]
    papers = tuple(
        Paper(upload.file_id.hex(), upload.name, one.pages, upload.sha256.hex())
        for upload, one in zip(uploads, found, strict=True)
    )
    kept_zones = zones_for(len(signers)) if zones is None else tuple(zones)
    with transaction.atomic():
        files = keep_uploads(uploads, whole_id=whole_id, kept_until=now)
        preparation = Preparation(papers, tuple(signers), kept_zones, "Please sign.", HABITS)
        asked = Asked(TITLE, preparation, files, timedelta(days=days), data_key, whole_id)
        made = send_request(
            held=held_by(requester),
            requester=requester,
            asked=asked,
            form_key=form_key or uuid.uuid4(),
            language="en",
            visitor=visitor(),
            at=now,
        )
    assert not Blob.objects.filter(whole_id=whole_id, kept_until__isnull=False).exists()
    return Requested(made, data_key)


def _sealed(one: CleanPdf, name: str, data_key: Secret, whole_id: uuid.UUID) -> SealedUpload:
    kind = "application/pdf"
    return seal_file([one.data], name=name, content_type=kind, data_key=data_key, whole=whole_id.bytes)


def mark(text: str = "Zoë Roy") -> Value:
    """Return a typed signature."""
    return Typed(text, FONT)


def fill(visit: Visit, **values: Value) -> None:
    """Agree, and fill in all that is asked of the signer of a visit; more values by the id of their zone."""
    signing = signing_of(visit)
    consent(signing, visitor=visitor())
    place = signing.signer.place
    keep_answers(signing, answers_of(signing.preparation.zones, place, {f"s{place}": mark(), **values}))


def sign_all(visit: Visit, **values: Value) -> None:
    """Agree, fill in and sign."""
    fill(visit, **values)
    sign_now(signing_of(visit), "198.51.100.23")


def sign_now(signing: Signing, ip_address: str = "192.0.2.7") -> None:
    """Sign with what was filled in when a tab was opened."""
    sign(signing, reviewed=signing.answers_digest, visitor=visitor(ip_address))


def opened(requested: Requested) -> Visit:
    """Open the link of the first signer."""
    return opened_by_mail(give(requested.made.links[0]))


def opened_by_mail(visit: Visit) -> Visit:
    """Open with a code that is mailed for it."""
    code = mail_code(link=visit.link, purpose=CodePurpose.OPENING, language="en", visitor=visitor())
    prove(visit=visit, answer=code.digits, visitor=visitor())
    return visit


@contextmanager
def seal_process() -> Iterator[Path]:
    """Run the process with the key of a demo, and yield the folder of its files."""
    folder = Path(tempfile.mkdtemp(prefix="seal"))
    process = started(folder)
    try:
        assert eventually(lambda: process.poll() is not None or (folder / "s").exists())
        yield folder
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE_SECONDS)
        shutil.rmtree(folder)


@contextmanager
def seals_here() -> Iterator[None]:
    """Let requests be sent where no fixture of these tests reaches, by the seal of a demo."""
    with (
        seal_process() as folder,
        override_settings(
            SEAL_IS_DEMO=True,
            SEAL_CERTIFICATE=folder / "chain.pem",
            SEAL_KEY=folder / "key.pem",
            SEAL_SOCKET=folder / "s",
            TSA_URL="",
            TSA_CERTIFICATES=None,
        ),
    ):
        yield


def mail_to(address: str) -> str:
    """Deliver what waits, and return the newest mail to an address."""
    return next(entry.text for entry in delivered("email") if entry.to == address)


def open_mailed(address: str) -> Visit:
    """Open the newest link that was mailed to an address, with a code that is mailed for it."""
    locator, secret = newest_link(address)
    visit = give_secret(
        locator=from_text(locator, LOCATOR_BYTES),
        secret=from_text(secret, SECRET_BYTES),
        cookie=new_cookie(),
        visitor=visitor(),
    )
    return opened_by_mail(visit)


def newest_link(address: str) -> tuple[str, str]:
    """Deliver what waits, and return locator and secret of the newest link that was mailed to an address."""
    mails = (entry.text for entry in delivered("email") if entry.to == address)
    found = next(link for text in mails if (link := re.search(r"/s/([\w-]+)#([\w-]+)", text)))
    return found[1], found[2]
