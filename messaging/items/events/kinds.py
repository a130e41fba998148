"""What can happen to an item, and which facts each kind of event may carry.

A fact is a number, an instant, a name by which the portal knows something, or a word of a closed list. No form takes
what a person wrote: a subject, the name of a file, a code or a secret is no fact.
"""

import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from messaging.items.choices import CodePurpose, Proof, ReturnKind


class MailFailure(TextChoices):
    """Why the mail with a link did not go out; the words are those of the jobs."""

    REFUSED = "refused by the mail server", _("Refused by the mail server")
    TOO_LATE = "too late", _("Not taken by the mail server in time")


class EventKind(TextChoices):
    """What can happen to an item: source, subject, action."""

    SENT = "item:item:sent", _("Sent")
    EXTENDED = "item:item:extended", _("Expiration date changed")
    DELETED = "item:item:deleted", _("Deleted by the sender")
    EXPIRED = "item:item:expired", _("Expired, content destroyed")
    MAIL_HANDED_OVER = "item:mail:handed_over", _("Handed to the mail server")
    MAIL_FAILED = "item:mail:failed", _("Not delivered")
    LINK_RENEWED = "item:link:renewed", _("New link sent")
    LINK_SENT = "item:link:sent", _("Link sent")
    LINK_DELETED = "item:link:deleted", _("Access ended for one person")
    CODE_SENT = "item:code:sent", _("Code sent")
    CODE_FAILED = "item:code:failed", _("Wrong code")
    CODE_STOPPED = "item:code:stopped", _("Too many wrong codes")
    CODE_EXPIRED = "item:code:expired", _("Code given while none was valid")
    CODE_MISSING = "item:code:missing", _("Told you that the code does not arrive")
    OPENED = "item:message:opened", _("Opened")
    FILE_DOWNLOADED = "item:file:downloaded", _("File downloaded")
    COPY_READ = "item:copy:read", _("Copy read by the sender")
    REPLY_PROVEN = "item:reply:proven", _("Identity proven before replying")
    RETURN_ARRIVED = "item:return:arrived", _("Something came back")
    RETURN_READ = "item:return:read", _("Return read")
    RETURN_EXPIRED = "item:return:expired", _("Return expired, content destroyed")
    PROOF_PRINTED = "item:proof:printed", _("Proof for the file printed")
    CONSENTED = "item:signature:consented", _("Agreed to sign electronically")
    SIGNED = "item:signature:signed", pgettext_lazy("event", "Signed")
    DECLINED = "item:signature:declined", pgettext_lazy("event", "Declined to sign")
    SEALED = "item:signature:sealed", _("Documents sealed")
    SEAL_HELD = "item:signature:held", _("Held until a time-stamp server answers")
    REMINDED = "item:mail:reminded", _("Reminder sent")
    ADDRESS_CORRECTED = "item:mail:corrected", _("E-mail address corrected")
    NUMBER_CORRECTED = "item:number:corrected", _("Cell number corrected")


SHA256_BYTES = 32
# Counted apart from replies, which are counted under the word of the event itself.
DELIVERIES_COUNTED = f"{EventKind.RETURN_ARRIVED.value}:{ReturnKind.SUBMISSION.value}"
SIGNED_COUNTED = f"{EventKind.RETURN_ARRIVED.value}:{ReturnKind.SIGNED.value}"
COUNTED_APART = {ReturnKind.SUBMISSION.value: DELIVERIES_COUNTED, ReturnKind.SIGNED.value: SIGNED_COUNTED}


class FactRefused(ValueError):
    """An event may not carry this fact, or not in this form; the text names the fact and never its value."""


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError
    return value


def _instant(value: object) -> str:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ValueError
    return written(value)


def _identity(value: object) -> str:
    if not isinstance(value, uuid.UUID):
        raise ValueError
    return str(value)


def _word_of(choices: type[TextChoices]) -> Callable[[object], str]:
    def word(value: object) -> str:
        return str(choices(str(value)))

    return word


def _digests(value: object) -> list[str]:
    """Return SHA-256 digests in hexadecimal, in the order of the documents they are of."""
    if not isinstance(value, list | tuple) or not value or not all(isinstance(each, bytes) for each in value):
        raise ValueError
    if any(len(each) != SHA256_BYTES for each in value):
        raise ValueError
    return [each.hex() for each in value]


def _yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


# Each fact has one form, whichever event carries it.
_FORMS: dict[str, Callable[[object], object]] = {
    "digests": _digests,
    "expires_at": _instant,
    "file": _identity,
    "files": _whole,
    "is_time_stamped": _yes_or_no,
    "link": _whole,
    "opening": _whole,
    "people": _whole,
    "proof": _word_of(Proof),
    "purpose": _word_of(CodePurpose),
    "reason": _word_of(MailFailure),
    "return": _identity,
    "return_kind": _word_of(ReturnKind),
    "size_bytes": _whole,
    "tries_left": _whole,
}

FACTS: dict[EventKind, frozenset[str]] = {
    EventKind.SENT: frozenset({"people", "files", "size_bytes", "expires_at"}),
    EventKind.EXTENDED: frozenset({"expires_at"}),
    EventKind.DELETED: frozenset(),
    EventKind.EXPIRED: frozenset(),
    EventKind.MAIL_HANDED_OVER: frozenset({"link"}),
    EventKind.MAIL_FAILED: frozenset({"link", "reason"}),
    EventKind.LINK_RENEWED: frozenset({"link", "proof"}),
    EventKind.LINK_DELETED: frozenset({"link"}),
    EventKind.CODE_SENT: frozenset({"link", "proof", "purpose"}),
    EventKind.CODE_FAILED: frozenset({"link", "proof", "purpose", "tries_left"}),
    EventKind.CODE_STOPPED: frozenset({"link", "proof", "purpose"}),
    EventKind.CODE_EXPIRED: frozenset({"link", "proof", "purpose"}),
    EventKind.CODE_MISSING: frozenset({"link", "proof", "purpose"}),
    EventKind.OPENED: frozenset({"link", "proof", "opening"}),
    EventKind.FILE_DOWNLOADED: frozenset({"link", "file", "return", "size_bytes"}),
    EventKind.COPY_READ: frozenset(),
    EventKind.REPLY_PROVEN: frozenset({"link", "proof"}),
    EventKind.RETURN_ARRIVED: frozenset({"return", "return_kind", "link", "proof", "files", "size_bytes"}),
    EventKind.RETURN_READ: frozenset({"return", "return_kind"}),
    EventKind.RETURN_EXPIRED: frozenset({"return", "return_kind"}),
    EventKind.PROOF_PRINTED: frozenset(),
    EventKind.LINK_SENT: frozenset({"link", "proof"}),
    EventKind.CONSENTED: frozenset({"link", "proof", "digests"}),
    EventKind.SIGNED: frozenset({"link", "proof", "digests"}),
    EventKind.DECLINED: frozenset({"link", "proof"}),
    EventKind.SEALED: frozenset({"return", "files", "digests", "is_time_stamped"}),
    EventKind.SEAL_HELD: frozenset(),
    EventKind.REMINDED: frozenset({"link"}),
    EventKind.ADDRESS_CORRECTED: frozenset(),
    EventKind.NUMBER_CORRECTED: frozenset(),
}


def written(at: datetime) -> str:
    """Return an aware instant as the log writes it: UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def checked_facts(kind: EventKind, facts: Mapping[str, object]) -> dict[str, object]:
    """Return the facts of an event as JSON values.

    Raises:
        FactRefused: a fact is not declared for this kind, or has another form than its own.
    """
    if strange := facts.keys() - FACTS[kind]:
        raise FactRefused(f"{kind} carries no {', '.join(sorted(strange))}.")
    return {name: _in_form(name, value) for name, value in facts.items()}


def _in_form(name: str, value: object) -> object:
    try:
        return _FORMS[name](value)
    except ValueError:
        raise FactRefused(f"{name} is not in its form.") from None
