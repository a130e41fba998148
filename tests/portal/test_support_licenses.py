"""What support may change about licenses and plans: for whom, until when, and who is told."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.admin.models import ADDITION, LogEntry
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.errors import RecordClosed
from accounts.models import OpenedRecord, Organization, User
from accounts.services.opened_records import open_record
from accounts.services.support import SupportAct
from core import limits as core_limits
from core.cultures import format_date
from core.db import database_now
from core.errors import ChangedMeanwhile
from licenses.admin import LicenseForm
from licenses.errors import PlanInUse
from licenses.limits import PLAN_RANGES
from licenses.models import License, Plan
from licenses.periods import last_days
from licenses.services.pool import add_licenses
from licenses.services.support import add_license, add_plan, change_license, change_plan
from tests.cast import make_organization, make_staff, make_user
from tests.outbox import delivered
from tests.portal.support import (
    REASON,
    TICKET,
    html,
    license_page,
    license_values,
    lines,
    mailed,
    make_company,
    make_customer,
    open_for,
    plan_values,
    support_browser,
)

REQUIRED_LIMITS = (
    "messages_per_month",
    "recipients_per_message",
    "longest_life_days",
    "stored_bytes",
    "sends_per_hour",
    "recipients_per_hour",
)
NEW_PLAN: dict[str, object] = dict.fromkeys(REQUIRED_LIMITS, 300) | {
    "code": "team",
    "rank": 25,
    "name_en": "Team",
    "name_fr": "Équipe",
    "period_length": 90,
    "period_unit": "day",
}

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
    open_for(client, colleague, "4712")
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
    for other in (
        make_user("tenant@other.example"),
        make_user("suspended@demo.example", organization=customer.organization, is_active=False),
        make_user("eco@demo.example", organization=customer.organization, plan="eco"),
    ):
        open_for(client, other)
    address = {
        "stranger": "nobody@demo.example",
        "other tenant": "tenant@other.example",
        "staff": "support@demo.example",
        "suspended": "suspended@demo.example",
        "licensed": "eco@demo.example",
    }[whom]
    answer = client.post(license_page(customer.license), license_values(customer.license, holder_email=address))
    assert answer.status_code == 422
    assert License.objects.get(pk=customer.license.pk).holder == customer
    assert not LogEntry.objects.exists()


def test_a_license_cannot_end_before_it_began(client: Client, customer: User) -> None:
    support_browser(client, customer)
    before = customer.license.expires_at
    for last_day in ("2001-01-01", "never", "", "99999-01-01"):
        answer = client.post(license_page(customer.license), license_values(customer.license, last_day=last_day))
        assert answer.status_code == 422
    assert License.objects.get().expires_at == before


@pytest.mark.parametrize("last_day", ["9999-12-31", "0001-01-01", "2200-01-01"])
@pytest.mark.parametrize("zone", ["America/Toronto", "Pacific/Kiritimati"])
def test_an_end_beyond_the_range_is_refused_with_the_range(
    client: Client, customer: User, last_day: str, zone: str
) -> None:
    support_browser(client, customer)
    Organization.objects.update(time_zone=zone)
    license = License.objects.select_related("organization").get()
    first, last = last_days(starts_at=license.starts_at, zone=zone)
    assert last.year == first.year + 50
    answer = client.post(license_page(license), license_values(license, last_day=last_day))
    assert answer.status_code == 422
    said = f"Type a day from {format_date(first)}, when the license began, to {format_date(last)}."
    assert said in html(answer)
    assert client.post(license_page(license), license_values(license, last_day=last.isoformat())).status_code == 302


def test_a_license_is_added_for_one_period_of_its_plan(client: Client, company: Organization) -> None:
    colleague = make_user("free@demo.example", organization=company)
    support_browser(client, colleague)
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
    support_browser(client, make_user("tenant@other.example"))
    values = {
        "organization": company.pk,
        "plan": Plan.objects.get(code="pro").pk,
        "holder_email": "tenant@other.example",
        "reason": REASON,
    }
    assert client.post(reverse("admin:licenses_license_add"), values).status_code == 422
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
    values = plan_values(client.get(page), messages_per_month=6000, price_cents=1250, code="evil")
    assert client.post(page, values).status_code == 302
    plan.refresh_from_db()
    assert (plan.messages_per_month, plan.price_cents, plan.code, plan.rank) == (6000, 1250, "pro", 30)
    assert plan.has_signature_tracking
    message = LogEntry.objects.get().change_message
    assert "Messages a month: 5000 → 6000" in message
    assert "Price of a period, in cents: 0 → 1250" in message


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("reason", "\u202e"),
        ("reason", "\u200b \u00ad"),
        ("reason", "As agreed\u202e."),
        ("reason", "bell \x07"),
        ("name_en", "\u202egpj"),
        ("name_fr", "\u2066Pro\u2069"),
        ("name_fr", "\u3164"),
        ("name_en", "Pro\u2028two"),
    ],
)
def test_what_support_types_holds_nothing_hidden(client: Client, name: str, typed: str) -> None:
    support_browser(client)
    plan = Plan.objects.get(code="eco")
    page = reverse("admin:licenses_plan_change", args=[plan.pk])
    values = plan_values(client.get(page), messages_per_month=201) | {name: typed}
    assert client.post(page, values).status_code == 422
    assert Plan.objects.get(code="eco").messages_per_month == 200
    assert not LogEntry.objects.exists()


def test_a_reason_has_lines(client: Client) -> None:
    support_browser(client)
    plan = Plan.objects.get(code="eco")
    page = reverse("admin:licenses_plan_change", args=[plan.pk])
    values = plan_values(client.get(page), messages_per_month=201, reason="One.\r\n\tTwo: cafe\u0301.")
    assert client.post(page, values).status_code == 302
    assert "Reason: One.\n\tTwo: café." in LogEntry.objects.get().change_message


def test_a_plan_changes_its_place_and_its_period(client: Client, customer: User) -> None:
    support_browser(client)
    plan = customer.license.plan
    page = reverse("admin:licenses_plan_change", args=[plan.pk])
    values = plan_values(client.get(page), rank=99, period_length=1, period_unit="month") | {"code": "evil"}
    del values["is_renewed"]
    assert client.post(page, values).status_code == 302
    plan.refresh_from_db()
    assert (plan.code, plan.rank, plan.period_length, plan.period_unit) == ("pro", 99, 1, "month")
    assert not plan.is_renewed
    message = LogEntry.objects.get().change_message
    assert "Rank: 30 → 99" in message
    assert "Unit of the period: Year → Month" in message


def test_a_plan_is_added_and_given(client: Client, company: Organization) -> None:
    support_browser(client)
    page = reverse("admin:licenses_plan_add")
    values = plan_values(client.get(page), **NEW_PLAN)
    answer = client.post(page, values)
    assert answer.status_code == 302, re.findall(r'class="errorlist.*?</ul>', html(answer), re.DOTALL)
    plan = Plan.objects.get(code="team")
    assert (plan.name_fr, plan.rank, plan.messages_per_month, plan.is_offered) == ("Équipe", 25, 300, True)
    entry = LogEntry.objects.get()
    assert (entry.action_flag, entry.object_id) == (ADDITION, str(plan.pk))
    (license,) = add_licenses(organization=company, plan=plan, count=1, starts_at=database_now())
    assert license.expires_at > database_now() + timedelta(days=80)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"code": "pro"}, "Another plan has this code. Type another one."),
        ({"code": "a b"}, "Type letters, digits, hyphens and underscores alone."),
        ({"rank": 30}, "Another plan has this rank. Type another one."),
        ({"rank": 0}, "Type a whole number from 1 to 1,000."),
        ({"period_length": 32767}, "Type a whole number from 1 to 366."),
        ({"period_length": 11, "period_unit": "year"}, "A period has at most 366 days, 120 months or 10 years."),
        ({"period_unit": "week"}, "Choose one of the options in the list."),
    ],
)
def test_a_plan_that_cannot_be_is_not_added(client: Client, changed: dict[str, object], said: str) -> None:
    support_browser(client)
    page = reverse("admin:licenses_plan_add")
    answer = client.post(page, plan_values(client.get(page), **NEW_PLAN | changed))
    assert (answer.status_code, said in html(answer)) == (422, True)
    assert Plan.objects.count() == 4


def test_the_code_of_a_plan_is_fixed_once_it_is_used(client: Client, company: Organization) -> None:
    support_browser(client)
    plan = Plan.objects.get(code="eco")
    page = reverse("admin:licenses_plan_change", args=[plan.pk])
    assert client.post(page, plan_values(client.get(page), code="basic")).status_code == 302
    plan.refresh_from_db()
    assert plan.code == "basic"
    add_licenses(organization=company, plan=plan, count=1, starts_at=database_now())
    assert 'name="code"' not in html(client.get(page))
    with pytest.raises(PlanInUse):
        change_plan(plan=plan, values={"code": "eco"})
    with pytest.raises(ChangedMeanwhile):
        change_plan(plan=plan, values={"rank": 30})
    with pytest.raises(ChangedMeanwhile):
        add_plan(values={"code": "basic", "rank": 77} | dict.fromkeys(REQUIRED_LIMITS, 1))


@pytest.mark.parametrize("limit", ["-1", "0", "", "many", "99999999999999999999"])
def test_an_impossible_limit_is_refused(client: Client, limit: str) -> None:
    support_browser(client)
    plan = Plan.objects.get(code="eco")
    page = reverse("admin:licenses_plan_change", args=[plan.pk])
    assert client.post(page, plan_values(client.get(page), messages_per_month=limit)).status_code == 422
    plan.refresh_from_db()
    assert plan.messages_per_month == 200


@pytest.mark.parametrize(
    ("name", "limit", "said"),
    [
        ("longest_life_days", "400", "from 1 to 365"),
        ("longest_life_days", "100000", "from 1 to 365"),
        ("longest_life_days", "0", "from 1 to 365"),
        ("messages_per_month", "0", "from 1 to 1,000,000"),
        ("messages_per_month", "9223372036854775807", "from 1 to 1,000,000"),
        ("messages_per_month", "9" * 5_000, "from 1 to 1,000,000"),
        ("stored_bytes", "9223372036854775807", "from 0 to 100,000,000,000,000"),
        ("sends_per_hour", "0", "from 1 to 100,000"),
        ("price_cents", "2147483648", "from 0 to 100,000,000"),
    ],
)
def test_a_limit_beyond_its_range_is_refused_with_the_range(client: Client, name: str, limit: str, said: str) -> None:
    support_browser(client)
    plan = Plan.objects.get(code="eco")
    page = reverse("admin:licenses_plan_change", args=[plan.pk])
    answer = client.post(page, plan_values(client.get(page), **{name: limit}))
    assert (answer.status_code, f"Type a whole number {said}." in html(answer)) == (422, True)
    assert getattr(Plan.objects.get(code="eco"), name) == getattr(plan, name)


@pytest.mark.parametrize("name", PLAN_RANGES)
@pytest.mark.parametrize("end", [0, 1])
def test_the_database_holds_the_ranges_of_a_plan(name: str, end: int) -> None:
    last = PLAN_RANGES[name][end]
    Plan.objects.filter(code="eco").update(**{name: last})
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.filter(code="eco").update(**{name: last + (1 if end else -1)})


def test_the_longest_life_of_a_plan_is_no_longer_than_keys_are_made_ahead() -> None:
    assert PLAN_RANGES["longest_life_days"][1] <= (core_limits.KEYS_AHEAD_WEEKS - 1) * 7


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


@pytest.mark.parametrize("way", ["a new license", "a free license", "a held license"])
def test_nothing_is_given_or_told_to_a_person_whose_record_is_closed(client: Client, customer: User, way: str) -> None:
    support_browser(client, customer)
    for name, plan in (("free", None), ("eco", "eco")):
        make_user(f"{name}@demo.example", organization=customer.organization, plan=plan)
    free = free_license(customer)
    before = list(License.objects.values())
    license = {"a free license": free, "a held license": customer.license}.get(way)
    new = {"organization": customer.organization_id, "plan": free.plan_id, "reason": REASON}
    page = license_page(license) if license else reverse("admin:licenses_license_add")
    answers = set()
    for address in ("free@demo.example", "eco@demo.example", "nobody@demo.example", "support@demo.example"):
        values = license_values(license) if license else new
        answer = client.post(page, values | {"holder_email": address})
        assert answer.status_code == 422
        answers.add(str(answer.context["adminform"].form.errors["holder_email"]))
    assert len(answers) == 1
    assert "No record with this address is open to you" in answers.pop()
    assert list(License.objects.values()) == before
    assert mailed() == set()


def test_a_license_that_moves_names_both_tickets(client: Client, customer: User) -> None:
    colleague = make_user("free@demo.example", organization=customer.organization)
    support_browser(client, customer)
    open_for(client, colleague, "4712")
    client.post(license_page(customer.license), license_values(customer.license, holder_email=colleague.email))
    assert f"Ticket: {TICKET}, 4712; " in LogEntry.objects.get().change_message
    assert [[line.ticket for line in lines(user)] for user in (customer, colleague)] == [[TICKET], ["4712"]]
    assert {(mail.to, "4712" in mail.text) for mail in delivered("email")} == {
        (customer.email, False),
        (colleague.email, True),
    }


def test_the_services_ask_for_the_records_of_both_holders(customer: User) -> None:
    license, colleague = customer.license, make_user("free@demo.example", organization=customer.organization)
    act = SupportAct(staff=make_staff(), reason=REASON)
    seen = LicenseForm(instance=license).seen
    for user in (customer, colleague):
        OpenedRecord.objects.all().delete()
        open_record(staff=act.staff, customer=user, ticket=TICKET)
        with pytest.raises(RecordClosed):
            change_license(license=license, values={"holder": colleague}, seen=seen, act=act)
    OpenedRecord.objects.all().delete()
    with pytest.raises(RecordClosed):
        add_license(organization=license.organization, plan=license.plan, holder=colleague, act=act)
    assert License.objects.get().holder == customer


def test_a_list_does_not_tell_that_a_closed_person_holds_a_license(client: Client, customer: User) -> None:
    support_browser(client)
    searched = client.post(reverse("admin:licenses_license_search"), {"term": customer.email}, follow=True)
    assert license_page(customer.license) not in html(searched)


def test_a_stale_license_page_shows_both_values(client: Client, customer: User) -> None:
    support_browser(client, customer)
    license = customer.license
    page = license_values(license, last_day="2030-01-31")
    moved = datetime.fromisoformat("2029-12-31T12:00:00+00:00")
    License.objects.filter(pk=license.pk).update(expires_at=moved, is_suspended=True)
    refused = client.post(license_page(license), page)
    assert refused.status_code == 422
    assert "Someone changed this meanwhile, to “" in html(refused)
    assert "2029" in str(refused.context["adminform"].form.errors["last_day"])
    assert 'value="2030-01-31"' in html(refused)
    license.refresh_from_db()
    assert license.expires_at == moved
    answer = client.post(license_page(license), page | {"drawn": refused.context["adminform"].form.signed_drawn})
    assert answer.status_code == 302
    license.refresh_from_db()
    assert license.is_suspended
    assert license.expires_at > moved


def test_a_license_that_moved_under_the_service_is_left_alone(customer: User) -> None:
    act = SupportAct(staff=make_staff(), reason=REASON)
    open_record(staff=act.staff, customer=customer, ticket=TICKET)
    seen = LicenseForm(instance=customer.license).seen
    License.objects.update(is_suspended=True)
    with pytest.raises(ChangedMeanwhile):
        change_license(license=customer.license, values={"is_suspended": True}, seen=seen, act=act)
    assert lines(customer) == []


def free_license(user: User) -> License:
    assert user.organization is not None
    return License.objects.create(
        organization=user.organization,
        plan=Plan.objects.get(code="eco"),
        starts_at=datetime.fromisoformat("2026-01-01T00:00:00+00:00"),
        expires_at=datetime.fromisoformat("2027-01-02T04:59:59+00:00"),
    )
