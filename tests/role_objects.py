"""What the Pro person of the role matrix has: an object of each kind, and people outside who hold a link of it."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from messaging.items.models import Blob, Item, Return
from messaging.items.services.creating import Person
from messaging.items.services.links import LOCATOR_BYTES, from_text
from signatures.choices import ZoneKind
from signatures.pdf.geometry import Box
from signatures.zones import Zone
from tests.cast import sign_in
from tests.messaging.envelopes.making import Outsider as EnvelopeOutsider
from tests.messaging.envelopes.making import make_envelope, paper
from tests.messaging.items.making import ADDRESS
from tests.messaging.messages.composing import composer_values, filled, form_key_of, press_keep, values_of
from tests.messaging.outside.browser import Outsider
from tests.messaging.outside.making import TERMS, send_message
from tests.signatures.composing import prepare
from tests.signatures.signer import SigningBrowser
from tests.signatures.signing import ZOE, ask, seals_here, zones_for

OF_LINKS = ("link", "link_proof", "link_code_send", "link_code_missing")
OF_MESSAGES = ("detail", "sent", "copy", "again", "expiry", "delete")
OF_SIGNERS = ("remind", "link_renew", "correct")
OF_DOCUMENTS = ("sign", "consent", "review", "decline", "done")
OF_DRAFTS = ("draft_edit", "draft_save", "draft_preview", "message_send", "draft_delete")
OF_REQUEST_DRAFTS = ("draft_edit", "draft_save", "draft_delete", "draft_zones", "draft_check", "request_send")


@dataclass(frozen=True, slots=True)
class Objects:
    """Objects of one person.

    Args:
        owner: the person's browser.
        draft: fields of the composer of a draft with a file, with the address they are sent to.
        request_draft: the same of a signature request, with zones.
        reply, put_away, delivery: what came back: read, done, unread; each with a file.
        envelope: still waits for what it asks.
        filled: an envelope whose delivery came.
        asked: a signature request that waits for its first signer.
        reviewed: by what is known again what the signer would sign in another one.
        recipient: browser of who opened the message, the envelope that waits and the request, which is filled in.
        other_recipient: browser of who opened the same message by another link, and filled the other envelope.
    """

    owner: Client
    draft: dict[str, Any]
    request_draft: dict[str, Any]
    message: Item
    reply: Return
    put_away: Return
    delivery: Return
    envelope: Item
    filled: Item
    asked: Item
    message_link: str
    other_link: str
    envelope_link: str
    request_link: str
    reviewed: str
    recipient: Client
    other_recipient: Client

    def arguments(self) -> dict[str, dict[str, str]]:
        """Return what stands in the addresses, by their names."""
        message, position = {"reference": self.message.reference}, {"position": "1"}
        link, envelope_link = {"locator": self.message_link}, {"locator": self.envelope_link}
        request_link = {"locator": self.request_link}
        sent_file, returned = {"file_id": file_of(self.message)}, {"whole_id": str(self.reply.whole_id)}
        asked = {"reference": self.asked.reference}
        request_draft = {"form_key": str(form_key_of(self.request_draft))}
        draft, envelope = {"form_key": str(form_key_of(self.draft))}, {"reference": self.envelope.reference}
        return {
            **{f"activity:item_{name}": message for name in ("detail", "delete", "proof")},
            **{f"messages:{name}": draft for name in OF_DRAFTS},
            **{f"signatures:{name}": request_draft for name in OF_REQUEST_DRAFTS},
            "signatures:draft_page": request_draft | {"document": "0", "page": "1"},
            **{f"messages:message_{name}": message for name in OF_MESSAGES},
            "messages:file_download": message | sent_file,
            "messages:link_renew": message | position,
            "messages:recipient_delete": message | position,
            **{f"messages:return_{name}": returned for name in ("detail", "done", "files")},
            "messages:return_read": {"whole_id": str(self.delivery.whole_id)},
            "messages:return_undone": {"whole_id": str(self.put_away.whole_id)},
            "messages:return_file": returned | {"file_id": file_of(self.reply)},
            **{f"messages:{name}": link for name in (*OF_LINKS, "message_read", "link_files")},
            "messages:link_fragment": link | {"secret": "secret"},
            "messages:link_file": link | sent_file,
            **{f"messages:link_reply{name}": link for name in ("", "_code_send", "_code_missing", "_prove")},
            "messages:link_reply_receipt": link | returned,
            "envelopes:envelope_detail": {"reference": self.filled.reference},
            **{f"envelopes:envelope_{name}": envelope for name in ("delete", "expiry", "link_renew")},
            **{f"envelopes:{name}": envelope_link for name in (*OF_LINKS, "envelope_fill", "envelope_receipt")},
            "envelopes:link_fragment": envelope_link | {"secret": "secret"},
            "signatures:request_detail": asked,
            "signatures:request_cancel": asked,
            "signatures:document_download": asked | {"number": "1"},
            **{f"signatures:signer_{name}": asked | {"number": "1"} for name in OF_SIGNERS},
            **{f"signatures:{name}": request_link for name in (*OF_LINKS, "sealed", "sealed_all")},
            **{f"signatures:document_{name}": request_link for name in OF_DOCUMENTS},
            "signatures:link_fragment": request_link | {"secret": "secret"},
            "signatures:page_picture": request_link | {"document": "1", "page": "1"},
            "signatures:zone_picture": request_link | {"zone_id": "s0"},
            "signatures:spare_mark": request_link | {"kind": "initials"},
            "signatures:document_file": request_link | {"document": "1"},
            "signatures:sealed_file": request_link | {"file_id": file_of(self.reply)},
        }


def make_objects(owner: User) -> Objects:
    """Make an object of each kind, as people do it in their browsers."""
    browser = Client()
    sign_in(browser, owner)
    kept = press_keep(browser, filled(composer_values(browser)), attachments=paper())
    envelope, filled_envelope = make_envelope(browser).open(), make_envelope(browser).open()
    assert filled_envelope.fill(uploads=(paper(),)).status_code == 302
    sent = send_message(owner, [Person(email=ADDRESS), Person(email="noah@outside.example")], files=[TERMS])
    recipient = Outsider(sent.links[0], client=envelope.client).open()
    other = Outsider(sent.links[1], client=filled_envelope.client).open()
    reply, put_away = replied(recipient), replied(recipient)
    for returned, act in ((reply, "read"), (put_away, "read"), (put_away, "done")):
        assert browser.post(f"/returns/{returned.whole_id}/{act}/").status_code == 302
    with seals_here():
        asked = ask(owner).item
    signer = asked_to_sign(owner, recipient.client)
    return Objects(
        owner=browser,
        draft=values_of(browser.get(kept.headers["Location"])),
        request_draft=prepare(browser),
        message=sent.item,
        reply=reply,
        put_away=put_away,
        delivery=Return.objects.get(item=item_of(filled_envelope)),
        envelope=item_of(envelope),
        filled=item_of(filled_envelope),
        asked=asked,
        message_link=recipient.locator,
        other_link=other.locator,
        envelope_link=envelope.locator,
        request_link=signer.locator,
        reviewed=signer.look(),
        recipient=recipient.client,
        other_recipient=other.client,
    )


def replied(outsider: Outsider) -> Return:
    """Answer a message with a file, and return what came back."""
    form_key = str(uuid.uuid4())
    upload = SimpleUploadedFile("deed.pdf", b"deed", "application/pdf")
    # Each with a text of its own: the same one twice within minutes is one reply.
    answer = {"text": f"I agree, {form_key}.", "form_key": form_key, "uploads": [upload]}
    assert outsider.client.post(outsider.url("link_reply"), answer).status_code == 302
    return Return.objects.get(form_key=form_key)


def asked_to_sign(requester: User, client: Client) -> SigningBrowser:
    """Let somebody outside be asked to sign, and fill everything in without signing; their initials stand nowhere."""
    spare = Zone("i0", 0, 2, Box(80, 500, 72, 36), 0, ZoneKind.INITIALS, is_required=False)
    with seals_here():
        ask(requester, [ZOE], zones=[*zones_for(1), spare])
    signer = SigningBrowser(ZOE.email)
    signer.client = client  # type: ignore[assignment]
    initials = {"initials-way": "type", "initials-text": "Z.R.", "initials-hand": "caveat"}
    assert signer.agree().fill(**initials).status_code == 302
    return signer


def item_of(outsider: EnvelopeOutsider) -> Item:
    """Return the envelope of a link."""
    locator = from_text(outsider.locator, LOCATOR_BYTES)
    return Item.objects.get(participants__links__locator=locator)


def file_of(whole: Item | Return) -> str:
    """Return the id of the one file of what was sent or came back."""
    return str(Blob.objects.get(whole_id=whole.whole_id).file_id)
