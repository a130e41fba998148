"""The tenant."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.limits import NAME_MOST_CHARACTERS


class Organization(models.Model):
    """The tenant: its users, its licenses, and what a new user begins with."""

    name = models.CharField(_("name"), max_length=NAME_MOST_CHARACTERS)
    time_zone = models.CharField(_("time zone"), max_length=64, default="America/Toronto")
    date_culture = models.CharField(max_length=32, default="en-CA")
    language = models.CharField(_("language"), max_length=5, default="en")
    default_sms_country = models.CharField(max_length=2, default="CA")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")

    def __str__(self) -> str:
        return self.name
