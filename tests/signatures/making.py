"""Marks and pictures for tests."""

import io
from typing import Any

from PIL import Image, ImageDraw

from accounts.models import User
from signatures.choices import MarkKind
from signatures.contents import Content, Typed
from signatures.models import Mark
from signatures.services.marking import add_mark

WAVE = "200,500 400,300 600,600 900,350 1300,700;1500,500 1900,420"


def make_mark(owner: User, kind: MarkKind = MarkKind.SIGNATURE, content: Content | None = None) -> Mark:
    """Keep a mark, typed unless a content is given."""
    content = content or Typed("Camille Tremblay", "caveat")
    return add_mark(owner=owner, kind=kind, content=content, is_default=False, visitor=None)


def ink_on_paper(mode: str = "RGB", size: tuple[int, int] = (600, 300), *, paper: int = 245) -> Image.Image:
    """Return a picture of a dark cross on light paper, wider than high, its left arm thicker."""
    picture = Image.new("L", size, paper)
    pen = ImageDraw.Draw(picture)
    width, height = size
    pen.line((width // 6, height // 2, 5 * width // 6, height // 2), fill=20, width=max(2, height // 20))
    pen.line((width // 3, height // 4, width // 3, 3 * height // 4), fill=20, width=max(2, height // 20))
    return picture.convert("RGB").convert(mode)


def file_of(picture: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    """Return a picture as a file."""
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()
