"""The forms of a signature request: what stands beside the signers, and one row for each of them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.limits import CELL_NUMBER_MOST_CHARACTERS, EMAIL_MOST_CHARACTERS, NAME_MOST_CHARACTERS
from core.errors import Refusal
from core.forms import (
    ADDRESS_WRONG,
    CHOICE_MESSAGES,
    TEXT_MESSAGES,
    LockingForm,
    PersonNameField,
    PlainTextField,
    offer,
)
from core.sms.numbers import parse_number
from core.sms.switch import texts_are_off_reason
from core.uploads import FilesInput, SealedFilesField
from core.web_addresses import holds_address
from messaging.items.choices import Proof
from messaging.items.proof_choice import proofs_offered, refuse_text_code
from signatures.limits import (
    REQUEST_LIFE_MOST_DAYS,
    REQUEST_MESSAGE_MOST_CHARACTERS,
    REQUEST_TITLE_MOST_CHARACTERS,
)
from signatures.pdf.letters import letters_unprinted
from signatures.preparation import PROOFS, PlannedSigner
from signatures.request_errors import MessageTooLong
from signatures.typed import PREFIX

ROW_TO_COME = "__number__"
TURNS_MOST = 99
DAYS_MESSAGES = {
    "required": _("Enter a whole number of days."),
    "invalid": _("Enter a whole number of days."),
    "min_value": _("A request is open for at least %(limit_value)d day."),
    "max_value": _("A request may be open for up to %(limit_value)d days."),
}
TURN_MESSAGES = {
    "required": _("Enter a whole number: 1 for whoever signs first."),
    "invalid": _("Enter a whole number: 1 for whoever signs first."),
    "min_value": _("The order begins with %(limit_value)d."),
    "max_value": _("The order goes up to %(limit_value)d."),
}


class PapersForm(forms.Form):
    """Documents to be added."""

    papers = SealedFilesField(
        label=_("Add PDFs"),
        required=False,
        widget=FilesInput(attrs={"multiple": True, "accept": ".pdf,application/pdf"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"auto_id": "%s"})


class RequestForm(LockingForm):
    """Everything about a request but its documents and its signers.

    Args:
        longest_days: that the plan lets an item live.
        protection_reason: why the plan has no return protection, or empty.
    """

    title = PlainTextField(
        label=_("Title"),
        max_length=REQUEST_TITLE_MOST_CHARACTERS,
        error_messages=TEXT_MESSAGES | {"required": _("Say in a few words what is to be signed.")},
    )
    message = forms.CharField(
        label=_("Message to the signers"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": REQUEST_MESSAGE_MOST_CHARACTERS}),
        error_messages=TEXT_MESSAGES,
    )
    days = forms.IntegerField(label=_("Open for, in days"), min_value=1, error_messages=DAYS_MESSAGES)
    is_owner_proof_asked = forms.BooleanField(
        label=_("Ask me for a proof before I open what was signed"), required=False
    )

    def __init__(self, *args: Any, longest_days: int, protection_reason: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"auto_id": "%s"})
        most = min(REQUEST_LIFE_MOST_DAYS, longest_days)
        self.fields["days"] = forms.IntegerField(
            label=self.fields["days"].label, min_value=1, max_value=most, error_messages=DAYS_MESSAGES
        )
        self.lock({"is_owner_proof_asked": protection_reason})

    def clean_title(self) -> str:
        """Refuse what could be taken for a way elsewhere."""
        title = str(self.cleaned_data["title"])
        if holds_address(title):
            raise ValidationError(_("A title holds no web or e-mail address. Put it into the message."))
        return title

    def clean_message(self) -> str:
        """Refuse what is too long; the end of a line is one character, as the browser counts it."""
        message = str(self.cleaned_data["message"]).replace("\r\n", "\n")
        if len(message) > REQUEST_MESSAGE_MOST_CHARACTERS:
            raise ValidationError(str(MessageTooLong(REQUEST_MESSAGE_MOST_CHARACTERS)))
        return message

    @property
    def life(self) -> timedelta:
        """How long the request is open; the form is valid."""
        return timedelta(days=self.cleaned_data["days"])


class SignerForm(forms.Form):
    """One signer.

    Args:
        number: of the row, counted from 1, or what stands for it until it is known.
        sms_country: counts for numbers without a country code.
        is_texting_off: text messages are switched off.
    """

    key = forms.CharField(widget=forms.HiddenInput)
    name = PersonNameField(
        label=_("Name"),
        most_characters=NAME_MOST_CHARACTERS,
        error_messages={"required": _("Enter the name as it is to stand on the document.")},
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=EMAIL_MOST_CHARACTERS,
        error_messages=TEXT_MESSAGES | {"required": _("Enter the e-mail address."), "invalid": ADDRESS_WRONG},
    )
    proof = forms.ChoiceField(label=_("Proof asked"), error_messages=CHOICE_MESSAGES)
    cell_number = forms.CharField(
        label=_("Cell number"),
        required=False,
        max_length=CELL_NUMBER_MOST_CHARACTERS,
        widget=forms.TelInput,
        error_messages=TEXT_MESSAGES,
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, error_messages=CHOICE_MESSAGES)
    turn = forms.IntegerField(label=_("Order"), min_value=1, max_value=TURNS_MOST, error_messages=TURN_MESSAGES)

    def __init__(
        self, *args: Any, number: int | str, sms_country: str = "", is_texting_off: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.number, self.sms_country, self.is_texting_off = number, sms_country, is_texting_off
        for name, field in self.fields.items():
            field.widget.attrs["autocomplete"] = "off"
            if number != 1 and name != "key":
                field.label = gettext("%(label)s, signer %(number)s") % {"label": field.label, "number": number}
        # Last: what was chosen is asked of the drawn field, which takes its label when it is first asked for.
        offer(self, "proof", self._proofs())

    def clean_proof(self) -> Proof:
        """Return the proof; a code by text message only where there are any."""
        proof = Proof(self.cleaned_data["proof"])
        refuse_text_code(proof, is_texting_off=self.is_texting_off)
        return proof

    def clean(self) -> dict[str, Any]:
        """Ask for a number where a code goes to it."""
        values = super().clean() or self.cleaned_data
        if values.get("proof") is Proof.SMS_CODE and "cell_number" not in self.errors:
            values["cell_number"] = self._number(values.get("cell_number", ""))
        return values

    @property
    def name_note(self) -> str:
        """What is not printed of a name as it was typed, for its requester; empty where all is."""
        letters = letters_unprinted(str(self["name"].value() or ""))
        sentence = gettext(
            "On paper code numbers stand in place of %(letters)s. Latin letters are printed as they are."
        )
        return sentence % {"letters": letters} if letters else ""

    @property
    def signer(self) -> PlannedSigner:
        """Who is to sign; the form is valid."""
        values = self.cleaned_data
        is_texted = values["proof"] is Proof.SMS_CODE
        return PlannedSigner(
            name=values["name"],
            email=values["email"],
            number=values["cell_number"] if is_texted else "",
            proof=values["proof"],
            language=values["language"],
            turn=values["turn"],
        )

    def _number(self, typed: str) -> str:
        try:
            number = parse_number(typed, region=self.sms_country)
        except Refusal as refusal:
            self.add_error("cell_number", str(refusal))
            return ""
        if not self.is_texting_off and (reason := texts_are_off_reason(number.region)):
            self.add_error("cell_number", reason)
        return number.e164

    def _proofs(self) -> list[tuple[str, Any]]:
        offered = proofs_offered(PROOFS, chosen=self["proof"].value(), is_texting_off=self.is_texting_off)
        return [(proof.value, proof.label) for proof in offered]


class SignerRows(forms.BaseFormSet):  # type: ignore[type-arg]  # only Django's stubs have it generic
    """All signers of a request, in the order of their rows.

    Args:
        sms_country: counts for numbers without a country code.
        is_texting_off: text messages are switched off.
        fresh: what a row begins with that a script adds.
    """

    def __init__(
        self,
        *args: Any,
        sms_country: str = "",
        is_texting_off: bool = False,
        fresh: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs | {"prefix": PREFIX, "auto_id": "%s"})
        self.sms_country, self.is_texting_off, self.fresh = sms_country, is_texting_off, dict(fresh or {})

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """Number the rows from one, for their labels; a script numbers the row it adds."""
        shared = {"sms_country": self.sms_country, "is_texting_off": self.is_texting_off}
        number = ROW_TO_COME if index is None else index + 1
        to_come = {"initial": self.fresh | {"key": "", "turn": ""}} if index is None else {}
        # A row that is judged was kept, so somebody was typed into it.
        judged = {"number": number, "empty_permitted": False}
        return {**super().get_form_kwargs(index), **shared, **to_come, **judged}

    @property
    def signers(self) -> tuple[PlannedSigner, ...]:
        """Who signs; the rows are valid."""
        return tuple(cast(SignerForm, form).signer for form in self.forms)


SignerFormSet = cast(type[SignerRows], forms.formset_factory(SignerForm, formset=SignerRows, extra=0))
