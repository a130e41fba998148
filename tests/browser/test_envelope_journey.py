"""An envelope in a real browser: made and copied by its owner, filled by a person outside, read by its owner."""

from typing import Any

import pytest
from demo_portal import DemoPortal
from playwright.sync_api import Browser, Page, expect

from tests.browser.looks import violations
from tests.browser.people import expect_heading, sign_in

pytestmark = pytest.mark.browser

TITLE, TEXT = "Papers to open your file", "Here are the papers."
PAPER: Any = {"name": "passport-page.jpg", "mimeType": "image/jpeg", "buffer": b"x" * 300_000}


def copied_link(page: Page, portal: DemoPortal) -> tuple[str, str]:
    """Make an envelope whose link is copied; return the link and its code."""
    sign_in(page, portal, "admin@demo.example")
    expect_heading(page, "My account")
    page.goto(f"{portal.address}/messages/new/")
    page.get_by_role("link", name="Make an envelope").click()
    assert violations(page) == []
    page.get_by_label("Title").fill(TITLE)
    page.get_by_text("As a link that I copy and pass on").click()
    page.get_by_role("button", name="Make the envelope").click()
    expect_heading(page, "Copy the link now")
    assert violations(page) == []
    return page.get_by_label("Link of the envelope").input_value(), page.locator(".opening-code").inner_text().strip()


@pytest.mark.parametrize("has_scripts", [True, False])
def test_an_envelope_goes_out_and_comes_back(
    page: Page, browser: Browser, portal: DemoPortal, has_scripts: bool
) -> None:
    link, code = copied_link(page, portal)
    context = browser.new_context(locale="en-CA", java_script_enabled=has_scripts)
    outside = context.new_page()
    outside.goto(link)
    if not has_scripts:
        outside.get_by_label("Link you were given").fill(link)
    outside.get_by_role("button", name="Continue").click()
    outside.get_by_label("Six-digit code").fill(code)
    outside.get_by_role("button", name="Open").click()
    expect_heading(outside, TITLE)
    outside.get_by_label("Text").fill(TEXT)
    outside.get_by_label("Files", exact=True).set_input_files([PAPER])
    outside.get_by_role("button", name="Hand it over").click()
    expect(outside.get_by_role("heading", name="2 things to correct")).to_be_visible()
    expect(outside.get_by_label("Text")).to_have_value(TEXT)
    if has_scripts:
        # The files that were chosen go on into the form that came back.
        expect(outside.get_by_role("list", name="Files chosen")).to_contain_text(PAPER["name"])
        expect(outside.locator("[data-error-summary]")).to_be_focused()
        assert violations(outside) == []
    else:
        outside.get_by_label("Files", exact=True).set_input_files([PAPER])
    outside.get_by_label("Your name").fill("Robin Outside")
    outside.get_by_label("Your e-mail").fill("robin@client.example")
    outside.get_by_role("button", name="Hand it over").click()
    expect_heading(outside, "Receipt")
    expect(outside.get_by_text(PAPER["name"])).to_be_visible()
    if has_scripts:
        assert violations(outside) == []
    context.close()
    page.get_by_role("link", name="Follow the envelope").click()
    expect(page.get_by_text("Closed", exact=True)).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="Go to the delivery").click()
    page.get_by_role("button", name="Read it").click()
    expect_heading(page, TITLE)
    expect(page.get_by_text(TEXT)).to_be_visible()
