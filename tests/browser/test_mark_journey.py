"""Somebody makes marks: draws with a pen, types a name, works without scripts, on a desk and on a phone."""

import re

import pytest
from demo_portal import DemoPortal
from playwright.sync_api import Page, expect

from tests.browser.looks import violations
from tests.browser.people import DESK, PHONE, Side, draw_line, is_wide, press, wait_for_scripts

pytestmark = pytest.mark.browser

ADDRESS = "/account/signature/"
PAD = "#strokes"
NARROW = Side("fr", PHONE.options | {"viewport": {"width": 360, "height": 740}})
BOTH = pytest.mark.parametrize(
    ("context", "sender"), [(DESK.options, DESK), (NARROW.options, NARROW)], ids=["desk", "phone"], indirect=True
)


def go(page: Page, portal: DemoPortal, query: str = "") -> None:
    page.goto(f"{portal.address}{ADDRESS}{query}")


def delete_newest(page: Page, side: Side, kind: str) -> None:
    card = page.locator(f"section[aria-labelledby={kind}-title] .mark-card").last
    card.get_by_role("link", name=side.say("Delete")).click()
    press(page, side, "Delete the mark")


@BOTH
def test_a_signature_is_drawn_undone_drawn_again_and_kept(page: Page, portal: DemoPortal, sender: Side) -> None:
    go(page, portal, "?way=draw")
    strokes = page.locator("[data-pad-strokes]")
    expect(page.get_by_role("button", name=sender.say("Undo the last stroke"))).to_be_disabled()
    draw_line(page, sender, PAD)
    draw_line(page, sender, PAD, at=0.8)
    assert len(strokes.input_value().split(";")) == 2
    press(page, sender, "Undo the last stroke")
    assert ";" not in strokes.input_value()
    press(page, sender, "Clear")
    assert strokes.input_value() == ""
    press(page, sender, "Add the mark")
    expect(page.locator("#strokes_error")).to_contain_text(
        sender.say("Nothing is drawn yet. Draw across the pad with a finger, a pen or the mouse.")
    )
    draw_line(page, sender, PAD, at=0.6)
    press(page, sender, "Add the mark")
    picture = page.locator("section[aria-labelledby=signature-title] img").first
    expect(picture).to_have_js_property("naturalWidth", 540)
    expect(picture).to_have_attribute("alt", re.compile(f"{sender.say('Drawn', 'a signature mark')}$"))
    assert not is_wide(page)
    delete_newest(page, sender, "signature")
    expect(page.get_by_text(sender.say("No signature yet"))).to_be_visible()


def test_a_drawing_survives_a_refusal(page: Page, portal: DemoPortal, sender: Side) -> None:
    go(page, portal, "?way=draw")
    draw_line(page, sender, PAD)
    drawn = page.locator("[data-pad-strokes]").input_value()
    page.locator("#kind").evaluate("select => select.options[0].value = 'nonsense'")
    page.get_by_role("button", name="Add the mark").click()
    expect(page.locator("#kind_error")).to_be_visible()
    wait_for_scripts(page)
    assert page.locator("[data-pad-strokes]").input_value() == drawn
    inked = "pad => pad.getContext('2d').getImageData(0, 0, pad.width, pad.height).data.some((value) => value)"
    assert page.locator("#strokes").evaluate(inked)


@BOTH
def test_initials_are_typed_by_keyboard_and_the_handwritings_follow(
    page: Page, portal: DemoPortal, sender: Side
) -> None:
    go(page, portal, "?kind=initials")
    text = page.get_by_label(sender.say("Name as you sign it, or your initials"))
    expect(text).to_have_value("MS")
    text.fill("Œ. É.")
    expect(page.locator("[data-hand-sample]").nth(2)).to_have_text("Œ. É.")
    text.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Dancing Script")).to_be_checked()
    assert page.evaluate("[...document.fonts].filter((font) => font.family.includes('Hand')).length") == 4
    page.keyboard.press("Enter")
    expect(page.locator("section[aria-labelledby=initials-title] img")).to_have_js_property("naturalWidth", 216)
    assert not is_wide(page)
    assert violations(page) == []
    delete_newest(page, sender, "initials")
    expect(page.get_by_text(sender.say("No initials yet"))).to_be_visible()


@pytest.mark.parametrize("context", [{"java_script_enabled": False}], indirect=True)
def test_without_scripts_the_page_leads_from_drawing_to_typing(page: Page, portal: DemoPortal, sender: Side) -> None:
    go(page, portal, "?way=draw")
    expect(page.locator("#strokes")).to_be_hidden()
    page.get_by_role("link", name="Type it").click()
    page.get_by_role("radio", name="Sacramento").check()
    press(page, sender, "Add the mark")
    expect(page.locator("section[aria-labelledby=signature-title] img")).to_be_visible()
    delete_newest(page, sender, "signature")
