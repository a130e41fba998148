"""The files of a sender's own copy: given out, written down, and refused in words where they are damaged."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from core.blobs import blobs
from core.db import database_now
from messaging.activity.access.statistics import figures_of
from messaging.activity.choices import Figure
from messaging.activity.periods import Stretch
from messaging.items.events.kinds import EventKind
from messaging.items.events.sealing import seal_events
from messaging.items.models import Blob, Content, Event, Item
from tests.cast import sign_in
from tests.messaging.items.making import expire, make_sender
from tests.messaging.outside.making import TERMS, send_message

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(client: Client) -> Item:
    sign_in(client, owner := make_sender())
    return send_message(owner, files=[TERMS]).item


def address(item: Item) -> str:
    return reverse("messages:file_download", args=[item.reference, Blob.objects.get().file_id])


def test_what_the_sender_fetches_stands_in_the_log_once_with_their_name(client: Client, item: Item) -> None:
    client.head(address(item))
    client.get(address(item), headers={"range": "bytes=9999-"})
    downloads = Event.objects.filter(kind=EventKind.FILE_DOWNLOADED)
    assert not downloads.exists()
    assert client.get(address(item), headers={"range": "bytes=0-4"}).status_code == 206
    assert client.get(address(item)).getvalue() == TERMS.content
    event = downloads.get()
    assert event.facts == {"file": str(Blob.objects.get().file_id), "size_bytes": len(TERMS.content)}
    page = client.get(f"/messages/{item.reference}/").content.decode()
    line = page[page.index("File downloaded") - 300 :].partition("</li>")[0]
    assert item.sender.email in line


def test_what_the_sender_fetches_is_no_recipients_download(client: Client, item: Item) -> None:
    before = _figures(item)
    client.get(address(item))
    assert Event.objects.get(kind=EventKind.FILE_DOWNLOADED).participant_id is None
    assert _figures(item) == before
    page = client.get(f"/messages/{item.reference}/").content.decode()
    assert "is-good" not in page[page.index("File downloaded") - 300 :].partition("</li>")[0]


def _overwrite() -> None:
    blob = Blob.objects.get()
    blobs().delete(blob.name)
    with blobs().create() as other:
        other.write(b"not what was sealed")
    Blob.objects.update(name=other.name)


@pytest.mark.parametrize(
    "harm",
    [
        _overwrite,
        lambda: blobs().delete(Blob.objects.get().name),
        lambda: Blob.objects.all().delete(),
        lambda: Item.objects.update(copy_box=b"damaged"),
        lambda: Content.objects.update(sealed=b"damaged"),
    ],
)
def test_a_damaged_file_or_copy_is_refused_in_words(client: Client, item: Item, harm: Callable[[], None]) -> None:
    file = address(item)
    harm()
    page = client.get(file, follow=True)
    assert page.status_code == 200
    assert "Your copy is damaged, so nothing of it was given out." in page.content.decode()
    assert not Event.objects.filter(kind=EventKind.FILE_DOWNLOADED).exists()


def _figures(item: Item) -> dict[Figure, int]:
    seal_events(organization_id=item.organization_id)
    today, day = datetime.now(UTC).date(), timedelta(days=1)
    around = Stretch(today - day, today + day)
    (figures,) = figures_of(owner=item.sender, stretches=[around], today=today, has_totals=False)
    return figures


def test_after_its_end_nothing_of_the_copy_is_given_out_though_no_worker_came_by(client: Client, item: Item) -> None:
    file = address(item)
    expire(item, database_now() - timedelta(seconds=1))
    assert Item.objects.get().copy_box is not None
    assert client.get(file).status_code == 404
    page = client.post(f"/messages/{item.reference}/copy/", follow=True)
    assert "it is gone with what has ended" in page.content.decode()
    client.post(f"/messages/{item.reference}/again/")
    assert not Event.objects.filter(kind__in=[EventKind.FILE_DOWNLOADED, EventKind.COPY_READ]).exists()
