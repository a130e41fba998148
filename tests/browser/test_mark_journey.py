"""Somebody makes marks: draws with a pen, types a name, works without scripts, on a desk and on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from demo_portal import DemoPortal
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import sign_in

pytestmark = pytest.mark.browser

ADDRESS = "/account/signature/"
OWNER = "admin@demo.example"
DESK, NARROWEST = {"width": 1280, "height": 900}, {"width": 360, "height": 740}


def go(page: Page, portal: DemoPortal, query: str = "") -> None:
    sign_in(page, portal, OWNER)
    page.wait_for_url("**/account/")
    page.goto(f"{portal.address}{ADDRESS}{query}")


def draw_line(page: Page, *, down: float) -> None:
    """Draw across the pad, at a share of its height."""
    page.locator("#strokes").scroll_into_view_if_needed()
    box = page.locator("#strokes").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * down)
    page.mouse.down()
    for step in range(1, 11):
        page.mouse.move(box["x"] + box["width"] * (0.2 + 0.06 * step), box["y"] + box["height"] * (down - 0.02 * step))
    page.mouse.up()


def delete_newest(page: Page, kind: str) -> None:
    page.locator(f"section[aria-labelledby={kind}-title] .mark-card").last.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete the mark").click()


@pytest.mark.parametrize("size", [DESK, NARROWEST], ids=["desk", "narrowest"])
def test_a_signature_is_drawn_undone_drawn_again_and_kept(
    browser: Browser, portal: DemoPortal, size: dict[str, int]
) -> None:
    context = browser.new_context(locale="en-CA", viewport=size, has_touch=size is NARROWEST)  # type: ignore[arg-type]
    page = context.new_page()
    go(page, portal, "?way=draw")
    strokes = page.locator("[data-pad-strokes]")
    expect(page.get_by_role("button", name="Undo the last stroke")).to_be_disabled()
    draw_line(page, down=0.5)
    draw_line(page, down=0.8)
    assert len(strokes.input_value().split(";")) == 2
    page.get_by_role("button", name="Undo the last stroke").click()
    assert ";" not in strokes.input_value()
    page.get_by_role("button", name="Clear").click()
    assert strokes.input_value() == ""
    page.get_by_role("button", name="Add the mark").click()
    expect(page.locator("#strokes_error")).to_contain_text("Nothing is drawn yet.")
    draw_line(page, down=0.6)
    page.get_by_role("button", name="Add the mark").click()
    picture = page.locator("section[aria-labelledby=signature-title] img").first
    expect(picture).to_have_js_property("naturalWidth", 540)
    expect(picture).to_have_attribute("alt", "Signature: Drawn")
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    delete_newest(page, "signature")
    expect(page.get_by_text("No signature yet")).to_be_visible()
    context.close()


def test_a_drawing_survives_a_refusal(page: Page, portal: DemoPortal) -> None:
    go(page, portal, "?way=draw")
    draw_line(page, down=0.5)
    drawn = page.locator("[data-pad-strokes]").input_value()
    page.locator("#kind").evaluate("select => select.options[0].value = 'nonsense'")
    page.get_by_role("button", name="Add the mark").click()
    expect(page.locator("#kind_error")).to_be_visible()
    assert page.locator("[data-pad-strokes]").input_value() == drawn
    inked = "pad => pad.getContext('2d').getImageData(0, 0, pad.width, pad.height).data.some((value) => value)"
    assert page.locator("#strokes").evaluate(inked)


def test_initials_are_typed_by_keyboard_and_the_handwritings_follow(page: Page, portal: DemoPortal) -> None:
    go(page, portal, "?kind=initials")
    text = page.get_by_label("Name as you sign it, or your initials")
    expect(text).to_have_value("MS")
    text.fill("Œ. É.")
    expect(page.locator("[data-hand-sample]").nth(2)).to_have_text("Œ. É.")
    text.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Dancing Script")).to_be_checked()
    assert page.evaluate("[...document.fonts].filter((font) => font.family.includes('Hand')).length") == 4
    page.keyboard.press("Enter")
    expect(page.locator("section[aria-labelledby=initials-title] img")).to_have_js_property("naturalWidth", 216)
    assert Axe().run(page).response["violations"] == []
    delete_newest(page, "initials")
    expect(page.get_by_text("No initials yet")).to_be_visible()


def test_without_scripts_the_page_leads_from_drawing_to_typing(browser: Browser, portal: DemoPortal) -> None:
    context = browser.new_context(locale="en-CA", java_script_enabled=False)
    page = context.new_page()
    go(page, portal, "?way=draw")
    expect(page.locator("#strokes")).to_be_hidden()
    page.get_by_role("link", name="Type it").click()
    page.get_by_role("radio", name="Sacramento").check()
    page.get_by_role("button", name="Add the mark").click()
    expect(page.locator("section[aria-labelledby=signature-title] img")).to_be_visible()
    delete_newest(page, "signature")
    context.close()
