"""What waits for a proof: a new number, 2FA, return protection."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.limits import FAILED_NUMBER_CODES_DAY
from accounts.models import KeptForm, PendingChange, SecurityEvent, Session, User
from accounts.services import pending_changes
from accounts.services.pending_changes import pending_change
from accounts.services.pending_wishes import Pending
from accounts.services.recovery_codes import recovery_device
from accounts.views.answers import when_possible
from accounts.visitors import Visitor
from core import cultures, throttle
from core.errors import ChangedMeanwhile
from core.models import Code
from licenses.entitlements import NOTHING
from licenses.models import License, Plan, ReturnProtection
from portal.account.saving import Saved, apply_pending
from tests.accounts.steps import let_proof_grow_old, let_wishes_wait
from tests.cast import PASSWORD, make_user, prove_number, sign_in
from tests.forms import form_values, text_of
from tests.outbox import delivered, newest_code
from tests.races import on_threads

pytestmark = pytest.mark.django_db

ACCOUNT, PROOF = "/account/", "/account/confirm/"
NUMBER = "+15145550123"
RECOVERY_CODE = re.compile(r"\b[2-9A-Z]{5}-[2-9A-Z]{5}\b")


@pytest.fixture
def pro(client: Client) -> User:
    user = make_user("pro@demo.example", plan="pro")
    sign_in(client, user)
    return user


def save(client: Client, **changes: str | None):  # type: ignore[no-untyped-def]
    values = form_values(client.get(ACCOUNT), ACCOUNT) | changes
    return client.post(ACCOUNT, {name: value for name, value in values.items() if value is not None})


def test_a_new_number_waits_for_its_code_and_then_counts(client: Client, pro: User) -> None:
    answer = save(client, cell_number="514 555-0123")
    assert (answer.status_code, answer.headers["Location"]) == (302, PROOF)
    pro.refresh_from_db()
    assert pro.cell_number == ""
    answer = client.post(PROOF, {"code": newest_code(NUMBER)})
    assert answer.status_code == 302
    pro.refresh_from_db()
    assert (pro.cell_number, pro.cell_number_proven_at is not None) == (NUMBER, True)
    assert not PendingChange.objects.filter(user=pro).exists()


def test_everything_that_needs_no_proof_is_kept_at_once(client: Client, pro: User) -> None:
    save(client, cell_number="514 555-0123", first_name="Anne", time_zone="Europe/Paris")
    pro.refresh_from_db()
    assert (pro.first_name, pro.time_zone, pro.cell_number) == ("Anne", "Europe/Paris", "")


def test_until_the_code_was_typed_the_old_number_stays_in_force(client: Client, pro: User) -> None:
    prove_number(pro, "+14165550199")
    save(client, cell_number="514 555-0123")
    pro.refresh_from_db()
    assert pro.cell_number == "+14165550199"
    page = client.get(ACCOUNT).content.decode()
    assert "Waiting for your proof" in page
    assert "+1 416-555-0199" in page


def test_old_number_and_address_are_told(client: Client, pro: User) -> None:
    prove_number(pro, "+14165550199")
    save(client, cell_number="514 555-0123")
    client.post(PROOF, {"code": newest_code(NUMBER)})
    assert "+14165550199" in [text.to for text in delivered("sms")]
    assert pro.email in [mail.to for mail in delivered("email")]


@pytest.mark.parametrize(("language", "words"), [("en", "was removed"), ("fr", "a été retiré")])
def test_a_number_that_is_removed_is_told_that_and_not_of_another_one(
    client: Client, pro: User, language: str, words: str
) -> None:
    pro.language = language
    prove_number(pro, "+14165550199")
    save(client, cell_number="")
    told = [text for text in delivered("sms") if text.to == "+14165550199"]
    assert len(told) == 1
    assert words in told[0].text
    assert "replaced" not in told[0].text
    assert "remplacé" not in told[0].text


def use_up_wrong_codes(user: User, *, but: int = 0) -> None:
    """Leave so many wrong codes of the day, as other codes before this one did."""
    for _ in range(FAILED_NUMBER_CODES_DAY.most - but):
        throttle.take(FAILED_NUMBER_CODES_DAY, f"user:{user.pk}")


def test_a_new_code_brings_no_new_day_of_wrong_ones(client: Client, pro: User) -> None:
    use_up_wrong_codes(pro, but=1)
    save(client, cell_number="514 555-0123")
    assert client.post(PROOF, {"code": "000000"}).status_code == 422
    Code.objects.all().delete()
    save(client, cell_number="514 555-0124")
    assert not [text for text in delivered("sms") if text.to == "+15145550124"]
    answer = client.post(PROOF, {"code": "000000"})
    refusal = text_of(answer, "code_error")
    until = throttle.used_up_until(FAILED_NUMBER_CODES_DAY, f"user:{pro.pk}")
    assert until is not None
    with cultures.override(pro.habits):
        when = when_possible(until).replace("\u00a0", " ")
    assert refusal == f"Too many tries. The next one is possible {when}."


@pytest.mark.parametrize("act", [PROOF, "/account/confirm/resend/", "/account/pending/drop/"])
def test_a_token_replaced_by_signing_in_elsewhere_leads_back_and_uses_no_code_up(act: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    user = make_user("pro@demo.example", plan="pro")
    sign_in(browser, user)
    browser.post(ACCOUNT, form_values(browser.get(ACCOUNT), ACCOUNT) | {"cell_number": "514 555-0123"})
    drawn = form_values(browser.get(PROOF), PROOF) | {"code": newest_code(NUMBER)}
    browser.cookies["csrftoken"] = "x" * 32
    answer = browser.post(act, drawn)
    assert (answer.status_code, answer.headers.get("Location")) == (302, PROOF)
    page = browser.get(PROOF)
    assert "You signed in again since this page was drawn. Nothing was done" in page.content.decode()
    assert PendingChange.objects.filter(user=user).exists()
    browser.post(PROOF, form_values(page, PROOF) | {"code": drawn["code"]})
    user.refresh_from_db()
    assert user.cell_number == NUMBER


def test_a_right_code_and_one_too_old_are_no_wrong_ones(client: Client, pro: User) -> None:
    use_up_wrong_codes(pro, but=1)
    save(client, cell_number="514 555-0123")
    code = newest_code(NUMBER)
    expires_at = Code.objects.get().expires_at
    Code.objects.update(expires_at=timezone.now())
    assert client.post(PROOF, {"code": code}).status_code == 422
    Code.objects.update(expires_at=expires_at)
    assert client.post(PROOF, {"code": code}).status_code == 302
    assert throttle.used(FAILED_NUMBER_CODES_DAY, f"user:{pro.pk}") == FAILED_NUMBER_CODES_DAY.most - 1


def test_after_too_many_wrong_codes_even_the_right_one_waits(client: Client, pro: User) -> None:
    save(client, cell_number="514 555-0123")
    use_up_wrong_codes(pro)
    assert client.post(PROOF, {"code": newest_code(NUMBER)}).status_code == 422
    pending_changes.forget_failures(user=pro)
    assert client.post(PROOF, {"code": newest_code(NUMBER)}).status_code == 302


def test_two_factor_is_turned_on_with_the_number_and_codes_are_shown_once(client: Client, pro: User) -> None:
    save(client, cell_number="514 555-0123", two_factor_enabled="on")
    answer = client.post(PROOF, {"code": newest_code(NUMBER)})
    codes = RECOVERY_CODE.findall(answer.content.decode())
    assert (answer.status_code, len(codes), len(set(codes))) == (200, 10, 10)
    pro.refresh_from_db()
    assert pro.two_factor_enabled
    assert not RECOVERY_CODE.search(client.get(ACCOUNT).content.decode())
    assert not RECOVERY_CODE.search(client.get("/account/security/").content.decode())


def codes_in(answer: Any) -> list[str]:
    return RECOVERY_CODE.findall(answer.content.decode())


def test_the_same_save_sent_twice_shows_the_codes_both_times(client: Client, pro: User) -> None:
    prove_number(pro, NUMBER)
    form = form_values(client.get(ACCOUNT), ACCOUNT) | {"two_factor_enabled": "on"}
    assert form["csrfmiddlewaretoken"]
    first, second = client.post(ACCOUNT, form), client.post(ACCOUNT, form)
    assert len(codes_in(first)) == 10
    assert codes_in(second) == codes_in(first)
    assert SecurityEvent.objects.filter(user=pro, kind="account:recovery_codes:made").count() == 1
    assert not codes_in(save(client, two_factor_enabled="on"))
    assert not codes_in(client.get(ACCOUNT))


def test_the_same_code_sent_twice_shows_the_codes_both_times(client: Client, pro: User) -> None:
    save(client, cell_number="514 555-0123", two_factor_enabled="on")
    form = form_values(client.get(PROOF), PROOF) | {"code": newest_code(NUMBER)}
    first, second = client.post(PROOF, form), client.post(PROOF, form)
    assert len(codes_in(first)) == 10
    assert codes_in(second) == codes_in(first)
    assert not codes_in(client.post(PROOF, form | {"csrfmiddlewaretoken": "another"}))


@pytest.mark.parametrize("end", ["time", "new codes", "used", "somebody else"])
def test_a_repeat_shows_codes_only_for_minutes_and_while_they_are_in_force(client: Client, pro: User, end: str) -> None:
    prove_number(pro, NUMBER)
    form = form_values(client.get(ACCOUNT), ACCOUNT) | {"two_factor_enabled": "on"}
    codes = codes_in(client.post(ACCOUNT, form))
    if end == "time":
        KeptForm.objects.update(expires_at=timezone.now())
    elif end == "new codes":
        client.post("/account/security/factors/recovery-codes/")
    elif end == "used":
        assert recovery_device(user=pro).verify_token(codes[0])
    else:
        sign_in(client, make_user("other@demo.example", two_factor=True))
    assert not codes_in(client.post(ACCOUNT, form))
    sealed = b"".join(bytes(row.sealed) for row in KeptForm.objects.all())
    assert not any(code.encode() in sealed for code in codes)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_two_equal_saves_at_once_both_show_the_codes() -> None:
    user = make_user("two@demo.example", plan="pro")
    prove_number(user, NUMBER)
    client = Client()
    sign_in(client, user)
    form = form_values(client.get(ACCOUNT), ACCOUNT) | {"two_factor_enabled": "on"}
    browsers = [Client(), Client()]
    for browser in browsers:
        browser.cookies = client.cookies
    shown = on_threads(2, lambda number: codes_in(browsers[number].post(ACCOUNT, form)))
    assert len(shown[0]) == 10
    assert shown[0] == shown[1]


def test_turning_two_factor_on_ends_the_other_sessions(client: Client, pro: User) -> None:
    elsewhere = Client()
    sign_in(elsewhere, pro)
    prove_number(pro, NUMBER)
    assert save(client, two_factor_enabled="on").status_code == 200
    assert elsewhere.get(ACCOUNT).status_code == 302
    assert client.get(ACCOUNT).status_code == 200
    assert Session.objects.filter(user=pro).count() == 1


@pytest.mark.parametrize(("old_number", "left"), [("", 2), ("+14165550199", 1)])
def test_another_number_ends_the_other_sessions_and_a_first_one_does_not(
    client: Client, pro: User, old_number: str, left: int
) -> None:
    if old_number:
        prove_number(pro, old_number)
    sign_in(Client(), pro)
    save(client, cell_number="514 555-0123")
    client.post(PROOF, {"code": newest_code(NUMBER)})
    assert Session.objects.filter(user=pro).count() == left


def leave_number_unconfirmed(user: User) -> None:
    """Keep a number as support's reset of 2FA leaves it."""
    user.keep_cell_number(NUMBER, proven_at=None)
    user.save()


@pytest.mark.parametrize("is_proof_fresh", [True, False])
def test_two_factor_with_an_unconfirmed_number_asks_for_its_code(
    client: Client, pro: User, is_proof_fresh: bool
) -> None:
    leave_number_unconfirmed(pro)
    if not is_proof_fresh:
        let_proof_grow_old(client)
    assert save(client, two_factor_enabled="on").headers["Location"] == PROOF
    if not is_proof_fresh:
        client.post(PROOF, {"password": PASSWORD})
    assert "Waiting for your proof" in client.get(ACCOUNT).content.decode()
    answer = client.post(PROOF, {"code": newest_code(NUMBER)})
    assert len(RECOVERY_CODE.findall(answer.content.decode())) == 10
    pro.refresh_from_db()
    assert (pro.two_factor_enabled, pro.cell_number, pro.cell_number_proven_at is not None) == (True, NUMBER, True)


def test_saving_an_unconfirmed_number_again_asks_for_its_code(client: Client, pro: User) -> None:
    leave_number_unconfirmed(pro)
    assert "Press SAVE to be sent a code" in client.get(ACCOUNT).content.decode()
    assert save(client).headers["Location"] == PROOF
    client.post(PROOF, {"code": newest_code(NUMBER)})
    pro.refresh_from_db()
    assert pro.cell_number_proven_at is not None
    assert save(client).headers["Location"] == ACCOUNT


def test_another_change_leaves_an_unconfirmed_number_in_peace(client: Client, pro: User) -> None:
    leave_number_unconfirmed(pro)
    assert save(client, first_name="Anne").headers["Location"] == ACCOUNT
    assert not delivered("sms")


def test_two_factor_without_a_number_is_refused_beside_its_box(client: Client, pro: User) -> None:
    """Statement 24."""
    answer = save(client, two_factor_enabled="on")
    assert answer.status_code == 422
    assert "2FA needs a cell number" in answer.content.decode()
    pro.refresh_from_db()
    assert not pro.two_factor_enabled


def test_the_number_cannot_be_removed_while_two_factor_is_on(client: Client) -> None:
    user = make_user("safe@demo.example", plan="pro", two_factor=True)
    sign_in(client, user)
    assert save(client, cell_number="").status_code == 422
    user.refresh_from_db()
    assert user.cell_number_proven_at is not None


def test_turning_two_factor_off_with_an_old_proof_asks_for_the_password_first(client: Client) -> None:
    """Statement 23."""
    user = make_user("safe@demo.example", plan="pro", two_factor=True)
    sign_in(client, user)
    let_proof_grow_old(client)
    answer = save(client, two_factor_enabled=None)
    assert answer.headers["Location"] == PROOF
    user.refresh_from_db()
    assert user.two_factor_enabled
    assert client.post(PROOF, {"password": "not the password at all"}).status_code == 422
    assert client.post(PROOF, {"password": PASSWORD}).status_code == 302
    assert not User.objects.get(pk=user.pk).two_factor_enabled
    assert any(mail.to == "safe@demo.example" for mail in delivered("email"))


def test_no_code_is_sent_to_a_new_number_before_the_password(client: Client, pro: User) -> None:
    let_proof_grow_old(client)
    save(client, cell_number="514 555-0123")
    assert not [text for text in delivered("sms") if text.to == NUMBER]
    client.post(PROOF, {"password": PASSWORD})
    assert newest_code(NUMBER)


def test_return_protection_waits_with_an_old_proof(client: Client, pro: User) -> None:
    let_proof_grow_old(client)
    assert save(client, return_protection_sms="on").headers["Location"] == PROOF
    assert not ReturnProtection.objects.filter(user=pro).exists()
    client.post(PROOF, {"password": PASSWORD})
    assert ReturnProtection.objects.get(user=pro).sms


def test_leaving_the_proof_page_loses_nothing(client: Client, pro: User) -> None:
    save(client, cell_number="514 555-0123", two_factor_enabled="on")
    page = client.get(ACCOUNT)
    assert form_values(page, ACCOUNT)["cell_number"] == "+1 514-555-0123"
    assert form_values(page, ACCOUNT)["two_factor_enabled"] == "on"
    assert client.get(PROOF).status_code == 200


def test_keeping_everything_as_it_was_drops_the_change(client: Client, pro: User) -> None:
    save(client, cell_number="514 555-0123")
    code = newest_code(NUMBER)
    client.post("/account/pending/drop/")
    assert client.post(PROOF, {"code": code}).headers["Location"] == ACCOUNT
    pro.refresh_from_db()
    assert pro.cell_number == ""


def test_a_number_is_dropped_alone_with_the_2fa_that_was_to_use_it(client: Client, pro: User) -> None:
    save(client, cell_number="514 555-0123", two_factor_enabled="on", return_protection_owner="on")
    page = client.get(ACCOUNT).content.decode()
    assert page.count("Waiting for your proof") == 3
    save(client, drop="cell_number")
    answer = client.get(ACCOUNT).content.decode()
    assert "This stays as it was. The rest still waits for your proof." in answer
    assert answer.count("Waiting for your proof") == 1
    waiting = pending_change(user=pro)
    assert waiting is not None
    assert (waiting.number, dict(waiting.settings)) == (None, {"return_protection_owner": True})


@pytest.mark.parametrize(("part", "left"), [("two_factor_enabled", 2), ("return_protection", 2), ("", 0)])
def test_a_part_of_what_waits_is_dropped_without_the_rest(client: Client, pro: User, part: str, left: int) -> None:
    save(client, cell_number="514 555-0123", two_factor_enabled="on", return_protection_owner="on")
    assert save(client, drop=part).headers["Location"] == ACCOUNT
    assert client.get(ACCOUNT).content.decode().count("Waiting for your proof") == left
    pro.refresh_from_db()
    assert (pro.cell_number, pro.two_factor_enabled) == ("", False)


def test_what_was_typed_beside_a_dropped_number_stays_typed_and_can_be_saved(client: Client, pro: User) -> None:
    save(client, cell_number="514 555-0123", return_protection_owner="on")
    answer = save(client, drop="cell_number", first_name="Ada", iso_dates="on", cell_number="514 555-0124")
    page = answer.content.decode()
    assert "What else you typed is still here and not saved yet" in page
    assert "Your session had ended" not in page
    typed = form_values(answer, ACCOUNT)
    assert (typed["first_name"], typed["cell_number"], typed["iso_dates"]) == ("Ada", "", "on")
    assert typed["return_protection_owner"] == "on"
    pro.refresh_from_db()
    assert pro.first_name != "Ada"
    assert client.post(ACCOUNT, typed).status_code == 302
    pro.refresh_from_db()
    waiting = pending_change(user=pro)
    assert waiting is not None
    assert (pro.first_name, pro.iso_dates, waiting.number) == ("Ada", True, None)
    assert dict(waiting.settings) == {"return_protection_owner": True}


def test_a_proven_number_comes_back_when_the_new_one_is_dropped(client: Client) -> None:
    user = make_user("b@demo.example", plan="pro", number="+14165550199")
    sign_in(client, user)
    save(client, cell_number="514 555-0199", two_factor_enabled="on")
    typed = form_values(save(client, drop="cell_number", last_name="Lovelace"), ACCOUNT)
    assert (typed["cell_number"], typed.get("two_factor_enabled"), typed["last_name"]) == (
        "+1 416-555-0199",
        None,
        "Lovelace",
    )


def test_bad_input_beside_a_dropped_number_stays_with_its_error(client: Client, pro: User) -> None:
    save(client, cell_number="514 555-0123")
    answer = save(client, drop="cell_number", first_name="")
    assert answer.status_code == 422
    assert 'id="first_name_error"' in answer.content.decode()
    assert pending_change(user=pro) is None


def test_somebody_elses_form_drops_nothing(client: Client, pro: User) -> None:
    other = Client()
    sign_in(other, make_user("c@demo.example"))
    foreign = form_values(other.get(ACCOUNT), ACCOUNT)
    save(client, cell_number="514 555-0123")
    client.post(ACCOUNT, foreign | {"drop": ""})
    assert pending_change(user=pro) is not None


def test_a_change_that_waited_a_day_is_dropped(client: Client, pro: User) -> None:
    save(client, cell_number="514 555-0123")
    let_wishes_wait(pro, timedelta(days=1, seconds=1))
    page = client.get(ACCOUNT)
    assert form_values(page, ACCOUNT)["cell_number"] == ""
    assert "A change was dropped." in page.content.decode()
    assert client.get(PROOF).headers["Location"] == ACCOUNT
    client.post("/account/pending/drop/")
    assert "A change was dropped." not in client.get(ACCOUNT).content.decode()


def test_each_wish_waits_a_day_of_its_own(client: Client, pro: User) -> None:
    save(client, cell_number="514 555-0123")
    let_wishes_wait(pro, timedelta(hours=23))
    let_proof_grow_old(client)
    save(client, return_protection_owner="on")
    asked = client.get(PROOF).content.decode()
    assert "each of these is dropped at the time beside it" in asked
    assert len(re.findall(r"<li>[^<]+– <time", asked)) == 2
    let_wishes_wait(pro, timedelta(hours=1, minutes=1))
    page = client.get(ACCOUNT)
    assert form_values(page, ACCOUNT)["cell_number"] == ""
    assert form_values(page, ACCOUNT)["return_protection_owner"] == "on"
    assert "A change was dropped." in page.content.decode()
    assert "What you asked for later still waits for your proof." in page.content.decode()
    assert "Got it" not in page.content.decode()
    client.post(PROOF, {"password": PASSWORD})
    pro.refresh_from_db()
    assert (pro.cell_number, ReturnProtection.objects.get(user=pro).owner) == ("", True)
    assert "A change was dropped." not in client.get(ACCOUNT).content.decode()


def test_a_later_wish_gives_an_earlier_one_no_more_time(client: Client, pro: User) -> None:
    let_proof_grow_old(client)
    save(client, return_protection_owner="on")
    let_wishes_wait(pro, timedelta(hours=23))
    save(client, return_protection_sms="on")
    let_wishes_wait(pro, timedelta(hours=2))
    client.post(PROOF, {"password": PASSWORD})
    protection = ReturnProtection.objects.get(user=pro)
    assert (protection.sms, protection.owner) == (True, False)


def test_2fa_is_dropped_with_the_number_it_was_to_use(client: Client, pro: User) -> None:
    save(client, cell_number="514 555-0123")
    let_wishes_wait(pro, timedelta(hours=23))
    save(client, two_factor_enabled="on")
    let_wishes_wait(pro, timedelta(hours=2))
    assert client.get(PROOF).headers["Location"] == ACCOUNT
    assert "A change was dropped." in client.get(ACCOUNT).content.decode()


def test_a_number_is_not_removed_when_turning_2fa_off_was_dropped(client: Client) -> None:
    """Removing the number would turn 2FA off, which nobody confirmed."""
    user = make_user("safe@demo.example", plan="pro", two_factor=True)
    sign_in(client, user)
    let_proof_grow_old(client)
    save(client, two_factor_enabled=None)
    let_wishes_wait(user, timedelta(hours=23))
    save(client, cell_number="")
    let_wishes_wait(user, timedelta(hours=2))
    client.post(PROOF, {"password": PASSWORD})
    user.refresh_from_db()
    assert (user.two_factor_enabled, bool(user.cell_number)) == (True, True)


def test_typing_the_old_value_again_leaves_nothing_waiting(client: Client, pro: User) -> None:
    prove_number(pro, "+14165550199")
    save(client, cell_number="514 555-0123")
    save(client, cell_number="+1 416-555-0199")
    assert not PendingChange.objects.filter(user=pro).exists()


def test_a_code_proves_only_the_number_it_was_sent_to(client: Client, pro: User) -> None:
    """Statement 7."""
    save(client, cell_number="514 555-0123")
    first = newest_code(NUMBER)
    save(client, cell_number="514 555-0124")
    assert client.post(PROOF, {"code": first}).status_code == 422
    pro.refresh_from_db()
    assert pro.cell_number == ""


def test_five_wrong_codes_end_the_tries_and_a_new_code_gives_no_new_ones(client: Client, pro: User) -> None:
    """Statement 6."""
    save(client, cell_number="514 555-0123")
    right = newest_code(NUMBER)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    answers = [client.post(PROOF, {"code": wrong}) for _try in range(5)]
    assert [answer.status_code for answer in answers] == [422] * 5
    assert "1 try left" in answers[3].content.decode()
    assert client.post(PROOF, {"code": right}).status_code == 422
    Code.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    client.post(PROOF + "resend/")
    assert client.post(PROOF, {"code": right}).status_code == 422
    assert SecurityEvent.objects.filter(user=pro, kind="account:code:wrong").count() == 7


def test_an_expired_code_says_so(client: Client, pro: User) -> None:
    save(client, cell_number="514 555-0123")
    right = newest_code(NUMBER)
    Code.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = client.post(PROOF, {"code": right})
    assert answer.status_code == 422
    assert "This code no longer works." in answer.content.decode()


def test_a_second_save_within_the_minute_sends_no_second_text(client: Client, pro: User) -> None:
    for _click in range(2):
        save(client, cell_number="514 555-0123")
    assert len([text for text in delivered("sms") if text.to == NUMBER]) == 1


def test_get_of_the_proof_page_sends_and_changes_nothing(client: Client, pro: User) -> None:
    save(client, cell_number="514 555-0123")
    before = len(delivered("sms"))
    for _look in range(3):
        client.get(PROOF)
    assert len(delivered("sms")) == before


def ask_for_protection_and_lose_the_plan(client: Client, pro: User) -> None:
    let_proof_grow_old(client)
    save(client, return_protection_sms="on")
    License.objects.filter(holder=pro).update(plan=Plan.objects.get(code="eco"))


def test_a_pending_protection_of_a_lost_plan_does_not_stand_in_the_way_of_save(client: Client, pro: User) -> None:
    ask_for_protection_and_lose_the_plan(client, pro)
    sign_in(client, pro)
    assert save(client, first_name="Anne").status_code == 302
    pro.refresh_from_db()
    assert pro.first_name == "Anne"
    assert "Waiting for your proof" in client.get(ACCOUNT).content.decode()


def test_the_rest_of_a_change_is_kept_when_the_plan_lost_protection(client: Client, pro: User) -> None:
    ask_for_protection_and_lose_the_plan(client, pro)
    sign_in(client, pro)
    save(client, cell_number="514 555-0123")
    answer = client.post(PROOF, {"code": newest_code(NUMBER)}, follow=True)
    assert "your license does not include it any more" in answer.content.decode()
    pro.refresh_from_db()
    assert pro.cell_number == NUMBER
    assert not ReturnProtection.objects.filter(user=pro).exists()
    assert not PendingChange.objects.exists()


def test_after_the_last_try_the_page_says_when_the_next_code_is_possible(client: Client, pro: User) -> None:
    save(client, cell_number="514 555-0123")
    right = newest_code(NUMBER)
    for _try in range(5):
        client.post(PROOF, {"code": f"{(int(right) + 1) % 1_000_000:06d}"})
    waits = re.search(r'data-countdown="(\d+)"', client.get(PROOF).content.decode())
    assert waits
    assert 13 * 60 < int(waits.group(1)) <= 15 * 60


def test_a_change_that_was_dropped_meanwhile_is_not_put_into_force(client: Client, pro: User) -> None:
    """An undo, a reset by support or another tab may come between reading a change and applying it."""
    save(client, cell_number="514 555-0123", two_factor_enabled="on")
    pending = pending_change(user=pro)
    assert pending is not None
    PendingChange.objects.all().delete()
    with pytest.raises(ChangedMeanwhile):
        apply(pro, pending)
    pro.refresh_from_db()
    assert (pro.cell_number, pro.two_factor_enabled) == ("", False)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_two_that_apply_a_change_at_once_one_does(client: Client) -> None:
    pro = make_user("pro@demo.example", plan="pro")
    sign_in(client, pro)
    save(client, cell_number="514 555-0123", two_factor_enabled="on")
    pending = pending_change(user=pro)
    assert pending is not None

    def attempt(_number: int) -> int:
        try:
            return len(apply(pro, pending).recovery_codes)
        except ChangedMeanwhile:
            return 0

    assert sorted(on_threads(8, attempt)) == [0] * 7 + [10]
    pro.refresh_from_db()
    assert pro.two_factor_enabled


def apply(user: User, pending: Pending) -> Saved:
    visitor = Visitor("192.0.2.7", "192.0.2.0/24", "Firefox", "")
    return apply_pending(
        user=user, pending=pending, entitlement=NOTHING, session_key=None, form_token="", visitor=visitor
    )
