"""The mails of signature requests. None says what the documents hold, and only the signer's own has a link."""

from collections.abc import Sequence
from datetime import datetime

from messaging.items.kinds import kind_of
from messaging.items.letters import letter_of
from messaging.items.models import Item, Participant
from messaging.items.references import shown_reference
from messaging.items.services.delivering import mail_outside, send_link_mail
from messaging.items.services.links import NewLink
from messaging.items.services.telling import tell_sender

SIGN_MAIL = "signatures/emails/sign"
SEALED_MAIL = "signatures/emails/sealed"
REMINDER_MAIL = "signatures/emails/reminder"
ENDS_MAIL = "signatures/emails/ends"
ENDS_FOR_REQUESTER_MAIL = "signatures/emails/ends_for_requester"
ENDED_MAIL = "signatures/emails/ended"
DECLINED_MAIL = "signatures/emails/declined"


def mail_turn(*, made: NewLink, language: str, is_new_link: bool = False) -> None:
    """Write the mail by which a signer is asked to sign, in the caller's transaction.

    Args:
        is_new_link: it replaces a link that was sent before.
    """
    context = letter_of(made, is_new_link=is_new_link).context()
    send_link_mail(link=made.link, template=SIGN_MAIL, context=context, language=language)


def mail_sealed(*, made: NewLink, language: str) -> None:
    """Write the mail with the link to the sealed documents to a signer, and until when they are kept."""
    context = letter_of(made).context(kept_until=made.link.participant.item.expires_at)
    send_link_mail(link=made.link, template=SEALED_MAIL, context=context, language=language)


def mail_reminder(*, made: NewLink, language: str, text: str) -> None:
    """Remind a signer, with a link that works: the one sent before stops, since nobody else knows its secret.

    Args:
        text: of the requester; empty for none.
    """
    context = letter_of(made, is_new_link=True).context(text=text)
    send_link_mail(link=made.link, template=REMINDER_MAIL, context=context, language=language)


def mail_ended(*, participant: Participant, language: str, reason: str) -> None:
    """Tell a signer who was written to that nothing has to be signed any more.

    Args:
        reason: `declined` or `cancelled`.
    """
    item = participant.item
    context: dict[str, object] = {
        "sender": item.sender,
        "organization": item.organization,
        "reference": shown_reference(item.reference),
        "reason": reason,
    }
    mail_outside(participant=participant, template=ENDED_MAIL, context=context, language=language)


def mail_ends(*, participant: Participant, language: str) -> None:
    """Tell a signer whose turn it is that little time is left; their link is in the mail they have."""
    item = participant.item
    context: dict[str, object] = {
        "sender": item.sender,
        "organization": item.organization,
        "reference": shown_reference(item.reference),
        "expires_at": participant.expires_at,
    }
    mail_outside(participant=participant, template=ENDS_MAIL, context=context, language=language)


def tell_ends(item: Item, *, missing: Sequence[Participant]) -> None:
    """Tell the requester who has not signed while little time is left."""
    link = kind_of(item.kind).page_link(item.reference)
    tell_sender(item, ENDS_FOR_REQUESTER_MAIL, missing=missing, ends_at=item.expires_at, link=link)


def tell_declined(item: Item, *, participant: Participant, at: datetime) -> None:
    """Tell the requester that a signer declined; the reason stands on the request's page alone."""
    link = kind_of(item.kind).page_link(item.reference)
    tell_sender(item, DECLINED_MAIL, participant=participant, at=at, link=link)
