"""Refusals of electronic signature; what stands beside a field is a whole sentence."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.errors import Refusal


class TooManyMarks(Refusal):
    """As many marks of the kind are kept as there can be.

    Args:
        most: marks of one kind.
    """

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def __str__(self) -> str:
        return ngettext(
            "You keep %(most)d of this kind, and there is room for no more. Delete it first.",
            "You keep %(most)d of this kind, and there is room for no more. Delete one first.",
            self.most,
        ) % {"most": self.most}


class DrawingRefused(Refusal):
    """Strokes that make no mark."""


class NothingDrawn(DrawingRefused):
    """There are no strokes, or nothing of them could be seen."""

    heading = _("Nothing is drawn yet. Draw across the pad with a finger, a pen or the mouse.")


class DrawingTooLong(DrawingRefused):
    """There are more strokes or points than are kept."""

    heading = _("This drawing has too many strokes. Clear it and draw a simpler one.")


class DrawingUnreadable(DrawingRefused):
    """No pad of ours sends this."""

    heading = _("The drawing did not arrive as it should. Draw it again.")


class PictureRefused(Refusal):
    """A picture that makes no mark."""


class PictureBusy(PictureRefused):
    """As many pictures wait to be worked on as may."""

    heading = _("Other pictures are being worked on. Choose yours again in a moment.")


class PictureUnreadable(PictureRefused):
    """It is no PNG or JPEG, or it is damaged."""

    heading = _("This file is not a PNG or JPEG picture, or it is damaged. Choose another one.")


class PictureTooLarge(PictureRefused):
    """Decoding it would take more memory or time than it is given."""

    heading = _(
        "This picture has too many pixels. Cut it down to the signature, or make it smaller, and choose it again."
    )


class PictureTooSmall(PictureRefused):
    """It has so few pixels that nothing could be read of it."""

    heading = _("This picture is too small to be read on paper. Choose a larger one.")


class PictureEmpty(PictureRefused):
    """It is all paper."""

    heading = _("Nothing can be seen on this picture. Choose one with dark ink on light paper.")
