"""Somebody signs in a real browser: drawn, typed, by keyboard alone, on a phone, without scripts, placed freely."""

import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from demo_portal import DemoPortal
from outside_steps import answer
from page_steps import sample_links
from playwright.sync_api import Page, expect

from tests.browser.looks import violations
from tests.browser.people import DESK, FRENCH_DESK, PHONE, Side, drag, draw_line, expect_heading, is_wide, press

pytestmark = pytest.mark.browser

NARROW = Side("fr", PHONE.options | {"viewport": {"width": 360, "height": 740}})
TITLE = "Lease of the mill, 2027"
NO_DRAWING = "Drawing needs scripts, which this browser does not run. Type it or upload a picture."
NOT_CHECKED = "Check this box. If you do not agree with it, decline to sign."
ORDER, SEEN = "#zone-order", "#zone-read"
# Requests that a set of samples has of one kind: each journey uses one up.
SAME = ("sign", "sign-new")


@dataclass
class Links:
    """Links to requests that nobody has opened; more are made when they run out."""

    portal: DemoPortal
    left: list[str] = field(default_factory=list)
    free: list[str] = field(default_factory=list)

    def take(self) -> str:
        """Return the link of a request with places to fill in."""
        if not self.left:
            self._make()
        return self.left.pop()

    def take_free(self) -> str:
        """Return the link of a request whose signer places the signature."""
        if not self.free:
            self._make()
        return self.free.pop()

    def _make(self) -> None:
        made = sample_links(self.portal)
        self.left += [made[name] for name in SAME]
        self.free.append(made["sign-free"])


@pytest.fixture(scope="module")
def links(portal: DemoPortal) -> Links:
    """Make requests of these journeys' own."""
    return Links(portal)


def come_in(page: Page, link: str, side: Side = DESK, *, has_scripts: bool = True) -> None:
    """Go from the mail to the documents."""
    page.goto(link)
    if not has_scripts:
        page.get_by_label(side.say("Link you were given")).fill(link)
    press(page, side, "Continue")
    answer(page)
    expect_heading(page, TITLE)
    page.get_by_label(side.say("I agree to all three")).check()
    press(page, side, "Continue")
    expect(page.get_by_role("heading", name=side.say("To fill in"))).to_be_visible()
    if has_scripts:
        expect(page.locator("[data-guide]")).to_be_visible()


def seen_from(sides: dict[str, Side], **options: Any) -> pytest.MarkDecorator:
    """Have a journey made from several sides, by their names; their browsers have more options together."""
    pairs = [(side.options | options, side) for side in sides.values()]
    return pytest.mark.parametrize(("context", "side"), pairs, ids=list(sides), indirect=["context"])


BOTH = seen_from({"desk": DESK, "phone": NARROW})
# On a phone nobody has a keyboard with arrows.
AT_A_DESK = seen_from({"desk": DESK, "french desk": FRENCH_DESK})
WITHOUT_SCRIPTS = seen_from({"desk": DESK, "phone": NARROW}, java_script_enabled=False)


def test_a_page_is_asked_for_while_it_is_in_sight_and_the_portal_is_busy(page: Page, links: Links) -> None:
    pictures, longer_than_any_pause = "**/page/1/1.png", 30_000
    page.clock.install()
    page.route(pictures, lambda route: route.fulfill(status=503, headers={"Retry-After": "3"}))
    come_in(page, links.take())
    for _time in range(15):
        with page.expect_response(pictures):
            page.clock.fast_forward(longer_than_any_pause)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/page/1/1.png") else None)
    picture = page.locator("[data-page-picture]").first
    picture.evaluate("picture => (picture.hidden = true)")
    page.wait_for_timeout(1_000)
    page.clock.fast_forward(longer_than_any_pause)
    page.wait_for_timeout(1_000)
    asked.clear()
    page.clock.fast_forward(longer_than_any_pause)
    page.wait_for_timeout(1_000)
    assert not asked
    page.unroute(pictures)
    picture.evaluate("picture => (picture.hidden = false)")
    expect(picture).to_have_js_property("naturalWidth", 1100)


@BOTH
def test_a_signature_is_drawn_initials_are_typed_and_the_guide_leads(page: Page, links: Links, side: Side) -> None:
    say = side.say
    some, all_filled = say("{done} of {all} filled in", "fields"), say("Nothing is missing")
    come_in(page, links.take(), side)
    guide = page.locator("[data-guide]")
    expect(guide.get_by_role("status")).to_have_text(some.format(done=2, all=3))
    expect(page.locator("[data-page-picture]").first).to_have_js_property("naturalWidth", 1100)
    page.locator("label[for=signature-way-draw]").click()
    expect(guide.get_by_role("status")).to_have_text(some.format(done=1, all=3))
    draw_line(page, side, "#signature-strokes")
    expect(guide.get_by_role("status")).to_have_text(some.format(done=2, all=3))
    expect(page.locator("#at-signature [data-ink]")).to_have_count(1)
    page.locator(ORDER).fill("PO 4711")
    expect(page.locator("#at-order [data-zone-words]")).to_have_text("PO 4711")
    press(page, side, "Next field")
    expect(page.locator(SEEN)).to_be_focused()
    page.keyboard.press("Space")
    expect(guide.get_by_role("status")).to_have_text(all_filled)
    assert not is_wide(page)
    assert violations(page) == []
    guide.get_by_role("button", name=say("Look at it before you sign")).click()
    expect_heading(page, say("Is everything right?"))
    expect(page.get_by_text("PO 4711")).to_be_visible()
    assert not is_wide(page)
    assert violations(page) == []
    press(page, side, "Sign now")
    expect_heading(page, say("You have signed"))
    assert violations(page) == []


@AT_A_DESK
def test_by_keyboard_alone(page: Page, links: Links, side: Side) -> None:
    come_in(page, links.take(), side)
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
    expect_heading(page, side.say("Is everything right?"))
    page.get_by_role("button", name=side.say("Sign now")).focus()
    page.keyboard.press("Enter")
    expect_heading(page, side.say("You have signed"))


@WITHOUT_SCRIPTS
def test_without_scripts_a_name_is_typed(page: Page, links: Links, side: Side) -> None:
    look = side.say("Look at it before you sign")
    come_in(page, links.take(), side, has_scripts=False)
    expect(page.locator("[data-guide]")).to_be_hidden()
    page.locator("label[for=signature-way-draw]").click()
    expect(
        page.get_by_text(
            side.say("Drawing needs scripts, which this browser does not run. Type it or upload a picture.")
        ).first
    ).to_be_visible()
    page.locator("label[for=signature-way-type]").click()
    page.locator("#at-read").click()
    page.locator("#sign").get_by_role("button", name=look).click()
    expect(page.get_by_text(side.say(NOT_CHECKED)).first).to_be_visible()
    page.locator(SEEN).check()
    page.locator("#sign").get_by_role("button", name=look).click()
    expect_heading(page, side.say("Is everything right?"))
    press(page, side, "Sign now")
    expect_heading(page, side.say("You have signed"))


@BOTH
def test_a_free_signature_is_dragged_and_moved_with_arrow_keys(page: Page, links: Links, side: Side) -> None:
    come_in(page, links.take_free(), side)
    zone, top = page.locator("#at-free-1"), page.locator("#free-1-top")
    before = int(top.input_value())
    expect(zone).to_have_class(re.compile("can-move"))
    zone.focus()
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("ArrowUp")
    assert int(top.input_value()) == before - 11
    zone.scroll_into_view_if_needed()
    scrolled = page.evaluate("scrollY")
    drag(page, side, zone.locator("rect"), 60, -80)
    assert page.evaluate("scrollY") == scrolled
    left = int(page.locator("#free-1-left").input_value())
    assert left > 25
    assert int(top.input_value()) < before - 30
    page.locator("#free-1-page").fill("1")
    expect(page.locator('[data-page="1-1"] #at-free-1')).to_have_count(1)
    page.locator("[data-guide-finish]").click()
    expect_heading(page, side.say("Is everything right?"))
    expect(page.locator("svg image")).to_have_count(1)
    page.get_by_role("link", name=side.say("Back, change something")).click()
    expect(page.locator("#free-1-left")).to_have_value(str(left))
