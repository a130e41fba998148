"""What people type to sign in, to prove themselves, and to set a password."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from accounts.limits import EMAIL_MOST_CHARACTERS, PASSWORD_MOST_CHARACTERS
from accounts.models import User
from accounts.passwords import length_in_words
from core.forms import TEXT_MESSAGES

CODE_MOST_CHARACTERS = 40
LINK_MOST_CHARACTERS = 400


class PasswordField(forms.CharField):
    """A password, exactly as typed."""

    def __init__(self, *, autocomplete: str, **options: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        options["error_messages"] = TEXT_MESSAGES | options.get("error_messages", {})
        super().__init__(strip=False, max_length=PASSWORD_MOST_CHARACTERS, widget=widget, **options)


class EmailForm(forms.Form):
    """An address that may have an account."""

    email = forms.EmailField(
        label=_("Email"),
        max_length=EMAIL_MOST_CHARACTERS,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
        error_messages=TEXT_MESSAGES
        | {
            "required": _("Enter your e-mail address."),
            "invalid": _("This is not an e-mail address. It looks like name@organization.example."),
        },
    )


class SignInForm(EmailForm):
    """Address and password."""

    password = PasswordField(
        label=_("Password"),
        autocomplete="current-password",
        error_messages={"required": _("Enter your password.")},
    )


class CodeForm(forms.Form):
    """A code from a text message."""

    code = forms.CharField(
        label=_("Six-digit code"),
        max_length=CODE_MOST_CHARACTERS,
        error_messages=TEXT_MESSAGES | {"required": _("Enter the six digits of the text message.")},
    )


class RecoveryCodeForm(forms.Form):
    """One of the ten recovery codes."""

    code = forms.CharField(
        label=_("Recovery code"),
        max_length=CODE_MOST_CHARACTERS,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages=TEXT_MESSAGES | {"required": _("Enter one of the ten codes you kept.")},
    )


class ProofForm(forms.Form):
    """The password, asked again."""

    password = PasswordField(
        label=_("Password"),
        autocomplete="current-password",
        error_messages={"required": _("Enter your password.")},
    )


class PasswordResetForm(forms.Form):
    """The secret of a mailed link, and the new password."""

    link = forms.CharField(
        label=_("Link or code from the mail"),
        max_length=LINK_MOST_CHARACTERS,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages=TEXT_MESSAGES | {"required": _("Open the link of the mail again, or paste it here.")},
    )
    new_password = PasswordField(
        label=_("New password"),
        autocomplete="new-password",
        help_text=length_in_words(),
        error_messages={"required": _("Enter a new password.")},
    )

    def clean_link(self) -> str:
        """Return the secret: what follows the last # of a pasted link, or the code itself."""
        return str(self.cleaned_data["link"]).strip().rpartition("#")[2]

    def refuse_weak_password(self, user: User) -> bool:
        """Hold the new password to the rules for its owner; tell whether it passed."""
        try:
            validate_password(self.cleaned_data["new_password"], user)
        except forms.ValidationError as refusal:
            self.add_error("new_password", refusal)
            return False
        return True
