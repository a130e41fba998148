"""Draw pages of documents as pictures, each in a child process.

Source: docs/decisions/0058-hostile-pdfs.md
"""

from signatures.pdf.child import in_child

PAINT = "signatures.pdf.painting.paint"


def draw_page_picture(data: bytes, page: int, width_pixels: int) -> bytes:
    """Return a page on white paper as PNG, as wide as asked and as high as its proportions ask for.

    Args:
        data: a document that `check_pdf` has cleaned.
        page: its number, from 1.
        width_pixels: of the page as seen; 1,100 are possible for every page that was cleaned.

    Raises:
        PdfRefused: drawing it takes too much time or memory, or there is no such page.
        PdfBusy: other documents are being worked on.
    """
    return in_child(PAINT, data, str(page), str(width_pixels))
