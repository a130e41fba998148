"""A person outside in a real browser: with a script and without, by keyboard alone, on a phone, with little to load."""

import json
import re
import subprocess
import sys

import pytest
from demo_portal import ROOT, DemoPortal
from playwright.sync_api import Browser, Dialog, Page, Response, expect

from tests.browser.looks import violations
from tests.browser.people import code_texts, expect_heading, newest_code, said, speak

pytestmark = pytest.mark.browser

MOST_BYTES = 100_000
NUMBER = "+15145550189"
SUBJECT = "Renewal terms 2027 and the signed schedule of services"


@pytest.fixture(scope="module")
def links(portal: DemoPortal) -> dict[str, str]:
    """Return the links of sample messages, by name."""
    command = [sys.executable, "manage.py", "demo_messages"]
    done = subprocess.run(command, cwd=ROOT, env=portal.environment, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def test_the_secret_leaves_the_address_bar_and_a_double_click_opens_once(page: Page, links: dict[str, str]) -> None:
    page.goto(links["open"])
    expect_heading(page, "A secure message for you")
    assert "#" not in page.url
    expect(page.get_by_label("Link you were given")).to_be_hidden()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Open").dblclick()
    expect_heading(page, SUBJECT)
    expect(page.get_by_text("Opening 1 of 99")).to_be_visible()
    page.go_back()
    page.reload()
    expect_heading(page, SUBJECT)
    expect(page.get_by_text("Opening 1 of 99")).to_be_visible()


def test_another_language_keeps_the_secret(page: Page, links: dict[str, str]) -> None:
    page.goto(links["open"])
    page.locator("summary", has_text="English").locator("visible=true").click()
    page.get_by_role("button", name="Français").locator("visible=true").click()
    expect_heading(page, "Un message sécurisé pour vous")
    assert "#" not in page.url
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("button", name="Ouvrir")).to_be_visible()


def test_an_encoded_mark_fills_the_field_too(page: Page, links: dict[str, str]) -> None:
    page.goto(links["open"].replace("#", "%23"))
    expect(page.get_by_label("Link you were given")).to_be_hidden()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("button", name="Open")).to_be_visible()


def test_statement_102_without_scripts_the_link_is_pasted_by_keyboard_alone(
    browser: Browser, links: dict[str, str]
) -> None:
    context = browser.new_context(locale="en-CA", java_script_enabled=False)
    page = context.new_page()
    page.goto(links["code"])
    field = page.get_by_label("Link you were given")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.locator(":focus").get_attribute("id") == "link":
            break
    expect(field).to_be_focused()
    page.keyboard.insert_text(links["code"])
    page.keyboard.press("Enter")
    code = page.get_by_label("Six-digit code")
    expect(code).to_be_focused()
    page.keyboard.type("402681")
    page.keyboard.press("Enter")
    expect_heading(page, SUBJECT)
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("^Download Renewal")).focus()
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "Renewal terms 2027.pdf"
    page.get_by_role("link", name="Reply").click()
    page.get_by_label("Your reply").fill("Confirmed.")
    page.get_by_label("Files").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"})
    page.get_by_role("button", name="Send the reply").click()
    expect_heading(page, "Your reply has arrived")
    context.close()


def test_a_reply_behind_a_code_by_text(page: Page, browser: Browser, portal: DemoPortal, links: dict[str, str]) -> None:
    page.goto(links["protected"])
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Open").click()
    page.get_by_role("link", name="Reply").click()
    expect_heading(page, "Confirm that it is you")
    before = code_texts(browser, portal, NUMBER)
    page.get_by_role("button", name="Send me the code").click()
    page.get_by_label("Six-digit code").fill(newest_code(browser, portal, NUMBER, before=before))
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Your reply").fill("Confirmed, by my own hand.")
    page.get_by_role("button", name="Send the reply").click()
    expect_heading(page, "Your reply has arrived")


def test_a_reply_stays_over_another_language_and_files_are_asked_about(page: Page, links: dict[str, str]) -> None:
    page.goto(links["open"])
    page.locator("main button").click()
    page.locator("main button").first.click()
    page.locator("a[href$='/reply']").click()
    text = page.locator("[name=text]")
    text.fill("Typed, not sent.\nTwo lines.")
    speak(page, "fr")
    expect(text).to_have_value("Typed, not sent.\nTwo lines.")
    assert page.evaluate("sessionStorage.length") == 0
    page.locator("[name=uploads]").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"})
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.once("dialog", stay)
    page.locator(".topbar summary:visible").last.click()
    english = page.locator(".topbar button[name=language][value=en]:visible")
    english.click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    assert asked == [said("The files you chose are not kept: you will have to choose them again. Continue?", "fr")]
    assert page.evaluate("sessionStorage.length") == 0
    assert page.locator("[name=uploads]").evaluate("field => field.files.length") == 1
    page.once("dialog", lambda dialog: dialog.accept())
    english.click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(text).to_have_value("Typed, not sent.\nTwo lines.")


@pytest.mark.parametrize(("width", "locale", "scheme"), [(1280, "en-CA", "light"), (390, "fr-CA", "dark")])
def test_pages_outside_are_clean_and_light(
    browser: Browser, links: dict[str, str], width: int, locale: str, scheme: str
) -> None:
    size = {"width": width, "height": 900}
    context = browser.new_context(viewport=size, locale=locale, color_scheme=scheme)  # type: ignore[arg-type]
    page, received = context.new_page(), dict[str, int]()
    # Each file once: a busy browser reports the font, which it fetched early, a second time when it uses it.
    page.on("response", lambda answer: received.update({answer.url: weight(answer)}))
    page.goto(links["open"])
    found, weights = [], []
    for step in ("main button", "main button", "a[href$='/reply']", ""):
        page.wait_for_load_state("networkidle")
        found += [f"{page.url}: {finding['id']}" for finding in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append(f"{page.url}: wider than the window")
        weights.append(sum(received.values()))
        received.clear()
        if step:
            page.locator(step).first.click()
    assert found == []
    assert max(weights) <= MOST_BYTES, weights
    context.close()


def weight(answer: Response) -> int:
    """Return how many bytes came over the wire, pictures left out."""
    if answer.request.resource_type == "image" or answer.url.endswith(".svg"):
        return 0
    sizes = answer.request.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]
