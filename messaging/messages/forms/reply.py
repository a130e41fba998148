"""What a recipient writes back."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from messaging.items.forms import ReturnForm


class ReplyForm(ReturnForm):
    """A reply: a text, and files where they may come."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Your reply")
