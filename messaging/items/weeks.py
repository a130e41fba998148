"""A layer around what is sealed already: the key of the week in which it ends, with which it closes in every backup.

What earlier versions wrote has no such layer, and no week; it opens as it is until the worker puts the layer around it.
Source: docs/decisions/0033-weekly-keys-and-blobs.md
"""

from collections.abc import Callable
from datetime import date

from django.core.exceptions import ImproperlyConfigured

from core import keys
from core.crypto.sealing import SealBroken, opener, seal


class WeekLayers:
    """Takes the layer off several values and reads the key of each week once; for one page, never for longer."""

    def __init__(self) -> None:
        self._openers: dict[date, Callable[[bytes, str], bytes]] = {}

    def take_off(self, sealed: bytes, *, week_on: date | None, place: str) -> bytes:
        """Return what lies under the layer of a week.

        Args:
            week_on: Monday of the week; None for what was written without a layer.

        Raises:
            SealBroken: the key of the week is gone, or the value was changed or moved.
        """
        if week_on is None:
            return bytes(sealed)
        if week_on not in self._openers:
            self._openers[week_on] = _opener_of(week_on)
        return self._openers[week_on](bytes(sealed), place)


def put_on(inner: bytes, *, week_on: date, place: str) -> bytes:
    """Return a sealed value under the layer of a week."""
    return seal(keys.weekly(week_on), inner, place=place)


def take_off(sealed: bytes, *, week_on: date | None, place: str) -> bytes:
    """Return what lies under the layer of a week, as `WeekLayers.take_off`."""
    return WeekLayers().take_off(sealed, week_on=week_on, place=place)


def _opener_of(week_on: date) -> Callable[[bytes, str], bytes]:
    try:
        return opener(keys.weekly(week_on))
    except ImproperlyConfigured:
        raise SealBroken from None
