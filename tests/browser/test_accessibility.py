"""Every page a person can reach, judged by axe, wide and narrow, light and dark, in both languages."""

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from demo_portal import DemoPortal
from page_steps import (
    WITHOUT_NUMBER,
    browser_renamed,
    codes_made,
    email_asked,
    half_signed_in,
    license_of_record,
    number_waits,
    open_record,
    sign_in,
    sign_in_support,
)
from playwright.sync_api import Browser, BrowserContext, Page
from screenshots import MORE_RECORD_PAGES, MORE_SUPPORT_PAGES, RECORD_PAGES, SUPPORT_PAGES

pytestmark = pytest.mark.browser

Scheme = Literal["light", "dark"]
PUBLIC = (
    "/",
    "/help/",
    "/privacy/",
    "/sign-in/",
    "/sign-in/forgotten/",
    "/sign-in/reset/",
    "/sign-in/email/",
    "/sign-in/undo/",
    "/outbox/",
    "/no-such-page/",
)
OWN = (
    "/account/",
    "/account/signature/",
    "/account/activity/",
    "/account/security/",
    "/account/security/confirm/",
    "/account/security/password/",
    "/account/security/email/",
    "/messages/",
    "/messages/new/",
    "/returns/",
    "/signatures/",
)
PEOPLE = {
    "admin@demo.example": (*OWN, "/organization/"),
    "eco@demo.example": (*OWN, "/messages/new/?kind=message", "/messages/new/?kind=file", "/messages/?box=drafts"),
    "pro@demo.example": ("/messages/new/?kind=message", "/messages/new/?kind=file"),
    "free@demo.example": ("/account/", "/messages/new/", "/signatures/"),
}
LOOKS: tuple[tuple[int, Scheme, str], ...] = ((1280, "light", "en-CA"), (390, "dark", "fr-CA"))


@pytest.fixture(params=LOOKS, ids=["wide-light-en", "narrow-dark-fr"])
def looking(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    width, scheme, locale = request.param
    size = {"width": width, "height": 900}
    context = browser.new_context(viewport=size, color_scheme=scheme, locale=locale)  # type: ignore[arg-type]
    yield context
    context.close()


def complaints(page: Page, path: str, address: str) -> list[str]:
    """Return what axe says about a page, and whether it is wider than the window."""
    page.goto(address + path)
    return complaints_here(page, path)


def complaints_here(page: Page, path: str) -> list[str]:
    """Return the same of the page that is shown."""
    found = [f"{path}: {finding['id']} {finding['nodes'][0]['target']}" for finding in violations(page)]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append(f"{path}: wider than the window")
    return found


def violations(page: Page) -> list[dict[str, Any]]:
    """Return axe's violations."""
    return Axe().run(page).response["violations"]  # type: ignore[no-any-return]


def test_pages_for_everybody_are_clean(looking: BrowserContext, portal: DemoPortal) -> None:
    page = looking.new_page()
    assert [finding for path in PUBLIC for finding in complaints(page, path, portal.address)] == []


@pytest.mark.parametrize("email", PEOPLE)
def test_pages_behind_the_sign_in_are_clean(looking: BrowserContext, portal: DemoPortal, email: str) -> None:
    page = looking.new_page()
    page.goto(f"{portal.address}/sign-in/")
    page.locator("[name=email]").fill(email)
    page.locator("[name=password]").fill(portal.password)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url("**/account/")
    assert [finding for path in PEOPLE[email] for finding in complaints(page, path, portal.address)] == []


def test_pages_that_steps_lead_to_are_clean(looking: BrowserContext, portal: DemoPortal) -> None:
    page = looking.new_page()
    found = [finding for name in half_signed_in(page, portal) for finding in complaints_here(page, name)]
    looking.clear_cookies()
    sign_in(page, portal, WITHOUT_NUMBER)
    for steps in (number_waits, browser_renamed, email_asked):
        found += [finding for name in steps(page, portal) for finding in complaints_here(page, name)]
    assert found == []


@pytest.fixture(scope="module")
def support_state(browser: Browser, portal: DemoPortal) -> tuple[Any, str]:
    """Sign support in once, since each code waits for the one before it, and open a customer's record."""
    context = browser.new_context(locale="en-CA")
    page = context.new_page()
    sign_in_support(page, portal)
    record = open_record(page, portal, "eco@demo.example")
    state = context.storage_state()
    context.close()
    return state, record


def test_support_pages_are_clean(looking: BrowserContext, portal: DemoPortal, support_state: tuple[Any, str]) -> None:
    state, record = support_state
    looking.add_cookies(state["cookies"])
    page = looking.new_page()
    pages = (SUPPORT_PAGES | MORE_SUPPORT_PAGES).values()
    found = [finding for path in pages for finding in complaints(page, path, portal.address)]
    for path in (RECORD_PAGES | MORE_RECORD_PAGES).values():
        found += complaints(page, path, record)
    for steps in (license_of_record(page, record), codes_made(page, portal)):
        found += [finding for name in steps for finding in complaints_here(page, name)]
    assert found == []


def test_a_refused_account_form_is_clean(looking: BrowserContext, portal: DemoPortal) -> None:
    page = looking.new_page()
    page.goto(f"{portal.address}/sign-in/")
    page.locator("[name=email]").fill("eco@demo.example")
    page.locator("[name=password]").fill(portal.password)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url("**/account/")
    page.locator("[name=last_name]").fill("")
    page.locator("[name=cell_number]").fill("514")
    page.locator(".save-bar button").click()
    page.locator("[role=alert]").first.wait_for()
    assert violations(page) == []


def test_links_that_stand_alone_are_high_enough_for_a_finger(looking: BrowserContext, portal: DemoPortal) -> None:
    page = looking.new_page()
    page.goto(f"{portal.address}/sign-in/")
    page.locator("[name=email]").fill("eco@demo.example")
    page.locator("[name=password]").fill(portal.password)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url("**/account/")
    links = page.locator(".facts a:visible, .field-help a:visible").all()
    assert len(links) >= 2
    assert [link.inner_text() for link in links if (link.bounding_box() or {"height": 0})["height"] < 24] == []
