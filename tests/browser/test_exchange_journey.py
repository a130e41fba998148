"""A message's way through the portal, in a real Chromium: written, opened outside, answered, followed, ended.

Once the sender sits at a desk and reads English, and those outside hold a phone and read French; once the reverse.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from demo_portal import DemoPortal
from playwright.sync_api import Browser, BrowserContext, Download, Locator, Page, expect

from tests.browser.people import DESK, OWNER, PHONE, Side, code_texts, expect_heading, newest_code, newest_mail, press

pytestmark = pytest.mark.browser

ANNA, ANNA_NUMBER = "anna.roy@outside.example", "+15145550171"
LUC, LUC_NUMBER = "luc.gagne@outside.example", "+15145550172"
WILL = b"%PDF-1.7\n" + bytes(range(256)) * 700
DEED, DEED_NAME = b"Acte de vente\n" * 900, "acte de vente – été.txt"
ANSWER = "I agree to every word."
SUBJECT, BODY = "Draft of your will", "Please read the draft.\n\nWe sign it on Friday."
LIFE_HOURS = 30 * 24
# In the order in which they happen.
STEPS = (
    "Sent",
    "Handed to the mail server",
    "Code sent",
    "Opened",
    "File downloaded",
    "Something came back",
    "Return read",
    "Expiration date changed",
    "New link sent",
)
LINK = re.compile(r"http://\S+/o/\S+#\S+")

Outsider = Callable[..., Page]


@pytest.fixture
def outsider(browser: Browser) -> Iterator[Outsider]:
    """Open fresh browsers of people outside."""
    opened: list[BrowserContext] = []

    def open_browser(**options: object) -> Page:
        opened.append(browser.new_context(timezone_id="America/Toronto", **options))  # type: ignore[arg-type]
        return opened[-1].new_page()

    yield open_browser
    for context in opened:
        context.close()


@pytest.fixture
def will(tmp_path: Path) -> Path:
    """Make a file worth protecting."""
    file = tmp_path / "will – draft.pdf"
    file.write_bytes(WILL)
    return file


def link_in(mail: str) -> str:
    found = LINK.search(mail)
    assert found, mail
    return found.group()


def code_in(mail: str) -> str:
    found = re.search(r"(?:opening code|code d’ouverture)\s?: ([0-9]{6})", mail)
    assert found, mail
    return found[1]


def content_of(download: Download) -> bytes:
    return Path(download.path()).read_bytes()


def download(page: Page, side: Side, name: str) -> bytes:
    link = page.get_by_role("link", name=re.compile(f"^{side.say('Download')} .*{name}"))
    with page.expect_download() as started:
        link.click()
    return content_of(started.value)


def part_of(page: Page, email: str) -> Locator:
    """Return what the page of a message tells about one recipient."""
    return page.locator("section", has=page.get_by_role("heading", name=email))


def follow(page: Page, side: Side, link: str, context: str = "") -> None:
    page.get_by_role("link", name=side.say(link, context), exact=True).click()


def give_code(page: Page, side: Side, code: str, button: str, context: str = "") -> None:
    page.locator("[name=code]").fill(code)
    press(page, side, button, context)


def send(page: Page, side: Side, portal: DemoPortal, will: Path) -> str:
    """Send a message with a file to two people, each with a proof of their own; return its reference."""
    say = side.say
    page.goto(f"{portal.address}/messages/new/?kind=message")
    page.get_by_label(say("Add files")).set_input_files(will)
    expect(page.locator(".uploads")).to_contain_text("will – draft.pdf")
    page.get_by_label(say("Subject"), exact=True).fill(SUBJECT)
    page.get_by_label(say("Text"), exact=True).fill(BODY)
    expect(page.get_by_label(say("Proof asked"), exact=True)).to_be_hidden()
    press(page, side, "Add a recipient")
    for row, email in enumerate((ANNA, LUC)):
        page.locator(f"[name=to-{row}-email]").fill(email)
    page.get_by_label(say("Proof asked"), exact=True).select_option("sms_code")
    expect(page.get_by_label(f"{say('Cell number')} 2")).to_be_hidden()
    page.get_by_label(say("Cell number"), exact=True).fill(ANNA_NUMBER)
    basic, strong = say("Basic"), say("Strong")
    expect(page.locator("[data-strengths] li").nth(0)).to_have_text(re.compile(f"{basic}\\s?: {LUC}"))
    expect(page.locator("[data-strengths] li").nth(1)).to_have_text(re.compile(f"{strong}\\s?: {ANNA}"))
    # Only Anna is asked a code to read it; each is asked one before a reply.
    page.get_by_label(say("Ask for a code by text message before a reply")).check()
    page.get_by_label(f"{say('Cell number')} 2").fill(LUC_NUMBER)
    press(page, side, "Send")
    expect_heading(page, say("Your message is on its way"))
    expect(page.locator("main ol li").nth(0)).to_contain_text(f"{LUC} · {basic}")
    expect(page.locator("main ol li").nth(1)).to_contain_text(f"{ANNA} · {strong}")
    return page.locator("main .facts dd").inner_text().strip()


def open_by_text(page: Page, side: Side, browser: Browser, portal: DemoPortal, reference: str) -> None:
    """Let Anna open her link with a code by text, and fetch the file."""
    page.goto(link_in(newest_mail(browser, portal, ANNA, holding=reference)))
    expect_heading(page, side.say("A secure message for you"))
    press(page, side, "Continue")
    before = code_texts(browser, portal, ANNA_NUMBER)
    press(page, side, "Send me the code")
    give_code(page, side, newest_code(browser, portal, ANNA_NUMBER, before=before), "Open", "button")
    expect_heading(page, SUBJECT)
    expect(page.locator("main")).to_contain_text("We sign it on Friday.")
    assert download(page, side, "will") == WILL


def open_without_scripts(page: Page, side: Side, mail: str) -> None:
    """Let Luc paste his link, type the code of the mail, and fetch the file."""
    page.goto(link_in(mail))
    expect_heading(page, side.say("A secure message for you"))
    page.get_by_label(side.say("Link you were given")).fill(link_in(mail))
    press(page, side, "Continue")
    give_code(page, side, code_in(mail), "Open", "button")
    expect_heading(page, SUBJECT)
    assert download(page, side, "will") == WILL


def reply(page: Page, side: Side, browser: Browser, portal: DemoPortal) -> None:
    """Let Anna prove by another code that it is her, and answer."""
    page.get_by_role("link", name=side.say("Reply", "button")).click()
    expect_heading(page, side.say("Confirm that it is you"))
    before = code_texts(browser, portal, ANNA_NUMBER)
    press(page, side, "Send me the code")
    give_code(page, side, newest_code(browser, portal, ANNA_NUMBER, before=before), "Continue")
    page.get_by_label(side.say("Your reply")).fill(ANSWER)
    page.get_by_label(side.say("Files")).set_input_files({"name": DEED_NAME, "mimeType": "text/plain", "buffer": DEED})
    press(page, side, "Send the reply")
    expect_heading(page, side.say("Your reply has arrived"))


def read_return(page: Page, side: Side, portal: DemoPortal) -> None:
    """Let the sender read what came back, and fetch its file."""
    page.goto(f"{portal.address}/returns/")
    returned = page.locator("tbody tr", has_text=ANNA).first
    expect(returned).to_contain_text(side.say("Unread"))
    returned.get_by_role("button", name=SUBJECT).click()
    expect(page.locator("main")).to_contain_text(ANSWER)
    assert download(page, side, "acte") == DEED


def prolong(page: Page, side: Side) -> None:
    """Change the end, from the page of the message."""
    follow(page, side, "Change the expiration date")
    page.get_by_label(side.say("Expires after")).select_option(str(LIFE_HOURS))
    press(page, side, "Change it")
    expect(page.get_by_text(side.say("The expiration date was changed; the links stay the same."))).to_be_visible()


def renew(page: Page, side: Side) -> None:
    """Send Luc a new link, from the page of the message."""
    part_of(page, LUC).get_by_role("link", name=side.say("Send a new link")).click()
    press(page, side, "Send the new link")
    told = side.say("A new link is on its way to %(email)s; the old one has stopped.") % {"email": LUC}
    expect(page.get_by_text(told)).to_be_visible()


def open_by_new_link(page: Page, side: Side, old_link: str, mail: str) -> None:
    """Let Luc find the old link stopped, and open the new one."""
    page.goto(old_link)
    press(page, side, "Continue")
    expect_heading(page, side.say("A newer link has replaced this one"))
    page.goto(link_in(mail))
    press(page, side, "Continue")
    give_code(page, side, code_in(mail), "Open", "button")
    expect_heading(page, SUBJECT)


def expect_in_log(page: Page, side: Side, portal: DemoPortal, reference: str, steps: tuple[str, ...]) -> None:
    """Look a message up in the log, and hold that each step is told there."""
    page.goto(f"{portal.address}/account/activity/")
    page.locator("tbody tr", has_text=reference).get_by_role("link", name=reference, exact=True).click()
    expect_heading(page, side.say("What happened to %(reference)s") % {"reference": reference})
    for step in steps:
        told = page.locator(".timeline").get_by_text(side.say(step), exact=True)
        expect(told.first, step).to_be_visible()


def export(page: Page, side: Side, portal: DemoPortal) -> list[dict[str, str]]:
    """Export the log, and return its rows."""
    page.goto(f"{portal.address}/account/activity/")
    with page.expect_download() as started:
        press(page, side, "Export (CSV)")
    return list(csv.DictReader(io.StringIO(content_of(started.value).decode("utf-8-sig"))))


@pytest.mark.parametrize(
    ("context", "sender", "outside"),
    [(DESK.options, DESK, PHONE), (PHONE.options, PHONE, DESK)],
    ids=["desk-to-phone", "phone-to-desk"],
    indirect=["context", "sender"],
)
def test_a_message_from_writing_to_deleting(
    page: Page, browser: Browser, outsider: Outsider, portal: DemoPortal, will: Path, sender: Side, outside: Side
) -> None:
    say, reference = sender.say, send(page, sender, portal, will)
    anna, luc = outsider(**outside.options), outsider(**outside.options, java_script_enabled=False)
    open_by_text(anna, outside, browser, portal, reference)
    lucs_mail = newest_mail(browser, portal, LUC, holding=reference)
    open_without_scripts(luc, outside, lucs_mail)
    reply(anna, outside, browser, portal)
    assert SUBJECT not in newest_mail(browser, portal, OWNER, holding="/returns/")
    read_return(page, sender, portal)

    page.goto(f"{portal.address}/messages/{reference}/")
    expect_heading(page, SUBJECT)
    for step in STEPS[1:7]:
        expect(part_of(page, ANNA).locator(".timeline")).to_contain_text(say(step))
    prolong(page, sender)
    renew(page, sender)
    late, stopped = outsider(**outside.options), say("The link you were sent before has stopped.")
    open_by_new_link(late, outside, link_in(lucs_mail), newest_mail(browser, portal, LUC, holding=stopped))
    expect_in_log(page, sender, portal, reference, STEPS)

    page.goto(f"{portal.address}/messages/{reference}/")
    follow(page, sender, "Delete for everybody")
    press(page, sender, "Delete the message")
    expect(
        page.get_by_text(say("The message was deleted. Nobody can open it any more; the log stays."))
    ).to_be_visible()
    follow(anna, outside, "Back to the message")
    expect_heading(anna, outside.say("The sender has deleted this message"))
    late.reload()
    expect_heading(late, outside.say("The sender has deleted this message"))

    (exported,) = [row for row in export(page, sender, portal) if row[say("Reference")] == reference]
    deleted = say("Deleted", "state of an item")
    assert (exported[say("Status")], exported[say("Subject")]) == (deleted, say("not kept"))
    assert {ANNA, LUC} == set(exported[say("Recipient")].split("; "))
    line = page.locator("tbody tr", has_text=reference)
    expect(line).to_contain_text(deleted)
    expect(line).to_contain_text(ANNA)
    expect_in_log(page, sender, portal, reference, (*STEPS, "Deleted by the sender"))
    page.goto(f"{portal.address}/account/activity/?part=statistics")
    expect(page.locator("main")).to_contain_text(say("This month"))
