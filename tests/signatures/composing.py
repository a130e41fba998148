"""Prepare signature requests as a browser does."""

import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from messaging.items.models import Draft
from messaging.items.services.draft_sealing import open_draft
from signatures.choices import KIND
from signatures.drafts import Begun, begun_of
from tests.forms import form_values
from tests.signatures.pdf.documents import plain
from tests.signatures.pdf.seals import document

NEW = "/signatures/new/"
TITLE, MESSAGE = "Canary lease of the mill", "Please sign until Friday.\n\nThank you."
ZOE = {"name": "Zoë Roy", "email": "zoe@outside.example"}
YAN = {"name": "Yan Lee", "email": "yan@outside.example", "language": "fr"}


def values_of(page: Any) -> dict[str, Any]:
    """Return the fields of a composer's page, with the address they are sent to."""
    address = page.content.decode().partition('action="/signatures/new/')[2].partition('"')[0]
    return {"action": f"{NEW}{address}", **form_values(page, f"{NEW}{address}")}


def begin(client: Client) -> dict[str, Any]:
    """Open a new composer and return its fields."""
    page = client.get(NEW)
    assert page.status_code == 200, page.status_code
    return values_of(page)


def filled(values: Mapping[str, Any], signers: Sequence[Mapping[str, str]] = (ZOE,), **changes: Any) -> dict[str, Any]:
    """Return the fields of a composer with title, message and signers typed in."""
    usual = {"proof": "email_code", "language": "en", "cell_number": ""}
    rows = {
        f"signer-{place}-{name}": value
        for place, signer in enumerate(signers)
        for name, value in ({"key": f"row-{place}", "turn": str(place + 1)} | usual | dict(signer)).items()
    }
    total = {"signer-TOTAL_FORMS": str(len(signers))}
    return {**values, **rows, **total, "title": TITLE, "message": MESSAGE, **changes}


def pdf(name: str = "Lease.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    """Return a document as a browser sends it."""
    return SimpleUploadedFile(name, plain() if content is None else content, "application/pdf")


def lease(pages: int = 2, name: str = "Lease.pdf") -> SimpleUploadedFile:
    """Return a document with several pages."""
    return pdf(name, document(pages))


def press_keep(client: Client, values: Mapping[str, Any], **also: Any) -> Any:
    """Press a button that keeps the draft."""
    return _post(client, values["action"], {**values, **also})


def by_script(client: Client, values: Mapping[str, Any], **also: Any) -> Any:
    """Keep the draft as the script of the page does."""
    return _post(client, values["action"], {**values, **also}, headers={"Accept": "application/json"})


def form_key_of(values: Mapping[str, Any]) -> uuid.UUID:
    """Return what names the draft in its addresses."""
    return uuid.UUID(values["action"].split("/")[3])


def address_of(values: Mapping[str, Any], page: str = "") -> str:
    """Return the address of a page of the draft."""
    return f"{NEW}{form_key_of(values)}/{page}"


def begun(values: Mapping[str, Any]) -> Begun:
    """Return what the draft holds now."""
    return begun_of(open_draft(row_of(values), kind=KIND))


def row_of(values: Mapping[str, Any]) -> Draft:
    """Return the row of the draft."""
    return Draft.objects.get(form_key=form_key_of(values))


def prepare(
    client: Client,
    signers: Sequence[Mapping[str, str]] = (ZOE,),
    papers: Sequence[SimpleUploadedFile] = (),
    **changes: Any,
) -> dict[str, Any]:
    """Keep a draft that could be sent, and return its fields as they stand then."""
    values = filled(begin(client), signers, **changes)
    answer = press_keep(client, values, papers=list(papers or [pdf()]))
    assert answer.status_code == 302, answer.content.decode()
    return values_of(client.get(address_of(values)))


def zone(place: str = "a", **changes: Any) -> dict[str, Any]:
    """Return a zone as the editor sends it."""
    usual = {"id": f"zone-{place}", "document": 0, "page": 1, "left": 80, "top": 120, "width": 200, "height": 60}
    return {**usual, "signer": 0, "kind": "signature", "is_required": True, "label": "", **changes}


def place(client: Client, values: Mapping[str, Any], zones: Any, *, is_script: bool = False, **also: Any) -> Any:
    """Send zones as the editor does."""
    text = zones if isinstance(zones, str) else json.dumps(zones)
    headers = {"Accept": "application/json"} if is_script else {}
    posted = {"version": row_of(values).version, "zones": text, **also}
    return client.post(address_of(values, "zones/"), posted, headers=headers)


def send(client: Client, values: Mapping[str, Any]) -> Any:
    """Press *Send* on the last page."""
    return client.post(address_of(values, "send/"), {"version": row_of(values).version})


def _post(client: Client, address: str, values: Mapping[str, Any], **more: Any) -> Any:
    posted = {name: value for name, value in values.items() if name != "action" and value is not None}
    return client.post(address, posted, **more)
