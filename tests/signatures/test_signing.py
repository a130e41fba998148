"""What signers do, in their order, and what the requester's control of it keeps from happening."""

import uuid
from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from core.db import database_now
from core.errors import TooManyRequests
from messaging.items.choices import State
from messaging.items.errors import (
    AlreadySent,
    LinkDeclined,
    LinkDone,
    LinkExpired,
    LinkRefused,
    LinkReplaced,
    LinkRevoked,
)
from messaging.items.events.kinds import EventKind
from messaging.items.models import Event, EventPerson, Item, Link, Participant
from messaging.items.services.controlling import revoke_item
from messaging.items.services.opening import data_key
from signatures.choices import RequestState, Stage
from signatures.models import Signer
from signatures.request_errors import SameAddress, TooManySigners
from signatures.services.answering import signing_of
from signatures.services.controlling import cancel, correct_contact, remind, send_new_link
from signatures.services.declining import decline, reason_of
from signatures.services.signing import consent
from signatures.signing_errors import AnswersMissing, ConsentMissing, NothingToRemind, NotYourTurn, TextTooLong
from tests.messaging.items.making import give, make_sender, visitor
from tests.signatures.signer import AGENT, SigningBrowser, first_of
from tests.signatures.signing import YAN, ZOE, Requested, ask, fill, mail_to, open_mailed, opened, sign_all, sign_now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sealing")]

TOGETHER = replace(YAN, turn=1)


def who_of(event: Event) -> dict[str, str]:
    fields = EventPerson.objects.get(pk=event.pk).fields
    return {name: value for name, (_salt, value) in fields.items()}


def test_who_comes_first_is_written_to_and_the_other_waits() -> None:
    asked = ask(make_sender())
    assert asked.row.state_at(database_now()) is RequestState.IN_PROGRESS
    assert Link.objects.count() == 1
    assert asked.signer(1).participant.is_waiting
    assert "/s/" in mail_to(ZOE.email)


def test_149_a_link_is_only_in_the_mail_to_its_signer() -> None:
    asked = ask(make_sender())
    sign_all(opened(asked))
    text = mail_to(YAN.email)
    assert "/s/" in text
    for event in Event.objects.all():
        assert "#" not in str(event.facts)
    assert all("/s/" not in str(row.fields) for row in EventPerson.objects.all())


def test_151_the_next_signer_has_no_link_before_the_first_has_signed() -> None:
    asked = ask(make_sender())
    with pytest.raises(NothingToRemind):
        send_new_link(signer=asked.signer(1), by=asked.item.sender, visitor=visitor())
    assert not Link.objects.filter(participant=asked.signer(1).participant).exists()
    sign_all(opened(asked))
    assert Link.objects.filter(participant=asked.signer(1).participant, ended_at=None).exists()


def test_151_the_order_holds_for_somebody_who_got_a_link_too_early() -> None:
    asked = ask(make_sender(), [ZOE, YAN])
    visit = opened(asked)
    Signer.objects.filter(place=0).update(place=7)
    Signer.objects.filter(place=1).update(place=0)
    Signer.objects.filter(place=7).update(place=1)
    fill(visit)
    with pytest.raises(NotYourTurn):
        sign_now(signing_of(visit))


def test_who_signs_at_the_same_time_is_written_to_at_once() -> None:
    both = [ZOE, TOGETHER]
    ask(make_sender(), both)
    assert Link.objects.count() == 2


def test_nothing_is_signed_without_consent_and_without_what_is_asked() -> None:
    asked = ask(make_sender())
    visit = opened(asked)
    with pytest.raises(ConsentMissing):
        sign_now(signing_of(visit))
    consent(signing_of(visit), visitor=visitor())
    with pytest.raises(AnswersMissing):
        sign_now(signing_of(visit))
    fill(visit)
    sign_now(signing_of(visit))
    assert asked.signer(0).signed_at is not None


def test_155_162_what_was_shown_stands_in_the_event_with_who_signed_and_how() -> None:
    asked = ask(make_sender())
    visit = opened(asked)
    digest = signing_of(visit).preparation.papers[0].sha256
    sign_all(visit)
    event = Event.objects.get(kind=EventKind.SIGNED)
    assert event.facts == {"link": 1, "proof": "email_code", "digests": [digest]}
    assert event.at == asked.signer(0).signed_at
    assert event.at.tzinfo == UTC
    assert who_of(event) == {
        "name": ZOE.name,
        "address": ZOE.email,
        "ip": "198.51.100.23",
        "network": "198.51.100.0/24",
        "browser": "Firefox",
    }
    assert event.participant_id == asked.signer(0).pk


def test_162_each_act_of_a_signer_is_a_row_with_who_when_how_and_from_where() -> None:
    asked = ask(make_sender())
    browser = first_of(asked).agree()
    browser.fill()
    browser.confirm()
    SigningBrowser(YAN.email).agree().post("document_decline", {"reason": ""})
    for kind in (EventKind.OPENED, EventKind.CONSENTED, EventKind.SIGNED, EventKind.DECLINED):
        event = Event.objects.filter(kind=kind).order_by("-at")[0]
        who = who_of(event)
        assert event.at.tzinfo == UTC, kind
        assert (who["ip"], who["browser"]) == ("192.0.2.7", AGENT), kind
        assert who["address"] == (YAN if event.participant_id == asked.signer(1).pk else ZOE).email, kind
        assert event.facts["proof"] == "email_code", kind
    shown = Event.objects.filter(kind__in=[EventKind.CONSENTED, EventKind.SIGNED])
    assert [len(event.facts["digests"]) for event in shown] == [1, 1, 1]


def test_signing_twice_from_two_tabs_counts_once() -> None:
    asked = ask(make_sender())
    visit = opened(asked)
    fill(visit)
    first, second = signing_of(visit), signing_of(visit)
    sign_now(first)
    with pytest.raises(LinkDone):
        sign_now(second)
    assert Event.objects.filter(kind=EventKind.SIGNED).count() == 1


def test_152_nothing_is_read_after_signing_before_all_have() -> None:
    asked = ask(make_sender())
    visit = opened(asked)
    sign_all(visit)
    visit.participant.refresh_from_db()
    with pytest.raises(LinkDone):
        data_key(visit)


@pytest.mark.parametrize("ended", ["declined", "cancelled", "expired"])
def test_154_a_request_that_is_over_takes_no_signature_from_an_open_tab(ended: str) -> None:
    both = [ZOE, TOGETHER]
    asked = ask(make_sender(), both)
    visit = opened(asked)
    fill(visit)
    tab = signing_of(visit)
    refusal: type[LinkRefused] = LinkRevoked
    if ended == "declined":
        decline(signing_of(open_mailed("yan@outside.example")), reason="Too dear", visitor=visitor())
        refusal = LinkDeclined
    elif ended == "cancelled":
        assert cancel(item=asked.item, by=asked.item.sender, visitor=visitor())
    else:
        Participant.objects.update(expires_at=database_now())
        refusal = LinkExpired
    with pytest.raises(refusal):
        sign_now(tab)
    assert asked.signer(0).signed_at is None


def test_declining_ends_it_for_all_and_tells_the_requester() -> None:
    asked = ask(make_sender())
    decline(signing_of(opened(asked)), reason=" Too dear.\r\nSorry. ", visitor=visitor())
    row = asked.row
    assert row.state_at(database_now()) is RequestState.DECLINED
    assert reason_of(asked.signer(0)) == "Too dear.\nSorry."
    assert asked.item.state_at(database_now(), list(asked.item.participants.all())) is State.DECLINED
    text = mail_to(asked.item.sender.email)
    assert "dear" not in text
    assert ZOE.name in text
    assert "dear" not in str([(e.facts, e.kind) for e in Event.objects.all()])


def test_cancelling_tells_those_who_were_written_to_also_from_the_log() -> None:
    asked = ask(make_sender())
    sign_all(opened(asked))
    mail_to(YAN.email)
    assert revoke_item(item=asked.item, by=asked.item.sender, visitor=visitor(), at=database_now())
    assert asked.row.state_at(database_now()) is RequestState.CANCELLED
    assert "cancelled" in mail_to(ZOE.email)
    assert "annulé" in mail_to(YAN.email)


def test_a_reason_that_is_too_long_is_refused() -> None:
    asked = ask(make_sender())
    with pytest.raises(TextTooLong):
        decline(signing_of(opened(asked)), reason="x" * 1001, visitor=visitor())
    assert asked.row.declined_at is None


def test_150_a_corrected_address_gets_a_new_secret_and_an_event() -> None:
    asked = ask(make_sender())
    before = asked.made.links[0]
    correct_contact(signer=asked.signer(0), email="zoe@new.example", number="", by=asked.item.sender, visitor=visitor())
    with pytest.raises(LinkReplaced):
        give(before)
    assert Event.objects.filter(kind=EventKind.ADDRESS_CORRECTED, participant_id=asked.signer(0).pk).count() == 1
    sign_all(open_mailed("zoe@new.example"))
    with pytest.raises(NothingToRemind):
        correct_contact(
            signer=asked.signer(0), email="zoe@x.example", number="", by=asked.item.sender, visitor=visitor()
        )


def test_a_corrected_address_is_nobody_elses() -> None:
    asked = ask(make_sender())
    with pytest.raises(SameAddress):
        correct_contact(
            signer=asked.signer(0), email=YAN.email.upper(), number="", by=asked.item.sender, visitor=visitor()
        )
    correct_contact(signer=asked.signer(1), email="yan@new.example", number="", by=asked.item.sender, visitor=visitor())
    assert asked.signer(1).participant.is_waiting


def remind_of(asked: Requested, place: int, text: str = "") -> None:
    remind(signer=asked.signer(place), text=text, language="fr", by=asked.item.sender, visitor=visitor())


def test_a_reminder_brings_a_link_that_works_and_comes_once_an_hour() -> None:
    asked = ask(make_sender())
    remind_of(asked, 0, "Please, Zoë.")
    assert "Please, Zoë." in mail_to(ZOE.email)
    with pytest.raises(TooManyRequests):
        remind_of(asked, 0)
    with pytest.raises(NothingToRemind):
        remind_of(asked, 1)
    sign_all(open_mailed(ZOE.email))


def test_when_all_have_signed_the_worker_takes_over() -> None:
    asked = ask(make_sender())
    sign_all(opened(asked))
    assert asked.row.stage == Stage.IN_PROGRESS
    sign_all(open_mailed(YAN.email))
    row = asked.row
    assert row.stage == Stage.SIGNED_BY_ALL
    assert asked.item.expires_at > database_now() + timedelta(days=29)
    with pytest.raises(NothingToRemind):
        cancel(item=asked.item, by=asked.item.sender, visitor=visitor())


def test_sending_the_same_form_again_sends_nothing() -> None:
    sender, form_key = make_sender(), uuid.uuid4()
    ask(sender, form_key=form_key)
    with pytest.raises(AlreadySent):
        ask(sender, form_key=form_key)
    assert Item.objects.count() == 1


def test_advanced_has_one_signer_and_pro_many() -> None:
    with pytest.raises(TooManySigners):
        ask(make_sender(plan="advanced"))
    ask(make_sender("solo@demo.example", plan="advanced"), [ZOE])
