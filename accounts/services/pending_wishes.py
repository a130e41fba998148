"""The wishes of a pending change: what is wanted, since when, and which of them still wait for their proof.

Each wish has a day of its own, so that a later one gives no more time to a number that somebody typed before it.
Source: docs/decisions/0013-form-saving.md
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts import limits
from accounts.models import PendingChange, User
from core import keys
from core.crypto.sealing import seal, unseal
from core.sms.numbers import number_digest

NUMBER, TWO_FACTOR = "cell_number", "two_factor_enabled"
# All settings of another app together.
RETURN_PROTECTION = "return_protection"
PLACE = "accounts_pendingchange:number:{user_id}"
A_DAY = timedelta(seconds=limits.PENDING_CHANGE_SECONDS)


@dataclass(frozen=True, slots=True)
class Pending:
    """What waits for a proof.

    Args:
        number: new cell number in E.164; None where the number stays, empty where it is to be removed.
        settings: wanted values by field name.
        wished_at: aware instant of each wish by field name, the number's under `NUMBER`.
        proposed_at: aware instant of the newest wish, also of one that waits no more; tells this change from every
            other one.
        is_partly_dropped: another wish was not proven within its day.
    """

    number: str | None
    settings: Mapping[str, bool]
    wished_at: Mapping[str, datetime]
    proposed_at: datetime
    is_partly_dropped: bool = False

    @property
    def needs_code(self) -> bool:
        """Tell whether a code must be typed."""
        return bool(self.number)

    @property
    def removes_number(self) -> bool:
        """Tell whether the number is to be removed."""
        return self.number == ""

    @property
    def two_factor(self) -> bool | None:
        """The wanted state of 2FA, or None where it stays."""
        return self.settings.get(TWO_FACTOR)

    @property
    def has_return_protection(self) -> bool:
        """Tell whether settings of another app wait too."""
        return any(name != TWO_FACTOR for name in self.settings)

    @property
    def until(self) -> datetime:
        """Aware instant at which the first of the wishes is dropped."""
        return min(self._ends.values())

    @property
    def ends_together(self) -> bool:
        """Tell whether all wishes are dropped at one instant."""
        return len(set(self._ends.values())) == 1

    @property
    def number_until(self) -> datetime:
        """Aware instant at which the wish about the number is dropped; there is one."""
        return self._ends[NUMBER]

    @property
    def two_factor_until(self) -> datetime:
        """Aware instant at which the wish about 2FA is dropped; there is one."""
        return self._ends[TWO_FACTOR]

    @property
    def return_protection_until(self) -> datetime:
        """Aware instant at which the first wish about settings of another app is dropped; there is one."""
        return min(end for name, end in self._ends.items() if name not in (NUMBER, TWO_FACTOR))

    @property
    def listed(self) -> str:
        """Names and instants of the wishes; what a page lists is what waits as long as this stays the same."""
        return " ".join(f"{name}@{at.isoformat()}" for name, at in sorted(self.wished_at.items()))

    @property
    def _ends(self) -> dict[str, datetime]:
        """Aware instant at which each wish is dropped; one that stands on another one goes with it at the latest."""
        ends = {name: at + A_DAY for name, at in self.wished_at.items()}
        if NUMBER in ends and self.two_factor is True:
            ends[TWO_FACTOR] = min(ends[TWO_FACTOR], ends[NUMBER])
        if self.removes_number and self.two_factor is False:
            ends[NUMBER] = min(ends[TWO_FACTOR], ends[NUMBER])
        return ends


def pending_of(*, row: PendingChange | None, user: User, at: datetime) -> Pending | None:
    """Return what of a row still waits, or None.

    Args:
        user: whose row it is, with number and 2FA as they are in force.
        at: aware instant, by the database's clock.
    """
    if row is None:
        return None
    wished_at = _wished_at(row)
    live = {name for name, wished in wished_at.items() if wished + A_DAY > at}
    number = _number_in(row) if NUMBER in live else None
    settings = {name: on for name, on in row.settings.items() if name in live}
    if NUMBER in wished_at.keys() - live and settings.get(TWO_FACTOR):
        # It was to use the number of its page; on an older proven one nobody wished it.
        del settings[TWO_FACTOR]
    number, settings = grounded(number=number, settings=settings, user=user)
    waiting = {*settings, NUMBER} if number is not None else {*settings}
    if not waiting:
        return None
    return Pending(
        number=number,
        settings=settings,
        wished_at={name: wished_at[name] for name in waiting},
        proposed_at=row.created_at,
        is_partly_dropped=bool(wished_at.keys() - waiting),
    )


def dropped_of(*, row: PendingChange | None, pending: Pending | None) -> set[str]:
    """Return the names of the wishes of a row that are not among what still waits of it."""
    waiting = set() if pending is None else pending.wished_at.keys()
    return set() if row is None else _wished_at(row).keys() - waiting


def grounded(*, number: str | None, settings: Mapping[str, bool], user: User) -> tuple[str | None, dict[str, bool]]:
    """Return number and settings without the wish that stands on another one which is not among them.

    2FA stands on the number that it is to use, removing the number on turning 2FA off: alone each would do what nobody
    wished. The arguments are as in `Pending`, and the user as in `pending_of`.
    """
    kept = dict(settings)
    if kept.get(TWO_FACTOR) and not number and user.cell_number_proven_at is None:
        del kept[TWO_FACTOR]
    if number == "" and user.two_factor_enabled and kept.get(TWO_FACTOR) is not False:
        number = None
    return number, kept


def without_part(pending: Pending, part: str, *, user: User) -> tuple[str | None, dict[str, bool]]:
    """Return number and settings that wait, without a part of them and what stands on it.

    Args:
        part: `NUMBER`, `TWO_FACTOR` or `RETURN_PROTECTION`.
    """
    settings = {name: on for name, on in pending.settings.items() if part != _part_of(name)}
    if part != NUMBER:
        return grounded(number=pending.number, settings=settings, user=user)
    if settings.get(TWO_FACTOR):
        # It was to use the number that is dropped.
        del settings[TWO_FACTOR]
    return grounded(number=None, settings=settings, user=user)


def _part_of(name: str) -> str:
    return name if name in (NUMBER, TWO_FACTOR) else RETURN_PROTECTION


def put_wishes(
    row: PendingChange, *, number: str | None, settings: Mapping[str, bool], wished_at: Mapping[str, datetime]
) -> None:
    """Write wishes into a row, which keeps nothing else; the arguments are as in `Pending`."""
    row.settings = dict(settings)
    row.settings_at = {name: wished_at[name].isoformat() for name in settings}
    row.number_sealed = row.number_digest = row.number_at = None
    if number is not None:
        place = PLACE.format(user_id=row.user_id)
        row.number_sealed = seal(keys.derived("pending numbers"), number.encode(), place=place)
        row.number_digest = number_digest(number)
        row.number_at = wished_at[NUMBER]


def _wished_at(row: PendingChange) -> dict[str, datetime]:
    """Return the instant of each wish; those written before wishes had instants of their own began with the row."""
    own = row.settings_at or {}
    found = {name: datetime.fromisoformat(own[name]) if name in own else row.created_at for name in row.settings}
    # The instant of a dropped number is kept longer than the number itself.
    if row.number_at is not None or row.number_sealed is not None:
        found[NUMBER] = row.number_at or row.created_at
    return found


def _number_in(row: PendingChange) -> str | None:
    if row.number_sealed is None:
        return None
    place = PLACE.format(user_id=row.user_id)
    return unseal(keys.derived("pending numbers"), bytes(row.number_sealed), place=place).decode()
