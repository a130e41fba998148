"""Every page a person can reach, judged by axe, wide and narrow, light and dark, in both languages."""

import sqlite3
from typing import Any

import pytest
from check_steps import documents_checked
from demo_portal import DemoPortal
from drawn_pages import (
    EMPTY_PAGES,
    LOCKED_PAGES,
    MORE_RECORD_PAGES,
    MORE_SUPPORT_PAGES,
    OUTSIDE_PAGES,
    OUTSIDE_STATUSES,
    OWN_PAGES,
    PUBLIC_PAGES,
    RECORD_PAGES,
    SUPPORT_PAGES,
)
from fault_steps import errors_met, message_damaged, return_damaged
from message_steps import envelope_made, license_lost, refuse_form, return_unread, returns_read
from outside_steps import go_outside, marks_offered
from page_steps import (
    KEEPS_MARKS,
    WITHOUT_NUMBER,
    browser_renamed,
    codes_made,
    email_asked,
    form_too_old,
    half_signed_in,
    hold_status,
    license_of_record,
    link_asked,
    marks_made,
    number_waits,
    open_record,
    outbox_opened,
    password_refused,
    proof_asked_again,
    proof_list_changed,
    sample_links,
    sign_in,
    sign_in_refused,
    sign_in_support,
)
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from request_steps import requests_followed
from support_steps import country_stopped, forms_refused, open_samples, rare_acts, support_samples

from tests.browser.looks import HEIGHT, NARROW, WIDE, complaints, complaints_here, complaints_of, each_look, spoken_to
from tests.browser.people import forget_checks, is_wide

pytestmark = pytest.mark.browser

NOBODYS = (*PUBLIC_PAGES.values(), "/outbox/", "/outbox/?channel=sms", "/no-such-page/")
OWN = tuple(OWN_PAGES.values())
PEOPLE = {
    "admin@demo.example": OWN,
    "eco@demo.example": ("/account/", *LOCKED_PAGES.values()),
    "pro@demo.example": ("/messages/new/?kind=message", "/messages/new/?kind=file"),
    "free@demo.example": (*EMPTY_PAGES.values(), "/signatures/"),
}


def test_pages_for_everybody_are_clean(looking: BrowserContext, portal: DemoPortal) -> None:
    page = looking.new_page()
    assert [finding for path in NOBODYS for finding in complaints(page, path, portal.address)] == []


def test_the_public_check_is_clean(looking: BrowserContext, portal: DemoPortal) -> None:
    page = looking.new_page()
    forget_checks(portal)
    assert complaints_of(page, documents_checked(page, portal)) == []


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


def test_the_pages_of_requests_are_clean(looking: BrowserContext, portal: DemoPortal) -> None:
    page = looking.new_page()
    sign_in(page, portal, KEEPS_MARKS)
    with spoken_to(page, portal):
        assert complaints_of(page, requests_followed(page, portal.address)) == []


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
    if name in OUTSIDE_STATUSES:
        hold_status(page, OUTSIDE_STATUSES[name])
    assert complaints_here(page, name) == []


def test_saved_marks_are_offered_cleanly(looking: BrowserContext, links: dict[str, str], portal: DemoPortal) -> None:
    page = looking.new_page()
    sign_in(page, portal, KEEPS_MARKS)
    with spoken_to(page, portal):
        assert complaints_of(page, marks_offered(page, links["sign-own"])) == []


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
            proof_list_changed(page, portal),
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


def test_a_composer_without_a_license_is_clean(looking: BrowserContext, portal: DemoPortal) -> None:
    page = looking.new_page()
    sign_in(page, portal, "eco@demo.example")
    with spoken_to(page, portal):
        assert complaints_of(page, license_lost(page, portal, "eco@demo.example")) == []


def test_links_that_stand_alone_are_high_enough_for_a_finger(looking: BrowserContext, portal: DemoPortal) -> None:
    page = looking.new_page()
    sign_in(page, portal, "eco@demo.example")
    for _width in each_look(page):
        links = page.locator(".facts a:visible, .field-help a:visible")
        assert links.count() >= 2
        assert too_low(links, 24) == []


def test_what_leads_on_from_a_list_is_high_enough_for_a_finger(looking: BrowserContext, portal: DemoPortal) -> None:
    page = looking.new_page()
    sign_in(page, portal, KEEPS_MARKS)
    for path in ("/signatures/", "/messages/", "/account/activity/", "/returns/"):
        page.goto(portal.address + path)
        for width in each_look(page):
            links = page.locator("tbody :is(th, td) > a:visible, tbody .link-button:visible")
            assert links.count(), path
            assert too_low(links, 44 if width == NARROW else 24) == [], (path, width)


def too_low(links: Locator, least_pixels: int) -> list[str]:
    """Return the words of links that are less high."""
    boxes = [(link.inner_text(), link.bounding_box() or {"height": 0}) for link in links.all()]
    return [words for words, box in boxes if box["height"] < least_pixels]


def test_a_wide_table_moves_and_the_page_does_not(looking: BrowserContext, portal: DemoPortal) -> None:
    page = looking.new_page()
    sign_in(page, portal, "pro@demo.example")
    for path in ("/messages/", "/signatures/", "/account/activity/"):
        page.goto(portal.address + path)
        for width in (768, 900, 1024):
            page.set_viewport_size({"width": width, "height": HEIGHT})
            expect(page.locator("table").first).to_be_visible()
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)


def test_names_and_addresses_of_one_long_word_widen_no_page(looking: BrowserContext, portal: DemoPortal) -> None:
    page, person = looking.new_page(), "eco@demo.example"
    address = f"{'w' * 50}@{'internationalpartners.' * 2}example"
    page.goto(f"{portal.address}/sign-in/forgotten/")
    page.locator("[name=email]").fill(address)
    page.locator("[name=email]").press("Enter")
    expect(page.get_by_text(address)).to_be_visible()
    assert widths_too_small(page) == []
    sign_in(page, portal, person)
    names = rename(portal, person, ("W" * 100, "w" * 100))
    try:
        for path in ("/account/", "/account/activity/", "/messages/"):
            page.goto(portal.address + path)
            assert widths_too_small(page) == [], path
    finally:
        rename(portal, person, names)


def rename(portal: DemoPortal, email: str, names: tuple[str, str]) -> tuple[str, str]:
    """Give a person other names, and return those before."""
    with sqlite3.connect(portal.data_dir / "portal.sqlite3", timeout=20) as database:
        before = database.execute("SELECT first_name, last_name FROM accounts_user WHERE email = ?", [email]).fetchone()
        database.execute("UPDATE accounts_user SET first_name = ?, last_name = ? WHERE email = ?", [*names, email])
    return before[0], before[1]


def widths_too_small(page: Page) -> list[int]:
    """Return the widths of windows, in pixels, in which a page is wider than the window."""
    found = []
    for width in (320, NARROW, WIDE):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        found += [width] if is_wide(page) else []
    return found
