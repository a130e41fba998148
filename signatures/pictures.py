"""Redraw an uploaded picture: ink on a transparent ground, small, and nothing of the file but its pixels.

Whatever costs memory or time is judged before it is spent: the bytes while they arrive, pixels and scans before the
picture is decoded. Source: docs/decisions/0056-marks.md
"""

import io
import struct
import threading
import zlib

from PIL import Image, ImageChops, ImageFilter, ImageOps

from signatures.errors import PictureBusy, PictureEmpty, PictureTooLarge, PictureTooSmall, PictureUnreadable
from signatures.limits import (
    KEPT_HEIGHT_PIXELS,
    KEPT_WIDTH_PIXELS,
    PICTURE_LEAST_SIDE_PIXELS,
    PICTURE_MOST_PIXELS,
    PICTURE_MOST_SCANS,
    PICTURES_AT_ONCE,
    PICTURES_WAITING,
)

FORMATS = ("PNG", "JPEG")
SCAN = b"\xff\xda"
# How much darker than the paper around it ink begins to be seen, and is seen fully; of 255.
FAINT, FULL = 28, 110
# How much darker than white paper a picture must be somewhere; of 255.
SEEN = 16
# A ground that is not whole was made transparent by whoever made the picture.
OPAQUE = 250
PAPER_BLOCK_PIXELS = 16
# What reading a hostile file raises in Pillow and below it.
FAULTS = (
    OSError, EOFError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError, struct.error,
    zlib.error,
)  # fmt: skip
TOO_LARGE = (Image.DecompressionBombError, Image.DecompressionBombWarning)

# A large picture takes some 200 MB while it is worked on.
_turn = threading.BoundedSemaphore(PICTURES_AT_ONCE)
_places = threading.BoundedSemaphore(PICTURES_AT_ONCE + PICTURES_WAITING)


def redraw(file: bytes) -> bytes:
    """Return an uploaded picture as a PNG of at most 1,200 × 400 pixels, cut to its ink, with a transparent ground.

    Raises:
        PictureUnreadable, PictureTooLarge, PictureTooSmall, PictureEmpty: it makes no mark.
        PictureBusy: as many others wait as may.
    """
    if not _places.acquire(blocking=False):
        raise PictureBusy
    try:
        with _turn:
            return _written(_cut(_ink(_decoded(file))))
    finally:
        _places.release()


def _decoded(file: bytes) -> Image.Image:
    """Return the picture upright, in RGBA, with no more pixels than are worth working on."""
    try:
        with Image.open(io.BytesIO(file), formats=FORMATS) as opened:
            _judge(opened, file)
            # JPEG can be decoded at an eighth, a quarter or half of its size.
            opened.draft(None, (4 * KEPT_WIDTH_PIXELS, 4 * KEPT_HEIGHT_PIXELS))
            opened.load()
            upright = ImageOps.exif_transpose(opened)
            picture = _in_eight_bits(upright).convert("RGBA")
    except TOO_LARGE as bomb:
        raise PictureTooLarge from bomb
    except FAULTS as fault:
        raise PictureUnreadable from fault
    picture.thumbnail((4 * KEPT_WIDTH_PIXELS, 4 * KEPT_WIDTH_PIXELS), Image.Resampling.BOX)
    return picture


def _judge(opened: Image.Image, file: bytes) -> None:
    scans = 1 if opened.format == "PNG" else file.count(SCAN)
    if opened.width * opened.height > PICTURE_MOST_PIXELS or scans > PICTURE_MOST_SCANS:
        raise PictureTooLarge
    if min(opened.size) < PICTURE_LEAST_SIDE_PIXELS:
        raise PictureTooSmall


def _in_eight_bits(picture: Image.Image) -> Image.Image:
    """Return a picture of 16-bit greys in 8 bits; Pillow would cut instead of scale."""
    if not picture.mode.startswith("I"):
        return picture
    return picture.convert("I").point(lambda value: value / 257).convert("L")


def _ink(picture: Image.Image) -> Image.Image:
    """Return the picture with a transparent ground: the one it has, else what is as light as the paper around it."""
    if any(picture.getchannel("A").histogram()[:OPAQUE]):
        return picture
    grey = picture.convert("L")
    darker = ImageChops.subtract(_paper(grey), grey)
    picture.putalpha(darker.point(lambda value: max(0, min(255, (value - FAINT) * 255 // (FULL - FAINT)))))
    return picture


def _paper(grey: Image.Image) -> Image.Image:
    """Return how light the paper is at each place: the lightest of the neighborhood, so that shadows do not count."""
    blocks = grey.reduce(PAPER_BLOCK_PIXELS) if min(grey.size) >= PAPER_BLOCK_PIXELS else grey
    lightest = blocks.filter(ImageFilter.MaxFilter(9)).filter(ImageFilter.BoxBlur(2))
    return lightest.resize(grey.size, Image.Resampling.BILINEAR)


def _cut(picture: Image.Image) -> Image.Image:
    visible = picture.getchannel("A").point(lambda value: 255 if value > FAINT else 0)
    box = visible.getbbox()
    if box is None or not _is_seen(picture):
        raise PictureEmpty
    cut = picture.crop(box)
    cut.thumbnail((KEPT_WIDTH_PIXELS, KEPT_HEIGHT_PIXELS), Image.Resampling.LANCZOS)
    return cut


def _is_seen(picture: Image.Image) -> bool:
    """Tell whether a picture can be seen on white paper: ink may be as light as the paper."""
    red, green, blue, alpha = picture.split()
    darkest = ImageChops.darker(ImageChops.darker(red, green), blue)
    return any(ImageChops.multiply(alpha, ImageChops.invert(darkest)).histogram()[SEEN:])


def _written(picture: Image.Image) -> bytes:
    """Return a PNG of the pixels alone: no profile, no text, no place where it was taken."""
    bare = Image.frombytes("RGBA", picture.size, picture.tobytes())
    file = io.BytesIO()
    bare.save(file, "PNG", optimize=True)
    return file.getvalue()
