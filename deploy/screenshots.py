"""Draw the pages as pictures: in both languages, wide and narrow, light and dark.

Usage, with the virtual environment's Python: `CHROMIUM=… python deploy/screenshots.py [FOLDER]`; pictures go to
var/screenshots unless another folder is named.
"""

import itertools
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from demo_portal import ROOT, DemoPortal, demo_portal
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

ACCOUNT = "admin@demo.example"
PUBLIC_PAGES = {"sign-in": "/sign-in/", "forgotten": "/sign-in/forgotten/"}
OWN_PAGES = {
    "account": "/account/",
    "security": "/account/security/",
    "activity": "/account/activity/",
    "users": "/organization/users/",
    "licenses": "/organization/licenses/",
    "outbox": "/outbox/",
}
LANGUAGES = ("en", "fr")
WIDTHS = {"wide": 1280, "narrow": 360}
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
HEIGHT = 800


def main() -> None:
    """Start a portal, sign in once for each look, and keep a picture of every page."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "var" / "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    with demo_portal() as portal, sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=options)
        for language, width, scheme in itertools.product(LANGUAGES, WIDTHS, SCHEMES):
            draw(browser, portal, folder, language=language, width=width, scheme=scheme)
        browser.close()
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")


def draw(browser: Browser, portal: DemoPortal, folder: Path, *, language: str, width: str, scheme: Scheme) -> None:
    """Keep a picture of every page as one kind of visitor sees it."""
    size: ViewportSize = {"width": WIDTHS[width], "height": HEIGHT}
    context = browser.new_context(locale=language, color_scheme=scheme, viewport=size, reduced_motion="reduce")
    page = context.new_page()
    look = f"{language}-{width}-{scheme}"
    keep(page, portal.address, PUBLIC_PAGES.items(), folder, look)
    sign_in(page, portal)
    keep(page, portal.address, OWN_PAGES.items(), folder, look)
    context.close()


def sign_in(page: Page, portal: DemoPortal) -> None:
    """Fill the sign-in form."""
    page.goto(f"{portal.address}/sign-in/")
    page.locator("[name=email]").fill(ACCOUNT)
    page.locator("[name=password]").fill(portal.password)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/sign-in/" not in url)


def keep(page: Page, address: str, pages: Iterable[tuple[str, str]], folder: Path, look: str) -> None:
    """Keep the picture of each page that exists."""
    for name, path in pages:
        answer = page.goto(address + path)
        if answer is not None and answer.ok:
            page.screenshot(path=folder / f"{name}-{look}.png", full_page=True)


if __name__ == "__main__":
    main()
