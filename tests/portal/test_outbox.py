"""Demo mode's outbox page: shows what would have been sent, and does not exist elsewhere."""

import json
from pathlib import Path

import pytest
from pytest_django import Settings

from core.outbox_files import write_entry
from tests.pages import InspectingClient

pytestmark = pytest.mark.django_db

OUTBOX = "/outbox/"


def write(channel: str = "email", text: str = "Hello Robin", subject: str = "A subject") -> str:
    """Put an entry into the outbox and return its key."""
    html = f"<p>{text}</p>"
    return write_entry(channel=channel, to="robin@demo.example", subject=subject, text=text, html=html)


def test_an_empty_outbox_says_what_to_do(client: InspectingClient) -> None:
    assert b"Nothing was sent yet" in client.get(OUTBOX).content


def test_the_newest_entry_is_shown_and_the_others_are_listed(client: InspectingClient) -> None:
    older, newer = write(text="An older letter"), write(text="A newer letter", subject="News")
    page = client.get(OUTBOX).content.decode()
    assert "A newer letter" in page
    assert page.index(newer) < page.index(older)
    assert b"An older letter" in client.get(f"{OUTBOX}{older}/").content


def test_mails_and_texts_can_be_told_apart(client: InspectingClient) -> None:
    mail, text = write(), write("sms", subject="", text="012345 is your code")
    only_texts = client.get(OUTBOX, {"channel": "sms"}).content.decode()
    assert text in only_texts
    assert mail not in only_texts
    assert mail in client.get(OUTBOX, {"channel": "'; DROP TABLE"}).content.decode()


@pytest.mark.parametrize(
    "typed", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)"]
)
def test_nothing_typed_by_anybody_becomes_markup(client: InspectingClient, typed: str) -> None:
    """Statement 182."""
    write(text=typed, subject=typed)
    page = client.get(OUTBOX).content.decode()
    assert "<script>alert" not in page
    assert "onerror=alert(1)>" not in page.replace("onerror=alert(1)&gt;", "")


@pytest.mark.parametrize(
    "key",
    ["nothing", "..", "..%2f..%2fkeys%2froot.key", "20260101T000000000000Z-sms-00000000", "a" * 500, "%00", "*"],
)
def test_an_unknown_entry_is_nowhere(client: InspectingClient, key: str) -> None:
    write()
    assert client.get(f"{OUTBOX}{key}/").status_code == 404


def test_a_file_beside_the_outbox_is_not_read(client: InspectingClient, settings: Settings) -> None:
    key = write()
    outside = Path(settings.DATA_DIR, f"{key}.json")
    outside.write_text(json.dumps({"text": "canary-outside"}))
    assert client.get(f"{OUTBOX}..%2f{key}/").status_code == 404


def test_outside_demo_mode_there_is_no_such_page(client: InspectingClient, settings: Settings) -> None:
    key = write()
    settings.IS_DEMO = False
    assert client.get(OUTBOX).status_code == 404
    assert client.get(f"{OUTBOX}{key}/").status_code == 404


def test_looking_changes_nothing(client: InspectingClient, settings: Settings) -> None:
    write()
    before = {path: path.read_bytes() for path in Path(settings.DATA_DIR).rglob("*.json")}
    client.get(OUTBOX)
    assert client.post(OUTBOX).status_code == 405
    assert {path: path.read_bytes() for path in Path(settings.DATA_DIR).rglob("*.json")} == before
