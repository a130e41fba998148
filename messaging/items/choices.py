"""Closed lists of what every sent thing shares."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(TextChoices):
    """What a person outside has to do with an item."""

    TO = "to", pgettext_lazy("recipient", "To")
    COPY = "copy", _("Cc")


class Proof(TextChoices):
    """What is asked before content is released."""

    NONE = "none", _("No proof")
    OPENING_CODE = "opening_code", _("Opening code")
    ITEM_PASSWORD = "item_password", _("Password, with a hint")
    EMAIL_CODE = "email_code", _("Code by e-mail")
    SMS_CODE = "sms_code", _("Code by text message")


# A fresh code each time, sent when the person asks for it.
SENT_ON_DEMAND = (Proof.EMAIL_CODE, Proof.SMS_CODE)


class CodePurpose(TextChoices):
    """What an answer to a link is for; the words are those the texts and their codes are kept under."""

    OPENING = "open-item", _("to open")
    REPLYING = "reply", _("to reply")


class Strength(TextChoices):
    """How much a proof is worth, in one word."""

    BASIC = "basic", _("Basic")
    GOOD = "good", _("Good")
    STRONG = "strong", _("Strong")

    @property
    def marks(self) -> int:
        """How many of three marks stand beside the word."""
        return list(type(self)).index(self) + 1


STRENGTH_OF = {
    Proof.NONE: Strength.BASIC,
    Proof.OPENING_CODE: Strength.BASIC,
    Proof.ITEM_PASSWORD: Strength.GOOD,
    Proof.EMAIL_CODE: Strength.GOOD,
    Proof.SMS_CODE: Strength.STRONG,
}


class State(TextChoices):
    """How an item, or one person's part of it, stands."""

    SENDING = "sending", _("Sending")
    NOT_OPENED = "not_opened", _("Not opened")
    WAITING = "waiting", pgettext_lazy("state of an item", "Waiting")
    OPEN = "open", pgettext_lazy("state of an item", "Open")
    DECLINED = "declined", pgettext_lazy("state of an item", "Declined")
    CLOSED = "closed", pgettext_lazy("state of an item", "Closed")
    USED_UP = "used_up", _("Openings used up")
    EXPIRED = "expired", pgettext_lazy("state of an item", "Expired")
    DELETED = "deleted", pgettext_lazy("state of an item", "Deleted")
    FAILED = "failed", _("Not delivered")


class LinkEnd(TextChoices):
    """Why a link works no more."""

    REPLACED = "replaced"
    REVOKED = "revoked"
    DONE = "done"
    DECLINED = "declined"
    EXPIRED = "expired"


class ReturnKind(TextChoices):
    """What came back."""

    REPLY = "reply", _("Reply")
    SUBMISSION = "submission", _("Delivery")
    SIGNED = "signed", _("Signed document")
