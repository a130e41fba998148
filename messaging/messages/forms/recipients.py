"""The recipients in the form of a secure message, one row each."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.limits import CELL_NUMBER_MOST_CHARACTERS, EMAIL_MOST_CHARACTERS
from accounts.models import fold_email
from core import cultures
from core.errors import Refusal
from core.forms import ADDRESS_WRONG, CHOICE_MESSAGES, TEXT_MESSAGES, offer
from core.sms.numbers import parse_number
from core.sms.switch import texts_are_off_reason
from messaging.items.choices import STRENGTH_OF, Proof, Role
from messaging.items.proof_choice import proofs_offered, refuse_text_code
from messaging.messages.addresses import read_list
from messaging.messages.composition import Recipient
from messaging.messages.protection import PROOFS, proof_for_one
from messaging.messages.typed import PREFIX

NUMBER_TO_COME = "__number__"
# In a row there is less room than in the choice for all.
SHORT_NAMES = {Proof.ITEM_PASSWORD: _("Password")}


class RecipientForm(forms.Form):
    """One recipient: where the link goes, what is asked of them, and where a code by text message goes.

    Args:
        number: of the row, counted from 1, or what stands for it until it is known.
        is_texting_off: text messages are switched off.
    """

    email = forms.CharField(
        label=_("E-mail"),
        required=False,
        max_length=EMAIL_MOST_CHARACTERS,
        widget=forms.EmailInput,
        error_messages=TEXT_MESSAGES,
    )
    cell_number = forms.CharField(
        label=_("Cell number"),
        required=False,
        max_length=CELL_NUMBER_MOST_CHARACTERS,
        widget=forms.TelInput,
        error_messages=TEXT_MESSAGES,
    )
    role = forms.ChoiceField(label=_("To or Cc"), choices=Role.choices, error_messages=CHOICE_MESSAGES)
    proof = forms.ChoiceField(label=_("Proof asked"), required=False, error_messages=CHOICE_MESSAGES)

    def __init__(self, *args: Any, number: int | str, is_texting_off: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.number, self.is_texting_off = number, is_texting_off
        if number != 1:
            shown = {"number": number}
            self.fields["email"].label = gettext("E-mail %(number)s") % shown
            self.fields["cell_number"].label = gettext("Cell number %(number)s") % shown
            self.fields["role"].widget.attrs["aria-label"] = gettext("To or Cc, recipient %(number)s") % shown
            self.fields["proof"].label = gettext("Proof asked of recipient %(number)s") % shown
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"
        # Last: what was chosen is asked of the drawn field, which takes its label when it is first asked for.
        offer(self, "proof", self._proofs())

    def clean_proof(self) -> str:
        """Refuse a code by text message where there are none."""
        proof = str(self.cleaned_data["proof"])
        refuse_text_code(proof, is_texting_off=self.is_texting_off)
        return proof

    def _proofs(self) -> list[tuple[str, str]]:
        offered = proofs_offered(PROOFS, chosen=self["proof"].value(), is_texting_off=self.is_texting_off)
        return [("", gettext("As for the message")), *((proof.value, _in_a_row(proof)) for proof in offered)]


class RecipientRows(forms.BaseFormSet):  # type: ignore[type-arg]  # only Django's stubs have it generic
    """All recipients of a message.

    Args:
        sms_country: counts for numbers without a country code.
        most: recipients that the plan allows.
        for_all: the proof of whoever has none of their own.
        is_reply_proven: a code by text message is asked of each of them before a reply.
        is_texting_off: text messages are switched off.
    """

    def __init__(
        self,
        *args: Any,
        sms_country: str = "",
        most: int = 0,
        for_all: Proof = Proof.OPENING_CODE,
        is_reply_proven: bool = False,
        is_texting_off: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs | {"prefix": PREFIX, "auto_id": "%s"})
        self.sms_country, self.most, self.for_all = sms_country, most, for_all
        self.is_reply_proven, self.is_texting_off = is_reply_proven, is_texting_off
        self.recipients: list[Recipient] = []

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """Number the rows from one, for their labels; a script numbers the row it adds."""
        number = NUMBER_TO_COME if index is None else index + 1
        return {**super().get_form_kwargs(index), "number": number, "is_texting_off": self.is_texting_off}

    def clean(self) -> None:
        """Check each row, and that somebody is written to; what is wrong stands beside its field."""
        seen: dict[str, int | str] = {}
        for row in self.forms:
            if not row.is_valid():
                continue
            email = str(row.cleaned_data.get("email", "")).strip()
            if email and self._is_new(row, email, seen):
                self._take(row, email)
            elif not email and row.cleaned_data.get("cell_number"):
                row.add_error("email", _("Enter the e-mail address that belongs to this number, or remove the row."))
        if self.forms and not any(form.errors for form in self.forms):
            self._refuse_nobody(self.forms[0])

    def _is_new(self, row: RecipientForm, email: str, seen: dict[str, int | str]) -> bool:
        if not _is_one_address(email):
            row.add_error("email", ADDRESS_WRONG)
            return False
        first = seen.setdefault(fold_email(email), row.number)
        if first != row.number:
            row.add_error("email", gettext("This address is recipient %(number)s already.") % {"number": first})
            return False
        return True

    def _take(self, row: RecipientForm, email: str) -> None:
        proof = proof_for_one(row.cleaned_data["proof"], self.for_all)
        number = self._number(row) if proof is Proof.SMS_CODE or self.is_reply_proven else ""
        if number is not None:
            self.recipients.append(Recipient(email, number, Role(row.cleaned_data["role"]), proof))

    def _number(self, row: RecipientForm) -> str | None:
        try:
            number = parse_number(str(row.cleaned_data["cell_number"]), region=self.sms_country)
        except Refusal as refusal:
            row.add_error("cell_number", str(refusal))
            return None
        if not self.is_texting_off and (reason := texts_are_off_reason(number.region)):
            row.add_error("cell_number", reason)
            return None
        return number.e164

    def _refuse_nobody(self, first: RecipientForm) -> None:
        if not any(recipient.role is Role.TO for recipient in self.recipients):
            first.add_error("email", _("Enter the e-mail address of at least one person the message is for."))
        elif len(self.recipients) > self.most:
            shown = {"count": cultures.format_number(len(self.recipients)), "most": cultures.format_number(self.most)}
            first.add_error("email", gettext("These are %(count)s recipients. Your plan allows %(most)s.") % shown)


def _in_a_row(proof: Proof) -> str:
    return f"{SHORT_NAMES.get(proof, proof.label)} · {STRENGTH_OF[proof].label}"


def _is_one_address(email: str) -> bool:
    return read_list(email).addresses == (email,)


RecipientFormSet = cast(type[RecipientRows], forms.formset_factory(RecipientForm, formset=RecipientRows, extra=0))
