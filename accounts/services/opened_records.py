"""A customer's record is open to a member of support with a ticket, for a limited time, and the customer reads of it.

Source: docs/decisions/0027-opened-records.md
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts.choices import SecurityEventKind
from accounts.errors import RecordClosed
from accounts.models import OpenedRecord, User
from accounts.services.security_log import record
from core.db import database_now


def open_record(*, staff: User, customer: User, ticket: str) -> OpenedRecord:
    """Open a record anew, under this ticket from now on, and write a line into the customer's security log."""
    if customer.is_staff or not staff.is_staff:
        raise ValueError("Support opens the records of customers.")
    expires_at = database_now() + timedelta(minutes=settings.SUPPORT_RECORD_MINUTES)
    with transaction.atomic():
        opened: OpenedRecord
        opened, _is_new = OpenedRecord.objects.update_or_create(
            staff=staff, customer=customer, defaults={"ticket": ticket, "expires_at": expires_at}
        )
        record(user=customer, kind=SecurityEventKind.SUPPORT_OPENED, actor=staff.email, ticket=ticket)
    return opened


def open_records(*, staff: User) -> QuerySet[OpenedRecord]:
    """Return the records that a member of support has open at this instant."""
    return OpenedRecord.objects.filter(staff=staff, customer__is_staff=False, expires_at__gt=database_now())


def opened_record(*, staff: User, customer: User) -> OpenedRecord | None:
    """Return the opening that lets a member of support see a record now, or None."""
    return open_records(staff=staff).filter(customer=customer).first()


def demand_opened_record(*, staff: User, customer: User) -> OpenedRecord:
    """Return the opening under which a member of support changes something now.

    Raises:
        RecordClosed: there is none, or its time is over.
    """
    opened = opened_record(staff=staff, customer=customer)
    if opened is None:
        raise RecordClosed
    return opened
