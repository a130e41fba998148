"""The life of a message, from its composer to its end, judged by axe on both sides."""

from collections.abc import Iterator

import pytest
from demo_portal import DemoPortal
from page_steps import sign_in
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.looks import complaints, complaints_here, complaints_of, spoken_to
from tests.browser.people import CODE, newest_mail

pytestmark = pytest.mark.browser


def send_message(page: Page, address: str, *, to: str) -> tuple[str, str]:
    """Write and send a message with a file; return the paths of its page and of the form that became it."""
    page.goto(f"{address}/messages/new/?kind=message")
    page.locator("[name=attachments]").set_input_files(
        {"name": "Renewal terms.txt", "mimeType": "text/plain", "buffer": b"Terms."}
    )
    page.locator(".upload").wait_for()
    page.locator("[name=to-0-email]").fill(to)
    page.locator("[name=subject]").fill("Renewal terms 2027")
    page.locator("[name=body]").fill("Hello,\n\nhere they are.")
    form = page.locator("main form[action$='/send/']").get_attribute("action") or ""
    page.locator(".save-bar .btn-primary").click()
    page.wait_for_url("**/sent/")
    return page.url.removeprefix(address).removesuffix("sent/"), form.removesuffix("send/")


def refuse_message(page: Page, address: str) -> None:
    """Send a message without a subject, to somebody without a number."""
    page.goto(f"{address}/messages/new/?kind=message")
    page.locator("[name=to-0-email]").fill("zoe@outside.example")
    page.locator("label[for=proof_sms_code]").click()
    page.locator(".save-bar .btn-primary").click()
    page.locator("[role=alert]").first.wait_for()


def answer_message(page: Page, browser: Browser, portal: DemoPortal, *, to: str) -> Iterator[str]:
    """Open the newest message to an address and answer it; stop at each page, and return what it is called."""
    mail = newest_mail(browser, portal, to)
    page.goto(next(word for word in mail.split() if "/o/" in word))
    yield "landing page"
    page.locator("main form button").click()
    page.locator("[name=code]").wait_for()
    yield "proof"
    page.locator("[name=code]").fill("12345")
    page.locator("main form button").first.click()
    page.locator("[role=alert]").first.wait_for()
    yield "refused proof"
    page.locator("[name=code]").fill(CODE.findall(mail)[0])
    page.locator("main form button").first.click()
    page.wait_for_url("**/message")
    yield "reading page"
    page.locator("a[href$='/reply']").click()
    page.locator("main form button").click()
    page.locator("[role=alert]").first.wait_for()
    yield "refused reply"
    page.locator("[name=text]").fill("I agree.")
    page.locator("main form button").click()
    page.locator(".glyph.is-good").wait_for()
    yield "receipt"


def pages_of_message(page: Page, address: str, message: str, form: str) -> list[str]:
    """Return the paths of everything that its sender sees of a message, and of a draft."""
    page.goto(f"{address}/messages/?box=drafts")
    draft = page.locator("tbody th a").first.get_attribute("href")
    log, reference = "/account/activity/", message.split("/")[2]
    return [
        *(f"{draft}{step}" for step in ("", "preview/", "delete/")),
        form,
        *(f"{message}{step}" for step in ("", "sent/", "expiry/", "delete/", "people/1/link/", "people/1/delete/")),
        "/messages/",
        "/messages/?box=drafts",
        "/returns/",
        *(log, f"{log}?part=statistics", f"{log}?start_on=never"),
        *(f"{log}{reference}/", f"{log}{reference}/delete/"),
    ]


def steps_of_message(page: Page, address: str, message: str) -> Iterator[str]:
    """Refuse a composer, read the copy of a message, open what came back, and delete the message."""
    refuse_message(page, address)
    yield "refused composer"
    page.goto(f"{address}{message}")
    page.locator("main form[action$='/copy/'] button").click()
    page.wait_for_load_state()
    yield "copy"
    page.goto(f"{address}/returns/")
    page.locator("tbody button").first.click()
    page.wait_for_url("**/returns/*/")
    yield "return"
    page.goto(f"{address}{message}delete/")
    page.locator("main form button").click()
    page.wait_for_url(f"**{message}")
    yield "deleted message"


def test_the_life_of_a_message_is_clean(looking: BrowserContext, browser: Browser, portal: DemoPortal) -> None:
    page, outside, address = looking.new_page(), looking.new_page(), portal.address
    sign_in(page, portal, "admin@demo.example")
    with spoken_to(page, portal):
        to = "interprovincial.procurement.coordination@outside.example"
        message, form = send_message(page, address, to=to)
        found = complaints_of(outside, answer_message(outside, browser, portal, to=to))
        for path in pages_of_message(page, address, message, form):
            found += complaints(page, path, address)
        found += complaints_of(page, steps_of_message(page, address, message))
        outside.locator("main a[href$='/message']").click()
        outside.locator(".glyph.is-warn").wait_for()
        found += complaints_here(outside, "link that is over")
    assert found == []
