"""The sender deletes, prolongs, shortens, sends a new link."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from core import keys
from core.crypto.canonical import canonical_json
from core.crypto.sealing import seal
from core.db import database_now
from messaging.items.choices import LinkEnd, Proof
from messaging.items.errors import (
    ContentDamaged,
    CopyMissing,
    LinkExpired,
    LinkReplaced,
    LinkRevoked,
    OpeningsUsedUp,
    ProofWrong,
)
from messaging.items.models import Content, Item, Link, OpenSession, Participant
from messaging.items.services.controlling import (
    change_end,
    copied_manifest,
    renew_link,
    revoke_participant,
)
from messaging.items.services.creating import Person
from messaging.items.services.gates import agreed_password, new_opening_code
from messaging.items.services.links import to_text, unseal_gate_key
from messaging.items.services.opening import data_key, manifest_of, prove
from messaging.items.services.visiting import new_cookie, visit_of
from messaging.items.weeks import put_on
from tests.messaging.items.making import (
    BODY,
    SUBJECT,
    Sent,
    by,
    delete,
    give,
    make_sender,
    open_link,
    send_item,
    visitor,
    with_proof,
)

pytestmark = pytest.mark.django_db


def fresh(sent: Sent) -> Item:
    return Item.objects.get(pk=sent.item.pk)


def days_from_now(days: float):  # type: ignore[no-untyped-def]
    return database_now() + timedelta(days=days)


def test_the_sender_rereads_the_kept_copy() -> None:
    sent = send_item(make_sender())
    manifest = copied_manifest(fresh(sent), at=database_now())
    assert (manifest.subject, manifest.body) == (SUBJECT, BODY)


def test_without_a_copy_the_sender_reads_nothing() -> None:
    with pytest.raises(CopyMissing):
        copied_manifest(fresh(send_item(make_sender(), is_copy_kept=False)), at=database_now())


def test_statement_95_deleting_ends_access_and_keys_at_once() -> None:
    sent, cookie = send_item(make_sender(), [with_proof(Proof.NONE)] * 2), new_cookie()
    open_link(sent.links[0], cookie=cookie)
    assert delete(sent)
    assert not delete(sent)
    for made in sent.links:
        with pytest.raises(LinkRevoked):
            give(made)
        row = Link.objects.get(pk=made.link.pk)
        assert (row.wrap, row.gate_key_sealed, row.ended_by) == (None, None, LinkEnd.REVOKED)
    with pytest.raises(LinkRevoked):
        visit_of(locator=bytes(sent.links[0].link.locator), cookie=cookie)
    item = fresh(sent)
    assert (item.copy_box, item.label_sealed, item.shredded_at is not None) == (None, None, True)
    assert not Content.objects.filter(whole_id=item.whole_id).exists()
    assert bytes(OpenSession.objects.get().secret_sealed) == b""


def test_statement_96_one_person_is_deleted_and_the_others_read_on() -> None:
    sent = send_item(make_sender(), [with_proof(Proof.NONE)] * 2)
    first, second = (made.link.participant for made in sent.links)
    assert revoke_participant(participant=first, **by(sent))
    with pytest.raises(LinkRevoked):
        give(sent.links[0])
    assert manifest_of(open_link(sent.links[1])).body == BODY
    assert revoke_participant(participant=second, **by(sent))
    assert fresh(sent).shredded_at is not None
    assert not Content.objects.filter(whole_id=sent.item.whole_id).exists()


def test_a_later_end_keeps_the_link() -> None:
    sent = send_item(make_sender(), days=7)
    change_end(item=sent.item, ends_at=days_from_now(30), by=sent.item.sender, visitor=visitor())
    link = Link.objects.get(pk=sent.links[0].link.pk)
    assert link.amendment
    assert fresh(sent).expires_at > days_from_now(29)
    assert manifest_of(open_link(sent.links[0])).body == BODY


def test_another_end_is_for_everybody_who_is_not_deleted() -> None:
    sent = send_item(make_sender(), [Person("zoe@outside.example"), Person("yan@outside.example")], days=7)
    first, second = (link.link.participant for link in sent.links)
    revoke_participant(participant=first, **by(sent))
    former = Participant.objects.get(pk=first.pk).expires_at
    change_end(item=sent.item, ends_at=(ends_at := days_from_now(30)), by=sent.item.sender, visitor=visitor())
    ends = Participant.objects.in_bulk([first.pk, second.pk])
    assert (ends[first.pk].expires_at, ends[second.pk].expires_at) == (former, ends_at)


def test_an_end_can_be_moved_again_and_again() -> None:
    sent = send_item(make_sender(), days=7)
    for days in (30, 10, 60, 5):
        change_end(item=sent.item, ends_at=days_from_now(days), by=sent.item.sender, visitor=visitor())
        assert manifest_of(open_link(sent.links[0])).body == BODY


def test_an_earlier_end_holds_without_a_copy() -> None:
    sent = send_item(make_sender(), days=7, is_copy_kept=False)
    ends_at = days_from_now(1)
    change_end(item=sent.item, ends_at=ends_at, by=sent.item.sender, visitor=visitor())
    assert fresh(sent).expires_at == ends_at
    assert manifest_of(open_link(sent.links[0])).body == BODY
    with pytest.raises(CopyMissing):
        change_end(item=sent.item, ends_at=days_from_now(8), by=sent.item.sender, visitor=visitor())
    assert fresh(sent).expires_at == ends_at


@pytest.mark.parametrize("days", [-1, 0, 91])
def test_an_end_beyond_the_plan_or_in_the_past_is_refused(days: float) -> None:
    sent = send_item(make_sender(), longest_days=90)
    with pytest.raises(ValueError, match="within the life"):
        change_end(item=sent.item, ends_at=days_from_now(days), by=sent.item.sender, visitor=visitor())


def test_nothing_that_ended_is_prolonged() -> None:
    sender = make_sender()
    expired, revoked = send_item(sender), send_item(sender)
    Item.objects.filter(pk=expired.item.pk).update(expires_at=database_now())
    delete(revoked)
    for sent, reason in ((expired, LinkExpired), (revoked, LinkRevoked)):
        with pytest.raises(reason):
            change_end(item=sent.item, ends_at=days_from_now(9), by=sent.item.sender, visitor=visitor())
        with pytest.raises(reason):
            renew_link(participant=sent.participant, **by(sent))


def test_statement_113_a_forged_amendment_opens_nothing() -> None:
    sent = send_item(make_sender(), days=7)
    change_end(item=sent.item, ends_at=days_from_now(30), by=sent.item.sender, visitor=visitor())
    later = {"ends_at": days_from_now(60).isoformat()}
    Link.objects.update(amendment=canonical_json(later).decode())
    Participant.objects.update(expires_at=days_from_now(60))
    with pytest.raises(ContentDamaged):
        data_key(open_link(sent.links[0]))


def test_statement_113_an_amendment_taken_from_another_person_opens_nothing() -> None:
    sent = send_item(make_sender(), [with_proof(Proof.NONE)] * 2, days=7)
    change_end(item=sent.item, ends_at=days_from_now(30), by=sent.item.sender, visitor=visitor())
    second = Link.objects.get(pk=sent.links[1].link.pk)
    Link.objects.filter(pk=sent.links[0].link.pk).update(amendment_tag=second.amendment_tag)
    with pytest.raises(ContentDamaged):
        data_key(open_link(sent.links[0]))
    assert manifest_of(open_link(sent.links[1])).body == BODY


def test_statement_113_a_later_end_without_any_amendment_opens_nothing() -> None:
    sent = send_item(make_sender(), days=7)
    visit = open_link(sent.links[0])
    values = json.loads(visit.link.policy)
    values["ends_at"] = (database_now() - timedelta(seconds=1)).isoformat()
    visit.link.policy = canonical_json(values).decode()
    with pytest.raises(ContentDamaged):
        data_key(visit)


def test_a_new_link_replaces_the_old_one() -> None:
    sent = send_item(make_sender(), openings=1)
    open_link(sent.links[0])
    with pytest.raises(OpeningsUsedUp):
        give(sent.links[0])
    made, _code = renew_link(participant=sent.participant, **by(sent))
    with pytest.raises(LinkReplaced):
        give(sent.links[0])
    assert manifest_of(open_link(made)).body == BODY
    assert made.link.number == 2


def test_a_new_link_asks_the_same_proof() -> None:
    sender = make_sender()
    code, password = new_opening_code(), agreed_password("correct horse", hint="the animal")
    with_code = send_item(sender, [with_proof(Proof.OPENING_CODE, secret=code)])
    with_password = send_item(sender, [with_proof(Proof.ITEM_PASSWORD, secret=password)])
    made, fresh_code = renew_link(participant=with_code.participant, **by(with_code))
    visit = give(made)
    if code.value != fresh_code.value:
        with pytest.raises(ProofWrong):
            prove(visit=visit, answer=code.value, visitor=visitor())
    prove(visit=visit, answer=fresh_code.value, visitor=visitor())
    made, nothing = renew_link(participant=with_password.participant, **by(with_password))
    assert (nothing.value, made.link.gate.hint) == ("", "the animal")
    assert manifest_of(open_link(made, answer="correct horse")).body == BODY


def test_without_a_copy_there_is_no_new_link() -> None:
    sent = send_item(make_sender(), is_copy_kept=False)
    with pytest.raises(CopyMissing):
        renew_link(participant=sent.participant, **by(sent))
    assert manifest_of(open_link(sent.links[0])).body == BODY


def _later_end() -> None:
    later = days_from_now(60)
    Item.objects.update(expires_at=later)
    Participant.objects.update(expires_at=later)


def _forged_amendment() -> None:
    _later_end()
    terms = canonical_json({"ends_at": days_from_now(60).isoformat()}).decode()
    Link.objects.update(amendment=terms, amendment_tag=bytes(32))


def _other_policy(**terms: object) -> None:
    values = json.loads(Link.objects.get().policy) | terms
    Link.objects.update(policy=canonical_json(values).decode())


def _no_proof_anywhere() -> None:
    Participant.objects.update(proof=Proof.NONE)
    _other_policy(proof="none")


@pytest.mark.parametrize(
    "harm",
    [
        lambda: Participant.objects.update(proof=Proof.NONE),
        lambda: Participant.objects.update(openings_allowed=99),
        lambda: Participant.objects.update(number_digest=bytes(32)),
        lambda: Item.objects.update(longest_until=days_from_now(300)),
        lambda: _other_policy(reply_proofs=[]),
        _no_proof_anywhere,
        _later_end,
        _forged_amendment,
    ],
)
def test_statement_113_a_new_link_takes_no_terms_that_were_written_into_the_database(
    harm: Callable[[], object],
) -> None:
    person = with_proof(Proof.OPENING_CODE, secret=new_opening_code(), number="+14165550123")
    sent = send_item(make_sender(), [person], reply_proofs=("sms_code",))
    harm()
    with pytest.raises(ContentDamaged):
        renew_link(participant=sent.participant, **by(sent))
    assert Link.objects.get().ended_at is None


def test_after_a_later_and_an_earlier_end_a_new_link_is_made() -> None:
    sent = send_item(make_sender())
    for days in (30, 10):
        change_end(item=sent.item, ends_at=days_from_now(days), by=sent.item.sender, visitor=visitor())
        made, _code = renew_link(participant=sent.participant, **by(sent))
        assert manifest_of(open_link(made)).body == BODY


def test_the_gate_key_of_an_earlier_version_opens_and_moves() -> None:
    sent = send_item(make_sender())
    link, place = sent.links[0].link, f"items_link:gate_key:{to_text(bytes(sent.links[0].link.locator))}"
    inner = seal(keys.derived("gate keys"), unseal_gate_key(link).reveal(), place=place)
    Link.objects.update(gate_key_sealed=put_on(inner, week_on=link.week_on, place=place))
    assert manifest_of(open_link(sent.links[0])).body == BODY
    change_end(item=sent.item, ends_at=days_from_now(30), by=sent.item.sender, visitor=visitor())
    assert manifest_of(open_link(sent.links[0])).body == BODY
    made, _code = renew_link(participant=sent.participant, **by(sent))
    assert manifest_of(open_link(made)).body == BODY
