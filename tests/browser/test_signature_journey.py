"""A document's way through the portal, in a real Chromium: asked for, signed by two, sealed, followed, checked."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from demo_portal import DemoPortal
from outside_steps import answer
from playwright.sync_api import Browser, FilePayload, Page, ViewportSize, expect

from tests.browser.people import expect_heading, newest_mail
from tests.browser.test_request_journey import TITLE, begin, expect_drawn, paper

__all__ = ["paper"]

pytestmark = pytest.mark.browser

ZOE, YAN = "zoe@outside.example", "yan@outside.example"
ASKED, SEALED = "asks you to read and sign documents", "Everybody has signed"
LINK = re.compile(r"http://\S+/s/\S+#\S+")
DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 360, "height": 740}
# The worker looks for what waits in each of its rounds; reading, sealing and checking take seconds on a busy machine.
ROUNDS_AT_MOST, ROUND_MILLISECONDS = 60, 1_000


@pytest.fixture
def outside(browser: Browser) -> Iterator[dict[str, Page]]:
    """Open the browsers of two people outside: at a desk in English, on a phone in French."""
    contexts = {
        ZOE: browser.new_context(locale="en-CA", viewport=DESK),
        YAN: browser.new_context(locale="fr-CA", viewport=PHONE),
    }
    yield {who: context.new_page() for who, context in contexts.items()}
    for context in contexts.values():
        context.close()


def come_in(page: Page, mail: str) -> None:
    """Open the link of a mail, with a code that is mailed for it."""
    link = LINK.search(mail)
    assert link, mail
    page.goto(link.group())
    page.locator("main button[type=submit]").first.click()
    answer(page)


def sign_by_name(page: Page, heading: str) -> None:
    """Agree, sign with a typed name, look at it, and sign."""
    page.locator("main [type=checkbox]").first.check()
    page.locator("main button[type=submit]").first.click()
    page.locator("#signature-text").wait_for()
    page.locator("[data-guide-finish]").click()
    page.wait_for_url("**/review")
    page.locator("main button[type=submit]").first.click()
    expect_heading(page, heading)


def completed(page: Page, portal: DemoPortal) -> None:
    """Wait on the list of completed requests until the worker has sealed this one."""
    for _look in range(ROUNDS_AT_MOST):
        page.goto(f"{portal.address}/signatures/?state=completed")
        if page.get_by_role("link", name=TITLE, exact=True).count():
            return
        page.wait_for_timeout(ROUND_MILLISECONDS)
    raise AssertionError("nobody has sealed it")


def test_two_people_sign_and_everybody_has_the_sealed_document(
    page: Page, browser: Browser, portal: DemoPortal, paper: Path, outside: dict[str, Page]
) -> None:
    begin(page, portal, paper)
    page.get_by_role("button", name="Signature", exact=True).click()
    page.locator("[data-signer='1']").click()
    page.get_by_role("button", name="Next page").click()
    expect_drawn(page)
    page.get_by_role("button", name="Signature", exact=True).click()
    page.get_by_role("button", name="Check and send").click()
    page.wait_for_url("**/check/")
    page.get_by_role("button", name="Send").click()
    expect_heading(page, TITLE)
    come_in(outside[ZOE], newest_mail(browser, portal, ZOE, holding=ASKED))
    sign_by_name(outside[ZOE], "You have signed")
    come_in(outside[YAN], newest_mail(browser, portal, YAN, holding=ASKED))
    sign_by_name(outside[YAN], "Vous avez signé")
    completed(page, portal)
    page.goto(f"{portal.address}/returns/")
    page.get_by_role("button", name=TITLE, exact=True).click()
    with page.expect_download() as started:
        page.get_by_role("link", name="Lease.pdf").first.click()
    sealed = Path(started.value.path())
    assert sealed.read_bytes().startswith(b"%PDF")
    visitor = outside[ZOE]
    visitor.goto(f"{portal.address}/verify/")
    upload: FilePayload = {"name": "Lease.pdf", "mimeType": "application/pdf", "buffer": sealed.read_bytes()}
    visitor.locator("[type=file]").set_input_files(upload)
    visitor.locator("main button[type=submit]").first.click()
    expect(visitor.get_by_role("heading", name="Sealed by us and unchanged")).to_be_visible()
    come_in(outside[YAN], newest_mail(browser, portal, YAN, holding=SEALED))
    expect_heading(outside[YAN], TITLE)
