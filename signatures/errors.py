"""Refusals of electronic signature; what stands beside a field is a whole sentence."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.cultures import format_size
from core.errors import Refusal
from signatures.pdf.reasons import Reason


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


class DocumentRefused(Refusal):
    """A document cannot be signed here.

    Args:
        reason: what `signatures.pdf` says of it.
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__()
        self.reason = reason

    def __str__(self) -> str:
        return str(_WHY_NO_DOCUMENT[self.reason])


class SealingUnavailable(Refusal):
    """Nothing can be sealed now; what waits for the seal goes on waiting."""


class SealNotConfigured(SealingUnavailable):
    """This portal was given no key to seal with."""

    heading = _("This portal cannot seal documents yet: it has no sealing key.")


class SealNotYetValid(SealingUnavailable):
    """The certificate of the key begins later."""

    heading = _("This portal cannot seal documents yet: the certificate of its seal is not valid yet.")


class SealExpired(SealingUnavailable):
    """The certificate of the key is over."""

    heading = _("This portal cannot seal documents any more: the certificate of its seal has ended.")


class SealerSilent(SealingUnavailable):
    """The process that holds the key does not answer, or has another key than the certificate."""

    heading = _("Documents cannot be sealed at the moment. What waits is sealed as soon as that is possible.")


class DocumentBusy(Refusal):
    """Other documents were worked on for as long as one waits, or as many wait already as may."""

    heading = _("Other documents are being worked on. Choose yours again in a moment.")


class DocumentTooLarge(Refusal):
    """A document has more bytes than one may have, or than there is room for in its request.

    Args:
        most_bytes: what it may have.
    """

    def __init__(self, most_bytes: int) -> None:
        super().__init__()
        self.most_bytes = most_bytes

    def __str__(self) -> str:
        most = format_size(self.most_bytes, language=get_language() or "en")
        return gettext("This document is too large. It may have up to %(most)s.") % {"most": most}


class NotReady(Refusal):
    """Something of a request that is being prepared is missing or wrong."""

    heading = _("Something is still missing, so nothing was sent. Your draft is kept.")


class DocumentFailed(Refusal):
    """The child process did not do its work; the log says why."""

    heading = _("This document could not be read because of a fault of the portal. Try it again later.")


_WHY_NO_DOCUMENT: Mapping[Reason, str | Promise] = {
    Reason.NOT_A_PDF: _("This file is not a PDF. Choose a PDF."),
    Reason.DAMAGED: _(
        "This PDF is damaged, or we cannot read all of it. Open it, print it to a new PDF, and choose that one."
    ),
    Reason.ENCRYPTED: _("This PDF is protected. Save it without a password or restrictions, and choose it again."),
    Reason.ALREADY_SIGNED: _(
        "This PDF carries an electronic signature, which would be lost here. Choose the document as it was before."
    ),
    Reason.XFA: _("This PDF is a form that changes while it is filled in. Print it to a new PDF, and choose that one."),
    Reason.EMBEDDED_FILES: _(
        "This PDF has other files inside, which nobody would see while signing. Take them out, and choose it again."
    ),
    Reason.HIDDEN_LAYERS: _(
        "This PDF has layers that not everybody would see. Print it to a new PDF, and choose that one."
    ),
    Reason.NO_PAGE: _("This PDF has no pages. Choose another one."),
    Reason.TOO_MANY_PAGES: _("This PDF has more than 500 pages. Split it, and choose a part."),
    Reason.TOO_LARGE_PAGE: _(
        "A page of this PDF is too large to be shown. Print it to a new PDF with smaller pages, and choose that one."
    ),
    Reason.TOO_HEAVY: _(
        "This PDF takes too long to read. Print it to a new PDF, or save its pictures smaller, and choose it again."
    ),
}
