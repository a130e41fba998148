"""What anybody gives to have a document checked: its reference, the file, or both."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.cultures import format_size
from core.errors import FilesTooLarge
from core.small_files import SmallUpload
from core.uploads import RefusedUpload
from messaging.items.limits import REFERENCE_CHARACTERS, REFERENCE_LETTERS
from messaging.items.references import shown_reference, stored_reference
from signatures.limits import CHECK_MOST_BYTES

REFERENCE_MOST_TYPED = 60
EXAMPLE = shown_reference("347ACDEFGHJK")


class CheckedFileField(forms.Field):
    """A file of any kind, whole; says beside the field why it was not taken."""

    widget = forms.FileInput
    default_error_messages = {"too_large": _("This file is too large. It may have up to %(most)s.")}

    def clean(self, value: SmallUpload | RefusedUpload | None) -> bytes | None:
        """Return the file; None where none was chosen."""
        if isinstance(value, RefusedUpload):
            if not isinstance(value.refusal, FilesTooLarge):
                raise ValidationError(str(value.refusal), code="busy")
            most = format_size(CHECK_MOST_BYTES, language=get_language() or "en")
            raise ValidationError(self.error_messages["too_large"], params={"most": most})
        return value.content if isinstance(value, SmallUpload) else None


class CheckForm(forms.Form):
    """A reference, a file, or both."""

    reference = forms.CharField(
        label=_("Reference"),
        required=False,
        widget=forms.TextInput(
            attrs={"maxlength": REFERENCE_MOST_TYPED, "autocomplete": "off", "autocapitalize": "characters"}
        ),
    )
    file = CheckedFileField(
        label=_("Sealed PDF"), required=False, widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"auto_id": "%s"})

    def clean_reference(self) -> str:
        """Return the reference as it is stored, or nothing."""
        reference = stored_reference(self.cleaned_data["reference"])
        is_one = len(reference) == REFERENCE_CHARACTERS and set(reference) <= set(REFERENCE_LETTERS)
        if self.cleaned_data["reference"] and not is_one:
            sentence = _("A reference has 12 letters and digits, such as %(example)s. Check what you typed.")
            raise ValidationError(sentence, params={"example": EXAMPLE})
        return reference

    @property
    def is_for_nothing(self) -> bool:
        """Whether a refused form cost the portal no work, or came at a moment when there was no room."""
        return not self.files or self.has_error("file", "busy")

    def clean(self) -> dict[str, Any]:
        """Refuse a form with nothing to check."""
        values = super().clean() or self.cleaned_data
        if not self.errors and not values["reference"] and values["file"] is None:
            raise ValidationError(_("Type the reference, or choose the PDF."))
        return values
