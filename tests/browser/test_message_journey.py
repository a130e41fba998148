"""Writing and sending a message in a real browser: with the scripts and without any, on a desk and on a phone."""

import pytest
from demo_portal import DemoPortal
from playwright.sync_api import Browser, FilePayload, Page, ViewportSize, expect

from tests.browser.people import expect_heading, sign_in
from tests.browser.test_accessibility import violations

pytestmark = pytest.mark.browser

SUBJECT, BODY = "Terms of the lease", "Hello,\n\nhere they are."
FILE: FilePayload = {"name": "Terms 2027.pdf", "mimeType": "application/pdf", "buffer": b"x" * 3_000_000}
DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}


def open_composer(page: Page, portal: DemoPortal, email: str) -> None:
    sign_in(page, portal, email)
    page.get_by_role("link", name="Send a secure message").click()
    page.get_by_role("link", name="Write a message").click()
    expect_heading(page, "Send a secure message")


def test_a_message_is_kept_while_it_is_written_and_then_sent(page: Page, portal: DemoPortal) -> None:
    open_composer(page, portal, "admin@demo.example")
    page.get_by_label("E-mail", exact=True).fill("zoe@outside.example")
    page.get_by_role("button", name="Add a recipient").click()
    page.get_by_label("E-mail 2").fill("noah@outside.example")
    page.get_by_label("Subject", exact=True).fill(SUBJECT)
    page.get_by_label("Text", exact=True).fill(BODY)
    expect(page.get_by_label("Cell number", exact=True)).to_be_hidden()
    page.locator("label", has_text="Code by text message").first.click()
    page.get_by_label("Cell number", exact=True).fill("514 555 0187")
    expect(page.locator("[data-draft-state]")).to_contain_text("Draft kept", timeout=15_000)
    page.get_by_label("Add files").set_input_files(FILE)
    expect(page.locator(".upload .name")).to_have_text("Terms 2027.pdf")
    assert violations(page) == []
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("link", name="Proof asked").click()
    expect(page.frame_locator("iframe").locator("h1")).to_have_text("A secure message for you")
    assert violations(page) == []
    page.get_by_role("link", name="Back to the draft").click()
    page.get_by_role("button", name="Send").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Cell number 2")
    summary.get_by_role("link").click()
    expect(page.get_by_label("Cell number 2")).to_be_focused()
    page.keyboard.type("416 555 0123")
    page.get_by_role("button", name="Send").click()
    expect_heading(page, "Your message is on its way")
    assert violations(page) == []
    page.get_by_role("link", name="Follow the message").click()
    expect_heading(page, SUBJECT)
    assert violations(page) == []
    page.get_by_role("button", name="Read my copy").click()
    expect(page.get_by_text("here they are.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Terms 2027.pdf").click()
    assert download.value.path().read_bytes() == FILE["buffer"]


def test_two_windows_do_each_other_no_harm(page: Page, portal: DemoPortal) -> None:
    open_composer(page, portal, "admin@demo.example")
    page.get_by_label("Subject", exact=True).fill("First window")
    page.get_by_role("button", name="Keep as draft").click()
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_label("Subject", exact=True).fill("Second window")
    other.get_by_role("button", name="Keep as draft").click()
    expect(other.get_by_text("The draft is kept.")).to_be_visible()
    page.get_by_label("Subject", exact=True).fill("First window again")
    page.get_by_role("button", name="Keep as draft").click()
    expect(page.get_by_role("alert")).to_contain_text("This draft was changed in another window")
    expect(page.get_by_label("Subject", exact=True)).to_have_value("First window again")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_whole_way_works_without_scripts(browser: Browser, portal: DemoPortal, size: ViewportSize) -> None:
    context = browser.new_context(locale="en-CA", java_script_enabled=False, viewport=size)
    page = context.new_page()
    open_composer(page, portal, "advanced@demo.example")
    page.get_by_text("Paste a list of addresses").first.click()
    page.get_by_label("Paste a list of addresses").fill("zoe@outside.example\nnoah@outside.example\noops@")
    page.get_by_role("button", name="Add these addresses").click()
    expect(page.get_by_label("E-mail 2")).to_have_value("noah@outside.example")
    expect(page.get_by_text("This is no e-mail address: “oops@”.")).to_be_visible()
    page.get_by_label("Paste a list of addresses").fill("")
    expect(page.get_by_label("Cell number 2")).to_be_hidden()
    page.get_by_label("Proof asked of recipient 2").select_option(label="Code by text message · Strong")
    page.get_by_label("Cell number 2").fill("416 555 0123")
    expect(page.get_by_label("Cell number", exact=True)).to_be_hidden()
    page.get_by_label("Subject", exact=True).fill(SUBJECT)
    page.get_by_label("Text", exact=True).fill(BODY)
    page.get_by_label("Add files").set_input_files(FILE)
    page.get_by_role("button", name="Attach the chosen files").click()
    expect(page.locator(".upload .name")).to_have_text("Terms 2027.pdf")
    page.get_by_role("button", name="Preview").click()
    expect_heading(page, "What they will get")
    page.get_by_label("Recipient", exact=True).select_option(label="noah@outside.example · Code by text message")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="Proof asked").click()
    theirs = page.frame_locator("iframe")
    expect(theirs.locator("main")).to_contain_text("It goes to the number ending in 23")
    theirs.get_by_text("Send me the code").click(force=True)
    expect(theirs.locator("main")).to_contain_text("Send me the code")
    page.get_by_role("link", name="Message", exact=True).click()
    expect(theirs.locator("h1")).to_have_text(SUBJECT)
    page.get_by_role("link", name="Back to the draft").click()
    page.get_by_role("button", name="Send").click()
    expect_heading(page, "Your message is on its way")
    page.get_by_role("link", name="Follow the message").click()
    page.get_by_role("link", name="Delete for everybody").click()
    page.get_by_role("button", name="Delete the message").click()
    expect(page.get_by_text("Nobody can open it any more")).to_be_visible()
    context.close()
