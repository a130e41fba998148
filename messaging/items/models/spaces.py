"""How much an organization keeps, so that its limit is asked without adding up all that it has."""

from django.db import models

from accounts.models import Organization


class OrganizationSpace(models.Model):
    """At least as many bytes as the people of an organization keep together.

    What comes is added, what goes is not taken off: that is left to the next counting.
    """

    organization = models.OneToOneField(Organization, on_delete=models.PROTECT, primary_key=True, related_name="space")
    kept_bytes = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"space of organization {self.organization_id}"
