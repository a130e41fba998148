"""A support page whose session ends in mid-form: what was typed comes back to the same member of staff alone."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from accounts.limits import STAFF_IDLE_SECONDS
from accounts.models import KeptForm, OpenedRecord, Session, User
from accounts.services.kept_forms import sign_drawn
from core.db import database_now
from licenses.models import Plan
from tests.accounts.steps import begin_half, let_proof_grow_old, let_time_pass, type_code
from tests.cast import make_staff, make_user, sign_in, strict_client
from tests.forms import form_values
from tests.portal.support import html, user_page

pytestmark = pytest.mark.django_db

REASON = "Asked for by phone, typed before"
NAME = "Pro of March"


@pytest.fixture
def staff() -> User:
    """A member of support."""
    return make_staff()


@pytest.fixture
def browser(staff: User) -> Client:
    """A browser in which that member is signed in."""
    return strict_client(staff)


def plan_page() -> str:
    return reverse("admin:licenses_plan_change", args=[Plan.objects.get(code="pro").pk])


def lose(browser: Client, page: str, **typed: str) -> str:
    """Fill in the form of a page, lose the session, press its button, and return where that leads."""
    values = form_values(browser.get(page), None) | typed
    Session.objects.all().delete()
    location: str = browser.post(page, values).headers["Location"]
    return location


def test_what_was_typed_comes_back_to_the_same_person_with_its_reason(browser: Client, staff: User) -> None:
    page = plan_page()
    values = form_values(browser.get(page), None) | {"name_en": NAME, "reason": REASON}
    let_time_pass(browser, timedelta(seconds=STAFF_IDLE_SECONDS + 1))
    asked = browser.post(page, values, follow=True)
    assert asked.redirect_chain == [(f"/sign-in/?next={page.replace('/', '%2F')}", 302)]
    assert "what you typed is kept and comes back" in html(asked)
    sign_in(browser, staff)
    shown = browser.get(page)
    assert "What you typed is back. Nothing is saved yet." in html(shown)
    back = form_values(shown, None)
    assert (back["name_en"], back["reason"].strip()) == (NAME, REASON)


def test_nothing_is_saved_by_itself_and_the_button_saves_it(browser: Client, staff: User) -> None:
    page = plan_page()
    lose(browser, page, name_en=NAME, reason=REASON)
    sign_in(browser, staff)
    back = form_values(browser.get(page), None)
    assert not Plan.objects.filter(name_en=NAME).exists()
    assert not LogEntry.objects.exists()
    assert browser.post(page, back).status_code == 302
    assert Plan.objects.get(name_en=NAME).code == "pro"
    assert not KeptForm.objects.exists()


def test_another_member_of_staff_does_not_get_it(browser: Client, staff: User) -> None:
    page = plan_page()
    lose(browser, page, name_en=NAME, reason=REASON)
    sign_in(browser, make_staff("second@demo.example"))
    other = html(browser.get(page))
    assert NAME not in other
    assert REASON not in other
    sign_in(browser, staff)
    assert form_values(browser.get(page), None)["name_en"] == NAME


def test_a_customer_at_the_same_browser_finds_nothing(browser: Client) -> None:
    page = plan_page()
    lose(browser, page, name_en=NAME, reason=REASON)
    sign_in(browser, make_user("pro@demo.example"))
    answer = browser.get(page)
    assert answer.status_code == 404
    assert NAME not in html(answer)


def test_it_waits_for_the_second_factor(client: Client, staff: User) -> None:
    page = plan_page()
    sign_in(client, staff)
    lose(client, page, name_en=NAME, reason=REASON)
    code = begin_half(client, staff)
    half = client.get(page)
    assert half.status_code == 302
    assert NAME not in html(client.get(page, follow=True))
    type_code(client, code)
    assert form_values(client.get(page), None)["name_en"] == NAME


def test_a_session_without_a_second_factor_does_not_get_it(browser: Client, staff: User) -> None:
    page = plan_page()
    lose(browser, page, name_en=NAME, reason=REASON)
    User.objects.filter(pk=staff.pk).update(two_factor_enabled=False)
    sign_in(browser, User.objects.get(pk=staff.pk))
    answer = browser.get(page)
    assert answer.status_code == 404
    assert NAME not in html(answer)


def test_a_new_row_comes_back_too_with_a_field_that_is_called_code(browser: Client, staff: User) -> None:
    page = reverse("admin:licenses_plan_add")
    lose(browser, page, code="march", name_en=NAME, reason=REASON)
    sign_in(browser, staff)
    back = form_values(browser.get(page), None)
    assert (back["code"], back["name_en"], back["reason"].strip()) == ("march", NAME, REASON)
    assert not Plan.objects.filter(code="march").exists()


def test_a_code_typed_before_a_proof_comes_back_too(browser: Client) -> None:
    page = reverse("admin:licenses_plan_add")
    values = form_values(browser.get(page), None) | {"code": "march", "reason": REASON}
    let_proof_grow_old(browser)
    assert browser.post(page, values).headers["Location"].startswith("/account/security/confirm/")
    assert form_values(browser.get(page), None)["code"] == "march"


def act_page(user: User) -> str:
    return reverse("admin:accounts_user_unlock", args=[user.pk])


def test_the_reason_of_an_act_comes_back_and_is_forgotten_once_it_is_done(browser: Client, staff: User) -> None:
    customer = make_user("pro@demo.example")
    open_for_strictly(browser, customer)
    lose(browser, act_page(customer), reason=REASON)
    sign_in(browser, staff)
    shown = browser.get(act_page(customer))
    assert "What you typed is back. Nothing is saved yet." in html(shown)
    back = form_values(shown, None)
    assert back["reason"].strip() == REASON
    assert not LogEntry.objects.exists()
    assert browser.post(act_page(customer), back).headers["Location"] == user_page(customer)
    assert not KeptForm.objects.exists()
    assert REASON not in html(browser.get(act_page(customer)))


def test_the_reason_of_an_act_waits_for_a_ticket_and_for_a_proof(browser: Client) -> None:
    customer = make_user("pro@demo.example", two_factor=True)
    open_for_strictly(browser, customer)
    page = reverse("admin:accounts_user_reset_two_factor", args=[customer.pk])
    values = form_values(browser.get(page), None) | {"reason": REASON}
    OpenedRecord.objects.update(expires_at=database_now())
    browser.post(page, values)
    open_for_strictly(browser, customer)
    assert form_values(browser.get(page), None)["reason"].strip() == REASON
    let_proof_grow_old(browser)
    browser.post(page, values | {"reason": "Typed again"})
    assert KeptForm.objects.count() == 1
    customer.refresh_from_db()
    assert customer.two_factor_enabled


def test_the_ticket_comes_back_with_where_it_leads(browser: Client, staff: User) -> None:
    customer = make_user("pro@demo.example")
    page, wanted = reverse("admin:accounts_user_open", args=[customer.pk]), act_page(customer)
    values = form_values(browser.get(page, {"next": wanted}), None) | {"ticket": "INC-4711"}
    Session.objects.all().delete()
    browser.post(page, values)
    sign_in(browser, staff)
    back = form_values(browser.get(page), None)
    assert (back["ticket"], back["next"]) == ("INC-4711", wanted)
    assert not OpenedRecord.objects.exists()
    assert browser.post(page, back).headers["Location"] == wanted
    assert not KeptForm.objects.exists()


def open_for_strictly(browser: Client, customer: User) -> None:
    """Open a record in a browser whose forms need their token."""
    page = reverse("admin:accounts_user_open", args=[customer.pk])
    assert browser.post(page, form_values(browser.get(page), None) | {"ticket": "4711"}).status_code == 302


def test_a_form_that_names_nobody_is_not_kept(browser: Client) -> None:
    page = plan_page()
    values = form_values(browser.get(page), None) | {"name_en": NAME, "drawn_for": "forged"}
    Session.objects.all().delete()
    assert browser.post(page, values).headers["Location"].startswith("/sign-in/?next=")
    assert not KeptForm.objects.exists()


@pytest.mark.parametrize("page", ["accounts_user_search", "accounts_user_changelist", "index"])
def test_what_is_no_form_of_a_row_is_not_kept(browser: Client, staff: User, page: str) -> None:
    browser.get(plan_page())
    mark = sign_drawn(user_id=staff.pk, values={})
    token = browser.cookies["csrftoken"].value
    Session.objects.all().delete()
    browser.post(reverse(f"admin:{page}"), {"term": NAME, "drawn_for": mark, "csrfmiddlewaretoken": token})
    assert not KeptForm.objects.exists()
