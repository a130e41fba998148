"""Two last signers at one instant, and two workers: one sealing, one file, completed once. Statement 153."""

from dataclasses import replace

import pytest

from core.db import database_now
from messaging.items.errors import ItemStays, LinkRefused
from messaging.items.events.kinds import EventKind
from messaging.items.models import Event, Return
from messaging.items.services.controlling import revoke_item
from messaging.items.services.visiting import Visit
from signatures.choices import RequestState, Stage
from signatures.models import SealedDocument, Signer
from signatures.services.answering import keep_answers, signing_of
from signatures.services.completing import complete_what_waits
from signatures.services.declining import decline
from signatures.signing_errors import SigningRefused
from tests.messaging.items.making import give, make_sender, visitor
from tests.races import on_threads
from tests.signatures.signer import kept
from tests.signatures.signing import YAN, ZOE, Requested, ask, fill, opened_by_mail, sign_now

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("sealing"),
]

SIGNERS = [replace(ZOE, turn=1), replace(YAN, turn=1)]


def both_ready() -> tuple[Requested, list[Visit]]:
    asked = ask(make_sender(), SIGNERS)
    visits = [opened_by_mail(give(link)) for link in asked.made.links]
    for visit in visits:
        fill(visit)
    return asked, visits


def test_153_two_last_signers_at_one_instant() -> None:
    asked, visits = both_ready()
    tabs = [signing_of(visit) for visit in visits]
    on_threads(2, lambda number: sign_now(tabs[number]))
    assert asked.row.stage == Stage.SIGNED_BY_ALL
    assert Event.objects.filter(kind=EventKind.SIGNED).count() == 2
    on_threads(2, lambda _number: complete_what_waits())
    assert asked.row.state_at(database_now()) is RequestState.COMPLETED
    assert (Return.objects.count(), SealedDocument.objects.count()) == (1, 1)
    assert Event.objects.filter(kind=EventKind.SEALED).count() == 1


@pytest.mark.parametrize("round_", range(4))
def test_155_what_another_tab_keeps_at_the_instant_of_signing_is_not_signed(round_: int) -> None:
    asked, visits = both_ready()
    tabs = [signing_of(visits[0]), signing_of(visits[0])]
    reviewed = tabs[0].answers
    others = replace(reviewed, values={**reviewed.values, "t0": "ONE MILLION"})

    def act(number: int) -> str:
        try:
            if number == round_ % 2:
                sign_now(tabs[0])
            else:
                keep_answers(tabs[1], others)
        except (SigningRefused, LinkRefused) as refusal:
            return type(refusal).__name__
        return ""

    told = on_threads(2, act)
    has_signed = asked.signer(0).signed_at is not None
    assert kept(asked) == (reviewed if has_signed else others)
    assert sorted(told) == (["", "LinkDone"] if has_signed else ["", "AnswersChanged"])


def test_154_whoever_signs_last_and_whoever_deletes_in_the_log_at_one_instant() -> None:
    asked, visits = both_ready()
    tabs, item = [signing_of(visit) for visit in visits], asked.item
    sign_now(tabs[0])

    def act(number: int) -> str:
        try:
            if number:
                sign_now(tabs[1])
            else:
                revoke_item(item=item, by=item.sender, visitor=visitor(), at=database_now())
        except (ItemStays, LinkRefused) as refusal:
            return type(refusal).__name__
        return ""

    told, is_deleted = on_threads(2, act), asked.item.revoked_at is not None
    assert told == (["", "LinkRevoked"] if is_deleted else ["ItemStays", ""])
    assert (asked.row.stage == Stage.SIGNED_BY_ALL) is not is_deleted


def test_154_whoever_declines_and_whoever_signs_last_at_one_instant() -> None:
    asked, visits = both_ready()
    tabs = [signing_of(visit) for visit in visits]
    sign_now(tabs[0])

    def act(number: int) -> str:
        try:
            if number:
                sign_now(tabs[1])
            else:
                decline(tabs[1], reason="", visitor=visitor())
        except (SigningRefused, LinkRefused) as refusal:
            return type(refusal).__name__
        return ""

    assert sorted(bool(refusal) for refusal in on_threads(2, act)) == [False, True]
    row = asked.row
    has_signed = Signer.objects.filter(place=1, signed_at__isnull=False).exists()
    assert (row.declined_at is None, row.stage == Stage.SIGNED_BY_ALL) == (has_signed, has_signed)
