"""Collect the texts of the pages into the catalogs, or compile the catalogs."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from portal.catalogs import collect_catalogs, compile_catalogs


class Command(BaseCommand):
    """Bring the catalogs up to date with the code, or the compiled files up to date with the catalogs."""

    help = "Collect the texts of the pages into the catalogs, or compile the catalogs."
    requires_system_checks: list[str] = []
    acts = {"collect": collect_catalogs, "compile": compile_catalogs}

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask for one of the two acts."""
        parser.add_argument("act", choices=sorted(self.acts))

    def handle(self, *args: Any, **options: Any) -> None:
        """Write what is out of date and name it."""
        for path in self.acts[options["act"]]():
            self.stdout.write(f"Written: {path}")
