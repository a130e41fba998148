"""Sample signature requests whose links are known, for pictures and journeys of people who sign."""

import io
import uuid
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from reportlab.lib.pagesizes import LETTER
from reportlab.pdfgen.canvas import Canvas

from accounts.models import User
from accounts.visitors import Visitor
from core.crypto.links import new_secret
from core.cultures import Habits
from core.db import database_now
from core.uploads import seal_file
from licenses.access import held_by
from messaging.items.services.arriving import keep_uploads
from messaging.items.services.controlling import copied_key
from messaging.items.services.creating import Made
from messaging.items.services.handing import hand_out_link
from messaging.items.services.links import NewLink
from portal.demo.asking import open_to_sign
from signatures.answers import Value, answers_of
from signatures.choices import LINK_PREFIX, ZoneKind
from signatures.contents import Typed
from signatures.papers import Paper
from signatures.pdf.checking import check_pdf
from signatures.pdf.geometry import Box
from signatures.preparation import PlannedSigner, Preparation
from signatures.services.answering import keep_answers, signing_of
from signatures.services.completing import complete_what_waits
from signatures.services.controlling import cancel
from signatures.services.sending import Asked, send_request
from signatures.services.signing import consent, sign
from signatures.zones import Zone

TITLE = "Lease of the mill, 2027"
MESSAGE = "Hello Zoé,\n\nHere is the lease we discussed. Please initial the first page and sign the second."
HABITS = Habits("en-CA", "America/Toronto")
SIGNER = PlannedSigner("Zoé Roy", "zoe.roy@client.example")
OTHER = PlannedSigner("Yan Lee", "yan.lee@client.example", turn=2)
# Somebody of the demo who keeps a signature and initials.
KEEPER = PlannedSigner("Camille Tremblay", "pro@demo.example")
PARAGRAPHS = (
    "The owner lets to the tenant the mill at 12 River Road, with the yard and the weir.",
    "The rent is 1,250 dollars a month, due on the first day of each month.",
    "The lease begins on January 1, 2027 and ends on December 31, 2027.",
    "The tenant keeps the weir clear, and tells the owner of any damage within a week.",
    "Either side may end the lease by a letter, three months before the end of a year.",
)
ZONES = (
    Zone("order", 0, 1, Box(72, 420, 220, 24), 0, ZoneKind.TEXT, is_required=False, label="Purchase order number"),
    Zone("read", 0, 1, Box(72, 470, 16, 16), 0, ZoneKind.CHECKBOX, label="I have seen the mill"),
    Zone("initials", 0, 1, Box(460, 700, 72, 36), 0, ZoneKind.INITIALS),
    Zone("signature", 0, 2, Box(72, 560, 200, 60), 0, ZoneKind.SIGNATURE),
    Zone("name", 0, 2, Box(72, 626, 200, 20), 0, ZoneKind.NAME),
    Zone("date", 0, 2, Box(330, 600, 200, 20), 0, ZoneKind.DATE),
    Zone("other", 0, 2, Box(330, 400, 200, 60), 1, ZoneKind.SIGNATURE),
)


def make_signing_samples(sender: User, visitor: Visitor) -> dict[str, str]:
    """Make requests that wait, that somebody signed, that were cancelled and completed; return their links by name."""
    made = {
        "sign-new": _ask(sender, visitor, [SIGNER, OTHER], ZONES),
        "sign": _ask(sender, visitor, [SIGNER, OTHER], ZONES),
        "sign-asked": _ask(sender, visitor, [SIGNER], ()),
        "sign-own": _ask(sender, visitor, [KEEPER, OTHER], ZONES),
        "sign-free": _ask(sender, visitor, [SIGNER], ()),
        "sign-done": _ask(sender, visitor, [SIGNER, OTHER], ZONES),
        "sign-cancelled": _ask(sender, visitor, [SIGNER], ()),
        "sign-sealed": _ask(sender, visitor, [SIGNER], ZONES[:-1]),
    }
    links = {name: one.links[0].url(LINK_PREFIX) for name, one in made.items()}
    for name in ("sign-done", "sign-sealed"):
        _sign(made[name].links[0], visitor)
    cancel(item=made["sign-cancelled"].item, by=sender, visitor=visitor)
    while complete_what_waits():
        pass
    return links | {"sign-sealed": _fresh_link(made["sign-sealed"])}


def _ask(sender: User, visitor: Visitor, signers: Sequence[PlannedSigner], zones: Sequence[Zone]) -> Made:
    data_key, whole_id, clean = new_secret(), uuid.uuid4(), check_pdf(lease())
    name, kind = "Lease of the mill 2027.pdf", "application/pdf"
    upload = seal_file([clean.data], name=name, content_type=kind, data_key=data_key, whole=whole_id.bytes)
    paper = Paper(upload.file_id.hex(), upload.name, clean.pages, upload.sha256.hex())
    with transaction.atomic():
        now = database_now()
        files = keep_uploads([upload], whole_id=whole_id, kept_until=now)
        preparation = Preparation((paper,), tuple(signers), tuple(zones), MESSAGE, HABITS)
        return send_request(
            held=held_by(sender),
            requester=sender,
            asked=Asked(TITLE, preparation, files, timedelta(days=30), data_key, whole_id),
            form_key=uuid.uuid4(),
            language="en",
            visitor=visitor,
            at=now,
        )


def _sign(link: NewLink, visitor: Visitor) -> None:
    visit = open_to_sign(link, visitor)
    signing = signing_of(visit)
    consent(signing, visitor=visitor)
    values: dict[str, Value] = {
        "signature": Typed(SIGNER.name, "vibes"),
        "initials": Typed("Z. R.", "vibes"),
        "read": True,
    }
    keep_answers(signing, answers_of(signing.preparation.zones, 0, values))
    filled = signing_of(visit)
    sign(filled, reviewed=filled.answers_digest, visitor=visitor)


def _fresh_link(made: Made) -> str:
    """Return a link to the sealed documents: the one that was mailed is told to nobody else."""
    participant, now = made.links[0].link.participant, database_now()
    with transaction.atomic():
        handed, _code = hand_out_link(participant, data_key=copied_key(made.item, at=now), at=now)
    return handed.url(LINK_PREFIX)


def lease() -> bytes:
    """Return a lease of two pages, as PDF."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=LETTER, invariant=1)
    canvas.setFont("Helvetica-Bold", 18)
    canvas.drawString(72, 700, TITLE)
    canvas.setFont("Helvetica", 11)
    for number, paragraph in enumerate(PARAGRAPHS):
        canvas.drawString(72, 660 - 44 * number, f"{number + 1}.  {paragraph}")
    canvas.drawString(72, 384, "Purchase order:")
    canvas.drawString(96, 310, "I have seen the mill.")
    canvas.showPage()
    canvas.setFont("Helvetica", 11)
    canvas.drawString(72, 700, "Signed by owner and tenant:")
    canvas.line(72, 172, 272, 172)
    canvas.drawString(72, 118, "Tenant")
    canvas.line(330, 332, 530, 332)
    canvas.drawString(330, 316, "Owner")
    canvas.showPage()
    canvas.save()
    return file.getvalue()
