"""How a view gets at marks: their owner finds them, for everybody else they do not exist."""

from uuid import UUID

from django.shortcuts import get_object_or_404

from accounts.models import User
from core import keys
from core.crypto.sealing import unseal
from signatures.choices import MarkKind, MarkWay
from signatures.contents import Content, read_content
from signatures.models import Mark

KEY_PURPOSE = "signature marks"


def marks_of(user: User) -> dict[MarkKind, list[Mark]]:
    """Return a person's marks by kind, the default first, then the newest; one query."""
    found = Mark.objects.filter(owner=user).defer("sealed").order_by("-is_default", "-made_at", "-pk")
    kept: dict[MarkKind, list[Mark]] = {kind: [] for kind in MarkKind}
    for mark in found:
        kept[MarkKind(mark.kind)].append(mark)
    return kept


def default_marks_of(user: User) -> dict[MarkKind, Mark]:
    """Return the mark of each kind that a person signs with; one query."""
    return {MarkKind(mark.kind): mark for mark in Mark.objects.filter(owner=user, is_default=True)}


def mark_of(user: User, handle: UUID) -> Mark:
    """Return one of a person's own marks.

    Raises:
        Http404: it was deleted, or is somebody else's.
    """
    return get_object_or_404(Mark, owner=user, handle=handle)


def content_of(mark: Mark) -> Content:
    """Return what a mark looks like.

    Raises:
        SealBroken: the row is not as it was written.
    """
    return read_content(MarkWay(mark.way), unseal(mark_key(mark.owner_id), bytes(mark.sealed), place=mark_place(mark)))


def mark_key(owner_id: int) -> bytes:
    """Return the key of one person's marks, 32 bytes."""
    return keys.derived(KEY_PURPOSE, str(owner_id).encode("ascii"))


def mark_place(mark: Mark) -> str:
    """Return the one place where the content of a mark opens."""
    return f"signatures_mark:sealed:{mark.owner_id}:{mark.kind}:{mark.way}:{mark.handle}"
