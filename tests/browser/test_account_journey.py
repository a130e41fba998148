"""A newcomer's way through the account page, in a real Chromium, from the first sign-in to a recovery code."""

import re
import sqlite3

import pytest
from demo_portal import DemoPortal
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import code_texts, expect_heading, newest_code, sign_in, sign_out, speak

pytestmark = pytest.mark.browser

PRO, NUMBER = "pro@demo.example", "+15145550123"
RECOVERY_CODE = re.compile(r"\b[2-9A-Z]{5}-[2-9A-Z]{5}\b")


def save(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^(SAVE|ENREGISTRER)$")).click()


def type_code(page: Page, code: str) -> None:
    page.get_by_label("Six-digit code").fill(code)
    page.get_by_role("button", name=re.compile("Continue|Confirm the number")).click()


def test_profile_number_two_factor_and_recovery(page: Page, browser: Browser, portal: DemoPortal) -> None:
    sign_in(page, portal, PRO)
    expect_heading(page, "My account")

    page.get_by_label("First name").fill("Camille-Anne")
    page.get_by_label("Time zone").select_option("Asia/Kolkata")
    page.get_by_label("Date format culture").select_option("fr-CA")
    save(page)
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_label("First name")).to_have_value("Camille-Anne")
    expect(page.locator("#expiration_date time")).to_have_text(re.compile(r"\d{4}, \d{1,2}\sh\s\d\d"))

    page.get_by_label("Cell number").fill("514 555 0123")
    page.get_by_label("Activate 2FA authentication").check()
    before = code_texts(browser, portal, NUMBER)
    save(page)
    expect_heading(page, "Confirm that it is you")
    type_code(page, newest_code(browser, portal, NUMBER, before=before))
    codes = RECOVERY_CODE.findall(page.locator("main").inner_text())
    assert len(set(codes)) == 10

    page.goto(f"{portal.address}/account/")
    expect(page.get_by_label("Cell number")).to_have_value("+1 514-555-0123")
    expect(page.get_by_label("Activate 2FA authentication")).to_be_checked()

    sign_out(page)
    before = code_texts(browser, portal, NUMBER)
    sign_in(page, portal, PRO)
    expect_heading(page, "Type the code")
    page.goto(f"{portal.address}/account/")
    expect_heading(page, "Sign in")
    page.goto(f"{portal.address}/sign-in/code/")
    type_code(page, newest_code(browser, portal, NUMBER, before=before))
    expect_heading(page, "My account")

    sign_out(page)
    before = code_texts(browser, portal, NUMBER)
    sign_in(page, portal, PRO)
    right = newest_code(browser, portal, NUMBER, before=before)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for tries_left in ("4 tries", "3 tries", "2 tries", "1 try"):
        type_code(page, wrong)
        expect(page.locator("#code_error")).to_contain_text(f"You have {tries_left} left.")
    type_code(page, wrong)
    expect(page.locator("#code_error")).to_contain_text("Too many tries.")
    type_code(page, right)
    expect(page.locator("#code_error")).to_contain_text("Too many tries.")
    use_recovery_code(page, codes[0].lower().replace("-", " "))
    expect_heading(page, "My account")

    sign_out(page)
    end_challenges(portal)
    before = code_texts(browser, portal, NUMBER)
    sign_in(page, portal, PRO)
    late = newest_code(browser, portal, NUMBER, before=before)
    end_challenges(portal)
    type_code(page, late)
    expect(page.locator("#code_error")).to_contain_text("This code no longer works.")
    use_recovery_code(page, codes[0])
    expect(page.locator("#code_error")).to_contain_text("not one of your unused recovery codes")
    use_recovery_code(page, codes[1])
    expect_heading(page, "My account")


def use_recovery_code(page: Page, code: str) -> None:
    page.goto(page.url.partition("/sign-in/")[0] + "/sign-in/recovery/")
    page.get_by_label("Recovery code").fill(code)
    page.get_by_role("button", name=re.compile("Continue|Sign in")).click()


def end_challenges(portal: DemoPortal) -> None:
    """Move the instants of all codes into the past, as if a quarter of an hour had gone by."""
    with sqlite3.connect(portal.data_dir / "portal.sqlite3", timeout=20) as database:
        database.execute(
            "UPDATE core_code SET created_at = datetime('now', '-15 minutes'),"
            " expires_at = datetime('now', '-5 minutes'), challenge_ends_at = datetime('now', '-1 second')"
        )


@pytest.mark.parametrize("context", [{"timezone_id": "Asia/Calcutta"}], indirect=True)
def test_a_zone_is_offered_where_it_differs_and_what_was_typed_stays(page: Page, portal: DemoPortal) -> None:
    sign_in(page, portal, "advanced@demo.example")
    offer = page.get_by_text("Your browser is in another time zone")
    expect(offer).to_be_visible()
    zone = page.get_by_label("Time zone", exact=True)
    before = zone.input_value()
    zone.select_option("Asia/Kolkata")
    save(page)
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(offer).to_be_hidden()
    zone.select_option(before)
    save(page)
    expect(offer).to_be_visible()
    page.get_by_label("First name").fill("Typed")
    with page.expect_response("**/account/zone-offer/"):
        page.get_by_role("button", name="Keep the profile's zone").click()
    expect(offer).to_be_hidden()
    expect(page.get_by_label("First name")).to_have_value("Typed")
    page.reload()
    expect(offer).to_be_hidden()


@pytest.mark.parametrize("context", [{"timezone_id": "Asia/Calcutta"}], indirect=True)
def test_a_zone_reported_by_its_former_name_is_offered_and_chosen_as_the_list_has_it(
    page: Page, portal: DemoPortal
) -> None:
    sign_in(page, portal, "eco@demo.example")
    zone, name = page.get_by_label("Time zone", exact=True), page.get_by_label("First name")
    before = zone.input_value(), name.input_value()
    expect(page.get_by_text("Your browser is in another time zone")).to_contain_text(
        "(UTC+05:30) India Standard Time – Kolkata"
    )
    name.fill("Typed")
    with page.expect_response("**/account/zone-offer/"):
        page.get_by_role("button", name="Use the browser's zone").click()
    expect(zone).to_have_value("Asia/Kolkata")
    expect(name).to_have_value("Typed")
    page.reload()
    expect(zone).to_have_value("Asia/Kolkata")
    expect(name).to_have_value(before[1])
    zone.select_option(before[0])
    save(page)
    expect(page.get_by_text("Saved.")).to_be_visible()


def test_what_is_typed_stays_over_another_language_and_appearance(page: Page, portal: DemoPortal) -> None:
    sign_in(page, portal, "advanced@demo.example")
    name, country = page.locator("[name=last_name]"), page.locator("[name=default_sms_country]")
    before = name.input_value()
    name.fill("Typed")
    country.select_option("FR")
    page.locator("[name=iso_dates]").check()
    page.locator("[name=cell_number]").fill("not a number")
    speak(page, "fr")
    expect(name).to_have_value("Typed")
    expect(country).to_have_value("FR")
    expect(page.locator("[name=iso_dates]")).to_be_checked()
    expect(page.locator("select[name=language]")).to_have_value("fr")
    assert page.evaluate("sessionStorage.length") == 0
    # A refused form holds what was typed as if it had been drawn so.
    save(page)
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.locator(".topbar summary:visible").last.click()
    page.locator(".topbar button[name=appearance][value=dark]:visible").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(name).to_have_value("Typed")
    expect(page.locator("[name=cell_number]")).to_have_value("not a number")
    speak(page, "en")
    expect(name).to_have_value("Typed")
    expect(page.locator("select[name=language]")).to_have_value("en")
    page.reload()
    expect(name).to_have_value(before)


def test_what_is_typed_stays_when_a_waiting_number_is_dropped_and_enter_saves(page: Page, portal: DemoPortal) -> None:
    sign_in(page, portal, "advanced@demo.example")
    name, number = page.get_by_label("First name"), page.get_by_label("Cell number")
    names = name.input_value(), number.input_value()
    number.fill("514 555-0142")
    save(page)
    page.get_by_role("link", name="Later").click()
    name.fill("Typed")
    page.get_by_role("button", name="Keep the old number").click()
    expect(page.get_by_text("What else you typed is still here and not saved yet")).to_be_visible()
    expect(name).to_have_value("Typed")
    expect(number).to_have_value(names[1])
    name.press("Enter")
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(name).to_have_value("Typed")
    name.fill(names[0])
    save(page)
    expect(name).to_have_value(names[0])
