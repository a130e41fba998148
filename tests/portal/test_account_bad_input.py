"""Bad input on the account page: a clear message beside the field, nothing saved, nothing lost."""

import pytest
from django.test import Client

from accounts.models import PendingChange, User
from tests.cast import make_user, sign_in
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
}
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
