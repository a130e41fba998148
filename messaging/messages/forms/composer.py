"""The form of a secure message: everything about it but its recipients."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core import cultures
from core.forms import CHOICE_MESSAGES, LOCKED, TEXT_MESSAGES, LockingForm, PlainTextField, offer
from core.web_addresses import holds_address
from licenses.models import Plan
from messaging.items.choices import Proof
from messaging.items.limits import HINT_MOST_CHARACTERS, PASSWORD_LEAST_CHARACTERS, PASSWORD_MOST_CHARACTERS
from messaging.items.lives import DAY_HOURS, lives_offered
from messaging.items.proof_choice import refuse_text_code
from messaging.messages import limits
from messaging.messages.addresses import read_list
from messaging.messages.choices import ReplyKind, SendKind
from messaging.messages.composition import Composition, Recipient
from messaging.messages.protection import PROOFS, proof_for_all
from messaging.messages.replies import ReplyTerms

BOXES = ("is_subject_shown", "is_copy_kept", "is_read_receipt_asked", "reply_sms", "reply_owner")
NUMBER_MESSAGES = {
    "required": _("Enter a whole number."),
    "invalid": _("Enter a whole number."),
    "min_value": _("It can be opened at least %(limit_value)d time."),
    "max_value": _("It can be opened up to %(limit_value)d times."),
}


class ComposerForm(LockingForm):
    """Everything about a message but its recipients and its files.

    Args:
        plan: of the sender; says how long a message may live.
        texts_off_reason: why there are no text messages, or empty.
        protection_reason: why the plan has no return protection, or empty.
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
    subject = PlainTextField(
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
        texts_off_reason: str,
        protection_reason: str,
        has_reply_files: bool = False,
        has_files: bool = False,
        is_password_asked: bool = False,
        recipients_at_most: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs | {"auto_id": "%s"})
        self.is_password_asked = is_password_asked
        self.plan, self.is_texting_off = plan, bool(texts_off_reason)
        self.has_files, self.recipients_at_most = has_files, recipients_at_most
        offer(self, "life_hours", lives_offered(plan.longest_life_days * DAY_HOURS))
        self.has_reply_files = has_reply_files
        offer(self, "reply_kind", self._reply_kinds())
        self.lock({"reply_sms": protection_reason or texts_off_reason, "reply_owner": protection_reason})
        self.fields["item_password"].widget.attrs["minlength"] = PASSWORD_LEAST_CHARACTERS

    @property
    def is_reply_proven(self) -> bool:
        """Tell whether a code by text message is asked of each recipient before a reply."""
        is_chosen = bool(self.data.get("reply_sms")) and not self.locked["reply_sms"]
        return is_chosen and self.data.get("reply_kind") != ReplyKind.NONE

    def clean_pasted(self) -> str:
        """Refuse what could not be put into rows."""
        if problem := pasted_problem(self.cleaned_data["pasted"], most=self.recipients_at_most):
            raise ValidationError(problem)
        return ""

    def clean_proof(self) -> Proof:
        """Return the proof, the opening code where none was chosen; texts are asked for only where there are any."""
        proof = proof_for_all(self.cleaned_data["proof"])
        refuse_text_code(proof, is_texting_off=self.is_texting_off)
        return proof

    def clean_reply_kind(self) -> ReplyKind:
        """Refuse files where the plan has none."""
        kind = ReplyKind(self.cleaned_data["reply_kind"])
        if kind.takes_files and not self.has_reply_files:
            raise ValidationError(_("Your plan takes no files in a reply. Choose another one."), LOCKED)
        return kind

    def clean(self) -> dict[str, Any]:
        """Hold subject, text and password to what was chosen beside them."""
        cleaned = super().clean()
        if cleaned.get("is_subject_shown") and holds_address(cleaned.get("subject", "")):
            self.add_error(
                "subject",
                _("A subject that the e-mail shows holds no web or e-mail address. Take it out, or do not show it."),
            )
        if self.errors.pop("kind", None):
            # The field is hidden; what is drawn again has a kind that is one.
            sentence = gettext("It is not clear what is to be sent, so nothing was sent. Look at it and send it again.")
            self.add_error(None, sentence)
        if "body" in cleaned:
            self._refuse_empty(cleaned)
        if self.is_password_asked:
            self._refuse_weak_password(cleaned.get("item_password", ""))
        return cleaned

    def composition(self, recipients: Sequence[Recipient]) -> Composition:
        """Return what was decided; the form is valid."""
        values = self.cleaned_data
        reply = ReplyTerms(values["reply_kind"], values["instructions"])
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

    def _reply_kinds(self) -> list[tuple[str, Any]]:
        """Return what can be chosen; files, where the plan has none, only if they were chosen before."""
        chosen = (self.data if self.is_bound else self.initial).get("reply_kind")
        kinds = [kind for kind in ReplyKind if self.has_reply_files or not kind.takes_files or chosen == kind]
        return [(kind.value, kind.label) for kind in kinds]

    def _refuse_empty(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("kind") == SendKind.FILE and not self.has_files:
            self.add_error(None, _("Choose at least one file, or send a message without one."))
        elif not cleaned["body"] and not self.has_files:
            self.add_error("body", _("Write the text of the message."))

    def _refuse_weak_password(self, password: str) -> None:
        is_weak = password != password.strip() or len(password) < PASSWORD_LEAST_CHARACTERS
        if is_weak and "item_password" not in self.errors:
            sentence = gettext(
                "Type the password agreed with the recipients: %(least)d characters or more, "
                "without blanks at its ends."
            )
            self.add_error("item_password", sentence % {"least": PASSWORD_LEAST_CHARACTERS})


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
