"""What every form of the portal shares: names that can be printed, fields in Unicode's composed form."""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.characters import has_ink

# Marks that turn the direction of text: in a name they make one thing look like another.
DIRECTION_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
LOOKS_LIKE_ADDRESS = re.compile(r"://|\bwww\.|@", re.IGNORECASE)

# Our own sentences for what Django would say of a field in words nobody here chose.
TEXT_MESSAGES = {
    "required": _("Fill in this field."),
    "max_length": _("What you typed is too long. It may have up to %(limit_value)d characters."),
    "null_characters_not_allowed": _("What you typed holds a character that cannot be used. Type it again."),
}
CHOICE_MESSAGES = {
    "required": _("Choose one of the options in the list."),
    "invalid_choice": _("Choose one of the options in the list."),
}


class PersonNameField(forms.CharField):
    """A first or last name: printable, on one line, no address, in composed form (Unicode NFC)."""

    default_error_messages = {**TEXT_MESSAGES, "required": _("Enter a name.")}

    def __init__(self, *, most_characters: int, **options: object) -> None:
        super().__init__(strip=True, **options)  # type: ignore[arg-type]
        self.most_characters = most_characters
        self.widget.attrs["maxlength"] = most_characters

    def to_python(self, value: object) -> str:
        """Return the name in composed form, blanks folded to one."""
        text = unicodedata.normalize("NFC", super().to_python(value) or "")
        return re.sub(r"[ \u00a0]+", " ", text)

    def validate(self, value: str) -> None:
        """Refuse what cannot be printed on a line or could be taken for an address."""
        super().validate(value)
        if len(value) > self.most_characters:
            raise ValidationError(
                _("This name has %(count)d characters. It may have up to %(most)d."),
                params={"count": len(value), "most": self.most_characters},
            )
        if any(unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp") for character in value):
            raise ValidationError(_("This name holds a character that cannot be printed. Type it again."))
        if DIRECTION_MARKS.search(value):
            raise ValidationError(_("This name holds a mark that turns the direction of text. Type it again."))
        if value and not has_ink(value):
            raise ValidationError(_("Nothing of this name can be seen. Type it in letters."))
        if LOOKS_LIKE_ADDRESS.search(value):
            raise ValidationError(_("A name holds no web or e-mail address. Type the name alone."))
