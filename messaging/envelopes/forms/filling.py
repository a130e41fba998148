"""What a person outside hands over."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.limits import EMAIL_MOST_CHARACTERS, NAME_MOST_CHARACTERS
from core.forms import TEXT_MESSAGES, PersonNameField
from core.uploads import SealedFilesField
from messaging.envelopes.forms.asking import ADDRESS_WRONG
from messaging.items.limits import TEXT_BACK_MOST_CHARACTERS


class FillingForm(forms.Form):
    """Who hands over, a text, and files.

    Args:
        is_address_asked: nobody was written to, so who it is must be said; else the name alone is asked, and may be
            left out.
        takes_files: whether files may come; where they may not, a delivery with files is refused.
    """

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    name = PersonNameField(
        label=_("Your name"), most_characters=NAME_MOST_CHARACTERS, widget=forms.TextInput({"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("Your e-mail"),
        max_length=EMAIL_MOST_CHARACTERS,
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages=TEXT_MESSAGES | {"required": _("Enter your e-mail address."), "invalid": ADDRESS_WRONG},
    )
    text = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=TEXT_BACK_MOST_CHARACTERS,
        widget=forms.Textarea({"rows": 6}),
        error_messages=TEXT_MESSAGES,
    )
    uploads = SealedFilesField(label=_("Files"), required=False)

    def __init__(self, *args: Any, is_address_asked: bool, takes_files: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"auto_id": "%s"})
        if not is_address_asked:
            del self.fields["email"]
            self.fields["name"].required = False
        if not takes_files:
            del self.fields["uploads"]

    def clean(self) -> dict[str, Any]:
        """Refuse a delivery that holds nothing, and files where none are asked for."""
        values = super().clean() or self.cleaned_data
        if self.files and "uploads" not in self.fields:
            self.add_error("text", _("No files are asked for, and none were kept. Hand over the text alone."))
        if not {"text", "uploads"} & set(self.errors) and not values.get("text") and not values.get("uploads"):
            if "uploads" in self.fields:
                self.add_error("uploads", _("Add at least one file, or write something."))
            else:
                self.add_error("text", _("Write something."))
        return values
