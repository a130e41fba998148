"""Sweep sealed files that no row names: what was left by acts that were rolled back or broken off.

Source: docs/decisions/0033-weekly-keys-and-blobs.md
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from core.blobs import blobs
from messaging.items.limits import UNNAMED_FILE_KEPT_SECONDS
from messaging.items.models import Blob

FILES_A_LOOK = 500


def unnamed_files(now: datetime) -> Iterator[str]:
    """Yield the names of the blobs that no row names and that are so old that no open transaction can name them.

    None where no row names any blob: that looks like another database than the one the files belong to.
    """
    if not Blob.objects.exists():
        return
    found = blobs().older_than(now - timedelta(seconds=UNNAMED_FILE_KEPT_SECONDS))
    while names := list(islice(found, FILES_A_LOOK)):
        named = set(Blob.objects.filter(name__in=names).values_list("name", flat=True))
        yield from (name for name in names if name not in named)


def sweep_unnamed_files(now: datetime) -> None:
    """Delete the blobs that belong to nothing; called with the retention."""
    for name in unnamed_files(now):
        if not Blob.objects.filter(name=name).exists():
            blobs().delete(name)
