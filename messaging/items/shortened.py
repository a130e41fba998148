"""File names that were too long: that they were shortened is said, whichever way the files came."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.uploads import SealedUpload

MARK = "shortened"


def tell_shortened(request: HttpRequest, uploads: Iterable[SealedUpload]) -> None:
    """Say on the next page whose names were shortened."""
    for upload in uploads:
        if upload.is_shortened:
            text = _("The name of a file was too long and was shortened: %(name)s") % {"name": upload.name}
            messages.warning(request, text)


def with_mark(address: str, uploads: Iterable[SealedUpload]) -> str:
    """Return the address of a receipt that says so to somebody outside, who has no session to keep a notice in."""
    return f"{address}?{MARK}=1" if any(upload.is_shortened for upload in uploads) else address
