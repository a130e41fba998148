"""The form that lets a message expire later or sooner."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.forms import CHOICE_MESSAGES
from messaging.items.models import Item
from messaging.messages.limits import DAY_HOURS, HOUR
from messaging.messages.lives import lives_offered


class ExpiryForm(forms.Form):
    """When a message expires, counted from now.

    Args:
        item: whose end it is; its longest life was fixed when it was sent.
        now: aware instant.
    """

    life_hours = forms.TypedChoiceField(label=_("Expires after"), coerce=int, error_messages=CHOICE_MESSAGES)

    def __init__(self, *args: Any, item: Item, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = item
        days_left = int((item.longest_until - now).total_seconds()) // HOUR // DAY_HOURS
        self.fields["life_hours"].choices = lives_offered(max(days_left, 1))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse a message that has ended."""
        if self.item.revoked_at is not None or self.item.shredded_at is not None:
            raise ValidationError(_("This message has ended. Write it again to send it anew."))
        return super().clean() or self.cleaned_data
