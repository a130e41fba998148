"""The app of plans and licenses."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LicensesConfig(AppConfig):
    """Plans, licenses, return-protection settings."""

    name = "licenses"
    verbose_name = _("Licenses and plans")
    default_auto_field = "django.db.models.BigAutoField"
