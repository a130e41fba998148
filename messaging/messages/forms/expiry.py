"""The form that lets a message expire later or sooner."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from messaging.items import forms


class ExpiryForm(forms.ExpiryForm):
    """When a message expires, counted from now."""

    def clean(self) -> dict[str, Any]:
        """Refuse a message that has ended."""
        if self.item.revoked_at is not None or self.item.shredded_at is not None:
            raise ValidationError(_("This message has ended. Write it again to send it anew."))
        return super().clean() or self.cleaned_data
