"""Keep a mark, say which one is offered first, delete one."""

from datetime import datetime

from django.db import transaction

from accounts.choices import SecurityEventKind
from accounts.models import User
from accounts.services.security_log import record
from accounts.visitors import Visitor
from core.crypto.sealing import seal
from core.db import database_now
from signatures.access import mark_key, mark_place
from signatures.choices import MarkKind
from signatures.contents import Content, write_content
from signatures.errors import TooManyMarks
from signatures.limits import MARKS_PER_KIND
from signatures.models import Mark


def add_mark(
    *,
    owner: User,
    kind: MarkKind,
    content: Content,
    is_default: bool,
    visitor: Visitor | None,
    at: datetime | None = None,
) -> Mark:
    """Keep a mark of a person; the first of its kind is the default whatever is asked.

    Args:
        at: aware instant; None for now.

    Raises:
        TooManyMarks: as many of the kind are kept as there can be.
    """
    with transaction.atomic():
        _take_turn(owner)
        of_kind = Mark.objects.filter(owner=owner, kind=kind)
        kept = of_kind.count()
        if kept >= MARKS_PER_KIND:
            raise TooManyMarks(MARKS_PER_KIND)
        is_default = is_default or kept == 0
        if is_default:
            of_kind.filter(is_default=True).update(is_default=False)
        mark = Mark(owner=owner, kind=kind, way=content.way, is_default=is_default, made_at=at or database_now())
        mark.sealed = seal(mark_key(owner.pk), write_content(content), place=mark_place(mark))
        mark.save()
        record(user=owner, kind=SecurityEventKind.MARK_ADDED, visitor=visitor, at=at)
    return mark


def make_default(*, mark: Mark) -> None:
    """Let a mark be the one that is offered first of its kind; one that was deleted meanwhile stays deleted."""
    with transaction.atomic():
        _take_turn(mark.owner)
        of_kind = Mark.objects.filter(owner=mark.owner, kind=mark.kind)
        if of_kind.filter(pk=mark.pk).exists():
            of_kind.filter(is_default=True).update(is_default=False)
            of_kind.filter(pk=mark.pk).update(is_default=True)


def delete_mark(*, mark: Mark, visitor: Visitor | None) -> None:
    """Delete a mark; where it was the default, the newest one left of its kind is offered first."""
    with transaction.atomic():
        _take_turn(mark.owner)
        deleted, _by_model = Mark.objects.filter(pk=mark.pk).delete()
        if not deleted:
            return
        of_kind = Mark.objects.filter(owner=mark.owner, kind=mark.kind)
        newest = of_kind.order_by("-made_at", "-pk").first()
        if newest is not None and not of_kind.filter(is_default=True).exists():
            of_kind.filter(pk=newest.pk).update(is_default=True)
        record(user=mark.owner, kind=SecurityEventKind.MARK_DELETED, visitor=visitor)


def _take_turn(owner: User) -> None:
    """Let one act after the other change a person's marks, so that limit and default hold."""
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
