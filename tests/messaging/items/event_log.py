"""An event log for the tests: an item that was sent, and what happened to it."""

import uuid
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from django.apps import apps
from django.db import connection
from django.utils.module_loading import import_string

from accounts.models import User
from licenses.models import License
from messaging.items.choices import Proof
from messaging.items.events.kinds import EventKind
from messaging.items.events.recording import record
from messaging.items.models import Event, Item, Participant
from tests.cast import make_user

MIGRATION = "messaging.items.migrations.0003_keep_events_as_written"
NOON = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
IP, BROWSER = "203.0.113.77", "Mozilla/5.0 (Macintosh) Firefox/131.0"
RECIPIENT, ADDRESS = "Dominique Gagnon", "dominique@client.example"


def make_sender(email: str = "pro@demo.example") -> User:
    """Make a user with a plan, in an organization of their own."""
    return make_user(email, plan="pro")


def make_item(sender: User, *, sent_at: datetime = NOON, days: int = 7) -> Item:
    """Make the row of an item that was sent, without content."""
    license = License.objects.get(holder=sender)
    ends_at = sent_at + timedelta(days=days)
    return Item.objects.create(
        reference=uuid.uuid4().hex[:12].upper(),
        kind="message",
        organization_id=license.organization_id,
        sender=sender,
        license=license,
        form_key=uuid.uuid4(),
        language="en",
        sent_at=sent_at,
        expires_at=ends_at,
        longest_until=ends_at,
        key_commitment=bytes(32),
    )


def make_participant(item: Item) -> Participant:
    """Make the row of an item's first recipient."""
    return Participant.objects.create(
        item=item,
        position=1,
        name=RECIPIENT,
        email=ADDRESS,
        proof=Proof.OPENING_CODE,
        expires_at=item.expires_at,
        openings_allowed=5,
    )


def open_item(item: Item, participant: Participant | None = None, *, at: datetime = NOON) -> Event:
    """Record that a recipient opened an item."""
    return record(
        kind=EventKind.OPENED,
        item=item,
        participant=participant,
        facts={"link": 1, "proof": Proof.OPENING_CODE, "opening": 1},
        name=RECIPIENT,
        address=ADDRESS,
        ip=IP,
        browser=BROWSER,
        at=at,
    )


def change_triggers(function: str) -> None:
    """Take the triggers away, or bring them back, inside a test's transaction."""
    with connection.cursor() as cursor:
        editor = SimpleNamespace(connection=connection, execute=cursor.execute)
        import_string(f"{MIGRATION}.{function}")(apps, editor)
