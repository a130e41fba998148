"""Totals by day, in the zones in which they are read.

Counts by quarter hour are right in every zone, and twenty times slower over a year.
Source: docs/decisions/0047-statistics.md
"""

from django.db import models


class DayTotal(models.Model):
    """How often one kind of event happened to a person's items on one calendar day of a zone."""

    organization_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    zone = models.CharField(max_length=60)
    day_on = models.DateField()
    kind = models.CharField(max_length=60)
    events = models.PositiveIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
    size_bytes = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "user_id", "zone", "day_on", "kind"], name="activity_daytotal_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.events} {self.kind} on {self.day_on}"


class ZoneInUse(models.Model):
    """A zone in which a person's day totals are whole and kept up."""

    organization_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    zone = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "user_id", "zone"], name="activity_zoneinuse_once")
        ]

    def __str__(self) -> str:
        return f"{self.zone} of user {self.user_id}"


class TotalledUpTo(models.Model):
    """The number in an organization's chain up to which its events stand in the day totals."""

    organization_id = models.BigIntegerField(primary_key=True)
    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"organization {self.organization_id} up to {self.number}"
