"""The app of people and organizations."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, organizations, factors, sessions."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the handler of password resets with the queue."""
        from accounts.services import password_reset  # noqa: F401  (importing it registers the handler)
