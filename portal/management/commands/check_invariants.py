"""Look for promises that the stored rows do not keep."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string


class Command(BaseCommand):
    """Call each check named in INVARIANT_CHECKS; nothing is changed or mended."""

    help = "Look for promises that the stored rows do not keep; end with 1 where one is broken."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line a broken promise."""
        broken = 0
        for check in settings.INVARIANT_CHECKS:
            for line in import_string(check)():
                self.stdout.write(line)
                broken += 1
        if broken:
            sys.exit(1)
        self.stdout.write("Every promise is kept.")
