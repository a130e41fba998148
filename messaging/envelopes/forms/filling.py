"""What a person outside hands over."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.limits import EMAIL_MOST_CHARACTERS, NAME_MOST_CHARACTERS
from core.forms import ADDRESS_WRONG, TEXT_MESSAGES, PersonNameField
from messaging.items.forms import ReturnForm


class FillingForm(ReturnForm):
    """Who hands over, a text, and files.

    Args:
        is_address_asked: nobody was written to, so who it is must be said; else the name alone is asked, and may be
            left out.
    """

    name = PersonNameField(
        label=_("Your name"), most_characters=NAME_MOST_CHARACTERS, widget=forms.TextInput({"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("Your e-mail"),
        max_length=EMAIL_MOST_CHARACTERS,
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages=TEXT_MESSAGES | {"required": _("Enter your e-mail address."), "invalid": ADDRESS_WRONG},
    )

    def __init__(self, *args: Any, is_address_asked: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_address_asked:
            del self.fields["email"]
            self.fields["name"].required = False
