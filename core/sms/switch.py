"""Switch texts off and on while the portal runs: all of them, or those to some countries.

What sends a text reads the row each time, so a text that was not handed over yet does not leave after the switch. Pages
read it at most every half minute, so that it costs them no query; within a minute every process says the same.
Source: docs/decisions/0026-text-message-switch.md
"""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from core.models.sms import TextSwitch
from core.sms.errors import CountryOff, TextsOff
from core.sms.limits import SWITCH_READ_EVERY_SECONDS

THE_ROW = 1


@dataclass(frozen=True, slots=True)
class Switch:
    """What is switched off at one instant.

    Args:
        is_off: no text is sent at all.
        regions_off: codes of the regions that get none.
    """

    is_off: bool = False
    regions_off: frozenset[str] = frozenset()

    def refusal(self, region: str) -> TextsOff | CountryOff | None:
        """Return why no text goes to a region; an empty one asks about all."""
        if self.is_off:
            return TextsOff()
        return CountryOff(region) if region in self.regions_off else None


class RecentSwitch:
    """The switch as this process has last read it.

    Args:
        clock: seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._read: tuple[Switch, float] | None = None

    def switch(self) -> Switch:
        """Return it, read anew where the last reading is too old."""
        read, now = self._read, self._clock()
        if read is None or now - read[1] >= SWITCH_READ_EVERY_SECONDS:
            read = self._read = (_read_row(), now)
        return read[0]

    def forget(self) -> None:
        """Read anew next time."""
        self._read = None


ALL_OFF = Switch(is_off=True)
recent = RecentSwitch()


def switch_now() -> Switch:
    """Return what is switched off at this instant; an installation without texts has everything off."""
    return ALL_OFF if settings.SMS.kind == "none" else _read_row()


def turn_texts(*, is_off: bool, regions_off: Collection[str]) -> None:
    """Switch all texts, and those to some regions, off or on again.

    Args:
        regions_off: codes of all regions that get no texts from now on.
    """
    values = {"is_off": is_off, "regions_off": sorted(regions_off)}
    with transaction.atomic():
        TextSwitch.objects.update_or_create(pk=THE_ROW, defaults=values)
        transaction.on_commit(recent.forget)


def refuse_switched_off(region: str) -> None:
    """Refuse a text that would leave now.

    Raises:
        TextsOff: no text is sent at all.
        CountryOff: none is sent to this region.
    """
    refusal = switch_now().refusal(region)
    if refusal is not None:
        raise refusal


def texts_are_off_reason(region: str = "") -> str | None:
    """Return why no text can be sent, in the language of the person reading now, or None when texts are sent.

    Args:
        region: where the number belongs; empty asks about all texts.
    """
    switch = ALL_OFF if settings.SMS.kind == "none" else recent.switch()
    refusal = switch.refusal(region)
    return str(refusal) if refusal is not None else None


def served_regions() -> frozenset[str]:
    """Return the regions that get texts: those of the settings that are not switched off."""
    return frozenset(settings.SMS_COUNTRIES - recent.switch().regions_off)


def _read_row() -> Switch:
    row = TextSwitch.objects.filter(pk=THE_ROW).first()
    return Switch(row.is_off, frozenset(row.regions_off)) if row is not None else Switch()
