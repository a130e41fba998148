"""A change of number or address is undone from the address in force before it: once, for a week, whatever came then."""

import re
from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client

from accounts.choices import SecurityEventKind
from accounts.models import (
    EmailChange,
    MailedLink,
    PendingChange,
    RecoveryCode,
    SecurityEvent,
    Session,
    SmsDevice,
    Undo,
    User,
)
from core.db import database_now
from core.models import Code
from tests.accounts.steps import ACCOUNT, is_signed_in, type_code, type_password
from tests.cast import NUMBER, make_user, sign_in, turn_two_factor_on
from tests.forms import form_values
from tests.outbox import delivered, newest_code
from tests.races import on_threads

pytestmark = pytest.mark.django_db

UNDO, PROOF, MAKE_CODES = "/sign-in/undo/", "/account/confirm/", "/account/security/factors/recovery-codes/"
EMAIL, THIEF = "robin@demo.example", "thief@evil.example"
FIRST, SECOND = "+14165550191", "+14165550192"
NEW_PASSWORD = "amber window quiet river"


@pytest.fixture
def robin() -> User:
    """Somebody with a proven number and 2FA."""
    return make_user(EMAIL, plan="pro", two_factor=True)


@pytest.fixture
def thief(client: Client, robin: User) -> Client:
    """A browser whose session, with its fresh proof, fell into wrong hands."""
    sign_in(client, robin)
    return client


def save(client: Client, **changes: str | None) -> None:
    values = form_values(client.get(ACCOUNT), ACCOUNT) | changes
    client.post(ACCOUNT, {name: value for name, value in values.items() if value is not None})


def change_number(client: Client, number: str, **more: str | None) -> None:
    save(client, cell_number=number, **more)
    assert client.post(PROOF, {"code": newest_code(number)}).status_code in (200, 302)


def change_email(client: Client, email: str) -> None:
    client.post("/account/security/email/", {"email": email})
    client.post("/sign-in/email/", {"link": secret_mailed_to(email)})


def secret_mailed_to(address: str, path: str = "") -> str:
    """Return the secret of the newest link to an address, of those that lead to a path where one is given."""
    mails = (mail for mail in delivered("email") if mail.to == address)
    found = (re.search(path + r"#([\w-]{43})", mail.text) for mail in mails)
    return next(match.group(1) for match in found if match)


def undo(secret: str) -> int:
    return int(Client().post(UNDO, {"link": secret}).status_code)


def now_of(user: User) -> tuple[str, str, bool]:
    user.refresh_from_db()
    return user.email, user.cell_number if user.cell_number_proven_at else "", user.two_factor_enabled


def texts_to(number: str) -> list[str]:
    return [text.text for text in delivered("sms") if text.to == number]


def test_the_old_number_comes_back_proven(thief: Client, robin: User) -> None:
    change_number(thief, FIRST)
    assert now_of(robin) == (EMAIL, FIRST, True)
    assert undo(secret_mailed_to(EMAIL)) == 302
    assert now_of(robin) == (EMAIL, NUMBER, True)
    assert SmsDevice.objects.get(user=robin).confirmed


def test_looking_at_the_page_of_the_link_changes_nothing(thief: Client, robin: User) -> None:
    """Statement 43."""
    change_number(thief, FIRST)
    assert Client().get(UNDO).status_code == 200
    assert now_of(robin) == (EMAIL, FIRST, True)


def test_the_old_number_is_told_without_a_link_and_the_address_with_one(thief: Client, robin: User) -> None:
    change_number(thief, FIRST)
    assert "was replaced" in texts_to(NUMBER)[0]
    assert not re.search("http|#|/", texts_to(NUMBER)[0])
    (mail,) = [mail for mail in delivered("email") if mail.subject == "Your cell number was changed"]
    assert f"{UNDO}#" in mail.text
    assert mail.to == EMAIL


def test_both_numbers_and_the_address_are_told_of_an_undo(thief: Client, robin: User) -> None:
    change_number(thief, FIRST)
    undo(secret_mailed_to(EMAIL))
    assert "was replaced" in texts_to(FIRST)[0]
    assert "again" in texts_to(NUMBER)[0]
    mail = delivered("email")[0]
    assert (mail.to, mail.subject) == (EMAIL, "The change is undone: choose a new password")
    assert "ending in 0123" in mail.text


def test_a_number_that_nothing_takes_the_place_of_is_told_that_it_was_removed(thief: Client, robin: User) -> None:
    robin.keep_cell_number("", proven_at=None)
    robin.two_factor_enabled = False
    robin.save()
    change_number(thief, FIRST)
    undo(secret_mailed_to(EMAIL))
    assert now_of(robin) == (EMAIL, "", False)
    assert "was removed" in texts_to(FIRST)[0]


def test_everybody_is_signed_out_and_the_log_says_why(thief: Client, robin: User) -> None:
    change_number(thief, FIRST)
    assert is_signed_in(thief)
    undo(secret_mailed_to(EMAIL))
    assert not Session.objects.filter(user=robin).exists()
    assert not is_signed_in(thief)
    assert SecurityEvent.objects.filter(user=robin, kind=SecurityEventKind.CHANGE_UNDONE).count() == 1


def test_the_old_password_stops_working_and_the_mail_leads_to_a_new_one(thief: Client, robin: User) -> None:
    change_number(thief, FIRST)
    undo(secret_mailed_to(EMAIL))
    assert type_password(thief, EMAIL).status_code == 422
    secret = secret_mailed_to(EMAIL, "/sign-in/reset/")
    answer = Client().post("/sign-in/reset/", {"link": secret, "new_password": NEW_PASSWORD})
    assert answer.status_code == 302
    owner = Client()
    assert type_password(owner, EMAIL, NEW_PASSWORD).headers["Location"] == "/sign-in/code/"
    type_code(owner, newest_code(NUMBER))
    assert is_signed_in(owner)


def test_a_link_works_once(thief: Client) -> None:
    change_number(thief, FIRST)
    secret = secret_mailed_to(EMAIL)
    assert [undo(secret), undo(secret)] == [302, 422]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_many_uses_at_once_one_counts(client: Client) -> None:
    user = make_user(EMAIL, plan="pro", two_factor=True)
    sign_in(client, user)
    change_number(client, FIRST)
    secret = secret_mailed_to(EMAIL)
    assert sorted(on_threads(10, lambda _: undo(secret))) == [302] + [422] * 9
    assert SecurityEvent.objects.filter(kind=SecurityEventKind.CHANGE_UNDONE).count() == 1
    assert now_of(user) == (EMAIL, NUMBER, True)


def test_a_link_lasts_seven_days(thief: Client, robin: User) -> None:
    change_number(thief, FIRST)
    row, secret = Undo.objects.get(), secret_mailed_to(EMAIL)
    assert row.expires_at - row.changed_at == timedelta(days=7)
    Undo.objects.update(expires_at=database_now())
    assert undo(secret) == 422
    assert now_of(robin) == (EMAIL, FIRST, True)
    Undo.objects.update(expires_at=database_now() + timedelta(minutes=1))
    assert undo(secret) == 302


@pytest.mark.parametrize("typed", ["", "A" * 43, "x", "' OR 1=1", "\u00e9" * 43, "A" * 5_000])
def test_a_wrong_secret_does_nothing(thief: Client, robin: User, typed: str) -> None:
    change_number(thief, FIRST)
    assert undo(typed) == 422
    assert now_of(robin) == (EMAIL, FIRST, True)


def test_a_confirmation_link_is_no_undo_and_the_other_way_round(thief: Client, robin: User) -> None:
    """Statement 7."""
    thief.post("/account/security/email/", {"email": THIEF})
    assert undo(secret_mailed_to(THIEF)) == 422
    change_number(thief, FIRST)
    for path in ("/sign-in/email/", "/sign-in/reset/"):
        form = {"link": secret_mailed_to(EMAIL, UNDO), "new_password": NEW_PASSWORD}
        assert Client().post(path, form).status_code == 422


def test_an_undo_touches_nobody_else(thief: Client, robin: User) -> None:
    casey = make_user("casey@demo.example", plan="pro", organization=robin.organization)
    sign_in(other := Client(), casey)
    change_number(other, SECOND)
    change_number(thief, FIRST)
    assert thief.post(UNDO, {"link": secret_mailed_to("casey@demo.example")}).status_code == 302
    assert now_of(casey) == ("casey@demo.example", "", False)
    assert now_of(robin) == (EMAIL, FIRST, True)
    assert undo(secret_mailed_to(EMAIL)) == 302


def test_a_suspended_account_stays_as_it_is(thief: Client, robin: User) -> None:
    change_number(thief, FIRST)
    User.objects.filter(pk=robin.pk).update(is_active=False)
    assert undo(secret_mailed_to(EMAIL)) == 422
    assert now_of(robin) == (EMAIL, FIRST, True)


def test_a_removed_number_comes_back_with_2fa(thief: Client, robin: User) -> None:
    save(thief, two_factor_enabled=None, cell_number="")
    assert now_of(robin) == (EMAIL, "", False)
    undo(secret_mailed_to(EMAIL))
    assert now_of(robin) == (EMAIL, NUMBER, True)


def test_2fa_with_a_strangers_number_falls_with_it(client: Client) -> None:
    user = make_user(EMAIL, plan="pro")
    sign_in(client, user)
    change_number(client, FIRST, two_factor_enabled="on")
    assert now_of(user) == (EMAIL, FIRST, True)
    undo(secret_mailed_to(EMAIL))
    assert now_of(user) == (EMAIL, "", False)
    assert not SmsDevice.objects.filter(user=user, confirmed=True).exists()
    assert not RecoveryCode.objects.filter(user=user).exists()


def test_2fa_that_hangs_on_ones_own_number_never_falls(client: Client) -> None:
    user = make_user(EMAIL, plan="pro", number=NUMBER)
    sign_in(client, user)
    change_email(client, "new@demo.example")
    user.refresh_from_db()
    turn_two_factor_on(user)
    undo(secret_mailed_to(EMAIL))
    assert now_of(user) == (EMAIL, NUMBER, True)


def test_2fa_that_was_turned_off_since_is_on_again(thief: Client, robin: User) -> None:
    change_email(thief, THIEF)
    robin.refresh_from_db()
    sign_in(thief, robin)
    save(thief, two_factor_enabled=None)
    assert now_of(robin) == (THIEF, NUMBER, False)
    undo(secret_mailed_to(EMAIL))
    assert now_of(robin) == (EMAIL, NUMBER, True)


def test_recovery_codes_made_since_are_gone_and_older_ones_stay(thief: Client, robin: User) -> None:
    thief.post(MAKE_CODES)
    RecoveryCode.objects.update(made_at=F("made_at") - timedelta(days=1))
    older = RecoveryCode.objects.order_by("pk").first()
    assert older is not None
    change_number(thief, FIRST)
    thief.post(MAKE_CODES)
    RecoveryCode.objects.create(user=robin, digest=older.digest, made_at=older.made_at)
    undo(secret_mailed_to(EMAIL))
    assert [bytes(code.digest) for code in RecoveryCode.objects.filter(user=robin)] == [bytes(older.digest)]


def test_a_code_on_its_way_to_the_lost_number_no_longer_signs_in(thief: Client, robin: User) -> None:
    change_number(thief, FIRST)
    half = Client()
    type_password(half, EMAIL)
    code = newest_code(FIRST)
    undo(secret_mailed_to(EMAIL))
    assert not Code.objects.filter(purpose="sign-in").exists()
    type_code(half, code)
    assert not is_signed_in(half)


def test_what_waits_is_dropped(thief: Client, robin: User) -> None:
    thief.post("/account/security/email/", {"email": THIEF})
    waiting = secret_mailed_to(THIEF)
    change_number(thief, FIRST)
    save(thief, cell_number=SECOND)
    Client().post("/sign-in/forgotten/", {"email": EMAIL})
    delivered("email")
    undo(secret_mailed_to(EMAIL, UNDO))
    assert not PendingChange.objects.exists()
    assert not EmailChange.objects.exists()
    assert MailedLink.objects.filter(user=robin, used_at=None).count() == 1, "only the one of the undo"
    assert Client().post("/sign-in/email/", {"link": waiting}).status_code == 422
    assert now_of(robin) == (EMAIL, NUMBER, True)


def take_over(thief: Client, robin: User) -> tuple[str, str, str]:
    """Change number, then address, then number again, and return the secrets of the three undos, oldest first."""
    change_number(thief, FIRST)
    of_number = secret_mailed_to(EMAIL)
    change_email(thief, THIEF)
    of_email = secret_mailed_to(EMAIL)
    robin.refresh_from_db()
    sign_in(thief, robin)
    change_number(thief, SECOND)
    of_second = secret_mailed_to(THIEF)
    assert now_of(robin) == (THIEF, SECOND, True)
    return of_number, of_email, of_second


def test_the_first_owner_outruns_a_chain_of_changes(thief: Client, robin: User) -> None:
    of_number, of_email, of_second = take_over(thief, robin)
    assert undo(of_number) == 302
    assert now_of(robin) == (EMAIL, NUMBER, True)
    assert [undo(of_second), undo(of_email)] == [422, 422]
    assert "This e-mail address no longer signs in" in [mail.subject for mail in delivered("email") if mail.to == THIEF]


def test_the_links_of_the_first_owner_work_in_either_order(thief: Client, robin: User) -> None:
    of_number, of_email, of_second = take_over(thief, robin)
    assert undo(of_email) == 302
    assert now_of(robin) == (EMAIL, FIRST, True)
    assert undo(of_second) == 422
    assert undo(of_number) == 302
    assert now_of(robin) == (EMAIL, NUMBER, True)


def test_a_thief_who_undoes_first_gains_nothing(thief: Client, robin: User) -> None:
    of_number, _of_email, of_second = take_over(thief, robin)
    assert undo(of_second) == 302
    assert undo(of_number) == 302
    assert now_of(robin) == (EMAIL, NUMBER, True)


def test_an_address_that_somebody_else_has_now_is_refused_whole(thief: Client, robin: User) -> None:
    of_number, _of_email, _of_second = take_over(thief, robin)
    make_user(EMAIL)
    answer = Client().post(UNDO, {"link": of_number})
    assert answer.status_code == 422
    assert "Another account has this address now" in answer.content.decode()
    assert now_of(robin) == (THIEF, SECOND, True)
    assert not Undo.objects.exclude(used_at=None).exists()


def test_the_table_holds_neither_secret_nor_number(thief: Client, robin: User) -> None:
    change_number(thief, FIRST)
    row, secret = Undo.objects.get(), secret_mailed_to(EMAIL)
    held = b"".join(bytes(value or b"") for value in (row.digest, row.cell_number_sealed, row.cell_number_digest))
    for hidden in (secret, NUMBER, NUMBER.removeprefix("+1")):
        assert hidden.encode() not in held


def test_a_number_that_stays_or_waits_offers_no_undo(thief: Client, robin: User) -> None:
    save(thief, cell_number=SECOND)
    save(thief, cell_number=NUMBER, first_name="Anne")
    assert not Undo.objects.exists()
