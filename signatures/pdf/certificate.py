"""Draw the pages behind a sealed document: who signed, how that was proven, what happened, and where to check it.

All words come from the caller in the language of the document; nothing is translated, counted or looked up here. The
same facts give the same bytes.
Source: docs/decisions/0063-certificate.md
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import segno
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    KeepTogether,
    LongTable,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
)

from signatures.pdf.letters import BOLD, PLAIN, register_fonts, set_in

MARGIN, FOOT = 16 * mm, 20 * mm
FRAME_PADDING = 6
LINE, GREY, GREEN = colors.HexColor("#c9d3cf"), colors.HexColor("#4a5753"), colors.HexColor("#0f5f4b")
WARNING, PALE_WARNING = colors.HexColor("#9a3412"), colors.HexColor("#fff1e8")
QR_SIDE = 30 * mm
# The quiet zone that readers of QR codes need (ISO/IEC 18004, 9.1), in modules.
QR_QUIET = 4
NAME_SHARE = 0.26
# No heading stands at the foot of a page without the head and a first row of its table.
ROOM_FOR_ROWS = 40 * mm

TITLE = ParagraphStyle("title", fontName=BOLD, fontSize=16, leading=21, textColor=GREEN, spaceAfter=2 * mm)
HEADING = ParagraphStyle("heading", fontName=BOLD, fontSize=10.5, leading=14, spaceBefore=6 * mm, spaceAfter=2 * mm)
TEXT = ParagraphStyle("text", fontName=PLAIN, fontSize=8.5, leading=12, splitLongWords=True)
SMALL = ParagraphStyle("small", parent=TEXT, fontSize=7, leading=9.5, textColor=GREY)
CELL = ParagraphStyle("cell", parent=SMALL, textColor=colors.black)
HEAD = ParagraphStyle("head", parent=SMALL, fontName=BOLD)
DEMO = ParagraphStyle("demo", parent=TEXT, fontName=BOLD, textColor=WARNING, alignment=1)
GRID = [
    ("FONT", (0, 0), (-1, -1), PLAIN),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
    ("LEFTPADDING", (0, 0), (0, -1), 0),
    ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
]


@dataclass(frozen=True, slots=True)
class Pairs:
    """A heading, and below it names with what belongs to them."""

    heading: str
    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Rows:
    """A heading, and below it a table that goes on over pages and repeats its head there.

    Args:
        shares: how wide each column is; together 1.
    """

    heading: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    shares: Sequence[float]


@dataclass(frozen=True, slots=True)
class Prose:
    """A heading, and below it paragraphs."""

    heading: str
    paragraphs: Sequence[str]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that stands on the pages, in words.

    Args:
        title: of the first page and of the file.
        lines: what stands below the title: reference, when it was sealed.
        address: where anybody can check the document; drawn as a QR code as well.
        check: what to do there.
        parts: people, proofs, consent, documents with their digests, events, the end of the event log.
        foot: what stands at the foot of every page.
        page: how a page is numbered, such as "Page {number} of {count}".
        demo: what is said on every page where the seal is a demo's; empty where it is a real one.
        language: "en" or "fr"; the file says it to those who have it read aloud.
        portal: name of the portal, the author of the file.
        size: width and height of a page in points.
    """

    title: str
    lines: Sequence[str]
    address: str
    check: str
    parts: Sequence[Pairs | Rows | Prose]
    foot: str
    page: str
    language: str
    portal: str
    demo: str = ""
    size: tuple[float, float] = A4


def draw_certificate(facts: Facts) -> bytes:
    """Return the pages as a PDF."""
    register_fonts()
    file = io.BytesIO()
    document = SimpleDocTemplate(
        file, pagesize=facts.size, leftMargin=MARGIN, rightMargin=MARGIN, bottomMargin=FOOT,
        topMargin=MARGIN + (10 * mm if facts.demo else 0),
        title=facts.title, author=facts.portal, lang=facts.language, invariant=1,
    )  # fmt: skip
    document.build(_story(facts), canvasmaker=partial(_Pages, facts))
    return file.getvalue()


def _story(facts: Facts) -> list[Flowable]:
    width = facts.size[0] - 2 * MARGIN - 2 * FRAME_PADDING
    beside = [
        Paragraph(set_in(facts.title, BOLD), TITLE),
        *(Paragraph(set_in(line, PLAIN), TEXT) for line in facts.lines),
        Spacer(0, 2 * mm),
        Paragraph(set_in(facts.check, PLAIN), TEXT),
        Paragraph(f'<link href="{_escaped(facts.address)}">{set_in(facts.address, PLAIN)}</link>', SMALL),
    ]
    top = Table(
        [[beside, _QrCode(facts.address)]],
        colWidths=(width - QR_SIDE, QR_SIDE),
        style=[*GRID[:2], ("LEFTPADDING", (0, 0), (0, 0), 0), ("RIGHTPADDING", (1, 0), (1, 0), 0)],
    )
    return [top, *(flowable for part in facts.parts for flowable in _part(part, width))]


def _part(part: Pairs | Rows | Prose, width: float) -> list[Flowable]:
    heading = Paragraph(set_in(part.heading, BOLD), HEADING)
    match part:
        case Pairs(_, pairs):
            cells = [
                [Paragraph(set_in(name, PLAIN), SMALL), Paragraph(set_in(value, PLAIN), TEXT)] for name, value in pairs
            ]
            widths = (NAME_SHARE * width, (1 - NAME_SHARE) * width)
            return [KeepTogether([heading, Table(cells, colWidths=widths, style=GRID)])]
        case Rows(_, head, rows, shares):
            lines = [[Paragraph(set_in(cell, BOLD), HEAD) for cell in head]]
            lines += [[Paragraph(set_in(cell, PLAIN), CELL) for cell in row] for row in rows]
            table = LongTable(
                lines, colWidths=[share * width for share in shares], repeatRows=1, splitInRow=1, style=GRID
            )
            return [CondPageBreak(ROOM_FOR_ROWS), heading, table]
        case Prose(_, paragraphs):
            heading.keepWithNext = True
            return [heading, *(Paragraph(set_in(paragraph, PLAIN), TEXT) for paragraph in paragraphs)]


def _escaped(address: str) -> str:
    return address.replace("&", "&amp;").replace('"', "&quot;")


class _QrCode(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A QR code as rectangles, one for each run of dark modules of a row."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.width = self.height = QR_SIDE
        self.rows = segno.make(address, error="m", micro=False).matrix

    def draw(self) -> None:
        """Draw it with its quiet zone inside the side it was given."""
        count = len(self.rows)
        module = QR_SIDE / (count + 2 * QR_QUIET)
        path = self.canv.beginPath()
        for row, modules in enumerate(self.rows):
            for start, length in _runs(modules):
                left, bottom = (QR_QUIET + start) * module, (QR_QUIET + count - 1 - row) * module
                path.rect(left, bottom, length * module, module)
        self.canv.setFillColor(colors.black)
        self.canv.drawPath(path, stroke=0, fill=1)


def _runs(modules: Sequence[int]) -> list[tuple[int, int]]:
    """Return where dark modules begin in a row and how many follow each other."""
    runs: list[tuple[int, int]] = []
    for place, is_dark in enumerate(modules):
        if is_dark and runs and sum(runs[-1]) == place:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif is_dark:
            runs.append((place, 1))
    return runs


class _Pages(Canvas):  # type: ignore[misc]  # reportlab has no types
    """Keeps every page until the last is known, then writes what stands on all of them."""

    def __init__(self, facts: Facts, *args: object, **kwargs: object) -> None:
        # Else each page would name a font that is not embedded.
        super().__init__(*args, **kwargs | {"initialFontName": PLAIN})
        self._facts = facts
        self._kept: list[dict[str, object]] = []

    def showPage(self) -> None:  # noqa: N802  # reportlab's name
        """Keep the page."""
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Write all pages."""
        for number, page in enumerate(self._kept, start=1):
            self.__dict__.update(page)
            self._frame(self._facts.page.format(number=number, count=len(self._kept)))
            super().showPage()
        super().save()

    def _frame(self, numbered: str) -> None:
        left, right = MARGIN + FRAME_PADDING, self._facts.size[0] - MARGIN - FRAME_PADDING
        foot = Paragraph(set_in(self._facts.foot, PLAIN), SMALL)
        number = Paragraph(set_in(numbered, PLAIN), ParagraphStyle("number", parent=SMALL, alignment=2))
        for text, width, start in ((foot, 0.8 * (right - left), left), (number, 0.2 * (right - left), 0)):
            _width, height = text.wrap(width, FOOT)
            text.drawOn(self, start or right - width, 13 * mm - height / 2)
        if self._facts.demo:
            self._say_demo(left, right)

    def _say_demo(self, left: float, right: float) -> None:
        text = Paragraph(set_in(self._facts.demo, BOLD), DEMO)
        _width, height = text.wrap(right - left - 4 * mm, 20 * mm)
        bottom = self._facts.size[1] - 10 * mm - height
        self.setFillColor(PALE_WARNING)
        self.setStrokeColor(WARNING)
        self.roundRect(left, bottom - 2 * mm, right - left, height + 4 * mm, 1.5 * mm, stroke=1, fill=1)
        text.drawOn(self, left + 2 * mm, bottom)
