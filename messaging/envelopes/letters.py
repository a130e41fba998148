"""The mails of envelopes: the link, the receipt. Neither says what was written or what the files hold."""

from datetime import datetime

from messaging.envelopes.receipts import ReceiptText
from messaging.items.letters import letter_of
from messaging.items.models import Participant
from messaging.items.references import shown_reference
from messaging.items.services.delivering import mail_outside, send_link_mail
from messaging.items.services.links import NewLink

LINK_MAIL = "envelopes/emails/envelope_link"
RECEIPT_MAIL = "envelopes/emails/receipt"


def mail_link(*, made: NewLink, code: str, is_new_link: bool = False) -> None:
    """Write the mail with the link to the person outside, in the caller's transaction.

    Args:
        code: opening code, where it is the proof; else empty.
        is_new_link: it replaces a link that was sent before.
    """
    context = letter_of(made, code=code, is_new_link=is_new_link).context()
    send_link_mail(link=made.link, template=LINK_MAIL, context=context)


def mail_receipt(*, participant: Participant, receipt: ReceiptText, at: datetime, language: str) -> None:
    """Write the receipt to the address the person outside has, in the caller's transaction.

    Args:
        language: in which they read the page.
    """
    context = {"receipt": receipt, "at": at, "reference": shown_reference(participant.item.reference)}
    mail_outside(participant=participant, template=RECEIPT_MAIL, context=context, language=language)
