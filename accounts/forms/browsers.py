"""What people type about their browsers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.limits import BROWSER_NAME_MOST_CHARACTERS
from core.forms import PersonNameField


class BrowserNameForm(forms.Form):
    """A short name by which its owner knows a browser."""

    name = PersonNameField(
        label=_("Name of this browser"), most_characters=BROWSER_NAME_MOST_CHARACTERS, required=False
    )
