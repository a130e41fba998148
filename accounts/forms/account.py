"""The part of the account page's form that is about the person."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.choices import HourClock
from accounts.limits import CELL_NUMBER_MOST_CHARACTERS, NAME_MOST_CHARACTERS
from accounts.models import User
from core import cultures
from core.forms import CHOICE_MESSAGES, TEXT_MESSAGES, LockingForm, PersonNameField
from core.options import Drawn, DrawnField
from core.sms.errors import CountryNotServed, NumberInvalid, TextsOff
from core.sms.numbers import international, parse_number, region_of
from core.sms.switch import refuse_switched_off, served_regions, texts_are_off_reason


def page_language() -> str:
    """Return the language of the page that is drawn: en or fr."""
    return (get_language() or settings.LANGUAGE_CODE)[:2]


def region_list(language: str) -> Drawn:
    """Return the list of regions under headings that hold now."""
    return cultures.region_options(language, served_regions(), are_texts_on=texts_are_off_reason() is None)


class AccountForm(LockingForm):
    """Name, number, 2FA and habits of one person.

    Args:
        user: whose form it is.
        texts_off_reason: why there are no text messages, so that number and 2FA cannot be changed; or empty.
    """

    cell_number = forms.CharField(
        label=_("Cell number"),
        required=False,
        max_length=CELL_NUMBER_MOST_CHARACTERS,
        widget=forms.TelInput,
        error_messages=TEXT_MESSAGES,
    )
    two_factor_enabled = forms.BooleanField(label=_("Activate 2FA authentication"), required=False)
    default_sms_country = DrawnField(label=_("Default SMS country"), options=lambda: Drawn([]))
    first_name = PersonNameField(
        label=_("First name"),
        most_characters=NAME_MOST_CHARACTERS,
        error_messages={"required": _("Enter your first name.")},
    )
    last_name = PersonNameField(
        label=_("Last name"),
        most_characters=NAME_MOST_CHARACTERS,
        error_messages={"required": _("Enter your last name.")},
    )
    time_zone = DrawnField(label=_("Time zone"), options=lambda: Drawn([]))
    date_culture = DrawnField(label=_("Date format culture"), options=lambda: Drawn([]))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, error_messages=CHOICE_MESSAGES)
    hour_clock = forms.ChoiceField(label=_("Hour clock"), choices=HourClock.choices, error_messages=CHOICE_MESSAGES)
    iso_dates = forms.BooleanField(label=_("Dates as 2026-11-21 (ISO)"), required=False)
    is_warned_of_unread = forms.BooleanField(
        label=_("Warn me when something I sent is about to end unread"), required=False
    )

    def __init__(self, *args: Any, user: User, texts_off_reason: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self._draw_options()
        self._lock_what_needs_texts(texts_off_reason)
        self.fields["cell_number"].widget.attrs["autocomplete"] = "tel"
        self.fields["first_name"].widget.attrs["autocomplete"] = "given-name"
        self.fields["last_name"].widget.attrs["autocomplete"] = "family-name"

    def clean_cell_number(self) -> str:
        """Return the number in E.164 form, or nothing."""
        typed = self.cleaned_data["cell_number"].strip()
        if typed == self.get_initial_for_field(self.fields["cell_number"], "cell_number"):
            # Unchanged: a number that was proven stays, also where its country is no longer served.
            return str(self.initial.get("cell_number_e164", ""))
        if self.locked["two_factor_enabled"]:
            raise forms.ValidationError(self._put_back())
        if not typed:
            return ""
        region = str(self.data.get("default_sms_country") or self.user.default_sms_country)
        try:
            number = parse_number(typed, region=region if cultures.region_exists(region) else "CA")
            refuse_switched_off(number.region)
            return number.e164
        except (NumberInvalid, CountryNotServed, TextsOff) as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def clean(self) -> dict[str, Any]:
        """Hold 2FA and the number to each other."""
        cleaned = super().clean()
        if cleaned.get("two_factor_enabled") and "cell_number" in cleaned and not cleaned["cell_number"]:
            if self.user.two_factor_enabled:
                self.add_error(
                    "cell_number", _("2FA sends its codes to this number. Untick 2FA first, or type another number.")
                )
            else:
                self.add_error("two_factor_enabled", _("2FA needs a cell number for its codes. Type yours above."))
        if cleaned.get("two_factor_enabled") and not self.user.two_factor_enabled and cleaned.get("cell_number"):
            off_reason = texts_are_off_reason(region_of(cleaned["cell_number"]))
            if off_reason:
                self.add_error("two_factor_enabled", off_reason)
        return cleaned

    def _lock_what_needs_texts(self, reason: str) -> None:
        """Lock number and 2FA; what was typed before the texts went off stays open, to be put back."""
        self.lock({"two_factor_enabled": reason}, is_initial_sent=False)
        shown = self._number_shown()
        if reason and str(self.data.get("cell_number", shown)).strip() != shown:
            self.left_open.add("cell_number")
        elif reason:
            self.fields["cell_number"].disabled = True

    def _number_shown(self) -> str:
        return str(self.initial.get("cell_number", ""))

    def _put_back(self) -> str:
        shown = {"reason": self.locked["two_factor_enabled"], "number": self._number_shown()}
        if not shown["number"]:
            return gettext("%(reason)s Empty this field.") % shown
        return gettext("%(reason)s Put the number back: %(number)s.") % shown

    def _draw_options(self) -> None:
        language, user = page_language(), self.user
        now = timezone.now()
        lists = {
            "default_sms_country": lambda: region_list(language),
            "time_zone": lambda: cultures.zone_options(language, user.default_sms_country, now),
            "date_culture": lambda: cultures.culture_options(language, now),
        }
        for name, options in lists.items():
            field = cast(DrawnField, self.fields[name])
            field.options, field.stored = options, getattr(user, name)


def initial_of(user: User, *, pending_number: str | None, pending_two_factor: bool | None) -> dict[str, Any]:
    """Return what the form shows: the values in force, and where something waits for its proof, that."""
    e164 = user.cell_number if pending_number is None else pending_number
    two_factor = user.two_factor_enabled if pending_two_factor is None else pending_two_factor
    names = ("first_name", "last_name", "time_zone", "date_culture", "default_sms_country", "language", "hour_clock")
    return {name: getattr(user, name) for name in (*names, "iso_dates", "is_warned_of_unread")} | {
        "cell_number": international(e164) if e164 else "",
        "cell_number_e164": e164,
        "two_factor_enabled": two_factor,
    }
