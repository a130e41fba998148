"""What people outside type: the secret of their link, the proof it asks, what goes back; and another end of an item."""

import uuid
from datetime import datetime
from math import ceil
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.forms.email_change import MailedSecretForm
from accounts.forms.sign_in import CODE_MOST_CHARACTERS
from core import cultures
from core.forms import CHOICE_MESSAGES, TEXT_MESSAGES, offer, renew_form_key
from core.uploads import SealedFilesField
from messaging.items.choices import Proof
from messaging.items.limits import HOUR, LIVES_OFFERED_HOURS, PASSWORD_MOST_CHARACTERS, TEXT_BACK_MOST_CHARACTERS
from messaging.items.lives import life_in_words
from messaging.items.models import Item
from messaging.items.services.links import SECRET_BYTES, from_text

ENCODED_MARK = "%23"


class SecretForm(MailedSecretForm):
    """The secret of a link: as a script takes it from the address, or pasted by a person with the rest of the link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["link"].label = _("Link you were given")
        self.fields["link"].error_messages["required"] = _(
            "Open the link you were given again, or copy the whole link and paste it here."
        )

    @property
    def secret(self) -> bytes | None:
        """The 32 bytes of the secret, or None for what cannot be one."""
        pasted = str(self.cleaned_data["link"]).rpartition(ENCODED_MARK)[2]
        return from_text("".join(pasted.split()), SECRET_BYTES)


class AnswerForm(forms.Form):
    """What a person outside answers to the proof asked; the button alone where none is."""

    @property
    def answer(self) -> str:
        """What was typed."""
        return ""


class CodeForm(AnswerForm):
    """Six digits, as they were mailed, told, or sent by text message.

    Args:
        missing: what to say where nothing was typed.
    """

    code = forms.CharField(label=_("Six-digit code"), max_length=CODE_MOST_CHARACTERS, error_messages=TEXT_MESSAGES)

    def __init__(self, *args: Any, missing: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].error_messages["required"] = missing

    @property
    def answer(self) -> str:
        """What was typed."""
        return str(self.cleaned_data["code"])


class PasswordForm(AnswerForm):
    """The password that sender and recipient agreed on, exactly as typed."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=PASSWORD_MOST_CHARACTERS,
        widget=forms.PasswordInput,
        error_messages=TEXT_MESSAGES | {"required": _("Enter the password.")},
    )

    @property
    def answer(self) -> str:
        """What was typed."""
        return str(self.cleaned_data["password"])


def answer_form(proof: Proof, data: Any = None) -> AnswerForm:
    """Return the form that takes the answer to a proof."""
    if proof is Proof.OPENING_CODE:
        return CodeForm(data, missing=gettext("Enter the six digits of the opening code."), auto_id="%s")
    if proof is Proof.EMAIL_CODE:
        return CodeForm(data, missing=gettext("Enter the six digits of the e-mail."), auto_id="%s")
    if proof is Proof.SMS_CODE:
        return text_code_form(data)
    if proof is Proof.ITEM_PASSWORD:
        return PasswordForm(data, auto_id="%s")
    return AnswerForm(data, auto_id="%s")


def text_code_form(data: Any = None) -> CodeForm:
    """Return the form that takes a code from a text message."""
    return CodeForm(data, missing=gettext("Enter the six digits of the text message."), auto_id="%s")


class ReturnForm(forms.Form):
    """What a person outside sends back: a text, and files where they are wanted.

    Args:
        takes_files: whether files may come; where they may not, a form that brings some is refused.
        is_file_needed: a text alone is not enough.
    """

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    text = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=TEXT_BACK_MOST_CHARACTERS,
        widget=forms.Textarea({"rows": 8}),
        error_messages=TEXT_MESSAGES,
    )
    uploads = SealedFilesField(label=_("Files"), required=False)

    def __init__(self, *args: Any, takes_files: bool, is_file_needed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"auto_id": "%s"})
        self.is_file_needed = is_file_needed
        if not takes_files:
            del self.fields["uploads"]

    def clean(self) -> dict[str, Any]:
        """Refuse what holds nothing, and files that nobody asked for."""
        values, takes_files = super().clean() or self.cleaned_data, "uploads" in self.fields
        renew_form_key(self)
        if self.files and not takes_files:
            self.add_error("text", _("No files are asked for, and none were kept. Send the text alone."))
        if self.is_file_needed and "uploads" not in self.errors and not values.get("uploads"):
            self.add_error("uploads", _("Add at least one file: it is asked for."))
        if not {"text", "uploads"} & set(self.errors) and not values.get("text") and not values.get("uploads"):
            self.add_error("text", _("Write something, or add a file.") if takes_files else _("Write something."))
        return values


class ExpiryForm(forms.Form):
    """When an item expires, counted from now; whoever takes the answer cuts it at the longest life.

    Args:
        item: whose end it is; its longest life was fixed when it was made.
        now: aware instant.
        usual_hours: what is chosen at first, as far as it is left.
    """

    life_hours = forms.TypedChoiceField(label=_("Expires after"), coerce=int, error_messages=CHOICE_MESSAGES)

    def __init__(self, *args: Any, item: Item, now: datetime, usual_hours: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"auto_id": "%s"})
        self.item = item
        hours_left = (item.longest_until - now).total_seconds() / HOUR
        # The whole life, of which what is left is given: the number stays the same while the page is open.
        longest = ceil((item.longest_until - item.sent_at).total_seconds() / HOUR)
        until = gettext("As long as possible, until %(instant)s") % {
            "instant": cultures.format_instant(item.longest_until)
        }
        shorter = [(hours, life_in_words(hours)) for hours in LIVES_OFFERED_HOURS if hours < hours_left]
        offer(self, "life_hours", [*shorter, (longest, until)])
        self.initial.setdefault("life_hours", usual_hours if usual_hours < hours_left else longest)
