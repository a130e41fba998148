"""Checks at start: the key directory is there, whole, and closed to others."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from core import keys


@register("security")
def check_keys(app_configs: Any, **options: Any) -> Sequence[CheckMessage]:
    """Name the first key file that is missing, short or readable by others."""
    try:
        for name in (keys.ROOT, keys.PEPPER, keys.SECRET):
            keys.read_key_file(settings.KEY_DIR, name)
    except ImproperlyConfigured as refusal:
        return [Error(str(refusal), id="core.E001")]
    return []
