"""Create the keys of an installation that do not exist yet."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from core.keys import DAILY, WEEKLY, create_missing_keys
from core.sealer.files import create_demo_pair


class Command(BaseCommand):
    """Create missing keys; existing ones are never replaced and nothing secret is printed."""

    help = "Create the keys of an installation that do not exist yet."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Create what is missing and name it; of the keys of days and weeks only say how many."""
        now = datetime.now(UTC)
        created = create_missing_keys(settings.KEY_DIR, now.date())
        # A real portal never seals with a key that nobody vouches for: its operator brings one.
        has_demo_seal = settings.SEAL_IS_DEMO and create_demo_pair(settings.KEY_DIR, now)
        named = [name for name in created if "/" not in name]
        counts = {folder: sum(name.startswith(f"{folder}/") for name in created) for folder in (DAILY, WEEKLY)}
        counted = [f"{count} {folder} {'key' if count == 1 else 'keys'}" for folder, count in counts.items() if count]
        everything = named + counted + ["a demo seal"] * has_demo_seal
        self.stdout.write(f"Created: {', '.join(everything)}" if everything else "All keys exist.")
