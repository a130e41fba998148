"""How somebody asks for signatures in the browser, and how somebody asked comes to the documents."""

import io
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from demo_portal import DemoPortal
from outside_steps import answer
from playwright.sync_api import Browser, Page, expect
from reportlab.pdfgen.canvas import Canvas

from tests.browser.people import DESK, FRENCH_DESK, PHONE, Side, drag, newest_mail, press

TITLE = "Lease of the mill"
ZOE, YAN = ("Zoë Roy", "zoe@outside.example"), ("Yan Lee", "yan@outside.example")
LINK = re.compile(r"http://\S+/s/\S+#\S+")
PAGE_WIDTH_POINTS, PAGE_HEIGHT_POINTS = 612, 792
SENT_FROM_BOTH = pytest.mark.parametrize(
    ("context", "sender"), [(DESK.options, DESK), (PHONE.options, PHONE)], ids=["desk", "phone"], indirect=True
)
# On a phone nobody has a keyboard with arrows.
SENT_FROM_A_DESK = pytest.mark.parametrize(
    ("context", "sender"),
    [(DESK.options, DESK), (FRENCH_DESK.options, FRENCH_DESK)],
    ids=["desk", "french desk"],
    indirect=True,
)


def write_paper(folder: Path) -> Path:
    """Write a document of two pages."""
    file, path = io.BytesIO(), folder / "Lease.pdf"
    canvas = Canvas(file, pagesize=(PAGE_WIDTH_POINTS, PAGE_HEIGHT_POINTS))
    for number in (1, 2):
        canvas.drawString(72, 700, f"Page {number} of a lease")
        canvas.showPage()
    canvas.save()
    path.write_bytes(file.getvalue())
    return path


def begin(
    page: Page,
    portal: DemoPortal,
    paper: Path,
    side: Side = DESK,
    *,
    title: str = TITLE,
    signers: Sequence[tuple[str, str]] = (ZOE, YAN),
) -> None:
    """Fill in the composer, signed in, and come to the zones.

    Args:
        signers: name and address of each, in their order.
    """
    page.goto(f"{portal.address}/messages/new/")
    page.get_by_role("link", name=side.say("Ask for signatures")).click()
    page.get_by_label(side.say("Title"), exact=True).fill(title)
    for row, (name, email) in enumerate(signers):
        if row:
            press(page, side, "Add a signer")
        page.locator(f"#signer-{row}-name").fill(name)
        page.locator(f"#signer-{row}-email").fill(email)
    page.get_by_label(side.say("Add PDFs")).set_input_files(paper)
    page.wait_for_url("**/signatures/new/*-*/", timeout=90_000)  # the document is checked meanwhile
    expect(page.get_by_text("2 pages,")).to_be_visible()
    press(page, side, "Place the zones")
    page.wait_for_url("**/zones/")
    expect_drawn(page)


def expect_drawn(page: Page) -> None:
    """Hold that the page of the document is shown."""
    expect(page.locator("[data-undo]")).to_be_visible()
    expect(page.locator("[data-picture-state]")).to_have_text("")


def placed(page: Page) -> list[dict[str, Any]]:
    """Return the zones as the form sends them."""
    zones: list[dict[str, Any]] = json.loads(page.locator("[data-zones]").input_value())
    return zones


def add_zone(page: Page, side: Side, kind: str, *, signer: int = 0) -> None:
    """Add a zone for a signer to the page of the document that is shown; it is in sight then."""
    page.locator(f"[data-signer='{signer}']").click()
    press(page, side, kind)
    expect(page.locator(".zone.is-current .box")).to_be_in_viewport(ratio=0.99)


def move_and_size(page: Page, side: Side) -> None:
    """Drag the chosen zone, and its corner; the page stays where it is."""
    zone = page.locator(".zone.is-current .box")
    zone.scroll_into_view_if_needed()
    scrolled, before, scale = page.evaluate("scrollY"), placed(page)[-1], points_per_pixel(page)
    drag(page, side, zone, 30, 60)
    moved = placed(page)[-1]
    assert [moved[name] - before[name] for name in ("left", "top")] == pytest.approx([30 * scale, 60 * scale], abs=2)
    drag(page, side, page.locator(".handle .grip"), 20, 10)
    sized = placed(page)[-1]
    assert [sized[name] - before[name] for name in ("width", "height")] == pytest.approx(
        [20 * scale, 10 * scale], abs=2
    )
    assert page.evaluate("scrollY") == scrolled


def points_per_pixel(page: Page) -> float:
    """Return how many points of the document one pixel of the screen shows."""
    box = page.locator("[data-sheet]").bounding_box()
    assert box
    return PAGE_WIDTH_POINTS / box["width"]


def send(page: Page, side: Side, title: str) -> None:
    """Look at what is sent, and send it."""
    press(page, side, "Check and send")
    page.wait_for_url("**/check/")
    press(page, side, "Send")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def come_in(page: Page, browser: Browser, portal: DemoPortal, email: str, *, holding: str = "/s/") -> None:
    """Open the link that was mailed to a signer, with a code that is mailed for it.

    Args:
        holding: what stands in the mail with the link.
    """
    link = LINK.search(newest_mail(browser, portal, email, holding=holding))
    assert link
    page.goto(link.group())
    page.locator("main button[type=submit]").first.click()
    answer(page)
