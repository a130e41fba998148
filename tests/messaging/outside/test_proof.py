"""The proof a link asks: codes by mail and by text, passwords, and what to do when none arrives."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client

from core import throttle
from core.crypto.links import new_secret
from core.db import database_now
from core.models import Code, Text
from core.sms.limits import TEXTS_FROM_NETWORK_PROVEN
from messaging.items import limits
from messaging.items.choices import CodePurpose, Proof
from messaging.items.events.kinds import EventKind
from messaging.items.models import Event, Gate, Participant
from messaging.items.services.creating import Person
from messaging.items.services.gates import agreed_password
from tests.cast import sign_in
from tests.messaging.items.making import ADDRESS, BODY, with_proof
from tests.messaging.outside.browser import Outsider
from tests.messaging.outside.making import NUMBER, coded, mailed, send_message, texted
from tests.outbox import CODE, delivered, newest_code
from tests.waits import in_both_languages, says_wait

pytestmark = pytest.mark.django_db


def test_an_opening_code_opens_and_wrong_ones_say_how_many_tries_are_left() -> None:
    person = coded()
    outsider = Outsider(send_message(people=[person]).links[0])
    outsider.give()
    refused = outsider.answer(code="000000" if person.secret.value != "000000" else "111111")
    assert refused.status_code == 422
    assert "You have 4 tries left." in refused.content.decode()
    assert 'autocomplete="one-time-code"' in refused.content.decode()
    assert outsider.answer(code=f" {person.secret.value[:3]}-{person.secret.value[3:]} ").status_code == 302
    assert BODY in outsider.read().content.decode()


def test_after_five_misses_a_new_code_goes_to_the_address_written_to_and_to_no_other() -> None:
    outsider = Outsider(send_message(people=[coded()]).links[0])
    outsider.give()
    for _ in range(4):
        outsider.answer(code="wrong")
    assert "Ask for a new code." in outsider.answer(code="wrong").content.decode()
    answer = outsider.client.post(outsider.url("link_code_send"), {"email": "thief@evil.example"})
    assert answer.url == outsider.url("link_proof") + "?sent"
    page = outsider.client.get(answer.url).content.decode()
    assert f"A new code is on its way to {ADDRESS}." in page
    mails = delivered("email")
    assert [mail.to for mail in mails] == [ADDRESS]
    found = CODE.search(mails[0].text)
    assert found
    assert found.group() not in page
    assert outsider.answer(code=found.group()).status_code == 302


def test_three_new_codes_a_day() -> None:
    outsider = Outsider(send_message(people=[coded()]).links[0])
    outsider.give()
    sent = [outsider.client.post(outsider.url("link_code_send")).status_code for _ in range(4)]
    assert sent == [302, 302, 302, 429]
    assert len(delivered("email")) == 3


@in_both_languages
def test_when_the_next_code_can_be_asked_for_is_said_with_day_and_zone(language: str) -> None:
    outsider = Outsider(send_message(people=[coded()]).links[0], **{"accept-language": language})
    outsider.give()
    for _ in range(3):
        outsider.client.post(outsider.url("link_code_send"))
    assert says_wait(outsider.client.post(outsider.url("link_code_send")), language)


@in_both_languages
def test_when_texts_go_again_is_said_with_day_and_zone(language: str) -> None:
    outsider = Outsider(send_message(people=[texted()]).links[0], **{"accept-language": language})
    outsider.give()
    for _ in range(TEXTS_FROM_NETWORK_PROVEN.most):
        throttle.count(TEXTS_FROM_NETWORK_PROVEN, "192.0.2.0/24")
    assert says_wait(outsider.client.post(outsider.url("link_code_send")), language)
    assert delivered("sms") == []


@in_both_languages
def test_when_the_next_password_can_be_tried_is_said_with_day_and_zone(language: str) -> None:
    person = with_proof(Proof.ITEM_PASSWORD, secret=agreed_password("correct horse"))
    outsider = Outsider(send_message(people=[person]).links[0], **{"accept-language": language})
    outsider.give()
    for _ in range(4):
        outsider.answer(password="no")
    assert says_wait(outsider.answer(password="no"), language)
    assert says_wait(outsider.answer(password="correct horse"), language)


def test_a_password_is_asked_with_its_hint_and_pauses_after_five() -> None:
    person = with_proof(Proof.ITEM_PASSWORD, secret=agreed_password("correct horse", hint="the animal & the cell"))
    outsider = Outsider(send_message(people=[person]).links[0])
    page = outsider.client.get(outsider.give().url).content.decode()
    assert "the animal &amp; the cell" in page
    assert 'type="password"' in page
    assert "This is not the password. You have 4 tries left." in outsider.answer(password="no").content.decode()
    for _ in range(3):
        outsider.answer(password="no")
    assert "The next one is possible from" in outsider.answer(password="no").content.decode()
    assert "The next one is possible from" in outsider.answer(password="correct horse").content.decode()
    other = Outsider(send_message(outsider.link.link.participant.item.sender, [person]).links[0])
    other.give()
    assert other.answer(password="correct horse").status_code == 302


def test_an_empty_answer_is_said_beside_the_field_and_counts_nothing() -> None:
    sent = send_message(people=[coded()])
    outsider = Outsider(sent.links[0])
    outsider.give()
    assert "Enter the six digits of the opening code." in outsider.answer(code="").content.decode()
    sent.links[0].link.gate.refresh_from_db()
    assert sent.links[0].link.gate.tries == 0


def test_statement_92_a_code_goes_by_text_on_request_to_the_number_known() -> None:
    outsider = Outsider(send_message(people=[texted()]).links[0])
    page = outsider.client.get(outsider.give().url).content.decode()
    assert "87</strong>" in page
    assert NUMBER[-4:] not in page
    assert delivered("sms") == []
    outsider.client.post(outsider.url("link_code_send"), {"number": "+14165550999"})
    code = newest_code(NUMBER)
    assert [text.to for text in delivered("sms")] == [NUMBER]
    page = outsider.client.get(outsider.url("link_proof")).content.decode()
    assert 'name="code"' in page
    assert NUMBER[-4:] not in page
    assert code not in page
    assert "You have 4 tries left." in outsider.answer(code="wrong").content.decode()
    assert outsider.answer(code=code).status_code == 302
    assert BODY in outsider.read().content.decode()
    kinds = list(Event.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["item:item:sent", "item:code:sent", "item:code:failed", "item:message:opened"]


def test_a_code_goes_by_mail_on_request_works_once_and_goes_to_no_other_address() -> None:
    sent = send_message(people=[mailed()])
    outsider = Outsider(sent.links[0])
    page = outsider.client.get(outsider.give().url).content.decode()
    assert "to the e-mail address the link was sent to, and to no other one" in page
    assert delivered("email") == []
    outsider.client.post(outsider.url("link_code_send"), {"email": "thief@evil.example"})
    code = newest_code(ADDRESS)
    (mail,) = delivered("email")
    assert (mail.to, mail.subject) == (ADDRESS, "Your code")
    assert bytes(sent.links[0].link.locator).hex() not in mail.text
    page = outsider.client.get(outsider.url("link_proof")).content.decode()
    assert 'name="code"' in page
    assert code not in page
    assert "You have 4 tries left." in outsider.answer(code="wrong").content.decode()
    assert outsider.answer(code=code).status_code == 302
    assert BODY in outsider.read().content.decode()
    kinds = list(Event.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["item:item:sent", "item:code:sent", "item:code:failed", "item:message:opened"]
    another = Outsider(sent.links[0])
    another.give()
    assert "This code no longer works." in another.answer(code=code).content.decode()


def test_a_mailed_code_works_for_ten_minutes() -> None:
    outsider = Outsider(send_message(people=[mailed()]).links[0])
    outsider.give()
    outsider.client.post(outsider.url("link_code_send"))
    code = newest_code(ADDRESS)
    Code.objects.update(expires_at=database_now())
    assert "This code no longer works." in outsider.answer(code=code).content.decode()
    assert Event.objects.filter(kind=EventKind.CODE_EXPIRED).count() == 1


@pytest.mark.parametrize("proof", [Proof.EMAIL_CODE, Proof.SMS_CODE])
def test_a_code_given_while_none_lives_stands_in_the_log_and_never_floods_it(client: Client, proof: Proof) -> None:
    sent = send_message(people=[texted(proof)])
    outsider = Outsider(sent.links[0])
    outsider.give()
    for _ in range(limits.PROOF_TRIES + 3):
        assert "This code no longer works." in outsider.answer(code="123456").content.decode()
    events = Event.objects.filter(kind=EventKind.CODE_EXPIRED)
    assert events.count() == limits.PROOF_TRIES
    assert events[0].facts == {"link": 1, "proof": proof, "purpose": CodePurpose.OPENING}
    assert not Event.objects.filter(kind=EventKind.CODE_FAILED).exists()
    sign_in(client, sent.item.sender)
    for address in (f"/messages/{sent.item.reference}/", f"/account/activity/{sent.item.reference}/"):
        assert "Code given while none was valid" in client.get(address).content.decode(), address


def noted(kind: EventKind) -> int:
    return Event.objects.filter(kind=kind).count()


@pytest.mark.parametrize(
    ("person", "answer"),
    [
        (coded(), "code"),
        (mailed(), "code"),
        (texted(), "code"),
        (with_proof(Proof.ITEM_PASSWORD, secret=agreed_password("correct horse")), "password"),
    ],
    ids=["opening code", "mail", "text", "password"],
)
def test_a_stop_stands_in_the_log_once_however_often_somebody_goes_on(person: Person, answer: str) -> None:
    outsider = Outsider(send_message(people=[person]).links[0])
    outsider.give()
    outsider.client.post(outsider.url("link_code_send"))
    for _ in range(limits.PROOF_TRIES + 3):
        assert outsider.answer(**{answer: "wrong"}).status_code == 422
    assert (noted(EventKind.CODE_FAILED), noted(EventKind.CODE_STOPPED)) == (limits.PROOF_TRIES - 1, 1)
    another = Outsider(outsider.link, ip_address="198.51.100.7")
    another.give()
    assert "Too many tries." in another.answer(**{answer: "wrong"}).content.decode()
    assert (noted(EventKind.CODE_FAILED), noted(EventKind.CODE_STOPPED)) == (limits.PROOF_TRIES - 1, 1)


def test_a_stop_after_a_new_code_is_another_one() -> None:
    outsider = Outsider(send_message(people=[coded()]).links[0])
    outsider.give()
    for stops in (1, 2):
        for _ in range(limits.PROOF_TRIES + 1):
            outsider.answer(code="wrong")
        assert noted(EventKind.CODE_STOPPED) == stops
        outsider.client.post(outsider.url("link_code_send"))


@pytest.mark.parametrize("person", [mailed(), texted()])
def test_a_second_code_waits_and_three_new_ones_are_the_most(person: Person) -> None:
    outsider = Outsider(send_message(people=[person]).links[0])
    outsider.give()
    outsider.client.post(outsider.url("link_code_send"))
    page = outsider.client.post(outsider.url("link_code_send"))
    assert page.status_code == 429
    assert "use the newest" in page.content.decode()
    assert "data-countdown" in page.content.decode()
    for _ in range(limits.NEW_CODES_A_DAY.most):
        Code.objects.update(created_at=F("created_at") - timedelta(minutes=20), challenge_ends_at=F("created_at"))
        assert outsider.client.post(outsider.url("link_code_send")).status_code == 302
    Code.objects.update(created_at=F("created_at") - timedelta(minutes=20), challenge_ends_at=F("created_at"))
    assert outsider.client.post(outsider.url("link_code_send")).status_code == 429
    sent = Text.objects.count() if person.number else len(delivered("email"))
    assert sent == 1 + limits.NEW_CODES_A_DAY.most


@pytest.mark.parametrize("person", [mailed(), texted()], ids=["mail", "text"])
def test_after_five_wrong_codes_a_new_one_opens_without_waiting_for_the_quarter_of_an_hour(person: Person) -> None:
    outsider = Outsider(send_message(people=[person]).links[0])
    outsider.give()
    outsider.client.post(outsider.url("link_code_send"))
    for _ in range(limits.PROOF_TRIES):
        page = outsider.answer(code="wrong").content.decode()
    assert "Too many tries. Ask for a new code." in page
    Code.objects.update(created_at=F("created_at") - timedelta(seconds=61))
    assert outsider.client.post(outsider.url("link_code_send")).status_code == 302
    assert outsider.answer(code=newest_code(person.number or person.email)).status_code == 302


def test_a_number_changed_in_the_database_gets_no_code() -> None:
    sent = send_message(people=[texted(), texted()])
    thief = Participant.objects.get(pk=sent.links[1].link.participant_id)
    thief.keep_number("+14165550999")
    thief.save()
    outsider = Outsider(sent.links[1])
    outsider.give()
    assert outsider.client.post(outsider.url("link_code_send")).status_code == 500
    assert delivered("sms") == []


@pytest.mark.parametrize("person", [coded(), mailed(), texted()])
def test_who_receives_no_code_can_tell_the_sender_and_nothing_else(person: Person) -> None:
    outsider = Outsider(send_message(people=[person]).links[0])
    outsider.give()
    for _ in range(3):
        answer = outsider.client.post(outsider.url("link_code_missing"))
    assert "The sender has been told." in outsider.client.get(answer.url).content.decode()
    (mail,) = delivered("email")
    assert (mail.to, mail.subject) == ("robin@demo.example", f"{ADDRESS} cannot receive the code")
    assert str(person.proof.label) in mail.text
    assert BODY not in mail.text


@pytest.mark.parametrize("person", [coded(), mailed(), texted()])
def test_a_code_that_does_not_arrive_stands_in_the_log_once_a_day(person: Person, client: Client) -> None:
    sent = send_message(people=[person])
    outsider = Outsider(sent.links[0])
    outsider.give()
    for _ in range(3):
        outsider.client.post(outsider.url("link_code_missing"))
    (event,) = Event.objects.filter(kind=EventKind.CODE_MISSING)
    asked = {"proof": person.proof, "purpose": CodePurpose.OPENING}
    assert (event.participant_id, event.facts) == (sent.participant.pk, {"link": 1, **asked})
    sign_in(client, sent.item.sender)
    reference = sent.item.reference
    for address in (f"/messages/{reference}/", f"/account/activity/{reference}/"):
        assert "Told you that the code does not arrive" in client.get(address).content.decode(), address


def test_statement_93_a_proof_given_for_one_person_opens_nothing_for_another() -> None:
    first, second = coded(), coded()
    sent = send_message(people=[first, second])
    one = Outsider(sent.links[0]).open(code=first.secret.value)
    other = Outsider(sent.links[1], client=one.client)
    assert other.read().url == other.url("link")
    other.give()
    assert other.read().url == other.url("link_proof")
    assert other.answer(code=first.secret.value).status_code == 422


def test_pressing_twice_opens_once() -> None:
    sent = send_message()
    outsider = Outsider(sent.links[0]).open()
    assert outsider.answer().url == outsider.url("message_read")
    assert sent.participant.openings_used == 1


@pytest.mark.parametrize("is_asked", [True, False])
def test_the_first_opening_is_told_to_a_sender_who_asked(is_asked: bool) -> None:
    sent = send_message(is_read_receipt_asked=is_asked)
    Outsider(sent.links[0]).open()
    Outsider(sent.links[0]).open()
    mails = [mail for mail in delivered("email") if mail.to == "robin@demo.example"]
    assert [mail.subject for mail in mails] == [f"{ADDRESS} has opened your message"] * is_asked
    assert all(BODY not in mail.text + mail.html for mail in mails)


def test_twenty_wrong_passwords_stop_the_link_and_the_sender_is_told_once() -> None:
    sent = send_message(people=[with_proof(Proof.ITEM_PASSWORD, secret=agreed_password("correct horse"))])
    outsider = Outsider(sent.links[0])
    outsider.give()
    for _ in range(4):
        for _ in range(limits.PROOF_TRIES):
            outsider.answer(password="no")
        Gate.objects.update(paused_until=F("paused_until") - timedelta(hours=1))
    assert "the link takes none any more" in outsider.answer(password="correct horse").content.decode()
    assert noted(EventKind.CODE_STOPPED) == 4
    (mail,) = delivered("email")
    assert (mail.to, mail.subject) == ("robin@demo.example", f"Too many wrong passwords for {ADDRESS}")


def test_statement_87_the_sender_is_told_once_of_who_tries_without_the_secret() -> None:
    sent = send_message()
    outsider = Outsider(sent.links[0])
    for _ in range(limits.WRONG_SECRETS_PER_NETWORK.most):
        outsider.give(new_secret())
    assert delivered("email") == []
    for _ in range(2):
        outsider.give(new_secret())
    (mail,) = delivered("email")
    assert (mail.to, mail.subject) == ("robin@demo.example", f"Somebody tries your link for {ADDRESS}")
