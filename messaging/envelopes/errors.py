"""Refusals of envelopes."""

from django.utils.translation import gettext_lazy as _

from core.errors import Refusal


class TooManyOpenEnvelopes(Refusal):
    """As many envelopes are open as the plan allows at a time.

    Args:
        most: open links that the plan allows.
    """

    heading = _("Too many envelopes are open")

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most


class LifeBeyondPlan(Refusal):
    """The envelope would live longer than the plan allows."""

    heading = _("This is longer than your plan allows")
