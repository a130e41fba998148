"""Ask somebody to sign a document of the demo, or begin to, and do what a signer does with their link."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache

from django.conf import settings
from django.db import transaction

from accounts.models import User
from accounts.visitors import Visitor
from core import keys
from core.crypto.links import new_secret
from core.crypto.secret import Secret
from core.mail import mails_of_the_past
from core.uploads import SealedUpload
from licenses.access import held_by
from messaging.items.choices import CodePurpose
from messaging.items.services.arriving import keep_uploads
from messaging.items.services.creating import Made
from messaging.items.services.draft_sealing import Seed
from messaging.items.services.links import NewLink
from messaging.items.services.opening import prove
from messaging.items.services.proof_codes import mail_code
from messaging.items.services.visiting import Visit, give_secret, new_cookie
from portal.demo.files import DemoFile, one_page, sealed
from signatures.answers import answers_of
from signatures.choices import ZoneKind
from signatures.contents import Typed
from signatures.drafts import Begun, KeptPaper
from signatures.papers import Paper
from signatures.pdf.checking import check_pdf
from signatures.pdf.geometry import Box, PageSize
from signatures.preparation import PlannedSigner, Preparation
from signatures.services.answering import keep_answers, signing_of
from signatures.services.drafting import keep_draft
from signatures.services.sending import Asked, send_request
from signatures.services.signing import consent, sign
from signatures.typed import Row, new_key
from signatures.zones import Zone

HAND = "caveat"


def ask_to_sign(
    requester: User,
    title: str,
    signers: Sequence[PlannedSigner],
    *,
    message: str,
    life: timedelta,
    visitor: Visitor,
    at: datetime,
) -> Made:
    """Send a document of one page, with a signature, a name and a date for each signer.

    Args:
        at: aware instant of the sending; in the past only while it is told in its order.
    """
    keys.prepare_weeks(settings.KEY_DIR, at.date())
    data_key, whole_id = new_secret(), uuid.uuid4()
    upload, paper = _document(title, data_key, whole_id)
    preparation = Preparation((paper,), tuple(signers), _zones(len(signers)), message, requester.habits)
    with transaction.atomic():
        files = keep_uploads([upload], whole_id=whole_id, kept_until=at)
        return send_request(
            held=held_by(requester, at=at),
            requester=requester,
            asked=Asked(title, preparation, files, life, data_key, whole_id),
            form_key=uuid.uuid4(),
            language=requester.language,
            visitor=visitor,
            at=at,
        )


def begin_to_ask(requester: User, title: str, signers: Sequence[PlannedSigner], *, message: str) -> None:
    """Keep a draft with a document and its signers, where nobody has placed a zone yet."""
    seed = Seed()
    upload, paper = _document(title, seed.data_key, seed.whole_id)
    rows = tuple(
        Row(new_key(), one.name, one.email, one.proof.value, language=one.language, turn=str(one.turn))
        for one in signers
    )
    keep_draft(
        owner=requester,
        form_key=uuid.uuid4(),
        version=0,
        begun=Begun({"title": title, "message": message, "days": "30"}, rows),
        seed=seed,
        added=[(upload, KeptPaper(paper, upload.size_bytes))],
    )


def give(link: NewLink, visitor: Visitor) -> Visit:
    """Give the secret of a signer's link."""
    secret = link.secret.reveal()
    return give_secret(locator=bytes(link.link.locator), secret=secret, cookie=new_cookie(), visitor=visitor)


def open_to_sign(link: NewLink, visitor: Visitor) -> Visit:
    """Open a signer's link with a code made for it."""
    visit = give(link, visitor)
    # Nobody waits for this code: its mail would be taken for one that was asked for.
    with mails_of_the_past():
        code = mail_code(link=visit.link, purpose=CodePurpose.OPENING, language=visit.item.language, visitor=visitor)
    prove(visit=visit, answer=code.digits, visitor=visitor)
    return visit


def sign_by_name(visit: Visit, visitor: Visitor) -> None:
    """Agree, sign with one's name in a handwriting, and finish."""
    signing = signing_of(visit)
    consent(signing, visitor=visitor)
    place, mark = signing.signer.place, Typed(visit.participant.name, HAND)
    keep_answers(signing, answers_of(signing.preparation.zones, place, {f"s{place}": mark}))
    filled = signing_of(visit)
    sign(filled, reviewed=filled.answers_digest, visitor=visitor)


def _document(title: str, data_key: Secret, whole_id: uuid.UUID) -> tuple[SealedUpload, Paper]:
    """Return a document of one page as it is sealed and as it is shown."""
    upload = sealed(DemoFile(f"{title}.pdf", title), data_key=data_key, whole_id=whole_id)
    return upload, Paper(upload.file_id.hex(), upload.name, _one_page(), upload.sha256.hex())


@cache
def _one_page() -> tuple[PageSize, ...]:
    """Return the page that each document has; looked at once, since a process of its own does that."""
    return check_pdf(one_page("")).pages


def _zones(signers: int) -> tuple[Zone, ...]:
    """Return the zones of each signer, one below the other."""
    found = []
    for place in range(signers):
        top = 400.0 + 110 * place
        found += [
            Zone(f"s{place}", 0, 1, Box(72, top, 210, 64), place, ZoneKind.SIGNATURE),
            Zone(f"n{place}", 0, 1, Box(72, top + 70, 210, 20), place, ZoneKind.NAME),
            Zone(f"d{place}", 0, 1, Box(320, top + 40, 180, 22), place, ZoneKind.DATE),
        ]
    return tuple(found)
