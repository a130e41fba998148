"""Follow signature requests as their requester does in a browser."""

import re
from datetime import timedelta

from django.test import Client

from core.db import database_now
from messaging.items.models import Item
from signatures.models import SignatureRequest
from tests.cast import sign_in
from tests.messaging.items.making import make_sender
from tests.signatures.signing import ZOE, Requested, ask


def words(html: str) -> str:
    """Return what a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def content_of(client: Client, address: str, status: int = 200) -> str:
    """Return the content of a page in words."""
    answer = client.get(address)
    assert answer.status_code == status, answer.status_code
    return said(answer.content.decode())


def said(page: str) -> str:
    """Return what stands in a page between its head and its foot."""
    return words(page[page.index("<main") : page.index("</main>")])


def page_of(asked: Requested, *parts: object) -> str:
    """Return an address of a request: its page, or one below it."""
    return "/".join(["/signatures", asked.item.reference, *map(str, parts), ""])


def signed_in_requester(client: Client, plan: str = "pro") -> Requested:
    """Sign a requester in who has just asked two people, or one where the plan allows one."""
    sender = make_sender(plan=plan)
    sign_in(client, sender)
    return ask(sender) if plan == "pro" else ask(sender, [ZOE])


def expire(asked: Requested) -> None:
    """Let the time of a request be over; its content is still there."""
    over = database_now() - timedelta(seconds=1)
    SignatureRequest.objects.filter(pk=asked.item.pk).update(ends_at=over)
    Item.objects.filter(pk=asked.item.pk).update(sent_at=over - timedelta(days=30), expires_at=over)
    asked.item.participants.update(expires_at=over)
