"""What support can do for a person, each on a page of its own, and what is asked before.

Source: docs/decisions/0027-opened-records.md
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.choices import SecurityEventKind
from accounts.limits import REASON_MOST_CHARACTERS, TICKET_MOST_CHARACTERS
from accounts.models import User
from accounts.services import support_acts
from core.forms import TEXT_MESSAGES, PlainTextField

REASON = _("Reason")


def _always(_user: User) -> bool:
    return True


class TicketForm(forms.Form):
    """The ticket under which a record is opened."""

    required_css_class = "required"

    ticket = forms.CharField(
        label=_("Ticket number"),
        max_length=TICKET_MOST_CHARACTERS,
        error_messages=TEXT_MESSAGES,
        validators=[
            RegexValidator(
                r"^[A-Za-z0-9][A-Za-z0-9 ._/#-]*\Z",
                _("Type the number as your ticket system shows it: letters, digits, and . - _ / #."),
            )
        ],
        widget=forms.TextInput({"autocomplete": "off", "size": 30, "autofocus": True}),
    )


class ReasonForm(forms.Form):
    """Why something is done for a person."""

    required_css_class = "required"

    reason = PlainTextField(max_length=REASON_MOST_CHARACTERS, widget=forms.Textarea({"rows": 3, "cols": 60}))

    def __init__(self, *args: Any, act: "PersonAct", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = str(act.reason_label)
        self.fields["reason"].help_text = _("The customer reads it in the mail and in the security log.")


@dataclass(frozen=True, slots=True)
class PersonAct:
    """Something that support does for a person, on a page of its own.

    Args:
        name: word of the address and of its URL name.
        title: what it is called, also on its button.
        says: what it does, and what it does not.
        kind: the line of the customer's security log.
        do: its service.
        applies: whether it has a sense for a person as they are now.
        needs_proof: it changes how somebody gets in, so whoever does it confirms who they are.
    """

    name: str
    title: Promise
    says: Promise
    kind: SecurityEventKind
    do: Callable[..., None]
    applies: Callable[[User], bool] = _always
    reason_label: Promise = REASON
    needs_proof: bool = False


PERSON_ACTS = (
    PersonAct(
        name="unlock",
        title=_("Unlock sign-in"),
        says=_("Ends the waiting after wrong passwords and wrong codes. Password and factors stay as they are."),
        kind=SecurityEventKind.SUPPORT_UNLOCKED,
        do=support_acts.unlock,
    ),
    PersonAct(
        name="first_link",
        title=_("Send the first link again"),
        says=_("Mails a new link for the first password; the one before it stops working."),
        kind=SecurityEventKind.SUPPORT_SENT_FIRST_LINK,
        do=support_acts.send_first_link,
        applies=support_acts.can_send_first_link,
    ),
    PersonAct(
        name="password_reset",
        title=_("Start a password reset"),
        says=_("Mails a link to choose a new password. The present one works until the link is used."),
        kind=SecurityEventKind.SUPPORT_STARTED_RESET,
        do=support_acts.start_password_reset,
        applies=support_acts.can_start_password_reset,
    ),
    PersonAct(
        name="end_sessions",
        title=_("End all sessions"),
        says=_("Signs this person out everywhere, at the next click."),
        kind=SecurityEventKind.SUPPORT_ENDED_SESSIONS,
        do=support_acts.end_sessions,
    ),
    PersonAct(
        name="reset_two_factor",
        title=_("Reset 2FA"),
        says=_(
            "Ends every second factor, the recovery codes, the password and all sessions, and mails a link to begin"
            " anew. The cell number stays and has to be confirmed again. Do it only when you are sure who asks."
        ),
        kind=SecurityEventKind.SUPPORT_RESET_TWO_FACTOR,
        do=support_acts.reset_two_factor,
        applies=support_acts.can_reset_two_factor,
        reason_label=_("How did the person prove who they are?"),
        needs_proof=True,
    ),
)
