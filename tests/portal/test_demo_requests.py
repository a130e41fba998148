"""The signature requests of the demo: one in each state, and nothing left of them once the demo is taken away."""

from pathlib import Path

import pytest
from pytest_django import Settings

from core.crypto.seal_keys import new_demo_pair
from core.db import database_now
from messaging.items.models import Event, Item
from portal.demo.marks import give_marks
from portal.demo.past import Past
from portal.demo.removing import remove_items
from portal.demo.requests import requests_of
from signatures.choices import RequestState, Stage
from signatures.models import SignatureRequest, Signer
from tests.cast import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def _seal(settings: Settings, tmp_path: Path) -> None:
    """A seal may be set; nobody has to set one here."""
    settings.SEAL_CERTIFICATE = tmp_path / "chain.pem"
    settings.SEAL_CERTIFICATE.write_bytes(new_demo_pair(database_now()).chain)


@pytest.mark.usefixtures("_seal")
def test_one_in_each_state_and_nothing_is_left() -> None:
    user = make_user("pro@demo.example", plan="pro")
    give_marks(user, database_now())
    past = Past(database_now())
    requests = requests_of(past, user)
    assert requests is not None
    requests.plan()
    past.happen()
    requests.send_just_now()
    rows = list(SignatureRequest.objects.select_related("item"))
    states = {row.state_at(database_now()) for row in rows}
    assert states == set(RequestState) - {RequestState.COMPLETED, RequestState.DRAFT}
    assert [row.stage for row in rows].count(Stage.SIGNED_BY_ALL) == 1
    assert user.organization_id is not None
    remove_items([user.organization_id])
    assert [model.objects.count() for model in (Item, SignatureRequest, Signer, Event)] == [0, 0, 0, 0]


def test_where_nothing_is_sealed_nobody_is_asked() -> None:
    user = make_user("pro@demo.example", plan="pro")
    give_marks(user, database_now())
    assert requests_of(Past(database_now()), user) is None
