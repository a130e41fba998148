"""An envelope in a real browser: made and copied by its owner, filled by a person outside, read by its owner."""

from typing import Any

import pytest
from demo_portal import DemoPortal
from playwright.sync_api import Browser, Page, expect

from tests.browser.looks import violations
from tests.browser.people import DESK, PHONE, Side, expect_heading, said, sign_in, speak

pytestmark = pytest.mark.browser

TITLE, TEXT = "Papers to open your file", "Here are the papers."
PAPER: Any = {"name": "passport-page.jpg", "mimeType": "image/jpeg", "buffer": b"x" * 300_000}


def copied_link(page: Page, portal: DemoPortal, email: str, owner: Side) -> tuple[str, str]:
    """Make an envelope whose link is copied; return the link and its code."""
    say = owner.say
    sign_in(page, portal, email)
    expect_heading(page, say("My account"))
    page.goto(f"{portal.address}/messages/new/")
    page.get_by_role("link", name=say("Make an envelope")).click()
    assert violations(page) == []
    page.get_by_label(say("Title")).fill(TITLE)
    page.get_by_text(say("As a link that I copy and pass on")).click()
    page.get_by_role("button", name=say("Make the envelope")).click()
    expect_heading(page, say("Copy the link now"))
    assert violations(page) == []
    link = page.get_by_label(say("Link of the envelope")).input_value()
    return link, page.locator(".opening-code").inner_text().strip()


def fill(outside: Page, side: Side, link: str, code: str, *, has_scripts: bool) -> None:
    """Open an envelope, forget name and address, and hand a text and a file over."""
    say = side.say
    outside.goto(link)
    if not has_scripts:
        outside.get_by_label(say("Link you were given")).fill(link)
    outside.get_by_role("button", name=say("Continue")).click()
    outside.get_by_label(say("Six-digit code")).fill(code)
    outside.get_by_role("button", name=say("Open", "button")).click()
    expect_heading(outside, TITLE)
    outside.get_by_label(say("Text")).fill(TEXT)
    outside.get_by_label(say("Files"), exact=True).set_input_files([PAPER])
    outside.get_by_role("button", name=say("Hand it over")).click()
    expect(outside.locator("[data-error-summary] li")).to_have_count(2)
    expect(outside.get_by_label(say("Text"))).to_have_value(TEXT)
    if has_scripts:
        # The files that were chosen go on into the form that came back.
        expect(outside.get_by_role("list", name=say("Files chosen"))).to_contain_text(PAPER["name"])
        expect(outside.locator("[data-error-summary]")).to_be_focused()
        assert violations(outside) == []
    else:
        outside.get_by_label(say("Files"), exact=True).set_input_files([PAPER])
    outside.get_by_label(say("Your name")).fill("Robin Outside")
    outside.get_by_label(say("Your e-mail")).fill("robin@client.example")
    outside.get_by_role("button", name=say("Hand it over")).click()
    expect_heading(outside, say("Receipt"))
    expect(outside.get_by_text(PAPER["name"])).to_be_visible()
    if has_scripts:
        assert violations(outside) == []


def test_what_is_typed_into_an_envelope_stays_over_another_language(
    page: Page, browser: Browser, portal: DemoPortal
) -> None:
    link, code = copied_link(page, portal, "admin@demo.example", DESK)
    context = browser.new_context(**DESK.options)
    outside = context.new_page()
    outside.goto(link)
    outside.locator("main button").click()
    outside.get_by_label("Six-digit code").fill(code)
    outside.get_by_role("button", name="Open").click()
    expect_heading(outside, TITLE)
    typed = {"text": TEXT, "name": "Robin Outside"}
    for name, value in typed.items():
        outside.locator(f"main [name={name}]").fill(value)
    speak(outside, "fr")
    for name, value in typed.items():
        expect(outside.locator(f"main [name={name}]")).to_have_value(value)
    # A refused form holds it as if it had been drawn so.
    outside.get_by_role("button", name=said("Hand it over", "fr")).click()
    expect(outside.locator("[data-error-summary]")).to_be_focused()
    speak(outside, "en")
    for name, value in typed.items():
        expect(outside.locator(f"main [name={name}]")).to_have_value(value)
    outside.reload()
    expect(outside.locator("main [name=text]")).to_have_value("")
    context.close()


@pytest.mark.parametrize(
    ("context", "email", "owner", "outside", "has_scripts"),
    [
        (DESK.options, "admin@demo.example", DESK, DESK, True),
        (DESK.options, "admin@demo.example", DESK, PHONE, False),
        (PHONE.options, "isabelle@lavoie.example", PHONE, PHONE, True),
    ],
    ids=["desks", "desk-to-phone-without-scripts", "phones"],
    indirect=["context"],
)
def test_an_envelope_goes_out_and_comes_back(
    page: Page, browser: Browser, portal: DemoPortal, email: str, owner: Side, outside: Side, has_scripts: bool
) -> None:
    link, code = copied_link(page, portal, email, owner)
    context = browser.new_context(**outside.options, java_script_enabled=has_scripts)
    fill(context.new_page(), outside, link, code, has_scripts=has_scripts)
    context.close()
    page.get_by_role("link", name=owner.say("Follow the envelope")).click()
    expect(page.get_by_text(owner.say("Closed", "state of an item"), exact=True)).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name=owner.say("Go to the delivery")).click()
    page.get_by_role("button", name=owner.say("Read it")).click()
    expect_heading(page, TITLE)
    expect(page.get_by_text(TEXT)).to_be_visible()
