"""The app of people and organizations."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """People, organizations, factors, sessions."""

    name = "accounts"
    verbose_name = _("People and organizations")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the handlers of password resets and lock notices with the queue."""
        from accounts.services import password_reset, wrong_passwords  # noqa: F401  (importing them registers the handlers)
