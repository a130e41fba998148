"""Make sample messages in a demo and print their links."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.demo.making import is_loaded
from portal.demo.samples import make_samples


class Command(BaseCommand):
    """Make messages that people outside can open, in the demo organization."""

    help = "Make sample messages in a demo and print their links, as JSON."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one object: name of the sample, link."""
        if not settings.IS_DEMO:
            raise CommandError("Sample messages belong to a demo; PORTAL_ENV says production.")
        if not is_loaded():
            raise CommandError("There is no demo organization. manage.py load_demo_data makes it.")
        self.stdout.write(json.dumps(make_samples()))
