"""What people type to change the address they sign in with."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.sign_in import LINK_MOST_CHARACTERS, EmailForm
from accounts.models import User, fold_email
from core.forms import TEXT_MESSAGES


class EmailChangeForm(EmailForm):
    """A new address.

    Args:
        user: whose address changes.
    """

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["email"].label = _("New e-mail address")
        self.fields["email"].widget.attrs["autocomplete"] = "email"

    def clean_email(self) -> str:
        """Refuse the address that is in force already."""
        email = str(self.cleaned_data["email"])
        if fold_email(email) == self.user.email_key:
            raise forms.ValidationError(_("This is your address already. Enter the new one."))
        return email


class MailedSecretForm(forms.Form):
    """The secret of a mailed link."""

    link = forms.CharField(
        label=_("Link or code from the mail"),
        max_length=LINK_MOST_CHARACTERS,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages=TEXT_MESSAGES | {"required": _("Open the link of the mail again, or paste it here.")},
    )

    def clean_link(self) -> str:
        """Return the secret: what follows the last # of a pasted link, or the code itself."""
        return str(self.cleaned_data["link"]).strip().rpartition("#")[2]
