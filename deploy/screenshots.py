"""Draw the pages as pictures: in both languages, wide and narrow, light and dark; tell which are wider than the window.

Usage, with the virtual environment's Python: `CHROMIUM=… python deploy/screenshots.py [FOLDER]`; pictures go to
var/screenshots unless another folder is named.
"""

import itertools
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from check_steps import documents_checked
from demo_portal import ROOT, DemoPortal, demo_portal
from drawn_pages import (
    EMPTY_PAGES,
    ERROR_PAGES,
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
from message_steps import (
    copy_read,
    envelope_made,
    license_lost,
    refuse_browser_name,
    refuse_form,
    refuse_message,
    return_unread,
    returns_read,
    send_message,
    speak,
)
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
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from prepare_steps import request_prepared
from request_steps import requests_followed
from support_steps import country_stopped, forms_refused, open_samples, prove_again, rare_acts, support_samples

ADMINISTRATOR, SMALL_PLAN, WITHOUT_LICENSE = "admin@demo.example", "eco@demo.example", "free@demo.example"
LANGUAGES = ("en", "fr")
WIDTHS = {"wide": 1280, "narrow": 390}
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
HEIGHT = 800
Visit = Callable[..., Page]
# Pages of documents are fetched only once they come into view, which they do when the window grows.
PICTURES_LOADED = """() => Promise.all(
  [...document.images]
    .filter((one) => !one.complete && one.checkVisibility())
    .map((one) => new Promise((ended) => ["load", "error"].forEach((name) => one.addEventListener(name, ended)))),
)"""


@dataclass(frozen=True, slots=True)
class Album:
    """The pictures of one look.

    Args:
        folder: where they are kept.
        too_wide: names of pictures whose page scrolls sideways.
    """

    folder: Path
    language: str
    width: str
    scheme: Scheme
    too_wide: list[str] = field(default_factory=list)

    @property
    def size(self) -> ViewportSize:
        """The window."""
        return {"width": WIDTHS[self.width], "height": HEIGHT}

    def keep(self, page: Page, address: str, pages: Mapping[str, str]) -> None:
        """Keep the picture of each page.

        Raises:
            SystemExit: a page does not answer as it should.
        """
        for name, path in pages.items():
            answer = page.goto(address + path)
            if answer is None or not answer.ok:
                sys.exit(f"{path} did not answer.")
            self.picture(page, name)

    def keep_steps(self, page: Page, steps: Iterable[str]) -> None:
        """Keep the picture of each page that steps come to."""
        for name in steps:
            self.picture(page, name)

    def picture(self, page: Page, name: str) -> None:
        """Keep a picture of the whole page, in a window of its height, so that what sticks to an edge is in place."""
        page.wait_for_load_state()
        name = f"{name}-{self.language}-{self.width}-{self.scheme}"
        if page.evaluate("document.scrollingElement.scrollWidth > innerWidth"):
            self.too_wide.append(name)
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": WIDTHS[self.width], "height": height})
        page.evaluate(PICTURES_LOADED)
        page.screenshot(path=self.folder / f"{name}.png", full_page=True)
        page.set_viewport_size(self.size)


def main() -> None:
    """Start a portal, sign in once for each look, and keep a picture of every page.

    Raises:
        SystemExit: a page does not answer, or scrolls sideways.
    """
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "var" / "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    too_wide: list[str] = []
    with demo_portal() as portal, sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
        browser, other = (
            playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=options) for _each in range(2)
        )
        support = Support(other, portal)
        for language in LANGUAGES:
            # Messages of its own for each language: a code may be wrong five times.
            links = sample_links(portal)
            for width, scheme in itertools.product(WIDTHS, SCHEMES):
                album = Album(folder, language, width, scheme, too_wide)
                draw(browser, portal, links, album)
                support.draw(album)
        browser.close()
        other.close()
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")
    if too_wide:
        sys.exit(f"Wider than the window: {', '.join(too_wide)}")


def draw(browser: Browser, portal: DemoPortal, links: Mapping[str, str], album: Album) -> None:
    """Keep a picture of every page that no support is needed for."""

    def visit(email: str = "") -> Page:
        context = browser.new_context(
            locale=f"{album.language}-CA",
            timezone_id="America/Toronto",
            color_scheme=album.scheme,
            viewport=album.size,
            reduced_motion="reduce",
        )
        page = context.new_page()
        if email:
            sign_in(page, portal, email)
            speak(page, portal.address, album.language)
        return page

    draw_outside(visit, portal, links, album)
    draw_own(visit, portal, album)
    draw_others(visit, portal, links, album)
    for context in browser.contexts:
        context.close()


def draw_outside(visit: Visit, portal: DemoPortal, links: Mapping[str, str], album: Album) -> None:
    """Keep a picture of the pages for everybody and for people outside."""
    stranger, nobody = visit(), f"nobody-{album.width}-{album.scheme}@demo.example"
    album.keep(stranger, portal.address, PUBLIC_PAGES)
    album.keep_steps(stranger, link_asked(stranger, portal, nobody))
    album.keep_steps(stranger, sign_in_refused(stranger, portal, nobody))
    album.keep_steps(stranger, outbox_opened(stranger, portal))
    album.keep_steps(stranger, errors_met(stranger, portal))
    album.keep_steps(stranger, form_too_old(stranger, portal))
    album.keep_steps(stranger, half_signed_in(stranger, portal))
    album.keep_steps(stranger, documents_checked(stranger, portal))
    for name, (message, steps) in OUTSIDE_PAGES.items():
        outsider = visit()
        go_outside(outsider, links[message], steps)
        if name in OUTSIDE_STATUSES:
            hold_status(outsider, OUTSIDE_STATUSES[name])
        album.picture(outsider, name)
    outsider = visit()
    album.keep_steps(outsider, message_damaged(outsider, portal, links["open"]))


def draw_own(visit: Visit, portal: DemoPortal, album: Album) -> None:
    """Keep a picture of the pages of somebody who has everything."""
    page, address = visit(ADMINISTRATOR), portal.address
    album.keep(page, address, OWN_PAGES)
    refuse_browser_name(page, address)
    album.picture(page, "browser-rename-refused")
    album.keep(page, address, send_message(page, address))
    album.keep_steps(page, copy_read(page, address))
    refuse_message(page, address)
    album.picture(page, "compose-refused")
    album.keep_steps(page, envelope_made(page, address))
    album.keep_steps(page, request_prepared(page, address))
    album.keep_steps(page, returns_read(page, address))
    album.keep_steps(page, return_damaged(page, portal))
    album.keep_steps(page, proof_asked_again(page, portal))
    album.keep_steps(page, proof_list_changed(page, portal))


def draw_others(visit: Visit, portal: DemoPortal, links: Mapping[str, str], album: Album) -> None:
    """Keep a picture of what people see who have less, and of the errors."""
    waiting, small, free = visit(WITHOUT_NUMBER), visit(SMALL_PLAN), visit(WITHOUT_LICENSE)
    keeper = visit(KEEPS_MARKS)
    album.keep_steps(waiting, number_waits(waiting, portal))
    album.keep_steps(waiting, browser_renamed(waiting, portal))
    album.keep_steps(waiting, password_refused(waiting, portal))
    album.keep_steps(keeper, marks_made(keeper, portal))
    album.keep_steps(keeper, marks_offered(keeper, links["sign-own"]))
    album.keep_steps(keeper, requests_followed(keeper, portal.address))
    album.keep_steps(keeper, return_unread(keeper, portal.address))
    if album.scheme == "light":  # Somebody asks for another address five times a day at most.
        album.keep_steps(waiting, email_asked(waiting, portal))
    album.keep(free, portal.address, EMPTY_PAGES)
    album.keep(small, portal.address, LOCKED_PAGES)
    refuse_form(small, portal.address)
    album.picture(small, "account-refused")
    album.keep_steps(small, license_lost(small, portal, SMALL_PLAN))
    for name, path in ERROR_PAGES.items():
        small.goto(portal.address + path)
        hold_status(small, int(name.removeprefix("error-")))
        album.picture(small, name)


class Support:
    """Somebody of support, signed in once for all pictures, since each sign-in costs a text."""

    def __init__(self, browser: Browser, portal: DemoPortal) -> None:
        self.browser, self.portal = browser, portal
        self.page = browser.new_context(locale="en-CA").new_page()
        sign_in_support(self.page, portal)

    def draw(self, album: Album) -> None:
        """Keep a picture of every support page; records, proofs and samples are made anew, since they run out."""
        address = self.portal.address
        speak(self.page, address, album.language)
        prove_again(self.page, self.portal)
        records = open_samples(self.page, self.portal, support_samples(self.portal))
        record = open_record(self.page, self.portal, SMALL_PLAN)
        state = self.page.context.storage_state()
        context = self.browser.new_context(color_scheme=album.scheme, viewport=album.size, storage_state=state)
        page = context.new_page()
        album.keep(page, address, SUPPORT_PAGES | MORE_SUPPORT_PAGES)
        album.keep(page, record, RECORD_PAGES | MORE_RECORD_PAGES)
        album.keep_steps(page, license_of_record(page, record))
        album.keep_steps(page, forms_refused(page, self.portal, record))
        album.keep_steps(page, rare_acts(page, records))
        album.keep_steps(page, country_stopped(page, self.portal))
        album.keep_steps(page, codes_made(page, self.portal))
        context.close()


if __name__ == "__main__":
    main()
