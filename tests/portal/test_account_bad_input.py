"""Bad input on the account page: a clear message beside the field, nothing saved, nothing lost."""

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import PendingChange, User
from core.sms.configuration import parse_sms_url
from licenses.models import License, Plan, ReturnProtection
from tests.cast import make_user, prove_number, sign_in
from tests.forms import form_values, text_of

pytestmark = pytest.mark.django_db

ACCOUNT = "/account/"
BAD_NAMES = {
    "nothing": "",
    "blanks": "   ",
    "ten thousand letters": "a" * 10_000,
    "a line break": "Anne\nLuc",
    "a bell": "Anne\x07",
    "a NUL": "Anne\x00",
    "an override": "Anne\u202eexe.nnA",
    "an isolate": "\u2066Anne\u2069",
    "a web address": "Free gift https://evil.example",
    "a bare web address": "www.evil.example",
    "an e-mail address": "boss@bank.example",
    "a host with a path": "secure-bank.com/login",
    "a host in a sentence": "Go to evil.com/x now",
    "a bare host": "evil.com",
    "two slashes": "//evil.com",
    "a scheme without slashes": "https:evil.com",
    "a scheme of mails": "mailto:a",
    "full-width letters": "\uff57\uff57\uff57.evil.com",
    "a full-width at": "a\uff20b.com",
    "a full-width colon": "http\uff1a//evil.com",
    "a full stop of Japanese": "evil。com/login",
}
GOOD_NAMES = ("J.R.", "St.Pierre", "Jean-Pierre", "O’Brien", "Ng", "Dr.Roy", "M.Tremblay", "Roy Inc.")
BAD_NUMBERS = {
    "letters": "CALL-ME-NOW",
    "too short": "514 555",
    "too long": "514 555 0123 4567 89",
    "a French fixed line": "+33 1 42 68 53 00",
    "a British fixed line": "+44 20 7946 0958",
    "a premium number": "+1 900 555 0123",
    "a toll-free number": "+1 800 555 0123",
    "a country without texts": "+91 98765 43210",
    "no such country": "+999 123 456 789",
    "two numbers": "514 555 0123, 514 555 0124",
    "an extension": "514 555 0123 ext. 5",
    "a script": "<script>alert(1)</script>",
}


@pytest.fixture
def pro(client: Client) -> User:
    user = make_user("pro@demo.example", plan="pro", first_name="Camille", last_name="Tremblay")
    sign_in(client, user)
    return user


def save(client: Client, **changes: str):  # type: ignore[no-untyped-def]
    return client.post(ACCOUNT, form_values(client.get(ACCOUNT), ACCOUNT) | changes)


def assert_refused_beside(answer, field: str) -> None:  # type: ignore[no-untyped-def]
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="{field}_error"' in page
    assert 'role="alert"' in page
    assert f'href="#{field}"' in page
    assert "<title> Error: My account" in " ".join(page.replace("<title>", "<title> ").split())


@pytest.mark.parametrize("name", BAD_NAMES.values(), ids=BAD_NAMES)
@pytest.mark.parametrize("field", ["first_name", "last_name"])
def test_a_bad_name_is_refused_and_nothing_is_saved(client: Client, pro: User, field: str, name: str) -> None:
    answer = save(client, **{field: name, "time_zone": "Europe/Paris"})
    assert_refused_beside(answer, field)
    pro.refresh_from_db()
    assert (pro.first_name, pro.last_name, pro.time_zone) == ("Camille", "Tremblay", "America/Toronto")


@pytest.mark.parametrize("name", GOOD_NAMES)
def test_a_name_with_dots_and_strokes_is_saved(client: Client, pro: User, name: str) -> None:
    assert save(client, last_name=name).status_code == 302
    pro.refresh_from_db()
    assert pro.last_name == name


@pytest.mark.parametrize("number", BAD_NUMBERS.values(), ids=BAD_NUMBERS)
def test_a_bad_number_is_refused_with_two_sentences(client: Client, pro: User, number: str) -> None:
    answer = save(client, cell_number=number)
    assert_refused_beside(answer, "cell_number")
    assert text_of(answer, "cell_number_error").count(".") >= 2
    assert not PendingChange.objects.exists()


@pytest.mark.parametrize("field", ["time_zone", "date_culture", "default_sms_country"])
@pytest.mark.parametrize("value", ["Mars/Olympus", "xx-YY", "<script>", "'; DROP TABLE", "", "A" * 5_000])
def test_an_unknown_choice_is_refused_and_not_drawn(client: Client, pro: User, field: str, value: str) -> None:
    answer = save(client, **{field: value})
    assert_refused_beside(answer, field)
    assert "<script>" not in answer.content.decode().replace('<script type="module"', "")
    pro.refresh_from_db()
    assert getattr(pro, field) in ("America/Toronto", "en-CA", "CA")


def test_a_country_that_gets_no_texts_cannot_be_chosen_anew(client: Client, pro: User) -> None:
    assert_refused_beside(save(client, default_sms_country="IN"), "default_sms_country")


def test_everything_typed_ticked_and_chosen_is_still_there(client: Client, pro: User) -> None:
    typed = {
        "first_name": "Zoé",
        "last_name": "",
        "cell_number": "514 555 01",
        "two_factor_enabled": "on",
        "time_zone": "Asia/Kolkata",
        "date_culture": "de-CH",
        "language": "fr",
        "hour_clock": "24",
        "iso_dates": "on",
        "default_sms_country": "FR",
        "return_protection_sms": "on",
        "return_protection_owner": "on",
    }
    answer = save(client, **typed)
    shown = form_values(answer, ACCOUNT)
    assert {name: shown.get(name, "") for name in typed} == typed


def test_a_corrected_form_keeps_only_what_was_changed(client: Client, pro: User) -> None:
    refused = save(client, last_name="", first_name="Anne")
    User.objects.filter(pk=pro.pk).update(time_zone="Europe/Paris")
    client.post(ACCOUNT, form_values(refused, ACCOUNT) | {"last_name": "Roy"})
    pro.refresh_from_db()
    assert (pro.first_name, pro.last_name, pro.time_zone) == ("Anne", "Roy", "Europe/Paris")


def test_a_forged_drawn_note_is_ignored(client: Client, pro: User) -> None:
    assert save(client, drawn="forged:note", first_name="Anne").status_code == 302
    pro.refresh_from_db()
    assert pro.first_name == "Anne"


def test_return_protection_that_the_plan_lost_in_mid_form_loses_nothing_typed(client: Client, pro: User) -> None:
    typed = form_values(client.get(ACCOUNT), ACCOUNT) | {"first_name": "Zoé", "return_protection_owner": "on"}
    License.objects.filter(holder=pro).update(plan=Plan.objects.get(code="eco"))
    answer = client.post(ACCOUNT, typed)
    assert answer.status_code == 403
    reason = "Return protection comes with the Pro plan; yours is Eco. Your administrator can change it."
    assert text_of(answer, "return_protection_owner_error") == f"{reason} Untick this box."
    shown = form_values(answer, ACCOUNT)
    assert (shown["first_name"], shown.pop("return_protection_owner")) == ("Zoé", "on")
    pro.refresh_from_db()
    assert (pro.first_name, ReturnProtection.objects.count()) == ("Camille", 0)
    assert client.post(ACCOUNT, shown).status_code == 302
    pro.refresh_from_db()
    assert (pro.first_name, ReturnProtection.objects.count()) == ("Zoé", 0)


def test_return_protection_in_force_is_kept_by_a_form_drawn_before_the_plan_changed(client: Client, pro: User) -> None:
    ReturnProtection.objects.create(user=pro, owner=True)
    typed = form_values(client.get(ACCOUNT), ACCOUNT) | {"first_name": "Zoé"}
    License.objects.filter(holder=pro).update(plan=Plan.objects.get(code="eco"))
    assert client.post(ACCOUNT, typed).status_code == 302
    pro.refresh_from_db()
    assert (pro.first_name, ReturnProtection.objects.get().owner) == ("Zoé", True)
    assert "return_protection_owner" not in form_values(client.get(ACCOUNT), ACCOUNT)


def test_what_needs_texts_is_refused_where_they_went_off_in_mid_form(
    client: Client, pro: User, settings: Settings
) -> None:
    wanted = {"cell_number": "514 555 0123", "two_factor_enabled": "on", "return_protection_sms": "on"}
    typed = form_values(client.get(ACCOUNT), ACCOUNT) | wanted | {"first_name": "Zoé"}
    settings.SMS = parse_sms_url("none")
    answer = client.post(ACCOUNT, typed)
    for name, advice in zip(wanted, ("Empty this field.", "Untick this box.", "Untick this box."), strict=True):
        assert_refused_beside(answer, name)
        assert text_of(answer, f"{name}_error").endswith(advice)
    shown = form_values(answer, ACCOUNT)
    assert {name: shown[name] for name in wanted} == wanted
    assert not PendingChange.objects.exists()
    back = {name: value for name, value in shown.items() if name not in wanted} | {"cell_number": ""}
    assert client.post(ACCOUNT, back).status_code == 302
    pro.refresh_from_db()
    assert pro.first_name == "Zoé"


def test_a_number_that_texts_cannot_confirm_is_put_back(client: Client, pro: User, settings: Settings) -> None:
    prove_number(pro, "+15145550123")
    typed = form_values(client.get(ACCOUNT), ACCOUNT) | {"cell_number": ""}
    settings.SMS = parse_sms_url("none")
    answer = client.post(ACCOUNT, typed)
    assert text_of(answer, "cell_number_error").endswith("Put the number back: +1 514-555-0123.")
    assert client.post(ACCOUNT, typed | {"cell_number": "+1 514-555-0123"}).status_code == 302
    pro.refresh_from_db()
    assert pro.cell_number == "+15145550123"
