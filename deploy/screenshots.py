"""Draw the pages as pictures: in both languages, wide and narrow, light and dark.

Usage, with the virtual environment's Python: `CHROMIUM=… python deploy/screenshots.py [FOLDER]`; pictures go to
var/screenshots unless another folder is named.
"""

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from demo_portal import ROOT, DemoPortal, demo_portal
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

ADMINISTRATOR, SMALL_PLAN, SUPPORT = "admin@demo.example", "eco@demo.example", "support@demo.example"
PUBLIC_PAGES = {
    "home": "/",
    "help": "/help/",
    "privacy": "/privacy/",
    "sign-in": "/sign-in/",
    "password-forgotten": "/sign-in/forgotten/",
    "password-reset": "/sign-in/reset/",
    "email-confirm": "/sign-in/email/",
    "email-undo": "/sign-in/email/undo/",
}
OWN_PAGES = {
    "account": "/account/",
    "marks": "/account/signature/",
    "log": "/account/activity/",
    "security": "/account/security/",
    "password-change": "/account/security/password/",
    "email-change": "/account/security/email/",
    "fresh-proof": "/account/security/confirm/",
    "send": "/messages/new/",
    "envelope-new": "/envelopes/new/",
    "sent": "/messages/",
    "received": "/returns/",
    "tracking": "/signatures/",
    "organization": "/organization/",
    "outbox": "/outbox/",
}
LOCKED_PAGES = {
    "account-eco": "/account/",
    "envelope-eco": "/envelopes/new/",
    "marks-eco": "/account/signature/",
    "tracking-eco": "/signatures/",
}
# What a person outside sees with the links of sample messages: name of the picture, which message, what is done there.
OUTSIDE_PAGES = {
    "link": ("open", ()),
    "link-unknown": ("", ("continue",)),
    "link-deleted": ("deleted", ("continue",)),
    "proof-none": ("open", ("continue",)),
    "proof-code": ("code", ("continue",)),
    "proof-code-wrong": ("code", ("continue", "answer")),
    "proof-password": ("password", ("continue",)),
    "proof-text": ("text", ("continue",)),
    "message-read": ("open", ("continue", "answer")),
    "reply": ("open", ("continue", "answer", "reply")),
    "reply-receipt": ("open", ("continue", "answer", "reply", "send")),
    "reply-proof": ("protected", ("continue", "answer", "reply")),
    "envelope-fill": ("envelope", ("continue", "answer")),
    "envelope-fill-refused": ("envelope", ("continue", "answer", "answer")),
    "envelope-receipt": ("envelope-filled", ("continue",)),
    "envelope-deleted": ("envelope-deleted", ("continue",)),
}
LANGUAGES = ("en", "fr")
WIDTHS = {"wide": 1280, "narrow": 390}
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
HEIGHT = 800


def main() -> None:
    """Start a portal, sign in once for each look, and keep a picture of every page."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "var" / "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    with demo_portal() as portal, sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
        links = sample_links(portal)
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=options)
        for language, width, scheme in itertools.product(LANGUAGES, WIDTHS, SCHEMES):
            draw(browser, portal, links, folder, language=language, width=width, scheme=scheme)
        browser.close()
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")


def sample_links(portal: DemoPortal) -> dict[str, str]:
    """Make the sample messages in the portal's data, and return their links by name; none is the one of nobody."""
    command = [sys.executable, "manage.py", "demo_messages"]
    done = subprocess.run(command, cwd=ROOT, env=portal.environment, capture_output=True, text=True, check=True)
    return {**json.loads(done.stdout), "": f"{portal.address}/o/bm9ib2R5bm9ib2R5bm8#nothing"}


def draw(
    browser: Browser,
    portal: DemoPortal,
    links: dict[str, str],
    folder: Path,
    *,
    language: str,
    width: str,
    scheme: Scheme,
) -> None:
    """Keep a picture of every page as one kind of visitor sees it."""
    size: ViewportSize = {"width": WIDTHS[width], "height": HEIGHT}
    look = f"{language}-{width}-{scheme}"

    def visit(email: str = "") -> Page:
        context = browser.new_context(
            locale=f"{language}-CA",
            timezone_id="America/Toronto",
            color_scheme=scheme,
            viewport=size,
            reduced_motion="reduce",
        )
        page = context.new_page()
        if email:
            sign_in(page, portal, email)
        return page

    stranger, administrator, small = visit(), visit(ADMINISTRATOR), visit(SMALL_PLAN)
    keep(stranger, portal.address, PUBLIC_PAGES.items(), folder, look)
    for name, (message, steps) in OUTSIDE_PAGES.items():
        outsider = visit()
        go_outside(outsider, links[message], steps)
        picture(outsider, folder / f"{name}-{look}.png")
    for page in (administrator, small):
        speak(page, portal.address, language)
    keep(administrator, portal.address, OWN_PAGES.items(), folder, look)
    keep(small, portal.address, LOCKED_PAGES.items(), folder, look)
    make_envelope(administrator, portal.address)
    picture(administrator, folder / f"envelope-link-{look}.png")
    administrator.locator("main a.btn-primary").click()
    picture(administrator, folder / f"envelope-detail-{look}.png")
    read_return(administrator, portal.address)
    picture(administrator, folder / f"return-detail-{look}.png")
    refuse_form(small, portal.address)
    picture(small, folder / f"account-refused-{look}.png")
    picture(visit(SUPPORT), folder / f"sign-in-code-{look}.png")
    for context in browser.contexts:
        context.close()


def go_outside(page: Page, link: str, steps: Iterable[str]) -> None:
    """Go as far with a link as the steps say."""
    page.goto(link)
    for step in steps:
        if step == "reply":
            page.locator("a[href$='/reply']").click()
        elif step == "send":
            page.locator("[name=text]").fill("The figures on page 3 are confirmed.")
            page.locator("main form button").click()
        else:
            if step == "answer" and page.locator("[name=code]").count():
                page.locator("[name=code]").fill("123456")
            page.locator("main form button").first.click()
        page.wait_for_load_state()


def make_envelope(page: Page, address: str) -> None:
    """Make an envelope whose link is copied."""
    page.goto(f"{address}/envelopes/new/")
    page.locator("[name=title]").fill("Papers to open your file")
    page.locator("[name=instructions]").fill("Passport, the page with the photo.\nProof of address.")
    page.locator("label[for=way_1]").click()
    page.locator(".save-bar button").click()
    page.wait_for_load_state()


def read_return(page: Page, address: str) -> None:
    """Open the first thing that came back."""
    page.goto(f"{address}/returns/")
    page.locator("tbody button, tbody a").first.click()
    page.wait_for_load_state()


def sign_in(page: Page, portal: DemoPortal, email: str) -> None:
    """Fill the sign-in form."""
    page.goto(f"{portal.address}/sign-in/")
    page.locator("[name=email]").fill(email)
    page.locator("[name=password]").fill(portal.password)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda url: not url.endswith("/sign-in/"))


def speak(page: Page, address: str, language: str) -> None:
    """Choose the language and the format of dates in the profile."""
    page.goto(f"{address}/account/")
    page.locator("select[name=language]").select_option(language)
    page.locator("[name=date_culture]").select_option(f"{language}-CA")
    page.locator(".save-bar button").click()
    page.wait_for_load_state()


def refuse_form(page: Page, address: str) -> None:
    """Send the account form with two mistakes."""
    page.goto(f"{address}/account/")
    page.locator("[name=last_name]").fill("")
    page.locator("[name=cell_number]").fill("514 555 01")
    page.locator(".save-bar button").click()
    page.locator("[role=alert]").first.wait_for()


def keep(page: Page, address: str, pages: Iterable[tuple[str, str]], folder: Path, look: str) -> None:
    """Keep the picture of each page.

    Raises:
        SystemExit: a page does not answer as it should.
    """
    for name, path in pages:
        answer = page.goto(address + path)
        if answer is None or not answer.ok:
            sys.exit(f"{path} did not answer.")
        picture(page, folder / f"{name}-{look}.png")


def picture(page: Page, path: Path) -> None:
    """Keep a picture of the whole page, in a window as high as the page, so that what sticks to an edge is in place."""
    width = page.evaluate("window.innerWidth")
    page.set_viewport_size({"width": width, "height": page.evaluate("document.documentElement.scrollHeight")})
    page.screenshot(path=path, full_page=True)
    page.set_viewport_size({"width": width, "height": HEIGHT})


if __name__ == "__main__":
    main()
