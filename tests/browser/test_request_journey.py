"""Somebody asks for signatures: zones are placed with the pointer, with the keyboard alone, and without scripts."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from demo_portal import DemoPortal
from playwright.sync_api import Browser, Page, expect

from signatures.limits import DRAFT_SAVED_EVERY_SECONDS
from tests.browser.asking import (
    PAGE_WIDTH_POINTS,
    SENT_FROM_A_DESK,
    SENT_FROM_BOTH,
    add_zone,
    begin,
    expect_drawn,
    move_and_size,
    placed,
    points_per_pixel,
    write_paper,
)
from tests.browser.people import OWNER, Side, drag, is_wide, press, stroke

pytestmark = pytest.mark.browser

POINTS_PER_MILLIMETER = 72 / 25.4


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """A document of two pages."""
    return write_paper(tmp_path)


@SENT_FROM_BOTH
def test_zones_are_placed_with_mouse_or_finger_and_the_request_is_checked(
    page: Page, portal: DemoPortal, paper: Path, sender: Side
) -> None:
    begin(page, portal, paper, sender)
    add_zone(page, sender, "Signature")
    move_and_size(page, sender)
    sized = placed(page)[0]
    drag(page, sender, page.locator(".zone .box"), 5000, 0)
    assert placed(page)[0]["left"] + sized["width"] == pytest.approx(PAGE_WIDTH_POINTS)
    press(page, sender, "Undo")
    assert placed(page)[0] == sized
    press(page, sender, "Next page")
    expect_drawn(page)
    add_zone(page, sender, "Checkbox", signer=1)
    assert (placed(page)[1]["page"], placed(page)[1]["signer"]) == (2, 1)
    # Beside the smallest zone a finger still takes it.
    beside = 12 * sender.is_touched
    box = page.locator(".zone .box").bounding_box()
    assert box
    stroke(page, sender, (box["x"] + 3, box["y"] - beside + 3), (box["x"] + 3, box["y"] - beside + 53))
    expected = 72 + 50 * points_per_pixel(page)
    assert placed(page)[1]["top"] == pytest.approx(expected, abs=2)
    add_zone(page, sender, "Signature", signer=1)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert not is_wide(page)
    press(page, sender, "Check and send")
    page.wait_for_url("**/check/")
    expect(page.get_by_role("button", name=sender.say("Send"), exact=True)).to_be_visible()
    assert not is_wide(page)


@SENT_FROM_A_DESK
def test_zones_are_placed_by_keyboard_alone(page: Page, portal: DemoPortal, paper: Path, sender: Side) -> None:
    say = sender.say
    begin(page, portal, paper, sender)
    page.get_by_role("button", name=say("Signing date")).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".zone")).to_be_focused()
    start = placed(page)[0]
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowDown", "ArrowUp", "w", "Shift+h"):
        page.keyboard.press(key)
    zone = placed(page)[0]
    grown = {"left": 2, "top": 9, "width": 2, "height": -2}
    for side, millimeters in grown.items():
        assert tenths(zone[side]) == round(tenths(start[side]) + millimeters, 1)
    expect(page.locator("[data-announced]")).to_have_text(
        say("{width} mm wide, {height} mm high.").format(width=66, height=5)
    )
    page.keyboard.press("c")
    assert len(placed(page)) == 2
    expect(page.locator("[data-announced]")).to_have_text(
        say("Copied: {kind} for {signer}.").format(kind=say("Signing date"), signer="Zoë Roy")
    )
    page.keyboard.press("Delete")
    assert len(placed(page)) == 1
    expect(page.locator(".zone")).to_be_focused()
    page.keyboard.press("Control+z")
    assert len(placed(page)) == 2
    page.locator(".zone").first.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("region", name=say("The chosen zone"))
    expect(panel.get_by_label(say("Signer"))).to_be_focused()
    panel.get_by_label(say("Label")).fill("Signed on")
    page.keyboard.press("Enter")
    panel.get_by_label(say("From the left")).fill("25,4")
    page.keyboard.press("Tab")
    assert (placed(page)[0]["label"], placed(page)[0]["left"]) == ("Signed on", 72)
    expect(panel.get_by_label(say("From the left"))).to_have_value("25.4")
    panel.get_by_label(say("From the left")).fill("far")
    page.keyboard.press("Enter")
    expect(panel.get_by_label(say("From the left"))).to_have_value("25.4")
    words = say(
        "{kind} for {signer}, {left} mm from the left, {top} mm from the top, {width} mm wide, {height} mm high"
    )
    where = words.format(kind=say("Signing date"), signer="Zoë Roy", left=25, top=r"\d+", width=66, height=5)
    expect(page.locator(".zone").first).to_have_attribute(
        "aria-label",
        re.compile(f"{where}.*, Signed on"),
    )
    page.get_by_role("button", name=say("Keep as draft")).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text(say("The draft is kept. You find it in Sent and drafts."))).to_be_visible()
    assert [each["label"] for each in placed(page)] == ["Signed on", ""]


def test_what_is_typed_for_a_zone_stays_with_it_when_another_one_is_pressed(
    page: Page, portal: DemoPortal, paper: Path, sender: Side
) -> None:
    begin(page, portal, paper)
    for _zone in range(2):
        add_zone(page, sender, "Text")
    panel = page.get_by_role("region", name="The chosen zone")
    for name, value in (("Label", "Tenant"), ("From the left", "50")):
        page.locator(".zone").first.focus()
        panel.get_by_label(name).fill(value)
        page.locator(".zone .box").last.click()
    first, second = placed(page)
    assert (first["label"], tenths(first["left"]), second["label"]) == ("Tenant", 50, "")
    assert tenths(second["left"]) != 50


def tenths(points: float) -> float:
    """Return a length in millimeters, as the page writes it."""
    return round(points / POINTS_PER_MILLIMETER, 1)


@pytest.mark.usefixtures("sender")
def test_the_draft_is_kept_by_itself_and_a_page_that_waits_is_drawn_later(
    page: Page, portal: DemoPortal, paper: Path
) -> None:
    page.clock.install()
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
        page.clock.fast_forward(DRAFT_SAVED_EVERY_SECONDS * 1000)
    assert kept.value.json()["version"]
    page.reload()
    page.get_by_role("button", name="Next page").click()
    expect(page.locator(".zone")).to_have_count(1)


def test_a_session_that_ended_is_said_and_what_was_placed_afterwards_comes_back(
    page: Page, portal: DemoPortal, paper: Path, sender: Side
) -> None:
    begin(page, portal, paper, sender)
    zones_url = page.url
    page.context.clear_cookies()
    add_zone(page, sender, "Signature")
    expect(page.locator("[data-draft-state]")).to_contain_text("Your session has ended.", timeout=15_000)
    add_zone(page, sender, "Text")
    before = placed(page)
    assert (page.url, len(before)) == (zones_url, 2)
    press(page, sender, "Keep as draft")
    page.wait_for_url("**/sign-in/**")
    expect(page.get_by_text("Sign in: what you typed is kept and comes back.")).to_be_visible()
    page.locator("main [name=email]").fill(OWNER)
    page.locator("main [name=password]").fill(portal.password)
    page.locator("main [name=password]").press("Enter")
    page.wait_for_url(zones_url)
    expect(page.get_by_text("Your session had ended while you were typing.")).to_be_visible()
    assert placed(page) == before
    # To look at another page keeps nothing.
    keepings: list[str] = []
    page.on("request", lambda request: keepings.append(request.url) if request.method == "POST" else None)
    press(page, sender, "Next page")
    page.wait_for_timeout((DRAFT_SAVED_EVERY_SECONDS + 1) * 1000)
    assert not keepings
    press(page, sender, "Keep as draft")
    expect(page.get_by_text("The draft is kept.")).to_be_visible()
    assert placed(page) == before


@SENT_FROM_BOTH
def test_without_scripts_zones_are_rows_of_fields(
    browser: Browser, portal: DemoPortal, paper: Path, page: Page, sender: Side
) -> None:
    say = sender.say
    begin(page, portal, paper, sender)
    state = page.context.storage_state()
    context = browser.new_context(**sender.options, java_script_enabled=False, storage_state=state)
    plain = context.new_page()
    plain.goto(page.url)
    row = plain.get_by_role("group", name=say("Zone %(number)s") % {"number": 1})
    row.get_by_label(say("Kind")).select_option("signature")
    row.get_by_label(say("From the left")).fill("35.5")
    press(plain, sender, "Keep, and add another zone")
    expect(plain.locator(".zone-row")).to_have_count(2)
    expect(plain.locator(".zone .box")).to_have_attribute("x", "100.63")
    assert not is_wide(plain)
    press(plain, sender, "Check and send")
    expect(plain.get_by_text("1 zone")).to_be_visible()
    context.close()
