"""The rows behind work that must not be lost."""

from django.db import models
from django.db.models import Q


class Job(models.Model):
    """One piece of work: the row is its state machine."""

    class State(models.TextChoices):
        PENDING = "pending"
        LEASED = "leased"
        DONE = "done"
        FAILED = "failed"

    key = models.UUIDField(unique=True)
    kind = models.CharField(max_length=40)
    body = models.BinaryField(null=True)
    body_key_on = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    give_up_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True)
    unknown_since = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=60, blank=True)
    dedupe_key = models.CharField(max_length=120, null=True, unique=True)  # noqa: DJ001  (several rows have none)

    class Meta:
        indexes = [
            models.Index(fields=["next_at", "id"], condition=Q(state="pending"), name="core_job_due"),
            models.Index(fields=["lease_until"], condition=Q(state="leased"), name="core_job_leased"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="leased") | Q(lease_until__isnull=False, claim__isnull=False),
                name="core_job_lease_has_holder",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Heartbeat(models.Model):
    """When a worker was last alive."""

    worker = models.CharField(max_length=60, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.worker
