"""A customer's record is opened with a ticket for a limited time, and the customer reads of it."""

from datetime import timedelta
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings as project
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.choices import SecurityEventKind
from accounts.models import OpenedRecord, SecurityEvent, User
from accounts.retention import forget_what_is_over
from accounts.services.opened_records import open_record, opened_record
from core.db import database_now
from tests.cast import make_staff, make_user, prove_number, sign_in
from tests.outbox import delivered
from tests.portal.support import (
    REASON,
    TICKET,
    html,
    license_page,
    license_values,
    lines,
    open_for,
    support_browser,
    user_page,
    user_values,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer() -> User:
    """Somebody with a license and a proven number."""
    user = make_user("pro@demo.example", plan="pro", first_name="Camille", last_name="Tremblay")
    prove_number(user, "+14165550123")
    return user


def opening_page(user: User) -> str:
    """Return the address where a record is opened."""
    return reverse("admin:accounts_user_open", args=[user.pk])


def closed_pages(user: User) -> list[str]:
    """Return every address that a ticket opens."""
    log = reverse("admin:accounts_securityevent_changelist")
    return [
        user_page(user),
        reverse("admin:accounts_user_history", args=[user.pk]),
        f"{log}?user__id__exact={user.pk}",
        license_page(user.license),
        reverse("admin:licenses_license_history", args=[user.license.pk]),
        *(reverse(f"admin:accounts_user_{name}", args=[user.pk]) for name in ("unlock", "reset_two_factor")),
    ]


def end_opening() -> None:
    """Let the time of every ticket pass."""
    OpenedRecord.objects.update(expires_at=database_now())


def log_lines(user: User) -> list[tuple[str, str]]:
    """Return who opened a record, and with which ticket."""
    opened = SecurityEvent.objects.filter(user=user, kind=SecurityEventKind.SUPPORT_OPENED)
    return list(opened.order_by("pk").values_list("actor", "ticket"))


def test_without_a_ticket_every_page_leads_to_the_opening_and_shows_nothing(client: Client, customer: User) -> None:
    support_browser(client)
    for page in closed_pages(customer):
        answer = client.get(page)
        assert answer.status_code == 302, page
        assert answer.headers["Location"].startswith(f"{opening_page(customer)}?next=%2Fadmin%2F"), page
        assert "Camille" not in html(client.get(page, follow=True))
    assert not log_lines(customer)


def test_a_ticket_opens_the_record_and_stands_in_the_customers_log(client: Client, customer: User) -> None:
    staff = support_browser(client)
    wanted = reverse("admin:accounts_user_history", args=[customer.pk])
    answer = client.post(opening_page(customer), {"ticket": " INC-4711 ", "next": wanted})
    assert (answer.status_code, answer.headers["Location"]) == (302, wanted)
    assert log_lines(customer) == [(staff.email, "INC-4711")]
    assert "Camille" in html(client.get(user_page(customer)))
    for page_of_record in closed_pages(customer)[:5]:
        assert client.get(page_of_record).status_code == 200, page_of_record
    assert log_lines(customer) == [(staff.email, "INC-4711")]
    assert not delivered("email")


@pytest.mark.parametrize(("language", "line"), [("en", "Record opened by support"), ("fr", "Dossier ouvert par")])
def test_the_customer_reads_who_looked_and_under_which_ticket(
    client: Client, customer: User, language: str, line: str
) -> None:
    User.objects.filter(pk=customer.pk).update(language=language)
    staff = make_staff()
    open_record(staff=staff, customer=customer, ticket="4711")
    sign_in(client, User.objects.get(pk=customer.pk))
    shown = html(client.get("/account/security/"))
    for part in (line, staff.email, {"en": "ticket 4711", "fr": "billet 4711"}[language]):
        assert part in shown


@pytest.mark.parametrize("ticket", ["", "   ", "x" * 41, "-1", "<b>", "4711\n4712", "https://evil.example"])
def test_without_a_usable_ticket_the_record_stays_closed(client: Client, customer: User, ticket: str) -> None:
    support_browser(client)
    answer = client.post(opening_page(customer), {"ticket": ticket})
    assert answer.status_code == 422
    assert not OpenedRecord.objects.exists()
    assert not log_lines(customer)


def test_looking_at_the_page_that_asks_opens_nothing(client: Client, customer: User) -> None:
    support_browser(client)
    client.get(opening_page(customer), {"ticket": TICKET})
    assert not OpenedRecord.objects.exists()
    assert client.put(opening_page(customer)).status_code == 405


def test_after_its_time_the_record_is_closed_and_asks_anew(client: Client, customer: User) -> None:
    support_browser(client, customer)
    opened = OpenedRecord.objects.get()
    left = opened.expires_at - database_now()
    assert timedelta(minutes=29) < left <= timedelta(minutes=30)
    end_opening()
    for page in closed_pages(customer):
        assert client.get(page).status_code == 302, page
    refused = client.post(user_page(customer), user_values(customer, first_name="Zoé"), follow=True)
    assert "Nothing was changed." in html(refused)
    customer.refresh_from_db()
    assert customer.first_name == "Camille"
    open_for(client, customer, "4712")
    assert [ticket for _actor, ticket in log_lines(customer)] == [TICKET, "4712"]
    assert client.get(user_page(customer)).status_code == 200


def test_the_operator_may_choose_another_time(client: Client, customer: User, settings: Settings) -> None:
    settings.SUPPORT_RECORD_MINUTES = 5
    support_browser(client, customer)
    assert OpenedRecord.objects.get().expires_at <= database_now() + timedelta(minutes=5)
    assert project.SUPPORT_RECORD_MINUTES == 5


def test_a_ticket_opens_one_record_to_one_person(client: Client, customer: User) -> None:
    other = make_user("other@other.example", plan="eco")
    support_browser(client, customer)
    colleague = Client()
    support_browser(colleague, email="second@demo.example")
    assert client.get(user_page(other)).status_code == 302
    assert client.get(license_page(other.license)).status_code == 302
    assert colleague.get(user_page(customer)).status_code == 302


def test_nobody_opens_the_record_of_support_or_of_nobody(client: Client) -> None:
    staff = support_browser(client)
    for pk in (staff.pk, make_staff("second@demo.example").pk, 999_999):
        assert client.post(reverse("admin:accounts_user_open", args=[pk]), {"ticket": TICKET}).status_code == 404
    with pytest.raises(ValueError, match="customers"):
        open_record(staff=staff, customer=make_staff("third@demo.example"), ticket=TICKET)
    assert not OpenedRecord.objects.exists()


def test_whoever_became_staff_is_no_open_record_any_more(customer: User) -> None:
    staff = make_staff()
    open_record(staff=staff, customer=customer, ticket=TICKET)
    User.objects.filter(pk=customer.pk).update(is_staff=True, organization=None)
    assert opened_record(staff=staff, customer=customer) is None


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "/account/", "/admin/\\evil", "javascript:x", ""]
)
def test_the_opened_record_leads_only_to_the_support_pages(client: Client, customer: User, wanted: str) -> None:
    support_browser(client)
    answer = client.post(opening_page(customer), {"ticket": TICKET, "next": wanted})
    assert answer.headers["Location"].startswith("/admin/")


def test_the_pages_are_nothing_for_customers(client: Client, customer: User) -> None:
    sign_in(client, customer)
    for page in (opening_page(customer), *closed_pages(customer)):
        assert client.get(page).status_code == 404
        assert client.post(page, {"ticket": TICKET, "reason": REASON}).status_code == 404


def test_a_change_carries_its_ticket_everywhere(client: Client, customer: User) -> None:
    support_browser(client, customer)
    client.post(user_page(customer), user_values(customer, language="fr"))
    assert LogEntry.objects.get().change_message == f"Language: English → Français; Ticket: 4711; Reason: {REASON}"
    assert [line.ticket for line in lines(customer)] == ["4711"]
    (mail,) = delivered("email")
    assert "4711" in mail.text
    assert "4711" in mail.html


def test_a_license_change_carries_the_ticket_of_its_holder(client: Client, customer: User) -> None:
    support_browser(client, customer)
    client.post(license_page(customer.license), license_values(customer.license, is_suspended="on"))
    assert "Ticket: 4711" in LogEntry.objects.get().change_message
    assert [line.ticket for line in lines(customer)] == ["4711"]


def test_lists_and_histories_name_nobody_whose_record_is_closed(client: Client, customer: User) -> None:
    support_browser(client, customer)
    client.post(user_page(customer), user_values(customer, first_name="Zoé"))
    client.post(license_page(customer.license), license_values(customer.license, holder_email=""))
    customer.license.holder = customer
    customer.license.save()
    lists = [reverse("admin:admin_logentry_changelist"), reverse("admin:licenses_license_changelist")]
    entries = [reverse("admin:admin_logentry_change", args=[entry.pk]) for entry in LogEntry.objects.order_by("pk")]
    for page in (*lists, *entries):
        assert "pro@demo.example" in html(client.get(page)), page
    end_opening()
    for page in entries:
        assert client.get(page).status_code == 403, page
    for page in (*lists, reverse("admin:index")):
        shown = html(client.get(page))
        assert "pro@demo.example" not in shown, page
        assert "Zoé" not in shown, page


def test_a_single_line_of_the_log_is_closed_too(client: Client, customer: User) -> None:
    support_browser(client, customer)
    event = SecurityEvent.objects.filter(user=customer).latest("pk")
    page = f"{reverse('admin:accounts_securityevent_change', args=[event.pk])}?user__id__exact={customer.pk}"
    assert client.get(page).status_code == 200
    end_opening()
    assert client.get(page).status_code == 302


def test_the_page_that_asks_names_only_whom_the_search_named(client: Client, customer: User) -> None:
    support_browser(client)
    people, licenses = reverse("admin:accounts_user_search"), reverse("admin:licenses_license_search")

    def reached(search: str, term: str, page: str) -> str:
        found = urlsplit(client.post(search, {"term": term}).headers["Location"])
        return html(client.get(f"{page}?{urlencode({'_changelist_filters': found.query})}", follow=True))

    assert "pro@demo.example" in reached(people, "PRO@demo.example", user_page(customer))
    for shown in (
        html(client.get(opening_page(customer))),
        html(client.get(license_page(customer.license), follow=True)),
        reached(people, "other@demo.example", user_page(customer)),
        reached(people, "Demo Comp", user_page(customer)),
        reached(licenses, "Demo Comp", license_page(customer.license)),
        html(client.post(opening_page(customer), {"ticket": ""})),
    ):
        assert "pro@demo.example" not in shown
        assert f"Customer number {customer.pk}" in shown


def test_what_was_typed_comes_back_once_the_record_is_open_again(client: Client, customer: User) -> None:
    support_browser(client, customer)
    page = user_values(customer, first_name="Zoé", is_active=None)
    end_opening()
    client.post(user_page(customer), page)
    assert "Zoé" not in html(client.get(user_page(customer), follow=True))
    User.objects.filter(pk=customer.pk).update(last_name="Roy")
    open_for(client, customer)
    shown = client.get(user_page(customer))
    assert "What you typed is back. Nothing is saved yet." in html(shown)
    assert 'value="Zoé"' in html(shown)
    form = shown.context["adminform"].form
    assert not form["is_active"].value()
    assert client.post(user_page(customer), page | {"drawn": form.signed_drawn}).status_code == 302
    customer.refresh_from_db()
    assert (customer.first_name, customer.last_name, customer.is_active) == ("Zoé", "Roy", False)
    assert "What you typed" not in html(client.get(user_page(customer)))


def test_a_form_sent_again_and_again_says_once_that_the_record_is_closed(client: Client, customer: User) -> None:
    support_browser(client, customer)
    end_opening()
    for _time in range(5):
        client.post(user_page(customer), user_values(customer, first_name="Zoé"))
    assert html(client.get(opening_page(customer))).count("The record is not open any more") == 1


def test_openings_that_are_over_are_forgotten(customer: User) -> None:
    open_record(staff=make_staff(), customer=customer, ticket=TICKET)
    forget_what_is_over(database_now())
    assert OpenedRecord.objects.exists()
    forget_what_is_over(database_now() + timedelta(minutes=31))
    assert not OpenedRecord.objects.exists()
