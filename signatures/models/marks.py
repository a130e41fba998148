"""One's kept signatures and initials."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from signatures.choices import MarkKind, MarkWay


class Mark(models.Model):
    """A signature or initials of one person; what it looks like is sealed.

    Source: docs/decisions/0056-marks.md
    """

    handle = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="marks")
    kind = models.CharField(max_length=10, choices=MarkKind)
    way = models.CharField(max_length=10, choices=MarkWay)
    is_default = models.BooleanField(default=False)
    sealed = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "kind"], condition=Q(is_default=True), name="signatures_mark_one_default"
            )
        ]

    def __str__(self) -> str:
        return f"mark {self.handle}"
