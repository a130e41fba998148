"""A signature request that ends unsigned, in a real Chromium: asked for, declined or expired, and seen from both sides.

Once at a desk in English, once on a phone in French.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from demo_portal import DemoPortal
from page_steps import run_command
from playwright.sync_api import Browser, Page, expect

from tests.browser.asking import SENT_FROM_BOTH, ZOE, add_zone, begin, come_in, move_and_size, send, write_paper
from tests.browser.looks import violations
from tests.browser.people import Side, draw_line, expect_heading, is_wide, press

pytestmark = pytest.mark.browser

REASON = "Le loyer est trop élevé."
WORDS = "BC 4711"
EXPIRE = """
from core.db import database_now
from messaging.items.models import Participant
from signatures.models import SignatureRequest

request = SignatureRequest.objects.get(item__participants__email={email!r})
SignatureRequest.objects.filter(pk=request.pk).update(ends_at=database_now())
Participant.objects.filter(item=request.item).update(expires_at=database_now())
"""


@pytest.fixture
def signer(browser: Browser, sender: Side) -> Iterator[Page]:
    """Open the browser of somebody outside who sits, or stands, like the sender."""
    context = browser.new_context(**sender.options)
    yield context.new_page()
    context.close()


def ask(page: Page, portal: DemoPortal, paper: Path, side: Side, title: str, email: str) -> None:
    """Send a request with a place for a signature and one for words."""
    begin(page, portal, paper, side, title=title, signers=((ZOE[0], email), ("Yan Lee", f"other-{email}")))
    add_zone(page, side, "Text")
    add_zone(page, side, "Signature")
    move_and_size(page, side)
    send(page, side, title)


def agree_and_fill(page: Page, side: Side) -> None:
    """Agree, type the words, and draw the signature."""
    page.locator("#is_agreed").check()
    press(page, side, "Continue")
    page.locator(".zone-field input[type=text]").fill(WORDS)
    page.locator("label[for=signature-way-draw]").click()
    draw_line(page, side, "#signature-strokes")
    expect(page.locator(".zone [data-ink]")).to_have_count(1)
    expect(page.get_by_text(side.say("Nothing is missing"))).to_be_visible()
    assert not is_wide(page)


def follow(page: Page, portal: DemoPortal, state: str, title: str) -> None:
    """Come from the list of requests in a state to the one with a title."""
    page.goto(f"{portal.address}/signatures/?state={state}")
    assert not is_wide(page)
    page.get_by_role("link", name=title, exact=True).click()
    expect_heading(page, title)
    assert not is_wide(page)


@SENT_FROM_BOTH
def test_somebody_declines_and_the_sender_reads_why(
    page: Page, signer: Page, browser: Browser, portal: DemoPortal, tmp_path: Path, sender: Side
) -> None:
    title, email = f"Lease to decline, {sender.language}", f"zoe.declines.{sender.language}@outside.example"
    ask(page, portal, write_paper(tmp_path), sender, title, email)
    come_in(signer, browser, portal, email)
    agree_and_fill(signer, sender)
    signer.get_by_role("link", name=sender.say("Decline to sign")).click()
    signer.get_by_label(sender.say("Your reason")).fill(REASON)
    press(signer, sender, "Decline to sign")
    expect_heading(signer, sender.say("You have declined to sign"))
    assert violations(signer) == []
    follow(page, portal, "declined", title)
    expect(page.get_by_text(REASON).first).to_be_visible()
    assert violations(page) == []


@SENT_FROM_BOTH
def test_a_request_that_expires_takes_nothing_from_an_open_tab(
    page: Page, signer: Page, browser: Browser, portal: DemoPortal, tmp_path: Path, sender: Side
) -> None:
    title, email = f"Lease to forget, {sender.language}", f"zoe.forgets.{sender.language}@outside.example"
    ask(page, portal, write_paper(tmp_path), sender, title, email)
    come_in(signer, browser, portal, email)
    agree_and_fill(signer, sender)
    run_command(portal, "shell", "--verbosity", "0", "-c", EXPIRE.format(email=email))
    signer.locator("[data-guide-finish]").click()
    expect_heading(signer, sender.say("This request has expired"))
    expect(signer.locator("#typed")).to_have_value(re.compile(WORDS))
    assert violations(signer) == []
    follow(page, portal, "expired", title)
    expect(page.get_by_text(sender.say("Not everybody signed in time."))).to_be_visible()
    assert violations(page) == []
