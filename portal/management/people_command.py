"""What the commands that make people share: their arguments, and refusals that name the argument and not its value."""

from argparse import ArgumentParser

from django import forms
from django.conf import settings
from django.core.management.base import CommandError

DEFAULT_SMS_COUNTRY = "CA"


def add_person_arguments(parser: ArgumentParser) -> None:
    """Take a person, and language, zone, culture and country; the installation's own where none is given."""
    for name in ("--email", "--first-name", "--last-name"):
        parser.add_argument(name, required=True)
    parser.add_argument("--language", default=settings.LANGUAGE_CODE, help="en or fr")
    parser.add_argument("--time-zone", default=settings.DEFAULT_TIME_ZONE, help="such as America/Toronto")
    parser.add_argument("--culture", default=settings.DEFAULT_CULTURE, help="such as fr-CA")
    parser.add_argument("--sms-country", default=DEFAULT_SMS_COUNTRY, help="two letters, such as CA")


def refuse_invalid(form: forms.Form) -> None:
    """Stop with every refused argument in one message.

    Raises:
        CommandError: what the command was told cannot be used.
    """
    if not form.is_valid():
        lines = [f"--{name.replace('_', '-')}: {' '.join(map(str, errors))}" for name, errors in form.errors.items()]
        raise CommandError("\n".join(lines))
