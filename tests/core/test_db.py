"""The database's clock: an instant of it compares exactly with one that was stored."""

import operator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from core import db
from core.codes import issue_code
from core.db import DatabaseNow, database_now
from core.models import Code

pytestmark = pytest.mark.django_db

COMPARISONS = {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le, "exact": operator.eq}
SECOND = datetime(2026, 1, 1, 0, 0, 10, tzinfo=UTC)


@pytest.fixture
def code() -> Code:
    issue_code(purpose="sign-in", subject="user:1")
    return Code.objects.get()


@pytest.mark.parametrize("milliseconds", [0, 1, 120, 123, 999])
def test_sqlite_compares_its_clock_exactly(code: Code, monkeypatch: pytest.MonkeyPatch, milliseconds: int) -> None:
    """Statement 8."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL compares instants, not texts")
    now = SECOND + timedelta(milliseconds=milliseconds)
    stopped = f"'{now:%Y-%m-%d %H:%M:%S}.{milliseconds:03d}'".replace("%", "%%%%")
    monkeypatch.setattr(db, "SQLITE_NOW", db.SQLITE_NOW.replace("'NOW'", stopped))
    for microseconds in (-1_000_000, -1_000, -1, 0, 1, 1_000, 1_000_000):
        stored = now + timedelta(microseconds=microseconds)
        Code.objects.update(expires_at=stored)
        for name, holds in COMPARISONS.items():
            found = Code.objects.filter(**{f"expires_at__{name}": DatabaseNow()}).exists()
            assert found is holds(stored, now), (name, stored)


def test_an_instant_the_database_wrote_is_as_good_as_one_of_ours(code: Code) -> None:
    before = database_now()
    Code.objects.update(used_at=DatabaseNow())
    code.refresh_from_db()
    assert code.used_at is not None
    assert before <= code.used_at <= database_now()
    assert Code.objects.filter(used_at=code.used_at, used_at__lte=DatabaseNow()).exists()
