"""Steps to the pages on which a signature request is prepared."""

import io
from collections.abc import Iterator
from urllib.parse import urlsplit

from playwright.sync_api import FilePayload, Page, expect
from reportlab.pdfgen.canvas import Canvas

LINES = 24


def request_prepared(page: Page, address: str) -> Iterator[str]:
    """Prepare a request for two signers, place zones, see what is sent, what is missing, and ask to delete it."""
    page.goto(f"{address}/signatures/new/")
    page.locator("#title").fill("Service agreement 2027")
    page.locator("#message").fill("Please read it and sign until Friday.")
    page.locator("#signer-0-name").fill("Zoë Roy")
    page.locator("#signer-0-email").fill("zoe@outside.example")
    page.locator("[data-add-row]").click()
    page.locator("#signer-1-name").fill("Interprovincial Procurement Coordination")
    page.locator("#signer-1-email").fill("interprovincial.procurement.coordination@client.example")
    page.locator("#papers").set_input_files([agreement()])
    page.wait_for_url("**/signatures/new/*-*/")
    draft = f"{address}{urlsplit(page.url).path}"
    yield "request-prepared"
    page.locator("button[value=zones]").click()
    page.wait_for_url("**/zones/")
    page.locator("[data-add=signature]").click()
    page.locator("[data-signer='1']").click()
    page.locator("[data-add=date]").click()
    expect(page.locator("[data-picture-state]")).to_have_text("")
    yield "request-zones"
    page.locator("button[value=check]").click()
    page.wait_for_url("**/check/")
    yield "request-check"
    page.goto(draft)
    page.locator("#signer-0-email").fill("zoe at outside")
    page.locator("button[value=check]").click()
    page.wait_for_url("**/check/")
    yield "request-check-missing"
    page.goto(f"{draft}?judged=1")
    yield "request-refused"
    page.goto(f"{draft}delete/")
    yield "request-delete"


def agreement() -> FilePayload:
    """Return a document of three pages, as a browser sends it."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(612, 792), invariant=1)
    for number in range(1, 4):
        canvas.setFont("Helvetica-Bold", 20)
        canvas.drawString(56, 716, "Service agreement 2027")
        canvas.setFont("Helvetica", 11)
        for line in range(LINES):
            canvas.drawString(56, 676 - 16 * line, f"Page {number}: what both parties have agreed on, line {line + 1}.")
        canvas.showPage()
    canvas.save()
    return {"name": "Service agreement 2027.pdf", "mimeType": "application/pdf", "buffer": file.getvalue()}
