"""The documents of a signature request: what of them is decided when they are presented."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from signatures.pdf.geometry import PageSize


@dataclass(frozen=True, slots=True)
class Paper:
    """One document as it is shown and signed.

    Args:
        file_id: hexadecimal, names its entry in the manifest.
        pages: their sizes as seen, in points.
        sha256: hexadecimal digest of the bytes that are presented to the signers, and later sealed.
    """

    file_id: str
    name: str = field(repr=False)
    pages: tuple[PageSize, ...]
    sha256: str

    def as_json(self) -> dict[str, object]:
        """Return it as JSON values."""
        pages = [[page.width, page.height] for page in self.pages]
        return {"file_id": self.file_id, "name": self.name, "pages": pages, "sha256": self.sha256}

    @classmethod
    def of_json(cls, kept: Mapping[str, object]) -> "Paper":
        """Return what `as_json` wrote.

        Raises:
            KeyError, TypeError, ValueError: it is not that.
        """
        pages = kept["pages"]
        if not isinstance(pages, list):
            raise TypeError("The pages of a document are a list.")
        sizes = tuple(PageSize(float(width), float(height)) for width, height in pages)
        return cls(str(kept["file_id"]), str(kept["name"]), sizes, str(kept["sha256"]))
