"""Draw a page by PDFium, inside the child process."""

import io

import pypdfium2
from pypdfium2 import raw

from signatures.pdf.limits import PICTURE_MOST_PIXELS
from signatures.pdf.reasons import PdfRefused, Reason

WHITE = (255, 255, 255, 255)
UPRIGHT = 0


def paint(document: bytes, page: str, width_pixels: str) -> list[bytes]:
    """Return a page on white paper as PNG.

    Args:
        page: its number, from 1.
        width_pixels: of the page as seen.

    Raises:
        PdfRefused: it has too many pixels, or there is no such page.
    """
    opened = pypdfium2.PdfDocument(document)
    index, width = int(page) - 1, int(width_pixels)
    if index not in range(len(opened)):
        raise PdfRefused(Reason.NO_PAGE)
    found = opened[index]
    points_wide, points_high = found.get_size()
    height = max(1, round(width * points_high / points_wide))
    if width * height > PICTURE_MOST_PIXELS:
        raise PdfRefused(Reason.TOO_LARGE_PAGE)
    bitmap = pypdfium2.PdfBitmap.new_native(width, height, raw.FPDFBitmap_BGRx)
    bitmap.fill_rect(WHITE, 0, 0, width, height)
    raw.FPDF_RenderPageBitmap(bitmap, found, 0, 0, width, height, UPRIGHT, 0)
    file = io.BytesIO()
    bitmap.to_pil().convert("RGB").save(file, "PNG")
    return [file.getvalue()]
