"""A message's way through the portal, in a real Chromium: written, opened outside, answered, followed, ended."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from demo_portal import DemoPortal
from playwright.sync_api import Browser, BrowserContext, Download, Locator, Page, ViewportSize, expect

from tests.browser.people import expect_heading, newest_code, newest_mail, sign_in

pytestmark = pytest.mark.browser

# Not the one whose 2FA the journey of the account page turns on.
PRO = "admin@demo.example"
ANNA, ANNA_NUMBER = "anna.roy@outside.example", "+15145550171"
LUC, LUC_NUMBER = "luc.gagne@outside.example", "+15145550172"
WILL = b"%PDF-1.7\n" + bytes(range(256)) * 700
DEED, DEED_NAME = b"Acte de vente\n" * 900, "acte de vente – été.txt"
ANSWER = "I agree to every word."
SUBJECT, BODY = "Draft of your will", "Please read the draft.\n\nWe sign it on Friday."
PHONE: ViewportSize = {"width": 390, "height": 844}
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
    found = re.search("(?:opening code|code d’ouverture) ?: ([0-9]{6})", mail)
    assert found, mail
    return found[1]


def content_of(download: Download) -> bytes:
    return Path(download.path()).read_bytes()


def download(page: Page, name: str | re.Pattern[str]) -> bytes:
    with page.expect_download() as started:
        page.get_by_role("link", name=name).click()
    return content_of(started.value)


def compose(page: Page, portal: DemoPortal, will: Path) -> None:
    """Write subject and text and attach the file."""
    page.goto(f"{portal.address}/messages/new/?kind=message")
    page.get_by_label("Add files").set_input_files(will)
    expect(page.locator(".uploads")).to_contain_text("will – draft.pdf")
    page.get_by_label("Subject", exact=True).fill(SUBJECT)
    page.get_by_label("Text", exact=True).fill(BODY)


def part_of(page: Page, email: str) -> Locator:
    """Return what the page of a message tells about one recipient."""
    return page.locator("section", has=page.get_by_role("heading", name=email))


def give_code(page: Page, code: str, button: str) -> None:
    page.locator("[name=code]").fill(code)
    page.get_by_role("button", name=button, exact=True).click()


def test_a_message_from_writing_to_deleting(
    page: Page, browser: Browser, outsider: Outsider, portal: DemoPortal, will: Path
) -> None:
    sign_in(page, portal, PRO)
    expect_heading(page, "My account")
    compose(page, portal, will)
    expect(page.get_by_label("Proof asked", exact=True)).to_be_hidden()
    page.get_by_role("button", name="Add a recipient").click()
    for row, email in enumerate((ANNA, LUC)):
        page.locator(f"[name=to-{row}-email]").fill(email)
    page.get_by_label("Proof asked", exact=True).select_option(label="Code by text message · Strong")
    expect(page.get_by_label("Cell number 2")).to_be_hidden()
    page.get_by_label("Cell number", exact=True).fill(ANNA_NUMBER)
    expect(page.locator("[data-strengths] li")).to_have_text([f"Basic: {LUC}", f"Strong: {ANNA}"])
    # Only Anna is asked a code to read it; each is asked one before a reply.
    page.get_by_label("Ask for a code by text message before a reply").check()
    page.get_by_label("Cell number 2").fill(LUC_NUMBER)
    page.get_by_role("button", name="Send", exact=True).click()
    expect_heading(page, "Your message is on its way")
    expect(page.locator("main ol li").nth(0)).to_contain_text(f"{LUC} · Basic")
    expect(page.locator("main ol li").nth(1)).to_contain_text(f"{ANNA} · Strong")
    reference = page.locator("main .facts dd").inner_text().strip()

    anna = outsider(locale="en-CA", viewport={"width": 1280, "height": 900})
    annas_link = link_in(newest_mail(browser, portal, ANNA))
    anna.goto(annas_link)
    expect_heading(anna, "A secure message for you")
    anna.get_by_role("button", name="Continue").click()
    anna.get_by_role("button", name="Send me the code").click()
    annas_code = newest_code(browser, portal, ANNA_NUMBER)
    give_code(anna, annas_code, "Open")
    expect_heading(anna, SUBJECT)
    expect(anna.locator("main")).to_contain_text("We sign it on Friday.")
    assert download(anna, re.compile("^Download .*will")) == WILL

    lucs_mail = newest_mail(browser, portal, LUC)
    lucs_link, lucs_code = link_in(lucs_mail), code_in(lucs_mail)
    luc = outsider(locale="fr-CA", viewport=PHONE, has_touch=True, is_mobile=True, java_script_enabled=False)
    luc.goto(lucs_link)
    expect_heading(luc, "Un message sécurisé pour vous")
    luc.get_by_label("Lien qu’on vous a remis").fill(lucs_link)
    luc.get_by_role("button", name="Continuer").tap()
    give_code(luc, lucs_code, "Ouvrir")
    expect_heading(luc, SUBJECT)
    assert download(luc, re.compile("^Télécharger .*will")) == WILL

    anna.get_by_role("link", name="Reply").click()
    expect_heading(anna, "Confirm that it is you")
    anna.get_by_role("button", name="Send me the code").click()
    give_code(anna, newest_code(browser, portal, ANNA_NUMBER, other_than=annas_code), "Continue")
    anna.get_by_label("Your reply").fill(ANSWER)
    anna.get_by_label("Files").set_input_files({"name": DEED_NAME, "mimeType": "text/plain", "buffer": DEED})
    anna.get_by_role("button", name="Send the reply").click()
    expect_heading(anna, "Your reply has arrived")

    assert SUBJECT not in newest_mail(browser, portal, PRO, holding="/returns/")
    page.get_by_role("link", name="Received").first.click()
    returned = page.locator("tbody tr", has_text=ANNA)
    expect(returned).to_contain_text("Unread")
    returned.get_by_role("button", name=SUBJECT).click()
    expect(page.locator("main")).to_contain_text(ANSWER)
    assert download(page, re.compile("^Download acte")) == DEED

    page.goto(f"{portal.address}/messages/{reference}/")
    expect_heading(page, SUBJECT)
    for step in ("Handed to the mail server", "Code sent", "Opened", "File downloaded", "Something came back"):
        expect(part_of(page, ANNA).locator(".timeline")).to_contain_text(step)

    page.get_by_role("link", name="Change the expiration date").click()
    page.get_by_label("Expires after").select_option(label="30 days")
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_text("The expiration date was changed; the links stay the same.")).to_be_visible()
    part_of(page, LUC).get_by_role("link", name="Send a new link").click()
    page.get_by_role("button", name="Send the new link").click()
    expect(page.get_by_text(f"A new link is on its way to {LUC}; the old one has stopped.")).to_be_visible()
    late = outsider(locale="en-CA")
    late.goto(lucs_link)
    late.get_by_role("button", name="Continue").click()
    expect_heading(late, "A newer link has replaced this one")
    newer_mail = newest_mail(browser, portal, LUC, holding="The link you were sent before has stopped.")
    late.goto(link_in(newer_mail))
    late.get_by_role("button", name="Continue").click()
    give_code(late, code_in(newer_mail), "Open")
    expect_heading(late, SUBJECT)

    page.get_by_role("link", name="Delete for everybody").click()
    page.get_by_role("button", name="Delete the message").click()
    expect(page.get_by_text("The message was deleted.")).to_be_visible()
    anna.get_by_role("link", name="Back to the message").click()
    expect_heading(anna, "The sender has deleted this message")
    late.reload()
    expect_heading(late, "The sender has deleted this message")

    page.goto(f"{portal.address}/account/activity/")
    line = page.locator("tbody tr", has_text=reference)
    expect(line).to_contain_text("Deleted")
    expect(line).to_contain_text(ANNA)
    with page.expect_download() as started:
        page.get_by_role("button", name="Export (CSV)").click()
    rows = list(csv.DictReader(io.StringIO(content_of(started.value).decode("utf-8-sig"))))
    (exported,) = [row for row in rows if row["Reference"] == reference]
    assert (exported["Status"], exported["Subject"]) == ("Deleted", "not kept")
    assert {ANNA, LUC} == set(exported["Recipient"].split("; "))
    line.get_by_role("link", name=reference).click()
    expect_heading(page, f"What happened to {reference}")
    for step in ("Code sent", "Opened", "File downloaded", "Deleted"):
        expect(page.locator(".timeline")).to_contain_text(step)
    page.goto(f"{portal.address}/account/activity/?part=statistics")
    expect(page.locator("main")).to_contain_text("This month")
