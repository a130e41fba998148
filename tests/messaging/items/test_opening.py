"""A person outside gives a link's secret, proves who they are, opens, and comes back."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db.models import F

from core.crypto.links import new_secret
from core.db import database_now
from messaging.items import limits
from messaging.items.choices import LinkEnd, Proof, State
from messaging.items.errors import (
    ContentDamaged,
    LinkDone,
    LinkExpired,
    LinkRefused,
    LinkReplaced,
    LinkRevoked,
    LinkUnknown,
    OpeningsUsedUp,
    ProofPaused,
    ProofWrong,
)
from messaging.items.events.kinds import EventKind
from messaging.items.models import Content, Event, Item, Link, OpenSession, Participant
from messaging.items.services import controlling
from messaging.items.services.controlling import renew_link, revoke_participant
from messaging.items.services.finishing import finish_part
from messaging.items.services.gates import agreed_password, new_opening_code
from messaging.items.services.opening import data_key, manifest_of, prove
from messaging.items.services.shredding import shred_item
from messaging.items.services.visiting import give_secret, new_cookie, visit_of
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
from tests.races import on_threads

pytestmark = pytest.mark.django_db


def test_the_right_secret_and_no_proof_open_the_content() -> None:
    sent = send_item(make_sender())
    manifest = manifest_of(open_link(sent.links[0]))
    assert (manifest.subject, manifest.body) == (SUBJECT, BODY)
    assert (sent.participant.openings_used, sent.participant.first_opened_at is not None) == (1, True)


def test_the_secret_alone_shows_nothing_and_takes_nothing() -> None:
    sent = send_item(make_sender())
    visit = give(sent.links[0])
    with pytest.raises(LinkUnknown):
        data_key(visit)
    assert sent.participant.openings_used == 0


def test_statement_86_one_opening_lasts_in_its_browser() -> None:
    sent, cookie = send_item(make_sender(), openings=1), new_cookie()
    open_link(sent.links[0], cookie=cookie)
    again = visit_of(locator=bytes(sent.links[0].link.locator), cookie=cookie)
    assert again is not None
    assert manifest_of(again).body == BODY
    prove(visit=give(sent.links[0], cookie=cookie), answer="", visitor=visitor())
    assert sent.participant.openings_used == 1
    with pytest.raises(OpeningsUsedUp):
        give(sent.links[0])


def test_statement_86_an_opening_ends_by_rest_and_by_age() -> None:
    sent, cookie = send_item(make_sender(), openings=2), new_cookie()
    locator = bytes(sent.links[0].link.locator)
    open_link(sent.links[0], cookie=cookie)
    OpenSession.objects.update(seen_at=F("seen_at") - timedelta(seconds=limits.OPENING_IDLE_SECONDS + 1))
    assert visit_of(locator=locator, cookie=cookie) is None
    open_link(sent.links[0], cookie=cookie)
    assert sent.participant.openings_used == 2
    OpenSession.objects.update(ends_at=database_now() - timedelta(seconds=1))
    assert visit_of(locator=locator, cookie=cookie) is None
    with pytest.raises(OpeningsUsedUp):
        give(sent.links[0], cookie=cookie)


def test_another_browser_and_another_link_have_no_part_in_an_opening() -> None:
    sender = make_sender()
    first, second, cookie = send_item(sender), send_item(sender), new_cookie()
    open_link(first.links[0], cookie=cookie)
    assert visit_of(locator=bytes(second.links[0].link.locator), cookie=cookie) is None
    assert visit_of(locator=bytes(first.links[0].link.locator), cookie=new_cookie()) is None
    assert visit_of(locator=bytes(first.links[0].link.locator), cookie="") is None


def test_statement_87_before_the_secret_all_answers_are_alike() -> None:
    sender = make_sender()
    expired, revoked, used_up, living = (send_item(sender, openings=1) for _ in range(4))
    Participant.objects.filter(item=expired.item).update(expires_at=database_now())
    delete(revoked)
    open_link(used_up.links[0])
    asked: list[tuple[bytes | None, bytes | None]] = [
        (bytes(sent.links[0].link.locator), new_secret().reveal()) for sent in (expired, revoked, used_up, living)
    ]
    asked += [(b"n" * 16, new_secret().reveal()), (None, new_secret().reveal())]
    asked += [(bytes(living.links[0].link.locator), None), (bytes(living.links[0].link.locator), b"short")]
    refusals = set()
    for number, (locator, secret) in enumerate(asked):
        with pytest.raises(LinkRefused) as refused:
            give_secret(locator=locator, secret=secret, cookie=new_cookie(), visitor=visitor(f"192.0.{number}.1"))
        refusals.add((type(refused.value), str(refused.value)))
    assert refusals == {(LinkUnknown, "This link does not work")}


def test_after_the_right_secret_the_reason_is_told() -> None:
    sender = make_sender()
    expired, revoked, used_up = (send_item(sender, openings=1) for _ in range(3))
    Participant.objects.filter(item=expired.item).update(expires_at=database_now())
    delete(revoked)
    open_link(used_up.links[0])
    for sent, reason in ((expired, LinkExpired), (revoked, LinkRevoked), (used_up, OpeningsUsedUp)):
        with pytest.raises(reason):
            give(sent.links[0])


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        (lambda sent: renew_link(participant=sent.participant, **by(sent)), LinkReplaced),
        (delete, LinkRevoked),
        (lambda sent: revoke_participant(participant=sent.participant, **by(sent)), LinkRevoked),
        (lambda sent: finish_part(sent.participant, at=database_now()), LinkDone),
        (lambda _sent: Participant.objects.update(expires_at=database_now()), LinkExpired),
    ],
)
def test_a_link_that_ends_between_the_secret_and_the_proof_takes_no_opening(
    end: Callable[[Sent], object], reason: type[LinkRefused]
) -> None:
    sent = send_item(make_sender(), openings=1)
    visit = give(sent.links[0])
    end(sent)
    with pytest.raises(reason):
        prove(visit=visit, answer="", visitor=visitor())
    assert sent.participant.openings_used == 0
    assert not Event.objects.filter(kind=EventKind.OPENED).exists()
    assert not OpenSession.objects.exclude(opened_at=None).exists()


def test_statement_87_ten_wrong_secrets_pause_the_link_for_their_network_alone() -> None:
    sent = send_item(make_sender())
    for _ in range(10):
        with pytest.raises(LinkUnknown):
            give(sent.links[0], secret=new_secret())
    with pytest.raises(LinkUnknown):
        give(sent.links[0])
    assert not give(sent.links[0], ip_address="198.51.100.1").is_open


@pytest.mark.parametrize("proof", [Proof.OPENING_CODE, Proof.ITEM_PASSWORD])
def test_a_proof_is_asked_and_its_tries_are_counted(proof: Proof) -> None:
    secret = new_opening_code() if proof is Proof.OPENING_CODE else agreed_password("correct horse", hint="the animal")
    sent = send_item(make_sender(), [with_proof(proof, secret=secret)])
    visit = give(sent.links[0])
    for left in (4, 3, 2, 1):
        with pytest.raises(ProofWrong) as wrong:
            prove(visit=visit, answer="not it", visitor=visitor())
        assert wrong.value.tries_left == left
    prove(visit=visit, answer=secret.value or "correct horse", visitor=visitor())
    assert manifest_of(visit).body == BODY


@pytest.mark.parametrize("proof", [Proof.OPENING_CODE, Proof.ITEM_PASSWORD])
def test_after_five_misses_the_right_answer_does_not_help(proof: Proof) -> None:
    secret = new_opening_code() if proof is Proof.OPENING_CODE else agreed_password("correct horse")
    sent = send_item(make_sender(), [with_proof(proof, secret=secret)])
    visit = give(sent.links[0])
    for _ in range(4):
        with pytest.raises(ProofWrong):
            prove(visit=visit, answer="not it", visitor=visitor())
    for answer in ("not it", secret.value or "correct horse"):
        with pytest.raises(ProofPaused) as paused:
            prove(visit=visit, answer=answer, visitor=visitor())
    assert (paused.value.until is None) == (proof is Proof.OPENING_CODE)
    assert sent.participant.openings_used == 0


def test_statement_94_the_end_is_looked_at_with_each_request() -> None:
    sent, cookie = send_item(make_sender()), new_cookie()
    visit, locator = open_link(sent.links[0], cookie=cookie), bytes(sent.links[0].link.locator)
    Participant.objects.filter(item=sent.item).update(expires_at=database_now())
    with pytest.raises(LinkExpired):
        visit_of(locator=locator, cookie=cookie)
    # Even a request that looked a moment earlier gets no key once the end that is bound into the link has come.
    policy = visit.link.policy.replace(visit.policy.ends_at.isoformat(), database_now().isoformat())
    visit.link.policy = policy
    with pytest.raises(ContentDamaged):
        data_key(visit)


@pytest.mark.parametrize(
    "change",
    [
        lambda policy: policy.replace('"proof":"opening_code"', '"proof":"none"'),
        lambda policy: policy.replace('"openings":1', '"openings":9'),
        lambda policy: policy.replace('"ends_at":"2', '"ends_at":"3'),
    ],
)
def test_statement_113_terms_changed_in_the_database_open_nothing(change) -> None:  # type: ignore[no-untyped-def]
    code = new_opening_code()
    sent = send_item(make_sender(), [with_proof(Proof.OPENING_CODE, secret=code)], openings=1)
    link = sent.links[0].link
    changed = change(link.policy)
    assert changed != link.policy
    Link.objects.filter(pk=link.pk).update(policy=changed)
    visit = give(sent.links[0])
    prove(visit=visit, answer=code.value, visitor=visitor())
    with pytest.raises(ContentDamaged):
        data_key(visit)


def test_statement_113_columns_beside_the_terms_weaken_nothing() -> None:
    """More openings, another proof, a later end written into the person's row: the bound terms still rule."""
    code = new_opening_code()
    sent = send_item(make_sender(), [with_proof(Proof.OPENING_CODE, secret=code)], openings=1)
    far = database_now() + timedelta(days=400)
    Participant.objects.update(openings_allowed=9, proof=Proof.NONE, expires_at=far)
    with pytest.raises(ProofWrong):
        prove(visit=give(sent.links[0]), answer="not it", visitor=visitor())
    prove(visit=give(sent.links[0]), answer=code.value, visitor=visitor())
    other = give(sent.links[0])
    with pytest.raises(OpeningsUsedUp):
        prove(visit=other, answer=code.value, visitor=visitor())


def test_statement_113_a_wrap_of_another_person_opens_nothing() -> None:
    people = [with_proof(Proof.NONE), with_proof(Proof.NONE)]
    sent = send_item(make_sender(), people)
    first, second = (made.link for made in sent.links)
    Link.objects.filter(pk=first.pk).update(wrap=second.wrap, gate_key_sealed=second.gate_key_sealed)
    with pytest.raises(ContentDamaged):
        data_key(open_link(sent.links[0]))


def test_content_of_another_item_is_not_shown() -> None:
    sender = make_sender()
    first, second = send_item(sender), send_item(sender)
    other = Content.objects.get(whole_id=second.item.whole_id).sealed
    Content.objects.filter(whole_id=first.item.whole_id).update(sealed=other)
    with pytest.raises(ContentDamaged):
        manifest_of(open_link(first.links[0]))


def test_the_state_follows_what_happens() -> None:
    sent = send_item(make_sender(), openings=1)
    assert sent.participant.state_at(database_now()) is State.SENDING
    Participant.objects.update(handed_over_at=database_now())
    assert sent.participant.state_at(database_now()) is State.NOT_OPENED
    open_link(sent.links[0])
    assert sent.participant.state_at(database_now()) is State.USED_UP
    Participant.objects.update(openings_allowed=2)
    assert sent.participant.state_at(database_now()) is State.OPEN
    assert sent.participant.state_at(sent.item.expires_at) is State.EXPIRED
    delete(sent)
    assert sent.participant.state_at(database_now()) is State.DELETED
    item = Item.objects.get(pk=sent.item.pk)
    assert item.state_at(database_now(), [sent.participant]) is State.DELETED


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_statement_85_of_twenty_openings_at_once_one_succeeds() -> None:
    sent = send_item(make_sender(), openings=1)
    ready = [give(sent.links[0], ip_address=f"198.51.{number}.1") for number in range(20)]

    def attempt(number: int) -> bool:
        try:
            prove(visit=ready[number], answer="", visitor=visitor())
        except OpeningsUsedUp:
            return False
        return manifest_of(ready[number]).body == BODY

    assert sum(on_threads(20, attempt)) == 1
    assert sent.participant.openings_used == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_double_click_takes_one_opening() -> None:
    sent = send_item(make_sender(), openings=5)
    cookie = new_cookie()
    ready = [give(sent.links[0], cookie=cookie) for _ in range(10)]
    on_threads(10, lambda number: prove(visit=ready[number], answer="", visitor=visitor()))
    assert sent.participant.openings_used == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_who_opens_while_it_is_deleted_waits_and_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = send_item(make_sender())
    visit, has_begun = give(sent.links[0]), threading.Event()

    def shred_slowly(item: Item, *, at: datetime, why: LinkEnd) -> None:
        has_begun.set()
        threading.Event().wait(0.5)
        shred_item(item, at=at, why=why)

    def one(number: int) -> None:
        if number == 0:
            delete(sent)
        elif has_begun.wait(10):
            with pytest.raises(LinkRevoked):
                prove(visit=visit, answer="", visitor=visitor())

    monkeypatch.setattr(controlling, "shred_item", shred_slowly)
    on_threads(2, one)
    assert sent.participant.openings_used == 0


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_a_hundred_wrong_codes_at_once_five_are_compared() -> None:
    code = new_opening_code()
    sent = send_item(make_sender(), [with_proof(Proof.OPENING_CODE, secret=code)])
    visits = [give(sent.links[0], ip_address=f"198.51.{number}.1") for number in range(101)]

    def attempt(number: int) -> int:
        with pytest.raises((ProofWrong, ProofPaused)) as refused:
            prove(visit=visits[number], answer=f"{(int(code.value) + 1 + number) % 1_000_000:06d}", visitor=visitor())
        return isinstance(refused.value, ProofWrong)

    assert sum(on_threads(100, attempt)) < limits.PROOF_TRIES
    gate = visits[100].link.gate
    gate.refresh_from_db()
    assert gate.misses == limits.PROOF_TRIES
    kinds = list(Event.objects.filter(kind__contains=":code:").order_by("kind").values_list("kind", flat=True))
    assert kinds == [EventKind.CODE_FAILED] * (limits.PROOF_TRIES - 1) + [EventKind.CODE_STOPPED]
    with pytest.raises(ProofPaused):
        prove(visit=visits[100], answer=code.value, visitor=visitor())
