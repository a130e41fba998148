"""A newcomer's way through the account page, in a real Chromium, from the first sign-in to a recovery code."""

import re
import sqlite3

import pytest
from demo_portal import DemoPortal
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import expect_heading, newest_code, sign_in, sign_out

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
    save(page)
    expect_heading(page, "Confirm that it is you")
    type_code(page, newest_code(browser, portal, NUMBER))
    codes = RECOVERY_CODE.findall(page.locator("main").inner_text())
    assert len(set(codes)) == 10

    page.goto(f"{portal.address}/account/")
    expect(page.get_by_label("Cell number")).to_have_value("+1 514-555-0123")
    expect(page.get_by_label("Activate 2FA authentication")).to_be_checked()

    sign_out(page)
    sign_in(page, portal, PRO)
    expect_heading(page, "Type the code")
    page.goto(f"{portal.address}/account/")
    expect_heading(page, "Sign in")
    page.goto(f"{portal.address}/sign-in/code/")
    let_the_code_grow_old(portal)
    type_code(page, newest_code(browser, portal, NUMBER))
    expect(page.get_by_role("alert").first).to_contain_text("This code no longer works.")

    for _try in range(5):
        type_code(page, "000000")
    expect(page.get_by_role("alert").first).to_contain_text("This code no longer works.")

    page.goto(f"{portal.address}/sign-in/recovery/")
    page.get_by_label("Recovery code").fill(codes[0].lower())
    page.get_by_role("button", name=re.compile("Continue|Sign in")).click()
    expect_heading(page, "My account")


def let_the_code_grow_old(portal: DemoPortal) -> None:
    """Move the instant of the live codes into the past, as if ten minutes had gone by."""
    with sqlite3.connect(portal.data_dir / "portal.sqlite3", timeout=20) as database:
        database.execute("UPDATE core_code SET expires_at = datetime('now', '-1 second') WHERE used_at IS NULL")
