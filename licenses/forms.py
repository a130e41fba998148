"""The part of the account page's form that is about the license."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from licenses.services.return_protection import PARTS

PREFIX = "return_protection_"


class ReturnProtectionForm(forms.Form):
    """What is asked around whatever comes back.

    Args:
        is_included: the license includes return protection; otherwise every box is disabled.
        is_texting_off: text messages are switched off.
        is_microsoft_off: no Microsoft sign-in is configured.
    """

    return_protection_sms = forms.BooleanField(label=_("SMS"), required=False)
    return_protection_microsoft = forms.BooleanField(label=_("Microsoft"), required=False)
    return_protection_owner = forms.BooleanField(label=_("Also ask me before I open what came back"), required=False)

    def __init__(
        self, *args: Any, is_included: bool, is_texting_off: bool = False, is_microsoft_off: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        off = {
            "return_protection_sms": is_texting_off,
            "return_protection_microsoft": is_microsoft_off,
            "return_protection_owner": False,
        }
        for name, field in self.fields.items():
            field.disabled = not is_included or off[name]

    @classmethod
    def names(cls) -> list[str]:
        """Return the names of the form's fields."""
        return [PREFIX + part for part in PARTS]
