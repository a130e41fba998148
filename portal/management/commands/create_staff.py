"""Make a member of the support staff."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.errors import AddressTaken
from accounts.forms.people import NewStaffForm
from accounts.services.organizations import create_staff
from accounts.services.password_reset import welcome
from portal.management.people_command import add_person_arguments, refuse_invalid

REFUSED_IN_PRODUCTION = (
    "Support staff needs an authenticator app or a passkey as second factor, which this version does not have yet. "
    "Text messages are not enough outside a demo."
)


class Command(BaseCommand):
    """Make a member of the support staff with 2FA on, who gets a mail with the link to choose a password."""

    help = "Make a member of the support staff, who is mailed a link to choose a password. In a demo only, so far."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the person and the number for the second factor."""
        add_person_arguments(parser)
        parser.add_argument("--cell-number", required=True, help="gets the codes of the second factor")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the account, or say why none is made."""
        if not settings.IS_DEMO:
            raise CommandError(REFUSED_IN_PRODUCTION)
        form = NewStaffForm(options)
        refuse_invalid(form)
        try:
            with transaction.atomic():
                cell_number = form.cleaned_data["cell_number"]
                staff = create_staff(person=form.person(), cell_number=cell_number, beginnings=form.beginnings())
                welcome(user=staff)
        except AddressTaken as refusal:
            raise CommandError(f"--email: {refusal}") from None
        self.stdout.write("The account was made. Its owner was mailed a link to choose a password.")
