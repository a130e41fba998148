"""A session that ends in mid-form: what was typed comes back to its owner, and is never saved by itself."""

from urllib.parse import quote

import pytest
from django.test import Client

from accounts.limits import KEPT_FORMS_MOST
from accounts.models import KeptForm, Session, User
from tests.cast import make_user, sign_in
from tests.forms import form_values

pytestmark = pytest.mark.django_db

ACCOUNT = "/account/"
ENVELOPE = "/envelopes/new/"


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def pro(browser: Client) -> User:
    user = make_user("pro@demo.example", plan="pro", first_name="Camille")
    sign_in(browser, user)
    return user


def typed_form(browser: Client) -> dict[str, str]:
    return form_values(browser.get(ACCOUNT), ACCOUNT) | {"first_name": "Typed before", "cell_number": "514 555 0123"}


def test_what_was_typed_survives_a_lost_session(browser: Client, pro: User) -> None:
    typed = typed_form(browser)
    Session.objects.all().delete()
    answer = browser.post(ACCOUNT, typed)
    assert answer.headers["Location"] == "/sign-in/?next=%2Faccount%2F"
    sign_in(browser, pro)
    page = browser.get(ACCOUNT)
    shown = form_values(page, ACCOUNT)
    assert (shown["first_name"], shown["cell_number"]) == ("Typed before", "514 555 0123")
    assert "Press SAVE to keep it." in page.content.decode()


def test_it_is_never_saved_by_itself(browser: Client, pro: User) -> None:
    typed = typed_form(browser)
    Session.objects.all().delete()
    browser.post(ACCOUNT, typed)
    sign_in(browser, pro)
    browser.get(ACCOUNT)
    pro.refresh_from_db()
    assert pro.first_name == "Camille"
    browser.post(ACCOUNT, form_values(browser.get(ACCOUNT), ACCOUNT))
    pro.refresh_from_db()
    assert pro.first_name == "Typed before"
    assert not KeptForm.objects.exists()


def test_it_is_given_back_only_to_the_person_whose_form_it_was(browser: Client, pro: User) -> None:
    typed = typed_form(browser)
    Session.objects.all().delete()
    browser.post(ACCOUNT, typed)
    sign_in(browser, make_user("other@demo.example", first_name="Odile"))
    assert "Typed before" not in browser.get(ACCOUNT).content.decode()


def test_the_table_alone_does_not_open_it(browser: Client, pro: User) -> None:
    typed = typed_form(browser)
    Session.objects.all().delete()
    browser.post(ACCOUNT, typed)
    row = KeptForm.objects.get()
    assert b"Typed" not in bytes(row.sealed)
    assert bytes(row.digest).hex() not in {cookie.value for cookie in browser.cookies.values()}


def test_a_token_rotated_by_signing_in_elsewhere_gives_the_form_back_instead_of_a_refusal(
    browser: Client, pro: User
) -> None:
    typed = typed_form(browser)
    browser.cookies["csrftoken"] = "x" * 32
    answer = browser.post(ACCOUNT, typed)
    assert (answer.status_code, answer.headers["Location"]) == (302, ACCOUNT)
    pro.refresh_from_db()
    assert pro.first_name == "Camille"
    assert form_values(browser.get(ACCOUNT), ACCOUNT)["first_name"] == "Typed before"


def test_a_forged_form_from_elsewhere_is_refused_and_not_kept(browser: Client, pro: User) -> None:
    answer = browser.post(ACCOUNT, {"first_name": "Mallory"})
    assert answer.status_code == 403
    assert not KeptForm.objects.exists()


def test_passwords_and_codes_are_never_kept(browser: Client, pro: User) -> None:
    typed = typed_form(browser) | {"password": "secret words here", "code": "123456"}
    Session.objects.all().delete()
    browser.post(ACCOUNT, typed)
    sign_in(browser, pro)
    page = browser.get(ACCOUNT).content.decode()
    assert "secret words here" not in page
    assert "123456" not in page


def test_what_comes_back_can_be_refused(browser: Client, pro: User) -> None:
    typed = typed_form(browser)
    Session.objects.all().delete()
    browser.post(ACCOUNT, typed)
    sign_in(browser, pro)
    token = form_values(browser.get(ACCOUNT), "/account/kept-form/drop/")
    browser.post("/account/kept-form/drop/", token)
    assert "Typed before" not in browser.get(ACCOUNT).content.decode()
    assert not KeptForm.objects.exists()


def test_somebody_elses_save_leaves_it_for_its_owner(browser: Client, pro: User) -> None:
    typed = typed_form(browser)
    Session.objects.all().delete()
    browser.post(ACCOUNT, typed)
    other = make_user("other@demo.example", first_name="Odile")
    sign_in(browser, other)
    browser.post(ACCOUNT, form_values(browser.get(ACCOUNT), ACCOUNT) | {"first_name": "Odette"})
    other.refresh_from_db()
    assert other.first_name == "Odette"
    sign_in(browser, pro)
    assert form_values(browser.get(ACCOUNT), ACCOUNT)["first_name"] == "Typed before"


def lose(browser: Client, path: str, **changes: str) -> None:
    """Fill in the form of a page, lose the session, and press its button."""
    typed = form_values(browser.get(path), path) | changes
    Session.objects.all().delete()
    browser.post(path, typed)


def test_a_second_lost_form_leaves_the_first(browser: Client, pro: User) -> None:
    lose(browser, ACCOUNT, first_name="Typed before")
    sign_in(browser, pro)
    lose(browser, ENVELOPE, title="Papers of March")
    sign_in(browser, pro)
    assert form_values(browser.get(ACCOUNT), ACCOUNT)["first_name"] == "Typed before"
    assert form_values(browser.get(ENVELOPE), ENVELOPE)["title"] == "Papers of March"
    browser.post(ACCOUNT, form_values(browser.get(ACCOUNT), ACCOUNT))
    assert form_values(browser.get(ENVELOPE), ENVELOPE)["title"] == "Papers of March"


def test_two_people_of_one_browser_each_get_theirs_back(browser: Client, pro: User) -> None:
    other = make_user("other@demo.example")
    lose(browser, ACCOUNT, first_name="Typed before")
    sign_in(browser, other)
    lose(browser, ACCOUNT, first_name="Of the other one")
    for user, name in ((pro, "Typed before"), (other, "Of the other one")):
        sign_in(browser, user)
        assert form_values(browser.get(ACCOUNT), ACCOUNT)["first_name"] == name


def test_a_form_lost_again_takes_the_place_of_itself(browser: Client, pro: User) -> None:
    for name in ("Typed before", "Typed again"):
        sign_in(browser, pro)
        lose(browser, ACCOUNT, first_name=name)
    sign_in(browser, pro)
    assert form_values(browser.get(ACCOUNT), ACCOUNT)["first_name"] == "Typed again"
    assert KeptForm.objects.count() == 1


def test_a_browser_keeps_a_few_forms_and_the_oldest_goes(browser: Client, pro: User) -> None:
    people = [make_user(f"user{number}@demo.example") for number in range(KEPT_FORMS_MOST)]
    lose(browser, ACCOUNT, first_name="Typed before")
    for user in people:
        sign_in(browser, user)
        lose(browser, ACCOUNT, first_name=f"Of {user.pk}")
    assert KeptForm.objects.count() == KEPT_FORMS_MOST
    sign_in(browser, pro)
    assert form_values(browser.get(ACCOUNT), ACCOUNT)["first_name"] == "Camille"
    sign_in(browser, people[0])
    assert form_values(browser.get(ACCOUNT), ACCOUNT)["first_name"] == f"Of {people[0].pk}"


def test_a_form_of_somebody_else_sent_with_an_old_token_is_said_to_be_that(browser: Client, pro: User) -> None:
    typed = typed_form(browser)
    sign_in(browser, make_user("other@demo.example", first_name="Odile"))
    browser.cookies["csrftoken"] = "x" * 32
    answer = browser.post(ACCOUNT, typed, follow=True)
    assert "This form belonged to another account. Nothing was saved." in answer.content.decode()
    assert "Typed before" not in answer.content.decode()


def test_the_sign_in_page_says_that_the_form_is_kept(browser: Client, pro: User) -> None:
    typed = typed_form(browser)
    Session.objects.all().delete()
    answer = browser.post(ACCOUNT, typed, follow=True)
    assert "what you typed is kept and comes back" in answer.content.decode()


@pytest.mark.parametrize(
    ("came_from", "back"),
    [
        ("http://testserver/account/security/", "/account/security/"),
        ("https://evil.example/x/", "/account/"),
        ("", "/account/"),
    ],
)
def test_a_lost_button_leads_back_to_its_page(client: Client, came_from: str, back: str) -> None:
    answer = client.post("/account/security/sessions/end-others/", headers={"referer": came_from})
    assert answer.headers["Location"] == f"/sign-in/?next={quote(back, safe='')}"
