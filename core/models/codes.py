"""The row behind a one-time code."""

from django.db import models
from django.db.models import Q


class Code(models.Model):
    """The one live code of a purpose and a subject; a resend is a new row, never a rewritten one."""

    purpose = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    salt = models.BinaryField(max_length=16)
    digest = models.BinaryField(max_length=32)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_times = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    challenge_ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["purpose", "subject"], name="core_code_one_per_subject"),
            models.CheckConstraint(condition=Q(sent_times__gte=1), name="core_code_sent_at_least_once"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"
