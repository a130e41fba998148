"""A document's way through the portal, in a real Chromium: asked for, signed by two, sealed, followed, checked.

Once it is sent from a desk in English, once from a phone in French; one signer sits like the sender, the other one not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from demo_portal import DemoPortal
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from tests.browser.asking import SENT_FROM_BOTH, TITLE, add_zone, begin, come_in, expect_drawn, send, write_paper
from tests.browser.people import DESK, PHONE, Side, expect_heading, forget_checks, is_wide, press

pytestmark = pytest.mark.browser

# The worker looks for what waits in each of its rounds; reading, sealing and checking take seconds on a busy machine.
ROUNDS_AT_MOST, ROUND_MILLISECONDS = 60, 1_000


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody outside who signs, and their browser."""

    name: str
    email: str
    side: Side
    page: Page


@pytest.fixture
def signers(browser: Browser, sender: Side) -> Iterator[tuple[Signer, Signer]]:
    """Open the browsers of two people outside: one like the sender's, one in the other language on the other device."""
    sides = (sender, DESK if sender is PHONE else PHONE)
    contexts = [browser.new_context(**side.options) for side in sides]
    people = (("Zoë Roy", "zoe"), ("Yan Lee", "yan"))
    first, second = (
        Signer(name, f"{short}.sealed.{sender.language}@outside.example", side, context.new_page())
        for (name, short), side, context in zip(people, sides, contexts, strict=True)
    )
    yield first, second
    for context in contexts:
        context.close()


def sign_by_name(signer: Signer) -> None:
    """Agree, sign with a typed name, look at it, and sign."""
    page, side = signer.page, signer.side
    page.locator("#is_agreed").check()
    press(page, side, "Continue")
    page.locator("#signature-text").wait_for()
    page.locator("[data-guide-finish]").click()
    page.wait_for_url("**/review")
    assert not is_wide(page)
    page.locator("main button[type=submit]").first.click()
    expect_heading(page, side.say("You have signed"))


def completed(page: Page, portal: DemoPortal, title: str) -> None:
    """Wait on the list of completed requests until the worker has sealed this one."""
    for _look in range(ROUNDS_AT_MOST):
        page.goto(f"{portal.address}/signatures/?state=completed")
        if page.get_by_role("link", name=title, exact=True).count():
            return
        page.wait_for_timeout(ROUND_MILLISECONDS)
    raise AssertionError("nobody has sealed it")


def downloaded(page: Page, link: Locator) -> bytes:
    """Return the bytes that a link gives."""
    with page.expect_download() as started:
        link.click()
    return Path(started.value.path()).read_bytes()


@SENT_FROM_BOTH
def test_two_people_sign_and_everybody_has_the_sealed_document(
    page: Page, browser: Browser, portal: DemoPortal, tmp_path: Path, sender: Side, signers: tuple[Signer, Signer]
) -> None:
    title, (zoe, yan) = f"{TITLE}, {sender.language}", signers
    begin(page, portal, write_paper(tmp_path), sender, title=title, signers=[(one.name, one.email) for one in signers])
    add_zone(page, sender, "Signature")
    press(page, sender, "Next page")
    expect_drawn(page)
    add_zone(page, sender, "Signature", signer=1)
    send(page, sender, title)
    for signer in signers:
        come_in(signer.page, browser, portal, signer.email)
        sign_by_name(signer)
    completed(page, portal, title)
    assert not is_wide(page)
    page.goto(f"{portal.address}/returns/")
    page.get_by_role("button", name=title, exact=True).click()
    sealed = downloaded(page, page.get_by_role("link", name="Lease.pdf").first)
    assert sealed.startswith(b"%PDF")
    forget_checks(portal)
    zoe.page.goto(f"{portal.address}/verify/")
    upload: FilePayload = {"name": "Lease.pdf", "mimeType": "application/pdf", "buffer": sealed}
    zoe.page.locator("[type=file]").set_input_files(upload)
    zoe.page.locator("main button[type=submit]").first.click()
    expect(zoe.page.get_by_role("heading", name=zoe.side.say("Sealed by us and unchanged"))).to_be_visible()
    come_in(yan.page, browser, portal, yan.email, holding=sender.say("Open the signed documents:"))
    expect_heading(yan.page, title)
    link = yan.page.get_by_role("link", name=yan.side.say("Download")).first
    assert downloaded(yan.page, link) == sealed
