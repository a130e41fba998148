"""The row that counts a month."""

from django.db import models

from licenses.models import License


class MonthlyCount(models.Model):
    """What one license has taken in one calendar month of the zone that was in force when the month began."""

    license = models.ForeignKey(License, on_delete=models.PROTECT, related_name="monthly_counts")
    month_on = models.DateField()
    zone = models.CharField(max_length=64)
    starts_at = models.DateTimeField()
    resets_at = models.DateTimeField()
    used = models.PositiveIntegerField(default=0)
    last_taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["license", "month_on"], name="quota_monthlycount_once"),
            models.CheckConstraint(
                condition=models.Q(resets_at__gt=models.F("starts_at")), name="quota_monthlycount_has_length"
            ),
        ]
        indexes = [models.Index(fields=["license", "-starts_at"], name="quota_newest_month")]

    def __str__(self) -> str:
        return f"{self.month_on:%Y-%m} of license {self.license_id}"
