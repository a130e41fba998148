"""What support may change: kept with its reason, logged, mailed, and nothing beyond it, however the form is forged."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.test import Client
from django.urls import reverse

from accounts.choices import RoleType, SecurityEventKind
from accounts.models import Organization, SecurityEvent, Session, User
from licenses.models import License, Plan
from tests.cast import PASSWORD, make_organization, make_staff, make_user, prove_number, sign_in
from tests.outbox import delivered
from tests.portal.support import (
    REASON,
    html,
    license_page,
    license_values,
    organization_page,
    plan_values,
    support_browser,
    user_page,
    user_values,
)
from tests.races import on_threads

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Organization:
    """An organization with an administrator who stays."""
    organization = make_organization()
    make_user("admin@demo.example", organization=organization, is_administrator=True)
    return organization


@pytest.fixture
def customer(company: Organization) -> User:
    """Somebody with a Pro license and a proven number."""
    user = make_user("pro@demo.example", organization=company, plan="pro", first_name="Camille", last_name="Tremblay")
    prove_number(user, "+14165550123")
    return user


def lines(user: User) -> list[SecurityEvent]:
    """Return what support did, as the customer's security log tells it."""
    return list(SecurityEvent.objects.filter(user=user, kind=SecurityEventKind.SUPPORT_CHANGED).order_by("pk"))


def mailed() -> set[str]:
    """Return who was mailed about support."""
    return {mail.to for mail in delivered("email") if "upport" in mail.subject}


def test_a_change_is_kept_logged_and_mailed(client: Client, customer: User) -> None:
    staff = support_browser(client)
    answer = client.post(user_page(customer), user_values(customer, time_zone="America/Vancouver", first_name="Zoé"))
    assert answer.status_code == 302
    customer.refresh_from_db()
    assert (customer.time_zone, customer.first_name) == ("America/Vancouver", "Zoé")
    entry = LogEntry.objects.get()
    assert (entry.user, entry.action_flag, entry.object_id) == (staff, CHANGE, str(customer.pk))
    assert "Time zone: America/Toronto → America/Vancouver" in entry.change_message
    assert "First name: Camille → Zoé" in entry.change_message
    assert entry.change_message.endswith(f"Reason: {REASON}")
    (line,) = lines(customer)
    assert (line.actor, line.reason) == (staff.email, REASON)
    (mail,) = delivered("email")
    assert mail.to == "pro@demo.example"
    for part in (mail.text, mail.html):
        assert REASON in part
        assert "America/Vancouver" in part
    assert "Last name" not in entry.change_message


def test_the_history_shows_old_value_new_value_and_reason(client: Client, customer: User) -> None:
    support_browser(client)
    client.post(user_page(customer), user_values(customer, language="fr"))
    shown = html(client.get(reverse("admin:accounts_user_history", args=[customer.pk])))
    assert "Language: English → Français" in shown
    assert REASON in shown
    assert "Language: English → Français" in html(client.get(reverse("admin:admin_logentry_changelist")))


def test_the_history_reads_the_same_whatever_language_support_speaks(client: Client, customer: User) -> None:
    staff = support_browser(client)
    User.objects.filter(pk=staff.pk).update(language="fr")
    client.post(user_page(customer), user_values(customer, role_type=RoleType.ADMINISTRATOR))
    assert "Role type: Standard user → Administrator" in LogEntry.objects.get().change_message


def test_the_customer_is_mailed_in_the_customers_language(client: Client, customer: User) -> None:
    User.objects.filter(pk=customer.pk).update(language="fr")
    customer.refresh_from_db()
    support_browser(client)
    client.post(user_page(customer), user_values(customer, is_active=None))
    (mail,) = delivered("email")
    assert '<html lang="fr">' in mail.html


def test_a_french_customer_reads_the_plans_french_name_and_the_history_the_english_one(
    client: Client, customer: User
) -> None:
    User.objects.filter(pk=customer.pk).update(language="fr")
    support_browser(client)
    values = license_values(customer.license, plan=Plan.objects.get(code="advanced").pk)
    client.post(license_page(customer.license), values)
    (mail,) = delivered("email")
    assert "Pro → Avancé" in mail.text
    assert "License: Pro → Advanced" in LogEntry.objects.get().change_message


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_without_a_usable_reason_nothing_changes(client: Client, customer: User, reason: str) -> None:
    support_browser(client)
    answer = client.post(user_page(customer), user_values(customer, first_name="Zoé", reason=reason))
    assert answer.status_code == 200
    assert_untouched(customer)


def test_a_page_on_which_nothing_was_changed_is_not_kept(client: Client, customer: User) -> None:
    support_browser(client)
    answer = client.post(user_page(customer), user_values(customer))
    assert "Nothing was changed on this page." in html(answer)
    assert_untouched(customer)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first_name", "https://evil.example"),
        ("first_name", "x" * 101),
        ("last_name", "a\u202eb"),
        ("time_zone", "Mars/Olympus"),
        ("date_culture", "xx-YY"),
        ("default_sms_country", "ZZ"),
        ("default_sms_country", "AQ"),
        ("language", "de"),
        ("role_type", "superuser"),
        ("role_type", ""),
    ],
)
def test_what_the_account_page_refuses_is_refused_here(client: Client, customer: User, field: str, value: str) -> None:
    support_browser(client)
    answer = client.post(user_page(customer), user_values(customer, **{field: value}))
    assert answer.status_code == 200
    assert_untouched(customer)


FORGED: dict[str, object] = {
    "is_staff": "on",
    "is_superuser": "on",
    "password": "pbkdf2_sha256$1$x$x",
    "password1": "violet harbour ladder seven",
    "password2": "violet harbour ladder seven",
    "usable_password": "false",
    "email": "evil@demo.example",
    "email_key": "evil@demo.example",
    "organization": "",
    "cell_number": "+14165550199",
    "cell_number_sealed": "x",
    "cell_number_digest": "x",
    "cell_number_proven_at": "2026-01-01 00:00:00",
    "cell_number_proven_at_0": "2026-01-01",
    "two_factor_enabled": "on",
    "groups": "1",
    "user_permissions": "1",
    "last_login_0": "2026-01-01",
    "created_at_0": "2020-01-01",
    "hour_clock": "24",
    "iso_dates": "on",
    "id": "1",
    "_saveasnew": "1",
}
PROTECTED = (
    "is_staff",
    "password",
    "email",
    "email_key",
    "organization_id",
    "cell_number_sealed",
    "cell_number_digest",
    "cell_number_proven_at",
    "two_factor_enabled",
    "last_login",
    "created_at",
    "hour_clock",
    "iso_dates",
)


def protected(user: User) -> dict[str, Any]:
    """Return what support may never change."""
    return dict(User.objects.filter(pk=user.pk).values(*PROTECTED).get())


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_field_changes_nothing_beside_what_the_form_has(client: Client, customer: User, name: str) -> None:
    support_browser(client)
    before, people = protected(customer), User.objects.count()
    forged = user_values(customer, first_name="Zoé") | {name: FORGED[name]}
    client.post(user_page(customer), forged)
    assert protected(customer) == before
    assert User.objects.count() == people


def test_staff_cannot_be_seen_or_changed_not_even_oneself(client: Client, customer: User) -> None:
    staff = support_browser(client)
    other = make_staff("second@demo.example")
    for target in (staff, other):
        before = User.objects.filter(pk=target.pk).values().get()
        for page in (user_page(target), reverse("admin:accounts_user_history", args=[target.pk])):
            assert client.get(page).status_code in (302, 404)
            client.post(page, user_values(target, first_name="Evil", is_active=None))
        assert User.objects.filter(pk=target.pk).values().get() == before
    assert "second@demo.example" not in html(client.get(reverse("admin:accounts_user_changelist")))
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "accounts/user/add/",
        "accounts/user/{user}/delete/",
        "accounts/user/{user}/password/",
        "accounts/organization/add/",
        "accounts/organization/{organization}/delete/",
        "accounts/securityevent/add/",
        "accounts/securityevent/{event}/change/",
        "accounts/securityevent/{event}/delete/",
        "licenses/plan/add/",
        "licenses/plan/{plan}/delete/",
        "licenses/license/{license}/delete/",
        "admin/logentry/add/",
        "admin/logentry/{entry}/change/",
        "admin/logentry/{entry}/delete/",
        "auth/group/",
        "auth/permission/",
        "accounts/session/",
        "accounts/smsdevice/",
        "accounts/recoverycode/",
        "accounts/mailedlink/",
        "core/job/",
        "core/code/",
        "contenttypes/contenttype/",
        "password_change/",
        "logout/",
        "autocomplete/?app_label=licenses&model_name=license&field_name=holder&term=a",
        "r/1/1/",
        "login/",
    ],
)
def test_what_is_not_given_to_support_is_refused(client: Client, customer: User, address: str) -> None:
    support_browser(client)
    client.post(user_page(customer), user_values(customer, first_name="Zoé"))
    counts = [model.objects.count() for model in (User, Organization, Plan, License, LogEntry)]
    named = address.format(
        user=customer.pk,
        organization=customer.organization_id,
        event=SecurityEvent.objects.filter(user=customer).latest("pk").pk,
        plan=customer.license.plan_id,
        license=customer.license.pk,
        entry=LogEntry.objects.get().pk,
    )
    values = {"post": "yes", "reason": REASON, "email": "evil@demo.example", "is_staff": "on", "name": "Evil"}
    answer = client.post(f"/admin/{named}", values)
    assert answer.status_code in (302, 403, 404, 405)
    if answer.status_code == 302:
        # Django leads from a row that this page does not have, and from an address without its slash, to a safe page.
        assert answer.headers["Location"].startswith("/admin/")
    assert counts == [model.objects.count() for model in (User, Organization, Plan, License, LogEntry)]


@pytest.mark.parametrize("page", ["accounts_user", "accounts_organization", "licenses_license", "licenses_plan"])
def test_no_list_takes_an_action_or_an_edit(client: Client, customer: User, page: str) -> None:
    support_browser(client)
    before = list(User.objects.values()), list(License.objects.values()), list(Plan.objects.values())
    pks = [customer.pk, customer.license.pk, customer.organization_id]
    for action in ("delete_selected", "save_model", "keep", "delete_queryset", ""):
        forged = {"action": action, "_selected_action": pks, "post": "yes", "index": "0", "_save": "Save"}
        edits = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-id": customer.pk, "form-0-is_staff": "on"}
        client.post(reverse(f"admin:{page}_changelist"), forged | edits)
    assert before == (list(User.objects.values()), list(License.objects.values()), list(Plan.objects.values()))


def test_somebody_who_is_suspended_is_signed_out_everywhere(client: Client, customer: User) -> None:
    customers_browser = Client()
    sign_in(customers_browser, customer)
    support_browser(client)
    client.post(user_page(customer), user_values(customer, is_active=None))
    customer.refresh_from_db()
    assert not customer.is_active
    assert not Session.objects.filter(user=customer).exists()
    assert customers_browser.get("/account/").status_code == 302


@pytest.mark.parametrize("changed", [{"is_active": None}, {"role_type": RoleType.STANDARD}])
def test_the_last_active_administrator_stays(client: Client, company: Organization, changed: dict[str, Any]) -> None:
    administrator = company.users.get()
    make_user("second@demo.example", organization=company, is_administrator=True, is_active=False)
    make_user("elsewhere@demo.example", is_administrator=True)
    support_browser(client)
    answer = client.post(user_page(administrator), user_values(administrator, **changed))
    assert answer.status_code == 200
    assert "One administrator must remain" in html(answer)
    administrator.refresh_from_db()
    assert administrator.is_active
    assert administrator.is_administrator
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("changed", [{"is_active": None}, {"role_type": RoleType.STANDARD}])
def test_one_of_two_administrators_may_go(client: Client, company: Organization, changed: dict[str, Any]) -> None:
    second = make_user("second@demo.example", organization=company, is_administrator=True)
    support_browser(client)
    assert client.post(user_page(second), user_values(second, **changed)).status_code == 302
    second.refresh_from_db()
    assert not (second.is_active and second.is_administrator)


def test_a_suspended_administrator_may_become_a_standard_user(client: Client, company: Organization) -> None:
    second = make_user("second@demo.example", organization=company, is_administrator=True, is_active=False)
    support_browser(client)
    answer = client.post(user_page(second), user_values(second, is_active=None, role_type=RoleType.STANDARD))
    assert answer.status_code == 302


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_two_administrators_demoted_at_once_one_remains() -> None:
    for round_number in range(5):
        organization = make_organization()
        names = [f"a{round_number}@demo.example", f"b{round_number}@demo.example"]
        both = [make_user(name, organization=organization, is_administrator=True) for name in names]
        browsers = []
        for number in range(2):
            browsers.append(Client())
            sign_in(browsers[-1], make_staff(f"staff{round_number}{number}@demo.example"))

        def demote(number: int, both: list[User] = both, browsers: list[Client] = browsers) -> int:
            changed = {"role_type": RoleType.STANDARD} if number else {"is_active": None}
            return browsers[number].post(user_page(both[number]), user_values(both[number], **changed)).status_code

        assert sorted(on_threads(2, demote)) == [200, 302]
        left = User.objects.filter(organization=organization, is_active=True, role_type=RoleType.ADMINISTRATOR)
        assert left.count() == 1


def test_an_organization_is_changed_and_its_administrators_are_told(client: Client, company: Organization) -> None:
    staff = support_browser(client)
    values = {
        "name": "Société Démo",
        "language": company.language,
        "time_zone": company.time_zone,
        "date_culture": "fr-CA",
        "default_sms_country": company.default_sms_country,
        "reason": REASON,
    }
    assert client.post(organization_page(company), values).status_code == 302
    company.refresh_from_db()
    assert (company.name, company.date_culture) == ("Société Démo", "fr-CA")
    assert "Name: Demo Company → Société Démo" in LogEntry.objects.get().change_message
    (line,) = lines(company.users.get())
    assert (line.actor, line.reason) == (staff.email, REASON)
    assert mailed() == {"admin@demo.example"}


def test_a_license_changes_plan_end_and_suspension(client: Client, customer: User) -> None:
    support_browser(client)
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
    support_browser(client)
    values = license_values(customer.license, holder_email="FREE@demo.example")
    assert client.post(license_page(customer.license), values).status_code == 302
    assert License.objects.get().holder == colleague
    assert mailed() == {"pro@demo.example", "free@demo.example"}
    assert "Holder: pro@demo.example → FREE@demo.example" in LogEntry.objects.get().change_message


def test_a_license_is_released_and_given_again(client: Client, customer: User) -> None:
    support_browser(client)
    license = customer.license
    assert client.post(license_page(license), license_values(license, holder_email="")).status_code == 302
    license = License.objects.get()
    assert license.holder is None
    assert "Holder: pro@demo.example → none" in LogEntry.objects.get().change_message
    values = license_values(license, holder_email="pro@demo.example")
    assert client.post(license_page(license), values).status_code == 302
    assert License.objects.get().holder == customer


def test_a_free_licenses_change_is_told_to_the_administrators(client: Client, customer: User) -> None:
    support_browser(client)
    free = free_license(customer)
    assert client.post(license_page(free), license_values(free, is_suspended="on")).status_code == 302
    assert mailed() == {"admin@demo.example"}


@pytest.mark.parametrize("whom", ["stranger", "other tenant", "staff", "suspended", "licensed"])
def test_a_license_goes_only_to_an_active_colleague_without_one(client: Client, customer: User, whom: str) -> None:
    support_browser(client)
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
    support_browser(client)
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
    support_browser(client)
    other = make_organization("Other Company")
    forged = license_values(customer.license, is_suspended="on", organization=other.pk, starts_at="2001-01-01")
    assert client.post(license_page(customer.license), forged).status_code == 302
    license = License.objects.get()
    assert license.organization == customer.organization
    assert license.starts_at == customer.license.starts_at


def test_a_plans_limits_names_and_price_change_for_everybody(client: Client, customer: User) -> None:
    support_browser(client)
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


def test_a_typed_password_or_post_never_opens_these_pages(client: Client, company: Organization) -> None:
    """Statement 2: there is no sign-in here; a right password alone opens nothing."""
    staff = make_staff()
    answer = client.post("/admin/login/", {"username": staff.email, "email": staff.email, "password": PASSWORD})
    assert answer.status_code == 405
    assert not Session.objects.exists()
    assert client.get("/admin/").status_code == 302
    sign_in(client, company.users.get())
    assert client.post("/admin/login/", {"username": staff.email, "password": PASSWORD}).status_code == 404
    assert client.get("/admin/").status_code == 404


def test_a_forged_form_without_its_token_is_refused(customer: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    sign_in(strict, make_staff())
    assert strict.post(user_page(customer), user_values(customer, first_name="Zoé")).status_code == 403
    assert strict.post(reverse("admin:accounts_user_search"), {"term": "pro"}).status_code == 403
    assert_untouched(customer)


def assert_untouched(user: User) -> None:
    """Hold that nothing was changed, logged or mailed."""
    assert User.objects.filter(pk=user.pk).values_list("first_name", "last_name", "time_zone", "role_type").get() == (
        user.first_name,
        user.last_name,
        user.time_zone,
        user.role_type,
    )
    assert not LogEntry.objects.exists()
    assert lines(user) == []
    assert mailed() == set()


def free_license(user: User) -> License:
    assert user.organization is not None
    return License.objects.create(
        organization=user.organization,
        plan=Plan.objects.get(code="eco"),
        starts_at=datetime.fromisoformat("2026-01-01T00:00:00+00:00"),
        expires_at=datetime.fromisoformat("2027-01-02T04:59:59+00:00"),
    )
