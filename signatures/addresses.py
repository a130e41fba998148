"""Addresses that leave the portal on paper and in files."""

from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from messaging.items.references import shown_reference


def check_address(reference: str) -> str:
    """Return where anybody can check the documents of a request; printed on the certificate of completion.

    The page only fills the reference in, so that looking at the address does nothing.

    Args:
        reference: as it is stored.
    """
    question = urlencode({"reference": shown_reference(reference)})
    return f"{settings.PUBLIC_URL}{reverse('signatures:verification')}?{question}"
