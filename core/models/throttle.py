"""The row behind a limit."""

from django.db import models


class Counter(models.Model):
    """How much of one limit one subject has used in its present window."""

    name = models.CharField(max_length=60)
    subject = models.BinaryField(max_length=32)
    used = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "subject"], name="core_counter_one_per_subject")]

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"
