"""Make sample cases of support in a demo and print whom they are about."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.demo.making import is_loaded
from portal.demo.support_samples import make_support_samples


class Command(BaseCommand):
    """Make customers who need support, in the demo organization."""

    help = "Make customers who need support, and a country that has stopped, in a demo; print their addresses, as JSON."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one object: name of the sample, address of the customer."""
        if not settings.IS_DEMO:
            raise CommandError("Sample cases belong to a demo; PORTAL_ENV says production.")
        if not is_loaded():
            raise CommandError("There is no demo organization. manage.py load_demo_data makes it.")
        self.stdout.write(json.dumps(make_support_samples()))
