"""Lead a browser to what goes wrong: requests that are refused, a portal that fails, and content that is damaged.

What fails is really broken, in the data of the portal that the script started, and put right again where it can be.
The pictures and the accessibility test walk the same steps, in either language and as often as they like.
"""

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from urllib.parse import urlsplit

from demo_portal import DemoPortal
from message_steps import REPLY_WITH_FILES
from outside_steps import go_outside
from page_steps import hold_status, run_command
from playwright.sync_api import Page

MANY_FIELDS = """form => {
    for (let number = 0; number < 1001; number += 1) {
        const field = document.createElement("input");
        field.type = "hidden";
        field.name = `more-${number}`;
        form.append(field);
    }
}"""
# Longer than the portal waits for its database.
PATIENCE_MILLISECONDS = 60_000
HALF_A_LETTER = "20000101T000000000000Z-email-00000000"
# Every view names the limits that it meets; what is drawn for one that none names is seen only where a view forgets.
LIMIT_OF_NO_VIEW = """import json, sys
from datetime import timedelta
from django.test import Client
from django.utils import timezone
from core.errors import TooManyRequests
from portal.views import public
def refuse(request, template):
    raise TooManyRequests(timezone.now() + timedelta(minutes=1))
public.render = refuse
host, language = json.loads(sys.stdin.read())
answer = Client().get("/help/", headers={"host": host, "accept-language": language})
print(json.dumps({"status": answer.status_code, "headers": dict(answer.headers), "body": answer.text}))"""
DAMAGE_FILE = """import sys
from core.blobs import blobs
from messaging.items.models import Blob
name = Blob.objects.get(file_id=sys.stdin.read()).name
path = blobs().folder / name[:2] / name[2:4] / name
path.write_bytes(bytes(path.stat().st_size))"""


def errors_met(page: Page, portal: DemoPortal) -> Iterator[str]:
    """Come to the pages for what went wrong, as somebody who is not signed in."""
    send_too_much(page, portal)
    hold_status(page, 400)
    yield "error-400"
    meet_a_limit(page, portal)
    hold_status(page, 429)
    yield "error-429"
    with half_a_letter(portal):
        page.goto(f"{portal.address}/outbox/{HALF_A_LETTER}/")
        hold_status(page, 500)
        yield "error-500"
    with busy_database(portal):
        fill_sign_in(page, portal)
        with page.expect_navigation(timeout=PATIENCE_MILLISECONDS):
            page.locator("main [name=password]").press("Enter", no_wait_after=True)
        hold_status(page, 503)
        yield "error-503"


def send_too_much(page: Page, portal: DemoPortal) -> None:
    """Send a form with more fields than any form has."""
    fill_sign_in(page, portal)
    page.locator("main form").evaluate(MANY_FIELDS)
    page.locator("main [name=password]").press("Enter")
    page.wait_for_load_state()


def fill_sign_in(page: Page, portal: DemoPortal) -> None:
    """Type into the sign-in form what belongs to nobody."""
    page.goto(f"{portal.address}/sign-in/")
    page.locator("main [name=email]").fill("nobody@demo.example")
    page.locator("main [name=password]").fill("nothing")


def meet_a_limit(page: Page, portal: DemoPortal) -> None:
    """Show what the portal answers where a view names no limit: its own answer, at its own address."""
    address = f"{portal.address}/help/"
    told = json.dumps([urlsplit(address).netloc, page.evaluate("navigator.language")])
    answer = json.loads(run_command(portal, "shell", "--no-imports", "--command", LIMIT_OF_NO_VIEW, told=told))
    page.route(address, lambda route: route.fulfill(**answer))
    page.goto(address)
    page.unroute(address)


@contextlib.contextmanager
def half_a_letter(portal: DemoPortal) -> Iterator[None]:
    """Let the outbox hold a mail of which only the first character was written."""
    folder = portal.data_dir / "outbox"
    folder.mkdir(exist_ok=True)
    letter = folder / f"{HALF_A_LETTER}.json"
    letter.write_text("{")
    try:
        yield
    finally:
        letter.unlink()


@contextlib.contextmanager
def busy_database(portal: DemoPortal) -> Iterator[None]:
    """Let somebody else write into the portal's database without an end."""
    with contextlib.closing(sqlite3.connect(portal.data_dir / "portal.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def return_damaged(page: Page, portal: DemoPortal) -> Iterator[str]:
    """Fetch a file of a reply after its blob was overwritten."""
    page.goto(f"{portal.address}/returns/")
    page.locator("tbody tr", has=page.locator(REPLY_WITH_FILES)).first.locator("button, a").first.click()
    page.wait_for_url("**/returns/*/")
    fetch_damaged(page, portal)
    yield "return-damaged"


def message_damaged(page: Page, portal: DemoPortal, link: str) -> Iterator[str]:
    """Fetch a file of a message as its recipient after its blob was overwritten."""
    go_outside(page, link, ("continue", "answer"))
    fetch_damaged(page, portal)
    yield "message-damaged"


def fetch_damaged(page: Page, portal: DemoPortal) -> None:
    """Overwrite the first file of the page that is shown, and fetch it."""
    path = page.locator(".file-list a").first.get_attribute("href") or ""
    run_command(portal, "shell", "--no-imports", "--command", DAMAGE_FILE, told=path.strip("/").rpartition("/")[2])
    page.goto(portal.address + path)
    hold_status(page, 500)
