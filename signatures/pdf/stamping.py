"""Placeholder until the real one is merged."""

from collections.abc import Sequence
from dataclasses import dataclass
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter


@dataclass
class Stamp:
    page: int
    box: object
    content: bytes


def stamp(writer: IncrementalPdfFileWriter, stamps: Sequence[Stamp]) -> None:
    pass
