"""What the forms say of what cannot be right: sentences of the portal, none of Django's."""

import html
import re

import pytest
from django import forms
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.forms.account import AccountForm
from accounts.forms.email_change import MailedSecretForm
from accounts.forms.people import BeginningsForm, NewStaffForm
from accounts.forms.sign_in import CodeForm, PasswordResetForm, RecoveryCodeForm, SignInForm
from accounts.models import User
from tests.cast import make_organization, make_user
from tests.portal.support import support_browser

FORMS = [SignInForm, CodeForm, RecoveryCodeForm, PasswordResetForm, MailedSecretForm, BeginningsForm, NewStaffForm]
FOREIGN = ("Ensure this", "Select a valid", "Null characters", "This field is required")
DJANGO_S = (*FOREIGN, "Please correct", "Enter a valid", "Enter a whole")


def account_form(data: dict[str, str]) -> forms.Form:
    return AccountForm(data, user=User())


def sentences(form: forms.BaseForm) -> list[str]:
    return [str(sentence) for found in form.errors.values() for sentence in found]


@pytest.mark.django_db
@pytest.mark.parametrize("form", [*FORMS, account_form])
@pytest.mark.parametrize("typed", ["", "x" * 5_000, "a\x00b"])
def test_no_sentence_is_django_s(form: type[forms.Form], typed: str) -> None:
    names = form({}).fields
    with translation.override("en"):
        said = sentences(form(dict.fromkeys(names, typed)))
    assert said
    assert [sentence for sentence in said if sentence.startswith(FOREIGN)] == []


def test_what_is_too_long_is_told_how_long_it_may_be() -> None:
    with translation.override("en"):
        said = sentences(CodeForm({"code": "1" * 41}))
    assert said == ["What you typed is too long. It may have up to 40 characters."]


def test_the_sentences_are_french_on_french_pages() -> None:
    with translation.override("fr"):
        said = sentences(CodeForm({"code": "1" * 41}))
    assert said == ["Ce que vous avez saisi est trop long. La limite est de 40 caractères."]


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["accounts_user", "accounts_organization", "licenses_license", "licenses_plan"])
def test_the_support_pages_speak_in_our_words(client: Client, page: str) -> None:
    organization = make_organization()
    customer = make_user("pro@demo.example", organization=organization, plan="pro")
    support_browser(client, customer)
    rows = {
        "accounts_user": customer.pk,
        "accounts_organization": organization.pk,
        "licenses_license": customer.license.pk,
        "licenses_plan": customer.license.plan_id,
    }
    address = reverse(f"admin:{page}_change", args=[rows[page]])
    names = set(re.findall(r'name="(\w+)"', client.get(address).content.decode())) - {"csrfmiddlewaretoken", "drawn"}
    for typed in ("", "x" * 5_000, "a\x00b"):
        # No list of rows can send such a character.
        sent = names - {"plan"} if "\x00" in typed else names
        answer = client.post(address, dict.fromkeys(sent, typed))
        text = html.unescape(answer.content.decode())
        assert answer.status_code == 422
        assert "Nothing was saved. Correct what is marked below." in text
        assert [words for words in DJANGO_S if words in text] == []


def test_a_number_of_characters_is_written_as_numbers_are() -> None:
    with translation.override("en"):
        said = sentences(NewStaffForm({"first_name": "n" * 10_000}))
    assert "This name has 10,000 characters. It may have up to 100." in said
