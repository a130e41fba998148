"""What a requester types to remind a signer, or to correct their address."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.limits import CELL_NUMBER_MOST_CHARACTERS, EMAIL_MOST_CHARACTERS
from core.errors import Refusal
from core.forms import ADDRESS_WRONG, CHOICE_MESSAGES, TEXT_MESSAGES
from core.sms.numbers import parse_number
from core.sms.switch import texts_are_off_reason
from messaging.items.choices import Proof
from signatures.models import Signer


class ReminderForm(forms.Form):
    """The requester's own words of a reminder, and the language of the rest.

    How long the text may be the service decides, which counts the end of a line once.
    """

    text = forms.CharField(
        label=_("Your own text"), required=False, widget=forms.Textarea({"rows": 6}), error_messages=TEXT_MESSAGES
    )
    language = forms.ChoiceField(
        label=_("Language of the e-mail"), choices=settings.LANGUAGES, error_messages=CHOICE_MESSAGES
    )

    def __init__(self, *args: Any, signer: Signer, initial: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"auto_id": "%s", "initial": {"language": signer.language, **initial}})


class CorrectionForm(forms.Form):
    """Another address of a signer, and another cell number where codes go to one; what is left empty stays."""

    email = forms.EmailField(
        label=_("New e-mail address"),
        max_length=EMAIL_MOST_CHARACTERS,
        widget=forms.EmailInput({"autocomplete": "off"}),
        error_messages=TEXT_MESSAGES | {"required": _("Enter the e-mail address."), "invalid": ADDRESS_WRONG},
    )

    cell_number = forms.CharField(
        label=_("New cell number"),
        required=False,
        max_length=CELL_NUMBER_MOST_CHARACTERS,
        widget=forms.TelInput({"autocomplete": "off"}),
        error_messages=TEXT_MESSAGES,
    )

    def __init__(self, *args: Any, signer: Signer, sms_country: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"auto_id": "%s"})
        self.address_now, self.sms_country = signer.participant.email, sms_country
        self.is_texted = signer.participant.proof_kind is Proof.SMS_CODE
        self.fields["email"].required = not self.is_texted
        if not self.is_texted:
            del self.fields["cell_number"]

    def clean_email(self) -> str:
        """Return an address that is not the one the person has."""
        email = str(self.cleaned_data["email"])
        if email == self.address_now:
            raise ValidationError(_("This is the address we have. Correct it, or send a new link to it instead."))
        return email

    def clean_cell_number(self) -> str:
        """Return the number in E.164 form, where one was typed; texts go to its region."""
        typed = str(self.cleaned_data["cell_number"]).strip()
        if not typed:
            return ""
        try:
            number = parse_number(typed, region=self.sms_country)
        except Refusal as refusal:
            raise ValidationError(str(refusal)) from refusal
        if reason := texts_are_off_reason(number.region):
            raise ValidationError(reason)
        return number.e164

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two."""
        values = super().clean() or self.cleaned_data
        if self.is_texted and not self.errors and not (values["email"] or values["cell_number"]):
            self.add_error("email", ValidationError(_("Enter a new address, or a new number.")))
        return values
