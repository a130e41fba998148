"""What the rows of items promise: each check of `manage.py check_invariants` yields one line a broken promise.

Lines name rows by their numbers and never by what a person wrote.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby

from django.db.models import Exists, F, Min, OuterRef, Q

from core.blobs import BlobMissing, blobs
from core.db import database_now
from core.models import Job
from messaging.items.events.kinds import EventKind
from messaging.items.limits import EVENT_KEPT_DAYS
from messaging.items.models import Blob, ChainHead, Content, Event, Item, Link, OrganizationSpace, Participant, Return
from messaging.items.policies import Policy
from messaging.items.services.links import written_end
from messaging.items.services.shredding import FILES_KIND
from messaging.items.services.sweeping import unnamed_files
from messaging.items.storage import kept_together
from messaging.quota.models import MonthlyCount


def incomplete_items() -> Iterator[str]:
    """Yield the items without anybody they are for, and the living ones that lack their content or a link."""
    people = Participant.objects.filter(item=OuterRef("pk"))
    for item in Item.objects.filter(~Exists(people)).order_by("pk"):
        yield f"item {item.pk}: there is nobody it is for"
    content = Content.objects.filter(whole_id=OuterRef("whole_id"))
    for item in Item.objects.filter(~Exists(content), shredded_at=None).order_by("pk"):
        yield f"item {item.pk}: its content is missing"
    links = Link.objects.filter(participant=OuterRef("pk"), ended_at=None)
    unlinked = Participant.objects.filter(
        ~Exists(links), is_waiting=False, done_at=None, revoked_at=None, item__shredded_at=None
    ).exclude(item__participants__declined_at__isnull=False)
    for participant in unlinked.order_by("pk"):
        yield f"item {participant.item_id}: participant {participant.pk} has no living link"


def incomplete_returns() -> Iterator[str]:
    """Yield what came back and lost its content."""
    content = Content.objects.filter(whole_id=OuterRef("whole_id"))
    for returned in Return.objects.filter(~Exists(content), shredded_at=None).order_by("pk"):
        yield f"return {returned.pk}: its content is missing"


def unrecorded_items() -> Iterator[str]:
    """Yield the items whose sending is not in the log.

    Events go at the purged beginning of a chain; where there is one, an item that has ended may have lost its own.
    """
    sent = Event.objects.filter(item_id=OuterRef("pk"), kind=EventKind.SENT)
    purged = ChainHead.objects.filter(organization_id=OuterRef("organization_id"), purged_number__gt=0)
    ended = Q(shredded_at__isnull=False) & Exists(purged)
    for item in Item.objects.filter(~Exists(sent)).exclude(ended).order_by("pk"):
        yield f"item {item.pk}: its sending is not in the log"


def incomplete_files() -> Iterator[str]:
    """Yield the files of living items and returns that lack their row, and the rows that lack their file.

    What a draft keeps is looked at by its rows too.
    """
    for model in (Item, Return):
        rows = model._default_manager.filter(shredded_at=None).order_by("pk")
        for whole in rows.filter(file_count__gt=0).iterator():
            count = Blob.objects.filter(whole_id=whole.whole_id).count()
            if count != whole.file_count:
                yield f"{model._meta.model_name} {whole.pk}: {count} of {whole.file_count} files have a row"
    for blob in Blob.objects.order_by("pk").iterator():
        try:
            blobs().open(blob.name).close()
        except BlobMissing:
            yield f"blob {blob.pk}: its file is missing"


def unnamed_files_left() -> Iterator[str]:
    """Yield the files without a row that should have been swept; none while a job may be about to delete some."""
    left = list(unnamed_files(database_now()))
    if not Job.objects.filter(kind=FILES_KIND, finished_at=None).exists():
        yield from (f"file {name}: no row names it" for name in left)


def overlong_links() -> Iterator[str]:
    """Yield the living links that end after the life their item may have, and the people who outlive their item."""
    late = Participant.objects.filter(expires_at__gt=F("item__expires_at"))
    for participant in late.order_by("pk"):
        yield f"item {participant.item_id}: participant {participant.pk} may open it after its end"
    for link in Link.objects.filter(ended_at=None).select_related("participant__item").order_by("pk").iterator():
        item = link.participant.item
        most = min(item.longest_until, Policy.from_text(link.policy).longest_until)
        if item.shredded_at is not None or written_end(link) > most:
            yield f"item {item.pk}: link {link.pk} lives beyond it"


def miscounted_months() -> Iterator[str]:
    """Yield the months of licenses that did not count exactly what was sent in them.

    Up to the month of a license's first item more may have been counted: there were versions that counted messages and
    kept no items. So it is in months of which items may be purged. Fewer is wrong in any month.
    """
    kept_from = database_now() - timedelta(days=EVENT_KEPT_DAYS)
    months = MonthlyCount.objects.order_by("license_id", "starts_at")
    for license_id, of_license in groupby(months.iterator(), key=lambda month: month.license_id):
        sent = Item.objects.filter(license=license_id)
        first_at = sent.aggregate(at=Min("sent_at"))["at"]
        begins_at = datetime.min.replace(tzinfo=UTC)
        for month in of_license:
            # Where the holder moved eastwards a month begins before the last one has ended, which goes on counting.
            begins_at = max(begins_at, month.starts_at)
            items = sent.filter(sent_at__gte=begins_at, sent_at__lt=month.resets_at).count()
            is_exact = first_at is not None and month.starts_at > max(first_at, kept_from)
            if month.used < items or (is_exact and month.used != items):
                yield f"license {license_id}: month of {month.month_on} counts {month.used} of {items} items"
            begins_at = month.resets_at


def undercounted_spaces() -> Iterator[str]:
    """Yield the organizations that keep more than is counted: their limit would not hold."""
    for space in OrganizationSpace.objects.order_by("pk"):
        if (kept := kept_together(space.pk)) > space.kept_bytes:
            yield f"organization {space.pk}: {space.kept_bytes} of {kept} bytes are counted"
