"""Customers' records that support has opened."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.limits import TICKET_MOST_CHARACTERS


class OpenedRecord(models.Model):
    """One customer's record, opened by one member of support with a ticket, until a moment."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="opened_records")
    customer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="openings")
    ticket = models.CharField(max_length=TICKET_MOST_CHARACTERS)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staff", "customer"], name="accounts_openedrecord_one_per_pair"),
            models.CheckConstraint(condition=~Q(ticket=""), name="accounts_openedrecord_has_ticket"),
            models.CheckConstraint(condition=~Q(staff=F("customer")), name="accounts_openedrecord_of_another"),
        ]

    def __str__(self) -> str:
        return f"record of user {self.customer_id}"
