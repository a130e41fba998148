"""Bodies of forms with files, as browsers send them and as nobody should."""

from collections.abc import Iterable
from dataclasses import dataclass

BOUNDARY = "----PortalBoundary7MA4YWxkTrZu0gW"
CONTENT_TYPE = f"multipart/form-data; boundary={BOUNDARY}"


@dataclass(frozen=True)
class Sent:
    """One part.

    Args:
        file_name: None for a field.
        extra: more lines of its head.
    """

    field: str
    content: bytes = b""
    file_name: str | None = None
    content_type: str = "application/octet-stream"
    extra: tuple[str, ...] = ()

    def __bytes__(self) -> bytes:
        """Return delimiter, head and content."""
        quoted = "" if self.file_name is None else f'; filename="{escaped(self.file_name)}"'
        head = [f'Content-Disposition: form-data; name="{self.field}"{quoted}']
        if self.file_name is not None:
            head.append(f"Content-Type: {self.content_type}")
        lines = [f"--{BOUNDARY}", *head, *self.extra, "", ""]
        return "\r\n".join(lines).encode() + self.content + b"\r\n"


def escaped(name: str) -> str:
    """Return a name as browsers write it into a head (HTML standard, multipart/form-data)."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def body_of(parts: Iterable[Sent]) -> bytes:
    """Return a whole body."""
    return b"".join(map(bytes, parts)) + f"--{BOUNDARY}--\r\n".encode()
