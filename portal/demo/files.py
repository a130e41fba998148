"""The small files of the demo: real texts and real PDF files of one page, sealed as uploads are."""

import uuid
from dataclasses import dataclass

from core.crypto.secret import Secret
from core.uploads import SealedUpload, seal_file

PDF, TEXT = "application/pdf", "text/plain"


@dataclass(frozen=True, slots=True)
class DemoFile:
    """A file by its name; what it says is one line."""

    name: str
    line: str

    @property
    def content_type(self) -> str:
        """A PDF file, or a text."""
        return PDF if self.name.endswith(".pdf") else TEXT

    @property
    def content(self) -> bytes:
        """The bytes of the file."""
        return one_page(self.line) if self.content_type == PDF else f"{self.line}\r\n".encode()


def sealed(file: DemoFile, *, data_key: Secret, whole_id: uuid.UUID) -> SealedUpload:
    """Return a file as if it had come with a form."""
    return seal_file(
        [file.content], name=file.name, content_type=file.content_type, data_key=data_key, whole=whole_id.bytes
    )


def one_page(line: str) -> bytes:
    """Return a PDF file of one page with one line (ISO 32000-1, section 7.5)."""
    text = line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)").encode("cp1252", errors="replace")
    drawn = b"BT /F1 14 Tf 72 720 Td (" + text + b") Tj ET"
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica "
        b"/Encoding /WinAnsiEncoding >> >> >> >>",
        f"<< /Length {len(drawn)} >>\nstream\n".encode() + drawn + b"\nendstream",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n".encode() + part + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(parts) + 1
    head = f"xref\n0 {size}\n0000000000 65535 f \n"
    tail = f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + (head + table + tail).encode()
