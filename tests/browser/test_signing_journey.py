"""Somebody signs in a real browser: drawn, typed, by keyboard alone, on a phone, without scripts, placed freely."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from demo_portal import DemoPortal
from outside_steps import answer
from page_steps import run_command, sample_links
from playwright.sync_api import Browser, Page, expect

from tests.browser.looks import violations
from tests.browser.people import expect_heading

pytestmark = pytest.mark.browser

TITLE = "Lease of the mill, 2027"
EXPIRE = """
from core.db import database_now
from messaging.items.models import Link, Participant
from messaging.items.services.links import LOCATOR_BYTES, from_text

link = Link.objects.get(locator=from_text({locator!r}, LOCATOR_BYTES))
Participant.objects.filter(pk=link.participant_id).update(expires_at=database_now())
"""
ORDER, SEEN = "#zone-order", "#zone-read"
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}


@pytest.fixture
def links(portal: DemoPortal) -> dict[str, str]:
    """Make requests of this journey's own."""
    return sample_links(portal)


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def sized(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Open a tab as wide as a desk, and one as wide as a phone that is touched."""
    context = browser.new_context(locale="en-CA", viewport=request.param, has_touch=request.param is PHONE)
    yield context.new_page()
    context.close()


def come_in(page: Page, link: str, *, has_scripts: bool = True) -> None:
    """Go from the mail to the documents."""
    page.goto(link)
    if not has_scripts:
        page.get_by_label("Link you were given").fill(link)
    page.get_by_role("button", name="Continue").click()
    answer(page)
    expect_heading(page, TITLE)
    page.get_by_label("I agree to all three").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="To fill in")).to_be_visible()


def draw_line(page: Page, pad: str) -> None:
    """Draw across a pad."""
    page.locator(pad).scroll_into_view_if_needed()
    box = page.locator(pad).bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.5)
    page.mouse.down()
    for step in range(1, 11):
        page.mouse.move(box["x"] + box["width"] * (0.2 + 0.06 * step), box["y"] + box["height"] * (0.5 - 0.02 * step))
    page.mouse.up()


def is_wide(page: Page) -> Any:
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def test_a_signature_is_drawn_initials_are_typed_and_the_guide_leads(sized: Page, links: dict[str, str]) -> None:
    page = sized
    come_in(page, links["sign"])
    guide = page.locator("[data-guide]")
    expect(guide.get_by_role("status")).to_have_text("2 of 3 filled in")
    expect(page.locator("[data-page-picture]").first).to_have_js_property("naturalWidth", 1100)
    page.locator("label[for=signature-way-draw]").click()
    expect(guide.get_by_role("status")).to_have_text("1 of 3 filled in")
    draw_line(page, "#signature-strokes")
    expect(guide.get_by_role("status")).to_have_text("2 of 3 filled in")
    expect(page.locator("#at-signature [data-ink]")).to_have_count(1)
    page.locator(ORDER).fill("PO 4711")
    expect(page.locator("#at-order [data-zone-words]")).to_have_text("PO 4711")
    guide.get_by_role("button", name="Next field").click()
    expect(page.locator(SEEN)).to_be_focused()
    page.keyboard.press("Space")
    expect(guide.get_by_role("status")).to_have_text("Nothing is missing")
    assert not is_wide(page)
    assert violations(page) == []
    guide.get_by_role("button", name="Look at it before you sign").click()
    expect_heading(page, "Is everything right?")
    expect(page.get_by_text("PO 4711")).to_be_visible()
    assert not is_wide(page)
    assert violations(page) == []
    page.get_by_role("button", name="Sign now").click()
    expect_heading(page, "You have signed")
    assert violations(page) == []


def test_by_keyboard_alone(page: Page, links: dict[str, str]) -> None:
    come_in(page, links["sign"])
    page.locator("[data-guide-next]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(ORDER)).to_be_focused()
    page.keyboard.type("PO 9")
    page.locator("#at-read").focus()
    page.keyboard.press("Enter")
    expect(page.locator(SEEN)).to_be_focused()
    page.keyboard.press("Space")
    page.locator("#signature-text").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#signature-hand_1")).to_be_checked()
    page.locator("[data-guide-finish]").focus()
    page.keyboard.press("Enter")
    expect_heading(page, "Is everything right?")
    page.get_by_role("button", name="Sign now").focus()
    page.keyboard.press("Enter")
    expect_heading(page, "You have signed")


@pytest.mark.parametrize("context", [{"java_script_enabled": False}], indirect=True)
def test_without_scripts_a_name_is_typed(page: Page, links: dict[str, str]) -> None:
    come_in(page, links["sign"], has_scripts=False)
    expect(page.locator("[data-guide]")).to_be_hidden()
    page.locator("label[for=signature-way-draw]").click()
    expect(page.get_by_text("Drawing needs scripts").first).to_be_visible()
    page.locator("label[for=signature-way-type]").click()
    page.locator("#at-read").click()
    page.locator("#sign").get_by_role("button", name="Look at it before you sign").click()
    expect(page.get_by_role("heading", name="One thing to correct")).to_be_visible()
    page.locator(SEEN).check()
    page.locator("#sign").get_by_role("button", name="Look at it before you sign").click()
    expect_heading(page, "Is everything right?")
    page.get_by_role("button", name="Sign now").click()
    expect_heading(page, "You have signed")


def test_a_free_signature_is_dragged_and_moved_with_arrow_keys(page: Page, links: dict[str, str]) -> None:
    come_in(page, links["sign-free"])
    zone, top = page.locator("#at-free-1"), page.locator("#free-1-top")
    before = int(top.input_value())
    zone.focus()
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("ArrowUp")
    assert int(top.input_value()) == before - 11
    zone.scroll_into_view_if_needed()
    box = zone.locator("rect").bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] - 80, steps=5)
    page.mouse.up()
    left = int(page.locator("#free-1-left").input_value())
    assert left > 40
    assert int(top.input_value()) < before - 30
    page.locator("#free-1-page").fill("1")
    expect(page.locator('[data-page="1-1"] #at-free-1')).to_have_count(1)
    page.locator("[data-guide-finish]").click()
    expect_heading(page, "Is everything right?")
    expect(page.locator("svg image")).to_have_count(1)
    page.get_by_role("link", name="Back, change something").click()
    expect(page.locator("#free-1-left")).to_have_value(str(left))


def test_somebody_declines_and_another_finds_the_sealed_document(page: Page, links: dict[str, str]) -> None:
    come_in(page, links["sign"])
    page.get_by_role("link", name="Decline to sign").click()
    page.get_by_label("Your reason").fill("The rent is too high.")
    page.get_by_role("button", name="Decline to sign").click()
    expect_heading(page, "You have declined to sign")
    assert violations(page) == []
    page.goto(links["sign-sealed"])
    page.get_by_role("button", name="Continue").click()
    answer(page)
    expect_heading(page, TITLE)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "Lease of the mill 2027.pdf"


def test_a_request_that_expires_takes_nothing_from_an_open_tab(
    page: Page, links: dict[str, str], portal: DemoPortal
) -> None:
    come_in(page, links["sign"])
    page.locator(ORDER).fill("PO 4711")
    locator = links["sign"].partition("#")[0].rpartition("/")[2]
    run_command(portal, "shell", "--verbosity", "0", "-c", EXPIRE.format(locator=locator))
    page.locator("#sign").get_by_role("button", name="Look at it before you sign").click()
    expect_heading(page, "This request has expired")
    expect(page.get_by_label("What you typed")).to_have_value(re.compile("PO 4711"))
    assert violations(page) == []
