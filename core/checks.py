"""Checks at start: functions named by settings exist; the key directory is there, whole, and closed to others."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from core import keys

STEPS = ("INVARIANT_CHECKS", "RETENTION_STEPS", "WORKER_STEPS")


@register()
def check_steps(app_configs: Any, **options: Any) -> Sequence[CheckMessage]:
    """Name a function that a setting names and that cannot be found."""
    errors = []
    for setting in STEPS:
        for step in getattr(settings, setting):
            try:
                import_string(step)
            except ImportError:
                errors.append(Error(f"{setting} names {step}, which does not exist.", id="core.E002"))
    return errors


@register("security")
def check_keys(app_configs: Any, **options: Any) -> Sequence[CheckMessage]:
    """Name the first key file that is missing, short or readable by others."""
    try:
        for name in (keys.ROOT, keys.PEPPER, keys.SECRET):
            keys.read_key_file(settings.KEY_DIR, name)
    except ImproperlyConfigured as refusal:
        return [Error(str(refusal), id="core.E001")]
    return []
