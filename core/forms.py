"""What every form of the portal shares: names that can be printed, fields in Unicode's composed form."""

import unicodedata
import uuid
from collections.abc import Iterable, Mapping, Sequence
from copy import copy, deepcopy
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import cultures
from core.characters import DIRECTION_MARKS, has_ink, is_printable, single_spaced
from core.web_addresses import is_like_address

NUMBER_MOST_DIGITS = 10
LINES_AND_TABS = {ord("\n"): " ", ord("\t"): " "}

# Our own sentences for what Django would say of a field in words nobody here chose.


class CountedSentence:
    """A sentence of a form whose whole numbers are written as the reader's culture does.

    Args:
        text: with named places, as Django's own messages have them.
    """

    def __init__(self, text: str | Promise) -> None:
        self.text = text

    def __str__(self) -> str:
        return str(self.text)

    def __mod__(self, params: Mapping[str, Any]) -> str:
        """Put the values in, as a validation error does once it is shown."""
        return str(self.text) % {
            name: cultures.format_number(value) if isinstance(value, int) else value for name, value in params.items()
        }


TEXT_MESSAGES: dict[str, Any] = {
    "required": _("Fill in this field."),
    "max_length": CountedSentence(_("What you typed is too long. It may have up to %(limit_value)s characters.")),
    "null_characters_not_allowed": _("What you typed holds a character that cannot be used. Type it again."),
}
ADDRESS_WRONG = _("This is not an e-mail address. It looks like name@organization.example.")
CHOICE_MESSAGES = {
    "required": _("Choose one of the options in the list."),
    "invalid_choice": _("Choose one of the options in the list."),
}


class DeclaredFields(dict[str, forms.Field]):
    """The fields of a form's class; each form takes a copy of them, and Django's own is the dearest part of a form."""

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        """Return fields that one form may change."""
        return {name: _copied(field, memo) for name, field in self.items()}


def _copied(field: forms.Field, memo: dict[int, Any]) -> forms.Field:
    """Copy a field as Django does, without asking its parts how they are copied; where they have their own way, so."""
    widget = field.widget
    if (type(field).__deepcopy__, type(widget).__deepcopy__) != (forms.Field.__deepcopy__, forms.Widget.__deepcopy__):
        return deepcopy(field, memo)
    copied, own_widget = object.__new__(type(field)), object.__new__(type(widget))
    own_widget.__dict__ = {**vars(widget), "attrs": dict(widget.attrs)}
    own = {"error_messages": dict(field.error_messages), "validators": list(field.validators), "widget": own_widget}
    copied.__dict__ = {**vars(field), **own}
    return copied


class PortalForm(forms.Form):
    """A form that costs little to make."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.base_fields = DeclaredFields(type(self).base_fields)  # type: ignore[misc]  # taken by Django's own
        super().__init__(*args, **kwargs)


def typed_number(text: str) -> int | None:
    """Return a whole number that a browser sent, of ten digits at most; None for anything else.

    Python refuses to read thousands of digits, and no page of ours sends so many.
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= NUMBER_MOST_DIGITS else None


def as_posted(fields: Mapping[str, Sequence[str]]) -> QueryDict:
    """Return fields as a form would get them from a browser."""
    posted = QueryDict(mutable=True)
    for name, values in fields.items():
        posted.setlist(name, list(values))
    return posted


def offer(form: forms.BaseForm, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Put into a field of one form what can be chosen there, where that is known only once the form is made.

    Args:
        name: of a field with choices.
        choices: what is sent, and what people read.
    """
    cast(forms.ChoiceField, form.fields[name]).choices = choices


def draw_form_key_anew(form: forms.Form) -> None:
    """Give a bound form another key, by which it is told from the one that was sent."""
    data: Any = copy(form.data)
    data[form.add_prefix("form_key")] = str(uuid.uuid4())
    form.data = data


def renew_form_key(form: forms.Form) -> None:
    """Say for people that a form came without the key that tells it from others, and give it one for the next time.

    Args:
        form: bound, with a hidden field `form_key`; called by its `clean`.
    """
    if form.errors.pop("form_key", None):
        draw_form_key_anew(form)
        form.add_error(
            None, gettext("This form did not arrive whole, so nothing was taken. Look at it and send it again.")
        )


LOCKED = "locked"


class LockingForm(PortalForm):
    """A form some of whose boxes cannot be ticked now.

    A locked box that is ticked all the same, by a draft of another plan or in a form drawn before, can be unticked and
    is refused with its reason as long as it is not: what somebody asked for never drops out silently.
    """

    def lock(self, reasons: Mapping[str, str], *, is_initial_sent: bool = True) -> None:
        """Lock boxes; called once the form is made.

        Args:
            reasons: name of a box to why it is locked, empty where it is not.
            is_initial_sent: what the form begins with counts only once it is sent, as in a draft; otherwise it is in
                force already and stays so, shown locked.
        """
        self.locked, locked = dict(reasons), {name for name, reason in reasons.items() if reason}
        self.left_open = {name for name in locked if self._is_ticked(name, is_initial_sent)}
        for name in locked - self.left_open:
            self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        """Refuse each locked box that is ticked."""
        cleaned = super().clean() or self.cleaned_data
        for name in sorted(self.left_open & self.locked.keys()):
            self.add_error(
                name, ValidationError(gettext("%(reason)s Untick this box.") % {"reason": self.locked[name]}, LOCKED)
            )
        return cleaned

    @property
    def has_locked(self) -> bool:
        """Tell whether something is asked for that cannot be had; the form was checked."""
        return any(self.has_error(name, LOCKED) for name in self.fields)

    def _is_ticked(self, name: str, is_initial_sent: bool) -> bool:
        initial = bool(self.get_initial_for_field(self.fields[name], name))
        if not self.is_bound:
            return initial and is_initial_sent
        posted = self.fields[name].widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        return bool(posted) and (is_initial_sent or not initial)


class PlainTextField(forms.CharField):
    """A few sentences that somebody else reads: nothing in them is hidden or turns the direction of text."""

    default_error_messages = dict(TEXT_MESSAGES)

    def to_python(self, value: object) -> str:
        """Return the text in composed form, as names are; lines end as on this system."""
        text = unicodedata.normalize("NFC", super().to_python(value) or "")
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def validate(self, value: str) -> None:
        """Refuse what cannot be printed or seen."""
        super().validate(value)
        if not is_printable(value.translate(LINES_AND_TABS)):
            raise ValidationError(_("What you typed holds a character that cannot be printed. Type it again."))
        if DIRECTION_MARKS.search(value):
            raise ValidationError(_("What you typed holds a mark that turns the direction of text. Type it again."))
        if value and not has_ink(value):
            raise ValidationError(_("Nothing of what you typed can be seen. Type it in letters."))


class WholeNumberField(forms.IntegerField):
    """A whole number within a range, which every refusal names.

    Args:
        least, most: ends of the range, both included.
    """

    def __init__(self, *, least: int, most: int, **options: Any) -> None:
        super().__init__(**options)
        self.least, self.most = least, most
        self.widget.attrs |= {"min": least, "max": most}

    def clean(self, value: object) -> int:
        """Return the number.

        Raises:
            ValidationError: nothing, no whole number, or one beyond the range was typed.
        """
        try:
            number: int | None = super().clean(value)
        except ValidationError:
            number = None
        if number is None or not self.least <= number <= self.most:
            raise ValidationError(
                _("Type a whole number from %(least)s to %(most)s."),
                code="out-of-range",
                params={"least": cultures.format_number(self.least), "most": cultures.format_number(self.most)},
            )
        return number


class PersonNameField(forms.CharField):
    """A first or last name: printable, on one line, no address, in composed form (Unicode NFC)."""

    default_error_messages = {**TEXT_MESSAGES, "required": _("Enter a name.")}

    def __init__(self, *, most_characters: int, **options: Any) -> None:
        super().__init__(strip=True, **options)
        self.most_characters = most_characters
        self.widget.attrs["maxlength"] = most_characters

    def to_python(self, value: object) -> str:
        """Return the name in composed form, blanks folded to one."""
        text = unicodedata.normalize("NFC", super().to_python(value) or "")
        return single_spaced(text).strip(" ")

    def validate(self, value: str) -> None:
        """Refuse what cannot be printed on a line or could be taken for an address."""
        super().validate(value)
        if len(value) > self.most_characters:
            raise ValidationError(
                _("This name has %(count)s characters. It may have up to %(most)s."),
                params={
                    "count": cultures.format_number(len(value)),
                    "most": cultures.format_number(self.most_characters),
                },
            )
        if not is_printable(value):
            raise ValidationError(_("This name holds a character that cannot be printed. Type it again."))
        if DIRECTION_MARKS.search(value):
            raise ValidationError(_("This name holds a mark that turns the direction of text. Type it again."))
        if value and not has_ink(value):
            raise ValidationError(_("Nothing of this name can be seen. Type it in letters."))
        if is_like_address(value):
            raise ValidationError(_("A name holds no web or e-mail address. Type the name alone."))
