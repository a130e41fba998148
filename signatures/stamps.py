"""Turn what signers gave into what is stamped on the documents, each value as a page as large as its box.

Source: docs/decisions/0066-preparing-requests.md
"""

import io
from collections.abc import Iterable, Mapping
from datetime import datetime

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from core.cultures import Habits, format_date, format_offset
from signatures.answers import Answers, Value
from signatures.choices import ZoneKind
from signatures.contents import Drawn, Typed, Uploaded
from signatures.drawing import INK, Size, draw_page
from signatures.fitting import ABOVE, LEADING, MARGIN_SHARE, READABLE_POINTS, Fitted, fitted
from signatures.pdf.geometry import Box
from signatures.pdf.letters import PLAIN, as_set, register_fonts
from signatures.pdf.stamping import Stamp
from signatures.zones import Zone, in_reading_order

# Of the side of a box that can be checked: its frame, its tick, and how far both stay from the edge.
FRAME_SHARE, TICK_SHARE, INSET_SHARE = 0.06, 0.11, 0.08
TICK = ((0.24, 0.52), (0.43, 0.3), (0.78, 0.74))


def written_date(at: datetime, habits: Habits) -> str:
    """Write the day of an instant for a document: "November 21, 2026 (UTC−05:00)".

    Args:
        at: aware instant.
        habits: of the requester.
    """
    return f"{format_date(at, habits=habits)} ({format_offset(at, habits=habits)})"


def stamps_of(
    zones: Iterable[Zone],
    answers: Iterable[Answers],
    *,
    dates: Mapping[int, str],
    names: Mapping[int, str],
) -> dict[int, list[Stamp]]:
    """Return what is stamped on each document, by its place in the request, in reading order.

    Args:
        zones: of the request; those that signers placed come from their answers.
        dates: by the place of the signer, as `written_date` writes them; somebody without one has not signed.
        names: by the place of the signer.
    """
    given = {each.signer: each for each in answers}
    placed = (zone for each in given.values() for zone in each.placed)
    found: dict[int, list[Stamp]] = {}
    for zone in in_reading_order((*zones, *placed)):
        value = value_in(zone, given, dates, names)
        if value is not None and value != "":
            found.setdefault(zone.document, []).append(stamp_of(zone, value))
    return found


def stamp_of(zone: Zone, value: Value) -> Stamp:
    """Return one value as it stands in its zone; pages show the signer the same."""
    box = zone.box
    match value:
        case Drawn() | Typed() | Uploaded():
            box = _square_at_most(box)
            content = draw_page(value, Size(box.width, box.height))
        case bool():
            content = draw_check(Size(box.width, box.height), is_checked=value)
        case text:
            content = draw_line(text, Size(box.width, box.height))
    return Stamp(zone.page, box, content)


def value_in(
    zone: Zone, given: Mapping[int, Answers], dates: Mapping[int, str], names: Mapping[int, str]
) -> Value | None:
    """Return what stands in a zone; None where nothing does, since its signer gave nothing or has not signed.

    Args:
        given: by the place of the signer.
        dates, names: as `stamps_of` takes them.
    """
    if zone.signer not in dates or zone.signer not in given:
        return None
    match zone.kind:
        case ZoneKind.DATE:
            return dates[zone.signer]
        case ZoneKind.NAME:
            return names[zone.signer]
        case ZoneKind.CHECKBOX:
            return given[zone.signer].values.get(zone.zone_id, False)
        case _:
            return given[zone.signer].values.get(zone.zone_id)


def is_readable(text: str, size: Size) -> bool:
    """Tell whether a text fits into a box in letters that can be read on paper."""
    return _fitted(text, size).points >= READABLE_POINTS


def draw_line(text: str, size: Size) -> bytes:
    """Return a page with a text fitted into it; the same text gives the same bytes."""
    shown = _fitted(text, size)
    file = io.BytesIO()
    canvas = _canvas(file, size)
    canvas.setFillColor(INK)
    canvas.setFont(PLAIN, shown.points)
    top = (size.height + shown.height) / 2
    for number, line in enumerate(shown.lines):
        base = top - shown.points * (ABOVE + LEADING * number)
        canvas.drawString(size.width * MARGIN_SHARE, base, as_set(line))
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _fitted(text: str, size: Size) -> Fitted:
    register_fonts()
    return fitted(text, size, lambda part: float(pdfmetrics.stringWidth(as_set(part), PLAIN, 1)))


def draw_check(size: Size, *, is_checked: bool) -> bytes:
    """Return a page with a box in its middle, with a tick where it is checked."""
    side = min(size.width, size.height)
    file = io.BytesIO()
    canvas = _canvas(file, size)
    canvas.translate((size.width - side) / 2, (size.height - side) / 2)
    canvas.scale(side, side)
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(FRAME_SHARE)
    canvas.rect(INSET_SHARE, INSET_SHARE, 1 - 2 * INSET_SHARE, 1 - 2 * INSET_SHARE)
    if is_checked:
        canvas.setLineWidth(TICK_SHARE)
        canvas.setLineCap(1)
        canvas.setLineJoin(1)
        path = canvas.beginPath()
        path.moveTo(*TICK[0])
        for point in TICK[1:]:
            path.lineTo(*point)
        canvas.drawPath(path, stroke=1, fill=0)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _square_at_most(box: Box) -> Box:
    """Return a box, or the square in the middle of one higher than wide: the margins of marks grow with the height."""
    height = min(box.height, box.width)
    return Box(box.left, box.top + (box.height - height) / 2, box.width, height)


def _canvas(file: io.BytesIO, size: Size) -> Canvas:
    register_fonts()
    # Else the page would name a font that is not embedded.
    return Canvas(file, (size.width, size.height), invariant=1, pageCompression=1, initialFontName=PLAIN)
