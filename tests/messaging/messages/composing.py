"""Write and send messages as a browser does."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.test import Client

from accounts.models import User
from messaging.items.models import Item
from tests.cast import sign_in
from tests.forms import form_values

NEW = "/messages/new/?kind=message"
SUBJECT, BODY = "Canary terms of a lease", "Canary text.\n\nThe second paragraph."
ZOE, NOAH = "zoe@outside.example", "noah@outside.example"


def composer_values(client: Client, address: str = NEW) -> dict[str, Any]:
    """Open a composer and return its fields untouched, with the address they are sent to."""
    page = client.get(address)
    assert page.status_code == 200, page.status_code
    return values_of(page)


def values_of(page: Any) -> dict[str, Any]:
    """Return the fields of a composer's page."""
    html = page.content.decode()
    action = html.partition('action="/messages/drafts/')[2].partition('"')[0]
    return {"action": f"/messages/drafts/{action}", **form_values(page, f"/messages/drafts/{action}")}


def filled(values: Mapping[str, Any], to: Sequence[str] = (ZOE,), **changes: Any) -> dict[str, Any]:
    """Return the fields of a composer with recipients, subject and text typed in."""
    rows = {f"to-{number}-email": email for number, email in enumerate(to)}
    roles = {f"to-{number}-role": "to" for number in range(len(to))}
    others = {f"to-{number}-cell_number": values.get(f"to-{number}-cell_number", "") for number in range(len(to))}
    count = {"to-TOTAL_FORMS": str(max(len(to), 1))}
    return {**values, **others, **roles, **count, "subject": SUBJECT, "body": BODY, **rows, **changes}


def press_send(client: Client, values: Mapping[str, Any]) -> Any:
    """Press *Send*."""
    return _post(client, values["action"], values)


def press_keep(client: Client, values: Mapping[str, Any], **also: Any) -> Any:
    """Press a button that keeps the draft."""
    return _post(client, values["action"].replace("/send/", "/save/"), {**values, **also})


def by_script(client: Client, values: Mapping[str, Any], **also: Any) -> Any:
    """Keep the draft as the script of the page does."""
    address = values["action"].replace("/send/", "/save/")
    return _post(client, address, {**values, **also}, headers={"Accept": "application/json"})


def form_key_of(values: Mapping[str, Any]) -> uuid.UUID:
    return uuid.UUID(values["action"].split("/")[3])


def send(client: Client, user: User, **changes: Any) -> Item:
    """Sign in, write a message, send it."""
    sign_in(client, user)
    answer = press_send(client, filled(composer_values(client), **changes))
    assert answer.status_code == 302, answer.content.decode()
    return Item.objects.get(sender=user, reference=answer.headers["Location"].split("/")[2])


def _post(client: Client, address: str, values: Mapping[str, Any], **more: Any) -> Any:
    posted = {name: value for name, value in values.items() if name != "action" and value is not None}
    return client.post(address, posted, **more)
