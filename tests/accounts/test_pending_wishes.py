"""What waits for a proof: every wish for a day of its own."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts import limits
from accounts.models import PendingChange, User
from accounts.services.pending_changes import pending_change, propose
from accounts.services.pending_wishes import NUMBER, TWO_FACTOR, Pending, pending_of, put_wishes
from accounts.visitors import Visitor
from core.db import database_now
from core.retention import forget_what_is_over
from tests.accounts.steps import let_wishes_wait
from tests.cast import make_user, prove_number

HERE = Visitor(ip_address="127.0.0.1", network="127.0.0.0/24", browser="", known_browser="")
BEGUN = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = timedelta(seconds=limits.PENDING_CHANGE_SECONDS)
# Made and judged moments apart: a wish of exactly a day stands on neither side.
MOMENT = timedelta(minutes=2)
OWNER, SMS = "return_protection_owner", "return_protection_sms"
NEW, PROVEN = "+15145550123", "+14165550199"

minutes = st.integers(0, 60 * 60).map(lambda count: timedelta(minutes=count))
wishes_of_settings = st.dictionaries(st.sampled_from([TWO_FACTOR, OWNER, SMS]), st.just(True), max_size=3)
steps = st.lists(st.tuples(minutes, st.sampled_from([None, NEW, "+15145550124"]), wishes_of_settings), max_size=5)


def wish(user: User, wanted: Mapping[str, bool], *, number: str | None = None) -> None:
    """Let something wait for a proof, of which nothing is in force."""
    propose(user=user, number=number, settings=wanted, in_force={}, visitor=HERE)


def waiting(pending: Pending | None) -> dict[str, object]:
    """Return what waits, by name."""
    if pending is None:
        return {}
    return {**pending.settings, **({} if pending.number is None else {NUMBER: pending.number})}


@pytest.mark.django_db
@given(steps)
@example([(timedelta(), NEW, {}), (timedelta(hours=23), None, {OWNER: True}), (timedelta(hours=2), None, {SMS: True})])
@example([(timedelta(), NEW, {}), (timedelta(hours=23), None, {TWO_FACTOR: True}), (timedelta(hours=2), None, {})])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_each_wish_waits_a_day_from_when_it_was_made(
    made: list[tuple[timedelta, str | None, Mapping[str, bool]]],
) -> None:
    """Whatever is wished before, after, and how often; 2FA waits no longer than the number that it was to use."""
    user, now, is_number_joined = _user(), timedelta(), False
    newest: dict[str, tuple[timedelta, object]] = {}
    for waited, number, wanted in [*made, (timedelta(), None, {})]:
        let_wishes_wait(user, waited)
        now += waited
        ages = {name: now - at for name, (at, _value) in newest.items()}
        if is_number_joined and ages[NUMBER] >= DAY:
            newest.pop(TWO_FACTOR, None)
        pending = pending_change(user=user)
        for name, (at, value) in newest.items():
            if abs(ages[name] - DAY) > MOMENT:
                assert (waiting(pending).get(name) == value) == (ages[name] < DAY), (name, now, at)
        if pending is not None:
            assert abs(pending.until - database_now() - (DAY - max(ages[name] for name in waiting(pending)))) < MOMENT
        if number or wanted:
            wish(user, wanted, number=number)
            is_number_joined = bool(number) or (NUMBER in ages and ages[NUMBER] < DAY)
            newest |= {name: (now, on) for name, on in wanted.items()} | ({NUMBER: (now, number)} if number else {})


def _user() -> User:
    """Return one person with a proven number, for whom nothing waits."""
    user = User.objects.filter(email="robin@demo.example").first()
    if user is None:
        user = make_user("robin@demo.example", plan="pro")
        prove_number(user, PROVEN)
    PendingChange.objects.all().delete()
    return user


@given(st.dictionaries(st.sampled_from([NUMBER, OWNER, SMS]), minutes, min_size=1), minutes)
@settings(deadline=None)
def test_a_wish_counts_until_its_instant_and_a_day(wished: dict[str, timedelta], at: timedelta) -> None:
    """To the microsecond, without a database."""
    row = PendingChange(user_id=1, created_at=BEGUN + max(wished.values()))
    put_wishes(
        row,
        number=NEW if NUMBER in wished else None,
        settings={name: True for name in wished if name != NUMBER},
        wished_at={name: BEGUN + after for name, after in wished.items()},
    )
    for instant in (BEGUN + at, *(BEGUN + after + DAY for after in wished.values())):
        live = {name for name, after in wished.items() if instant < BEGUN + after + DAY}
        pending = pending_of(row=row, user=User(), at=instant)
        assert set(waiting(pending)) == live
        if pending is not None:
            assert pending.until == BEGUN + DAY + min(wished[name] for name in live)
            assert pending.is_partly_dropped == (len(live) < len(wished))
            assert pending.ends_together == (len({wished[name] for name in live}) == 1)


@pytest.mark.django_db
def test_a_row_from_before_wishes_had_instants_waits_a_day_from_its_newest() -> None:
    user = _user()
    wish(user, {OWNER: True}, number=NEW)
    let_wishes_wait(user, timedelta(hours=23))
    PendingChange.objects.update(number_at=None, settings_at=None)
    assert waiting(pending_change(user=user)) == {NUMBER: NEW, OWNER: True}
    wish(user, {SMS: True})
    assert waiting(pending_change(user=user)) == {NUMBER: NEW, OWNER: True, SMS: True}
    let_wishes_wait(user, timedelta(hours=2))
    assert waiting(pending_change(user=user)) == {SMS: True}


@pytest.mark.django_db
def test_a_dropped_number_is_forgotten_while_another_wish_waits() -> None:
    user = _user()
    wish(user, {}, number=NEW)
    let_wishes_wait(user, timedelta(hours=23))
    wish(user, {OWNER: True})
    forget_what_is_over(database_now())
    assert PendingChange.objects.get().number_sealed is not None
    let_wishes_wait(user, timedelta(hours=2))
    forget_what_is_over(database_now())
    assert PendingChange.objects.get().number_sealed is None
    pending = pending_change(user=user)
    assert (waiting(pending), pending is not None and pending.is_partly_dropped) == ({OWNER: True}, True)


@pytest.mark.django_db
def test_a_dropped_number_does_not_come_back_with_another_wish() -> None:
    user = _user()
    wish(user, {}, number=NEW)
    let_wishes_wait(user, timedelta(hours=25))
    wish(user, {OWNER: True})
    assert waiting(pending_change(user=user)) == {OWNER: True}
    assert PendingChange.objects.get().number_sealed is None


@pytest.mark.django_db
def test_2fa_never_waits_without_a_number() -> None:
    user = make_user("casey@demo.example", plan="pro")
    wish(user, {TWO_FACTOR: True})
    assert not PendingChange.objects.exists()
    wish(user, {TWO_FACTOR: True}, number=NEW)
    wish(user, {}, number="")
    assert not PendingChange.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("is_forgotten", [False, True])
def test_2fa_does_not_fall_back_on_an_older_number(is_forgotten: bool) -> None:
    """Nobody wished it with that one, also where the table has forgotten the number that was to be used."""
    user = _user()
    wish(user, {}, number=NEW)
    let_wishes_wait(user, timedelta(hours=23))
    wish(user, {TWO_FACTOR: True, OWNER: True})
    let_wishes_wait(user, timedelta(hours=2))
    if is_forgotten:
        forget_what_is_over(database_now())
    assert waiting(pending_change(user=user)) == {OWNER: True}


@pytest.mark.django_db
def test_what_stands_on_another_wish_ends_with_it() -> None:
    user = _user()
    wish(user, {}, number=NEW)
    let_wishes_wait(user, timedelta(hours=23))
    wish(user, {TWO_FACTOR: True})
    pending = pending_change(user=user)
    assert pending is not None
    assert pending.two_factor_until == pending.number_until == pending.until
    assert pending.ends_together


def test_removing_the_number_ends_with_turning_2fa_off() -> None:
    wished = {TWO_FACTOR: BEGUN, NUMBER: BEGUN + timedelta(hours=23)}
    pending = Pending(number="", settings={TWO_FACTOR: False}, wished_at=wished, proposed_at=wished[NUMBER])
    assert pending.number_until == pending.two_factor_until == BEGUN + DAY
    other = Pending(number=NEW, settings={TWO_FACTOR: False}, wished_at=wished, proposed_at=wished[NUMBER])
    assert (other.number_until, other.ends_together) == (BEGUN + timedelta(hours=23) + DAY, False)


@pytest.mark.django_db
def test_whoever_wishes_is_told_what_was_left_out() -> None:
    """The row keeps nothing of it, so that no page says it later."""
    user = _user()

    def wish_more(wanted: Mapping[str, bool], number: str | None = None) -> bool:
        return propose(user=user, number=number, settings=wanted, in_force={}, visitor=HERE)

    assert not wish_more({}, NEW)
    let_wishes_wait(user, timedelta(hours=23))
    assert not wish_more({OWNER: True})
    let_wishes_wait(user, timedelta(hours=2))
    assert wish_more({SMS: True})
    assert not wish_more({SMS: True})
    let_wishes_wait(user, timedelta(hours=25))
    assert not wish_more({SMS: True, OWNER: True})
    # Nothing is left out of what is wished anew.
    let_wishes_wait(user, timedelta(hours=25))
    assert wish_more({SMS: True})
