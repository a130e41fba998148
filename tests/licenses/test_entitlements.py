"""What a license allows follows from plan, end and suspension, and from nothing else."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licenses.entitlements import NOTHING, entitlement, features_of
from licenses.errors import FeatureNotInPlan, LicenseExpired, LicenseMissing
from licenses.models import Feature
from licenses.shipped import SHIPPED_PLANS

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Limits:
    """The part of a plan that decides about features."""

    attachments_bytes: int = 0
    open_envelopes: int = 0
    signers_per_request: int = 0
    has_signature_tracking: bool = False
    has_return_protection: bool = False


def shipped(code: str) -> Limits:
    """Return a shipped plan's part."""
    (values,) = (plan for plan in SHIPPED_PLANS if plan["code"] == code)
    return Limits(**{name: values[name] for name in Limits.__dataclass_fields__ if name in values})


limits = st.builds(
    Limits,
    attachments_bytes=st.integers(0, 10**12),
    open_envelopes=st.integers(0, 1000),
    signers_per_request=st.integers(0, 100),
    has_signature_tracking=st.booleans(),
    has_return_protection=st.booleans(),
)
ends = st.timedeltas(-timedelta(days=400), timedelta(days=400)).map(lambda away: NOW + away)


@pytest.mark.parametrize(
    ("code", "features"),
    [
        ("eco", set()),
        ("advanced", {Feature.ATTACHMENTS, Feature.ENVELOPES, Feature.SIGNATURE_REQUESTS}),
        ("pro", set(Feature)),
        ("trial", set(Feature)),
    ],
)
def test_the_shipped_plans_include_what_they_should(code: str, features: set[Feature]) -> None:
    assert features_of(shipped(code)) == features


def test_nothing_allows_nothing() -> None:
    for feature in Feature:
        assert not NOTHING.has(feature)
        with pytest.raises(LicenseMissing):
            NOTHING.require(feature)


@given(plan=limits, expires_at=ends, is_suspended=st.booleans())
def test_having_and_requiring_agree(plan: Limits, expires_at: datetime, is_suspended: bool) -> None:
    allowed = entitlement(plan=plan, expires_at=expires_at, is_suspended=is_suspended, at=NOW)
    for feature in Feature:
        try:
            allowed.require(feature)
        except (LicenseExpired, FeatureNotInPlan, LicenseMissing):
            assert not allowed.has(feature)
        else:
            assert allowed.has(feature)


@given(plan=limits, expires_at=ends, is_suspended=st.booleans())
def test_a_license_lives_until_its_end_unless_suspended(plan: Limits, expires_at: datetime, is_suspended: bool) -> None:
    allowed = entitlement(plan=plan, expires_at=expires_at, is_suspended=is_suspended, at=NOW)
    assert allowed.is_held
    assert allowed.is_live == (expires_at > NOW and not is_suspended)
    assert allowed.features == features_of(plan)


def test_the_end_itself_is_over_and_the_second_before_is_not() -> None:
    before = entitlement(plan=shipped("pro"), expires_at=NOW + SECOND, is_suspended=False, at=NOW)
    at_the_end = entitlement(plan=shipped("pro"), expires_at=NOW, is_suspended=False, at=NOW)
    assert before.has(Feature.RETURN_PROTECTION)
    assert not at_the_end.has(Feature.RETURN_PROTECTION)


def test_what_the_plan_lacks_is_named_before_the_end_is() -> None:
    over = entitlement(plan=shipped("eco"), expires_at=NOW - SECOND, is_suspended=False, at=NOW)
    with pytest.raises(FeatureNotInPlan) as refusal:
        over.require(Feature.ENVELOPES)
    assert refusal.value.feature == Feature.ENVELOPES
    with pytest.raises(LicenseExpired):
        entitlement(plan=shipped("pro"), expires_at=NOW, is_suspended=False, at=NOW).require(Feature.ENVELOPES)
