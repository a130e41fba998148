"""Why a file was not checked; each is a whole sentence that stands beside the field."""

from django.utils.translation import gettext_lazy as _

from core.errors import Refusal


class CheckRefused(Refusal):
    """A file of which nothing can be said."""


class CheckNoPdf(CheckRefused):
    """It is no PDF, and there is no seal of ours in it."""

    heading = _("This file is not a PDF, and only PDFs are sealed here. Choose the PDF you were given.")


class CheckEncrypted(CheckRefused):
    """It can only be read with a password, and there is no seal of ours in it."""

    heading = _(
        "This PDF is protected with a password or by restrictions, which sealed documents never are. "
        "Choose the PDF you were given."
    )


class CheckTooHeavy(CheckRefused):
    """Reading it takes more time or memory than a file is given, or a reader gives up on it."""

    heading = _("This PDF is damaged, or takes too long to read, and was not checked. Choose the PDF you were given.")


class CheckNotDone(CheckRefused):
    """It is not the file: nothing was checked, and nothing counts."""


class CheckBusy(CheckNotDone):
    """Others are being checked, and as many wait as may."""

    heading = _("Other documents are being checked at this moment. Choose yours again in a few seconds.")


class CheckFailed(CheckNotDone):
    """A fault of ours."""

    heading = _("The check did not work, and it is not your file. Try again later, or write to support.")
