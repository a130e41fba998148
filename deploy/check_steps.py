"""Lead a browser through the public check: documents that were really sealed, and what is not one of them.

The sealing process of the portal that the script started seals them. The pictures and the accessibility test walk the
same steps, in either language and as often as they like.
"""

import json
from collections.abc import Iterator

from demo_portal import DemoPortal
from page_steps import hold_status, run_command
from playwright.sync_api import FilePayload, Page

REFERENCE, NO_REFERENCE = "9ACD-EFGH-JKMN", "PQRT-WXYA-CDEF"
# A network checks twenty an hour, and one walk takes half of them.
SEAL_SAMPLE = """import hashlib, io, json
from pathlib import Path
from django.conf import settings
from reportlab.pdfgen.canvas import Canvas
from core import throttle
from core.db import database_now
from core.network import network_of
from signatures.limits import CHECKS_PER_NETWORK
from signatures.models import SealedDocument
from signatures.sealers import seal_at
from signatures.services.recording import record_sealed
from signatures.services.sealing import set_seal
for address in ("127.0.0.1", "::1"):
    throttle.forget(CHECKS_PER_NETWORK, network_of(address))
def page(line):
    file = io.BytesIO()
    canvas = Canvas(file)
    canvas.drawString(72, 720, line)
    canvas.save()
    return file.getvalue()
def sealed(number):
    path = Path(settings.DATA_DIR) / f"sealed-{number}.pdf"
    if not path.exists():
        now, source = database_now(), page(f"Schedule of services, part {number}")
        by = seal_at(now)
        made = set_seal(source, by=by, stamps=[], last_pages=page("Certificate of completion"),
            reason="Signed by all", at=now, is_time_stamped=False)
        record_sealed(reference=REFERENCE, number=number, presented_sha256=hashlib.sha256(source).digest(),
            sealed_sha256=hashlib.sha256(made).digest(), sealed_at=now, is_time_stamped=False, is_demo=by.is_demo)
        path.write_bytes(made)
    return str(path)
print(json.dumps([sealed(1), sealed(2)]))"""
USE_UP = """from core import throttle
from core.network import network_of
from signatures.limits import CHECKS_PER_NETWORK
for address in ("127.0.0.1", "::1"):
    for _use in range(CHECKS_PER_NETWORK.most):
        throttle.count(CHECKS_PER_NETWORK, network_of(address))"""


def documents_checked(page: Page, portal: DemoPortal) -> Iterator[str]:
    """Ask for a reference, and have a sealed, a changed, a foreign and a broken file checked; at last too often."""
    script = f"REFERENCE = {REFERENCE.replace('-', '')!r}\n{SEAL_SAMPLE}"
    with open(json.loads(run_command(portal, "shell", "--no-imports", "--command", script))[0], "rb") as file:
        sealed = file.read()
    page.goto(f"{portal.address}/verify/?reference={REFERENCE}")
    ask(page)
    yield "check-reference"
    for name, content in (("sealed", sealed), ("changed", sealed + b"%"), ("unknown", b"%PDF-1.7\n%%EOF\n")):
        page.goto(f"{portal.address}/verify/")
        ask(page, content)
        yield f"check-{name}"
    page.goto(f"{portal.address}/verify/?reference={NO_REFERENCE}")
    ask(page)
    yield "check-nothing"
    page.locator("[name=reference]").fill("9ACD")
    ask(page, b"no PDF")
    hold_status(page, 422)
    yield "check-refused"
    run_command(portal, "shell", "--no-imports", "--command", USE_UP)
    ask(page)
    hold_status(page, 429)
    yield "check-often"


def ask(page: Page, file: bytes | None = None) -> None:
    """Send the form, with a file if there is one."""
    if file is not None:
        page.locator("[name=file]").set_input_files(FilePayload(name="a.pdf", mimeType="application/pdf", buffer=file))
    page.locator("main form button[type=submit]").click()
    page.wait_for_load_state()
