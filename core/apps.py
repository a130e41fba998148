"""The app that holds the machinery's tables."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Machinery that knows no app above it."""

    name = "core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the handlers of mails and texts with the queue."""
        from core import checks, mail  # noqa: F401  (importing them registers the checks and the handler)
        from core.sms import texts  # noqa: F401
