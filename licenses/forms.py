"""The part of the account page's form that is about the license."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import LockingForm
from licenses.services.return_protection import PARTS

PREFIX = "return_protection_"


class ReturnProtectionForm(LockingForm):
    """What is asked around whatever comes back.

    Args:
        reason: why the license has no return protection, or empty.
        texts_off_reason: why there are no text messages, or empty.
        microsoft_off_reason: why nobody signs in with Microsoft, or empty.
    """

    return_protection_sms = forms.BooleanField(label=_("SMS"), required=False)
    return_protection_microsoft = forms.BooleanField(label=_("Microsoft"), required=False)
    return_protection_owner = forms.BooleanField(label=_("Also ask me before I open what came back"), required=False)

    def __init__(
        self, *args: Any, reason: str, texts_off_reason: str = "", microsoft_off_reason: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.reason = reason
        own = {"sms": texts_off_reason, "microsoft": microsoft_off_reason, "owner": ""}
        self.lock({PREFIX + part: reason or why for part, why in own.items()}, is_initial_sent=False)

    @property
    def is_beyond_license(self) -> bool:
        """Tell whether something was asked for that the license does not include."""
        return bool(self.reason and self.left_open)

    @classmethod
    def names(cls) -> list[str]:
        """Return the names of the form's fields."""
        return [PREFIX + part for part in PARTS]
