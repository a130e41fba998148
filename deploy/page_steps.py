"""Lead a browser to the pages that no address alone shows, and name each as it is reached.

The pictures and the accessibility test walk the same steps, in either language and as often as they like.
"""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from demo_portal import ROOT, DemoPortal
from playwright.sync_api import Page

SUPPORT, WITHOUT_NUMBER = "support@demo.example", "isabelle@lavoie.example"
KEEPS_MARKS = "pro@demo.example"
SUPPORT_NUMBER = "+15145550142"
NEW_NUMBER = "+1 514 555 0188"
PEOPLE_OF_COMPANY = "/admin/accounts/user/?organization__id__exact=1"
TICKET = "INC-4711"
CODE = re.compile(r"\b\d{6}\b")
CODE_WAIT_SECONDS = 30
AGE_PROOF = """import sys
from importlib import import_module
from django.conf import settings
sessions = import_module(settings.SESSION_ENGINE)
store = sessions.SessionStore(sys.stdin.read())
store[sessions.PROVEN_AT] = 0
store.save()"""

END_FIRST_WISH = """from datetime import datetime, timedelta
from accounts.models import PendingChange
for row in PendingChange.objects.filter(number_at__isnull=False, settings_at__isnull=False):
    row.settings_at = {
        name: (datetime.fromisoformat(at) - timedelta(days=1)).isoformat() for name, at in row.settings_at.items()
    }
    row.save()"""


def sign_in(page: Page, portal: DemoPortal, email: str) -> None:
    """Fill the sign-in form."""
    page.goto(f"{portal.address}/sign-in/")
    page.locator("[name=email]").fill(email)
    page.locator("[name=password]").fill(portal.password)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda url: not url.endswith("/sign-in/"))


def sign_in_support(page: Page, portal: DemoPortal) -> None:
    """Sign somebody of support in, with the code that was sent."""
    before = texts_to_support(portal.data_dir)
    sign_in(page, portal, SUPPORT)
    is_sent = not page.locator(".notice.is-warn").count()  # else the code of the sign-in before it still works
    page.locator("[name=code]").fill(newest_code(portal.data_dir, before if is_sent else []))
    page.locator("[name=code]").press("Enter")
    page.wait_for_url("**/account/")


def open_record(page: Page, portal: DemoPortal, email: str) -> str:
    """Open a customer's record with a ticket and return its address up to the customer's number."""
    page.goto(portal.address + PEOPLE_OF_COMPANY)
    link = page.locator("#result_list tr", has_text=email).locator("a")
    record = portal.address + str(link.get_attribute("href")).partition("change/")[0]
    page.goto(f"{record}open/")
    page.locator("[name=ticket]").fill(TICKET)
    page.locator("[name=ticket]").press("Enter")
    page.wait_for_url("**/change/**")
    return record


def newest_code(data_dir: Path, before: list[str]) -> str:
    """Return the code of the newest text to support in the outbox.

    Args:
        before: texts that do not count any more.

    Raises:
        SystemExit: none came.
    """
    for _second in range(CODE_WAIT_SECONDS):
        newer = [text for text in texts_to_support(data_dir) if text not in before]
        if newer:
            return newer[0]
        time.sleep(1)
    sys.exit("No code came.")


def texts_to_support(data_dir: Path) -> list[str]:
    """Return the codes of the texts to support in the outbox, newest first."""
    files = sorted((data_dir / "outbox").glob("*-sms-*.json"), reverse=True)
    texts = [json.loads(file.read_text()) for file in files]
    return [found.group() for text in texts if text["to"] == SUPPORT_NUMBER and (found := CODE.search(text["text"]))]


def half_signed_in(page: Page, portal: DemoPortal) -> Iterator[str]:
    """Give the password of somebody with 2FA, and no code."""
    sign_in(page, portal, SUPPORT)
    yield "sign-in-code"
    page.goto(f"{portal.address}/sign-in/recovery/")
    yield "sign-in-recovery"


def sign_in_refused(page: Page, portal: DemoPortal, email: str) -> Iterator[str]:
    """Give a wrong password, and then a link for a new one that does not work.

    Args:
        email: nobody's; five wrong passwords lock it.
    """
    page.goto(f"{portal.address}/sign-in/")
    page.locator("main [name=email]").fill(email)
    page.locator("main [name=password]").fill("nothing")
    page.locator("main [name=password]").press("Enter")
    page.locator("[role=alert]").first.wait_for()
    yield "sign-in-refused"
    page.goto(f"{portal.address}/sign-in/reset/#nothing")
    page.locator("[name=new_password]").fill("violet harbour ladder seven")
    page.locator("[name=new_password]").press("Enter")
    page.locator("[role=alert]").first.wait_for()
    yield "password-reset-refused"


def password_refused(page: Page, portal: DemoPortal) -> Iterator[str]:
    """Choose a password that is too short."""
    page.goto(f"{portal.address}/account/security/password/")
    for place in page.locator("main input[type=password]").all():
        place.fill("short")
    page.locator("main form button[type=submit]").first.click()
    page.locator("[aria-invalid=true]").wait_for()
    yield "password-change-refused"


def outbox_opened(page: Page, portal: DemoPortal) -> Iterator[str]:
    """Open a mail of the outbox."""
    page.goto(f"{portal.address}/outbox/?channel=email")
    page.locator(".inbox-list a").first.click()
    page.wait_for_url(lambda url: "/outbox/2" in url)
    yield "outbox-entry"


def number_waits(page: Page, portal: DemoPortal) -> Iterator[str]:
    """Type a new number, whose code is never given, and drop it again."""
    page.goto(f"{portal.address}/account/")
    page.locator("[name=cell_number]").fill(NEW_NUMBER)
    page.locator(".save-bar button").click()
    page.wait_for_url("**/account/confirm/")
    yield "account-proof"
    page.goto(f"{portal.address}/account/")
    yield "account-waiting"
    page.locator("button[name=drop]").first.click()
    page.wait_for_load_state()


def browser_renamed(page: Page, portal: DemoPortal) -> Iterator[str]:
    """Come to the page that names a browser."""
    page.goto(f"{portal.address}/account/security/")
    page.locator(".browser a[href*=rename]").first.click()
    page.wait_for_url("**/rename/")
    yield "browser-rename"


def email_asked(page: Page, portal: DemoPortal) -> Iterator[str]:
    """Ask for another address, whose link is never followed."""
    page.goto(f"{portal.address}/account/security/email/")
    page.locator("[name=email]").fill("new-address@demo.example")
    page.locator("main form button").first.click()
    page.wait_for_load_state()
    yield "email-change-sent"


def marks_made(page: Page, portal: DemoPortal) -> Iterator[str]:
    """Look at kept marks, draw on the pad, choose to upload one, have a name refused, and ask to delete the first."""
    marks = f"{portal.address}/account/signature/"
    page.goto(f"{marks}?way=draw")
    page.locator("#strokes").scroll_into_view_if_needed()
    pad = page.locator("#strokes").bounding_box()
    if pad is None:
        sys.exit("There is no pad.")
    page.mouse.move(pad["x"] + pad["width"] / 5, pad["y"] + pad["height"] / 2)
    page.mouse.down()
    page.mouse.move(pad["x"] + pad["width"] / 2, pad["y"] + pad["height"] / 4, steps=5)
    page.mouse.move(pad["x"] + pad["width"] * 4 / 5, pad["y"] + pad["height"] / 2, steps=5)
    page.mouse.up()
    page.evaluate("window.scrollTo(0, 0)")
    yield "marks-draw"
    page.goto(f"{marks}?way=upload&kind=initials")
    yield "marks-upload"
    page.goto(marks)
    page.locator("#text").fill("Camille 日本")
    page.locator("#text").press("Enter")
    page.locator("[role=alert]").first.wait_for()
    yield "marks-refused"
    page.goto(marks)
    page.locator(".mark-card a").first.click()
    page.wait_for_url("**/delete/")
    yield "mark-delete"


def codes_made(page: Page, portal: DemoPortal) -> Iterator[str]:
    """Make new recovery codes, for somebody with 2FA."""
    page.goto(f"{portal.address}/account/security/")
    page.locator("form[action$='recovery-codes/'] button").click()
    page.wait_for_load_state()
    yield "recovery-codes"


def license_of_record(page: Page, record: str) -> Iterator[str]:
    """Come from an opened record to its security log and its license."""
    for name, address in (("support-security-log", "/securityevent/"), ("support-license", "/licenses/license/")):
        page.goto(f"{record}change/")
        page.locator(f".object-tools a[href*='{address}']").click()
        page.wait_for_url(f"**{address}**")
        yield name


def proof_asked_again(page: Page, portal: DemoPortal) -> Iterator[str]:
    """Change the return protection with a proof that is too old, give a new one elsewhere, and drop the change."""
    age_proof(page, portal)
    wish_for_protection(page, portal)
    yield "account-proof-password"
    page.goto(f"{portal.address}/account/security/confirm/")
    page.locator("[name=password]").fill(portal.password)
    page.locator("[name=password]").press("Enter")
    page.wait_for_load_state()
    page.goto(f"{portal.address}/account/confirm/")
    yield "account-proof-ready"
    page.locator("main form button").last.click()
    page.wait_for_load_state()


def proof_list_changed(page: Page, portal: DemoPortal) -> Iterator[str]:
    """Give a proof for a list to which another tab has added something, then come back when its first wish is over."""
    age_proof(page, portal)
    wish_for_protection(page, portal)
    tab = page.context.new_page()
    tab.goto(f"{portal.address}/account/")
    tab.locator("[name=cell_number]").fill(NEW_NUMBER)
    tab.locator(".save-bar button").click()
    tab.wait_for_url("**/account/confirm/")
    tab.close()
    page.locator("main [name=password]").fill(portal.password)
    page.locator("main [name=password]").press("Enter")
    page.locator(".notice.is-warn").first.wait_for()
    hold_status(page, 409)
    yield "account-proof-changed"
    run_command(portal, "shell", "--command", END_FIRST_WISH)
    page.goto(f"{portal.address}/account/confirm/")
    page.locator(".notice.is-warn").first.wait_for()
    yield "account-proof-dropped"
    page.locator("main form button").last.click()
    page.wait_for_load_state()


def wish_for_protection(page: Page, portal: DemoPortal) -> None:
    """Change the return protection where the proof is too old, and come to the page that asks for one."""
    page.goto(f"{portal.address}/account/")
    page.locator("label[for=return_protection_owner]").click()
    page.locator(".save-bar button").click()
    page.wait_for_url("**/account/confirm/")


def age_proof(page: Page, portal: DemoPortal) -> None:
    """Let the proof that began the session grow older than a quarter of an hour."""
    key = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"].endswith("sessionid"))
    run_command(portal, "shell", "--command", AGE_PROOF, told=key)


def link_asked(page: Page, portal: DemoPortal, email: str) -> Iterator[str]:
    """Ask for a link to choose a new password.

    Args:
        email: asked for a few times an hour at most.
    """
    page.goto(f"{portal.address}/sign-in/forgotten/")
    page.locator("[name=email]").fill(email)
    page.locator("main form button").click()
    page.wait_for_load_state()
    yield "password-forgotten-sent"


def form_too_old(page: Page, portal: DemoPortal) -> Iterator[str]:
    """Send a form whose cookie is gone."""
    page.goto(f"{portal.address}/sign-in/")
    page.context.clear_cookies()
    page.locator("[name=email]").fill("nobody@demo.example")
    page.locator("[name=password]").fill("nothing")
    page.locator("[name=password]").press("Enter")
    page.wait_for_load_state()
    hold_status(page, 403)
    yield "error-csrf"


def hold_status(page: Page, status: int) -> None:
    """Go on only where the page that is shown came with a status.

    Raises:
        RuntimeError: it came with another one, so that the step did not reach its fault.
    """
    came = page.evaluate("performance.getEntriesByType('navigation')[0].responseStatus")
    if came != status:
        message = f"{page.url} answered {came} instead of {status}."
        raise RuntimeError(message)


def sample_links(portal: DemoPortal) -> dict[str, str]:
    """Make the sample messages in the portal's data, and return their links by name; none is the one of nobody."""
    links = json.loads(run_command(portal, "demo_messages"))
    return {**links, "": f"{portal.address}/o/bm9ib2R5bm9ib2R5bm8#nothing"}


def run_command(portal: DemoPortal, *command: str, told: str = "") -> str:
    """Run an administrative command on the portal's data and return what it prints.

    Args:
        told: what it reads from its standard input.
    """
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=portal.environment,
        input=told,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout
