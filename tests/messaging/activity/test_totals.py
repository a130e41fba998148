"""The figures are those of the events themselves, in every zone, on the days clocks change, whenever totalled."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from core.db import database_now
from messaging.activity.access.months import month_figures
from messaging.activity.access.statistics import SOURCES, Figures, figures_of, sums
from messaging.activity.choices import Figure
from messaging.activity.models import DayTotal, TotalledUpTo, ZoneInUse
from messaging.activity.periods import Grain, Stretch, stretches
from messaging.activity.services import totals
from messaging.activity.services.totals import move_zones, total_what_waits
from messaging.items.choices import ReturnKind
from messaging.items.events.checking import wrong_counts
from messaging.items.events.kinds import DELIVERIES_COUNTED, EventKind
from messaging.items.events.recording import record
from messaging.items.events.sealing import seal_events
from messaging.items.models import Event, Item, QuarterHour
from tests.messaging.items.event_log import make_item, make_sender

pytestmark = pytest.mark.django_db

# Half and quarter hours, both hemispheres, a day skipped at the date line's far side, midnight skipped by the clocks.
ZONES = (
    "America/Toronto", "Europe/Paris", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns",
    "Pacific/Kiritimati", "Pacific/Pago_Pago", "Africa/Cairo", "America/Havana", "America/Santiago", "UTC",
)  # fmt: skip
NOW = datetime(2026, 11, 10, 18, 20, tzinfo=UTC)
# By the word under which it is counted.
RECORDED: dict[str, dict[str, object]] = {
    EventKind.SENT: {"people": 1, "files": 3, "size_bytes": 1_000, "expires_at": NOW},
    EventKind.OPENED: {"link": 1, "opening": 1},
    EventKind.RETURN_ARRIVED: {"files": 7, "size_bytes": 9, "return_kind": ReturnKind.REPLY},
    DELIVERIES_COUNTED: {"files": 5, "size_bytes": 8, "return_kind": ReturnKind.SUBMISSION},
    EventKind.CODE_FAILED: {"link": 1, "tries_left": 4},
    EventKind.CODE_STOPPED: {"link": 1},
    EventKind.COPY_READ: {},
}
# Around the changes of clocks of 2026, and anywhere in the last two years.
CHANGES = [
    datetime(2026, 3, 8, 7, tzinfo=UTC),
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 11, 1, 6, tzinfo=UTC),
]
NEAR = st.builds(lambda at, hours: at + timedelta(hours=hours), st.sampled_from([*CHANGES, NOW]), st.floats(-30, 30))
COLUMNS = ("user_id", "kind", "events", "files", "size_bytes")
ITEMS, TOTALS = "messaging.items.migrations", "messaging.activity.migrations.0002_total_deliveries_apart"
AGO = st.builds(lambda minutes: NOW - timedelta(minutes=minutes), st.integers(0, 735 * 24 * 60))
HAPPENED = st.lists(st.tuples(st.sampled_from(list(RECORDED)), NEAR | AGO), max_size=12)


@pytest.fixture
def sender() -> User:
    return make_sender()


def happen(item: Item, happened: Sequence[tuple[str, datetime]]) -> None:
    for word, at in happened:
        kind = EventKind.RETURN_ARRIVED if word == DELIVERIES_COUNTED else EventKind(word)
        record(kind=kind, item=item, facts=RECORDED[word], at=at)


def total(user: User) -> None:
    """Do what the worker does each round."""
    assert user.organization_id is not None
    seal_events(organization_id=user.organization_id)
    while total_what_waits():
        pass


def raw(user: User, stretch: Stretch) -> dict[Figure, int]:
    """Add up the events themselves, one by one."""
    found: Counter[Figure] = Counter()
    deliveries = {"return_kind": "submission"}.items()
    for event in Event.objects.filter(user_id=user.pk).order_by("pk"):
        if stretch.holds(event.at.astimezone(ZoneInfo(user.time_zone)).date()):
            for figure, (kinds, count) in SOURCES.items():
                is_delivery = deliveries <= event.facts.items()
                if (DELIVERIES_COUNTED if is_delivery else event.kind) in kinds:
                    found[figure] += 1 if count == "events" else int(event.facts[count])
    return {figure: found[figure] for figure in Figure}


def every_stretch(user: User, at: datetime = NOW) -> Iterator[tuple[list[Stretch], date]]:
    today = at.astimezone(ZoneInfo(user.time_zone)).date()
    for grain in Grain:
        present, past = stretches(grain, today)
        yield [*past, *present], today


def figures(user: User, stretches: list[Stretch], today: date) -> list[Figures]:
    """Return the figures as the page asks for them."""
    has_totals = month_figures(user=user, at=NOW).has_totals
    return figures_of(owner=user, stretches=stretches, today=today, has_totals=has_totals)


def assert_figures_are_true(user: User) -> None:
    for whole, today in every_stretch(user):
        assert figures(user, whole, today) == [raw(user, stretch) for stretch in whole]


@given(first=HAPPENED, second=HAPPENED, zones=st.lists(st.sampled_from(ZONES), min_size=2, max_size=2))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_figures_are_those_of_the_events(
    sender: User, first: list[tuple[str, datetime]], second: list[tuple[str, datetime]], zones: list[str]
) -> None:
    """Some events are sealed late; between two passes somebody chooses another zone."""
    with transaction.atomic():
        item = make_item(sender)
        live_in(sender, zones[0])
        happen(item, first)
        total(sender)
        assert_figures_are_true(sender)
        live_in(sender, zones[1])
        assert_figures_are_true(sender)
        happen(item, second)
        total(sender)
        assert_figures_are_true(sender)
        move_zones(NOW)
        assert_figures_are_true(sender)
        transaction.set_rollback(True)


def live_in(user: User, zone: str) -> None:
    user.time_zone = zone
    user.save()


def test_closed_days_come_from_the_totals_and_the_last_two_do_not(sender: User) -> None:
    item = make_item(sender)
    happen(item, [(EventKind.SENT, NOW - timedelta(days=days)) for days in (0, 1, 2, 9)])
    total(sender)
    DayTotal.objects.update(events=100)
    today = NOW.astimezone(ZoneInfo(sender.time_zone)).date()
    present, _past = stretches(Grain.DAY, today)
    found = figures(sender, present, today)
    assert [one[Figure.MESSAGES] for one in found if one[Figure.MESSAGES]] == [100, 100, 1, 1]


def test_what_was_counted_together_is_told_apart_by_its_events(sender: User) -> None:
    """As an installation of before is migrated: forth, back, and forth again."""
    live_in(sender, "Asia/Kathmandu")
    at, day = NOW - timedelta(days=9), timedelta(days=1)
    happened = [(EventKind.RETURN_ARRIVED, at), (DELIVERIES_COUNTED, at), (DELIVERIES_COUNTED, at - day)]
    happen(make_item(sender), [*happened, (EventKind.SENT, at)])
    total(sender)
    counted, totalled = (sorted(model.objects.values_list(*COLUMNS)) for model in (QuarterHour, DayTotal))
    items, activity = import_module(f"{ITEMS}.0007_count_deliveries_apart"), import_module(TOTALS)
    items.count_them_together(apps, None)
    assert not QuarterHour.objects.filter(kind=DELIVERIES_COUNTED).exists()
    assert sum(QuarterHour.objects.filter(kind=EventKind.RETURN_ARRIVED).values_list("events", flat=True)) == 3
    activity.total_anew(apps, None)
    assert not DayTotal.objects.filter(kind=DELIVERIES_COUNTED).exists()
    items.count_deliveries_apart(apps, None)
    activity.total_anew(apps, None)
    assert sorted(QuarterHour.objects.values_list(*COLUMNS)) == counted
    assert sorted(DayTotal.objects.values_list(*COLUMNS)) == totalled
    assert list(wrong_counts()) == []
    assert_figures_are_true(sender)


def test_the_wrong_code_that_used_up_the_tries_is_one_of_the_wrong_codes(sender: User) -> None:
    happen(make_item(sender), [(EventKind.CODE_FAILED, NOW)] * 4 + [(EventKind.CODE_STOPPED, NOW)])
    total(sender)
    (present, _past), today = stretches(Grain.DAY, NOW.date()), NOW.date()
    figures = figures_of(owner=sender, stretches=present, today=today, has_totals=True)
    assert sums(figures)[Figure.WRONG_CODES] == 5


def test_a_pass_that_comes_twice_adds_nothing(sender: User) -> None:
    happen(make_item(sender), [(EventKind.SENT, NOW - timedelta(days=9))] * 3)
    total(sender)
    TotalledUpTo.objects.update(number=0)
    total(sender)
    assert DayTotal.objects.get().events == 3


def test_a_long_backlog_is_taken_in_passes(sender: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("messaging.activity.services.totals.EVENTS_A_PASS", 2)
    happen(make_item(sender), [(EventKind.SENT, NOW - timedelta(days=9))] * 5)
    assert sender.organization_id is not None
    seal_events(organization_id=sender.organization_id)
    assert [total_what_waits() for _ in range(3)] == [True, True, False]
    assert TotalledUpTo.objects.get().number == 5
    assert DayTotal.objects.get().events == 5


def test_a_fault_in_one_organization_leaves_the_others_totalled(sender: User, monkeypatch: pytest.MonkeyPatch) -> None:
    other = make_sender("pro@other.example")
    for person in (sender, other):
        happen(make_item(person), [(EventKind.SENT, NOW - timedelta(days=9))])
        assert person.organization_id is not None
        seal_events(organization_id=person.organization_id)
    begin_zone = totals._begin_zone

    def begin(organization_id: int, user_id: int, zone: str) -> None:
        if organization_id == sender.organization_id:
            raise ValueError
        begin_zone(organization_id, user_id, zone)

    monkeypatch.setattr(totals, "_begin_zone", begin)
    assert not total_what_waits()
    assert set(DayTotal.objects.values_list("user_id", flat=True)) == {other.pk}


def test_with_nothing_new_a_round_only_looks(sender: User) -> None:
    happen(make_item(sender), [(EventKind.SENT, NOW)])
    total(sender)
    with CaptureQueriesContext(connection) as captured:
        assert not total_what_waits()
    assert len(captured) == 1


def test_the_zone_that_was_left_is_forgotten(sender: User) -> None:
    happen(make_item(sender), [(EventKind.SENT, NOW)])
    total(sender)
    live_in(sender, "Asia/Kolkata")
    move_zones(database_now())
    assert list(ZoneInUse.objects.values_list("zone", flat=True)) == ["Asia/Kolkata"]
    assert set(DayTotal.objects.values_list("zone", flat=True)) == {"Asia/Kolkata"}


def test_nobody_elses_figures_are_mixed_in(sender: User) -> None:
    other = make_sender("other@else.example")
    happen(make_item(sender), [(EventKind.SENT, NOW)])
    happen(make_item(other), [(EventKind.SENT, NOW)] * 5)
    for user in (sender, other):
        total(user)
    for whole, today in every_stretch(sender):
        assert sums(figures(sender, whole, today))[Figure.MESSAGES] == 1


@pytest.mark.parametrize("grain", Grain)
@given(today=st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_stretches_follow_one_another_and_end_today(grain: Grain, today: date) -> None:
    present, past = stretches(grain, today)
    whole = [*past, *present]
    assert len(present) == len(past)
    assert whole[-1].last_on == today
    assert all(after.first_on == before.last_on + timedelta(days=1) for before, after in pairwise(whole))
    assert all(stretch.first_on <= stretch.last_on for stretch in whole)
    assert (today - whole[0].first_on).days <= 730


def test_a_week_begins_on_monday_and_a_month_on_its_first_day() -> None:
    assert stretches(Grain.WEEK, NOW.date())[0][-1] == Stretch(date(2026, 11, 9), date(2026, 11, 10))
    assert stretches(Grain.MONTH, NOW.date())[0][-2] == Stretch(date(2026, 10, 1), date(2026, 10, 31))
