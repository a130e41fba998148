"""One seat of a plan, and what its holder chose."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from licenses.models.plans import Plan


class License(models.Model):
    """One seat of a plan in an organization; at most one person holds it, and a person holds at most one."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="licenses", verbose_name=_("organization")
    )
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="licenses", verbose_name=_("plan"))
    holder = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="license"
    )
    starts_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    is_suspended = models.BooleanField(_("suspended"), default=False)

    class Meta:
        verbose_name = _("license")
        verbose_name_plural = _("licenses")
        # The worker asks each round what has ended.
        indexes = [models.Index(fields=["expires_at"], name="licenses_license_end")]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("starts_at")), name="licenses_license_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return gettext("License %(number)s") % {"number": self.pk}


class ReturnProtection(models.Model):
    """What a person asks for around whatever comes back to them."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="return_protection"
    )
    sms = models.BooleanField(default=False)
    microsoft = models.BooleanField(default=False)
    owner = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"return protection of user {self.user_id}"
