"""A draft as its recipients will get it: the mail, and the message behind the link."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from core import cultures
from core.db import database_now
from messaging.items.choices import Proof
from messaging.items.habits import outside_habits
from messaging.items.manifests import FileEntry
from messaging.messages.letters import TEMPLATE, Notice, shortened
from messaging.messages.limits import LIFE_HOURS
from messaging.messages.services.drafting import OpenDraft
from messaging.messages.typed import rows_of

HOURS_MOST_DIGITS = 5
CODE_SHOWN, REFERENCE_SHOWN, LINK_SHOWN = "000000", "XXXX-XXXX-XXXX", "…"


@dataclass(frozen=True, slots=True)
class Preview:
    """What a recipient gets.

    Args:
        mail_subject, mail_text: in the language of the recipients.
        language: of the recipients.
    """

    to: str
    mail_subject: str
    mail_text: str
    subject: str
    body: str
    files: Sequence[FileEntry]
    language: str


def preview_of(draft: OpenDraft) -> Preview:
    """Return what the first recipient of a draft would get if it were sent now."""
    sender, rows = draft.row.owner, rows_of(draft.fields)
    language = _known(draft.first("language"), [code for code, _name in settings.LANGUAGES], sender.language)
    proof = Proof(_known(draft.first("proof"), Proof.values, Proof.OPENING_CODE.value))
    hours = draft.first("life_hours")
    is_known = hours.isascii() and hours.isdigit() and len(hours) <= HOURS_MOST_DIGITS
    notice = Notice(
        sender=sender,
        expires_at=database_now() + timedelta(hours=int(hours) if is_known else LIFE_HOURS),
        reference=REFERENCE_SHOWN,
        url=f"{settings.PUBLIC_URL}/o/{LINK_SHOWN}",
        subject=shortened(draft.first("subject")) if "is_subject_shown" in draft.fields else "",
        proof=proof,
        code=CODE_SHOWN if proof is Proof.OPENING_CODE else "",
        number_end="··" if proof is Proof.SMS_CODE else "",
    )
    context = {"portal_name": settings.PORTAL_NAME, "support_email": settings.SUPPORT_EMAIL, **notice.context()}
    with translation.override(language), cultures.override(outside_habits(sender, language)):
        subject = " ".join(render_to_string(f"{TEMPLATE}/subject.txt", context).split())
        text = render_to_string(f"{TEMPLATE}/body.txt", context | {"subject": subject})
    return Preview(
        to=rows[0].email if rows else "",
        mail_subject=subject,
        mail_text=text.strip(),
        subject=draft.first("subject"),
        body=draft.first("body"),
        files=draft.files,
        language=language,
    )


def _known(value: str, choices: Sequence[str], otherwise: str) -> str:
    return value if value in choices else otherwise
