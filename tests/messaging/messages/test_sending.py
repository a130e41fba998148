"""The service that sends asks the license itself: a forged form, or a draft of a higher plan, meets the same limits."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from core.errors import Refusal
from licenses.errors import FeatureNotInPlan, LicenseExpired, LicenseMissing
from licenses.models import License, Plan
from messaging.items.errors import DraftMissing
from messaging.items.models import Draft, Item
from messaging.messages.composition import Composition, Recipient
from messaging.messages.errors import BeyondPlan
from messaging.messages.services.drafting import keep_draft
from messaging.messages.services.sending import send_message
from tests.cast import make_user, sign_in
from tests.messaging.items.making import visitor
from tests.messaging.messages.composing import composer_values, filled, press_keep, press_send, values_of

pytestmark = pytest.mark.django_db


def composition(**values: object) -> Composition:
    plain: dict[str, object] = {
        "recipients": [Recipient("zoe@outside.example")],
        "subject": "Subject",
        "body": "Text",
        "language": "en",
        "life": timedelta(days=7),
        "openings": 5,
    }
    return Composition(**plain | values)  # type: ignore[arg-type]


def send(sender: User, **values: object) -> Item:
    form_key = uuid.uuid4()
    keep_draft(owner=sender, form_key=form_key, version=0, fields={})
    made = send_message(
        sender=sender, form_key=form_key, version=1, composition=composition(**values), visitor=visitor()
    )
    return made.item


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"recipients": [Recipient(f"person{number}@client.example") for number in range(26)]}, BeyondPlan),
        ({"recipients": []}, BeyondPlan),
        ({"life": timedelta(days=30, seconds=1)}, BeyondPlan),
        ({"life": timedelta()}, BeyondPlan),
        ({"life": timedelta(days=-1)}, BeyondPlan),
        ({"reply_proofs": ("sms_code",)}, FeatureNotInPlan),
        ({"is_owner_proof_asked": True}, FeatureNotInPlan),
    ],
)
def test_what_the_plan_does_not_allow_is_refused(values: dict[str, object], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        send(make_user("eco@demo.example", plan="eco"), **values)
    assert not Item.objects.exists()
    assert Draft.objects.count() == 1


def test_what_the_plan_just_allows_is_sent() -> None:
    sender = make_user("eco@demo.example", plan="eco")
    people = [Recipient(f"person{number}@client.example") for number in range(25)]
    assert send(sender, recipients=people, life=timedelta(days=30)).participants.count() == 25


def test_without_a_license_nothing_is_sent() -> None:
    with pytest.raises(LicenseMissing):
        send(make_user("free@demo.example"))


def test_a_suspended_license_sends_nothing() -> None:
    sender = make_user("pro@demo.example", plan="pro")
    License.objects.update(is_suspended=True)
    with pytest.raises(LicenseExpired):
        send(sender)


def test_a_draft_that_is_gone_is_not_sent() -> None:
    with pytest.raises(DraftMissing):
        send_message(
            sender=make_user("pro@demo.example", plan="pro"),
            form_key=uuid.uuid4(),
            version=1,
            composition=composition(),
            visitor=visitor(),
        )


def test_files_of_a_draft_of_a_higher_plan_stay_behind_in_words(client: Client) -> None:
    user = make_user("pro@demo.example", plan="pro")
    sign_in(client, user)
    upload = SimpleUploadedFile("terms.pdf", b"%PDF", "application/pdf")
    answer = press_keep(client, filled(composer_values(client), reply_kind="text"), attachments=[upload])
    License.objects.filter(holder=user).update(plan=Plan.objects.get(code="eco"))
    values = values_of(client.get(answer.headers["Location"]))
    refused = press_send(client, values)
    assert refused.status_code == 403
    assert "Your plan does not include this: Attachments." in refused.content.decode()
    assert not Item.objects.exists()


@pytest.mark.parametrize("limit", [{"attachments_bytes": 3}, {"files_per_send": 0}])
def test_files_beyond_a_plan_that_was_made_smaller_are_refused(client: Client, limit: dict[str, int]) -> None:
    sign_in(client, make_user("pro@demo.example", plan="pro"))
    upload = SimpleUploadedFile("terms.pdf", b"%PDF", "application/pdf")
    answer = press_keep(client, filled(composer_values(client)), attachments=[upload])
    values = values_of(client.get(answer.headers["Location"]))
    Plan.objects.filter(code="pro").update(**limit)
    refused = press_send(client, values)
    assert refused.status_code == 422
    assert "This is more than your plan allows" in refused.content.decode()
