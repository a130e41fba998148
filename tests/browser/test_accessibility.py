"""Every page a person can reach, judged by axe, wide and narrow, light and dark, in both languages."""

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from demo_portal import DemoPortal
from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser

Scheme = Literal["light", "dark"]
PUBLIC = (
    "/",
    "/help/",
    "/privacy/",
    "/sign-in/",
    "/sign-in/forgotten/",
    "/sign-in/reset/",
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
