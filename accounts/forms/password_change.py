"""What people type to choose another password."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from accounts.forms.sign_in import PasswordField
from accounts.models import User
from accounts.passwords import length_in_words


class PasswordChangeForm(forms.Form):
    """A new password, held to the rules for its owner.

    Args:
        user: whose password it becomes.
    """

    new_password = PasswordField(
        label=_("New password"),
        autocomplete="new-password",
        help_text=length_in_words(),
        error_messages={"required": _("Enter a new password.")},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_new_password(self) -> str:
        """Return the password exactly as typed."""
        password = str(self.cleaned_data["new_password"])
        validate_password(password, self.user)
        return password
