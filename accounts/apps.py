"""The app of people and organizations."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, organizations, factors, sessions."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
