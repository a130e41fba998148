"""The app of plans and licenses."""

from django.apps import AppConfig


class LicensesConfig(AppConfig):
    """Plans, licenses, return-protection settings."""

    name = "licenses"
    default_auto_field = "django.db.models.BigAutoField"
