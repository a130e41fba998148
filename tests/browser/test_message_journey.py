"""Writing and sending a message in a real browser: with the scripts and without any, on a desk and on a phone."""

import re
from functools import partial

import pytest
from demo_portal import DemoPortal
from playwright.sync_api import Browser, FilePayload, Page, Route, ViewportSize, expect

from messaging.messages.limits import DRAFT_SAVED_EVERY_SECONDS
from tests.browser.looks import violations
from tests.browser.people import expect_heading, said, sign_in

pytestmark = pytest.mark.browser

SUBJECT, BODY = "Terms of the lease", "Hello,\n\nhere they are."
FILE: FilePayload = {"name": "Terms 2027.pdf", "mimeType": "application/pdf", "buffer": b"x" * 3_000_000}
DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
# As static/js/keep_draft.js has it.
PATIENCE_MILLISECONDS = 20_000


def open_composer(page: Page, portal: DemoPortal, email: str, language: str = "en") -> None:
    sign_in(page, portal, email)
    page.get_by_role("link", name=said("Send a secure message", language)).locator("visible=true").click()
    page.get_by_role("link", name=said("Write a message", language)).click()
    expect_heading(page, said("Send a secure message", language))


def expect_sound(page: Page) -> None:
    """Hold that a page is accessible and needs no scrolling sideways."""
    assert violations(page) == []
    assert page.viewport_size is not None
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


@pytest.mark.parametrize(
    ("context", "email", "language"),
    [
        ({"viewport": DESK}, "admin@demo.example", "en"),
        ({"viewport": PHONE, "locale": "fr-FR", "is_mobile": True, "has_touch": True}, "isabelle@lavoie.example", "fr"),
    ],
    indirect=["context"],
    ids=["desk-en", "phone-fr"],
)
def test_a_message_is_kept_while_it_is_written_and_then_sent(
    page: Page, portal: DemoPortal, email: str, language: str
) -> None:
    say = partial(said, language=language)
    open_composer(page, portal, email, language)
    expect(page.locator("html")).to_have_attribute("lang", re.compile(f"^{language}"))
    page.locator("[name=to-0-email]").fill("zoe@outside.example")
    page.get_by_role("button", name=say("Add a recipient")).click()
    page.locator("[name=to-1-email]").fill("noah@outside.example")
    page.locator("[name=subject]").fill(SUBJECT)
    page.locator("[name=body]").fill(BODY)
    expect(page.locator("[name=to-0-cell_number]")).to_be_hidden()
    page.locator("label", has_text=say("Code by text message")).first.click()
    page.locator("[name=to-0-cell_number]").fill("+1 514 555 0187")
    kept = say("Draft kept %(time)s").partition("%")[0].strip()
    expect(page.locator("[data-draft-state]")).to_contain_text(kept, timeout=15_000)
    page.get_by_label(say("Add files")).set_input_files(FILE)
    expect(page.locator(".upload .name")).to_have_text("Terms 2027.pdf")
    expect_sound(page)
    page.get_by_role("button", name=say("Preview")).click()
    page.get_by_role("link", name=say("Proof asked")).click()
    expect(page.frame_locator("iframe").locator("h1")).to_have_text(say("A secure message for you"))
    expect_sound(page)
    page.get_by_role("link", name=say("Back to the draft")).click()
    page.get_by_role("button", name=say("Send"), exact=True).click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text(f"{say('Cell number')} 2")
    summary.get_by_role("link").click()
    expect(page.locator("[name=to-1-cell_number]")).to_be_focused()
    page.keyboard.type("+1 416 555 0123")
    page.get_by_role("button", name=say("Send"), exact=True).click()
    expect_heading(page, say("Your message is on its way"))
    expect_sound(page)
    page.get_by_role("link", name=say("Follow the message")).click()
    expect_heading(page, SUBJECT)
    expect_sound(page)
    page.get_by_role("button", name=say("Read my copy")).click()
    expect(page.get_by_text("here they are.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Terms 2027.pdf").click()
    assert download.value.path().read_bytes() == FILE["buffer"]


def write_with_password(page: Page) -> None:
    page.locator("[name=to-0-email]").fill("zoe@outside.example")
    page.locator("[name=subject]").fill(SUBJECT)
    page.locator("[name=body]").fill(BODY)
    page.locator("label[for=proof_item_password]").click()
    page.locator("[name=item_password]").fill("agreed by phone")


def test_send_during_an_upload_attaches_the_file_once_and_keeps_the_password(page: Page, portal: DemoPortal) -> None:
    open_composer(page, portal, "admin@demo.example")
    write_with_password(page)
    held: list[Route] = []
    page.route("**/save/", lambda route: held.append(route), times=1)
    page.get_by_label("Add files").set_input_files(FILE)
    expect(page.locator("[data-progress]")).to_be_visible()
    page.get_by_role("button", name="Send", exact=True).click(no_wait_after=True)
    page.wait_for_timeout(500)
    expect(page.get_by_label("Add files")).to_be_visible()
    for route in held:
        route.continue_()
    expect_heading(page, "Your message is on its way")
    page.get_by_role("link", name="Follow the message").click()
    page.get_by_role("button", name="Read my copy").click()
    expect(page.get_by_role("link", name="Terms 2027")).to_have_count(1)


def test_files_chosen_while_others_are_on_their_way_follow_them(page: Page, portal: DemoPortal) -> None:
    open_composer(page, portal, "admin@demo.example")
    held: list[Route] = []
    page.route("**/save/", lambda route: held.append(route), times=1)
    field = page.get_by_label("Add files")
    field.set_input_files(FILE)
    expect(page.locator("[data-progress]")).to_be_visible()
    plan, annex = FILE.copy(), FILE.copy()
    plan["name"], annex["name"] = "Plan.pdf", "Annex.pdf"
    field.set_input_files([plan, annex])
    held[0].continue_()
    expect(page.locator(".upload .name")).to_have_text(["Terms 2027.pdf", "Plan.pdf", "Annex.pdf"])


def test_what_was_typed_and_not_kept_survives_a_file(page: Page, portal: DemoPortal) -> None:
    open_composer(page, portal, "admin@demo.example")
    write_with_password(page)
    for count in (1, 2):
        page.get_by_label("Add files").set_input_files(FILE)
        expect(page.locator(".upload .name")).to_have_count(count)
    expect(page.locator("[name=item_password]")).to_have_value("agreed by phone")
    page.get_by_role("button", name="Send", exact=True).click()
    expect_heading(page, "Your message is on its way")


def test_a_session_that_ended_is_said_while_the_draft_is_kept(page: Page, portal: DemoPortal) -> None:
    open_composer(page, portal, "admin@demo.example")
    page.context.clear_cookies()
    page.locator("[name=body]").fill(BODY)
    expect(page.locator("[data-draft-state]")).to_contain_text("Your session has ended.", timeout=15_000)
    page.get_by_role("button", name="Keep as draft").locator("visible=true").last.click()
    expect(page).to_have_url(re.compile("/sign-in/"))


def test_no_keeping_overtakes_a_message_that_is_sent(page: Page, portal: DemoPortal) -> None:
    # The browser's clock stands while a page is awaited: every ten seconds become every second.
    page.add_init_script("const every = setInterval; window.setInterval = (call, wait) => every(call, wait / 10);")
    open_composer(page, portal, "admin@demo.example")
    write_with_password(page)
    held: list[Route] = []
    keepings: list[str] = []
    page.route("**/send/", lambda route: held.append(route), times=1)
    page.get_by_role("button", name="Send", exact=True).click(no_wait_after=True)
    page.on("request", lambda request: keepings.append(request.url) if request.url.endswith("/save/") else None)
    page.wait_for_timeout(2500)
    assert held
    assert not keepings
    held[0].continue_()
    expect_heading(page, "Your message is on its way")


def test_a_message_is_sent_although_its_keeping_gets_no_answer(page: Page, portal: DemoPortal) -> None:
    page.clock.install()
    open_composer(page, portal, "admin@demo.example")
    write_with_password(page)
    held: list[Route] = []
    page.route("**/save/", lambda route: held.append(route))
    with page.expect_request("**/save/"):
        page.clock.fast_forward(DRAFT_SAVED_EVERY_SECONDS * 1000)
    page.get_by_role("button", name="Send", exact=True).click(no_wait_after=True)
    page.wait_for_timeout(500)
    expect(page.get_by_label("Add files")).to_be_visible()
    page.clock.fast_forward(PATIENCE_MILLISECONDS)
    expect_heading(page, "Your message is on its way")
    assert len(held) == 1


def test_a_page_does_not_move_on_under_the_pointer(page: Page, portal: DemoPortal) -> None:
    """A button that moves between press and release is not pressed."""
    open_composer(page, portal, "admin@demo.example")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    place = "document.querySelector('[name=to-0-email]').getBoundingClientRect().top"
    at_once = page.evaluate(f"() => {{ document.querySelector('[name=to-0-email]').focus(); return {place}; }}")
    page.wait_for_timeout(500)
    assert page.evaluate("scrollY") < page.evaluate("document.documentElement.scrollHeight - innerHeight")
    assert at_once == page.evaluate(place)


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
    expect(theirs.locator("main")).to_contain_text("It goes by text message to the number ending in 23")
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
