"""What a command is told about an organization or a person, checked like what is typed into a page."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.limits import CELL_NUMBER_MOST_CHARACTERS, EMAIL_MOST_CHARACTERS, NAME_MOST_CHARACTERS
from accounts.services.organizations import Beginnings, Person
from core import cultures
from core.errors import Refusal
from core.forms import ADDRESS_WRONG, CHOICE_MESSAGES, TEXT_MESSAGES, PersonNameField
from core.sms.numbers import parse_number


class BeginningsForm(forms.Form):
    """A person with an account, and language, zone, culture and country."""

    email = forms.EmailField(
        max_length=EMAIL_MOST_CHARACTERS,
        error_messages=TEXT_MESSAGES | {"invalid": ADDRESS_WRONG},
    )
    first_name = PersonNameField(most_characters=NAME_MOST_CHARACTERS)
    last_name = PersonNameField(most_characters=NAME_MOST_CHARACTERS)
    language = forms.ChoiceField(choices=settings.LANGUAGES, error_messages=CHOICE_MESSAGES)
    time_zone = forms.CharField(error_messages=TEXT_MESSAGES)
    culture = forms.CharField(error_messages=TEXT_MESSAGES)
    sms_country = forms.CharField(error_messages=TEXT_MESSAGES)

    def clean_time_zone(self) -> str:
        """Accept the zones of the IANA database."""
        return self._known("time_zone", cultures.zone_exists)

    def clean_culture(self) -> str:
        """Accept the cultures that the account page lists."""
        return self._known("culture", cultures.culture_exists)

    def clean_sms_country(self) -> str:
        """Accept the regions that have telephone numbers."""
        return self._known("sms_country", cultures.region_exists)

    def person(self) -> Person:
        """Return who was described."""
        values = self.cleaned_data
        return Person(email=values["email"], first_name=values["first_name"], last_name=values["last_name"])

    def beginnings(self) -> Beginnings:
        """Return what new users begin with."""
        values = self.cleaned_data
        return Beginnings(
            language=values["language"],
            time_zone=values["time_zone"],
            date_culture=values["culture"],
            default_sms_country=values["sms_country"],
        )

    def _known(self, name: str, exists: Any) -> str:
        value: str = self.cleaned_data[name]
        if not exists(value):
            raise ValidationError(_("This is not a name we know."))
        return value


class NewOrganizationForm(BeginningsForm):
    """An organization and its first administrator."""

    name = PersonNameField(most_characters=NAME_MOST_CHARACTERS)


class NewStaffForm(BeginningsForm):
    """A member of the support staff, with the number for the second factor."""

    cell_number = forms.CharField(max_length=CELL_NUMBER_MOST_CHARACTERS, error_messages=TEXT_MESSAGES)

    field_order = ["email", "first_name", "last_name", "language", "time_zone", "culture", "sms_country", "cell_number"]

    def clean_cell_number(self) -> str:
        """Accept a number that takes texts and return it in E.164 form."""
        try:
            return parse_number(self.cleaned_data["cell_number"], region=self.cleaned_data.get("sms_country", "")).e164
        except Refusal as refusal:
            raise ValidationError(str(refusal)) from None
