"""A log for the tests: items of one sender, and their page as words."""

import re
from datetime import datetime

from django.test import Client

from accounts.models import User
from messaging.items.models import Item, Participant
from tests.messaging.items.making import Sent, send_item
from tests.pages import XHTML, parsed

LOG = "/account/activity/"
COLUMNS = (
    "reference", "date", "latest_activity", "expires_at", "status", "subject", "sender",
    "recipient", "code", "files", "openings", "activities", "kind", "delete",
)  # fmt: skip


def rows_of(client: Client, query: str = "") -> list[dict[str, str]]:
    """Return the rows of the log as words, by column."""
    answer = client.get(LOG + query)
    assert answer.status_code == 200
    page, _mended = parsed(answer.content.decode())
    return [
        dict(zip(COLUMNS, (words("".join(cell.itertext())) for cell in row), strict=True))
        for body in page.iter(f"{XHTML}tbody")
        for row in body.iter(f"{XHTML}tr")
    ]


def references(client: Client, query: str = "") -> list[str]:
    """Return the references of the rows shown, as they are stored."""
    return [row["reference"].replace("-", "") for row in rows_of(client, query)]


def words(text: str) -> str:
    return " ".join(text.split())


def link_to(client: Client, query: str, rel: str) -> str:
    """Return the query of the link to the older or newer page; nothing at an end."""
    found = re.search(rf'href="{LOG}(\?[^"]*)" rel="{rel}"', client.get(LOG + query).content.decode())
    return found[1].replace("&amp;", "&") if found else ""


def sent_at(sender: User, at: datetime, **values: object) -> Sent:
    """Make an item and let it have been sent at another instant."""
    sent = send_item(sender, **values)  # type: ignore[arg-type]
    Item.objects.filter(pk=sent.item.pk).update(sent_at=at)
    return sent


def handed_over(sent: Sent, at: datetime) -> None:
    Participant.objects.filter(item=sent.item).update(handed_over_at=at)
