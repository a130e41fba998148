"""Draw the pages as pictures: in both languages, wide and narrow, light and dark.

Usage, with the virtual environment's Python: `CHROMIUM=… python deploy/screenshots.py [FOLDER]`; pictures go to
var/screenshots unless another folder is named.
"""

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from demo_portal import ROOT, DemoPortal, demo_portal
from page_steps import (
    PEOPLE_OF_COMPANY,
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
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

ADMINISTRATOR, SMALL_PLAN = "admin@demo.example", "eco@demo.example"
PUBLIC_PAGES = {
    "home": "/",
    "help": "/help/",
    "privacy": "/privacy/",
    "sign-in": "/sign-in/",
    "password-forgotten": "/sign-in/forgotten/",
    "password-reset": "/sign-in/reset/",
    "email-confirm": "/sign-in/email/",
    "change-undo": "/sign-in/undo/",
}
OWN_PAGES = {
    "account": "/account/",
    "marks": "/account/signature/",
    "log": "/account/activity/",
    "statistics": "/account/activity/?part=statistics",
    "security": "/account/security/",
    "password-change": "/account/security/password/",
    "email-change": "/account/security/email/",
    "fresh-proof": "/account/security/confirm/",
    "send": "/messages/new/",
    "compose": "/messages/new/?kind=message",
    "compose-files": "/messages/new/?kind=file",
    "envelope-new": "/envelopes/new/",
    "received": "/returns/",
    "tracking": "/signatures/",
    "organization": "/organization/",
    "outbox": "/outbox/",
}
LOCKED_PAGES = {
    "account-eco": "/account/",
    "envelope-eco": "/envelopes/new/",
    "compose-eco": "/messages/new/?kind=message",
    "marks-eco": "/account/signature/",
    "tracking-eco": "/signatures/",
}
SUPPORT_PAGES = {
    "support": "/admin/",
    "support-people": PEOPLE_OF_COMPANY,
    "support-licenses": "/admin/licenses/license/",
    "support-history": "/admin/admin/logentry/",
    "support-text-switch": "/admin/core/textswitch/1/change/",
    "support-stopped-countries": "/admin/core/countrystop/",
}
RECORD_PAGES = {
    "support-open": "open/",
    "support-record": "change/",
    "support-unlock": "unlock/",
    "support-password-reset": "password-reset/",
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
MORE_SUPPORT_PAGES = {
    "support-group": "/admin/accounts/",
    "support-organizations": "/admin/accounts/organization/",
    "support-organization": "/admin/accounts/organization/1/change/",
    "support-organization-history": "/admin/accounts/organization/1/history/",
    "support-license-add": "/admin/licenses/license/add/",
    "support-plans": "/admin/licenses/plan/",
    "support-plan": "/admin/licenses/plan/1/change/",
    "support-plan-history": "/admin/licenses/plan/1/history/",
    "support-text-switch-history": "/admin/core/textswitch/1/history/",
}
MORE_RECORD_PAGES = {"support-person-history": "history/", "support-end-sessions": "end-sessions/"}
ERROR_PAGES = {"error-403": "/organization/", "error-404": "/no-such-page/", "error-405": "/sign-out/"}
# URL name -> the picture that its steps come to.
STEPS = {
    "accounts:sign_in_code": "sign-in-code",
    "accounts:sign_in_recovery": "sign-in-recovery",
    "accounts:browser_rename": "browser-rename",
    "portal:account_proof": "account-proof",
    "admin:accounts_securityevent_changelist": "support-security-log",
    "admin:licenses_license_change": "support-license",
    "messages:message_list": "sent",
    "messages:draft_edit": "compose-refused",
    "messages:draft_preview": "preview",
    "messages:draft_delete": "draft-delete",
    "messages:message_sent": "on-its-way",
    "messages:message_detail": "message",
    "messages:message_expiry": "message-expiry",
    "messages:message_delete": "message-delete",
    "messages:recipient_delete": "recipient-delete",
    "messages:link_renew": "link-renew",
    "messages:return_detail": "return-detail",
    "activity:item_detail": "log-item",
    "activity:item_delete": "log-delete",
    "messages:link": "link",
    "messages:link_proof": "proof-code",
    "messages:message_read": "message-read",
    "messages:link_reply": "reply",
    "messages:link_reply_receipt": "reply-receipt",
    "envelopes:envelope_detail": "envelope-detail",
    "envelopes:envelope_fill": "envelope-fill",
    "envelopes:envelope_receipt": "envelope-receipt",
}
# URL name -> why there is no picture of its page.
NOT_DRAWN = {
    "portal:security_txt": "a text file",
    "portal:health_live": "for machines",
    "messages:file_download": "a file",
    "messages:link_file": "a file",
    "messages:link_files": "a file",
    "messages:return_file": "a file",
    "messages:return_files": "a file",
    "messages:link_fragment": "leads to the page of the link",
    "envelopes:link_fragment": "leads to the page of the link",
    "envelopes:link": "the page of every link, drawn for a message",
    "envelopes:link_proof": "the proofs of every link, drawn for a message",
    "envelopes:envelope_delete": "looks like deleting a message, which is drawn",
    "envelopes:envelope_expiry": "looks like a message's, which is drawn",
    "envelopes:envelope_link_renew": "looks like a message's, which is drawn",
    "portal:health_ready": "for machines",
    "portal:outbox_entry": "the outbox with one entry open",
    "admin:login": "leads to the portal's own sign-in",
    "admin:jsi18n": "a script",
    "admin:password_change_done": "Django's page after a change that cannot be made there",
    "admin:core_textswitch_changelist": "leads to its one row",
    "admin:core_countrystop_change": "no country is stopped in the demo",
    "admin:core_countrystop_history": "no country is stopped in the demo",
    "admin:accounts_securityevent_change": "lines of the log have no page of their own",
    "admin:accounts_securityevent_history": "lines of the log have no page of their own",
    "admin:admin_logentry_change": "looks like the list, which is drawn",
    "admin:admin_logentry_history": "looks like the person's history, which is drawn",
    "admin:licenses_license_history": "looks like the person's history, which is drawn",
    "admin:accounts_user_first_link": "everybody of the demo has a password; looks like the other acts",
    "admin:accounts_user_reset_two_factor": "nobody of the demo's customers has 2FA; looks like the other acts",
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
        browser, other = (
            playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=options) for _each in range(2)
        )
        support = Support(other, portal)
        for language, width, scheme in itertools.product(LANGUAGES, WIDTHS, SCHEMES):
            draw(browser, portal, links, folder, language=language, width=width, scheme=scheme)
            support.draw(folder, language=language, width=width, scheme=scheme)
        browser.close()
        other.close()
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
    refuse_browser_name(administrator, portal.address)
    picture(administrator, folder / f"browser-rename-refused-{look}.png")
    keep(administrator, portal.address, send_message(administrator, portal.address).items(), folder, look)
    refuse_message(administrator, portal.address)
    picture(administrator, folder / f"compose-refused-{look}.png")
    keep(small, portal.address, LOCKED_PAGES.items(), folder, look)
    make_envelope(administrator, portal.address)
    picture(administrator, folder / f"envelope-link-{look}.png")
    administrator.locator("main a.btn-primary").click()
    picture(administrator, folder / f"envelope-detail-{look}.png")
    read_return(administrator, portal.address)
    picture(administrator, folder / f"return-detail-{look}.png")
    refuse_form(small, portal.address)
    picture(small, folder / f"account-refused-{look}.png")
    draw_steps(visit, portal, folder, look, language=language)
    for context in browser.contexts:
        context.close()


def draw_steps(visit: Callable[..., Page], portal: DemoPortal, folder: Path, look: str, *, language: str) -> None:
    """Keep a picture of the pages that only steps lead to, and of the errors."""
    stranger, waiting, small = visit(), visit(WITHOUT_NUMBER), visit(SMALL_PLAN)
    for page in (waiting, small):
        speak(page, portal.address, language)
    keep_steps(stranger, half_signed_in(stranger, portal), folder, look)
    keep_steps(waiting, number_waits(waiting, portal), folder, look)
    keep_steps(waiting, browser_renamed(waiting, portal), folder, look)
    if look.endswith("light"):  # Somebody asks for another address five times a day at most.
        keep_steps(waiting, email_asked(waiting, portal), folder, look)
    for name, path in ERROR_PAGES.items():
        small.goto(portal.address + path)
        picture(small, folder / f"{name}-{look}.png")


class Support:
    """Somebody of support, signed in once for all pictures, since each sign-in costs a text, with a record open."""

    def __init__(self, browser: Browser, portal: DemoPortal) -> None:
        self.browser, self.address = browser, portal.address
        page = browser.new_context(locale="en-CA").new_page()
        sign_in_support(page, portal)
        self.portal, self.record = portal, open_record(page, portal, SMALL_PLAN)
        self.page = page

    def draw(self, folder: Path, *, language: str, width: str, scheme: Scheme) -> None:
        """Keep a picture of every support page."""
        speak(self.page, self.address, language)
        size: ViewportSize = {"width": WIDTHS[width], "height": HEIGHT}
        state = self.page.context.storage_state()
        context = self.browser.new_context(color_scheme=scheme, viewport=size, storage_state=state)
        page, look = context.new_page(), f"{language}-{width}-{scheme}"
        keep(page, self.address, SUPPORT_PAGES.items(), folder, look)
        keep(page, self.record, RECORD_PAGES.items(), folder, look)
        keep(page, self.address, MORE_SUPPORT_PAGES.items(), folder, look)
        keep(page, self.record, MORE_RECORD_PAGES.items(), folder, look)
        keep_steps(page, license_of_record(page, self.record), folder, look)
        keep_steps(page, codes_made(page, self.portal), folder, look)
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


def refuse_browser_name(page: Page, address: str) -> None:
    """Give the browser in use a name, then one that is refused."""
    for name, is_kept in (("Laptop at the office", True), ("https://office.example", False)):
        page.goto(f"{address}/account/security/")
        page.locator(".browser", has_text="127.0.0.0/24").get_by_role("link").first.click()
        page.locator("[name=name]").fill(name)
        page.locator("main form button").click()
        page.locator(".browsers" if is_kept else "[role=alert]").first.wait_for()


def send_message(page: Page, address: str) -> dict[str, str]:
    """Send a message and keep another one, and return the pages that show them."""
    write_message(page, address)
    page.locator(".save-bar [value=preview]").click()
    page.wait_for_url("**/preview/")
    preview = urlsplit(page.url).path
    write_message(page, address)
    page.locator(".save-bar .btn-primary").click()
    page.wait_for_url("**/sent/")
    sent = urlsplit(page.url).path
    message = sent.removesuffix("sent/")
    return {
        "preview": preview,
        "preview-page": f"{preview}?part=message",
        "draft-delete": preview.replace("/preview/", "/delete/"),
        "on-its-way": sent,
        "message": message,
        "message-expiry": f"{message}expiry/",
        "message-delete": f"{message}delete/",
        "recipient-delete": f"{message}people/1/delete/",
        "link-renew": f"{message}people/1/link/",
        "log-item": f"{OWN_PAGES['log']}{message.split('/')[2]}/",
        "log-delete": f"{OWN_PAGES['log']}{message.split('/')[2]}/delete/",
        "sent": "/messages/",
        "drafts": "/messages/?box=drafts",
    }


def write_message(page: Page, address: str) -> None:
    """Fill in a composer."""
    page.goto(f"{address}/messages/new/?kind=message")
    page.locator("#to-0-email").fill("interprovincial.procurement.coordination@client.example")
    page.locator("[data-add-row]").click()
    page.locator("#to-1-email").fill("zoe@outside.example")
    page.locator("#subject").fill("Renewal terms 2027 and the signed schedule of services")
    page.locator("#body").fill("Hello,\n\nhere are the terms we discussed for next year.")


def refuse_message(page: Page, address: str) -> None:
    """Send a message that asks one recipient a code by text message, and has no number."""
    write_message(page, address)
    page.locator("#to-1-proof").select_option("sms_code")
    page.locator(".save-bar .btn-primary").click()
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


def keep_steps(page: Page, steps: Iterable[str], folder: Path, look: str) -> None:
    """Keep the picture of each page that steps come to."""
    for name in steps:
        picture(page, folder / f"{name}-{look}.png")


def picture(page: Page, path: Path) -> None:
    """Keep a picture of the whole page, in a window as high as the page, so that what sticks to an edge is in place."""
    width = page.evaluate("window.innerWidth")
    page.set_viewport_size({"width": width, "height": page.evaluate("document.documentElement.scrollHeight")})
    page.screenshot(path=path, full_page=True)
    page.set_viewport_size({"width": width, "height": HEIGHT})


if __name__ == "__main__":
    main()
