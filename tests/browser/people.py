"""What a person does in the browser, in the person's words."""

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from demo_portal import DemoPortal
from django.utils import translation
from playwright.sync_api import Browser, Locator, Page, expect

from signatures.limits import CHECKS_PER_NETWORK

STROKE_STEPS = 8
# Who sends; not the one whose 2FA the journey of the account page turns on.
OWNER = "admin@demo.example"
CODE = re.compile(r"\b\d{6}\b")


@dataclass(frozen=True, slots=True)
class Side:
    """Where somebody sits, and in which language they read.

    Args:
        options: of their browser.
    """

    language: str
    options: dict[str, Any]

    @property
    def is_touched(self) -> bool:
        """Tell whether they use their fingers."""
        return bool(self.options.get("has_touch"))

    def say(self, text: str, context: str = "") -> str:
        """Return how the portal says one of its English texts to them."""
        return said(text, self.language, context)


DESK = Side("en", {"locale": "en-CA", "viewport": {"width": 1280, "height": 900}})
FRENCH_DESK = Side("fr", DESK.options | {"locale": "fr-CA"})
PHONE = Side("fr", {"locale": "fr-CA", "viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True})


def said(text: str, language: str, context: str = "") -> str:
    """Return how the portal says one of its English texts in a language.

    Args:
        context: that tells two meanings of one text apart.
    """
    with translation.override(language):
        return translation.pgettext(context, text) if context else translation.gettext(text)


def speak(page: Page, language: str) -> None:
    """Choose a language in the own menu."""
    page.locator(".topbar summary:visible").last.click()
    page.locator(f".topbar button[name=language][value={language}]:visible").click()
    expect(page.locator("html")).to_have_attribute("lang", re.compile(f"^{language}"))


def sign_in(page: Page, portal: DemoPortal, email: str) -> None:
    """Type e-mail and password, whatever language the page is in."""
    page.goto(f"{portal.address}/sign-in/")
    page.locator("main [name=email]").fill(email)
    page.locator("main [name=password]").fill(portal.password)
    page.locator("main [name=password]").press("Enter")


def sign_out(page: Page) -> None:
    """Open the own menu and use its button."""
    page.locator(".topbar summary:visible").last.click()
    page.locator(".topbar").get_by_role("button", name="Sign out").locator("visible=true").click()


def newest_code(browser: Browser, portal: DemoPortal, number: str, *, before: Sequence[str]) -> str:
    """Read the newest code for a number on the outbox page, as a newcomer would.

    Args:
        before: the texts with codes that were there before this one was asked for, as `code_texts` returns them.
    """
    context = browser.new_context(locale="en-CA")
    page = context.new_page()
    try:
        for _look in range(60):
            newer = [text for text in _texts_to(page, portal, number) if text not in before]
            if newer and (found := CODE.search(newer[0].partition(" ")[2])):
                return found.group()
            page.wait_for_timeout(250)
    finally:
        context.close()
    raise AssertionError("no code arrived")


def code_texts(browser: Browser, portal: DemoPortal, number: str) -> list[str]:
    """Return what the outbox page holds for a number now, newest first, each by its address and words."""
    context = browser.new_context(locale="en-CA")
    try:
        return _texts_to(context.new_page(), portal, number)
    finally:
        context.close()


def _texts_to(page: Page, portal: DemoPortal, number: str) -> list[str]:
    page.goto(f"{portal.address}/outbox/?channel=sms")
    links = page.locator(".inbox-list a", has_text=number).all()
    return [f"{link.get_attribute('href')} {link.inner_text().replace(number, '')}" for link in links]


def forget_checks(portal: DemoPortal) -> None:
    """Let this network check documents as if none had been checked: all tests of a portal come from one."""
    with sqlite3.connect(portal.data_dir / "portal.sqlite3", timeout=20) as database:
        database.execute("DELETE FROM core_counter WHERE name = ?", [CHECKS_PER_NETWORK.name])


def expect_heading(page: Page, heading: str) -> None:
    """Hold that a page with this heading is shown."""
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def newest_mail(browser: Browser, portal: DemoPortal, email: str, *, holding: str = "") -> str:
    """Read the newest mail to an address on the outbox page, as a newcomer would.

    Args:
        holding: what stands in the mail that is waited for.
    """
    context = browser.new_context(locale="en-CA")
    page = context.new_page()
    try:
        for _look in range(60):
            page.goto(f"{portal.address}/outbox/?channel=email")
            newest = page.locator(".inbox-list li", has_text=email).first
            if newest.count():
                newest.get_by_role("link").click()
                text = page.locator(".letter-text").inner_text()
                if holding in text:
                    return text
            page.wait_for_timeout(250)
    finally:
        context.close()
    raise AssertionError("no mail arrived")


def press(page: Page, side: Side, button: str, context: str = "") -> None:
    """Press a button that is called so in their language."""
    page.get_by_role("button", name=side.say(button, context), exact=True).click()


def wait_for_scripts(page: Page) -> None:
    """Wait until the scripts of a page have run: what it says can be read before."""
    page.wait_for_load_state("domcontentloaded")


def stroke(page: Page, side: Side, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Move the mouse, held down, or a finger straight from one place of the window to another."""
    ways = [
        tuple(a + (b - a) * step / STROKE_STEPS for a, b in zip(start, end, strict=True))
        for step in range(STROKE_STEPS + 1)
    ]
    if not side.is_touched:
        page.mouse.move(*start)
        page.mouse.down()
        for x, y in ways:
            page.mouse.move(x, y)
        page.mouse.up()
        return
    finger = page.context.new_cdp_session(page)
    for number, (x, y) in enumerate(ways):
        kind = "touchMove" if number else "touchStart"
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    finger.detach()


def drag(page: Page, side: Side, part: Locator, right: float, down: float) -> None:
    """Drag a part of the page by pixels."""
    wait_for_scripts(page)
    part.scroll_into_view_if_needed()
    box = part.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    stroke(page, side, (x, y), (x + right, y + down))


def draw_line(page: Page, side: Side, pad: str, *, at: float = 0.5) -> None:
    """Draw across a pad.

    Args:
        at: share of its height at which the line begins.
    """
    wait_for_scripts(page)
    page.locator(pad).scroll_into_view_if_needed()
    box = page.locator(pad).bounding_box()
    assert box
    start = (box["x"] + box["width"] * 0.2, box["y"] + box["height"] * at)
    stroke(page, side, start, (box["x"] + box["width"] * 0.8, start[1] - box["height"] * 0.2))


def is_wide(page: Page) -> bool:
    """Tell whether a page is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
