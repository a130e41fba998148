"""What support may change about licenses and plans: for whom, until when, and who is told."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.admin.models import ADDITION, LogEntry
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from licenses.models import License, Plan
from tests.cast import make_organization, make_user
from tests.outbox import delivered
from tests.portal.support import (
    REASON,
    license_page,
    license_values,
    lines,
    mailed,
    make_company,
    make_customer,
    plan_values,
    support_browser,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Organization:
    """An organization with an administrator who stays."""
    return make_company()


@pytest.fixture
def customer(company: Organization) -> User:
    """Somebody with a Pro license and a proven number."""
    return make_customer(company)


def test_a_license_changes_plan_end_and_suspension(client: Client, customer: User) -> None:
    support_browser(client, customer)
    license, advanced = customer.license, Plan.objects.get(code="advanced")
    last_day = license.expires_at.date() + timedelta(days=30)
    values = license_values(license, plan=advanced.pk, last_day=last_day.isoformat(), is_suspended="on")
    assert client.post(license_page(license), values).status_code == 302
    license.refresh_from_db()
    assert license.plan == advanced
    assert license.is_suspended
    assert license.expires_at.tzinfo is not None
    local = license.expires_at.astimezone(ZoneInfo(license.organization.time_zone))
    assert (local.date(), local.time().isoformat()) == (last_day, "23:59:59")
    message = LogEntry.objects.get().change_message
    assert "License: Pro → Advanced" in message
    assert "Suspended: no → yes" in message
    assert f"→ {license.expires_at:%Y-%m-%dT%H:%M:%SZ}" in message
    assert len(lines(customer)) == 1
    assert mailed() == {"pro@demo.example"}


def test_a_license_moves_to_a_colleague_and_both_are_told(client: Client, customer: User) -> None:
    colleague = make_user("free@demo.example", organization=customer.organization)
    support_browser(client, customer)
    values = license_values(customer.license, holder_email="FREE@demo.example")
    assert client.post(license_page(customer.license), values).status_code == 302
    assert License.objects.get().holder == colleague
    assert mailed() == {"pro@demo.example", "free@demo.example"}
    assert "Holder: pro@demo.example → FREE@demo.example" in LogEntry.objects.get().change_message


def test_a_license_is_released_and_given_again(client: Client, customer: User) -> None:
    support_browser(client, customer)
    license = customer.license
    assert client.post(license_page(license), license_values(license, holder_email="")).status_code == 302
    license = License.objects.get()
    assert license.holder is None
    assert "Holder: pro@demo.example → none" in LogEntry.objects.get().change_message
    values = license_values(license, holder_email="pro@demo.example")
    assert client.post(license_page(license), values).status_code == 302
    assert License.objects.get().holder == customer


def test_a_free_licenses_change_is_told_to_the_administrators(client: Client, customer: User) -> None:
    support_browser(client, customer)
    free = free_license(customer)
    assert client.post(license_page(free), license_values(free, is_suspended="on")).status_code == 302
    assert mailed() == {"admin@demo.example"}


@pytest.mark.parametrize("whom", ["stranger", "other tenant", "staff", "suspended", "licensed"])
def test_a_license_goes_only_to_an_active_colleague_without_one(client: Client, customer: User, whom: str) -> None:
    support_browser(client, customer)
    make_user("tenant@other.example")
    make_user("suspended@demo.example", organization=customer.organization, is_active=False)
    make_user("eco@demo.example", organization=customer.organization, plan="eco")
    address = {
        "stranger": "nobody@demo.example",
        "other tenant": "tenant@other.example",
        "staff": "support@demo.example",
        "suspended": "suspended@demo.example",
        "licensed": "eco@demo.example",
    }[whom]
    answer = client.post(license_page(customer.license), license_values(customer.license, holder_email=address))
    assert answer.status_code == 200
    assert License.objects.get(pk=customer.license.pk).holder == customer
    assert not LogEntry.objects.exists()


def test_a_license_cannot_end_before_it_began(client: Client, customer: User) -> None:
    support_browser(client, customer)
    before = customer.license.expires_at
    for last_day in ("2001-01-01", "never", "", "99999-01-01"):
        answer = client.post(license_page(customer.license), license_values(customer.license, last_day=last_day))
        assert answer.status_code == 200
    assert License.objects.get().expires_at == before


def test_a_license_is_added_for_one_period_of_its_plan(client: Client, company: Organization) -> None:
    colleague = make_user("free@demo.example", organization=company)
    support_browser(client)
    values = {
        "organization": company.pk,
        "plan": Plan.objects.get(code="pro").pk,
        "holder_email": "free@demo.example",
        "reason": REASON,
        # Not on the form of a new license:
        "is_suspended": "on",
        "expires_at": "2099-01-01",
        "last_day": "2099-01-01",
    }
    assert client.post(reverse("admin:licenses_license_add"), values).status_code == 302
    license = License.objects.get()
    assert license.holder == colleague
    assert not license.is_suspended
    assert timedelta(days=364) < license.expires_at - license.starts_at < timedelta(days=368)
    entry = LogEntry.objects.get()
    assert (entry.action_flag, entry.object_id) == (ADDITION, str(license.pk))
    assert "License: none → Pro" in entry.change_message
    assert REASON in entry.change_message
    assert mailed() == {"free@demo.example"}


def test_a_license_is_not_added_for_somebody_elses_colleague(client: Client, company: Organization) -> None:
    make_user("tenant@other.example")
    support_browser(client)
    values = {
        "organization": company.pk,
        "plan": Plan.objects.get(code="pro").pk,
        "holder_email": "tenant@other.example",
        "reason": REASON,
    }
    assert client.post(reverse("admin:licenses_license_add"), values).status_code == 200
    assert not License.objects.exists()


def test_the_organization_of_a_license_cannot_be_changed(client: Client, customer: User) -> None:
    support_browser(client, customer)
    other = make_organization("Other Company")
    forged = license_values(customer.license, is_suspended="on", organization=other.pk, starts_at="2001-01-01")
    assert client.post(license_page(customer.license), forged).status_code == 302
    license = License.objects.get()
    assert license.organization == customer.organization
    assert license.starts_at == customer.license.starts_at


def test_a_plans_limits_names_and_price_change_for_everybody(client: Client, customer: User) -> None:
    support_browser(client, customer)
    plan = customer.license.plan
    page = reverse("admin:licenses_plan_change", args=[plan.pk])
    values = plan_values(client.get(page), messages_per_month=6000, price_cents=1250, code="evil", rank=99)
    assert client.post(page, values).status_code == 302
    plan.refresh_from_db()
    assert (plan.messages_per_month, plan.price_cents, plan.code, plan.rank) == (6000, 1250, "pro", 30)
    assert plan.has_signature_tracking
    message = LogEntry.objects.get().change_message
    assert "Messages a month: 5000 → 6000" in message
    assert "Price of a period, in cents: 0 → 1250" in message


@pytest.mark.parametrize("limit", ["-1", "", "many", "99999999999999999999"])
def test_an_impossible_limit_is_refused(client: Client, limit: str) -> None:
    support_browser(client)
    plan = Plan.objects.get(code="eco")
    page = reverse("admin:licenses_plan_change", args=[plan.pk])
    assert client.post(page, plan_values(client.get(page), messages_per_month=limit)).status_code == 200
    plan.refresh_from_db()
    assert plan.messages_per_month == 200


def test_a_french_customer_reads_the_plans_french_name_and_the_history_the_english_one(
    client: Client, customer: User
) -> None:
    User.objects.filter(pk=customer.pk).update(language="fr")
    support_browser(client, customer)
    values = license_values(customer.license, plan=Plan.objects.get(code="advanced").pk)
    client.post(license_page(customer.license), values)
    (mail,) = delivered("email")
    assert "Pro → Avancé" in mail.text
    assert "License: Pro → Advanced" in LogEntry.objects.get().change_message


def free_license(user: User) -> License:
    assert user.organization is not None
    return License.objects.create(
        organization=user.organization,
        plan=Plan.objects.get(code="eco"),
        starts_at=datetime.fromisoformat("2026-01-01T00:00:00+00:00"),
        expires_at=datetime.fromisoformat("2027-01-02T04:59:59+00:00"),
    )
