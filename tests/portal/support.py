"""What the tests of the support pages share: somebody of support at a browser, and forms as a browser sends them."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.admin import UserForm
from accounts.choices import SecurityEventKind
from accounts.models import Organization, SecurityEvent, User
from accounts.support_forms import SupportForm
from licenses.admin import LicenseForm
from licenses.models import License
from licenses.periods import day_of
from tests.cast import make_organization, make_staff, make_user, prove_number, sign_in
from tests.outbox import delivered

REASON = "Asked for by phone"
TICKET = "4711"


def support_browser(client: Client, *customers: User, email: str = "support@demo.example") -> User:
    """Sign a member of support in, open the records of customers with a ticket, and return who it is."""
    staff = make_staff(email)
    sign_in(client, staff)
    for customer in customers:
        open_for(client, customer)
    return staff


def open_for(browser: Client, user: User, ticket: str = TICKET) -> None:
    """Open a customer's record with a ticket."""
    answer = browser.post(reverse("admin:accounts_user_open", args=[user.pk]), {"ticket": ticket})
    assert (answer.status_code, answer.headers["Location"]) == (302, user_page(user))


def drawn_with(form: type[SupportForm], row: Any) -> str:
    """Return the signed values that the page of a row carries."""
    return form(instance=row).signed_drawn


def user_page(user: User) -> str:
    """Return the address of a customer's record."""
    return reverse("admin:accounts_user_change", args=[user.pk])


def user_values(user: User, **changed: object) -> dict[str, object]:
    """Return what a browser sends from a customer's record; None leaves a field out."""
    values: dict[str, object] = {
        "first_name": user.first_name,
        "last_name": user.last_name,
        "role_type": user.role_type,
        "is_active": "on",
        "language": user.language,
        "time_zone": user.time_zone,
        "date_culture": user.date_culture,
        "default_sms_country": user.default_sms_country,
        "is_warned_of_unread": "on",
        "reason": REASON,
        "drawn": drawn_with(UserForm, user),
    }
    return {name: value for name, value in (values | changed).items() if value is not None}


def license_page(license: License) -> str:
    """Return the address of a license."""
    return reverse("admin:licenses_license_change", args=[license.pk])


def license_values(license: License, **changed: object) -> dict[str, object]:
    """Return what a browser sends from a license's page; None leaves a field out."""
    values: dict[str, object] = {
        "plan": license.plan_id,
        "holder_email": license.holder.email if license.holder else "",
        "last_day": day_of(license.expires_at, license.organization.time_zone).isoformat(),
        "is_suspended": "on" if license.is_suspended else None,
        "reason": REASON,
        "drawn": drawn_with(LicenseForm, license),
    }
    return {name: value for name, value in (values | changed).items() if value is not None}


def plan_values(page: Any, **changed: object) -> dict[str, object]:
    """Return what a browser sends from a plan's page, read from the page itself."""
    values: dict[str, object] = dict(
        re.findall(r'<input type="(?:number|text|hidden)" name="(\w+)" value="([^"]*)"', html(page))
    )
    ticked = re.findall(r'<input type="checkbox" name="(\w+)"[^>]* checked', html(page))
    chosen = dict(re.findall(r'<select name="(\w+)".*?<option value="([^"]*)" selected', html(page), re.DOTALL))
    return values | chosen | dict.fromkeys(ticked, "on") | {"reason": REASON} | changed


def organization_page(organization: Organization) -> str:
    """Return the address of an organization's record."""
    return reverse("admin:accounts_organization_change", args=[organization.pk])


def html(page: Any) -> str:
    """Return a page's text."""
    text: str = page.content.decode()
    return text


def make_company() -> Organization:
    """Make an organization with an administrator who stays."""
    organization = make_organization()
    make_user("admin@demo.example", organization=organization, is_administrator=True)
    return organization


def make_customer(company: Organization) -> User:
    """Make somebody with a Pro license and a proven number."""
    user = make_user("pro@demo.example", organization=company, plan="pro", first_name="Camille", last_name="Tremblay")
    prove_number(user, "+14165550123")
    return user


def lines(user: User) -> list[SecurityEvent]:
    """Return what support did, as the customer's security log tells it."""
    return list(SecurityEvent.objects.filter(user=user, kind=SecurityEventKind.SUPPORT_CHANGED).order_by("pk"))


def mailed() -> set[str]:
    """Return who was mailed about support."""
    return {mail.to for mail in delivered("email") if "upport" in mail.subject}
