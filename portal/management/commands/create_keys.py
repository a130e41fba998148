"""Create the keys of an installation that do not exist yet."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from core.keys import create_missing_keys


class Command(BaseCommand):
    """Create missing keys; existing ones are never replaced and nothing secret is printed."""

    help = "Create the keys of an installation that do not exist yet."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Create what is missing and name it."""
        created = create_missing_keys(settings.KEY_DIR, datetime.now(UTC).date())
        self.stdout.write(f"Created: {', '.join(created)}" if created else "All keys exist.")
