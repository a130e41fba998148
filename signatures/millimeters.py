"""Millimeters, in which people measure paper; pages and zones count in points of 1/72 inch."""

import re
from typing import Any

from django import forms

from core.cultures import decimal_symbol

POINTS_PER_MILLIMETER = 72 / 25.4
# A comma and a point both stand before the tenths: no page is so long that its millimeters need groups.
_TYPED = re.compile(r"-?[0-9]{1,5}(?:[.,][0-9]{1,2})?")


def to_points(millimeters: float) -> float:
    """Return a length in points, as finely as the editor counts."""
    return round(millimeters * POINTS_PER_MILLIMETER, 2)


def to_millimeters(points: float) -> float:
    """Return a length in millimeters, to the tenth."""
    return round(points / POINTS_PER_MILLIMETER, 1)


def written(points: float) -> str:
    """Write a length as it is typed, in millimeters with the decimal symbol of the culture."""
    return f"{to_millimeters(points):g}".replace(".", decimal_symbol())


class MillimeterField(forms.FloatField):
    """A length that is typed in millimeters and understood in points; its bounds are points, too."""

    widget = forms.TextInput

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Ask a phone for its digits."""
        return {"inputmode": "decimal", "autocomplete": "off"}

    def to_python(self, value: Any) -> float | None:  # type: ignore[override]  # the stubs take every number for whole
        """Read what was typed, to the tenth.

        Raises:
            ValidationError: it is no number.
        """
        text = str(value or "").strip()
        if not text:
            return None
        if not _TYPED.fullmatch(text):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return to_points(round(float(text.replace(",", ".")), 1))

    def prepare_value(self, value: Any) -> Any:
        """Write a length; what was typed comes back as it was."""
        return written(value) if isinstance(value, int | float) else value
