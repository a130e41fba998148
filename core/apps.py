"""The app that holds the machinery's tables."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """Machinery that knows no app above it."""

    name = "core"
    label = "core"
    # Its only rows that have pages are about texts.
    verbose_name = _("Text messages")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the handlers of mails and texts with the queue."""
        from core import checks, mail  # noqa: F401  (importing them registers the checks and the handler)
        from core.sms import texts  # noqa: F401
