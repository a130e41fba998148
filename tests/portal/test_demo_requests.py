"""The signature requests of the demo: three in each state, and nothing left of them once the demo is taken away."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from core.crypto.seal_keys import new_demo_pair
from core.db import database_now
from licenses.models import License
from messaging.items.models import Draft, Event, Item, Participant
from portal.demo.marks import give_marks
from portal.demo.past import Past
from portal.demo.removing import remove_items
from portal.demo.requests import requests_of
from signatures.choices import KIND, RequestState, Stage
from signatures.models import SignatureRequest, Signer
from signatures.services.drafting import show_draft
from tests.cast import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def _seal(settings: Settings, tmp_path: Path) -> None:
    """A seal may be set; nobody has to set one here."""
    settings.SEAL_CERTIFICATE = tmp_path / "chain.pem"
    settings.SEAL_CERTIFICATE.write_bytes(new_demo_pair(database_now()).chain)


@pytest.mark.usefixtures("_seal")
def test_three_in_each_state_and_nothing_is_left() -> None:
    user = make_user("pro@demo.example", plan="pro")
    License.objects.update(starts_at=database_now() - timedelta(days=200))
    give_marks(user, database_now())
    past = Past(database_now())
    requests = requests_of(past, user)
    assert requests is not None
    requests.plan()
    past.happen()
    requests.send_just_now()
    rows = list(SignatureRequest.objects.select_related("item"))
    # What all have signed is sealed by the worker, and completed then.
    states = Counter(
        RequestState.COMPLETED if row.stage == Stage.SIGNED_BY_ALL else row.state_at(database_now()) for row in rows
    )
    assert states == dict.fromkeys(set(RequestState) - {RequestState.DRAFT}, 3)
    drafts = list(Draft.objects.filter(owner=user, kind=KIND))
    shown = [show_draft(row) for row in drafts]
    assert len([draft for draft in shown if draft is not None and draft.subject and draft.people]) == 3
    assert not Participant.objects.filter(failed_at__isnull=False).exists()
    assert max(row.item.sent_at for row in rows) <= database_now()
    call_command("check_invariants")
    assert user.organization_id is not None
    remove_items([user.organization_id])
    models = (Item, SignatureRequest, Signer, Draft, Event)
    assert [model.objects.count() for model in models] == [0] * len(models)


def test_where_nothing_is_sealed_nobody_is_asked() -> None:
    user = make_user("pro@demo.example", plan="pro")
    give_marks(user, database_now())
    assert requests_of(Past(database_now()), user) is None
