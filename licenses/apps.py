"""The app of plans and licenses."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LicensesConfig(AppConfig):
    """Plans, licenses, return-protection settings."""

    name = "licenses"
    verbose_name = _("Licenses and plans")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let licenses follow their organization into another zone."""
        from accounts.services.support import register_zone_step
        from licenses.services.zone_moving import move_ends

        register_zone_step(move_ends)
