"""The proof for the file as a PDF: reference, people, every event in two times with its digest; no subject, no content.

Source: docs/decisions/0048-proof-for-the-file.md
"""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from html import escape

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, LongTable, Paragraph, SimpleDocTemplate, Spacer, Table

from core import cultures
from core.characters import printed
from messaging.activity.access.log_rows import Row
from messaging.activity.access.timeline import Happening
from messaging.activity.drawing import openings, reply_protection
from messaging.activity.services.proving import Proven
from messaging.activity.telling import person, told
from messaging.items.kinds import kind_of
from messaging.items.models import Item
from messaging.items.references import shown_reference

PLAIN, BOLD = "DejaVuSans", "DejaVuSans-Bold"
FONT_FOLDER = "node_modules/dejavu-fonts-ttf/ttf"
MARGIN = 16 * mm
FRAME_PADDING = 6
WIDTH = A4[0] - 2 * MARGIN - 2 * FRAME_PADDING
LINE = colors.HexColor("#c9d3cf")
GREY = colors.HexColor("#4a5753")

TITLE = ParagraphStyle("title", fontName=BOLD, fontSize=16, leading=21, spaceAfter=2 * mm)
HEADING = ParagraphStyle("heading", fontName=BOLD, fontSize=10.5, leading=14, spaceBefore=6 * mm, spaceAfter=2 * mm)
TEXT = ParagraphStyle("text", fontName=PLAIN, fontSize=8.5, leading=12)
SMALL = ParagraphStyle("small", parent=TEXT, fontSize=7, leading=9.5, textColor=GREY, splitLongWords=True)
HEAD = ParagraphStyle("head", parent=SMALL, fontName=BOLD)
GRID = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
    ("LEFTPADDING", (0, 0), (0, -1), 0),
    ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
]


def proof_document(*, item: Item, row: Row, proven: Proven, organization: str) -> bytes:
    """Return the PDF, in the language and the habits that are active."""
    _register_fonts()
    title = _("Proof for the file %(reference)s") % {"reference": shown_reference(item.reference)}
    file = io.BytesIO()
    document = SimpleDocTemplate(
        file, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=20 * mm,
        title=title, author=settings.PORTAL_NAME, lang=get_language() or "en",
    )  # fmt: skip

    def foot(canvas: Canvas, page: SimpleDocTemplate) -> None:
        canvas.setFont(PLAIN, 7)
        canvas.setFillColor(GREY)
        canvas.drawString(MARGIN + FRAME_PADDING, 11 * mm, f"{settings.PORTAL_NAME} · {title}")
        canvas.drawRightString(A4[0] - MARGIN - FRAME_PADDING, 11 * mm, _("Page %(number)d") % {"number": page.page})

    document.build(_story(item, row, proven, title, organization), onFirstPage=foot, onLaterPages=foot)
    return file.getvalue()


def _story(item: Item, row: Row, proven: Proven, title: str, organization: str) -> list[Flowable]:
    return [
        Paragraph(_safe(title), TITLE),
        Paragraph(_safe(_("Printed on %(instant)s.") % {"instant": _both(proven.printed_at)}), TEXT),
        Spacer(0, 3 * mm),
        _facts(item, row, organization),
        Paragraph(_safe(_("Recipients")), HEADING),
        _people(row),
        Paragraph(_safe(_("Events, oldest first")), HEADING),
        _events(proven.happened, kind_of(item.kind).ending_word(item)),
        Paragraph(_safe(_("How this can be checked")), HEADING),
        Paragraph(_safe(_explanation()), TEXT),
        Spacer(0, 2 * mm),
        _two_columns(
            [
                (_("Newest number"), cultures.format_number(proven.number)),
                (_("Its digest (SHA-256)"), proven.digest.hex()),
                (_("Key of the content (commitment)"), bytes(item.key_commitment).hex()),
            ]
        ),
    ]


def _facts(item: Item, row: Row, organization: str) -> Table:
    return _two_columns(
        [
            (_("Reference"), shown_reference(item.reference)),
            (_("Kind"), str(kind_of(item.kind).label)),
            (_("Sender"), f"{person(item.sender.get_full_name(), item.sender.email)} · {organization}"),
            (_("Date"), _both(item.sent_at)),
            (_("Expiration date"), _both(item.expires_at)),
            (_("Status"), kind_of(item.kind).state_word(row.state, is_undone=row.is_undone)),
            (_("Files"), cultures.format_number(item.file_count)),
            (_("Openings"), openings(row)),
            *([(_("Proof before replying"), asked)] if (asked := reply_protection(item)) else []),
        ]
    )


def _people(row: Row) -> Table:
    """Return who received it; the state of each is the one of the row's instant."""
    head = [_("Recipient"), _("Code"), _("Openings"), _("First opened")]
    lines = [
        [
            person(one.name, one.email),
            str(one.proof.label),
            openings(replace(row, people=[one])),
            _both(one.first_opened_at) if one.first_opened_at else "–",
        ]
        for one in row.people
    ]
    return _table(head, lines, (0.4, 0.2, 0.12, 0.28))


def _events(happened: Sequence[Happening], ending: str) -> Table:
    head = [_("Number"), _("Date"), _("Event"), _("Who, and from where"), _("Digest (SHA-256)")]
    return _table(head, [_event(one, ending) for one in happened], (0.09, 0.24, 0.22, 0.25, 0.2))


def _event(happened: Happening, ending: str) -> list[str]:
    event, words = happened.event, told(happened, ending=ending)
    return [
        cultures.format_number(event.number) if event.number is not None else "–",
        _both(event.at),
        " · ".join([words.what, *words.details]),
        " · ".join(filter(None, [words.who, words.ip, words.browser])),
        bytes(event.digest or b"").hex(),
    ]


def _explanation() -> str:
    return _(
        "Each event of the organization has a number, and a digest over its facts and the digest before it. Nobody can "
        "change, drop or insert one later without all digests after it being others. Names, addresses and IP addresses "
        "stand behind commitments in these digests. This sheet holds no subject and no content."
    )


def _both(at: datetime) -> str:
    """Write an instant in the zone of the reader, with its distance from UTC, and in UTC."""
    utc = replace(cultures.current(), zone="UTC")
    local = f"{cultures.format_instant(at, seconds=True)} ({cultures.format_offset(at)})"
    return f"{local} · {cultures.format_instant(at, habits=utc, seconds=True)} (UTC)"


def _two_columns(lines: Sequence[tuple[str, str]]) -> Table:
    cells = [[Paragraph(_safe(name), SMALL), Paragraph(_safe(value), TEXT)] for name, value in lines]
    return Table(cells, colWidths=(0.26 * WIDTH, 0.74 * WIDTH), style=GRID)


def _table(head: Sequence[str], lines: Sequence[Sequence[str]], parts: Sequence[float]) -> Table:
    cells = [[Paragraph(_safe(name), HEAD) for name in head]]
    cells += [[Paragraph(_safe(cell), SMALL) for cell in line] for line in lines]
    return LongTable(cells, colWidths=[part * WIDTH for part in parts], repeatRows=1, style=GRID)


def _safe(text: str) -> str:
    """Return a text as a paragraph takes it: no mark-up, nothing that turns the direction of writing."""
    return escape(printed(text))


@cache
def _register_fonts() -> None:
    for name in (PLAIN, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(settings.BASE_DIR / FONT_FOLDER / f"{name}.ttf")))
