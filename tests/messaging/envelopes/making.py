"""Make envelopes as their owners do, and fill them as people outside do."""

import re
import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import User
from messaging.items.models import Item
from tests.cast import sign_in
from tests.messaging.items.making import ADDRESS, make_sender
from tests.outbox import delivered
from tests.pages import InspectingClient

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
TITLE, INSTRUCTIONS = "Canary papers of your file", "Canary instructions: the passport, please."
TEXT = "Canary text: here they are."
LINK = re.compile(r"/e/([\w-]{22})#([\w-]{43})")


def owner_browser(owner: User | None = None) -> Any:
    client = InspectingClient()
    sign_in(client, owner or make_sender())
    return client


def asked(**changed: object) -> dict[str, object]:
    """Return the form of an envelope as it is filled in."""
    return {
        "form_key": str(uuid.uuid4()),
        "way": "addressed",
        "email": ADDRESS,
        "title": TITLE,
        "instructions": INSTRUCTIONS,
        "language": "en",
        "life_hours": 168,
        "proof": "none",
        **changed,
    }


def make_envelope(client: Any, **changed: object) -> "Outsider":
    """Make an envelope, and return the person outside who got its link."""
    answer = client.post("/envelopes/new/", asked(**changed))
    shown = answer.content.decode() if answer.status_code == 200 else delivered("email")[0].text
    found = LINK.search(shown)
    assert found, shown
    return Outsider(*found.groups())


def paper(name: str = "Canary paper.pdf", content: bytes = b"paper") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


class Outsider:
    """One browser of a person outside, at the link of an envelope."""

    def __init__(self, locator: str, secret: str, *, ip_address: str = "192.0.2.7") -> None:
        self.locator, self.secret = locator, secret
        self.client = InspectingClient(headers={"user-agent": AGENT}, REMOTE_ADDR=ip_address)

    @property
    def item(self) -> Item:
        return Item.objects.get()

    def url(self, name: str) -> str:
        return reverse(f"envelopes:{name}", args=[self.locator])

    def give(self, secret: str = "") -> Any:
        return self.client.post(self.url("link"), {"link": secret or self.secret})

    def answer(self, **answer: str) -> Any:
        return self.client.post(self.url("link_proof"), answer)

    def open(self, **answer: str) -> "Outsider":
        """Go all the way to the form."""
        self.give()
        response = self.answer(**answer)
        assert response.status_code == 302, response.content.decode()
        return self

    def form(self) -> Any:
        return self.client.get(self.url("envelope_fill"))

    def fill(self, text: str = TEXT, *, form_key: str = "", uploads: tuple[object, ...] = (), **more: str) -> Any:
        form = {"text": text, "form_key": form_key or str(uuid.uuid4()), "uploads": list(uploads), **more}
        return self.client.post(self.url("envelope_fill"), form)

    def receipt(self) -> Any:
        return self.client.get(self.url("envelope_receipt"))

    def another_browser(self, *, ip_address: str = "198.51.100.9") -> "Outsider":
        return Outsider(self.locator, self.secret, ip_address=ip_address)
