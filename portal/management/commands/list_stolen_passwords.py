"""`manage.py list_stolen_passwords`: make the list of refused passwords anew from a newer collection.

Source: docs/decisions/0023-stolen-passwords.md
"""

from pathlib import Path
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.management.base import BaseCommand, CommandParser

from accounts.limits import PASSWORD_LEAST_CHARACTERS
from accounts.stolen_passwords import LIST, fold, pack

MOST_USED = 105_000


class Command(BaseCommand):
    """Write the list that the rules of passwords read."""

    help = "Make the list of refused passwords anew from a collection."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the collection, and where the list goes."""
        parser.add_argument("collection", type=Path, help="a text, one password a line, the most used first")
        parser.add_argument("--into", type=Path, default=LIST, help="the file to write; the list in force by default")

    def handle(self, *args: Any, collection: Path, into: Path, **options: Any) -> None:
        """Take the most used passwords, all that are long enough to be chosen here, and those that Django knows."""
        stolen = collection.read_text(encoding="utf-8").splitlines()
        long = [password for password in stolen if len(fold(password)) >= PASSWORD_LEAST_CHARACTERS]
        into.write_bytes(pack([*stolen[:MOST_USED], *long, *CommonPasswordValidator().passwords]))
