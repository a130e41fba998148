"""Every page a person can reach, judged by axe, wide and narrow, light and dark, in both languages."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from demo_portal import DemoPortal
from drawn_pages import (
    EMPTY_PAGES,
    LOCKED_PAGES,
    MORE_RECORD_PAGES,
    MORE_SUPPORT_PAGES,
    OUTSIDE_PAGES,
    OWN_PAGES,
    PUBLIC_PAGES,
    RECORD_PAGES,
    SUPPORT_PAGES,
)
from fault_steps import errors_met, message_damaged, return_damaged
from message_steps import envelope_made, refuse_form, return_unread, returns_read, speak
from outside_steps import go_outside
from page_steps import (
    KEEPS_MARKS,
    WITHOUT_NUMBER,
    browser_renamed,
    codes_made,
    email_asked,
    form_too_old,
    half_signed_in,
    license_of_record,
    link_asked,
    marks_made,
    number_waits,
    open_record,
    outbox_opened,
    password_refused,
    proof_asked_again,
    sample_links,
    sign_in,
    sign_in_refused,
    sign_in_support,
)
from playwright.sync_api import Browser, BrowserContext, Page
from support_steps import country_stopped, forms_refused, open_samples, rare_acts, support_samples

from tests.browser.people import CODE, newest_mail

pytestmark = pytest.mark.browser

Scheme = Literal["light", "dark"]
NOBODYS = (*PUBLIC_PAGES.values(), "/outbox/", "/outbox/?channel=sms", "/no-such-page/")
OWN = tuple(OWN_PAGES.values())
PEOPLE = {
    "admin@demo.example": OWN,
    "eco@demo.example": (*OWN, *LOCKED_PAGES.values()),
    "pro@demo.example": ("/messages/new/?kind=message", "/messages/new/?kind=file"),
    "free@demo.example": (*EMPTY_PAGES.values(), "/signatures/"),
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


def complaints_of(page: Page, *walks: Iterator[str]) -> list[str]:
    """Return the same of each page that steps come to."""
    return [finding for steps in walks for name in steps for finding in complaints_here(page, name)]


@contextmanager
def spoken_to(page: Page, portal: DemoPortal, usual: str = "en") -> Iterator[None]:
    """Speak the language of the look with whoever is signed in, and the usual one again afterwards."""
    speak(page, portal.address, "fr" if page.evaluate("innerWidth") < 400 else "en")
    try:
        yield
    finally:
        speak(page, portal.address, usual)


def violations(page: Page) -> list[dict[str, Any]]:
    """Return axe's violations."""
    return Axe().run(page).response["violations"]  # type: ignore[no-any-return]


def test_pages_for_everybody_are_clean(looking: BrowserContext, portal: DemoPortal) -> None:
    page = looking.new_page()
    assert [finding for path in NOBODYS for finding in complaints(page, path, portal.address)] == []


@pytest.mark.parametrize("email", PEOPLE)
def test_pages_behind_the_sign_in_are_clean(looking: BrowserContext, portal: DemoPortal, email: str) -> None:
    page = looking.new_page()
    sign_in(page, portal, email)
    with spoken_to(page, portal):
        assert [finding for path in PEOPLE[email] for finding in complaints(page, path, portal.address)] == []


def test_the_ways_to_make_a_mark_are_clean(looking: BrowserContext, portal: DemoPortal) -> None:
    page = looking.new_page()
    sign_in(page, portal, KEEPS_MARKS)
    with spoken_to(page, portal):
        assert complaints_of(page, marks_made(page, portal), return_unread(page, portal.address)) == []


def test_pages_that_steps_lead_to_are_clean(looking: BrowserContext, portal: DemoPortal) -> None:
    page = looking.new_page()
    found = complaints_of(
        page,
        half_signed_in(page, portal),
        form_too_old(page, portal),
        link_asked(page, portal, "nobody@demo.example"),
        sign_in_refused(page, portal, "nobody@demo.example"),
        outbox_opened(page, portal),
    )
    looking.clear_cookies()
    sign_in(page, portal, WITHOUT_NUMBER)
    steps = (number_waits, browser_renamed, password_refused, email_asked)
    with spoken_to(page, portal, usual="fr"):
        assert found + complaints_of(page, *(walk(page, portal) for walk in steps)) == []


def test_pages_for_what_went_wrong_are_clean(looking: BrowserContext, portal: DemoPortal) -> None:
    page = looking.new_page()
    assert complaints_of(page, errors_met(page, portal)) == []


@pytest.fixture(scope="module")
def links(portal: DemoPortal) -> dict[str, str]:
    """Make the sample messages and envelopes once; a look uses up one try of a code."""
    return sample_links(portal)


@pytest.mark.parametrize("name", OUTSIDE_PAGES)
def test_pages_for_people_outside_are_clean(looking: BrowserContext, links: dict[str, str], name: str) -> None:
    message, steps = OUTSIDE_PAGES[name]
    page = looking.new_page()
    go_outside(page, links[message], steps)
    assert complaints_here(page, name) == []


def test_a_damaged_message_is_told_cleanly(looking: BrowserContext, links: dict[str, str], portal: DemoPortal) -> None:
    page = looking.new_page()
    assert complaints_of(page, message_damaged(page, portal, links["open"])) == []


@pytest.mark.usefixtures("links")
def test_pages_of_an_owner_that_steps_lead_to_are_clean(looking: BrowserContext, portal: DemoPortal) -> None:
    page = looking.new_page()
    sign_in(page, portal, "admin@demo.example")
    with spoken_to(page, portal):
        found = complaints_of(
            page,
            envelope_made(page, portal.address),
            returns_read(page, portal.address),
            return_damaged(page, portal),
            proof_asked_again(page, portal),
        )
    assert found == []


@pytest.fixture(scope="module")
def support_state(browser: Browser, portal: DemoPortal) -> tuple[Any, str, dict[str, str]]:
    """Sign support in once, since each code waits for the one before it, and open the records of customers."""
    context = browser.new_context(locale="en-CA")
    page = context.new_page()
    sign_in_support(page, portal)
    record = open_record(page, portal, "eco@demo.example")
    records = open_samples(page, portal, support_samples(portal))
    state = context.storage_state()
    context.close()
    return state, record, records


def test_support_pages_are_clean(
    looking: BrowserContext, portal: DemoPortal, support_state: tuple[Any, str, dict[str, str]]
) -> None:
    state, record, records = support_state
    looking.add_cookies(state["cookies"])
    page = looking.new_page()
    with spoken_to(page, portal):
        pages = (SUPPORT_PAGES | MORE_SUPPORT_PAGES).values()
        found = [finding for path in pages for finding in complaints(page, path, portal.address)]
        for path in (RECORD_PAGES | MORE_RECORD_PAGES).values():
            found += complaints(page, path, record)
        found += complaints_of(
            page,
            license_of_record(page, record),
            forms_refused(page, portal, record),
            rare_acts(page, records),
            country_stopped(page, portal),
            codes_made(page, portal),
        )
    assert found == []


def test_a_refused_account_form_is_clean(looking: BrowserContext, portal: DemoPortal) -> None:
    page = looking.new_page()
    sign_in(page, portal, "eco@demo.example")
    with spoken_to(page, portal):
        refuse_form(page, portal.address)
        assert complaints_here(page, "refused account form") == []


def test_links_that_stand_alone_are_high_enough_for_a_finger(looking: BrowserContext, portal: DemoPortal) -> None:
    page = looking.new_page()
    sign_in(page, portal, "eco@demo.example")
    links = page.locator(".facts a:visible, .field-help a:visible").all()
    assert len(links) >= 2
    assert [link.inner_text() for link in links if (link.bounding_box() or {"height": 0})["height"] < 24] == []


def send_message(page: Page, address: str, *, to: str) -> str:
    """Write and send a message with a file; return the path of its page."""
    page.goto(f"{address}/messages/new/?kind=message")
    page.locator("[name=attachments]").set_input_files(
        {"name": "Renewal terms.txt", "mimeType": "text/plain", "buffer": b"Terms."}
    )
    page.locator(".upload").wait_for()
    page.locator("[name=to-0-email]").fill(to)
    page.locator("[name=subject]").fill("Renewal terms 2027")
    page.locator("[name=body]").fill("Hello,\n\nhere they are.")
    page.locator(".save-bar .btn-primary").click()
    page.wait_for_url("**/sent/")
    return page.url.removeprefix(address).removesuffix("sent/")


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


def test_the_life_of_a_message_is_clean(looking: BrowserContext, browser: Browser, portal: DemoPortal) -> None:
    page, outside = looking.new_page(), looking.new_page()
    sign_in(page, portal, "admin@demo.example")
    to = f"interprovincial.procurement.coordination.{page.evaluate('innerWidth')}@outside.example"
    message = send_message(page, portal.address, to=to)
    found = [
        f"{step}: {one['id']}"
        for step in answer_message(outside, browser, portal, to=to)
        for one in violations(outside)
    ]

    refuse_message(page, portal.address)
    found += [f"refused composer: {one['id']}" for one in violations(page)]
    page.goto(f"{portal.address}/messages/?box=drafts")
    draft = page.locator("tbody th a").first.get_attribute("href")
    log, reference = "/account/activity/", message.split("/")[2]
    page.goto(f"{portal.address}{message}")
    page.locator("main form[action$='/copy/'] button").click()
    page.wait_for_load_state()
    found += complaints_here(page, "copy")
    paths = [
        *(f"{draft}{step}" for step in ("", "preview/", "delete/")),
        *(f"{message}{step}" for step in ("", "sent/", "expiry/", "delete/", "people/1/link/", "people/1/delete/")),
        "/messages/",
        "/messages/?box=drafts",
        "/returns/",
        *(log, f"{log}?part=statistics", f"{log}?start_on=never"),
        *(f"{log}{reference}/", f"{log}{reference}/delete/"),
    ]
    found += [finding for path in paths for finding in complaints(page, path, portal.address)]
    page.goto(f"{portal.address}/returns/")
    page.locator("tbody button").first.click()
    page.wait_for_url("**/returns/*/")
    found += [f"return: {one['id']}" for one in violations(page)]
    page.goto(f"{portal.address}{message}delete/")
    page.locator("main form button").click()
    page.wait_for_url(f"**{message}")
    outside.locator("main a[href$='/message']").click()
    outside.locator(".glyph.is-warn").wait_for()
    found += [f"link that is over: {one['id']}" for one in violations(outside)]
    assert found == []
