"""Refusals of secure messages."""

from django.utils.translation import gettext_lazy as _

from core.errors import Refusal


class BeyondPlan(Refusal):
    """The message has more recipients, files or days than the sender's plan allows."""

    heading = _("This is more than your plan allows")
