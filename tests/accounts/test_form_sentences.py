"""What the forms say of what cannot be right: sentences of the portal, none of Django's."""

import pytest
from django import forms
from django.utils import translation

from accounts.forms.account import AccountForm
from accounts.forms.email_change import MailedSecretForm
from accounts.forms.people import BeginningsForm, NewStaffForm
from accounts.forms.sign_in import CodeForm, PasswordResetForm, RecoveryCodeForm, SignInForm
from accounts.models import User

FORMS = [SignInForm, CodeForm, RecoveryCodeForm, PasswordResetForm, MailedSecretForm, BeginningsForm, NewStaffForm]
FOREIGN = ("Ensure this", "Select a valid", "Null characters", "This field is required")


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
