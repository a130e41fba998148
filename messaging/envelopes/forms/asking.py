"""What the owner of an envelope decides, when it is made and afterwards."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.limits import EMAIL_MOST_CHARACTERS
from core.forms import (
    ADDRESS_WRONG,
    CHOICE_MESSAGES,
    TEXT_MESSAGES,
    LockingForm,
    PlainTextField,
    offer,
    renew_form_key,
)
from core.web_addresses import holds_address
from licenses.models import Plan
from messaging.envelopes import limits
from messaging.envelopes.choices import Way
from messaging.envelopes.services.asking import Asking
from messaging.items.choices import Proof
from messaging.items.limits import HINT_MOST_CHARACTERS, PASSWORD_LEAST_CHARACTERS, PASSWORD_MOST_CHARACTERS
from messaging.items.lives import DAY_HOURS, lives_offered

BOXES = ("is_text_only", "reply_owner")
PROOFS = (Proof.OPENING_CODE, Proof.ITEM_PASSWORD, Proof.NONE)


class AskingForm(LockingForm):
    """Everything about an envelope.

    Args:
        plan: of the owner; says how long an envelope may live.
        protection_reason: why the plan has no return protection, or empty.
    """

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    way = forms.ChoiceField(
        label=_("How the link gets there"),
        choices=Way.choices,
        widget=forms.RadioSelect,
        error_messages=CHOICE_MESSAGES,
    )
    email = forms.EmailField(
        label=_("E-mail of the person"),
        required=False,
        max_length=EMAIL_MOST_CHARACTERS,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages=TEXT_MESSAGES | {"invalid": ADDRESS_WRONG},
    )
    title = PlainTextField(
        label=_("Title"),
        max_length=limits.TITLE_MOST_CHARACTERS,
        error_messages=TEXT_MESSAGES | {"required": _("Say in a few words what it is about.")},
    )
    instructions = forms.CharField(
        label=_("What I need from you"),
        required=False,
        max_length=limits.INSTRUCTIONS_MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages=TEXT_MESSAGES,
    )
    is_text_only = forms.BooleanField(label=_("Text only, no files"), required=False)
    language = forms.ChoiceField(
        label=_("Language of the person"), choices=settings.LANGUAGES, error_messages=CHOICE_MESSAGES
    )
    life_hours = forms.TypedChoiceField(label=_("Expires after"), coerce=int, error_messages=CHOICE_MESSAGES)
    proof = forms.ChoiceField(
        label=_("Proof asked"),
        choices=[(proof.value, proof.label) for proof in PROOFS],
        widget=forms.RadioSelect,
        error_messages=CHOICE_MESSAGES,
    )
    item_password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        max_length=PASSWORD_MOST_CHARACTERS,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "minlength": PASSWORD_LEAST_CHARACTERS}),
        error_messages=TEXT_MESSAGES,
    )
    hint = forms.CharField(
        label=_("Hint"), required=False, max_length=HINT_MOST_CHARACTERS, error_messages=TEXT_MESSAGES
    )
    reply_owner = forms.BooleanField(label=_("Ask me for a proof before I open what came"), required=False)

    def __init__(self, *args: Any, plan: Plan, protection_reason: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"auto_id": "%s"})
        self.plan = plan
        offer(self, "life_hours", lives_offered(plan.longest_life_days * DAY_HOURS))
        self.lock({"reply_owner": protection_reason})

    def clean(self) -> dict[str, Any]:
        """Hold address and password to what was chosen beside them."""
        values = super().clean()
        renew_form_key(self)
        is_mailed = values.get("way") == Way.ADDRESSED
        if is_mailed and "email" not in self.errors and not values.get("email"):
            self.add_error("email", _("Enter the e-mail address of the person."))
        if values.get("proof") == Proof.ITEM_PASSWORD and "item_password" not in self.errors:
            self._refuse_weak_password(values.get("item_password", ""))
        return values

    def clean_title(self) -> str:
        """Refuse what could be taken for a way elsewhere."""
        title = str(self.cleaned_data["title"])
        if holds_address(title):
            raise ValidationError(_("A title holds no web or e-mail address. Put it into the text below."))
        return title

    def asking(self) -> Asking:
        """Return what was decided; the form is valid."""
        values = self.cleaned_data
        is_agreed = values["proof"] == Proof.ITEM_PASSWORD
        return Asking(
            email=values["email"] if values["way"] == Way.ADDRESSED else "",
            title=values["title"],
            instructions=values["instructions"],
            language=values["language"],
            life=timedelta(hours=values["life_hours"]),
            proof=Proof(values["proof"]),
            password=values["item_password"] if is_agreed else "",
            hint=values["hint"] if is_agreed else "",
            is_owner_proof_asked=values["reply_owner"],
            is_text_only=values["is_text_only"],
        )

    def _refuse_weak_password(self, password: str) -> None:
        if password != password.strip() or len(password) < PASSWORD_LEAST_CHARACTERS:
            sentence = gettext(
                "Type the password agreed with the person: %(least)d characters or more, without blanks at its ends."
            )
            self.add_error("item_password", sentence % {"least": PASSWORD_LEAST_CHARACTERS})
