"""Passwords: which are taken, how they are compared, how they are stored."""

import unicodedata
from pathlib import Path

import pytest
from django.contrib.auth import password_validation
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.forms.sign_in import PasswordResetForm, SignInForm
from accounts.hashing import PortalPasswordHasher, hash_password, is_outdated, is_right_password
from accounts.models import User
from accounts.passwords import CommonPasswordValidator
from accounts.stolen_passwords import StolenPasswords, stolen_passwords
from portal.management.commands.list_stolen_passwords import MOST_USED
from tests.accounts.steps import type_password
from tests.cast import make_organization, make_user

WEAK_HASH = "argon2$argon2id$v=19$m=8192,t=1,p=1$"


@pytest.mark.parametrize(
    "password",
    [
        "violet harbour ladder seven",
        "aaaaabbbbbcccccddddd eeeee",
        "mandarine été brouillard pluie",
        "密码短语一二三四五六七八九十甲乙丙",
        "🔑🌊🍁🚲🧵🪁🎻🧊🪵🫐🧭🪢🪺🧶🪡",
        "    x   y  z  w  q v  ",
        "<script>alert(1)</script>",
        "' OR '1'='1' -- comment",
        "x1" * 7 + "yz" * 121,
    ],
)
def test_any_characters_are_taken(password: str) -> None:
    """Statement 15."""
    validate_password(password)
    assert is_right_password(password, hash_password(password))


def test_length_counts_characters_from_15_to_256() -> None:
    """Statement 15."""
    long = "".join(chr(0x4E00 + number) for number in range(256))
    validate_password(long)
    validate_password(long[:15])
    for refused in (long[:14], long + "x"):
        with pytest.raises(ValidationError):
            validate_password(refused)


def test_a_refusal_says_why_and_repeats_no_password() -> None:
    """Statement 16."""
    for password, word in (
        ("short-canary", "at least 15"),
        ("password" * 3, "stolen"),
        ("secure exchange portal 9", "name"),
    ):
        with pytest.raises(ValidationError) as refusal:
            validate_password(password)
        assert word in " ".join(refusal.value.messages)
        assert password not in " ".join(refusal.value.messages)


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword", "PasswordPassword", "qwertyuiopqwertyuiop", "123456789123456789", "abc123abc123abc123",
        "iloveyouiloveyou", "password1234567890", "Password!!!!!!!!", "aaaaaaaaaaaaaaaaaaaa", "  passwordpassword  ",
    ],
)  # fmt: skip
def test_what_everybody_tries_is_refused(password: str) -> None:
    """Statement 16."""
    with pytest.raises(ValidationError):
        validate_password(password)


def test_the_list_holds_a_hundred_thousand_and_all_that_django_knows() -> None:
    """Statement 16."""
    known = stolen_passwords()
    assert len(known) >= 100_000
    assert all(known._at(place) < known._at(place + 1) for place in range(len(known) - 1))
    django = password_validation.CommonPasswordValidator().passwords
    assert len(django) > 15_000
    assert [password for password in django if password not in known] == []


def test_what_is_not_in_the_list_is_not_found() -> None:
    """Statement 16."""
    assert not any(f"violet harbour {number}" in stolen_passwords() for number in range(20_000))
    assert "" not in stolen_passwords()


@pytest.mark.parametrize("listed", ["dragon", "Letmein", "qwertyuiop", "iloveyou", "whateversallyduncombe"])
def test_a_listed_password_is_refused_however_it_is_lengthened(listed: str) -> None:
    """Statement 16."""
    validator, twice = CommonPasswordValidator(), listed * 2
    for password in (
        listed,
        listed.upper(),
        twice,
        f"{listed}12345!!",
        f"2026 -- {listed} --",
        f"{twice}!1",
        f" {twice} ",
    ):
        with pytest.raises(ValidationError):
            validator.validate(password)
    validator.validate(f"my {listed} sleeps under the stairs")


@pytest.mark.parametrize("password", ["1qaz2wsx1qaz2wsx", "1qaz2wsx 2026 2026"])
def test_digits_that_belong_to_a_listed_password_are_no_padding(password: str) -> None:
    """Statement 16."""
    with pytest.raises(ValidationError):
        CommonPasswordValidator().validate(password)


def test_a_newer_collection_makes_a_newer_list(tmp_path: Path) -> None:
    """Of a long collection only the most used are taken, and those that are long enough to be chosen here."""
    used = [f"used{number}" for number in range(MOST_USED)]
    (tmp_path / "collection").write_text(
        "\n".join([*used, "rare-short", "Rare And Long Enough", " "]), encoding="utf-8"
    )
    call_command("list_stolen_passwords", str(tmp_path / "collection"), "--into", str(tmp_path / "list"))
    made = StolenPasswords((tmp_path / "list").read_bytes())
    for password in ("used0", "USED7", f"used{MOST_USED - 1}", "rare and long enough", "letmein"):
        assert password in made, password
    assert [password for password in ("rare-short", "", " ") if password in made] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "password",
    [
        "my tremblay is a secret",
        "TREMBLAY-TREMBLAY-1",
        "the robintremblay78 way",
        "northwind traders forever",
        "north WIND traders ok",
    ],
)
def test_names_anybody_can_look_up_are_refused(password: str) -> None:
    """Statement 16."""
    user = make_user("robintremblay78@demo.example", organization=make_organization("Northwind Traders"))
    with pytest.raises(ValidationError):
        validate_password(password, user)
    validate_password("violet harbour ladder seven", user)


def test_a_page_that_sets_a_password_holds_it_to_the_rules() -> None:
    form = PasswordResetForm({"link": "x", "new_password": "password" * 3})
    assert form.is_valid()
    assert not form.refuse_weak_password(User(email="a@b.example"))
    assert form.errors["new_password"]


def test_fields_help_password_managers() -> None:
    """Statement 15."""
    assert SignInForm().fields["password"].widget.attrs["autocomplete"] == "current-password"
    assert SignInForm().fields["email"].widget.attrs["autocomplete"] == "username"
    assert PasswordResetForm().fields["new_password"].widget.attrs["autocomplete"] == "new-password"
    for field in (SignInForm().fields["password"], PasswordResetForm().fields["new_password"]):
        assert "onpaste" not in field.widget.attrs
        assert field.strip is False  # type: ignore[attr-defined]


def test_a_difference_in_the_last_of_two_hundred_characters_counts() -> None:
    """Statement 17."""
    stem = "é✓x " * 50
    encoded = hash_password(stem + "a")
    assert is_right_password(stem + "a", encoded)
    assert not is_right_password(stem + "b", encoded)
    assert not is_right_password(stem, encoded)


@pytest.mark.parametrize(
    "change", [str.upper, str.strip, lambda p: p + " ", lambda p: p.replace("  ", " "), lambda p: p[:-1]]
)
def test_nothing_is_trimmed_and_no_case_is_changed(change: object) -> None:
    """Statement 17."""
    password = " violet  harbour ladder seven "
    encoded = hash_password(password)
    assert is_right_password(password, encoded)
    assert not is_right_password(change(password), encoded)  # type: ignore[operator]


@hypothesis_settings(max_examples=15, deadline=None)
@given(st.text(min_size=1, max_size=30))
def test_two_ways_of_typing_an_accent_are_one_password(password: str) -> None:
    """Statement 17."""
    encoded = hash_password(unicodedata.normalize("NFD", password))
    assert is_right_password(unicodedata.normalize("NFC", password), encoded)


def test_look_alikes_are_different_passwords() -> None:
    """Statement 17: compatibility forms are not folded."""
    assert not is_right_password("ﬁnal harbour ladder", hash_password("final harbour ladder"))
    assert not is_right_password("violet １２３", hash_password("violet 123"))  # noqa: RUF001


def test_the_hash_is_argon2id_of_19_mebibytes_and_two_passes() -> None:
    """Statement 18."""
    encoded = hash_password("violet harbour ladder seven")
    assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert "violet" not in encoded
    assert hash_password("violet harbour ladder seven") != encoded


@pytest.mark.django_db
def test_a_weaker_hash_is_renewed_at_the_next_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Statement 18."""
    user = make_user("robin@demo.example")
    with monkeypatch.context() as weaker:
        weaker.setattr(PortalPasswordHasher, "time_cost", 1)
        weaker.setattr(PortalPasswordHasher, "memory_cost", 8192)
        User.objects.update(password=make_password("violet harbour ladder seven"))
    user.refresh_from_db()
    assert user.password.startswith(WEAK_HASH)
    assert is_outdated(user.password)
    assert type_password(Client(), user.email, "wrong harbour ladder seven").status_code == 422
    assert User.objects.get().password.startswith(WEAK_HASH)
    client = Client()
    assert type_password(client, user.email, "violet harbour ladder seven").status_code == 302
    assert not is_outdated(User.objects.get().password)
    assert client.get("/account/").status_code == 200


def test_without_a_stored_hash_no_password_is_right() -> None:
    for encoded in (None, "", "!", "plain text", "md5$a$b"):
        assert not is_right_password("violet harbour ladder seven", encoded)
