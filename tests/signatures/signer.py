"""A person outside in a browser of their own, who was asked to sign."""

import re
from typing import Any

from django.urls import reverse

from messaging.items.manifests import open_manifest
from messaging.items.models import Content
from signatures.answers import Answers
from signatures.presented import preparation_of
from signatures.services.answering import answers_of_signer
from tests.outbox import newest_code
from tests.pages import InspectingClient
from tests.signatures.signing import Requested, newest_link

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
TYPED = {"signature-way": "type", "signature-text": "Zoë Roy", "signature-hand": "caveat"}


class SigningBrowser:
    """One browser at the newest link that was mailed to an address."""

    def __init__(self, address: str, *, ip_address: str = "192.0.2.7") -> None:
        self.address = address
        self.locator, self.secret = newest_link(address)
        self.client = InspectingClient(headers={"user-agent": AGENT}, REMOTE_ADDR=ip_address)

    def url(self, name: str, *more: object) -> str:
        return reverse(f"signatures:{name}", args=[self.locator, *more])

    def get(self, name: str, *more: object) -> Any:
        return self.client.get(self.url(name, *more))

    def post(self, name: str, data: dict[str, Any] | None = None) -> Any:
        return self.client.post(self.url(name), data or {})

    def open(self) -> "SigningBrowser":
        """Give the secret, have a code mailed, and give it."""
        self.post("link", {"link": self.secret})
        assert self.post("link_code_send").status_code == 302
        assert self.post("link_proof", {"code": newest_code(self.address)}).status_code == 302
        return self

    def agree(self) -> "SigningBrowser":
        """Open, and agree to sign electronically."""
        assert self.open().post("document_consent", {"is_agreed": "on"}).status_code == 302
        return self

    def fill(self, **more: Any) -> Any:
        """Post the form, to look at it before signing unless `then` is something else."""
        return self.post("document_sign", TYPED | {"then": "review"} | more)

    def sign(self, **more: Any) -> Any:
        """Go all the way from the mail to the signature."""
        assert self.agree().fill(**more).url == self.url("document_review")
        return self.confirm()

    def look(self) -> str:
        """Look at what will be signed, and return by what it is known again."""
        page = self.get("document_review").content.decode()
        (reviewed,) = re.findall(r'name="reviewed" value="(\w+)"', page)
        return str(reviewed)

    def confirm(self) -> Any:
        """Look at what will be signed, and sign it."""
        return self.post("document_review", {"reviewed": self.look()})


def first_of(asked: Requested) -> SigningBrowser:
    """Return a browser of the first signer."""
    return SigningBrowser(asked.signer(0).participant.email)


def kept(asked: Requested, place: int = 0) -> Answers:
    """Return what a signer has filled in so far."""
    whole_id = asked.item.whole_id
    sealed = bytes(Content.objects.get(whole_id=whole_id).sealed)
    manifest = open_manifest(sealed, data_key=asked.data_key, whole_id=whole_id)
    return answers_of_signer(asked.signer(place), papers_of=preparation_of(manifest), data_key=asked.data_key)
