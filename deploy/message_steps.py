"""Lead a browser through the life of messages and envelopes: to write, to send, to be answered, to be followed.

The pictures and the accessibility test walk the same steps.
"""

import contextlib
import json
from collections.abc import Iterator
from urllib.parse import urlsplit

from demo_portal import DemoPortal
from page_steps import hold_status, run_command
from playwright.sync_api import Page

LOG = "/account/activity/"
ENVELOPE_TITLE = "Papers to open your file"
SUBJECT = "Renewal terms 2027 and the signed schedule of services"
# Rows of a list by what they show, in either language.
FILLED = ".pill.is-good:text-matches('^(Closed|Fermée)$')"
REPLY_WITH_FILES = "td:nth-child(4) .sub"
DELIVERY = "td:nth-child(5):text-matches('^(Delivery|Dépôt)$')"

TAKE_LICENSE = """import sys
from licenses.models import License
from licenses.services.assigning import release_license
print(release_license(license=License.objects.get(holder__email=sys.stdin.read())).pk)"""
GIVE_LICENSE = """import json, sys
from accounts.models import User
from licenses.models import License
from licenses.services.assigning import assign_license
license, email = json.loads(sys.stdin.read())
assign_license(license=License.objects.get(pk=license), holder=User.objects.get(email=email))"""


def envelope_made(page: Page, address: str) -> Iterator[str]:
    """Make an envelope whose link is copied, and come to the pages of its owner."""
    page.goto(f"{address}/envelopes/new/")
    page.locator("[name=title]").fill(ENVELOPE_TITLE)
    page.locator("[name=instructions]").fill("Passport, the page with the photo.\nProof of address.")
    page.locator("label[for=way_1]").click()
    page.locator(".save-bar button").click()
    page.wait_for_load_state()
    yield "envelope-link"
    page.locator("main a.btn-primary").click()
    page.wait_for_load_state()
    yield "envelope-detail"
    envelope = page.url
    for name, step in (("delete", "delete"), ("expiry", "expiry"), ("link-renew", "new-link")):
        page.goto(f"{envelope}{step}/")
        yield f"envelope-{name}"
    page.goto(f"{address}/messages/")
    page.locator("tbody tr", has=page.locator("a", has_text=ENVELOPE_TITLE)).filter(has=page.locator(FILLED)).locator(
        "a"
    ).first.click()
    page.wait_for_load_state()
    yield "envelope-filled"


def returns_read(page: Page, address: str) -> Iterator[str]:
    """Open a reply with files and a delivery of those that came back."""
    for name, kind in (("return-detail", REPLY_WITH_FILES), ("return-delivery", DELIVERY)):
        page.goto(f"{address}/returns/")
        page.locator("tbody tr", has=page.locator(kind)).first.locator("button, a").first.click()
        page.wait_for_load_state()
        yield name


def return_unread(page: Page, address: str) -> Iterator[str]:
    """Come to something that came back before it is read, and leave it so."""
    page.goto(f"{address}/returns/")
    reading = page.locator("tbody form[action$='/read/']").first.get_attribute("action") or ""
    page.goto(address + reading.removesuffix("read/"))
    yield "return-unread"


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
    form = page.locator("main form[action$='/send/']").get_attribute("action") or ""
    page.locator(".save-bar .btn-primary").click()
    page.wait_for_url("**/sent/")
    sent = urlsplit(page.url).path
    message = sent.removesuffix("sent/")
    return {
        "preview": preview,
        "preview-page": f"{preview}?part=message",
        "draft-delete": preview.replace("/preview/", "/delete/"),
        "already-sent": form.removesuffix("send/"),
        "on-its-way": sent,
        "message": message,
        "message-expiry": f"{message}expiry/",
        "message-delete": f"{message}delete/",
        "recipient-delete": f"{message}people/1/delete/",
        "link-renew": f"{message}people/1/link/",
        "log-item": f"{LOG}{message.split('/')[2]}/",
        "log-delete": f"{LOG}{message.split('/')[2]}/delete/",
        "sent": "/messages/",
        "drafts": "/messages/?box=drafts",
    }


def write_message(page: Page, address: str) -> None:
    """Fill in a composer."""
    page.goto(f"{address}/messages/new/?kind=message")
    page.locator("#to-0-email").fill("interprovincial.procurement.coordination@client.example")
    page.locator("[data-add-row]").click()
    page.locator("#to-1-email").fill("zoe@outside.example")
    page.locator("#subject").fill(SUBJECT)
    page.locator("#body").fill("Hello,\n\nhere are the terms we discussed for next year.")


def copy_read(page: Page, address: str) -> Iterator[str]:
    """Read the kept copy of the message that was sent last."""
    page.goto(f"{address}/messages/")
    page.locator("tbody tr", has=page.locator("a", has_text=SUBJECT)).locator("a").first.click()
    page.locator("main form[action$='/copy/'] button").click()
    page.locator("main .message-text").wait_for()
    yield "message-copy"


def refuse_message(page: Page, address: str) -> None:
    """Send a message that asks one recipient a code by text message, and has no number."""
    write_message(page, address)
    page.locator("#to-1-proof").select_option("sms_code")
    page.locator(".save-bar .btn-primary").click()
    page.locator("[role=alert]").first.wait_for()


def license_lost(page: Page, portal: DemoPortal, email: str) -> Iterator[str]:
    """Write a message, lose the license meanwhile, send, and come back to the draft.

    Args:
        email: of whoever is signed in; the license is theirs again afterwards.
    """
    write_message(page, portal.address)
    with without_license(portal, email):
        page.locator(".save-bar .btn-primary").click()
        page.locator("main .notice.is-danger").wait_for()
        hold_status(page, 403)
        yield "compose-license-lost"
        draft = page.locator("main form[data-composer]").get_attribute("action") or ""
        page.goto(portal.address + draft.removesuffix("send/"))
        page.locator("main .notice.is-warn").first.wait_for()
        yield "compose-without-license"


@contextlib.contextmanager
def without_license(portal: DemoPortal, email: str) -> Iterator[None]:
    """Let somebody hold no license for a while."""
    taken = run_command(portal, "shell", "--no-imports", "--command", TAKE_LICENSE, told=email)
    try:
        yield
    finally:
        told = json.dumps([int(taken), email])
        run_command(portal, "shell", "--no-imports", "--command", GIVE_LICENSE, told=told)
