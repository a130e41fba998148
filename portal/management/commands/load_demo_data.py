"""Load the demo organization once, or make it anew."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.demo import making


class Command(BaseCommand):
    """Make the demo's people, licenses and past; where they exist already, change nothing."""

    help = "Load the demo organization once, or make it anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the wishes to begin anew, and to be quick."""
        parser.add_argument("--reset", action="store_true", help="Take the demo organization away and make it anew.")
        parser.add_argument("--items", type=int, help="Let nobody have sent more than this; a year takes a while.")

    def handle(self, *args: Any, reset: bool = False, items: int | None = None, **options: Any) -> None:
        """Load what is missing."""
        if not settings.IS_DEMO:
            raise CommandError("Demo data belongs to a demo; PORTAL_ENV says production.")
        if items is not None and items < 1:
            raise CommandError("--items takes 1 or more.")
        if reset:
            making.remove()
        if making.is_loaded():
            making.mend_password()
            self.stdout.write("The demo organization exists.")
            return
        making.load(most_items=items)
        self.stdout.write("The demo organization was made.")
