"""What a requester types to remind a signer, or to correct their address."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.limits import EMAIL_MOST_CHARACTERS
from core.forms import CHOICE_MESSAGES, TEXT_MESSAGES
from signatures.models import Signer

ADDRESS_WRONG = _("This is not an e-mail address. It looks like name@organization.example.")


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

    def __init__(self, *args: Any, signer: Signer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"auto_id": "%s", "initial": {"language": signer.language}})


class AddressForm(forms.Form):
    """Another address of a signer."""

    email = forms.EmailField(
        label=_("New e-mail address"),
        max_length=EMAIL_MOST_CHARACTERS,
        widget=forms.EmailInput({"autocomplete": "off"}),
        error_messages=TEXT_MESSAGES | {"required": _("Enter the e-mail address."), "invalid": ADDRESS_WRONG},
    )

    def __init__(self, *args: Any, signer: Signer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"auto_id": "%s"})
        self.address_now = signer.participant.email

    def clean_email(self) -> str:
        """Return an address that is not the one the person has."""
        email = str(self.cleaned_data["email"])
        if email == self.address_now:
            raise ValidationError(_("This is the address we have. Correct it, or send a new link to it instead."))
        return email
