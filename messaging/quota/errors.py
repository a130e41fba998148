"""Refusals of the month's count."""

from django.utils.translation import gettext_lazy as _

from core.errors import Refusal


class QuotaExceeded(Refusal):
    """Fewer messages are left this month than the act would take."""

    heading = _("No messages left this month")
