"""A person outside in a browser: opens the page of a link, gives its secret, answers, reads."""

from typing import Any

from django.urls import reverse

from core.crypto.secret import Secret
from messaging.items.services.links import NewLink, to_text
from tests.pages import InspectingClient

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


class Outsider:
    """One browser of a person outside, at one link.

    Args:
        link: of a message.
        client: of a person who has other links open in the same browser.
        ip_address: where the browser is.
    """

    def __init__(self, link: NewLink, *, client: Any = None, ip_address: str = "192.0.2.7", **headers: str) -> None:
        self.link, self.locator = link, to_text(bytes(link.link.locator))
        self.client: Any = client or InspectingClient(headers={"user-agent": AGENT, **headers}, REMOTE_ADDR=ip_address)

    def url(self, name: str, *more: object) -> str:
        return reverse(f"messages:{name}", args=[self.locator, *more])

    def look(self) -> Any:
        """Open the page of the link."""
        return self.client.get(self.url("link"))

    def give(self, secret: Secret | str | None = None) -> Any:
        """Give the secret of the link, or another one."""
        given = secret if isinstance(secret, str) else to_text((secret or self.link.secret).reveal())
        return self.client.post(self.url("link"), {"link": given})

    def answer(self, **answer: str) -> Any:
        """Answer the proof, or press the button."""
        return self.client.post(self.url("link_proof"), answer)

    def open(self, **answer: str) -> "Outsider":
        """Go all the way to the message."""
        self.give()
        response = self.answer(**answer)
        assert response.status_code == 302, response.content.decode()
        return self

    def read(self) -> Any:
        """Read the opened message."""
        return self.client.get(self.url("message_read"))
