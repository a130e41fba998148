"""A proof counts for what its page listed, and whoever wished what was dropped is told."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import PendingChange, SecurityEvent, User
from accounts.services.pending_changes import pending_change
from licenses.models import ReturnProtection
from tests.accounts.steps import let_proof_grow_old, let_wishes_wait
from tests.cast import PASSWORD, make_user, prove_number, sign_in
from tests.forms import form_values
from tests.outbox import delivered, newest_code

pytestmark = pytest.mark.django_db

ACCOUNT, PROOF = "/account/", "/account/confirm/"
OLD, NEW = "+14165550199", "+15145550123"
CHANGED, DROPPED = "has changed since this page was drawn", "A change was dropped"


@pytest.fixture
def pro(client: Client) -> User:
    user = make_user("pro@demo.example", plan="pro")
    prove_number(user, OLD)
    sign_in(client, user)
    return user


def drawn(client: Client, **changes: str) -> dict[str, str]:
    """Return the account form as a browser would send it, with some fields typed over."""
    return form_values(client.get(ACCOUNT), ACCOUNT) | changes


def save(client: Client, **changes: str) -> Any:
    return client.post(ACCOUNT, drawn(client, **changes))


def let_first_wish_end(user: User) -> None:
    """Let the two hours pass that a wish of 23 hours ago does not have."""
    let_wishes_wait(user, timedelta(hours=2))


def wish_for_protection(client: Client, user: User, **later: str) -> None:
    """Let return protection wait with an old proof, and something more 23 hours later."""
    let_proof_grow_old(client)
    save(client, return_protection_owner="on")
    let_wishes_wait(user, timedelta(hours=23))
    save(client, **later)


def assert_listed_anew(answer: Any, user: User) -> None:
    """Nothing came into force, and the page says why."""
    page = answer.content.decode()
    assert answer.status_code == 409
    assert CHANGED in page
    assert DROPPED in page
    user.refresh_from_db()
    assert (user.proven_number, user.two_factor_enabled) == (OLD, False)
    assert not ReturnProtection.objects.filter(user=user).exists()
    assert pending_change(user=user) is not None


def test_a_code_for_a_list_that_has_lost_a_wish_counts_for_nothing(client: Client, pro: User) -> None:
    wish_for_protection(client, pro, cell_number=NEW)
    sign_in(client, pro)
    client.post(PROOF + "resend/")
    form = form_values(client.get(PROOF), PROOF) | {"code": newest_code(NEW)}
    let_first_wish_end(pro)
    answer = client.post(PROOF, form)
    assert_listed_anew(answer, pro)
    # The code was not used up.
    again = form_values(answer, PROOF) | {"code": form["code"]}
    assert client.post(PROOF, again).headers["Location"] == ACCOUNT
    pro.refresh_from_db()
    assert pro.proven_number == NEW


def test_a_code_for_a_number_that_was_dropped_leaves_the_rest_waiting(client: Client, pro: User) -> None:
    """The typed code would be read by nobody, and the rest come into force without a word."""
    save(client, cell_number=NEW)
    let_wishes_wait(pro, timedelta(hours=23))
    save(client, return_protection_owner="on")
    form = form_values(client.get(PROOF), PROOF) | {"code": newest_code(NEW)}
    let_first_wish_end(pro)
    answer = client.post(PROOF, form)
    assert_listed_anew(answer, pro)
    assert "Make the change" in answer.content.decode()


def test_a_password_for_a_list_that_has_lost_a_wish_counts_for_nothing(client: Client, pro: User) -> None:
    wish_for_protection(client, pro, return_protection_sms="on", two_factor_enabled="on")
    form = form_values(client.get(PROOF), PROOF) | {"password": PASSWORD}
    let_first_wish_end(pro)
    answer = client.post(PROOF, form)
    assert_listed_anew(answer, pro)
    assert 'id="password"' in answer.content.decode()
    assert PASSWORD not in answer.content.decode()


def test_agreeing_to_a_list_that_has_lost_a_wish_counts_for_nothing(client: Client, pro: User) -> None:
    wish_for_protection(client, pro, return_protection_sms="on")
    sign_in(client, pro)
    form = form_values(client.get(PROOF), PROOF)
    let_first_wish_end(pro)
    answer = client.post(PROOF, form)
    assert_listed_anew(answer, pro)
    assert client.post(PROOF, form_values(answer, PROOF)).headers["Location"] == ACCOUNT
    protection = ReturnProtection.objects.get(user=pro)
    assert (protection.sms, protection.owner) == (True, False)


def test_a_wish_that_came_from_another_tab_was_agreed_to_by_nobody(client: Client, pro: User) -> None:
    let_proof_grow_old(client)
    save(client, return_protection_owner="on")
    form = form_values(client.get(PROOF), PROOF) | {"password": PASSWORD}
    save(client, two_factor_enabled="on")
    answer = client.post(PROOF, form)
    assert (answer.status_code, CHANGED in answer.content.decode()) == (409, True)
    assert DROPPED not in answer.content.decode()
    assert client.post(PROOF, form_values(answer, PROOF) | {"password": PASSWORD}).status_code == 200
    pro.refresh_from_db()
    assert pro.two_factor_enabled


@pytest.mark.parametrize("changes", [{"code": "000000"}, {"password": "not the password at all"}])
def test_a_wrong_proof_is_told_as_such(client: Client, pro: User, changes: dict[str, str]) -> None:
    """The list is the one of the page, and is drawn with the page of the error, too."""
    if "password" in changes:
        let_proof_grow_old(client)
    save(client, cell_number=NEW, return_protection_sms="on")
    form = form_values(client.get(PROOF), PROOF)
    answer = client.post(PROOF, form | changes)
    assert answer.status_code == 422
    assert form_values(answer, PROOF)["listed"] == form["listed"]


def test_a_form_drawn_before_pages_said_what_they_list_is_understood(client: Client, pro: User) -> None:
    save(client, cell_number=NEW)
    form = form_values(client.get(PROOF), PROOF) | {"code": newest_code(NEW)}
    del form["listed"]
    assert client.post(PROOF, form).headers["Location"] == ACCOUNT
    pro.refresh_from_db()
    assert pro.proven_number == NEW


@pytest.mark.parametrize("old_number", ["", OLD])
@pytest.mark.parametrize("is_row_rewritten", [False, True])
def test_a_number_in_the_form_that_ticks_2fa_waits_anew(
    client: Client, pro: User, old_number: str, is_row_rewritten: bool
) -> None:
    """2FA is to use the number that the person sees there, though its day ended meanwhile."""
    if not old_number:
        User.objects.filter(pk=pro.pk).update(cell_number_sealed=None, cell_number_proven_at=None)
    save(client, cell_number=NEW)
    form = drawn(client, two_factor_enabled="on")
    let_wishes_wait(pro, timedelta(hours=25))
    if is_row_rewritten:
        PendingChange.objects.all().delete()
    assert client.post(ACCOUNT, form).headers["Location"] == PROOF
    pending = pending_change(user=User.objects.get(pk=pro.pk))
    assert pending is not None
    assert (pending.number, pending.two_factor, pending.ends_together) == (NEW, True, True)
    assert DROPPED not in client.get(PROOF).content.decode()


def test_a_save_of_something_else_gives_a_dropped_number_no_new_day(client: Client, pro: User) -> None:
    save(client, cell_number=NEW)
    form = drawn(client, return_protection_owner="on")
    let_wishes_wait(pro, timedelta(hours=25))
    let_proof_grow_old(client)
    client.post(ACCOUNT, form)
    pending = pending_change(user=pro)
    assert pending is not None
    assert (pending.number, dict(pending.settings)) == (None, {"return_protection_owner": True})


def test_nothing_kept_is_not_called_saved(client: Client) -> None:
    """The number cannot go while 2FA uses it, and turning 2FA off was not confirmed."""
    user = make_user("safe@demo.example", plan="pro", two_factor=True)
    sign_in(client, user)
    let_proof_grow_old(client)
    form = drawn(client)
    del form["two_factor_enabled"]
    client.post(ACCOUNT, form)
    form = drawn(client, cell_number="")
    let_wishes_wait(user, timedelta(hours=25))
    page = client.post(ACCOUNT, form, follow=True).content.decode()
    assert DROPPED in page
    assert "Saved." not in page
    assert not PendingChange.objects.exists()


def test_a_save_that_forgets_a_dropped_wish_says_so(client: Client, pro: User) -> None:
    wish_for_protection(client, pro, return_protection_sms="on")
    form = drawn(client, two_factor_enabled="on")
    let_first_wish_end(pro)
    client.post(ACCOUNT, form)
    assert DROPPED in client.get(PROOF).content.decode()
    assert DROPPED not in client.get(PROOF).content.decode()


def test_confirming_the_rest_says_that_a_wish_was_dropped(client: Client, pro: User) -> None:
    wish_for_protection(client, pro, return_protection_sms="on")
    let_first_wish_end(pro)
    form = form_values(client.get(PROOF), PROOF) | {"password": PASSWORD}
    page = client.post(PROOF, form, follow=True).content.decode()
    assert DROPPED in page
    assert ReturnProtection.objects.get(user=pro).sms


def test_the_page_that_comes_after_the_password_names_what_was_dropped(client: Client, pro: User) -> None:
    wish_for_protection(client, pro, cell_number=NEW)
    client.post(PROOF, form_values(client.get(PROOF), PROOF) | {"password": PASSWORD})
    let_first_wish_end(pro)
    assert "A change was dropped." in client.get(PROOF).content.decode()
    assert [text.to for text in delivered("sms")] == [NEW]
    assert not SecurityEvent.objects.filter(user=pro, kind="account:code:wrong").exists()
