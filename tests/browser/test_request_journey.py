"""Somebody asks for signatures: zones are placed with the pointer, with the keyboard alone, and without scripts."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from demo_portal import DemoPortal
from playwright.sync_api import Browser, Locator, Page, expect
from reportlab.pdfgen.canvas import Canvas

from tests.browser.people import sign_in

pytestmark = pytest.mark.browser

# Not the one whose 2FA the journey of the account page turns on.
OWNER = "admin@demo.example"
TITLE = "Lease of the mill"


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """A document of two pages."""
    file, path = io.BytesIO(), tmp_path / "Lease.pdf"
    canvas = Canvas(file, pagesize=(612, 792))
    for number in (1, 2):
        canvas.drawString(72, 700, f"Page {number} of a lease")
        canvas.showPage()
    canvas.save()
    path.write_bytes(file.getvalue())
    return path


def begin(page: Page, portal: DemoPortal, paper: Path) -> None:
    """Fill in the composer and come to the zones."""
    sign_in(page, portal, OWNER)
    page.wait_for_url("**/account/")
    page.goto(f"{portal.address}/messages/new/")
    page.get_by_role("link", name="Ask for signatures").click()
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Name").fill("Zoë Roy")
    page.get_by_label("E-mail").fill("zoe@outside.example")
    page.get_by_role("button", name="Add a signer").click()
    page.get_by_label("Name, signer 2").fill("Yan Lee")
    page.get_by_label("E-mail, signer 2").fill("yan@outside.example")
    page.get_by_label("Add PDFs").set_input_files(paper)
    page.wait_for_url("**/signatures/new/*-*/", timeout=90_000)  # the document is checked meanwhile
    expect(page.get_by_text("2 pages,")).to_be_visible()
    page.get_by_role("button", name="Place the zones").click()
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


def drag(page: Page, part: Locator, right: float, down: float) -> None:
    """Drag a part of the page by pixels."""
    part.scroll_into_view_if_needed()
    box = part.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right, y + down, steps=5)
    page.mouse.up()


def test_zones_are_placed_with_the_pointer_and_the_request_is_sent(page: Page, portal: DemoPortal, paper: Path) -> None:
    begin(page, portal, paper)
    page.get_by_role("button", name="Signature", exact=True).click()
    before = placed(page)[0]
    points = 612 / float(page.locator("[data-sheet]").bounding_box()["width"])  # type: ignore[index]
    drag(page, page.locator(".zone .box"), -60, 40)
    moved = placed(page)[0]
    assert moved["left"] == pytest.approx(before["left"] - 60 * points, abs=2)
    assert moved["top"] == pytest.approx(before["top"] + 40 * points, abs=2)
    drag(page, page.locator(".zone .handle"), 30, 20)
    sized = placed(page)[0]
    assert sized["width"] == pytest.approx(before["width"] + 30 * points, abs=2)
    assert sized["height"] == pytest.approx(before["height"] + 20 * points, abs=2)
    drag(page, page.locator(".zone .box"), 5000, 0)
    assert placed(page)[0]["left"] + sized["width"] == pytest.approx(612)
    page.get_by_role("button", name="Undo").click()
    assert placed(page)[0] == sized
    page.get_by_role("button", name="Next page").click()
    expect_drawn(page)
    page.locator("[data-signer='1']").click()
    page.get_by_role("button", name="Signature", exact=True).click()
    assert (placed(page)[1]["page"], placed(page)[1]["signer"]) == (2, 1)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.get_by_role("button", name="Check and send").click()
    page.wait_for_url("**/check/")
    expect(page.get_by_text("1 zone").first).to_be_visible()
    expect(page.get_by_role("button", name="Send")).to_be_visible()


def test_zones_are_placed_by_keyboard_alone(page: Page, portal: DemoPortal, paper: Path) -> None:
    begin(page, portal, paper)
    page.get_by_role("button", name="Signing date").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".zone")).to_be_focused()
    start = placed(page)[0]
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowDown", "ArrowUp", "w", "Shift+h"):
        page.keyboard.press(key)
    zone = placed(page)[0]
    assert (zone["left"], zone["top"]) == (start["left"] + 2, start["top"] + 9)
    assert (zone["width"], zone["height"]) == (start["width"] + 5, start["height"] - 5)
    expect(page.locator("[data-announced]")).to_have_text("185 wide, 15 high.")
    page.keyboard.press("c")
    assert len(placed(page)) == 2
    expect(page.locator("[data-announced]")).to_have_text("Copied: Signing date for Zoë Roy.")
    page.keyboard.press("Delete")
    assert len(placed(page)) == 1
    expect(page.locator(".zone")).to_be_focused()
    page.keyboard.press("Control+z")
    assert len(placed(page)) == 2
    page.locator(".zone").first.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("region", name="The chosen zone")
    expect(panel.get_by_label("Signer")).to_be_focused()
    panel.get_by_label("Label").fill("Signed on")
    page.keyboard.press("Enter")
    panel.get_by_label("From the left").fill("10")
    page.keyboard.press("Tab")
    assert (placed(page)[0]["label"], placed(page)[0]["left"]) == ("Signed on", 10)
    expect(page.locator(".zone").first).to_have_attribute(
        "aria-label",
        f"Signing date for Zoë Roy, 10 from the left, {round(zone['top'])} from the top, 185 wide, 15 high, Signed on",
    )
    page.get_by_role("button", name="Keep as draft").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The draft is kept.")).to_be_visible()
    assert [each["label"] for each in placed(page)] == ["Signed on", ""]


def test_the_draft_is_kept_by_itself_and_a_page_that_waits_is_drawn_later(
    page: Page, portal: DemoPortal, paper: Path
) -> None:
    begin(page, portal, paper)
    answers = iter([503, 503])
    page.route(
        "**/page/0/2.png*",
        lambda route: route.fulfill(status=503) if next(answers, None) else route.continue_(),
    )
    page.get_by_role("button", name="Next page").click()
    expect(page.locator("[data-picture-state]")).to_have_text("The page is being drawn…")
    expect_drawn(page)
    page.get_by_role("button", name="Text").click()
    with page.expect_response(
        lambda answer: answer.url.endswith("/zones/") and answer.request.method == "POST"
    ) as kept:
        pass
    assert kept.value.json()["version"]
    page.reload()
    page.get_by_role("button", name="Next page").click()
    expect(page.locator(".zone")).to_have_count(1)


def test_without_scripts_zones_are_rows_of_fields(
    browser: Browser, portal: DemoPortal, paper: Path, page: Page
) -> None:
    begin(page, portal, paper)
    state = page.context.storage_state()
    context = browser.new_context(locale="en-CA", java_script_enabled=False, storage_state=state)
    plain = context.new_page()
    plain.goto(page.url)
    row = plain.get_by_role("group", name="Zone 1")
    row.get_by_label("Kind").select_option("signature")
    row.get_by_label("From the left").fill("100")
    plain.get_by_role("button", name="Keep, and add another zone").click()
    expect(plain.locator(".zone-row")).to_have_count(2)
    expect(plain.locator(".zone .box")).to_have_attribute("x", "100")
    plain.get_by_role("button", name="Check and send").click()
    expect(plain.get_by_text("1 zone")).to_be_visible()
    context.close()
