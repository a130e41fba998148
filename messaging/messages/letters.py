"""The mail with the link of a message: a letter as any with a link, and the subject where the sender shows it."""

from messaging.items.choices import Proof
from messaging.items.letters import LinkLetter, letter_of
from messaging.items.services.delivering import send_link_mail
from messaging.items.services.links import NewLink
from messaging.messages.limits import SUBJECT_SHOWN_CHARACTERS

MAIL = "message_link"
TEMPLATE = f"messages/emails/{MAIL}"


def write_link_mail(*, made: NewLink, subject: str, code: str, is_new_link: bool = False) -> None:
    """Write the mail of one recipient, in the caller's transaction.

    Args:
        made: its person with the item, its sender and their organization.
        subject: of the message, where the sender shows it; else empty.
        code: the opening code, where the proof is one; else empty.
        is_new_link: it replaces a link that was sent before.
    """
    letter = letter_of(made, code=code, is_new_link=is_new_link)
    context = context_of(letter, subject=shortened(subject), number_end=made.link.participant.number_end)
    send_link_mail(link=made.link, template=TEMPLATE, context=context)


def context_of(letter: LinkLetter, *, subject: str, number_end: str) -> dict[str, object]:
    """Return what the templates of the mail are given.

    Args:
        subject: of the message, shortened; empty where it is not shown.
        number_end: last digits of the number that a code by text message goes to.
    """
    shown_end = number_end if letter.proof is Proof.SMS_CODE else ""
    return letter.context(shown_subject=subject, number_end=shown_end)


def shortened(subject: str) -> str:
    """Return a subject as a notification shows it: on one line, and no longer than a mail program does."""
    line = " ".join(subject.split())
    if len(line) <= SUBJECT_SHOWN_CHARACTERS:
        return line
    return line[: SUBJECT_SHOWN_CHARACTERS - 1].rstrip() + "…"
