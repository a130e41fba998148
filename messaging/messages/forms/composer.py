"""The form of a secure message, and one row of it for each recipient."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.limits import CELL_NUMBER_MOST_CHARACTERS, EMAIL_MOST_CHARACTERS
from accounts.models import fold_email
from core import cultures
from core.errors import Refusal
from core.forms import CHOICE_MESSAGES, LOOKS_LIKE_ADDRESS, TEXT_MESSAGES
from core.sms.numbers import parse_number
from core.sms.switch import texts_are_off_reason
from licenses.models import Plan
from messaging.items.choices import STRENGTH_OF, Proof, Role
from messaging.items.limits import HINT_MOST_CHARACTERS, PASSWORD_LEAST_CHARACTERS, PASSWORD_MOST_CHARACTERS
from messaging.messages import limits
from messaging.messages.addresses import read_list
from messaging.messages.choices import ReplyKind, SendKind
from messaging.messages.composition import Composition, Recipient
from messaging.messages.lives import lives_offered
from messaging.messages.protection import PROOFS, proof_for_all, proof_for_one
from messaging.messages.replies import ReplyTerms
from messaging.messages.typed import PREFIX

BOXES = ("is_subject_shown", "is_copy_kept", "is_read_receipt_asked", "reply_sms", "reply_owner")
NUMBER_TO_COME = "__number__"
NUMBER_MESSAGES = {
    "required": _("Enter a whole number."),
    "invalid": _("Enter a whole number."),
    "min_value": _("It can be opened at least %(limit_value)d time."),
    "max_value": _("It can be opened up to %(limit_value)d times."),
}


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
        self.fields["proof"].choices = self._proofs()  # type: ignore[attr-defined]

    def clean_proof(self) -> str:
        """Refuse a code by text message where there are none."""
        proof = str(self.cleaned_data["proof"])
        if proof == Proof.SMS_CODE and self.is_texting_off:
            raise ValidationError(_("Text messages are switched off. Choose another proof."))
        return proof

    def _proofs(self) -> list[tuple[str, str]]:
        """Return what can be chosen: a code by text message, where there are none, only if it was chosen before."""
        chosen = self["proof"].value()
        offered = [
            proof for proof in PROOFS if proof is not Proof.SMS_CODE or not self.is_texting_off or proof == chosen
        ]
        named = [(proof.value, f"{proof.label} · {STRENGTH_OF[proof].label}") for proof in offered]
        return [("", gettext("As for the message")), *named]


class RecipientRows(forms.BaseFormSet):  # type: ignore[type-arg]
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
            row.add_error("email", _("This is not an e-mail address. It looks like name@organization.example."))
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


class ComposerForm(forms.Form):
    """Everything about a message but its recipients and its files.

    Args:
        plan: of the sender; says how long a message may live.
        is_texting_off: text messages are switched off.
        has_protection: the license includes return protection.
        has_reply_files: the license lets recipients send files back.
        has_files: something is attached, so that a text is not needed.
        is_password_asked: of somebody, whoever it is.
        recipients_at_most: what the plan allows, for a list that was pasted.
    """

    kind = forms.ChoiceField(choices=SendKind.choices, widget=forms.HiddenInput)
    pasted = forms.CharField(
        label=_("Paste a list of addresses"),
        required=False,
        max_length=limits.PASTED_MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
        error_messages=TEXT_MESSAGES,
    )
    subject = forms.CharField(
        label=_("Subject"), max_length=limits.SUBJECT_MOST_CHARACTERS, error_messages=TEXT_MESSAGES
    )
    is_subject_shown = forms.BooleanField(label=_("Show the subject in the e-mail"), required=False)
    body = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=limits.BODY_MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 9}),
        error_messages=TEXT_MESSAGES,
    )
    language = forms.ChoiceField(
        label=_("Language of the recipients"), choices=settings.LANGUAGES, error_messages=CHOICE_MESSAGES
    )
    life_hours = forms.TypedChoiceField(label=_("Expires after"), coerce=int, error_messages=CHOICE_MESSAGES)
    openings = forms.IntegerField(
        label=_("Openings"),
        min_value=limits.OPENINGS_LEAST,
        max_value=limits.OPENINGS_MOST,
        error_messages=NUMBER_MESSAGES,
    )
    proof = forms.ChoiceField(
        label=_("Proof asked"),
        choices=[(proof.value, proof.label) for proof in PROOFS],
        required=False,
        widget=forms.RadioSelect,
        error_messages=CHOICE_MESSAGES,
    )
    item_password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        max_length=PASSWORD_MOST_CHARACTERS,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages=TEXT_MESSAGES,
    )
    hint = forms.CharField(
        label=_("Hint"), required=False, max_length=HINT_MOST_CHARACTERS, error_messages=TEXT_MESSAGES
    )
    is_copy_kept = forms.BooleanField(label=_("Keep a copy for me"), required=False)
    is_read_receipt_asked = forms.BooleanField(label=_("Read receipt"), required=False)
    reply_kind = forms.ChoiceField(label=_("Reply allowed"), choices=ReplyKind.choices, error_messages=CHOICE_MESSAGES)
    instructions = forms.CharField(
        label=_("What you ask for"),
        required=False,
        max_length=limits.INSTRUCTIONS_MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=TEXT_MESSAGES,
    )
    reply_sms = forms.BooleanField(label=_("Ask for a code by text message before a reply"), required=False)
    reply_owner = forms.BooleanField(label=_("Also ask me before I open what came back"), required=False)

    def __init__(
        self,
        *args: Any,
        plan: Plan,
        is_texting_off: bool,
        has_protection: bool,
        has_reply_files: bool = False,
        has_files: bool = False,
        is_password_asked: bool = False,
        recipients_at_most: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs | {"auto_id": "%s"})
        self.is_password_asked = is_password_asked
        self.plan, self.is_texting_off, self.has_protection = plan, is_texting_off, has_protection
        self.has_files, self.recipients_at_most = has_files, recipients_at_most
        self.fields["life_hours"].choices = lives_offered(plan.longest_life_days)  # type: ignore[attr-defined]
        self.fields["reply_kind"].choices = [  # type: ignore[attr-defined]
            choice for choice in ReplyKind.choices if has_reply_files or choice[0] != ReplyKind.FILES
        ]
        self.fields["reply_sms"].disabled = not has_protection or is_texting_off
        self.fields["reply_owner"].disabled = not has_protection
        self.fields["item_password"].widget.attrs["minlength"] = PASSWORD_LEAST_CHARACTERS

    @property
    def is_reply_proven(self) -> bool:
        """Tell whether a code by text message is asked of each recipient before a reply."""
        is_chosen = bool(self.data.get("reply_sms")) and not self.fields["reply_sms"].disabled
        return is_chosen and self.data.get("reply_kind") != ReplyKind.NONE

    def clean_pasted(self) -> str:
        """Refuse what could not be put into rows."""
        if problem := pasted_problem(self.cleaned_data["pasted"], most=self.recipients_at_most):
            raise ValidationError(problem)
        return ""

    def clean_proof(self) -> Proof:
        """Return the proof, the opening code where none was chosen; texts are asked for only where there are any."""
        proof = proof_for_all(self.cleaned_data["proof"])
        if proof is Proof.SMS_CODE and self.is_texting_off:
            raise ValidationError(_("Text messages are switched off. Choose another proof."))
        return proof

    def clean(self) -> dict[str, Any]:
        """Hold subject, text and password to what was chosen beside them."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("is_subject_shown") and LOOKS_LIKE_ADDRESS.search(cleaned.get("subject", "")):
            self.add_error(
                "subject",
                _("A subject that the e-mail shows holds no web or e-mail address. Take it out, or do not show it."),
            )
        if "body" in cleaned:
            self._refuse_empty(cleaned)
        if self.is_password_asked:
            self._refuse_short_password(cleaned.get("item_password", ""))
        return cleaned

    def composition(self, recipients: Sequence[Recipient]) -> Composition:
        """Return what was decided; the form is valid."""
        values = self.cleaned_data
        reply = ReplyTerms(ReplyKind(values["reply_kind"]), values["instructions"])
        is_replied = reply.kind is not ReplyKind.NONE
        return Composition(
            recipients=recipients,
            subject=values["subject"],
            body=values["body"],
            language=values["language"],
            life=timedelta(hours=values["life_hours"]),
            openings=values["openings"],
            password=values["item_password"] if self.is_password_asked else "",
            hint=values["hint"] if self.is_password_asked else "",
            is_subject_shown=values["is_subject_shown"],
            is_copy_kept=values["is_copy_kept"],
            is_read_receipt_asked=values["is_read_receipt_asked"],
            reply=reply,
            reply_proofs=(Proof.SMS_CODE.value,) if is_replied and values["reply_sms"] else (),
            is_owner_proof_asked=is_replied and values["reply_owner"],
        )

    def _refuse_empty(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("kind") == SendKind.FILE and not self.has_files:
            self.add_error(None, _("Choose at least one file, or send a message without one."))
        elif not cleaned["body"] and not self.has_files:
            self.add_error("body", _("Write the text of the message."))

    def _refuse_short_password(self, password: str) -> None:
        if len(password) < PASSWORD_LEAST_CHARACTERS and "item_password" not in self.errors:
            shown = {"least": PASSWORD_LEAST_CHARACTERS}
            self.add_error(
                "item_password",
                gettext("Type the password agreed with the recipients: %(least)d characters or more.") % shown,
            )


def pasted_problem(pasted: str, *, most: int) -> str:
    """Say what keeps a list from becoming recipients, each thing that is no address by its name; or nothing."""
    found = read_list(pasted)
    sentences = []
    if found.addresses:
        shown = {"count": cultures.format_number(len(found.addresses)), "most": cultures.format_number(most)}
        sentences.append(
            gettext("This list has %(count)s addresses; your plan allows %(most)s recipients. Shorten the list.")
            % shown
        )
    if found.malformed:
        sentences.append(_named(found.malformed))
    return " ".join(sentences)


def _named(malformed: Sequence[str]) -> str:
    count, shown = len(malformed), malformed[: limits.ADDRESSES_NAMED]
    named = "; ".join(_quoted(text) for text in shown)
    sentence = ngettext(
        "This is no e-mail address: %(named)s.", "These %(count)s are no e-mail addresses: %(named)s.", count
    ) % {"count": cultures.format_number(count), "named": named}
    if count == len(shown):
        return sentence
    more = count - len(shown)
    return f"{sentence} " + ngettext("And %(more)s more.", "And %(more)s more.", more) % {
        "more": cultures.format_number(more)
    }


def _quoted(text: str) -> str:
    return gettext("“%(text)s”") % {"text": text if len(text) <= limits.SUBJECT_SHOWN_CHARACTERS else f"{text[:60]}…"}


def _is_one_address(email: str) -> bool:
    return read_list(email).addresses == (email,)


RecipientFormSet = cast(type[RecipientRows], forms.formset_factory(RecipientForm, formset=RecipientRows, extra=0))
