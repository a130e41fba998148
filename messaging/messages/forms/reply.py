"""What a recipient writes back."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import TEXT_MESSAGES
from core.uploads import SealedFilesField
from messaging.items.limits import TEXT_BACK_MOST_CHARACTERS


class ReplyForm(forms.Form):
    """A text, and files where they may come.

    Args:
        takes_files: whether files may come.
    """

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    text = forms.CharField(
        label=_("Your reply"),
        required=False,
        max_length=TEXT_BACK_MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages=TEXT_MESSAGES,
    )
    uploads = SealedFilesField(label=_("Files"), required=False)

    def __init__(self, *args: Any, takes_files: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not takes_files:
            del self.fields["uploads"]

    def clean(self) -> dict[str, Any]:
        """Refuse a reply that says nothing."""
        values = super().clean() or {}
        if not self.errors and not values.get("text") and not values.get("uploads"):
            self.add_error(
                "text", _("Write something, or add a file.") if "uploads" in self.fields else _("Write something.")
            )
        return values
