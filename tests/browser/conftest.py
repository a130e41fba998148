"""A portal of its own, as `make run` starts it, and a real Chromium in front of it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "deploy"))

from demo_portal import DemoPortal, demo_portal
from find_browser import candidates

from tests.browser.looks import HEIGHT, LOOKS
from tests.browser.people import DESK, OWNER, Side, expect_heading, sign_in, speak

OPTIONS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
PATIENCE_MILLISECONDS = 20_000
# Enough for each fate of messages and envelopes to be met three times.
ENOUGH_ITEMS = 30


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark all journeys as one group: where pytest-xdist keeps groups together, they share one portal (0081)."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def portal() -> Iterator[DemoPortal]:
    """Start web server and worker on a demo organization; end them after the last journey."""
    with demo_portal(most_items=ENOUGH_ITEMS) as running:
        yield running


@pytest.fixture(scope="session")
def browser(django_db_setup: None) -> Iterator[Browser]:
    """Start one Chromium for all journeys.

    Its event loop runs until the last test, and Django makes no test database inside of one: that comes before.
    """
    path = next(candidates())
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE_MILLISECONDS)
        chromium = playwright.chromium.launch(executable_path=path, args=OPTIONS)
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """Open a fresh browser of a person in Montréal, at a desk and in English unless a test says otherwise."""
    usual = {"locale": "en-CA", "timezone_id": "America/Toronto", "viewport": {"width": 1280, "height": 900}}
    fresh = browser.new_context(**usual | getattr(request, "param", {}))
    yield fresh
    fresh.close()


@pytest.fixture
def looking(browser: Browser) -> Iterator[BrowserContext]:
    """Open a fresh browser of the first look that axe judges."""
    width, scheme = LOOKS[0]
    fresh = browser.new_context(viewport={"width": width, "height": HEIGHT}, color_scheme=scheme, locale="fr-CA")
    yield fresh
    fresh.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """Open a tab in which no script may fail and nothing may be blocked."""
    tab = context.new_page()
    complaints: list[str] = []
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("console", lambda message: complaints.append(message.text) if _is_complaint(message.text) else None)
    yield tab
    assert not complaints, complaints


@pytest.fixture
def sender(page: Page, portal: DemoPortal, request: pytest.FixtureRequest) -> Iterator[Side]:
    """Sign the sender in, and let them speak English again afterwards, as the account does in other journeys."""
    side: Side = getattr(request, "param", DESK)
    sign_in(page, portal, OWNER)
    expect_heading(page, "My account")
    if side.language == "en":
        yield side
        return
    speak(page, side.language)
    yield side
    page.goto(f"{portal.address}/account/")
    speak(page, "en")


def _is_complaint(text: str) -> bool:
    return "Content Security Policy" in text or "Uncaught" in text
