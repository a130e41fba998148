"""A document's way through the portal, in a real Chromium: asked for, signed by two, sealed, followed, checked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from demo_portal import DemoPortal
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser.asking import TITLE, add_zone, begin, come_in, expect_drawn, send, write_paper
from tests.browser.people import DESK, PHONE, expect_heading, forget_checks, press

pytestmark = pytest.mark.browser

ZOE, YAN = "zoe.sealed@outside.example", "yan.sealed@outside.example"
SEALED = "Everybody has signed"
SIDES = {ZOE: DESK, YAN: PHONE}
# The worker looks for what waits in each of its rounds; reading, sealing and checking take seconds on a busy machine.
ROUNDS_AT_MOST, ROUND_MILLISECONDS = 60, 1_000


@pytest.fixture
def outside(browser: Browser) -> Iterator[dict[str, Page]]:
    """Open the browsers of two people outside: at a desk in English, on a phone in French."""
    contexts = {who: browser.new_context(**side.options) for who, side in SIDES.items()}
    yield {who: context.new_page() for who, context in contexts.items()}
    for context in contexts.values():
        context.close()


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


@pytest.mark.usefixtures("sender")
def test_two_people_sign_and_everybody_has_the_sealed_document(
    page: Page, browser: Browser, portal: DemoPortal, tmp_path: Path, outside: dict[str, Page]
) -> None:
    begin(page, portal, write_paper(tmp_path), signers=(("Zoë Roy", ZOE), ("Yan Lee", YAN)))
    add_zone(page, DESK, "Signature")
    press(page, DESK, "Next page")
    expect_drawn(page)
    add_zone(page, DESK, "Signature", signer=1)
    send(page, DESK, TITLE)
    come_in(outside[ZOE], browser, portal, ZOE)
    sign_by_name(outside[ZOE], "You have signed")
    come_in(outside[YAN], browser, portal, YAN)
    sign_by_name(outside[YAN], "Vous avez signé")
    completed(page, portal)
    page.goto(f"{portal.address}/returns/")
    page.get_by_role("button", name=TITLE, exact=True).click()
    with page.expect_download() as started:
        page.get_by_role("link", name="Lease.pdf").first.click()
    sealed = Path(started.value.path())
    assert sealed.read_bytes().startswith(b"%PDF")
    visitor = outside[ZOE]
    forget_checks(portal)
    visitor.goto(f"{portal.address}/verify/")
    upload: FilePayload = {"name": "Lease.pdf", "mimeType": "application/pdf", "buffer": sealed.read_bytes()}
    visitor.locator("[type=file]").set_input_files(upload)
    visitor.locator("main button[type=submit]").first.click()
    expect(visitor.get_by_role("heading", name="Sealed by us and unchanged")).to_be_visible()
    come_in(outside[YAN], browser, portal, YAN, holding=SEALED)
    expect_heading(outside[YAN], TITLE)
    with outside[YAN].expect_download() as taken:
        outside[YAN].get_by_role("link", name="Télécharger").first.click()
    assert Path(taken.value.path()).read_bytes() == sealed.read_bytes()
