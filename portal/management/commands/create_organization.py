"""Make an organization with its first administrator and its licenses."""

from argparse import ArgumentParser
from typing import Any

from django import forms
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.errors import AddressTaken
from accounts.forms.people import NewOrganizationForm
from accounts.models import Organization, User
from accounts.services.organizations import create_administrator, create_organization
from core.db import database_now
from licenses.models import Plan
from licenses.services.pool import add_licenses, assign_free_license
from portal.management.people_command import add_person_arguments, refuse_invalid

MOST_LICENSES = 10_000


class OrganizationForm(NewOrganizationForm):
    """An organization, its first administrator, and the licenses it bought."""

    plan = forms.ModelChoiceField(Plan.objects.all(), to_field_name="code")
    licenses = forms.IntegerField(min_value=0, max_value=MOST_LICENSES)


class Command(BaseCommand):
    """Make an organization; the administrator gets a mail with the link to choose a password."""

    help = "Make an organization with its first administrator, who is mailed a link to choose a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the organization, its administrator and its licenses."""
        parser.add_argument("--name", required=True, help="of the organization")
        add_person_arguments(parser)
        parser.add_argument("--plan", default="pro", help="code of the plan: eco, advanced, pro or trial")
        parser.add_argument("--licenses", default=1, help="how many; the administrator gets the first one")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make all of it or nothing."""
        form = OrganizationForm(options)
        refuse_invalid(form)
        try:
            with transaction.atomic():
                organization = create_organization(name=form.cleaned_data["name"], beginnings=form.beginnings())
                administrator = create_administrator(organization=organization, person=form.person())
                _add_licenses(organization, administrator, form.cleaned_data["plan"], form.cleaned_data["licenses"])
        except AddressTaken as refusal:
            raise CommandError(f"--email: {refusal}") from None
        self.stdout.write("The organization was made. Its administrator was mailed a link to choose a password.")


def _add_licenses(organization: Organization, administrator: User, plan: Plan, count: int) -> None:
    if count:
        add_licenses(organization=organization, plan=plan, count=count, starts_at=database_now())
        assign_free_license(organization=organization, plan=plan, holder=administrator)
