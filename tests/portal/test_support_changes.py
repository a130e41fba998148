"""What support may change: kept with its reason, logged, mailed, and nothing beyond it, however the form is forged."""

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.test import Client
from django.urls import reverse

from accounts.admin import OrganizationForm, UserForm
from accounts.choices import RoleType
from accounts.errors import RecordClosed
from accounts.models import Organization, SecurityEvent, Session, User
from accounts.services.opened_records import open_record
from accounts.services.support import SupportAct, change_user
from core.errors import ChangedMeanwhile
from licenses.models import License, Plan
from licenses.periods import day_of, end_of_day
from tests.accounts.steps import let_proof_grow_old
from tests.cast import PASSWORD, make_organization, make_staff, make_user, sign_in
from tests.outbox import delivered
from tests.portal.support import (
    REASON,
    drawn_with,
    html,
    license_page,
    lines,
    mailed,
    make_company,
    make_customer,
    organization_page,
    support_browser,
    user_page,
    user_values,
)
from tests.races import on_threads

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Organization:
    """An organization with an administrator who stays."""
    return make_company()


@pytest.fixture
def customer(company: Organization) -> User:
    """Somebody with a Pro license and a proven number."""
    return make_customer(company)


def test_a_change_is_kept_logged_and_mailed(client: Client, customer: User) -> None:
    staff = support_browser(client, customer)
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


def test_support_switches_the_warning_of_unread_items_off(client: Client, customer: User) -> None:
    support_browser(client, customer)
    assert client.post(user_page(customer), user_values(customer, is_warned_of_unread=None)).status_code == 302
    customer.refresh_from_db()
    assert not customer.is_warned_of_unread
    assert "Warned before something ends unread: yes → no" in LogEntry.objects.get().change_message


def test_the_history_shows_old_value_new_value_and_reason(client: Client, customer: User) -> None:
    support_browser(client, customer)
    client.post(user_page(customer), user_values(customer, language="fr"))
    shown = html(client.get(reverse("admin:accounts_user_history", args=[customer.pk])))
    assert "Language: English → Français" in shown
    assert REASON in shown
    assert "Language: English → Français" in html(client.get(reverse("admin:admin_logentry_changelist")))


def test_the_history_reads_the_same_whatever_language_support_speaks(client: Client, customer: User) -> None:
    staff = support_browser(client, customer)
    User.objects.filter(pk=staff.pk).update(language="fr")
    client.post(user_page(customer), user_values(customer, role_type=RoleType.ADMINISTRATOR))
    assert "Role type: Standard user → Administrator" in LogEntry.objects.get().change_message


def test_the_customer_is_mailed_in_the_customers_language(client: Client, customer: User) -> None:
    User.objects.filter(pk=customer.pk).update(language="fr")
    customer.refresh_from_db()
    support_browser(client, customer)
    client.post(user_page(customer), user_values(customer, is_active=None))
    (mail,) = delivered("email")
    assert '<html lang="fr">' in mail.html


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_without_a_usable_reason_nothing_changes(client: Client, customer: User, reason: str) -> None:
    support_browser(client, customer)
    answer = client.post(user_page(customer), user_values(customer, first_name="Zoé", reason=reason))
    assert answer.status_code == 422
    assert_untouched(customer)


def test_a_page_on_which_nothing_was_changed_is_not_kept(client: Client, customer: User) -> None:
    support_browser(client, customer)
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
    support_browser(client, customer)
    answer = client.post(user_page(customer), user_values(customer, **{field: value}))
    assert answer.status_code == 422
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
    support_browser(client, customer)
    before, people = protected(customer), User.objects.count()
    forged = user_values(customer, first_name="Zoé") | {name: FORGED[name]}
    client.post(user_page(customer), forged)
    assert protected(customer) == before
    assert User.objects.count() == people


def test_staff_cannot_be_seen_or_changed_not_even_oneself(client: Client, customer: User) -> None:
    staff = support_browser(client, customer)
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
    support_browser(client, customer)
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
    support_browser(client, customer)
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
    support_browser(client, customer)
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
    support_browser(client, administrator)
    answer = client.post(user_page(administrator), user_values(administrator, **changed))
    assert answer.status_code == 422
    assert "One administrator must remain" in html(answer)
    administrator.refresh_from_db()
    assert administrator.is_active
    assert administrator.is_administrator
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("changed", [{"is_active": None}, {"role_type": RoleType.STANDARD}])
def test_one_of_two_administrators_may_go(client: Client, company: Organization, changed: dict[str, Any]) -> None:
    second = make_user("second@demo.example", organization=company, is_administrator=True)
    support_browser(client, second)
    assert client.post(user_page(second), user_values(second, **changed)).status_code == 302
    second.refresh_from_db()
    assert not (second.is_active and second.is_administrator)


def test_a_suspended_administrator_may_become_a_standard_user(client: Client, company: Organization) -> None:
    second = make_user("second@demo.example", organization=company, is_administrator=True, is_active=False)
    support_browser(client, second)
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
            support_browser(browsers[-1], both[number], email=f"staff{round_number}{number}@demo.example")

        def demote(number: int, both: list[User] = both, browsers: list[Client] = browsers) -> int:
            changed = {"role_type": RoleType.STANDARD} if number else {"is_active": None}
            return browsers[number].post(user_page(both[number]), user_values(both[number], **changed)).status_code

        assert sorted(on_threads(2, demote)) == [302, 422]
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
        "drawn": drawn_with(OrganizationForm, company),
    }
    assert client.post(organization_page(company), values).status_code == 302
    company.refresh_from_db()
    assert (company.name, company.date_culture) == ("Société Démo", "fr-CA")
    assert "Name: Demo Company → Société Démo" in LogEntry.objects.get().change_message
    (line,) = lines(company.users.get())
    assert (line.actor, line.reason) == (staff.email, REASON)
    assert mailed() == {"admin@demo.example"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("America/Toronto", "Europe/Paris"),
        ("Europe/Paris", "America/Vancouver"),
        ("Pacific/Honolulu", "Pacific/Kiritimati"),
        ("Pacific/Kiritimati", "Pacific/Honolulu"),
    ],
)
def test_licenses_end_with_the_same_day_in_another_zone(
    client: Client, company: Organization, customer: User, old: str, new: str
) -> None:
    last_day = date(2027, 11, 21)
    Organization.objects.filter(pk=company.pk).update(time_zone=old)
    company.refresh_from_db()
    # One more begins so late on its last day that this day is over in a zone east of it.
    late = License.objects.create(
        organization=company,
        plan=Plan.objects.get(code="pro"),
        starts_at=end_of_day(last_day, old) - timedelta(minutes=1),
        expires_at=end_of_day(last_day, old),
    )
    License.objects.filter(holder=customer).update(expires_at=end_of_day(last_day, old))
    elsewhere = make_user("other@demo.example", plan="pro").license
    support_browser(client, customer)
    habits = ("name", "language", "date_culture", "default_sms_country")
    values = {name: getattr(company, name) for name in habits} | {"time_zone": new, "reason": REASON}
    values["drawn"] = drawn_with(OrganizationForm, company)
    assert client.post(organization_page(company), values).status_code == 302
    customer.license.refresh_from_db()
    assert customer.license.expires_at == end_of_day(last_day, new)
    assert 'value="2027-11-21"' in html(client.get(license_page(customer.license)))
    late.refresh_from_db()
    assert late.expires_at == end_of_day(max(last_day, day_of(late.starts_at, new)), new)
    assert License.objects.get(pk=elsewhere.pk).expires_at == elsewhere.expires_at


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


@pytest.mark.parametrize(
    ("language", "says"),
    [("en", "Someone changed this meanwhile, to “Zoé”"), ("fr", "Quelqu’un a modifié ceci entre-temps")],
)
def test_a_stale_page_changes_only_what_was_edited_and_shows_what_moved(
    client: Client, customer: User, language: str, says: str
) -> None:
    staff = support_browser(client, customer)
    User.objects.filter(pk=staff.pk).update(language=language)
    page = user_values(customer, first_name="Zoé")
    User.objects.filter(pk=customer.pk).update(last_name="Roy", time_zone="America/Vancouver")
    assert client.post(user_page(customer), page).status_code == 302
    customer.refresh_from_db()
    assert (customer.first_name, customer.last_name, customer.time_zone) == ("Zoé", "Roy", "America/Vancouver")
    assert "Last name" not in LogEntry.objects.get().change_message

    refused = client.post(user_page(customer), page | {"first_name": "Anaïs"})
    assert refused.status_code == 422
    form = refused.context["adminform"].form
    assert says in form.errors["first_name"][0]
    assert "Zoé" in form.errors["first_name"][0]
    assert 'value="Anaïs"' in html(refused)
    assert REASON in html(refused)
    again = page | {"first_name": "Anaïs", "drawn": form.signed_drawn}
    assert client.post(user_page(customer), again).status_code == 302
    customer.refresh_from_db()
    assert (customer.first_name, customer.last_name) == ("Anaïs", "Roy")


def test_a_page_without_its_drawn_values_writes_over_nothing(client: Client, customer: User) -> None:
    support_browser(client, customer)
    for drawn in ("", "forged", drawn_with(UserForm, make_user("other@demo.example"))):
        answer = client.post(user_page(customer), user_values(customer, first_name="Zoé", drawn=drawn))
        assert answer.status_code == 422
    assert_untouched(customer)


def test_an_organization_speaks_no_language_that_the_portal_does_not(client: Client, company: Organization) -> None:
    support_browser(client)
    fields = ("name", "time_zone", "date_culture", "default_sms_country")
    values = {name: getattr(company, name) for name in fields} | {"reason": REASON}
    values["drawn"] = drawn_with(OrganizationForm, company)
    assert client.post(organization_page(company), values | {"language": "xx"}).status_code == 422
    assert client.post(organization_page(company), values | {"language": "fr"}).status_code == 302
    company.refresh_from_db()
    assert company.language == "fr"
    assert "Language: English → Français" in LogEntry.objects.get().change_message


def test_a_stale_page_of_an_organization_shows_both_names(client: Client, company: Organization) -> None:
    support_browser(client)
    habits = ("language", "time_zone", "date_culture", "default_sms_country")
    values = {name: getattr(company, name) for name in habits}
    values |= {"name": "Mine", "reason": REASON, "drawn": drawn_with(OrganizationForm, company)}
    Organization.objects.filter(pk=company.pk).update(name="Theirs")
    refused = client.post(organization_page(company), values)
    assert refused.status_code == 422
    assert "to “Theirs”" in html(refused)
    assert 'value="Mine"' in html(refused)
    company.refresh_from_db()
    assert company.name == "Theirs"


def test_a_row_that_moves_after_it_was_read_is_not_written_over(
    client: Client, customer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    support_browser(client, customer)
    page, clean = user_values(customer, first_name="Zoé"), UserForm.clean

    def clean_while_it_moves(form: UserForm) -> dict[str, Any]:
        cleaned = clean(form)
        # It stands for a colleague's change, and falls back with the transaction that it is in here.
        User.objects.filter(pk=customer.pk).update(first_name="Anaïs")
        return cleaned

    monkeypatch.setattr(UserForm, "clean", clean_while_it_moves)
    answer = client.post(user_page(customer), page, follow=True)
    assert "Someone changed this meanwhile" in html(answer)
    assert_untouched(customer)


def test_the_service_asks_for_the_opened_record_and_the_seen_values(customer: User) -> None:
    act = SupportAct(staff=make_staff(), reason=REASON)
    change = partial(change_user, user=customer, values={"first_name": "Zoé"}, act=act)
    with pytest.raises(RecordClosed):
        change(seen={"first_name": "Camille"})
    open_record(staff=act.staff, customer=customer, ticket="4711")
    with pytest.raises(ChangedMeanwhile):
        change(seen={"first_name": "Anaïs"})
    assert lines(customer) == []
    change(seen={"first_name": "Camille"})
    assert [line.ticket for line in lines(customer)] == ["4711"]


@pytest.mark.parametrize("page", ["person", "license", "organization"])
def test_a_change_asks_for_a_fresh_proof_and_what_was_typed_waits(client: Client, customer: User, page: str) -> None:
    support_browser(client, customer)
    assert customer.organization is not None
    address = {
        "person": user_page(customer),
        "license": license_page(customer.license),
        "organization": organization_page(customer.organization),
    }[page]
    let_proof_grow_old(client)
    answer = client.post(address, {**user_values(customer, first_name="Zoé"), "reason": "Kept words"})
    assert answer.headers["Location"].startswith(reverse("accounts:confirm"))
    assert_untouched(customer)
    assert "Kept words" in html(client.get(address))


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
