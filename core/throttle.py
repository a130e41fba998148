"""Limits kept in the database, so that they hold with several processes and without a cache.

A window begins with its first use and lasts a fixed time; the conditional UPDATE decides who is let through.
Source: docs/decisions/0007-limits.md
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F

from core import keys
from core.crypto.sealing import keyed_hash
from core.db import database_now
from core.errors import TooManyRequests
from core.models import Counter

ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many uses by one subject in so many seconds."""

    name: str
    most: int
    seconds: int


def take(limit: Limit, subject: str, *, cost: int = 1, at: datetime | None = None) -> None:
    """Count a use against a limit.

    Args:
        subject: whom it concerns; only its keyed hash is stored.
        cost: whole uses, at least 1.
        at: aware instant of the use; None for now.

    Raises:
        TooManyRequests: fewer than `cost` were left; nothing was counted.
    """
    key, now = _key(limit, subject), at or database_now()
    # Another caller may begin the window between two of the three statements: then there is room, and we ask again.
    for _attempt in range(ATTEMPTS):
        if _count(limit, key, cost, now) or _begin_again(limit, key, cost, now) or _begin(limit, key, cost, now):
            return
        row = Counter.objects.filter(name=limit.name, subject=key).first()
        if row is not None and row.ends_at > now and row.used + cost > limit.most:
            raise TooManyRequests(row.ends_at)
    raise TooManyRequests(now + timedelta(seconds=limit.seconds))


def count(limit: Limit, subject: str, *, at: datetime | None = None) -> bool:
    """Count a use that has happened already, and tell whether it was still within the limit."""
    try:
        take(limit, subject, at=at)
    except TooManyRequests:
        return False
    return True


def prolong(limit: Limit, subject: str) -> None:
    """Count a use that has happened already, and let the window last its whole time from now on."""
    now = database_now()
    count(limit, subject, at=now)
    ends_at = now + timedelta(seconds=limit.seconds)
    Counter.objects.filter(name=limit.name, subject=_key(limit, subject)).update(ends_at=ends_at)


def note(limit: Limit, subject: str, *, at: datetime | None = None) -> None:
    """Write down a use that nothing is asked of, as cheaply as a counted line of any other table.

    Args:
        subject: names its window too; only its keyed hash is stored.
        at: aware instant of the use; None for now.
    """
    key, ends_at = _key(limit, subject), (at or database_now()) + timedelta(seconds=limit.seconds)
    row = Counter.objects.filter(name=limit.name, subject=key)
    if row.update(used=F("used") + 1) == 1:
        return
    try:
        with transaction.atomic():
            Counter.objects.create(name=limit.name, subject=key, used=1, ends_at=ends_at)
    except IntegrityError:  # somebody else was first
        row.update(used=F("used") + 1)


def take_all(pairs: Sequence[tuple[Limit, str]]) -> None:
    """Count one use against several limits, all or none.

    Raises:
        TooManyRequests: one of them was used up; whatever was counted is given back.
    """
    taken: list[tuple[Limit, str]] = []
    try:
        for limit, subject in pairs:
            take(limit, subject)
            taken.append((limit, subject))
    except TooManyRequests:
        for limit, subject in taken:
            give_back(limit, subject)
        raise


def give_back(limit: Limit, subject: str, *, cost: int = 1) -> None:
    """Undo a use that came to nothing."""
    row = Counter.objects.filter(name=limit.name, subject=_key(limit, subject))
    row.filter(used__gte=cost).update(used=F("used") - cost)


def used_up_until(limit: Limit, subject: str) -> datetime | None:
    """Return when the next use is possible, or None when it is possible now; counts nothing."""
    row = Counter.objects.filter(name=limit.name, subject=_key(limit, subject)).first()
    if row is None or row.used < limit.most or row.ends_at <= database_now():
        return None
    return row.ends_at


def used(limit: Limit, subject: str) -> int:
    """Return how much of the present window is used; counts nothing."""
    row = Counter.objects.filter(name=limit.name, subject=_key(limit, subject), ends_at__gt=database_now()).first()
    return row.used if row is not None else 0


def forget(limit: Limit, subject: str) -> None:
    """Begin a limit anew for one subject."""
    Counter.objects.filter(name=limit.name, subject=_key(limit, subject)).delete()


def _count(limit: Limit, key: bytes, cost: int, now: datetime) -> bool:
    row = Counter.objects.filter(name=limit.name, subject=key, ends_at__gt=now, used__lte=limit.most - cost)
    return row.update(used=F("used") + cost) == 1


def _begin_again(limit: Limit, key: bytes, cost: int, now: datetime) -> bool:
    if cost > limit.most:
        return False
    row = Counter.objects.filter(name=limit.name, subject=key, ends_at__lte=now)
    return row.update(used=cost, ends_at=now + timedelta(seconds=limit.seconds)) == 1


def _begin(limit: Limit, key: bytes, cost: int, now: datetime) -> bool:
    if cost > limit.most or Counter.objects.filter(name=limit.name, subject=key).exists():
        return False
    try:
        with transaction.atomic():
            Counter.objects.create(
                name=limit.name, subject=key, used=cost, ends_at=now + timedelta(seconds=limit.seconds)
            )
    except IntegrityError:
        return False
    return True


def _key(limit: Limit, subject: str) -> bytes:
    return keyed_hash(keys.pepper("limits"), limit.name, subject)
