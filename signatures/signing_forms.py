"""What a signer agrees to, and why they decline."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import TEXT_MESSAGES
from signatures.limits import REASON_MOST_CHARACTERS


class ConsentForm(forms.Form):
    """One box, below the sentences that are agreed to."""

    is_agreed = forms.BooleanField(
        label=_("I agree to all three"),
        error_messages={"required": _("Check this box to sign electronically. If you do not agree, decline to sign.")},
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, auto_id="%s")


class DeclineForm(forms.Form):
    """Why somebody declines; may be left out. How long it may be is judged where it is kept."""

    reason = forms.CharField(
        label=_("Your reason"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": REASON_MOST_CHARACTERS}),
        error_messages=TEXT_MESSAGES,
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, auto_id="%s")
