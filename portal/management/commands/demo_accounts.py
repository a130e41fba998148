"""Print the demo's accounts and their password."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.demo.making import is_loaded
from portal.demo.password import known_password
from portal.demo.people import everybody


class Command(BaseCommand):
    """Print who can sign in to the demo, and with what."""

    help = "Print the demo's accounts and their password."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the password and one line for each account."""
        if not settings.IS_DEMO:
            raise CommandError("Demo accounts belong to a demo; PORTAL_ENV says production.")
        password = known_password()
        if password is None or not is_loaded():
            self.stdout.write("There is no demo organization. manage.py load_demo_data makes it.")
            return
        width = max(len(person.email) for person in everybody())
        self.stdout.write(f"\nDemo password: {password}")
        for person in everybody():
            self.stdout.write(f"  {person.email:<{width}}  {person.note}")
        self.stdout.write(f"Mails and texts of the demo: {settings.PUBLIC_URL}/outbox/")
