"""The app of the month's count."""

from django.apps import AppConfig


class QuotaConfig(AppConfig):
    """How many messages a license has taken this month."""

    name = "messaging.quota"
    label = "quota"
    default_auto_field = "django.db.models.BigAutoField"
