"""Closed lists of envelopes."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

# The word by which items know envelopes, and the first part of the address of their links.
KIND = "envelope"
LINK_PREFIX = "e"


class Way(TextChoices):
    """How the link reaches the person outside."""

    ADDRESSED = "addressed", _("By e-mail, to one person")
    COPIED = "copied", _("As a link that I copy and pass on")
